"""This file ensures that documents are laid out as tall as their answers, without ugly turns of the page."""

import io
import shutil
import subprocess

import pikepdf
import pytest
from judging import SHELF, auditor, judge, lay_over, sample
from pdfua import validate
from PIL import ImageChops
from pyhanko.pdf_utils.reader import PdfFileReader
from pypdf import PdfReader
from test_pdf_sheets import FLOW, Answered

from toolkit import demo, intake
from toolkit.batch.pdf_press import PdfPress
from toolkit.pdf.boxes import BOTTOM, TOP
from toolkit.pdf.compile import compile_form
from toolkit.pdf.shapes import BOX

PRESS = PdfPress(SHELF)
LONG = " ".join(f"word{number}" for number in range(500))


def boxes(plan, name):
    return [put for leaf in plan.leaves for put in leaf.puts if put.name == name]


def answered(**texts):
    named = {name.replace("__", "."): text for name, text in texts.items()}
    return Answered({"client.legal_name": "Zoë", **named})


def test_a_box_is_as_tall_as_its_text():
    heights = [
        boxes(FLOW.plan(answered(necessity__why_treatment_now=text)), "necessity.why_treatment_now")[0].height
        for text in ("Short.", "Several words " * 30, LONG)
    ]
    assert heights == sorted(heights)
    assert heights[0] < 24
    assert heights[2] > 250


def test_a_question_that_is_open_has_room_for_an_answer_by_hand():
    plain = answered(necessity__why_treatment_now="Why?")
    asking = Answered(plain.texts, {}, frozenset(["necessity.why_treatment_now"]))
    one, three = (boxes(FLOW.plan(each), "necessity.why_treatment_now")[0].height for each in (plain, asking))
    assert three > one + 20


def test_boxes_of_a_row_are_equally_tall_and_leave_no_hole():
    [row] = boxes(FLOW.plan(Answered({"client.legal_name": "Z", "team[0].contribution": LONG}, {"team": 1})),
                  "team[0].contribution")  # fmt: skip
    plan = FLOW.plan(Answered({"client.legal_name": "Z", "team[0].contribution": LONG}, {"team": 1}))
    [staff], [trade] = boxes(plan, "team[0].staff"), boxes(plan, "team[0].discipline")
    assert trade.y + trade.height == pytest.approx(row.y + row.height)
    assert staff.y == pytest.approx(row.y)


def cases():
    judges = auditor()
    records = intake.records(demo.samples(SHELF), SHELF.all())
    return [case for one in records for case in judges.judge(one).cases]


def many(goals, length):
    words = (LONG * 2)[:length].strip()
    return {
        **sample(),
        "goals": [{"goal": str(number), "problem": words, "statement": words} for number in range(1, goals + 1)],
        "objectives": [{"goal": str(number), "objective": f"{number}a", "statement": words, "measure": "count",
                        "baseline": "1", "target": "5", "target_date": "12/01/2026"}
                       for number in range(1, goals + 1)],
        "interventions": [{"goals": str(number), "technique": "CBT", "action": words, "service_code": "90834",
                           "minutes": "45", "times": "1", "per": "week"} for number in range(1, goals + 1)],
    }  # fmt: skip


def without_empty(tables):
    return {name: rows for name, rows in tables.items() if rows}


DATA = [(case, draft) for case in cases() for draft in (False, True)]
DATA += [(judge(without_empty(many(goals, length))).cases[0], draft)
         for goals in (0, 1, 3, 8, 12) for length in (4, 400, 4000) for draft in (False, True)]  # fmt: skip


def plan_of(case, draft):
    """Return how the document was laid out in the end."""
    plans = []
    plain = PRESS._template(case)._flow

    class Spy:
        def plan(self, *given):
            plans.append(plain.plan(*given))
            return plans[-1]

    template = PRESS._template(case)
    template._flow = Spy()
    try:
        PRESS.sheet(case, draft).render()
    finally:
        template._flow = plain
    return plans[-1]


