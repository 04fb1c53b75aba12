"""One short function a kind: what a cell holds becomes a value; `show` says how a value stands on paper."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import date as Date
from datetime import datetime, time, timedelta
from decimal import Decimal
from functools import cache
from itertools import pairwise
from typing import Any, NamedTuple

from toolkit import reference
from toolkit.model import Chosen, Field, Score
from toolkit.text import NOT_YET, canonical, forbidden, identifier, is_answer, key, nearest, visible

Raw = str | int | float | Decimal | bool | Date | datetime | time | timedelta | list[Any] | tuple[Any, ...] | None
"""What a reader hands over: a cell or a JSON value."""


class Unreadable(NamedTuple):
    """Why a raw value is not of its kind: the fault and the mend in everyday words, without the value itself."""

    fault: str
    mend: str
    nearest: str = ""


Reader = Callable[[str, Field], Any]
KINDS: dict[str, Reader] = {}

_DATE_FORMATS = ("%m/%d/%Y", "%Y-%m-%d", "%m-%d-%Y", "%m.%d.%Y", "%B %d, %Y", "%b %d, %Y", "%B %d %Y", "%d %B %Y",
                 "%d %b %Y", "%b %d %Y", "%Y/%m/%d")  # fmt: skip
_SHORT_YEAR = re.compile(r"(\d{1,2}/\d{1,2}/)([0-4]\d)")
YEARS = range(1900, 2200)
"""The years in which a date can lie."""
MOST, MOST_SCORE = 10**6, 10**9
"""What numbers stay below: counts of weeks, minutes and days; scores."""
_NUMBER = re.compile(r"[-+]?(?:\d{1,3}(?:,\d{3})+(?!\d)|\d+)(?:\.\d+)?|[-+]?\.\d+")
# Of the digits in a score those of a name (PHQ-9, A1C) are no number of their own.
_SCORE = re.compile(
    r"(?:(?<![\w)])[-+])?(?<![\w.])(?<![^\W\d_]-)(?:(?:\d{1,3}(?:,\d{3})+(?!\d)|\d+)(?:\.\d+)?|\.\d+)(?!e[-+]?\d)", re.I
)
# A half as ½ or 1 1/2, and a comma for a point: the first number in it is not the number that is meant.
_ODD_NUMBER = re.compile(r"[¼-¾⅐-⅞]|\d\s+\d/\d(?!\d)|\d,\d{1,2}(?!\d)|\d,\d{4}")
_COMPARISONS = (
    (re.compile(r"<=|=<|≤|\bat most\b|\b(?:no|not) (?:more|higher|greater|above|over)\b|\bup to\b|\bmaximum\b"
                r"|\bor (?:less|fewer|lower|below|under)\b", re.I), "<="),
    (re.compile(r">=|=>|≥|\bat least\b|\b(?:no|not) (?:less|fewer|lower|below|under)\b|\bminimum\b"
                r"|\bor (?:more|higher|greater|above|over)\b", re.I), ">="),
    (re.compile(r"<|\bbelow\b|\bunder\b|\b(?:less|fewer|lower) than\b", re.I), "<"),
    (re.compile(r">|\babove\b|\bover\b|\b(?:more|greater|higher) than\b", re.I), ">"),
)  # fmt: skip
_RANGE = re.compile(r"\d\s*(?:-|–|—|\bto\b)\s*\d", re.I)
_BESIDE = re.compile(r"[\s'’ʼ`]+")
_GOES_ON = re.compile(r"[.,]?\d")
_ITEMS = re.compile(r"\(?\b\d+[- ]items?\b\)?", re.I)
_MARKED = re.compile(r"([•·▪◦‣*]|[-–](?!\s+[.,]?\d))\s+(?=\S)")
"""The mark of a list before a line; a minus before a number is none."""
_NUMBERED = re.compile(r"(\(?)(\d{1,3})([.)]\s+)(?=\S)")
_LIST_BREAK = re.compile(r"[,;\n]| and ")
_MONTH = "(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)"
_DATE_IN_SCORE = re.compile(
    rf"(?<!\d)\d{{1,4}}([-/.])\d{{1,2}}\1\d{{1,4}}(?!\d)(?:T[\d:.]+)?|\b{_MONTH}[a-z]*\.? \d{{1,2}},? \d{{4}}"
    rf"|\b\d{{1,2}} {_MONTH}[a-z]*\.?,? \d{{4}}",
    re.I,
)
# What Excel shows, and saves as CSV, where it took 1-2, MAR1 and 1E5 for a day, a month and a number.
_EXCEL_MADE = re.compile(rf"\d{{1,2}}-{_MONTH}|{_MONTH}-\d{{2}}|-?\d(?:\.\d*)?E[+-]\d{{2,3}}", re.I)
_KEPT_BY_EXCEL = 10**15
_AS_TEXT = "Format the cell as text, and type the answer again."
_MADE_BY_EXCEL = Unreadable("was changed by Excel into a date or a number", _AS_TEXT)
_IF_EXCEL = "Where Excel made a date of it, format the cell as text first."
_SHORT, _MOST_KNOWN = 40, 128
"""Cells of so many characters are remembered, so many of a column."""
_FEW = 7
"""How many answers of a choice are named where none of them was typed."""
_NOR = {"text": NOT_YET, "long": NOT_YET, "lines": NOT_YET, "code": (*NOT_YET, "unknown", "not known")}
"""What is no answer in these kinds; “unknown” may well be one in words, and the other kinds tell what is not theirs."""
_NO_DATES = ("number", "integer", "score", "code", "ref", "refs")
"""The kinds that a date or a time is never an answer to."""


def _kind(function: Reader) -> Reader:
    name = function.__name__.removesuffix("_")
    assert name not in KINDS, name  # noqa: S101 - a programmer's mistake, found on import
    KINDS[name] = function
    return function


def read(raw: Raw, field: Field) -> Any:
    """Return ``raw`` as a value of the field's kind, None where it is blank, or `Unreadable`.

    Values by kind: text, long, code, ref: str · lines: tuple of str · date: date · number: Decimal · integer: int ·
    yes_no: bool · choice: `Chosen` · refs: tuple of ids (``("all",)`` for all) · score: `Score`.
    """
    if raw is None:
        return None
    if isinstance(raw, Date) and field.kind == "date":  # a datetime is a Date too
        return _within(raw.date() if isinstance(raw, datetime) else raw)
    text = as_text(raw)
    if not is_answer(text, field.none_is_answer, _NOR.get(field.kind, ())):
        return None
    return _changed_by_excel(raw, text, field) or KINDS[field.kind](text, field)


class Column:
    """The cells of one field, read one after another; short answers, which most clients share, are read once."""

    def __init__(self, field: Field) -> None:
        self.field = field
        self._known: dict[tuple[type, Raw], tuple[tuple[str, ...], Any]] = {}

    def read(self, raw: Raw) -> tuple[tuple[str, ...], Any]:
        """Return the code points in ``raw`` that no file may hold, and what `read` makes of it."""
        if not (isinstance(raw, (int, float)) or (isinstance(raw, str) and len(raw) <= _SHORT)):
            return _forbidden(raw), read(raw, self.field)
        key = raw.__class__, raw
        found = self._known.get(key)
        if found is None:
            if len(self._known) == _MOST_KNOWN:
                self._known.clear()
            found = self._known[key] = _forbidden(raw), read(raw, self.field)
        return found


def _forbidden(raw: Raw) -> tuple[str, ...]:
    if isinstance(raw, str):
        return forbidden(raw)
    texts = (item for item in raw if isinstance(item, str)) if isinstance(raw, list | tuple) else ()
    return tuple(dict.fromkeys(point for item in texts for point in forbidden(item)))


def _changed_by_excel(raw: Raw, text: str, field: Field) -> Unreadable | None:
    """Return why ``raw`` is surely not what somebody typed, or meant, as an answer of the field's kind."""
    if field.kind in ("date", "choice", "yes_no"):
        return None  # these take a few answers only, so that anything else is told
    if isinstance(raw, str):
        may_be = text[-1].isdigit() or len(text) <= len("10-Mar")
        return _MADE_BY_EXCEL if may_be and _EXCEL_MADE.fullmatch(text) else None
    if isinstance(raw, Date) and field.kind in _NO_DATES:
        return Unreadable("holds a date", f"Excel makes one of an answer like 1/2. {_AS_TEXT}")
    if isinstance(raw, time | timedelta) and field.kind in _NO_DATES:
        return Unreadable("holds a time of day", f"Excel makes one of an answer like 1:30. {_AS_TEXT}")
    if isinstance(raw, bool):
        return Unreadable("holds a yes or no", "Type the answer itself.")
    if isinstance(raw, float) and abs(raw) >= _KEPT_BY_EXCEL:
        return Unreadable("has more digits than Excel keeps of a number", _AS_TEXT)
    return None


