"""There is a substance use diagnosis, and no objective follows the use.

Why it matters: a diagnosis on the claim has to be treated, or it is said who treats it; a count of days says more than
    a promise. Diagnoses in remission are left alone.
Example:
    [plan]
    other_diagnoses = ["F10.20 Alcohol dependence"]
    [co_occurring]
    approach = "integrated"
    reason = "Low mood in the evening leads to drinking, and drink deepens it; both are treated in the same hour."
    [[goals]]
    goal = "1"
    diagnosis = "F33.1"
    [[goals]]
    goal = "2"
    diagnosis = "F10.20"
Use instead:
    [[objectives]]
    objective = "2a"
    statement = "Has evenings without alcohol"
    measure = "count"
    baseline = 1
    target = 5
    unit = "evenings a week without a drink"
    counted_by = "Client, phone calendar"
Source: HealthBridge 2026; SAMHSA TIP 42
Level: warning
Documents: treatment_plan
"""

import re

from toolkit import derive, reference
from toolkit.phrases import read

_REMISSION = re.compile(r"F1\d\.[129]1")
_MEASURES = ("AUDIT", "DAST-10", "CRAFFT", "BAM")


def check(plan, goals, objectives):
    typed = (plan.primary_diagnosis, *(plan.get("other_diagnoses") or ()))
    treated = [row.diagnosis for row in goals if row.get("diagnosis")]
    # A diagnosis that no goal treats is told as that; which one a goal treats is blank where there is one alone.
    if not (any(map(_of_use, typed)) and (not treated or any(map(_of_use, treated)))):
        return
    put_off = [row for row in goals if row.get("status") not in ("active", None)]
    said = [text for row in objectives for text in (row.statement, row.get("unit"))]
    said += [row.get(name) for row in put_off for name in ("problem", "statement", "reason_deferred")]
    if any(row.get("measure") in _MEASURES for row in objectives):
        return
    if not any(read(text).has("substance") for text in (*said, plan.get("coordination")) if text):
        yield "objectives", "no objective follows the substance use that is diagnosed. Add one, or say who treats it."


def _of_use(typed):
    """Tell whether a diagnosis is one of substance use that is not in remission."""
    code = derive.diagnosis(typed)[0].upper()
    in_remission = _REMISSION.match(code) or "remission" in typed.casefold()
    return reference.diagnosis_group(code) == "substance" and not in_remission
