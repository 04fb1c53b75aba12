"""This file ensures that an audit sheet lists what its document requires, how the record meets it, and where."""

import io
import json
import re

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
    whole = with_requirements(case, RULES, levels or {}, lambda paths, found: tuple(paths))
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
    assert told == ("Objectives", "Met", ("objectives.target_date",))
    line, told = only(rows(), "SG001")
    assert line.startswith("SG001 Everybody who has to sign has a name or a reason (") and told[2] == (audit.SIGNERS,)


def test_what_is_missing_is_not_met_and_what_was_accepted_is_waived():
    assert only(rows(BLANK), "SM004")[1][1] == "Not met"
    found = rows({**BLANK, "waivers": [WAIVER]})
    assert only(found, "SM004")[1][1] == "Waived"
    assert found["Accepted for objective 1a: Zebulon moves. R. Okafor, LCSW, until 10/25/2026"][1] == "Waived"
    assert only(rows({"client": {"legal_name": ""}}), "MN001")[1][1] == "Met"
    missing = rows({"client": {"legal_name": ""}})
    of_client = {
        line.partition(" (")[0]: told[1] for line, told in missing.items() if line.startswith("RQ001 Client: ")
    }
    assert of_client == {
        "RQ001 Client: Client id": "Met",
        "RQ001 Client: Legal name": "Not met",
        "RQ001 Client: Date of birth": "Met",
    }
    assert {told[1] for line, told in missing.items() if line.startswith("RQ001 Clinic:")} == {"Met"}


def test_a_section_without_a_row_is_not_met():
    assert only(rows({"goals": [], "objectives": [], "interventions": []}), "GT003")[1][1] == "Not met"


def test_a_rule_that_only_warns_is_told_where_it_found_something():
    feels = {"plan": {"discharge_criteria": ["Feels better"]}}
    assert not [line for line in rows() if line.startswith("DC013")]
    line, told = only(rows(feels), "DC013")
    assert told[1] == "Please look" and line.startswith(
        "DC013 No fault of this kind: A discharge criterion cannot be checked ("
    )
    stricter = {"DC013": OwnLevel("error", "its manual says so", "Acme 4.2", "Acme Health")}
    line, told = only(rows(levels=stricter), "DC013")
    assert told[1] == "No fault found" and "(Acme Health; " in line


def test_a_rule_that_may_have_had_nothing_to_look_at_is_not_called_met():
    """No add-on code: the condition lies in the rule, and the answers are not asked for."""
    found = rows()
    assert {only(found, code)[1][1] for code in ("CP005", "GT019", "GT003")} == {"No fault found"}
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
    assert {told[1] for line, told in found.items() if line.startswith(f"{code} ")} == {"Met"}
    assert not [line for line in found if line.startswith("MN006 ")]


# --- printed -------------------------------------------------------------------------------------------------------


def printed(name, pack, press=None, payer="default"):
    """Return the audit sheet of a sample's plan as Word and as PDF, with pages where ``press`` makes the plan, too."""
    records = batch(sample(name, pack))
    (one,) = records
    (case,) = judge(sample(name, pack), documents=("audit_sheet",)).cases
    case = Places(SHELF, payer, TODAY, press).shown(case)
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
        if row.section.name not in ("requirements", "check", "clinic", "staff")
        and f"{row.section.name}.{field}" != "client.legal_name"
        if isinstance(value, str) and len(value) > 25
    }
    seen = pdf_read.read(pdf)
    drawn = " ".join([*seen.pages, *(one.value for one in seen.fields.values())])
    assert all(line in drawn for row in case.record.all("requirements") for line in row.get("asked"))
    shown = said + drawn
    assert answers and not [text for text in answers if text in shown]


def places(case):
    """Return every place that an audit sheet names."""
    return {place for row in case.record.all("requirements") for place in row.get("where") or ()}


def where(case, code):
    """Return the places of the lines of ``code``, by line."""
    rows = case.record.all("requirements")
    return {line: row.get("where") for row in rows for line in row.get("asked") if line.startswith(f"{code} ")}


def sheet_of(tables, document="treatment_plan", pdf=False, number=0):
    """Return the case of the audit sheet of a record, and where ``pdf``, the pages of its document's PDF form."""
    case = judge(tables, documents=(SHEETS[document],)).cases[number]
    press = PdfPress(SHELF) if pdf else None
    shown = Places(SHELF, "default", TODAY, press).shown(case)
    if press is None:
        return shown
    main = judge(tables, documents=(document,)).cases[number]
    return shown, [page.extract_text() for page in PdfReader(io.BytesIO(press.sheet(main, False).render())).pages]


