"""This file ensures that templates are laid out from the fields: all printed, once, for Office, in the same bytes."""

import io
import re
import zipfile
from datetime import date

import docx
import pytest
from msgspec.structs import replace
from office import complaints
from word_files import with_part

from toolkit import demo, derive, intake, shelf
from toolkit.batch.layouts import layouts
from toolkit.errors import ShelfError
from toolkit.model import Case, Document, Field, Wanted
from toolkit.word import build
from toolkit.word.compile import compile_template
from toolkit.word.read import paragraphs

SHELF = shelf.load()
ADULT = SHELF.printable(("adult",))
PLAN = ADULT.documents["treatment_plan"]
BRAND = SHELF.packs["adult"].brand
BUILT = build.build(PLAN, ADULT, BRAND)
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def part(data, name):
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        return packed.read(name).decode()


def parts(data):
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        return {name: packed.read(name) for name in packed.namelist()}


def no_file(name):
    raise AssertionError(name)


def printed(data, record_id, definitions=ADULT, **answers):
    """Return the paragraphs of the plan of one sample, rendered by the template ``data``; ``answers`` lie over it."""
    return paragraphs(rendered(data, record_id, definitions, **answers))


def cells(table):
    return [paragraph for row in table.rows for cell in row.cells for paragraph in cell.paragraphs]


def rendered(data, record_id, definitions=ADULT, **answers):
    """Return the plan of one sample, rendered by the template ``data``; ``answers`` lie over it."""
    tables = demo.samples(SHELF)
    tables["records"] = [record for record in tables["records"] if record["client"]["id"] == record_id]
    for path, value in answers.items():
        section, name = path.split("__")
        tables["records"][0].setdefault(section, {})[name] = value
    [record] = intake.records(tables, SHELF.all())
    record = derive.complete(record, record.get("plan.date"), definitions)
    wanted = Wanted(PLAN, record.get("plan.date"))
    case = Case(record, wanted, definitions, (), derive.signers(record, definitions, PLAN))
    template = compile_template(data, "treatment_plan.docx", no_file)
    return template.render(derive.context(case))


def laid_out(*blocks, brand=None, definitions=ADULT):
    return build.build(
        Document("treatment_plan", "Treatment plan", "plan.date", "x.docx", blocks), definitions, brand or {}
    )


# --- everything, once ----------------------------------------------------------------------------------------------


def test_every_printed_field_of_the_plan_stands_somewhere():
    wanted = {
        item.path
        for section in ADULT.sections.values()
        if "treatment_plan" in section.documents and section.name != "signers"  # sign() prints these
        for item in section.fields
        if item.printed
    }
    assert wanted - compile_template(BUILT, "treatment_plan.docx", no_file).fields(ADULT.sections) == set()


def test_every_answer_stands_once():
    loops = {section.singular: section.name for section in ADULT.sections.values() if section.singular}
    found = re.findall(
        r"\{\{ (?:\w+\.)*?(\w+)\.(\w+)[^}]*\}\}|for item in (\w+)\.(\w+)", part(BUILT, "word/document.xml")
    )
    paths = [f"{loops.get(one or two, one or two)}.{name or other}" for one, name, two, other in found]
    twice = {path for path in paths if paths.count(path) > 1} & set(ADULT.fields)
    # an intervention is named again, by number and method, under the other goals that it serves
    assert twice == {"interventions.technique", "interventions.intervention"}


@pytest.mark.parametrize("layout", list(layouts(SHELF)), ids=lambda layout: f"{layout.pack}/{layout.file}")
def test_a_committed_template_is_what_its_source_gives(layout):
    assert parts(SHELF.packs[layout.pack].file(layout.file).read_bytes()) == parts(layout.data)


def test_a_column_that_a_pack_adds_is_printed_without_a_new_layout():
    section = ADULT.sections["interventions"]
    added = Field("interventions", "setting", "Where it takes place", "text", "Interventions", 99)
    wider = replace(
        ADULT, sections={**ADULT.sections, "interventions": replace(section, fields=(*section.fields, added))}
    )
    words = re.sub("<[^>]*>", "", part(build.build(PLAN, wider, BRAND), "word/document.xml"))
    assert "Where it takes place: {{ intervention.setting }}" in words


def test_blanks_take_their_labels_with_them():
    block = {"block": "pairs", "heading": "Risk", "fields": ["risk.level", "risk.tool", "risk.safety_plan"]}
    lines = printed(laid_out(block), "0047")  # has a level only
    assert [line for line in lines if "Risk" in line or "plan" in line.lower()][:2] == ["Risk", "Risk level"]
    assert "Safety plan" not in lines


