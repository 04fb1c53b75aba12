"""The assessment is old on the day of the plan.

Why it matters: reviewers ask for a recent assessment, often of the last 12 months; older symptoms may be gone.
Example:
    [assessment]
    date = "03/02/2025"
    [[objectives]]
    objective = "1b"
    baseline_date = "05/04/2026"
    [[objectives]]
    objective = "2a"
    baseline_date = "05/04/2026"
Use instead:
    [assessment]
    date = "05/04/2026"
Source: OAC 5122-27-03
Level: warning
Documents: treatment_plan
"""


def check(assessment, plan, *, assessment_days):
    if (plan.date - assessment.date).days > assessment_days:
        yield "date", f"is more than {assessment_days} days before {{plan.date}}. Name a newer one if there is."
