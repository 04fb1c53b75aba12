"""The one Jinja environment: what a template may say, how a value prints, and how far a loop may run.

Templates come from strangers. They are held twice: when compiled, the syntax tree may hold only what is listed here;
when rendered, the sandbox gives only plain data. Nothing in it reaches files, the network or code.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Decimal
from functools import wraps
from itertools import islice
from typing import Any, TypeAlias, cast

from jinja2 import StrictUndefined, TemplateSyntaxError, Undefined, UndefinedError, nodes, pass_context
from jinja2 import Template as CompiledTemplate
from jinja2.compiler import CodeGenerator
from jinja2.runtime import Context, LoopContext
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.visitor import NodeTransformer

from toolkit.errors import RenderError, TemplateError
from toolkit.kinds import show
from toolkit.model import Missing, Score

MAX_ROUNDS = 100_000
"""How many times all loops of one part may go round together."""
MAX_OUTPUT = 64_000_000
"""Characters that one part may print."""
_AT_ONCE = 64
"""Pieces of output that are counted together, which is quicker."""
MAX_TEXT = 200_000
"""Characters or items that one expression may build."""
MAX_RANGE = 1_000
MAX_NUMBER = 10**15

Put: TypeAlias = Callable[[Any], str]


class RefusedError(TemplateError):
    """Raised when a template says something that it may not; ``line`` is its line in the source."""

    def __init__(self, text: str, line: int) -> None:
        super().__init__(text)
        self.line = line


class FailedError(RenderError):
    """Raised when a compiled template cannot print this record; ``line`` is the line in the source, 0 if unknown."""

    def __init__(self, text: str, line: int = 0) -> None:
        super().__init__(text)
        self.line = line


class Ready(str):
    """Text that is escaped already."""


# --- how a value prints --------------------------------------------------------------------------------------------


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


def _items(value: Any) -> list[Any] | tuple[Any, ...]:
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
    items = _items(value)
    try:
        return sorted(items)
    except TypeError:
        return sorted(items, key=lambda item: printed(item).casefold())


def _join(value: Any, between: Any = "") -> str:
    return _bounded(printed(between).join(printed(item) for item in _items(value)))


def _date(value: Any, style: str = "short") -> Any:
    """Return a date in words (``long``: July 27, 2026) or as 07/27/2026; anything else as it is."""
    return f"{value:%B} {value.day}, {value.year}" if isinstance(value, date) and style == "long" else value


def _default(value: Any, other: Any = "") -> Any:
    return other if value is None or printed(value) == "" else value


def _map(value: Any, name: str) -> list[Any]:
    return [TEXT_FILTERS[name](item) for item in _items(value)]


def _first(value: Any) -> Any:
    items = _items(value)
    return items[0] if items else None


def _last(value: Any) -> Any:
    items = _items(value)
    return items[-1] if items else None


def _round(value: Any, digits: int = 0) -> Any:
    if not _is_number(value):
        return value
    return round(value, digits) if digits else round(value)


def _unique(value: Any) -> list[Any]:
    return list({printed(item): item for item in reversed(_items(value))}.values())[::-1]


TEXT_FILTERS: dict[str, Callable[..., Any]] = {
    "capitalize": _text_filter(str.capitalize),
    "date": _date,
    "lower": _text_filter(str.lower),
    "trim": _text_filter(str.strip),
    "upper": _text_filter(str.upper),
}
FILTERS: dict[str, Callable[..., Any]] = {
    **TEXT_FILTERS,
    "count": lambda value: len(_items(value)),
    "default": _default,
    "first": _first,
    "join": _join,
    "last": _last,
    "length": lambda value: len(_items(value)),
    "list": lambda value: list(_items(value)),
    "map": _map,
    "reverse": lambda value: list(_items(value))[::-1],
    "round": _round,
    "sort": _sort,
    "unique": _unique,
}
TESTS: dict[str, Callable[..., bool]] = {
    "blank": lambda value: value is None or value == "" or value == () or value == [],
    "defined": lambda value: not isinstance(value, Undefined),
    "divisibleby": lambda value, number: _is_number(value) and bool(number) and value % number == 0,
    "even": lambda value: _is_number(value) and value % 2 == 0,
    "in": lambda value, group: _compare(value, "in", group),
    "none": lambda value: value is None,
    "number": lambda value: _is_number(value),
    "odd": lambda value: _is_number(value) and value % 2 == 1,
    "string": lambda value: isinstance(value, str),
    "undefined": lambda value: isinstance(value, Undefined),
}


# --- what the tree is rewritten to; an author cannot type these names -------------------------------------------------


class Budget:
    """What is left of the rounds that the loops of one rendering may go."""

    def __init__(self) -> None:
        self.rounds = MAX_ROUNDS


@pass_context
def _each(context: Context, value: Any) -> Any:
    items = _items(value)
    budget: Budget = context.parent["_budget"]
    budget.rounds -= len(items)
    if budget.rounds < 0:
        raise FailedError("lets its loops go round too often")
    return items


_ORDERS: dict[str, Callable[[Any, Any], Any]] = {
    "gt": operator.gt,
    "gteq": operator.ge,
    "in": lambda left, right: left in right,
    "lt": operator.lt,
    "lteq": operator.le,
    "notin": lambda left, right: left not in right,
}


def _compare(left: Any, order: str, right: Any) -> bool:
    """Compare; what cannot be compared (a blank with a number) is not greater, not smaller and not in it."""
    for side in (left, right):
        if isinstance(side, Undefined):
            bool(side)  # raises: an unknown name is never quietly false
    left, right = (side.number if isinstance(side, Score) else side for side in (left, right))
    try:
        return bool(_ORDERS[order](left, right))
    except TypeError:
        return order == "notin"


def _concat(*parts: Any) -> str:
    text = _bounded("".join(printed(part) for part in parts))
    return Missing(text) if any(isinstance(part, Missing) for part in parts) else text


def _bounded(text: str) -> str:
    if len(text) > MAX_TEXT:
        raise FailedError("builds too long a text in one place")
    return text


def _group(items: list[Any] | tuple[Any, ...]) -> list[Any] | tuple[Any, ...]:
    """Return a list that a template writes down; lists in lists in lists would grow without end."""
    inner = [item for item in items if isinstance(item, list | tuple)]
    deep = any(isinstance(part, list | tuple) for item in inner for part in item)
    if deep or sum(map(len, inner)) > MAX_TEXT:
        raise FailedError("builds too long a list")
    return items


_EACH, _COMPARE, _CONCAT, _GROUP, _ATTRIBUTE = " each", " compare", " concat", " group", " attribute"
_ANSWER = " answer"


class _Rewriter(NodeTransformer):
    """Counts the rounds of loops, holds lists down, and lets blanks be compared and joined."""

    def visit_For(self, node: nodes.For) -> nodes.Node:  # noqa: N802 - named by Jinja
        self.generic_visit(node)
        node.iter = _filter(cast(nodes.Expr, node.iter), _EACH)
        return node

    def visit_List(self, node: nodes.List) -> nodes.Node:  # noqa: N802 - named by Jinja
        self.generic_visit(node)
        return _filter(node, _GROUP)

    def visit_Tuple(self, node: nodes.Tuple) -> nodes.Node:  # noqa: N802 - named by Jinja
        self.generic_visit(node)
        return _filter(node, _GROUP) if node.ctx == "load" else node

    def visit_Concat(self, node: nodes.Concat) -> nodes.Node:  # noqa: N802 - named by Jinja
        self.generic_visit(node)
        return _filter(node.nodes[0], _CONCAT, *node.nodes[1:])

    def visit_Compare(self, node: nodes.Compare) -> nodes.Node:  # noqa: N802 - named by Jinja
        self.generic_visit(node)
        left, whole = node.expr, None
        for operand in node.ops:
            if operand.op in _ORDERS:
                step: nodes.Expr = _filter(left, _COMPARE, nodes.Const(operand.op, lineno=node.lineno), operand.expr)
            else:
                step = nodes.Compare(left, [operand], lineno=node.lineno)
            whole = step if whole is None else nodes.And(whole, step, lineno=node.lineno)
            left = operand.expr
        return whole or node


def _filter(node: nodes.Expr, name: str, *arguments: nodes.Expr) -> nodes.Filter:
    return nodes.Filter(node, name, list(arguments), [], None, None, lineno=node.lineno)


def answer(row: nodes.Expr, number: int, in_list: bool = False) -> nodes.Expr:
    """Return what prints, escaped, what ``values["_answer"](row, number)`` returns; in a list the item's index too."""
    line = row.lineno
    index = nodes.Getattr(nodes.Name("loop", "load", lineno=line), "index0", "load", lineno=line)
    return _filter(row, _ANSWER, nodes.Const(number, lineno=line), *([index] if in_list else []))


