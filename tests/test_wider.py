"""This file ensures that a workbook that asks for more loses nothing of the old one, whatever that was."""

import io
import json
import zipfile
from datetime import date

import openpyxl
import pytest
from excel_saved import MAIN, REL, WORKBOOK_FILE, packed, unpacked
from exporting import to_csv, to_json
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from office import complaints
from tables import DEFINITIONS, book, csv_files, saved, workbook

from toolkit import demo, intake, shelf
from toolkit.batch.widened import widened
from toolkit.errors import ReadError, WriteError
from toolkit.intake import blank, xlsx
from toolkit.intake import guide as guide_sheet
from toolkit.intake.wider import Old

SHELF = shelf.load()
ALL = SHELF.all()
DAY = date(2026, 9, 30)
EVERYTHING = tuple(ALL.documents)
DEMO = demo.workbook(SHELF)
CLIENTS = """
    ## Clients
    | Client id | Legal name | Insurance card seen |
    | 0042      | Ana Reyes  | yes, 5/4            |
    ## Plan
    | Client id | Plan date  | Summary | Risk   |
    | 0042      | 05/04/2026 | =1+1    | hihg   |
    ## Parking
    | Space |
    | B12   |
"""


def less(data, *sheets, **columns):
    """Return the workbook ``data`` without some sheets, and without some columns (labels by sheet)."""
    made = opened(data)
    for name in sheets:
        del made[name]
    for name, label in columns.items():
        (head,) = [cell for cell in made[name][2] if str(cell.value).split("\xa0")[0] == label]
        for (cell,) in made[name].iter_rows(min_col=head.column, max_col=head.column):
            cell.value = None
    return saved(made)


def grown(data, tmp_path, definitions=DEFINITIONS, **options):
    """Return the workbook ``data`` with all that the definitions ask, as bytes."""
    path = tmp_path / "old.xlsx"
    path.write_bytes(data)
    return Old(path, definitions).wider(definitions, documents=(), full=True, **options).data


def asked_more(data, tmp_path, **options):
    path = tmp_path / "clients.xlsx"
    path.write_bytes(data)
    return widened(path, SHELF, today=DAY, **options)


def opened(data):
    return openpyxl.load_workbook(io.BytesIO(data))


def read(data, tmp_path, definitions=DEFINITIONS):
    path = tmp_path / "read.xlsx"
    path.write_bytes(data)
    return intake.read(path, definitions)


def cells(data):
    """Return what each cell shows, by sheet and place from 0."""
    grids = xlsx.load(data, "x")
    return {
        (grid.name, row, column): cell
        for grid in grids
        for row, values in enumerate(grid.rows)
        for column, cell in enumerate(values)
        if cell not in (None, "")
    }


def answers(batch):
    """Return all that was typed and all that was met, place by place."""
    return [
        (
            record.id,
            record.facts,
            {name: [(row.values, row.origin.row) for row in rows] for name, rows in filled(record)},
        )
        for record in batch
    ]


def values(batch):
    return [(record.id, {name: [row.values for row in rows] for name, rows in filled(record)}) for record in batch]


def filled(record):
    found = ((name, [row for row in rows if row.values]) for name, rows in record.rows.items())
    return [(name, rows) for name, rows in found if rows]


def is_link(item):
    """Tell whether others name rows by it: where it is gone, what seems to lead nowhere is not told."""
    section = ALL.sections[item.section]
    return item.kind in ("ref", "refs") or item.name in (section.key, section.parent_field, "date")


NAMED = {section.sheet for section in ALL.sections.values() if section.key} | {"Reviews"}
"""Sheets of which others name the rows."""
SMALLER = less(DEMO, "Scores", "Discharge", "Outcomes", Plan="Medications", Clients="Pronouns")


