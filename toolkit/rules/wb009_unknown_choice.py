"""An answer is not one of those that the column takes.

Why it matters: these answers steer what is asked and checked, so a near miss must not count as one of them.
Example:
    # “moderat” as the risk level
    [[facts]]
    kind = "unknown_choice"
    sheet = "Plan"
    cell = "N2"
    path = "risk.level"
    fault = "is not one of the answers that this column takes"
    mend = "Pick one from the cell’s list."
    show = { typed = "moderat", nearest = "Moderate" }
Use instead:
    # “Moderate” as the risk level
    facts = []
Source: our own
Waivable: no
"""


def check(unknown_choice):
    yield "field", f"{unknown_choice.fault}. {unknown_choice.mend}"
