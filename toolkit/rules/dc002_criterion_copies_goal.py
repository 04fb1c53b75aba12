"""A discharge criterion says the same as a goal or an objective.

Why it matters: a criterion adds how long the gain must hold before treatment ends; a copy adds nothing.
Example:
    [plan]
    discharge_criteria = ["Keep a full working week because mornings are bearable again"]
Use instead:
    [plan]
    discharge_criteria = ["A full working week, six weeks in a row"]
Source: Florida Medicaid handbook
Level: warning
Documents: treatment_plan
"""

import re

_ALIKE = 0.9
_WORD = re.compile(r"[^\W_]+")


def check(plan, goals, objectives):
    said = [_words(row.get("statement")) for row in (*goals, *objectives)]
    for line in map(_words, plan.discharge_criteria):
        if any(_are_alike(line, other) for other in said if line):
            yield "discharge_criteria", "repeats a goal. Say how long it must hold, and by which score or count."
            return


def _words(text):
    return set(_WORD.findall((text or "").casefold()))


def _are_alike(line, other):
    if min(len(line), len(other)) <= _ALIKE * max(len(line), len(other)):
        return False
    return len(line & other) > _ALIKE * len(line | other)
