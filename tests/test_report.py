"""This file ensures that findings and outcomes are told in sentences, and that SARIF holds nothing that was typed."""

import io
import json
import zipfile
from itertools import product

import openpyxl
import pytest
from msgspec.structs import replace
from office import complaints

from toolkit import marks, report, shelf
from toolkit.model import Definitions, Field, Finding, Place, Rule, Section, Signer
from toolkit.report import Outcome, Result
from toolkit.report.sheets import write

BLANK = Finding(
    code="SM004",
    level="error",
    text="the target date is blank. Type the date this objective should be reached.",
    place=Place("Objectives", "G12"),
    record="0042",
    initials="A.R.",
    subject="goal 2",
    path="objectives.target_date",
    source="Mozu 2026; Magellan 2023",
    asked_of="clinician",
    answerer="Dana Moss",
)
CHOICE = Finding(
    code="WB009",
    level="error",
    text="the measure is not one of the answers. Pick one from the cell’s list.",
    place=Place("Objectives", "E3"),
    record="7",
    initials="Z.Q.",
    show={"typed": "PHQ9 Quackenbush", "nearest": "PHQ-9"},
    asked_of="clinician",
)
WARNING = Finding("SM011", "warning", "it only counts attendance.", Place("Objectives", "D3"), "0042", "A.R.")
INFO = Finding("WB019", "info", "this row is hidden and was used.", Place("Goals", "row 4"), "0042", "A.R.")
NOBODY = Finding("WB012", "error", "this row names no client of ours. Correct the id.", Place("Goals", "A19"),
                 show={"typed": "=00420", "nearest": "0042"}, asked_of="front desk")  # fmt: skip
RULE = Rule(
    code="SM004",
    name="no_target_date",
    summary="The objective has no target date.",
    why="A reviewer cannot tell whether it is late.",
    example='[[objectives]]\ntarget = "6"',
    mend="[[objectives]]\ntarget_date = 2026-07-27",
    source="Mozu 2026",
    level="error",
    phase="make",
    check=lambda: None,
)
OBJECTIVES = Section("objectives", "Objectives", "Objectives", (
    Field("objectives", "target_date", "Target date", "date", "Objectives", 1),))  # fmt: skip
KNOWN = Definitions({"objectives": OBJECTIVES})
SIGNERS = (
    Signer("client", "Client", "Ana Reyes"),
    Signer("clinician", "Clinician", "Dana Moss", "LCSW"),
    Signer("guardian", "Guardian", "", "", "lives abroad"),
)


def result(record, change, path="", status="ready", findings=(), document="treatment_plan", stem=""):
    return Result(record, "A.R.", document, "Treatment plan", stem or document, status, change, path, SIGNERS, findings)


DATED = "plan_review-2026-07-27"
OUTCOME = Outcome(
    (
        result("0042", "held", status="draft", findings=(BLANK, WARNING)),
        result("0043", "made", "0043/treatment_plan.docx", findings=(WARNING,)),
        result("0044", "unchanged", f"0044/{DATED}.docx", document="plan_review", stem=DATED),
        result("0042", "superseded", "superseded/0042/treatment_plan.docx"),
    ),
    (BLANK, CHOICE, WARNING, INFO, NOBODY, replace(BLANK, record="0100", answerer="", waived="agreed with the payer")),
    4,
    "report.xlsx",
)  # fmt: skip


# --- text ----------------------------------------------------------------------------------------------------------


def test_a_finding_is_place_who_what_source_and_code():
    assert report.line(BLANK) == (
        "Objectives!G12 · 0042 A.R. · goal 2: the target date is blank. "
        "Type the date this objective should be reached. (Mozu 2026; Magellan 2023) SM004"
    )


def test_what_was_typed_stands_beside_the_finding():
    assert report.line(CHOICE).endswith("list. Typed: “PHQ9 Quackenbush”, did you mean “PHQ-9”? WB009")
    assert report.shown(replace(CHOICE, show={"code_points": "U+0007"})) == "Characters: “U+0007”."
    assert report.shown(BLANK) == ""


