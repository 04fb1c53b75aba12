"""A plan lasts, or waits for its review, longer than can be meant.

Why it matters: the end of the plan and its next review are counted from these numbers, and printed.
Example:
    [plan]
    weeks = 9999
    [coverage]
    authorization_end = ""
Use instead:
    [plan]
    weeks = 26
Source: our own
Requires: Length and review of the plan within bounds
Looks at: plan.weeks, plan.review_days
"""

_MOST = {"plan.weeks": (520, "520 weeks"), "plan.review_days": (3650, "3,650 days")}


def check(record):
    for path, (most, said) in _MOST.items():
        if (record.get(path) or 0) > most:
            yield path, f"is more than {said}, ten years. Correct the number."
