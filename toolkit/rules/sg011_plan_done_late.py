"""The plan was made later than is expected.

Why it matters: services before a plan is made may not be paid. How many days there are is the payer's profile's to say,
    with how sure that is; without one it is our own default. Told while clients are
    checked, never while a plan is made, because a late plan must still be made.
Example:
    [plan]
    date = "06/08/2026"
Use instead:
    [plan]
    date = "05/11/2026"
Source: 14 NYCRR 599.10; 55 Pa. Code 5200.31; Minn. Stat. 245G.06
Level: warning
Phase: after
Documents: treatment_plan
"""


def check(plan, episode, *, plan_due_days):
    if plan.version == 1 and (plan.date - episode.admission_date).days > plan_due_days:
        yield (
            "plan.date",
            "is later after {episode.admission_date} than is expected here. Keep the date; a waiver can say why.",
        )
