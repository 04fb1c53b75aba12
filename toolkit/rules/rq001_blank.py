"""A required answer is blank.

Why it matters: payers and auditors look for it, and a plan without it cannot be signed. The fields say which answers a
    document cannot do without; many bear a code of their own, and this one is for the rest.
Example:
    [assessment]
    strengths = ""
Use instead:
    [assessment]
    strengths = ["Plays guitar well and misses it"]
Source: Magellan 2023; Centene record policy
"""
