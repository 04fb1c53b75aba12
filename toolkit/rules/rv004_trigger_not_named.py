"""A review was held because something happened, and it is not said what.

Why it matters: a change in risk, a relapse or a hospital stay asks for a review, and the review for its reason.
Example:
    [[review]]
    kind = "triggered"
    risk_level = "low"
Use instead:
    [[review]]
    trigger = "Emergency visit on 07/30/2026"
Source: HealthBridge 2026
"""
