"""The target date is missing, or is not after the plan's date.

Why it matters: half of one payer's reviewed plans had no time frame; a date that has passed is none either.
Example:
    [[objectives]]
    objective = "1a"
    target_date = "04/27/2026"
Use instead:
    [[objectives]]
    objective = "1a"
    target_date = "07/27/2026"
Source: Mozu 2026, section 5; Magellan 2023; Utah R432-152-11
Documents: treatment_plan
"""


def check(objective, plan):
    if objective.target_date <= plan.date:
        yield "target_date", "is not after {plan.date}. Type the date by which the target is to be reached."