@pytest.mark.parametrize(
    ("finding", "ending"),
    [
        (WARNING, "SM011 (warning)"),
        (INFO, "WB019 (info)"),
        (replace(BLANK, waived="agreed"), "SM004 (accepted: agreed)"),
    ],
)
def test_what_holds_nothing_says_so(finding, ending):
    assert report.line(finding).endswith(ending)


def test_findings_are_sorted_by_person_as_people_count():
    found = [replace(BLANK, record=record) for record in ("10", "a10", "9", "A2", "009", "")]
    assert [finding.record for finding in report.by_person(found)] == ["", "9", "009", "10", "A2", "a10"]
    assert len(list(report.by_person([replace(BLANK, record="9" * 9000), BLANK]))) == 2


def test_a_finding_is_one_line_whatever_was_typed():
    nasty = replace(CHOICE, show={"typed": "a\nb\x1b[31mred\u202etxet\x9b" + "x" * 500}, record="1\n2")
    line = report.line(nasty)
    assert len(line.splitlines()) == 1 and "\x1b" not in line and "\u202e" not in line and len(line) < 300


def test_the_source_of_the_rule_stands_in_where_the_finding_names_none():
    assert "(Mozu 2026) SM004" in "".join(report.text([replace(BLANK, source="")], {"SM004": RULE}))
    assert list(report.text([])) == []


def test_a_rule_has_a_page():
    assert report.page(RULE) == (
        "SM004 · no target date · error\n\nThe objective has no target date.\n\n"
        "Why it matters: A reviewer cannot tell whether it is late.\n\n"
        'Wrong:\n    [[objectives]]\n    target = "6"\n\n'
        "Right:\n    [[objectives]]\n    target_date = 2026-07-27\n\nSource: Mozu 2026"
    )


def test_a_rule_s_page_may_speak_as_the_workbook_does():
    example = 'sample = "0044"\n[[objectives]]\nmeasure = "count"\ntarget = ""'
    shown = report.page(replace(RULE, example=example, mend="# the row is there"), shelf.load().all())
    assert (
        "Wrong:\n    Sheet Objectives\n      Measure: Count\n      Target: (blank)" in shown
        and "Right:\n    the row is there\n" in shown
    )


# --- for programs --------------------------------------------------------------------------------------------------


def test_json_holds_everything_that_is_known_of_a_finding():
    table = json.loads("".join(report.as_json([BLANK, CHOICE, INFO])))
    assert table["counts"] == {"error": 2, "info": 1}
    assert [one["code"] for one in table["findings"]] == ["WB009", "SM004", "WB019"]
    assert table["findings"][0]["show"] == {"typed": "PHQ9 Quackenbush", "nearest": "PHQ-9"}
    assert table["findings"][1]["place"]["text"] == "Objectives!G12" and table["findings"][1]["holds"] is True


def test_sarif_lists_rules_with_their_pages_and_results_with_their_places():
    log = json.loads("".join(report.sarif([BLANK, WARNING], {"SM004": RULE}, KNOWN)))
    assert log["version"] == "2.1.0" and log["$schema"].endswith("sarif-2.1.0.json")
    driver = log["runs"][0]["tool"]["driver"]
    assert [rule["id"] for rule in driver["rules"]] == ["SM004", "SM011"]
    assert driver["rules"][0]["help"]["text"] == report.page(RULE)
    assert all(rule["help"]["text"] for rule in driver["rules"])
    first, second = log["runs"][0]["results"]
    assert first == {
        "ruleId": "SM004",
        "ruleIndex": 0,
        "level": "error",
        "message": {"text": BLANK.text},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": "input-1"},
                    "region": {"startLine": 12, "startColumn": 7},
                },
                "logicalLocations": [{"fullyQualifiedName": "Objectives!G12"}],
            }
        ],
        "properties": {"field": "objectives.target_date"},
    }
    assert second["level"] == "warning" and second["ruleIndex"] == 1


