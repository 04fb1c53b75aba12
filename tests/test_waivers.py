"""This file ensures that what is accepted is told with its reason and holds nothing, and that no bad waiver counts."""

import json
import re
import tomllib
from datetime import date

import docx
import openpyxl
import pytest
from judging import (
    RULES,
    SHELF,
    TODAY,
    auditor,
    followed_up,
    judge,
    lay_over,
    record,
    required,
    sample,
    without,
)

from toolkit import shelf
from toolkit.batch.word_press import WordPress
from toolkit.errors import ShelfError
from toolkit.intake import blank

REASON = "The date depends on a housing decision"
WHOLE = {
    "code": "SM004",
    "where": "objective 1a",
    "reason": REASON,
    "accepted_by": "Ruth Okafor, LCSW",
    "expires": "10/25/2026",
}
BLANK_DATE = {"objectives": [{"objective": "1a", "target_date": ""}]}
TWO_DATES = {"objectives": [{"objective": "1a", "target_date": ""}, {"objective": "2a", "target_date": ""}]}


def accepting(*waivers, changes=BLANK_DATE, **options):
    """Return a client judged who lacks a target date, with ``waivers``, each laid over one that is whole."""
    rows = [{name: value for name, value in {**WHOLE, **waiver}.items() if value} for waiver in waivers]
    return judge(lay_over(sample("0042"), {**changes, "waivers": rows}), **options)


def about_waivers(audited):
    return [(item.code, item.subject, str(item.place)) for item in audited.findings if item.code.startswith("WV")]


# --- what counts ---------------------------------------------------------------------------------------------------


def test_what_is_accepted_bears_its_reason_and_holds_nothing():
    audited = accepting({})
    (found,) = (item for item in audited.findings if item.code == "SM004")
    assert found.waived == f"{REASON}. Ruth Okafor, LCSW, until 10/25/2026" and not found.holds
    assert [case.status for case in audited.cases] == ["ready"] and about_waivers(audited) == []
    held = judge(lay_over(sample("0042"), BLANK_DATE))
    assert [case.status for case in held.cases] == ["draft"]


@pytest.mark.parametrize(
    "where",
    ["objective 1a", "Objective 1A", "Target date", "target date ", "objective 1a, target date", "objective 1a: Target "
     "date", "objectives.target_date", "Objectives!H2", "H2", "all", ""],
)  # fmt: skip
def test_a_place_may_be_said_as_the_finding_says_it(where):
    audited = accepting({"where": where})
    place = next(str(item.place) for item in audited.findings if item.code == "SM004")
    audited = accepting({"where": where.replace("Objectives!H2", place).replace("H2", place.partition("!")[2])})
    assert [case.status for case in audited.cases] == ["ready"], where


def test_the_code_may_be_typed_in_small_letters():
    assert [case.status for case in accepting({"code": " sm004 "}).cases] == ["ready"]


def test_a_waiver_counts_on_its_last_day_and_not_after_it():
    last = f"{TODAY:%m/%d/%Y}"
    assert [case.status for case in accepting({"expires": last}).cases] == ["ready"]
    assert [case.status for case in accepting({"expires": "09/29/2026"}).cases] == ["draft"]


def test_one_waiver_accepts_one_thing_unless_it_says_all():
    one = accepting({}, changes=TWO_DATES)
    assert [(item.subject, bool(item.waived)) for item in one.findings if item.code == "SM004"] == [
        ("objective 1a", True),
        ("objective 2a", False),
    ]
    assert [case.status for case in one.cases] == ["draft"]
    assert [case.status for case in accepting({"where": "All"}, changes=TWO_DATES).cases] == ["ready"]
    assert [case.status for case in accepting({}, {"where": "objective 2a"}, changes=TWO_DATES).cases] == ["ready"]


def test_a_warning_can_be_accepted_too():
    warned = {"objectives": [{"objective": "1a", "statement": "Attends all sessions by 10/25/2026"}]}
    before = [item for item in judge(lay_over(sample("0042"), warned)).findings if item.level == "warning"]
    code = before[0].code
    after = accepting({"code": code, "where": before[0].subject}, changes=warned)
    assert all(item.waived for item in after.findings if item.code == code)