# --- what a template may say ---------------------------------------------------------------------------------------

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


def _held(node: nodes.Node, line: int = 1) -> None:
    """Raise RefusedError unless ``node`` and all below it say only what a template may say."""
    line = node.lineno or line
    trouble = _trouble(node)
    if trouble:
        raise RefusedError(trouble, line)
    for child in node.iter_child_nodes():
        _held(child, line)


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


# --- the environment -----------------------------------------------------------------------------------------------


class _Generator(CodeGenerator):
    """Prints every value through the environment's ``put`` and works nothing out when compiling.

    Jinja folds a filter on a constant into its result; a result must not be frozen for all clients.
    """

    def _output_child_to_const(self, node: nodes.Expr, frame: Any, finalize: Any) -> str:
        if isinstance(node, nodes.TemplateData):
            return node.data
        raise nodes.Impossible

    def _output_child_pre(self, node: nodes.Expr, frame: Any, finalize: Any) -> None:
        is_answer = isinstance(node, nodes.Filter) and node.name == _ANSWER
        self.write("(" if is_answer else "environment.put(")

    def visit_Getattr(self, node: nodes.Getattr, frame: Any) -> None:  # noqa: N802 - named by Jinja
        if not isinstance(node.node, nodes.Name):
            super().visit_Getattr(node, frame)
            return
        name, key = frame.symbols.ref(node.node.name), repr(node.attr)  # in most cases a field of a row: no call
        self.write(f"({name}[{key}] if type({name}) is dict and {key} in {name} else ")
        super().visit_Getattr(node, frame)
        self.write(")")

    def visit_Filter(self, node: nodes.Filter, frame: Any) -> None:  # noqa: N802 - named by Jinja
        if node.name != _ANSWER:
            super().visit_Filter(node, frame)
            return
        self.write("context.parent['_answer'](")  # not called as a filter: it is by far the most frequent call
        self.visit(cast(nodes.Expr, node.node), frame)
        for argument in node.args:
            self.write(", ")
            self.visit(argument, frame)
        self.write(")")

    def _output_child_post(self, node: nodes.Expr, frame: Any, finalize: Any) -> None:
        self.write(")")


