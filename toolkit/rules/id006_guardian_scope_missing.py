"""It is not said what the guardian decides.

Why it matters: a guardian of money cannot consent to treatment.
Example:
    pack = "idd"
    [idd]
    decision_support = "guardian"
    guardian_scope = ""
    assent = "Pointed to two of three pictures"
    [client]
    guardian_name = "Kim Ortiz"
    guardian_relationship = "Sister, guardian"
Use instead:
    [idd]
    guardian_scope = "Health and placement, order of 03/02/2024"
Source: UCEDD supported decision-making
Waivable: no
"""
