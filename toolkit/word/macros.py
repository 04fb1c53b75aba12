"""Macros of whole paragraphs: what stands between ``{%p macro m(x) %}`` and ``{%p endmacro %}`` takes the place of each
``{{p m(…) }}``.

It is put there when the template is compiled, its arguments as names that hold there (``with``), so that what comes is
proven in its place like anything else, and the names that it prints are known. As in Jinja it knows its own names and
those of the whole template, not those of the loop in which it is asked for: where the two are called alike, the
template is refused.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from keyword import iskeyword
from typing import NamedTuple

from jinja2 import nodes
from jinja2.exceptions import TemplateSyntaxError
from jinja2.meta import find_undeclared_variables
from msgspec.structs import replace

from toolkit.environment import Environment, RefusedError
from toolkit.errors import TemplateError
from toolkit.word.balance import Piece, prove
from toolkit.word.tags import Tag

MAX_PIECES = 20_000
"""Pieces that macros may bring into a part."""
MAX_TEXT = 8_000_000
"""And characters."""
_LOCAL = ("for", "with", "macro")
"""What has names of its own."""


class _Macro(NamedTuple):
    parameters: Mapping[str, str | None]
    """The names that it takes, each with what it stands for where nothing is given."""
    body: Sequence[Piece]
    free: frozenset[str]
    """The names that it asks for and that are not its own."""


class _Block(NamedTuple):
    """What is open at a place: the tag that opened it, and the names that hold only there."""

    tag: Tag
    names: set[str]


def in_place(pieces: Sequence[Piece], environment: Environment) -> tuple[list[Piece], list[Piece]]:
    """Return ``pieces`` with what each macro of whole paragraphs prints where it is asked for; and what came there.

    Where a macro stood comes a branch that never runs, so that one for which nobody asks is looked at, too. Raises
    TemplateError where one stands in a condition or loop, says what it may not, is asked for otherwise than as
    ``{{p m(…) }}``, before it stands there or with arguments that do not fit, or would be given another's names.
    """
    if not any(piece.tag and _is_macro(piece.tag) for piece in pieces):
        return list(pieces), []
    return _Placing(pieces, environment).placed()


def _is_macro(tag: Tag) -> bool:
    return tag.keyword == "macro" and tag.scope == "p"


class _Placing:
    """Goes once through the pieces of a part: what is open, which macros there are by now, what they brought."""

    def __init__(self, pieces: Sequence[Piece], environment: Environment) -> None:
        self._environment = environment
        self._rest = iter(pieces)
        self._all = {self._head(piece.tag)[0] for piece in pieces if piece.tag and _is_macro(piece.tag)}
        self._macros: dict[str, _Macro] = {}
        self._open: list[_Block] = []
        self._came: list[Piece] = []
        self._size = 0

    def placed(self) -> tuple[list[Piece], list[Piece]]:
        """Return what `in_place` does."""
        out: list[Piece] = []
        for piece in self._rest:
            if piece.tag and _is_macro(piece.tag):
                out += self._defined(piece.tag)
            else:
                out += self._in_place(piece)
        return out, self._came

    def _defined(self, tag: Tag) -> list[Piece]:
        """Take in the macro that ``tag`` begins; return a branch with it that never runs."""
        if self._open:
            around = self._open[-1].tag
            raise TemplateError(
                f"{tag.spot}: a macro stands inside a «{around.keyword}» that is open since {around.spot.place}. "
                "Put it before that."
            )
        name, parameters = self._head(tag)
        self._check_names({name, *parameters}, tag)
        self._open.append(_Block(tag, set(parameters)))
        body = list(self._body(tag))
        self._open.clear()
        place = Piece("", replace(tag, opening="{#"), tag.spot)
        prove([Piece("<w:body>"), place, *body, Piece("</w:body>")])
        macro = self._macros[name] = _Macro(parameters, body, self._free(tag, body))
        never = {key: "none" for key, value in parameters.items() if value is None}
        return _around(tag, ["if false", *self._withs(macro, never)], body)

    def _body(self, begun: Tag) -> Iterator[Piece]:
        """Yield the pieces up to the end of the macro that ``begun`` begins, in their places."""
        for piece in self._rest:
            keyword = piece.tag.keyword if piece.tag else ""
            if keyword == "endmacro":
                return
            if keyword == "macro":
                raise TemplateError(f"{piece.spot}: a macro stands inside a macro. Put one after the other.")
            yield from self._in_place(piece)
        raise TemplateError(f"{begun.spot}: this «macro» is never closed. Add {{%p endmacro %}} where it ends.")

    def _in_place(self, piece: Piece) -> list[Piece]:
        """Return ``piece``, or what the macro prints for which it asks."""
        if piece.tag is None:
            return [piece]
        words = self._words(piece.tag.body)
        self._go_through(piece.tag, words)
        asked = self._asked(piece.tag, words)
        if not asked:
            return [piece]
        inner = self._printed(asked, piece.tag)
        self._came += inner
        self._size += sum(len(one.code) for one in inner)
        if len(self._came) > MAX_PIECES or self._size > MAX_TEXT:
            raise TemplateError(f"{piece.spot}: macros make the template too long. Ask for fewer of them.")
        return inner

    def _go_through(self, tag: Tag, words: Sequence[str]) -> None:
        """Note what ``tag``, which says these ``words``, opens or closes, and the names that it gives."""
        names = _given_names(tag.keyword, words)
        self._check_names(names, tag)
        if tag.opens:
            self._open.append(_Block(tag, set()))
        if tag.keyword in (*_LOCAL, "set"):
            inmost = next((block for block in reversed(self._open) if block.tag.keyword in _LOCAL), None)
            if inmost:  # else the names are those of the whole template
                inmost.names.update(names)
        if tag.keyword.startswith("end") and self._open:
            self._open.pop()

    def _check_names(self, names: Iterable[str], tag: Tag) -> None:
        for name in names:
            if name in self._macros:
                raise TemplateError(f"{tag.spot}: «{name}» is the name of a macro already. Choose another one.")

    def _printed(self, name: str, tag: Tag) -> list[Piece]:
        """Return what the macro ``name`` prints where ``tag`` asks for it."""
        called, arguments = self._call(tag.body)
        if called != name or tag.opening != "{{" or tag.scope != "p":
            raise TemplateError(
                f"{tag.spot}: the macro «{name}» prints whole paragraphs. Ask for it with {{{{p {name}(…) }}}} in a "
                "paragraph of its own."
            )
        if name not in self._macros:
            raise TemplateError(
                f"{tag.spot}: the macro «{name}» is asked for inside itself, or before it stands. Put it before."
            )
        macro = self._macros[name]
        left = iter(macro.parameters)
        given = {key or next(left, ""): value for key, value in arguments}
        owed = {key for key, value in macro.parameters.items() if value is None}
        if len(given) < len(arguments) or not owed <= given.keys() <= macro.parameters.keys():
            takes = ", ".join(macro.parameters) or "nothing"
            raise TemplateError(
                f"{tag.spot}: what stands in the brackets does not fit. The macro «{name}» takes: {takes}."
            )
        for word in sorted(name for block in self._open for name in block.names & macro.free):
            raise TemplateError(
                f"{tag.spot}: the macro «{name}» says «{word}», which is something else here. Give it to the macro in "
                "the brackets."
            )
        return _around(tag, self._withs(macro, given), macro.body)

    def _withs(self, macro: _Macro, given: Mapping[str, str]) -> list[str]:
        """Return what gives ``macro`` its names; a default that says another parameter is worked out inside of that."""
        left = {key: value for key, value in macro.parameters.items() if key not in given and value is not None}
        inner = {key: value for key, value in left.items() if macro.parameters.keys() & _said(self._words(value))}
        outer = {**given, **{key: value for key, value in left.items() if key not in inner}}
        first = "with " + ", ".join(f"{key} = {value}" for key, value in outer.items())
        return [first.strip(), *(f"with {key} = {value}" for key, value in inner.items())]

    def _asked(self, tag: Tag, words: Sequence[str]) -> str:
        """Return which macro of whole paragraphs ``tag``, which says these ``words``, asks for, or an empty text."""
        said = ["", "", *words] if tag.keyword != "macro" else []
        for earlier, before, word, after in zip(said, said[1:], said[2:], said[3:], strict=False):
            is_other = before in (".", "|", "is") or (earlier, before) == ("is", "not")
            if after == "(" and word in self._all and not is_other:
                return word
        return ""

    def _head(self, tag: Tag) -> tuple[str, dict[str, str | None]]:
        """Return the name of the macro that ``tag`` begins, and its parameters."""
        text = tag.body.partition(" ")[2]
        try:
            tree = self._environment.read(f"{{% macro {text} %}}{{% endmacro %}}")
        except RefusedError:
            tree = nodes.Template([])
        macro = tree.body[0] if len(tree.body) == 1 else None
        arguments = _arguments(self._words(text)) if isinstance(macro, nodes.Macro) else []
        parameters = {key or value: value if key else None for key, value in arguments}
        late = [
            key
            for number, key in enumerate(parameters)
            for other in [*parameters][: number + 1]
            if key in _said(self._words(parameters[other] or ""))
        ]
        if not isinstance(macro, nodes.Macro) or iskeyword(macro.name) or late or len(parameters) < len(macro.args):
            raise TemplateError(f"{tag.spot}: this «macro» cannot be read. Write it as {{%p macro name(one, two) %}}.")
        return macro.name, parameters

    def _call(self, text: str) -> tuple[str, list[tuple[str, str]]]:
        """Return the name that ``text`` calls and its arguments, each with its own name, if it has one.

        All empty where it is no call.
        """
        try:
            body = self._environment.parse(f"{{{{ {text} }}}}").body
        except (TemplateSyntaxError, RecursionError, ValueError):
            body = []
        call = body[0].nodes[0] if len(body) == 1 and isinstance(body[0], nodes.Output) else None
        words = self._words(text)
        if not isinstance(call, nodes.Call) or not isinstance(call.node, nodes.Name) or words[1] != "(":
            return "", []
        return call.node.name, _arguments(words)

    def _free(self, tag: Tag, body: Sequence[Piece]) -> frozenset[str]:
        """Return the names for which a macro asks that are not its own; none where it cannot be read."""
        text = "".join(piece.code for piece in body)
        try:
            tree = self._environment.parse(f"{{% {tag.body} %}}{text}{{% endmacro %}}")
            return frozenset(find_undeclared_variables(tree))
        except (TemplateSyntaxError, RecursionError, ValueError):
            return frozenset()

    def _words(self, text: str) -> list[str]:
        """Return the words and signs of ``text``, which is the inside of a tag; none where it cannot be read."""
        try:
            found = [value for _, kind, value in self._environment.lex(f"{{{{ {text} }}}}") if kind != "whitespace"]
        except TemplateSyntaxError:
            return []
        return found[1:-1]


def _given_names(keyword: str, words: Sequence[str]) -> set[str]:
    """Return the names to which a statement gives values; and some more, where it is a long ``with``."""
    if keyword == "with":
        return {word for word, after in pairwise(words) if after == "="}
    if keyword == "for":
        return {"loop", *_identifiers(words[1 : words.index("in")] if "in" in words else words)}
    if keyword == "set":
        target = words[1 : min((words.index(sign) for sign in ("=", "|") if sign in words), default=len(words))]
        return set(_identifiers(target)) if "." not in target else set()
    return set(words[1:2]) if keyword == "macro" else set()


def _said(words: Sequence[str]) -> set[str]:
    """Return the names that an expression says, not those of what it looks at (``name`` in ``client.name``)."""
    return {word for before, word in pairwise(("", *words)) if before != "."}


def _identifiers(words: Iterable[str]) -> Iterator[str]:
    return (word for word in words if word.isidentifier())


def _arguments(words: Sequence[str]) -> list[tuple[str, str]]:
    """Return what stands in the brackets of ``m(1, b=2)``, each with its name, or an empty one."""
    arguments: list[tuple[str, str]] = []
    key, value, depth = "", list[str](), 0
    for word in (*words[2:-1], ","):
        depth += (word in ("(", "[", "{")) - (word in (")", "]", "}"))
        if depth == 0 and word == ",":
            arguments += [(key, " ".join(value))] if value else []
            key, value = "", []
        elif depth == 0 and word == "=" and len(value) == 1 and not key:
            key, value = value[0], []
        else:
            value.append(word)
    return arguments


def _around(tag: Tag, openings: Sequence[str], body: Sequence[Piece]) -> list[Piece]:
    """Return ``body`` inside the statements ``openings``, which stand where ``tag`` does."""
    ends = [f"end{opening.partition(' ')[0]}" for opening in reversed(openings)]
    begin, end = (
        [Piece(f"{{%\n{text} %}}", replace(tag, opening="{%", body=text), tag.spot) for text in texts]
        for texts in (openings, ends)
    )
    return [*begin, *body, *end]
