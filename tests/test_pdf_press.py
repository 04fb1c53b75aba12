"""This file ensures that a document as PDF says all that its record says, whole, with right references and signers."""

import io
import re
import shutil
import subprocess
from operator import ne

import pikepdf
import pytest
from judging import SHELF, auditor, judge, lay_over, sample
from msgspec.structs import replace
from pdf_files import ideograph_face

from toolkit import demo, intake
from toolkit.batch.pdf_press import PdfPress
from toolkit.errors import RenderError
from toolkit.pdf import read
from toolkit.pdf.fonts import Faces

PRESS = PdfPress(SHELF)
FLAT = PRESS.flat()
GOES_ON = re.compile(r"… (?:continued on page|p\.) (\d+)$")


def shown(case, press=PRESS, draft=False):
    data = press.sheet(case, draft).render()
    return data, read.read(data)


def plan(tables, press=PRESS):
    (case, *_) = judge(tables).cases
    assert case.wanted.document.name == "treatment_plan"
    return case, *shown(case, press)


def all_samples():
    judges = auditor()
    records = intake.records(demo.samples(SHELF), SHELF.all())
    return [case for one in records for case in judges.judge(one).cases]


SAMPLES = all_samples()


@pytest.fixture(scope="session")
def with_ideographs(tmp_path_factory):
    face = ideograph_face(tmp_path_factory.mktemp("faces") / "boxes.ttf", "威霖李明中文")
    return PdfPress(SHELF, Faces([face]))


@pytest.mark.parametrize("number", range(len(SAMPLES)))
def test_each_document_of_the_samples_is_proven(number, with_ideographs):
    case = SAMPLES[number]
    data, seen = shown(case, with_ideographs)
    assert with_ideographs.prove(case, data) == ()
    assert data == with_ideographs.sheet(case, False).render()
    roles = {name.split(".")[1] for name in seen.fields if name.startswith("sign.")}
    assert roles == {signer.role for signer in case.signers}
    assert {seen.fields[f"sign.{one.role}.name"].value for one in case.signers} == {one.name for one in case.signers}


@pytest.mark.parametrize("number", range(0, len(SAMPLES), 6))
def test_a_flat_copy_is_proven_has_no_fields_and_looks_like_the_form(number, tmp_path):
    case = SAMPLES[number]
    data, seen = shown(case, FLAT)
    assert FLAT.prove(case, data) == ()
    assert seen.fields == {}
    form, _ = shown(case)
    if pdftoppm := shutil.which("pdftoppm"):  # ticked boxes, too, which have no text
        (tmp_path / "form.pdf").write_bytes(form)
        (tmp_path / "flat.pdf").write_bytes(data)
        one, other = (subprocess.run([pdftoppm, "-r", "40", tmp_path / name], check=True, capture_output=True).stdout
                      for name in ("form.pdf", "flat.pdf"))  # fmt: skip
        assert len(one) == len(other) and sum(map(ne, one, other)) < len(one) / 5000


def test_a_copy_that_lacks_a_line_is_not_filed():
    lacking = PdfPress(SHELF).flat()
    case = judge(lay_over(sample(), {"necessity": {"why_treatment_now": "One\nTwo\nTwo"}})).cases[0]
    other = judge(lay_over(sample(), {"necessity": {"why_treatment_now": "One\nTwo"}})).cases[0]
    data, _ = shown(other, lacking)
    with pytest.raises(RenderError, match="does not say all that the PDF form says"):
        lacking.prove(case, data)


def goals(count):
    return {
        "goals": [{"goal": str(number), "problem": f"Problem {number}", "statement": f"Goal statement {number}"}
                  for number in range(1, count + 1)],
        "objectives": [{"goal": str(number), "objective": f"{number}{letter}", "statement": f"Step {number}{letter}",
                        "measure": "count", "baseline": "1", "target": "5", "target_date": "12/01/2026"}
                       for number in range(1, count + 1) for letter in "abcde"],
    }  # fmt: skip


