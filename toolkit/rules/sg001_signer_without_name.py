"""Somebody who has to sign has neither a name nor a reason.

Why it matters: a plan that lacks a signature it needs is not valid; who cannot sign needs a reason in writing.
Example:
    [[signers]]
    role = "witness"
Use instead:
    [[signers]]
    role = "witness"
    name = "Marisol Núñez"
Source: Montana case plan rule; 14 NYCRR 598.7; Mozu 2026, section 9
Requires: Everybody who has to sign has a name or a reason
Waivable: no
"""


def check(to_sign, definitions, record):
    people = {rule.role: rule.person for rule in definitions.signers}
    for signer in to_sign:
        path = people.get(signer.role, "")
        if signer.name or signer.reason_absent or _is_asked_elsewhere(signer, path, record):
            continue
        who = f"“{signer.label}” has a place to sign"
        if path in definitions.fields and not definitions.fields[path].derived:
            yield path, f"is blank, and {who}. Fill it in, or give the reason on the sheet Signers."
        else:
            yield "signers", f"{who} but neither a name nor a reason why not. Type one of them on the sheet Signers."


def _is_asked_elsewhere(signer, path, record):
    """A person without a name, and a clinician without a supervisor, are reported on the sheet Staff."""
    return record.get(path) is not None or (signer.role == "supervisor" and record.get("episode.supervisor") is None)
