"""The authorization ends before the plan begins, or before it ends.

Why it matters: what the plan orders after that day is not covered by it. Where sessions after that day are logged
    already, these are told instead (`DL012`).
Example:
    [coverage]
    authorization_end = "08/31/2026"
Use instead:
    [coverage]
    authorization_end = "10/31/2026"
Source: TX 306 Medicaid; NJ OSC audits
Level: warning
Documents: treatment_plan
"""

from toolkit import kinds
from toolkit.rules import _sessions as log


def check(coverage, plan, sessions, services):
    if coverage.authorization_end < plan.date:
        yield "authorization_end", "is earlier than {plan.date}. Type the end of the authorization that is valid now."
    elif coverage.authorization_end < plan.end_date and not log.uncovered(sessions, coverage, plan, services):
        yield (
            "authorization_end",
            ("comes before the last day of the plan. Ask for more time before it ends, or make the plan shorter."),
            {"the plan ends": kinds.show(plan.end_date)},
        )
