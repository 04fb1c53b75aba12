"""This file ensures that pages look right when laid out; it looks through LibreOffice, where that is present."""

import html
import os
import re
import shutil
import signal
import subprocess
from collections import Counter
from copy import deepcopy
from itertools import count, cycle, islice
from typing import NamedTuple

import docx
import pytest
from word_files import part, with_part, word

from toolkit import demo, derive, intake, shelf
from toolkit.batch.word_press import WordPress
from toolkit.model import Case, Missing, Wanted
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
PRESS = WordPress(SHELF)
ADULT = SHELF.compose(("adult",))
PLAIN = compile_template(SHELF.pack("adult").file("treatment_plan.docx").read_bytes(), "plan", lambda name: b"")
SAMPLES = {record["client"]["id"]: record for record in demo.samples(SHELF)["records"]}
LONG = ("She says that mornings are the hardest part and that nothing planned the night before seems possible. " * 40)[
    :4000
]
MIDDLE = LONG[:700]
GONE = ("goals", "interventions", "progress", "outcomes")
FIELDS = SHELF.all().fields


def with_goals(record, count):
    """Return ``record`` with ``count`` goals, two objectives, one intervention, two ratings and an outcome each."""
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
    ids = [row["objective"] for goal in record["goals"] for row in goal["objectives"]]
    rated, ended = cycle(record.get("progress", [{}])), cycle(record.get("outcomes", [{}]))
    days = [review["date"] for review in record.get("review", [])]
    record["progress"] = [{**next(rated), "review_date": day, "objective": name} for day in days for name in ids]
    if "discharge" in record:
        record["outcomes"] = [{**next(ended), "goal": goal["goal"]} for goal in record["goals"]]
    return record


NUMBERS = count(1)


def numbered(text):
    """Return ``text`` as an answer like no other: with a number, at both ends where it is more than a word."""
    number = next(NUMBERS)
    return f"Begin{number} {text[8:-12]} End{number}" if " " in text else f"{text}{number}"


def with_text(record, text, section=""):
    """Return ``record`` with ``text``, numbered, in every answer that may be long, and in every line of a list."""
    if isinstance(record, list):
        return [with_text(item, text, section) for item in record]
    out = {}
    for name, value in record.items():
        item = FIELDS.get(f"{section}.{name}")
        if isinstance(value, dict) or (isinstance(value, list) and value and isinstance(value[0], dict)):
            out[name] = with_text(value, text, name)
        elif item is not None and item.kind in ("long", "lines"):
            out[name] = [numbered(text), numbered(text[:300])] if item.kind == "lines" else numbered(text)
        else:
            out[name] = value
    return out


SIZES = {
    "1 goal, one word": (1, "Mood"),
    "1 goal, 4,000 characters": (1, LONG),
    "3 goals": (3, ""),
    "3 goals, 700 characters": (3, MIDDLE),
    "8 goals": (8, ""),
    "8 goals, one word": (8, "Mood"),
    "8 goals, 4,000 characters": (8, LONG),
}


def sized(record, count, text):
    record = with_goals(record, count)
    return with_text(record, text) if text else record


OTHERS = {
    "adult and trauma": "0051",
    "adult and IDD": "0054",
    "adult, trauma and IDD": "0056",
    "adolescent": "0048",
    "adolescent and trauma": "0053",
    "adolescent and IDD": "0057",
}
# Each combination of populations as its samples are and with many short answers; at all sizes those with nothing and
# with everything added.
RECORDS = {
    **{f"sample {name}": record for name, record in SAMPLES.items()},
    **{f"adult, {size}": sized(SAMPLES["0046"], *how) for size, how in SIZES.items()},
    **{f"all populations, {size}": sized(SAMPLES["0058"], *how) for size, how in SIZES.items()},
    **{f"{name}, 8 goals, one word": sized(SAMPLES[client], 8, "Mood") for name, client in OTHERS.items()},
    **{
        f"{name}, 3 goals, one word": sized(SAMPLES[OTHERS[name]], 3, "Mood")
        for name in ("adolescent", "adult and IDD")
    },
    "adult, trauma and IDD, 3 goals, 4,000 characters": sized(SAMPLES["0056"], 3, LONG),
    "draft without goals": {name: rows for name, rows in SAMPLES["0041"].items() if name not in GONE},
    "draft without goals, all populations": {name: rows for name, rows in SAMPLES["0058"].items() if name not in GONE},
    "draft": SAMPLES["0044"],
    "draft, all populations": SAMPLES["0058"],
}
WITHOUT_CONTROLS = tuple(
    f"{name}: treatment_plan" for name in ("sample 0041", "sample 0046", "adult, 3 goals, 700 characters", "draft")
)
"""Cases that are also laid out without content controls."""
COMPANIONS = ("objectives_card", "service_justification")
"""Those that have a template and are made of a record alone; each sample has them."""


