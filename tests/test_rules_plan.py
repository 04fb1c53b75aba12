"""This file ensures that rules on a plan's diagnoses, services, measures and people tell what is wrong, and no more."""

import pytest
from judging import followed_up, judge, lay_over, sample

from toolkit import reference


def told(code, changes, name="", pack="adult"):
    """Return how often ``code`` is told of a sample with ``changes`` laid over it."""
    return sum(item.code == code for item in judge(lay_over(sample(name, pack), changes)).findings)


def service(number, **fields):
    return {"interventions": [{"intervention": number, **fields}]}


def objective(number, **fields):
    return {"objectives": [{"objective": number, **fields}]}


# --- diagnoses -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("diagnosis", "found"),
    [
        ("F32.9 Major depressive disorder, single episode, unspecified", True),
        ("F32.A Depression, unspecified", True),
        ("F39 Unspecified mood disorder", True),
        ("F20.9 Schizophrenia", False),
        ("F43.10 Post-traumatic stress disorder, unspecified", False),
        ("F84.9 Pervasive developmental disorder, unspecified", False),
        ("F32.1 Major depressive disorder, single episode, moderate", False),
    ],
)
@pytest.mark.parametrize(("day", "late"), [("08/02/2026", False), ("08/10/2026", True)])
def test_an_unspecified_diagnosis_is_told_in_a_review_after_three_months(diagnosis, found, day, late):
    tables = lay_over(sample(), {"plan": {"primary_diagnosis": diagnosis}, "review": [{"date": day}]})
    assert bool([item for item in judge(tables).findings if item.code == "MN011"]) is (found and late)


@pytest.mark.parametrize(
    ("diagnosis", "codes"),
    [
        ("F33 Major depressive disorder", ["MN018"]),
        ("F42 Obsessive-compulsive disorder", ["MN018"]),  # as it was until 2016
        ("F50.01 Anorexia nervosa, restricting type", ["MN018"]),  # as it was until 2024
        ("F33.6 Major depressive disorder", ["MN019"]),
        ("F84.1 Atypical autism", ["MN019"]),  # of the ICD-10 of other countries
        ("F33.1x Major depressive disorder", ["MN001"]),
        ("F33.1.2 Major depressive disorder", ["MN001"]),
        ("F33.1: Major depressive disorder", []),
        ("F33.1, moderate", []),
        ("F33.1/F41.1 Depression with anxiety", []),
        ("U09.9 Post COVID-19 condition, unspecified", []),
        ("F64.2 Gender identity disorder of childhood", ["MN020"]),
        ("F64.0 Transsexualism", []),
        ("F90.2 Attention-deficit hyperactivity disorder, combined type", []),
    ],
)
@pytest.mark.parametrize("name", ["primary_diagnosis", "other_diagnoses"])
def test_a_diagnosis_has_a_code_that_a_claim_may_bear(name, diagnosis, codes):
    tables = lay_over(sample(), {"plan": {name: diagnosis}})
    found = [item.code for item in judge(tables).findings if item.code in ("MN001", "MN018", "MN019", "MN020")]
    assert found == codes


def test_the_codes_beneath_each_heading_are_shown():
    lines = ["F42 Obsessive-compulsive disorder", "F33.1 Major depressive disorder", "F10 Alcohol"]
    tables = lay_over(sample(), {"plan": {"other_diagnoses": lines}})
    (found,) = [item for item in judge(tables).findings if item.code == "MN018"]
    assert found.level == "error" and "F42" not in found.text
    assert found.show["F42.2"] == "Mixed obsessional thoughts and acts" and found.show["F42.9"]
    assert found.show["F10.10"] == "Alcohol abuse, uncomplicated" and found.show["beneath F10"].endswith(" more")
    assert not any(name.startswith("F33") for name in found.show)