@pytest.mark.parametrize(("typed", "bullets"), [(["one"], 0), (["• one", "• two"], 2)])
def test_only_several_lines_are_a_list(typed, bullets):
    block = {"block": "pairs", "fields": ["assessment.strengths"]}
    data = rendered(laid_out(block), "0041", assessment__strengths=typed)
    lines = [(one.style.name, one.text) for table in docx.Document(io.BytesIO(data)).tables for one in cells(table)]
    assert [style for style, _ in lines].count("List Bullet") == bullets
    assert [text for _, text in lines][1:] == [line.removeprefix("• ") for line in typed]


def test_a_block_without_answers_leaves_no_heading():
    block = {"block": "pairs", "heading": "Why more than outpatient", "fields": ["level_of_care.*"]}
    assert "Why more than outpatient" not in printed(laid_out(block), "0041")
    assert "Why more than outpatient" in printed(laid_out(block), "0044")


def test_a_pattern_leaves_out_what_stands_in_brackets_when_blank():
    block = {"block": "pairs", "fields": [{"pattern": "{risk.level}[, asked with {risk.tool}]", "label": "Risk"}]}
    assert "None" in printed(laid_out(block), "0047")
    assert "None, asked with C-SSRS Screener" in printed(laid_out(block), "0042")


def test_a_pattern_that_is_all_in_brackets_says_what_there_is_and_nothing_where_there_is_nothing():
    def authorization(**answers):
        found = printed(BUILT, "0044", **answers)
        return found[found.index("Authorization") + 1] if "Authorization" in found else None

    number, end = "coverage__authorization_number", "coverage__authorization_end"
    assert authorization(**{number: "A1", end: "10/31/2026"}) == "A1 to 10/31/2026"
    assert authorization(**{number: "A1", end: ""}) == "A1"
    assert authorization(**{number: "", end: "10/31/2026"}).strip() == "to 10/31/2026"
    assert authorization(**{number: "", end: ""}) is None


def test_a_no_and_a_zero_are_answers():
    lines = printed(BUILT, "0042")
    assert "English, interpreter: No" in lines
    assert "0 → 5" in lines


def test_a_list_is_numbered_so_that_goals_can_point_to_it():
    lines = printed(BUILT, "0042")
    assert "S3\tChecks pulse 10 or more times a day" in lines
    assert any("Addresses S1" in line for line in lines)


def test_an_intervention_for_several_goals_stands_whole_at_the_first_and_is_named_at_the_others():
    lines = printed(BUILT, "0042")
    assert sum("Clinician leads spinning" in line for line in lines) == 1
    assert "1  Interoceptive exposure" in lines
    assert "as described under goal 1" in lines


def test_the_person_s_words_and_signs_are_printed_as_typed():
    lines = printed(BUILT, "0041")
    assert "José Núñez-O’Brien" in lines
    assert any("sleeps < 5 hours" in line for line in lines)
    assert any("Rowan & Sons" in line for line in lines)


def test_the_part_2_notice_is_printed_where_it_belongs():
    notice = "42 CFR part 2 prohibits unauthorized use or disclosure of these records."
    assert notice in printed(BUILT, "0043")
    assert notice not in printed(BUILT, "0041")


# --- for Office ------------------------------------------------------------------------------------------------------


def test_the_same_input_gives_the_same_bytes():
    assert build.build(PLAN, ADULT, BRAND) == BUILT


def test_the_template_is_valid_for_word(tmp_path):
    (tmp_path / "plan.docx").write_bytes(BUILT)
    assert complaints(tmp_path / "plan.docx") == []


def test_the_page_is_us_letter_in_arial_and_american_english():
    document = docx.Document(io.BytesIO(BUILT))
    section = document.sections[0]
    assert (section.page_width.inches, section.page_height.inches) == (8.5, 11)
    styles = part(BUILT, "word/styles.xml")
    assert 'w:ascii="Arial"' in styles and '<w:lang w:val="en-US"' in styles
    assert set(re.findall(r'w:ascii="([^"]*)"', styles)) == {"Arial"}


def test_headings_are_headings_and_stay_with_what_follows():
    styles = docx.Document(io.BytesIO(BUILT)).styles
    for name in ("Heading 1", "Heading 2", "Heading 3"):
        assert styles[name].paragraph_format.keep_with_next
        assert styles[name].element.find(f"{W}pPr/{W}outlineLvl") is not None


