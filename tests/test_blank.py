"""This file ensures that the workbooks we hand out ask the right things, are kind to fill, and are good Excel files."""

import io
import json
import re
import zipfile
from datetime import date

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from openpyxl.utils import get_column_letter
from openxml_audit import OpenXmlValidator
from tables import DEFINITIONS, section

from toolkit import intake, shelf
from toolkit.errors import WriteError
from toolkit.intake import asked, blank, tables, xlsx
from toolkit.intake.assemble import assemble
from toolkit.model import Choice, Definitions, Origin, Record, Row
from toolkit.text import NOT_YET, canonical, is_answer

SHELF = shelf.load()
COMBINATIONS = [
    (stage.name, *(name for name, pack in SHELF.packs.items() if pack.kind == "overlay"))
    for stage in SHELF.packs.values()
    if stage.kind == "life_stage"
]
PLAN, REVIEW = "treatment_plan", "plan_review"


def small(*fields, **options):
    """Return definitions with a Clients sheet and one section of ``fields``."""
    options = {"documents": (PLAN,), **options}
    client = section("client", "Clients", ("id", "text", {"label": "Client id"}), documents=(PLAN, REVIEW))
    return Definitions({"client": client, "plan": section("plan", "Plan", *fields, **options)})


def opened(data):
    return openpyxl.load_workbook(io.BytesIO(data))


def headers(data, sheet):
    return [cell.value.replace("\xa0", " ") for cell in opened(data)[sheet][blank.HEADER_ROW] if cell.value]


def rules(data, sheet):
    """Return the validations of a sheet by the header of their column."""
    book = opened(data)[sheet]
    return {
        book.cell(blank.HEADER_ROW, area.min_col).value.split("\xa0")[0]: rule
        for rule in book.data_validations.dataValidation
        for area in rule.sqref.ranges
    }


def read(data, definitions):
    rows, facts = tables.read(xlsx.load(data, "book.xlsx"), definitions)
    return assemble(rows, definitions, facts)


# --- what is asked -------------------------------------------------------------------------------------------------


def test_only_sheets_of_the_wanted_documents_are_there_and_the_clinics():
    definitions = Definitions(
        {
            "staff": section("staff", "Staff", ("staff_id", "text"), repeats=True, key="staff_id", scope="workbook"),
            **small(("date", "date")).sections,
            "review": section("review", "Reviews", ("date", "date"), documents=(REVIEW,)),
            "sessions": section("sessions", "Sessions", ("date", "date"), repeats=True),
        }
    )

    def sheets(**options):
        return opened(blank.workbook(definitions, **options)).sheetnames

    assert sheets() == ["Start here", "Staff", "Clients", "Plan", "Lists"]
    assert sheets(documents=(REVIEW,)) == ["Start here", "Staff", "Clients", "Reviews", "Lists"]
    assert sheets(full=True) == ["Start here", "Staff", "Clients", "Plan", "Reviews", "Sessions", "Lists"]


def test_columns_that_a_level_of_care_does_not_need_are_left_out_and_rare_ones_until_full():
    level = section("episode", "Clients", ("level_of_care", "text"), documents=(PLAN,))
    fields = (
        ("date", "date"),
        ("hours", "integer", {"asked_when": "episode.level_of_care != 'OP'"}),
        ("version", "integer", {"full": True}),
    )
    definitions = Definitions({**small(*fields).sections, "episode": level})
    assert headers(blank.workbook(definitions), "Plan") == ["Client id *", "Date"]
    assert headers(blank.workbook(definitions, level="IOP"), "Plan") == ["Client id *", "Date", "Hours"]
    assert headers(blank.workbook(definitions, level=""), "Plan") == ["Client id *", "Date", "Hours"]
    assert headers(blank.workbook(definitions, full=True), "Plan") == ["Client id *", "Date", "Hours", "Version"]


