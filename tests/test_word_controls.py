"""This file ensures that an answer in a Word file can be clicked and typed over, and that Word shows what we wrote."""

import io
import re
import zipfile
from datetime import date
from decimal import Decimal

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from hypothesis import example, given, settings
from hypothesis import strategies as st
from lxml import etree
from office import complaints, faults, shown
from word_files import part, with_part, word

from toolkit import demo, derive, intake, proof, shelf
from toolkit.errors import RenderError
from toolkit.model import Case, Choice, Chosen, Definitions, Field, Finding, Missing, Score, Section, Wanted
from toolkit.text import canonical
from toolkit.word.compile import compile_template
from toolkit.word.controls import MAX_ITEMS
from toolkit.word.package import w
from toolkit.word.read import paragraphs
from toolkit.word.store import STORE_ID

LEVELS = (Choice("op", "Outpatient"), Choice("iop", "Intensive <outpatient>"))


def section(name, *fields, **more):
    return Section(name, name, name, tuple(Field(name, *field[:3], name, 1, **field[3]) for field in fields), **more)


def field(name, kind, label="", **more):
    return name, label or f"The {name}", kind, more


DEFINITIONS = Definitions(
    {
        item.name: item
        for item in (
            section("clinic", field("name", "text"), scope="workbook"),
            section(
                "client",
                field("id", "text"),
                field("name", "text", "Name & surname"),
                field("birth", "date"),
                field("trauma", "yes_no"),
                field("age", "integer", derived=True),
                field("note", "long"),
            ),
            section(
                "episode",
                field("level", "choice", choices=LEVELS),
                field("weeks", "integer"),
                field("hours", "number"),
                field("clinician", "ref", refers="staff"),
                field("steers", "text", printed=False),
                field("a" * 70, "text"),
                field("long_label", "text", "L" * 70),
                field("unit", "choice", choices=(Choice("a", "Same"), Choice("b", "Same"))),
                field("scale", "choice", choices=tuple(Choice(str(n), f"Scale {n}") for n in range(MAX_ITEMS + 1))),
            ),
            section("assessment", field("symptoms", "lines")),
            section("goals", field("goal", "text"), field("statement", "text"), repeats=True, key="goal"),
            section("objectives", field("target", "score"), repeats=True, parent="goals"),
            section("interventions", field("action", "text"), repeats=True),
        )
    }
)
CONTEXT = {
    "clinic": {"name": "A clinic"},
    "client": {"id": "7", "name": "Ana Ruiz", "birth": date(1990, 2, 1), "trauma": True, "age": 36, "note": "a\nb"},
    "episode": {
        "level": Chosen("iop", "Intensive <outpatient>"),
        "weeks": 12,
        "hours": Decimal("4.5"),
        "clinician": "Dana Fox, LCSW",
        "steers": "x",
        "a" * 70: "long path",
        "long_label": "v",
        "unit": Chosen("a", "Same"),
        "scale": Chosen("3", "Scale 3"),
    },
    "assessment": {"symptoms": ("sleeps badly", "worries")},
    "goals": [
        {"goal": "1", "statement": "First", "objectives": [{"target": Score("9 or less", Decimal(9))}]},
        {"goal": "2", "statement": "Second", "objectives": [{"target": None}, {"target": Score("4", Decimal(4))}]},
    ],
    "interventions": [{"action": "Talks"}, {"action": "Walks"}],
}
for goal in CONTEXT["goals"]:
    goal["interventions"] = [CONTEXT["interventions"][1]]


def compiled(*blocks, definitions=DEFINITIONS, data=None, **more):
    return compile_template(data or word(*blocks, **more), "plan.docx", {}.__getitem__, {}, definitions)


def made(*blocks, context=CONTEXT, draft=False, **more):
    return compiled(*blocks, **more).render(context, draft)


def controls(data):
    """Return the controls of the body: title, path, kind, text."""
    root = etree.fromstring(part(data).encode())
    return [described(item) for item in root.iter(w("sdt"))]


