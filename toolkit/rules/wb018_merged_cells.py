"""Cells are merged.

Why it matters: Excel keeps the answer of the first cell only; the rows below it have none.
Example:
    # B2:B4 merged on the sheet Objectives
    [[facts]]
    kind = "merged_cells"
    sheet = "Objectives"
    cell = "B2:B4"
Use instead:
    # the cells are unmerged, and each is filled
    facts = []
Source: our own
Level: info
Waivable: no
"""


def check(merged_cells):
    yield "", "these cells are merged, and only the first one holds an answer. Unmerge them and fill each."
