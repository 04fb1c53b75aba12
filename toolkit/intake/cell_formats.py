"""What a person sees of a number or a date in an Excel cell: the format decides, and calamine does not say it."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, time
from decimal import Decimal
from functools import partial

from toolkit.kinds import Raw, as_text

Show = Callable[[float | date], Raw]
"""Gives what a person sees for a number or a date in a cell of some format."""

_CONDITION = re.compile(r"\[<=(\d+)\]")
_LITERAL = re.compile(r'\[[^\]]*\]|"[^"]*"|\\.|_.|\*.')
_SECTION = re.compile(r'(?:^|(?<=;))((?:"[^"]*"|\\.|[^;"\\])*)')
_PLACES = re.compile(r"(?:[0#?]|[-\s():+]|\\.|\"[^\"]*\")+")
_PADDING = re.compile(r"\[[^\]]*\]|_.|\*.")
_WORDED = re.compile(
    r"(?P<before>(?:\"[^\"]*\"|\\.|[-\s():+$/&])*)(?P<number>General|[#0?,]*[#0?](?:\.[#0?]*)?|)"
    r"(?P<after>(?:\"[^\"]*\"|\\.|[-\s():+$/&])*)",
    re.I,
)
_WORD = re.compile(r'"[^"]*\w[^"]*"|\\\w')
_PLACE = ("0", "#", "?")


def show_as(code: str) -> Show | None:
    """Return how the format ``code`` shows numbers and dates; None where they show as the values they are."""
    first = code.partition(";")[0]
    plain = _LITERAL.sub("", first).strip()
    if plain.endswith("%"):
        places = max(len(plain.partition(".")[2]) - 1, 2)
        return lambda value: f"{_trimmed(value * 100, places)}%" if isinstance(value, float) else value
    if re.search(r"[0#?]E[+-]", plain):
        return lambda value: f"{value:.2E}" if isinstance(value, float) else value
    if plain and not re.search(r"[^dmy\s,/.-]", plain, re.I) and (parts := {part[0].lower() for part in plain}):
        return partial(_part_of_a_day, parts) if len(parts & set("dmy")) < 3 else None
    if re.search("[hs]", plain, re.I) and not re.search("[dy0#?]", plain.partition(".")[0], re.I):
        return _time_of
    return _beside_words(code) or _digits_in_places(code)


def _part_of_a_day(parts: set[str], value: float | date) -> Raw:
    """Return what Excel shows of a day where the format leaves out a part of it: 2-Jan, Jan-26."""
    if not isinstance(value, date):
        return value
    return f"{value:%b-%y}" if "y" in parts else f"{value.day}-{value:%b}"


def _time_of(value: float | date) -> Raw:
    """Return the time that shows in a cell of which the format leaves out the day."""
    if isinstance(value, datetime):
        return value.time()
    return time() if isinstance(value, date) else value


def _digits_in_places(code: str) -> Show | None:
    """Return what sets digits into their places: 00042, 123-45-6789, (555) 010-0042; None for other formats."""
    condition = _CONDITION.match(code)
    short, *others = _SECTION.findall(code[condition.end() :] if condition else code)
    # By a condition a format is for few digits or for many; else for numbers above, below and at zero.
    long = (others[0] if others else short) if condition else short
    small, most = (short, float(condition[1])) if condition else (others[1] if len(others) > 1 else short, 0.0)
    forms = (small, long)
    if not all(_PLACES.fullmatch(form) for form in forms) or not any(_is_pattern(form) for form in forms):
        return None

    def show(value: float | date) -> Raw:
        if isinstance(value, date) or not value.is_integer() or value < 0:
            return value
        return _filled(small if value <= most else long, value)

    return show


def _is_pattern(form: str) -> bool:
    """Tell whether a format sets digits apart, adds zeros in front, or begins with a word; others show the number."""
    return bool(re.search(r"00|[0#?][^0#?]+[0#?]", form) or re.match(r'[^0#?]*"[^"]*\w', form))


def _filled(form: str, value: float) -> str:
    """Return ``value`` in the places of ``form``, from the right; what digits are too many stand in front."""
    digits = [*f"{value:.0f}"]
    shown: list[str] = []
    parts = re.findall(r'"[^"]*"|\\.|.', form)
    first = next((number for number, part in enumerate(parts) if part in _PLACE), -1)
    for number, part in reversed([*enumerate(parts)]):
        if part not in _PLACE:
            shown.append(part.strip('"') if part[0] == '"' else part[-1])
        elif digits:
            shown.append(digits.pop() if number > first else "".join(digits))
        elif part == "0":
            shown.append("0")
    return "".join(reversed(shown)).strip()


def _beside_words(code: str) -> Show | None:
    """Return what sets words before or after a number, ``50 mg``; None where the format has none."""
    forms = [_WORDED.fullmatch(_PADDING.sub("", form)) if form else None for form in _SECTION.findall(code)]
    above = forms[0] if forms and not _CONDITION.match(code) else None
    if above is None or not any(form and _WORD.search(form["before"] + form["after"]) for form in forms):
        return None
    below, zero = forms[1] if len(forms) > 1 else None, forms[2] if len(forms) > 2 else above

    def show(value: float | date) -> Raw:
        if isinstance(value, date):
            return value
        form = zero if value == 0 else below if value < 0 and len(forms) > 1 else above
        if form is None:
            return value
        sign = "-" if value < 0 and form is above else ""
        return f"{sign}{_plain(form['before'])}{_number(form['number'], abs(value))}{_plain(form['after'])}".strip()

    return show


def _number(form: str, value: float) -> str:
    """Return ``value`` as the digits of ``form`` show it, but whole where it has more of them behind the point."""
    if not form:
        return ""
    whole, _, places = form.partition(".")
    exact = Decimal(f"{value:.15g}")
    digits = round(exact, len(places))
    if form.casefold() == "general" or digits != exact:
        return as_text(exact)
    front, _, behind = f"{digits:{',' if ',' in whole else ''}f}".partition(".")
    behind = behind[: places.rfind("0") + 1] + behind[places.rfind("0") + 1 :].rstrip("0")
    front = front.lstrip("0").zfill(whole.count("0"))
    return f"{front}.{behind}" if places else front


def _plain(literal: str) -> str:
    return re.sub(r'"([^"]*)"|\\(.)', lambda found: found[1] if found[1] is not None else found[2], literal)


def _trimmed(value: float, places: int) -> str:
    rounded = f"{Decimal(repr(value)):.{places}f}"
    return rounded.rstrip("0").rstrip(".") if "." in rounded else rounded
