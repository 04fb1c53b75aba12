"""A score is outside what its measure can give.

Why it matters: an impossible score makes a reviewer doubt that the measure was given at all.
Example:
    [[objectives]]
    objective = "1a"
    measure = "PHQ-9"
    baseline = 91
Use instead:
    [[objectives]]
    objective = "1a"
    baseline = 19
Source: HealthBridge 2026
Requires: Scores lie within their measure
"""

from toolkit.phrases import read
from toolkit.rules._texts import only_by_how_much


def check(record, measures):
    by_objective = {}
    for row in record.all("objectives"):
        by_objective[row.id] = row.get("measure") if row.id not in by_objective else None  # either may be meant
        yield from _outside(row, row.get("measure"), ("baseline", "target"), measures)
    for row in record.all("progress"):
        yield from _outside(row, by_objective.get(row.get("objective")), ("current",), measures)
    for row in record.all("scores"):
        yield from _outside(row, row.get("measure"), ("score",), measures)


def _outside(row, name, fields, measures):
    measure = measures.get(name)
    for field in fields if measure else ():
        score = row.get(field)
        if not score or measure.minimum <= score.number <= measure.maximum:
            continue
        if not only_by_how_much(read(score.text)):  # how much less is no score: it is told as that
            span = f"from {measure.minimum} to {measure.maximum}"
            yield (row, field), f"is not a score that this measure can give: it goes {span}. Look it up once more."