@pytest.mark.parametrize("count", [0, 1, 3, 12])
def test_any_number_of_goals_has_its_sheets(count):
    tables = {**sample(), **goals(count)}
    if not count:
        del tables["interventions"]
    case, data, seen = plan({name: rows for name, rows in tables.items() if rows})
    assert PRESS.prove(case, data) == ()
    objectives = [one.drawn[0] for name, one in seen.fields.items() if name.endswith(".objective") and one.value]
    assert sorted(objectives) == sorted(f"{number}{letter}" for number in range(1, count + 1) for letter in "abcde")
    last = [name for name in seen.fields if name.startswith("page[")][-1]
    assert seen.fields[last].drawn == (str(len(seen.pages)),)
    assert set(seen.fields["page.count"].drawn) == {str(len(seen.pages))}


def pages_of(data):
    """Return the pages on which each field stands, from 1."""
    found = {}
    with pikepdf.open(io.BytesIO(data)) as pdf:
        for number, page in enumerate(pdf.pages, 1):
            for item in page.obj.Annots:
                parts = []
                while item is not None:
                    parts = [str(item.T), *parts] if "/T" in item else parts
                    item = item.get("/Parent")
                found.setdefault(".".join(parts), set()).add(number)
    return found


def test_a_long_answer_stands_in_its_box():
    words = " ".join(f"word{number}" for number in range(600))[:4000].strip()
    case, data, seen = plan(lay_over(sample(), {"necessity": {"why_treatment_now": words}}))
    assert PRESS.prove(case, data) == ()
    assert seen.fields["necessity.why_treatment_now"].drawn == (words,)
    assert "more[0].text" not in seen.fields


