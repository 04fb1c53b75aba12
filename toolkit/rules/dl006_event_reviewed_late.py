"""An event was followed by no review in time.

Why it matters: a change in risk, a relapse or a hospital stay asks for a look at the plan within days; where the next
    review comes months later, the plan was not steered by it. How many days there are is our default.
Example:
    sample = "0043"
    [[events]]
    date = "06/15/2026"
    kind = "relapse"
    handled_in = ""
Use instead:
    [[events]]
    date = "07/11/2026"
    handled_in = "07/20/2026"
Source: HealthBridge 2026; the number of days is our default
Level: warning
Documents: plan_review, discharge_summary
"""

from datetime import timedelta

_TEXT = (
    "is followed by no review within {} days. Add the review that dealt with it, or say in the next one why it came "
    "later."
)


def check(event, plan, record, day, *, event_review_days):
    happened, last = event.date, event.date + timedelta(days=event_review_days)
    if event.kind == "other" or last >= day or plan.date >= happened:
        return  # what came before the plan, the plan itself answers
    if not any(row.date and happened <= row.date <= last for row in record.all("review")):
        yield "date", _TEXT.format(event_review_days)
