"""This file ensures that Excel is read as people write it, and that nothing odd in it goes unsaid."""

import datetime as dt
import io
import os
import re
import string
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from tests.tables import DEFINITIONS, book, grids, put, saved, workbook
from toolkit import intake, kinds, shelf, text
from toolkit.errors import ReadError
from toolkit.intake import tables, xlsx
from toolkit.intake.tables import Grid, header_key

ALL = shelf.load().all()
PLAN = """
    ## Clients
    | Client id | Legal name |
    | 0042      | Ann Ray    |
    ## Plan
    | Client id | Plan date  | Summary | Risk |
    | 0042      | 07/27/2026 | One     | Low  |
    """


def grid(made, name="Plan"):
    return next(item for item in xlsx.load(saved(made), "clients.xlsx") if item.name == name)


def rows_and_facts(source, definitions=DEFINITIONS):
    found = xlsx.load(source, "x") if isinstance(source, bytes) else source
    rows, facts = tables.read(found, definitions)
    missing = ("missing_sheet", "missing_column")
    return rows, [fact for fact in (*facts, *(f for row in rows for f in row.facts)) if fact.kind not in missing]


def said(source, definitions=DEFINITIONS):
    _, facts = rows_and_facts(source, definitions)
    return [" ".join((fact.kind, str(fact.place), *fact.show.values())) for fact in facts]


# --- cells ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "number_format", "seen"),
    [
        (42.0, "General", "42"),
        (42, "00000", "00042"),
        (123456, "00000", "123456"),
        (0.8, "0%", "80%"),
        (0.125, "0%", "12.5%"),
        (1 / 3, "0.00%", "33.33%"),
        (1.5, '0.00%;[Red]-0.00%', "150%"),
        (0.1 + 0.2, "General", "0.3"),
        (4.5, "General", "4.5"),
        (12345678901, "General", "12345678901"),
        (True, "General", "TRUE"),
        (dt.datetime(2026, 7, 27), "mm/dd/yyyy", "07/27/2026"),
        (dt.datetime(2026, 7, 27, 14, 30), "mm/dd/yyyy hh:mm", "07/27/2026 14:30"),
        (dt.time(14, 30), "hh:mm", "14:30"),
        (dt.timedelta(hours=30), "[h]:mm", "30:00"),
        (12345678, "000-00-0000", "012-34-5678"),
        (12345678, r"000\-00\-0000", "012-34-5678"),
        (5550100042, "[<=9999999]###-####;(###) ###-####", "(555) 010-0042"),
        (5550100, "[<=9999999]###-####;(###) ###-####", "555-0100"),
        (42, '"ID-"0', "ID-42"),
        (5, '0" min"', "5 min"),
        (50, '0" mg"', "50 mg"),
        (2.5, '0" mg"', "2.5 mg"),  # Excel shows 3 mg; a dose is not rounded
        (2.5, '0.0#" mg"', "2.5 mg"),
        (2.5, 'General" mg"', "2.5 mg"),
        (1200, '#,##0\\ "mg"', "1,200 mg"),
        (-3, '0" kg"', "-3 kg"),
        (-3, '0" up";0" down";"none"', "3 down"),
        (0, '0" up";0" down";"none"', "none"),
        (7, '"Dose "0" mg"_)', "Dose 7 mg"),
        (1.5, '"$"#,##0.00', "1.5"),
        (1, '"Yes";;"No"', "Yes"),
        (0, '"Yes";;"No"', "No"),
        (-1, '"Yes";;"No"', "-1"),
        (1.5, '"Yes";;"No"', "Yes"),
        (0, '"ID-"0;-0;"a;b"', "a;b"),
        (0, "000-00-0000;-0;General", "0"),
        (4.5, "00.00", "4.5"),
        (0.5, "# ?/?", "0.5"),
        (100000, "0.00E+00", "1.00E+05"),
        (dt.datetime(2026, 1, 2), "d-mmm", "2-Jan"),
        (dt.datetime(2026, 3, 1), "mmm-yy", "Mar-26"),
        (dt.datetime(2026, 1, 2), "mmmm d", "2-Jan"),
        (dt.datetime(2026, 1, 2), "[$-F800]dddd\\,\\ mmmm\\ dd\\,\\ yyyy", "01/02/2026"),
        (1.0625, "h:mm", "01:30"),
    ],
)  # fmt: skip
def test_a_cell_is_read_as_a_person_sees_it(value, number_format, seen):
    made = book(PLAN)
    made["Plan"]["C2"].value = value
    made["Plan"]["C2"].number_format = number_format
    assert kinds.as_text(grid(made).rows[1][2]) == seen


