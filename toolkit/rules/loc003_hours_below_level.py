"""The weekly hours are missing, or is fewer than the level of care asks for.

Why it matters: the hours are what tells one level of care from the next.
Example:
    sample = "0044"
    [level_of_care]
    hours_per_week = 6
Use instead:
    [level_of_care]
    hours_per_week = 10.75
Source: Noridian intensive outpatient program; 42 CFR 424.24
Documents: treatment_plan
"""


def check(level_of_care, episode, levels):
    level = levels.get(episode.level_of_care)
    if level and level.hours_per_week_min and level_of_care.hours_per_week < level.hours_per_week_min:
        least = level.hours_per_week_min
        yield (
            "hours_per_week",
            f"is fewer than {{episode.level_of_care}} asks for, which is {least}. Correct one of them.",
        )
