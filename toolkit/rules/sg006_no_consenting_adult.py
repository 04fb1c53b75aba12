"""The parent or guardian who consents is missing.

Why it matters: a plan of a minor, or of an adult under guardianship, is signed by the person with the right to do
    so.
Example:
    pack = "adolescent"
    [adolescent]
    consenting_adult = ""
Use instead:
    [adolescent]
    consenting_adult = "Dana Cole, mother, on 05/04/2026"
Source: Montana case plan rule; 45 CFR 164.502(g)(3)
Waivable: no
"""
