"""The risk level is missing.

Why it matters: whether somebody asked about suicide and harm is the first thing that is looked for.
Example:
    [risk]
    level = ""
Use instead:
    [risk]
    level = "low"
Source: Colorado Medicaid chart audit; Magellan record review tool
"""
