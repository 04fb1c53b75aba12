"""The example row was left in.

Why it matters: it is recognised and left out; deleting it keeps the sheet clear.
Example:
    # the row with the client id EXAMPLE
    [[facts]]
    kind = "example_row"
    sheet = "Goals"
    cell = "row 2"
Use instead:
    # the row is deleted
    facts = []
Source: our own
Level: info
Waivable: no
"""


def check(example_row):
    yield "", "the example rows were left out. Delete them when you no longer need them."
