"""It is not said who treats the client.

Why it matters: each code may be billed by certain credentials only, so the person has to be known.
Example:
    [episode]
    clinician = ""
Use instead:
    [episode]
    clinician = "JR"
Source: Centene record policy; 42 CFR 482.61
"""
