"""A minor has a substance use diagnosis, and nothing says who may learn of the use.

Why it matters: records of substance use care are protected more strictly, for minors too: where a minor may consent
    alone, the program tells parents only with the minor’s written consent.
Example:
    pack = "adolescent"
    [plan]
    other_diagnoses = ["F12.20 Cannabis dependence"]
    coordination = "Release of 10/06/2025 for the pediatrician: iron and thyroid only. Low mood leads to vaping."
    [co_occurring]
    approach = "integrated"
    reason = "She vapes to be able to sit in class, and cannabis brings the panic back; both in the same hour."
    [[goals]]
    goal = "1"
    diagnosis = "F40.10"
    [[goals]]
    goal = "2"
    diagnosis = "F12.20"
    [adolescent]
    confidentiality = "Parents hear of danger. All else stays here, as told to all three together on 10/06/2025."
Use instead:
    [adolescent]
    confidentiality = "Parents hear of danger. Results of drug screens only with her written consent (42 CFR Part 2)."
Source: 42 CFR 2.14
Level: warning
Documents: treatment_plan
"""

import re

from toolkit import derive, reference
from toolkit.phrases import read

_LAW = re.compile(r"\bpart (?:2|two)\b|42 ?cfr|\bscreen|\buse\b", re.I)


def check(adolescent, plan):
    typed = (plan.primary_diagnosis, *(plan.get("other_diagnoses") or ()))
    if not any(reference.diagnosis_group(derive.diagnosis(text)[0]) == "substance" for text in typed):
        return
    if not _LAW.search(adolescent.confidentiality) and not read(adolescent.confidentiality).has("substance"):
        yield "adolescent.confidentiality", "says nothing of substance use. Say who may learn of it, by whose consent."
