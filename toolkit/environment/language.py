"""What a template may say: every node of its syntax tree is one of those listed here, or the template is refused."""

from __future__ import annotations

import re
from collections.abc import Callable, Container
from typing import NamedTuple

from jinja2 import nodes

from toolkit.environment.filters import ITEM_FILTERS
from toolkit.environment.formats import is_braces, is_percent
from toolkit.environment.methods import METHODS
from toolkit.environment.values import TESTS
from toolkit.errors import TemplateError

MAX_NUMBER = 10**15


class RefusedError(TemplateError):
    """Raised when a template says something that it may not; ``line`` is its line in the source."""

    def __init__(self, text: str, line: int) -> None:
        super().__init__(text)
        self.line = line


_SAID = (
    nodes.Template, nodes.Output, nodes.TemplateData, nodes.For, nodes.If, nodes.With, nodes.Assign, nodes.AssignBlock,
    nodes.Macro,
    nodes.Name, nodes.NSRef, nodes.Const, nodes.Tuple, nodes.List, nodes.Dict, nodes.Pair, nodes.Getattr, nodes.Getitem,
    nodes.Slice, nodes.Call, nodes.Keyword, nodes.Filter, nodes.Test, nodes.CondExpr, nodes.Compare, nodes.Operand,
    nodes.And, nodes.Or, nodes.Not, nodes.Concat, nodes.Add, nodes.Sub, nodes.Mul, nodes.Div, nodes.FloorDiv, nodes.Mod,
    nodes.Pow, nodes.Neg, nodes.Pos,
)  # fmt: skip
FUNCTIONS = frozenset({"dict", "namespace", "range", "sign"})
_NAMED = frozenset({"dict", "namespace"})
"""Functions whose arguments have names."""
_LOOP_FUNCTIONS = frozenset({"cycle", "changed"})
_RESERVED = FUNCTIONS | {"loop", "self", "super", "caller", "varargs", "kwargs"}
_BY_ATTRIBUTE = {"groupby": 0, "join": 1, "max": 1, "min": 1, "sort": 2, "sum": 0, "unique": 1}
"""Filters that look at one attribute of each item, and where among their arguments it stands."""
_CHOOSING = frozenset({"select", "reject", "selectattr", "rejectattr"})
_UNKNOWN_WORD = "uses «{}», which is not available in templates"
_ODD_FORMAT = "has a format that is not available in templates; those are written there, like '%.2f' and '{:,.2f}'"
_PATH = re.compile(r"(?!_)\w+(\.(?!_)\w+)*")


def hold(tree: nodes.Template, filters: Container[str], further: Container[str] = ()) -> None:
    """Raise RefusedError unless ``tree`` says only what a template may say, with these ``filters``.

    Those ``further`` ones of them are not ours, and may be given anything.
    """
    _hold(tree, _Known(filters, further, _macros(tree)))


class _Known(NamedTuple):
    """What a template may name: filters, those of them that are not ours, and its own macros."""

    filters: Container[str]
    further: Container[str]
    macros: frozenset[str]


def _hold(node: nodes.Node, known: _Known, line: int = 1) -> None:
    line = node.lineno or line
    trouble = _trouble(node, known)
    if trouble:
        raise RefusedError(trouble, line)
    for child in node.iter_child_nodes():
        _hold(child, known, line)


def _macros(tree: nodes.Template) -> frozenset[str]:
    """Return the names of the macros. Raises RefusedError where one calls itself or a later one: that could go on."""
    names: set[str] = set()
    for macro in tree.find_all(nodes.Macro):
        called = {call.node.name for call in macro.find_all(nodes.Call) if isinstance(call.node, nodes.Name)}
        if macro.name in _RESERVED or macro.name.startswith("_") or macro.name in names:
            raise RefusedError(_UNKNOWN_WORD.format(macro.name), macro.lineno)
        if next(macro.find_all(nodes.Macro), None) or not called <= FUNCTIONS | names:
            raise RefusedError("calls a macro inside itself, or one that comes later", macro.lineno)
        names.add(macro.name)
    return frozenset(names)