def test_table_heads_repeat_and_short_rows_stay_whole():
    xml = part(BUILT, "word/document.xml")
    assert xml.count("<w:tblHeader/>") == 4  # objectives, interventions, team, meetings
    assert xml.count("<w:cantSplit/>") >= 8


def test_every_page_says_whose_it_is_and_how_many_there_are():
    names = [name for name in parts(BUILT) if "footer" in name and "rels" not in name]
    assert len(names) == 2  # first page, later pages
    for name in names:
        words = re.sub("<[^>]*>", "", part(BUILT, name))
        for wanted in ("{{ client.id }}", "{{ document.title }}", "{{ document.date }}", "{{ document.form }}"):
            assert wanted in words
        assert " PAGE " in words and " NUMPAGES " in words


def test_the_file_says_its_title_and_nobody_s_name():
    properties = docx.Document(io.BytesIO(BUILT)).core_properties
    assert (properties.title, properties.language) == ("Treatment plan", "en-US")
    assert (properties.author, properties.last_modified_by, properties.comments) == ("", "", "")
    assert properties.created.date() == properties.modified.date() == date(2026, 1, 1)


def test_nothing_makes_word_ask():
    names = " ".join(parts(BUILT))
    assert not re.search("vba|comments|customXml|thumbnail|embeddings", names)
    assert not re.search("w:ins |w:del |w:fldSimple|updateFields", part(BUILT, "word/document.xml"))


def made_of(*blocks, **answers):
    """Return a document of ``blocks`` for the answers of its sections."""
    values = {"client": {"id": "1"}, "clinic": {"name": "C"}, "signers": [], "draft": False,
              "document": {"title": "T", "date": "", "form": ""}, **answers}  # fmt: skip
    return compile_template(laid_out(*blocks), "x.docx", no_file).render(values)


def page(*blocks, **answers):
    return part(made_of(*blocks, **answers), "word/document.xml")


def test_a_row_of_very_long_text_may_break_and_a_short_one_may_not():
    def rows(text):
        meeting = dict.fromkeys(("date", "attendees", "decisions")) | {"discussion": text}
        return page(table, meetings=[meeting]).count("<w:cantSplit/>")

    columns = [{"title": "Discussed", "width": 1, "text": ["meetings.discussion"]}]
    table = {"block": "rows", "section": "meetings", "columns": columns}
    assert (rows("Short."), rows("Long. " * 500)) == (2, 1)


def rows_of(xml, table):
    return re.findall("<w:tr>.*?</w:tr>", re.findall("<w:tbl>.*?</w:tbl>", xml)[table])


ROW_OF_WORD = '<w:tr w:rsidR="00A77B3E" w:rsidTr="00A77B3E">'
RISK = {"block": "pairs", "fields": ["risk.tool", "risk.safety_plan", "risk.level"]}


def test_a_short_last_row_takes_the_row_before_along():
    first, second, third = rows_of(page(RISK, risk={"tool": "C-SSRS", "safety_plan": "Yes.", "level": "Low"}), 0)
    assert ["keepNext" in row for row in (first, second, third)] == [False, True, False]
    assert second.count("<w:keepNext/>") == 2  # the label and the answer


def test_a_row_that_is_left_out_is_not_counted_among_the_last():
    first, second = rows_of(page(RISK, risk={"tool": "C-SSRS", "safety_plan": None, "level": "Low"}), 0)
    assert "keepNext" in first and "keepNext" not in second


def test_rows_that_word_has_numbered_are_kept_together_all_the_same():
    plain = laid_out(RISK, *CLOSING)
    edited = with_part(plain, "word/document.xml", part(plain, "word/document.xml").replace("<w:tr>", ROW_OF_WORD))
    answers = {"risk": {"tool": "C-SSRS", "safety_plan": "Yes.", "level": "Low"},
               "review": {"continued_need": "Yes. " * 300, "client_view": "Short.", "next_date": "05/28/2026"},
               "client": {"id": "1"}, "clinic": {"name": "C"}, "signers": [],
               "document": {"title": "T", "date": "", "form": ""}}  # fmt: skip
    made = [
        part(compile_template(data, "x.docx", no_file).render(answers), "word/document.xml") for data in (plain, edited)
    ]
    assert made[1].count(ROW_OF_WORD) == 7 and made[1].replace(ROW_OF_WORD, "<w:tr>") == made[0]


