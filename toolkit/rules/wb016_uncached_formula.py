"""A formula’s result was never calculated.

Why it matters: a program wrote the workbook and Excel never opened it, so the cell looks empty.
Example:
    # =TODAY()+90 in a workbook that Excel never saved
    [[facts]]
    kind = "uncached_formula"
    sheet = "Objectives"
    cell = "G2"
    path = "objectives.target_date"
Use instead:
    # the workbook was opened and saved in Excel, or the date is typed
    facts = []
Source: our own
Waivable: no
"""


def check(uncached_formula):
    yield "field", "is a formula that was never calculated. Open the workbook in Excel and save it, or type the answer."
