"""The second review is missing, or was made by the client's own clinician.

Why it matters: a second pair of eyes is asked for where care is intensive or risk is high; one's own do not count.
Example:
    sample = "0044"
    [second_review]
    reviewer = "MK"
    [episode]
    clinician = "MK"
Use instead:
    [second_review]
    reviewer = "JR"
Source: HealthBridge 2026
Documents: treatment_plan
"""


def check(second_review, episode):
    if second_review.reviewer == episode.clinician:
        yield "reviewer", "is the client’s own clinician. Let somebody else read the plan."
