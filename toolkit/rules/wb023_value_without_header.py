"""Answers stand in a column without a name.

Why it matters: nobody can tell what they answer, so they reach no document.
Example:
    # text in column K of the sheet Goals, whose first cell is empty
    [[facts]]
    kind = "value_without_header"
    sheet = "Goals"
    cell = "K2"
Use instead:
    # the column has a name, or its cells are cleared
    facts = []
Source: our own
Level: warning
Waivable: no
"""


def check(value_without_header):
    yield "", "this column has no name, so nothing in it was used. Type its name in the header row, or clear its cells."
