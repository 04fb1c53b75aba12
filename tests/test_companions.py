"""This file ensures that a companion rides with its document: made when named, held with it, and proven by itself."""

import io

import pytest
from click.testing import CliRunner
from judging import TODAY, followed_up, raw_rows, sample
from openpyxl import load_workbook
from pypdf import PdfReader

from toolkit import batch, proof, shelf
from toolkit.audit import Auditor
from toolkit.batch.layouts import layouts
from toolkit.batch.pdf_press import PdfPress
from toolkit.batch.word_press import WordPress
from toolkit.cli import main
from toolkit.errors import ShelfError
from toolkit.intake.assemble import assemble
from toolkit.pdf import read as pdf_read
from toolkit.word import read

CARD = """
[documents.card]
title = "Card"
of = "treatment_plan"

[[documents.card.blocks]]
block = "masthead"
subtitle = "client.legal_name"

[[documents.card.blocks]]
block = "goals"
title = "Goal {goals.goal}"
statement = "goals.statement"

[[documents.card.blocks.tables]]
section = "objectives"
columns = [
  { title = "Objective", width = 60, number = "objectives.objective", text = ["objectives.statement"] },
  { title = "Change", width = 40, lead = ["{objectives.baseline} → {objectives.target}"], note = ["objectives.unit"] },
]

[[documents.card.blocks]]
block = "text"
when = "plan.part2_notice"
text = "Redisclosure is prohibited."

[documents.slip]
title = "Slip"
of = "plan_review"

[[documents.slip.blocks]]
block = "pairs"
heading = "What changes"
fields = ["review.date", "review.no_change_reason", "review.changes"]
"""
LIKE = '[documents.card]\nlike = "adult"\n[documents.slip]\nlike = "adult"\n'


@pytest.fixture(scope="module")
def clinic(tmp_path_factory):
    """Return a clinic's folder with two companions, and the shelf that has them."""
    folder = tmp_path_factory.mktemp("clinic")
    for pack, text in (("adult", CARD), ("adolescent", LIKE)):
        (folder / "templates" / pack).mkdir(parents=True)
        (folder / "templates" / pack / "pack.toml").write_text(text, encoding="utf-8")
    for one in layouts(shelf.load(folder), packs=("adult", "adolescent"), kinds=("docx", "pdf")):
        if one.file.startswith(("card", "slip")):
            (folder / "templates" / one.pack / one.file).write_bytes(one.data)
    return folder, shelf.load(folder)


def judged(found, tables, *documents):
    given = assemble(raw_rows(tables, found.all()), found.all())
    judges = Auditor(found.rules, found.compose, found.populations, TODAY, documents or None, everything=found.all())
    (one,) = given.records
    return judges.judge(one, judges.batch(given))


def made(found, tables, out, *documents, **options):
    given = assemble(raw_rows(tables, found.all()), found.all())
    return batch.make(given, found, out, today=TODAY, documents=documents or None, **options)


def pdf_text(data):
    seen = pdf_read.read(data)
    return "\n".join(one.value for one in seen.fields.values())


def files(out):
    return sorted(str(path.relative_to(out)) for path in out.rglob("*.*") if path.suffix in (".docx", ".pdf"))


def test_a_companion_is_made_only_when_it_is_named(clinic, tmp_path):
    _, found = clinic
    name = sample()["client"]["id"]
    assert not made(found, sample(), tmp_path).holds
    assert files(tmp_path) == [f"{name}/treatment_plan.docx"]
    made(found, sample(), tmp_path, "treatment_plan", "card")
    assert files(tmp_path) == [f"{name}/card.docx", f"{name}/treatment_plan.docx"]


def test_a_companion_of_reviews_is_made_for_each_review(clinic, tmp_path):
    _, found = clinic
    tables = followed_up(sample())
    (case,) = judged(found, tables, "slip").cases
    assert (case.wanted.stem, case.status, case.signers) == ("slip-2026-08-10", "ready", ())
    assert not made(found, tables, tmp_path, "slip", forms=("docx", "pdf")).holds
    name = tables["client"]["id"]
    assert [one for one in files(tmp_path) if name in one] == [
        f"{name}/slip-2026-08-10.{end}" for end in ("docx", "pdf")
    ]


