"""How and why the episode ended is missing.

Why it matters: planned, against advice or lost contact: what was owed to the client depends on it.
Example:
    [discharge]
    reason = ""
Use instead:
    [discharge]
    reason = "Both goals are met and the criteria hold for two months."
Source: Montana discharge summary rule; Maine licensing standards
"""