@pytest.mark.parametrize("diagnosis", ["F33 Major depressive disorder", "F33.6 Major depressive disorder"])
def test_a_plan_of_before_the_known_codes_is_not_judged_by_them(diagnosis):
    changes = {"plan": {"date": "03/30/2026", "primary_diagnosis": diagnosis}}
    assert not {"MN018", "MN019"} & {item.code for item in judge(lay_over(sample(), changes)).findings}


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({}, True),
        ({"risk": {"level": "high", "safety_plan": "Written with him"}}, False),
        (objective("1b", status="active"), False),
        (objective("1a", baseline=12), False),
    ],
)
def test_scores_in_the_best_band_do_not_bear_out_a_severe_diagnosis(changes, found):
    mild = {
        "plan": {"primary_diagnosis": "F33.2 Major depressive disorder, recurrent, severe"},
        "objectives": [
            {"objective": "1a", "measure": "PHQ-9", "baseline": 4, "target": 2},
            {"objective": "1b", "status": "deferred"},
            {"objective": "2a", "status": "deferred"},
        ],
    }
    assert bool(judge_both("MN012", mild, changes)) is found


def judge_both(code, first, second):
    """Return what ``code`` tells of the sample with two changes, one laid over the other."""
    tables = lay_over(lay_over(sample(), first), second)
    return [item for item in judge(tables).findings if item.code == code]


# --- objectives ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "found"),
    [
        ({"reassess_days": 56}, False),
        ({"reassess_days": 57}, True),
        ({"reassess_days": ""}, False),
        ({"reassess_days": 14, "target_date": "05/20/2026"}, True),
        ({"reassess_days": "", "target_date": "05/20/2026"}, False),
        ({"measure": "Vineland-3", "baseline": 68, "target": 75, "reassess_days": 500}, False),
    ],
)
def test_a_scale_is_repeated_about_as_often_as_it_is_made_for_and_before_the_target(fields, found):
    assert bool(told("SM013", objective("1a", **fields))) is found


def test_one_date_for_all_is_told_in_outpatient_care_only():
    same = {"objectives": [{"objective": number, "target_date": "08/31/2026"} for number in ("1a", "1b", "2a")]}
    assert told("SM015", same) == 1
    assert not told("SM015", {**same, "episode": {"level_of_care": "PHP"}})
    assert not told("SM015", {"objectives": [*same["objectives"][:2], {"objective": "2a", "status": "deferred"}]})


@pytest.mark.parametrize(
    ("measure", "score", "risk", "found"),
    [
        ("PHQ-9", 24, {"level": "none", "date": ""}, False),
        ("PHQ-9", 25, {"level": "none", "date": "05/04/2026"}, True),
        ("PHQ-9", 25, {"level": "low", "date": ""}, True),
        ("PHQ-9", 25, {"level": "low", "date": "05/04/2026"}, False),
        ("GAD-7", 21, {"level": "none", "date": ""}, False),
    ],
)
def test_a_total_that_the_other_items_cannot_reach_asks_for_risk(measure, score, risk, found):
    changes = {**objective("1a", measure=measure, baseline=score, target=5), "risk": risk}
    assert bool(told("OM006", changes)) is found


@pytest.mark.parametrize(
    ("review", "found"),
    [
        ({}, True),
        ({"risk_level": "none", "risk_date": "08/10/2026"}, True),
        ({"risk_level": "moderate", "risk_date": "", "safety_plan": "Gone over"}, True),
        ({"risk_level": "moderate", "risk_date": "08/10/2026", "safety_plan": "Gone over"}, False),
    ],
)
def test_such_a_total_asks_for_risk_in_a_review_too(review, found):
    tables = followed_up(lay_over(sample(), {"risk": {"level": "low", "date": "05/04/2026"}}))
    changes = {"review": [review], "progress": [{"current": 26, "rating": "worse"}]}
    told_of = [item.path for item in judge(lay_over(tables, changes)).findings if item.code == "OM006"]
    assert told_of == (["progress.current"] if found else [])


def test_the_totals_that_ask_for_risk_lie_above_what_the_other_items_can_give():
    known = {measure.name: measure.critical_from for measure in reference.measures() if measure.critical_from}
    assert known == {"PHQ-9": 25, "PHQ-A": 25, "EPDS": 28, "CORE-10": 37, "C-SSRS Screener": 4}
    assert all(reference.measures().get(name).critical_items for name in known)


def test_counts_alone_are_enough_where_a_score_stands_or_in_intellectual_disability():
    counts = {
        "objectives": [{"objective": "1a", "measure": "count", "unit": "mornings a week", "counted_by": "Client"}]
    }
    assert told("OM001", {**counts, "scores": []}) == 1
    assert not told("OM001", counts)
    assert not told("OM001", {**counts, "scores": [], "client": {"idd": "yes"}})
    assert not told("OM001", {**objective("1a", measure=""), "scores": []})


