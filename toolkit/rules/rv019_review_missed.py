"""The day of a review went by without one.

Why it matters: the plan says when it is reviewed; a later review, or a discharge without one, shows that it was not.
Example:
    # a plan of 05/11/2026, first reviewed on 08/10/2026
    [plan]
    review_days = 60
    [[review]]
Use instead:
    [plan]
    review_days = 90
Source: Mozu 2026, keeping the plan current; HealthBridge 2026
Level: warning
Documents: plan_review, discharge_summary
"""

from toolkit import kinds

_LATE = "is later than the day on which this review was due. Correct it, or say why it was late."
_MISSED = (
    "is later than the day on which the next review was due, and there is none up to then. Add the review that was "
    "held; where none was, say why in the course of treatment."
)


def check(record, day, document, *, review_grace_days):
    planned = record.get("plan.date")
    before = [row for row in record.all("review") if planned and row.date and planned <= row.date < day]
    last = max(before, key=lambda row: row.date, default=None)
    due = last.next_date if last else record.get("plan.next_review_date")
    seen = day if document.each else record.get("discharge.last_service_date") or day
    if not due or (seen - due).days <= review_grace_days:
        return
    shown = {"a review was due on": kinds.show(due)}
    own = next((row for row in record.all("review") if document.each and row.date == day), None)
    yield ((own, "date"), _LATE, shown) if own else (document.date, _MISSED, shown)
