"""This file ensures that a template is shaped as docxtpl shapes it, that what cannot work is refused with its place,
and that nothing hostile gets through."""

import io
import re
import struct
import zipfile

import pytest
from docx import Document
from docxtpl import DocxTemplate
from jinja2 import Environment
from lxml import etree
from word_files import part, printed, template, with_part, word

from toolkit.errors import TemplateError
from toolkit.word.compile import compile_template
from toolkit.word.package import HEADER_TYPE, W
from toolkit.word.read import paragraphs

GOALS = [
    {"statement": "Sleep & rest", "due": 3, "objectives": [{"text": "7 hours"}, {"text": "no <naps>"}]},
    {"statement": "Return to work", "due": None, "objectives": []},
]
CONTEXT = {
    "client": {"name": 'Ana "Q" O\'Neill', "trauma": True},
    "goals": GOALS,
    "kind": "a",
    "colors": ["FF0000", "00FF00"],
}


def refused(*blocks, **more):
    with pytest.raises(TemplateError) as error:
        template(*blocks, **more)
    return str(error.value)


# --- the dialect ---------------------------------------------------------------------------------------------------

CONSTRUCTS = {
    "a value": ["Name: {{ client.name }}."],
    "two values in a paragraph": ["{{ client.name }} and {{ kind }}"],
    "a paragraph loop": ["{%p for goal in goals %}", "Goal: {{ goal.statement }}", "{%p endfor %}", "End"],
    "nested loops": [
        "{%p for goal in goals %}",
        "{{ loop.index }}. {{ goal.statement }}",
        "{%p for o in goal.objectives %}",
        "- {{ o.text }}",
        "{%p endfor %}",
        "{%p endfor %}",
    ],
    "an inline condition": ["{% if client.trauma %}yes{% else %}no{% endif %} it is"],
    "a paragraph condition": [
        "{%p if kind == 'b' %}",
        "b",
        "{%p elif kind == 'a' %}",
        "a",
        "{%p else %}",
        "c",
        "{%p endif %}",
    ],
    "a row loop": [
        [["Goal", "Due"], ["{%tr for goal in goals %}", ""], ["{{ goal.statement }}", "x"], ["{%tr endfor %}", ""]]
    ],
    "a row condition": [[["a", "b"], ["{%tr if not client.trauma %}", ""], ["c", "d"], ["{%tr endif %}", ""]]],
    "a cell loop": [[["{%tc for goal in goals %}", "{{ goal.statement }}", "{%tc endfor %}"], ["x", "y", "z"]]],
    "a table in a loop": ["{%p for goal in goals %}", [["{{ goal.statement }}"]], "{%p endfor %}"],
    "a colspan": [[["{% colspan goals|length %}{{ kind }}", "x"], ["y", "z"]]],
    "a cell background": [[["{% cellbg colors[0] %}{{ kind }}", "x"]]],
    "cells merged down": [
        [["{%tr for goal in goals %}", ""], ["{% vm %}{{ kind }}", "{{ goal.statement }}"], ["{%tr endfor %}", ""]]
    ],
    "a comment": ["{# for {{ authors }} #}Text", "{#p gone #}", "End"],
    "a variable": ["{% set first = goals[0] %}{{ first.statement }}"],
    "filters": ["{{ client.name|upper }} {{ goals|length }}"],
    "curly quotes": ["{% if kind == “a” %}yes{% endif %}{% if kind == ‘a’ %}yes{% endif %}"],
    "entities in an expression": ["{% if goals[0].due > 2 and 1 < 2 %}more{% endif %} & <less>"],
    "blanks taken away": ["Before", "{%- if kind == 'a' %} joined{% endif %}"],
    "an inline loop": ["{% for goal in goals %}{{ goal.statement }}; {% endfor %}"],
}


def by_docxtpl(data, context):
    document = DocxTemplate(io.BytesIO(data))
    document.render(context, Environment(autoescape=True))
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


@pytest.mark.parametrize("construct", CONSTRUCTS)
def test_the_text_is_what_docxtpl_prints(construct):
    data = word(*CONSTRUCTS[construct], header="{{ client.name }}", footer="{{ kind }}")
    ours = compile_template(data, "plan.docx", dict().__getitem__).render(CONTEXT)
    assert paragraphs(ours) == paragraphs(by_docxtpl(data, CONTEXT))


@pytest.mark.parametrize("construct", CONSTRUCTS)
def test_the_grid_of_tables_is_what_docxtpl_makes(construct):
    data = word(*CONSTRUCTS[construct])
    ours = compile_template(data, "plan.docx", dict().__getitem__).render(CONTEXT)
    grid = re.compile(r"<w:(?:gridCol|gridSpan|vMerge|shd) [^>]*/>")
    assert grid.findall(part(ours)) == grid.findall(part(by_docxtpl(data, CONTEXT)))