@pytest.mark.parametrize("number", range(len(DATA)))
def test_nothing_stands_on_another_or_off_the_page_and_no_heading_is_last(number):
    case, draft = DATA[number]
    plan = plan_of(case, draft)
    for leaf in plan.leaves:
        body = [put for put in leaf.puts if put.part.role not in ("label", "logo", "clinic") and TOP - 16 < put.y < 750]
        assert max(put.y + put.height for put in body) <= BOTTOM + 4
        last = max((put for put in body if put.height), key=lambda put: put.y)
        assert last.part.role not in ("heading", "subheading", "note", "title")
        frames = [shape for shape in leaf.shapes if shape.kind == BOX]
        for at, one in enumerate(frames):
            for other in frames[at + 1 :]:
                assert (one.x + one.width <= other.x + 0.1 or other.x + other.width <= one.x + 0.1
                        or one.y + one.height <= other.y + 0.1 or other.y + other.height <= one.y + 0.1)  # fmt: skip
        signing = [put for put in body if put.name.endswith(".signature")]
        if signing:
            assert [put for put in body if put.name and not put.name.startswith("sign.")], "places to sign stand alone"


@pytest.mark.parametrize("number", range(len(DATA)))
def test_checkers_of_accessible_forms_find_nothing(number, tmp_path):
    case, draft = DATA[number]
    path = tmp_path / "form.pdf"
    path.write_bytes(PRESS.sheet(case, draft).render())
    assert [*validate(path).findings] == []


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # of what pyHanko asks of others
@pytest.mark.parametrize("number", range(0, len(DATA), 7))
def test_strict_readers_have_nothing_to_say(number, tmp_path, caplog):
    case, draft = DATA[number]
    data = PRESS.sheet(case, draft).render()
    pages = [page.extract_text() for page in PdfReader(io.BytesIO(data), strict=True).pages]
    assert len(pages) == len(PdfFileReader(io.BytesIO(data), strict=True).root["/Pages"]["/Kids"])
    assert [record.getMessage() for record in caplog.records] == []
    if shutil.which("qpdf"):
        (tmp_path / "form.pdf").write_bytes(data)
        ran = subprocess.run(["qpdf", "--check", tmp_path / "form.pdf"], capture_output=True, text=True, check=False)
        assert ran.returncode == 0
        assert "WARNING" not in ran.stdout + ran.stderr


@pytest.mark.parametrize("number", range(0, len(DATA), 14))
def test_the_engine_of_chrome_draws_every_answer(number):
    pdfium = pytest.importorskip("pypdfium2", reason="NOT LOOKED AT: pypdfium2 is missing")
    case, _ = DATA[number]
    data = PRESS.sheet(case, False).render()
    shown, bare = pdfium.PdfDocument(data), pdfium.PdfDocument(data)
    shown.init_forms()
    form = compile_form(data)
    pages = {}
    for at in range(len(shown)):
        pages[at] = [file[at].render(scale=2, draw_annots=drawn, may_draw_forms=drawn).to_pil().convert("L")
                     for file, drawn in ((shown, True), (bare, False))]  # fmt: skip
    looked = 0
    for field in form.fields.values():
        if field.value and field.kind in ("text", "choice"):
            for widget in field.widgets:
                left, low, right, high = (2 * side for side in widget.rect)
                box = (int(left), int(1584 - high), int(right), int(1584 - low))
                assert ImageChops.difference(*(page.crop(box) for page in pages[widget.page])).getbbox(), field.name
                looked += 1
    assert looked > 40
    shown.close()
    bare.close()


def test_what_a_form_has_no_room_for_goes_on_elsewhere_whatever_its_length():
    case = judge(lay_over(sample(), {"goals": [{"statement": LONG * 3}], "client": {"preferred_name": LONG}})).cases[0]
    data = PRESS.sheet(case, False).render()
    assert not [one for one in PRESS.prove(case, data) if one.code == "PF005"]


def test_forms_take_about_as_many_pages_as_word_documents():
    """Word pages cannot be counted here: the plans of the samples were 3 to 4 pages in Word, their forms 6 to 7."""
    pages = []
    for case in cases():
        if case.wanted.document.name == "treatment_plan" and case.definitions.populations == ("adult",):
            with pikepdf.open(io.BytesIO(PRESS.sheet(case, False).render())) as pdf:
                pages.append(len(pdf.pages))
    assert sorted(pages)[len(pages) // 2] <= 4
    assert max(pages) <= 5
