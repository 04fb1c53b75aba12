"""What helps and what fails is not recorded.

Why it matters: how much the client can bear shows in what they do when it gets hard.
Example:
    pack = "trauma"
    [trauma]
    coping = ""
Use instead:
    [trauma]
    coping = "Paced breathing works in the shop; holding ice does not"
Source: HealthBridge 2026
"""