@pytest.mark.parametrize(
    ("column", "value", "number_format", "told"),
    [
        ("objectives.target", dt.datetime(2026, 1, 2), "d-mmm", "2-Jan"),  # 1/2 typed
        ("objectives.target", dt.datetime(2026, 1, 2), "m/d/yyyy", "01/02/2026"),  # 5 in a cell made for dates
        ("objectives.target", dt.time(1, 30), "h:mm", "01:30"),
        ("objectives.target", True, "General", "TRUE"),
        ("objectives.target", 100000, "0.00E+00", "1.00E+05"),
        ("objectives.target_date", dt.datetime(2026, 3, 1), "mmm-yy", "Mar-26"),
        ("objectives.objective", dt.datetime(2026, 1, 1), "d-mmm", "1-Jan"),
        ("client.id", dt.datetime(1945, 10, 12), "m/d/yyyy", "10/12/1945"),  # 10-12-45 typed
        ("client.id", 1234567890123456, "0", "1234567890123456"),
        ("interventions.minutes", 0.5, "0%", "50%"),
        ("plan.primary_diagnosis", dt.datetime(2026, 3, 1), "d-mmm", "1-Mar"),
    ],
)  # fmt: skip
def test_an_answer_that_excel_changed_is_told_at_its_cell(tmp_path, column, value, number_format, told):
    item = ALL.fields[column]
    own = f"## {item.sheet}\n| Client id | {item.label} |\n| 0042 | |" if column != "client.id" else ""
    made = book(f"## Clients\n| Client id |\n| 0042 |\n{own}")
    at = "B2" if own else "A2"
    made[item.sheet][at].value = value
    made[item.sheet][at].number_format = number_format
    (tmp_path / "clients.xlsx").write_bytes(saved(made))
    batch = intake.read(tmp_path / "clients.xlsx", ALL)
    (fact,) = (fact for record in batch for fact in record.facts if fact.path == column)
    assert (fact.kind, str(fact.place), fact.show["typed"]) == ("unreadable_cell", f"{item.sheet}!{at}", told)


@pytest.mark.parametrize("epoch", [None, CALENDAR_MAC_1904])
def test_dates_of_both_calendars_are_dates(epoch):
    made = book(PLAN)
    made.epoch = epoch or made.epoch
    made["Plan"]["B2"].value = dt.datetime(2026, 7, 27)
    assert grid(made).rows[1][1] == dt.date(2026, 7, 27)


def test_text_that_looks_like_something_else_stays_text():
    made = book(PLAN)
    for cell, typed in (("B2", "=SUM(A1)"), ("C2", "007"), ("D2", "_x0041_")):
        put(made["Plan"][cell], typed)
    made["Plan"]["C2"].quotePrefix = True
    assert grid(made).rows[1][1:] == ["=SUM(A1)", "007", "_x0041_"]


def test_a_text_in_several_fonts_is_one_text():
    parts = dict(zip_parts(workbook(PLAN)))
    sheet = parts["xl/worksheets/sheet2.xml"].decode()
    assert ">One<" in sheet
    rich = re.sub(r"<t>One</t>", "<r><rPr><b/></rPr><t>O</t></r><r><t>ne</t></r>", sheet)
    assert xlsx.load(zipped(parts | {"xl/worksheets/sheet2.xml": rich.encode()}), "x")[1].rows[1][2] == "One"


def test_row_numbers_are_those_of_the_sheet_whatever_is_above():
    made = book(PLAN)
    made["Plan"].insert_rows(1, 4)
    made["Plan"]["A2"].value = "Fill one row for each client"
    rows, _ = rows_and_facts(saved(made))
    (plan,) = (row for row in rows if row.sheet == "Plan")
    assert str(plan.origin.place("plan.date")) == "Plan!B6"


def test_error_cells_and_formulas_without_a_result_are_said():
    made = book(PLAN)
    made["Plan"]["B2"].value = "=TODAY()"
    made["Plan"]["C2"].value = "#N/A"
    made["Plan"]["C2"].data_type = "e"
    assert said(saved(made)) == ["uncached_formula Plan!B2", "error_cell Plan!C2 #N/A"]