def test_a_waiver_that_fits_nothing_is_told_only_where_everything_was_judged():
    nothing = {"code": "GT001", "where": ""}
    assert about_waivers(accepting(nothing, changes={})) == [("WV005", "waiver 1", "Waivers!B2")]
    assert about_waivers(accepting(nothing, changes={}, documents=("treatment_plan",))) == []


# --- what does not count -------------------------------------------------------------------------------------------

BAD = [
    ({"reason": ""}, "WV001", "the reason is blank, so this waiver does not count. Why is it right for this client"),
    ({"reason": "tbd"}, "WV001", "the reason is blank, so this waiver does not count."),
    ({"accepted_by": ""}, "WV001", "“Accepted by” is blank, so this waiver does not count. Who decided so?"),
    ({"expires": ""}, "WV001", "“Ends on” is blank, so this waiver does not count. Until which day does it count?"),
    ({"code": ""}, "WV001", "the code is blank, so this waiver does not count. Which finding is accepted?"),
    ({"expires": "08/01/2026"}, "WV002", "this day has gone by, so the waiver no longer counts."),
    ({"code": "SM0004"}, "WV003", "no rule has this code, so this waiver does not count. Type the code that stands"),
    ({"code": "SM"}, "WV003", "no rule has this code, so this waiver does not count."),
    ({"code": "the target date"}, "WV003", "no rule has this code, so this waiver does not count."),
    ({"code": "WB008"}, "WV004", "what this rule finds can never be accepted, so this waiver does not count."),
    ({"code": "PF001"}, "WV004", "what this rule finds can never be accepted, so this waiver does not count."),
    ({"code": "AD003"}, "WV004", "what this rule finds can never be accepted, so this waiver does not count."),
    ({"where": "objective 9"}, "WV005", "nothing of the kind was found there, so this waiver does not count."),
    ({"where": "Baseline"}, "WV005", "nothing of the kind was found there, so this waiver does not count."),
    ({"code": "GT001"}, "WV005", "nothing of the kind was found for this client, so this waiver is not needed."),
]


@pytest.mark.parametrize(("waiver", "code", "says"), BAD, ids=lambda part: str(part)[:40])
def test_a_bad_waiver_on_the_sheet_is_told_at_its_cell_and_accepts_nothing(waiver, code, says):
    audited = accepting(waiver)
    (told,) = (item for item in audited.findings if item.code.startswith("WV"))
    assert told.code == code and told.text.startswith(says) and told.subject == "waiver 1" and not told.holds
    assert re.fullmatch(r"Waivers![A-F]2", str(told.place)) and told.record == "0042"
    assert [case.status for case in audited.cases] == ["draft"]
    assert not any(item.waived for item in audited.findings)


def test_a_waiver_that_does_not_say_which_of_several_is_told_with_all_of_them():
    audited = accepting({"where": ""}, changes=TWO_DATES)
    (told,) = (item for item in audited.findings if item.code == "WV006")
    assert told.show == {"found": "objective 1a, Target date; objective 2a, Target date"}
    assert [case.status for case in audited.cases] == ["draft"]


def test_a_waiver_with_two_faults_is_told_of_both():
    codes = [code for code, _, _ in about_waivers(accepting({"reason": "", "code": "WB008", "expires": "08/01/2026"}))]
    assert sorted(codes) == ["WV001", "WV002", "WV004"]


@pytest.mark.parametrize(
    ("path", "asked"),
    [("client.legal_name", None), ("client.date_of_birth", None), ("plan.date", ("treatment_plan",))],
)
def test_whose_document_it_is_and_its_date_can_never_be_accepted(path, asked):
    section, _, name = path.partition(".")
    audited = accepting({"code": "RQ001", "where": path}, changes={section: {name: ""}}, documents=asked)
    assert [code for code, _, _ in about_waivers(audited)] == ["WV004"]
    assert not any(item.waived for item in audited.findings)
    assert {case.status for case in audited.cases} == {"draft"}


