"""This file ensures that the map of a thread has room for every plan, and says the same in Word, PDF and SVG."""

import io
import re
from itertools import pairwise
from xml.etree import ElementTree

import openpyxl
import pytest
from click.testing import CliRunner
from judging import SHELF, TODAY, lay_over, raw_rows, record, sample
from office import complaints, faults
from pdfua import validate
from pypdf import PdfReader

from toolkit import batch, derive
from toolkit.cli import main
from toolkit.errors import ShelfError
from toolkit.intake.assemble import assemble
from toolkit.pdf import drawing as pdf
from toolkit.pdf.fonts import Faces
from toolkit.shelf.tables import as_document
from toolkit.thread import thread
from toolkit.thread.layout import MARGIN, SHORTENED, WIDTH, About, pages
from toolkit.thread.svg import svg
from toolkit.thread.told import told
from toolkit.word import drawing as word
from toolkit.word import read

FACES = Faces()
ABOUT = About("Thread map", "A. Sample · Treatment plan of 05/11/2026", "Client 0041 · Thread map · 05/11/2026")
BRAND = "1F4E5F"
SMALLEST = 7


def measure(text, bold):
    return (FACES.bold if bold else FACES.regular).width(text)


def thread_of(tables):
    found = record(tables)
    return thread(derive.complete(found, TODAY, SHELF.compose(SHELF.populations(found, TODAY))))


def map_of(tables, about=ABOUT):
    return pages(thread_of(tables), about, measure)


def many(goals, each):
    """Return the first sample with that many goals, each with ``each`` objectives and an intervention."""
    tables = sample()
    numbers = range(1, goals + 1)
    tables["goals"] = [
        {
            "goal": str(number),
            "problem": f"Problem {number}: low mood and waking in the small hours keep him from work and kitchen",
            "statement": f"Goal {number}: keeps a whole week because mornings are bearable again",
            "addresses": "all",
            "client_words": "I want to get up",
        }
        for number in numbers
    ]
    tables["objectives"] = [
        {
            **sample()["objectives"][1],
            "goal": str(number),
            "objective": f"{number}{'abcdefghijklmnopqrstuvwxyz'[place]}",
        }
        for number in numbers
        for place in range(each)
    ]
    names = [[row["objective"] for row in tables["objectives"] if row["goal"] == str(number)] for number in numbers]
    tables["interventions"] = [
        {**sample()["interventions"][0], "intervention": str(number), "objectives": ", ".join(own)}
        for number, own in zip(numbers, names, strict=True)
    ]
    return tables


SPARSE = {
    **{key: value for key, value in sample().items() if key not in ("interventions", "scores")},
    "plan": {"date": "05/11/2026", "primary_diagnosis": "F33.1 Major depressive disorder, recurrent, moderate"},
    "assessment": {"date": "05/04/2026", "symptoms": ["Low mood <most> days & nights", "Panic on the bus"]},
    "goals": [{"goal": "1", "statement": "Feel better", "addresses": "S1"}],
    "objectives": [{"goal": "1", "objective": "1a", "statement": "Better mood"}],
}
PLANS = {"sample": sample(), "one": many(1, 1), "eight": many(8, 3), "crowded": many(1, 26), "sparse": SPARSE}


def ids(thread):
    return {node.id for step in thread.steps for node in step.nodes}


# --- room ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", PLANS)
def test_boxes_stand_on_the_page_and_on_nothing_else(name):
    for page in map_of(PLANS[name]):
        columns = {}
        for box in page.boxes:
            assert box.x >= MARGIN and box.x + box.width <= WIDTH - MARGIN + 0.01
            assert box.y > page.heads[0].y + 17 and box.y + box.height < page.rule
            columns.setdefault(box.x, []).append(box)
        assert len(columns) == 6
        for boxes in columns.values():
            for above, below in pairwise(sorted(boxes, key=lambda box: box.y)):
                assert above.y + above.height + 2.9 <= below.y


@pytest.mark.parametrize("name", PLANS)
def test_lines_stand_in_their_boxes_at_a_size_that_can_be_read(name):
    for page in map_of(PLANS[name]):
        for box in page.boxes:
            for line in box.lines:
                wide = sum(measure(run.text, run.bold) for run in line.runs) * line.size / 1000
                assert line.size >= SMALLEST and line.x + wide <= box.x + box.width
                assert box.y + line.size * 0.7 < line.y < box.y + box.height


@pytest.mark.parametrize("name", ["sample", "one", "eight", "sparse"])
def test_every_id_stands_whole_on_some_page(name):
    found = thread_of(PLANS[name])
    leads = {box.lines[0].runs[0].text.strip() for page in map_of(PLANS[name]) for box in page.boxes}
    assert ids(found) <= leads


