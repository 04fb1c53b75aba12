"""A waiver has ended and counts no more: if what it accepted is still there, it is told again.

Why it matters: what was right for a while has to be looked at again.
Example:
    [[objectives]]
    objective = "1a"
    target_date = ""
    [[waivers]]
    code = "SM004"
    where = "objective 1a"
    reason = "The date depends on a housing decision that is due in October; the team sets it then."
    accepted_by = "Ruth Okafor, LCSW"
    expires = "08/01/2026"
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
