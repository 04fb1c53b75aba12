"""The result of a goal says something else than the numbers beside it.

Why it matters: the outcome is what the next clinician and the payer read first; “met” beside a score that is short of
    the target makes a reader doubt the whole summary. Told where the start is the baseline of one of its objectives.
Example:
    [[outcomes]]
    goal = "1"
    baseline = 19
    final = 14
    status = "met"
Use instead:
    [[outcomes]]
    goal = "1"
    status = "improved"
Source: our own
Level: warning
Documents: discharge_summary
"""

from toolkit.rules._reviews import is_against


def check(outcome, record, measures):
    start = outcome.baseline
    own = [row for row in record.all("objectives") if row.goal == outcome.goal and row.baseline == start]
    if len(own) == 1 and is_against(outcome.status, [start], outcome.final, own[0], measures):
        yield "status", "is not borne out by {baseline} and {final}. Correct the one that is wrong."
