"""A review says what the one before it said.

Why it matters: a text that repeats from review to review shows no progress and no look at the client.
Example:
    # two reviews; the second one says of the days since what the first one said
    [[review]]
    continued_need = "Still misses one shift a week and wakes at four on most nights, by sleep log and pay slips"
    [[review]]
    date = "09/21/2026"
    kind = "scheduled"
    understanding_evolved = "Sunday dread comes before the bad nights, not after them"
    continued_need = "Still misses two shifts a week and wakes at four on most nights, by sleep log and pay slips"
    client_view = "“I dread Sundays.”"
    no_change_reason = "The next step was taken a week early"
    [[progress]]
    [[progress]]
    [[progress]]
    [[progress]]
    review_date = "09/21/2026"
    objective = "1a"
    current = 15
    rating = "improved"
    evidence = "PHQ-9 of 09/20/2026"
    decision = "Goes on"
    [[progress]]
    review_date = "09/21/2026"
    objective = "1b"
    current = 3
    rating = "improved"
    evidence = "Sleep log"
    decision = "Goes on"
    [[progress]]
    review_date = "09/21/2026"
    objective = "2a"
    current = 1
    rating = "improved"
    evidence = "Told by his wife"
    decision = "Goes on"
Use instead:
    [[review]]
    [[review]]
    continued_need = "Two full weeks at work; on Sundays he still lies awake till four and calls his sister"
Source: Palmetto GBA; Independence Blue Cross on cloned notes; HealthBridge 2026; how near is our default
Level: warning
Documents: plan_review
"""

from toolkit.clones import Names, alike, in_order, said

_NEARLY = 90
_FEW = 8
_STANDING = ("safety_plan",)  # what holds still is said again


def check(one_review, record):
    day = one_review.date
    before = [row for row in record.all("review") if row.get("date") and row.date < day]
    if not before:
        return
    last, names = max(before, key=lambda row: row.date), Names.of(record)
    for name, field in one_review.row.section.by_name.items():
        text, other = one_review.get(name), last.get(name)
        if field.kind == "long" and name not in _STANDING and text and other:
            words = said(text, names.left_out)
            if len(words) >= _FEW and alike(in_order(words), in_order(said(other, names.left_out)), _NEARLY):
                yield name, "is nearly the same as in the review before. Write what was seen and counted since."
