"""The medicines at discharge are missing.

Why it matters: whoever treats the client next has to know them; “none” is an answer.
Example:
    [discharge]
    medications = ""
Use instead:
    [discharge]
    medications = "none"
Source: 42 CFR 482.61; NADD competency areas
"""
