"""No aftercare is arranged and no reason is given.

Why it matters: the days after discharge are the riskiest; somebody has to be named, or why nobody is.
Example:
    aftercare = []
    [discharge]
    aftercare_refused_reason = ""
Use instead:
    [discharge]
    aftercare_refused_reason = "He declined further visits and knows how to come back."
Source: Maine licensing standards; 42 CFR 482.61
"""