def test_a_formula_that_gives_an_empty_text_is_blank():
    parts = dict(zip_parts(workbook(PLAN)))
    sheet = parts["xl/worksheets/sheet2.xml"].decode()
    cell = re.search(r'<c r="C2".*?</c>', sheet)[0]
    sheet = sheet.replace(cell, '<c r="C2" t="str"><f>IF(1,"","")</f><v></v></c>')
    assert said(zipped(parts | {"xl/worksheets/sheet2.xml": sheet.encode()})) == []


def test_hidden_and_filtered_rows_are_used_and_said():
    made = book(PLAN + "| 0007 | | Two | |\n| 0008 | | Three | |")
    made["Plan"].row_dimensions[3].hidden = True
    rows, _ = rows_and_facts(saved(made))
    assert [row.values["plan.summary"] for row in rows if row.sheet == "Plan"] == ["One", "Two", "Three"]
    assert said(saved(made)) == ["hidden_rows Plan!row 3 3"]


def test_hidden_sheets_and_columns_are_used_and_said_once_each():
    made = book(PLAN)
    made["Plan"].sheet_state = "veryHidden"
    for letter in ("C", "D", "F"):
        made["Plan"].column_dimensions[letter].hidden = True
    rows, _ = rows_and_facts(saved(made))
    (plan,) = (row for row in rows if row.sheet == "Plan")
    assert plan.values["plan.summary"] == "One"
    assert said(saved(made)) == ["hidden_sheet Plan", "hidden_columns Plan!C1 C, D"]


def test_a_hidden_column_without_an_answer_and_a_hidden_sheet_without_a_row_are_nothing_to_speak_of():
    made = book("## Plan\n| Client id | Summary | Mine |\n| 1 | | note |\n## Goals\n| Client id | Statement |")
    made["Plan"].column_dimensions["B"].hidden = made["Plan"].column_dimensions["C"].hidden = True
    made["Goals"].sheet_state = "hidden"
    assert said(saved(made)) == ["unknown_column Plan!C1 Mine"]


def test_a_value_merged_over_several_rows_counts_for_each():
    made = book("## Goals\n| Client id | Statement |\n| 0042 | a |\n| | b |\n| | |\n| 0007 | c |")
    made["Goals"].merge_cells("A2:A4")
    rows, _ = rows_and_facts(saved(made))
    assert [(row.values["client.id"], row.values["goals.statement"]) for row in rows] == [
        ("0042", "a"), ("0042", "b"), ("0007", "c")
    ]  # fmt: skip
    assert said(saved(made)) == ["merged_cells Goals!A2:A4 A2:A4"]


def test_merged_cells_above_the_header_are_nothing_to_speak_of():
    made = book("## Goals\n| Goals of your clients | |\n| Client id | Statement |\n| 0042 | a |")
    made["Goals"].merge_cells("A1:B1")
    assert said(saved(made)) == []


def test_a_number_with_zeros_is_found_without_an_address_in_the_cell():
    parts = dict(zip_parts(workbook(PLAN)))
    sheet = re.sub(r' r="[A-Z]+\d+"', "", parts["xl/worksheets/sheet2.xml"].decode())
    sheet = re.sub(r' r="\d+"', "", sheet)
    loaded = xlsx.load(zipped(parts | {"xl/worksheets/sheet2.xml": sheet.encode()}), "x")
    assert loaded[1].rows[1] == ["0042", "07/27/2026", "One", "Low"]


def zip_parts(data):
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        for name in package.namelist():
            yield name, package.read(name)


def zipped(parts):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in parts.items():
            package.writestr(name, data)
    return stream.getvalue()


TYPED = st.text(st.characters(exclude_categories=("Cs",)), max_size=60)


@settings(max_examples=100)
@given(st.lists(TYPED, min_size=1, max_size=6))
def test_any_text_arrives_as_canonical_text(typed):
    made = Workbook()
    for number, value in enumerate(typed, 2):
        put(made.active.cell(number, 2), value)
    rows = xlsx.load(saved(made), "x")[0].rows
    seen = [kinds.as_text(row[1]) if len(row) > 1 else "" for row in rows[1:]]
    assert [*seen, *[""] * (len(typed) - len(seen))] == [text.canonical(value) for value in typed]


# --- sheets and columns --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "header", ["PLAN DATE", "Pl\u200ban date\ufeff", "plan_date", "Plan\ndate *", " Plan  date (required)", "plan.date"]
)
def test_a_header_is_known_in_any_case_spacing_and_punctuation(header):
    rows, facts = rows_and_facts([Grid("Plan", [["Client id", header], ["1", "x"]])])
    assert [dict(row.values) for row in rows] == [{"client.id": "1", "plan.date": "x"}]
    assert facts == []


