"""A stock phrase stands where a signer’s name or reason belongs.

Why it matters: “signature on file” and a stamp are no signature; payers took back payments for them. A name is the
    name of the person who signs; a reason says why this person does not sign this document.
Example:
    [[signers]]
    role = "client"
    reason_absent = "Signature on file"
Use instead:
    [[signers]]
    role = "client"
    reason_absent = "Agreed on video on 05/11/2026; signs at the next visit"
Source: CGS signature guidelines; OIG A-02-19-01012
Level: warning
"""

import re

_STOCK = re.compile(
    r"\b(?:signatures?|sig\.?|consent) (?:is |are )?on (?:file|record)\b|\bSOF\b|"
    r"\b(?:signature |rubber )?stamp(?:ed)?\b|"
    r"^\W*(?:on|see) (?:file|chart|record|above|EHR|system)\W*$",
    re.I,
)


def check(signer):
    for name in ("name", "reason_absent"):
        if _STOCK.search(signer.get(name) or ""):
            yield name, "is a phrase that stands for no signature. Type who signs, or why this person does not."
