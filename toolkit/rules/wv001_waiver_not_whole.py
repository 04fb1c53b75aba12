"""A waiver does not say what it accepts, why, who decided so, or until when.

Why it matters: what was accepted for a reason nobody can read was not accepted; a reviewer asks why, by
    whom and for how long.
Example:
    [[objectives]]
    objective = "1a"
    target_date = ""
    [[waivers]]
    code = "SM004"
    where = "objective 1a"
    reason = ""
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
