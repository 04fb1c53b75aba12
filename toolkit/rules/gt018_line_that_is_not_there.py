"""A goal answers a symptom or an impairment that is not there.

Why it matters: the plan prints S1, S2 … before the symptoms and I1, I2 … before the impairments, so that a reader can
    follow each goal back to them; a number that leads nowhere breaks that.
Example:
    [[goals]]
    goal = "1"
    addresses = "S1, S9"
Use instead:
    [[goals]]
    goal = "1"
    addresses = "S1, S2, I1"
Source: HealthBridge 2026; Mozu 2026, golden thread
Requires: Goals answer symptoms and impairments on the plan
Documents: treatment_plan
"""

import re

_LINES = re.compile(r"([SI])\s*(\d+)(?:\s*[-–]\s*\1?\s*(\d+))?", re.I)


def check(goal, assessment):
    there = {"S": len(assessment.symptoms), "I": len(assessment.impairments)}
    if not all(one == "all" or _is_there(one, there) for one in goal.addresses):
        shown = ", ".join(f"{mark}1" if count == 1 else f"{mark}1–{mark}{count}" for mark, count in there.items())
        yield (
            "addresses",
            (
                "names a line that is not on the sheet Plan. Count the symptoms there from the top as S1, S2 …, the "
                "impairments as I1, I2 …, and name those that this goal answers."
            ),
            {"there are": shown},
        )


def _is_there(named, there):
    found = _LINES.fullmatch(named)
    return bool(found) and all(1 <= int(number) <= there[found[1].upper()] for number in found.groups()[1:] if number)
