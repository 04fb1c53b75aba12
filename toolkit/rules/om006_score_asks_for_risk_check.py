"""A score that includes thoughts of suicide or self-harm stands without a risk check.

Why it matters: single answers are never typed, but a total can be so high that the item on suicide or self-harm cannot
    have been zero (25 of 27 on the PHQ-9). Then the day on which risk was asked, and more than “none”, are looked for.
Example:
    [[objectives]]
    objective = "1a"
    measure = "PHQ-9"
    baseline = 26
    target = 9
    [risk]
    level = "none"
Use instead:
    [risk]
    level = "low"
    date = "05/04/2026"
Source: for example the Colorado Medicaid chart audit
Level: warning
Documents: treatment_plan
"""


def check(objective, risk, measures):
    measure = measures.get(objective.measure)
    if measure is None or measure.critical_from is None or objective.baseline.number < measure.critical_from:
        return
    if risk.level == "none" or risk.get("date") is None:
        fault = "is so high that the item on suicide or self-harm was not zero"
        yield "baseline", f"{fault}. Look at {{risk.level}}, and type {{risk.date}}."
