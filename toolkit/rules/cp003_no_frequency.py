"""Frequency or length of a service is missing.

Why it matters: “as needed” orders nothing; how long, how often and for how many weeks has to be said.
Example:
    [[interventions]]
    intervention = "1"
    times = ""
Use instead:
    [[interventions]]
    intervention = "1"
    times = 1
Source: Noridian MBPM 6-70.1; OAC 5122-27-03; Mozu 2026, section 7
"""
