"""A trigger is named without what the client and others do about it.

Why it matters: “loud noises” helps nobody in the waiting room; who does what when it comes is what keeps it bearable.
Example:
    pack = "trauma"
    [trauma]
    triggers = ["Loud noises"]
Use instead:
    [trauma]
    triggers = ["Closing doors: startles. Sits near the exit; staff say when they close one"]
Source: SAMHSA TIP 57
Level: warning
Documents: treatment_plan
"""

import re

_FEW = 4


def check(trauma):
    for line in trauma.triggers:
        if len(re.findall(r"\w+", line)) < _FEW:
            yield "triggers", "holds one without a plan. Add what happens then, and what the client and staff do."
            return
