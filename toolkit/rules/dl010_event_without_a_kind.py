"""An event of the log does not say what kind it was.

Why it matters: a change in risk, a relapse or a hospital stay asks for a review within days, another event does not;
    without its kind nobody is told that the review is missing.
Example:
    sample = "0043"
    [[events]]
    date = "06/15/2026"
    kind = ""
Use instead:
    [[events]]
    date = "07/11/2026"
    kind = "hospital"
    handled_in = "07/20/2026"
Source: HealthBridge 2026
Level: warning
Documents: treatment_plan, plan_review, discharge_summary
"""


def check(events):
    for event in events:
        if event.get("kind") is None:
            yield (
                (event, "kind"),
                "is blank, so nobody can tell whether a review has to follow. Pick one from the list.",
            )