def test_required_columns_are_marked_in_words_and_in_colour():
    definitions = small(
        ("date", "date", {"required": (PLAN,), "prompt": "From when?", "asked_of": "front desk"}),
        ("measure", "choice", {"choices": (Choice("count", "A count"),)}),
        ("unit", "text", {"required_when": "plan.measure == 'count' or plan.measure in ('tally', 'sum')"}),
        ("family", "text", {"required": (PLAN,), "unless": "plan.no_family"}),
        ("no_family", "text"),
        ("weeks", "integer", {"default": "12"}),
        ("days", "integer", {"default": "= plan.weeks"}),
    )
    data = blank.workbook(definitions)
    assert headers(data, "Plan") == [
        "Client id *", "Date *", "Measure", "Unit **", "Family **", "No family", "Weeks", "Days",
    ]  # fmt: skip
    sheet = opened(data)["Plan"]
    assert [cell.value for cell in sheet[1]] == [
        "Required\nWhose row is it? As on Clients.",
        "Required · front\xa0desk\nFrom when?",
        "Optional",
        "Required if «Measure» is A count or «Measure» is tally or sum",
        "Required, unless «No family» is answered",
        "Optional",
        "Optional: blank means 12",
        "Optional: blank means the same as «Weeks»",
    ]
    colours = [cell.fill.start_color.rgb[2:] for cell in sheet[blank.HEADER_ROW]]
    assert colours[1] != colours[3] != colours[2] != colours[1]


def test_beside_other_clients_it_is_told_of_whom_alone_an_answer_is_required():
    definitions = SHELF.compose(("adult", "adolescent", "trauma", "idd"))
    book = opened(blank.workbook(definitions, documents=(PLAN, REVIEW, "discharge_summary"), level="IOP"))

    def above(sheet, label):
        (column,) = [cell for cell in book[sheet][blank.HEADER_ROW] if str(cell.value).startswith(f"{label}\xa0")]
        asked_there = book[sheet].cell(1, column.column).value
        return column.value.replace("\xa0", " ").removeprefix(label).strip(), asked_there

    stars, words = above("Interventions", "Changed for this person")
    assert stars == "**" and words.startswith("Only for IDD: required\n")
    assert above("Reviews", "The family's view")[1].startswith("Only for Adolescent: required\n")
    assert above("Discharge", "Handover to school or supports")[1].startswith("Only for Adolescent, IDD: required if ")
    assert above("Trauma", "Triggers")[0] == "*"
    assert "young person" not in above("Plan", "Impairments")[1]
    assert [row[3].value for row in book["Start here"].iter_rows() if row[1].value == "Trauma"] == [
        "each client (Trauma only)"
    ]


def test_a_condition_names_the_sheet_of_an_answer_that_stands_on_another_one():
    definitions = SHELF.compose(("adult", "adolescent", "idd"))
    words = asked.form(definitions, (PLAN,), "OP", full=False, several=True)
    guardian = words.need(definitions.fields["client.guardian_name"]).words
    assert "if «Consent basis» (sheet Adolescent) is Parent or Court order" in guardian
    assert "or «Who decides» (sheet IDD) is Parent of a minor or Guardian" in guardian
    assert "(sheet" not in words.need(definitions.fields["participation.disagreement"]).words
    alone = asked.form(definitions, (PLAN,), "OP", full=False)
    assert "(sheet" not in alone.need(definitions.fields["client.guardian_name"]).words


def test_a_required_answer_that_only_some_clients_owe_is_not_coloured_for_all():
    data = blank.workbook(SHELF.compose(("adult", "idd")))
    coloured = " ".join(str(area.sqref) for area in opened(data)["Interventions"].conditional_formatting)
    labels = headers(data, "Interventions")
    letters = [get_column_letter(labels.index(f"{label} *") + 1) for label in ("Method", "Minutes")]
    assert all(f"{letter}3:" in coloured for letter in letters)
    assert f"{get_column_letter(labels.index('Changed for this person **') + 1)}3:" not in coloured


@pytest.mark.parametrize(
    ("condition", "words"),
    [
        ("client.trauma", "«Trauma plan» is yes"),
        ("not client.trauma", "not («Trauma plan» is yes)"),
        ("client.age >= 18 and client.level != 'low'", "«Age» is at least 18 and «Level» is not Low"),
        ("client.age > client.level", "«Age» is over «Level»"),
        ("client.trauma == False", "«Trauma plan» is no"),
    ],
)
def test_a_condition_is_told_in_everyday_words(condition, words):
    client = section(
        "client", "Clients", ("trauma", "yes_no", {"label": "Trauma plan"}), ("age", "integer"),
        ("level", "choice", {"choices": (Choice("low", "Low"),)}),
    )  # fmt: skip
    assert asked.in_words(condition, Definitions({"client": client})) == words


