"""A loss of function has no example that could be seen.

Why it matters: “affects daily life” fits everybody; what was given up, missed or lost is what shows the need.
Example:
    [assessment]
    impairments = ["Symptoms affect daily functioning", "Missed 9 of 40 shifts", "Returns no calls"]
Use instead:
    [assessment]
    impairments = ["Stopped cooking; eats cereal for dinner", "Missed 9 of 40 shifts", "Returns no calls"]
Source: HealthBridge 2026; LCD L34196
Level: warning
Documents: treatment_plan
"""

from toolkit.phrases import read
from toolkit.rules._texts import no_example


def check(assessment):
    for line in assessment.impairments:
        if no_example(read(line)):
            yield "impairments", "names nothing that could be seen. Say what is missed, lost or no longer done."
            return