def cases():
    """Yield name, client and case of each document of each record."""
    for name, tables in RECORDS.items():
        [record] = intake.records({**demo.samples(SHELF), "records": [deepcopy(tables)]}, SHELF.all())
        asked = SHELF.compose(SHELF.populations(record, record.get("plan.date")))
        for document in asked.documents.values():
            if document.of and (document.name not in COMPANIONS or not name.startswith("sample")):
                continue
            section, _, field = document.date.partition(".")
            for row in record.all(section):
                day = row.get(field)
                definitions = SHELF.compose(SHELF.populations(record, day))
                whole = derive.complete(record, day, definitions)
                own = whole.all(section)[row.ordinal - 1] if document.each else None
                wanted = Wanted(definitions.documents[document.name], day, own)
                case = Case(whole, wanted, definitions, (), derive.signers(whole, definitions, wanted.document))
                yield f"{name}: {wanted.stem}", record.id, case


CASES = {name: (client, case) for name, client, case in cases()}


def convert(files, folder):
    """Have LibreOffice write a PDF of each file; end it after long enough, with all that it started."""
    command = ["soffice", f"-env:UserInstallation=file://{folder / 'profile'}", "--headless", "--convert-to", "pdf"]
    command += ["--outdir", str(folder), *map(str, files)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
    try:
        process.wait(400)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        pytest.fail("LibreOffice did not finish: the layout goes round in circles")


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """Return, by case, the Word file, which a PDF of the same name stands beside."""
    folder = tmp_path_factory.mktemp("layout")
    files = {}
    for number, (name, (_, case)) in enumerate(CASES.items()):
        files[name] = folder / f"{number}.docx"
        is_draft = name.startswith("draft")
        files[name].write_bytes(PRESS.sheet(case, is_draft).render())
        if name in WITHOUT_CONTROLS:
            files[f"{name}, without controls"] = folder / f"{number}-plain.docx"
            files[f"{name}, without controls"].write_bytes(PLAIN.render(derive.context(case, is_draft), is_draft))
    convert(files.values(), folder)
    return files


@pytest.fixture(scope="module")
def pages(files):
    """Return, by case, the Word file and the lines of each page."""
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
    client, case = CASES[name]
    for number, page in enumerate(found, 1):
        foot = " ".join(page[-3:])
        assert f"Page {number} of {len(found)}" in foot
        assert re.search(rf"Client {client} +· +{case.wanted.document.title} +· +\d\d/\d\d/202[56]", foot)
        assert f"Form {'-'.join(case.definitions.populations)}" in foot


@pytest.mark.parametrize("name", CASES)
def test_no_page_is_blank(pages, name):
    _, found = pages[name]
    assert [number for number, page in enumerate(found, 1) if len(body(page)) < 2] == []


@pytest.mark.parametrize("name", CASES)
def test_no_heading_is_last_on_a_page(pages, name):
    document, found = pages[name]
    titles = headings(document)
    last = [page for page, lines in enumerate(map(body, found), 1) if lines and lines[-1] in titles]
    assert last == []


@pytest.mark.parametrize("name", [name for name, (_, case) in CASES.items() if not case.wanted.document.of])
def test_the_places_to_sign_stand_together_with_the_text_before_them(pages, name):
    document, found = pages[name]
    [at] = [number for number, page in enumerate(found) if "Signatures" in page]
    assert at == len(found) - 1 or body(found[at + 1])[0] == "My plan in plain words"
    lines = body(found[at])
    start = lines.index("Signatures")
    assert start > 0 or is_long(last_text(document))
    if not name.startswith("draft"):
        places = " ".join(lines[start:])
        assert (
            places.count("Date: ____")
            == places.count("_" * 34)
            == sum(not signer.reason_absent for signer in CASES[name][1].signers)
            > 0
        )


def last_text(document):
    """Return the row or paragraph before the places to sign."""
    heading = next(item for item in document.paragraphs if item.text == "Signatures")
    return next(item for item in heading._p.itersiblings(preceding=True)).xpath("(descendant-or-self::w:tr)[last()]")[0]


def is_long(row):
    """Tell whether a row is so long that it may break over pages, and is not kept with the places to sign."""
    return sum(len("".join(text_of(item))) for item in row.iter("{*}p")) > 1500


@pytest.mark.parametrize("name", CASES)
def test_no_word_is_lost_or_cut_off(pages, name):
    document, found = pages[name]
    cells = [cell for row in document.element.body.iter("{*}tc") for cell in row.iter("{*}p")]
    paragraphs = [*(item._p for item in document.paragraphs), *cells]
    written = Counter(word for item in paragraphs for word in words("".join(text_of(item))))
    drawn = Counter(word for page in found for line in page for word in words(line))
    whole = "".join("".join(line.split()) for page in found for line in page)  # poppler sees blanks beside rare letters
    lost = {word: count for word, count in (written - drawn).items() if len(word) > 3}
    assert {word for word, count in lost.items() if whole.count(word) < written[word]} == set()


def words(text):
    return re.findall(r"[\w’'<&]+", text)


def text_of(paragraph):
    for item in paragraph.iter("{*}t", "{*}br", "{*}tab"):
        yield (item.text or "") if item.tag.endswith("}t") else " "


@pytest.mark.parametrize("name", [name for name in CASES if "one word" in name or "characters" in name])
def test_no_row_is_split_unless_it_is_very_long(pages, name):
    document, found = pages[name]
    at = {}
    for number, page in enumerate(found):
        for mark in marks(page):
            at[mark] = number
    rows = [
        "\n".join("".join(text_of(item)) for item in row.iter("{*}p")) for row in document.element.body.iter("{*}tr")
    ]
    short = [row for row in rows if len(row) <= 1500 and marks([row])]
    assert short or "4,000" in name
    assert [row[:80] for row in short if len({at[mark] for mark in marks([row])}) > 1] == []


def marks(lines):
    return [mark for line in lines for mark in re.findall(r"\b(?:Mood|Begin|End)\d+\b", line)]


class Row(NamedTuple):
    """A row of a table, or a paragraph: its text without blanks, its table, and whether it is a head of that."""

    text: str
    table: object
    is_head: bool


def rows(document):
    found = {}
    for paragraph in document.element.body.iter("{*}p"):
        row = next(paragraph.iterancestors("{*}tr"), paragraph)
        text = "".join(item.text or "" for item in paragraph.iter("{*}t"))
        found[row] = found.get(row, "") + letters(text)
    for row, text in found.items():
        if text:
            is_head = next(row.iter("{*}tblHeader"), None) is not None
            yield Row(text, next(row.iterancestors("{*}tbl"), None), is_head)


def letters(text):
    return re.sub("[^A-Za-z0-9]", "", text)


WORD = re.compile(r'<word xMin="[\d.]+" yMin="([\d.]+)" xMax="[\d.]+" yMax="([\d.]+)">(.*?)</word>')
HEIGHT, FOOT = 792, 0.8 * 72
"""Of a page, in points, and of its lower margin."""


def drawn(path):
    """Yield the letters of each page between header and footer, and where the lowest ends, in shares of that room."""
    text = subprocess.run(["pdftotext", "-bbox", "-raw", str(path), "-"], capture_output=True, check=True).stdout
    for number, page in enumerate(text.decode().split("<page ")[1:]):
        top = 40.0 if number else 0.0  # the header of later pages
        words = [(float(end), html.unescape(word)) for start, end, word in WORD.findall(page)
                 if top < float(start) < HEIGHT - FOOT]  # fmt: skip
        ends = [end for end, _ in words]
        yield letters("".join(word for _, word in words)), (max(ends) - 50.4) / (HEIGHT - FOOT - 50.4)


def placed(document, path):
    """Yield each row with the page on which it begins; heads that are repeated are passed over."""
    lines = iter(rows(document))
    row = next(lines)
    rest, first, head = row.text, None, None
    for number, (text, _) in enumerate(drawn(path), 1):
        if head and head.table is row.table and not row.is_head and text.startswith(head.text):
            text = text[len(head.text) :]
        while text:
            length = min(len(rest), len(text))
            assert rest[:length] == text[:length], number
            first = first or number
            rest, text = rest[length:], text[length:]
            if not rest:
                yield row, first
                head = row if row.is_head else head
                row, first = next(lines, Row("", None, False)), None
                rest = row.text


PLAIN_CASES = [name for name in CASES if "characters" not in name and not name.startswith("draft")]
"""Cases of which no row is taller than others on its page can be."""


@pytest.mark.parametrize("name", PLAIN_CASES)
def test_no_short_row_stands_alone_on_top_of_a_page(pages, files, name):
    found = [*placed(pages[name][0], files[name].with_suffix(".pdf"))]
    alone = [
        row.text
        for (before, page_before), (row, page), (after, _) in zip(found, found[1:], found[2:], strict=False)
        if before.table is row.table is not after.table and row.table is not None and not before.is_head
        if page_before < page and len(row.text) <= 110 and len(before.text) <= 450
    ]
    assert alone == []


@pytest.mark.parametrize("name", PLAIN_CASES)
def test_what_a_goal_says_stands_on_the_page_of_its_first_table(pages, files, name):
    found = [*placed(pages[name][0], files[name].with_suffix(".pdf"))]
    torn = [
        row.text
        for (before, _), (row, page), (after, page_after) in zip(found, found[1:], found[2:], strict=False)
        if before.table is None is not row.table is not after.table and after.is_head and page < page_after
    ]
    assert torn == []


@pytest.mark.parametrize("name", PLAIN_CASES)
def test_no_page_is_less_than_a_third_full_unless_it_is_the_last(files, name):
    shares = [share for text, share in drawn(files[name].with_suffix(".pdf")) if "Myplaninplainwords" not in text]
    assert [number for number, share in enumerate(shares[:-1], 1) if share < 1 / 3] == []


MOVED = (
    "adult, 8 goals, one word: treatment_plan",
    "adult and trauma, 8 goals, one word: plan_review-2025-12-08",
    "adolescent, 3 goals, one word: discharge_summary",  # one person signs
)


def test_headings_and_places_to_sign_stay_with_their_text_wherever_the_page_ends(tmp_path):
    files = {}
    for number, name in enumerate(MOVED):
        data = PRESS.sheet(CASES[name][1], False).render()
        for points in range(0, 100, 5):
            files[name, points] = tmp_path / f"{number}-{points}.docx"
            body_xml = part(data, "word/document.xml")
            style = '<w:pStyle w:val="Subtitle"/>'
            lower = body_xml.replace(style, f'{style}<w:spacing w:before="{points * 20}"/>', 1)
            files[name, points].write_bytes(with_part(data, "word/document.xml", lower))
    convert(files.values(), tmp_path)
    for place, path in files.items():
        titles, found = headings(docx.Document(str(path))), laid_out(path.with_suffix(".pdf"))
        assert [lines[-1] for lines in map(body, found) if lines[-1] in titles] == [], place
        [at] = [number for number, page in enumerate(found) if "Signatures" in page]
        assert (at, body(found[at])[0] == "Signatures") == (len(found) - 1, False), place


@pytest.mark.parametrize("name", WITHOUT_CONTROLS)
def test_content_controls_change_nothing_that_is_drawn(pages, name):
    found, plain = pages[name][1], pages[f"{name}, without controls"][1]
    assert len(found) == len(plain)
    assert sorted(lines_of(found)) == sorted(lines_of(plain))  # a row that breaks may do so a line further down


def lines_of(found):
    return [line for page in found for line in page]


def test_another_program_finds_what_is_bound_in_the_store(tmp_path):
    loop = "{% for goal in goals %}{% for objective in goal.objectives %}{{ objective.unit }}, {% endfor %}{% endfor %}"
    view = {"client": {"legal_name": "Ana & Ruiz"}, "goals": [{"objectives": [{"unit": "one"}, {"unit": "two"}]}]}
    data = compile_template(
        word("Name: {{ client.legal_name }}", loop), "plan.docx", lambda name: b"", {}, ADULT
    ).render(view)
    store = "customXml/item2.xml"  # the first is python-docx's own
    path = tmp_path / "plan.docx"
    path.write_bytes(with_part(data, store, part(data, store).replace("Ruiz", "Lind").replace("two", "three")))
    convert([path], tmp_path)
    assert laid_out(path.with_suffix(".pdf")) == [["Name: Ana & Lind", "one, three,"]]


def test_an_ordinary_plan_is_short(pages):
    lengths = {name: len(found) for name, (_, found) in pages.items()}
    assert lengths["sample 0047: treatment_plan"] <= 2
    assert max(lengths[name] for name in lengths if re.match("sample 004[1-7].*plan", name)) <= 5
    assert lengths["sample 0046: treatment_plan"] <= 4
    assert max(lengths[name] for name in lengths if "sample" in name) <= 9
    assert max(lengths[name] for name in lengths if "8 goals:" in name) <= 11


@pytest.mark.skipif(not shutil.which("pdftoppm"), reason="NOT LOOKED AT: poppler (pdftoppm) is missing")
def test_the_questions_of_a_draft_are_highlighted_on_the_page(tmp_path):
    data = compile_template(word("{{ client.legal_name }}"), "plan.docx", lambda name: b"", {}, ADULT)
    (tmp_path / "plan.docx").write_bytes(data.render({"client": {"legal_name": Missing("Who is it?")}}, True))
    convert([tmp_path / "plan.docx"], tmp_path)
    page = subprocess.run(["pdftoppm", "-r", "40", str(tmp_path / "plan.pdf")], capture_output=True, check=True).stdout
    pixels = page.split(b"255\n", 1)[1]
    assert pixels.count(b"\xff\xff\x00") > 50
