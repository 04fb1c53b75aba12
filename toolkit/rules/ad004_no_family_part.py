"""It is not said what the family does, or why it takes no part.

Why it matters: family involvement is asked for in every plan of a minor; where it would do harm, that is said.
Example:
    pack = "adolescent"
    [adolescent]
    family_plan = ""
    no_family_reason = ""
Use instead:
    [adolescent]
    no_family_reason = "No-contact order of 02/02/2024"
Source: HealthBridge 2026; Colorado Medicaid chart audit
"""
