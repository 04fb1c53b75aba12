"""There is no plan for relapse or crisis.

Why it matters: early signs, first steps and whom to call go home with the client.
Example:
    [discharge]
    crisis_plan = ""
Use instead:
    [discharge]
    crisis_plan = "Awake past 4 a.m. on two nights: calls his brother, then 988."
Source: SAMHSA CCBHC criteria
"""
