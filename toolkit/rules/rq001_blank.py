"""A required answer is blank.

Why it matters: payers and auditors look for it, and a plan without it cannot be signed. The fields say which answers a
    document cannot do without; many bear a code of their own, and this one is for the rest.
Example:
    [coverage]
    member_id = ""
Use instead:
    [coverage]
    member_id = "BMH-553-0041-7"
Source: Magellan 2023; Centene record policy
"""
