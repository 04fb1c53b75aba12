"""The authorization ends before the plan begins.

Why it matters: nothing that this plan orders is covered by it.
Example:
    [coverage]
    authorization_end = "04/30/2026"
Use instead:
    [coverage]
    authorization_end = "10/31/2026"
Source: TX 306 Medicaid; NJ OSC audits
Level: warning
Documents: treatment_plan
"""


def check(coverage, plan):
    if coverage.authorization_end < plan.date:
        yield "authorization_end", "is earlier than {plan.date}. Type the end of the authorization that is valid now."
