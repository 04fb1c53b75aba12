"""The discharge summary does not say how a goal ended, or says it twice.

Why it matters: what began with the problem ends here; a goal without an outcome was not closed.
Example:
    [[outcomes]]
    goal = "2"
Use instead:
    [[outcomes]]
    goal = "1"
Source: Maine licensing standards; Montana discharge summary rule
Documents: discharge_summary
"""


def check(goals, outcomes, discharge):
    named = {row.get("goal") for row in outcomes}
    for number, row in enumerate(outcomes):
        if row.get("goal") and row.get("goal") in {other.get("goal") for other in outcomes[:number]}:
            yield (row, "goal"), "has an outcome already. Keep one row of the two."
    for goal in goals if named else ():
        if goal.get("status") != "deferred" and not named & {goal.id, None}:
            yield goal, "the discharge summary does not say how it ended. Add a row for it on the sheet Outcomes."
