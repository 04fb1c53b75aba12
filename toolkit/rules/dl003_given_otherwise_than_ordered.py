"""A service was given far less, or far more, often than the plan orders.

Why it matters: type, amount and frequency are terms of payment; a reviewer compares the order with what was given, and
    asks why. Sessions that the client missed count as offered. What is far is our default: less than half, or more than
    half as much again, of four sessions or more. “Attendance” answered in the review explains what is missing.
Example:
    sample = "0043"
    events = []
    [[review]]
    attendance = ""
Use instead:
    [[review]]
    attendance = "12 planned, 9 kept; three missed for shifts that were called at noon"
Source: Colorado chart audit; 42 CFR 424.24; the shares are our default
Level: warning
Documents: plan_review
"""

from collections import Counter

from toolkit.rules import _sessions as log

_LESS = (
    "was ordered more than twice as often as sessions are logged since {plan.date} or the review before. Complete the "
    "log, or say under “Attendance” of the review why fewer were given."
)
_MORE = (
    "was ordered far less often than it was given since {plan.date} or the review before. Say in the review why, and "
    "change the plan where it goes on."
)


def check(one_review, record, sessions, interventions, plan, services):
    if not sessions:
        return
    since, until = log.begun(one_review, record.all("review"), plan), one_review.date
    rows = [row for row in log.dated(sessions, since, until) if row.get("service_code")]
    offered = Counter(log.code(row.get("service_code"), services) for row in rows)
    given = Counter(log.code(row.get("service_code"), services) for row in log.given(rows))
    first = {log.code(row.get("service_code"), services): row for row in reversed(interventions)}
    for name, count in log.ordered(interventions, services, plan, since, until).items():
        shown = {"ordered in that time": str(round(count)), "logged": str(offered[name]), "given": str(given[name])}
        if count >= 4 and offered[name] * 2 < count and not one_review.get("attendance"):
            yield (first[name], "service_code"), _LESS, shown
        elif given[name] >= 4 and given[name] > max(count * 3 / 2, count + 1):
            yield (first[name], "service_code"), _MORE, shown
