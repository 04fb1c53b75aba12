"""This file ensures that a template from a stranger can print and compare, and nothing else: each attempt at more is
refused in one sentence that says where it stands."""

import io
from datetime import date, datetime

import pytest
from docxtpl import InlineImage, RichText
from word_files import part, with_part, word

from toolkit.errors import RenderError, TemplateError, ToolkitError
from toolkit.word.compile import compile_template
from toolkit.word.values import ENVIRONMENT, as_python

SECRET = "SECRET"


class Person:
    """A value as other people's programs hand it over."""

    name = SECRET

    def delete(self):
        raise AssertionError("a value was called")


CONTEXT = {
    "x": [SECRET],
    "text": SECRET,
    "long": "0123456789" * 15_000,
    "row": {"name": SECRET, "items": 1},
    "person": Person(),
    "call": Person.delete,
    "day": date(2026, 1, 2),
    "now": datetime(2026, 1, 2, 3, 4),
    "many": ["x"] * 1_000,
}
PLACE = "plan.docx, body, paragraph 2"


def filled(tag, environment=ENVIRONMENT, files=()):
    template = compile_template(word("Fine", tag), "plan.docx", dict(files).__getitem__, environment=environment)
    return template.render(CONTEXT)


REFUSED = [
    # attributes that lead out
    "{{ text.__class__ }}",
    "{{ text.__class__.__mro__[1].__subclasses__() }}",
    "{{ text['__class__'] }}",
    "{{ person._hidden }}",
    "{{ person.__dict__ }}",
    "{{ x.__len__() }}",
    "{{ row.name.__class__ }}",
    "{{ loop.__init__.__globals__ }}",
    "{{ namespace.__init__ }}",
    "{{ dict.__subclasses__() }}",
    "{{ self }}",
    "{{ self._TemplateReference__context }}",
    "{{ _budget }}",
    "{{ x|sort(attribute='__class__') }}",
    "{{ x|groupby('a.__class__') }}",
    "{{ x|selectattr('__class__') }}",
    "{{ x|sum(attribute='_x') }}",
    "{{ x|join(attribute=text) }}",
    "{% set ns = namespace(_a=1) %}",
    "{% set ns.__class__ = 1 %}",
    # filters that build code, markup or formats
    "{{ x|attr('__class__') }}",
    "{{ x|map(attribute='__class__')|list }}",
    "{{ x|map('attr', '__class__')|list }}",
    "{{ x|map(attribute='a.__class__')|list }}",
    "{{ x|map(attribute=text)|list }}",
    "{{ x|map(attribute='a', default=person)|list }}",
    "{{ x|map('upper', attribute='a')|list }}",
    "{{ x|map(text)|list }}",
    "{{ x|select(text)|list }}",
    "{{ text|safe }}",
    "{{ text|tojson }}",
    "{{ row|xmlattr }}",
    "{{ text|urlize }}",
    "{{ x|random }}",
    "{{ x|pprint }}",
    # format strings
    "{{ '%1000000000d' % 1 }}",
    "{{ '%999d'|format(1) }}",
    "{{ '%*d'|format(1000000000, 1) }}",
    "{{ '%(a)s'|format(a=1) }}",
    "{{ '%(a)s' % row }}",
    "{{ text|format(1) }}",
    "{{ text.format(1) }}",
    "{{ ('%' ~ text)|format(1) }}",
    "{{ '{0.__class__}'.format(person) }}",
    "{{ '{0[name]}'.format(row) }}",
    "{{ '{name}'.format(name=text) }}",
    "{{ '{!r}'.format(person) }}",
    "{{ '{:>1000}'.format(text) }}",
    "{{ '{:{}}'.format(1, 1000000000) }}",
    "{{ '{' .format(1) }}",
    "{{ '{x}'.format_map(row) }}",
    "{{ text.encode() }}",
    "{{ text.translate(row) }}",
    # functions and methods
    "{{ call() }}",
    "{{ person.delete() }}",
    "{{ x.append(1) }}",
    "{{ row.update(a=1) }}",
    "{{ row.pop('name') }}",
    "{{ day.today() }}",
    "{{ now.now() }}",
    "{{ lipsum() }}",
    "{{ cycler('a') }}",
    "{{ joiner() }}",
    "{{ range(*x) }}",
    "{{ sign(**row) }}",
    "{{ loop(x) }}",
    # imports and other files
    "{% import 'os' as os %}",
    "{% from 'os' import system %}",
    "{% extends 'base.docx' %}",
    "{% include 'secrets.txt' %}",
    '{%p include "../secrets.docx" %}',
    '{%p include "/etc/passwd" %}',
    '{%p include "C:\\secrets.docx" %}',
    '{%p include "\\\\host\\secrets.docx" %}',
    '{%p include "https://example.org/a.docx" %}',
    '{%p include "a.docx\\u0000.txt" %}',
    "{%p include text %}",
    '{%p include ".." %}',
    # escaping, blocks and recursion
    "{% autoescape false %}{{ text }}{% endautoescape %}",
    "{% filter upper %}{{ text }}{% endfilter %}",
    "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
    "{% macro a() %}{{ b() }}{% endmacro %}{% macro b() %}{{ a() }}{% endmacro %}",
    "{% macro a() %}{% macro b() %}{% endmacro %}{% endmacro %}",
    "{% macro a() %}{{ caller() }}{% endmacro %}",
    "{% macro sign() %}{% endmacro %}",
    "{% macro _a() %}{% endmacro %}",
    "{% set a = x %}{{ a() }}",
    "{% call x() %}{% endcall %}",
    "{% block b %}{% endblock %}",
    "{% for y in x recursive %}{{ loop(y) }}{% endfor %}",
    "{% do x.append(1) %}",
    "{% set range = x %}",
    "{% set sign = x %}",
    # numbers
    "{{ 99999999999999999999 }}",
]

