"""Two dates contradict each other.

Why it matters: dates that cannot all be true make a reviewer doubt the whole record.
Example:
    [episode]
    admission_date = "05/04/1926"
Use instead:
    [episode]
    admission_date = "05/04/2026"
Source: Palmetto GBA; Centene record policy
Requires: Dates agree with one another
"""

_PAIRS = (
    # the field whose cell is named, the one that it is held against, and whether it must not be later or earlier
    ("client.date_of_birth", "episode.admission_date", "later"),
    ("risk.date", "plan.date", "later"),  # what was found later belongs to a review
    ("discharge.date", "episode.admission_date", "earlier"),
    ("discharge.date", "plan.date", "earlier"),
    ("discharge.last_service_date", "discharge.date", "later"),
    ("discharge.last_service_date", "episode.admission_date", "earlier"),
)


def check(record):
    for path, other, wrong in _PAIRS:
        mine, theirs = record.get(path), record.get(other)
        if mine and theirs and (mine > theirs if wrong == "later" else mine < theirs):
            yield path, f"is {wrong} than {{{other}}}. Correct the one that is wrong."
