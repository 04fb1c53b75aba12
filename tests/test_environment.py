"""This file ensures that a template prints plain data, in our words, and can do nothing else."""

from datetime import date
from decimal import Decimal
from html import escape

import pytest
from jinja2 import StrictUndefined

from toolkit.environment import MAX_ROUNDS, PYTHON, Environment, FailedError, RefusedError, printed
from toolkit.model import Chosen, Missing, Score

ENVIRONMENT = Environment(lambda value: escape(printed(value)))


def render(source, **values):
    return ENVIRONMENT.render(ENVIRONMENT.build(ENVIRONMENT.read(source)), values)


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (None, ""),
        (True, "Yes"),
        (False, "No"),
        (date(2026, 7, 27), "07/27/2026"),
        (date(2026, 1, 2), "01/02/2026"),
        (Chosen("OP", "Outpatient"), "Outpatient"),
        (Score("< 10", Decimal(10), "<"), "&lt; 10"),
        (Decimal("4.50"), "4.50"),
        (12, "12"),
        (("one", "two"), "one\ntwo"),
        ("R&D <b>", "R&amp;D &lt;b&gt;"),
        ("{{ other }} {% if %}", "{{ other }} {% if %}"),
    ],
)
def test_a_value_prints_as_it_stands_on_paper(value, shown):
    assert render("{{ value }}", value=value) == shown


@pytest.mark.parametrize("value", [{"a": 1}, print, object(), [{"a": 1}]])
def test_what_is_not_an_answer_is_never_printed(value):
    with pytest.raises(FailedError):
        render("{{ value }}", value=value)


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ("{{ 'a b'|upper }}", "A B"),
        ("{{ lines|join('; ') }}", "x; y"),
        ("{{ lines|length }}", "2"),
        ("{{ lines|first }}{{ lines|last }}", "xy"),
        ("{{ lines|map('upper')|join }}", "XY"),
        ("{{ none|default('–') }}", "–"),
        ("{{ day|date('long') }}", "July 27, 2026"),
        ("{{ none|date('long') }}", ""),
        ("{{ [3, 1, 2]|sort|join }}", "123"),
        ("{{ [1, 1, 2]|unique|join }}", "12"),
        ("{{ 2.345|round(1) }}", "2.3"),
        ("{{ weeks * 7 }}", "84"),
        ("{{ none * 7 }}", ""),
        ("{{ 'a' ~ 1 ~ day }}", "a107/27/2026"),
        ("{% for x in range(3) %}{{ loop.index }}{% endfor %}", "123"),
        ("{% for x in lines %}{{ loop.cycle('odd', 'even') }}{% endfor %}", "oddeven"),
        ("{% for x in none %}x{% else %}nobody{% endfor %}", "nobody"),
        ("{% for x in 'one answer' %}[{{ x }}]{% endfor %}", "[one answer]"),
        ("{% if none > 3 %}more{% else %}not{% endif %}", "not"),
        ("{% if 1 < weeks <= 12 %}in{% endif %}", "in"),
        ("{% if stage == 'adult' %}{{ stage }}{% endif %}", "Adult"),
        ("{{ none.name }}{{ lines[7] }}", ""),
        ("{{ record.items }}", "the key"),
        ("{{ none is blank }}", "Yes"),
        ("{% set name = record.items %}{{ name }}", "the key"),
    ],
)
def test_what_a_template_may_say(source, shown):
    values = {
        "lines": ("x", "y"),
        "none": None,
        "day": date(2026, 7, 27),
        "weeks": 12,
        "stage": Chosen("adult", "Adult"),
        "record": {"items": "the key"},
    }
    assert render(source, **values) == shown


ESCAPES = [
    "{{ ''.__class__ }}",
    "{{ ''['__class__'] }}",
    "{{ x|attr('__class__') }}",
    "{{ x._private }}",
    "{{ '{0.a}'.format(x) }}",
    "{{ '%1000000000d'|format(x) }}",
    "{{ '%1000000000d' % 1 }}",
    "{{ x|map(attribute='_name')|list }}",
    "{{ x|map('attr', '__class__') }}",
    "{{ x|tojson }}",
    "{{ x|safe }}",
    "{{ x|xmlattr }}",
    "{{ self }}",
    "{{ self.__init__ }}",
    "{{ loop(x) }}",
    "{{ lipsum() }}",
    "{{ cycler('a') }}",
    "{{ x() }}",
    "{{ x.y() }}",
    "{{ range(*x) }}",
    "{{ _budget }}",
    "{{ 99999999999999999999 }}",
    "{% include 'secrets.txt' %}",
    "{% import 'os' as os %}",
    "{% from 'os' import path %}",
    "{% extends 'base' %}",
    "{% macro m() %}{{ m() }}{% endmacro %}",
    "{% macro a() %}{{ b() }}{% endmacro %}{% macro b() %}{% endmacro %}",
    "{% macro range() %}{% endmacro %}",
    "{% macro a() %}{% endmacro %}{% set a = x %}",
    "{% block b %}{% endblock %}",
    "{% autoescape false %}{{ x }}{% endautoescape %}",
    "{% filter upper %}{{ x }}{% endfilter %}",
    "{% call x() %}{% endcall %}",
    "{% set range = x %}",
    "{% set _budget = x %}",
    "{% set sign = x %}",
    "{% for y in x recursive %}{{ loop(y) }}{% endfor %}",
    "{% do x %}",
    "{% print(x.__class__) %}",
    "{{ x if }}",
    "{{ x",
]


@pytest.mark.parametrize("source", ESCAPES)
def test_an_attempt_to_escape_is_refused_when_compiling(source):
    with pytest.raises(RefusedError) as refused:
        render(source, x=["secret"])
    assert refused.value.line == 1
    assert "secret" not in str(refused.value)


