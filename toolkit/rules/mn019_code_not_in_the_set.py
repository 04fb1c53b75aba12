"""A diagnosis code is not in ICD-10-CM.

Why it matters: a mistyped code, one that was retired, or one of another country’s ICD-10 is refused with the claim. Our
    list is that of one fiscal year: a code that is newer may be right, so this is no error.
Example:
    [plan]
    primary_diagnosis = "F33.6 Major depressive disorder, recurrent, moderate"
Use instead:
    [plan]
    primary_diagnosis = "F33.1 Major depressive disorder, recurrent, moderate"
Source: 45 CFR 162.1002
Level: warning
Documents: treatment_plan, plan_review, discharge_summary
"""

from toolkit import reference
from toolkit.rules._diagnoses import coded


def check(plan, day):
    known = reference.icd10cm_set()
    if day < known.since:
        return
    for name in {name: None for name, code in coded(plan) if reference.icd10cm(code) is None}:
        told = f"has a code that is not in ICD-10-CM of {known.year}"
        yield name, f"{told}. Look for a slip of the pen; one that is newer may stay."
