"""A review or a discharge says nothing that is of this client alone.

Why it matters: without a number, a date, a place, a name or the client's own words a text fits any chart.
Example:
    [[review]]
    understanding_evolved = "The client continues to work on goals and understands more about how symptoms come up"
    continued_need = "The client still experiences symptoms and needs further support to keep up the progress made"
    client_view = "The client is satisfied with how treatment goes and would like to go on with it as before"
    no_change_reason = "The client is on track"
Use instead:
    [[review]]
    continued_need = "Still misses one shift a week and wakes at four on three nights"
Source: HealthBridge 2026; MAC bulletin on cloned documentation (2011)
Level: warning
Documents: plan_review, discharge_summary
"""

import re

_JUDGED = ("understanding_evolved", "continued_need", "client_view", "changes_reason", "no_change_reason",
           "reason", "course", "condition", "client_words")  # fmt: skip
_FEW = 25
_NUMBERS = "one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|once|twice|half|every"
_DAYS = "(?:mon|tues|wednes|thurs|fri|satur|sun)days?"
_PEOPLE = (
    "mother|father|mom|dad|wife|husband|partner|sons?|daughters?|sister|brother|grand\\w+|aunt|uncle|cousin|friends?|boss|"
    "teacher|roommates?|neighbor|dog|cat"
)
_OWN = re.compile(rf"""\d|["“”«]|(?<=[a-z,;] )(?!I\b|Client\b)[A-Z]\w|\b(?i:{_NUMBERS}|{_DAYS}|{_PEOPLE})\b""")


_TEXT = (
    "and the other answers here hold no number, date, place, name or words of the client. Say what was seen and "
    "counted with this one."
)


def check(record, document, day):
    reviews = (row for row in record.all("review") if row.get("date") == day)
    for row in reviews if document.each else record.all("discharge"):
        texts = [(name, row.get(name)) for name in _JUDGED if row.get(name)]
        said = ". ".join(text for _, text in texts)
        if len(said.split()) >= _FEW and not _OWN.search(said):
            yield (row, texts[0][0]), _TEXT