def _trouble(node: nodes.Node, known: _Known) -> str:
    """Return what is wrong with ``node`` itself, or an empty text."""
    if type(node) not in _SAID:
        return _UNKNOWN_WORD.format(type(node).__name__.lower())
    if isinstance(node, nodes.Name):
        taken = _RESERVED - FUNCTIONS - {"loop"} if node.ctx == "load" else _RESERVED | known.macros
        return _UNKNOWN_WORD.format(node.name) if node.name.startswith("_") or node.name in taken else ""
    if isinstance(node, nodes.Getattr | nodes.NSRef) and node.attr.startswith("_"):
        return _UNKNOWN_WORD.format(node.attr)
    if isinstance(node, nodes.Getitem) and isinstance(node.arg, nodes.Const) and str(node.arg.value).startswith("_"):
        return _UNKNOWN_WORD.format(node.arg.value)
    if isinstance(node, nodes.For) and node.recursive:
        return _UNKNOWN_WORD.format("recursive")
    if isinstance(node, nodes.Filter | nodes.Test):
        names = known.filters if isinstance(node, nodes.Filter) else TESTS
        if node.name not in names or node.dyn_args or node.dyn_kwargs:
            return _UNKNOWN_WORD.format(node.name)
        if isinstance(node, nodes.Filter) and node.name in known.further:
            return ""
        if node.name == "format" and (node.kwargs or not _is_format(node.node, is_percent)):
            return _ODD_FORMAT
        return _argument_trouble(node)
    if isinstance(node, nodes.Mod) and isinstance(node.left, nodes.Const) and isinstance(node.left.value, str):
        return "" if is_percent(node.left.value) else _ODD_FORMAT
    if isinstance(node, nodes.Call):
        return _call_trouble(node, known.macros)
    if isinstance(node, nodes.Const) and isinstance(node.value, int) and abs(node.value) > MAX_NUMBER:
        return "holds a number that is too long"
    return ""


def _argument_trouble(node: nodes.Filter | nodes.Test) -> str:
    """Return what is wrong with the arguments of filters that look into each item, or put a filter or test to it."""
    words = [argument.value if isinstance(argument, nodes.Const) else None for argument in node.args]
    if node.name == "map" and not words and {pair.key for pair in node.kwargs} <= {"attribute", "default"}:
        given = (pair.value.node if isinstance(pair.value, nodes.Neg) else pair.value for pair in node.kwargs)
        if all(isinstance(value, nodes.Const) for value in given) and _is_path(attribute_of(node)):
            return ""
        return "uses «map» with something other than a plain name for what it looks at"
    if node.name == "map" and not (words and words[0] in ITEM_FILTERS and not node.kwargs):
        return "uses «map» with something other than attribute=… and one of: " + ", ".join(sorted(ITEM_FILTERS))
    if node.name in _CHOOSING and isinstance(node, nodes.Filter):
        looked_at, test = (words[:1], words[1:2]) if node.name.endswith("attr") else (["-"], words[:1])
        if not ((looked_at and _is_path(looked_at[0])) or looked_at == ["-"]) or (test and test[0] not in TESTS):
            return f"uses «{node.name}» with something other than a plain name and one of: " + ", ".join(
                sorted(name for name in TESTS if name.isalpha())
            )
    at = _BY_ATTRIBUTE.get(node.name)
    if at is not None and isinstance(node, nodes.Filter):
        named = [pair.value for pair in node.kwargs if pair.key == "attribute"]
        looked_at = [item.value if isinstance(item, nodes.Const) else None for item in named] + words[at : at + 1]
        if not all(_is_path(path) for path in looked_at):
            return f"uses «{node.name}» with something other than a plain name for what it looks at"
    return ""


def attribute_of(node: nodes.Filter | nodes.Test) -> str | None:
    """Return the attribute that ``map(attribute="who.name")`` takes of each item; None where it takes none."""
    named = (pair.value for pair in node.kwargs if pair.key == "attribute")
    return next((str(value.value) for value in named if isinstance(value, nodes.Const)), None)


def _is_format(node: nodes.Expr | None, knows: Callable[[object], bool]) -> bool:
    """Tell whether ``node`` is a format that the template itself holds, and that it may have."""
    return isinstance(node, nodes.Const) and knows(node.value)


def _is_path(path: object) -> bool:
    return path is not None and bool(_PATH.fullmatch(str(path)))


def _call_trouble(node: nodes.Call, macros: frozenset[str]) -> str:
    called = node.node
    if isinstance(called, nodes.Name) and called.name in macros and not (node.dyn_args or node.dyn_kwargs):
        return ""
    has_name = isinstance(called, nodes.Name) and called.name in _NAMED
    if node.dyn_args or node.dyn_kwargs or (node.kwargs and not has_name):
        return "calls a function with named or unpacked arguments, which is not available in templates"
    if isinstance(called, nodes.Name) and called.name in FUNCTIONS:
        if has_name and (node.args or any(pair.key.startswith("_") for pair in node.kwargs)):
            return f"gives «{called.name}» something other than names and their values"
        return ""
    if isinstance(called, nodes.Getattr):
        of_loop = isinstance(called.node, nodes.Name) and called.node.name == "loop"
        if called.attr == "format" and not of_loop:
            return "" if _is_format(called.node, is_braces) else _ODD_FORMAT
        if called.attr in (_LOOP_FUNCTIONS if of_loop else METHODS):
            return ""
    return (
        "calls a function; only those of plain texts, lists and dates, and sign(…), range(…), dict(…), namespace(…), "
        "loop.cycle(…), loop.changed(…) and the template’s own macros may be called"
    )
