"""A session or an event is dated later than today.

Why it matters: a log says what was given; a day that has not come yet is a slip of the pen, or a plan.
Example:
    sample = "0043"
    [[sessions]]
    date = "11/20/2026"
    service_code = "90834"
Use instead:
    [[sessions]]
    date = "06/22/2026"
    service_code = "90834"
Source: our own
Level: warning
Documents: treatment_plan, plan_review, discharge_summary
"""


def check(sessions, events, today):
    for row in (*sessions, *events):
        if row.get("date") and row.get("date") > today:
            yield (row, "date"), "has not come yet. Correct it; the log holds what was given and what happened."
