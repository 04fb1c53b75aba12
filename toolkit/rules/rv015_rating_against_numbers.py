"""A rating says something else than the numbers beside it.

Why it matters: “improved” beside a score that got worse makes a reader doubt both. A rating may look back to the plan
    or to the last review; told is only what neither bears out.
Example:
    [[progress]]
    objective = "1a"
    current = 23
    rating = "improved"
Use instead:
    [[progress]]
    current = 12
Source: Joint Commission CTS.03.01.09
Level: warning
Documents: plan_review
"""

from toolkit.rules._reviews import gain, rated


def check(record, day, measures):
    for row, objective, last in rated(record, day):
        starts = [objective.baseline, *([last.current] if last is not None else [])]
        gains = [found for start in starts if (found := gain(start, row.current, objective)) is not None]
        if gains and _against(row, objective, gains, measures):
            yield (row, "rating"), "is not borne out by {current}. Correct the one that is wrong."


def _against(row, objective, gains, measures):
    if row.rating == "improved":
        return max(gains) < 0
    if row.rating == "worse":
        return min(gains) > 0
    if row.rating == "met":
        return _is_short_of_target(row.current, objective)
    measure = measures.get(objective.measure)
    sure = measure.reliable_change if measure else None
    return row.rating == "same" and sure is not None and min(abs(found) for found in gains) >= sure


def _is_short_of_target(current, objective):
    target = objective.target
    if target is None:
        return False
    return (
        current.number > (target.upper or target.number)
        if objective.direction == "lower"
        else (current.number < target.number)
    )
