"""A session or an event of the log has no date.

Why it matters: without its day it is held against no plan and no review, as if it had not been; an event that set off
    no review would not be noticed.
Example:
    sample = "0043"
    [[events]]
    date = ""
    kind = "hospital"
Use instead:
    [[events]]
    date = "07/11/2026"
    kind = "hospital"
    handled_in = "07/20/2026"
Source: our own
Level: warning
Documents: treatment_plan, plan_review, discharge_summary
"""


def check(sessions, events):
    for row in (*sessions, *events):
        if row.get("date") is None:
            yield (row, "date"), "is blank, so this row is held against no plan and no review. Type the day."