@pytest.mark.parametrize(
    ("section", "name", "code"), [("progress", "objective", "RV006"), ("outcomes", "goal", "DC004")]
)
def test_what_tells_where_other_answers_stand_can_never_be_accepted(section, name, code):
    tables = followed_up(sample("0042"))
    tables[section][0][name] = ""
    tables["waivers"] = [{**WHOLE, "code": code, "where": "all"}]
    audited = judge(tables)
    assert [found for found, _, _ in about_waivers(audited)] == ["WV004"]
    assert "draft" in {case.status for case in audited.cases}


def test_what_is_accepted_is_printed_without_it_and_nothing_else_is_lost():
    """Each required answer of a plan, blank and accepted in turn: the plan is whole but for it."""
    press, made = WordPress(SHELF), 0
    for item, number in required(sample("0042")):
        tables = without(sample("0042"), item, number)
        codes = {found.code for found in judge(tables).findings if found.level == "error"}
        tables["waivers"] = [{**WHOLE, "code": code, "where": "all"} for code in codes]
        for case in judge(tables).cases:
            if case.status == "ready":
                made += 1
                assert press.prove(case, press.sheet(case, False).render()) == (), item.path
    assert made > 20


def test_what_cannot_be_read_as_a_day_is_told_as_in_any_other_column():
    tables = lay_over(sample("0042"), {**BLANK_DATE, "waivers": [{**WHOLE, "expires": "next summer"}]})
    audited = judge(tables)
    told = {item.code: item for item in audited.findings}
    assert str(told["WB008"].place).startswith("Waivers!") and told["SM004"].holds
    assert not told["WB008"].holds  # the waiver does not count: that is all
    assert about_waivers(audited) == [] and not any(item.waived for item in audited.findings)


def test_of_two_waivers_for_one_thing_the_first_counts_and_the_second_is_told():
    audited = accepting({}, {"reason": "Another reason", "expires": "12/25/2026"})
    (found,) = (item for item in audited.findings if item.code == "SM004")
    assert found.waived.startswith(REASON)
    assert [item[:2] for item in about_waivers(audited)] == [("WV005", "waiver 2")]
    audited = accepting({}, {"where": "all", "reason": "Another reason"}, changes=TWO_DATES)
    assert [item.waived[:11] for item in audited.findings if item.code == "SM004"] == [REASON[:11], "Another rea"]
    assert about_waivers(audited) == []


@pytest.mark.parametrize("code", [code for code in RULES if code.startswith("WV") and code != "WV007"])
def test_the_pages_of_waivers_show_what_they_say(code):
    wrong, right = (tomllib.loads(page) for page in (RULES[code].example, RULES[code].mend))
    flagged = judge(lay_over(sample("0042"), wrong))
    assert {found for found, _, _ in about_waivers(flagged)} == {code}
    mended = judge(lay_over(lay_over(sample("0042"), wrong), right))
    assert about_waivers(mended) == []


# --- a file of waivers ---------------------------------------------------------------------------------------------

FILE = """# accepted by the clinical director
[[waivers]]
client_id = "0042"
code = "SM004"
where = "objective 1a"
reason = "The date depends on a housing decision"
accepted_by = "Ruth Okafor, LCSW"
expires = 2026-10-25
"""


def from_file(tmp_path, text, changes=BLANK_DATE):
    path = tmp_path / "waivers.toml"
    path.write_text(text, encoding="utf-8")
    waivers = shelf.load_waivers(path, SHELF.all().sections["waivers"])
    one = record(lay_over(sample("0042"), changes))
    return auditor(waivers=waivers).judge(one)


def test_a_file_of_waivers_accepts_as_the_sheet_does(tmp_path):
    audited = from_file(tmp_path, FILE)
    (found,) = (item for item in audited.findings if item.code == "SM004")
    assert found.waived == f"{REASON}. Ruth Okafor, LCSW, until 10/25/2026"
    assert [case.status for case in audited.cases] == ["ready"]
    typed = from_file(tmp_path, FILE.replace("2026-10-25", '"10/25/2026"'))
    assert [case.status for case in typed.cases] == ["ready"]


