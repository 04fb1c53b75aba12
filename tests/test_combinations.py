"""This file ensures that all eight combinations of populations have their three documents, with everything in them."""

from collections import Counter
from itertools import chain, combinations

import pytest

from toolkit import shelf
from toolkit.batch.word_press import WordPress
from toolkit.model import Case, Record, Wanted
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
    "trauma.phase",  # a supplement holds it for the plan and for the review, and prints one of the two
    "trauma.gates",
}
DOCUMENTS = tuple(SHELF.packs["adult"].documents)
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
    typed = {path for path, item in definitions.fields.items() if not item.derived}
    assert {path for path in typed if paths[path] > 1} <= TWICE