# --- a workbook ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("data", [WORKBOOK_FILE, workbook(CLIENTS), SMALLER], ids=["excel", "by hand", "demo"])
def test_every_cell_stands_where_it_stood_and_every_answer_reads_as_it_did(tmp_path, data):
    definitions = ALL if data is SMALLER else DEFINITIONS
    new = grown(data, tmp_path, definitions)
    old = {place: cell for place, cell in cells(data).items() if place[0] != guide_sheet.TITLE}
    assert old.items() <= cells(new).items()
    before, after = read(data, tmp_path, definitions), read(new, tmp_path, definitions)
    assert answers(before) == answers(after)
    lacking = {"missing_sheet", "missing_column"}
    assert list(after.facts) == [fact for fact in before.facts if fact.kind not in lacking]


def test_what_bears_nothing_new_is_the_same_byte_for_byte(tmp_path):
    theirs, ours = unpacked(WORKBOOK_FILE), unpacked(grown(WORKBOOK_FILE, tmp_path))
    changed = {name for name, part in theirs.items() if ours[name] != part}
    assert changed == {
        "[Content_Types].xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/styles.xml", "docProps/app.xml",
        "xl/worksheets/sheet1.xml", "xl/chartsheets/sheet1.xml",
    }  # fmt: skip


@settings(max_examples=5)
@given(st.data())
def test_sheets_and_columns_that_are_taken_away_come_back_and_the_others_stay(tmp_path_factory, data):
    tmp_path = tmp_path_factory.mktemp("wider")
    book = opened(DEMO)
    labels = {item.label for item in ALL.fields.values() if not is_link(item)}
    for sheet in [one for one in book if one.title not in (guide_sheet.TITLE, "Clients", "Lists", *NAMED)]:
        if data.draw(st.integers(0, 5)) == 0:
            book.remove(sheet)
            continue
        for column in range(sheet.max_column, 1, -1):
            if str(sheet.cell(2, column).value).split("\xa0")[0] in labels and data.draw(st.integers(0, 9)) == 0:
                for row in sheet.iter_rows(min_col=column, max_col=column):
                    row[0].value = None
    old = saved(book)
    new = asked_more(old, tmp_path, documents=EVERYTHING).data
    labels = {
        sheet.title: {str(cell.value).split("\xa0")[0] for cell in sheet[2] if cell.value} for sheet in opened(new)
    }
    missing = [item.path for item in ALL.fields.values() if item.required and item.label not in labels[item.sheet]]
    assert missing == []
    assert answers(read(old, tmp_path, ALL)) == answers(read(new, tmp_path, ALL))


def test_a_sheet_of_plans_alone_gets_what_its_clients_and_the_documents_need(tmp_path):
    records = intake.records(demo.samples(SHELF), ALL)
    outpatient = blank.workbook(SHELF.compose(("adult",)), records=list(records)[:1])
    wider = asked_more(outpatient, tmp_path, documents=("plan_review",), level="IOP")
    assert wider.kept and wider.added[0].startswith("New sheets: ")
    assert {"Reviews", "Progress", "Team", "Meetings", "Second review"} <= set(opened(wider.data).sheetnames)
    (plan,) = [line for line in wider.added if line.startswith("New on Plan")]
    assert "Why this level of care (" in plan and "Hours of care a week (" in plan
    assert "Discharge" not in opened(wider.data).sheetnames


def test_the_new_columns_ask_warn_and_pick_as_in_a_workbook_of_ours(tmp_path):
    outpatient = blank.workbook(SHELF.compose(("adult",)))
    sheet = opened(asked_more(outpatient, tmp_path, populations=("idd",)).data)["Clients"]
    (head,) = [cell for cell in sheet[2] if str(cell.value).startswith("Guardian name")]
    question = sheet.cell(1, head.column).value
    assert "Who signs as parent or legal guardian?" in str(question) and "(sheet IDD)" in str(question)
    letter = head.column_letter
    (rule,) = [one for one in sheet.data_validations.dataValidation if f"{letter}3" in one.sqref]
    assert rule.promptTitle == "Guardian name" and sheet.column_dimensions[letter].width > 15
    changed = opened(asked_more(outpatient, tmp_path, populations=("idd",)).data)["IDD"]
    assert any(
        rule.formula1.startswith("list_idd") for rule in changed.data_validations.dataValidation if rule.formula1
    )


