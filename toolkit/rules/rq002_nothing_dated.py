"""A client has no document that is dated, so none is made.

Why it matters: a document is made when its date is typed; a client without any date is easily forgotten.
Example:
    # a client for whom only the sheets Clients and Goals are filled
    plan = []
    assessment = []
    necessity = []
    risk = []
    participation = []
Use instead:
    # the plan, with its date
    sample = "0041"
Source: our own
Level: warning
"""
