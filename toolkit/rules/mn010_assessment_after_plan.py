"""The assessment is missing, or was made after the plan.

Why it matters: a plan rests on a diagnostic assessment; one that is dated later cannot have led to it.
Example:
    [assessment]
    date = "05/19/2026"
    [plan]
    date = "05/11/2026"
Use instead:
    [assessment]
    date = "05/04/2026"
Source: OAC 5122-27-03; 14 NYCRR 599.10
Documents: treatment_plan
"""


def check(assessment, plan):
    if assessment.date > plan.date:
        yield "date", "is later than {plan.date}. The assessment comes first: correct the date that is wrong."