@pytest.mark.parametrize("length", [9000, 20_000])
def test_a_long_answer_goes_on_elsewhere_with_references_both_ways(length):
    words = " ".join(f"word{number}" for number in range(length // 7))[:length].strip()
    tables = lay_over(sample(), {"necessity": {"why_treatment_now": words}, "client": {"preferred_name": words[:90]}})
    case, data, seen = plan(tables)
    assert PRESS.prove(case, data) == ()
    place = pages_of(data)
    name, drawn = "necessity.why_treatment_now", seen.fields["necessity.why_treatment_now"].drawn[0]
    text, number = GOES_ON.sub("", drawn).removesuffix("\n"), 0
    firsts = [one for one in place if one.endswith(".title") and seen.fields[one].value.startswith("Why treatment")]
    for title in sorted(firsts, key=lambda one: int(re.search(r"\d+", one)[0])):
        assert int(GOES_ON.search(drawn)[1]) in place[title]
        number = int(re.search(r"continued from page (\d+)", seen.fields[title].drawn[0])[1])
        assert number in place[name]
        name = title.replace("title", "text")
        drawn = seen.fields[name].drawn[0]
        text += GOES_ON.sub("", drawn).removesuffix("\n")
    assert number
    assert text == words
    assert not GOES_ON.search(drawn)


def test_a_review_says_progress_once_for_each_goal():
    case = next(one for one in SAMPLES if one.wanted.document.name == "plan_review")
    _, seen = shown(case)
    said = [line for page in seen.pages for line in page.split("\n") if line == "Progress"]
    assert len(said) == sum(name.endswith(".goal") and name.count(".") == 1 for name in seen.fields)


def test_every_row_has_a_place():
    people = [
        {"staff": "LH", "discipline": f"Discipline {number}", "contribution": "Sees him weekly"} for number in range(9)
    ]
    case, data, seen = plan(lay_over(sample(), {"team": people}))
    assert not [one for one in PRESS.prove(case, data) if "Discipline" in one.text]
    assert [seen.fields[f"team[{number}].discipline"].drawn for number in range(9)] == [
        (f"Discipline {number}",) for number in range(9)
    ]


def test_a_signer_whose_name_no_face_can_draw_is_told():
    case = judge(sample()).cases[0]
    odd = replace(case, signers=(replace(case.signers[0], name="李明"), *case.signers[1:]))
    data = PRESS.sheet(odd, False).render()
    told = [one for one in PRESS.prove(odd, data) if one.code == "PF004"]
    assert [one.text.partition("»")[0] for one in told] == ["«Client: Name"]


def test_what_no_face_can_draw_names_the_characters_and_the_way_out():
    case, data, _ = plan(lay_over(sample(), {"client": {"preferred_name": "李明 (Ming)"}}))
    (finding,) = PRESS.prove(case, data)
    assert (finding.code, finding.path) == ("PF004", "client.preferred_name")
    assert "U+674E, U+660E" in finding.text
    assert "PLANKIT_FACES" in finding.text
    assert "李" not in finding.text


def test_another_clients_document_is_no_proof():
    (case,) = judge(lay_over(sample(), {"necessity": {"why_treatment_now": "Something else altogether"}})).cases[:1]
    data, _ = shown(judge(sample()).cases[0])
    assert "PF001" in {finding.code for finding in PRESS.prove(case, data)}


CHANGES = {
    "a letter of the first that has it": ("0053", "0052"),
    "the last letter": ("0061>", "0062>"),
    "the label of a choice": ("Outpatient".encode("utf-16-be").hex(), "Intpatient".encode("utf-16-be").hex()),
}


@pytest.mark.parametrize(("old", "new"), CHANGES.values(), ids=CHANGES)
def test_a_drawing_that_was_changed_is_told(old, new):
    case, data, _ = plan(sample())
    found = re.finditer(rb"stream\n(/Tx BMC\n.*?EMC)\nendstream", data, re.S)
    drawn = next(one for one in found if old.encode() in one[1])
    changed = data[: drawn.start()] + drawn[0].replace(old.encode(), new.encode(), 1) + data[drawn.end() :]
    assert {finding.code for finding in PRESS.prove(case, changed)} & {"PF001", "PF005"}


def test_a_draft_says_so_on_every_page_has_no_fields_and_asks_what_is_missing():
    tables = lay_over(sample(), {"necessity": {"why_treatment_now": ""}})
    (case, *_) = judge(tables).cases
    assert case.status == "draft"
    _, seen = shown(case, draft=True)
    assert seen.fields == {}
    assert all("DRAFT" in page for page in seen.pages)
    item = case.definitions.fields["necessity.why_treatment_now"]
    assert item.prompt in "\n".join(seen.pages)


def test_more_signers_than_places_is_said():
    case = judge(sample()).cases[0]
    many = tuple(replace(case.signers[0], role=f"team_{number}") for number in range(9))
    with pytest.raises(RenderError, match="places for 8 to sign, and 9 must"):
        PRESS.sheet(replace(case, signers=many), draft=False).render()


def test_faces_are_found_where_the_environment_names_them(tmp_path, monkeypatch):
    ideograph_face(tmp_path / "boxes.ttf", "李明")
    monkeypatch.setenv("PLANKIT_FACES", str(tmp_path))
    press = PdfPress(SHELF)
    case, data, seen = plan(lay_over(sample(), {"client": {"preferred_name": "李明"}}), press)
    assert press.prove(case, data) == ()
    assert seen.fields["client.preferred_name"].drawn == ("李明",)


def test_the_key_of_a_document_changes_with_its_faces(with_ideographs):
    case = judge(sample()).cases[0]
    assert PRESS.sheet(case, False).key == PdfPress(SHELF).sheet(case, False).key
    assert PRESS.sheet(case, False).key != with_ideographs.sheet(case, False).key


def test_a_population_without_a_form_has_no_document():
    case = judge(sample()).cases[0]
    odd = replace(case, wanted=replace(case.wanted, document=replace(case.wanted.document, name="none_such")))
    assert not PRESS.fits(odd)
    assert PRESS.sheet(odd, False) is None


def test_what_was_parsed_to_be_read_back_is_let_go_at_once(monkeypatch):
    readers = []
    original = read.PdfReader

    def noted(*arguments, **options):
        readers.append(original(*arguments, **options))
        return readers[-1]

    monkeypatch.setattr(read, "PdfReader", noted)
    shown(judge(sample()).cases[0])
    assert [len(reader.resolved_objects) for reader in readers] == [0]
