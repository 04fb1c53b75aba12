"""Macros of whole paragraphs: what stands between ``{%p macro m(x) %}`` and ``{%p endmacro %}`` takes the place of each
``{{p m(…) }}``.

It is put there when the template is compiled, its arguments as names that hold there (``with``), so that what comes is
proven in its place like anything else, and the names that it prints are known.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from jinja2.exceptions import TemplateSyntaxError
from msgspec.structs import replace

from toolkit.environment import Environment
from toolkit.errors import TemplateError
from toolkit.word.balance import Piece
from toolkit.word.tags import Spot, Tag

MAX_PIECES = 20_000
"""Pieces that macros may bring into a part."""
MAX_TEXT = 8_000_000
"""And characters."""


class _Macro(NamedTuple):
    parameters: Mapping[str, str | None]
    """The names that it takes, each with what it stands for where nothing is given."""
    body: Sequence[Piece]


def in_place(pieces: Sequence[Piece], environment: Environment) -> tuple[list[Piece], list[Piece]]:
    """Return ``pieces`` with what each macro of whole paragraphs prints where it is asked for; and what came there.

    Raises TemplateError where one is asked for otherwise than as ``{{p m(…) }}``, before it stands there, or with
    arguments that do not fit.
    """
    macros: dict[str, _Macro] = {}
    out: list[Piece] = []
    came: list[Piece] = []
    size = 0

    def placed(piece: Piece) -> list[Piece]:
        nonlocal size
        asked = _asked(piece.tag, macros)
        if piece.tag is None or not asked:
            return [piece]
        inner = _printed(asked, macros[asked], piece.tag, environment)
        came.extend(inner)
        size += sum(len(one.code) for one in inner)
        if len(came) > MAX_PIECES or size > MAX_TEXT:
            raise TemplateError(f"{piece.spot}: macros make the template too long. Ask for fewer of them.")
        return inner

    rest = iter(pieces)
    for piece in rest:
        if piece.tag and piece.tag.keyword == "macro" and piece.tag.scope == "p":
            body = [one for inner in _body(rest, piece.spot) for one in placed(inner)]
            name, parameters = _head(piece.tag, environment)
            macros[name] = _Macro(parameters, body)
        else:
            out += placed(piece)
    return out, came


def _body(rest: Iterator[Piece], spot: Spot) -> Iterator[Piece]:
    """Yield the pieces up to the end of the macro that is open."""
    for piece in rest:
        keyword = piece.tag.keyword if piece.tag else ""
        if keyword == "endmacro":
            return
        if keyword == "macro":
            raise TemplateError(f"{piece.spot}: a macro stands inside a macro. Put one after the other.")
        yield piece
    raise TemplateError(f"{spot}: this «macro» is never closed. Add {{%p endmacro %}} where it ends.")


def _asked(tag: Tag | None, macros: Mapping[str, _Macro]) -> str:
    """Return which of the ``macros`` a tag asks for, or an empty text."""
    words = re.findall(r"(?<![\w.])(\w+) ?\(", tag.body) if tag else []
    return next((word for word in words if word in macros), "")


def _printed(name: str, macro: _Macro, tag: Tag, environment: Environment) -> list[Piece]:
    """Return what ``macro`` prints where ``tag`` asks for it."""
    called, arguments = _call(tag.body, environment)
    if called != name or tag.opening != "{{" or tag.scope != "p":
        raise TemplateError(
            f"{tag.spot}: the macro «{name}» prints whole paragraphs. Ask for it with {{{{p {name}(…) }}}} in a "
            "paragraph of its own."
        )
    left = iter(macro.parameters)
    given = {key or next(left, ""): value for key, value in arguments}
    values = {**macro.parameters, **given}
    if len(given) < len(arguments) or not values.keys() <= macro.parameters.keys() or None in values.values():
        takes = ", ".join(macro.parameters) or "nothing"
        raise TemplateError(f"{tag.spot}: what stands in the brackets does not fit. The macro «{name}» takes: {takes}.")
    body = f"with {', '.join(f'{key} = {value}' for key, value in values.items())}".strip()
    begins, ends = (replace(tag, opening="{%", body=one) for one in (body, "endwith"))
    return [
        Piece(f"{{%\n{begins.body} %}}", begins, tag.spot),
        *macro.body,
        Piece(f"{{%\n{ends.body} %}}", ends, tag.spot),
    ]


def _head(tag: Tag, environment: Environment) -> tuple[str, dict[str, str | None]]:
    """Return the name of the macro that ``tag`` begins, and its parameters."""
    name, arguments = _call(tag.body.partition(" ")[2], environment)
    parameters = {key or value: value if key else None for key, value in arguments}
    if not name or not all(key.isidentifier() and not key.startswith("_") for key in (name, *parameters)):
        raise TemplateError(f"{tag.spot}: this «macro» cannot be read. Write it as {{%p macro name(one, two) %}}.")
    return name, parameters


def _call(text: str, environment: Environment) -> tuple[str, list[tuple[str, str]]]:
    """Return the name that ``text`` calls and its arguments, each with its own name, if it has one.

    All empty where it is no call.
    """
    try:
        tokens = [(kind, value) for _, kind, value in environment.lex(f"{{{{ {text} }}}}") if kind != "whitespace"][
            1:-1
        ]
    except TemplateSyntaxError:
        return "", []
    if [value for _, value in (*tokens[1:2], *tokens[-1:])] != ["(", ")"] or tokens[0][0] != "name":
        return "", []
    arguments: list[tuple[str, str]] = []
    key, words, depth = "", list[str](), 0
    for kind, value in (*tokens[2:-1], ("operator", ",")):
        sign = value if kind == "operator" else ""
        depth += (sign in ("(", "[", "{")) - (sign in (")", "]", "}"))
        if depth < 0:
            return "", []
        if depth == 0 and sign == ",":
            arguments += [(key, " ".join(words))] if words else []
            key, words = "", []
        elif depth == 0 and sign == "=" and len(words) == 1 and not key:
            key, words = words[0], []
        else:
            words.append(value)
    return tokens[0][1], arguments
