"""A column stands twice on a sheet.

Why it matters: two cells of one row then answer one question, and only a person can tell which one counts.
Example:
    # two columns “Target” on the sheet Objectives
    [[facts]]
    kind = "double_column"
    sheet = "Objectives"
    cell = "K1"
    path = "objectives.target"
Use instead:
    # one column “Target”
    facts = []
Source: our own
Waivable: no
"""


def check(double_column):
    yield "", "{label} stands here twice, and only one of the two can count. Keep the right one, and delete the other."
