"""Two rows of which each is a document of its own bear the same date.

Why it matters: the date is what tells two reviews apart, and to which of them a rating belongs.
Example:
    # two reviews of 07/27/2026
    [[facts]]
    kind = "duplicate_date"
    sheet = "Reviews"
    cell = "B3"
    path = "review.date"
Use instead:
    # reviews of 07/27/2026 and 10/25/2026
    facts = []
Source: our own
Waivable: no
"""


def check(duplicate_date):
    yield "field", "is the same as in another row. Correct the one that is wrong, or make one row of the two."
