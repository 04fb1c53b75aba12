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
Documents: treatment_plan, plan_review
"""


def check(record, risk, measures, document, day):
    if document.name == "treatment_plan":
        rows, score, asked, level, date = record.all("objectives"), "baseline", risk, "risk.level", "risk.date"
    else:
        asked = next((row for row in record.all("review") if row.date == day), risk)
        rows = [row for row in record.all("progress") if row.review_date in (day, None)]
        score, level, date = "current", "review.risk_level", "review.risk_date"
    if asked.get(level.split(".")[1]) not in ("none", None) and asked.get(date.split(".")[1]) is not None:
        return
    for row in rows:
        measure, number = measures.get(row.measure), row.get(score)
        if measure and measure.critical_from is not None and number and number.number >= measure.critical_from:
            fault = "is so high that the item on suicide or self-harm was not zero"
            yield (row, score), f"{fault}. Look at {{{level}}}, and type {{{date}}}."
