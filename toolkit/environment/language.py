"""What a template may say: every node of its syntax tree is one of those listed here, or the template is refused."""

from __future__ import annotations

from jinja2 import nodes

from toolkit.environment.values import FILTERS, TESTS, TEXT_FILTERS
from toolkit.errors import TemplateError

MAX_NUMBER = 10**15


class RefusedError(TemplateError):
    """Raised when a template says something that it may not; ``line`` is its line in the source."""

    def __init__(self, text: str, line: int) -> None:
        super().__init__(text)
        self.line = line


_SAID = (
    nodes.Template, nodes.Output, nodes.TemplateData, nodes.For, nodes.If, nodes.Assign, nodes.Name, nodes.Const,
    nodes.Tuple, nodes.List, nodes.Getattr, nodes.Getitem, nodes.Slice, nodes.Call, nodes.Filter, nodes.Test,
    nodes.CondExpr, nodes.Compare, nodes.Operand, nodes.And, nodes.Or, nodes.Not, nodes.Concat, nodes.Add, nodes.Sub,
    nodes.Mul, nodes.Div, nodes.FloorDiv, nodes.Mod, nodes.Neg, nodes.Pos,
)  # fmt: skip
FUNCTIONS = frozenset({"range", "sign"})
_LOOP_FUNCTIONS = frozenset({"cycle", "changed"})
_RESERVED = FUNCTIONS | {"loop", "self", "super", "caller", "varargs", "kwargs"}
_UNKNOWN_WORD = "uses «{}», which is not available in templates"


def hold(node: nodes.Node, line: int = 1) -> None:
    """Raise RefusedError unless ``node`` and all below it say only what a template may say."""
    line = node.lineno or line
    trouble = _trouble(node)
    if trouble:
        raise RefusedError(trouble, line)
    for child in node.iter_child_nodes():
        hold(child, line)


def _trouble(node: nodes.Node) -> str:
    """Return what is wrong with ``node`` itself, or an empty text."""
    if type(node) not in _SAID:
        return _UNKNOWN_WORD.format(type(node).__name__.lower())
    if isinstance(node, nodes.Name):
        taken = _RESERVED if node.ctx == "store" else _RESERVED - FUNCTIONS - {"loop"}
        return _UNKNOWN_WORD.format(node.name) if node.name.startswith("_") or node.name in taken else ""
    if isinstance(node, nodes.Getattr) and node.attr.startswith("_"):
        return _UNKNOWN_WORD.format(node.attr)
    if isinstance(node, nodes.Getitem) and isinstance(node.arg, nodes.Const) and str(node.arg.value).startswith("_"):
        return _UNKNOWN_WORD.format(node.arg.value)
    if isinstance(node, nodes.For) and node.recursive:
        return _UNKNOWN_WORD.format("recursive")
    if isinstance(node, nodes.Filter | nodes.Test):
        known = FILTERS if isinstance(node, nodes.Filter) else TESTS
        if node.name not in known or node.dyn_args or node.dyn_kwargs or node.kwargs:
            return _UNKNOWN_WORD.format(node.name)
        if node.name == "map" and not _maps(node):
            return "uses «map» with something other than one of: " + ", ".join(sorted(TEXT_FILTERS))
    if isinstance(node, nodes.Call):
        return _call_trouble(node)
    if isinstance(node, nodes.Const) and isinstance(node.value, int) and abs(node.value) > MAX_NUMBER:
        return "holds a number that is too long"
    return ""


def _maps(node: nodes.Filter | nodes.Test) -> bool:
    names = [argument.value for argument in node.args if isinstance(argument, nodes.Const)]
    return len(names) == len(node.args) == 1 and names[0] in TEXT_FILTERS


def _call_trouble(node: nodes.Call) -> str:
    called = node.node
    if node.kwargs or node.dyn_args or node.dyn_kwargs:
        return "calls a function with named or unpacked arguments, which is not available in templates"
    if isinstance(called, nodes.Name) and called.name in FUNCTIONS:
        return ""
    of_loop = isinstance(called, nodes.Getattr) and isinstance(called.node, nodes.Name) and called.node.name == "loop"
    if of_loop and isinstance(called, nodes.Getattr) and called.attr in _LOOP_FUNCTIONS:
        return ""
    return "calls a function; only sign(…), range(…), loop.cycle(…) and loop.changed(…) may be called"
