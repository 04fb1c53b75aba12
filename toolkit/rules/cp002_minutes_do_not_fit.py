"""The minutes do not fit the service code.

Why it matters: psychotherapy codes are chosen by time; 45 minutes under the code for 60 is what audits take back first.
Example:
    [[interventions]]
    intervention = "1"
    service_code = "90834"
    minutes = 60
Use instead:
    [[interventions]]
    intervention = "1"
    minutes = 45
Source: Novitas psychotherapy time; HHS OIG A-09-18-03004; Mozu 2026, section 6
Requires: Minutes fit the service code
"""


def check(intervention, services):
    service = services.get(intervention.service_code)
    if span := service and service.minutes_said(intervention.minutes):
        yield "minutes", f"does not fit {{service_code}}, which takes {span}. Correct the minutes or the code."