def runs(*texts):
    """Return what puts a paragraph of these runs into a document, each in another format."""

    def change(document):
        paragraph = document.add_paragraph()
        for number, text in enumerate(texts):
            paragraph.add_run(text).bold = bool(number % 2)

    return change


@pytest.mark.parametrize(
    ("texts", "shown"),
    [
        (["{{ cli", "ent.na", "me }}"], "Ana"),
        (["{", "{ client.name }", "} is here"], "Ana is here"),
        (["a {{ client.name }} b {", "{ client.name }} c"], "a Ana b Ana c"),
        (["{% if client", ".name %}", "yes", "{% end", "if %}"], "yes"),
        (["{ and }", " {{ client.name }}", "}"], "{ and } Ana}"),
        (["100% {sure} #", "{{ client.name }}"], "100% {sure} #Ana"),
        (["{{ client", "\n", ".name }}"], "Ana"),
        (['{{ "}}" ', "~ client.name }}"], "}}Ana"),
        (["{% if client.name == “O’Neill” %}y{% else %}n{% endif %}"], "n"),
        (["isn’t {{ client.name }} isn't"], "isn’t Ana isn't"),
    ],
)
def test_a_tag_is_found_however_word_split_it(texts, shown):
    assert printed(change=runs(*texts), context={"client": {"name": "Ana"}}) == [shown]


def test_a_curly_apostrophe_inside_a_quotation_is_kept():
    assert printed('{% if name == "O’Neill" %}found{% endif %}', context={"name": "O’Neill"}) == ["found"]


def test_the_first_run_gives_a_split_tag_its_format():
    data = template(change=runs("plain {{ na", "me }} bold")).render({"name": "Ana"})
    bold = re.search(r"<w:b/></w:rPr><w:t[^>]*>(.*?)</w:t>", part(data))
    assert bold[1] == " bold"


def test_tags_in_notes_and_in_several_headers_are_rendered_once():
    def change(document):
        section = document.add_section()
        section.header.is_linked_to_previous = False
        section.header.paragraphs[0].text = "Second {{ name }}"

    assert printed("Body", header="First {{ name }}", change=change, context={"name": "{{ 7*7 }}"}) == [
        "Body",
        "",
        "First {{ 7*7 }}",
        "Second {{ 7*7 }}",
    ]


def test_names_are_listed_with_their_full_paths():
    compiled = template(
        "{{ client.name }}",
        "{%p for goal in goals if goal.due %}",
        "{{ goal.statement|upper }} {% if goal.kind == 'x' %}{{ goal['plain'] or client.nick }}{% endif %}",
        "{% for o in goal.objectives|sort %}{{ o.text }}",
        "{% for i in o.interventions %}{{ i.action }}{% endfor %}{% endfor %}",
        "{%p endfor %}",
        "{% set first = goals[0] %}{{ first.target }}{{ episode.clinician.name }}{{ sign('client') }}",
        header="{{ document.title }}",
    )
    assert compiled.names == {
        "client.name",
        "goals.statement",
        "goals.plain",
        "client.nick",
        "goals.objectives.text",
        "goals.target",
        "goals.objectives.interventions.action",
        "episode.clinician.name",
        "signers",
        "document.title",
    }
    assert {use.path for use in compiled.uses} - compiled.names == {
        "goals",
        "goals.due",
        "goals.kind",
        "goals.objectives",
        "goals.objectives.interventions",
    }
    sections = dict.fromkeys(["client", "goals", "objectives", "interventions", "episode"])
    assert {"objectives.text", "interventions.action", "episode.clinician"} <= compiled.fields(sections)
    assert (
        str(compiled.spots["goals.due"]) == "plan.docx, body, paragraph 2, near «{%p for goal in goals if goal.due %}»"
    )


def test_names_are_known_through_blocks_methods_and_filters():
    compiled = template(
        "{% with g = goals|first %}{{ g.target }}{% endwith %}",
        "{% set who %}{{ client.name }}{% endset %}{{ who }}",
        "{{ client.nick.upper() }} {{ client.day.strftime('%Y') }}",
        "{% for key, value in scores.items() %}{{ key }}{{ value }}{% endfor %}",
        "{% for s in goals|selectattr('due') %}{{ s.statement }}{% endfor %}",
        "{% set ns = namespace(n=client.age) %}{{ ns.n }} {{ {'a': client.kind}[x] }}",
        change=lambda document: setattr(document.core_properties, "title", "{{ document.title }}"),
    )
    assert compiled.names >= {
        "goals.target",
        "client.name",
        "client.nick",
        "client.day",
        "goals.statement",
        "client.kind",
        "document.title",
    }
    assert {"who", "ns.n", "g.target", "key"}.isdisjoint(compiled.names)
    assert "client.age" in {use.path for use in compiled.uses}


