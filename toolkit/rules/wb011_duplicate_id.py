"""Two rows bear the same id.

Why it matters: whatever points to that id points to two rows.
Example:
    # two goals with the number “1”
    [[facts]]
    kind = "duplicate_id"
    sheet = "Goals"
    cell = "B3"
    path = "goals.goal"
    show = { typed = "1", nearest = "1" }
Use instead:
    # goals “1” and “2”
    facts = []
Source: our own
Waivable: no
"""


def check(duplicate_id):
    yield "field", "is the same as in another row (capitals and spaces do not count). Give this row one of its own."
