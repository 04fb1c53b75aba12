"""An objective has no baseline.

Why it matters: progress is counted from where the client stood at the start.
Example:
    [[objectives]]
    objective = "1a"
    baseline = ""
Use instead:
    [[objectives]]
    objective = "1a"
    baseline = 19
Source: HealthBridge 2026; Mozu 2026, section 5
"""
