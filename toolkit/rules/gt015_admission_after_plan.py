"""The client was admitted after the plan's date.

Why it matters: a plan that is older than the episode looks like a copy of an earlier one.
Example:
    [episode]
    admission_date = "05/18/2026"
Use instead:
    [episode]
    admission_date = "05/04/2026"
Source: our own
Level: warning
Documents: treatment_plan
"""


def check(episode, plan):
    if episode.admission_date > plan.date:
        yield "admission_date", "is later than {plan.date}. Correct the one that is wrong."
