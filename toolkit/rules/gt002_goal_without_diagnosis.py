"""With several diagnoses, a goal does not say which one it treats.

Why it matters: each diagnosis on the claim has to be treated somewhere in the plan.
Example:
    sample = "0043"
    [[goals]]
    goal = "1"
    diagnosis = ""
Use instead:
    [[goals]]
    goal = "1"
    diagnosis = "F10.20"
Source: HealthBridge 2026
"""
