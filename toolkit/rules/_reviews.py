"""What rules on the progress in a review share."""

import re

_GOES_ON = re.compile(
    r"^\W*(?:(?:we|the|client|patient|he|she|they|will|to|plan|plans|therapy|treatment|should|is|and)\b\W*)*"
    r"(?:go(?:es)? on|continu\w+|keep\w*|maintain\w*|remain\w*|stay\w*|no changes?|not chang\w+|unchanged|monitor\w*|"
    r"as (?:planned|before|is)|carry on|same)\b",
    re.I,
)
_FOLLOWS = re.compile(
    r"\b(?:add\w*|new|next|(?<!no )(?<!not )chang\w+|instead|switch\w*|replac\w+|mov(?:e|es|ed|ing)|rais\w+|"
    r"increas\w+|lower\w*|reduc\w+|double\w*|twice|thrice|more often|more visits|refer\w*|consult\w*|call\w*|"
    r"meet\w*|ask\w*|start\w*|begin\w*|try|trial|stop\w*|clos\w+|discharg\w+|end|ends|ended|finish\w*|complet\w+|"
    r"step\w* down|taper\w*|monthly|every other|fewer|less often|spac\w+|relapse|prevent\w+|booster|retir\w+|drop\w*|"
    r"shorten\w*|length\w+|extend\w*|smaller|larger|break\w*|prescriber|psychiatr\w+|medic\w+|dose|family|until|"
    r"held|hold)\b",
    re.I,
)


def rated(record, day):
    """Yield (rating, its objective, its rating at the review before or None) of the review of ``day``.

    A rating that names no review is of it where there is no other.
    """
    days = sorted({row.date for row in record.all("review") if row.date})
    before = [one for one in days if one < day]
    objectives = {row.id: row for row in record.all("objectives")}
    rows = record.all("progress")
    for row in rows:
        of = row.review_date or (day if days == [day] else None)
        objective = objectives.get(row.objective)
        if of == day and objective is not None:
            last = [one for one in rows if before and one.review_date == before[-1] and one.objective == row.objective]
            yield row, objective, (last[0] if last else None)


def review_of(record, day):
    """Return the review that was held on ``day``, or None."""
    return next((row for row in record.all("review") if row.date == day), None)


def goes_on(decision):
    """Tell whether a decision says no more than that everything goes on as it is."""
    return bool(decision) and bool(_GOES_ON.search(decision)) and not _FOLLOWS.search(decision)


def gain(start, end, objective):
    """Return by how much ``end`` is better than ``start``; None where that cannot be said."""
    if start is None or end is None or objective.direction not in ("lower", "higher"):
        return None
    if start.comparison != "=" or end.comparison != "=":
        return None
    change = end.number - start.number
    return -change if objective.direction == "lower" else change
