"""Sessions of the log do not say on which objective was worked.

Why it matters: a note that leads to no objective is a service without a purpose in the plan. One in five may be blank
    (our default).
Example:
    sample = "0043"
    [[sessions]]
    date = "06/15/2026"
    objectives = ""
Use instead:
    [[sessions]]
    date = "06/15/2026"
    objectives = "1a"
Source: Colorado chart audit; HealthBridge 2026; the share is our default
Level: warning
Documents: treatment_plan, plan_review, discharge_summary
"""

from toolkit.rules import _sessions as log


def check(sessions, plan, services):
    rows = [row for row in log.given(log.dated(sessions, plan.date))
            if log.is_planned(row.get("service_code"), services)]  # fmt: skip
    blank = [row for row in rows if not row.get("objectives")]
    if len(blank) * 5 > len(rows):
        shown = {"sessions that name none": f"{len(blank)} of {len(rows)}"}
        yield (blank[0], "objectives"), "is blank. Type the number of each objective that was worked on.", shown