UNHEADED = {"Not printed", "The whole document", "Top of the first page", "Top of page\u00a01"}
MADE = [
    ("0042", "adult", "treatment_plan"),
    ("0045", "adult", "treatment_plan"),
    ("0045", "adult", "plan_review"),
    ("0045", "adult", "discharge_summary"),
    ("0048", "adolescent", "treatment_plan"),
    ("0053", "trauma", "treatment_plan"),
    ("0053", "trauma", "plan_review"),
    ("0054", "idd", "treatment_plan"),
    ("0056", "idd", "treatment_plan"),
]


@pytest.mark.parametrize(("name", "pack", "document"), MADE)
def test_every_place_is_a_heading_of_the_form_on_one_of_its_pages(name, pack, document):
    case, pages = sheet_of(sample(name, pack), document, pdf=True)
    told = places(case) - UNHEADED
    assert len(told) > 4
    for place in told:
        heading, _, numbers = place.rpartition(", page")
        first, last = (re.findall(r"\d+", numbers) * 2)[:2] if "–" not in numbers else re.findall(r"\d+", numbers)
        heading = re.sub(r",? (goal )?\d+$", "", heading) if heading.startswith(("Goal", "Progress")) else heading
        spread = " ".join(" ".join(pages[max(int(first) - 2, 0) : int(last)]).split())
        assert heading in spread, place


@pytest.mark.parametrize(("name", "pack", "document"), MADE)
def test_without_a_form_every_place_is_a_heading_of_the_word_document(name, pack, document):
    case = sheet_of(sample(name, pack), document)
    (main, *_) = judge(sample(name, pack), documents=(document,)).cases
    made = docx.Document(io.BytesIO(WordPress(SHELF).sheet(main, False).render()))
    headings = {one.text for one in made.paragraphs if one.style.name.startswith(("Heading", "Title"))}
    assert places(case) - UNHEADED <= headings


def test_what_stands_in_several_goals_is_told_with_each_and_what_was_accepted_with_its_own():
    both = ("Goal 1, page\u00a02", "Goal 2, page\u00a03")
    case, _ = sheet_of(sample("0042"), pdf=True)
    assert set(where(case, "SM004").values()) == {both}
    blank = {"objectives": [{"objective": "2a", "target_date": ""}], "waivers": [{**WAIVER, "where": "objective 2a"}]}
    case, _ = sheet_of(lay_over(sample("0042"), blank), pdf=True)
    assert set(where(case, "SM004").values()) == {("Goal 2, page\u00a03",)}
    assert set(where(sheet_of(lay_over(sample("0042"), blank)), "SM004").values()) == {("Goal 2",)}


def test_what_goes_over_several_pages_is_told_with_all_of_them():
    case, pages = sheet_of(sample("0058", "idd"), pdf=True)
    assert "Goal 2, pages\u00a03–4" in places(case)
    assert "Goal\n" in pages[2] and "Goal\n" not in pages[3]


def test_answers_that_stand_apart_are_told_apart_and_the_payer_is_named():
    (case,) = judge(sample("0041"), documents=("audit_sheet",), payer="optum").cases
    case = Places(SHELF, "optum", TODAY, None).shown(case)
    lines = where(case, "RQ001")
    assert {line: place for line, place in lines.items() if line.startswith("RQ001 Plan")} == {
        "RQ001 Plan: Plan date; Weeks of treatment (Mozu 2026, section 9; OIG A-02-12-01011)": (
            "Top of the first page",
        ),
        "RQ001 Plan: Coordination of care (Optum / United Behavioral Health; Magellan spring 2024; "
        "Anthem California records policy)": ("Discharge and review",),
    }
    assert lines["RQ001 Staff: Staff id"] == ("Not printed",)
    (checked,) = case.record.all("check")
    assert checked.get("payer") == "Optum / United Behavioral Health" and checked.get("date") == TODAY


def test_what_a_record_has_nothing_of_is_not_asked_for():
    case = sheet_of(sample("0042"))
    for code in ("TM001", "SG007", "SG015", "GT017"):
        assert not where(case, code)
    assert set(where(case, "MN018").values()) == {("Diagnoses and findings",)}
    assert "No fault" not in str(where(case, "MN018"))


