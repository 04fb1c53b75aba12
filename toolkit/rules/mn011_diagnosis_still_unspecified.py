"""A diagnosis is still unspecified after three months.

Why it matters: “unspecified” is a first impression; by the first reviews there is enough to say which disorder it is,
    or why that cannot be told yet. After how many days is our own number. Codes that the DSM uses for the disorder
    itself (F20.9 schizophrenia) and those of intellectual disability and substance use are left alone.
Example:
    [plan]
    primary_diagnosis = "F32.9 Major depressive disorder, single episode, unspecified"
    [[review]]
    date = "08/10/2026"
Use instead:
    [plan]
    primary_diagnosis = "F32.1 Major depressive disorder, single episode, moderate"
Source: Mozu 2026, section 2; Centene record policy
Level: info
Documents: plan_review
"""

from toolkit import derive, reference

_DAYS = 90
_WHOLE = {"F09", "F29", "F32.A", "F39", "F99"}
_NO_FINER = {"F20.9"}


def check(plan, episode, day):
    if (day - episode.admission_date).days <= _DAYS:
        return
    for name in ("primary_diagnosis", "other_diagnoses"):
        typed = plan.get(name) or ()
        if any(map(_unspecified, [typed] if isinstance(typed, str) else typed)):
            fault = f"is unspecified more than {_DAYS} days after {{episode.admission_date}}"
            yield f"plan.{name}", f"{fault}. Name the disorder more exactly if you can."


def _unspecified(typed):
    code = derive.diagnosis(typed)[0].upper()
    if reference.diagnosis_group(code) != "mental_health" or code in _NO_FINER:
        return False
    return code in _WHOLE or (len(code) == len("F32.9") and code.endswith(".9"))