# --- includes ------------------------------------------------------------------------------------------------------


def test_an_included_file_prints_where_it_is_asked_for():
    files = {"end.docx": word("Signed by {{ name }}", [["{{ name }}"]])}
    text = printed("Before", '{%p include "end.docx" %}', "After", files=files, context={"name": "Ana"})
    assert text == ["Before", "Signed by Ana", "Ana", "After"]


def test_supplements_print_one_after_another_and_none_leaves_nothing():
    blocks = ["Before", "{%p include supplements %}", "After {{ name }}"]
    supplements = [word("Trauma: {{ name }}"), word("Supports: {{ name }}")]
    assert printed(*blocks, supplements=supplements, context={"name": "Ana"}) == [
        "Before",
        "Trauma: Ana",
        "Supports: Ana",
        "After Ana",
    ]
    assert printed(*blocks, context={"name": "Ana"}) == ["Before", "After Ana"]


def test_supplements_may_stand_in_a_cell_and_in_a_condition():
    supplements = [word([["a {{ name }}"]])]
    table = [["{%p include supplements %}", "b"]]
    data = template(table, supplements=supplements).render({"name": "Ana"})
    assert "</w:tbl><w:p/></w:tc>" in part(data) or "</w:tbl><w:p><w:pPr" in part(data) or paragraphs(data)[1] == ""
    blocks = ["{%p if trauma %}", "{%p include supplements %}", "{%p endif %}", "End"]
    assert printed(*blocks, supplements=supplements, context={"trauma": False}) == ["End"]


def test_an_included_file_brings_its_lists_and_the_same_sources_give_the_same_bytes():
    def listed(document):
        document.add_paragraph("one", style="List Number")

    blocks, more = (
        ["{{ name }}", "{%p include supplements %}"],
        {"supplements": [word(change=listed), word(change=listed)]},
    )
    first, second = (template(*blocks, **more).render({"name": "Ana"}) for _ in range(2))
    assert first == second
    assert "w:nsid" in part(first, "word/numbering.xml")


def test_an_included_file_may_include_another_but_not_itself():
    files = {"a.docx": word('{%p include "b.docx" %}'), "b.docx": word("deep {{ name }}")}
    assert printed('{%p include "a.docx" %}', files=files, context={"name": "Ana"}) == ["deep Ana"]
    files["b.docx"] = word('{%p include "a.docx" %}')
    assert "includes itself" in refused('{%p include "a.docx" %}', files=files)


def test_a_fault_in_an_included_file_names_that_file():
    files = {"end.docx": word("Fine", "Signed {{ by the }}")}
    text = refused("Before", '{%p include "end.docx" %}', files=files)
    assert text.startswith("end.docx, body, paragraph 2, near «Signed {{ by the }}»: ")


@pytest.mark.parametrize(
    ("tag", "words"),
    [
        ('{%p include "missing.docx" %}', "is not there"),
        ('{%p include "../up.docx" %}', "name alone and in quotes"),
        ('{%p include "C:\\up.docx" %}', "name alone and in quotes"),
        ('{%p include "/etc/passwd" %}', "name alone and in quotes"),
        ("{%p include client.name %}", "name alone and in quotes"),
        ('text {% include "end.docx" %}', "in a paragraph of its own"),
        ('text {%p include "end.docx" %}', "takes its paragraph away"),
    ],
)
def test_an_include_that_cannot_be_is_refused(tag, words):
    assert words in refused(tag)


def test_an_include_in_a_header_is_refused():
    assert refused("Body", header="{%p include supplements %}").startswith("plan.docx, header: ")


def test_the_digest_covers_all_files():
    blocks = ["{%p include supplements %}"]
    digests = {template(*blocks, supplements=[word(text) for text in texts]).sha256 for texts in ("", "a", "b", "ab")}
    assert len(digests) == 4


# --- what is refused, with its place ---------------------------------------------------------------------------------

ROW = [["Goal", "{{ goal.statement }"]]


