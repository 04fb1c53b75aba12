"""This file ensures that nothing is lost between the record and the paper, and nothing left that is not an answer."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from toolkit.model import (
    Case,
    Choice,
    Chosen,
    Definitions,
    Document,
    Field,
    Finding,
    Origin,
    Record,
    Row,
    Score,
    Section,
    Wanted,
)
from toolkit.proof import prove

PLAN = Document("treatment_plan", "Treatment plan", "plan.date", "treatment_plan.docx")
REVIEW = Document("plan_review", "Plan review", "review.date", "plan_review.docx", each="review")


def fields(section, /, **kinds):
    made = []
    for name, kind in kinds.items():
        kind, _, more = kind.partition(" ")
        made.append(
            Field(
                section,
                name,
                name.replace("_", " ").capitalize(),
                kind,
                section.capitalize(),
                1,
                prompt=f"What is the {section}'s {name}?",
                printed=more != "unprinted",
                refers="staff" if "staff" in more else "",
                choices=(Choice("OP", "Outpatient"),),
            )
        )
    return tuple(made)


def section(name, documents, /, **kinds):
    more = {
        key: kinds.pop(key) for key in ("repeats", "key", "parent", "parent_field", "singular", "scope") if key in kinds
    }
    return Section(name, name.capitalize(), name.capitalize(), fields(name, **kinds), documents=documents, **more)


BOTH = ("treatment_plan", "plan_review")
SECTIONS = {
    made.name: made
    for made in (
        section("clinic", (), scope="workbook", name="text"),
        section(
            "staff", (), scope="workbook", repeats=True, key="staff_id", staff_id="text", name="text", credential="text"
        ),
        section(
            "client", BOTH, id="text", name="text", level="choice", trauma="yes_no unprinted", initials="text unprinted"
        ),
        section(
            "plan",
            ("treatment_plan",),
            date="date",
            weeks="integer",
            symptoms="lines",
            why="long",
            clinician="ref staff",
            team="refs staff",
        ),
        section(
            "goals",
            ("treatment_plan",),
            repeats=True,
            key="goal",
            singular="goal",
            goal="text unprinted",
            statement="long",
            target="score",
        ),
        section("review", ("plan_review",), repeats=True, singular="one_review", date="date", view="long"),
        section(
            "progress",
            ("plan_review",),
            repeats=True,
            parent="review",
            parent_field="review_date",
            singular="progress row",
            review_date="date unprinted",
            current="text",
        ),
        section("sessions", (), repeats=True, note="text"),
    )
}
DEFINITIONS = Definitions(SECTIONS, {PLAN.name: PLAN, REVIEW.name: REVIEW})


def rows(name, *values):
    return tuple(
        Row(
            SECTIONS[name],
            value,
            Origin(name.capitalize(), number + 1, {f"{name}.{key}": "C" for key in value}),
            number,
        )
        for number, value in enumerate(values, start=1)
    )


def case(document=PLAN, row=None, findings=(), **sections):
    made = {name: rows(name, *(values if isinstance(values, list) else [values])) for name, values in sections.items()}
    wanted = Wanted(document, date(2026, 7, 1), made[document.each][row] if document.each else None)
    return Case(Record("0042", made), wanted, DEFINITIONS, tuple(findings))


def told(case, *paragraphs):
    return [(finding.code, finding.path, str(finding.place)) for finding in prove(case, paragraphs)]


def test_every_answer_that_is_printed_passes():
    whole = case(
        clinic={"name": "Harbor"},
        staff=[{"staff_id": "JD", "name": "Jane Doe", "credential": "LPC"}, {"staff_id": "XY", "name": "Not Asked"}],
        client={"id": "0042", "name": "Ana Ruiz", "level": Chosen("OP", "Outpatient"), "trauma": True},
        plan={
            "date": date(2026, 7, 1),
            "weeks": 12,
            "symptoms": ("Wakes at 3", "No appetite"),
            "why": "One\nTwo",
            "clinician": "JD",
            "team": ("JD",),
        },
        goals=[{"goal": "1", "statement": "Sleep", "target": Score("< 10", Decimal(10), "<")}],
        sessions=[{"note": "is never printed"}],
    )
    text = [
        "Harbor",
        "0042 Ana Ruiz",
        "Outpatient",
        "07/01/2026, 12 weeks",
        "• Wakes at 3",
        "• No appetite",
        "One\nTwo",
        "Jane Doe, LPC",
        "Goal 1: Sleep (< 10)",
    ]
    assert told(whole, *text) == []
    assert prove(whole, "\n".join(text)) == ()


@pytest.mark.parametrize(
    ("sections", "paragraph", "path", "place"),
    [
        ({"client": {"name": "Ana Ruiz"}}, "Ana Ruis", "client.name", "Client!C2"),
        ({"client": {"level": Chosen("OP", "Outpatient")}}, "OP", "client.level", "Client!C2"),
        ({"plan": {"weeks": 12}}, "2012 and 120", "plan.weeks", "Plan!C2"),
        ({"plan": {"why": "rest"}}, "resting interest", "plan.why", "Plan!C2"),
        ({"plan": {"why": "One\nTwo"}}, "One Two", "plan.why", "Plan!C2"),
        ({"plan": {"symptoms": ("one", "two")}}, "one", "plan.symptoms", "Plan!C2"),
        ({"plan": {"date": date(2026, 7, 1)}}, "7/1/2026", "plan.date", "Plan!C2"),
        ({"goals": [{"statement": "A"}, {"statement": "B"}]}, "A", "goals.statement", "Goals!C3"),
        ({"clinic": {"name": "Harbor"}}, "", "clinic.name", "Clinic!C2"),
        (
            {"staff": [{"staff_id": "JD", "name": "Jane", "credential": "LPC"}], "plan": {"clinician": "JD"}},
            "Jane",
            "plan.clinician",
            "Plan!C2",
        ),
    ],
)
def test_an_answer_that_is_not_in_the_file_is_found(sections, paragraph, path, place):
    assert told(case(**sections), paragraph) == [("PF001", path, place)]


def joins(left, right):
    """Tell whether two signs side by side are of one number or of one word."""
    return (left.isdecimal() and right.isdecimal()) or (left + right in ("aa", "ab", "ba", "bb"))


@given(value=st.text("ab1.é \n\t", min_size=1, max_size=4), printed=st.text("ab1.é \n\t\u00a0", max_size=12))
def test_an_answer_stands_wherever_it_is_no_part_of_a_longer_word_or_number(value, printed):
    stands = any(
        printed.startswith(value, at)
        and not (at and joins(printed[at - 1], value[0]))
        and not (printed[at + len(value) :] and joins(value[-1], printed[at + len(value)]))
        for at in range(len(printed))
    )
    assert (told(case(plan={"why": value}), *printed.split("\n")) == []) == stands


def test_a_finding_names_label_and_row_and_no_value():
    (finding,) = prove(case(goals=[{"goal": "7", "statement": "SECRET"}]), ["other"])
    assert finding == Finding(
        "PF001",
        "error",
        "«Statement» is answered, but the finished document does not show it. "
        "Print it in the template: goals.statement.",
        finding.place,
        "0042",
        "",
        "goal 7",
        "goals.statement",
        documents=("treatment_plan",),
    )
    assert "SECRET" not in repr(finding)
    assert finding.holds


def test_a_review_shows_its_own_row_and_what_belongs_to_it():
    reviews = [{"date": date(2026, 8, 1), "view": "better"}, {"date": date(2026, 11, 1), "view": "best"}]
    progress = [
        {"review_date": date(2026, 8, 1), "current": "twelve"},
        {"review_date": date(2026, 11, 1), "current": "nine"},
    ]
    second = case(REVIEW, 1, review=reviews, progress=progress, goals=[{"statement": "of the plan only"}])
    assert told(second, "11/01/2026 best nine") == []
    assert told(second, "11/01/2026 best") == [("PF001", "progress.current", "Progress!C3")]


# --- what may not be left --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("left", ["{{ client.name }}", "{% if x %}", "{# note #}", "a }} b"])
def test_a_tag_that_is_left_is_found(left):
    assert [code for code, *_ in told(case(), f"text {left}")] == ["PF002"]


def test_a_value_that_looks_like_a_tag_is_not_one():
    value = "he wrote {{ name }} and {% if"
    assert told(case(client={"name": value}), f"Name: {value}.") == []
    assert [code for code, *_ in told(case(client={"name": value}), f"Name: {value}.", "{{ left }}")] == ["PF002"]


def test_a_question_of_a_blank_answer_that_is_left_is_found():
    assert told(case(client={"id": "0042"}), "0042 What is the client's name?") == [("PF003", "client.name", "")]
    assert told(case(client={"name": "Ana"}), "What is the client's name? Ana") == []
    assert told(case(client={"name": "What is the client's level?"}), "What is the client's level?") == []


def test_a_placeholder_of_word_that_is_left_is_found():
    assert [code for code, *_ in told(case(), "Click or tap here to enter text.")] == ["PF003"]


def test_a_draft_may_hold_questions_but_loses_no_answer():
    held = Finding("RQ001", "error", "blank")
    draft = case(findings=[held], client={"name": "Ana"})
    assert told(draft, "What is the client's level? {{ x }}") == [("PF001", "client.name", "Client!C2")]


def test_what_a_document_requires_of_a_section_that_is_not_its_own_must_stand_in_it_too():
    one = case(REVIEW, 0, plan={"why": "Fever", "weeks": 12}, review=[{"date": date(2026, 7, 1)}])
    assert told(one, "07/01/2026") == []
    why = next(item for item in SECTIONS["plan"].fields if item.name == "why")
    plan = replace(SECTIONS["plan"], fields=(replace(why, required=("treatment_plan", "plan_review")),))
    one = replace(one, definitions=replace(DEFINITIONS, sections={**SECTIONS, "plan": plan}))
    assert told(one, "07/01/2026") == [("PF001", "plan.why", "Plan!C2")]
    assert told(one, "07/01/2026", "Fever") == []


def test_an_answer_is_looked_for_in_the_documents_that_print_it():
    plan = replace(SECTIONS["goals"], fields=tuple(
        replace(item, printed_in=("discharge_summary",)) if item.name == "target" else item
        for item in SECTIONS["goals"].fields
    ))  # fmt: skip
    one = case(plan={"date": date(2026, 7, 1)}, goals=[{"statement": "Walks", "target": Score("5", 5)}])
    assert told(one, "07/01/2026", "Walks") == [("PF001", "goals.target", "Goals!C2")]
    one = replace(one, definitions=replace(DEFINITIONS, sections={**SECTIONS, "goals": plan}))
    assert told(one, "07/01/2026", "Walks") == []
