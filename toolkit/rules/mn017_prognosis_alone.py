"""The expected improvement is a prognosis in one word.

Why it matters: “Prognosis: fair” says neither what will change nor why that can be expected of this client.
Example:
    [necessity]
    expected_improvement = "Prognosis: good with treatment."
Use instead:
    [necessity]
    expected_improvement = "In 2017 the same approach brought him back to full shifts in five months."
Source: HHS OIG A-02-19-01012; Noridian MBPM 6-70.1
Level: warning
Documents: treatment_plan
"""

import re

_PROGNOSIS = re.compile(r"\b(?:fair|guarded|good|excellent|poor|favorable|moderate)\b", re.I)
_FEW = 8


def check(necessity):
    text = necessity.expected_improvement
    if len(text.split()) < _FEW and _PROGNOSIS.search(text):
        yield (
            "expected_improvement",
            "is a prognosis alone. Say what will change by when, and why that can be expected.",
        )
