"""This file ensures that what goes in comes out: any text, in any place, as the same text, in a file Word accepts."""

import importlib.util
import io
import re
import subprocess
import sys
import zipfile
from datetime import date
from shutil import which

import office
import pytest
from docx.enum.section import WD_SECTION
from docxtpl import RichText
from hypothesis import example, given, settings
from hypothesis import strategies as st
from lxml import etree
from word_files import part, printed, template, with_part, word

from toolkit.errors import RenderError
from toolkit.model import Chosen, Missing, Signer
from toolkit.text import canonical
from toolkit.word import values
from toolkit.word.compile import compile_template
from toolkit.word.draft import LATER
from toolkit.word.package import w
from toolkit.word.read import paragraphs
from toolkit.word.render import Part

# --- any text comes out as it went in --------------------------------------------------------------------------------

PLACES = template(
    "{{ value }}",
    "in {% if value %}{{ value }}{% endif %} a line",
    [["{{ value }}", "{% for v in values %}{{ v }}{% endfor %}"]],
    "{%p for v in values %}",
    "loop {{ v }}",
    "{%p endfor %}",
    [["{%tr for v in values %}"], ["{{ v }}"], ["{%tr endfor %}"]],
    "{% set other = value %}{{ other }}",
    "{{ 'a' ~ value }}",
    header="{{ value }}",
    footer="Foot: {{ value }}",
)


def places(value):
    return [
        value,
        f"in {value} a line",
        value,
        value,
        f"loop {value}",
        value,
        value,
        f"a{value}",
        value,
        f"Foot: {value}",
    ]


TEXTS = st.one_of(
    st.text(),
    st.text(st.sampled_from("<>&'\"{}%#[]= -•\n\t\u00a0\u202e\ue000\U0001f469\u200d\u0301ễ])>x;\\")),
    st.lists(
        st.sampled_from(["{{ x }}", "{% for", "%}", "]]>", "<w:t>", "</w:t>", "&amp;", "=1+1", "• ", "\n", "  "])
    ).map("".join),
)


@given(TEXTS.map(canonical).filter(bool))
@settings(max_examples=400)
@example("{{ 7*7 }}{% for x in y %}{# no #}")
@example("a & b < c > d \"e\" 'f' ]]> <!-- &amp; &#10; <w:br/>")
@example("=SUM(A1)\n• one\n• two\n\n   three  spaces\tand a tab")
@example("\ue000\uf8ff\U000f0000\U0001f469\u200d\U0001f469\u200d\U0001f467 e\u0301 \u202eשלום مرحبا 李")
@example("\u00a0nbsp\u200bzero\ufeffwidth\u00adsoft")
def test_any_canonical_text_arrives_as_it_went_in(value):
    data = PLACES.render({"value": value, "values": [value]})
    assert paragraphs(data) == places(value)
    for name in ("word/document.xml", "word/header1.xml", "word/footer1.xml"):
        etree.fromstring(part(data, name).encode())


@given(st.text(st.characters(exclude_categories=[])))
@settings(max_examples=200)
def test_characters_that_xml_forbids_never_break_a_document(value):
    for name in ("word/document.xml", "word/header1.xml", "word/footer1.xml"):
        etree.fromstring(part(PLACES.render({"value": value, "values": [value]}), name).encode())


def test_blanks_at_the_ends_and_in_rows_are_kept():
    assert printed("{{ a }}{{ b }}", context={"a": "one  ", "b": "  two   three"}) == ["one    two   three"]


def test_a_value_in_an_attribute_stays_in_it():
    data = template([["{% cellbg color %}{{ x }}", "y"]]).render({"color": "FF0000\"/><w:x a='\n&<", "x": "1"})
    shade = etree.fromstring(part(data).encode()).find(".//{*}shd")
    assert list(shade.attrib.values())[-1] == "FF0000\"/><w:x a=' &<"


