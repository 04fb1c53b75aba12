"""The one Jinja environment: what a template may say, how a value prints, and how far a loop may run.

Templates come from strangers. They are held twice: when compiled, the syntax tree may hold only what is listed here;
when rendered, the sandbox gives only plain data. Nothing in it reaches files, the network or code.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from itertools import islice
from typing import Any, TypeAlias, cast

from jinja2 import StrictUndefined, TemplateSyntaxError, UndefinedError, nodes, pass_context
from jinja2 import Template as CompiledTemplate
from jinja2 import TemplateError as JinjaError
from jinja2.compiler import CodeGenerator
from jinja2.runtime import Context, LoopContext, Macro
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.utils import Namespace
from jinja2.visitor import NodeTransformer

from toolkit.environment import methods
from toolkit.environment.filters import OFFICE_FILTERS, TEXT_FILTERS, Filter, jinja_filters
from toolkit.environment.language import FUNCTIONS, MAX_NUMBER, RefusedError, attribute_of, hold
from toolkit.environment.values import (
    MAX_TEXT,
    OFFICE,
    ORDERS,
    PYTHON,
    TESTS,
    FailedError,
    Words,
    bounded,
    bounded_size,
    compare,
    group,
    is_number,
    printed,
    written,
)
from toolkit.kinds import show
from toolkit.model import Missing

__all__ = [
    "PYTHON", "TEXT_FILTERS", "Environment", "FailedError", "Ready", "RefusedError", "answer", "attribute_of",
    "printed", "written",
]  # fmt: skip

MAX_ROUNDS = 100_000
"""How many times all loops of one part may go round together."""
MAX_OUTPUT = 64_000_000
"""Characters that one part may print."""
_AT_ONCE = 256
"""Pieces of output that are counted together, which is quicker."""
MAX_RANGE = 1_000
MAX_POWER = 64

Put: TypeAlias = Callable[[Any], str]


class Ready(str):
    """Text that is escaped already."""


# --- what the tree is rewritten to; an author cannot type these names -------------------------------------------------


class Budget:
    """What is left of the rounds that the loops of one rendering may go."""

    def __init__(self) -> None:
        self.rounds = MAX_ROUNDS


@pass_context
def _each(context: Context, value: Any) -> Any:
    items = cast(Environment, context.environment).words.items_of(value)
    budget: Budget = context.parent["_budget"]
    budget.rounds -= len(items)
    if budget.rounds < 0:
        raise FailedError("lets its loops go round too often")
    return items


_EACH, _COMPARE, _CONCAT, _GROUP, _ATTRIBUTE = " each", " compare", " concat", " group", " attribute"
_ANSWER, _PERCENT = " answer", " percent"
_METHOD, _TAKEN, _CALLED = " method", " taken", " called"


@pass_context
def _called(context: Context, printed: str) -> Any:
    """Return the text that a macro printed; calls are counted with the rounds of loops."""
    budget: Budget = context.parent["_budget"]
    budget.rounds -= 1
    if budget.rounds < 0:
        raise FailedError("calls its macros too often")
    return cast(Environment, context.environment).plain(bounded(printed))


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

    def visit_Dict(self, node: nodes.Dict) -> nodes.Node:  # noqa: N802 - named by Jinja
        self.generic_visit(node)
        return _filter(node, _GROUP)

    def visit_Call(self, node: nodes.Call) -> nodes.Node:  # noqa: N802 - named by Jinja
        self.generic_visit(node)
        called = node.node
        if isinstance(called, nodes.Name) and called.name not in FUNCTIONS:
            return _filter(node, _CALLED)
        if not isinstance(called, nodes.Getattr) or called.attr not in methods.METHODS:
            return node
        return _filter(called.node, _METHOD, nodes.Const(called.attr, lineno=node.lineno), *node.args)

    def visit_Mod(self, node: nodes.Mod) -> nodes.Node:  # noqa: N802 - named by Jinja
        several = node.right.items if isinstance(node.right, nodes.Tuple) else None
        self.generic_visit(node)
        is_format = isinstance(node.left, nodes.Const) and isinstance(node.left.value, str)
        given = [node.right] if several is None else several
        return _filter(node.left, _PERCENT, *given) if is_format else node

    def visit_AssignBlock(self, node: nodes.AssignBlock) -> nodes.Node:  # noqa: N802 - named by Jinja
        self.generic_visit(node)
        inner = node.filter
        if inner is None:
            node.filter = _filter(cast(nodes.Expr, None), _TAKEN, line=node.lineno)
            return node
        while isinstance(inner.node, nodes.Filter):
            inner = inner.node
        inner.node = _filter(cast(nodes.Expr, None), _TAKEN, line=node.lineno)
        return node

    def visit_Concat(self, node: nodes.Concat) -> nodes.Node:  # noqa: N802 - named by Jinja
        self.generic_visit(node)
        return _filter(node.nodes[0], _CONCAT, *node.nodes[1:])

    def visit_Compare(self, node: nodes.Compare) -> nodes.Node:  # noqa: N802 - named by Jinja
        self.generic_visit(node)
        left, whole = node.expr, None
        for operand in node.ops:
            if operand.op in ORDERS:
                step: nodes.Expr = _filter(left, _COMPARE, nodes.Const(operand.op, lineno=node.lineno), operand.expr)
            else:
                step = nodes.Compare(left, [operand], lineno=node.lineno)
            whole = step if whole is None else nodes.And(whole, step, lineno=node.lineno)
            left = operand.expr
        return whole or node


def _filter(node: nodes.Expr, name: str, *arguments: nodes.Expr, line: int = 0) -> nodes.Filter:
    return nodes.Filter(node, name, list(arguments), [], None, None, lineno=line or node.lineno)


def answer(row: nodes.Expr, number: int, in_list: bool = False) -> nodes.Expr:
    """Return what prints, escaped, what ``values["_answer"](row, number)`` returns; in a list the item's index too."""
    line = row.lineno
    index = nodes.Getattr(nodes.Name("loop", "load", lineno=line), "index0", "load", lineno=line)
    return _filter(row, _ANSWER, nodes.Const(number, lineno=line), *([index] if in_list else []))


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
        name, key = frame.symbols.ref(node.node.name), repr(node.attr)  # in most cases one of these two: no call
        if node.node.name == "loop" and node.attr in _OF_LOOPS:
            self.write(f"({name}.{node.attr} if type({name}) is LoopContext else ")
        else:
            self.write(f"({name}[{key}] if type({name}) is dict and {key} in {name} else ")
        super().visit_Getattr(node, frame)
        self.write(")")

    def visit_Test(self, node: nodes.Test, frame: Any) -> None:  # noqa: N802 - named by Jinja
        if node.name != "none":
            super().visit_Test(node, frame)
            return
        self.write("(")  # asked of every optional answer: no call
        self.visit(node.node, frame)
        self.write(" is None)")

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
_OF_LOOPS = ("index", "index0", "length", "first", "last")
"""What templates ask of the loop that they are in."""


