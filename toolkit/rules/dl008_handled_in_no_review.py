"""An event is said to have been dealt with in a review that is not there.

Why it matters: the line from the event to its answer leads nowhere, or to a date with a slip of the pen.
Example:
    sample = "0043"
    [[events]]
    date = "07/11/2026"
    handled_in = "07/21/2026"
Use instead:
    [[events]]
    date = "07/11/2026"
    handled_in = "07/20/2026"
Source: HealthBridge 2026
Level: warning
Documents: treatment_plan, plan_review, discharge_summary
"""


def check(event, record):
    if not any(row.date is None for row in record.all("review")):
        known = {row.date for row in record.all("review")} | {record.get("plan.date"), record.get("discharge.date")}
        if event.handled_in not in known:
            yield "handled_in", "is the day of no review of this client. Add that review, or correct the day."
