"""A measure is repeated too seldom to show progress.

Why it matters: a scale that is made for every four weeks and is given twice a year shows nothing in between, and one
    that comes round after the target date cannot show that the target was reached.
Example:
    [[objectives]]
    objective = "1a"
    measure = "PHQ-9"
    baseline = 19
    target = 9
    reassess_days = 90
Use instead:
    [[objectives]]
    objective = "1a"
    reassess_days = 28
Source: HealthBridge 2026; Joint Commission CTS.03.01.09
Level: warning
Documents: treatment_plan
"""

from datetime import timedelta

_TWICE, _A_YEAR = 2, 365


def check(objective, plan, measures):
    measure, days = measures.get(objective.measure), objective.reassess_days
    usual = measure.reassess_days if measure else None
    if days == usual or (usual and usual >= _A_YEAR):  # nobody typed it, or it is made for once a year
        return
    if usual and days > _TWICE * usual:
        yield "reassess_days", f"is more than twice the {usual} days that this measure is made for. Type fewer days."
    elif plan.date + timedelta(days=days) > objective.target_date:
        yield "reassess_days", "leads beyond {target_date}. Type fewer days, so that it is measured before."
