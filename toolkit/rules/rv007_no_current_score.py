"""A review has no new score or count.

Why it matters: progress is shown by the same measure as the baseline, taken again.
Example:
    [[progress]]
    current = ""
Use instead:
    [[progress]]
    current = 18
Source: Joint Commission CTS.03.01.09; HealthBridge 2026
"""
