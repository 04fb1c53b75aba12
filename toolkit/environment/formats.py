"""The formats of Python that a template may have: ``'%.2f'|format(x)``, ``'%.2f' % x``, ``'{:,.2f}'.format(x)``.

They stand in the template itself, never in an answer; they name no attribute, and ask for no great width.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from string import Formatter
from typing import Any

from jinja2 import Undefined

from toolkit.environment.values import Words, bounded
from toolkit.model import Missing, Score

_PERCENT = re.compile(r"(?:[^%]|%%|%[-+ 0#]*\d{0,2}(?:\.\d{0,2})?[diouxXeEfFgGs])*")
_OF_PLAIN = re.compile(r"(?:[^{}]?[<>=^])?[-+ ]?#?0?\d{0,2}[,_]?(?:\.\d{0,2})?[bcdeEfFgGnosxX%]?")
_OF_DAY = re.compile(r"(?=.*%)(?:[^%]|%[-#_0^]?[A-Za-z%])*")


def is_percent(text: object) -> bool:
    """Tell whether ``text`` is a format of ``%`` that a template may have."""
    return isinstance(text, str) and bool(_PERCENT.fullmatch(text))


def is_braces(text: object) -> bool:
    """Tell whether ``text`` is a format of ``str.format`` that a template may have."""
    try:
        fields = [found[1:] for found in Formatter().parse(text)] if isinstance(text, str) else None
    except ValueError:
        return False
    return fields is not None and all(name is None or _is_field(name, spec, into) for name, spec, into in fields)


def _is_field(name: str, spec: str | None, into: str | None) -> bool:
    known = _OF_PLAIN.fullmatch(spec or "") or _OF_DAY.fullmatch(spec or "")
    return bool(re.fullmatch(r"\d?", name) and into in (None, "s") and known)


def percent(words: Words, text: str, *values: Any) -> Any:
    """Return ``values`` in the format ``text``; of a blank it is blank, and a missing answer stays one.

    Raises TypeError for what is no plain answer or does not fit.
    """
    return _formatted(words, lambda plain: text % plain, values)


def braces(words: Words, text: str, *values: Any) -> Any:
    """Return ``values`` in the format ``text``, as `percent` does."""
    return _formatted(words, lambda plain: text.format(*plain), values)


def _formatted(words: Words, form: Callable[[tuple[Any, ...]], str], values: Sequence[Any]) -> Any:
    for value in values:
        if value is None or isinstance(value, Missing):
            return value
    return bounded(form(tuple(_plain(words, value) for value in values)))


def _plain(words: Words, value: Any) -> Any:
    """Return what can be formatted of ``value``: a number, a day, else its text."""
    if isinstance(value, Score):
        return value.number
    if isinstance(value, int | float | Decimal | date):
        return value
    if isinstance(value, str | list | tuple | Mapping | Undefined):
        return words.printed(value)
    raise TypeError("only plain answers have a format")