@pytest.mark.parametrize(("goals", "each", "count"), [(1, 1, 1), (3, 2, 1), (5, 1, 1), (8, 1, 1), (8, 3, 3)])
def test_a_plan_has_one_page_until_it_could_not_be_read(goals, each, count):
    assert len(map_of(many(goals, each))) == count


def test_what_stands_on_another_page_is_not_called_missing():
    first, *_, last = map_of(PLANS["eight"])
    assert "on another page" in first.drawn and "no discharge criterion" not in first.drawn
    assert "on another page" not in last.drawn and "Thread map, page 3 of 3" in last.drawn


def test_what_has_no_room_even_so_is_counted():
    (page,) = map_of(PLANS["crowded"])
    assert "more, in the plan" in page.drawn.replace("\n", " ")


def test_a_long_text_ends_at_a_word_and_the_page_says_so():
    long = lay_over(sample(), {"goals": [{"goal": "1", "statement": "Keeps whole working weeks again " * 30}]})
    (page,) = map_of(long)
    assert page.note.runs[0].text == SHORTENED
    ends = [line.runs[-1].text.strip() for box in page.boxes for line in box.lines if line.runs[-1].text.endswith("…")]
    assert ends and all(end.removesuffix(" …").split()[-1] in long_words(long) for end in ends)
    assert "shortened" not in map_of(SPARSE)[0].drawn and map_of(SPARSE)[0].note is None


def long_words(tables):
    """Return the words of all answers, without what punctuation stands behind them."""
    return {word.strip(" ,;:–-") for word in re.split(r"\s+", str(tables).replace("'", " "))} | {"at", "by"}


def test_one_word_wider_than_a_box_is_broken_and_stays_whole():
    word_ = "Donaudampfschifffahrtsgesellschaftskapitänskajüte"
    (page,) = map_of(lay_over(sample(), {"interventions": [{"intervention": "3", "technique": word_}]}))
    assert word_ in page.drawn.replace("\n", "")


def test_ids_and_whose_map_it_is_stay_whole_however_long():
    name = "objective-of-the-first-quarter-2026-a"
    tables = lay_over(sample(), {"objectives": [{"objective": "1b", "statement": "Is up by seven on work days"}]})
    [row] = [row for row in tables["objectives"] if row["objective"] == "1b"]
    row["objective"] = name
    tables["interventions"][0]["objectives"] = f"1a, {name}"
    about = About("Thread map", "A. Sample-Longname " * 12, "Client " + "0041-" * 40)
    (page,) = map_of(tables, about)
    text = page.drawn.replace("\n", "")
    assert text.count(name) == 2  # its own box, and that of the intervention for it
    for line in (page.subtitle, page.foot):
        wide = sum(measure(run.text, run.bold) for run in line.runs) * line.size / 1000
        assert line.x >= MARGIN and line.x + wide <= WIDTH - MARGIN + 0.01
    for box in page.boxes:
        for line in box.lines:
            wide = sum(measure(run.text, run.bold) for run in line.runs) * line.size / 1000
            assert line.x + wide <= box.x + box.width


# --- broken ends ---------------------------------------------------------------------------------------------------


def test_a_broken_end_has_a_stroke_of_its_own_and_words():
    (page,) = map_of(SPARSE)
    broken = [box for box in page.boxes if box.look == "broken"]
    alarms = ["".join(run.text for run in line.runs) for box in broken for line in box.lines
              if line.runs[-1].ink == "alarm"]  # fmt: skip
    text = " ".join(alarms)
    for said in ("taken up by no", "no measure", "× no problem", "no intervention", "no discharge"):
        assert said in text
    (curve,) = [curve for curve in page.curves if curve.way == "broken"]
    (box,) = [box for box in broken if box.title.startswith("symptom S2")]
    assert (curve.x0, curve.y0) == (box.x + box.width, box.y + box.height / 2) and curve.x1 > curve.x0
    assert [one.way for one in page.legend] == ["typed", "broken"]


ASTRAY = lay_over(sample(), {"interventions": [{"intervention": "2", "goals": "", "objectives": "1a, 7x"},
                                               {"intervention": "3", "goals": "", "objectives": "7x"}]})  # fmt: skip


