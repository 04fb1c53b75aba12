"""A column that is needed is missing.

Why it matters: a required answer has nowhere to stand; it is said once here and not again for every row.
Example:
    # the sheet Objectives without a column “Target date”
    [[facts]]
    kind = "missing_column"
    sheet = "Objectives"
    path = "objectives.target_date"
Use instead:
    # the column is back, and filled in
    facts = []
Source: our own
Waivable: no
"""

from toolkit.rules._wider import wider


def check(missing_column):
    yield (
        "",
        "the column {label} is missing. Add it to the header row of this sheet and fill it in, or have it added in a "
        f"copy of the workbook: {wider()}",
    )
