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


def rated(record, day, *ratings):
    """Yield (rating, its objective, its rating at the review before or None) of the review of ``day``.

    With ``ratings`` only those. A rating that names no review is of it where there is no other.
    """
    rows = record.all("progress")
    own = [row for row in rows if row.review_date in (day, None) and (not ratings or row.rating in ratings)]
    if not own:
        return
    days = sorted({row.date for row in record.all("review") if row.date})
    before = max((one for one in days if one < day), default=None)
    last = {row.objective: row for row in reversed(rows) if before and row.review_date == before}
    objectives = {row.id: row for row in record.all("objectives")}
    for row in own:
        if row.objective in objectives and (row.review_date or days == [day]):
            yield row, objectives[row.objective], last.get(row.objective)


def review_of(record, day):
    """Return the review that was held on ``day``, or None."""
    return next((row for row in record.all("review") if row.date == day), None)


def unchanged(record, day, rating):
    """Yield as `rated` does what was rated so and goes on as before, where the review of ``day`` changes nothing."""
    review = review_of(record, day)
    if review is not None and not review.changes:
        yield from (one for one in rated(record, day, rating) if goes_on(one[0].decision))


def goes_on(decision):
    """Tell whether a decision says no more than that everything goes on as it is."""
    return bool(decision) and bool(_GOES_ON.search(decision)) and not says_what_follows(decision)


def says_what_follows(text):
    """Tell whether ``text`` names a next step: something new, more or less of it, or its end."""
    return bool(text) and bool(_FOLLOWS.search(text))


def is_against(said, starts, now, objective, measures):
    """Tell whether a score or count ``now`` bears out from none of ``starts`` what is ``said``: met, improved, worse …

    The same is said wrongly only where a measure's change is beyond chance; nothing is told of what cannot be compared.
    """
    gains = [found for start in starts if (found := _gain(start, now, objective)) is not None]
    if not gains:
        return False
    if said == "improved":
        return max(gains) < 0
    if said == "worse":
        return min(gains) > 0
    if said == "met":
        return _is_short_of(objective.target, now, objective)
    measure = measures.get(objective.measure)
    sure = measure.reliable_change if measure else None
    return said == "same" and sure is not None and min(map(abs, gains)) >= sure


def _gain(start, end, objective):
    """Return by how much ``end`` is better than ``start``; None where that cannot be said."""
    if start is None or end is None or objective.direction not in ("lower", "higher"):
        return None
    if start.comparison != "=" or end.comparison != "=":
        return None
    change = end.number - start.number
    return -change if objective.direction == "lower" else change


def _is_short_of(target, now, objective):
    if target is None:
        return False
    if objective.direction == "lower":
        return now.number > (target.upper or target.number)
    return now.number < target.number
