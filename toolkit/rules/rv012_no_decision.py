"""A review rates an objective and decides nothing about it.

Why it matters: go on, change the method, change the target, or close it: one of them has to follow.
Example:
    [[progress]]
    decision = ""
Use instead:
    [[progress]]
    decision = "Go on as planned"
Source: Utah R432-152-11; HealthBridge 2026
"""
