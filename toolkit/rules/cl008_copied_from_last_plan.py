"""A new plan is a copy of the client's last one.

Why it matters: a plan that says again what the last one said shows neither progress nor a reason to go on.
Example:
    # the plan of 2027 says what that of 2026 said, with another date
    [[facts]]
    kind = "copied_plan"
    sheet = "Plan"
    cell = "B2"
    path = "plan.date"
Use instead:
    # new counts and scores, what was reached, what comes next
    facts = []
Source: Palmetto GBA; HealthBridge 2026; how near is our default
Level: warning
"""


def check(copied_plan):
    yield "", "most answers are nearly those of this client’s plan of another date. Write what has changed since."
