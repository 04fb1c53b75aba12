"""Proof that a template prints well-formed XML for every record: each branch is walked with the stack of open elements.

Without it one would have to parse each document made, which costs more than making it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple, TypeAlias

from msgspec import Struct, field

from toolkit.errors import TemplateError
from toolkit.word.tags import Spot, Tag
from toolkit.word.values import BLOCKS, PROPERTY, RUNS

MAX_DEPTH = 12
"""How deep conditions and loops may stand inside each other."""
MAX_WITHS = 40
"""And with what gives names (``with``, macros), of which no code comes that stands inside the other."""

_ATTRIBUTES = r"""(?:[^<>"']|"[^"<]*"|'[^'<]*')*?"""
_WHOLE = re.compile(rf"<(/?)([\w:.-]+)({_ATTRIBUTES})(/?)>")
_BEGUN = re.compile(rf"""<([\w:.-]+){_ATTRIBUTES}=\s*(["'])([^"'<]*)$""")
_ENDED = re.compile(rf"{_ATTRIBUTES}(/?)>")
_CONTINUED = re.compile(rf"""{_ATTRIBUTES}=\s*(["'])([^"'<]*)$""")


class Piece(Struct, frozen=True):
    """What stands between two tags (``tag`` is None), or a tag; ``code`` is what Jinja will read."""

    code: str
    tag: Tag | None = None
    spot: Spot = field(default=Spot("", "", ""))
    place: str = ""
    """`RUNS`, `BLOCKS` or `PROPERTY` for a tag that prints such; an empty text for one that prints text."""


class _State(NamedTuple):
    """The elements open at a point, and the attribute value that is open there, if one is."""

    open: tuple[str, ...] = ()
    element: str = ""
    quote: str = ""


class _Branching(NamedTuple):
    """A condition or loop: the pieces that begin its branches, what stands in each, and whether one always runs."""

    heads: list[int]
    branches: list[list[_Node]]
    loops: bool
    complete: bool


_Node: TypeAlias = "int | _Branching"


def prove(pieces: Sequence[Piece]) -> frozenset[int]:
    """Return the numbers of the pieces that print into an attribute. Raises TemplateError where a branch would not fit.

    All other values print into ``w:t``, the element of Word's text, or as runs into ``w:p``.
    """
    walk = _Walk(pieces)
    body, rest = _structure(pieces, 0, [])
    assert rest == len(pieces)  # noqa: S101 - _structure stops early only inside a block
    last = next((piece.spot for piece in reversed(pieces) if piece.tag), Spot("", "", ""))
    if walk.body(body, _State(), last) != _State():
        raise _unbalanced(last)
    return frozenset(walk.attributes)


def in_loops(pieces: Sequence[Piece]) -> Iterator[str]:
    """Yield the text between tags that stands inside a loop."""
    depth = 0
    for piece in pieces:
        keyword = piece.tag.keyword if piece.tag else ""
        depth += (keyword == "for") - (keyword == "endfor")
        if depth and piece.tag is None:
            yield piece.code


# --- structure -----------------------------------------------------------------------------------------------------

_BLOCKS = {"if": ("elif", "else"), "for": ("else",), "with": (), "set": (), "macro": ()}
_OF_PARAGRAPHS = ", or begin and end it with {%p macro … %} and {%p endmacro %}, each in a paragraph of its own"
_TAKING = ("set", "macro")
"""Blocks that take text in, to be printed elsewhere."""


def _structure(pieces: Sequence[Piece], start: int, inside: list[int]) -> tuple[list[_Node], int]:
    """Return the nodes from ``start`` to the end of the block that is open, and the number of the tag that ends it."""
    nodes: list[_Node] = []
    number = start
    while number < len(pieces):
        piece = pieces[number]
        keyword = piece.tag.keyword if piece.tag else ""
        if piece.tag and piece.tag.opens:
            branching, number = _block(pieces, number, inside)
            nodes.append(branching)
        elif keyword.startswith("end") or keyword in ("elif", "else"):
            _check_ends(pieces, number, inside)
            return nodes, number
        else:
            nodes.append(number)
        number += 1
    if inside:
        opener = pieces[inside[-1]]
        keyword = opener.tag.keyword if opener.tag else ""
        around = f"; it stands inside {_opened(pieces, inside[:-1])}" if inside[:-1] else ""
        raise TemplateError(
            f"{opener.spot}: this «{keyword}» is never closed{around}. Add {{% end{keyword} %}} where it ends."
        )
    return nodes, number


def _block(pieces: Sequence[Piece], start: int, inside: list[int]) -> tuple[_Branching, int]:
    opener = pieces[start].tag
    keyword = opener.keyword if opener else ""
    loops = sum(1 for number in inside if (tag := pieces[number].tag) and tag.keyword != "with")
    if loops >= MAX_DEPTH or len(inside) >= MAX_WITHS:
        raise TemplateError(f"{pieces[start].spot}: conditions and loops stand too deep inside each other.")
    heads, branches = [start], []
    number = start
    while True:
        nodes, number = _structure(pieces, number + 1, [*inside, start])
        branches.append(nodes)
        tag = pieces[number].tag
        if tag is None or tag.keyword == f"end{keyword}":
            break
        head = pieces[heads[-1]].tag
        if head is not None and head.keyword == "else":
            raise TemplateError(f"{pieces[number].spot}: nothing but the end may follow {{% else %}}.")
        heads.append(number)
    last = pieces[heads[-1]].tag
    complete = last is not None and last.keyword in ("else", "with", *_TAKING)
    if keyword in _TAKING and any("<" in piece.code for piece in pieces[start:number] if piece.tag is None):
        raise TemplateError(
            f"{pieces[start].spot}: what this «{keyword}» takes in changes its format or goes over several paragraphs. "
            f"Type it in one paragraph and one format{_OF_PARAGRAPHS if keyword == 'macro' else ''}."
        )
    return _Branching(heads, branches, keyword == "for", complete), number


def _check_ends(pieces: Sequence[Piece], number: int, inside: list[int]) -> None:
    tag = pieces[number].tag
    keyword = tag.keyword if tag else ""
    opener = pieces[inside[-1]].tag if inside else None
    if opener is None:
        raise TemplateError(f"{pieces[number].spot}: «{keyword}» has nothing to belong to. Remove it.")
    if keyword != f"end{opener.keyword}" and keyword not in _BLOCKS[opener.keyword]:
        wanted = f"{{% end{opener.keyword} %}}"
        raise TemplateError(
            f"{pieces[number].spot}: «{keyword}» stands inside {_opened(pieces, inside)}. Add {wanted} before it."
        )


def _opened(pieces: Sequence[Piece], inside: Sequence[int]) -> str:
    """Return what is open and since where, the innermost first."""
    tags = [tag for number in reversed(inside) if (tag := pieces[number].tag)]
    return ", which stands inside ".join(f"a «{tag.keyword}» that is open since {tag.spot.place}" for tag in tags)


_HOLDERS: dict[str, tuple[tuple[str, ...], ...]] = {
    place: tuple((f"w:{name}",) for name in names)
    for place, names in {
        "": ("t",),
        RUNS: ("p", "hyperlink", "smartTag", "sdtContent", "customXml", "fldSimple", "ins"),
        BLOCKS: ("body", "tc", "hdr", "ftr", "footnote", "endnote", "txbxContent", "sdtContent"),
    }.items()
}
"""The elements in which text, runs and paragraphs stand."""

# --- walking -------------------------------------------------------------------------------------------------------


class _Walk:
    def __init__(self, pieces: Sequence[Piece]) -> None:
        self.pieces = pieces
        self.attributes: set[int] = set()

    def body(self, nodes: Sequence[_Node], state: _State, spot: Spot, floor: int = 0) -> _State:
        """Return the state after ``nodes``, which may not close more than leaves ``floor`` elements open."""
        for node in nodes:
            if isinstance(node, _Branching):
                state = self.branching(node, state, floor)
                spot = self.pieces[node.heads[-1]].spot
            elif self.pieces[node].tag is None:
                state = _advance(state, self.pieces[node].code, spot, floor)
            else:
                spot = self.pieces[node].spot
                self.output(node, state)
        return state

    def branching(self, node: _Branching, state: _State, floor: int) -> _State:
        first = self.pieces[node.heads[0]].tag
        if first is not None and first.scope in ("p", "tr", "tc"):  # whole paragraphs, rows, cells: never half of one
            floor = len(state.open)
        ends = [
            self.body(branch, state, self.pieces[head].spot, floor)
            for head, branch in zip(node.heads, node.branches, strict=True)
        ]
        if node.loops or not node.complete:
            ends.append(state)  # a loop may go round no time or many times, a condition may hold nowhere
        for head, end in zip([*node.heads, node.heads[-1]], ends, strict=False):
            if end != ends[-1]:
                raise _unbalanced(self.pieces[head].spot)
        return ends[-1]

    def output(self, number: int, state: _State) -> None:
        tag = self.pieces[number].tag
        if tag is None or tag.opening != "{{":
            return
        place = self.pieces[number].place
        if state.quote and place in ("", PROPERTY):
            self.attributes.add(number)
        elif state.quote or (place != PROPERTY and state.open[-1:] not in _HOLDERS[place]):
            raise TemplateError(f"{tag.spot}: the tag stands where Word shows no text. Move it into a paragraph.")


def _unbalanced(spot: Spot) -> TemplateError:
    return TemplateError(
        f"{spot}: what this tag takes in begins in one paragraph, row or cell and ends in another. "
        "Put both of its ends into paragraphs of their own ({%p …%}), or both into the same line."
    )


def _advance(state: _State, text: str, spot: Spot, floor: int) -> _State:
    """Return the state after ``text``. Raises TemplateError where it closes what is not open."""
    position, opened = 0, list(state.open)
    if state.quote:
        close = text.find(state.quote)
        if close < 0:
            return state
        ended, continued = _ENDED.match(text, close + 1), _CONTINUED.match(text, close + 1)
        if ended is None:
            if continued is None:
                raise _unbalanced(spot)
            return _State(state.open, state.element, continued[1])
        if not ended[1]:
            opened.append(state.element)
        position = ended.end()
    while (start := text.find("<", position)) >= 0:
        tag = _WHOLE.match(text, start)
        if tag is None:
            begun = _BEGUN.match(text, start)
            if begun is None:
                raise _unbalanced(spot)
            return _State(tuple(opened), begun[1], begun[2])
        if tag[1]:
            if len(opened) <= floor or opened.pop() != tag[2]:
                raise _unbalanced(spot)
        elif not tag[4]:
            opened.append(tag[2])
        position = tag.end()
    return _State(tuple(opened))
