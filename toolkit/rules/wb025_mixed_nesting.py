"""Rows are given twice: nested, and as a list of their own.

Why it matters: the two may differ, and only a person can tell which one counts.
Example:
    # objectives inside their goals, and a list of objectives beside them
    [[facts]]
    kind = "mixed_nesting"
    pointer = "/records/0/objectives"
    path = "Objectives"
Use instead:
    # one of the two
    facts = []
Source: our own
Waivable: no
"""


def check(mixed_nesting):
    yield "", "these rows are given twice: nested, and as a list of their own. Keep one of the two."