def described(item):
    properties = item.find(w("sdtPr"))
    value = {kind: properties.find(w(kind)) for kind in ("alias", "tag", "text", "date", "dropDownList")}
    kind = next((kind for kind in ("text", "date", "dropDownList") if value[kind] is not None), "any")
    if kind == "text":
        kind = "lines" if value["text"].get(w("multiLine")) else "line"
    if properties.find(w("dataBinding")) is not None:
        kind += ", bound"
    return value["tag"].get(w("val")), kind, shown(item)


def parts(data):
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist() if name.endswith((".xml", ".rels"))}


def store(data):
    """Return the store without its declaration, nothing where there is none."""
    found = [text for text in parts(data).values() if "<answers>" in text]
    return found[0].partition("?>\n")[2] if found else ""


# --- what becomes a control ------------------------------------------------------------------------------------------


def test_each_kind_of_answer_is_the_control_that_fits_it():
    data = made(
        "{{ client.name }}",
        "{{ client.birth }}",
        "{{ client.trauma }} and {{ episode.level }}",
        "{{ episode.weeks }}",
        "{{ episode.hours }}",
        "{{ client.note }}",
        "{{ episode.clinician }}",
        "{{ assessment.symptoms }}",
    )
    assert controls(data) == [
        ("client.name", "line, bound", "Ana Ruiz"),
        ("client.birth", "date, bound", "02/01/1990"),
        ("client.trauma", "dropDownList, bound", "Yes"),
        ("episode.level", "dropDownList, bound", "Intensive <outpatient>"),
        ("episode.weeks", "line, bound", "12"),
        ("episode.hours", "line, bound", "4.5"),
        ("client.note", "lines", "a\nb"),
        ("episode.clinician", "lines", "Dana Fox, LCSW"),
        ("assessment.symptoms", "lines", "sleeps badly\nworries"),
    ]
    assert store(data) == (
        "<answers><client><name>Ana Ruiz</name><birth>1990-02-01</birth><trauma>yes</trauma></client>"
        "<episode><level>iop</level><weeks>12</weeks><hours>4.5</hours></episode><assessment></assessment></answers>"
    )


def test_the_title_of_a_control_is_the_label_in_as_many_letters_as_word_takes():
    made_of_two = part(made("{{ client.name }}", "{{ episode.long_label }}"))
    assert re.findall('<w:alias w:val="(.*?)"/>', made_of_two) == ["Name &amp; surname", "L" * 63 + "&#8230;"]


def test_a_row_is_known_by_its_place_in_the_record_however_the_template_comes_to_it():
    data = made(
        "{%p for g in goals | reverse %}",
        "{{ g.statement }}",
        "{%p for o in g.objectives if o.target is not none %}",
        "{{ o.target }}",
        "{%p endfor %}",
        "{%p for i in g.interventions %}",
        "{{ i.action }}",
        "{%p endfor %}",
        "{%p endfor %}",
        "{{ goals[1].statement }} {{ goals[0]['statement'] }}",
    )
    assert [(path, text) for path, _, text in controls(data)] == [
        ("goals[1].statement", "Second"),
        ("goals[1].objectives[1].target", "4"),
        ("interventions[1].action", "Walks"),
        ("goals[0].statement", "First"),
        ("goals[0].objectives[0].target", "9 or less"),
        ("interventions[1].action", "Walks"),
        ("goals[1].statement", "Second"),
        ("goals[0].statement", "First"),
    ]
    assert store(data) == (
        "<answers><goals><statement>First</statement><objectives><target>9 or less</target></objectives></goals>"
        "<goals><statement>Second</statement><objectives></objectives><objectives><target>4</target></objectives>"
        "</goals><interventions></interventions><interventions><action>Walks</action></interventions></answers>"
    )


def test_each_line_of_a_list_is_a_control_and_is_not_bound():
    loop = ("{%p for item in assessment.symptoms %}", "- {{ item }}", "{%p endfor %}")
    assert controls(made(*loop)) == [
        ("assessment.symptoms[0]", "line", "sleeps badly"),
        ("assessment.symptoms[1]", "line", "worries"),
    ]
    assert store(made(*loop)) == "<answers><assessment></assessment></answers>"


