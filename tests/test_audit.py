"""This file ensures that what is missing or wrong is said once, at the right cell, and holds what it should hold."""

import pytest
from judging import (
    DISCHARGE,
    REVIEW,
    TODAY,
    auditor,
    batch,
    errors,
    everything,
    followed_up,
    judge,
    lay_over,
    raw_rows,
    record,
    sample,
)
from msgspec.structs import replace

from toolkit.audit import in_order, merged
from toolkit.errors import ShelfError
from toolkit.intake.assemble import assemble
from toolkit.model import Fact, Finding, Origin, OwnLevel, Place


def told(audited):
    """Return the findings at error level as (place, code, subject)."""
    return [(str(item.place), item.code, item.subject) for item in errors(audited)]


# --- blank answers -------------------------------------------------------------------------------------------------


def test_a_blank_says_where_who_what_and_what_to_do():
    (found,) = errors(judge(lay_over(sample("0042"), {"objectives": [{"objective": "2a", "target_date": ""}]})))
    assert found.subject == "objective 2a"
    assert found.text == "the target date is blank. By when will the target be reached?"
    assert (found.record, found.initials, found.code, found.path) == ("0042", "A.R.", "SM004", "objectives.target_date")
    assert found.place.sheet == "Objectives" and found.documents == ("treatment_plan",)
    assert found.source and not found.show


def test_one_row_is_enough_where_the_field_says_so():
    one = lay_over(sample(), {"goals": [{"goal": "1", "client_words": ""}]})
    assert errors(judge(one)) == []
    none = lay_over(one, {"goals": [{"goal": "2", "client_words": ""}]})
    assert told(judge(none)) == [("Goals!E2", "PC001", "goal 1")]


def test_a_condition_requires_only_where_it_holds():
    raised = lay_over(sample("0042"), {"risk": {"level": "high"}})
    assert [item.code for item in errors(judge(raised)) if item.path == "risk.safety_plan"] == ["GT009"]
    unknown = lay_over(sample("0042"), {"risk": {"level": ""}})
    assert [item.code for item in errors(judge(unknown))] == ["RK001"]


def test_what_does_not_count_as_an_answer_is_blank_and_is_said_once():
    (found,) = judge(lay_over(sample(), {"assessment": {"strengths": "tbd"}})).findings
    assert found.text.startswith("the strengths have no answer yet. ")
    assert (found.code, dict(found.show)) == ("PC005", {"typed": "tbd"})


def test_a_cell_that_cannot_be_read_is_not_also_blank_nor_judged():
    (found,) = judge(lay_over(sample(), {"objectives": [{"objective": "1a", "target_date": "next summer"}]})).findings
    assert (found.code, found.subject) == ("WB008", "objective 1a")
    assert found.text.startswith("the target date is not a date. Type it as")
    assert "next summer" not in found.text and found.show["typed"] == "next summer"


def test_what_was_typed_wrong_is_asked_of_whom_the_question_is_asked_of():
    (date,) = judge(lay_over(sample(), {"objectives": [{"objective": "1a", "target_date": "next summer"}]})).findings
    assert date.asked_of == "clinician"
    (birth,) = errors(judge(lay_over(sample(), {"client": {"date_of_birth": "13/45/2020"}})))
    assert birth.asked_of == "front desk"


def test_members_of_staff_who_have_no_part_in_a_plan_do_not_hold_it():
    tables = sample("0042")
    stranger = {"staff_id": "ZZ", "name": "Zoe Zimmer"}
    assert errors(judge(lay_over(tables, {"staff": [stranger]}))) == []
    (found,) = errors(judge(lay_over(tables, {"staff": [{"staff_id": "TB", "credential": ""}]})))
    assert (found.record, found.code, found.subject) == ("", "SG002", "staff member TB")


def test_a_deleted_staff_id_is_one_error_and_not_one_for_each_time_it_is_used():
    tables = sample("0042")
    next(row for row in tables["staff"] if row["staff_id"] == "TB")["staff_id"] = ""
    (found,) = errors(judge(tables))
    assert found.path == "staff.staff_id" and found.place == Place("Staff", "A4")


def test_a_deleted_supervisor_is_one_error_and_not_one_for_whom_they_supervise():
    tables = sample("0049", "adolescent")
    next(row for row in tables["staff"] if row["staff_id"] == "JR")["staff_id"] = ""
    assert auditor().batch(batch(tables)) == ()
    audited = judge(tables)
    assert [(item.path, item.place) for item in errors(audited)] == [("staff.staff_id", Place("Staff", "A2"))]
    assert {case.status for case in audited.cases} == {"draft"}


