"""An event waits for its review.

Why it matters: a change in risk, a relapse or a hospital stay asks for a look at the plan within days. How many there
    are is our default.
Example:
    [[events]]
    date = "08/20/2026"
    kind = "relapse"
Use instead:
    [[events]]
    date = "09/25/2026"
Source: HealthBridge 2026; the number of days is our default
Level: warning
Phase: after
Documents: treatment_plan
"""


def check(event, plan, record, today, *, event_review_days):
    if event.kind == "other" or event.date <= plan.date or record.get("discharge.date"):
        return
    reviewed = any(row.date and row.date >= event.date for row in record.all("review"))
    if (today - event.date).days > event_review_days and not reviewed:
        yield "date", f"is more than {event_review_days} days ago, and no review has followed. Review the plan."