def test_values_print_in_the_words_of_the_office():
    context = {
        "day": date(2026, 7, 27),
        "yes": True,
        "none": None,
        "level": Chosen("OP", "Outpatient"),
        "lines": ("a", "b"),
    }
    assert printed("{{ day }} {{ yes }} {{ none }}{{ level }} {{ lines }}", context=context) == [
        "07/27/2026 Yes Outpatient a\nb"
    ]


@pytest.mark.parametrize("value", ["{{ secret }}", "{% for x in y %}", "{{ 7*7 }}", "{%p if x %}", "{_{ x }_}", "{#"])
def test_a_value_never_becomes_template_code(value):
    compiled = template("{{ x }}", "{% if x == y %}same{% endif %}", [["{{ x }}"]], header="{{ x }}")
    context = {"x": value, "y": value, "secret": "SECRET"}
    assert paragraphs(compiled.render(context)) == [value, "same", value, value]


# --- the same bytes --------------------------------------------------------------------------------------------------


def test_the_same_input_gives_the_same_bytes():
    data, added = word("{{ name }}", "{%p include supplements %}"), {"supplements": [word("{{ name }}")]}
    context = {"name": "Ana"}
    first, second = (compile_template(data, "plan.docx", dict().__getitem__, added) for _ in range(2))
    assert first.render(context) == first.render(context) == second.render(context)
    assert first.render(context, draft=True) == second.render(context, draft=True)
    assert first.sha256 == second.sha256


def test_the_zip_is_as_office_writes_it():
    with zipfile.ZipFile(io.BytesIO(template("{{ x }}").render({"x": "1"}))) as archive:
        assert archive.testzip() is None
        assert archive.namelist()[0] == "[Content_Types].xml"
        assert {item.date_time for item in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert not any(item.flag_bits & 8 for item in archive.infolist())


def test_a_template_holds_no_state_between_documents():
    compiled = template("{{ name }}", "{% for g in goals %}{{ g }}{% endfor %}")
    before = compiled.render({"name": "Ana", "goals": ["x"]})
    compiled.render({"name": "Ben", "goals": ["y", "z"]})
    with pytest.raises(RenderError):
        compiled.render({"name": "Cy"})
    assert compiled.render({"name": "Ana", "goals": ["x"]}) == before


# --- what cannot be printed ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("blocks", "place", "fault"),
    [
        (
            ["fine", "Goal {{ goal.nmae }}"],
            "body, paragraph 2, near «Goal {{ goal.nmae }}»",
            "a name that is not known",
        ),
        (
            [["a"], ["b {{ unknown }}"]],
            "body, table 1, row 2, cell 1, near «b {{ unknown }}»",
            "a name that is not known",
        ),
        (
            ["{% if unknown > 3 %}x{% endif %}"],
            "body, paragraph 1, near «{% if unknown > 3 %}x{% endif %}»",
            "not known",
        ),
        (
            ["{% for g in unknown %}{% endfor %}"],
            "body, paragraph 1, near «{% for g in unknown %}{% endfor %}»",
            "not known",
        ),
        (["{{ goal }}"], "body, paragraph 1, near «{{ goal }}»", "does not fit"),
        (["{{ goal.name * 3 }}"], "body, paragraph 1, near «{{ goal.name * 3 }}»", "does not fit"),
    ],
)
def test_a_fault_of_a_record_is_told_with_the_place_and_without_a_value(blocks, place, fault):
    rows = [blocks] if isinstance(blocks[0], list) else blocks
    with pytest.raises(RenderError) as error:
        template(*rows).render({"goal": {"name": "SECRET"}})
    assert str(error.value).startswith(f"plan.docx, {place}: ")
    assert fault in str(error.value)
    assert "SECRET" not in str(error.value)


def test_loops_that_go_round_without_end_are_stopped():
    loop = "{%p for a in range(999) %}"
    with pytest.raises(RenderError, match=r"paragraph [12], .*too often"):
        template(loop, loop, "x", "{%p endfor %}", "{%p endfor %}").render({})


