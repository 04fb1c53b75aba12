"""No strength of the client is recorded.

Why it matters: a plan builds on what is there; payers' reviewers count how many do.
Example:
    [assessment]
    strengths = ""
Use instead:
    [assessment]
    strengths = ["Came out of an episode in 2017 and remembers what helped"]
Source: 14 NYCRR 599.10; CARF 2.C; Magellan 2023
"""
