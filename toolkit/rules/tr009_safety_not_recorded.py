"""Whether the client is safe now is missing.

Why it matters: trauma work with somebody who is still in danger begins with the danger.
Example:
    pack = "trauma"
    [trauma]
    current_safety = ""
Use instead:
    [trauma]
    current_safety = "Lives alone, locks changed in April, no contact"
Source: SAMHSA 2014; SAMHSA TIP 57
"""
