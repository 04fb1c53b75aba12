"""An objective has no measure, or a count does not say what is counted and by whom.

Why it matters: a reviewer asks how the change will be known: by which scale, or by whose count.
Example:
    [[objectives]]
    objective = "1b"
    counted_by = ""
Use instead:
    [[objectives]]
    objective = "1b"
    counted_by = "Pepe, checked against his time card"
Source: HealthBridge 2026; Utah R432-152-11
"""
