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

_OF_ALL = "one row here serves all clients, and only the first is read. Delete it, or give its clients their own file."
_OF_ONE = "this client has another row here, and only the first is read. Move what is right there and delete this one."


def check(second_row):
    yield "", _OF_ALL if second_row.fault else _OF_ONE