def test_a_long_last_row_stands_alone_and_a_long_row_before_it_stays():
    long, longer = "Long. " * 70, "Long. " * 120
    assert "keepNext" not in page(RISK, risk={"tool": "C-SSRS", "safety_plan": "Yes.", "level": long})
    assert "keepNext" not in page(RISK, risk={"tool": "C-SSRS", "safety_plan": longer, "level": "Low"})


def test_a_row_is_short_by_its_lines_not_by_its_characters():
    columns = [{"title": "Discussed", "width": 80, "text": ["meetings.discussion"]},
               {"title": "Decided", "width": 20, "text": ["meetings.decisions"]}]  # fmt: skip
    table = {"block": "rows", "section": "meetings", "columns": columns}
    words = "Such a sentence fills one line and a bit of the broad column, and six lines or so of the narrow one. "
    for narrow, kept in ((words, False), ("Yes", True)):
        meeting = {"discussion": words, "decisions": narrow, "date": None, "attendees": None}
        head, first, last = rows_of(page(table, meetings=[meeting, meeting]), 0)
        assert "tblHeader" in head and ("keepNext" in first, "keepNext" in last) == (kept, False)


CLOSING = ({"block": "pairs", "fields": ["review.continued_need", "review.client_view", "review.next_date"]},
           {"block": "signatures"})  # fmt: skip


@pytest.mark.parametrize(("view", "along"), [("Short.", 2), ("Long. " * 120, 1)])
def test_the_last_rows_before_the_signatures_stand_with_them_and_no_more(view, along):
    xml = page(*CLOSING, review={"continued_need": "Yes.", "client_view": view, "next_date": "05/28/2026"})
    assert [len(rows_of(xml, table)) for table in (0, 1)] == [3 - along, along]
    assert not any("keepNext" in row for row in rows_of(xml, 0))
    assert all(row.count("<w:keepNext/>") == 2 for row in rows_of(xml, 1))
    widths = re.findall("<w:tblGrid>.*?</w:tblGrid>", xml)
    assert widths[0] == widths[1]


def test_a_table_of_one_row_that_is_kept_is_not_whole():
    goals = {"block": "goals", "title": "Goal {goals.goal}", "statement": "goals.statement", "tables": []}
    xml = page(goals, goals=[dict.fromkeys((field.name for field in ADULT.sections["goals"].fields), "Text.")])
    [row] = rows_of(xml, 0)
    assert "keepNext" in row and "cantSplit" not in row  # LibreOffice would not keep it


def test_a_document_with_rows_kept_together_is_valid_for_word(tmp_path):
    answers = {"continued_need": "Yes.", "client_view": "Short.", "next_date": "05/28/2026"}
    (tmp_path / "x.docx").write_bytes(made_of(*CLOSING, review=answers))
    assert complaints(tmp_path / "x.docx") == []


# --- the brand, and mistakes -----------------------------------------------------------------------------------------


def test_a_clinic_s_brand_is_used(tmp_path):
    logo = tmp_path / "logo.png"
    logo.write_bytes(PNG)
    brand = {"name": "Lakeside Center", "color": "#7A3E9D", "font": "Verdana", "logo": str(logo)}
    data = laid_out({"block": "masthead", "details": ["clinic.phone"]}, brand=brand)
    assert "Lakeside Center" in part(data, "word/document.xml")
    assert 'w:val="7A3E9D"' in part(data, "word/styles.xml") and 'w:ascii="Verdana"' in part(data, "word/styles.xml")
    assert any("media" in name for name in parts(data))
    assert data == laid_out({"block": "masthead", "details": ["clinic.phone"]}, brand=brand)


def test_a_block_that_is_not_known_is_named():
    with pytest.raises(ShelfError, match=r"no block «piars»\. Use one of masthead"):
        laid_out({"block": "piars", "fields": []})


def test_a_field_that_is_not_known_is_named():
    with pytest.raises(ShelfError, match=r"names risk\.levle, which no section has"):
        laid_out({"block": "pairs", "fields": ["risk.levle"]})


def test_a_supplement_holds_its_blocks_only():
    data = build.build_supplement("Risk", [{"block": "pairs", "heading": "Risk", "fields": ["risk.level"]}], ADULT, {})
    assert "{{ risk.level }}" in part(data, "word/document.xml")
    assert not [name for name in parts(data) if "footer" in name]


PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c6360606060000000050001a5f64540"
    "0000000049454e44ae426082"
)
