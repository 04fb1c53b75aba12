"""A cell cannot be read as the answer that is asked for.

Why it matters: a date or a number that cannot be read cannot be compared, counted or printed as one.
Example:
    # “next summer” as a target date
    [[facts]]
    kind = "unreadable_cell"
    sheet = "Objectives"
    cell = "G2"
    path = "objectives.target_date"
    fault = "is not a date"
    mend = "Type it as month/day/year with four digits for the year, like 07/27/2026."
    show = { typed = "next summer" }
Use instead:
    # 07/27/2026 as the target date
    facts = []
Source: our own
Waivable: no
"""


def check(unreadable_cell):
    yield "field", f"{unreadable_cell.fault}. {unreadable_cell.mend}"
