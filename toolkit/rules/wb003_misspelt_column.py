"""A column’s name is misspelt.

Why it matters: the answers are read all the same, but the header no longer says what is asked.
Example:
    # the header of column G is “Traget date”
    [[facts]]
    kind = "misspelt_column"
    sheet = "Objectives"
    cell = "G1"
    path = "objectives.target_date"
    show = { typed = "Traget date", nearest = "Target date" }
Use instead:
    # the header is “Target date”
    facts = []
Source: our own
Waivable: no
"""


def check(misspelt_column):
    yield "", "the name of this column is misspelt; it was read as {label}. Correct it in the header row."
