"""The young person’s assent is missing.

Why it matters: consent is the parent’s; whether the young person goes along decides whether treatment works.
Example:
    pack = "adolescent"
    [adolescent]
    assent_words = ""
Use instead:
    [adolescent]
    assent_words = "“I’ll come if Mom waits outside.”"
Source: 14 NYCRR 598.7; CARF 2.C
Waivable: no
"""
