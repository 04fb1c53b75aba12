"""An id points to a row that is not there.

Why it matters: an objective without its goal, or a clinician who is not on the staff list, cannot be printed.
Example:
    # goal “7” in a plan with two goals
    [[facts]]
    kind = "unknown_id"
    sheet = "Objectives"
    cell = "B2"
    path = "objectives.goal"
    show = { typed = "7", there_are = "1, 2", nearest = "1" }
Use instead:
    # goal “1”
    facts = []
Source: our own
Waivable: no
"""

_TEXT = (
    "no {other} has the {id} that is typed under {label}. Type one that stands on the sheet {other_sheet}, or add the "
    "row there."
)


def check(unknown_id):
    yield "", _TEXT
