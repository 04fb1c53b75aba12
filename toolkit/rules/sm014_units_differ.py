"""Baseline and target are given in different units.

Why it matters: from “3 a day” to “5 a week” nobody can tell how far the client has come.
Example:
    [[objectives]]
    objective = "1b"
    baseline = "3 a day"
    target = "5 a week"
Use instead:
    [[objectives]]
    objective = "1b"
    baseline = "3 a week"
Source: Utah R432-152-11
Level: warning
Documents: treatment_plan
"""

import re

_SPAN = re.compile(r"(?:\b(?:a|an|per|each|every)\s+|/\s*)(hour|day|night|week|month|session)s?\b", re.I)


def check(objective):
    start, end = (set(map(str.casefold, _SPAN.findall(score.text))) for score in (objective.baseline, objective.target))
    if start and end and start != end:
        yield "target", "is given in another unit than {baseline}. Use the same unit for both."
