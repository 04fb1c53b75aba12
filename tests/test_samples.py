"""This file ensures that the samples show every combination and document, and are clean, whole and each its own."""

import re
from collections import Counter
from datetime import date, timedelta
from itertools import combinations, pairwise

import pytest
from judging import SHELF, auditor, everything

from toolkit import demo, derive, intake

BATCH = intake.records(demo.samples(SHELF), SHELF.all())
RECORDS = {record.id: record for record in BATCH}
COMBINATIONS = {
    (stage, *overlays)
    for stage in ("adult", "adolescent")
    for overlays in ((), ("trauma",), ("idd",), ("trauma", "idd"))
}
TODAY = date(2026, 9, 30)


def audited(record):
    judges = auditor()
    return judges.judge(record, judges.batch(BATCH))


AUDITED = {name: audited(record) for name, record in RECORDS.items()}


def of(*names):
    """Return the samples that have at least these documents, by id."""
    found = {name: Counter(case.wanted.document.name for case in one.cases) for name, one in AUDITED.items()}
    return {name: made for name, made in found.items() if set(names) <= set(made)}


def populations(name):
    return SHELF.populations(RECORDS[name], RECORDS[name].get("plan.date"))


# --- how many, and of which kinds ------------------------------------------------------------------------------------


def test_there_are_at_least_sixteen_clients_with_ids_of_their_own():
    given = [record["client"]["id"] for pack in SHELF.packs.values() for record in pack.samples()["records"]]
    assert len(given) >= 16 and given == sorted(set(given))


@pytest.mark.parametrize("document", ["treatment_plan", "plan_review", "discharge_summary"])
def test_every_combination_has_every_document(document):
    assert {populations(name) for name in of(document)} == COMBINATIONS


def test_one_client_of_each_combination_has_all_three_documents():
    assert {populations(name) for name in of("treatment_plan", "plan_review", "discharge_summary")} == COMBINATIONS


def test_at_least_three_episodes_are_whole():
    whole = of("treatment_plan", "plan_review", "discharge_summary")
    kinds = {name: {row.kind for row in RECORDS[name].all("review")} for name in whole}
    assert sum(found == {"scheduled", "triggered"} for found in kinds.values()) >= 3


def test_a_sample_lies_in_the_pack_of_its_last_population():
    for pack in SHELF.packs.values():
        for record in pack.samples()["records"]:
            assert populations(record["client"]["id"])[-1] == pack.name, record["client"]["id"]


def test_most_ways_in_which_an_episode_ends_and_who_may_decide_are_shown():
    ends = {RECORDS[name].get("discharge.kind") for name in of("discharge_summary")}
    assert ends == {"planned", "transfer", "against_advice", "administrative", "lost_contact"}
    assert all_of("idd.decision_support") == {"alone", "supported", "parent", "guardian"}
    assert all_of("adolescent.consent_basis") == {"parent", "minor_by_statute", "court", "agency"}
    assert all_of("trauma.phase") >= {"safety_and_skills", "processing", "not_phase_based"}
    assert len(all_of("episode.level_of_care")) >= 6


def all_of(path):
    return {record.get(path) for record in BATCH if record.get(path) is not None}


# --- whole and clean -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", RECORDS)
def test_a_sample_is_clean_to_the_last_warning(name):
    assert [(item.code, str(item.place), item.text) for item in AUDITED[name].findings] == []


def test_every_field_that_can_be_typed_is_answered_by_some_sample():
    answered = {
        f"{section}.{name}"
        for record in BATCH
        for section, rows in record.rows.items()
        for row in rows
        for name, value in row.values.items()
        if value is not None
    }
    typed = {item.path for item in everything().fields.values() if not item.derived}
    assert {path for path in typed - answered if not path.startswith("waivers.")} == set()  # clean ones need none


@pytest.mark.parametrize("name", of("discharge_summary"))
def test_a_discharge_answers_each_criterion_and_each_goal(name):
    record = RECORDS[name]
    assert len(record.get("discharge.criteria_results")) == len(record.get("plan.discharge_criteria"))
    active = [row.id for row in record.all("goals") if row.get("status") in (None, "active")]
    assert [row.goal for row in record.all("outcomes")] == active
    assert record.all("aftercare") or record.get("discharge.aftercare_refused_reason")


