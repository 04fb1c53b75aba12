"""An event waits for its review.

Why it matters: a change in risk, a relapse or a hospital stay asks for a look at the plan within days. How many there
    are is our default. Told while clients are checked, as on that day; never while a document is made.
Example:
    # a plan that was last reviewed on 08/10/2026, and goes on
    discharge = []
    [[events]]
    date = "08/12/2026"
    kind = "relapse"
Use instead:
    # the review that dealt with it has its rows on the sheets Reviews and Progress, and the event names its day
    [[events]]
    handled_in = "08/14/2026"
    [[review]]
    date = "08/14/2026"
    [[progress]]
    review_date = "08/14/2026"
    [[progress]]
    review_date = "08/14/2026"
    [[progress]]
    review_date = "08/14/2026"
Source: HealthBridge 2026; the number of days is our default
Level: warning
Phase: after
Documents: treatment_plan
"""

_TEXT = (
    "is more than {} days ago, and no review has followed. Review the plan now, and type the day of that review under "
    "{{handled_in}}; where one was held, add it on the sheet Reviews."
)


def check(event, plan, record, today, *, event_review_days):
    if event.kind == "other" or event.date <= plan.date or record.get("discharge.date"):
        return
    if event.get("handled_in") and event.handled_in >= event.date:
        return  # where no review is of that day, this is told there
    reviewed = any(row.date and row.date >= event.date for row in record.all("review"))
    if (today - event.date).days > event_review_days and not reviewed:
        yield "date", _TEXT.format(event_review_days)
