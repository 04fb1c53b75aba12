"""It is not said what has to hold before processing begins.

Why it matters: if processing comes later, somebody has to know when later is.
Example:
    pack = "trauma"
    [trauma]
    phase = "safety_and_skills"
    no_processing_reason = ""
    gates = ""
Use instead:
    [trauma]
    gates = ["14 days without self-harm, by diary, checked weekly"]
Source: HealthBridge 2026
"""
