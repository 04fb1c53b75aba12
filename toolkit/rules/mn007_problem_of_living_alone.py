"""The primary diagnosis is a problem of living and no disorder.

Why it matters: a code of chapter Z names a circumstance (partner trouble, a lost job), and most payers cover the
    treatment of a disorder. Some pay family or couple work under a Z code; then the plan may stay as it is.
Example:
    [plan]
    primary_diagnosis = "Z63.0 Problems in relationship with spouse or partner"
Use instead:
    [plan]
    primary_diagnosis = "F33.1 Major depressive disorder, recurrent, moderate"
Source: Mozu 2026, section 2
Level: warning
Documents: treatment_plan
"""

from toolkit import derive


def check(plan):
    code, _ = derive.diagnosis(plan.primary_diagnosis)
    if code.upper().startswith("Z"):
        yield "primary_diagnosis", "is a problem of living. Put the disorder that is treated first, and this after it."
