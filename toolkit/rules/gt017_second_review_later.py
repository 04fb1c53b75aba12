"""The second review is dated after the document that it is of.

Why it matters: the second look comes before the document governs care. A document of an earlier day never prints a
    later second review; where it needs one of its own, or nothing of a later day is there, the date is a mistake.
Example:
    sample = "0044"
    [second_review]
    date = "09/14/2026"
Use instead:
    [second_review]
    date = "07/14/2026"
Source: HealthBridge 2026
Requires: Second review made by the day of the document
Looks at: second_review.date
Documents: treatment_plan, plan_review
"""


def check(second_review, day, to_sign, record):
    if second_review.date <= day:
        return
    needed = any(signer.role == "second_reviewer" for signer in to_sign)
    if needed or not any(row.date and row.date >= second_review.date for row in record.all("review")):
        yield "date", "is later than this document’s own date. Type the day on which this document was read."
