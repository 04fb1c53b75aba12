"""One goal has many objectives.

Why it matters: each of them has to be measured and reviewed; few that are followed say more.
Example:
    [[objectives]]
    objective = "1c"
    goal = "1"
    statement = "Cooks supper"
    measure = "count"
    baseline = 0
    target = 2
    unit = "suppers a week"
    counted_by = "Client"
    target_date = "08/31/2026"
    [[objectives]]
    objective = "1d"
    goal = "1"
    statement = "Drives the girls to practice"
    measure = "count"
    baseline = 0
    target = 2
    unit = "drives a week"
    counted_by = "Client"
    target_date = "08/31/2026"
    [[objectives]]
    objective = "1e"
    goal = "1"
    statement = "Sits through the evening meal"
    measure = "count"
    baseline = 0
    target = 5
    unit = "meals a week"
    counted_by = "Client"
    target_date = "08/31/2026"
    [[interventions]]
    intervention = "1"
    objectives = "all"
Use instead:
    [[objectives]]
    objective = "1e"
    status = "deferred"
Source: HealthBridge 2026
Level: info
Documents: treatment_plan
"""


def check(goal, objectives, *, max_objectives):
    own = [row for row in objectives if row.get("goal") == goal.id and row.get("status") in ("active", None)]
    if len(own) > max_objectives:
        yield goal, f"it has more than {max_objectives} active objectives. Keep those that show most."
