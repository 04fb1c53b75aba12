"""The target is on the wrong side of the baseline.

Why it matters: a reviewer cannot credit progress toward a worse score.
Example:
    [[objectives]]
    objective = "1a"
    measure = "PHQ-9"
    baseline = 12
    target = 16
Use instead:
    [[objectives]]
    objective = "1a"
    target = 6
Source: HealthBridge 2026; Mozu 2026, section 5
Requires: Targets improve on baselines
Documents: treatment_plan, plan_review
"""

from toolkit.phrases import read
from toolkit.rules._texts import only_by_how_much


def check(objective, measures):
    start, end, better = objective.baseline.number, objective.target.number, objective.direction
    if (better == "lower" and end > start) or (better == "higher" and end < start):
        scale = measures.get(objective.measure)
        impossible = scale and not all(scale.minimum <= number <= scale.maximum for number in (start, end))
        if not impossible and not only_by_how_much(read(objective.target.text)):  # both are told by themselves
            yield "target", f"is worse than {{baseline}}: here a {better} number is better. Type the score to reach."
