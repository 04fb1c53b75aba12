"""A guardian signs, and the person’s own assent is missing.

Why it matters: the signature is the guardian’s, the life is the person’s.
Example:
    pack = "idd"
    [idd]
    decision_support = "guardian"
    guardian_scope = "Health and placement, order of 03/02/2024"
    assent = ""
    [client]
    guardian_name = "Kim Ortiz"
    guardian_relationship = "Sister, guardian"
Use instead:
    [idd]
    assent = "Pointed to two of three pictures and kept the card"
Source: 42 CFR 441.301(c)
Waivable: no
"""
