"""A service code is not in the list of codes.

Why it matters: a mistyped code is denied. The list is not complete: a state’s own code may be right.
Example:
    [[interventions]]
    intervention = "1"
    service_code = "90843"
Use instead:
    [[interventions]]
    intervention = "1"
    service_code = "90834"
Source: Mozu 2026, section 6; Novitas psychotherapy time
Level: warning
"""


def check(intervention, services):
    if services.get(intervention.service_code) is None:
        yield "service_code", "is not in our list of codes. Look for a slip of the pen; a state’s own code may stay."
