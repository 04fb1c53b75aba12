"""Two goals have the same priority.

Why it matters: there are more needs than can be treated at once; a reader wants to see which one comes first.
Example:
    [[goals]]
    goal = "1"
    priority = 1
    [[goals]]
    goal = "2"
    priority = 1
Use instead:
    [[goals]]
    goal = "2"
    priority = 2
Source: HealthBridge 2026; Utah R432-152-11
Level: warning
Documents: treatment_plan
"""


def check(goals):
    seen = set()
    for goal in goals:
        priority = goal.get("priority") if goal.get("status") in ("active", None) else None
        if priority is not None and priority in seen:
            yield (goal, "priority"), "is that of another goal, too. Number the goals in their order, 1 first."
        seen.add(priority)
