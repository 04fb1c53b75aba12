"""This file ensures that an audit sheet lists what its document requires, how the record meets it, and where."""

import io
import json

import docx
import pytest
from click.testing import CliRunner
from judging import RULES, SHELF, TODAY, batch, followed_up, judge, lay_over, sample
from pypdf import PdfReader

from toolkit import audit, cli, demo
from toolkit import batch as batches
from toolkit.audit import with_requirements
from toolkit.batch.pdf_press import PdfPress
from toolkit.batch.places import Places
from toolkit.batch.word_press import WordPress
from toolkit.model import OwnLevel
from toolkit.pdf import read as pdf_read
from toolkit.word import read

SHEETS = {
    "treatment_plan": "audit_sheet",
    "plan_review": "review_audit_sheet",
    "discharge_summary": "discharge_audit_sheet",
}
WAIVER = {"code": "SM004", "where": "objective 1a", "reason": "Zebulon moves", "accepted_by": "R. Okafor, LCSW",
          "expires": "10/25/2026"}  # fmt: skip
BLANK = {"objectives": [{"objective": "1a", "target_date": ""}]}


def rows(changes=(), name="0042", pack="adult", document="treatment_plan", levels=None, after=False):
    """Return what the audit sheet of a sample lists: theme, result and place of each requirement, by its line."""
    tables = sample(name, pack)
    tables = lay_over(followed_up(tables) if after else tables, dict(changes))
    audited = judge(tables, documents=(SHEETS[document],), levels=levels or {})
    (case,) = audited.cases
    whole = with_requirements(case, RULES, levels or {}, lambda path: path)
    return {
        line: (row.get("theme"), row.get("result"), row.get("where"))
        for row in whole.record.all("requirements")
        for line in row.get("asked")
    }


def only(found, code):
    (line,) = (line for line in found if line.startswith(f"{code} "))
    return line, found[line]


def test_a_requirement_is_told_with_who_asks_its_theme_its_result_and_its_answer():
    line, told = only(rows(), "SM004")
    assert line == "SM004 Objectives: Target date (Mozu 2026, section 5; Magellan 2023)"
    assert told == ("Objectives", "Met", "objectives.target_date")
    line, told = only(rows(), "SG001")
    assert line.startswith("SG001 Everybody who has to sign has a name or a reason (") and told[2] == audit.SIGNERS


def test_what_is_missing_is_not_met_and_what_was_accepted_is_waived():
    assert only(rows(BLANK), "SM004")[1][1] == "Not met"
    found = rows({**BLANK, "waivers": [WAIVER]})
    assert only(found, "SM004")[1][1] == "Waived" and "Zebulon" not in str(found)
    assert only(rows({"client": {"legal_name": ""}}), "MN001")[1][1] == "Met"
    missing = rows({"client": {"legal_name": ""}})
    assert {told[1] for line, told in missing.items() if line.startswith("RQ001 Client:")} == {"Not met"}
    assert {told[1] for line, told in missing.items() if line.startswith("RQ001 Clinic:")} == {"Met"}


def test_a_section_without_a_row_is_not_met():
    assert only(rows({"goals": [], "objectives": [], "interventions": []}), "GT003")[1][1] == "Not met"


def test_a_rule_that_only_warns_is_told_where_it_found_something():
    feels = {"plan": {"discharge_criteria": ["Feels better"]}}
    assert not [line for line in rows() if line.startswith("DC013")]
    line, told = only(rows(feels), "DC013")
    assert told[1] == "Please look" and line.startswith("DC013 Not so: A discharge criterion cannot be checked.")
    stricter = {"DC013": OwnLevel("error", "its manual says so", "Acme 4.2", "Acme Health")}
    line, told = only(rows(levels=stricter), "DC013")
    assert told[1] == "No fault found" and "(Acme Health; " in line


def test_a_rule_that_may_have_had_nothing_to_look_at_is_not_called_met():
    """No add-on code and no second review: the condition lies in the rule, and the answers are not asked for."""
    found = rows()
    assert {only(found, code)[1][1] for code in ("CP005", "GT017", "GT019", "GT003")} == {"No fault found"}
    assert only(rows({"goals": [{"goal": "1", "diagnosis": "F99.9 xyz"}]}), "GT019")[1][1] == "Not met"


def test_what_does_not_apply_is_told_in_one_row_by_theme():
    found = rows()
    left = [line for line, told in found.items() if told[1] == "Not applicable"]
    assert {found[line][0] for line in left} == {"What this client or document is not asked for"}
    assert "Level of care: LOC001, LOC002, LOC003" in left
    assert not [line for line in found if line.startswith("LOC001 ")]


@pytest.mark.parametrize(
    ("pack", "code", "theme"),
    [("adolescent", "AD003", "Adolescents"), ("trauma", "TR001", "Trauma"), ("idd", "ID001", "Disability (IDD)")],
)
def test_what_a_population_asks_is_listed_where_it_is_asked(pack, code, theme):
    assert not [line for line in rows() if line.startswith(f"{code} ")]
    _, told = only(rows(name="", pack=pack), code)
    assert told[:2] == (theme, "Met")


@pytest.mark.parametrize(("document", "code"), [("plan_review", "RV011"), ("discharge_summary", "DC007")])
def test_each_document_has_its_sheet(document, code):
    found = rows(document=document, after=True)
    assert only(found, code)[1][1] == "Met"
    assert not [line for line in found if line.startswith("MN006 ")]


# --- printed -------------------------------------------------------------------------------------------------------