@pytest.mark.parametrize(
    ("measure", "baseline", "target", "target_date", "found"),
    [
        ("AUDIT", 22, 7, "06/29/2026", True),
        ("AUDIT", 22, 7, "08/31/2026", False),
        ("MDQ", 9, 4, "08/31/2026", True),
        ("LOCUS", 22, 15, "08/31/2026", True),
        ("EPDS", 18, 8, "06/29/2026", False),
    ],
)
def test_a_screen_cannot_show_a_change_of_weeks(measure, baseline, target, target_date, found):
    changes = objective("1a", measure=measure, baseline=baseline, target=target, target_date=target_date)
    assert bool(told("OM004", changes)) is found


# --- goals -----------------------------------------------------------------------------------------------------------


def test_a_goal_that_waits_may_share_its_priority():
    same = {"goals": [{"goal": "1", "priority": 1}, {"goal": "2", "priority": 1}]}
    assert told("PR003", same) == 1
    same["goals"][1]["status"] = "deferred"
    assert not told("PR003", same)


# --- services --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "technique", "found"),
    [
        ("90834", "Group therapy for panic", True),
        ("90834", "DBT skills group: distress tolerance", True),
        ("90834", "Family therapy on rules that hold", True),
        ("90853", "Individual CBT for insomnia", True),
        ("90847", "Individual CBT for insomnia", True),
        ("90853", "Skills group with individual goals", False),
        ("90834", "Exposure to group lunches at work", False),
        ("90834", "Exposure in the group home", False),
        ("90834", "Linking to a grief support group", False),
        ("90834", "CBT that loosens family accommodation", False),
        ("90834", "Individual DBT with chain analysis", False),
        ("90849", "Multifamily group psychoeducation", False),
        ("90853", "Couples group on repair after quarrels", False),
        ("H0004", "Group counseling, relapse prevention", False),
    ],
)
def test_the_code_is_for_the_kind_of_session_that_the_method_names(code, technique, found):
    assert bool(told("CP006", service("1", service_code=code, technique=technique))) is found


@pytest.mark.parametrize(
    ("code", "action", "found"),
    [
        ("90834", "Clinician sees the parents alone and coaches them on mornings.", True),
        ("90834", "Meets with both parents only, to plan praise at breakfast.", True),
        ("90847", "Parent coaching; the client is not in the room.", True),
        ("90846", "Coaches the mother with the client present, to praise the first calm word.", True),
        ("90846", "Clinician coaches both parents to answer once.", False),
        ("90834", "Coaches him to ask his wife for help; she joins for ten minutes.", False),
        ("90834", "Plans how he rides the bus without his parents.", False),
        ("90834", "Meets the family only after he has agreed to it.", False),
        ("90834", "Grounds with him when the client is not present in the room but in the memory.", False),
        ("90834", "First with the client present, then the parents alone hear the steps.", False),
        ("99368", "Team meets without the client on medicine and mornings.", False),
    ],
)
def test_who_is_in_the_room_is_who_the_code_asks_for(code, action, found):
    assert bool(told("CP007", service("1", service_code=code, action=action))) is found


def test_services_in_units_of_fifteen_minutes_are_not_held_against_the_level():
    many = {"times": 12, "minutes": 60, "intensity_reason": "Twelve hours a week were ordered by the evaluation"}
    assert told("CP013", service("1", service_code="90837", **many)) == 1
    assert not told("CP013", service("1", service_code="97153", **many))


@pytest.mark.parametrize(
    ("code", "action", "found"),
    [
        ("90834-95", "Clinician plans two tasks for each morning with him.", True),
        ("90834 93", "Clinician plans two tasks for each morning with him.", True),
        ("90834-95", "By video, he at home: clinician plans two tasks for each morning.", False),
        ("90834-HQ", "Clinician plans two tasks for each morning with him.", False),
        ("90834", "Clinician plans two tasks for each morning with him.", False),
    ],
)
def test_a_telehealth_modifier_asks_for_the_means(code, action, found):
    assert bool(told("CP017", service("1", service_code=code, action=action))) is found


