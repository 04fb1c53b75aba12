"""A text is made of stock phrases.

Why it matters: sentences that stand in every plan of a clinic read as copied, and then none of them is believed.
Example:
    [[goals]]
    goal = "1"
    statement = "Goals are specific, measurable, achievable, relevant and time-bound, in the least restrictive setting"
Use instead:
    [[goals]]
    goal = "1"
    statement = "Works all his shifts again"
Source: Palmetto GBA; HealthBridge 2026; Mozu 2026
Level: warning
Documents: treatment_plan
"""

from toolkit.phrases import read
from toolkit.rules._texts import boilerplate

_JUDGED = (
    ("goals", ("statement",)),
    ("objectives", ("statement",)),
    ("interventions", ("action",)),
    ("necessity", ("why_treatment_now", "expected_improvement")),
    ("plan", ("discharge_criteria",)),
    ("level_of_care", ("justification", "less_intensive_considered")),
)


def check(record):
    for section, names in _JUDGED:
        for row in record.all(section):
            for name in names:
                value = row.get(name)
                text = "\n".join(value) if isinstance(value, tuple) else value
                if text and boilerplate(read(text)):
                    yield (row, name), "is made of phrases that stand in every plan. Write what is true of this client."
