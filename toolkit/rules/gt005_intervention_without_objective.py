"""An intervention serves no objective.

Why it matters: a service that no objective calls for is one that a payer need not pay for.
Example:
    [[interventions]]
    intervention = "3"
    goals = "1"
    objectives = "2a"
Use instead:
    [[interventions]]
    intervention = "3"
    goals = "2"
    objectives = "2a"
Source: HealthBridge 2026
"""


def check(intervention, objectives):
    goals, named = intervention.goals, intervention.objectives
    if "all" in goals or "all" in named:
        return
    owners = {objective.id: objective.get("goal") for objective in objectives}
    if all(owners.get(name) is not None and owners[name] not in goals for name in named):
        yield "objectives", "names no objective of the goals under {goals}. Correct one of the two."
