"""The code bears a telehealth modifier, and the plan does not say by what the client is reached.

Why it matters: federal auditors asked for payments back where video, telephone and the place of the client were not
    told apart; the modifier alone does not say it.
Example:
    [[interventions]]
    intervention = "1"
    service_code = "90834-95"
Use instead:
    [[interventions]]
    intervention = "1"
    action = "By video, he at home: clinician plans two small tasks with him for each morning and goes over the log."
Source: HHS OIG 2023, psychotherapy and telehealth; 14 NYCRR 599.10
Level: warning
Documents: treatment_plan
"""

import re

_MODIFIER = re.compile(r"[\s,–-](?:95|93|GT|GQ|FQ|FR)\b", re.I)
_SAID = re.compile(r"\bvideo|\bphone|\btele(?!vision)|\bonline|\bvirtual|\bremote|\baudio|\bzoom|\bscreen\b", re.I)


def check(intervention):
    said = f"{intervention.technique} {intervention.action}"
    if _MODIFIER.search(intervention.service_code) and not _SAID.search(said):
        yield (
            "action",
            "does not say by what the client is reached, as {service_code} asks. Add it, and from where.",
        )
