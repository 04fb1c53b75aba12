"""A baseline is old on the day of the plan.

Why it matters: progress is counted from it; a score of last winter says little about where treatment begins.
Example:
    [[objectives]]
    objective = "1a"
    baseline_date = "01/12/2026"
Use instead:
    [[objectives]]
    objective = "1a"
    baseline_date = "05/04/2026"
Source: Joint Commission CTS.03.01.09; HealthBridge 2026
Level: warning
Documents: treatment_plan
"""


def check(objective, plan, *, baseline_days):
    if (plan.date - objective.baseline_date).days > baseline_days:
        yield "baseline_date", f"is more than {baseline_days} days before {{plan.date}}. Measure again if you can."
