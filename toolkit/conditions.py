"""Conditions such as ``objectives.measure == 'count'``: comparisons, ``in``, ``and``, ``or``, ``not`` over full paths.

A blank operand makes a comparison unknown (None); unknown passes through ``and``, ``or`` and ``not`` as in SQL.
"""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any

from toolkit.errors import ShelfError

Lookup = Callable[[str], Any]
"""Gives the value at a path, or None where it is blank."""
Condition = Callable[[Lookup], bool | None]

_COMPARISONS: dict[type[ast.cmpop], Callable[[Any, Any], Any]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.In: lambda left, right: left in right,
    ast.NotIn: lambda left, right: left not in right,
}


@lru_cache(maxsize=1024)
def compile_condition(text: str) -> Condition:
    """Return ``text`` as a function of a lookup that answers True, False or None (unknown).

    Raises ShelfError when the text holds anything but comparisons of paths and literals joined by and, or, not.
    A bare path is true when its value is yes.
    """
    try:
        return _node(ast.parse(text, mode="eval").body)
    except (SyntaxError, ValueError, RecursionError) as error:
        raise ShelfError(f"The condition «{text}» cannot be read. Use comparisons joined by and, or, not.") from error


def paths(text: str) -> tuple[str, ...]:
    """Return the paths that the condition ``text`` asks for, each once; ``text`` is one that can be compiled."""
    return tuple(dict.fromkeys(_paths(ast.parse(text, mode="eval").body)))


def _paths(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Attribute):
        yield _path(node)
    else:
        for child in ast.iter_child_nodes(node):
            yield from _paths(child)


def _path(node: ast.AST) -> str:
    if isinstance(node, ast.Attribute):
        return f"{_path(node.value)}.{node.attr}"
    if isinstance(node, ast.Name):
        return node.id
    raise ValueError


def _node(node: ast.AST) -> Condition:
    if isinstance(node, ast.BoolOp):
        parts = [_node(value) for value in node.values]
        return _all(parts) if isinstance(node.op, ast.And) else _any(parts)
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        inner = _node(node.operand)

        def negated(lookup: Lookup) -> bool | None:
            answer = inner(lookup)
            return None if answer is None else not answer

        return negated
    if isinstance(node, ast.Compare) and len(node.ops) == 1:
        compare = _COMPARISONS.get(type(node.ops[0]))
        if compare is None:
            raise ValueError
        left, right = _operand(node.left), _operand(node.comparators[0])

        def compared(lookup: Lookup) -> bool | None:
            values = left(lookup), right(lookup)
            if None in values:
                return None
            try:
                return bool(compare(*values))
            except TypeError:
                return None

        return compared
    if isinstance(node, ast.Attribute):
        value = _operand(node)

        def truth(lookup: Lookup) -> bool | None:
            found = value(lookup)
            return None if found is None else bool(found)

        return truth
    raise ValueError


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


def _operand(node: ast.AST) -> Callable[[Lookup], Any]:
    if isinstance(node, ast.Attribute):
        path = _path(node)
        return lambda lookup: lookup(path)
    literal = ast.literal_eval(node)
    return lambda lookup: literal
