"""The client’s understanding or agreement is missing, or the disagreement is not told.

Why it matters: a plan is made with the client; where they differ, that is written down and not smoothed over.
Example:
    [participation]
    agreement = "partial"
Use instead:
    [participation]
    disagreement = "He wants one day a week and not abstinence; agreed for two months."
Source: Magellan 2023; OAC 5122-27-03; HealthBridge 2026
Waivable: no
"""