def test_other_names_of_a_column_are_known():
    rows, facts = rows_and_facts([Grid("Clients", [["MRN", "Patient name", "DOB"], ["1", "x", "y"]])], ALL)
    assert dict(rows[0].values) == {"client.id": "1", "client.legal_name": "x", "client.date_of_birth": "y"}
    assert facts == []


def test_the_label_goes_before_another_name_that_stands_further_left():
    rows, facts = rows_and_facts([Grid("Clients", [["Client id", "Name", "Legal name"], ["1", "x", "y"]])], ALL)
    assert rows[0].values["client.legal_name"] == "y"
    assert [(fact.kind, str(fact.place)) for fact in facts] == [("double_column", "Clients!B1")]


def test_unknown_double_and_headless_columns_are_said():
    text = "## Plan\n| Client id | Summary | Shoe size | summary | |\n| 1 | a | b | c | d |"
    assert said(grids(text)) == [
        "double_column Plan!D1 summary",
        "unknown_column Plan!C1 Shoe size",
        "value_without_header Plan!E2",
    ]


def test_a_missing_column_is_said_once_with_its_path():
    _, facts = tables.read(grids("## Plan\n| Client id | Summary |\n| 1 | a |\n| 2 | b |"), DEFINITIONS)
    assert [(fact.path, str(fact.place)) for fact in facts if fact.kind == "missing_column"] == [
        ("plan.date", "Plan!row 1")
    ]


def test_a_missing_sheet_is_said_when_a_document_needs_it():
    _, facts = tables.read(grids("## Clients\n| Client id | Legal name |\n| 1 | a |"), DEFINITIONS)
    assert [fact.path for fact in facts if fact.kind == "missing_sheet"] == ["Staff", "Plan"]


def test_unknown_sheets_are_said_and_help_sheets_and_empty_ones_are_not():
    text = "## Start here\n| Welcome |\n## Lists\n| a |\n## Sheet1\n## Notes\n| Call Ann |"
    assert said(grids(text)) == ["unknown_sheet Notes Notes"]


def test_rows_with_nothing_in_known_columns_are_no_rows():
    rows, _ = rows_and_facts(grids("## Plan\n| Client id | Summary | Mine |\n| | | note |\n| | | |\n| 1 | a | |"))
    assert [row.origin.row for row in rows] == [4]


def damages(name):
    """Yield ``name`` with one letter left out, replaced, doubled or swapped with the next, at every place."""
    for at, letter in enumerate(name):
        if letter.isalnum():
            yield name[:at] + name[at + 1 :]
            yield name[:at] + ("x" if letter != "x" else "q") + name[at + 1 :]
            yield name[:at] + letter + name[at:]
            yield name[:at] + name[at + 1 : at + 2] + letter + name[at + 2 :]


@pytest.mark.parametrize("sheet", ALL.sheets)
def test_one_letter_damage_to_any_header_is_found_with_the_right_one(sheet):
    fields = tables._fields(sheet, ALL)
    labels = [item.label for item in fields]
    known = tables._names(fields)
    for number, item in enumerate(fields):
        for damaged in dict.fromkeys(damages(item.label)):
            if header_key(damaged) in known:  # still a name of the column: Medication for Medications
                assert known[header_key(damaged)] is item
                continue
            facts = []
            header = [*labels[:number], damaged, *labels[number + 1 :]]
            columns = tables._match_columns(Grid(sheet, [header]), 0, fields, facts)
            assert [(fact.kind, fact.path, fact.show["nearest"]) for fact in facts] == [
                ("misspelt_column", item.path, item.label)
            ], damaged
            assert columns[number] == item.path


@pytest.mark.parametrize("header", ["Legl name", "Legal nmae", "xlient id", "Date of birthh", "Admisson date"])
def test_a_damaged_header_is_found_in_a_whole_workbook(header):
    fields = tables._fields("Clients", ALL)
    near = text.nearest(header, [item.label for item in fields])
    labels = [header if item.label == near else item.label for item in fields]
    source = "## Clients\n| " + " | ".join(labels) + " |\n| " + " | ".join("1" for _ in labels) + " |"
    assert said(workbook(source), ALL) == [
        f"misspelt_column Clients!{tables.letters(labels.index(header))}1 {header} {near}"
    ]


