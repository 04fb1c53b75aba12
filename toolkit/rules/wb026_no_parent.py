"""A row does not say to which of several rows it belongs.

Why it matters: an objective has to stand under its goal, and with several goals nobody can guess which.
Example:
    # an objective without a goal number, in a plan with two goals
    [[facts]]
    kind = "no_parent"
    sheet = "Objectives"
    cell = "B2"
    path = "objectives.goal"
Use instead:
    # goal “1”
    facts = []
Source: our own
Waivable: no
"""


def check(no_parent):
    yield "field", "is blank, and this row could belong to more than one. Type the one that is meant."
