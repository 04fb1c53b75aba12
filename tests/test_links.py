"""This file ensures that what leads nowhere is told at its cell with what there is, and what leads somewhere not."""

import pytest
from judging import errors, followed_up, judge, lay_over, sample

from toolkit.report import words


def told(audited, *codes):
    return [(item.code, item.path, dict(item.show)) for item in audited.findings if item.code in codes]


@pytest.mark.parametrize("typed", ["S1, I3", "s4 and i1", "S1-S3", "S 2", "all"])
def test_lines_that_are_on_the_plan_may_be_named_as_people_write_them(typed):
    assert errors(judge(lay_over(sample(), {"goals": [{"goal": "1", "addresses": typed}]}))) == []


@pytest.mark.parametrize("typed", ["S9", "S1, I4", "S0", "S2-S5", "Sad mood"])
def test_a_line_that_is_not_on_the_plan_is_told_with_those_that_are(typed):
    (found,) = errors(judge(lay_over(sample(), {"goals": [{"goal": "1", "addresses": typed}]})))
    assert (found.code, found.path, found.place.cell) == ("GT018", "goals.addresses", "G2")
    assert found.show["there are"] == "S1–S4, I1–I3"
    assert "S9" not in found.text and words.shown(found).endswith("there are: “S1–S4, I1–I3”.")


def test_lines_that_several_goals_miss_are_told_once_with_the_goals():
    """Two symptoms on one line, and every goal counts too far."""
    tables = sample()
    first, second, *others = tables["assessment"]["symptoms"]
    tables["assessment"]["symptoms"] = [f"{first}, {second}", *others]
    (found,) = errors(judge(lay_over(tables, {"goals": [{"goal": "1", "addresses": "S9, S1"}]})))
    assert (found.code, found.path, found.place.cell) == ("GT018", "goals.addresses", "G2")
    assert dict(found.show)["not there"] == "goal 1: S9; goal 2: S4"
    assert "see first that each symptom and impairment has a line of its own" in found.text


@pytest.mark.parametrize(
    "typed", ["F10.20", "f1020", "F10.20 Alcohol dependence", "alcohol dependence", "MDD", "F10.20; F33.1"]
)
def test_a_goal_may_name_a_diagnosis_of_the_plan_by_code_words_or_first_letters(typed):
    assert errors(judge(lay_over(sample("0043"), {"goals": [{"goal": "1", "diagnosis": typed}]}))) == []


@pytest.mark.parametrize("typed", ["F99.9 xyz", "PTSD", "depression", "F10.20; F41.1"])
def test_a_diagnosis_that_is_not_surely_on_the_plan_is_told_with_the_codes_that_are(typed):
    (found,) = errors(judge(lay_over(sample("0043"), {"goals": [{"goal": "1", "diagnosis": typed}]})))
    assert (found.code, found.path, found.show["there are"]) == ("GT019", "goals.diagnosis", "F10.20, F33.1")


def test_an_unknown_id_is_told_in_everyday_words_with_the_ids_that_there_are():
    (found,) = errors(judge(lay_over(sample(), {"episode": {"clinician": "Jordan"}})))
    assert found.text == (
        "no staff member has the id that is typed under “Clinician”. Type one that stands on the sheet Staff, or add "
        "the row there."
    )
    assert words.shown(found).startswith("Typed: “Jordan”, there are: “JR, MK, TB, ")


def test_a_raised_risk_that_no_intervention_answers_leads_to_the_cell_to_mend():
    tables = lay_over(sample(), {"risk": {"level": "moderate"}})
    (found,) = [item for item in judge(tables).findings if item.code == "GT009"]
    assert (found.place.sheet, found.path) == ("Interventions", "interventions.action")
    assert "safety plan" in found.text and found.source.startswith("for example")


@pytest.mark.parametrize(
    ("ends", "shown"),
    [("09/27/2026", "09/28/2026"), ("09/28/2026", None), ("05/10/2026", None), ("05/11/2026", "09/28/2026")],
)
def test_an_authorization_that_ends_within_the_plan_is_told_with_the_end_of_the_plan(ends, shown):
    found = [item for item in judge(lay_over(sample(), {"coverage": {"authorization_end": ends}})).findings]
    assert [item.show.get("the plan ends") for item in found] == ([] if ends == "09/28/2026" else [shown])
    assert {item.level for item in found} <= {"warning"}


@pytest.mark.parametrize(
    ("changes", "missed"),
    [
        ({}, []),
        ({"review": [{"next_date": "09/15/2026"}]}, []),  # six days before the last service
        ({"review": [{"next_date": "09/13/2026"}]}, ["discharge.date"]),
        ({"review": [], "progress": []}, ["discharge.date"]),
        ({"plan": {"review_days": 60}}, ["review.date"]),
        ({"plan": {"date": "08/31/2026"}, "assessment": {"date": "08/31/2026"}, "review": [], "progress": []}, []),
    ],
)
def test_a_review_that_was_due_and_not_held_is_told(changes, missed):
    audited = judge(lay_over(followed_up(sample()), changes))
    assert [item.path for item in audited.findings if item.code == "RV019"] == missed
