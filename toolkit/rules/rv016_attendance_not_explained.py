"""The client came to fewer than half of the sessions, and the review does not say why.

Why it matters: low attendance asks for an answer: another hour, another way to come, another plan.
Example:
    sample = "0043"
    events = []
    [[sessions]]
    date = "06/15/2026"
    service_code = "90834"
    minutes = 45
    objectives = "1a, 1b, 2a, 3a"
    attended = "no"
    [[sessions]]
    date = "06/17/2026"
    service_code = "90832"
    minutes = 30
    objectives = "1a, 1b, 2a, 3a"
    attended = "no"
    [[sessions]]
    date = "06/22/2026"
    service_code = "90834"
    minutes = 45
    objectives = "1a, 1b, 2a, 3a"
    attended = "no"
    [[sessions]]
    date = "06/29/2026"
    service_code = "90834"
    minutes = 45
    objectives = "1a, 1b, 2a, 3a"
    attended = "no"
    [[sessions]]
    date = "07/06/2026"
    service_code = "90834"
    minutes = 45
    objectives = "1a, 1b, 2a, 3a"
    attended = "no"
    [[sessions]]
    date = "07/13/2026"
    service_code = "90834"
    minutes = 45
    objectives = "1a, 1b, 2a, 3a"
    attended = "yes"
    [[sessions]]
    date = "07/15/2026"
    service_code = "90832"
    minutes = 30
    objectives = "1a, 1b, 2a, 3a"
    attended = "yes"
    [[sessions]]
    date = "07/20/2026"
    service_code = "90834"
    minutes = 45
    objectives = "1a, 1b, 2a, 3a"
    attended = "yes"
    [[sessions]]
    date = "07/22/2026"
    service_code = "90832"
    minutes = 30
    objectives = "2a"
    attended = "no"
    [[review]]
    attendance = ""
Use instead:
    [[review]]
    attendance = "7 planned, 2 kept; the bus line was closed until 07/01, visits by video since"
Source: Colorado chart audit; the share is our default
Level: warning
Documents: plan_review
"""

from toolkit.rules import _sessions as log

_TEXT = (
    "is blank, and the client came to fewer than half of the sessions in the log. Say how many were planned and kept, "
    "and why."
)


def check(one_review, record, sessions, plan):
    if not sessions or one_review.get("attendance"):
        return
    rows = log.dated(sessions, log.begun(one_review, record.all("review"), plan), one_review.date)
    told = [row.get("attended") for row in rows if row.get("attended") is not None]
    if len(told) >= 4 and told.count(True) * 2 < len(told):
        yield "attendance", _TEXT, {"sessions kept": f"{told.count(True)} of {len(told)}"}
