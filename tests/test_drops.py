"""This file ensures that what a plan, a review or a discharge cannot do without holds that document, and no other."""

from copy import deepcopy
from datetime import date

import pytest

from toolkit import batch, demo, intake, shelf

SHELF = shelf.load()
ALL = SHELF.all()
SAMPLES = demo.samples(SHELF)
TODAY = date(2026, 9, 30)
WHOLE = {record["client"]["id"]: record for record in SAMPLES["records"] if record.get("discharge")}
PLAN, REVIEW, DISCHARGE = "treatment_plan", "plan_review", "discharge_summary"

# what is dropped (rows with their number), what it holds, the code and the end of the pointer that name it
DROPS = [
    ("goals/0/problem", {PLAN}, "GT001", "/goals/0/problem"),
    ("goals/0/client_words", {PLAN}, "PC001", "/client_words"),
    ("goals/0/objectives/0/baseline", {PLAN, REVIEW}, "SM002", "/objectives/0/baseline"),
    ("goals/0/objectives/0/target_date", {PLAN, REVIEW}, "SM004", "/objectives/0/target_date"),
    ("plan/primary_diagnosis", {PLAN, REVIEW, DISCHARGE}, "MN001", "/plan/primary_diagnosis"),
    ("plan/discharge_criteria", {PLAN}, "DC001", "/plan/discharge_criteria"),
    ("necessity/why_treatment_now", {PLAN}, "MN005", "/necessity/why_treatment_now"),
    ("level_of_care/justification", {PLAN}, "LOC001", "/level_of_care/justification"),
    ("trauma/sequence_reason", {PLAN}, "TR003", "/trauma/sequence_reason"),
    ("trauma/gates", {PLAN}, "TR004", "/trauma/gates"),
    ("trauma/current_safety", {PLAN}, "TR009", "/trauma/current_safety"),
    ("idd/accommodations", {PLAN}, "ID001", "/idd/accommodations"),
    ("idd/plain_language", {PLAN}, "ID008", "/idd/plain_language"),
    ("interventions/0/modification", {PLAN}, "ID002", "/interventions/0/modification"),
    ("adolescent/family_plan", {PLAN}, "AD004", "/adolescent/family_plan"),
    ("adolescent/assent_words", {PLAN}, "AD003", "/adolescent/assent_words"),
    ("school/coordination", {PLAN}, "AD005", "/school/coordination"),
    ("review/0/family_view", {REVIEW}, "AD011", "/review/0/family_view"),
    ("review/0/continued_need", {REVIEW}, "RV011", "/review/0/continued_need"),
    ("review/0/changes_reason", {REVIEW}, "RV005", "/review/0/changes_reason"),
    ("review/0/population_update", {REVIEW}, "RQ001", "/review/0/population_update"),
    ("progress/0", {REVIEW}, "RV006", ""),
    ("progress/0/decision", {REVIEW}, "RV012", "/progress/0/decision"),
    ("discharge/reason", {DISCHARGE}, "DC003", "/discharge/reason"),
    ("discharge/criteria_results", {DISCHARGE}, "RQ001", "/discharge/criteria_results"),
    ("discharge/criteria_results/0", {DISCHARGE}, "DC009", "/discharge/criteria_results"),
    ("discharge/handover", {DISCHARGE}, "RQ001", "/discharge/handover"),
    ("outcomes/0", {DISCHARGE}, "DC004", "/goals/0"),
    ("outcomes/0/narrative", {DISCHARGE}, "DC004", "/outcomes/0/narrative"),
    ("aftercare", {DISCHARGE}, "DC005", "/discharge/aftercare_refused_reason"),
]


def there(record, path):
    """Return the table or list that holds the last step of ``path``, and that step; None where it is not there."""
    *steps, last = [int(step) if step.isdecimal() else step for step in path.split("/")]
    place = record
    for step in (*steps, last):
        owner, place = place, None
        if isinstance(owner, list) and isinstance(step, int) and step < len(owner):
            place = owner[step]
        elif isinstance(owner, dict):
            place = owner.get(step)
        if place is None:
            return None
    return owner, last


def outcome_without(name, path):
    """Return what comes of one sample from which ``path`` is dropped; a row leaves no hole."""
    record = deepcopy(WHOLE[name])
    owner, last = there(record, path)
    del owner[last]
    tables = {**SAMPLES, "records": [record]}
    return batch.judge(intake.records(tables, ALL), SHELF, today=TODAY)


def cases():
    for path, held, code, pointer in DROPS:
        for name, record in WHOLE.items():
            reviews = record.get("review", [])
            if there(record, path) and (held != {REVIEW} or reviews):
                yield pytest.param(name, path, held, code, pointer, id=f"{name} without {path}")


def reason_stands_elsewhere(record, path):
    """Tell whether the sample answers otherwise: a reason in place of the answer, or a condition that does not hold."""
    return (
        (path == "trauma/gates" and record["trauma"]["phase"] != "safety_and_skills")
        or (path == "adolescent/family_plan" and record["adolescent"].get("no_family_reason"))
        or (path == "goals/0/client_words" and any(goal.get("client_words") for goal in record["goals"][1:]))
        or (path == "outcomes/0" and len(record["outcomes"]) == 1)
        or (path == "aftercare" and record["discharge"].get("aftercare_refused_reason"))
    )


@pytest.mark.parametrize(("name", "path", "held", "code", "pointer"), list(cases()))
def test_a_drop_holds_its_document_at_its_cell_and_the_others_are_made(name, path, held, code, pointer):
    outcome = outcome_without(name, path)
    if reason_stands_elsewhere(WHOLE[name], path):
        return
    found = [finding for finding in outcome.findings if finding.holds]
    assert [finding.code for finding in found] == [code]
    assert found[0].place.pointer.endswith(pointer)
    had = {PLAN, DISCHARGE} | ({REVIEW} if WHOLE[name].get("review") else set())
    assert {result.document for result in outcome.held} == held & had
    assert had - held <= {result.document for result in outcome.ready}


@pytest.mark.parametrize("path", sorted({path for path, *_ in DROPS}))
def test_each_drop_is_tried_on_some_sample(path):
    assert any(there(record, path) and not reason_stands_elsewhere(record, path) for record in WHOLE.values())


@pytest.mark.parametrize("name", WHOLE)
def test_a_goal_dropped_with_all_that_belongs_to_it_is_missed_where_it_was_rated(name):
    """The plan without it is whole; its reviews and discharge speak of a goal that is not there."""
    outcome = outcome_without(name, "goals/0")
    assert PLAN not in {result.document for result in outcome.ready} or {
        finding.code for finding in outcome.findings if finding.holds
    } & {"WB010", "GT003", "GT004"}
    assert DISCHARGE in {result.document for result in outcome.held}
