"""No symptom is recorded.

Why it matters: a diagnosis has to rest on symptoms that were seen or told, with how often and how strong.
Example:
    sample = "0047"
    [assessment]
    symptoms = ""
Use instead:
    [assessment]
    symptoms = ["Washes his hands 40 times a day since March", "Y-BOCS of 27 on 06/15/2026"]
Source: 42 CFR 482.61; Mozu 2026, section 3; Centene record policy
"""