STOPPED = [
    "{{ '%s'|format(person) }}",
    "{{ '{}'.format(person) }}",
    "{{ text % 1 }}",
    "{{ '%d'|format(text) }}",
    "{{ '%s %s' % 1 }}",
    "{{ '{:>1000000000%d}'.format(1) }}",
    "{{ person }}x{{ call }}",
    "{{ person.delete }}",
    "{{ day.today }}",
    "{{ unknown }}",
    "{{ row.unknown }}",
    # loops and ranges
    "{{ range(100000)|join }}",
    "{% for a in range(1000) %}{% for b in range(1000) %}{% endfor %}{% endfor %}",
    "{% for a in many %}{% for b in many %}{{ long }}{% endfor %}{% endfor %}",
    "{% for a in many %}{{ long ~ a }}{% for b in many %}{% endfor %}{% endfor %}",
    # texts that grow
    "{{ text * 1000000000 }}",
    "{{ text|center(1000000000) }}",
    "{{ long|indent(1000000000, true) }}",
    "{{ text|indent(long ~ long) }}",
    "{{ long|replace('0', long) }}",
    "{{ long.replace('0', long) }}",
    "{{ text.ljust(1000000000) }}",
    "{{ text.zfill(1000000000) }}",
    "{{ long|wordwrap(1, true, long) }}",
    "{{ long ~ long }}",
    "{{ long + long }}",
    "{{ [long, long]|join }}",
    "{{ long.join([1, 2, 3]) }}",
    "{% set a = [long] %}" + "{% set a = a + a %}" * 17 + "{{ a|join }}",
    "{{ day.strftime('%0999999999d') }}",
    # lists that grow
    "{{ [1]|batch(1000000000, 'x')|list|length }}",
    "{{ [1]|slice(1000000000)|list|length }}",
    "{% set a = [1, 1] %}{% set b = [a, a] %}{% set c = [b, b] %}{{ c }}",
    "{% set a = {'x': 1} %}{% set b = {'x': a, 'y': a} %}{% set c = {'x': b, 'y': b} %}{{ c }}",
    "{% set a = dict(x=1) %}{% set b = [a, a] %}{% set c = dict(x=b, y=b) %}{{ c }}",
    "{% set a = [1, 1] %}" + "{% set a = (a + a)|batch(2)|list %}" * 40 + "{{ a }}",
    "{% set a = many %}" + "{% set a = a + a %}" * 9,
    "{{ many|groupby('x')|groupby('grouper')|list }}",
    "{% macro a0() %}{% endmacro %}"
    + "".join(f"{{% macro a{n + 1}() %}}{{{{ a{n}() }}}}{{{{ a{n}() }}}}{{% endmacro %}}" for n in range(40))
    + "{{ a40() }}",
    "{% macro a0() %}xxxx{% endmacro %}"
    + "".join(f"{{% macro a{n + 1}() %}}{{{{ a{n}() }}}}{{{{ a{n}() }}}}{{% endmacro %}}" for n in range(30))
    + "{{ a30() }}",
    "{{ [many, many]|sum(start=[])|length }}",
    # numbers
    "{{ 999999999999999 * 999999999999999 }}",
    "{{ 1.5|round(1000000000000, 'floor') }}",
    "{{ 1 / 0 }}",
    "{{ 2 ** 99999999 }}",
]