@pytest.mark.parametrize(
    "loop",
    [
        "{% for item in assessment.symptoms if item %}{{ item }}{% endfor %}",
        "{% for item in assessment.symptoms | sort %}{{ item }}{% endfor %}",
        "{% for item in assessment.symptoms %}{% for goal in goals %}{{ item }}{% endfor %}{% endfor %}",
        "{% for item in assessment.symptoms %}{% set item = client.name %}{{ item }}{% endfor %}",
    ],
)
def test_a_line_of_which_the_place_is_not_sure_stays_text(loop):
    assert controls(made(loop)) == []


@pytest.mark.parametrize(
    "tag",
    [
        "{{ client.id }}",  # names the client
        "{% for g in goals %}{{ g.goal }}{% endfor %}",  # names the row
        "{{ client.age }}",  # computed
        "{{ clinic.name }}",  # not the client's
        "{{ episode.steers }}",  # steers the program
        "{{ client.name | upper }}",
        "{{ client.name ~ '!' }}",
        "{{ client.name or client.note }}",
        "{% set name = client.name %}{{ name }}",
        "a {{- client.name -}} b",
        "{{ episode." + "a" * 70 + " }}",  # a tag longer than Word takes
        "{% if client.name %}x{% endif %}",
    ],
)
def test_what_is_no_single_answer_stays_text(tag):
    assert controls(made(tag)) == []
    plain = compile_template(word(tag), "plan.docx", {}.__getitem__).render(CONTEXT)
    assert paragraphs(made(tag)) == paragraphs(plain)


def test_a_list_that_word_could_not_tell_apart_or_nobody_could_pick_from_is_typed():
    assert [kind for _, kind, _ in controls(made("{{ episode.unit }} {{ episode.scale }}"))] == ["line, bound"] * 2


def test_without_definitions_there_are_no_controls():
    data = made("{{ client.name }}", definitions=None)
    assert "sdt" not in part(data)
    assert not store(data)


def test_what_a_supplement_prints_is_a_control_too_and_ids_stay_unique():
    data = word("{{ client.name }}", "{%p include supplements %}")
    added = {"supplements": [word("{{ client.name }}"), word("{{ client.birth }}")]}
    template = compile_template(data, "plan.docx", {}.__getitem__, added, DEFINITIONS)
    assert [path for path, _, _ in controls(template.render(CONTEXT))] == ["client.name", "client.name", "client.birth"]


def test_headers_and_footers_stay_text():
    data = made("x", header="{{ client.name }}", footer="{{ client.name }}")
    assert "<w:sdt>" not in part(data, "word/header1.xml") + part(data, "word/footer1.xml")


# --- around the tag --------------------------------------------------------------------------------------------------


def formatted(*runs):
    """Return a change that adds a paragraph of runs, each with its properties."""
    xml = "".join(f'<w:r>{properties}<w:t xml:space="preserve">{text}</w:t></w:r>' for properties, text in runs)

    def change(document):
        document.element.body.insert(0, parse_xml(f"<w:p {nsdecls('w')}>{xml}</w:p>"))

    return change


BOLD, RED = "<w:rPr><w:b/></w:rPr>", '<w:rPr><w:color w:val="FF0000"/></w:rPr>'


def test_the_text_around_a_tag_keeps_its_form_and_its_blanks():
    data = made(change=formatted((BOLD, "Born {{ client.birth }} and "), (RED, "{{ client.name }}, all right")))
    assert paragraphs(data)[0] == "Born 02/01/1990 and Ana Ruiz, all right"
    found = re.search("<w:p>.*?</w:p>", part(data))[0]
    pieces = re.findall(r"<w:r>(<w:rPr>.*?</w:rPr>)<w:t[^>]*>(.*?)</w:t>", found)
    assert [(form, text) for form, text in pieces if text] == [
        (BOLD, "Born "),
        (BOLD, "02/01/1990"),
        (BOLD, " and "),
        (RED, "Ana Ruiz"),
        (RED, ", all right"),
    ]
    assert re.findall("<w:sdtPr>(<w:rPr>.*?</w:rPr>)", found) == [BOLD, RED]  # the form of what is typed later


