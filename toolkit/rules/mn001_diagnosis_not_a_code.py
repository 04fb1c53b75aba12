"""A diagnosis is missing, or does not begin with an ICD-10-CM code.

Why it matters: claim and plan must name the same diagnosis, and they are matched by the code.
Example:
    [plan]
    primary_diagnosis = "depression"
Use instead:
    [plan]
    primary_diagnosis = "F33.1 Major depressive disorder, recurrent, moderate"
Source: Mozu 2026, section 2; 14 NYCRR 599.10; Centene record policy
Documents: treatment_plan, plan_review, discharge_summary
"""

from toolkit.rules._diagnoses import CODE, typed


def check(plan):
    for name in {name: None for name, text in typed(plan) if text and not CODE.match(text)}:
        yield name, "must begin with an ICD-10-CM code. Type code and description, like F41.0 Panic disorder."
