"""It is not said how treatment fits the young person’s development.

Why it matters: methods made for adults have to be changed for a thirteen-year-old, and the plan says how.
Example:
    pack = "adolescent"
    [adolescent]
    developmental_adaptation = ""
Use instead:
    [adolescent]
    developmental_adaptation = "Fear thermometer and ten-minute pieces"
Source: HealthBridge 2026; CARF 2.C
"""
