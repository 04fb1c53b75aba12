"""This file ensures that rows become records: typed, grouped, linked, and nothing wrong goes unsaid."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.tables import DEFINITIONS, grids
from toolkit.intake import tables
from toolkit.intake.assemble import RawRow, assemble, assemble_record, assemble_shared
from toolkit.model import Document, Fact, Field, Origin, Place

PEOPLE = """
## Staff
| Staff id | Name     |
| JR       | J Rivera |
## Clients
| Client id | Legal name | Clinician |
| 0042      | Ann Ray    | JR        |
| 0007      | Bo Lind    | JR        |
"""
GOALS = """
## Goals
| Client id | Goal | Statement |
| 0042      | 1    | Sleep     |
| 0042      | 2    | Work      |
"""


def batch(text):
    rows, facts = tables.read(grids(text), DEFINITIONS)
    return assemble(rows, DEFINITIONS, [fact for fact in facts if fact.kind not in ("missing_sheet", "missing_column")])


def said(facts):
    """Return facts as lines: kind, place, and what is shown."""
    return [" ".join((fact.kind, str(fact.place), *fact.show.values())) for fact in facts]


def values(record, name):
    return [dict(row.values) for row in record.all(name)]


def test_records_keep_the_order_of_the_clients_sheet_and_share_the_staff():
    first, second = batch(PEOPLE + GOALS)
    assert (first.id, second.id) == ("0042", "0007")
    assert first.get("client.legal_name") == "Ann Ray"
    assert first.all("staff") is second.all("staff")
    assert values(first, "goals") == [{"goal": "1", "statement": "Sleep"}, {"goal": "2", "statement": "Work"}]
    assert [row.ordinal for row in first.all("goals")] == [1, 2]
    assert second.all("goals") == ()


def test_each_value_and_each_blank_remembers_its_cell():
    first, _ = batch(PEOPLE + GOALS)
    assert str(first.all("goals")[1].place("statement")) == "Goals!C3"
    assert str(first.one("client").place("legal_name")) == "Clients!B2"
    assert str(first.one("episode").place("clinician")) == "Clients!C2"
    assert str(first.origin.place()) == "Clients!row 2"


def test_characters_that_nobody_sees_part_no_rows_and_answer_nothing():
    hidden = PEOPLE.replace("0042", "\ufeff0042").replace("| JR        |", "| J\u200bR |")
    goals = GOALS.replace("0042      | 1", "0042\u200b | \u200b1").replace("| Sleep", "| \u3164\u200b")
    (first, second), facts = batch(hidden + goals), batch(hidden + goals).facts
    assert said((*facts, *first.facts, *second.facts)) == []
    assert (first.id, first.get("client.id"), first.get("episode.clinician")) == ("0042", "0042", "JR")
    assert values(first, "goals") == [{"goal": "1"}, {"goal": "2", "statement": "Work"}]


def test_a_section_that_is_blank_on_its_row_still_has_a_place():
    text = PEOPLE + "## Plan\n| Client id | Plan date | Risk |\n| 0042 | 07/27/2026 | |"
    first, _ = batch(text)
    assert values(first, "risk") == [{}]
    assert str(first.one("risk").place("level")) == "Plan!C2"


def test_a_section_without_a_column_on_the_sheet_is_not_there():
    first, _ = batch(PEOPLE + "## Plan\n| Client id | Plan date |\n| 0042 | 07/27/2026 |")
    assert first.one("plan") is not None
    assert first.one("risk") is None


def test_the_fields_of_one_section_may_stand_on_two_sheets():
    text = PEOPLE + "## Plan\n| Client id | Risk |\n| 0042 | Low |\n## Extra\n| Client id | Tool |\n| 0042 | C-SSRS |"
    first, _ = batch(text)
    assert values(first, "risk") == [{"level": "low", "tool": "C-SSRS"}]
    assert str(first.one("risk").place("level")) == "Plan!B2"
    assert str(first.one("risk").place("tool")) == "Extra!B2"
    assert first.facts == ()


def test_what_cannot_be_read_is_a_fact_at_its_cell_and_no_value():
    text = PEOPLE + "## Plan\n| Client id | Plan date | Risk |\n| 0042 | soon | Hihg |"
    first, _ = batch(text)
    assert said(first.facts) == ["unreadable_cell Plan!B2 soon", "unknown_choice Plan!C2 Hihg High"]
    assert first.facts[0].fault == "is not a date"
    assert values(first, "plan") == [{}]


def test_what_is_no_answer_is_blank_and_said_so():
    first, _ = batch(PEOPLE + "## Plan\n| Client id | Summary |\n| 0042 | TBD |")
    assert values(first, "plan") == [{}]
    assert said(first.facts) == ["not_an_answer Plan!B2 TBD"]


def test_characters_that_no_document_may_hold_are_removed_and_named():
    row = RawRow(
        "Clients",
        {"client.id": "1", "client.legal_name": "A\x07nn\x00"},
        Origin("Clients", 2, {"client.legal_name": "B"}),
    )
    (record,) = assemble([row], DEFINITIONS)
    assert record.get("client.legal_name") == "Ann"
    assert said(record.facts) == ["removed_characters Clients!B2 U+0007 U+0000"]


def test_a_row_of_nobody_names_the_nearest_client_who_would_lack_it():
    found = batch(PEOPLE + "## Goals\n| Client id | Statement |\n| 0043 | Sleep |\n| 0042 | Work |")
    assert (said(found.facts), said(next(iter(found)).facts)) == ([], ["unknown_client Goals!A2 0043 0042"])
    assert values(next(iter(found)), "goals") == [{"goal": "1", "statement": "Work"}]


def test_ids_match_exactly_and_twins_in_case_or_spacing_are_named():
    found = batch("""
        ## Clients
        | Client id | Legal name |
        | AB-1      | Ann        |
        | ab 1      | Bo         |
        | AB-1      | Cy         |
        ## Goals
        | Client id | Statement |
        | Ab-1      | Sleep     |
        """)
    first, second = found
    assert said(first.facts) == ["duplicate_client Clients!A4 AB-1 AB-1", "unknown_client Goals!A2 Ab-1 AB-1"]
    assert said(second.facts) == ["duplicate_client Clients!A3 ab 1 AB-1"]
    assert first.get("client.legal_name") == "Ann"


def test_a_row_without_a_client_id_is_said_at_its_cell():
    found = batch(PEOPLE + "## Goals\n| Client id | Statement |\n| | Sleep |")
    assert said(found.facts) == ["no_client_id Goals!A2"]


def test_a_row_without_a_client_id_below_a_clients_row_is_told_of_that_client():
    found = batch(PEOPLE + "## Goals\n| Client id | Statement |\n| 0042 | Sleep |\n| | Work |")
    assert (said(found.facts), said(next(iter(found)).facts)) == ([], ["no_client_id Goals!A3"])


def test_a_client_who_is_only_missing_on_clients_is_nobodys_slip():
    plan = "## Plan\n| Client id | Summary |\n| 0043 | a |\n"
    found = batch(PEOPLE + "## Goals\n| Client id | Statement |\n| 0043 | Sleep |\n" + plan)
    assert sorted(said(found.facts)) == ["unknown_client Goals!A2 0043 0042", "unknown_client Plan!A2 0043 0042"]


def test_a_missing_client_id_column_is_not_said_again_in_each_row():
    found = batch(PEOPLE + "## Goals\n| Goal | Statement |\n| 1 | Sleep |\n| 2 | Work |")
    assert found.facts == ()


def damaged(text, sheet, kind, row=1, column=0):
    """Return the batch of ``text`` in which a cell of one sheet holds an error, or a formula without a result."""
    marks = {"errors": {(row, column): "#N/A"}} if kind == "error_cell" else {"uncached": frozenset({(row, column)})}
    found = [replace(grid, **marks) if grid.name == sheet else grid for grid in grids(text)]
    rows, facts = tables.read(found, DEFINITIONS)
    return assemble(rows, DEFINITIONS, [fact for fact in facts if fact.kind not in ("missing_sheet", "missing_column")])


@pytest.mark.parametrize("kind", ["error_cell", "uncached_formula"])
def test_a_client_whose_id_cannot_be_read_is_never_left_out_in_silence(kind):
    clients = "## Clients\n| Client id | Legal name |\n| | Ann Ray |\n| 0007 | Bo Lind |\n"
    found = damaged(clients + "## Plan\n| Client id | Summary |\n| 0042 | a |", "Clients", kind)
    assert [(fact.kind, str(fact.place)) for fact in found.facts] == [(kind, "Clients!A2")]
    assert [record.id for record in found] == ["0007"]


def test_a_row_whose_client_id_cannot_be_read_is_told_of_the_client_above():
    found = damaged(PEOPLE + GOALS.replace("| 0042      | 2 ", "|           | 2 "), "Goals", "error_cell", row=2)
    assert found.facts == ()
    assert said(next(iter(found)).facts) == ["error_cell Goals!A3 #N/A"]


def test_an_id_that_lost_its_zeros_in_excel_is_matched_with_what_it_was():
    text = "## Clients\n| Client id | Legal name |\n| 42 | Ann |\n| 0047 | Bo |\n## Goals\n| Client id |\n| 0042 |\n"
    found = batch(text + "## Plan\n| Client id | Summary |\n| 0042 | a |")
    assert found.facts == ()
    assert said(next(iter(found)).facts) == ["unknown_client Plan!A2 0042 42", "unknown_client Goals!A2 0042 42"]


OBJECTIVES = "## Objectives\n| Client id | Goal | Statement |\n| 0042 | 2 | a |\n"
INTERVENTIONS = "## Interventions\n| Client id | Goals | Action |\n| 0042 | 1, 2 | x |\n"


def test_what_refers_to_a_row_that_went_astray_is_not_said_again():
    astray = GOALS.replace("| 0042      | 2 ", "| 0043      | 2 ")
    first, _ = batch(PEOPLE + astray + OBJECTIVES + INTERVENTIONS)
    assert said(first.facts) == ["unknown_client Goals!A3 0043 0042"]
    assert first.all("interventions")[0].get("goals") == ("1", "2")


def test_what_refers_to_an_id_that_cannot_be_read_is_not_said_again():
    blank = GOALS.replace("| 0042      | 2 ", "| 0042      |   ")
    first, _ = damaged(PEOPLE + blank + OBJECTIVES.replace("| 2 |", "| 3 |"), "Goals", "error_cell", row=2, column=1)
    assert said(first.facts) == ["error_cell Goals!B3 #N/A"]


def test_what_refers_to_a_missing_sheet_is_not_said_again():
    without_staff = PEOPLE[PEOPLE.index("## Clients") :]
    rows, _ = tables.read(grids(without_staff), DEFINITIONS)
    missing = Fact("missing_sheet", Place("Staff"), "Staff")
    found = assemble(rows, DEFINITIONS, [missing])
    assert found.facts == (missing,)
    assert [record.facts for record in found] == [(), ()]


def test_without_the_clients_sheet_no_row_is_said_to_be_a_stranger():
    rows, _ = tables.read(grids(GOALS), DEFINITIONS)
    missing = Fact("missing_sheet", Place("Clients"), "Clients")
    assert assemble(rows, DEFINITIONS, [missing]).facts == (missing,)


def test_example_rows_that_were_typed_over_are_left_out_and_said():
    found = batch("""
        ## Staff
        | Staff id | Name  |
        | EXAMPLE  | Nobody |
        ## Clients
        | Client id | Legal name |
        | EXAMPLE   | Nobody     |
        | 1         | Ann        |
        """)
    assert [record.id for record in found] == ["1"]
    assert said(found.facts) == ["changed_example Staff!A2", "changed_example Clients!A2"]
    assert next(iter(found)).all("staff") == ()


def test_a_second_row_of_a_single_section_is_said_and_not_read():
    first, _ = batch(PEOPLE + "## Plan\n| Client id | Summary |\n| 0042 | One |\n| 0042 | Two |")
    assert said(first.facts) == ["second_row Plan!row 3"]
    assert values(first, "plan") == [{"summary": "One"}]


def test_staff_that_each_file_of_a_folder_names_again_are_one():
    rows = [
        RawRow("Staff", {"staff.staff_id": name, "staff.name": title}, Origin("Staff", 2, {}, file=file))
        for file, name, title in [
            (1, "JR", "J Rivera"),
            (2, "JR", ""),
            (3, "MK", "M K"),
            (4, "MK", "M Kay"),
            (4, "MK", "M Kay"),
        ]
    ]
    found = assemble([*rows, RawRow("Clients", {"client.id": "1"})], DEFINITIONS)
    staff = next(iter(found)).all("staff")
    assert [row.get("name") for row in staff] == ["J Rivera", "M K", "M Kay", "M Kay"]
    assert [fact.kind for fact in found.facts] == ["duplicate_id", "duplicate_id"]


def test_a_client_who_is_in_two_files_is_said_once_and_only_the_first_is_read():
    rows = [
        RawRow(sheet, {"client.id": "1"} | more, Origin(sheet, 2, {}, file=file))
        for file, goal in [(1, "Sleep"), (2, "Work")]
        for sheet, more in [("Clients", {}), ("Goals", {"goals.goal": "1", "goals.statement": goal}), ("Plan", {})]
    ]
    (record,) = assemble(rows, DEFINITIONS)
    assert [fact.kind for fact in record.facts] == ["duplicate_client"]
    assert values(record, "goals") == [{"goal": "1", "statement": "Sleep"}]


# --- ids and references --------------------------------------------------------------------------------------------


def test_rows_without_an_id_are_numbered_around_the_typed_ones():
    first, _ = batch(
        PEOPLE
        + """
        ## Goals
        | Client id | Goal | Statement |
        | 0042      |      | Sleep     |
        | 0042      | 1    | Work      |
        | 0042      |      | Eat       |
        ## Objectives
        | Client id | Goal | Objective | Statement |
        | 0042      | 2    |           | a         |
        | 0042      | 2    | 2a        | b         |
        | 0042      | 3    |           | c         |
        | 0042      | 2    |           | d         |
        """
    )
    assert [row.goal for row in first.all("goals")] == ["2", "1", "3"]
    assert [row.objective for row in first.all("objectives")] == ["2b", "2a", "3a", "2c"]


def test_letters_go_on_after_z():
    rows = "\n".join(f"| 0042 | 1 | s{number} |" for number in range(28))
    first, _ = batch(PEOPLE + GOALS + "## Objectives\n| Client id | Goal | Statement |\n" + rows)
    assert [row.objective for row in first.all("objectives")][24:] == ["1y", "1z", "1aa", "1ab"]


def test_an_id_that_must_be_typed_is_not_given():
    first, _ = batch("## Staff\n| Staff id | Name |\n| | J Rivera |\n## Clients\n| Client id |\n| 1 |\n| 2 |")
    assert values(first, "staff") == [{"name": "J Rivera"}]


def test_an_id_that_stands_twice_is_said():
    rows = "| 0042 | A | x |\n| 0042 | a | y |\n| 0042 | 1 | z |\n| 0042 | 1 | z |"
    first, _ = batch(PEOPLE + "## Goals\n| Client id | Goal | Statement |\n" + rows)
    assert said(first.facts) == ["duplicate_id Goals!B3 a A", "duplicate_id Goals!B5 1 1"]


def test_a_date_that_stands_twice_is_said_where_each_row_is_a_document():
    review = Document("review", "Review", "goals.date", "review.docx", each="goals")
    goals = DEFINITIONS.sections["goals"]
    dated = replace(goals, fields=(*goals.fields, Field("goals", "date", "Date", "date", goals.sheet, 9)))
    sections = {**DEFINITIONS.sections, "goals": dated}
    definitions = replace(DEFINITIONS, sections=sections, documents={"review": review})
    rows = "| 0042 | 1 | 07/27/2026 |\n| 0042 | 2 | 2026-07-27 |\n| 0042 | 3 | |\n| 0042 | 4 | |"
    rows += "\n| 0007 | 1 | 07/27/2026 |"
    found, _ = tables.read(grids(PEOPLE + "## Goals\n| Client id | Goal | Date |\n" + rows), definitions)
    first, second = assemble(found, definitions).records
    assert said(first.facts) == ["duplicate_date Goals!C3"] and second.facts == ()


def test_a_reference_may_be_typed_in_small_letters():
    first, second = batch("""
        ## Staff
        | Staff id | Name      |
        | JR       | J Rivera  |
        | mk       | M Kay     |
        | MK       | M Kim     |
        ## Clients
        | Client id | Legal name | Clinician |
        | 1         | Ann        | jr        |
        | 2         | Bea        | Mk        |
        """)
    assert (first.get("episode.clinician"), first.facts) == ("JR", ())
    assert [(fact.kind, fact.show["typed"]) for fact in second.facts] == [("unknown_id", "Mk")]


def test_references_that_lead_nowhere_are_said_with_the_nearest():
    found = batch("""
        ## Staff
        | Staff id | Name     | Supervisor |
        | JR       | J Rivera | JP         |
        ## Clients
        | Client id | Legal name | Clinician |
        | 1         | Ann        | JRR        |
        """)
    (record,) = found
    assert said(found.facts) == ["unknown_id Staff!C2 JP JR"]
    assert said(record.facts) == ["unknown_id Clients!C2 JRR JR"]
    assert record.get("episode.clinician") is None


@pytest.mark.parametrize(
    ("typed", "read", "facts"),
    [
        ("1, 2", ("1", "2"), []),
        ("All", ("all",), []),
        ("1; 5", ("1",), ["unknown_id Interventions!B2 5 1, 2"]),
        ("7 8", None, ["unknown_id Interventions!B2 7 8 1, 2"]),
    ],
)
def test_lists_of_ids_keep_what_is_known(typed, read, facts):
    text = PEOPLE + GOALS + f"## Interventions\n| Client id | Goals | Action |\n| 0042 | {typed} | x |"
    first, _ = batch(text)
    assert first.all("interventions")[0].get("goals") == read
    assert said(first.facts) == facts


def test_a_blank_parent_is_the_only_one_there_is():
    goals = "## Goals\n| Client id | Statement |\n| 0042 | Sleep |\n"
    text = PEOPLE + goals + "## Objectives\n| Client id | Goal | Statement |\n| 0042 | | a |"
    first, _ = batch(text)
    assert values(first, "objectives") == [{"goal": "1", "objective": "1a", "statement": "a"}]


def test_a_blank_parent_among_several_is_said():
    text = PEOPLE + GOALS + "## Objectives\n| Client id | Goal | Statement |\n| 0042 | | a |"
    first, _ = batch(text)
    assert said(first.facts) == ["no_parent Objectives!B2"]
    assert values(first, "objectives") == [{"objective": "1", "statement": "a"}]


def test_an_unknown_parent_is_said_once():
    text = PEOPLE + GOALS + "## Objectives\n| Client id | Goal | Statement |\n| 0042 | 22 | a |"
    first, _ = batch(text)
    assert said(first.facts) == ["unknown_id Objectives!B2 22 1, 2 2"]


def test_rows_find_their_review_by_its_date():
    first, _ = batch(
        PEOPLE
        + """
        ## Reviews
        | Client id | Date       |
        | 0042      | 07/27/2026 |
        | 0042      | 10/27/2026 |
        ## Progress
        | Client id | Review date | Current |
        | 0042      | 2026-07-27  | 9       |
        | 0042      | 10/26/2026  | 8       |
        """
    )
    assert said(first.facts) == ["unknown_id Progress!B3 10/26/2026 07/27/2026, 10/27/2026 10/27/2026"]
    assert [row.review_date for row in first.all("progress")] == [first.all("review")[0].date, None]


def test_a_stream_assembles_each_record_by_itself():
    shared = assemble_shared([RawRow("Staff", {"staff.staff_id": "JR"})], DEFINITIONS)
    rows = [
        RawRow("Clients", {"client.id": "1"}, Origin(pointer="/client"), sections=("client",)),
        RawRow(
            "Clients", {"client.id": "1", "episode.clinician": "JR"}, Origin(pointer="/episode"), sections=("episode",)
        ),
    ]
    record = assemble_record(rows, shared)
    assert record.id == "1"
    assert record.get("episode.clinician") == "JR"
    assert record.facts == ()
    assert str(record.one("episode").place("clinician")) == "/episode/clinician"


RAW = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.decimals(), st.dates(), st.datetimes(),
    st.text(), st.lists(st.text()),
)  # fmt: skip
PATHS = st.sampled_from([*DEFINITIONS.fields, "client.id"])
ROWS = st.builds(
    RawRow,
    st.sampled_from([*DEFINITIONS.sheets, "Nowhere"]),
    st.dictionaries(PATHS, st.one_of(RAW, st.sampled_from(["1", "2", "a"]))),
    st.builds(Origin, st.sampled_from(["", "Goals"]), st.integers(1, 9)),
)


@given(st.lists(ROWS, max_size=12))
def test_no_data_is_ever_an_exception(rows):
    for record in assemble(rows, DEFINITIONS):
        assert record.id


def test_a_person_named_instead_of_an_id_is_offered_by_the_id():
    found = batch("""
        ## Staff
        | Staff id | Name         |
        | RM       | Rashad Moore |
        | KB       | Karen Boone  |
        ## Clients
        | Client id | Legal name | Clinician    |
        | 1         | Ann        | Rashad Moore |
        """)
    (record,) = found
    assert said(record.facts) == ["unknown_id Clients!C2 Rashad Moore RM, KB RM"]
