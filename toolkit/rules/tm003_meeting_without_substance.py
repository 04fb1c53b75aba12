"""A team meeting says that it took place, and not what was weighed or decided.

Why it matters: a date and a list of names show that people sat together; what was weighed and decided shows a team.
Example:
    sample = "0044"
    [[meetings]]
    discussion = "Team met."
Use instead:
    [[meetings]]
    discussion = "Nurse reports 4 to 13 hours of sleep in the log."
Source: HealthBridge 2026
Level: warning
Documents: treatment_plan, plan_review
"""

import re

_FEW = 4


def check(meeting):
    if meeting.date and not meeting.get("decisions"):
        yield "decisions", "is blank. Type what was decided, and what in the plan changes by it."
    elif len(re.findall(r"\w+", meeting.get("discussion") or "")) < _FEW:
        yield "discussion", "does not say what was weighed. Type what was reported and what was open."