def test_the_guide_in_front_is_new_and_the_old_one_stays_hidden(tmp_path):
    book = opened(asked_more(SMALLER, tmp_path, documents=EVERYTHING).data)
    assert book.sheetnames[0] == book.active.title == "Start here"
    assert book["Start here 2"].sheet_state == book["Lists 2"].sheet_state == "hidden"
    assert "Discharge" in [cell.value for cell in book["Start here"]["B"]]
    facts = read(saved(book), tmp_path, ALL).facts
    assert "unknown_sheet" not in {fact.kind for fact in facts}


def test_a_workbook_that_has_everything_is_not_written_again(tmp_path):
    whole = asked_more(DEMO, tmp_path, documents=EVERYTHING, full=True).data
    with pytest.raises(WriteError, match="has every sheet and column"):
        asked_more(whole, tmp_path, documents=EVERYTHING, full=True)


def test_the_file_is_valid_for_excel(tmp_path):
    outpatient = blank.workbook(SHELF.compose(("adult",)))
    more = asked_more(outpatient, tmp_path, documents=EVERYTHING, populations=("idd", "adolescent"), level="IOP").data
    for name, data in (("ours", more), ("excel", grown(WORKBOOK_FILE, tmp_path))):
        path = tmp_path / f"{name}.xlsx"
        path.write_bytes(data)
        assert complaints(path) == []
        with zipfile.ZipFile(path) as package:
            root = etree.fromstring(package.read("xl/workbook.xml"))
        names = [
            (item.get("name").casefold(), item.get("localSheetId")) for item in root.iter(f"{{{MAIN}}}definedName")
        ]
        titles = [item.get("name").casefold() for item in root.iter(f"{{{MAIN}}}sheet")]
        assert len(names) == len(set(names)) and len(titles) == len(set(titles))


def test_the_same_workbook_gives_the_same_bytes(tmp_path):
    assert asked_more(SMALLER, tmp_path, full=True).data == asked_more(SMALLER, tmp_path, full=True).data


def test_new_columns_stand_right_of_all_that_is_there_also_of_titles_and_hidden_columns(tmp_path):
    made = book("## Clients\n| Client id | Legal name | Mine |\n| 0042 | Ana Reyes | a note |")
    made["Clients"].insert_rows(1)
    made["Clients"]["A1"] = "Our clients"
    made["Clients"].merge_cells("A1:F1")
    made["Clients"].column_dimensions.group("G", "XFD", hidden=True)
    sheet = opened(grown(saved(made), tmp_path))["Clients"]
    assert [cell.value for cell in sheet[2]][:3] == ["Client id", "Legal name", "Mine"]
    assert sheet["G2"].value and not sheet.column_dimensions["G"].hidden
    parts = unpacked(grown(saved(made), tmp_path))
    spans = [item for name in parts if "sheet1.xml" in name and "rels" not in name
             for item in etree.fromstring(parts[name]).iter(f"{{{MAIN}}}col")]  # fmt: skip
    last = max(spans, key=lambda item: int(item.get("max")))
    assert (last.get("max"), last.get("hidden")) == ("16384", "1")


def test_a_blank_sheet_of_the_right_name_is_filled_and_another_thing_of_that_name_is_told(tmp_path):
    made = book("## Clients\n| Client id |\n| 0042 |")
    made.create_sheet("goals")
    new = opened(grown(saved(made), tmp_path))
    assert [name for name in new.sheetnames if name.casefold() == "goals"] == ["goals"]
    assert str(new["goals"]["A2"].value).startswith("Client id")
    made.create_chartsheet("Plan")
    with pytest.raises(WriteError, match="something else on a sheet called Plan"):
        grown(saved(made), tmp_path)


def test_a_workbook_saved_as_strict_open_xml_grows_in_its_own_words(tmp_path):
    strict = {
        name: content.replace(MAIN.encode(), b"http://purl.oclc.org/ooxml/spreadsheetml/main").replace(
            REL.encode(), b"http://purl.oclc.org/ooxml/officeDocument/relationships"
        )
        for name, content in unpacked(WORKBOOK_FILE).items()
    }
    parts = unpacked(grown(packed(strict), tmp_path))
    assert not any(MAIN.encode() in part or f'"{REL}'.encode() in part for part in parts.values())


