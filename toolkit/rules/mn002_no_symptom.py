"""No symptom is recorded.

Why it matters: a diagnosis has to rest on symptoms that were seen or told, with how often and how strong.
Example:
    [assessment]
    symptoms = ""
Use instead:
    [assessment]
    symptoms = ["Wakes at 3 a.m. five nights a week since January"]
Source: 42 CFR 482.61; Mozu 2026, section 3; Centene record policy
"""
