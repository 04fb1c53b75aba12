"""The risk in a review was asked about after the day of the review.

Why it matters: a review says what was known on its day; what was found later belongs to the next one.
Example:
    # of a review of 08/10/2026
    [[review]]
    risk_level = "low"
    risk_date = "08/17/2026"
Use instead:
    [[review]]
    risk_date = "08/10/2026"
Source: our own
Requires: Risk asked by the day of the review
Looks at: review.risk_date
Documents: plan_review
"""


def check(one_review):
    if one_review.risk_date > one_review.date:
        yield "risk_date", "is later than {date}. Correct the one that is wrong, or write another review."
