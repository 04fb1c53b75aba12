"""A sheet with rows of clients is hidden.

Why it matters: it is read like all others, which may surprise whoever hid it away.
Example:
    # the hidden sheet Plan
    [[facts]]
    kind = "hidden_sheet"
    sheet = "Plan"
Use instead:
    # the sheet is shown, or deleted
    facts = []
Source: our own
Level: info
Waivable: no
"""


def check(hidden_sheet):
    yield "", "this sheet is hidden, and was read like all others. Delete it if it should not count."
