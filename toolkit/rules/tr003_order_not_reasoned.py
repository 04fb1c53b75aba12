"""The phase or the reason for the order of the work is missing.

Why it matters: no order is the right one for all; any order with a reason stands.
Example:
    pack = "trauma"
    [trauma]
    sequence_reason = ""
Use instead:
    [trauma]
    sequence_reason = "Sleep and housing are steady, so processing starts now"
Source: HealthBridge 2026; de Jongh 2016
"""