@pytest.mark.parametrize(
    ("blocks", "place", "fault"),
    [
        (
            ["Fine", "Name {{ client name }} here"],
            "body, paragraph 2, near «Name {{ client name }} here»",
            "cannot be read",
        ),
        (["Name {{ client.name"], "body, paragraph 1, near «Name {{ client.name»", "never closed"),
        ([[["a", "b"], ["c", "{{ x. }}"]]], "body, table 1, row 2, cell 2, near «{{ x. }}»", "cannot be read"),
        (
            ["{%p for g in goals %}", "{{ g }}"],
            "body, paragraph 1, near «{%p for g in goals %}»",
            "«for» is never closed",
        ),
        (
            ["{%p for b in c %}", "{%p if a %}", "x", "{%p endfor %}"],
            "body, paragraph 4, near «{%p endfor %}»",
            "«endfor» stands inside a «if» that is open since body, paragraph 2, near «{%p if a %}», which stands "
            "inside a «for» that is open since body, paragraph 1, near «{%p for b in c %}».",
        ),
        (
            ["{%p for b in c %}", "{%p if a %}", "x"],
            "body, paragraph 2, near «{%p if a %}»",
            "«if» is never closed; it stands inside a «for» that is open since body, paragraph 1",
        ),
        (["{% endif %}"], "body, paragraph 1, near «{% endif %}»", "nothing to belong to"),
        (
            ["{%p if a %}", "{%p else %}", "{%p elif b %}", "{%p endif %}"],
            "body, paragraph 3, near «{%p elif b %}»",
            "nothing but the end",
        ),
        (
            ["Goals: {%p for g in goals %}", "{%p endfor %}"],
            "body, paragraph 1, near «Goals: {%p for g in goals %}»",
            "takes its paragraph away",
        ),
        (["{%p if a %}{%p endif %}"], "body, paragraph 1, near «{%p if a %}{%p endif %}»", "takes its paragraph away"),
        (
            [[["{%tr if a %}", "kept?"], ["{%tr endif %}", ""]]],
            "body, table 1, row 1, cell 1, near «{%tr if a %}»",
            "takes its row away",
        ),
        (["{%tr if a %}"], "body, paragraph 1, near «{%tr if a %}»", "stands in none"),
        (["{{tc x }}"], "body, paragraph 1, near «{{tc x }}»", "without the «tc»"),
        (["{{ x|tojson }}"], "body, paragraph 1, near «{{ x|tojson }}»", "uses «tojson»"),
        (
            ["{% macro m() %}", "{% endmacro %}"],
            "body, paragraph 1, near «{% macro m() %}»",
            "over several paragraphs",
        ),
        (["{% call m() %}{% endcall %}"], "body, paragraph 1, near «{% call m() %}{% endcall %}»", "«call» is not"),
        (["{% set x %}a"], "body, paragraph 1, near «{% set x %}a»", "«set» is never closed"),
        (["{% raw %}{{ x }}"], "body, paragraph 1, near «{% raw %}{{ x }}»", "«raw» is never closed"),
        (["{% set x %}a", "b{% endset %}"], "body, paragraph 1, near «{% set x %}a»", "over several paragraphs"),
    ],
)
def test_a_fault_is_told_with_its_place_and_the_words_around(blocks, place, fault):
    text = refused(*blocks)
    assert text.startswith(f"plan.docx, {place}: ")
    assert fault in text
    assert "\n" not in text


MACRO = ["{%p macro m(a, b='x') %}", "{{ a }}", "{%p endmacro %}"]


