"""This file ensures that pages look right when laid out; it looks through LibreOffice, where that is present."""

import os
import re
import shutil
import signal
import subprocess
from collections import Counter
from copy import deepcopy
from itertools import cycle, islice

import docx
import pytest
from word_files import part, with_part, word

from toolkit import demo, derive, intake, shelf
from toolkit.model import Case, Wanted
from toolkit.word.compile import compile_template

NEEDED = ("soffice", "pdftotext")
pytestmark = [
    pytest.mark.office,
    pytest.mark.skipif(
        not all(map(shutil.which, NEEDED)),
        reason="NOT LOOKED AT: LibreOffice (soffice) or poppler (pdftotext) is missing",
    ),
]

SHELF = shelf.load()
ADULT = SHELF.compose(("adult",))
PLAN = ADULT.documents["treatment_plan"]
SAMPLES = {record["client"]["id"]: record for record in demo.samples(SHELF)["records"]}
LONG = ("She says that mornings are the hardest part and that nothing planned the night before seems possible. " * 40)[
    :4000
]
MIDDLE = LONG[:700]
GONE = ("goals", "interventions")


def with_goals(record, count):
    """Return ``record`` with ``count`` goals, two objectives and one intervention each."""
    goals, interventions = record["goals"], record["interventions"]
    record = {**record, "goals": [], "interventions": []}
    for number, (goal, intervention) in enumerate(
        islice(zip(cycle(goals), cycle(interventions), strict=False), count), 1
    ):
        objectives = islice(cycle(goal["objectives"]), 2)
        rows = [{**row, "objective": f"{number}{letter}"} for row, letter in zip(objectives, "ab", strict=True)]
        record["goals"].append({**goal, "goal": str(number), "objectives": rows})
        record["interventions"].append(
            {**intervention, "intervention": str(number), "goals": str(number), "objectives": f"{number}a, {number}b"}
        )
    return record


def with_text(record, text, section=""):
    """Return ``record`` with ``text`` in every answer that may be long, and in every line of a list."""
    if isinstance(record, list):
        return [with_text(item, text, section) for item in record]
    out = {}
    for name, value in record.items():
        item = ADULT.fields.get(f"{section}.{name}")
        if isinstance(value, dict) or (isinstance(value, list) and value and isinstance(value[0], dict)):
            out[name] = with_text(value, text, name)
        elif item is not None and item.kind in ("long", "lines"):
            out[name] = [text, text[:300]] if item.kind == "lines" else text
        else:
            out[name] = value
    return out


CASES = {
    **{f"sample {name}": record for name, record in SAMPLES.items()},
    "1 goal, one word": with_text(with_goals(SAMPLES["0041"], 1), "Mood"),
    "1 goal, 4,000 characters": with_text(with_goals(SAMPLES["0041"], 1), LONG),
    "3 goals": with_goals(SAMPLES["0043"], 3),
    "3 goals, 700 characters": with_text(with_goals(SAMPLES["0045"], 3), MIDDLE),
    "3 goals, 4,000 characters": with_text(with_goals(SAMPLES["0044"], 3), LONG),
    "8 goals": with_goals(SAMPLES["0046"], 8),
    "8 goals, one word": with_text(with_goals(SAMPLES["0045"], 8), "Mood"),
    "8 goals, 4,000 characters": with_text(with_goals(SAMPLES["0044"], 8), LONG),
    "draft without goals": {name: rows for name, rows in SAMPLES["0041"].items() if name not in GONE},
    "draft": SAMPLES["0044"],
}
WITHOUT_CONTROLS = ("sample 0041", "sample 0046", "3 goals, 700 characters", "draft")
"""Cases that are also laid out without content controls."""


