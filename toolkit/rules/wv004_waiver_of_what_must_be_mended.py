"""A waiver is for what can never be accepted.

Why it matters: the form of the workbook, what is printed, whose document it is, and consent cannot be
    waived: a document without them is not that client’s, or not the client’s decision.
Example:
    [[waivers]]
    code = "WB008"
    where = "Objectives!G3"
    reason = "The date depends on a housing decision that is due in October; the team sets it then."
    accepted_by = "Ruth Okafor, LCSW"
    expires = "10/25/2026"
Use instead:
    waivers = []
Source: our own
Level: warning
Waivable: no
"""