@pytest.mark.parametrize("name", of("discharge_summary"))
def test_the_result_of_an_outcome_is_borne_out_by_its_numbers(name):
    record = derive.complete(RECORDS[name], TODAY, SHELF.compose(populations(name)))
    for outcome in record.all("outcomes"):
        start, end = outcome.baseline.number, outcome.final.number
        objectives = [row for row in record.all("objectives") if row.goal == outcome.goal]
        objective = next(row for row in objectives if row.baseline.number == start)
        reached = end <= objective.target.number if objective.direction == "lower" else end >= objective.target.number
        assert (outcome.status == "met") == reached, outcome.goal


@pytest.mark.parametrize("name", of("plan_review"))
def test_a_rating_is_borne_out_by_its_numbers(name):
    record = derive.complete(RECORDS[name], TODAY, SHELF.compose(populations(name)))
    objectives = {row.id: row for row in record.all("objectives")}
    for row in record.all("progress"):
        objective = objectives[row.objective]
        sign = -1 if objective.direction == "lower" else 1
        gain = sign * (row.current.number - objective.baseline.number)
        to_go = sign * (objective.target.number - row.current.number)
        borne_out = {"met": to_go <= 0, "improved": gain > 0, "same": True, "worse": gain < 0}[row.rating]
        assert borne_out and (row.rating == "met" or to_go > 0), (row.review_date, row.objective)


@pytest.mark.parametrize("name", RECORDS)
def test_dates_follow_each_other(name):
    record = derive.complete(RECORDS[name], TODAY, SHELF.compose(populations(name)))
    plan = record.one("plan")
    reviews = [row.date for row in record.all("review")]
    end = record.get("discharge.date")
    in_order = [record.get("episode.admission_date"), record.get("assessment.date"), plan.date, *reviews]
    assert in_order == sorted(in_order)
    assert all(plan.date < row.target_date <= plan.end_date for row in record.all("objectives"))
    due = timedelta(days=plan.review_days)
    stages = [plan.date, *reviews, *([end] if end and reviews else [])]
    assert all(later - earlier <= due for earlier, later in pairwise(stages))
    if end:
        assert (reviews or [plan.date])[-1] < record.get("discharge.last_service_date") <= end
        assert all(row.date > record.get("discharge.last_service_date") for row in record.all("aftercare"))
        assert all(row.date <= end for row in record.all("scores"))
    kept = [*reviews, *([record.get("discharge.last_service_date")] if end else [])]
    days = [record.get("episode.admission_date"), record.get("assessment.date"), plan.date, *kept]
    assert all(day.weekday() < 5 for day in days)


@pytest.mark.parametrize("name", RECORDS)
def test_a_score_stands_once_for_each_day_and_agrees_with_the_baseline(name):
    record = derive.complete(RECORDS[name], TODAY, SHELF.compose(populations(name)))
    given = {(row.measure, row.date): row.score.number for row in record.all("scores")}
    assert len(given) == len(record.all("scores"))
    for row in record.all("objectives"):
        if (row.measure, row.baseline_date) in given:
            assert given[row.measure, row.baseline_date] == row.baseline.number, row.id


# --- each its own ----------------------------------------------------------------------------------------------------

ALIKE_BY_NATURE = {"plan.medications", "discharge.medications", "plan.other_diagnoses", "meetings.attendees"}
"""Drugs and doses, names of diagnoses, and names of staff with their credentials: the same words for anybody."""
LONG = ("text", "long", "lines")


def narratives():
    """Yield (client, path, text) of every answer of eight words or more."""
    fields = everything().fields
    for record in BATCH:
        for section, rows in record.rows.items():
            for name, value in (pair for row in rows for pair in row.values.items()):
                path = f"{section}.{name}"
                if section in ("clinic", "staff") or path in ALIKE_BY_NATURE or fields[path].kind not in LONG:
                    continue
                for line in value if isinstance(value, tuple) else (value,):
                    if len(line.split()) >= 8:
                        yield record.id, path, line


def shingles(line):
    words = re.findall(r"\w+", line.casefold())
    return {tuple(words[place : place + 4]) for place in range(len(words) - 3)}


def test_no_two_clients_share_an_answer_or_most_of_one():
    found = [(client, path, line, shingles(line)) for client, path, line in narratives()]
    assert len(found) > 800
    alike = [
        (one[:3], two[:3])
        for one, two in combinations(found, 2)
        if one[0] != two[0] and len(one[3] & two[3]) > 0.25 * min(len(one[3]), len(two[3]))
    ]
    assert alike == []


def test_the_signs_that_damage_a_document_stand_somewhere():
    said = " ".join(line for _, _, line in narratives())
    names = " ".join(record.get("client.legal_name") + (record.get("client.preferred_name") or "") for record in BATCH)
    assert all(sign in said for sign in "<&“’")
    assert all(sign in names for sign in "éñśễ霖’-")
