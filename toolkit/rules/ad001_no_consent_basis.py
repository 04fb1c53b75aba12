"""It is not said by what right a minor is treated.

Why it matters: a parent, a statute, a court or an agency: without one of them there is no consent.
Example:
    pack = "adolescent"
    [adolescent]
    consent_basis = ""
Use instead:
    [adolescent]
    consent_basis = "parent"
Source: 45 CFR 164.502(g)(3); Montana case plan rule
Waivable: no
"""
