"""An intervention names a goal, and an objective of another goal.

Why it matters: each link has to lead to one place; where two disagree, nobody can follow it from problem to service.
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
Requires: Goals and objectives of an intervention belong together
"""

from toolkit.rules._links import astray


def check(intervention, objectives):
    links = astray(intervention, objectives)
    if any(links) and not all(links):
        yield "objectives", "names an objective of a goal that is not under {goals}. Correct one of the two."
