"""A waiver fits several findings and does not say which.

Why it matters: each thing that is accepted has to be looked at; the next one of the same kind has not been.
Example:
    [[objectives]]
    objective = "1a"
    target_date = ""
    [[objectives]]
    objective = "2a"
    target_date = ""
    [[waivers]]
    code = "SM004"
    where = ""
    reason = "The date depends on a housing decision that is due in October; the team sets it then."
    accepted_by = "Ruth Okafor, LCSW"
    expires = "10/25/2026"
Use instead:
    [[waivers]]
    code = "SM004"
    where = "objective 1a"
    reason = "The date depends on a housing decision that is due in October; the team sets it then."
    accepted_by = "Ruth Okafor, LCSW"
    expires = "10/25/2026"
Source: our own
Level: warning
Waivable: no
"""
