"""This file ensures that the page for a supervisor says all that was found, safely, and to everybody who reads it."""

import re
from datetime import date
from html.parser import HTMLParser

import pytest
from msgspec.structs import replace

from toolkit import demo, shelf
from toolkit.model import Finding, Place
from toolkit.report import Outcome, Result
from toolkit.report.html import html

SHELF = shelf.load()
DAY = date(2026, 9, 30)
FIX = Finding(
    "SM004", "error", "the target date is blank. By when will the target be reached?", Place("Objectives", "H8"),
    "0042", "A.R.", "objective 2a", "objectives.target_date", {"typed": "<b>tbd</b> & \u202eso"}, "Mozu 2026",
    ("treatment_plan",), asked_of="clinician", answerer="Ruth Okafor",
)  # fmt: skip
LOOK = Finding("DC013", "warning", "holds a line that cannot be checked.", Place("Plan", "R8"), "0042", "A.R.")
WAIVED = replace(LOOK, code="SM011", waived="Agreed <i>with</i> the payer. R. Okafor, until 12/31/2026")
WORKBOOK = Finding("WB019", "info", "rows are hidden on this sheet.", Place("Goals"))
OUTCOME = Outcome(
    [
        Result("0042", "A.R.", "treatment_plan", "Treatment plan", "treatment_plan", "draft", "judged",
               findings=(FIX, LOOK, WAIVED)),
        Result("0043", "W.G.", "plan_review", "Plan review", "plan_review-2026-07-27", "ready", "judged"),
    ],
    [WORKBOOK, FIX, LOOK, WAIVED],
    2,
)  # fmt: skip


def page(outcome=OUTCOME, **options):
    return "".join(html(outcome, SHELF.rules, SHELF.all(), DAY, **options))


class Outline(HTMLParser):
    """What a page is made of: its tags with their attributes, in order, and the headings' levels."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.open = [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag not in ("meta", "br"):
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    @property
    def headings(self):
        return [int(tag[1]) for tag, _ in self.tags if re.fullmatch("h[1-6]", tag)]


def test_the_page_says_who_is_ready_what_is_found_where_and_what_to_do():
    text = re.sub(r"\s+", " ", re.sub("<[^>]+>", " ", page(clinic="Larkspur & Daughters").partition("</style>")[2]))
    for said in (
        "What a reviewer would find: Larkspur &amp; Daughters",
        "Checked as on 09/30/2026.",
        "2 clients",
        "1 document ready to sign , 1 held",
        "1 must be fixed, 1 worth a look, 1 for information, 1 accepted with a reason",
        "The workbook as a whole For information (1)",
        "Client 0042 A.R. Treatment plan: held , 1 thing to fix Must be fixed (1)",
        "Objectives!H8 Objective 2a: the target date is blank. By when will the target be reached? Typed:",
        "Clinician: Ruth Okafor Mozu 2026 SM004",
        "Please look (1)",
        "Accepted, with a reason (1)",
        "Accepted: Agreed &lt;i&gt;with&lt;/i&gt; the payer. R. Okafor, until 12/31/2026",
        "Plan review 07/27/2026: ready to sign",
        "SM004 The target date is missing, or is not after the plan's date.",
        "Why it matters: half of one payer's reviewed plans had no time frame",
    ):
        assert said.replace("'", "&#x27;") in text or said in text, said


def test_what_was_typed_is_never_markup_and_turns_no_direction():
    text = page()
    assert "&lt;b&gt;tbd&lt;/b&gt; &amp;" in text and "<b>tbd" not in text and "<i>with" not in text
    assert "\u202e" not in text


def test_the_page_runs_nothing_and_fetches_nothing():
    outline = Outline(page())
    assert not {tag for tag, _ in outline.tags} & {"script", "link", "img", "iframe", "object", "form", "input"}
    assert "url(" not in page() and "http" not in re.sub("http-equiv", "", page().partition("<h2")[0])
    targets = {attributes["href"] for _, attributes in outline.tags if "href" in attributes}
    places = {f"#{attributes['id']}" for _, attributes in outline.tags if "id" in attributes}
    assert targets and targets <= places
    assert not [name for _, attributes in outline.tags for name in attributes if name.startswith("on")]
    assert "default-src 'none'" in page()


def test_the_page_can_be_read_by_ear():
    outline = Outline(page())
    assert outline.open == [] and outline.headings[0] == 1 and outline.headings.count(1) == 1
    assert all(after - before <= 1 for before, after in zip(outline.headings, outline.headings[1:], strict=False))
    assert ("html", {"lang": "en-US"}) in outline.tags
    heads = [attributes for tag, attributes in outline.tags if tag == "th"]
    assert heads and all(attributes.get("scope") in ("col", "row") for attributes in heads)
    assert {"header", "main", "nav", "footer"} <= {tag for tag, _ in outline.tags}
    labels = {attributes["aria-labelledby"] for _, attributes in outline.tags if "aria-labelledby" in attributes}
    assert labels <= {attributes.get("id") for _, attributes in outline.tags}


def luminance(color):
    parts = [int(color[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_each_color_of_a_text_stands_out_from_the_paper():
    colors = dict(re.findall(r"--(\w+): (#[0-9a-f]{6})", page()))
    band = luminance(colors["band"])
    for name in ("ink", "quiet", "brand", "link", "bad", "look", "good"):
        assert (band + 0.05) / (luminance(colors[name]) + 0.05) >= 4.5, name


def test_a_page_on_nothing_is_a_page():
    text = page(Outcome())
    assert Outline(text).open == [] and "0 clients" in text and "The rules behind it" not in text


def test_the_same_outcome_gives_the_same_page():
    assert page() == page()


def test_the_page_names_for_whom_it_was_checked_and_counts_what_is_open():
    text = page(payers=["Optum", "A & B"])
    assert "Checked for Optum and A &amp; B as on" in text
    assert "What was found most often" in text and "What was found most often" not in page(
        replace(OUTCOME, findings=[WAIVED])
    )


# --- the command ---------------------------------------------------------------------------------------------------


def test_the_page_goes_to_the_screen_or_into_a_file_which_is_made_anew(run, faulty, tmp_path):
    said = run("check", faulty, "--format", "html")
    assert said.exit_code == 1 and said.stdout.startswith("<!doctype html>") and Outline(said.stdout).open == []
    assert demo.samples(SHELF)["clinic"]["name"] in said.stdout
    for _ in range(2):
        said = run("check", faulty, "--format", "html", "--ignore", "SM004", "-o", "report.html")
        assert said.exit_code == 1 and said.stdout == "" and "Wrote report.html." in said.stderr
    text = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert "Not shown, by --select or --ignore: 1; 1 of them must be fixed all the same" in text
    assert "SM004" not in text


@pytest.mark.parametrize("kind", ["html", "json", "sarif", "text"])
def test_no_other_file_is_replaced(run, faulty, tmp_path, kind):
    for name in ("one.json", "other.html"):
        (tmp_path / "other.html").write_text("<!doctype html>\n<title>mine</title>", encoding="utf-8")
        before = (tmp_path / name).read_bytes()
        refused = run("check", faulty, "--format", kind, "-o", name)
        assert refused.exit_code == 2 and "is no earlier report of this kind" in refused.stderr
        assert (tmp_path / name).read_bytes() == before
    assert run("check", faulty, "--format", kind, "-o", "new.out").exit_code == 1
    assert (tmp_path / "new.out").read_text(encoding="utf-8").strip()
    refused = run("check", faulty, "--format", kind, "-o", "no/such/folder")
    assert refused.exit_code == 2 and "Choose another place with -o." in refused.stderr
