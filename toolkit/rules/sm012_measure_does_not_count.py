"""The objective counts something that its measure does not count.

Why it matters: a scale tells how severe a condition is; how many attacks or nights there were, only counting tells.
Example:
    [[objectives]]
    objective = "1a"
    statement = "Has no more than 2 panic attacks a week"
    measure = "GAD-7"
    baseline = 16
    target = 9
Use instead:
    [[objectives]]
    objective = "1a"
    measure = "count"
    baseline = 4
    target = 1
    unit = "attacks a week"
    counted_by = "Client, panic log"
Source: Mozu 2026, section 5; HealthBridge 2026
Level: warning
Documents: treatment_plan
"""

import re

from toolkit.phrases import read
from toolkit.rules._texts import counts_by_scale

_COUNTS = re.compile(
    r"\d+\s+(?:\w+\s+)?(?:attacks?|episodes?|hours?|nights?|meals?|drinks?|calls?|outbursts?|absences?|incidents?|times)"
    r"\s+(?:a|per|each|every)\b",
    re.I,
)
# What is done to get there, "by practicing 3 times a week", is no result.
_MEANS = re.compile(r"\bby (?:\w+ly )?\w+ing\b[^,.;]*", re.I)


def check(objective, measures):
    if measures.get(objective.measure) and _COUNTS.search(_MEANS.sub("", objective.statement)):
        yield "measure", "does not count what {statement} counts. Pick Count, or make two objectives of it."
    elif counts_by_scale(read(objective.statement)):
        yield (
            "statement",
            "has a scale count something. A scale gives a score: say who counts, and where it is written.",
        )
