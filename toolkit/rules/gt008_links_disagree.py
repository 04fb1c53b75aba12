"""An intervention names a goal, and an objective of another goal.

Why it matters: each link has to lead to one place; where two disagree, the thread from problem to service is broken.
Example:
    [[interventions]]
    intervention = "2"
    goals = "1"
    objectives = "1a, 2a"
Use instead:
    [[interventions]]
    intervention = "2"
    goals = "1, 2"
    objectives = "1a, 2a"
Source: HealthBridge 2026
"""


def check(intervention, objectives):
    goals, named = intervention.goals, intervention.objectives
    if "all" in goals or "all" in named:
        return
    owners = {objective.id: objective.get("goal") for objective in objectives}
    outside = [owners.get(name) is not None and owners[name] not in goals for name in named]
    if any(outside) and not all(outside):
        yield "objectives", "names an objective of a goal that is not under {goals}. Correct one of the two."
