"""The planned therapy comes to more hours than the level of care usually has.

Why it matters: twelve hours a week in an outpatient plan mostly mean that the level of care was left blank, or that a
    day program is meant. Services in units of 15 minutes (behavior analysis, peer support) are not counted.
Example:
    [[interventions]]
    intervention = "1"
    times = 12
    intensity_reason = "Nine missed shifts, and each morning starts from nothing."
Use instead:
    [[interventions]]
    intervention = "1"
    times = 2
Source: ASAM levels, public summary; Noridian intensive outpatient program
Level: info
Documents: treatment_plan
"""


def check(interventions, episode, services, levels):
    level = levels.get(episode.level_of_care)
    if level is None or not level.hours_per_week_max:
        return
    therapy = [row for row in interventions if (code := services.get(row.service_code)) and not code.minutes_per_unit]
    if sum(row.minutes * row.per_week for row in therapy) / 60 > level.hours_per_week_max:
        most = f"{level.hours_per_week_max} hours a week"
        fault = f"the services come to more than the {most} of {{episode.level_of_care}}"
        yield "interventions", f"{fault}. Correct the level of care, or minutes and times."
