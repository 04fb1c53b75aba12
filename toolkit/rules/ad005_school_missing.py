"""What school has to do with it is missing.

Why it matters: school is half of a young person’s day; its effect and the contact with it belong in the plan.
Example:
    pack = "adolescent"
    [school]
    impact = ""
Use instead:
    [school]
    impact = "Left class nine times in April"
Source: HealthBridge 2026; AACAP practice parameters
"""
