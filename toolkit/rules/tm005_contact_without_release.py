"""Somebody outside the clinic is named, and nothing is said of a release.

Why it matters: whom the clinic may talk with, since when and about what, is asked in every record review; where the
    client does not want it, that is the answer. The words are looked for, so it is a warning.
Example:
    [plan]
    coordination = "Dr. L. Haddad (primary care) prescribes sertraline; we send the PHQ-9 after each fourth visit."
Use instead:
    [plan]
    coordination = "Dr. L. Haddad (primary care), release of 05/04/2026: we send the PHQ-9 after each fourth visit."
Source: Magellan 2024; Anthem Blue Cross California Medicaid
Level: warning
Documents: treatment_plan
"""

import re

_OUTSIDE = re.compile(
    r"\bDr\.? [A-Z]|\bPCP\b|\b(?i:primary care|pediatrician|family (?:doctor|physician)|internist|neurolog\w+|employer|"
    r"probation officer|school counselor|psychiatrist)\b"
)
_SAID = re.compile(
    r"\breleas\w*|\bconsent\w*|\bROI\b|\bauthori[sz]\w*|\bsigned\b|\bpermission|\bmay (?:talk|call|know)|\bdeclin\w*|"
    r"\brefus\w*|\bno contact|\bnot (?:to be |be )?(?:told|informed|asked)|\bwish\w*|\bchoice\b|\bchose\w*|"
    r"\bin[- ]house|\b(?:within|in|of) (?:this|same|our|the) (?:clinic|program)\b|\bshared chart|\bcustod\w*|\bcourt\b|"
    r"\bguardian\w*|\bby law\b|\bPart 2\b|\bCFR\b",
    re.I,
)


def check(plan):
    if _OUTSIDE.search(plan.coordination) and not _SAID.search(plan.coordination):
        yield (
            "coordination",
            "names somebody outside the clinic and says nothing of a release. Add its date and what it covers, or that "
            "the client does not want it.",
        )