def printed(name, pack, press=None):
    """Return the audit sheet of a sample's plan as Word and as PDF, with pages where ``press`` makes the plan, too."""
    records = batch(sample(name, pack))
    (one,) = records
    (case,) = judge(sample(name, pack), documents=("audit_sheet",)).cases
    case = Places(SHELF, "default", press).shown(case)
    word = WordPress(SHELF).sheet(case, False).render()
    assert WordPress(SHELF).prove(case, word) == ()
    own = PdfPress(SHELF)
    data = own.sheet(case, False).render()
    assert own.prove(case, data) == ()
    assert one.id == case.record.id
    return word, data, case


@pytest.mark.parametrize(("name", "pack"), [("0042", "adult"), ("0048", "adolescent"), ("0056", "idd")])
def test_the_sheet_says_all_that_it_lists_and_nothing_that_a_client_said(name, pack):
    word, pdf, case = printed(name, pack)
    said = " ".join(read.paragraphs(word))
    for row in case.record.all("requirements"):
        assert row.get("result") in said and all(line in said for line in row.get("asked"))
    answers = {
        str(value)
        for row, field, value in case.record.answers()
        if row.section.name not in ("requirements", "clinic", "staff")
        and f"{row.section.name}.{field}" != "client.legal_name"
        if isinstance(value, str) and len(value) > 25
    }
    seen = pdf_read.read(pdf)
    drawn = " ".join([*seen.pages, *(one.value for one in seen.fields.values())])
    assert all(line in drawn for row in case.record.all("requirements") for line in row.get("asked"))
    shown = said + drawn
    assert answers and not [text for text in answers if text in shown]


def test_a_place_is_the_heading_and_with_the_pdf_its_page():
    _, _, without = printed("0042", "adult")
    places = {row.get("where") for row in without.record.all("requirements")}
    assert {"Diagnoses and findings", "Signatures", "Top of the first page"} <= places
    press = PdfPress(SHELF)
    _, _, case = printed("0042", "adult", press)
    (plan,) = judge(sample("0042"), documents=("treatment_plan",)).cases
    pages = [page.extract_text() for page in PdfReader(io.BytesIO(press.sheet(plan, False).render())).pages]
    told = {row.get("where") for row in case.record.all("requirements") if "page" in str(row.get("where"))}
    assert len(told) > 4
    for where in told - {"Top of the first page, page 1"}:
        heading, _, page = where.rpartition(", page ")
        assert heading in pages[int(page) - 1] or (int(page) > 1 and heading in pages[int(page) - 2]), where


def test_headings_are_called_as_the_population_is_called():
    assert "The young person’s part in this plan" in SHELF.headings(("adolescent",), "treatment_plan").values()
    assert SHELF.headings(("adult", "trauma"), "treatment_plan")["trauma.stability"] == "Trauma-informed treatment"
    assert SHELF.headings(("adult",), "treatment_plan")["plan.discharge_criteria"] == "Discharge and review"


@pytest.fixture
def packet(tmp_path, monkeypatch):
    """Give a function that makes the demonstration's first client's documents with what it is given."""
    monkeypatch.chdir(tmp_path)
    samples = demo.samples(SHELF)
    samples["records"] = [one for one in samples["records"] if one["client"]["id"] == "0046"]
    (tmp_path / "one.json").write_text(json.dumps(samples, default=str), encoding="utf-8")

    def make(*arguments):
        result = CliRunner().invoke(cli.main, ["make", "one.json", "-o", "out", *arguments])
        assert result.exit_code == 0, result.output
        return sorted(path.name for path in (tmp_path / "out" / "0046").iterdir())

    return make


def test_a_packet_gets_the_sheets_that_are_named_and_no_others(packet, tmp_path):
    assert not [name for name in packet() if "audit" in name]
    named = [part for sheet in SHEETS.values() for part in ("-d", sheet)]
    made = packet(*named)
    assert [name for name in made if "audit" in name] == [
        "audit_sheet.docx",
        "discharge_audit_sheet.docx",
        "review_audit_sheet-2026-04-20.docx",
        "review_audit_sheet-2026-05-28.docx",
    ]
    text = "\n".join(docx.Document(str(tmp_path / "out" / "0046" / "audit_sheet.docx")).element.body.itertext())
    assert "SM004 Objectives: Target date" in text and "page 1," not in text


def test_a_second_run_leaves_the_sheet_as_it_is(packet, tmp_path):
    packet("--as", "docx,pdf", "-d", "treatment_plan", "-d", "audit_sheet")
    before = {path: path.read_bytes() for path in (tmp_path / "out" / "0046").glob("*audit*")}
    packet("--as", "docx,pdf", "-d", "treatment_plan", "-d", "audit_sheet")
    assert len(before) == 2 and all(path.read_bytes() == data for path, data in before.items())
    sheet = pdf_read.read((tmp_path / "out" / "0046" / "audit_sheet.pdf").read_bytes())
    assert "Top of the first page, page 1" in {one.value for one in sheet.fields.values()}


def test_the_whole_packet_at_once(packet, tmp_path):
    companions = [name for name, document in SHELF.all().documents.items() if document.of == "treatment_plan"]
    assert len(companions) > 2
    asked = [part for name in ("treatment_plan", *companions) for part in ("-d", name)]
    made = packet("--as", "docx,pdf", *asked)
    assert made == sorted(f"{name}.{form}" for name in ("treatment_plan", *companions) for form in ("docx", "pdf"))
    sheet = pdf_read.read((tmp_path / "out" / "0046" / "audit_sheet.pdf").read_bytes())
    assert "Top of the first page, page 1" in {one.value for one in sheet.fields.values()}


def test_a_record_that_is_only_checked_needs_no_sheet(tmp_path):
    found = batches.judge(batch(sample("0042")), SHELF, today=TODAY, documents=("audit_sheet",))
    assert [one.status for one in found.results] == ["ready"] and not found.holds
