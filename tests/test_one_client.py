"""This file ensures that a clinician's sheet of questions is read as it was filled in, also where it was damaged."""

import io
import json
from datetime import datetime

import openpyxl
import pytest
from tables import grids as from_markdown
from tables import section

from toolkit import intake, shelf
from toolkit.intake import blank, one_client, xlsx
from toolkit.intake.assemble import assemble
from toolkit.model import Choice, Definitions, Place, Row

SHELF = shelf.load()
EVERYTHING = SHELF.all()
PLAN = {"documents": ("treatment_plan",)}
NEEDED = {"required": ("treatment_plan",)}
SMALL = Definitions(
    {
        item.name: item
        for item in (
            section("clinic", "Clinic", ("name", "text", {"label": "Clinic name"}), scope="workbook"),
            section(
                "staff", "Staff", ("staff_id", "text", NEEDED), ("name", "text"), repeats=True, key="staff_id",
                scope="workbook", singular="staff_member",
            ),
            section(
                "client", "Clients", ("id", "text", NEEDED | {"label": "Client id"}), ("legal_name", "text"), **PLAN,
            ),
            section("episode", "Clients", ("admission_date", "date", {"prompt": "Since when?"}), **PLAN),
            section(
                "plan", "Plan", ("agreement", "choice", {"choices": (Choice("full", "In full"),)}),
                ("problems", "lines"), ("disagreement", "long"), **PLAN,
            ),
            section(
                "goals", "Goals", ("goal", "text"), ("statement", "long", NEEDED), repeats=True, key="goal",
                singular="goal", at_least_one=("treatment_plan",), **PLAN,
            ),
            section(
                "objectives", "Objectives", ("goal", "ref", NEEDED | {"refers": "goals"}), ("objective", "text"),
                ("statement", "long"), ("target", "score"), repeats=True, key="objective", parent="goals",
                parent_field="goal", singular="objective", **PLAN,
            ),
            section(
                "interventions", "Interventions", ("goals", "refs", {"refers": "goals"}), ("technique", "text"),
                repeats=True, singular="intervention", **PLAN,
            ),
            section(
                "review", "Reviews", ("date", "date", {"label": "Review date", "required": ("plan_review",)}),
                repeats=True, singular="one_review", **PLAN,
            ),
            section(
                "progress", "Progress", ("review_date", "date"), ("current", "score"), repeats=True, parent="review",
                parent_field="review_date", **PLAN,
            ),
        )
    }
)  # fmt: skip
ANSWERS = {
    "client.id": "0042",
    "client.legal_name": "Avery Reed",
    "episode.admission_date": datetime(2026, 4, 27),
    "plan.agreement": "In full",
    "plan.problems": "Panic\nSleep",
    "goals[1].statement": "Ride the bus",
    "goals[1].objectives[1].statement": "One stop",
    "goals[1].objectives[1].target": "9 or less",
    "goals[1].objectives[2].statement": "Two stops",
    "goals[3].objectives[1].statement": "In bed by ten",
    "interventions[2].goals": "1, 3",
    "interventions[2].technique": "Exposure",
    "review[1].date": datetime(2026, 7, 27),
    "review[1].progress[1].current": "11",
    "clinic.name": "Elm Street",
    "staff[1].staff_id": "JR",
}


def filled(answers, definitions=SMALL):
    """Return the blank form as an openpyxl workbook with ``answers`` typed into it, by path."""
    book = openpyxl.load_workbook(io.BytesIO(blank.one_client(definitions)))
    left = dict(answers)
    for sheet in book:
        for row in sheet.iter_rows():
            if row[0].value in left:
                row[2].value = left.pop(row[0].value)
    assert not left, f"the form does not ask for {left}"
    return book


def read(book, definitions=SMALL):
    stream = io.BytesIO()
    book.save(stream)
    found = xlsx.load(stream.getvalue(), "form.xlsx", 3)
    assert one_client.recognises(found)
    rows, facts = one_client.read(found, definitions)
    return assemble(rows, definitions, facts)


def values(record):
    return {name: [dict(row.values) for row in rows if row.values] for name, rows in record.rows.items()}


EXPECTED = {
    "clinic": [{"name": "Elm Street"}],
    "staff": [{"staff_id": "JR"}],
    "client": [{"id": "0042", "legal_name": "Avery Reed"}],
    "episode": [{"admission_date": datetime(2026, 4, 27).date()}],
    "plan": [{"agreement": "full", "problems": ("Panic", "Sleep")}],
    "goals": [{"goal": "1", "statement": "Ride the bus"}, {"goal": "3"}],
    "objectives": [
        {"goal": "1", "objective": "1a", "statement": "One stop", "target": "9 or less"},
        {"goal": "1", "objective": "1b", "statement": "Two stops"},
        {"goal": "3", "objective": "3a", "statement": "In bed by ten"},
    ],
    "interventions": [{"goals": ("1", "3"), "technique": "Exposure"}],
    "review": [{"date": datetime(2026, 7, 27).date()}],
    "progress": [{"review_date": datetime(2026, 7, 27).date(), "current": "11"}],
}


