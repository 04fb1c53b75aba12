"""This file ensures that what was given is held against the plan: by date, code, minutes, objective and frequency."""

import json
from datetime import date, timedelta
from io import BytesIO

import pytest
from judging import SHELF, TODAY, auditor, followed_up, judge, lay_over, sample
from openpyxl import load_workbook

from toolkit import batch, intake
from toolkit.intake.blank import workbook

LOGGED = ("DL", "GT013", "GT014", "RV016")


def session(day, code="90834", minutes=45, objectives="1a, 1b, 2a, 3a", attended="yes"):
    return {"date": day, "service_code": code, "minutes": minutes, "objectives": objectives, "attended": attended}


def weekly(number, **options):
    return [session((date(2026, 6, 15) + timedelta(days=7 * week)).strftime("%m/%d/%Y"), **options)
            for week in range(number)]  # fmt: skip


def found(sessions=(), events=(), **changes):
    """Return code and place of what the rules on the log find of 0043, a plan of 06/08/2026 reviewed on 07/20/2026."""
    tables = lay_over(sample("0043"), {"sessions": [], "events": [], **changes})
    tables |= {"sessions": list(sessions), "events": list(events)}
    told = [item for item in judge(tables).findings if item.code.startswith(LOGGED)]
    return [(item.code, item.subject, *item.show.values()) for item in told]


def test_without_a_log_nothing_is_said():
    assert found() == []


def test_a_code_outside_the_plan_is_told_once_with_how_many_sessions_bear_it():
    log = [*weekly(5), *weekly(3, code="90837", minutes=60)]
    assert found(log) == [("DL001", "session 6", "90837", "3")]


@pytest.mark.parametrize("code", ["90791", "90839", "H0032"])
def test_what_no_plan_orders_needs_no_order(code):
    assert found([*weekly(5), session("06/16/2026", code, 60)]) == []


def test_what_stands_behind_a_code_does_not_make_it_another_one():
    assert found(weekly(6, code="90834-95")) == []


def test_a_session_that_the_client_missed_was_not_given():
    assert found([*weekly(5), session("06/16/2026", "90837", 10, attended="no")]) == []


def test_minutes_are_held_against_the_code():
    assert found([*weekly(5), session("07/16/2026", minutes=30)]) == [("DL002", "session 6", "30", "90834")]


@pytest.mark.parametrize(
    ("day", "told"),
    [("05/29/2026", True), ("06/03/2026", False), ("06/08/2026", False), ("07/19/2026", False)],
)
def test_a_session_before_admission_is_told_and_one_while_the_plan_was_made_is_not(day, told):
    codes = [code for code, *_ in found([*weekly(5), session(day)])]
    assert codes == (["DL004"] if told else [])


def test_a_session_after_the_plan_s_end_is_told():
    assert [code for code, *_ in found([*weekly(5), session("09/21/2026")], plan={"weeks": 12})] == ["DL004"]


def test_a_session_of_tomorrow_is_told():
    tomorrow = (TODAY + timedelta(days=1)).strftime("%m/%d/%Y")
    assert [code for code, *_ in found([*weekly(5), session(tomorrow)])] == ["DL005"]


def test_far_fewer_sessions_than_ordered_ask_for_a_word_in_the_review():
    silent = {"review": [{"attendance": ""}]}
    assert found(weekly(2), **silent)[0] == ("DL003", "intervention 1", "90834", "06/08/2026", "6", "2", "2")
    assert found(weekly(2)) == []  # its review says who kept what
    assert found(weekly(4), **silent) == []


def test_far_more_sessions_than_ordered_are_told():
    twice_a_week = [*weekly(6), *weekly(6, objectives="1a, 1b")]
    assert found(twice_a_week) == [("DL003", "intervention 1", "90834", "06/08/2026", "6", "12", "12")]


def test_sessions_without_an_objective_are_told_once_from_one_in_five_on():
    assert found([*weekly(4), *weekly(1, objectives="")]) == []
    assert found([*weekly(3), *weekly(2, objectives="")]) == [("GT013", "session 4", "2 of 5")]


