"""A goal treats a diagnosis that is not on the plan.

Why it matters: goal, plan and claim name the same diagnoses, or a reviewer finds a goal that treats nothing.
Example:
    sample = "0043"
    [[goals]]
    goal = "1"
    diagnosis = "F99.9 xyz"
Use instead:
    [[goals]]
    goal = "1"
    diagnosis = "F10.20"
Source: HealthBridge 2026; Mozu 2026, section 4
Requires: Goals treat diagnoses on the plan
Documents: treatment_plan
"""

import re

from toolkit.derive import diagnosis, diagnosis_meant


def check(goal, plan):
    there = [plan.primary_diagnosis, *(plan.get("other_diagnoses") or ())]
    if not all(diagnosis(text)[0] for text in there):  # the one that is no code may be meant, and is told
        return
    if not all(diagnosis_meant(one, there) for one in re.split(r"[;\n]", goal.diagnosis) if one.strip()):
        shown = {"there are": ", ".join(text.split()[0] for text in there)}
        yield "diagnosis", "is not one of the plan’s. Type the code as it stands on the sheet Plan.", shown