@pytest.mark.parametrize(
    ("blocks", "place", "fault"),
    [
        (
            [*MACRO, "So: {{ m(1) }}"],
            "body, paragraph 4, near «So: {{ m(1) }}»",
            "prints whole paragraphs. Ask for it with",
        ),
        ([*MACRO, "{{p m(1)|upper }}"], "body, paragraph 4, near «{{p m(1)|upper }}»", "prints whole paragraphs"),
        ([*MACRO, "{{p m(1) ~ m(2) }}"], "body, paragraph 4, near «{{p m(1) ~ m(2) }}»", "prints whole paragraphs"),
        ([*MACRO, "{% set x = m(1) %}"], "body, paragraph 4, near «{% set x = m(1) %}»", "prints whole paragraphs"),
        ([*MACRO, "{{p m() }}"], "body, paragraph 4, near «{{p m() }}»", "does not fit. The macro «m» takes: a, b."),
        ([*MACRO, "{{p m(1, 2, 3) }}"], "body, paragraph 4, near «{{p m(1, 2, 3) }}»", "does not fit"),
        ([*MACRO, "{{p m(1, c=3) }}"], "body, paragraph 4, near «{{p m(1, c=3) }}»", "does not fit"),
        ([*MACRO, "{{p m(1, a=3) }}"], "body, paragraph 4, near «{{p m(1, a=3) }}»", "does not fit"),
        ([*MACRO, "{{p m(__x__) }}"], "body, paragraph 4, near «{{p m(__x__) }}»", "uses «__x__»"),
        (["{{p m(1) }}", *MACRO], "body, paragraph 1, near «{{p m(1) }}»", "«m» is asked for inside itself, or before"),
        ([*MACRO, "{{p m(b=1, 2) }}"], "body, paragraph 4, near «{{p m(b=1, 2) }}»", "Ask for it with {{p m(…) }}"),
        ([*MACRO, "{{p m(1,, 2) }}"], "body, paragraph 4, near «{{p m(1,, 2) }}»", "Ask for it with {{p m(…) }}"),
        ([*MACRO, "{{p m(*x) }}"], "body, paragraph 4, near «{{p m(*x) }}»", "cannot be read"),
        ([*MACRO, *MACRO], "body, paragraph 4, near", "«m» is the name of a macro already. Choose another one."),
        ([*MACRO, "{%p set m = 1 %}"], "body, paragraph 4, near «{%p set m = 1 %}»", "is the name of a macro already"),
        (
            [*MACRO, "{%p for m in x %}"],
            "body, paragraph 4, near «{%p for m in x %}»",
            "is the name of a macro already",
        ),
        (
            ["{%p if x %}", *MACRO, "{%p endif %}"],
            "body, paragraph 2, near «{%p macro m(a, b='x') %}»",
            "a macro stands inside a «if» that is open since body, paragraph 1, near «{%p if x %}». Put it before",
        ),
        (
            ["{%p macro m() %}", "{%p if x %}", "{%p endmacro %}"],
            "body, paragraph 2, near «{%p if x %}»",
            "«if» is never closed",
        ),
        (["{%p macro m() %}", "{{ a| }}", "{%p endmacro %}"], "body, paragraph 2, near «{{ a| }}»", "cannot be read"),
        (
            ["{%p macro m() %}", "{{ x.__class__ }}", "{%p endmacro %}"],
            "body, paragraph 2, near «{{ x.__class__ }}»",
            "uses «__class__»",
        ),
        (
            ["{%p macro m() %}", "x", [["{%p endmacro %}"]]],
            "body, paragraph 1, near «{%p macro m() %}»",
            "begins in one paragraph, row or cell and ends in another",
        ),
        (["{%p macro m(a, a) %}", "x", "{%p endmacro %}"], "body, paragraph 1, near", "cannot be read"),
        (["{%p macro m(a=1, b) %}", "x", "{%p endmacro %}"], "body, paragraph 1, near", "cannot be read"),
        (["{%p macro m(a=b, b=1) %}", "x", "{%p endmacro %}"], "body, paragraph 1, near", "cannot be read"),
        (["{%p macro range(a) %}", "x", "{%p endmacro %}"], "body, paragraph 1, near", "cannot be read"),
        (["{%p macro if(a) %}", "x", "{%p endmacro %}"], "body, paragraph 1, near", "cannot be read"),
        (MACRO[:2], "body, paragraph 1, near «{%p macro m(a, b='x') %}»", "«macro» is never closed"),
        ([MACRO[0], *MACRO], "body, paragraph 2, near «{%p macro m(a, b='x') %}»", "a macro stands inside a macro"),
        (["{%p macro m %}", "x", "{%p endmacro %}"], "body, paragraph 1, near «{%p macro m %}»", "cannot be read"),
        (
            ["{%p macro m(_a) %}", "x", "{%p endmacro %}"],
            "body, paragraph 1, near «{%p macro m(_a) %}»",
            "cannot be read",
        ),
        (["{%p macro m(a.b) %}", "x", "{%p endmacro %}"], "body, paragraph 1, near", "cannot be read"),
        (
            ["{%p macro m() %}", "{{p m() }}", "{%p endmacro %}", "{{p m() }}"],
            "body, paragraph 2, near",
            "«m» is asked for inside itself, or before",
        ),
        (
            [[["{%tr if x %}", ""], ["{%p macro m() %}", ""], ["{%tr endif %}", ""], ["{%p endmacro %}", ""]]],
            "body, table 1, row 2, cell 1, near «{%p macro m() %}»",
            "a macro stands inside a «if» that is open since body, table 1, row 1, cell 1, near «{%tr if x %}»",
        ),
    ],
)
def test_a_macro_of_paragraphs_that_cannot_be_put_in_its_place_is_told(blocks, place, fault):
    text = refused(*blocks)
    assert text.startswith(f"plan.docx, {place}") and fault in text and "\n" not in text


@pytest.mark.parametrize(
    ("macro", "before", "after", "name"),
    [
        (["{%p macro m() %}", "{{ x.due }}"], ["{%p for x in goals %}"], ["{%p endfor %}"], "x"),
        (["{%p macro m() %}", "{{ loop.index }}"], ["{%p for x in goals %}"], ["{%p endfor %}"], "loop"),
        (["{%p macro m() %}", "{% if x %}1{% endif %}"], ["{%p with x = 1 %}"], ["{%p endwith %}"], "x"),
        (["{%p macro m() %}", "{{ x }}"], ["{%p for y in z %}", "{%p set x = y %}"], ["{%p endfor %}"], "x"),
        (["{%p macro m() %}", "{{ x }}"], ["{%p macro n(x) %}"], ["{%p endmacro %}"], "x"),
        (["{%p macro m() %}", "{{ x }}"], ["{%p macro n() %}", "{%p set x = 1 %}"], ["{%p endmacro %}"], "x"),
        (["{%p macro m(a=x) %}", "{{ a }}"], ["{%p with x = 1 %}"], ["{%p endwith %}"], "x"),
    ],
)
def test_a_macro_of_paragraphs_takes_no_names_of_where_it_is_asked_for(macro, before, after, name):
    text = refused(*macro, "{%p endmacro %}", *before, "{{p m() }}", *after)
    assert f"near «{{{{p m() }}}}»: the macro «m» says «{name}», which is something else here. Give it to" in text


