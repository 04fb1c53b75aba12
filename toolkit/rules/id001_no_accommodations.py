"""Accommodations are missing.

Why it matters: a plan for a person with a disability says what is done differently, and where.
Example:
    pack = "idd"
    [idd]
    accommodations = ""
Use instead:
    [idd]
    accommodations = ["Noise: quiet room at every visit"]
Source: HealthBridge 2026; Maine inpatient standards
"""