def test_an_objective_that_no_session_names_is_told_where_the_log_is_whole():
    assert found(weekly(6, objectives="1a, 1b, 2a")) == [("GT014", "objective 3a", "06/08/2026")]
    assert found(weekly(6, objectives="all")) == []
    assert found(weekly(3, objectives="1a")) == []  # so thin a log cannot tell
    assert [code for code, *_ in found(weekly(6, objectives="1a, 1b, 2a", code=""))] == ["GT014"]
    dropped = {"objectives": [{"objective": "3a", "status": "deferred"}]}
    assert found(weekly(6, objectives="1a, 1b, 2a"), **dropped) == []


def test_the_same_session_twice_is_told_once_with_its_days():
    log = [*weekly(5), *weekly(2)]
    assert found(log) == [("DL011", "session 6", "06/15/2026", "06/15/2026, 06/22/2026")]


@pytest.mark.parametrize(
    "other",
    [
        {"minutes": 50},
        {"objectives": "2a"},
        {"code": "90834-95"},
        {"attended": "no"},
        {"code": ""},
    ],
)
def test_two_sessions_of_one_day_that_differ_are_two(other):
    log = [*weekly(5), session("06/15/2026", **other)]
    assert "DL011" not in [code for code, *_ in found(log)]


def test_what_was_missed_twice_or_bears_no_code_is_not_billed():
    for answers in ({"attended": "no"}, {"code": ""}, {"day": ""}):
        log = [*weekly(5), *(session(**{"day": "06/16/2026", **answers}) for _ in range(2))]
        assert "DL011" not in [code for code, *_ in found(log)]


def test_low_attendance_asks_for_its_reason():
    log = [*weekly(4, attended="no"), *weekly(2)]
    assert found(log) == []
    assert ("RV016", "review 1", "2 of 6") in found(log, review=[{"attendance": ""}])


@pytest.mark.parametrize(
    ("event", "told"),
    [
        ({"date": "07/11/2026", "kind": "relapse"}, []),
        ({"date": "06/20/2026", "kind": "relapse"}, ["DL006"]),
        ({"date": "06/20/2026", "kind": "other"}, []),
        ({"date": "06/05/2026", "kind": "hospital"}, []),
        ({"date": "07/11/2026", "kind": "relapse", "handled_in": "07/21/2026"}, ["DL008"]),
        ({"date": "07/11/2026", "kind": "relapse", "handled_in": "07/20/2026"}, []),
    ],
)
def test_an_event_is_followed_by_its_review(event, told):
    assert [code for code, *_ in found(weekly(5), [event])] == told


def test_a_row_of_the_log_without_a_day_is_told_and_an_unread_day_is_not():
    assert [code for code, *_ in found(weekly(5), [{"kind": "hospital"}])] == ["DL009"]
    assert [code for code, *_ in found([*weekly(5), {**session("07/13/2026"), "date": ""}])] == ["DL009"]
    assert [code for code, *_ in found(weekly(5), [{"date": "in spring", "kind": "other"}])] == []


def test_an_event_without_its_kind_is_told_and_an_unread_kind_is_not():
    assert [code for code, *_ in found(weekly(5), [{"date": "07/11/2026"}])] == ["DL010"]
    assert [code for code, *_ in found(weekly(5), [{"date": "07/11/2026", "kind": "party"}])] == []


@pytest.mark.parametrize(
    ("name", "event", "told"),
    [
        ("0041", {"date": "07/01/2026", "kind": "hospital"}, True),  # no review at all
        ("0043", {"date": "09/01/2026", "kind": "hospital"}, True),  # its last review is of 07/20/2026
        ("0043", {"date": "09/20/2026", "kind": "hospital"}, False),  # the days are not over
        ("0043", {"date": "07/11/2026", "kind": "hospital"}, False),
        ("0043", {"date": "09/01/2026", "kind": "other"}, False),
        ("0041", {"date": "05/05/2026", "kind": "hospital"}, False),  # the plan answers it
    ],
)
def test_an_event_that_waits_is_told_when_clients_are_checked_and_never_while_documents_are_made(name, event, told):
    tables = {**sample(name), "events": [event]}
    assert not [item for item in judge(tables).findings if item.code == "DL007"]
    found = [item for item in judge(tables, phases=("make", "after")).findings if item.code == "DL007"]
    assert [(item.level, item.path) for item in found] == [("warning", "events.date")] * told
    whole = followed_up(tables)
    assert not [item for item in judge(whole, phases=("after",)).findings if item.code == "DL007"]