@pytest.mark.parametrize("sheet", ALL.sheets)
def test_one_letter_damage_to_any_sheet_name_is_found_with_the_right_one(sheet):
    headers = {name: [item.label for item in tables._fields(name, ALL)] for name in ALL.sheets}
    for damaged in dict.fromkeys(damages(sheet)):
        if header_key(damaged) == header_key(sheet):
            continue
        others = [Grid(name, [labels]) for name, labels in headers.items() if name != sheet]
        rows, facts = rows_and_facts([Grid(damaged, [headers[sheet], ["1"] * len(headers[sheet])]), *others], ALL)
        assert [(fact.kind, str(fact.place), fact.path) for fact in facts] == [("misspelt_sheet", damaged, sheet)]
        assert rows[0].sheet == sheet


# --- what cannot be read -------------------------------------------------------------------------------------------

OLE = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(1000)
WHOLE = workbook(PLAN)


def bomb():
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("xl/workbook.xml", b" " * 20_000_000)
    return stream.getvalue()


def far_away():
    made = book(PLAN)
    made["Plan"]["XFD1048576"].value = "x"
    return saved(made)


def entities():
    workbook_xml = b'<!DOCTYPE a [<!ENTITY b "c">]><workbook><sheets/></workbook>'
    return zipped(dict(zip_parts(WHOLE)) | {"xl/workbook.xml": workbook_xml})


def addressed(address):
    """Return a workbook in which one cell bears another address."""
    parts = dict(zip_parts(WHOLE))
    sheet = parts["xl/worksheets/sheet2.xml"].replace(b' r="A2"', address)
    return zipped(parts | {"xl/worksheets/sheet2.xml": sheet})


