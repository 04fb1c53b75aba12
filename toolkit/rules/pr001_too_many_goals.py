"""More goals are active than a reviewer believes can be worked on.

Why it matters: a long list hides what matters most. How many are too many is our own number; the payer's may differ.
Example:
    [[goals]]
    goal = "6"
    addresses = "I1"
    problem = "Sleeps badly"
    statement = "Sleep through"
    [[goals]]
    goal = "7"
    addresses = "I1"
    problem = "Quarrels with his brother"
    statement = "Talk with him"
    [[goals]]
    goal = "8"
    addresses = "I1"
    problem = "Debts"
    statement = "Pay them off"
    [[objectives]]
    objective = "6a"
    goal = "6"
    statement = "Nights with six hours of sleep"
    measure = "count"
    baseline = 1
    target = 5
    unit = "nights a week"
    counted_by = "Client"
    target_date = "08/31/2026"
    [[objectives]]
    objective = "7a"
    goal = "7"
    statement = "Calls his brother on Sundays"
    measure = "count"
    baseline = 0
    target = 2
    unit = "calls a month"
    counted_by = "Client"
    target_date = "08/31/2026"
    [[objectives]]
    objective = "8a"
    goal = "8"
    statement = "Keeps to the household budget"
    measure = "count"
    baseline = 0
    target = 3
    unit = "weeks a month"
    counted_by = "Client"
    target_date = "08/31/2026"
    [[interventions]]
    intervention = "1"
    objectives = "all"
Use instead:
    [[goals]]
    goal = "8"
    status = "deferred"
    reason_deferred = "Waits until he is back at work"
Source: HealthBridge 2026
Level: warning
Documents: treatment_plan
"""


def check(goals, *, max_goals):
    if sum(goal.get("status") in ("active", None) for goal in goals) > max_goals:
        yield "goals", f"more than {max_goals} goals are active. Keep those that matter now, and let the others wait."