def test_an_event_said_to_be_dealt_with_in_a_review_that_is_not_there_is_told_once():
    tables = {**sample("0043"), "events": [{"date": "08/01/2026", "kind": "relapse", "handled_in": "08/05/2026"}]}
    told = [item.code for item in judge(tables, phases=("make", "after")).findings]
    assert told.count("DL008") == 1 and "DL007" not in told


def test_the_command_that_checks_tells_what_is_overdue_and_the_one_that_makes_does_not(tmp_path):
    tables = sample("0043")
    staff = {name: tables.pop(name) for name in ("clinic", "staff")}
    tables["events"] = [{"date": "09/01/2026", "kind": "hospital"}]
    records = intake.records({**staff, "records": [tables]}, SHELF.all())
    codes = {"DL007", "RV020"}
    assert {item.code for item in batch.judge(records, SHELF, today=TODAY).findings} >= codes
    made = batch.make(records, SHELF, tmp_path, today=TODAY)
    assert len(made.ready) == 2 and not {item.code for item in made.findings} & codes


@pytest.mark.parametrize(
    ("name", "today", "told"),
    [
        ("0041", date(2026, 8, 16), []),  # due on 08/09/2026; a week later is not yet late
        ("0041", date(2026, 8, 17), [("plan.date", "warning", "08/09/2026")]),
        ("0041", date(2026, 11, 22), [("plan.date", "warning", "08/09/2026")]),
        ("0043", date(2026, 9, 15), []),  # reviewed on 07/20/2026, the next one on 09/08/2026
        ("0043", date(2026, 9, 16), [("review.date", "warning", "09/08/2026")]),
        ("0046", date(2027, 1, 1), []),  # discharged
    ],
)
def test_a_review_that_is_overdue_is_told_as_on_the_day_of_the_check(name, today, told):
    found = judge(sample(name), today=today, phases=("make", "after")).findings
    shown = [(item.path, item.level, item.show["a review was due on"]) for item in found if item.code == "RV020"]
    assert shown == told
    assert not [item for item in judge(sample(name), today=today).findings if item.code == "RV020"]


@pytest.mark.parametrize(
    "changes", [{"discharge": {"last_service_date": "09/01/2026"}}, {"review": [{"kind": "scheduled"}]}]
)
def test_no_review_is_missed_where_it_or_the_discharge_was_begun(changes):
    found = judge(lay_over(sample(), changes), phases=("make", "after")).findings
    assert "RV020" not in {item.code for item in found}


def covered(until, *days, code="90834"):
    changes = {"coverage": {"authorization_end": until}, "sessions": [session(day, code, 45, "1a") for day in days]}
    found = judge(lay_over(sample(), changes)).findings
    return [(item.code, item.path, item.subject, item.show.get("sessions", "")) for item in found
            if item.code in ("DL012", "CP015")]  # fmt: skip


def test_sessions_after_the_end_of_the_authorization_are_told_once():
    days = ("06/29/2026", "06/30/2026", "07/13/2026", "07/20/2026")
    assert covered("06/30/2026", *days) == [("DL012", "sessions.date", "session 3", "2")]
    assert covered("06/30/2026", *days[:2]) == [("CP015", "coverage.authorization_end", "", "")]
    assert covered("06/30/2026", "07/13/2026", code="90791") == [("CP015", "coverage.authorization_end", "", "")]
    assert covered("04/30/2026", *days) == [("CP015", "coverage.authorization_end", "", "")]  # that of an earlier plan
    assert covered("12/31/2026", *days) == covered("", *days) == []


