"""All objectives have the same target date.

Why it matters: some steps take weeks and others months; one date for all reads as if it had been filled in by habit.
    Programs that end on a day for everybody are left alone.
Example:
    [[objectives]]
    objective = "1a"
    target_date = "08/31/2026"
    [[objectives]]
    objective = "1b"
    target_date = "08/31/2026"
    [[objectives]]
    objective = "2a"
    target_date = "08/31/2026"
Use instead:
    [[objectives]]
    objective = "1b"
    target_date = "07/06/2026"
Source: HealthBridge 2026; Palmetto GBA
Level: info
Documents: treatment_plan
"""

_SEVERAL = 3


def check(objectives, episode, levels):
    level = levels.get(episode.level_of_care)
    active = [row for row in objectives if row.get("status") in ("active", None)]
    if len(active) < _SEVERAL or (level and level.above_outpatient):
        return
    if len({row.target_date for row in active}) == 1:
        yield "objectives", "all objectives have the same target date. Give each the day by which it can be reached."