@pytest.mark.parametrize("environment", [ENVIRONMENT, as_python({})], ids=["ours", "others"])
@pytest.mark.parametrize("tag", REFUSED)
def test_an_attempt_is_refused_when_compiling(tag, environment):
    with pytest.raises(TemplateError) as error:
        compile_template(word("Fine", tag), "plan.docx", dict().__getitem__, environment=environment)
    check(str(error.value))


@pytest.mark.parametrize("environment", [ENVIRONMENT, as_python({})], ids=["ours", "others"])
@pytest.mark.parametrize("tag", STOPPED)
def test_an_attempt_is_stopped_when_printing(tag, environment):
    tag = tag.replace("{{ person }}x", "") if environment is not ENVIRONMENT else tag
    with pytest.raises(RenderError) as error:
        filled(tag, environment)
    check(str(error.value))


def check(sentence):
    assert sentence.startswith(PLACE)
    assert "\n" not in sentence
    assert sentence.endswith(".")
    assert SECRET not in sentence


# --- values that are hostile -----------------------------------------------------------------------------------------

HOSTILE = "{{ text }}{% for a in x %}<w:br/>&lol;]]>\" onload='x'{_{ y }_}"


@pytest.mark.parametrize(
    "tag",
    [
        "{{ v }}",
        "{{r v }}",
        "{{p v }}",
        "{% set a = v %}{{ a }}",
        "{% set a %}{{ v }}{% endset %}{{ a }}",
        "{{ v|upper }}",
    ],
)
def test_a_value_is_never_markup_and_never_a_tag(tag):
    template = compile_template(word(tag), "plan.docx", dict().__getitem__, environment=as_python({}))
    document = part(template.render({"v": HOSTILE}))
    assert "<w:br/>" not in document
    assert "<W:BR/>" not in document
    assert "&amp;lol;" in document.lower()


def test_markup_of_a_foreign_kind_is_escaped():
    class Markup(str):
        def __html__(self):
            return self

    template = compile_template(word("{{ v }}"), "plan.docx", dict().__getitem__, environment=as_python({}))
    assert "&lt;w:br/&gt;" in part(template.render({"v": Markup("<w:br/>")}))


@pytest.mark.parametrize(
    "value",
    [
        RichText("x", style='"/><w:evil/><w:x w:val="'),
        RichText("x", font="A&B"),
        RichText("x", color='<!DOCTYPE x [<!ENTITY a "b">]>'),
        RichText("x", url_id="link-file%3A%2F%2F%2Fetc%2Fpasswd"),
        RichText("x", url_id="rId1"),
        InlineImage(None, "https://example.org/pixel.png"),
        InlineImage(None, io.BytesIO(b'<!DOCTYPE x [<!ENTITY a "b">]><svg/>')),
    ],
)
def test_a_rich_value_that_would_break_out_is_refused(value):
    template = compile_template(word("{{r v }}"), "plan.docx", dict().__getitem__)
    with pytest.raises(RenderError) as error:
        template.render({"v": value})
    assert "\n" not in str(error.value)


# --- hostile packages ------------------------------------------------------------------------------------------------


def with_entities(name):
    data = word("x", change=lambda document: setattr(document.core_properties, "title", "{{ x }}"))
    head, _, rest = part(data, name).partition("?>")
    lol = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    return with_part(data, name, f'{head}?><!DOCTYPE x [<!ENTITY l0 "lol">{lol}]>{rest}')


@pytest.mark.parametrize("name", ["word/document.xml", "docProps/core.xml", "word/styles.xml", "[Content_Types].xml"])
def test_an_entity_bomb_in_any_part_is_refused(name):
    with pytest.raises(ToolkitError, match="definitions") as error:
        compile_template(with_entities(name), "plan.docx", dict().__getitem__)
    assert str(error.value).startswith("plan.docx")
