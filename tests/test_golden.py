"""This file ensures that each sample's documents read as they did: golden texts, rewritten by ``pytest --golden``."""

import re
import zipfile
from datetime import date
from pathlib import Path

import pytest

from toolkit import batch, demo, intake, shelf
from toolkit.word import read

SHELF = shelf.load()
GOLDEN = Path(__file__).parent / "golden"
TODAY = date(2026, 9, 30)


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    out = tmp_path_factory.mktemp("golden")
    outcome = batch.make(intake.records(demo.samples(SHELF), SHELF.all()), SHELF, out, today=TODAY)
    return out, outcome


def names():
    for record in demo.samples(SHELF)["records"]:
        yield record["client"]["id"]


def test_the_samples_are_clean(made):
    _, outcome = made
    stated = {"RQ004"}  # what stands in for a blank is told of every workbook that leaves one
    assert [(item.code, item.record) for item in outcome.findings if item.code not in stated] == []


@pytest.mark.parametrize("name", list(names()))
def test_a_samples_documents_read_as_they_did(made, name, request):
    out, _ = made
    files = sorted((out / name).glob("*.docx"))
    assert files
    for path in files:
        text = "\n".join(read.paragraphs(path.read_bytes())) + "\n"
        golden = GOLDEN / f"{name}-{path.stem}.txt"
        if request.config.getoption("--golden"):
            golden.parent.mkdir(exist_ok=True)
            golden.write_text(text, encoding="utf-8")
        assert text == golden.read_text(encoding="utf-8")


def test_the_notice_on_substance_use_records_stands_where_such_a_diagnosis_does(made):
    out, _ = made
    notice = "42 CFR part 2 prohibits unauthorized use or disclosure of these records."
    for path in sorted(out.glob("*/*.docx")):
        lines = read.paragraphs(path.read_bytes())
        diagnosed = lines[lines.index("Primary diagnosis") :][:4]
        assert (notice in lines) is any(line.startswith("F1") for line in diagnosed), path.name


def test_who_read_the_plan_in_plain_words_is_not_printed_in_its_large_letters(made):
    out, _ = made
    with zipfile.ZipFile(out / "0054" / "treatment_plan.docx") as package:
        paragraphs = package.read("word/document.xml").decode().split("<w:p>")
    styles = {
        style: [re.sub("<[^>]*>", "", one) for one in paragraphs if f'<w:pStyle w:val="{style}"/>' in one]
        for style in ("Plain", "Small")
    }
    (large,) = styles["Plain"]
    assert "If I don" in large and "Read aloud" not in large
    assert any("Read aloud by Ben to Ingrid" in text for text in styles["Small"])


def test_the_license_stands_behind_the_credential_where_somebody_signs(made):
    out, _ = made
    text = "\n".join(read.paragraphs((out / "0041" / "treatment_plan.docx").read_bytes()))
    assert "\nJordan Rivera, LCSW, license I.1400233\nClinician\n" in text
