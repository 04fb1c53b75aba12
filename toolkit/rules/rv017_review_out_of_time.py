"""A review is dated before its plan, or after the discharge.

Why it matters: a review looks back on a plan that is being carried out; another date makes a reader doubt the record.
Example:
    # of a review of 08/10/2026
    [discharge]
    date = "08/03/2026"
    last_service_date = "07/27/2026"
Use instead:
    [discharge]
    date = "09/28/2026"
    last_service_date = "09/21/2026"
Source: our own
Requires: Reviews lie between plan and discharge
Documents: plan_review
"""


def check(one_review, record):
    reviewed, closed = one_review.date, record.get("discharge.date")
    begun = "plan.date" if record.get("plan.version") == 1 else "episode.admission_date"  # a new plan has a new date
    if record.get(begun) and reviewed < record.get(begun):
        yield "date", f"is earlier than {{{begun}}}. Correct the one that is wrong."
    if closed and reviewed > closed:
        yield "date", "is later than {discharge.date}. Correct the one that is wrong."
