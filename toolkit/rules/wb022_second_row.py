"""A client has a second row where one is read.

Why it matters: of two plans for one client only one can count, and only a person can tell which.
Example:
    # two rows of client 0042 on the sheet Plan
    [[facts]]
    kind = "second_row"
    sheet = "Plan"
    cell = "row 5"
Use instead:
    # one row
    facts = []
Source: our own
Waivable: no
"""


def check(second_row):
    yield (
        "",
        "this client has another row here, and only the first is read. Move what is right there and delete this one.",
    )
