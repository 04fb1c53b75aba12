"""Which names a template asks for, with their full paths: what it can print, and what it only looks at."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple, TypeAlias, cast

from jinja2 import nodes

from toolkit.environment import TEXT_FILTERS, attribute_of


class Use(NamedTuple):
    """A name that a template asks for: its full path, the line in the source, and whether it is printed there."""

    path: str
    line: int
    printed: bool


class Answer(NamedTuple):
    """A place where a template prints one answer and nothing is done to it: ``{{ objective.target }}``."""

    path: str
    row: nodes.Expr
    """What gives the row in which the answer stands."""
    in_list: bool
    """True for ``{{ item }}`` in a loop over the lines of one answer."""


_Scope: TypeAlias = dict[str, tuple[str, ...]]
_SAME_PATH = frozenset(
    {"batch", "d", "default", "dictsort", "e", "escape", "first", "items", "last", "list", "map", "max", "min",
     "reject", "rejectattr", "reverse", "select", "selectattr", "slice", "sort", "string", "unique", *TEXT_FILTERS}
)  # fmt: skip
"""Filters whose result is the same answer, or some of the same."""


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
            inner = _inside(node, scope)
            if node.test is not None:
                yield from _uses(node.test, inner, False)
            yield from _uses_of_body(node.body, inner)
            yield from _uses_of_body(node.else_, scope)
        elif isinstance(node, nodes.Assign):
            yield from _uses(node.node, scope, False)
            scope.update(_bound(node.target, _paths(node.node, scope)))
        elif isinstance(node, nodes.Macro):
            yield from _uses_of_body(node.body, {**scope, **{argument.name: () for argument in node.args}})
        elif isinstance(node, nodes.AssignBlock):
            yield from _uses_of_body(node.body, scope)
            scope.update(_bound(node.target, ()))
        elif isinstance(node, nodes.With):
            for value in node.values:
                yield from _uses(value, scope, False)
            pairs = zip(node.targets, node.values, strict=True)
            bound = [_bound(target, _paths(value, scope)) for target, value in pairs]
            yield from _uses_of_body(node.body, {**scope, **dict(item for one in bound for item in one.items())})


def _inside(node: nodes.For, scope: _Scope) -> _Scope:
    return {**scope, **_bound(node.target, _paths(node.iter, scope)), "loop": ()}


def _bound(target: nodes.Node, paths: tuple[str, ...]) -> _Scope:
    if isinstance(target, nodes.Name):
        return {target.name: paths}
    return {name.name: () for name in target.find_all(nodes.Name)}


def answers(tree: nodes.Template) -> dict[int, Answer]:
    """Return, by line of the source, each place where one answer is printed as it is."""
    return dict(_answers(tree.body, {}, None))


def _answers(body: Iterable[nodes.Node], scope: _Scope, loop: nodes.For | None) -> Iterator[tuple[int, Answer]]:
    scope = dict(scope)
    for node in body:
        if isinstance(node, nodes.Output):
            for child in node.nodes:
                found = _answer(child, scope) or _line_of_list(child, scope, loop)
                if found is not None:
                    yield child.lineno, found
        elif isinstance(node, nodes.If):
            for branch in (node.body, node.elif_, node.else_):
                yield from _answers(branch, scope, loop)
        elif isinstance(node, nodes.For):
            yield from _answers(node.body, _inside(node, scope), node)
            yield from _answers(node.else_, scope, loop)
        elif isinstance(node, nodes.Assign):
            scope.update(_bound(node.target, _paths(node.node, scope)))


def _answer(node: nodes.Expr, scope: _Scope) -> Answer | None:
    named = isinstance(node, nodes.Getattr) or (
        isinstance(node, nodes.Getitem) and isinstance(node.arg, nodes.Const) and isinstance(node.arg.value, str)
    )
    if not named:
        return None
    row = inner = node.node  # type: ignore[attr-defined]
    while isinstance(inner, nodes.Getattr | nodes.Getitem):
        inner = inner.node
    paths = _paths(node, scope) if isinstance(inner, nodes.Name) else ()
    return Answer(paths[0], row, False) if len(paths) == 1 else None


def _line_of_list(node: nodes.Expr, scope: _Scope, loop: nodes.For | None) -> Answer | None:
    """Return the answer of which ``node`` is a line: the bare name of the innermost loop, which goes through it all."""
    if not (isinstance(node, nodes.Name) and loop is not None and isinstance(loop.target, nodes.Name)):
        return None
    whole = _answer(loop.iter, scope) if loop.test is None else None  # type: ignore[arg-type]
    if whole is None or loop.target.name != node.name or scope.get(node.name) != (whole.path,):
        return None
    return whole._replace(in_list=True)


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
            yield from _uses(inner, scope, is_printed and isinstance(inner, nodes.Dict))
    elif isinstance(node, nodes.Filter) and node.name == "map" and attribute_of(node):
        yield from (Use(path, node.lineno, is_printed) for path in _paths(node, scope))
        yield from _uses(cast(nodes.Expr, node.node), scope, False)
    elif isinstance(node, nodes.CondExpr):
        yield from _uses(node.test, scope, False)
        for branch in (node.expr1, node.expr2):
            if branch is not None:
                yield from _uses(branch, scope, is_printed)
    elif isinstance(node, nodes.Call):
        if isinstance(node.node, nodes.Name) and node.node.name == "sign":
            yield Use("signers", node.lineno, is_printed)
        if isinstance(node.node, nodes.Getattr):
            yield from _uses(node.node.node, scope, is_printed)
        for argument in (*node.args, *node.kwargs):
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
        attribute = attribute_of(node) if node.name == "map" else None
        return tuple(f"{path}.{attribute}" if attribute else path for path in _paths(node.node, scope))
    if isinstance(node, nodes.Call) and isinstance(node.node, nodes.Getattr):
        return _paths(node.node.node, scope)
    if isinstance(node, nodes.CondExpr):
        return _paths(node.expr1, scope) + _paths(node.expr2, scope)
    if isinstance(node, nodes.Or | nodes.And):
        return _paths(node.left, scope) + _paths(node.right, scope)
    return ()


def field_path(path: str, sections: Mapping[str, Any]) -> str:
    """Return the field that a full path means: ``goals.objectives.target`` is ``objectives.target``.

    The last word that names a section and has a word behind it begins the field's path.
    """
    words = path.split(".")
    starts = [index for index, word in enumerate(words[:-1]) if word in sections]
    start = starts[-1] if starts else 0
    return ".".join(words[start : start + 2])
