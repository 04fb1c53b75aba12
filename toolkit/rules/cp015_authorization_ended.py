"""The authorization ends before the plan begins, or before it ends.

Why it matters: what the plan orders after that day is not covered by it.
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


def check(coverage, plan):
    if coverage.authorization_end < plan.date:
        yield "authorization_end", "is earlier than {plan.date}. Type the end of the authorization that is valid now."
    elif coverage.authorization_end < plan.end_date:
        yield (
            "authorization_end",
            ("comes before the last day of the plan. Ask for more time before it ends, or make the plan shorter."),
            {"the plan ends": kinds.show(plan.end_date)},
        )