@pytest.mark.parametrize(
    ("block", "text"),
    [
        (
            "{% if client.name %}{{ client.name }}{% endif %}{% if not client.name %}{{ client.note }}{% endif %}.",
            "Ana Ruiz.",
        ),
        ("{{ client.name }}{{ client.name }}", "Ana RuizAna Ruiz"),
        ("{% if client.age %}a {{ client.name }}{% else %}b {{ client.note }}{% endif %} c", "a Ana Ruiz c"),
        ("{% for g in goals %}{{ g.statement }}; {% endfor %}", "First; Second; "),
        ("x {%- if client.name %} {{ client.name }} {%- endif %} y", "x Ana Ruiz y"),
    ],
)
def test_controls_stand_between_other_tags(block, text):
    data = made(block)
    assert controls(data)
    assert paragraphs(data) == [text]


def test_tags_of_rows_cells_and_merges_work_around_controls():
    data = made(
        [["{%tr for g in goals %}", ""], ["{{ client.name }}{% vm %}", "{{ g.statement }}"], ["{%tr endfor %}", ""]],
        [["{%tc for g in goals %}", "{{ g.statement }}", "{%tc endfor %}"]],
        "{%p if client.age %}",
        "{{ client.name }}",
        "{%p endif %}",
    )
    assert paragraphs(data) == ["Ana Ruiz", "First", "", "Second", "First", "Second", "Ana Ruiz"]
    assert len(controls(data)) == 6


def test_an_authors_own_control_is_left_and_what_is_printed_into_it_stands():
    own = (
        '<w:sdt {ns}><w:sdtPr><w:id w:val="1000007"/>{more}<w:text/></w:sdtPr><w:sdtContent>'
        "<w:r><w:t>{text}</w:t></w:r></w:sdtContent></w:sdt>"
    )
    bound = '<w:showingPlcHdr/><w:dataBinding w:xpath="/a" w:storeItemID="{X}"/>'

    def change(document):
        first, second, _ = document.paragraphs
        first._p.append(parse_xml(own.format(ns=nsdecls("w"), more=bound, text="{{ client.name }}")))
        second._p.append(
            parse_xml(own.format(ns=nsdecls("w"), more="<w:showingPlcHdr/>", text="fixed").replace("1000007", "5"))
        )

    xml = part(compiled("", "", "{{ client.name }}", change=change).render(CONTEXT))
    first, second, third = re.findall("<w:sdt>.*?</w:sdt>", xml)
    assert "Binding" not in first and "Plc" not in first and "Ana Ruiz" in first  # Word would show what is bound
    assert "Plc" in second and "fixed" in second
    assert 'w:tag w:val="client.name"' in third
    assert not 1_000_000 <= int(re.search('<w:id w:val="(.*?)"', third)[1]) < 2_000_000


@pytest.mark.parametrize(
    "around",
    [
        '<w:hyperlink w:anchor="x">{}</w:hyperlink>',
        '<w:fldSimple w:instr="HYPERLINK x">{}</w:fldSimple>',
        '<w:r><w:fldChar w:fldCharType="begin"/><w:instrText> HYPERLINK "x" </w:instrText>'
        '<w:fldChar w:fldCharType="separate"/></w:r>{}<w:r><w:fldChar w:fldCharType="end"/></w:r>',
        '<w:r><w:pict><v:textbox xmlns:v="urn:schemas-microsoft-com:vml"><w:txbxContent><w:p>{}</w:p></w:txbxContent>'
        "</v:textbox></w:pict></w:r>",
    ],
)
def test_where_word_takes_no_control_there_is_none(around):
    run = "<w:r><w:t>{{ client.name }}</w:t></w:r>"

    def change(document):
        xml = f"<w:p {nsdecls('w')}>{around.format(run)}</w:p>"
        document.element.body.insert(0, parse_xml(xml))

    data = made("{{ client.name }}", change=change)
    assert len(controls(data)) == 1
    assert "".join(paragraphs(data)) == "Ana Ruiz" * 2


# --- what Word shows is what we wrote --------------------------------------------------------------------------------

PLACES = compiled("{{ client.name }}", "in {{ client.name }} a line", [["{{ client.note }}", "{{ client.name }}"]])
TEXTS = st.one_of(
    st.text(),
    st.text(st.sampled_from("<>&'\"{} a\u00a0\u202e\U0001f469\u200d\u0301ễ\n\t;\\")),
)


