"""An objective has no target.

Why it matters: without a number to reach nobody can say when it is reached.
Example:
    [[objectives]]
    objective = "1a"
    target = ""
Use instead:
    [[objectives]]
    objective = "1a"
    target = "< 10"
Source: HealthBridge 2026; Mozu 2026, section 5
"""