@pytest.mark.parametrize(
    ("old", "new", "code", "line"),
    [
        (f'reason = "{REASON}"', 'reason = ""', "WV001", 6),
        ('accepted_by = "Ruth Okafor, LCSW"\n', "", "WV001", 2),
        ("expires = 2026-10-25\n", "", "WV001", 2),
        ('code = "SM004"\n', "", "WV001", 2),
        ("2026-10-25", "2026-08-01", "WV002", 8),
        ('"SM004"', '"SM0004"', "WV003", 4),
        ('"SM004"', '"WB008"', "WV004", 4),
        ('"SM004"', '"SG006"', "WV004", 4),
        ('"objective 1a"', '"objective 9"', "WV005", 5),
        ('"SM004"', '"GT001"', "WV005", 4),
    ],
)
def test_a_bad_waiver_of_a_file_is_told_with_file_and_line(tmp_path, old, new, code, line):
    assert old in FILE
    audited = from_file(tmp_path, FILE.replace(old, new))
    assert about_waivers(audited) == [(code, "waiver 1", f"waivers.toml, line {line}")]
    assert [case.status for case in audited.cases] == ["draft"]


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("[[waivers]]", "[waivers]", "waivers.toml, line 2: each waiver begins with [[waivers]], in two pairs"),
        ("[[waivers]]", "waivers = 5\n[[more]]", "waivers.toml, line 3: «more» is not known; each waiver begins"),
        ("[[waivers]]", "[[waiver]]", "waivers.toml, line 2: «waiver» is not known; each waiver begins"),
        ("where =", "wehre =", "waivers.toml, line 5: a waiver has no «wehre». Did you mean where? There are:"),
        ('client_id = "0042"\n', "", "waivers.toml, line 2: the waiver names no client. Type client_id = and the id"),
        ('"0042"', "42", "waivers.toml, line 3: «client_id» is not what it should be (a text in quotes)."),
        ('"0042"', '" "', "waivers.toml, line 2: the waiver names no client."),
        ('"SM004"', '["SM004"]', "waivers.toml, line 4: «code» is not what it should be (a text in quotes)."),
        ("2026-10-25", '"next summer"', "waivers.toml, line 8: «expires» is not a date. Type it as month/day/year"),
        ("2026-10-25", "20261025", "waivers.toml, line 8: «expires» is not what it should be (a day, such as 2026"),
        ("2026-10-25", "true", "waivers.toml, line 8: «expires» is not what it should be (a day, such as 2026"),
        ('"objective 1a"', '"objective 1a', "waivers.toml in"),
    ],
)
def test_a_file_that_cannot_be_read_as_waivers_is_one_sentence_with_file_and_line(tmp_path, old, new, says):
    assert old in FILE
    with pytest.raises(ShelfError) as refused:
        from_file(tmp_path, FILE.replace(old, new, 1))
    assert str(refused.value).startswith(says) and "line" in str(refused.value)


# --- from the workbook to the packet -------------------------------------------------------------------------------


@pytest.fixture
def waived(faulty):
    """Give the same file with a waiver of the blank date."""
    found = json.loads(faulty.read_text(encoding="utf-8"))
    found["records"][0]["waivers"] = [
        {**WHOLE, "where": "Target date", "expires": "12/31/2099", "reason": "Zebulon moves in October"}
    ]
    faulty.write_text(json.dumps(found), encoding="utf-8")
    return faulty


