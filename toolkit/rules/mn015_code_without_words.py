"""A diagnosis is a code without its name.

Why it matters: the client and the reviewer read the plan, and a slip in a bare code is seen by nobody.
Example:
    [plan]
    primary_diagnosis = "F32.1"
Use instead:
    [plan]
    primary_diagnosis = "F32.1 Major depressive disorder, single episode, moderate"
Source: our own
Level: warning
Documents: treatment_plan
"""

import re

_CODE_ALONE = re.compile(r"[A-TV-Z]\d[0-9AB](\.[0-9A-Z]{1,4})?\W*")


def check(plan):
    for name in ("primary_diagnosis", "other_diagnoses"):
        typed = plan.get(name) or ()
        if any(map(_CODE_ALONE.fullmatch, [typed] if isinstance(typed, str) else typed)):
            yield name, "bears no name. Type the description behind the code, like F41.0 Panic disorder."
