"""Dates as a form wants them: ``MM/DD/YYYY``, ``MMDDYYYY``, ``D MMMM YYYY``, or only a part, ``YYYY``."""

from __future__ import annotations

import re
from datetime import date

FORMAT = re.compile(r"(?:YYYY|YY|MMMM|MMM|MM|M|DD|D|[-/., ])+")
USUAL = "MM/DD/YYYY"
_PART = re.compile(r"YYYY|YY|M{1,4}|DD?")
_MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
           "December")  # fmt: skip
_SCRIPT = re.compile(r"""AFDate_(?:Format|Keystroke)Ex\(\s*["']([^"']{1,40})["']\s*\)""")
_NUMBERED = re.compile(r"AFDate_(?:Format|Keystroke)\(\s*(\d{1,2})\s*\)")
_NUMBERS = ("m/d", "m/d/yy", "mm/dd/yy", "mm/yy", "d-mmm", "d-mmm-yy", "dd-mmm-yy", "yy-mm-dd", "mmm-yy", "mmmm-yy",
            "mmm d, yyyy", "mmmm d, yyyy")  # fmt: skip
_TOLD = re.compile(r"\b(?:M{1,2}\s?[-/. ]?\s?D{1,2}\s?[-/. ]?\s?Y{2,4}|Y{4}\s?[-/.]?\s?M{2}\s?[-/.]?\s?D{2})\b")
_BY_LENGTH = {6: "MMDDYY", 8: "MMDDYYYY"}


def spelled(day: date, form: str) -> str:
    """Return ``day`` as ``form`` says; the names of months are English, whatever the computer speaks."""
    parts = {
        "YYYY": f"{day.year:04}", "YY": f"{day.year % 100:02}", "MMMM": _MONTHS[day.month - 1],
        "MMM": _MONTHS[day.month - 1][:3], "MM": f"{day.month:02}", "M": str(day.month), "DD": f"{day.day:02}",
        "D": str(day.day),
    }  # fmt: skip
    return _PART.sub(lambda found: parts[found[0]], form)


def of_script(script: str) -> str:
    """Return the format of dates that the script of a field names, empty where it names none. Nothing is run."""
    found = _SCRIPT.search(script)
    numbered = _NUMBERED.search(script)
    wanted = found[1] if found else ""
    if not found and numbered and int(numbered[1]) < len(_NUMBERS):
        wanted = _NUMBERS[int(numbered[1])]
    wanted = wanted.upper() if wanted == wanted.lower() else ""
    return wanted if FORMAT.fullmatch(wanted) else ""


def of_label(label: str) -> str:
    """Return the format of dates that a label names, as in ``DOB (MM/DD/YYYY)``; empty where it names none."""
    found = _TOLD.search(label.upper())
    return re.sub(r"\s*([-/.])\s*", r"\1", found[0]) if found else ""


def of_length(characters: int) -> str:
    """Return the format of dates that fills so many cells, empty where none does."""
    return _BY_LENGTH.get(characters, "")