def test_macros_of_paragraphs_that_grow_without_end_are_refused():
    blocks = ["{%p macro m0() %}", "x", "{%p endmacro %}"]
    for number in range(40):
        twice = [f"{{{{p m{number}() }}}}"] * 2
        blocks += [f"{{%p macro m{number + 1}() %}}", *twice, "{%p endmacro %}"]
    assert "macros make the template too long" in refused(*blocks, "{{p m40() }}")
    long = ["{%p macro m() %}", "x" * 100_000, "{%p endmacro %}", *["{{p m() }}"] * 90]
    assert "macros make the template too long" in refused(*long)


def test_names_that_a_macro_of_paragraphs_prints_are_known():
    blocks = ["{%p macro m(a) %}", "{{ a.target }} {{ client.age }}", "{%p endmacro %}"]
    for_each = ["{%p for goal in goals %}", "{{p m(goal) }}", "{%p endfor %}"]
    template = compile_template(word(*blocks, *for_each), "plan.docx", dict().__getitem__)
    assert {"goals.target", "client.age"} <= {use.path for use in template.uses if use.printed}


def test_a_fault_in_a_footer_names_the_footer():
    assert refused("x", footer="{{ a b }}").startswith("plan.docx, footer, paragraph 1, near «{{ a b }}»: ")


@pytest.mark.parametrize(
    "blocks",
    [
        ["{% if a %}", "one", "{%p endif %}"],
        ["{%p if a %}", "text {% endif %}"],
        ["{% for g in goals %}one", "{%p endfor %}"],
        [[["{% if a %}x", "y"], ["{%tr endif %}", ""]]],
        [[["{%tr if a %}", ""], ["x", "{%tc endif %}"]]],
        ["{%p if a %}", [["x {% endif %}"]]],
        ["{%p if a %}", "x", "{% else %}", "{%p endif %}"],
        [[["{%tc if a %}", "x"], ["{%tc endif %}", "y"]]],
    ],
)
def test_a_branch_that_would_break_the_document_is_refused(blocks):
    assert "begins in one paragraph, row or cell and ends in another" in refused(*blocks)


def test_a_branch_over_two_whole_paragraphs_is_well_formed():
    """The reference takes it; what is between the tags joins or parts two paragraphs, and both are well formed."""
    blocks = ["a {% if x %}b", "c{% endif %} d"]
    assert printed(*blocks, context={"x": True}) == ["a b", "c d"]
    assert printed(*blocks, context={"x": False}) == ["a  d"]


@pytest.mark.parametrize("draft", [False, True])
def test_every_combination_of_branches_is_well_formed(draft):
    compiled = template(
        "{%p if a %}",
        "A{% if b %}b{% else %}c{% endif %}",
        "{%p else %}",
        [["{{ x }}", "{% if b %}y{% endif %}"]],
        "{%p endif %}",
        [["{%tr for i in items %}", ""], ["{{ i }}", "{% if c %}c{% endif %}"], ["{%tr endfor %}", ""]],
    )
    for number in range(8):
        for items in ([], ["1"], ["1", "2"]):
            flags = {name: bool(number >> bit & 1) for bit, name in enumerate("abc")}
            etree.fromstring(part(compiled.render({**flags, "x": "&", "items": items}, draft)).encode())


def test_conditions_too_deep_inside_each_other_are_refused():
    assert "too deep" in refused(*["{%p if a %}"] * 40, *["{%p endif %}"] * 40)


def test_a_tag_without_end_is_not_searched_for_for_ever():
    assert "never closed" in refused("{{ " + "' \" " * 50_000 + " }}")


def test_an_expression_too_deep_is_refused():
    for tag in (
        "{{ " + "(" * 1900 + "1" + ")" * 1900 + " }}",
        "{% if " + "(" * 900 + "1" + ")" * 900 + " %}x{% endif %}",
    ):
        text = refused("one", tag)
        assert text.startswith(f"plan.docx, body, paragraph 2, near «{tag[:20]}") and "nested too deeply" in text


PAGE = (
    '<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText> {} </w:instrText></w:r>'
    '<w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>{{{{ a }}}}</w:t></w:r>'
    '<w:r><w:fldChar w:fldCharType="end"/></w:r></w:p>'
)


