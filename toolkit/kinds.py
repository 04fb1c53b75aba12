"""One short function a kind: what a cell holds becomes a value; `show` says how a value stands on paper."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date as Date
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple

from toolkit.model import Chosen, Field, Score
from toolkit.text import canonical, is_answer, key, nearest

Raw = str | int | float | Decimal | bool | Date | datetime | list[Any] | tuple[Any, ...] | None
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
_NUMBER = re.compile(r"[-+]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?|[-+]?\.\d+")
_COMPARISONS = (
    (re.compile(r"<=|≤|\bat most\b|\bno more than\b|\bor (?:less|fewer|lower|below|under)\b|\bup to\b", re.I), "<="),
    (re.compile(r">=|≥|\bat least\b|\bno less than\b|\bor (?:more|higher|above|over)\b", re.I), ">="),
    (re.compile(r"<|\bbelow\b|\bunder\b|\bless than\b|\bfewer than\b", re.I), "<"),
    (re.compile(r">|\babove\b|\bover\b|\bmore than\b", re.I), ">"),
)
_RANGE = re.compile(r"\d\s*(?:-|–|—|\bto\b)\s*\d", re.I)
_LIST_BREAK = re.compile(r"[,;\n]| and ")


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
        return raw.date() if isinstance(raw, datetime) else raw
    text = as_text(raw)
    if not is_answer(text, field.none_is_answer):
        return None
    return KINDS[field.kind](text, field)


def as_text(raw: Raw) -> str:
    """Return what a person sees in the cell as canonical text: whole numbers without ``.0``, dates as 07/27/2026."""
    if raw is None:
        return ""
    if isinstance(raw, str):
        return canonical(raw)
    if isinstance(raw, bool):
        return "yes" if raw else "no"
    if isinstance(raw, float):
        return str(int(raw)) if raw.is_integer() and abs(raw) < 1e15 else _plain(Decimal(repr(raw)))
    if isinstance(raw, Decimal):
        return _plain(raw)
    if isinstance(raw, datetime):
        return show(raw.date()) if raw.time() == datetime.min.time() else f"{show(raw.date())} {raw:%H:%M}"
    if isinstance(raw, list | tuple):
        return "\n".join(as_text(item) for item in raw)
    return show(raw)


def show(value: Any) -> str:
    """Return how a typed value stands on paper; None is nothing, a tuple one item a line."""
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
    return tuple(line.strip() for line in raw.split("\n") if line.strip())


@_kind
def date(raw: str, field: Field) -> Any:
    words = re.sub(r"\s+", " ", re.sub(r"[T ]00:00(:00)?(\.0+)?$", "", raw)).replace("Sept ", "Sep ")
    for pattern in _DATE_FORMATS:
        try:
            found = datetime.strptime(words, pattern).date()
        except ValueError:
            continue
        return found
    return Unreadable("is not a date", "Type it as month/day/year with four digits for the year, like 07/27/2026.")


@_kind
def number(raw: str, field: Field) -> Any:
    if _NUMBER.fullmatch(raw):
        return Decimal(raw.replace(",", ""))
    return Unreadable("is not a number", "Type digits only, like 12 or 4.5.")


@_kind
def integer(raw: str, field: Field) -> Any:
    found = number(raw, field)
    if isinstance(found, Decimal) and found == found.to_integral_value():
        return int(found)
    return Unreadable("is not a whole number", "Type digits only, like 12.")


@_kind
def yes_no(raw: str, field: Field) -> Any:
    answers = {"yes": True, "y": True, "true": True, "no": False, "n": False, "false": False}
    word = raw.casefold()
    return answers.get(word, Unreadable("is neither yes nor no", "Type yes or no.", nearest(raw, ("yes", "no"))))


@_kind
def choice(raw: str, field: Field) -> Any:
    found = field.answers.get(key(raw))
    if found is not None:
        return found
    labels = [item.label for item in field.choices]
    near = nearest(raw, [*labels, *(item.value for item in field.choices)])
    return Unreadable("is not one of the answers that this column takes", "Pick one from the cell’s list.", near)


@_kind
def ref(raw: str, field: Field) -> Any:
    return raw


@_kind
def refs(raw: str, field: Field) -> Any:
    return tuple(item.strip() for item in _LIST_BREAK.split(raw) if item.strip())


@_kind
def score(raw: str, field: Field) -> Any:
    numbers = [Decimal(found.replace(",", "")) for found in _NUMBER.findall(raw)]
    if not numbers:
        return Unreadable("holds no number", "Type a score or a count, like 12 or < 10.")
    if _RANGE.search(raw) and len(numbers) > 1:
        return Score(raw, abs(numbers[0]), "range", abs(numbers[1]))
    comparison = next((sign for pattern, sign in _COMPARISONS if pattern.search(raw)), "=")
    return Score(raw, numbers[0], comparison)
