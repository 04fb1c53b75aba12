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

from toolkit.rules._diagnoses import CODE, typed

_CODE_ALONE = re.compile(CODE.pattern + r"\W*")


def check(plan):
    for name in {name: None for name, text in typed(plan) if _CODE_ALONE.fullmatch(text)}:
        yield name, "bears no name. Type the description behind the code, like F41.0 Panic disorder."
