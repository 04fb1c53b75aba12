"""A discharge criterion cannot be checked.

Why it matters: “goals met”, “when stable” and “when the hours run out” tell neither client nor payer when care ends.
Example:
    [plan]
    discharge_criteria = ["When goals are met and the treatment team agrees"]
Use instead:
    [plan]
    discharge_criteria = ["PHQ-9 below 10 at two visits in a row, four weeks apart"]
Source: Mozu 2026, section 8; Colorado Medicaid chart audit
Level: warning
Documents: treatment_plan
"""

from toolkit.phrases import read
from toolkit.rules._texts import unchecked


def check(plan):
    for line in plan.discharge_criteria:
        if unchecked(read(line, state=True)):
            yield (
                "discharge_criteria",
                "holds a line that cannot be checked. Name a score, a count or a skill that holds.",
            )
            return
