"""Stability is not recorded.

Why it matters: the order of the work depends on it: dated facts on sleep, safety, substances and crises.
Example:
    pack = "trauma"
    [trauma]
    stability = ""
Use instead:
    [trauma]
    stability = ["05/04/2026: sleeps six hours, no self-harm since March"]
Source: HealthBridge 2026
"""
