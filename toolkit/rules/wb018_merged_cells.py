"""Cells are merged.

Why it matters: Excel keeps one answer for all of them; it was read for each of the rows, as it looks.
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
    yield (
        "",
        (
            "these cells are merged, so their one answer was read for every row that they cover. If that is not meant, "
            "unmerge them (Home, Merge & Center) and fill in each row."
        ),
    )
