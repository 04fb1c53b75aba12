"""A review was begun and bears no date.

Why it matters: reviews are due by the calendar, so each has to say when it was held.
Example:
    [[review]]
    [[review]]
    kind = "scheduled"
    continued_need = "Two shifts were missed in July."
Use instead:
    [[review]]
    [[review]]
    kind = ""
    continued_need = ""
Source: Mozu 2026; HealthBridge 2026
"""
