"""The methods of plain data that a template may call: those of texts, mappings, lists and dates that only look."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, time, timedelta
from typing import Any

from toolkit.environment import formats
from toolkit.environment.filters import held, replaced
from toolkit.environment.values import FailedError, Words, joined
from toolkit.model import Missing


def _padded(name: str) -> Callable[..., Any]:
    return lambda text, width, *fill: getattr(text, name)(held(width), *fill)


def _in_words(value: Any, style: str) -> str:
    """Return a date as ``style`` says."""
    if not formats.is_of_day(style):
        raise FailedError("asks for a date in a form that is not known")
    return str(value.strftime(style))


_OF_TEXT: dict[str, Callable[..., Any]] = {
    name: getattr(str, name)
    for name in (
        "capitalize", "casefold", "count", "endswith", "find", "isalnum", "isalpha", "isdecimal", "isdigit", "islower",
        "isnumeric", "isspace", "istitle", "isupper", "lower", "lstrip", "partition", "removeprefix", "removesuffix",
        "rfind", "rpartition", "rsplit", "rstrip", "split", "splitlines", "startswith", "strip", "swapcase", "title",
        "upper",
    )
} | {
    "center": _padded("center"),
    "ljust": _padded("ljust"),
    "replace": replaced,
    "rjust": _padded("rjust"),
    "zfill": _padded("zfill"),
}  # fmt: skip
_OF_MAPPING: dict[str, Callable[..., Any]] = {
    "get": lambda mapping, key, other=None: mapping.get(key, other),
    "items": lambda mapping: list(mapping.items()),
    "keys": lambda mapping: list(mapping.keys()),
    "values": lambda mapping: list(mapping.values()),
}
_OF_LIST: dict[str, Callable[..., Any]] = {
    "count": lambda items, item: list(items).count(item),
    "index": lambda items, item: list(items).index(item),
}
_OF_DAY: dict[str, Callable[..., Any]] = {
    "date": lambda day: day.date(),
    "isoformat": lambda day: day.isoformat(),
    "isoweekday": lambda day: day.isoweekday(),
    "strftime": _in_words,
    "time": lambda day: day.time(),
    "total_seconds": lambda span: span.total_seconds(),
    "weekday": lambda day: day.weekday(),
}
_TYPES: tuple[tuple[Any, Mapping[str, Callable[..., Any]]], ...] = (
    (str, _OF_TEXT),
    (Mapping, _OF_MAPPING),
    (list | tuple, _OF_LIST),
    (date | time | timedelta, _OF_DAY),
)
METHODS = frozenset({"format", "join"}.union(*(methods for _, methods in _TYPES)))
"""The names that a template may call on a value."""


def call(words: Words, value: Any, name: str, *arguments: Any) -> Any:
    """Return what the method ``name`` of ``value`` gives; of a blank it is blank, and a missing answer stays one.

    Raises TypeError where ``value`` has no such method.
    """
    if value is None or isinstance(value, Missing):
        return value
    if isinstance(value, str):
        value = words.printed(value)
        if name == "format":
            return formats.braces(words, value, *arguments)
        if name == "join":
            return joined(value, (words.printed(item) for item in words.items_of(*arguments)))
    for kind, methods in _TYPES:
        if isinstance(value, kind) and name in methods:
            return methods[name](value, *arguments)
    raise TypeError("has no such method")