# --- Word accepts it -------------------------------------------------------------------------------------------------

ALLOWED = ("/word/stylesWithEffects.xml: ",)  # python-docx's blank document brings this part of Word 2010; ours do not


def complaints(data, tmp_path):
    path = tmp_path / "made.docx"
    path.write_bytes(data)
    return [text for text in office.complaints(path) if not any(allowed in text for allowed in ALLOWED)]


RICH = [
    "{%p for goal in goals %}",
    "{{ loop.index }}. {{ goal.statement }}",
    [["{%tr for o in goal.objectives %}", ""], ["{{ o }}", "{% if o %}x{% endif %}"], ["{%tr endfor %}", ""]],
    [["b", "c"]],
    "{%p endfor %}",
    "{%p include supplements %}",
    [["{{ sign('clinician') }}"]],
]


@pytest.mark.parametrize("draft", [False, True])
@pytest.mark.parametrize("objectives", [(), ("one\ntwo", "three\tfour")])
def test_the_file_is_valid_for_word(draft, objectives, tmp_path):
    question = Missing("By when?") if draft else "x"
    context = {"goals": [{"statement": question, "objectives": objectives}] * 2, "signers": SIGNERS}
    data = template(*RICH, supplements=[word("s", [["t"]])], header="{{ goals|length }}").render(context, draft)
    assert complaints(data, tmp_path) == []


def test_a_cell_is_never_left_without_a_paragraph(tmp_path):
    def conditional(document):
        table = document.add_table(rows=1, cols=2)
        cell = table.cell(0, 0)
        cell.text = "{%p if x %}"
        cell.add_paragraph("shown")
        cell.add_paragraph("{%p endif %}")

    compiled = template(change=conditional)
    for x, text in ((True, ["shown", ""]), (False, ["", ""])):
        data = compiled.render({"x": x})
        assert paragraphs(data) == text
        assert complaints(data, tmp_path) == []


def test_a_table_without_rows_is_left_out(tmp_path):
    data = template("a", [["{%tr for g in goals %}"], ["{{ g }}"], ["{%tr endfor %}"]], "b").render({"goals": []})
    assert paragraphs(data) == ["a", "b"]
    assert "<w:tbl>" not in part(data)
    assert complaints(data, tmp_path) == []


@pytest.mark.parametrize(
    "blocks",
    [
        ["{%p for g in goals %}", "MARK", "{%p endfor %}"],
        ["{%p macro m(g) %}", "MARK", "{%p endmacro %}", *[f"{{{{p m(goals[{n}]) }}}}" for n in range(3)]],
    ],
)
def test_bookmarks_and_pictures_in_a_loop_or_macro_get_ids_of_their_own(blocks):
    start = '<w:bookmarkStart w:id="5" w:name="goal"/>'
    xml = f'<w:p w14:paraId="11111111">{start}<w:r><w:t>{{{{ g }}}}</w:t></w:r><w:bookmarkEnd w:id="5"/></w:p>'
    data = word(*blocks)
    text = part(data)
    if "xmlns:w14" not in text:
        text = text.replace(
            "<w:document ", '<w:document xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml" ', 1
        )
    data = with_part(
        data, "word/document.xml", re.sub(r"<w:p><w:r><w:t>MARK</w:t></w:r></w:p>", lambda found: xml, text)
    )
    made = part(compile_template(data, "plan.docx", dict().__getitem__).render({"goals": ["a", "b", "c"]}))
    starts = re.findall(r'<w:bookmarkStart w:id="(\d+)" w:name="(\w+)"/>', made)
    assert [name for _, name in starts] == ["goal", "goal_2", "goal_3"]
    assert [number for number, _ in starts] == re.findall(r'<w:bookmarkEnd w:id="(\d+)"/>', made)
    assert len({number for number, _ in starts}) == 3
    assert "paraId" not in made


# --- signing on paper ------------------------------------------------------------------------------------------------

