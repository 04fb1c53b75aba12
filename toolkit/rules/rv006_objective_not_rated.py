"""A review leaves an objective without a rating, or rates it twice.

Why it matters: a review says of each objective how it stands; one that is left out looks forgotten.
Example:
    [[progress]]
    objective = "1b"
Use instead:
    [[progress]]
    objective = "1a"
Source: 42 CFR 482.61; HealthBridge 2026
Documents: plan_review
"""


def check(one_review, objectives, progress):
    rows = [row for row in progress if row.get("review_date") in (one_review.date, None)]
    if not rows:
        yield one_review, "no objective is rated in it. Add a row for each on the sheet Progress."
        return
    own = [row for row in rows if row.get("review_date")]  # another one may be of a review whose date is missing
    for number, row in enumerate(own):
        if row.get("objective") and row.get("objective") in {other.get("objective") for other in own[:number]}:
            yield (row, "objective"), "is rated in this review already. Keep one row of the two."
    # A row that names no objective may be the one that is missed; its blank is reported where it stands.
    rated = {row.get("objective") for row in rows}
    for objective in objectives:
        if objective.get("status") in ("active", None) and not rated & {objective.id, None}:
            yield objective, "the review does not say how it stands. Add a row for it on the sheet Progress."