@pytest.mark.parametrize(("name", "place"), [("0049", "Signatures"), ("0058", "Not printed")])
def test_a_supervisor_stands_where_one_signs_and_nowhere_else(name, place):
    assert set(where(sheet_of(sample(name)), "SG007").values()) == {(place,)}


def test_a_discharge_is_told_by_its_own_headings():
    tables = sample("0045")
    word = places(sheet_of(tables, "discharge_summary"))
    assert {"How goal 1 ended", "How goal 2 ended"} <= word and not {"Objectives", "How goal ended"} & word
    case, _ = sheet_of(tables, "discharge_summary", pdf=True)
    assert "How each goal ended, page\u00a01" in places(case)
    assert [line for line in where(case, "DC005") if "Follow-up service" in line]
    assert not [line for row in case.record.all("requirements") for line in row.get("asked") if "If no after" in line]
    assert not [line for line in case.record.all("requirements")[-1].get("asked") if "DC005" in line]


def test_what_a_review_repeats_of_an_objective_stands_where_it_is_rated():
    found = where(sheet_of(sample("0045"), "plan_review"), "SM004")
    assert set(found.values()) == {("Progress on goal 1", "Progress on goal 2")}


def test_headings_are_called_as_the_population_is_called():
    assert "The young person’s part in this plan" in places(sheet_of(sample("0048", "adolescent")))
    assert "Trauma-informed treatment" in places(sheet_of(sample("", "trauma")))


def test_nobody_can_type_into_a_sheet_and_columns_are_labelled_once_a_page():
    _, data, _ = printed("0042", "adult")
    reader = PdfReader(io.BytesIO(data))
    fields = reader.get_fields()
    assert fields and all(int(one.get("/Ff", 0)) & 1 for one in fields.values() if one.get("/FT"))
    assert len(reader.pages) > 1
    assert {page.extract_text().count("Requirement (asked by)") for page in reader.pages} == {1}


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


def test_the_reason_of_a_waiver_stands_in_the_sheet_and_in_no_manifest(packet, tmp_path):
    samples = json.loads((tmp_path / "one.json").read_text(encoding="utf-8"))
    (record,) = samples["records"]
    objective = record["goals"][0]["objectives"][0]
    record["waivers"] = [{**WAIVER, "where": f"objective {objective['objective']}", "expires": "10/25/2099"}]
    objective["target_date"] = ""
    (tmp_path / "one.json").write_text(json.dumps(samples), encoding="utf-8")
    packet("-d", "treatment_plan", "-d", "audit_sheet")
    text = "\n".join(docx.Document(str(tmp_path / "out" / "0046" / "audit_sheet.docx")).element.body.itertext())
    assert f"Accepted for objective {objective['objective']}: Zebulon moves. R. Okafor, LCSW, until 10/25/2099" in text
    assert "Zebulon" not in (tmp_path / "out" / "manifest.json").read_text(encoding="utf-8")


def test_a_second_run_leaves_the_sheet_as_it_is(packet, tmp_path):
    packet("--as", "docx,pdf", "-d", "treatment_plan", "-d", "audit_sheet")
    before = {path: path.read_bytes() for path in (tmp_path / "out" / "0046").glob("*audit*")}
    packet("--as", "docx,pdf", "-d", "treatment_plan", "-d", "audit_sheet")
    assert len(before) == 2 and all(path.read_bytes() == data for path, data in before.items())
    sheet = pdf_read.read((tmp_path / "out" / "0046" / "audit_sheet.pdf").read_bytes())
    assert "Top of page\u00a01" in {one.value for one in sheet.fields.values()}


def test_the_whole_packet_at_once(packet, tmp_path):
    companions = [name for name, document in SHELF.all().documents.items() if document.of == "treatment_plan"]
    assert len(companions) > 2
    asked = [part for name in ("treatment_plan", *companions) for part in ("-d", name)]
    made = packet("--as", "docx,pdf", *asked)
    assert made == sorted(f"{name}.{form}" for name in ("treatment_plan", *companions) for form in ("docx", "pdf"))
    sheet = pdf_read.read((tmp_path / "out" / "0046" / "audit_sheet.pdf").read_bytes())
    assert "Top of page\u00a01" in {one.value for one in sheet.fields.values()}


def test_a_record_that_is_only_checked_needs_no_sheet(tmp_path):
    found = batches.judge(batch(sample("0042")), SHELF, today=TODAY, documents=("audit_sheet",))
    assert [one.status for one in found.results] == ["ready"] and not found.holds