def test_what_holds_the_document_holds_its_companion_and_is_told_once(clinic, tmp_path):
    _, found = clinic
    tables = sample()
    tables["objectives"][0]["target"] = ""
    alone, both = judged(found, tables, "card"), judged(found, tables, "treatment_plan", "card")
    assert [case.status for case in both.cases] == ["draft", "draft"]
    assert alone.findings == both.findings
    assert [item.code for item in both.findings if item.holds] == ["SM003"]
    outcome = made(found, tables, tmp_path, "card", "treatment_plan", draft=True)
    assert len([item for item in outcome.findings if item.code == "SM003"]) == 1
    assert [path.rpartition("/")[2] for path in files(tmp_path)] == ["card-DRAFT.docx", "treatment_plan-DRAFT.docx"]
    draft = "\n".join(read.paragraphs((tmp_path / files(tmp_path)[0]).read_bytes()))
    assert "Which score or count means success?" in draft


@pytest.mark.parametrize("pack", ["adult", "adolescent", "trauma", "idd"])
def test_a_companion_says_what_its_blocks_name_and_nothing_else(clinic, pack):
    _, found = clinic
    (case,) = judged(found, sample(pack=pack), "card").cases
    goal = case.record.all("goals")[0]
    for press in (WordPress(found), PdfPress(found)):
        data = press.sheet(case, False).render()
        assert press.prove(case, data) == ()
        said = "\n".join(read.paragraphs(data)) if isinstance(press, WordPress) else pdf_text(data)
        assert goal.statement in said
        assert goal.problem not in said
        missing = proof.prove(case, said.replace(goal.statement, ""))
        assert [item.path for item in missing] == ["goals.statement"]


def test_nobody_signs_a_companion(clinic, tmp_path):
    _, found = clinic
    outcome = made(found, sample(), tmp_path, "card", "treatment_plan", forms=("pdf",))
    assert [(one.document, bool(one.signers)) for one in outcome.results] == [("treatment_plan", True), ("card", False)]
    reader = PdfReader(tmp_path / sample()["client"]["id"] / "card.pdf")
    assert not [name for name, field in reader.get_fields().items() if field.get("/FT") == "/Sig"]


def test_who_verifies_a_packet_is_told_of_no_companion(clinic, tmp_path):
    folder, found = clinic
    made(found, followed_up(sample()), tmp_path, "treatment_plan", "card", "slip", forms=("docx", "pdf"))
    result = CliRunner().invoke(main, ["--shelf", str(folder), "verify", str(tmp_path)])
    assert "treatment_plan.pdf" in result.output and "0 of 1 complete" in result.output
    assert "card" not in result.output and "slip" not in result.output


def test_a_companion_whose_document_changed_is_moved_away(clinic, tmp_path):
    _, found = clinic
    tables, name = sample(), sample()["client"]["id"]
    made(found, tables, tmp_path, "treatment_plan", "card")
    made(found, tables, tmp_path)
    assert f"{name}/card.docx" in files(tmp_path)  # nothing changed, so what it says still holds
    tables["goals"][0]["statement"] += " Told again in August."
    outcome = made(found, tables, tmp_path)
    assert f"{name}/card.docx" not in files(tmp_path)
    assert ("Card", "superseded") in {(one.title, one.change) for one in outcome.moved}


def test_two_reviews_of_one_day_are_told_once(clinic):
    _, found = clinic
    tables = followed_up(sample())
    tables["review"].append(dict(tables["review"][0]))
    given = assemble(raw_rows(tables, found.all()), found.all())
    (one,) = given.records
    assert [fact.kind for fact in one.facts].count("duplicate_date") == 1


def test_the_lists_and_the_help_name_companions(clinic, tmp_path):
    folder, _ = clinic

    def said(*words):
        result = CliRunner().invoke(main, ["--shelf", str(folder), *words])
        assert result.exit_code == 0, result.output
        return " ".join(result.output.split())

    assert "card: Card (beside treatment_plan, when you ask for it: -d card)" in said("packs")
    shown = said("make", "--help")
    assert "card (beside treatment_plan)" in shown and "slip (beside plan_review)" in shown
    said("new", "-d", "slip", "-o", str(tmp_path / "clients.xlsx"))
    sheets = load_workbook(tmp_path / "clients.xlsx").sheetnames
    assert "Reviews" in sheets  # what a companion prints is asked by the document that it rides with
    assert "Discharge" not in sheets


