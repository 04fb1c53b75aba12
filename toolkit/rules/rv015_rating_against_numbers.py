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

from toolkit.rules._reviews import is_against, rated


def check(record, day, measures):
    for row, objective, last in rated(record, day):
        starts = [objective.baseline, *([last.current] if last is not None else [])]
        if is_against(row.rating, starts, row.current, objective, measures):
            yield (row, "rating"), "is not borne out by {current}. Correct the one that is wrong."
