"""Nothing has improved at two reviews in a row, and nothing changes.

Why it matters: two reviews without gain ask for another method, another frequency or another pair of eyes; the plan
    that goes on as it is has no expected improvement to stand on. An objective that keeps what was reached is exempt.
Example:
    [[review]]
    [[review]]
    date = "09/07/2026"
    kind = "scheduled"
    understanding_evolved = "The fear of losing the job keeps him awake more than the mood does"
    continued_need = "Wakes at four on three nights and has missed two shifts since the last review"
    client_view = "“It is the same as in August.”"
    no_change_reason = "The sleep log was begun late and is read at the next visit"
    [[progress]]
    [[progress]]
    [[progress]]
    [[progress]]
    review_date = "09/07/2026"
    objective = "1a"
    current = 19
    rating = "same"
    evidence = "PHQ-9 of 19 at both visits"
    decision = "Continue"
    [[progress]]
    review_date = "09/07/2026"
    objective = "1b"
    current = 3
    rating = "improved"
    evidence = "Sheet by the door, three days of five"
    decision = "Go on"
    [[progress]]
    review_date = "09/07/2026"
    objective = "2a"
    current = 1
    rating = "improved"
    evidence = "Kitchen calendar, one evening with the girls"
    decision = "Go on"
Use instead:
    [[review]]
    [[review]]
    date = "09/07/2026"
    changes = ["Morning visits twice a week from 09/14/2026"]
    changes_reason = "Weekly visits have not moved the score in four months."
Source: HealthBridge 2026; CMS MLN909432
Level: warning
Documents: plan_review
"""

from toolkit.rules._reviews import unchanged


def check(record, day):
    for row, objective, last in unchanged(record, day, "same"):
        if objective.direction and last is not None and last.rating in ("same", "worse"):
            yield (
                (row, "decision"),
                "goes on as before, and this objective stood the same at the last review. Say what changes, or why the "
                "plan still is the right one.",
            )
