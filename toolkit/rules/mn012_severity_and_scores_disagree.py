"""The plan speaks of severe illness, and every score is in the best band.

Why it matters: a day program or a “severe” diagnosis beside a PHQ-9 of 3 makes a reviewer doubt one of the two. High
    risk can justify such care whatever the scores; counted objectives may show what no scale does.
Example:
    [plan]
    primary_diagnosis = "F33.2 Major depressive disorder, recurrent, severe without psychotic features"
    [[objectives]]
    objective = "1a"
    statement = "Keeps his PHQ-9 under 5"
    measure = "PHQ-9"
    baseline = 4
    target = 2
    [[objectives]]
    objective = "1b"
    status = "deferred"
    [[objectives]]
    objective = "2a"
    statement = "Keeps his GAD-7 under 5"
    measure = "GAD-7"
    baseline = 4
    target = 2
Use instead:
    [plan]
    primary_diagnosis = "F33.1 Major depressive disorder, recurrent, moderate"
Source: LCD L34196; Optum level of care guidelines
Level: warning
Documents: treatment_plan
"""

from toolkit import derive, reference

_SEVERE = ("PHP", "RES", "IP")


def check(plan, episode, risk, objectives, measures, levels):
    level, said = levels.get(episode.level_of_care), plan.primary_diagnosis.casefold()
    group = reference.diagnosis_group(derive.diagnosis(said)[0])
    named = "severe" in said and "remission" not in said and group != "developmental"
    if risk.level == "high" or not (named or (level and level.group in _SEVERE)):
        return
    active = [row for row in objectives if row.get("status") in ("active", None)]
    if active and all(_in_best_band(measures.get(row.measure), row.baseline) for row in active):
        where = "primary_diagnosis" if named else "episode.level_of_care"
        yield where, "speaks of severe illness, and every baseline is in the best band. Correct whichever is wrong."


def _in_best_band(measure, score):
    if measure is None or not measure.bands or not measure.direction:
        return False
    best = measure.bands[0 if measure.direction == "lower" else -1]
    return measure.band(score.number) == best.label