# --- people ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("client", "said", "found"),
    [
        ({"interpreter": "yes", "language": "Spanish"}, "Dr. L. Haddad prescribes sertraline.", True),
        ({"interpreter": "yes", "language": "Spanish"}, "The clinician is bilingual. Dr. L. Haddad prescribes.", False),
        ({"interpreter": "yes", "language": "Spanish"}, "Sessions are in Spanish. Dr. L. Haddad prescribes.", False),
        ({"interpreter": "no", "language": "Spanish"}, "Dr. L. Haddad prescribes sertraline.", False),
    ],
)
def test_who_needs_an_interpreter_has_somebody_named(client, said, found):
    assert bool(told("PC006", {"client": client, "plan": {"coordination": said}})) is found


@pytest.mark.parametrize(
    ("reason", "found"),
    [
        ("Will treat both.", True),
        ("Alcohol comes first because that is what he drinks about most.", True),
        ("Low mood and evenings alone come first, as the family wishes it so.", True),
        ("Detox first; exposure waits 14 dry days; relapse restarts it.", False),
        ("Panic leads to drinking and drinking to panic, so the two are treated in one hour.", False),
    ],
)
def test_the_order_of_two_conditions_speaks_of_both(reason, found):
    assert bool(told("CO002", {"co_occurring": {"reason": reason}}, "0043")) is found


def test_a_diagnosis_in_remission_or_one_that_others_treat_needs_no_objective():
    use = {"plan": {"primary_diagnosis": "F10.20 Alcohol dependence"}}
    assert told("CO003", use) == 1
    assert not told("CO003", {"plan": {"primary_diagnosis": "F10.21 Alcohol dependence, in remission"}})
    assert not told("CO003", {"plan": {**use["plan"], "coordination": "The clinic on Elm Street treats the drinking."}})
    assert not told("CO003", {**use, **objective("1b", unit="evenings a week without alcohol")})
    assert not told(
        "CO003", {**use, "goals": [{"goal": "1", "diagnosis": "F33.1"}, {"goal": "2", "diagnosis": "F33.1"}]}
    )


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("Nobody; he is 16 and consents himself, on 05/04/2026.", True),
        ("Nobody; she consents herself, Ohio R.C. 5122.04.", False),
        ("Consents alone under H&S 124260; parents know of it since 05/04/2026.", False),
        ("State law on minors, section 12; reviewed with the supervisor.", False),
    ],
)
def test_a_minor_who_consents_alone_names_the_law(said, found):
    assert bool(told("AD002", {"adolescent": {"consenting_adult": said}}, "0049", "adolescent")) is found


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("Will contact school.", True),
        ("Weekly call with the counselor on absences.", True),
        ("No contact with the school, at her wish.", False),
        ("He does not want the school to know.", False),
        ("Home-schooled by his aunt since March.", False),
        ("Written permission of 05/04/2026 for the counselor: absences.", False),
    ],
)
def test_the_school_is_contacted_under_a_release(said, found):
    assert bool(told("AD006", {"school": {"coordination": said}}, "", "adolescent")) is found


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("Trauma-informed care", True),
        ("We are trauma-informed.", True),
        ("Safety, trustworthiness and peer support", True),
        ("Choice: two pictures for each activity", False),
        ("Words: “Ingrid”, never “staff”", False),
    ],
)
def test_a_principle_says_how_it_shows(line, found):
    assert bool(told("TR007", {"trauma": {"principles": [line]}}, "", "trauma")) is found


def test_a_minor_who_consents_alone_need_not_name_others_who_report():
    alone = {"adolescent": {"other_informants": "", "consent_basis": "minor_by_statute"}, "scores": []}
    counts = [{"objective": row["objective"], "counted_by": "Client"} for row in sample("", "adolescent")["objectives"]]
    by_client = {**alone, "objectives": counts}
    assert not told("AD010", by_client, "", "adolescent")
    by_client["adolescent"] = {"other_informants": ""}
    assert told("AD010", by_client, "", "adolescent")


@pytest.mark.parametrize(("address", "found"), [("1 Main Street, Detroit, MI 48226", 0), ("Austin, TX 78701", 1)])
def test_the_state_of_the_clinic_decides_who_needs_a_supervisor(address, found):
    changes = {"clinic": {"address": address}, "staff": [{"staff_id": "JR", "credential": "LMSW"}]}
    assert told("SG007", changes) == found