@pytest.mark.parametrize(
    "field",
    [
        PAGE.format("PAGE"),
        PAGE.format("HYPERLINK x").replace(
            "{{ a }}", "</w:t></w:r><w:r><w:t>b</w:t></w:r>" + PAGE.format("REF y")[5:-6] + "<w:r><w:t>"
        ),
        '<w:p><w:fldSimple w:instr=" DATE "><w:r><w:t>{{ a }}</w:t></w:r></w:fldSimple></w:p>',
    ],
)
def test_a_tag_in_what_word_works_out_anew_is_refused(field):
    with pytest.raises(TemplateError, match="a field or another place that is not text, where nothing is filled in"):
        compiled(body(field))


def test_a_link_keeps_its_text_and_takes_tags():
    compiled(body(PAGE.format('HYPERLINK "https://x.org"') + "<w:p><w:r><w:t>{{ b }}</w:t></w:r></w:p>"))


# --- hostile files ---------------------------------------------------------------------------------------------------


def compiled(data):
    return compile_template(data, "plan.docx", {"a.docx": word("a")}.__getitem__)


RELATIONS = "word/_rels/document.xml.rels"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def related(kind, target, mode=' TargetMode="External"'):
    data = word("x")
    relation = f'<Relationship Id="rId99" Type="{OFFICE}/{kind}" Target="{target}"{mode}/></Relationships>'
    return with_part(data, RELATIONS, part(data, RELATIONS).replace("</Relationships>", relation))


def body(inner):
    data = word("MARK")
    return with_part(data, "word/document.xml", re.sub(r"<w:p>.*?</w:p>", lambda found: inner, part(data)))


def bomb():
    return with_part(word("x"), "word/media/zeros.bin", b"\0" * 33_000_000)


def encrypted():
    data = bytearray(word("x"))
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        for found in re.finditer(re.escape(signature), bytes(data)):
            struct.pack_into("<H", data, found.start() + offset, 1)
    return bytes(data)


def entities(encoding="UTF-8"):
    text = part(word("x")).replace("UTF-8", encoding, 1)
    head, _, rest = text.partition("?>")
    return f'{head}?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>{rest}'


HOSTILE = {
    "nothing": lambda: b"",
    "no zip": lambda: b"%PDF-1.7 not a Word file",
    "an old .doc": lambda: b"\xd0\xcf\x11\xe0" + b"\0" * 600,
    "cut off": lambda: word("x")[:-900],
    "a zip of something else": lambda: _zip({"a.txt": b"x"}),
    "a zip bomb": bomb,
    "a password": encrypted,
    "entities": lambda: with_part(word("x"), "word/document.xml", entities()),
    "entities in another encoding": lambda: with_part(
        word("x"), "word/document.xml", entities("UTF-16").encode("utf-16")
    ),
    "UTF-7": lambda: with_part(word("x"), "word/document.xml", part(word("x")).replace("UTF-8", "UTF-7", 1)),
    "entities in a relation": lambda: with_part(word("x"), RELATIONS, '<!DOCTYPE x [<!ENTITY a "b">]><Relationships/>'),
    "broken XML": lambda: with_part(word("x"), "word/document.xml", "<w:document>"),
    "macros": lambda: with_part(
        word("x"),
        "[Content_Types].xml",
        part(word("x"), "[Content_Types].xml").replace(
            "wordprocessingml.document.main", "ms-word.document.macroEnabled.main"
        ),
    ),
    "a linked picture": lambda: related("image", "https://example.org/pixel.png"),
    "a linked file": lambda: related("hyperlink", "file:///etc/passwd"),
    "a script": lambda: related("hyperlink", "javascript:alert(1)"),
    "another file inside": lambda: related("aFChunk", "chunk.html", ""),
    "a program inside": lambda: related("oleObject", "embeddings/o.bin", ""),
    "an included text": lambda: body(
        '<w:p><w:r><w:instrText>INCLUDE</w:instrText></w:r><w:r><w:instrText>TEXT "c:\\x"</w:instrText></w:r></w:p>'
    ),
    "a command": lambda: body('<w:p><w:fldSimple w:instr="DDEAUTO c:\\\\cmd.exe"/></w:p>'),
    "tracked changes": lambda: body('<w:p><w:ins w:id="1" w:author="a"><w:r><w:t>x</w:t></w:r></w:ins></w:p>'),
    "comments": lambda: body('<w:p><w:r><w:commentReference w:id="1"/></w:r></w:p>'),
    "a broken tag in the properties": lambda: word(
        "x", change=lambda document: setattr(document.core_properties, "title", "{{ client name }}")
    ),
    "a tag in a field": lambda: body("<w:p><w:r><w:instrText>{{ x }}</w:instrText></w:r></w:p>"),
    "a tag in an attribute": lambda: body('<w:p><w:pPr><w:pStyle w:val="{{ x }}"/></w:pPr></w:p>'),
    "a linked picture that says it is none": lambda: related("image", "https://example.org/pixel.png", ""),
    "a linked picture in small letters": lambda: related("image", "https://x.org/a.png", ' TargetMode="external"'),
    "a shared folder": lambda: related("image", "\\\\\\\\server\\\\a.png", ""),
    "relations in capitals": lambda: with_part(
        word("x"), "word/_rels/other.xml.RELS", part(related("image", "https://x.org/a.png"), RELATIONS)
    ),
    "a tag in a relation": lambda: related("hyperlink", "https://example.org/{{ client.name }}"),
    "names that differ in capitals": lambda: with_part(word("x"), "WORD/Document.xml", part(word("y"))),
    "a name with a drive": lambda: with_part(word("x"), "C:/x.bin", b"x"),
    "a name that leads up": lambda: with_part(word("x"), "word/../../x.bin", b"x"),
    "a name without a middle": lambda: with_part(word("x"), "word//x.bin", b"x"),
    "entities in a part of another name": lambda: with_part(
        with_part(
            word("x"),
            "word/top.foo",
            f'<!DOCTYPE w:hdr [<!ENTITY a SYSTEM "file:///etc/passwd">]><w:hdr xmlns:w="{W}"><w:p/></w:hdr>',
        ),
        "[Content_Types].xml",
        part(word("x"), "[Content_Types].xml").replace(
            "</Types>", f'<Override PartName="/word/top.foo" ContentType="{HEADER_TYPE}"/></Types>'
        ),
    ),
    "tracked formatting": lambda: body('<w:p><w:pPr><w:pPrChange w:id="1" w:author="Ann"/></w:pPr></w:p>'),
    "tracked letters": lambda: body('<w:p><w:r><w:rPr><w:rPrChange w:id="1" w:author="Ann"/></w:rPr></w:r></w:p>'),
    "an include in a file without settings": lambda: without(word('{%p include "a.docx" %}'), "word/settings.xml"),
    "Strict Open XML": lambda: with_part(
        word("x"),
        "word/document.xml",
        part(word("x")).replace(
            "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
            "http://purl.oclc.org/ooxml/wordprocessingml/main",
        ),
    ),
}