def test_sarif_holds_nothing_that_was_typed():
    found = [
        replace(CHOICE, subject="goal Quackenbush", record="Quackenbush 1"),
        replace(BLANK, place=Place("Zebulon Quackenbush", "Quackenbush"), path="Quackenbush.x"),
        replace(BLANK, place=Place(pointer="/records/0/Quackenbush/target_date", line=3, file=2)),
        replace(BLANK, waived="Quackenbush agreed"),
    ]
    for definitions in (KNOWN, None):
        log = "".join(report.sarif(found, {}, definitions))
        assert "uackenbush" not in log and "Z.Q." not in log and "A.R." not in log and "0042" not in log
    results = json.loads("".join(report.sarif(found, {}, KNOWN)))["runs"][0]["results"]
    where = results[2]["locations"][0]
    assert where["logicalLocations"] == [{"fullyQualifiedName": "/records/0/…/target_date"}]
    assert where["physicalLocation"] == {"artifactLocation": {"uri": "input-2"}, "region": {"startLine": 3}}
    assert results[3]["suppressions"] == [{"kind": "external", "status": "accepted"}]


# --- the outcome in a few lines ------------------------------------------------------------------------------------


def test_the_summary_counts_and_names_what_is_held():
    assert OUTCOME.summary().splitlines() == [
        "4 clients: 2 documents ready to sign (1 made now, 1 unchanged), 1 held.",
        "  held: 0042 A.R. · Treatment plan · 1 thing to fix",
        "  no document: 1 client, for the reason given above",
        "1 finding accepted with a reason.",
        "1 earlier file moved to the folder superseded.",
        "report.xlsx in the same folder says what to fix, whom to ask and who must sign.",
    ]


def test_a_long_list_of_held_documents_is_cut_short():
    many = Outcome(tuple(result(str(number), "held", status="draft") for number in range(30)), (), 30, "report-2.xlsx")
    assert "  … and 20 more, all in report-2.xlsx" in many.summary().splitlines()
    assert "report" not in replace(many, report="").summary()


# --- report.xlsx ---------------------------------------------------------------------------------------------------


def workbook(outcome):
    file = io.BytesIO()
    write(file, outcome)
    return file.getvalue()


def opened(outcome):
    book = openpyxl.load_workbook(io.BytesIO(workbook(outcome)))
    return {sheet.title: [[cell.value for cell in row] for row in sheet.iter_rows()] for sheet in book.worksheets}


def test_the_workbook_says_what_is_ready_held_to_fix_and_to_sign():
    sheets = opened(OUTCOME)
    assert list(sheets) == ["Summary", "Ready", "Held", "To fix", "Signatures"]
    assert sheets["Ready"] == [
        ["Client", "Document", "File", "Must sign", "Please note"],
        ["0043 A.R.", "Treatment plan", "0043/treatment_plan.docx",
         "Client: Ana Reyes\nClinician: Dana Moss, LCSW\nGuardian (not signing: lives abroad)",
         "It only counts attendance."],
        ["0044 A.R.", "Treatment plan 07/27/2026", "0044/plan_review-2026-07-27.docx",
         "Client: Ana Reyes\nClinician: Dana Moss, LCSW\nGuardian (not signing: lives abroad)", None],
    ]  # fmt: skip
    assert sheets["Held"][1:] == [
        ["0042 A.R.", "Treatment plan", 1, "• Goal 2: the target date is blank.", "Clinician: Dana Moss", None]
    ]
    assert [row[2:6] for row in sheets["Signatures"][1:4]] == [
        ["Client", "Ana Reyes", None, None],
        ["Clinician", "Dana Moss", "LCSW", None],
        ["Guardian", None, None, "lives abroad"],
    ]