class Environment(ImmutableSandboxedEnvironment):
    """A sandbox in which every value prints through ``put``, escaped, and only plain data is given.

    ``put`` escapes for the kind of file; ``attribute`` does so inside an XML attribute; ``plain`` is the text of what
    ``put`` printed. ``words`` say how values print, and ``filters`` are further ones.
    """

    code_generator_class = _Generator
    intercepted_binops = frozenset({"+", "-", "*", "/", "//", "%", "**"})

    def __init__(
        self,
        put: Put,
        attribute: Put | None = None,
        plain: Put = str,
        words: Words = OFFICE,
        filters: Mapping[str, Filter] | None = None,
    ) -> None:
        super().__init__(undefined=StrictUndefined, autoescape=True, finalize=show, optimized=False, cache_size=0)
        self.put = put
        self.words = words
        self.plain = plain
        escape = attribute or put
        own = OFFICE_FILTERS if words is OFFICE else jinja_filters(words)
        internal = {
            _EACH: _each,
            _COMPARE: compare,
            _CONCAT: self.one_text,
            _GROUP: group,
            _ATTRIBUTE: lambda value: Ready(escape(value)),
            _PERCENT: own["format"],
            _METHOD: lambda value, name, *arguments: methods.call(words, value, name, *arguments),
            _TAKEN: plain,
            _CALLED: _called,
        }
        self._further = frozenset(filters or ())
        self.filters = {**own, **(filters or {}), **internal}
        self.tests = dict(TESTS)
        self.globals = {"dict": _dict, "namespace": Namespace, "range": _range}

    def one_text(self, *parts: Any) -> str:
        """Return the printed ``parts`` as one text; with a missing answer among them it is missing."""
        text = bounded("".join(map(self.words.printed, parts)))
        return Missing(text) if any(isinstance(part, Missing) for part in parts) else text

    def read(self, source: str) -> nodes.Template:
        """Return ``source`` as a tree. Raises RefusedError where it cannot be read or says what it may not."""
        try:
            tree = self.parse(source)
            hold(tree, self.filters, self._further)
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
        return CompiledTemplate.from_code(self, code, dict(self.globals))  # a plain mapping is copied faster

    def render(self, template: CompiledTemplate, values: Mapping[str, Any]) -> str:
        """Return what ``template`` prints for ``values``. Raises FailedError, which never holds a value."""
        context = template.new_context({**template.globals, **values, "_budget": Budget()}, shared=True)
        pieces: list[str] = []
        size = 0
        try:
            printing = template.root_render_func(context)
            while some := list(islice(printing, _AT_ONCE)):
                size += sum(map(len, some))
                if size > MAX_OUTPUT:
                    raise FailedError("prints more than a document can hold", _reached(template, printing))
                pieces += some
        except UndefinedError as error:
            raise FailedError("asks for a name that is not known here", _line(template, error)) from None
        except FailedError as error:
            raise FailedError(str(error), error.line or _line(template, error)) from None
        except (
            TypeError, ValueError, ArithmeticError, LookupError, RuntimeError, AttributeError, JinjaError,
        ) as error:  # fmt: skip
            raise FailedError("works with an answer in a way that does not fit it", _line(template, error)) from None
        return "".join(pieces)

    def getattr(self, obj: Any, attribute: str) -> Any:
        """Return plain data: a key of a mapping, or an attribute that cannot be called. Blank has only blanks."""
        if type(obj) is not LoopContext and (type(obj) is dict or isinstance(obj, Mapping)):
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
        if isinstance(obj, list | tuple | str) and isinstance(argument, int):
            return obj[argument] if -len(obj) <= argument < len(obj) else None
        if isinstance(obj, Mapping):
            return obj[argument] if argument in obj else self.undefined(name="item")
        if obj is None or isinstance(obj, Missing):
            return obj
        return self.undefined(name="item")

    def is_safe_callable(self, obj: Any) -> bool:
        """Only the listed functions were let through by `read`; a value is never called."""
        return (
            isinstance(obj, Macro)
            or any(obj is known for known in (_range, _dict, Namespace))
            or getattr(obj, "is_template_function", False)
            or _is_loop_function(obj)
        )

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        """Return the result on two numbers, or of joining two lists; with a blank it is blank."""
        for side in (left, right):
            if side is None or isinstance(side, Missing):
                return side
        if operator == "+" and isinstance(left, list | tuple) and isinstance(right, list | tuple):
            if len(left) + len(right) > MAX_TEXT:
                raise FailedError("builds too long a list")
            return [*left, *right]
        if operator == "+" and isinstance(left, str) and isinstance(right, str):
            return bounded(self.words.printed(left) + self.words.printed(right))
        if operator == "*" and self.words is PYTHON and type(left) is int and isinstance(right, str):
            left, right = right, left
        if operator == "*" and self.words is PYTHON and isinstance(left, str) and type(right) is int:
            bounded_size(len(left) * right)
            return self.words.printed(left) * right
        if operator == "-" and isinstance(left, date) and isinstance(right, date):
            return left - right
        if not (is_number(left) and is_number(right)):
            raise TypeError("not a number")
        if operator == "**" and (abs(right) > MAX_POWER or abs(left) > MAX_NUMBER):
            raise FailedError("calculates with numbers that are too large")
        if isinstance(left, float) or isinstance(right, float):
            left, right = float(left), float(right)
        result = super().call_binop(context, operator, left, right)
        if abs(result) > MAX_NUMBER:
            raise FailedError("calculates with numbers that are too large")
        return result


def _is_loop_function(obj: Any) -> bool:
    return isinstance(getattr(obj, "__self__", None), LoopContext)


def _range(*bounds: int) -> range:
    steps = range(*bounds)
    if len(steps) > MAX_RANGE:
        raise FailedError("asks for too long a range")
    return steps


def _dict(**items: Any) -> Any:
    return group(dict(items))


def _reached(template: CompiledTemplate, printing: Any) -> int:
    """Return the line of the template's source to which it has printed."""
    return template.get_corresponding_lineno(printing.gi_frame.f_lineno) if printing.gi_frame else 0


def _line(template: CompiledTemplate, error: BaseException) -> int:
    """Return the line of the template's source at which ``error`` arose, 0 if unknown."""
    trace, line = error.__traceback__, 0
    filename = template.root_render_func.__code__.co_filename
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == filename:
            line = template.get_corresponding_lineno(trace.tb_lineno)
        trace = trace.tb_next
    return line
