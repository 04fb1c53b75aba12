"""No loss of function is recorded.

Why it matters: without something that the client can no longer do there is no medical necessity.
Example:
    sample = "0047"
    [assessment]
    impairments = ""
Use instead:
    [assessment]
    impairments = ["Work: missed 9 of the last 40 shifts"]
Source: HealthBridge 2026; Mozu 2026, section 3; LCD L34196
"""
