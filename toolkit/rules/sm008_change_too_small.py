"""The change aimed at is smaller than the measure can tell apart.

Why it matters: a few points up or down are chance; reaching such a target shows nothing.
Example:
    [[objectives]]
    objective = "1a"
    measure = "PHQ-9"
    baseline = 19
    target = 17
Use instead:
    [[objectives]]
    objective = "1a"
    target = 9
Source: HealthBridge 2026; Joint Commission CTS.03.01.09
Level: warning
Documents: treatment_plan
"""


def check(objective, measures):
    measure = measures.get(objective.measure)
    if measure is None or measure.reliable_change is None:
        return
    change = objective.target.number - objective.baseline.number
    change = -change if measure.direction == "lower" else change
    best = measure.bands[0 if measure.direction == "lower" else -1].label if measure.bands else ""
    if 0 < change < measure.reliable_change and measure.band(objective.target.number) != best:
        points = f"{measure.reliable_change} points"
        yield "target", f"is too near {{baseline}}: with this measure less than {points} may be chance. Aim further."
