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


def check(objective):
    start, end, better = objective.baseline.number, objective.target.number, objective.direction
    if (better == "lower" and end > start) or (better == "higher" and end < start):
        yield "target", f"is worse than {{baseline}}: here a {better} number is better. Type the score to reach."
