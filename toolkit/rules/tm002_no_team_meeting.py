"""There is no dated team meeting where the level of care needs one.

Why it matters: a team that never met did not plan together.
Example:
    sample = "0044"
    meetings = []
Use instead:
    [[meetings]]
    date = "07/14/2026"
    attendees = "M. Kowalczyk PhD, S. Petrov RN"
    discussion = "Nurse reports 4 to 13 hours of sleep in the log."
    decisions = "The sleep objective starts at one night a week."
Source: HealthBridge 2026; Montana ARM PRTF treatment requirements
Documents: treatment_plan
"""


def check(meetings, episode):
    if episode.above_outpatient and not meetings:
        yield (
            "meetings",
            "at this level of care a team meeting up to the day of this document is needed. Add when it was and what "
            "was decided.",
        )
