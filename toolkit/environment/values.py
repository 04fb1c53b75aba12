"""What templates do with values: how they print, the tests there are, how they are compared and joined."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from itertools import islice
from typing import Any, NamedTuple

from jinja2 import Undefined
from jinja2 import tests as jinja

from toolkit.errors import RenderError
from toolkit.kinds import show
from toolkit.model import Score

MAX_TEXT = 200_000
"""Characters or items that one expression may build."""
_MAX_PLACES = 400
"""Digits that a number may have before or after its point."""
_MAX_NESTED = 20
"""How deep lists may stand inside each other where one is printed as Python writes it."""


class FailedError(RenderError):
    """Raised when a compiled template cannot print this record; ``line`` is the line in the source, 0 if unknown."""

    def __init__(self, text: str, line: int = 0) -> None:
        super().__init__(text)
        self.line = line


# --- how values print ------------------------------------------------------------------------------------------------


class Words(NamedTuple):
    """How the values of an environment print, and what a loop over one goes through."""

    printed: Callable[[Any], str]
    items_of: Callable[[Any], Sequence[Any]]


_ANSWERS = (str, int, float, Decimal, date, Score, Undefined)


def printed(value: Any) -> str:
    """Return ``value`` as it stands on paper; a list is one item a line.

    Raises TypeError for what is not an answer (a whole section, a function) and UndefinedError for an unknown name.
    """
    if isinstance(value, list | tuple):
        return "\n".join(printed(item) for item in value)
    if value is None or isinstance(value, _ANSWERS):
        return str(show(value))
    raise TypeError("a whole group of answers cannot be printed")


def items_of(value: Any) -> Sequence[Any]:
    """Return what a loop over ``value`` goes through: a single answer is one item, a blank none."""
    if value is None:
        return ()
    if isinstance(value, list | tuple):
        return value
    if isinstance(value, Mapping):
        return list(value)
    if isinstance(value, range | Iterator):
        return _taken(value)
    return (value,) if printed(value) else ()


def written(value: Any) -> str:
    """Return ``value`` as Python writes it (True, 2026-07-27, ['a', 'b']), None as nothing; for templates of others.

    Raises TypeError for what is called and never printed, and UndefinedError for an unknown name.
    """
    if isinstance(value, str):
        return str(value)
    if value is None:
        return ""
    if isinstance(value, Undefined):
        return str(value)  # raises: an unknown name is never quietly nothing
    if isinstance(value, list | tuple | dict):
        return joined("", _spelled(value, 0))
    if callable(value) or isinstance(value, Iterator) or type(value) is object:
        raise TypeError("a function cannot be printed")
    return bounded(str(value))


def _spelled(value: Any, depth: int) -> Iterator[str]:
    """Yield the pieces of what Python writes for ``value``, so that they can be counted as they come."""
    if depth > _MAX_NESTED:
        raise FailedError("builds too long a list")
    if isinstance(value, dict):
        yield "{"
        for number, (key, item) in enumerate(value.items()):
            yield f"{', ' if number else ''}{key!r}: "
            yield from _spelled(item, depth + 1)
        yield "}"
    elif isinstance(value, list | tuple):
        yield "[" if isinstance(value, list) else "("
        for number, item in enumerate(value):
            yield ", " if number else ""
            yield from _spelled(item, depth + 1)
        single = "," if isinstance(value, tuple) and len(value) == 1 else ""
        yield "]" if isinstance(value, list) else f"{single})"
    elif isinstance(value, Undefined):
        yield str(value)
    else:
        yield repr(value)


def listed(value: Any) -> Sequence[Any]:
    """Return what a loop over ``value`` goes through, as in Python: the characters of a text, the keys of a mapping.

    Raises TypeError for what one cannot go through; None is nothing.
    """
    if value is None:
        return ()
    if isinstance(value, list | tuple | str):
        return value
    return _taken(value)


def _taken(items: Iterable[Any]) -> list[Any]:
    taken = list(islice(items, MAX_TEXT + 1))
    if len(taken) > MAX_TEXT:
        raise FailedError("builds too long a list")
    return taken


OFFICE = Words(printed, items_of)
"""How answers stand in a document of ours."""
PYTHON = Words(written, listed)
"""How Jinja prints: for templates that were made for it."""

# --- joining, in bounds ----------------------------------------------------------------------------------------------


def bounded(text: str) -> str:
    """Return ``text``. Raises FailedError where it is too long for one expression."""
    bounded_size(len(text))
    return text


def bounded_size(size: int) -> None:
    """Raise FailedError where a text of ``size`` characters must not be built."""
    if size > MAX_TEXT:
        raise FailedError("builds too long a text in one place")


def joined(between: str, texts: Iterable[str]) -> str:
    """Return ``texts`` as one with ``between`` them; it is measured before it is built."""
    pieces: list[str] = []
    size, more = 0, len(between)
    for text in texts:
        size += len(text) + more
        if size > MAX_TEXT:
            bounded_size(size)
        pieces.append(text)
    return between.join(pieces)


def group(items: Any) -> Any:
    """Return a list or mapping that a template makes; lists in lists in lists would grow without end."""
    values = list(items.values()) if isinstance(items, dict) else items
    inner = [item for item in values if isinstance(item, _CONTAINERS)]
    deep = any(isinstance(part, _CONTAINERS) for item in inner for part in _parts(item))
    if deep or sum(map(len, inner)) > MAX_TEXT:
        raise FailedError("builds too long a list")
    return Made(items) if isinstance(items, dict) else items


class Made(dict[Any, Any]):
    """A mapping that a template made itself."""


_CONTAINERS = (list, tuple, Made)


def _parts(item: Any) -> Iterable[Any]:
    return item.values() if isinstance(item, Made) else item


# --- comparing -------------------------------------------------------------------------------------------------------

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


def is_number(value: Any) -> bool:
    """Tell whether one can calculate with ``value``."""
    return isinstance(value, int | float | Decimal) and not isinstance(value, bool)


def in_reach(value: Any) -> Any:
    """Return ``value``. Raises FailedError for a number (``1E+3000000``) that has too many places to work with."""
    if isinstance(value, Decimal) and abs(value.adjusted()) > _MAX_PLACES:
        raise FailedError("calculates with numbers that are too large")
    return value


def _ordered(order: str) -> Callable[[Any, Any], bool]:
    return lambda left, right: compare(left, order, right)


_GREATER, _LESS = _ordered("gt"), _ordered("lt")
_AT_LEAST, _AT_MOST = _ordered("gteq"), _ordered("lteq")

TESTS: dict[str, Callable[..., bool]] = {
    "!=": operator.ne,
    "<": _LESS,
    "<=": _AT_MOST,
    "==": operator.eq,
    ">": _GREATER,
    ">=": _AT_LEAST,
    "blank": lambda value: value is None or value == "" or value == () or value == [],
    "boolean": lambda value: isinstance(value, bool),
    "defined": lambda value: not isinstance(value, Undefined),
    "divisibleby": lambda value, number: is_number(value) and bool(number) and value % number == 0,
    "eq": operator.eq,
    "equalto": operator.eq,
    "even": lambda value: is_number(value) and value % 2 == 0,
    "false": lambda value: value is False,
    "float": lambda value: isinstance(value, float),
    "ge": _AT_LEAST,
    "greaterthan": _GREATER,
    "gt": _GREATER,
    "in": lambda value, group: compare(value, "in", group),
    "integer": jinja.test_integer,
    "iterable": jinja.test_iterable,
    "le": _AT_MOST,
    "lessthan": _LESS,
    "lower": lambda value: str(value).islower(),
    "lt": _LESS,
    "mapping": lambda value: isinstance(value, Mapping),
    "ne": operator.ne,
    "none": lambda value: value is None,
    "number": lambda value: is_number(value),
    "odd": lambda value: is_number(value) and value % 2 == 1,
    "sameas": lambda value, other: value is other,
    "sequence": jinja.test_sequence,
    "string": lambda value: isinstance(value, str),
    "true": lambda value: value is True,
    "undefined": lambda value: isinstance(value, Undefined),
    "upper": lambda value: str(value).isupper(),
}
