"""It is not said why less intensive care would not do.

Why it matters: a reviewer asks what was tried or weighed before, and why it is not enough.
Example:
    sample = "0044"
    [level_of_care]
    less_intensive_considered = ""
Use instead:
    [level_of_care]
    less_intensive_considered = "Weekly therapy from March to June: both episodes fell between visits."
Source: HealthBridge 2026; Optum level of care guidelines
"""
