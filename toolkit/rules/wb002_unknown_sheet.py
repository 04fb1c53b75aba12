"""A sheet is not one that is read.

Why it matters: what stands on it reaches no document, and nobody would notice.
Example:
    # a sheet called “Notes to self”
    [[facts]]
    kind = "unknown_sheet"
    sheet = "Notes to self"
Use instead:
    # the sheet is gone, or has the name of one that is read
    facts = []
Source: our own
Level: warning
Waivable: no
"""


def check(unknown_sheet):
    yield "", "nothing on this sheet was used: it is not one that is read. Delete it, or correct its name."
