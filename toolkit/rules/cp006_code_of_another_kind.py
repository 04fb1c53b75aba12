"""The method is group, family or individual work, and the code is for another of them.

Why it matters: the claim says what was done, and the plan has to say the same; a group billed as individual therapy is
    paid back.
Example:
    [[interventions]]
    intervention = "1"
    technique = "Group therapy for depression: behavioral activation"
Use instead:
    [[interventions]]
    intervention = "1"
    service_code = "90853"
    minutes = 60
Source: Novitas psychotherapy time; Mozu 2026, section 6
Level: warning
Documents: treatment_plan
"""

from toolkit.rules._services import wrong_room


def check(intervention, services):
    if wrong_room(intervention.technique, services.get(intervention.service_code)):
        yield "service_code", "is for another kind of session than {technique} names. Correct one of the two."
