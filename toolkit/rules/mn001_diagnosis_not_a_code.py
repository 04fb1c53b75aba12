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

import re

_SHAPE = re.compile(r"[A-TV-Z]\d[0-9AB](\.[0-9A-Z]{1,4})?\b")


def check(plan):
    for name in ("primary_diagnosis", "other_diagnoses"):
        typed = plan.get(name) or ()
        if not all(_SHAPE.match(text) for text in ([typed] if isinstance(typed, str) else typed)):
            yield name, "must begin with an ICD-10-CM code. Type code and description, like F41.0 Panic disorder."
