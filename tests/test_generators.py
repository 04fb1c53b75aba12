"""This file ensures that our code generator, which rests on hooks of Jinja's own, prints what Jinja's prints."""

from datetime import date

import pytest
from jinja2 import pass_context
from jinja2.compiler import CodeGenerator

from toolkit import demo, derive, intake, shelf
from toolkit.audit import Auditor
from toolkit.batch import word_press
from toolkit.batch.word_press import WordPress
from toolkit.environment import Ready
from toolkit.word import compile as compiler
from toolkit.word import values

SHELF = shelf.load()
DAY = date(2026, 9, 30)
CASES = [
    case
    for record in intake.records(demo.samples(SHELF), SHELF.all())
    for case in Auditor(SHELF.rules, SHELF.compose, SHELF.populations, DAY, everything=SHELF.all()).judge(record).cases
]


def jinjas_own():
    """Return an environment like ours whose code Jinja generates, without any hook of ours."""

    @pass_context
    def answer(context, row, *arguments):
        return Ready(context.parent["_answer"](row, *arguments))

    environment = values._environment(values.put, values.printed)
    environment.code_generator_class = CodeGenerator
    environment.autoescape = False
    environment.finalize = environment.put
    environment.filters[" answer"] = answer
    return environment


@pytest.fixture(scope="module")
def presses():
    """Two presses: with our generator, and with Jinja's."""
    found = WordPress(SHELF), WordPress(SHELF)
    known = compiler.compile_template
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(word_press, "compile_template", lambda *arguments: known(*arguments, environment=jinjas_own()))
        for case in CASES:
            found[1].sheet(case, draft=False)
    return found


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.record.id}-{case.wanted.stem}")
@pytest.mark.parametrize("draft", [False, True], ids=["ready", "draft"])
def test_both_generators_give_the_same_document(presses, case, draft):
    ours, jinjas = (press._template(case) for press in presses)
    context = derive.context(case, draft)
    one, other = ({part.name for part in template.parts if hasattr(part, "template")} for template in (ours, jinjas))
    assert one == other and one
    assert ours.render(context, draft) == jinjas.render(context, draft)


def test_the_code_of_the_two_differs():
    sources = []
    for environment in (values.ENVIRONMENT, jinjas_own()):
        sources.append(
            environment.compile(environment.read("{{ client.name }}{% if a is none %}{% endif %}"), raw=True)
        )
    ours, jinjas = sources
    assert "environment.put(" in ours and "environment.put(" not in jinjas
    assert "is None" in ours and "['name']" in ours and "['name']" not in jinjas