def test_what_leads_nowhere_is_a_broken_end_on_a_map_and_no_link():
    (page,) = map_of(ASTRAY)
    crosses = {(one.x0, one.y0) for one in page.curves if one.way == "broken"}
    ends = {(one.x1, one.y1) for one in page.curves if one.way != "broken"}
    named, alone = [box for box in page.boxes if "names objective 7x, which is not there" in box.title]
    assert (named.title[:14], alone.title[:14]) == ("intervention 2", "intervention 3")
    assert [(one.x, one.y + one.height / 2) in ends for one in (named, alone)] == [True, False]
    assert (alone.x, alone.y + alone.height / 2) in crosses
    assert crosses.isdisjoint(ends)  # what is named and there is not crossed out
    assert "Objective 1a leads to intervention 1, intervention 2, " in page.told
    assert "Broken at intervention 3: names objective 7x, which is not there." in page.told
    assert "Broken at objective 2a: no intervention serves it, as far as can be read." in page.told


def test_a_missing_part_is_told_in_words():
    (page,) = map_of(SPARSE)
    assert "Broken at goal 1: no problem." in page.told and "Broken at objective 1a: no measure." in page.told


def test_a_map_says_in_words_what_it_shows():
    (page,) = map_of(SPARSE)
    assert "Symptom S1 leads to goal 1." in page.told and "Goal 1 leads to objective 1a." in page.told
    assert "Broken at symptom S2: taken up by no goal." in page.told and "Missing: no intervention." in page.told


def test_a_draft_says_that_it_is_one():
    (page,) = map_of(sample(), About("Thread map", "A. Sample", "0041", draft=True))
    assert "DRAFT – not ready to sign" in page.drawn


def test_a_thread_is_told_as_a_tree():
    lines = list(told(thread_of(SPARSE)))
    assert lines == [
        "diagnosis F33.1: Major depressive disorder, recurrent, moderate",
        "  goal 1: Feel better",
        "    × no problem (GT001)",
        "    objective 1a: Better mood",
        "      × no measure (SM005)",
        "symptom S1: Low mood <most> days & nights → goal 1",
        "symptom S2: Panic on the bus",
        "  × taken up by no goal (GT020)",
        "× no intervention (GT004)",
        "× no discharge criterion (DC001)",
    ]


# --- files ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", PLANS)
def test_word_has_nothing_to_complain_of(name, tmp_path):
    data = word.drawn(map_of(PLANS[name]), BRAND, "Thread map")
    file = tmp_path / "map.docx"
    file.write_bytes(data)
    assert complaints(file) == [] and faults(data) == []


@pytest.mark.parametrize("name", PLANS)
def test_every_line_is_read_back_from_word_and_pdf(name):
    found = map_of(PLANS[name])
    lines = ["".join(line.split()) for page in found for line in page.drawn.splitlines()]
    from_word = "".join("".join(read.paragraphs(word.drawn(found, BRAND, "Thread map"))).split())
    reader = PdfReader(io.BytesIO(pdf.drawn(found, BRAND, "Thread map", FACES)), strict=True)
    from_pdf = "".join("".join(page.extract_text() for page in reader.pages).split())
    assert [line for line in lines if line not in from_word] == []
    assert [line for line in lines if line not in from_pdf] == []


def test_a_pdf_says_what_it_is_and_shows(tmp_path):
    (page,) = map_of(sample())
    for name in ("sample", "eight", "sparse"):
        (tmp_path / "map.pdf").write_bytes(pdf.drawn(map_of(PLANS[name]), BRAND, "Thread map", FACES))
        assert [*validate(tmp_path / "map.pdf").findings] == []
    reader = PdfReader(io.BytesIO(pdf.drawn((page,), BRAND, "Thread map", FACES)), strict=True)
    root = reader.trailer["/Root"]
    assert (root["/Lang"], root["/MarkInfo"]["/Marked"], reader.metadata.title) == ("en-US", True, "Thread map")
    document = root["/StructTreeRoot"]["/K"]
    kinds = [item.get_object()["/S"] for item in document["/K"]]
    assert kinds == ["/H1", "/P", "/Figure"] and document["/K"][2]["/Alt"] == page.told
    assert [float(side) for side in reader.pages[0].mediabox] == [0, 0, 792, 612]


def test_an_svg_is_whole_and_says_what_it_shows():
    (page,) = map_of(SPARSE)
    root = ElementTree.fromstring(svg(page, BRAND))
    space = "{http://www.w3.org/2000/svg}"
    assert root.find(f"{space}desc").text == page.told and root.find(f"{space}title").text.startswith("Thread map")
    texts = ["".join(item.itertext()) for item in root.iter(f"{space}text")]
    assert set(page.drawn.splitlines()) <= set(texts) and any("<most>" in text for text in texts)


@pytest.mark.parametrize("name", ["sample", "eight"])
def test_the_same_plan_gives_the_same_bytes(name):
    first, second = map_of(PLANS[name]), map_of(PLANS[name])
    assert first == second and svg(first[0], BRAND) == svg(second[0], BRAND)
    assert word.drawn(first, BRAND, "Map") == word.drawn(second, BRAND, "Map")
    assert pdf.drawn(first, BRAND, "Map", FACES) == pdf.drawn(second, BRAND, "Map", Faces())


