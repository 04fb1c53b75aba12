"""An answer held characters that no document can hold.

Why it matters: they come along when text is copied from other programs; what is left may have lost its sense.
Example:
    # a text with the control character U+0007
    [[facts]]
    kind = "removed_characters"
    sheet = "Goals"
    cell = "D2"
    path = "goals.statement"
    show = { code_points = "U+0007" }
Use instead:
    # the text without it
    facts = []
Source: our own
Level: warning
Waivable: no
"""


def check(removed_characters):
    yield "field", "held characters that no document can hold; they were left out. Read the answer once more."