def as_id(raw: Raw) -> str:
    """Return the id that stands in a cell, as ids are compared and printed."""
    if isinstance(raw, str) and raw.isascii() and raw.isprintable():  # as most are, and there are very many
        return raw.strip()
    return identifier(as_text(raw))


def as_text(raw: Raw) -> str:
    """Return what a person sees in the cell as canonical text: whole numbers without ``.0``, dates as 07/27/2026.

    A time of day is 14:30, a length of time 30:00.
    """
    if raw is None:
        return ""
    if isinstance(raw, str):
        return canonical(raw)
    if isinstance(raw, bool):
        return "yes" if raw else "no"
    if isinstance(raw, float):
        return _plain(Decimal(int(raw)) if raw.is_integer() else Decimal(repr(raw)))
    if isinstance(raw, int):
        return _plain(Decimal(raw))  # which knows no number too long to be written
    if isinstance(raw, Decimal):
        return _plain(raw)
    if isinstance(raw, time):
        return f"{raw:%H:%M}" if not raw.second else f"{raw:%H:%M:%S}"
    if isinstance(raw, timedelta):
        minutes = round(raw.total_seconds() / 60)
        return f"{minutes // 60}:{minutes % 60:02}"
    if isinstance(raw, datetime):
        return show(raw.date()) if raw.time() == datetime.min.time() else f"{show(raw.date())} {raw:%H:%M}"
    if isinstance(raw, list | tuple):
        return "\n".join(as_text(item) for item in raw)
    return show(raw)