@pytest.mark.parametrize(("code", "says"), [("ABC", "in our list of codes"), ("90853", "among the codes of the plan")])
def test_a_code_that_nobody_knows_is_told_as_such(code, says):
    tables = lay_over(sample(), {"sessions": [session("06/15/2026", code, 45, "1a")]})
    (found,) = [item for item in judge(tables).findings if item.code == "DL001"]
    assert says in found.text


def test_a_log_holds_nothing_and_is_not_printed():
    tables = {**followed_up(sample("0043")), "sessions": [session("05/01/2026", "90837", 5, "")]}
    audited = judge(tables)
    assert {item.code for item in audited.findings} >= {"DL004"}
    assert [case.status for case in audited.cases] == [case.status for case in judge(followed_up(sample("0043"))).cases]


def test_a_fault_in_the_log_never_holds_the_plan():
    tables = {**sample("0043"), "sessions": [session("06/15/2026", objectives="9z")]}
    statuses = {case.wanted.document.name: case.status for case in judge(tables).cases}
    assert statuses == {"treatment_plan": "ready", "plan_review": "draft"}


@pytest.mark.parametrize(
    ("row", "told"),
    [
        (["0043", "soonish", "90834"], "WB008"),
        ([None, date(2026, 6, 22), "90834"], "WB013"),
        (["0O43", date(2026, 6, 22), "90834"], "WB012"),
        ([43, date(2026, 6, 22), "90834"], "WB012"),
    ],
)
def test_a_row_of_the_log_that_cannot_be_read_or_is_nobodys_never_holds_the_plan(tmp_path, row, told):
    definitions = SHELF.all()
    tables = {**sample("0043"), "sessions": weekly(1)}
    own = {name: rows for name, rows in tables.items() if name not in ("clinic", "staff")}
    given = {"clinic": tables["clinic"], "staff": tables["staff"], "records": [own]}
    filled = workbook(
        definitions, documents=tuple(definitions.dated), level="", full=True, records=intake.records(given, definitions)
    )
    book = load_workbook(BytesIO(filled))
    book["Sessions"].append(row)
    book.save(tmp_path / "clients.xlsx")
    (record,) = intake.read(tmp_path / "clients.xlsx", definitions)
    audited = auditor().judge(record)
    assert [item.code for item in audited.findings if item.place.sheet == "Sessions"] == [told]
    statuses = {case.wanted.document.name: case.status for case in audited.cases}
    assert statuses == {"treatment_plan": "ready", "plan_review": "draft"}


def test_the_log_comes_by_workbook_csv_and_json_alike(tmp_path):
    log, events = weekly(3, code="90837", minutes=60), [{"date": "06/20/2026", "kind": "relapse"}]
    tables = {**sample("0043"), "sessions": log, "events": events}
    definitions = SHELF.all()
    (record,) = intake.records({"clinic": tables["clinic"], "staff": tables["staff"], "records": [
        {name: rows for name, rows in tables.items() if name not in ("clinic", "staff")}]}, definitions)  # fmt: skip
    book = workbook(definitions, documents=tuple(definitions.dated), level="", full=True, records=[record])
    (tmp_path / "clients.xlsx").write_bytes(book)
    (tmp_path / "clients.json").write_text(json.dumps({"records": [{"client": {"id": "7"}, "sessions": log}]}))
    (tmp_path / "csv").mkdir()
    (tmp_path / "csv" / "Clients.csv").write_text("Client id\n7\n")
    head = "Client id,Session date,Service code,Minutes,Objectives worked on,Attended\n"
    lines = [f'7,{row["date"]},90837,60,"{row["objectives"]}",yes\n' for row in log]
    (tmp_path / "csv" / "Sessions.csv").write_text(head + "".join(lines))
    read = [next(iter(intake.read(tmp_path / name, definitions))) for name in ("clients.xlsx", "clients.json", "csv")]
    dates = [[row.date for row in one.all("sessions")] for one in (record, *read)]
    assert dates == [dates[0]] * 4 and len(dates[0]) == 3
    assert [row.kind for row in read[0].all("events")] == ["relapse"]
