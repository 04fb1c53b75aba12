"""This file ensures that a review says the risk of its own day, and that no older document takes it over."""

from datetime import date

import pytest
from judging import REVIEW, SHELF, errors, followed_up, judge, lay_over, record, sample

from toolkit import batch
from toolkit.model import Batch
from toolkit.pdf import read as read_pdf
from toolkit.word import read

CRISIS = {
    **REVIEW,
    "kind": "triggered",
    "trigger": "Overdose on 08/08/2026, two nights in hospital",
    "risk_level": "high",
    "risk_tool": "C-SSRS: actual attempt on 08/08/2026",
    "risk_date": "08/10/2026",
    "safety_plan": "Written 08/10/2026: tablets with Marisol, Tomás sleeps over, then 988",
}
SECOND = {"reviewer": "MK", "date": "08/10/2026", "findings": "Step-down visit booked within seven days"}


def after_a_crisis(**changes):
    tables = lay_over(followed_up(sample()), {"review": [{**CRISIS, **changes}], "second_review": SECOND})
    return {name: rows for name, rows in tables.items() if name not in ("discharge", "outcomes", "aftercare")}


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({}, []),
        ({"risk_level": ""}, [("review.risk_level", "RK001")]),
        ({"risk_level": "moderate", "safety_plan": ""}, [("review.safety_plan", "GT009")]),
        ({"kind": "scheduled", "trigger": "", "risk_level": "", "risk_tool": "", "risk_date": "", "safety_plan": ""},
         []),
        ({"kind": "scheduled", "risk_level": ""}, [("review.risk_level", "RK001")]),
        ({"risk_date": "08/11/2026"}, [("review.risk_date", "RV018")]),
    ],
)  # fmt: skip
def test_a_review_after_an_event_says_the_risk_and_what_answers_it(changes, told):
    assert [(item.path, item.code) for item in errors(judge(after_a_crisis(**changes)))] == told


def test_a_high_risk_at_a_review_asks_for_a_second_review_of_the_review_alone():
    audited = judge(lay_over(after_a_crisis(), {"second_review": []}))
    assert [(item.documents, str(item.place), item.code) for item in errors(audited)] == [
        (("plan_review",), "Second review", "RQ001")  # once: who is to sign is not asked beside it
    ]


def test_a_plan_that_took_over_a_later_risk_is_told():
    later = judge(lay_over(sample(), {"risk": {"date": "05/12/2026"}}))
    assert [(item.path, item.code) for item in errors(later)] == [("risk.date", "GT012")]


@pytest.mark.parametrize(
    ("level", "dated", "told"),
    [
        ("low", "08/10/2026", []),  # it is of the review of that day
        ("low", "08/11/2026", [("second_review.date", "GT017")]),  # of nothing
        ("high", "08/10/2026", [("second_review.date", "GT017")]),  # the plan needs one of its own
        ("high", "05/11/2026", []),
    ],
)
def test_a_second_review_after_the_document_is_told_where_it_can_be_of_no_other(level, dated, told):
    tables = lay_over(after_a_crisis(), {"risk": {"level": level}, "second_review": {"date": dated}})
    assert [(item.path, item.code) for item in errors(judge(tables))] == told


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    out = tmp_path_factory.mktemp("crisis")
    batch.make(Batch((record(after_a_crisis()),)), SHELF, out, forms=("docx", "pdf"), today=date(2026, 9, 30))
    return out / "0041"


def test_the_review_prints_its_own_risk_and_the_plans_as_what_it_was(made):
    said = read.paragraphs((made / "plan_review-2026-08-10.docx").read_bytes())
    now, then = said.index("Risk and safety"), said.index("Risk when the plan was written")
    assert said[now + 1 : now + 5] == [
        "Risk now",
        "High – C-SSRS: actual attempt on 08/08/2026, 08/10/2026",
        "Safety plan now",
        CRISIS["safety_plan"],
    ]
    assert said[then + 1 : then + 5] == ["Plan of", "05/11/2026", "Risk level", "Low – C-SSRS Screener, 05/04/2026"]


def test_the_plan_prints_nothing_of_a_later_day(made):
    said = "\n".join(read.paragraphs((made / "treatment_plan.docx").read_bytes()))
    assert "Second review" not in said and "Step-down" not in said and "High\n" not in said


def test_the_form_of_the_review_holds_both_risks(made):
    fields = read_pdf.read((made / "plan_review-2026-08-10.pdf").read_bytes()).fields
    assert (fields["review.risk_level"].drawn, fields["risk.level"].drawn) == (("High",), ("Low",))
