"""Every objective of a goal is met, and treatment goes on as before.

Why it matters: what is reached needs no more treatment. A reviewer looks for what follows: a new objective, fewer
    visits, a plan against relapse, or the day of discharge.
Example:
    [[progress]]
    [[progress]]
    [[progress]]
    objective = "2a"
    current = 3
    rating = "met"
    decision = "Continue therapy"
Use instead:
    [[progress]]
    [[progress]]
    [[progress]]
    decision = "Met: close it, and end the couple visits"
Source: HealthBridge 2026; Mozu 2026
Level: warning
Documents: plan_review
"""

from toolkit.rules._reviews import goes_on, rated, review_of, says_what_follows

_FOLLOWS = "Say what follows: a new objective, fewer visits, or the end of treatment."


def check(record, day):
    review = review_of(record, day)
    if review is None or review.changes:
        return
    rows = list(rated(record, day, "met", "dropped"))
    if not any(row.rating == "met" for row, _, _ in rows):
        return
    open_ones = {row.id for row in record.all("objectives") if row.status in ("active", None)}
    open_ones -= {objective.id for row, objective, _ in rows if row.rating in ("met", "dropped")}
    if not open_ones and not any(says_what_follows(text) for text in _said(review, rows)):
        yield (review, "continued_need"), f"stands beside objectives that are all met. {_FOLLOWS}"
        return
    unfinished = {row.goal for row in record.all("objectives") if row.id in open_ones}
    for row, objective, _ in rows:
        if row.rating == "met" and objective.goal not in unfinished and goes_on(row.decision):
            yield (row, "decision"), f"goes on as before, and every objective of this goal is met. {_FOLLOWS}"


def _said(review, rows):
    return (review.continued_need, review.no_change_reason, *(row.decision for row, _, _ in rows))
