"""An answer belongs to a population that the client is not of, so no document would say it.

Why it matters: it would be lost without a word; mostly a birth date or a mark on the sheet Clients is wrong.
Example:
    # the sheet Trauma is filled, and the client is not marked for trauma
    [trauma]
    exposure_summary = "A car crash in March 2026"
Use instead:
    trauma = []
Source: HealthBridge 2026
Waivable: no
"""