def test_a_client_without_an_id_is_one_error_and_not_one_for_each_of_its_rows():
    rows = raw_rows(sample(), everything())
    (client,) = (row for row in rows if row.sheet == "Clients")
    client.values["client.id"] = ""
    found = auditor().batch(assemble(rows, everything()))
    assert [(str(item.place), item.code) for item in found] == [("Clients!A2", "WB013")]


# --- rows and sheets -----------------------------------------------------------------------------------------------


def test_a_plan_without_goals_does_not_also_lack_objectives_and_interventions():
    tables = lay_over(sample(), {"goals": [], "objectives": [], "interventions": []})
    (found,) = errors(judge(tables))
    assert (str(found.place), found.code) == ("Goals", "GT003")
    assert found.text == "there is no goal for this client. Add at least one on the sheet Goals."


def test_a_plan_without_interventions_is_told_once():
    assert told(judge(lay_over(sample(), {"interventions": []}))) == [("Interventions", "GT004", "")]


def test_a_sheet_without_a_row_for_the_client_is_one_error_and_not_one_for_each_column():
    tables = lay_over(sample(), {"client": {"trauma": "yes"}})
    (found,) = errors(judge(tables))
    assert (str(found.place), found.code) == ("Trauma", "RQ001")
    assert found.text.startswith("there is no row for this client on the sheet Trauma.")


def test_a_second_review_that_is_missing_does_not_also_lack_a_name_to_sign():
    tables = {name: table for name, table in sample("0044").items() if name != "second_review"}
    assert told(judge(tables)) == [("Second review", "RQ001", "")]


def test_a_missing_column_is_told_once_for_the_whole_workbook():
    tables = sample("0042")
    rows = [replace(row, origin=drop(row.origin, "objectives.target_date")) for row in raw_rows(tables, everything())]
    for row in rows:
        row.values.pop("objectives.target_date", None)
    fact = Fact("missing_column", Place("Objectives"), "objectives.target_date")
    found = assemble(rows, everything(), [fact])
    judges = auditor()
    shared = judges.batch(found)
    (one,) = found.records
    audited = judges.judge(one, shared)
    assert [item.code for item in shared] == ["WB006"]
    assert errors(audited) == []
    assert [case.status for case in audited.cases] == ["draft"]


def drop(origin, path):
    columns = {name: letter for name, letter in origin.columns.items() if name != path}
    return Origin(origin.sheet, origin.row, columns)


def test_a_fault_of_one_sheet_holds_only_the_documents_that_need_it():
    tables = followed_up(sample())
    found = replace(batch(tables), facts=(Fact("misspelt_sheet", Place("Dischage"), "Discharge"),))
    judges = auditor()
    audited = judges.judge(found.records[0], judges.batch(found))
    assert {case.wanted.stem: case.status for case in audited.cases} == {
        "treatment_plan": "ready",
        "plan_review-2026-08-10": "ready",
        "discharge_summary": "draft",
    }


# --- which documents -----------------------------------------------------------------------------------------------


def test_documents_are_wanted_when_they_are_dated():
    audited = judge(followed_up(sample()))
    assert [case.wanted.stem for case in audited.cases] == [
        "treatment_plan", "plan_review-2026-08-10", "discharge_summary",
    ]  # fmt: skip
    assert errors(audited) == []


def test_a_half_filled_discharge_without_a_date_is_one_error_and_never_holds_the_plan():
    tables = lay_over(sample(), {"discharge": {**DISCHARGE, "date": "", "reason": "", "crisis_plan": ""}})
    audited = judge(tables)
    assert [(item.path, item.documents) for item in errors(audited)] == [("discharge.date", ("discharge_summary",))]
    assert [(case.wanted.stem, case.status) for case in audited.cases] == [("treatment_plan", "ready")]


def test_a_date_that_cannot_be_read_is_the_only_error_of_its_document():
    audited = judge(lay_over(sample(), {"plan": {"date": "soon"}}))
    assert [item.code for item in audited.findings] == ["WB008"]
    assert audited.cases == ()


def test_a_document_asked_for_is_judged_though_it_is_not_dated():
    tables = lay_over(sample(), {"plan": {"date": "", "weeks": ""}})
    audited = judge(tables, documents=("treatment_plan",))
    assert {item.path for item in errors(audited)} == {"plan.date", "plan.weeks"}
    assert [case.wanted.day for case in audited.cases] == [TODAY]


