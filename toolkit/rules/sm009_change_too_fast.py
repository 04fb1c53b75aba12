"""A fall from the worst band to the best is planned within four weeks.

Why it matters: few get well so fast; a reviewer doubts the score or the date, and the next review finds it missed.
Example:
    [[objectives]]
    objective = "1a"
    measure = "PHQ-9"
    baseline = 24
    target = 3
    target_date = "05/25/2026"
Use instead:
    [[objectives]]
    objective = "1a"
    target = 14
Source: Mozu 2026, section 5
Level: info
Documents: treatment_plan
"""

_DAYS = 28


def check(objective, plan, measures):
    measure = measures.get(objective.measure)
    if not measure or len(measure.bands) < 3 or not measure.direction:
        return
    worst, best = (measure.bands[-1], measure.bands[0])[:: 1 if measure.direction == "lower" else -1]
    start, end = (measure.band(score.number) for score in (objective.baseline, objective.target))
    if (start, end) == (worst.label, best.label) and (objective.target_date - plan.date).days < _DAYS:
        yield "target_date", f"leaves less than {_DAYS} days from the worst band to the best. Plan a step between."
