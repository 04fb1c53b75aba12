"""This file ensures that rules on the course of care (reviews, team, signers, safety) tell what they should alone."""

from datetime import date

import pytest
from judging import followed_up, judge, lay_over, sample

from toolkit.rules._reviews import goes_on
from toolkit.rules._safety import latest_day


def told(tables, *changes):
    for change in changes:
        tables = lay_over(tables, change)
    return {item.code for item in judge(tables).findings}


def rated(**answers):
    """Return what is told of the second objective of the adult sample, rated with ``answers`` at its first review."""
    return told(followed_up(sample()), {"progress": [{}, answers]})


# --- reviews -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answers", "is_told"),
    [
        ({"rating": "improved", "current": 1}, True),  # from 2, more is better
        ({"rating": "improved", "current": 2}, False),  # the evidence may say what the count does not
        ({"rating": "improved", "current": 3}, False),
        ({"rating": "improved", "current": "about 1 to 3"}, False),
        ({"rating": "worse", "current": 4}, True),
        ({"rating": "worse", "current": 2}, False),
        ({"rating": "met", "current": 4}, True),
        ({"rating": "met", "current": 5}, False),
        ({"rating": "same", "current": 4}, False),  # of a count nobody knows what chance is
        ({"rating": "dropped", "current": 0}, False),
    ],
)
def test_a_rating_is_held_to_its_numbers(answers, is_told):
    assert ("RV015" in rated(**{"decision": "Raise it to five days", **answers})) is is_told


def test_the_same_score_within_chance_is_the_same():
    score = {"objective": "1a", "rating": "same", "evidence": "PHQ-9", "decision": "Two visits a week from now"}
    codes = {now: told(followed_up(sample()), {"progress": [{**score, "current": now}]}) for now in (12, 16, 22, 25)}
    assert [now for now, found in codes.items() if "RV015" in found] == [12, 25]


def test_a_rating_may_look_back_to_the_last_review():
    tables = followed_up(sample())
    second = {**tables["review"][0], "date": "09/07/2026"}
    rows = [{**row, "review_date": "09/07/2026"} for row in tables["progress"]]
    tables["review"].append(second)
    tables["progress"][0] |= {"current": 25, "rating": "worse", "decision": "Two visits a week from now"}
    tables["progress"] += [{**rows[0], "current": 20, "rating": "improved"}, *rows[1:]]
    assert "RV015" not in told(tables)


@pytest.mark.parametrize(
    ("decision", "is_told"),
    [("Continue", True), ("Go on as planned", True), ("Continue; add a call to Dr. Haddad", False), ("", False)],
)
def test_getting_worse_asks_for_a_change(decision, is_told):
    assert ("RV013" in rated(rating="worse", current=1, decision=decision)) is is_told
    changed = {"review": [{"changes": ["Visits twice a week"], "changes_reason": "The count fell."}]}
    assert "RV013" not in told(followed_up(sample()), {"progress": [{}, {"rating": "worse", "current": 1}]}, changed)


def test_a_goal_with_an_open_objective_may_go_on():
    met = {"current": 6, "rating": "met", "decision": "Continue therapy"}
    assert "RV009" not in told(followed_up(sample()), {"progress": [{**met, "objective": "1a"}]})
    both = {"progress": [{**met}, {**met}]}
    assert "RV009" in told(followed_up(sample()), both)


@pytest.mark.parametrize(
    ("needed", "is_told"),
    [("He likes to come.", True), ("Two booster visits, then the day of discharge is set.", False)],
)
def test_treatment_that_goes_on_when_everything_is_met_says_why(needed, is_told):
    rows = [{"current": now, "rating": "met", "decision": "Met"} for now in (9, 5, 3)]
    reasons = {"continued_need": needed, "no_change_reason": "All is well."}
    found = judge(lay_over(followed_up(sample()), {"progress": rows, "review": [reasons]})).findings
    assert [item.path for item in found if item.code == "RV009"] == ["review.continued_need"] * is_told


@pytest.mark.parametrize(
    "decision",
    ["Watch through the marking period; parents keep the portal.", "Closed", "Keep it for four weeks, then discharge"],
)
def test_a_decision_that_says_what_follows_is_one(decision):
    assert not goes_on(decision)