@given(TEXTS.map(canonical).filter(bool))
@settings(max_examples=300)
@example("two  blanks")
@example("a tab\tand a line\nand ]]> &amp; <w:t>")
@example("Zoë Nguyễn 李 → –")
@example("\U0001f469 beyond the first plane")
def test_any_text_is_shown_as_it_is_and_stored_only_where_word_gives_it_back_whole(value):
    data = PLACES.render({**CONTEXT, "client": {"name": value, "note": value}})
    assert paragraphs(data) == [value, f"in {value} a line", value, value]
    assert faults(data) == []  # what is bound is the same in the store
    [client] = etree.fromstring(store(data))
    odd = not value.isprintable() or "  " in value or max(value) > "\uffff"
    assert [item.text for item in client] == ([] if odd else [value])


def test_a_choice_or_date_that_is_none_of_the_known_ones_stays_text():
    odd = {"level": Chosen("php", "Partial"), "weeks": None}
    client = {**CONTEXT["client"], "birth": date(1850, 1, 1), "trauma": "perhaps"}
    data = made(
        "{{ episode.level }}|{{ client.birth }}|{{ client.trauma }}", context={"episode": odd, "client": client}
    )
    assert paragraphs(data) == ["Partial|01/01/1850|perhaps"]
    assert controls(data) == []


def test_a_blank_leaves_no_empty_control():
    blank = {"client": {"name": None, "note": "", "birth": None}, "assessment": {"symptoms": ()}}
    data = made("{{ client.name }}{{ client.note }}{{ client.birth }}{{ assessment.symptoms }}.", context=blank)
    assert controls(data) == []
    assert paragraphs(data) == ["."]


def test_the_same_input_gives_the_same_bytes_and_a_changed_label_another_digest():
    blocks = ("{{ client.name }}", "{{ client.birth }}")
    data = word(*blocks)
    assert compiled(data=data).render(CONTEXT) == compiled(data=data).render(CONTEXT)
    other = Definitions({**DEFINITIONS.sections, "client": section("client", field("name", "text", "Full name"))})
    assert compiled(data=data).sha256 != compiled(data=data, definitions=other).sha256


def test_a_name_that_is_not_known_is_told_with_its_place():
    template = compiled("{{ client.name }}", "x {{ client.note }}")
    with pytest.raises(RenderError, match=r"plan\.docx, body, paragraph 2.*asks for a name that is not known"):
        template.render({"client": {"name": "A"}})


# --- the store in the package ----------------------------------------------------------------------------------------


def test_a_custom_part_of_the_authors_is_kept_and_the_store_stands_beside_it():
    data = compiled(data=with_part(word("{{ client.name }}"), "customXml/item1.xml", "<own/>")).render(CONTEXT)
    assert part(data, "customXml/item1.xml") == "<own/>"
    assert "Ana Ruiz" in part(data, "customXml/item2.xml")


def test_a_finished_document_made_a_template_again_brings_nobodys_answers_along():
    first = made("{{ client.name }}", "{{ client.birth }}")
    body = part(first).replace("Ana Ruiz", "{{ client.name }}").replace("02/01/1990", "{{ goals[0].statement }}")
    template = compiled(data=with_part(first, "word/document.xml", body))
    data = template.render({**CONTEXT, "client": {**CONTEXT["client"], "name": "Bo Lind"}})
    assert paragraphs(data) == ["Bo Lind", "First"]
    everything = "".join(parts(data).values())
    assert "Ana" not in everything
    assert STORE_ID not in everything  # the author's controls stand, bound to nothing


# --- drafts ----------------------------------------------------------------------------------------------------------

QUESTIONS = {
    **CONTEXT,
    "client": {"name": Missing("Name: Who is it?"), "birth": Missing("Born: When?"), "note": "n"},
    "episode": {"level": Missing("Level: Which?")},
    "assessment": {"symptoms": (Missing("Symptoms: Which?"),)},
}


