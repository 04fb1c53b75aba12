"""There are more active goals than sessions in a month.

Why it matters: six goals and two sessions a month leave some of them untouched, and a reviewer sees a list, not a plan.
Example:
    [[interventions]]
    intervention = "1"
    times = 1
    per = "month"
    goals = "1, 2"
    objectives = "all"
    [[interventions]]
    intervention = "2"
    service_code = "99366"
    times = 1
    per = "month"
    [[interventions]]
    intervention = "3"
    service_code = "99366"
    minutes = 30
Use instead:
    [[interventions]]
    intervention = "1"
    per = "week"
Source: HealthBridge 2026
Level: warning
Documents: treatment_plan
"""

_NO_SESSION = ("add_on", "coordination", "measure", "planning", "team", "testing")
_WEEKS_A_MONTH = 52 / 12


def check(goals, interventions, services):
    active = sum(goal.get("status") in ("active", None) for goal in goals)
    sessions = 0.0
    for row in interventions:
        service = services.get(row.service_code)
        if service is None or service.kind not in _NO_SESSION:
            sessions += float(row.per_week) * _WEEKS_A_MONTH
    if interventions and round(sessions) < active:
        yield "interventions", "the sessions of a month are fewer than the active goals. Plan more, or let a goal wait."
