"""The safety plan is old, and the risk is still raised.

Why it matters: whom to call, what is locked away and what helps change within weeks; a plan from last year may send
    somebody to a number that nobody answers. The latest day that stands in its text counts.
Example:
    [risk]
    level = "moderate"
    safety_plan = "Written 11/03/2025: warning sign is lying awake; he wakes Marisol, goes over the list, then 988."
    [[interventions]]
    intervention = "1"
    action = "Clinician reviews the safety plan at each visit and plans the mornings hour by hour with him."
Use instead:
    [risk]
    safety_plan = "Gone over 05/04/2026: warning sign is lying awake; he wakes Marisol, goes over the list, then 988."
Source: CMS G0560; the number of days is our default
Level: warning
Documents: treatment_plan, plan_review
"""

from toolkit.rules._safety import latest_day, raised


def check(record, day, document, *, safety_plan_days):
    for row, text in raised(record, day, document.each):
        written = latest_day(text)
        if written and (day - written).days > safety_plan_days:
            yield (
                (row, "safety_plan"),
                f"names no day within the {safety_plan_days:g} days before this document. Go over it with the client "
                "and add the date.",
            )