def plain(found):
    """Return the values with scores as their text."""
    return {
        name: [{key: getattr(value, "text", value) for key, value in row.items()} for row in rows]
        for name, rows in found.items()
    }


def check(batch):
    assert batch.facts == ()
    (record,) = batch.records
    assert record.facts == ()
    assert plain(values(record)) == EXPECTED


# --- the form ------------------------------------------------------------------------------------------------------


def test_the_form_asks_in_blocks_with_headings_and_hides_its_paths():
    book = openpyxl.load_workbook(io.BytesIO(blank.one_client(SMALL)))
    assert book.sheetnames == ["Questions", "Clinic and staff", "Lists"]
    sheet = book["Questions"]
    assert sheet.column_dimensions["A"].hidden
    headings = [row[1].value for row in sheet.iter_rows() if str(row[0].value).endswith("._")]
    assert headings == [
        "Client", "Episode", "Plan", "Goal 1", "Objective 1a", "Objective 1b", "Goal 2", "Objective 2a", "Objective 2b",
        "Goal 3", "Objective 3a", "Objective 3b", "Intervention 1", "Intervention 2", "Intervention 3",
        "Intervention 4", "Review 1", "Progress 1.1", "Progress 1.2", "Progress 1.3", "Progress 1.4", "Progress 1.5",
        "Progress 1.6",
    ]  # fmt: skip
    questions = {row[0].value: row[1].value for row in sheet.iter_rows() if row[0].value}
    assert questions["client.id"] == "Client id\xa0*"
    assert questions["episode.admission_date"] == "Admission date\nSince when?"
    assert "goals[1].goal" not in questions and "goals[1].objectives[1].goal" not in questions


def test_answers_have_lists_formats_and_colours_for_what_is_still_blank():
    book = openpyxl.load_workbook(io.BytesIO(blank.one_client(SMALL)))
    sheet = book["Questions"]
    cells = {row[0].value: row[2].coordinate for row in sheet.iter_rows() if row[0].value}
    agreement = next(rule for rule in sheet.data_validations.dataValidation if rule.type == "list")
    assert (str(agreement.sqref), agreement.formula1) == (cells["plan.agreement"], "list_plan_agreement")
    assert sheet[cells["episode.admission_date"]].number_format == "mm/dd/yyyy"
    assert sheet[cells["goals[1].objectives[1].target"]].number_format == "@"
    formulas = {str(area.sqref): rule.formula[0] for area in sheet.conditional_formatting for rule in area.rules}
    first, second = cells["goals[1].statement"], cells["goals[2].statement"]
    assert formulas[first] == f"AND(LEN(TRIM($C${first[1:]}))=0)"
    assert formulas[second].startswith(f"AND(COUNTA($C${second[1:]}")


def test_a_blank_form_is_no_client_and_says_so_once_at_the_right_cell():
    found = read(filled({}))
    assert not list(found.records)
    assert [(fact.kind, fact.place) for fact in found.facts] == [("no_client_id", Place("Questions", "C5", file=3))]


# --- reading -------------------------------------------------------------------------------------------------------


def test_answers_become_the_record_and_blocks_left_blank_are_no_rows():
    check(read(filled(ANSWERS)))


def test_a_blank_has_the_place_of_its_answer_cell():
    book = filled(ANSWERS)
    cells = {row[0].value: row[2].coordinate for row in book["Questions"].iter_rows() if row[0].value}
    (record,) = read(book).records
    assert record.one("plan").place("disagreement") == Place("Questions", cells["plan.disagreement"], file=3)
    assert record.all("objectives")[1].place("target") == Place(
        "Questions", cells["goals[1].objectives[2].target"], file=3
    )
    assert record.all("goals")[1].place("statement") == Place("Questions", cells["goals[3].statement"], file=3)


def test_rows_that_were_inserted_or_moved_change_nothing():
    book = filled(ANSWERS)
    book["Questions"].insert_rows(2, 3)
    book["Questions"].insert_rows(12)
    check(read(book))


def test_the_hidden_column_may_be_deleted():
    book = filled(ANSWERS)
    for sheet in ("Questions", "Clinic and staff"):
        book[sheet].delete_cols(1)
    check(read(book))


def test_one_damaged_hidden_cell_is_mended_by_the_question():
    book = filled(ANSWERS)
    for row in book["Questions"].iter_rows():
        if row[0].value in ("goals[1].objectives[2].statement", "client.legal_name", "goals[3].objectives[1]._"):
            row[0].value = "gaols[1]"
    check(read(book))


def test_a_question_in_other_words_is_known_by_its_path():
    book = filled(ANSWERS)
    for row in book["Questions"].iter_rows():
        if row[0].value == "client.legal_name":
            row[1].value = "Who?"
    check(read(book))