@pytest.mark.parametrize("part", ["xl/worksheets/sheet1.xml", "xl/styles.xml", "docProps/app.xml"])
def test_a_damaged_part_is_one_sentence(tmp_path, part):
    with pytest.raises(ReadError, match="damaged and cannot be read"):
        grown(packed(unpacked(WORKBOOK_FILE) | {part: b"<x"}), tmp_path)


# --- anything else -------------------------------------------------------------------------------------------------


def test_csv_and_json_become_a_workbook_with_the_same_answers(tmp_path):
    records = list(intake.records(demo.samples(SHELF), ALL))
    folder = tmp_path / "csv"
    folder.mkdir()
    for sheet, data in to_csv(records, ALL).items():
        (folder / f"{sheet}.csv").write_bytes(data)
    (tmp_path / "clients.json").write_text(to_json(records), encoding="utf-8")
    for source in (folder, tmp_path / "clients.json"):
        wider = widened(source, SHELF, today=DAY, documents=EVERYTHING)
        assert not wider.kept and wider.left_out == []
        assert values(read(wider.data, tmp_path, ALL)) == values(intake.read(source, ALL))


def test_what_cannot_be_read_is_carried_over_as_typed_and_what_has_no_place_is_told(tmp_path):
    folder = csv_files(CLIENTS, tmp_path / "csv")
    wider = Old(folder, DEFINITIONS).wider(DEFINITIONS, documents=(), full=True)
    plan = opened(wider.data)["Plan"]
    row = {str(head.value).split("\xa0")[0]: cell.value for head, cell in zip(plan[2], plan[3], strict=True)}
    assert (row["Client id"], row["Plan date"], row["Summary"], row["Risk"]) == ("0042", "05/04/2026", "=1+1", "hihg")
    assert wider.left_out == [
        "Parking: a sheet that is none of ours (“Parking”)",
        "Clients!C1: a column that is none of ours (“Insurance card seen”)",
    ]
    assert answers(read(wider.data, tmp_path))[0][1][0].show["typed"] == "hihg"


ODD = [
    "0042", "", 5, 4.5, 1e5, 12345678901234567, True, ["a", "b"], "bell\x07", "a\u2028b", "_x0041_", "=1", "\r\n",
    "  x ", "#N/A", -0.1,
]  # fmt: skip


@settings(max_examples=40)
@given(st.sampled_from(ODD) | st.text(max_size=20))
def test_any_answer_in_json_reads_the_same_from_the_workbook(tmp_path_factory, typed):
    tmp_path = tmp_path_factory.mktemp("json")
    record = {"client": {"id": "1", "legal_name": typed}, "plan": {"date": "2026-05-04", "summary": typed}}
    path = tmp_path / "clients.json"
    path.write_text(json.dumps({"records": [record]}), encoding="utf-8")
    wider = Old(path, DEFINITIONS).wider(DEFINITIONS, documents=(), full=True)
    assert values(read(wider.data, tmp_path)) == values(intake.read(path, DEFINITIONS))


def test_what_is_no_answer_at_all_is_told(tmp_path):
    path = tmp_path / "clients.json"
    record = {"client": {"id": "1", "legal_name": {"first": "Ana"}}, "hobby": "chess", "plan": {"summary": True}}
    path.write_text(json.dumps({"records": [record]}), encoding="utf-8")
    told = Old(path, DEFINITIONS).wider(DEFINITIONS, documents=(), full=True).left_out
    assert told == [
        "/records/0: a name that is none of ours (“hobby”)",
        "/records/0/client/legal_name: what is no single answer",
        "/records/0/plan/summary: a yes or no where something else is asked",
    ]


def test_questions_and_answers_of_one_client_become_a_row(tmp_path):
    (record, *_) = intake.records(demo.samples(SHELF), ALL)
    path = tmp_path / "one.xlsx"
    path.write_bytes(blank.one_client(SHELF.compose(("adult",)), record=record))
    wider = widened(path, SHELF, today=DAY)
    assert values(read(wider.data, tmp_path, ALL)) == values(intake.read(path, ALL)) and not wider.left_out
