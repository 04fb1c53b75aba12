"""A sheet that is needed is missing.

Why it matters: required answers have nowhere to stand; it is said once here and not again for every client.
Example:
    # a workbook without the sheet Interventions
    [[facts]]
    kind = "missing_sheet"
    sheet = "Interventions"
    path = "Interventions"
Use instead:
    # the sheet is back, and filled in
    facts = []
Source: our own
Waivable: no
"""

from toolkit.rules._wider import wider


def check(missing_sheet):
    yield "", f"this sheet is missing from the workbook. Fill it in, in a copy of the workbook that has it: {wider()}"
