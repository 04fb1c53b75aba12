"""Columns with answers are hidden.

Why it matters: they are read like all others, which may surprise whoever hid them away.
Example:
    # the hidden column C on the sheet Plan
    [[facts]]
    kind = "hidden_columns"
    sheet = "Plan"
    cell = "C1"
    show = { columns = "C" }
Use instead:
    # the column is shown, or deleted
    facts = []
Source: our own
Level: info
Waivable: no
"""


def check(hidden_columns):
    yield "", "hidden columns were read like all others. Delete those that should not count."