def test_what_to_fix_stands_by_who_can_answer_and_then_by_client():
    title, header, *rows = opened(OUTCOME)["To fix"]
    assert title[0] == "3 things to fix before 1 document can be made"
    assert tuple(header) == marks.HEADER
    assert [(row[0], row[1], row[5]) for row in rows] == [
        ("Clinician", "7 Z.Q.", "must be fixed"),
        ("Clinician: Dana Moss", "0042 A.R.", "must be fixed"),
        ("Front desk", None, "must be fixed"),
        ("Whoever keeps the workbook", "0042 A.R.", "please look"),
        ("Whoever keeps the workbook", "0042 A.R.", "for information"),
        ("Clinician", "0100 A.R.", "accepted"),
    ]
    assert rows[0][2:5] == [
        "The measure is not one of the answers.\nTyped: “PHQ9 Quackenbush”, did you mean “PHQ-9”?",
        "Pick one from the cell’s list.",
        "Objectives!E3",
    ]
    assert rows[1][6:] == ["Mozu 2026; Magellan 2023", "SM004"]
    assert rows[4][4] == "Goals, row 4" and rows[5][2].endswith("\nAccepted: agreed with the payer")


def test_the_summary_begins_with_what_to_do_and_has_no_rows_of_zeros():
    first = [row[0] for row in opened(OUTCOME)["Summary"]]
    assert first[2] == "What to do next" and first[3].startswith("1. The sheet “To fix”")
    assert first.index("What to do next") < first.index("Clients") < first.index("Who can answer")
    assert first[-1] == "Accepted, with a reason" and "For information" not in first
    assert "Who can answer" not in [row[0] for row in opened(Outcome((), (INFO,), 1))["Summary"]]


def test_the_summary_counts_each_client_once_for_whoever_can_answer():
    clients = ["1", "01", "001", "7", "0042", ""]
    findings = [
        replace(INFO, record=client, level=level, waived=waived, asked_of=asked, text=f"{number} is blank.")
        for number, (client, level, waived, asked) in enumerate(
            product(clients, ("info", "warning", "error"), ("", "agreed"), ("clinician", "front desk"))
        )
    ]
    sheet = opened(Outcome((), tuple(findings), 6))["Summary"]
    assert {row[3] for row in sheet[[row[0] for row in sheet].index("Who can answer") + 1 :]} == {5}


def test_notes_that_hold_nothing_are_not_headed_as_if_there_were_none():
    title, _, row = opened(Outcome((), (INFO,), 1))["To fix"]
    assert title[0] == "Nothing holds a document; for your information:" and row[5] == "for information"


def test_each_list_filters_and_keeps_its_header_in_sight():
    book = openpyxl.load_workbook(io.BytesIO(workbook(OUTCOME)))
    seen = {sheet.title: (sheet.freeze_panes, sheet.auto_filter.ref) for sheet in book.worksheets[1:]}
    assert seen == {
        "Ready": ("A2", "A1:E3"), "Held": ("A2", "A1:F2"), "To fix": ("A3", "A2:H8"), "Signatures": ("A2", "A1:I7")
    }  # fmt: skip


def test_there_is_room_to_write_down_when_somebody_was_asked_and_signed_unless_they_do_not_sign():
    sheet = openpyxl.load_workbook(io.BytesIO(workbook(OUTCOME)))["Signatures"]
    assert [cell.value for cell in sheet[1]][6:8] == ["Asked on", "Signed on"]
    assert [sheet.cell(row, 8).number_format for row in (2, 3, 4)] == ["mm/dd/yyyy", "mm/dd/yyyy", "General"]


def test_a_row_is_high_enough_for_words_that_go_to_the_next_line_whole():
    made = replace(
        OUTCOME.results[1], signers=(Signer("clinician", "C", "Hannah", "Independent Supervising F.220041700"),)
    )
    sheet = openpyxl.load_workbook(io.BytesIO(workbook(Outcome((made,), (), 1))))["Signatures"]
    assert sheet.column_dimensions["E"].width == 18
    assert sheet.row_dimensions[2].height >= 3 * 13.5  # a word a line