def test_documents_that_are_not_asked_for_are_left_out():
    audited = judge(followed_up(sample()), documents=("plan_review",))
    assert [case.wanted.document.name for case in audited.cases] == ["plan_review"]


def test_a_client_with_nothing_dated_is_told_as_a_warning():
    tables = {name: sample()[name] for name in ("clinic", "staff", "client", "coverage", "episode")}
    audited = judge(tables)
    assert [(item.code, item.level) for item in audited.findings] == [("RQ002", "warning")]


def test_each_review_is_a_document_of_its_own_and_faults_stay_with_it():
    tables = followed_up(sample())
    second = {**REVIEW, "date": "09/14/2026", "client_view": ""}
    rows = [{**row, "review_date": "09/14/2026"} for row in tables["progress"]]
    tables["review"].append(second)
    tables["progress"] += rows
    audited = judge(tables, documents=("plan_review",))
    assert {case.wanted.stem: case.status for case in audited.cases} == {
        "plan_review-2026-08-10": "ready",
        "plan_review-2026-09-14": "draft",
    }
    assert [(item.subject, item.path) for item in errors(audited)] == [("review 2", "review.client_view")]


# --- rules and facts -----------------------------------------------------------------------------------------------


def test_no_value_stands_in_a_text_and_values_stand_beside_it():
    tables = lay_over(sample(), {"objectives": [{"objective": "1a", "baseline": 12, "target": 16}]})
    (found,) = errors(judge(tables))
    assert found.code == "SM006"
    assert not {"12", "16"} & set(found.text.replace(".", " ").split())
    assert dict(found.show) == {"Target": "16", "Baseline": "12"}


def test_a_payer_may_lower_a_level():
    tables = lay_over(sample(), {"objectives": [{"objective": "1a", "baseline": 12, "target": 16}]})
    own = OwnLevel("warning", "its form has no baseline", "Acme manual 4.2", "Acme Health")
    lowered = judge(tables, levels={"SM006": own})
    assert [(item.code, item.level) for item in lowered.findings] == [("SM006", "warning")]
    assert lowered.findings[0].source.endswith("; Acme Health: its form has no baseline; Acme manual 4.2")
    assert [case.status for case in lowered.cases] == ["ready"]


def test_a_kind_of_fact_without_a_rule_is_a_fault_of_the_shelf():
    one = record(sample())
    with pytest.raises(ShelfError, match="unheard_of"):
        auditor().judge(replace(one, facts=(Fact("unheard_of"),)))


def test_an_unusual_id_is_not_told():
    tables = lay_over(sample(), {"goals": [{"goal": "Alma Reyes", "problem": "x", "statement": "y"}]})
    assert "Alma" not in "".join(f"{item.subject} {item.text}" for item in judge(tables).findings)


def test_answers_that_no_population_of_the_client_asks_for_are_told_and_not_judged():
    strange = lay_over(sample(), {"trauma": {"triggers": ["[insert trigger here]"]}})
    new = [item for item in judge(strange).findings if item not in judge(sample()).findings]
    assert [(item.code, item.level, item.path) for item in new] == [("RQ003", "error", "trauma.triggers")]


def test_an_objective_that_is_rated_twice_and_a_goal_with_two_outcomes_are_told():
    tables = followed_up(sample())
    tables["progress"].append({**tables["progress"][0], "rating": "met"})
    tables["outcomes"].append({**tables["outcomes"][1], "status": "met"})
    told = [(item.code, item.subject, item.path) for item in errors(judge(tables))]
    rows, goals = len(tables["progress"]), len(tables["outcomes"])
    assert told == [
        ("RV006", f"progress row {rows}", "progress.objective"),
        ("DC004", f"outcome {goals}", "outcomes.goal"),
    ]


def test_a_mark_that_is_forgotten_holds_the_review_as_well_and_a_birthday_does_not():
    tables = followed_up(sample())
    tables["trauma"] = {"triggers": ["Closing doors"]}
    for asked in (None, ("plan_review",)):
        audited = judge(tables, documents=asked)
        assert {case.status for case in audited.cases} == {"draft"}
        assert [item.path for item in audited.findings] == ["trauma.triggers"]
    tables = followed_up(sample("0048", "adolescent"))
    tables["client"]["date_of_birth"] = "09/20/2008"  # a minor in the plan and the review, and none when discharged
    assert [item.path for item in judge(tables).findings if item.code == "RQ003"] == []


