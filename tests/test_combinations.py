"""This file ensures that all eight combinations of populations have their three documents, with everything in them."""

from collections import Counter
from datetime import date
from itertools import chain, combinations

import pytest
from msgspec.structs import replace

from toolkit import batch, demo, intake, shelf
from toolkit.batch.word_press import WordPress
from toolkit.model import Batch, Case, Record, Wanted
from toolkit.word import read
from toolkit.word.render import field_path

SHELF = shelf.load()
OVERLAYS = [pack.name for pack in SHELF.packs.values() if pack.kind == "overlay"]
STAGES = [pack.name for pack in SHELF.packs.values() if pack.kind == "life_stage"]
ADDED = list(chain.from_iterable(combinations(OVERLAYS, size) for size in range(len(OVERLAYS) + 1)))
EIGHT = [(stage, *overlays) for stage in STAGES for overlays in ADDED]
TWICE = {
    "clinic.name",  # at the top of every page
    "client.id",  # at the foot of every page
    "interventions.intervention",  # an intervention is named again under the other goals that it serves
    "interventions.technique",
    "goals.goal",
    "signers.role",
    "plan.date",  # a review names the plan, and says so again above the risk of that day
    "trauma.phase",  # a supplement holds it for the plan and for the review, and prints one of the two
    "trauma.gates",
}
DOCUMENTS = tuple(name for name, found in SHELF.packs["adult"].documents.items() if not found.of)
EACH = pytest.mark.parametrize(
    ("populations", "document"),
    [(populations, document) for populations in EIGHT for document in DOCUMENTS],
    ids=lambda value: value if isinstance(value, str) else "-".join(value),
)


def compiled(populations, document):
    """Return the template that a record of ``populations`` is printed with."""
    definitions = SHELF.compose(populations)
    found = definitions.documents[document]
    press = WordPress(SHELF)
    case = Case(Record("1", {}), Wanted(found, None), definitions)
    assert press.fits(case)
    return press._template(case), definitions


def test_there_are_eight_combinations_of_three_documents():
    assert len(EIGHT) == 8 and len(DOCUMENTS) == 3


@EACH
def test_every_field_that_a_document_prints_stands_in_its_template(populations, document):
    template, definitions = compiled(populations, document)
    wanted = {
        item.path
        for section in definitions.sections.values()
        if document in section.documents and section.name != "signers"  # sign() prints these
        for item in section.fields
        if item.prints_in(document)
    }
    assert wanted - template.fields(definitions.known) == set()


@EACH
def test_an_answer_stands_once_in_a_template(populations, document):
    template, definitions = compiled(populations, document)
    paths = Counter(field_path(use.path, definitions.known) for use in template.uses if use.printed)
    typed = {path: item for path, item in definitions.fields.items() if not item.derived}
    # one line alone or several with bullets: the line of a list stands in either branch, and in one when printed
    several = {path for path, item in typed.items() if paths[path] > (2 if item.kind == "lines" else 1)}
    assert several <= TWICE


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_an_overlays_own_template_reads_as_the_adult_one_with_its_supplement(overlay, tmp_path):
    """A clinic's overlay without templates of its own is printed by the life stage's and the supplement."""
    for pack in SHELF.packs.values():
        for name in ("pack.toml", *(["supplement.docx", "last_page.docx"] if pack.name == overlay else [])):
            if path := pack.file(name):
                (tmp_path / pack.name).mkdir(exist_ok=True)
                (tmp_path / pack.name / name).write_bytes(path.read_bytes())
    tables = demo.samples(SHELF)
    of = [item for item in intake.records(tables, SHELF.all()) if populations(item) == ("adult", overlay)]
    other = replace(SHELF, packs={**SHELF.packs, overlay: replace(SHELF.pack(overlay), folders=(tmp_path / overlay,))})
    assert other.template_files(("adult", overlay), "plan_review").template.parent.name == "adult"
    assert SHELF.template_files(("adult", overlay), "plan_review").template.parent.name == overlay
    made = []
    for number, found in enumerate((SHELF, other)):
        out = tmp_path / str(number)
        outcome = batch.make(Batch(of), found, out, today=date(2026, 9, 30))
        assert {result.document for result in outcome.ready} == set(DOCUMENTS) and not outcome.held
        made.append({one.path: "\n".join(read.paragraphs((out / one.path).read_bytes())) for one in outcome.ready})
    word = SHELF.pack(overlay).words["client"]  # the headings of its own templates call people so
    for heading in ("The {}’s part in this plan\n", "How the {} sees it\n", "The {}’s own account, and "):
        made[0] = {path: text.replace(heading.format(word), heading.format("client")) for path, text in made[0].items()}
    assert made[0] == made[1]


def populations(record):
    return SHELF.populations(record, record.get("plan.date"))
