"""Condition or risk at the end is missing.

Why it matters: how the client left has to be known if something happens later.
Example:
    [discharge]
    condition = ""
Use instead:
    [discharge]
    condition = "PHQ-9 of 6, works full weeks"
Source: 42 CFR 482.61
"""