def without(data, name):
    """Return the Word file ``data`` without one part that others speak of."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return _zip({item: archive.read(item) for item in archive.namelist() if item != name})


def _zip(parts):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return file.getvalue()


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_or_broken_file_is_one_sentence_with_the_way_out(name):
    with pytest.raises(TemplateError) as error:
        compiled(HOSTILE[name]())
    assert str(error.value).startswith("plan.docx")
    assert "\n" not in str(error.value)
    assert str(error.value).endswith(".")


def test_the_link_to_the_file_it_was_made_from_is_dropped():
    settings, relations = "word/settings.xml", "word/_rels/settings.xml.rels"
    data = word("{{ name }}")
    text = part(data, settings)
    link = f'<w:attachedTemplate xmlns:r="{OFFICE}" r:id="rId1"/>'
    data = with_part(data, settings, re.sub(r"(<w:settings[^>]*>)", lambda found: found[0] + link, text))
    target = 'Target="file:///C:/Users/Ana/x.dotx" TargetMode="External"'
    relation = f'<Relationship Id="rId1" Type="{OFFICE}/attachedTemplate" {target}/>'
    data = with_part(
        data,
        relations,
        f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{relation}</Relationships>',
    )
    made = compiled(data).render({"name": "Ana"})
    assert "attachedTemplate" not in part(made, settings)
    assert "Users" not in part(made, relations)


def test_any_damaged_file_is_refused_or_read_but_never_crashes():
    data = word("{{ name }}", [["{%tr if a %}"], ["x"], ["{%tr endif %}"]])
    for position in range(0, len(data), 397):
        damaged = data[:position] + bytes([data[position] ^ 0xFF]) + data[position + 1 :]
        try:
            compiled(damaged)
        except TemplateError:
            continue


def test_a_template_made_by_python_docx_compiles_without_tags():
    file = io.BytesIO()
    Document().save(file)
    assert paragraphs(compiled(file.getvalue()).render({})) == []


def test_last_pages_print_where_their_place_is():
    blocks = ["{%p include supplements %}", "Signed", "{%p include last_pages %}"]
    more = {"supplements": [word("Triggers of {{ name }}")], "last_pages": [word("Plain words for {{ name }}")]}
    assert printed(*blocks, **more, context={"name": "Ana"}) == [
        "Triggers of Ana",
        "Signed",
        "Plain words for Ana",
    ]
