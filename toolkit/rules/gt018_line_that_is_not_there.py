"""A goal answers a symptom or an impairment that is not there.

Why it matters: the plan prints S1, S2 … before the symptoms and I1, I2 … before the impairments, so that a reader can
    follow each goal back to them; a number that leads nowhere breaks that. Told once, at the first such goal, with all
    of them: where several goals count further than there are lines, two symptoms often stand on one line.
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


_TEXT = (
    "names a line that is not on the sheet Plan. Count the symptoms there from the top as S1, S2 …, the impairments as "
    "I1, I2 …, and name those that this goal answers."
)
_SEVERAL = " Other goals do, too; see first that each symptom and impairment has a line of its own on the sheet Plan."


def check(goals, assessment):
    there = {"S": len(assessment.symptoms), "I": len(assessment.impairments)}
    lost = [(goal, [one for one in goal.get("addresses") or () if not _is_there(one, there)]) for goal in goals]
    wrong = [(goal, names) for goal, names in lost if names]
    if wrong:
        counted = ", ".join(f"{mark}1" if count == 1 else f"{mark}1–{mark}{count}" for mark, count in there.items())
        shown = "; ".join(f"{goal.row.subject}: {', '.join(names)}" for goal, names in wrong)
        text = f"{_TEXT}{_SEVERAL}" if len(wrong) > 1 else _TEXT
        yield (wrong[0][0], "addresses"), text, {"not there": shown, "there are": counted}


def _is_there(named, there):
    if named == "all":
        return True
    found = _LINES.fullmatch(named)
    return bool(found) and all(1 <= int(number) <= there[found[1].upper()] for number in found.groups()[1:] if number)