def many_texts():
    """Return a workbook that says it has far more texts than it has."""
    count = b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" count="99999999999999"/>'
    return zipped(dict(zip_parts(WHOLE)) | {"xl/sharedStrings.xml": count.replace(b"count", b"uniqueCount")})


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "is empty"),
        (b" \n", "is empty"),
        (b"%PDF-1.7 ...", "is a PDF, not a workbook. Give the Excel workbook (.xlsx)"),
        (b"<!DOCTYPE html><html>", "is a web page, not a workbook"),
        (b"hello", "is not a workbook, a JSON file or a folder of CSV files. Start with a workbook"),
        (OLE, "is in the old Excel format (.xls). Open it in Excel, choose Save As"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "is protected with a password. Open it in Excel, remove the"),
        (WHOLE[: len(WHOLE) // 2], "is damaged or was cut off on its way. Copy or download it again"),
        (zipped({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet"}), "is an OpenDocument file. Open it"),
        (zipped({"xl/workbook.bin": b""}), "is in Excel’s binary format (.xlsb)"),
        (zipped({"word/document.xml": b""}), "is a Word document. Give an Excel workbook"),
        (zipped({"notes.txt": b""}), "is a packed folder (zip), not a workbook"),
        (zipped({"xl/workbook.xml": b"<workbook>"}), "is damaged and cannot be read. Open it in Excel, let Excel"),
        (bomb(), "would unpack to far more than a workbook of clients holds"),
        (far_away(), "the sheet Plan has something far away from the rest, in row 1048576 or column 16384"),
        (entities(), "is damaged and cannot be read"),
        (addressed(b' r="ZZZZZ99999999"'), "is damaged and cannot be read"),
        (addressed(b' r="A99999999"'), "is damaged and cannot be read"),
        (addressed(b' r="&#90;ZZZZZ2"'), "is damaged and cannot be read"),
        (addressed(b"\nr='ZZZZZ2'"), "is damaged and cannot be read"),
        (addressed(b' r = "ZZZZZ2"'), "is damaged and cannot be read"),
        (many_texts(), "is damaged and cannot be read"),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_read_is_one_sentence_with_the_way_out(tmp_path, data, words):
    path = tmp_path / "clients.xlsx"
    path.write_bytes(data)
    with pytest.raises(ReadError) as raised:
        intake.read(path, DEFINITIONS)
    said = str(raised.value)
    assert said.startswith("clients.xlsx")
    assert words in said
    assert "\n" not in said
    assert said.endswith(".")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_a_pipe_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "clients.xlsx")
    with pytest.raises(ReadError, match=r"clients\.xlsx is a pipe or a device, not a file\."):
        intake.read(tmp_path / "clients.xlsx", ALL)


def test_a_missing_file_is_said_with_its_folder(tmp_path):
    with pytest.raises(ReadError, match=r"There is no file clients\.xlsx in .*Check the name"):
        intake.read(tmp_path / "clients.xlsx", DEFINITIONS)


def test_every_cut_of_a_workbook_is_said_and_never_a_crash():
    for end in range(0, len(WHOLE), 97):
        with pytest.raises(ReadError):
            xlsx.load(WHOLE[:end], "x")


def test_a_folder_of_workbooks_counts_its_files(tmp_path):
    one = "## Clients\n| Client id | Legal name |\n| {id} | Ann |\n"
    (tmp_path / "b.xlsx").write_bytes(workbook(one.format(id="2") + "## Plan\n| Client id | Summary |\n| 3 | a |"))
    (tmp_path / "a.xlsx").write_bytes(workbook(one.format(id="1")))
    (tmp_path / "~$a.xlsx").write_bytes(b"Excel has the file open")
    batch = intake.read(tmp_path, DEFINITIONS)
    assert [(record.id, str(record.origin.place())) for record in batch] == [
        ("1", "file 1 Clients!row 2"), ("2", "file 2 Clients!row 2")
    ]  # fmt: skip
    assert [(item.number, item.kind) for item in batch.inputs] == [(1, "xlsx"), (2, "xlsx")]
    assert [str(fact.place) for fact in batch.facts if fact.kind == "unknown_client"] == ["file 2 Plan!A2"]


def test_a_workbook_of_something_else_in_the_folder_lacks_no_sheets(tmp_path):
    (tmp_path / "a.xlsx").write_bytes(workbook(PLAN))
    (tmp_path / "b.xlsx").write_bytes(workbook("## Budget\n| Month | Sum |\n| May | 12 |"))
    alone = [fact.kind for fact in intake.read(tmp_path / "a.xlsx", DEFINITIONS).facts]
    assert [fact.kind for fact in intake.read(tmp_path, DEFINITIONS).facts] == [*alone, "unknown_sheet"]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"%PDF", "this file is a PDF, not a workbook."),
        (b"", "this file is empty."),
        (WHOLE[: len(WHOLE) // 2], "this file is damaged or was cut off on its way. Copy or download it again"),
        (far_away(), "this file: its sheet 2 has something far away"),
    ],
)
def test_a_bad_workbook_in_a_folder_is_told_and_the_others_are_read(tmp_path, data, words):
    (tmp_path / "Ann Ray.xlsx").write_bytes(data)
    (tmp_path / "b.xlsx").write_bytes(WHOLE)
    batch = intake.read(tmp_path, DEFINITIONS)
    (fact,) = (fact for fact in batch.facts if fact.kind == "unreadable_file")
    assert [record.id for record in batch] == ["0042"]
    assert (str(fact.place), [item.name for item in batch.inputs]) == ("file 1", ["Ann Ray.xlsx", "b.xlsx"])
    assert fact.fault.startswith(words)
    assert "Ann" not in fact.fault


def test_a_workbook_in_a_folder_that_cannot_be_opened_is_told(tmp_path, monkeypatch):
    (tmp_path / "a.xlsx").write_bytes(WHOLE)
    (tmp_path / "b.xlsx").write_bytes(WHOLE)
    whole = Path.read_bytes

    def refuse(path):
        if path.name == "b.xlsx":
            raise PermissionError
        return whole(path)

    monkeypatch.setattr(Path, "read_bytes", refuse)
    (fact,) = (fact for fact in intake.read(tmp_path, DEFINITIONS).facts if fact.kind == "unreadable_file")
    assert fact.fault.startswith("this file cannot be opened. Close it in other programs")


def test_a_folder_in_which_nothing_can_be_read_names_it_by_number(tmp_path):
    (tmp_path / "Ann Ray.xlsx").write_bytes(b"%PDF")
    with pytest.raises(ReadError, match="File 1 of the folder") as raised:
        intake.read(tmp_path, DEFINITIONS)
    assert "Ann" not in str(raised.value)


def test_a_folder_without_anything_to_read_says_so(tmp_path):
    (tmp_path / "notes.docx").write_bytes(b"x")
    with pytest.raises(ReadError, match="holds no workbooks and no CSV files"):
        intake.read(tmp_path, DEFINITIONS)


def test_the_letters_of_columns():
    assert [tables.letters(number) for number in (0, 25, 26, 701, 702)] == ["A", "Z", "AA", "ZZ", "AAA"]
    assert tables.letters(2) in string.ascii_uppercase
