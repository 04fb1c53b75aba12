"""A service code is not usual at the level of care.

Why it matters: a day program's code in an outpatient plan mostly means that the level of care was left blank.
Example:
    [[interventions]]
    intervention = "1"
    service_code = "S9480"
Use instead:
    [[interventions]]
    intervention = "1"
    service_code = "90834"
Source: Mozu 2026, section 6; HealthBridge 2026
Level: warning
Documents: treatment_plan
"""


def check(intervention, episode, services, levels):
    service, level = services.get(intervention.service_code), levels.get(episode.level_of_care)
    if service and level and service.levels_of_care and level.group not in service.levels_of_care:
        yield "service_code", "is not usual at {episode.level_of_care}. Correct whichever is wrong."
