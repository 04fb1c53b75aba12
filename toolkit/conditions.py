"""Conditions such as ``objectives.measure == 'count'``: comparisons, ``in``, ``and``, ``or``, ``not`` over full paths.

A blank operand makes a comparison unknown (None); unknown passes through ``and``, ``or`` and ``not`` as in SQL.
"""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any, Literal

from msgspec import Struct

from toolkit.errors import ShelfError

Lookup = Callable[[str], Any]
"""Gives the value at a path, or None where it is blank."""
Condition = Callable[[Lookup], bool | None]
Operand = Callable[[Lookup], Any]
Sign = Literal["==", "!=", "<", "<=", ">", ">=", "in", "not in"]


class Path(Struct, frozen=True):
    """The answer at a path; standing alone it is true when the answer is yes."""

    path: str


class Compared(Struct, frozen=True):
    """Two operands beside one another, each a `Path` or a plain value."""

    left: Any
    sign: Sign
    right: Any


class Joined(Struct, frozen=True):
    """Parts joined by one word."""

    word: Literal["and", "or"]
    parts: tuple[Part, ...]


class Negated(Struct, frozen=True):
    """The opposite of a part."""

    part: Part


Part = Path | Compared | Joined | Negated

_SIGNS: dict[type[ast.cmpop], Sign] = {
    ast.Eq: "==", ast.NotEq: "!=", ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=",
    ast.In: "in", ast.NotIn: "not in",
}  # fmt: skip
_COMPARISONS: dict[Sign, Callable[[Any, Any], Any]] = {
    "==": operator.eq, "!=": operator.ne, "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
    "in": lambda left, right: left in right, "not in": lambda left, right: left not in right,
}  # fmt: skip


@lru_cache(maxsize=1024)
def parse(text: str) -> Part:
    """Return the condition ``text`` in its parts.

    Raises ShelfError when it holds anything but comparisons of paths and literals joined by and, or, not.
    """
    try:
        return _part(ast.parse(text, mode="eval").body)
    except (SyntaxError, ValueError, RecursionError) as error:
        raise ShelfError(f"The condition «{text}» cannot be read. Use comparisons joined by and, or, not.") from error


@lru_cache(maxsize=1024)
def compile_condition(text: str) -> Condition:
    """Return ``text`` as a function of a lookup that answers True, False or None (unknown).

    Raises ShelfError where `parse` does.
    """
    return _compiled(parse(text))


def paths(text: str) -> tuple[str, ...]:
    """Return the paths that the condition ``text`` asks for, each once."""
    return tuple(dict.fromkeys(_paths(parse(text))))


def _paths(part: Any) -> Iterator[str]:
    match part:
        case Path(path):
            yield path
        case Compared(left, _, right):
            yield from (*_paths(left), *_paths(right))
        case Joined(_, parts):
            for one in parts:
                yield from _paths(one)
        case Negated(one):
            yield from _paths(one)


# --- from text to parts --------------------------------------------------------------------------------------------


def _part(node: ast.AST) -> Part:
    match node:
        case ast.BoolOp(joint, values):
            return Joined("and" if isinstance(joint, ast.And) else "or", tuple(_part(value) for value in values))
        case ast.UnaryOp(ast.Not(), operand):
            return Negated(_part(operand))
        case ast.Compare(left, [sign], [right]) if type(sign) in _SIGNS:
            return Compared(_operand(left), _SIGNS[type(sign)], _operand(right))
        case ast.Attribute():
            return Path(_path(node))
    raise ValueError


def _operand(node: ast.expr) -> Any:
    return Path(_path(node)) if isinstance(node, ast.Attribute) else ast.literal_eval(node)


def _path(node: ast.AST) -> str:
    match node:
        case ast.Attribute(value, name):
            return f"{_path(value)}.{name}"
        case ast.Name(name):
            return name
    raise ValueError


# --- from parts to an answer ---------------------------------------------------------------------------------------


def _compiled(part: Part) -> Condition:
    match part:
        case Joined(word, parts):
            each = [_compiled(one) for one in parts]
            return _all(each) if word == "and" else _any(each)
        case Negated(one):
            return _not(_compiled(one))
        case Compared(left, sign, right):
            return _compared(_value(left), _COMPARISONS[sign], _value(right))
        case Path(path):
            return _truth(path)


def _all(parts: list[Condition]) -> Condition:
    def every(lookup: Lookup) -> bool | None:
        answers = [part(lookup) for part in parts]
        return False if False in answers else None if None in answers else True

    return every


def _any(parts: list[Condition]) -> Condition:
    def some(lookup: Lookup) -> bool | None:
        answers = [part(lookup) for part in parts]
        return True if True in answers else None if None in answers else False

    return some


def _not(part: Condition) -> Condition:
    def negated(lookup: Lookup) -> bool | None:
        answer = part(lookup)
        return None if answer is None else not answer

    return negated


def _compared(
    left: Callable[[Lookup], Any], compare: Callable[[Any, Any], Any], right: Callable[[Lookup], Any]
) -> Condition:
    def compared(lookup: Lookup) -> bool | None:
        values = left(lookup), right(lookup)
        if None in values:
            return None
        try:
            return bool(compare(*values))
        except TypeError:
            return None

    return compared


def _truth(path: str) -> Condition:
    def truth(lookup: Lookup) -> bool | None:
        found = lookup(path)
        return None if found is None else bool(found)

    return truth


def _value(operand: Any) -> Operand:
    if isinstance(operand, Path):
        path = operand.path
        return lambda lookup: lookup(path)
    return lambda lookup: operand