@pytest.mark.parametrize(
    "decision",
    ["Continue.", "Client will continue in therapy", "No change", "Maintain current plan", "Treatment is to go on"],
)
def test_a_decision_to_go_on_is_known(decision):
    assert goes_on(decision)


def test_the_next_review_is_held_to_the_days_of_the_payer():
    later = {"review": [{"next_date": "01/04/2027"}]}
    (found,) = (one for one in judge(lay_over(followed_up(sample()), later)).findings if one.code == "RV002")
    assert (
        found.text
        == "the next review date is further away than the 90 days that are expected here. Choose an earlier day."
    )
    assert "RV002" not in told(followed_up(sample()), {"review": [{"next_date": "11/06/2026"}]})
    assert "RV002" in told(sample(), {"plan": {"review_days": 120}})


# --- team and contacts ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("coordination", "is_told"),
    [
        ("Dr. Osei gets a letter after each review.", True),
        ("The pediatrician sends laboratory values.", True),
        ("Dr. Osei gets a letter; he signed for it on 05/04/2026.", False),
        ("Dr. Osei: no contact, at his wish.", False),
        ("Medicines are set by Dr. Chen in this clinic.", False),
        ("Nobody else takes part in her care.", False),
    ],
)
def test_a_contact_outside_needs_a_word_on_the_release(coordination, is_told):
    assert ("TM005" in told(sample(), {"plan": {"coordination": coordination}})) is is_told


@pytest.mark.parametrize(
    ("plan", "is_told"),
    [
        ({"medications": ["Sertraline 50 mg, Dr. Osei"]}, True),
        ({"medications": ["Sertraline 50 mg, Dr. Chen"]}, False),  # on the sheet Staff
        ({"medications": "none"}, False),
        ({"medications": ["None; declined sertraline"]}, False),
    ],
)
def test_medicines_need_somebody_to_talk_to(plan, is_told):
    assert ("TM006" in told(sample(), {"plan": {"coordination": "", **plan}})) is is_told


# --- signers -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("reason", "is_told"),
    [
        ("Signature on file", True),
        ("SOF", True),
        ("see chart", True),
        ("Declined to sign; agreed aloud, copy of the talk on file", False),
    ],
)
def test_a_stock_phrase_is_no_signature(reason, is_told):
    assert ("SG009" in told(sample(), {"signers": [{"role": "client", "reason_absent": reason}]})) is is_told


@pytest.mark.parametrize(
    ("scope", "paper", "is_told"),
    [
        ("Health and placement", "", True),
        ("Health and placement", "Letters of 10/02/2018", False),
        ("Health, by order of 06/12/2022", "", False),
        ("", "", False),  # the blank is told where it stands
    ],
)
def test_the_power_to_decide_rests_on_a_paper(scope, paper, is_told):
    person = {"idd": {"decision_support": "guardian", "guardian_scope": scope}, "client": {"guardian_document": paper}}
    assert ("SG013" in told(sample("0055"), person)) is is_told


# --- safety --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("Written 05/04/2026, gone over 2026-06-01", date(2026, 6, 1)),
        ("Written 5/4/26", date(2026, 5, 4)),
        ("Written 05/04/2026, gone over on 6/1", None),
        ("Written 05/04/2025, gone over in May 4", None),
        ("Written 13/45/2026", None),
        ("Kept with his wife", None),
    ],
)
def test_the_latest_day_of_a_text(text, day):
    assert latest_day(text) == day


def test_an_old_safety_plan_is_told_only_while_risk_is_raised():
    text = {"safety_plan": "Written 11/03/2025: warning sign is pacing; he wakes Marisol, calls his brother, then 988."}
    assert "RK002" in told(sample(), {"risk": {"level": "moderate", **text}})
    assert "RK002" not in told(sample(), {"risk": {"level": "low", **text}})
    review = {"risk_level": "high", "safety_plan": "Written 03/02/2026", "risk_date": "08/10/2026"}
    assert "RK002" in told(followed_up(sample()), {"review": [review]})


# --- disability ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "is_told"),
    [
        ("The kitchen is locked.", True),
        ("Locked for his safety, staff agree.", True),
        ("None", False),
        ("No limits now; the lock was lifted in May.", False),
        ("No access to the kitchen.", True),
        ("The phone stays with Delphine on paydays by his own choice.", False),
        ("Door chime: need, van of 09/11; an aide failed; count weekly; parents agree; ends 01/23/2026.", False),
    ],
)
def test_a_limit_on_rights_needs_its_parts(text, is_told):
    assert ("ID012" in told(sample(pack="idd"), {"idd": {"restrictions": text}})) is is_told


