"""What templates do with values: how they print, the filters and tests there are, how they are compared and joined."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from functools import wraps
from typing import Any

from jinja2 import Undefined

from toolkit.errors import RenderError
from toolkit.kinds import show
from toolkit.model import Missing, Score

MAX_TEXT = 200_000
"""Characters or items that one expression may build."""


class FailedError(RenderError):
    """Raised when a compiled template cannot print this record; ``line`` is the line in the source, 0 if unknown."""

    def __init__(self, text: str, line: int = 0) -> None:
        super().__init__(text)
        self.line = line


def printed(value: Any) -> str:
    """Return ``value`` as it stands on paper; a list is one item a line.

    Raises TypeError for what is not an answer (a whole section, a function) and UndefinedError for an unknown name.
    """
    if isinstance(value, list | tuple):
        return "\n".join(printed(item) for item in value)
    if value is None or isinstance(value, str | int | float | Decimal | date | Score | Undefined):
        return str(show(value))
    raise TypeError("a whole group of answers cannot be printed")


def _text_filter(function: Callable[..., str]) -> Callable[..., str]:
    """Let a filter on text work on what is printed, and leave a missing answer what it is."""

    @wraps(function)
    def filtered(value: Any, *arguments: Any) -> str:
        result = function(printed(value), *arguments)
        return Missing(result) if isinstance(value, Missing) else result

    return filtered


def items_of(value: Any) -> list[Any] | tuple[Any, ...]:
    """Return what a loop over ``value`` goes through: a single answer is one item, a blank none."""
    if value is None:
        return ()
    if isinstance(value, list | tuple):
        return value
    if isinstance(value, Mapping):
        return list(value)
    if isinstance(value, range):
        return tuple(value)
    return (value,) if printed(value) else ()


def _sort(value: Any) -> list[Any]:
    items = items_of(value)
    try:
        return sorted(items)
    except TypeError:
        return sorted(items, key=lambda item: printed(item).casefold())


def _join(value: Any, between: Any = "") -> str:
    return _bounded(printed(between).join(printed(item) for item in items_of(value)))


def _date(value: Any, style: str = "short") -> Any:
    """Return a date in words (``long``: July 27, 2026) or as 07/27/2026; anything else as it is."""
    return f"{value:%B} {value.day}, {value.year}" if isinstance(value, date) and style == "long" else value


def _default(value: Any, other: Any = "") -> Any:
    return other if value is None or printed(value) == "" else value


def _map(value: Any, name: str) -> list[Any]:
    return [TEXT_FILTERS[name](item) for item in items_of(value)]


def _first(value: Any) -> Any:
    items = items_of(value)
    return items[0] if items else None


def _last(value: Any) -> Any:
    items = items_of(value)
    return items[-1] if items else None


def _round(value: Any, digits: int = 0) -> Any:
    if not is_number(value):
        return value
    return round(value, digits) if digits else round(value)


def _unique(value: Any) -> list[Any]:
    return list({printed(item): item for item in reversed(items_of(value))}.values())[::-1]


TEXT_FILTERS: dict[str, Callable[..., Any]] = {
    "capitalize": _text_filter(str.capitalize),
    "date": _date,
    "lower": _text_filter(str.lower),
    "trim": _text_filter(str.strip),
    "upper": _text_filter(str.upper),
}
FILTERS: dict[str, Callable[..., Any]] = {
    **TEXT_FILTERS,
    "count": lambda value: len(items_of(value)),
    "default": _default,
    "first": _first,
    "join": _join,
    "last": _last,
    "length": lambda value: len(items_of(value)),
    "list": lambda value: list(items_of(value)),
    "map": _map,
    "reverse": lambda value: list(items_of(value))[::-1],
    "round": _round,
    "sort": _sort,
    "unique": _unique,
}
TESTS: dict[str, Callable[..., bool]] = {
    "blank": lambda value: value is None or value == "" or value == () or value == [],
    "defined": lambda value: not isinstance(value, Undefined),
    "divisibleby": lambda value, number: is_number(value) and bool(number) and value % number == 0,
    "even": lambda value: is_number(value) and value % 2 == 0,
    "in": lambda value, group: compare(value, "in", group),
    "none": lambda value: value is None,
    "number": lambda value: is_number(value),
    "odd": lambda value: is_number(value) and value % 2 == 1,
    "string": lambda value: isinstance(value, str),
    "undefined": lambda value: isinstance(value, Undefined),
}


ORDERS: dict[str, Callable[[Any, Any], Any]] = {
    "gt": operator.gt,
    "gteq": operator.ge,
    "in": lambda left, right: left in right,
    "lt": operator.lt,
    "lteq": operator.le,
    "notin": lambda left, right: left not in right,
}


def compare(left: Any, order: str, right: Any) -> bool:
    """Compare; what cannot be compared (a blank with a number) is not greater, not smaller and not in it."""
    for side in (left, right):
        if isinstance(side, Undefined):
            bool(side)  # raises: an unknown name is never quietly false
    left, right = (side.number if isinstance(side, Score) else side for side in (left, right))
    try:
        return bool(ORDERS[order](left, right))
    except TypeError:
        return order == "notin"


def concat(*parts: Any) -> str:
    """Return the printed ``parts`` as one text; with a missing answer among them it is missing."""
    text = _bounded("".join(printed(part) for part in parts))
    return Missing(text) if any(isinstance(part, Missing) for part in parts) else text


def _bounded(text: str) -> str:
    if len(text) > MAX_TEXT:
        raise FailedError("builds too long a text in one place")
    return text


def group(items: list[Any] | tuple[Any, ...]) -> list[Any] | tuple[Any, ...]:
    """Return a list that a template writes down; lists in lists in lists would grow without end."""
    inner = [item for item in items if isinstance(item, list | tuple)]
    deep = any(isinstance(part, list | tuple) for item in inner for part in item)
    if deep or sum(map(len, inner)) > MAX_TEXT:
        raise FailedError("builds too long a list")
    return items


def is_number(value: Any) -> bool:
    """Tell whether one can calculate with ``value``."""
    return isinstance(value, int | float | Decimal) and not isinstance(value, bool)
