"""It is not said who decides.

Why it matters: adults decide for themselves unless a court has said otherwise; guardianship is never assumed.
Example:
    pack = "idd"
    [idd]
    decision_support = ""
Use instead:
    [idd]
    decision_support = "supported"
Source: UCEDD supported decision-making; SDMNY
Waivable: no
"""
