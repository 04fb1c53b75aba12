"""Which names a template asks for, with their full paths: what it can print, and what it only looks at."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple, TypeAlias

from jinja2 import nodes

from toolkit.environment import TEXT_FILTERS


class Use(NamedTuple):
    """A name that a template asks for: its full path, the line in the source, and whether it is printed there."""

    path: str
    line: int
    printed: bool


_Scope: TypeAlias = dict[str, tuple[str, ...]]
_SAME_PATH = frozenset({"default", "first", "last", "list", "reverse", "sort", "unique", *TEXT_FILTERS})


def uses(tree: nodes.Template) -> tuple[Use, ...]:
    """Return every name that ``tree`` asks for with its full path: ``goals.statement`` inside ``for goal in goals``."""
    return tuple(dict.fromkeys(_uses_of_body(tree.body, {})))


def _uses_of_body(body: Iterable[nodes.Node], scope: _Scope) -> Iterator[Use]:
    scope = dict(scope)
    for node in body:
        if isinstance(node, nodes.Output):
            for child in node.nodes:
                yield from _uses(child, scope, True)
        elif isinstance(node, nodes.If):
            yield from _uses(node.test, scope, False)
            for branch in (node.body, node.elif_, node.else_):
                yield from _uses_of_body(branch, scope)
        elif isinstance(node, nodes.For):
            yield from _uses(node.iter, scope, False)
            inner = {**scope, **_bound(node.target, _paths(node.iter, scope)), "loop": ()}
            if node.test is not None:
                yield from _uses(node.test, inner, False)
            yield from _uses_of_body(node.body, inner)
            yield from _uses_of_body(node.else_, scope)
        elif isinstance(node, nodes.Assign):
            yield from _uses(node.node, scope, False)
            scope.update(_bound(node.target, _paths(node.node, scope)))


def _bound(target: nodes.Node, paths: tuple[str, ...]) -> _Scope:
    if isinstance(target, nodes.Name):
        return {target.name: paths}
    return {name.name: () for name in target.find_all(nodes.Name)}


def _uses(node: nodes.Node, scope: _Scope, is_printed: bool) -> Iterator[Use]:
    """Yield the uses of an expression; what it only compares or tests is not printed."""
    if isinstance(node, nodes.Name | nodes.Getattr | nodes.Getitem):
        yield from (Use(path, node.lineno, is_printed) for path in _paths(node, scope))
        inner = node
        while isinstance(inner, nodes.Getattr | nodes.Getitem):
            if isinstance(inner, nodes.Getitem):
                yield from _uses(inner.arg, scope, False)
            inner = inner.node  # type: ignore[assignment]
        if not isinstance(inner, nodes.Name):
            yield from _uses(inner, scope, False)
    elif isinstance(node, nodes.CondExpr):
        yield from _uses(node.test, scope, False)
        for branch in (node.expr1, node.expr2):
            if branch is not None:
                yield from _uses(branch, scope, is_printed)
    elif isinstance(node, nodes.Call):
        if isinstance(node.node, nodes.Name) and node.node.name == "sign":
            yield Use("signers", node.lineno, is_printed)
        for argument in node.args:
            yield from _uses(argument, scope, is_printed)
    else:
        deciding = isinstance(node, nodes.Compare | nodes.Test | nodes.Not)
        counting = isinstance(node, nodes.Filter) and node.name in ("count", "length")
        for child in node.iter_child_nodes():
            yield from _uses(child, scope, is_printed and not deciding and not counting)


def _paths(node: nodes.Node | None, scope: _Scope) -> tuple[str, ...]:
    """Return the paths of which ``node`` may be the value; several for ``a or b``, none for what has no path."""
    if isinstance(node, nodes.Name):
        return scope.get(node.name, (node.name,))
    if isinstance(node, nodes.Getattr):
        return tuple(f"{path}.{node.attr}" for path in _paths(node.node, scope))
    if isinstance(node, nodes.Getitem):
        named = isinstance(node.arg, nodes.Const) and isinstance(node.arg.value, str)
        ending = f".{node.arg.value}" if named and isinstance(node.arg, nodes.Const) else ""
        return tuple(path + ending for path in _paths(node.node, scope))
    if isinstance(node, nodes.Filter) and node.name in _SAME_PATH:
        return _paths(node.node, scope)
    if isinstance(node, nodes.CondExpr):
        return _paths(node.expr1, scope) + _paths(node.expr2, scope)
    if isinstance(node, nodes.Or | nodes.And):
        return _paths(node.left, scope) + _paths(node.right, scope)
    return ()
