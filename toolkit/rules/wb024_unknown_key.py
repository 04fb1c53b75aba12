"""A key is not one that is read.

Why it matters: what stands under it would reach no document.
Example:
    # "traget_date" in a JSON file
    [[facts]]
    kind = "unknown_key"
    pointer = "/records/0/goals/0/objectives/0/traget_date"
    show = { typed = "traget_date", nearest = "target_date" }
Use instead:
    # "target_date"
    facts = []
Source: our own
Waivable: no
"""


def check(unknown_key):
    yield "", "there is no field of this name. Correct it; plankit schema lists the names."
