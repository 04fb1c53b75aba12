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
Requires: Each intervention serves an objective
"""

from toolkit.rules._links import astray


def check(intervention, objectives):
    links = astray(intervention, objectives)
    if links and all(links):
        yield "objectives", "names no objective of the goals under {goals}. Correct one of the two."
