"""How the person communicates is missing.

Why it matters: nobody can agree to a plan that was told in words they do not use.
Example:
    pack = "idd"
    [idd]
    communication = ""
Use instead:
    [idd]
    communication = "Short sentences, one idea each; needs ten seconds to answer"
Source: HealthBridge 2026; Dagnan 2023
"""