def test_text_that_looks_like_a_formula_stays_text():
    nasty = replace(BLANK, text="=1+1", subject="", source="=cmd()", record="=A1", initials="")
    book = openpyxl.load_workbook(io.BytesIO(workbook(Outcome((), (nasty,), 1))))
    cells = [cell for row in book["To fix"].iter_rows() for cell in row if str(cell.value).startswith("=")]
    assert [cell.value for cell in cells] == ["=A1", "=1+1", "=cmd()"] and {cell.data_type for cell in cells} == {"s"}


@pytest.mark.parametrize("typed", ["x" * 40_000, "😀" * 20_000, "line\n" * 9_000, "bell\x07 \ud800 \x0b tab\t"])
def test_a_cell_never_holds_more_than_a_spreadsheet_can(typed):
    nasty = replace(BLANK, text=typed, source=typed, subject="")
    for row in opened(Outcome((), (nasty,), 1))["To fix"]:
        for value in row:
            assert value is None or len(value.encode("utf-16-le")) // 2 <= 32_767


def test_an_outcome_with_nothing_in_it_is_a_workbook_too():
    sheets = opened(Outcome())
    assert [row[0] for row in sheets["To fix"]][0::2] == ["Nothing must be fixed", "There is nothing to fix."]
    assert sheets["Held"][1][0] == "Nothing is held."


def test_the_same_outcome_gives_the_same_bytes():
    data = workbook(OUTCOME)
    assert data == workbook(OUTCOME)
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        assert {entry.date_time[0] for entry in package.infolist()} == {1980}
        assert b"1980-01-01" in package.read("docProps/core.xml")


def test_what_changed_since_the_last_run_does_not_change_the_report():
    results = [replace(one, change="unchanged") if one.change == "made" else one for one in OUTCOME.results]
    later = replace(OUTCOME, results=tuple(results))
    assert workbook(later) == workbook(OUTCOME)


def test_a_file_in_the_report_can_be_opened_from_it():
    book = openpyxl.load_workbook(io.BytesIO(workbook(OUTCOME)))
    assert book["Ready"]["C2"].hyperlink.target == "0043/treatment_plan.docx"


def test_no_answer_goes_through_a_temporary_file_of_the_system(monkeypatch):
    held = []  # openpyxl writes each sheet that it holds into such a file first
    save = openpyxl.Workbook.save

    def saved(book, file):
        held.extend(str(cell.value) for sheet in book.worksheets for row in sheet.iter_rows() for cell in row)
        save(book, file)

    monkeypatch.setattr(openpyxl.Workbook, "save", saved)
    data = workbook(OUTCOME)
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        whole = b"".join(package.read(name) for name in package.namelist()).decode()
    for answer in ("0042", "A.R.", "Dana Moss", "Ana Reyes", "Quackenbush", "treatment_plan.docx"):
        assert answer in whole and not any(answer in value for value in held)


def test_a_list_with_more_than_a_sheet_can_hold_says_so(monkeypatch):
    monkeypatch.setattr("toolkit.report.layout.MOST_ROWS", 10)
    many = Outcome([result(str(number), "made", f"{number}/plan.docx") for number in range(30)], (), 30)
    sheets = opened(many)
    for name in ("Ready", "Signatures"):
        assert len(sheets[name]) == 11 and sheets[name][-1][0].startswith("There is more than this sheet can hold.")


def test_texts_beyond_those_that_are_kept_once_stand_in_their_cells(monkeypatch, tmp_path):
    whole = opened(OUTCOME)
    monkeypatch.setattr("toolkit.excel._MOST_TEXTS", 5)
    assert opened(OUTCOME) == whole
    path = tmp_path / "report.xlsx"
    path.write_bytes(workbook(OUTCOME))
    assert complaints(path) == []


def test_the_report_is_valid_for_excel(tmp_path):
    path = tmp_path / "report.xlsx"
    path.write_bytes(workbook(OUTCOME))
    assert complaints(path) == []
