"""A mental health and a substance use diagnosis stand together, and the plan does not say how both are treated.

Why it matters: each feeds the other; a reviewer asks what is treated when, and why in that order.
Example:
    sample = "0043"
    [co_occurring]
    approach = ""
Use instead:
    [co_occurring]
    approach = "integrated"
Source: HealthBridge 2026; 1 TAC 354.2609; SAMHSA TIP 42
"""