# --- how it behaves ------------------------------------------------------------------------------------------------


def test_choices_and_yes_no_pick_from_lists_on_a_hidden_sheet():
    definitions = small(
        ("level", "choice", {"choices": (Choice("low", "Low, or none"), Choice("high", "=High"))}),
        ("agreed", "yes_no"),
    )
    data = blank.workbook(definitions)
    found = rules(data, "Plan")
    assert (found["Level"].type, found["Level"].formula1, found["Agreed"].formula1) == (
        "list", "list_plan_level", "list_yes_no",
    )  # fmt: skip
    book = opened(data)
    assert book["Lists"].sheet_state == "hidden"
    assert book.defined_names["list_plan_level"].attr_text == "Lists!$A$2:$A$3"
    assert [cell.value for cell in book["Lists"]["A"]] == ["list_plan_level", "Low, or none", "=High"]


def test_ids_of_clients_and_staff_are_picked_and_others_may_still_be_typed():
    data = blank.workbook(
        Definitions(
            {
                "staff": section(
                    "staff", "Staff", ("staff_id", "text"), repeats=True, key="staff_id", scope="workbook"
                ),
                **small(("by", "ref", {"refers": "staff"}), ("goal", "ref", {"refers": "goals"})).sections,
            }
        )
    )
    found = rules(data, "Plan")
    assert (found["By"].formula1, found["By"].errorStyle) == ("ids_staff", "warning")
    assert (found["Client id"].formula1, found["Client id"].errorStyle) == ("ids_client", "warning")
    assert found["Goal"].type is None
    # From below the example row on, as far as something is typed.
    assert opened(data).defined_names["ids_client"].attr_text == (
        "'Clients'!$A$4:INDEX('Clients'!$A$4:$A$2000,MAX(1,COUNTA('Clients'!$A$4:$A$2000)))"
    )


def test_dates_and_numbers_warn_and_do_not_forbid():
    found = rules(blank.workbook(small(("date", "date"), ("weeks", "integer"), ("hours", "number"))), "Plan")
    assert [(rule.type, rule.errorStyle) for rule in (found["Date"], found["Weeks"], found["Hours"])] == [
        ("date", "warning"), ("whole", "warning"), ("decimal", "warning"),
    ]  # fmt: skip


def test_columns_of_text_ids_and_scores_keep_what_is_typed():
    fields = [("a", kind) for kind in ("text", "long", "lines", "code", "ref", "refs", "score", "yes_no", "choice")]
    fields = [(f"{name}{number}", kind) for number, (name, kind) in enumerate(fields)]
    sheet = opened(blank.workbook(small(*fields, ("d", "date"), ("i", "integer"))))["Plan"]
    formats = {sheet.column_dimensions[letter].number_format for letter in "ABCDEFGHIJ"}
    assert formats == {"@"}
    assert [sheet.column_dimensions[letter].number_format for letter in "KL"] == ["mm/dd/yyyy", "0"]


def test_a_tip_says_what_belongs_here_and_what_elsewhere_in_both_forms():
    definitions = SHELF.compose(("adult", "adolescent", "idd"))
    both = "Two methods in one session: one row, with both methods in it."
    book = opened(blank.workbook(definitions))
    letters = {cell.value.split("\xa0")[0]: cell.column for cell in book["Interventions"][blank.HEADER_ROW]}
    assert both in str(book["Interventions"].cell(1, letters["Method"]).value)
    assert both in rules(blank.workbook(definitions), "Interventions")["Method"].prompt
    assert "asked with the client" in rules(blank.workbook(definitions), "Adolescent")["Who consents"].prompt
    asked_for = [cell.value for cell in opened(blank.one_client(definitions))["Questions"]["B"] if cell.value]
    assert any(str(words).startswith("Method") and both in str(words) for words in asked_for)


