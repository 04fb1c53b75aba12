"""The plan changes and no reason is given.

Why it matters: what prompted a change, and how the view of the problem evolved, is what makes a plan a living one.
Example:
    [[review]]
    changes = ["Sessions every other week"]
    no_change_reason = ""
Use instead:
    [[review]]
    changes_reason = "He keeps his shifts and asks for more time between visits."
Source: HealthBridge 2026; Mozu 2026, section 7
"""