def test_what_is_accepted_is_shown_as_such_everywhere_and_reasons_stay_out_of_what_is_passed_on(run, waived, tmp_path):
    said = run("check", waived)
    assert said.exit_code == 0, said.output
    assert "SM004 (accepted: Zebulon moves in October. Ruth Okafor, LCSW, until 12/31/2099)" in said.stdout
    assert "1 finding accepted with a reason." in said.stderr
    (found,) = (item for item in json.loads(run("check", waived, "--format", "json").stdout)["findings"]
                if item["code"] == "SM004")  # fmt: skip
    assert found["waived"].startswith("Zebulon") and found["holds"] is False
    sarif = run("check", waived, "--format", "sarif").stdout
    assert '"suppressions"' in sarif and "Zebulon" not in sarif
    made = run("make", waived, "-o", "out", "--as", "docx,pdf")
    assert made.exit_code == 0, made.output
    manifest = (tmp_path / "out" / "manifest.json").read_text()
    (waiver,) = json.loads(manifest)["waivers"]
    assert waiver["code"] == "SM004" and "Zebulon" not in manifest
    sheet = openpyxl.load_workbook(tmp_path / "out" / "report.xlsx")["To fix"]
    cells = [str(cell.value) for row in sheet for cell in row]
    assert any("Accepted: Zebulon moves in October" in cell for cell in cells) and "accepted" in cells
    (word,) = (tmp_path / "out").glob("*/treatment_plan.docx")
    assert (word.with_suffix(".pdf")).is_file()
    text = "\n".join(docx.Document(str(word)).element.body.itertext())
    assert "Zebulon" not in text and "None" not in text and "By when" not in text


def test_a_file_of_waivers_is_given_to_check_and_make_and_named_by_its_digest(run, faulty, tmp_path):
    own = json.loads(faulty.read_text(encoding="utf-8"))["records"][0]["client"]["id"]
    text = FILE.replace("0042", own).replace("objective 1a", "Target date").replace("2026-10-25", "2099-12-31")
    (tmp_path / "waivers.toml").write_text(text + text.replace(own, "42-B"), encoding="utf-8")
    assert run("check", faulty).exit_code == 1
    said = run("check", faulty, "--waivers", "waivers.toml")
    assert said.exit_code == 0 and "waivers.toml, line 11 · no client of this input has the id" in said.stdout
    assert "Typed: “42-B”" in said.stdout
    (tmp_path / "plankit.toml").write_text('[make]\nwaivers = "waivers.toml"\n')
    assert run("make", faulty, "-o", "out").exit_code == 0
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text())
    assert len(manifest["waivers_file"]) == 64 and manifest["waivers"][0]["code"] == "SM004"
    (tmp_path / "waivers.toml").write_text(text.replace("[[waivers]]", "[[waiver]]"), encoding="utf-8")
    refused = run("check", faulty, "--waivers", "waivers.toml")
    assert refused.exit_code == 2 and "waivers.toml, line 2: «waiver» is not known" in refused.stderr


def test_a_workbook_with_a_sheet_of_waivers_is_read_as_such(run, tmp_path):
    definitions = SHELF.all()
    records = [record(sample("0042"))]
    book = blank.workbook(definitions, documents=("treatment_plan",), records=records)
    (tmp_path / "clients.xlsx").write_bytes(book)
    work = openpyxl.load_workbook(tmp_path / "clients.xlsx")
    objectives = work["Objectives"]
    headers = {str(cell.value): cell.column for row in objectives.iter_rows(max_row=3) for cell in row if cell.value}
    (column,) = (number for name, number in headers.items() if name.startswith("Target date"))
    objectives.cell(3, column).value = None
    sheet = work.create_sheet("Waivers")
    sheet.append(["Client id", "Code", "Where", "Reason", "Accepted by", "Ends on"])
    sheet.append(["0042", "SM004", "Target date", REASON, "Ruth Okafor, LCSW", date(2099, 12, 31)])
    work.save(tmp_path / "clients.xlsx")
    said = run("check", "clients.xlsx")
    assert said.exit_code == 0 and f"(accepted: {REASON}. Ruth Okafor, LCSW, until 12/31/2099)" in said.stdout
    sheet.append(["0048", "SM004", "Target date", REASON, "Ruth Okafor, LCSW", date(2099, 12, 31)])
    work.save(tmp_path / "clients.xlsx")
    said = run("check", "clients.xlsx")  # a slip in the id of another waiver holds nobody
    assert said.exit_code == 0 and "WB012 (warning)" in said.stdout