def test_a_question_and_its_tip_find_room_in_the_message_of_a_cell():
    definitions = SHELF.compose(tuple(SHELF.packs))
    whole = asked.form(definitions, tuple(definitions.documents), "IOP", full=True)
    assert [item.path for item in definitions.fields.values() if len(whole.question(item)) > 255] == []


def test_an_input_message_gives_the_question_and_an_example_within_excels_limits():
    definitions = small(
        ("short", "text", {"prompt": "What is it?", "example": "This"}),
        ("long", "text", {"label": "A label longer than Excel lets it be", "prompt": "why " * 60, "example": "x" * 90}),
    )
    first, second = [rule for rule in opened(blank.workbook(definitions))["Plan"].data_validations.dataValidation][1:]
    assert (first.promptTitle, first.prompt) == ("Short", "What is it?\nExample: This")
    assert second.promptTitle == "A label longer than Excel lets…"
    assert second.prompt.startswith("why why") and len(second.prompt) <= 255


def test_a_row_that_has_been_begun_shows_which_required_cells_are_blank():
    definitions = small(
        ("date", "date", {"required": (PLAN,)}),
        ("family", "text", {"required": (PLAN,), "unless": "plan.no_family"}),
        ("no_family", "text"),
    )
    sheet = opened(blank.workbook(definitions))["Plan"]
    assert {str(area.sqref): rule.formula for area in sheet.conditional_formatting for rule in area.rules} == {
        "B3:B2000": ['AND(AND($A3<>"",$A3<>"EXAMPLE"),LEN(TRIM($B3))=0)'],
        "C3:C2000": ['AND(AND($A3<>"",$A3<>"EXAMPLE"),LEN(TRIM($C3))=0,LEN(TRIM($D3))=0)'],
    }


def test_headers_stay_in_sight_and_print_on_every_page():
    sheet = opened(blank.workbook(small(("date", "date"))))["Plan"]
    assert (sheet.freeze_panes, sheet.print_title_rows, sheet.print_title_cols) == ("B3", "$1:$2", "$A:$A")
    assert (sheet.page_setup.orientation, sheet.page_setup.fitToHeight, sheet.page_setup.fitToWidth) == (
        "landscape", 0, 1,
    )  # fmt: skip


# --- the example row -----------------------------------------------------------------------------------------------


def test_the_example_row_is_there_and_is_not_read_as_a_client():
    definitions = small(("date", "date", {"example": "05/04/2026"}), ("note", "long", {"example": "=A note"}))
    data = blank.workbook(definitions)
    sheet = opened(data)["Plan"]
    assert [sheet.cell(3, column).value for column in (1, 3)] == ["EXAMPLE", "=A note"]
    assert sheet["B3"].value.date() == date(2026, 5, 4)
    assert sheet["B3"].font.italic
    found = read(data, definitions)
    assert not list(found.records)
    assert {fact.kind for fact in found.facts} == {"example_row"}


def test_a_blank_workbook_of_every_population_reads_as_no_client_and_nothing_wrong():
    for populations in COMBINATIONS:
        found = read(blank.workbook(SHELF.compose(populations), level="IOP"), SHELF.all())
        assert not list(found.records)
        assert {fact.kind for fact in found.facts} <= {"example_row"}


# --- filled from records -------------------------------------------------------------------------------------------


def client(definitions, name, **sections):
    """Return a record with one row of each section given."""
    rows = {"client": (Row(definitions.sections["client"], {"id": name}),)}
    rows |= {key: (Row(definitions.sections[key], values),) for key, values in sections.items()}
    return Record(name, rows, origin=Origin())


ANYTHING = small(("date", "date"), ("note", "long"), ("tool", "text"), ("weeks", "integer"))


@settings(max_examples=40)
@given(
    st.text(min_size=1).map(canonical).filter(bool),
    st.dates(min_value=date(1900, 1, 1), max_value=date(2199, 12, 31)),
    st.integers(0, 10**6 - 1),
)
def test_any_answer_written_is_the_answer_read(note, day, weeks):
    typed = {"date": day, "note": f"x{note}", "weeks": weeks}
    found = read(blank.workbook(ANYTHING, records=[client(ANYTHING, "007", plan=typed)]), ANYTHING)
    (record,) = found.records
    assert record.id == "007"
    assert dict(record.one("plan").values) == typed


