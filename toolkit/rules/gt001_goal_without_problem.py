"""A goal answers no problem.

Why it matters: a plan begins with the problem; a goal that answers none has no reason to be paid for.
Example:
    [[goals]]
    goal = "1"
    problem = ""
Use instead:
    [[goals]]
    goal = "1"
    problem = "Staying in bed until noon has cost nine shifts"
Source: HealthBridge 2026; Mozu 2026, section 4
"""
