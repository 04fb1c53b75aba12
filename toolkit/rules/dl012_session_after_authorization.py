"""Sessions were given after the authorization had ended.

Why it matters: a payer denies a claim for a day that no authorization covers, and the client may not be asked to pay.
    Assessments, crisis care and planning are left out. Told once, at the first such session. Silent where the
    authorization ended before the plan began: then another one is meant (`CP015`).
Example:
    sample = "0043"
    [coverage]
    authorization_end = "06/30/2026"
    [[sessions]]
    date = "07/13/2026"
Use instead:
    # the authorization was renewed, and the sheet Clients holds the new end
    [coverage]
    authorization_end = "12/31/2026"
Source: TX 306 Medicaid; NJ OSC audits
Level: warning
Documents: treatment_plan, plan_review, discharge_summary
"""

from toolkit.rules import _sessions as log

_TEXT = (
    "is later than {coverage.authorization_end}. Where the authorization was renewed, type its new end on the sheet "
    "Clients; else ask for one before more is given or billed."
)


def check(sessions, coverage, plan, services):
    rows = log.uncovered(sessions, coverage, plan, services)
    if rows and coverage.authorization_end >= plan.date:
        yield (rows[0], "date"), _TEXT, {"sessions": str(len(rows))}