SIGNERS = [
    Signer("clinician", "Clinician", "Jane Doe", "LPC"),
    Signer("client", "Client", "Ana Ruiz"),
    Signer("guardian", "Guardian", "Eva Ruiz", "", "lives abroad"),
]


def test_sign_prints_line_name_credential_and_date_in_its_cell():
    cells = [["{{ sign('clinician') }}", "{{ sign(“client”) }}"], ["{{ sign('guardian') }}", "{{ sign('witness') }}"]]
    clinician, client, guardian, witness = printed(cells, context={"signers": SIGNERS})
    assert re.fullmatch(r"_+\nJane Doe, LPC\nClinician\nDate: [_ /]+\nNot signed because: _+", clinician)
    assert re.fullmatch(r"_+\nAna Ruiz\nClient\nDate: [_ /]+\nNot signed because: _+", client)
    assert guardian == "Eva Ruiz\nGuardian\nNot signed: lives abroad"
    assert witness == ""


def test_signers_may_be_listed_by_the_template():
    rows = [
        ["{%tr for signer in signers %}", ""],
        ["{{ signer.label }}", "{{ signer.name }} {{ signer.credential }}"],
        ["{%tr endfor %}", ""],
    ]
    assert printed(rows, context={"signers": SIGNERS[:1]}) == ["Clinician", "Jane Doe LPC"]


def test_a_draft_has_no_place_to_sign():
    assert printed([["{{ sign('clinician') }}"]], context={"signers": SIGNERS}, draft=True)[0] == LATER


# --- drafts ----------------------------------------------------------------------------------------------------------


def test_a_missing_answer_is_a_highlighted_question_in_the_format_around_it():
    def bold(document):
        document.add_paragraph().add_run("Target: {{ date }} set.").bold = True

    data = template(change=bold).render({"date": Missing("By when?\nSay a date & more")}, draft=True)
    runs = [
        (run.findtext("{*}t"), run.find(".//{*}highlight") is not None, run.find(".//{*}b") is not None)
        for run in etree.fromstring(part(data).encode()).iter("{*}r")
    ]
    assert runs == [
        ("Target: ", False, True),
        ("[By when? Say a date & more]", True, True),
        (" set.", False, True),
    ]
    assert "plankit-missing" not in part(data)


def test_a_missing_answer_is_shown_wherever_it_is_asked_for():
    context = {"plan": {"weeks": Missing("How long?"), "clinician": Missing("Who?")}, "lines": Missing("Which?")}
    blocks = [
        "{{ plan.weeks|upper }}",
        "{% if plan.weeks > 3 %}x{% endif %}",
        "{{ plan.clinician.name }}",
        "{%p for line in lines %}",
        "• {{ line }}",
        "{%p endfor %}",
        "{{ plan.weeks * 7 }} days",
    ]
    texts = [text for text in printed(*blocks, context=context, draft=True) if text]
    assert texts == ["[HOW LONG?]", "[Who?]", "• [Which?]", "[How long?] days"]


def test_a_ready_document_never_holds_a_question():
    with pytest.raises(RenderError, match="an answer is missing"):
        template("{{ x }}").render({"x": Missing("By when?")})


def headers(data):
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {
            name: archive.read(name).decode() for name in archive.namelist() if "header" in name and "rels" not in name
        }


def two_sections(document):
    document.sections[0].header.paragraphs[0].text = "One {{ x }}"
    second = document.add_section(WD_SECTION.NEW_PAGE)
    second.different_first_page_header_footer = True
    second.header.is_linked_to_previous = False
    second.header.paragraphs[0].text = "{%p if x %}"
    second.header.add_paragraph("Two")
    second.header.add_paragraph("{%p endif %}")
    document.settings.odd_and_even_pages_header_footer = True


