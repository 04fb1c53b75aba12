"""A client is worse, and the review changes nothing.

Why it matters: getting worse under a plan is the clearest sign that the plan has to change: the method, the frequency,
    the level of care, a call to the prescriber.
Example:
    [[progress]]
    [[progress]]
    current = 1
    rating = "worse"
    decision = "Continue weekly visits"
Use instead:
    [[review]]
    changes = ["Visits from weekly to twice a week until it is three days of five"]
    changes_reason = "He left the house on one work day of five after the warning."
Source: HealthBridge 2026; Joint Commission CTS.03.01.09
Level: warning
Documents: plan_review
"""

from toolkit.rules._reviews import unchanged


def check(record, day):
    for row, _, _ in unchanged(record, day, "worse"):
        yield (row, "decision"), "goes on as before, and {rating} says worse. Say what changes because of it."