@pytest.mark.parametrize("note", ["=1+1", "+49 30 1", "-5", "@x", "#N/A", "_x0041_", "a\nb", "TRUE", "1/2", "0042"])
def test_text_stays_the_text_it_is(note):
    data = blank.workbook(ANYTHING, records=[client(ANYTHING, "1", plan={"note": note})])
    (record,) = read(data, ANYTHING).records
    assert record.get("plan.note") == note
    assert opened(data)["Plan"]["C3"].data_type == "s"


def test_a_column_in_which_a_record_has_an_answer_is_there_even_if_nobody_asked():
    definitions = small(("date", "date"), ("version", "integer", {"full": True}), documents=(REVIEW,))
    records = [client(definitions, "1", plan={"version": 3})]
    assert headers(blank.workbook(definitions, records=records), "Plan") == ["Client id *", "Version"]


def test_a_filled_workbook_has_no_example_rows():
    data = blank.workbook(DEFINITIONS, full=True, records=[client(DEFINITIONS, "1", plan={"summary": "Yes"})])
    assert not [fact for fact in read(data, DEFINITIONS).facts if fact.kind == "example_row"]
    assert "EXAMPLE" not in {cell.value for row in opened(data)["Start here"] for cell in row}


def test_a_text_too_long_for_excel_is_refused_and_not_cut():
    with pytest.raises(WriteError, match=r"at most 32,767 characters; Plan!C3 needs 32,768"):
        blank.workbook(ANYTHING, records=[client(ANYTHING, "1", plan={"note": "x" * 32768})])


def test_the_samples_written_into_a_workbook_are_read_as_they_were(tmp_path):
    everything = SHELF.all()
    source = tmp_path / "samples.json"
    for pack in SHELF.packs.values():
        source.write_text(json.dumps(pack.samples(), default=str), encoding="utf-8")
        first = list(intake.read(source, everything)) if pack.samples() else []
        again = read(blank.workbook(everything, records=first), everything)
        assert [values(record) for record in again.records] == [values(record) for record in first]


def values(record):
    rows = {name: [dict(row.values) for row in rows if row.values] for name, rows in record.rows.items()}
    return record.id, {name: found for name, found in rows.items() if found}


# --- a good Excel file ---------------------------------------------------------------------------------------------


def every_form():
    plain, rich = SHELF.compose(COMBINATIONS[0][:1]), SHELF.compose(COMBINATIONS[-1])
    yield blank.workbook(plain)
    yield blank.workbook(rich, full=True)
    yield blank.one_client(plain)
    yield blank.one_client(rich, full=True)


@pytest.fixture(scope="module")
def forms():
    return list(every_form())


def test_the_same_input_gives_the_same_bytes(forms):
    assert forms == list(every_form())


def test_the_files_are_valid_for_excel(forms, tmp_path):
    for number, data in enumerate(forms):
        path = tmp_path / f"{number}.xlsx"
        path.write_bytes(data)
        result = OpenXmlValidator().validate(path)
        assert [error.description for error in result.errors] == []


def test_excels_limits_are_kept(forms):
    for data in forms:
        book = opened(data)
        for name, defined in book.defined_names.items():
            assert re.fullmatch(r"[a-z_][a-z0-9_]{2,254}", name) and not re.fullmatch(r"[a-z]{1,3}\d+", name)
            assert len(defined.attr_text) <= 255
        for sheet in book:
            assert len(sheet.title) <= 31 and not set(sheet.title) & set("[]:*?/\\")
            for rule in sheet.data_validations.dataValidation:
                assert len(rule.promptTitle or "") <= 32 and len(rule.prompt or "") <= 255
                assert len(rule.errorTitle or "") <= 32 and len(rule.error or "") <= 225
                assert len(rule.formula1 or "") <= 255
                if rule.type == "list":
                    assert rule.formula1 in book.defined_names
            assert all((row.height or 0) <= 409 for row in sheet.row_dimensions.values())
            assert all((column.width or 0) <= 255 for column in sheet.column_dimensions.values())