# --- the objectives card ----------------------------------------------------------------------------------------------


def shipped(document, tables):
    """Return the case of a shipped companion of ``tables``, and its Word file and PDF, proven."""
    found = shelf.load()
    (case,) = judged(found, tables, document).cases
    presses = WordPress(found), PdfPress(found)
    files = [press.sheet(case, False).render() for press in presses]
    assert [press.prove(case, data) for press, data in zip(presses, files, strict=True)] == [(), ()]
    return case, *files


@pytest.mark.parametrize("pack", ["adult", "adolescent", "trauma", "idd"])
def test_the_objectives_card_says_what_notes_are_written_from(pack):
    case, document, form = shipped("objectives_card", sample(pack=pack))
    words = "\n".join(read.paragraphs(document))
    for row in case.record.all("objectives"):
        assert f"{row.objective}  {row.statement}" in words
        assert f"{row.baseline} → {row.target}" in words
    for row in case.record.all("interventions"):
        assert row.technique in words and f"{row.minutes} minutes" in words
        assert row.action not in words
    assert len(PdfReader(io.BytesIO(form)).pages) == 1


def test_three_goals_of_two_objectives_stand_on_one_page():
    tables = sample("0043")
    for goal in ("2", "3"):
        same = next(row for row in tables["objectives"] if row["goal"] == goal)
        tables["objectives"].append({**same, "objective": f"{goal}b"})
    for row in tables["objectives"]:
        row["statement"] = (
            "By 10/12/2026 Walt brings the days with any alcohol from 6 to 1 or fewer a week, marked on the garage "
            "calendar before bed"
        )
    for row in tables["interventions"]:
        row |= {"goals": "all", "objectives": "all"}
    tables["interventions"].append({**tables["interventions"][0], "intervention": "4"})
    *_, form = shipped("objectives_card", tables)
    assert len(PdfReader(io.BytesIO(form)).pages) == 1


# --- the service justification ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["0041", "0044"])
def test_each_service_stands_with_what_the_plan_says_for_it_or_not_found(name):
    tables = sample(name)
    case, document, form = shipped("service_justification", tables)
    words, boxes = "\n".join(read.paragraphs(document)), pdf_read.read(form).fields
    for number, row in enumerate(case.record.all("interventions")):
        reason = row.intensity_reason or "Not found"
        assert f"Code {row.service_code}" in words and row.action in words
        assert f"Why so long or so often: {reason}" in words
        assert boxes[f"interventions[{number}].intensity_reason"].value == reason
    assert case.record.get("necessity.why_treatment_now") in words
    above = case.record.get("episode.above_outpatient")
    assert ("Why this level of care" in words) is above  # what is not asked is not missing
    assert ("level_of_care.justification" in boxes) is above


def test_what_is_absent_is_told_nowhere_else():
    (case,) = judged(shelf.load(), sample("0041")).cases
    data = WordPress(shelf.load()).sheet(case, False).render()
    assert "Not found" not in "\n".join(read.paragraphs(data))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[documents.card]\ntitle = "Card"\nof = "plan"', "«of» names «plan», which is no document of this population"),
        ('[documents.card]\ntitle = "Card"\nof = "treatment_plan"\ndate = "plan.date"', "leave «date» out"),
        ('[documents.card]\nof = "treatment_plan"', "«title» is missing"),
        (
            '[documents.a]\ntitle = "A"\nof = "treatment_plan"\n[documents.b]\ntitle = "B"\nof = "a"',
            "«of» names «a», which is no document",
        ),
        (
            '[documents.card]\ntitle = "Card"\nof = "treatment_plan"\n[[sections]]\nname = "goals"\n'
            '[sections.fields.problem]\nrequired = ["card"]',
            "there is no document «card»",
        ),
    ],
)
def test_a_companion_that_cannot_be_is_refused(tmp_path, text, said):
    (tmp_path / "templates/adult").mkdir(parents=True)
    (tmp_path / "templates/adult/pack.toml").write_text(text, encoding="utf-8")
    with pytest.raises(ShelfError, match=said):
        shelf.load(tmp_path)
