"""An active objective was not touched since the last review.

Why it matters: an objective that nobody works on is dropped, met or forgotten, and the review should say which. Silent
    where the log is too thin to tell, and of objectives whose baseline was taken in the last two weeks.
Example:
    sample = "0043"
    [[sessions]]
    date = "06/15/2026"
    service_code = "90834"
    minutes = 45
    objectives = "1a, 1b, 2a"
    [[sessions]]
    date = "06/17/2026"
    service_code = "90832"
    minutes = 30
    objectives = "1a, 1b, 2a"
    [[sessions]]
    date = "06/22/2026"
    service_code = "90834"
    minutes = 45
    objectives = "1a, 1b, 2a"
    [[sessions]]
    date = "06/29/2026"
    service_code = "90834"
    minutes = 45
    objectives = "1a, 1b, 2a"
    [[sessions]]
    date = "07/06/2026"
    service_code = "90834"
    minutes = 45
    objectives = "1a, 1b, 2a"
    [[sessions]]
    date = "07/13/2026"
    service_code = "90834"
    minutes = 45
    objectives = "1a, 1b, 2a"
Use instead:
    [[sessions]]
    date = "06/15/2026"
    objectives = "1a, 1b, 2a, 3a"
Source: HealthBridge 2026; Colorado chart audit
Level: warning
Documents: plan_review
"""

from toolkit.rules import _sessions as log

_TEXT = "no session since {plan.date} or the review before names it. Work on it, or say in the review why it rests."


def check(one_review, record, sessions, objectives, interventions, plan, services):
    if not sessions:
        return
    since, until = log.begun(one_review, record.all("review"), plan), one_review.date
    rows = [row for row in log.dated(sessions, since, until) if log.is_planned(row.get("service_code"), services)]
    named = [row.get("objectives") for row in rows]
    thin = len(rows) * 2 < sum(log.ordered(interventions, services, plan, since, until).values())
    touched = {one for several in named for one in several or ()}
    if not rows or thin or named.count(None) * 5 > len(rows) or "all" in touched:
        return
    for objective in objectives:
        active, measured = objective.get("status") in ("active", None), objective.get("baseline_date")
        if active and objective.id not in touched and not (measured and (until - measured).days < 14):
            yield objective, _TEXT