# --- on request ----------------------------------------------------------------------------------------------------


def made(tables, out, *documents, **options):
    given = assemble(raw_rows(tables, SHELF.all()), SHELF.all())
    return batch.make(given, SHELF, out, today=TODAY, documents=documents or None, **options)


def files(out):
    return sorted(str(path.relative_to(out)) for path in out.rglob("0*/*.*"))


def test_a_map_rides_with_the_plan_when_it_is_asked_for(tmp_path):
    assert not made(sample(), tmp_path, "treatment_plan", "thread_map", forms=("docx", "pdf"), flat=True).holds
    kinds = ("-flat.pdf", ".docx", ".pdf")
    assert files(tmp_path) == [f"0041/{name}{end}" for name in ("thread_map", "treatment_plan") for end in kinds]
    again = made(sample(), tmp_path, "treatment_plan", "thread_map", forms=("docx", "pdf"), flat=True)
    assert {result.change for result in again.results} == {"unchanged"}


def test_a_plan_that_is_held_has_a_map_as_draft_only(tmp_path):
    held = lay_over(sample(), {"interventions": [{"intervention": "1", "objectives": "1a"}]})
    assert made(held, tmp_path, "thread_map", forms=("docx", "pdf")).holds and files(tmp_path) == []
    made(held, tmp_path, "thread_map", forms=("docx", "pdf"), draft=True)
    name, *_ = files(tmp_path)
    text = "\n".join(read.paragraphs((tmp_path / name).read_bytes()))
    assert "DRAFT – not ready to sign" in text and "× no intervention" in text.replace("\n", " ")


def test_characters_without_a_face_hold_the_pdf_and_not_the_word_file(tmp_path):
    tables = lay_over(sample(), {"goals": [{"goal": "1", "problem": "Low mood: مزاج منخفض for months"}]})
    outcome = made(tables, tmp_path, "thread_map", forms=("docx", "pdf"))
    assert files(tmp_path) == ["0041/thread_map.docx"]
    (told_,) = [item for item in outcome.findings if item.code == "PF004"]
    assert "U+0645" in told_.text and "مزاج" not in told_.text


def test_only_a_companion_is_a_drawing_and_only_of_what_there_is():
    for table in ({"title": "Map", "date": "plan.date", "drawing": "thread"},
                  {"title": "Map", "of": "treatment_plan", "drawing": "treasure"}):  # fmt: skip
        with pytest.raises(ShelfError, match="«drawing» is for companions"):
            as_document("treasure_map", table)


@pytest.fixture(scope="module")
def demo_workbook(tmp_path_factory):
    from toolkit import demo

    path = tmp_path_factory.mktemp("demo") / "clients.xlsx"
    path.write_bytes(demo.workbook(SHELF))
    return path


def test_the_command_tells_and_draws(demo_workbook, tmp_path):
    out = tmp_path / "maps"
    arguments = ["thread", str(demo_workbook), "--client", "0041", "--today", "2026-09-30", "-o", str(out)]
    done = CliRunner().invoke(main, arguments)
    assert done.exit_code == 0 and "0041 J.N. · Treatment plan of 05/11/2026: whole" in done.output
    assert [path.name for path in out.iterdir()] == ["0041.svg"]
    CliRunner().invoke(main, arguments)
    assert [path.name for path in out.iterdir()] == ["0041.svg"]
    (out / "0041.svg").write_text("mine")
    CliRunner().invoke(main, arguments)
    assert sorted(path.name for path in out.iterdir()) == ["0041-2.svg", "0041.svg"]
    assert (out / "0041.svg").read_text() == "mine"


def test_a_plan_that_names_what_is_not_there_is_not_whole(demo_workbook, tmp_path):
    book = openpyxl.load_workbook(demo_workbook)
    sheet = book["Objectives"]
    [number] = [row[0].row for row in sheet if {"0041", "1b"} <= {cell.value for cell in row}]
    sheet.delete_rows(number)
    book.save(tmp_path / "broken.xlsx")
    done = CliRunner().invoke(main, ["thread", str(tmp_path / "broken.xlsx"), "--client", "0041"])
    assert done.exit_code == 1 and "Treatment plan of 05/11/2026: 1 to mend" in done.output
    assert "× names objective 1b, which is not there (WB010)" in done.output


def test_the_command_asks_for_a_client_that_is_there(demo_workbook):
    done = CliRunner().invoke(main, ["thread", str(demo_workbook), "--client", "41"])
    assert done.exit_code == 2 and "There is no client «41»" in done.output
