"""A waiver fits nothing that was found.

Why it matters: either it is not needed any more, or it says another place than it means and accepts nothing.
Example:
    [[objectives]]
    objective = "1a"
    target_date = ""
    [[waivers]]
    code = "SM004"
    where = "objective 2a"
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
