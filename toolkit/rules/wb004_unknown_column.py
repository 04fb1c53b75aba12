"""A column is not one that is read.

Why it matters: what stands in it reaches no document, and nobody would notice.
Example:
    # a column “Remarks” on the sheet Goals
    [[facts]]
    kind = "unknown_column"
    sheet = "Goals"
    cell = "K1"
    show = { typed = "Remarks" }
Use instead:
    # the column is gone, or has the name of one that is read
    facts = []
Source: our own
Level: warning
Waivable: no
"""


def check(unknown_column):
    yield "", "nothing in this column was used: it is not one that is read. Delete it, or correct its name."
