"""A diagnosis code is a heading, and not one that a claim may bear.

Why it matters: a code is valid with all of its characters alone; a claim with a heading (F33, F42) is sent back. In a
    plan of before the codes that we know nothing is said, for a heading of today may have been a code. In what a plan
    may bear no heading has become a code again since October 2023.
Example:
    [plan]
    primary_diagnosis = "F33 Major depressive disorder, recurrent"
Use instead:
    [plan]
    primary_diagnosis = "F33.1 Major depressive disorder, recurrent, moderate"
Source: 45 CFR 162.1002; ICD-10-CM Official Guidelines, section I.B.2
Requires: Diagnosis codes are whole, as a claim needs them
Looks at: plan.primary_diagnosis, plan.other_diagnoses
Documents: treatment_plan, plan_review, discharge_summary
"""

from toolkit import reference
from toolkit.rules._diagnoses import coded

_SHOWN = 6


def check(plan, day):
    if day < reference.icd10cm_set().since:
        return
    headings = {}
    for name, code in coded(plan):
        known = reference.icd10cm(code)
        if known and not known.billable:
            headings.setdefault(name, {}).update(_listed(known))
    for name, shown in headings.items():
        yield name, "names a heading, which no claim takes. Type one of the codes beneath it.", shown


def _listed(heading):
    """Return the first of the codes beneath ``heading`` with their titles, and how many more there are."""
    first, more = heading.beneath[:_SHOWN], len(heading.beneath) - _SHOWN
    shown = {one.code: one.title or one.code for one in first}
    return {**shown, f"beneath {heading.code}": f"{more} more"} if more > 0 else shown
