"""An add-on code stands without the code that it adds to.

Why it matters: an add-on is paid only beside its base service.
Example:
    [[interventions]]
    intervention = "1"
    service_code = "90785"
    [[interventions]]
    intervention = "2"
    service_code = "90847"
    minutes = 50
Use instead:
    [[interventions]]
    intervention = "2"
    service_code = "90834"
    minutes = 45
Source: Novitas psychotherapy time; Texas Medical Association
Requires: Add-on codes stand with the code they add to
"""


def check(intervention, interventions, services):
    service = services.get(intervention.service_code)
    if service and service.add_on_to:
        others = {other.code for row in interventions if (other := services.get(row.get("service_code")))}
        if not others & set(service.add_on_to):
            yield "service_code", "is an add-on, and the plan has no service that it adds to. Add that service."
