"""A waiver bears a code that no rule has.

Why it matters: a waiver that means nothing looks as if something had been accepted.
Example:
    [[objectives]]
    objective = "1a"
    target_date = ""
    [[waivers]]
    code = "SM0004"
    where = "objective 1a"
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