@pytest.mark.parametrize(("change", "kinds"), [(None, 1), (two_sections, 4)])
def test_a_draft_bears_the_mark_in_every_header_and_makes_those_there_are_not(change, kinds, tmp_path):
    compiled = template("Body {{ x }}", change=change)
    data = compiled.render({"x": "y"}, draft=True)
    assert len(headers(data)) == kinds
    assert all(text.count('string="DRAFT"') == 1 for text in headers(data).values())
    assert complaints(data, tmp_path) == []
    first = etree.fromstring(part(data).encode()).find(".//{*}sectPr")
    wanted = {"default"} if kinds == 1 else {"default", "first", "even"}
    assert {item.get(w("type")) for item in first.iter(w("headerReference"))} == wanted
    ready = compiled.render({"x": "y"})
    assert "DRAFT" not in "".join(headers(ready).values())


def same_headers(document):
    document.settings.odd_and_even_pages_header_footer = True
    document.sections[0].different_first_page_header_footer = True
    for header in (document.sections[0].header, document.sections[0].first_page_header):
        header.paragraphs[0].text = "Of {{ x }}"
    document.sections[0].even_page_header.paragraphs[0].text = "Even {{ x }}"


@pytest.mark.parametrize("value", ["A & B", "<one>", RichText("rich", bold=True), ""])
def test_parts_that_say_the_same_are_written_once_and_stand_each_under_its_name(value, tmp_path):
    compiled = template("Body {{ x }}", change=same_headers)
    alike = {one.name: one.like for one in compiled.parts if isinstance(one, Part)}
    (twin,) = [name for name, like in alike.items() if like]
    data = compiled.render({"x": value})
    found = headers(data)
    assert len(found) == 3 and found[twin.removeprefix("/")] == found[alike[twin]]
    assert sum("Even" in text for text in found.values()) == 1
    assert complaints(data, tmp_path) == []
    if isinstance(value, str):
        assert paragraphs(data).count(f"Of {value}") == 2


def test_the_mark_stays_where_a_condition_takes_its_paragraph_away():
    data = template("Body", change=two_sections).render({"x": ""}, draft=True)
    assert all('string="DRAFT"' in text for text in headers(data).values())


def test_the_mark_is_not_read_as_text():
    assert printed("Body {{ x }}", context={"x": "y"}, draft=True) == ["Body y", ""]


@pytest.mark.office
@pytest.mark.skipif(not which("soffice") or not which("pdftoppm"), reason="needs LibreOffice and poppler")
def test_libreoffice_shows_the_mark_on_every_page(tmp_path):
    def long(document):
        two_sections(document)
        for number in range(120):
            document.add_paragraph(f"Paragraph {number}")

    (tmp_path / "draft.docx").write_bytes(template("{{ x }}", change=long).render({"x": "y"}, draft=True))
    profile = f"-env:UserInstallation=file://{tmp_path / 'profile'}"
    command = [
        "soffice",
        profile,
        "--headless",
        "--convert-to",
        "pdf",
        "--outdir",
        str(tmp_path),
        str(tmp_path / "draft.docx"),
    ]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    counted = subprocess.run(
        ["pdftoppm", "-r", "20", "-gray", str(tmp_path / "draft.pdf"), str(tmp_path / "page")], check=True
    )
    assert counted.returncode == 0
    pages = sorted(tmp_path.glob("page*.pgm"))
    assert len(pages) >= 4
    for page in pages:
        pixels = page.read_bytes().split(b"255\n", 1)[1]
        assert sum(pixel < 250 for pixel in pixels) > 1500, page.name  # the grey of the mark; text alone is far less


def test_signs_have_the_same_bytes_on_a_machine_without_the_fast_escape(monkeypatch):
    monkeypatch.setitem(sys.modules, "markupsafe._speedups", None)
    specification = importlib.util.spec_from_file_location("slow_values", values.__file__)
    slow = importlib.util.module_from_spec(specification)
    monkeypatch.setitem(sys.modules, "slow_values", slow)
    specification.loader.exec_module(slow)
    assert slow._escape is not values._escape
    assert slow.put("""R&D <b> "it's" 5 > 3""") == values.put("""R&D <b> "it's" 5 > 3""")