def show(value: Any) -> str:
    """Return how a typed value stands on paper; None is nothing, a tuple one item a line."""
    if type(value) is str:
        return value
    if value is None:
        return ""
    if isinstance(value, Chosen):
        return value.label
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, Date):
        return f"{value.month:02}/{value.day:02}/{value.year:04}"
    if isinstance(value, Decimal):
        return _plain(value)
    if isinstance(value, tuple):
        return "\n".join(show(item) for item in value)
    return str(value)


def _plain(number: Decimal) -> str:
    return format(number, "f")


@_kind
def text(raw: str, field: Field) -> Any:
    return raw


@_kind
def long(raw: str, field: Field) -> Any:
    return raw


@_kind
def code(raw: str, field: Field) -> Any:
    return raw


@_kind
def lines(raw: str, field: Field) -> Any:
    found = tuple(line for item in raw.split("\n") if (line := canonical(item)))
    return _unmarked(found)


def _unmarked(lines: tuple[str, ...]) -> tuple[str, ...]:
    """Return ``lines`` without the marks that only make them a list: one for all of them, or numbers that count them.

    Where a line bears none, or another one, the marks may mean something, and all stay.
    """
    marks = [_MARKED.match(line) for line in lines]
    if all(marks) and len({mark[1] for mark in marks if mark}) == 1:
        return _without(marks)
    marks = [_NUMBERED.match(line) for line in lines]
    if len(lines) > 1 and all(mark and int(mark[2]) == number for number, mark in enumerate(marks, 1)):
        forms = {(mark[1], mark[3][0]) for mark in marks if mark}
        return _without(marks) if len(forms) == 1 else lines
    return lines


def _without(marks: Iterable[re.Match[str] | None]) -> tuple[str, ...]:
    return tuple(mark.string[mark.end() :] for mark in marks if mark)


@_kind
def date(raw: str, field: Field) -> Any:
    words = re.sub(r"\s+", " ", re.sub(r"[T ]00:00(:00)?(\.0+)?$", "", visible(raw))).replace("Sept ", "Sep ")
    if not field.whole_year and (short := _SHORT_YEAR.fullmatch(words)):
        words = f"{short[1]}20{short[2]}"
    for pattern in _DATE_FORMATS:
        try:
            found = datetime.strptime(words, pattern).date()
        except ValueError:
            continue
        return _within(found)
    return Unreadable("is not a date", "Type it as month/day/year with four digits for the year, like 07/27/2026.")


def _within(day: Date) -> Date | Unreadable:
    if day.year in YEARS:
        return day
    return Unreadable("has a year that cannot be meant", "Type the year with four digits, like 07/27/2026.")


@_kind
def number(raw: str, field: Field) -> Any:
    digits = _counted(_without_unit(visible(raw), field), field)
    if not _NUMBER.fullmatch(digits):
        return Unreadable("is not a number", field.mend or f"Type digits only, like {field.example or '12 or 4.5'}.")
    found = Decimal(digits.replace(",", ""))
    if not 0 <= found < MOST:
        return Unreadable("is a number that cannot be meant", "Type one from 0 to 999,999, like 12.")
    return found


