"""The filters of templates, each held down: what it builds is measured before it is built.

What Jinja has is Jinja's own; it is only told how values print and what counts as a list (`Words`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import wraps
from typing import Any, TypeAlias, cast

from jinja2 import Undefined, pass_context
from jinja2 import filters as jinja
from jinja2.runtime import Context

from toolkit.environment import formats
from toolkit.environment.values import (
    MAX_TEXT,
    OFFICE,
    FailedError,
    Words,
    bounded,
    bounded_size,
    group,
    in_reach,
    is_number,
    items_of,
    joined,
    printed,
)
from toolkit.model import Missing, Score

Filter: TypeAlias = Callable[..., Any]

MAX_GROUPS = 1_000
"""Groups, or items of a group, that one filter may ask for."""
MAX_DIGITS = 30
"""Digits behind the point."""

# --- texts -----------------------------------------------------------------------------------------------------------


def _text_filter(words: Words, function: Callable[..., str]) -> Filter:
    """Let a filter on text work on what is printed, and leave a missing answer what it is."""

    @wraps(function)
    def filtered(value: Any, *arguments: Any, **named: Any) -> str:
        result = function(words.printed(value), *arguments, **named)
        return Missing(result) if isinstance(value, Missing) else result

    return filtered


def _truncated(text: str, length: int = 255, killwords: bool = False, end: str = "...", leeway: int = 5) -> str:
    """Return the beginning of ``text``; Jinja's own asks for an environment."""
    if not 0 <= len(end) <= length:
        raise ValueError("too short")
    if len(text) <= length + leeway:
        return text
    kept = text[: length - len(end)]
    return (kept if killwords else kept.rsplit(" ", 1)[0]) + end


def _centered(text: str, width: int = 80) -> str:
    return text.center(held(width))


def _indented(text: str, width: int | str = 4, first: bool = False, blank: bool = False) -> str:
    margin = len(width) if isinstance(width, str) else held(width)
    bounded_size(len(text) + (text.count("\n") + 1) * margin)
    return jinja.do_indent(text, width, first, blank)


