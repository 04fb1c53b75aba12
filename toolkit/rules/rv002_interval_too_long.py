"""The next review is planned later than the payer or the level of care expects.

Why it matters: a plan that is reviewed too seldom runs out before anybody looks. The days are those of the payer's
    profile, with how sure they are, or of the level of care where these are fewer.
Example:
    sample = "0044"
    [plan]
    review_days = 45
Use instead:
    [plan]
    review_days = 30
Source: 42 CFR 424.24; Anthem Blue Cross California Medicaid
Level: warning
Documents: treatment_plan, plan_review
"""

from toolkit.rules._reviews import review_of


def check(plan, record, day, document, *, review_days):
    said = f"is longer than the {review_days:g} days that are expected here. Type {review_days:g} or fewer."
    if not document.each:
        if plan.review_days > review_days:
            yield "plan.review_days", said
        return
    review = review_of(record, day)
    if review is not None and review.next_date and (review.next_date - day).days > max(review_days, plan.review_days):
        yield (
            (review, "next_date"),
            f"is further away than the {review_days:g} days that are expected here. Choose an earlier day.",
        )
