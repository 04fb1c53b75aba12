"""What is typed does not count as an answer.

Why it matters: “n/a”, “tbd” or a dash tell a reviewer nothing, so they count as blank.
Example:
    # “tbd” in a column that is not required
    [[facts]]
    kind = "not_an_answer"
    sheet = "Plan"
    cell = "T2"
    path = "plan.coordination"
    show = { typed = "tbd" }
Use instead:
    # an answer, or a blank cell
    facts = []
Source: our own
Level: info
Waivable: no
"""


def check(not_an_answer):
    yield "field", "holds something that counts as blank. Type an answer, or clear the cell."
