"""An answer is the same as another client's, or nearly.

Why it matters: a reviewer who reads one text in two charts believes neither, and takes the money for both back. A short
    text is told only where it is the same word for word; names, numbers and the words of any sentence are not compared
    in longer ones. The finding says which it is.
Example:
    # “Missed 6 of 20 shifts since March, sleeps four hours, and sits in the car for an hour before each shift” for one
    # client, and for another “Missed 9 of 22 shifts since May, sleeps five hours, and sits in the car for an hour …”
    [[facts]]
    kind = "same_text"
    sheet = "Goals"
    cell = "D3"
    path = "goals.problem"
    show = { "the same in" = "0043 and 3 more" }
Use instead:
    # what each of them said, counted and did
    facts = []
Source: Palmetto GBA; MAC bulletin on cloned documentation (2011); HealthBridge 2026; how near is our default
Level: warning
"""

_LIKE = {
    "word for word": "is word for word the same as another client’s, names apart.",
    "the same words": "has the same words as another client’s, names and numbers apart.",
    "nearly": "is nearly the same as another client’s, names and numbers apart.",
}
_MEND = "Write what is true of this one."


def check(same_text):
    if same_text.path:
        yield "field", f"{_LIKE[same_text.fault or 'nearly']} {_MEND}"
    else:
        yield (
            "",
            f"most answers of this client are nearly the same as another client’s, names and numbers apart. {_MEND}",
        )