def test_a_missing_answer_is_a_placeholder_that_typing_replaces():
    data = made(
        "Name: {{ client.name }}",
        "{{ client.birth }}",
        "{{ episode.level }}",
        "{%p for item in assessment.symptoms %}",
        "{{ item }}",
        "{%p endfor %}",
        context=QUESTIONS,
        draft=True,
    )
    assert controls(data) == [
        ("client.name", "any", "[Name: Who is it?]"),
        ("client.birth", "date", "[Born: When?]"),
        ("episode.level", "dropDownList", "[Level: Which?]"),
        ("assessment.symptoms[0]", "any", "[Symptoms: Which?]"),
    ]
    root = etree.fromstring(part(data).encode())
    for item in root.iter(w("sdt")):
        assert item.find(f"{w('sdtPr')}/{w('showingPlcHdr')}") is not None
        assert [run.find(f"{w('rPr')}/{w('highlight')}") is not None for run in item.iter(w("r"))] == [True]
    assert "Who is it" not in store(data)


def test_a_missing_answer_in_a_document_that_is_no_draft_is_refused():
    with pytest.raises(RenderError, match="an answer is missing"):
        made("{{ client.name }}", context=QUESTIONS)


# --- the shipped template --------------------------------------------------------------------------------------------

SHELF = shelf.load()
ADULT = SHELF.compose(("adult",))
PLAN = ADULT.documents["treatment_plan"]
DATA = SHELF.packs["adult"].file(PLAN.template).read_bytes()
PLAIN = compile_template(DATA, PLAN.template, {}.__getitem__)
WITH = compile_template(DATA, PLAN.template, {}.__getitem__, {}, ADULT)
RECORDS = [
    derive.complete(record, record.get("plan.date"), ADULT)
    for record in intake.records(demo.samples(SHELF), SHELF.all())
]


def case(record, findings=()):
    signers = derive.signers(record, ADULT, PLAN)
    return Case(record, Wanted(PLAN, record.get("plan.date")), ADULT, findings, signers)


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: record.id)
def test_a_samples_plan_reads_the_same_with_and_without_controls(record, tmp_path):
    view = derive.context(case(record))
    data = WITH.render(view)
    assert paragraphs(data) == paragraphs(PLAIN.render(view))
    assert proof.prove(case(record), paragraphs(data)) == ()
    assert len(controls(data)) > 60
    path = tmp_path / "plan.docx"
    path.write_bytes(data)
    assert complaints(path) == []
    assert docx.Document(path).tables


def test_every_typed_answer_of_the_plan_stands_in_a_control():
    asked = {
        item.path
        for item in ADULT.fields.values()
        if "treatment_plan" in ADULT.sections[item.section].documents
        and ADULT.sections[item.section].scope == "client"
        and item.printed
        and not item.derived
        and item.kind != "refs"  # several, joined by commas
        and item.section != "signers"  # sign() prints these
        and item.name != ADULT.sections[item.section].key
    }
    assert asked - {f"{item.section}.{item.name}" for item in WITH.form.controls} == {"client.id"}


def test_a_draft_with_a_question_is_valid_and_the_question_in_a_ready_document_is_found(tmp_path):
    record = RECORDS[0]
    [row] = record.rows["necessity"]
    blank = Finding("MN005", "error", "blank", row.place("why_treatment_now"), path="necessity.why_treatment_now")
    values = {name: value for name, value in row.values.items() if name != "why_treatment_now"}
    missing = record.with_rows(necessity=(type(row)(row.section, values, row.origin),))
    data = WITH.render(derive.context(case(missing, (blank,)), draft=True), draft=True)
    assert ["[" in text for path, _, text in controls(data) if path == "necessity.why_treatment_now"] == [True]
    path = tmp_path / "draft.docx"
    path.write_bytes(data)
    assert complaints(path) == []
    found = proof.prove(case(missing), paragraphs(data))  # as if it had been said to be ready
    assert "PF003" in {item.code for item in found}


def test_a_paragraph_never_ends_inside_a_control():
    data = word("Name: {{ client.name }}, note: {{ client.note }}")
    compiled = compile_template(data, "plan.docx", dict().__getitem__, definitions=DEFINITIONS)
    made = compiled.render({"client": {"name": "one\atwo", "note": "three\ffour"}})
    etree.fromstring(part(made).encode())
    assert paragraphs(made) == ["Name: one\ntwo, note: three\nfour"]
