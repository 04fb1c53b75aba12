"""A discharge criterion of the plan has no result.

Why it matters: the plan said when treatment would end; the summary has to say of each criterion whether it was met.
Example:
    [plan]
    discharge_criteria = ["PHQ-9 below 10 at two visits in a row", "Back to five shifts a week for four weeks"]
    [discharge]
    criteria_results = ["PHQ-9 below 10 twice: met, 8 and 6"]
Use instead:
    [discharge]
    criteria_results = ["PHQ-9 below 10 twice: met, 8 and 6", "Five shifts a week: not met, four since June"]
Source: Florida community behavioral health handbook; Mozu 2026, section 8
Requires: Each discharge criterion has a result
Looks at: discharge.criteria_results
Documents: discharge_summary
"""


def check(discharge, plan):
    if len(discharge.criteria_results) < len(plan.discharge_criteria):
        yield (
            "criteria_results",
            "names fewer results than {plan.discharge_criteria} have lines. Add one line for each.",
        )
