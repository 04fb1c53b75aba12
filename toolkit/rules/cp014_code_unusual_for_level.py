"""A program's service code is not of the level of care.

Why it matters: a day program's code in an outpatient plan mostly means that the level of care was left blank. A service
    that is also given in outpatient care (rehabilitation, skills training, teaching on medicines) is told at no level:
    states and programs bill it beside their own.
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

_ANYWHERE = "OP"


def check(intervention, episode, services, levels):
    service, level = services.get(intervention.service_code), levels.get(episode.level_of_care)
    usual = service.levels_of_care if service else ()
    if level and usual and level.group not in usual and _ANYWHERE not in usual:
        yield "service_code", "is not usual at {episode.level_of_care}. Correct whichever is wrong."
