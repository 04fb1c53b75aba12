"""It is not said why treatment is needed now.

Why it matters: the reason has to join symptom, loss of function and what only a trained clinician can do.
Example:
    [necessity]
    why_treatment_now = ""
Use instead:
    [necessity]
    why_treatment_now = "Nine missed shifts have put his job at risk, and medicine alone has not moved it."
Source: HealthBridge 2026; Mozu 2026
"""
