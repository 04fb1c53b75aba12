"""There is no goal, or a goal has no objective.

Why it matters: a plan leads from problem to goal to objective; nobody can show that a goal without one is met.
Example:
    [[goals]]
    goal = "9"
    problem = "Back pain keeps him from lifting"
    statement = "Lift without fear"
Use instead:
    [[goals]]
    goal = "9"
    status = "deferred"
    reason_deferred = "Waits for the orthopedic visit on 09/02/2026"
Source: HealthBridge 2026; 37 TAC 353.308
Requires: Each goal has an objective
"""


def check(goal, objectives):
    # An objective that names no goal may be this one's; the blank is reported where it stands.
    owners = {objective.get("goal") for objective in objectives}
    if goal.get("status") in ("active", None) and not owners & {goal.id, None}:
        yield goal, "no objective belongs to it. Add one on the sheet Objectives, with this goal’s number."