def test_an_answer_in_a_population_s_column_is_told_where_the_client_is_not_of_it():
    strange = lay_over(sample(), {"interventions": [{"intervention": "1", "modification": "Shorter sessions"}]})
    new = [item for item in judge(strange).findings if item not in judge(sample()).findings]
    assert [(item.code, item.subject, item.path) for item in new] == [
        ("RQ003", "intervention 1", "interventions.modification")
    ]


@pytest.mark.parametrize(
    ("plan", "day", "told"),
    [
        ({}, "05/10/2026", ["the review date is earlier than the plan date. Correct the one that is wrong."]),
        ({}, "05/11/2026", []),
        ({"version": 2}, "05/10/2026", []),
        ({"version": 2}, "05/03/2026", ["the review date is earlier than the admission date. Correct the one that is"
                                        " wrong."]),
        ({}, "09/28/2026", []),
        ({}, "09/29/2026", ["the review date is later than the discharge date. Correct the one that is wrong."]),
    ],
)  # fmt: skip
def test_a_review_lies_between_plan_and_discharge(plan, day, told):
    tables = lay_over(followed_up(sample()), {"plan": plan, "review": [{"date": day}]})
    tables["progress"] = [{**row, "review_date": ""} for row in tables["progress"]]
    assert [item.text for item in judge(tables).findings if item.code == "RV017"] == told


def test_what_an_earlier_review_was_asked_does_not_hold_a_later_one():
    tables = followed_up(sample("0048", "adolescent"))
    tables["client"]["date_of_birth"] = "09/01/2008"  # eighteen between the two reviews
    later = {name: value for name, value in tables["review"][0].items() if name != "family_view"}
    tables["review"].append({**later, "date": "09/14/2026"})
    tables["progress"] += [{**row, "review_date": "09/14/2026"} for row in tables["progress"]]
    audited = judge(tables, documents=("plan_review",))
    assert [item.path for item in audited.findings if item.code == "RQ003"] == []
    tables["review"][1]["family_view"] = "They see it too"
    audited = judge(tables, documents=("plan_review",))
    told = [[item.subject for item in case.findings if item.code == "RQ003"] for case in audited.cases]
    assert told == [[], ["review 2"]]


def test_each_row_that_answers_what_is_not_asked_is_told_at_once_and_who_asks_for_it():
    rows = [{"intervention": number, "modification": "Shorter sessions"} for number in ("1", "2")]
    found = [item for item in judge(lay_over(sample(), {"interventions": rows})).findings if item.code == "RQ003"]
    assert [item.subject for item in found] == ["intervention 1", "intervention 2"]
    assert all("only IDD asks for it" in item.text and item.asked_of == "clinician" for item in found)


def test_a_section_is_not_told_to_lack_what_could_not_be_read_in_it():
    team = [{"staff": "SP", "contribution": "Leads the group"}]
    one, unread = ({**sample("0044"), "team": [*team, *more]} for more in ([], [{"staff": "ZZ"}]))
    assert [item.code for item in errors(judge(one))] == ["TM001"]
    assert [item.code for item in errors(judge(unread))] == ["WB010"]


@pytest.mark.parametrize(
    ("typed", "own", "told"),
    [
        (("", ""), ("Social work", "social  work"), True),
        (("Nursing", ""), ("", "Nursing"), True),
        (("Nursing", ""), ("", ""), False),
        (("", ""), ("", ""), False),
        (("", ""), ("Social work", "Nursing"), False),
    ],
)
def test_a_team_is_judged_by_the_disciplines_that_are_known(typed, own, told):
    tables = sample("0044")
    ids = ("MK", "SP")
    tables["team"] = [
        {"staff": one, "discipline": word, "contribution": "Visits"} for one, word in zip(ids, typed, strict=True)
    ]
    disciplines = dict(zip(ids, own, strict=True))
    tables["staff"] = [
        {**row, "discipline": disciplines.get(row["staff_id"], row.get("discipline"))} for row in tables["staff"]
    ]
    assert ("TM001" in [item.code for item in judge(tables).findings]) is told