def convert(files, folder):
    """Have LibreOffice write a PDF of each file; end it after two minutes, with all that it started."""
    command = ["soffice", f"-env:UserInstallation=file://{folder / 'profile'}", "--headless", "--convert-to", "pdf"]
    command += ["--outdir", str(folder), *map(str, files)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
    try:
        process.wait(120)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        pytest.fail("LibreOffice did not finish: the layout goes round in circles")


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    """Return, by case, the Word file and the lines of each page, without header and footer."""
    folder = tmp_path_factory.mktemp("layout")
    data = SHELF.packs["adult"].file(PLAN.template).read_bytes()
    template = compile_template(data, PLAN.template, lambda name: b"", (), ADULT)
    plain = compile_template(data, PLAN.template, lambda name: b"")
    files = {}
    for number, (name, tables) in enumerate(CASES.items()):
        [record] = intake.records({**demo.samples(SHELF), "records": [deepcopy(tables)]}, SHELF.all())
        record = derive.complete(record, record.get("plan.date"), ADULT)
        wanted = Wanted(PLAN, record.get("plan.date"))
        case = Case(record, wanted, ADULT, (), derive.signers(record, ADULT, PLAN))
        is_draft = name.startswith("draft")
        files[name] = folder / f"{number}.docx"
        files[name].write_bytes(template.render(derive.context(case, is_draft), is_draft))
        if name in WITHOUT_CONTROLS:
            files[f"{name}, without controls"] = folder / f"{number}-plain.docx"
            files[f"{name}, without controls"].write_bytes(plain.render(derive.context(case, is_draft), is_draft))
    convert(files.values(), folder)
    return {name: (docx.Document(str(path)), laid_out(path.with_suffix(".pdf"))) for name, path in files.items()}


def laid_out(path):
    text = subprocess.run(["pdftotext", "-layout", str(path), "-"], capture_output=True, check=True).stdout.decode()
    return [[line.strip() for line in page.split("\n") if line.strip()] for page in text.split("\f")[:-1]]


def body(page):
    """Return the lines of a page without its header (clinic, draft) and its footer (two lines)."""
    footer = next(number for number, line in enumerate(page) if re.match(r"Client \S+ +· ", line))
    return [line for line in page[:footer] if not line.startswith("DRAFT")][1:]


def headings(document):
    return {item.text.strip() for item in document.paragraphs if item.style.name.startswith("Heading")}


@pytest.mark.parametrize("name", CASES)
def test_every_page_has_its_number_and_its_client(pages, name):
    _, found = pages[name]
    client = CASES[name]["client"]["id"]
    for number, page in enumerate(found, 1):
        foot = " ".join(page[-3:])
        assert f"Page {number} of {len(found)}" in foot
        assert re.search(rf"Client {client} +· +Treatment plan +· +\d\d/\d\d/2026", foot)
        assert "Form adult" in foot


@pytest.mark.parametrize("name", CASES)
def test_no_page_is_blank(pages, name):
    _, found = pages[name]
    assert [number for number, page in enumerate(found, 1) if len(body(page)) < 2] == []


@pytest.mark.parametrize("name", CASES)
def test_no_heading_is_last_on_a_page(pages, name):
    document, found = pages[name]
    titles = headings(document)
    assert [page for page, lines in enumerate(map(body, found), 1) if lines and lines[-1] in titles] == []


@pytest.mark.parametrize("name", CASES)
def test_the_places_to_sign_stand_together_with_the_text_before_them(pages, name):
    _, found = pages[name]
    at = [number for number, page in enumerate(found) if "Signatures" in page]
    assert at == [len(found) - 1]
    lines = body(found[-1])
    start = lines.index("Signatures")
    assert start > 0 and lines[start - 1].startswith("Agreement")
    if not name.startswith("draft"):
        places = " ".join(lines[start:])
        assert places.count("Date: ____") == places.count("_" * 34) >= 2


@pytest.mark.parametrize("name", CASES)
def test_no_word_is_lost_or_cut_off(pages, name):
    document, found = pages[name]
    cells = [cell for row in document.element.body.iter("{*}tc") for cell in row.iter("{*}p")]
    paragraphs = [*(item._p for item in document.paragraphs), *cells]
    written = Counter(word for item in paragraphs for word in words("".join(text_of(item))))
    drawn = Counter(word for page in found for line in page for word in words(line))
    assert {word: count for word, count in (written - drawn).items() if len(word) > 3} == {}


def words(text):
    return re.findall(r"[\w’'<&]+", text)


def text_of(paragraph):
    for item in paragraph.iter("{*}t", "{*}br", "{*}tab"):
        yield (item.text or "") if item.tag.endswith("}t") else " "


@pytest.mark.parametrize("name", WITHOUT_CONTROLS)
def test_content_controls_change_nothing_that_is_drawn(pages, name):
    assert pages[name][1] == pages[f"{name}, without controls"][1]


def test_another_program_finds_what_is_bound_in_the_store(tmp_path):
    loop = "{% for goal in goals %}{% for objective in goal.objectives %}{{ objective.unit }}, {% endfor %}{% endfor %}"
    view = {"client": {"legal_name": "Ana & Ruiz"}, "goals": [{"objectives": [{"unit": "one"}, {"unit": "two"}]}]}
    data = compile_template(
        word("Name: {{ client.legal_name }}", loop), "plan.docx", lambda name: b"", (), ADULT
    ).render(view)
    store = "customXml/item2.xml"  # the first is python-docx's own
    path = tmp_path / "plan.docx"
    path.write_bytes(with_part(data, store, part(data, store).replace("Ruiz", "Lind").replace("two", "three")))
    convert([path], tmp_path)
    assert laid_out(path.with_suffix(".pdf")) == [["Name: Ana & Lind", "one, three,"]]


def test_an_ordinary_plan_is_short(pages):
    lengths = {name: len(found) for name, (_, found) in pages.items()}
    assert lengths["sample 0047"] <= 2
    assert max(lengths[name] for name in lengths if name.startswith("sample")) <= 4
    assert lengths["8 goals"] <= 7
