"""A cell shows an error of Excel.

Why it matters: what was meant cannot be known; #N/A or #REF! in a plan helps nobody.
Example:
    # #REF! in the column Baseline
    [[facts]]
    kind = "error_cell"
    sheet = "Objectives"
    cell = "E2"
    path = "objectives.baseline"
    show = { typed = "#REF!" }
Use instead:
    # 12 in the column Baseline
    facts = []
Source: our own
Waivable: no
"""


def check(error_cell):
    yield "field", "shows an error of Excel. Correct the formula, or type the answer."