def test_without_its_path_a_misspelt_question_is_read_and_said():
    book = filled(ANSWERS)
    for row in book["Questions"].iter_rows():
        if row[0].value == "client.legal_name":
            row[0].value, row[1].value = None, "Leagl name"
            cell = row[1].coordinate
    found = read(book)
    assert [(fact.kind, fact.path, fact.place.cell, dict(fact.show)) for fact in found.facts] == [
        ("misspelt_column", "client.legal_name", cell, {"typed": "Leagl name", "nearest": "Legal name"})
    ]
    assert next(iter(found.records)).get("client.legal_name") == "Avery Reed"


def test_an_answer_to_a_question_of_ones_own_is_said():
    book = filled(ANSWERS)
    last = book["Questions"].max_row + 1
    book["Questions"].cell(last, 2, "Favourite colour")
    book["Questions"].cell(last, 3, "Blue")
    book["Questions"].cell(last + 1, 3, "Green")
    found = read(book)
    assert [(fact.kind, fact.place.cell) for fact in found.facts] == [
        ("unknown_column", f"B{last}"), ("value_without_header", f"C{last + 1}"),
    ]  # fmt: skip


def test_a_block_that_was_copied_is_said_at_each_answer():
    book = filled(ANSWERS)
    last = book["Questions"].max_row + 1
    for column, text in enumerate(("goals[1].statement", "Statement", "Another"), 1):
        book["Questions"].cell(last, column, text)
    (record,) = read(book).records
    assert [(fact.kind, fact.path, fact.place.cell) for fact in record.facts] == [
        ("double_column", "goals.statement", f"C{last}")
    ]
    assert record.all("goals")[0].statement == "Ride the bus"


def test_a_formula_that_excel_never_computed_is_said_and_not_taken_for_a_blank():
    book = filled(ANSWERS)
    for row in book["Questions"].iter_rows():
        if row[0].value == "plan.disagreement":
            row[2].value = "=1+1"
            cell = row[2].coordinate
    (record,) = read(book).records
    assert [(fact.kind, fact.place.cell) for fact in record.facts] == [("uncached_formula", cell)]


def test_a_form_without_the_question_for_the_id_is_never_left_out_in_silence():
    grids = from_markdown("""
        ## Questions
        |                  | Question   | Answer |
        | client._         | Client     |        |
        | client.legal_name| Legal name | Ann    |
        | goals[1].statement | Goal     | Sleep  |
        | goals[2].statement | Goal     |        |
        """)
    rows, facts = one_client.read(grids, SMALL)
    assert [(fact.kind, str(fact.place), fact.path) for fact in facts] == [("no_client_id", "Questions", "client.id")]
    assert rows == []


def test_a_sheet_that_is_not_ours_is_said():
    book = filled(ANSWERS)
    book.create_sheet("Notes")["A1"] = "private"
    found = read(book)
    assert [(fact.kind, fact.place.sheet) for fact in found.facts] == [("unknown_sheet", "Notes")]


def test_an_office_workbook_is_not_taken_for_a_form():
    assert not one_client.recognises(xlsx.load(blank.workbook(SMALL), "book.xlsx"))
    assert not one_client.recognises(from_markdown("## Goals\n| Client id | Question |\n| 1 | Why? |"))


# --- filled from a record ------------------------------------------------------------------------------------------


def test_a_record_with_ids_of_its_own_keeps_them():
    (record,) = read(filled({"client.id": "1"})).records
    rows = {
        "goals": [{"goal": "A", "statement": "Ride"}, {"goal": "B", "statement": "Sleep"}],
        "objectives": [
            {"goal": "B", "objective": "B.1", "statement": "In bed"},
            {"goal": "A", "objective": "A.1", "statement": "One stop"},
        ],
    }
    made = record.with_rows(
        **{name: tuple(Row(SMALL.sections[name], row) for row in found) for name, found in rows.items()}
    )
    book = openpyxl.load_workbook(io.BytesIO(blank.one_client(SMALL, record=made)))
    (again,) = read(book).records
    assert values(again)["goals"] == rows["goals"]
    assert values(again)["objectives"] == rows["objectives"][::-1]  # goal by goal


def test_the_samples_written_into_a_folder_of_forms_are_read_as_they_were(tmp_path):
    for pack in SHELF.packs.values():
        samples = pack.samples()
        if not samples:
            continue
        source, folder = tmp_path / f"{pack.name}.json", tmp_path / pack.name
        source.write_text(json.dumps(samples, default=str), encoding="utf-8")
        folder.mkdir()
        first = list(intake.read(source, EVERYTHING))
        for number, record in enumerate(first):
            (folder / f"{number:03}.xlsx").write_bytes(blank.one_client(EVERYTHING, record=record))
        again = intake.read(folder, EVERYTHING)
        assert again.facts == ()
        assert [(record.id, cleaned(record)) for record in again] == [(record.id, cleaned(record)) for record in first]


def cleaned(record):
    return {name: rows for name, rows in values(record).items() if rows}


@pytest.mark.parametrize("above", ["", "3"])
def test_blocks_are_numbered_as_rows_without_ids_are(above):
    assert [one_client.standard_id(number, above) for number in (1, 2, 26, 27)] == (
        ["3a", "3b", "3z", "3aa"] if above else ["1", "2", "26", "27"]
    )
