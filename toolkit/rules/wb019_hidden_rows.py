"""Rows are hidden or filtered out.

Why it matters: they are read like all others, which may surprise whoever filtered them away.
Example:
    # a filter on the sheet Clients
    [[facts]]
    kind = "hidden_rows"
    sheet = "Clients"
Use instead:
    # no filter, or the rows deleted
    facts = []
Source: our own
Level: info
Waivable: no
"""


def check(hidden_rows):
    yield "", "hidden or filtered rows were read like all others. Delete those that should not count."