@pytest.mark.parametrize(
    "source",
    [
        "{{ 'x' * 1000000000 }}",
        "{{ x * 1000000000 }}",
        "{{ range(100000) }}",
        "{{ unknown }}",
        "{{ record.unknown }}",
        "{{ x.append }}",
        "{{ day.today }}",
        "{% for a in range(1000) %}{% for b in range(1000) %}{% endfor %}{% endfor %}",
        "{% set a = '0123456789' * 1 %}",
        "{% set a = long ~ long %}{% set b = a ~ a %}{% set c = b ~ b %}{% set d = c ~ c %}",
        "{% set a = [1, 1] %}{% set b = [a, a] %}{% set c = [b, b] %}{{ c }}",
        "{% set a = [1, 1], 2 %}{% set b = a, a %}{% set c = [b] == [b] %}",
        "{% set a = range(1000)|list %}" + "{% set a = a + a %}" * 7 + "{% set b = [a, a, a] %}",
        "{{ 999999999999999 * 999999999999999 }}",
        "{{ 1 / 0 }}",
        "{{ 2 ** 99999999 }}",
    ],
)
def test_what_goes_too_far_stops_with_the_line_and_without_a_value(source):
    with pytest.raises(FailedError) as failed:
        render(f"\n{source}", x=["secret"], long="secret " * 5000, day=date(2026, 1, 1), record={"a": "secret"})
    assert failed.value.line == 2
    assert "secret" not in str(failed.value)
    assert failed.value.__suppress_context__


def test_a_document_that_grows_without_end_is_stopped():
    with pytest.raises(FailedError, match="more than a document can hold"):
        render("{% for a in range(900) %}{% for b in range(90) %}{{ long }}{% endfor %}{% endfor %}", long="x" * 5000)


def test_a_constant_is_not_worked_out_when_compiling():
    """A filter may depend on the record or the day; its result on a literal must not be frozen for all clients."""
    environment = Environment(printed)
    calls = []
    environment.filters["upper"] = lambda value: calls.append(value) or f"{value}{len(calls)}"
    template = environment.build(environment.read("{{ 'a'|upper }}"))
    assert [environment.render(template, {}) for _ in range(3)] == ["a1", "a2", "a3"]


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ("{{ '%s' % value }} {{ '{}'.format(value) }} {{ '{:>11}|{!s:11}|'.format(value, value) }}",
            {
                date(2026, 7, 27): "07/27/2026 07/27/2026  07/27/2026|07/27/2026 |",
                True: "Yes Yes         Yes|Yes        |",
                Score("< 10", Decimal(10), "<"): "&lt; 10 &lt; 10        &lt; 10|&lt; 10       |",
                Decimal("4.50"): "4.50 4.50        4.50|4.50       |",
                "R&D": "R&amp;D R&amp;D         R&amp;D|R&amp;D        |",
            },
        ),
        ("{{ '%.1f' % value }} {{ '{:.1f}'.format(value) }}",
            {
                Score("10", Decimal(10)): "10.0 10.0",
                Score("< 10", Decimal(10), "<"): "&lt; 10 &lt; 10",
                Decimal("4.25"): "4.2 4.2",
                7: "7.0 7.0",
            },
        ),
        ("{{ '%s years, %s' % (name, value) }} {{ '{}: {:.2f}'.format(name, value) }}", {None: "Ana years,  Ana: "}),
        ("{{ '{:%d.%m.%y}'.format(value) }}", {date(2026, 7, 27): "27.07.26"}),
    ],
)  # fmt: skip
def test_nothing_of_an_answer_is_lost_in_a_format(source, shown):
    assert {value: render(source, value=value, name="Ana") for value in shown} == shown


@pytest.mark.parametrize(
    "source",
    ["'%d' % x", "'{:f}'.format(x)", "x|int", "x|round", "x|abs", "'{0}{0}{0}'.format(y)", "('%s' * 3) % (y, y, y)"],
)
def test_a_number_or_text_that_would_grow_too_long_is_not_written_out(source):
    for value in (Decimal("1E+3000000"), Decimal("1E-3000000")):
        with pytest.raises(FailedError):
            render(f"{{{{ {source} }}}}", x=value, y="y" * 100_000)


def test_filters_of_ones_own_may_have_the_names_of_others():
    own = Environment(str, words=PYTHON, filters={"format": lambda text, *given: f"own {text}", "map": lambda items: 1})
    text = "{{ x|format('y') }} {{ '%02d' % 7 }} {{ x|map }}"
    assert own.render(own.build(own.read(text)), {"x": "z"}) == "own z 07 1"


def test_a_missing_answer_stays_one_through_filters_and_joins():
    seen = []
    environment = Environment(lambda value: seen.append(value) or printed(value))
    template = environment.build(environment.read("{{ x|upper }}{{ x.name }}{{ 'a' ~ x }}{{ x * 2 }}"))
    environment.render(template, {"x": Missing("By when?")})
    assert [type(value) for value in seen] == [Missing] * 4


def test_each_rendering_has_its_own_budget():
    source = "{% for x in items %}.{% endfor %}"
    template = ENVIRONMENT.build(ENVIRONMENT.read(source))
    items = ["x"] * (MAX_ROUNDS - 1)
    for _ in range(2):
        assert len(ENVIRONMENT.render(template, {"items": items})) == MAX_ROUNDS - 1


def test_the_environment_is_strict():
    assert ENVIRONMENT.undefined is StrictUndefined
    assert ENVIRONMENT.autoescape is True
    assert ENVIRONMENT.sandboxed
    assert ENVIRONMENT.loader is None
    assert not ENVIRONMENT.optimized