_NOTHING = object()


class Environment(ImmutableSandboxedEnvironment):
    """A sandbox in which every value prints through ``put``, escaped, and only plain data is given.

    ``put`` escapes for the kind of file; ``attribute`` does so inside an XML attribute.
    """

    code_generator_class = _Generator
    intercepted_binops = frozenset({"+", "-", "*", "/", "//", "%"})

    def __init__(self, put: Put, attribute: Put | None = None) -> None:
        super().__init__(undefined=StrictUndefined, autoescape=True, finalize=show, optimized=False, cache_size=0)
        self.put = put
        escape = attribute or put
        internal = {
            _EACH: _each,
            _COMPARE: _compare,
            _CONCAT: _concat,
            _GROUP: _group,
            _ATTRIBUTE: lambda value: Ready(escape(value)),
        }
        self.filters = {**FILTERS, **internal}
        self.tests = dict(TESTS)
        self.globals = {"range": _range}

    def read(self, source: str) -> nodes.Template:
        """Return ``source`` as a tree. Raises RefusedError where it cannot be read or says what it may not."""
        try:
            tree = self.parse(source)
            _held(tree)
        except TemplateSyntaxError as error:
            raise RefusedError("cannot be read. Check its spelling, quotes and brackets", error.lineno) from None
        except (RecursionError, MemoryError, ValueError):
            raise RefusedError("is nested too deeply or holds a number that is too long", 0) from None
        return tree

    def build(
        self, tree: nodes.Template, attributes: Iterable[int] = (), answers: Mapping[int, nodes.Expr] | None = None
    ) -> CompiledTemplate:
        """Return the compiled template of ``tree``; outputs on the lines ``attributes`` stand in XML attributes.

        ``answers`` (made by `answer`) take the places of the outputs on their lines.
        """
        lines, instead = frozenset(attributes), answers or {}
        for output in tree.find_all(nodes.Output):
            for number, child in enumerate(output.nodes):
                if isinstance(child, nodes.TemplateData):
                    continue
                if child.lineno in lines:
                    output.nodes[number] = _filter(child, _ATTRIBUTE)
                output.nodes[number] = instead.get(child.lineno, output.nodes[number])
        try:
            code = self.compile(_Rewriter().visit(tree))
        except (SyntaxError, RecursionError, MemoryError, TemplateSyntaxError):
            raise RefusedError("is nested too deeply", 0) from None
        return CompiledTemplate.from_code(self, code, self.make_globals(None))

    def render(self, template: CompiledTemplate, values: Mapping[str, Any]) -> str:
        """Return what ``template`` prints for ``values``. Raises FailedError, which never holds a value."""
        context = template.new_context({**values, "_budget": Budget()})
        pieces: list[str] = []
        size = 0
        try:
            printing = template.root_render_func(context)
            while some := list(islice(printing, _AT_ONCE)):
                size += sum(map(len, some))
                if size > MAX_OUTPUT:
                    raise FailedError("prints more than a document can hold")
                pieces += some
        except UndefinedError as error:
            raise FailedError("asks for a name that is not known here", _line(template, error)) from None
        except FailedError as error:
            raise FailedError(str(error), _line(template, error)) from None
        except (TypeError, ValueError, ArithmeticError, LookupError, RuntimeError) as error:
            raise FailedError("works with an answer in a way that does not fit it", _line(template, error)) from None
        return "".join(pieces)

    def getattr(self, obj: Any, attribute: str) -> Any:
        """Return plain data: a key of a mapping, or an attribute that cannot be called. Blank has only blanks."""
        if type(obj) is dict or isinstance(obj, Mapping):
            try:
                return obj[attribute]
            except KeyError:
                return self.undefined(obj=obj, name=attribute)
        if obj is None or isinstance(obj, Missing):
            return obj
        value = _NOTHING if attribute.startswith("_") else getattr(obj, attribute, _NOTHING)
        if value is _NOTHING or (callable(value) and not isinstance(obj, LoopContext)):
            return self.undefined(obj=obj, name=attribute)
        return value

    def getitem(self, obj: Any, argument: Any) -> Any:
        """Return an item of a list (None past its end) or what `getattr` gives for a name."""
        if isinstance(argument, str):
            return self.getattr(obj, str(argument))
        if isinstance(obj, list | tuple) and isinstance(argument, int):
            return obj[argument] if -len(obj) <= argument < len(obj) else None
        if obj is None or isinstance(obj, Missing):
            return obj
        return self.undefined(name="item")

    def is_safe_callable(self, obj: Any) -> bool:
        """Only the listed functions were let through by `read`; a value is never called."""
        return obj is _range or getattr(obj, "is_template_function", False) or _is_loop_function(obj)

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        """Return the result on two numbers, or of joining two lists; with a blank it is blank."""
        for side in (left, right):
            if side is None or isinstance(side, Missing):
                return side
        if operator == "+" and isinstance(left, list | tuple) and isinstance(right, list | tuple):
            if len(left) + len(right) > MAX_TEXT:
                raise FailedError("builds too long a list")
            return [*left, *right]
        if not (_is_number(left) and _is_number(right)):
            raise TypeError("not a number")
        if isinstance(left, float) or isinstance(right, float):
            left, right = float(left), float(right)
        result = super().call_binop(context, operator, left, right)
        if abs(result) > MAX_NUMBER:
            raise FailedError("calculates with numbers that are too large")
        return result


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float | Decimal) and not isinstance(value, bool)


def _is_loop_function(obj: Any) -> bool:
    return isinstance(getattr(obj, "__self__", None), LoopContext)


def _range(*bounds: int) -> range:
    steps = range(*bounds)
    if len(steps) > MAX_RANGE:
        raise FailedError("asks for too long a range")
    return steps


def _line(template: CompiledTemplate, error: BaseException) -> int:
    """Return the line of the template's source at which ``error`` arose, 0 if unknown."""
    trace, line = error.__traceback__, 0
    filename = template.root_render_func.__code__.co_filename
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == filename:
            line = template.get_corresponding_lineno(trace.tb_lineno)
        trace = trace.tb_next
    return line
