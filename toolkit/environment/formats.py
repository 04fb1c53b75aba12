"""The formats of Python that a template may have: ``'%.2f'|format(x)``, ``'%.2f' % x``, ``'{:,.2f}'.format(x)``.

They stand in the template itself, never in an answer; they name no attribute, and ask for no great width.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, time, timedelta
from decimal import Decimal
from itertools import count
from string import Formatter
from typing import Any

from jinja2 import Undefined

from toolkit.environment.values import PYTHON, Words, in_reach, joined
from toolkit.model import Missing, Score

_CONVERSION = re.compile(r"%(?:%|([-+ 0#]*\d{0,2}(?:\.\d{0,2})?)([diouxXeEfFgGs]))")
_OF_PLAIN = re.compile(r"(?:[^{}]?[<>=^])?[-+ ]?#?0?\d{0,2}[,_]?(?:\.\d{0,2})?[bdeEfFgGnosxX%]?")
_OF_NUMBER = re.compile(r".*(?:[bdeEfFgGinouxX%]|,.*)", re.DOTALL)
_OF_DAY = re.compile(r"(?:[^%]|%[-#_0^]?[A-Za-z%])*")
_MAX_OF_DAY = 200
_PRINTED = (str, int, float, Decimal, Score, date, time, timedelta, list, tuple, Mapping, Undefined)


def is_percent(text: object) -> bool:
    """Tell whether ``text`` is a format of ``%`` that a template may have."""
    return isinstance(text, str) and "%" not in _CONVERSION.sub("", text)


def is_braces(text: object) -> bool:
    """Tell whether ``text`` is a format of ``str.format`` that a template may have."""
    try:
        found = list(Formatter().parse(text)) if isinstance(text, str) else None
    except ValueError:
        return False
    if found is None:
        return False
    names = [name for _, name, _, _ in found if name is not None]
    return (
        all(re.fullmatch(r"\d?", name) for name in names)
        and len({name == "" for name in names}) < 2
        and all(into in (None, "s") and _is_form(form or "") for _, _, form, into in found)
    )


def is_of_day(text: str) -> bool:
    """Tell whether ``text`` is a format of ``strftime`` that a template may have; a width could ask for no end."""
    return len(text) <= _MAX_OF_DAY and bool(_OF_DAY.fullmatch(text))


def _is_form(form: str) -> bool:
    return bool(_OF_PLAIN.fullmatch(form)) or ("%" in form and is_of_day(form))


def percent(words: Words, text: str, *values: Any) -> str:
    """Return ``values`` in the format ``text``: a blank prints nothing, and a missing answer as it does alone.

    Raises TypeError or ValueError for what is no plain answer or does not fit, FailedError where it grows too long.
    """
    found = list(_CONVERSION.finditer(text))
    if sum(form[0] != "%%" for form in found) != len(values):
        raise TypeError("the format has other places than there are answers")

    def pieces() -> Iterator[str]:
        position, left = 0, iter(values)
        for form in found:
            yield text[position : form.start()]
            position = form.end()
            if form[0] == "%%":
                yield "%"
            else:
                yield _formed(words, next(left), form[2].replace("s", ""), lambda plain: form[0] % (plain,))  # noqa: B023
        yield text[position:]

    return _whole(pieces(), values)


def braces(words: Words, text: str, *values: Any) -> str:
    """Return ``values`` in the format ``text``, as `percent` does; raises IndexError where there are too few."""

    def pieces() -> Iterator[str]:
        following = count()
        for literal, name, form, into in Formatter().parse(text):
            yield literal
            if name is not None:
                value = values[int(name) if name else next(following)]
                yield _formed(words, value, "" if into else form or "", lambda plain: format(plain, form or ""))  # noqa: B023

    return _whole(pieces(), values)


def _whole(pieces: Iterable[str], values: Iterable[Any]) -> str:
    text = joined("", pieces)
    return Missing(text) if any(isinstance(value, Missing) for value in values) else text


def _formed(words: Words, value: Any, form: str, put: Callable[[Any], str]) -> str:
    """Return ``value`` as ``put`` has it: a number or a day where ``form`` is one of such, else its text.

    A score that says more than its number (``< 10``) is printed whole.
    """
    if value is None or isinstance(value, Missing):
        return words.printed(value)
    if isinstance(value, Score) and _OF_NUMBER.fullmatch(form):
        return put(value.number) if str(value) == str(value.number) else words.printed(value)
    is_raw = isinstance(value, date | time) and "%" in form
    if isinstance(value, int | float | Decimal) and form:
        is_raw = words is PYTHON or not isinstance(value, bool)
    if not isinstance(value, _PRINTED):
        raise TypeError("only plain answers have a format")
    return put(in_reach(value) if is_raw else words.printed(value))
