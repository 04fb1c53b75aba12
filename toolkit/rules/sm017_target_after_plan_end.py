"""The target date is later than the end of the plan.

Why it matters: what is to be reached after the plan has ended cannot be shown by it.
Example:
    [[objectives]]
    objective = "1a"
    target_date = "02/15/2027"
Use instead:
    [[objectives]]
    objective = "1a"
    target_date = "09/14/2026"
Source: Mozu 2026, section 5; HealthBridge 2026
Level: warning
Documents: treatment_plan
"""

from datetime import timedelta


def check(objective, plan, *, target_days):
    if plan.get("end_date"):
        if objective.target_date > plan.end_date:
            yield "target_date", "is later than {plan.end_date}. Choose an earlier date, or give the plan more weeks."
    elif objective.target_date > plan.date + timedelta(days=target_days):
        yield "target_date", f"is more than {target_days} days after {{plan.date}}. Choose an earlier one."