@pytest.mark.parametrize(
    ("name", "pack", "section", "typed"),
    [
        ("0044", "adult", "episode", {"level_of_care": "Partial hospitol"}),
        ("", "trauma", "client", {"trauma": "perhaps"}),
        ("", "idd", "client", {"idd": "probably"}),
    ],
)
def test_nothing_is_judged_by_a_guess_at_what_steers_a_record(name, pack, section, typed):
    tables = lay_over(followed_up(sample(name, pack)), {section: typed})
    tables["plan"].pop("review_days", None)
    audited = judge(tables)
    (path,) = (f"{section}.{field}" for field in typed)
    assert {(item.code, item.path) for item in errors(audited)} == {
        ("WB009" if section == "episode" else "WB008", path)
    }
    own = {name for name, document in everything().documents.items() if not document.of}
    assert {case.wanted.document.name for case in audited.cases} == own
    assert {case.status for case in audited.cases} == {"draft"}
    for case in audited.cases:
        assert case.record.get(path) is None
    if section == "episode":
        assert [audited.cases[0].record.get(f"plan.{one}") for one in ("review_days", "next_review_date")] == [
            None,
            None,
        ]
        assert audited.cases[0].record.get("episode.above_outpatient") is None


def test_what_documents_state_though_nobody_typed_it_is_told_once():
    one, another = sample(), sample("0042")
    told = judge(one).stand_ins
    assert [(item.code, item.path, str(item.place), item.record, item.level) for item in told] == [
        ("RQ004", "objectives.baseline_date", "Objectives", "", "info"),
        ("RQ004", "objectives.reassess_days", "Objectives", "", "info"),
    ]
    assert told[0].text.endswith("documents state the day of the assessment. Where that is not so, type it.")
    without = lay_over(one, {})
    rows = [replace(row, origin=replace(row.origin, columns={path: letter for path, letter in row.origin.columns.items()
            if path != "objectives.baseline_date"})) for row in raw_rows(without, everything())]  # fmt: skip
    found = assemble(rows, everything())
    (record_without,) = found.records
    mend = "Where that is not so, a column is needed: add one headed “Baseline date” on the sheet Objectives, or run:"
    assert mend in auditor().judge(record_without).stand_ins[0].text
    both = [*told, *judge(another).stand_ins]
    assert [item.path for item in merged(both) if item.path == "objectives.baseline_date"] == [told[0].path]
    typed = [{**row, "baseline_date": "05/04/2026", "reassess_days": 14} for row in one["objectives"]]
    assert judge({**one, "objectives": typed}).stand_ins == ()


def test_what_cannot_be_read_of_a_client_holds_the_documents_of_a_clinic_too():
    (found,) = [item for item in judge(lay_over(sample(), {"client": {"trauma": "?!x"}})).findings]
    assert (found.path, found.documents) == ("client.trauma", ())


def test_rules_judge_the_rows_of_a_log_that_the_document_holds():
    tables = sample("0044")
    meeting = {"attendees": "M. Kowalczyk PhD", "discussion": "Sleep", "decisions": "None changed"}
    tables["meetings"] = [{**meeting, "date": "09/20/2026"}]
    assert [item.code for item in errors(judge(tables))] == ["TM002"]
    followed = followed_up(sample())
    followed["scores"] = [{"measure": "PHQ-9", "date": "09/01/2026", "score": "91"}]
    told = {case.wanted.stem: [item.code for item in case.findings] for case in judge(followed).cases}
    assert "SM007" not in told["plan_review-2026-08-10"]
    assert "SM007" in told["discharge_summary"]


def test_each_meeting_above_outpatient_care_bears_a_date():
    meeting = {"attendees": "M. Kowalczyk PhD", "discussion": "Sleep", "decisions": "None changed"}
    (found,) = errors(judge({**sample("0044"), "meetings": [{**meeting, "date": "07/14/2026"}, meeting]}))
    assert (found.code, found.path, found.subject) == ("TM002", "meetings.date", "meeting 2")


def test_what_a_whole_section_lacks_is_asked_of_those_who_answer_it():
    (found,) = [item for item in judge(lay_over(sample("0044"), {"meetings": []})).findings if item.code == "TM002"]
    assert found.asked_of == "clinician"


def test_the_same_fault_in_two_documents_is_one_finding_that_concerns_both():
    one = Finding("SM004", "error", "is blank", Place("Goals", "B2"), documents=("a",))
    (found,) = merged([one, replace(one, documents=("b",))])
    assert found.documents == ("a", "b")
    (found,) = merged([one, replace(one, documents=())])
    assert found.documents == ()


def test_findings_come_in_the_order_in_which_the_sheets_are_filled_in():
    cells = [("Objectives", "AA2"), ("Objectives", "B10"), ("Objectives", "B9"), ("Clients", "C2"), ("Goals", "row 3")]
    found = in_order((Finding("X", "error", "", Place(*cell)) for cell in cells), everything())
    assert [str(item.place) for item in found] == [
        "Clients!C2", "Goals!row 3", "Objectives!AA2", "Objectives!B9", "Objectives!B10",
    ]  # fmt: skip
