"""What rules on the safety plan share."""

import re
from datetime import date

_AMERICAN = re.compile(r"\b(\d{1,2})/(\d{1,2})/(\d{4}|\d{2})\b")
_ISO = re.compile(r"\b(\d{4})-(\d{1,2})-(\d{1,2})\b")
_IN_PART = re.compile(
    r"\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|sept|oct|nov|dec)[a-z]*\.? \d|\b\d{1,2}[/-]\d{1,2}\b(?![/-]\d)", re.I
)


def raised(record, day, each):
    """Return (row, text) of the safety plan of a document where the risk that it states is raised, else nothing.

    ``each`` tells a review from a plan.
    """
    row = next((one for one in record.all("review") if one.date == day), None) if each else record.one("risk")
    level = None if row is None else row.risk_level if each else row.level
    return [(row, row.safety_plan)] if level in ("moderate", "high") and row.safety_plan else []


def latest_day(text):
    """Return the latest day that stands in ``text``; None where there is none, or one without its year."""
    rest = _ISO.sub(" ", _AMERICAN.sub(" ", text))
    if _IN_PART.search(rest):
        return None
    parts = [(year, month, of) for month, of, year in _AMERICAN.findall(text)] + _ISO.findall(text)
    found = [_day(int(year) + (2000 if len(year) < 4 else 0), int(month), int(of)) for year, month, of in parts]
    return max((one for one in found if one), default=None)


def _day(year, month, of):
    try:
        return date(year, month, of)
    except ValueError:
        return None
