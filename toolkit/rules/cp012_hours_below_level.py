"""The planned services come to fewer hours than the level of care asks for.

Why it matters: intensive outpatient care is paid from 9 hours a week, partial hospitalization from 20; a plan that
    orders less does not support the level.
Example:
    sample = "0044"
    [[interventions]]
    intervention = "1"
    times = 3
Use instead:
    [[interventions]]
    intervention = "1"
    times = 9
Source: 42 CFR 424.24; Noridian intensive outpatient program; ASAM levels, public summary
Requires: Planned hours reach those of the level of care
Documents: treatment_plan
"""


def check(interventions, episode, levels):
    level = levels.get(episode.level_of_care)
    if not interventions or level is None or not level.above_outpatient or not level.hours_per_week_min:
        return
    planned = sum(row.minutes * row.per_week for row in interventions) / 60
    if planned < level.hours_per_week_min:
        fault = (
            f"the services come to less than the {level.hours_per_week_min} hours a week of {{episode.level_of_care}}"
        )
        yield "interventions", f"{fault}. Add services, or correct minutes and times."