@_kind
def integer(raw: str, field: Field) -> Any:
    found = number(raw, field)
    if isinstance(found, Unreadable) and "cannot" in found.fault:
        return found
    if isinstance(found, Decimal) and found == found.to_integral_value():
        return int(found)
    return Unreadable("is not a whole number", field.mend or f"Type digits only, like {field.example or '12'}.")


def _without_unit(text: str, field: Field) -> str:
    """Return ``text`` without the field's own unit behind the number: the 45 of ``45 min``."""
    if text.isdecimal():
        return text
    digits, unit = re.fullmatch(r"(.*?)\s*([^\W\d_]*)\.?", text, re.DOTALL).groups()  # type: ignore[union-attr]
    return digits if unit.casefold() in field.units else text


def _counted(text: str, field: Field) -> str:
    """Return the digits of ``once`` and ``twice`` where times are counted."""
    return {"once": "1", "twice": "2"}.get(text.casefold(), text) if "times" in field.units else text


@_kind
def yes_no(raw: str, field: Field) -> Any:
    answers = {"yes": True, "y": True, "x": True, "true": True, "no": False, "n": False, "false": False}
    word = visible(raw).casefold()
    return answers.get(word, Unreadable("is neither yes nor no", "Type yes or no.", nearest(raw, ("yes", "no"))))


@_kind
def choice(raw: str, field: Field) -> Any:
    typed = key(raw)
    found = field.answers.get(typed) or field.answers.get(typed.replace(" ", ""))
    if found is not None:
        return found
    labels = [item.label for item in field.choices]
    near = nearest(raw, [*labels, *(item.value for item in field.choices)])
    listed = f"Type one of these: {'; '.join(labels)}." if len(labels) <= _FEW else "Pick one from the cell’s list."
    mend = f"{listed} {field.mend}".strip()
    return Unreadable("is not one of the answers that this column takes", mend, near)


@_kind
def ref(raw: str, field: Field) -> Any:
    return identifier(raw)


@_kind
def refs(raw: str, field: Field) -> Any:
    return tuple(name for item in _LIST_BREAK.split(raw) if (name := identifier(item)))


@_kind
def score(raw: str, field: Field) -> Any:
    typed = visible(raw).replace("−", "-")
    words = _without_names(_DATE_IN_SCORE.sub(" ", typed))
    found = [*_SCORE.finditer(words)]
    numbers = [Decimal(one[0].replace(",", "")) for one in found]
    if not numbers and _DATE_IN_SCORE.search(typed):
        return Unreadable("holds a date, and no score", f"Type a score or a count, like 12 or < 10. {_IF_EXCEL}")
    if not numbers:
        return Unreadable("holds no number", "Type a score or a count, like 12 or < 10.")
    if _ODD_NUMBER.search(words):
        return Unreadable("holds a fraction or a comma that may mean two things", "Type it with a point, like 1.5.")
    beside = any(_BESIDE.fullmatch(words, one.end(), two.start()) for one, two in pairwise(found))
    if beside or any(_GOES_ON.match(words, one.end()) for one in found):
        return Unreadable("holds digits that may mean two things", "Type the score in plain digits, like 12 or 1000.")
    if max(map(abs, numbers)) >= MOST_SCORE:
        return Unreadable("holds a number that cannot be meant", "Type a score or a count, like 12 or < 10.")
    signs = [sign for pattern, sign in _COMPARISONS if pattern.search(words)]
    from_both_sides = len({sign[0] for sign in signs}) > 1 or re.search(r"\bbetween\b", words, re.I)
    if (_RANGE.search(words) or from_both_sides) and len(numbers) > 1:
        return Score(raw, abs(numbers[0]), "range", abs(numbers[1]))
    return Score(raw, numbers[0], signs[0] if signs else "=")


def _without_names(typed: str) -> str:
    """Return ``typed`` without the names of measures that hold digits (PHQ-9, WHODAS 2.0) and the count of items."""
    return _ITEMS.sub(" ", _names().sub(" ", typed)) if re.search(r"[^\W\d_]", typed) else typed


@cache
def _names() -> re.Pattern[str]:
    names = {item.name.partition(" (")[0] for item in reference.measures()}
    parts = [re.findall(r"[^\W\d_]+|\d+(?:\.\d+)?", name) for name in sorted(names, key=len, reverse=True)]
    forms = [r"[\s-]*".join(map(re.escape, some)) for some in parts if any(part[0].isdigit() for part in some)]
    return re.compile(rf"(?<!\w)(?:{'|'.join(forms)})(?!\w)")