@pytest.mark.parametrize(
    ("statement", "is_told"),
    [("Hits others less than now", True), ("Leaves the table later than now", False)],
)
def test_only_a_behavior_needs_its_function(statement, is_told):
    less = {"objective": "1a", "statement": statement, "baseline": 3, "target": 0, "unit": "times a week"}
    tables = lay_over(sample("0057"), {"objectives": [less], "idd": {"behavior_function": ""}})
    assert ("ID011" in told(tables)) is is_told


@pytest.mark.parametrize(
    ("text", "is_told"),
    [("Copy goes to the ISP team.", True), ("He signed the waiver form.", False), ("Crisp.", False)],
)
def test_a_service_plan_that_is_spoken_of_needs_its_date(text, is_told):
    assert ("ID015" in told(sample(pack="idd"), {"assessment": {"strengths": [text]}})) is is_told


# --- discharge and privacy -----------------------------------------------------------------------------------------


def test_a_score_at_a_review_near_the_end_counts():
    tables = followed_up(sample())
    tables["scores"] = tables["scores"][:1]
    assert "DC006" in told(tables)
    late = "09/07/2026"
    moved = {"review": [{"date": late}], "progress": [{"review_date": late}] * 3}
    assert "DC006" not in told(tables, moved)
    gone = {"discharge": {"kind": "lost_contact", "outreach": ["09/24/2026 phone"]}}
    assert "DC006" not in told(tables, gone)


@pytest.mark.parametrize(
    ("text", "is_told"),
    [
        ("Marked countertransference in the third session.", True),
        ("Transference-focused psychotherapy, weekly.", False),
        ("Nightmares, and dreams of the fire.", False),
    ],
)
def test_the_process_of_therapy_stays_out_of_the_record(text, is_told):
    assert ("PV002" in told(sample(), {"plan": {"coordination": f"{text} Release of 05/04/2026."}})) is is_told


@pytest.mark.parametrize(
    ("answers", "is_told"),
    [
        ({"baseline": 19, "final": 14, "status": "met"}, True),
        ({"baseline": 19, "final": 9, "status": "met"}, False),
        ({"baseline": 19, "final": 22, "status": "improved"}, True),
        ({"baseline": 12, "final": 14, "status": "met"}, False),  # of which objective, nobody can tell
    ],
)
def test_an_outcome_is_held_to_its_numbers(answers, is_told):
    assert ("DC014" in told(followed_up(sample()), {"outcomes": [{"goal": "1", **answers}]})) is is_told


# --- what was told wrongly -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("code", "level", "is_told"), [("H2017", "RES", False), ("H0035", "OP", True)])
def test_only_the_code_of_a_program_is_bound_to_a_level(code, level, is_told):
    row = {"intervention": "1", "service_code": code}
    found = told(sample(), {"interventions": [row], "episode": {"level_of_care": level}})
    assert ("CP014" in found) is is_told


def test_an_intervention_on_the_dangerous_behavior_answers_the_risk():
    rows = [{"intervention": name, "action": "Clinician plans the mornings with him."} for name in ("1", "2", "3")]
    raised = {"risk": {"level": "moderate"}, "plan": {"coordination": ""}}
    assert "GT009" in told(sample(), raised, {"interventions": rows})
    rows[0]["action"] = "Clinician practices leaving the room before aggression with him."
    assert "GT009" not in told(sample(), raised, {"interventions": rows})


# --- the level of care ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "code", "text", "is_told"),
    [
        ("0050", "LOC004", "Uses on most days and cannot stop at home.", True),
        ("0050", "LOC004", "ASAM: relapse potential is high.", False),
        ("0044", "LOC004", "Urges on five of seven days.", False),  # no level of substance use care
        ("0045", "LOC007", "Voices and weight loss need structure.", True),
        ("0045", "LOC007", "Discharged from the hospital on 08/02.", False),
        ("0044", "LOC007", "Urges on five of seven days.", False),
    ],
)
def test_a_level_of_care_is_reasoned_as_its_reviewers_reason(name, code, text, is_told):
    reasons = {"justification": text, "less_intensive_considered": "Weekly visits since March."}
    assert (code in told(sample(name), {"level_of_care": reasons})) is is_told