def test_title_and_language_are_set_and_the_clock_is_not_in_the_file():
    with zipfile.ZipFile(io.BytesIO(blank.workbook(small(("date", "date"))))) as package:
        core = package.read("docProps/core.xml").decode()
        assert {item.date_time for item in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    assert "Treatment plan: workbook" in core and "en-US" in core
    assert set(re.findall(r"\d{4}-\d\d-\d\dT[\d:]+Z", core)) == {"1980-01-01T00:00:00Z"}


def test_numbers_kept_as_text_get_no_green_corner():
    with zipfile.ZipFile(io.BytesIO(blank.workbook(small(("date", "date"))))) as package:
        assert all(
            b'numberStoredAsText="1"' in package.read(name)
            for name in package.namelist()
            if re.fullmatch(r"xl/worksheets/sheet[123]\.xml", name)
        )


def test_start_here_names_every_sheet_and_both_commands():
    sheet = opened(blank.workbook(SHELF.compose(COMBINATIONS[0])))["Start here"]
    text = "\n".join(str(cell.value) for row in sheet for cell in row if cell.value)
    for name in opened(blank.workbook(SHELF.compose(COMBINATIONS[0]))).sheetnames[1:-1]:
        assert name in text
    assert "plankit check clients.xlsx" in text and "plankit make clients.xlsx" in text and "OUT" not in text


def guide(**options):
    """Return the lines of the first sheet as what stands left and right of each other."""
    populations = options.pop("populations", ("adult",))
    sheet = opened(blank.workbook(SHELF.compose(populations), **options))["Start here"]
    return {row[1].value: row[2].value for row in sheet.iter_rows() if row[1].value}


def test_start_here_says_what_the_workbook_leaves_out_and_how_to_add_it():
    plain = guide()
    assert (plain["Documents"], plain["For whom"], plain["Level of care"]) == ("Treatment plan", "Adult", "Outpatient")
    for words in ("Plan review, Discharge summary", "Adolescent, Trauma, IDD", "above outpatient"):
        assert words in plain["It leaves out"]
    options = "-d plan_review -d discharge_summary --adolescent --trauma --idd --level IOP"
    assert plain["To have it later"].startswith(f"plankit new --from clients.xlsx {options} -o clients-2.xlsx")
    wider = guide(populations=tuple(SHELF.packs), documents=tuple(SHELF.all().documents), level="IOP")
    assert "It leaves out" not in wider and "To have it later" not in wider and wider["Level of care"] == "All"


def test_start_here_lists_what_counts_as_blank_and_where_none_is_an_answer():
    definitions = SHELF.compose(("adult", "idd"))
    said = guide(populations=("adult", "idd"))["What counts as blank"]
    blanks, _, nones = said.partition(". But “none” is an answer under ")
    for word in blanks.split(", "):
        assert not is_answer(word, nor=NOT_YET), word
    assert nones.startswith("Medications, Limits on rights, and where the list")
    assert definitions.fields["plan.medications"].none_is_answer


def test_start_here_says_what_the_id_is():
    told = guide()
    assert "the number by which your office knows the client" in told["2.  Clients"]
    assert "One row for each client." in told["2.  Clients"] and "thread" not in str(told)


def test_a_workbook_for_a_level_above_outpatient_asks_for_the_level():
    for level, mark in (("OP", "Level of care"), ("IOP", "Level of care\u00a0*")):
        data = blank.workbook(shelf.load().compose(("adult",)), level=level)
        sheet = openpyxl.load_workbook(io.BytesIO(data))["Clients"]
        (header,) = (cell for cell in sheet[2] if str(cell.value).startswith("Level of care"))
        assert header.value == mark
        assert ("Intensive" in str(sheet.cell(3, header.column).value)) == (level == "IOP")


def test_what_a_payer_requires_is_asked_though_few_others_ask_it():
    rare = replace(SHELF.compose(("adult",)).fields["client.guardian_document"], required=("treatment_plan",))
    client = SHELF.compose(("adult",)).sections["client"]
    fields = tuple(rare if item.name == rare.name else item for item in client.fields)
    form = asked.form(Definitions({"client": replace(client, fields=fields)}), ("treatment_plan",), "OP", full=False)
    assert rare.full and form.asks(rare) and not form.asks(replace(rare, required=("plan_review",)))
