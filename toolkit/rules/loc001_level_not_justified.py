"""Care above outpatient is not justified.

Why it matters: the plan has to say what about this client needs this intensity and structure.
Example:
    sample = "0044"
    [level_of_care]
    justification = ""
Use instead:
    [level_of_care]
    justification = "Urges on five of seven days and swings of sleep need practice on several days a week."
Source: HealthBridge 2026; LCD L34196
"""
