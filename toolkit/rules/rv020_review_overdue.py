"""The day of the next review has gone by, and there is neither a review nor a discharge.

Why it matters: services under a plan that nobody looked at again in time are what an auditor takes back. How many days
    after the due day count as late is our default. Told once for a client who was not discharged, as on the day on
    which clients are checked; never while a document is made.
Example:
    # last reviewed on 08/10/2026, and not discharged
    discharge = []
    [[review]]
    next_date = "09/07/2026"
Use instead:
    # the day that was agreed on in that review; where another was held since, it has its own row on this sheet
    [[review]]
    next_date = "11/02/2026"
Source: Mozu 2026, keeping the plan current; HealthBridge 2026; the number of days is our default
Level: warning
Phase: after
Documents: treatment_plan
"""

from toolkit import kinds

_TEXT = (
    "is followed by no other, and the day of the next review has gone by. Review the plan now; where that was done, or "
    "the client has left, add the review, the discharge or the new plan here."
)
_NONE = (
    "is followed by no review, and the day of the first one has gone by. Review the plan now; where that was done, or "
    "the client has left, add the review, the discharge or the new plan here."
)


def check(plan, record, today, *, review_grace_days):
    if record.get("discharge.date") or record.get("discharge.last_service_date"):
        return
    reviews = [row for row in record.all("review") if row.date is None or row.date >= plan.date]
    if any(row.date is None for row in reviews):
        return  # it was begun, and its day is asked for
    last = max(reviews, key=lambda row: row.date, default=None)
    due = last.next_date if last else plan.next_review_date
    if due and (today - due).days > review_grace_days:
        shown = {"a review was due on": kinds.show(due)}
        yield ((last, "date"), _TEXT, shown) if last else ("plan.date", _NONE, shown)
