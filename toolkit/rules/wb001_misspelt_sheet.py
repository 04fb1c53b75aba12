"""A sheet’s name is misspelt.

Why it matters: the answers are read all the same, but the next person may not find the sheet, or may add a second one.
Example:
    # a sheet called “Gaols”
    [[facts]]
    kind = "misspelt_sheet"
    sheet = "Gaols"
    path = "Goals"
    show = { typed = "Gaols", nearest = "Goals" }
Use instead:
    # the sheet is called “Goals”
    facts = []
Source: our own
Waivable: no
"""


def check(misspelt_sheet):
    yield "", "the name of this sheet is misspelt; it was read as “{sheet}”. Correct the name on its tab."
