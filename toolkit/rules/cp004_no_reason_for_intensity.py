"""A long or frequent session has no reason.

Why it matters: 60 minutes beyond 45, or more than two visits a week, are paid when this client needs them, and the
    plan says why.
Example:
    [[interventions]]
    intervention = "1"
    service_code = "90837"
    minutes = 60
Use instead:
    [[interventions]]
    intervention = "1"
    intensity_reason = "Each exposure takes 50 minutes to run its course."
Source: Mozu 2026, section 6
"""
