"""The plan does not say when treatment ends.

Why it matters: without criteria to stop or step down, treatment looks open-ended.
Example:
    [plan]
    discharge_criteria = ""
Use instead:
    [plan]
    discharge_criteria = ["PHQ-9 below 10 at two visits in a row, four weeks apart"]
Source: Mozu 2026, section 8; Colorado Medicaid chart audit
"""