@pass_context
def _wrapped(
    context: Context, value: Any, width: int = 79, break_long_words: bool = True, wrapstring: str = "\n",
    break_on_hyphens: bool = True,
) -> str:  # fmt: skip
    text = str(value)
    bounded_size(len(text) + (len(text) // max(held(width), 1) + text.count("\n")) * len(wrapstring))
    return jinja.do_wordwrap(context.environment, text, width, break_long_words, wrapstring, break_on_hyphens)


def replaced(text: str, old: Any, new: Any, count: int | None = None) -> str:
    """Return ``text`` with ``new`` in place of ``old``. Raises FailedError where that would grow too long."""
    old, new = str(old), str(new)
    bounded_size(len(text) + text.count(old) * len(new))
    return text.replace(old, new, -1 if count is None else count)


def held(size: Any) -> int:
    """Return a width that a template asks for. Raises FailedError where it is too large."""
    if not isinstance(size, int) or size > MAX_TEXT:
        raise FailedError("builds too long a text in one place")
    return size


def _date(value: Any, style: str = "short") -> Any:
    """Return a date in words (``long``: July 27, 2026) or as 07/27/2026; anything else as it is."""
    return f"{value:%B} {value.day}, {value.year}" if isinstance(value, date) and style == "long" else value


_TEXTS: dict[str, Callable[..., str]] = {
    "capitalize": str.capitalize,
    "center": _centered,
    "indent": _indented,
    "lower": str.lower,
    "replace": replaced,
    "striptags": jinja.do_striptags,
    "title": jinja.do_title,
    "trim": str.strip,
    "truncate": _truncated,
    "upper": str.upper,
    "urlencode": jinja.do_urlencode,
}

# --- lists -----------------------------------------------------------------------------------------------------------


def _list_filters(words: Words) -> dict[str, Filter]:
    """Return the filters that work on lists."""

    def of_list(function: Filter, passed: str = "") -> Filter:
        @pass_context
        @wraps(function)
        def filtered(context: Context, value: Any, *arguments: Any, **named: Any) -> Any:
            given = {"": (), "environment": (context.environment,), "context": (context,)}[passed]
            result = function(*given, words.items_of(value), *arguments, **named)
            return items_of(result) if isinstance(result, Iterator) else result

        return filtered

    def join(environment: Any, items: Iterable[Any], between: Any = "", attribute: str | None = None) -> str:
        take = jinja.make_attrgetter(environment, attribute)
        return joined(words.printed(between), (words.printed(take(item)) for item in items))

    return {
        "batch": of_list(lambda items, size, fill=None: group(list(jinja.do_batch(items, _few(size), fill)))),
        "groupby": of_list(_grouped, "environment"),
        "join": of_list(join, "environment"),
        "map": of_list(_mapped, "context"),
        "max": of_list(jinja.do_max, "environment"),
        "min": of_list(jinja.do_min, "environment"),
        "reject": of_list(jinja.sync_do_reject, "context"),
        "rejectattr": of_list(jinja.sync_do_rejectattr, "context"),
        "select": of_list(jinja.sync_do_select, "context"),
        "selectattr": of_list(jinja.sync_do_selectattr, "context"),
        "slice": of_list(lambda items, size, fill=None: group(list(jinja.sync_do_slice(items, _few(size), fill)))),
        "sort": of_list(jinja.do_sort, "environment"),
        "sum": of_list(_sum, "environment"),
        "unique": of_list(jinja.sync_do_unique, "environment"),
    }


def _grouped(environment: Any, items: Sequence[Any], *arguments: Any, **named: Any) -> Any:
    if any(isinstance(item, list | tuple) for item in items):
        raise TypeError("groups cannot be grouped again")
    return jinja.sync_do_groupby(environment, items, *arguments, **named)


def _mapped(
    context: Context, items: Iterable[Any], *arguments: Any, default: Any = None, **named: Any
) -> Iterator[Any]:
    """Return what Jinja's `map` gives; ``default`` stands also where something on the way is blank."""
    for item in jinja.sync_do_map(context, items, *arguments, **named):
        yield default if item is None or (default is not None and isinstance(item, Undefined)) else item


def _sum(environment: Any, items: Iterable[Any], attribute: str | None = None, start: Any = 0) -> Any:
    take = jinja.make_attrgetter(environment, attribute)
    return sum((_number(take(item)) for item in items), _number(start))


def _few(count: Any) -> int:
    if not isinstance(count, int) or not 0 < count <= MAX_GROUPS:
        raise FailedError("builds too long a list")
    return count


def _number(value: Any) -> Any:
    if isinstance(value, Score):
        return value.number
    if value is None or isinstance(value, Missing):
        return 0
    if not is_number(value):
        raise TypeError("not a number")
    return value


# --- numbers and pairs -----------------------------------------------------------------------------------------------


def _of_number(function: Filter) -> Filter:
    @wraps(function)
    def filtered(value: Any, *arguments: Any, **named: Any) -> Any:
        if isinstance(value, Missing):
            return value
        return function(in_reach(value.number if isinstance(value, Score) else value), *arguments, **named)

    return filtered


def _rounded(value: Any, precision: int = 0, method: str = "common") -> Any:
    if abs(precision) > MAX_DIGITS:
        raise FailedError("calculates with numbers that are too large")
    return jinja.do_round(value, precision, cast(Any, method))


def _pairs(value: Any) -> list[tuple[Any, Any]]:
    return list(value.items()) if isinstance(value, Mapping) else []


def _sorted_pairs(value: Any, case_sensitive: bool = False, by: str = "key", reverse: bool = False) -> Any:
    return jinja.do_dictsort(dict(_pairs(value)), case_sensitive, cast(Any, by), reverse)


# --- all together ----------------------------------------------------------------------------------------------------


def jinja_filters(words: Words) -> dict[str, Filter]:
    """Return the filters as Jinja has them, for an environment whose values print as ``words`` say."""

    def default(value: Any, other: Any = "", boolean: bool = False) -> Any:
        return other if value is None or isinstance(value, Undefined) or (boolean and not value) else value

    def first(value: Any) -> Any:
        items = words.items_of(value)
        return items[0] if items else None

    def last(value: Any) -> Any:
        items = words.items_of(value)
        return items[-1] if items else None

    def length(value: Any) -> int:
        return len(words.items_of(value))

    def reverse(value: Any) -> Any:
        items = words.items_of(value)
        return items[::-1] if isinstance(items, str) else list(items)[::-1]

    def same(value: Any) -> Any:
        return value

    return {
        **{name: _text_filter(words, function) for name, function in _TEXTS.items()},
        **_list_filters(words),
        "abs": _of_number(abs),
        "count": length,
        "d": default,
        "date": _date,
        "default": default,
        "dictsort": _sorted_pairs,
        "e": same,  # every value is escaped once, when it is printed
        "escape": same,
        "filesizeformat": _of_number(jinja.do_filesizeformat),
        "first": first,
        "float": _of_number(jinja.do_float),
        "format": lambda text, *values: formats.percent(words, text, *values),
        "forceescape": same,
        "int": _of_number(jinja.do_int),
        "items": _pairs,
        "last": last,
        "length": length,
        "list": lambda value: list(words.items_of(value)),
        "reverse": reverse,
        "round": _of_number(_rounded),
        "string": lambda value: bounded(words.printed(value)),
        "wordcount": lambda value: jinja.do_wordcount(words.printed(value)),
        "wordwrap": _wrapped,
    }


# --- as an office says it --------------------------------------------------------------------------------------------


def _default(value: Any, other: Any = "", boolean: bool = False) -> Any:
    return other if value is None or printed(value) == "" or (boolean and not value) else value


@pass_context
def _sorted(context: Context, value: Any, *arguments: Any, **named: Any) -> list[Any]:
    items = items_of(value)
    if arguments or named:
        return jinja.do_sort(context.environment, items, *arguments, **named)
    try:
        return sorted(items)
    except TypeError:
        return sorted(items, key=lambda item: printed(item).casefold())


def _round(value: Any, digits: int = 0, method: str = "common") -> Any:
    if not is_number(in_reach(value)):
        return value
    if method != "common":
        return _rounded(value, digits, method)
    return round(value, digits) if digits else round(value)


@pass_context
def _unique(context: Context, value: Any, *arguments: Any, **named: Any) -> list[Any]:
    if arguments or named:
        return list(jinja.sync_do_unique(context.environment, items_of(value), *arguments, **named))
    return list({printed(item): item for item in reversed(items_of(value))}.values())[::-1]


OFFICE_FILTERS: dict[str, Filter] = {
    **jinja_filters(OFFICE),
    "d": _default,
    "default": _default,
    "round": _round,
    "sort": _sorted,
    "unique": _unique,
}
TEXT_FILTERS = frozenset({*_TEXTS, "date", "wordwrap"})
"""Filters that change how one answer is written and leave it that answer."""
ITEM_FILTERS = TEXT_FILTERS | {"abs", "filesizeformat", "float", "int", "round", "string", "wordcount", "first", "last",
                               "length", "count", "list", "e", "escape"}  # fmt: skip
"""Filters that ``map`` may put to each item of a list."""
