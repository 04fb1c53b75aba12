"""Laying a document out: of the pieces of a form those that its answers need, as tall as these are, from page to page.

A line of boxes without an answer is left out, and so is a piece without lines and a heading without pieces; rows stand
as often as the record has them. Nothing here opens a PDF.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple, Protocol

from msgspec import Struct
from msgspec.structs import replace

from toolkit.pdf.boxes import BEFORE, BOTTOM, COLUMN, FIRST, GAP, LEFT, PAD, TOP, WIDTH, parted
from toolkit.pdf.fonts import Faces
from toolkit.pdf.form import Field
from toolkit.pdf.layout import ABOVE, LEADING, PADDING, lay
from toolkit.pdf.pieces import Part, Piece, Sheet, Zone
from toolkit.pdf.shapes import BAR, BOX, PANEL, RULE, Shape

FRONT, GOAL, CLOSING, CONTINUATION = "front", "goal", "closing", "continuation"
ADDED, LAST = "added", "last"
"""Where pages stand that come from other files: what overlays add before the closing, and at the end."""
MORE, SIGNERS = "more", "signers"
"""The roots of the fields of continued texts and of places to sign."""
LINES = 50
"""How many lines a box has at most; what is longer goes on on a continuation sheet."""
ROOT = "goals[]"
"""The root of what belongs to the goal of a goal sheet."""

_FEWER = (LINES, 40, 32, 24, 18, 12, 8, 5, 3, 2)
_READABLE = 9.0
"""The size down to which a text stays on its one line before it gets several."""
_SPARE = 0.3
"""So that rounding never costs a line."""
_INSIDE_A_BLOCK, _AFTER_A_GOAL, _BEFORE_THE_LAST = 9e3, 6e4, 1e9
"""How bad it is to turn the page there, against the squares of what pages have left."""
_NUMBER = re.compile(r"\[(\d+)\]")


class Answers(Protocol):
    """What is asked of a record to lay its document out."""

    def text(self, name: str) -> str:
        """Return what the field ``name`` of a document shows; empty where there is no answer."""

    def rows(self, path: str) -> int:
        """Return how many rows the record has at ``path``: ``goals[0].objectives``."""

    def asks(self, name: str) -> bool:
        """Tell whether the field shows a question that has not been answered."""


class Page(NamedTuple):
    """A page of a template: where it stands in documents, its pieces, and the names of its fields by item."""

    place: str
    sheet: Sheet
    names: Mapping[int, str]


class Put(NamedTuple):
    """A thing of a template's page in its place in a document."""

    page: int
    part: Part
    name: str
    """The name of its field in the document; empty where it has none."""
    y: float
    height: float
    several: bool = False
    """Whether its field, which takes one line in the template, has to take several."""


class Leaf(NamedTuple):
    """A page of a document."""

    puts: tuple[Put, ...]
    shapes: tuple[Shape, ...]
    color: str


class Plan(NamedTuple):
    """The pages of a document, and who signs it."""

    leaves: tuple[Leaf, ...]
    roles: tuple[str, ...] = ()


class _Block(Struct, frozen=True):
    """A piece laid out, from its own top down."""

    puts: tuple[Put, ...]
    shapes: tuple[Shape, ...]
    height: float
    lead: float
    """Room above it that the top of a page does not need; below zero what it needs there alone."""
    first: bool
    with_last: bool
    keeps: bool
    """Whether what follows should stand on the same page."""
    again: tuple[Put, ...] = ()
    """What stands above the columns of its table, for the top of a page."""


class Flow:
    """Lays documents out of the pages of one form. ``fields`` are those of the template, by their names there."""

    def __init__(self, pages: Sequence[Page], fields: Mapping[str, Field], faces: Faces) -> None:
        self._pages, self._fields, self._faces = pages, fields, faces
        self._head = next(((at, page.sheet.head) for at, page in enumerate(pages) if page.sheet.head), (0, ()))
        self._foot = next(((at, page.sheet.foot) for at, page in enumerate(pages) if page.sheet.foot), (0, ()))
        self._shared = {*_shared(pages)}

    def plan(self, answers: Answers, roles: Sequence[str] = (), more: int = 0) -> Plan:
        """Return the pages of the document that gives ``answers``, signed by ``roles``, with ``more`` continued texts.

        Of these ``answers`` knows the texts of ``more[0].title``, ``more[0].text`` and so on.
        """
        work = _Work(self._pages, self._fields, self._faces, self._shared, answers, roles)
        body = [*work.blocks(FRONT)]
        for number in range(answers.rows("goals")):
            body += work.blocks(GOAL, f"goals[{number}]")
        body += [*work.blocks(ADDED), *work.blocks(CLOSING)]
        chapters = [body, [*work.blocks(CONTINUATION)] if more else []]
        chapters += [[*work.of([at])] for at, page in enumerate(self._pages) if page.place == LAST]
        leaves: list[Leaf] = []
        for blocks in filter(None, chapters):
            for several in _dealt(blocks, FIRST if not leaves else TOP):
                leaves.append(self._leaf(several, len(leaves)))
        return Plan(tuple(leaves), tuple(roles))

    def _leaf(self, blocks: Sequence[_Block], number: int) -> Leaf:
        puts: list[Put] = []
        shapes: list[Shape] = []
        edges = (*([self._head] if number else []), self._foot)
        around = [[self._edge(at, part, number) for part in parts] for at, parts in edges]
        if number:
            puts += around.pop(0)
        y = (TOP if number else FIRST) - blocks[0].lead
        puts += [put._replace(y=TOP) for put in blocks[0].again]
        for block in blocks:
            puts += [put._replace(y=put.y + y) for put in block.puts]
            shapes += [shape._replace(y=shape.y + y) for shape in block.shapes]
            y += block.height
        return Leaf((*puts, *around[0]), tuple(shapes), self._pages[0].sheet.color)

    def _edge(self, at: int, part: Part, number: int) -> Put:
        name = self._pages[at].names.get(part.item, "")
        return Put(at, part, f"page[{number}].number" if name == "page.number" else name, part.y, part.height)


_SIDES = 3.0
"""What a box is wider than its field."""


class _Work:
    """One document being laid out."""

    def __init__(
        self,
        pages: Sequence[Page],
        fields: Mapping[str, Field],
        faces: Faces,
        shared: set[str],
        answers: Answers,
        roles: Sequence[str],
    ) -> None:
        self._pages, self._fields, self._faces, self._shared = pages, fields, faces, shared
        self._answers, self._roles = answers, roles

    def blocks(self, place: str, root: str = "") -> Iterator[_Block]:
        """Yield what stands in ``place``, for a goal sheet that of the goal ``root``."""
        yield from self.of([at for at, page in enumerate(self._pages) if page.place == place], root)

    def of(self, pages: Iterable[int], root: str = "") -> Iterator[_Block]:
        """Yield the pieces of pages that the document needs; a heading goes to the first that is left of its block."""
        waiting: tuple[_Word, ...] = ()
        columns: tuple[Put, ...] = ()
        begins = goal = bool(root)
        for at, piece in ((page, piece) for page in pages for piece in self._pages[page].sheet.pieces):
            if piece.first:
                waiting, columns, begins = (), (), True
            above = (*waiting, *((at, *word) for word in piece.above))
            for instance in self._instances(at, piece, root) if piece.strips or piece.fixed else ():
                block = self._block(at, instance, above, begins)
                if block is not None:
                    yield replace(block, keeps=goal, again=columns, lead=-COLUMN if columns else block.lead)
                    heads = (Put(page, part, "", 0.0, part.height) for page, part, *_ in above if part.role == "column")
                    columns = columns or tuple(heads)
                    above, begins, goal = (), False, False
            waiting = tuple(word for word in above if word[1].role == "heading")

    # --- rows and their names --------------------------------------------------------------------------------------

    def _instances(self, at: int, piece: Piece, root: str) -> Iterator[_Named]:
        """Yield a piece as often as the record has rows for it, with the names of its fields in the document."""
        names = {item: name for part in piece.parts() if (name := self._pages[at].names.get(item := part.item))}
        row = _row(names.values())
        if row is None:
            yield _Named(piece, {item: self._renamed(name, root) for item, name in names.items()})
            return
        path, number = row
        if number:
            return  # a further row of the template, for people who fill it in by hand
        own = path.replace(ROOT, root, 1)
        for index in range(self._answers.rows(own)):
            new = {item: f"{own}[{index}]{name[len(path) + 3 :]}" for item, name in names.items()}
            yield self._with_rows(piece, new, f"{own}[{index}]")

    def _with_rows(self, piece: Piece, names: Mapping[int, str], outer: str) -> _Named:
        """Return a piece of the row ``outer`` whose strips stand as often as that has rows below it."""
        strips: list[tuple[tuple[Zone, ...], Mapping[int, str]]] = []
        for strip in piece.strips:
            own = {part.item: names[part.item] for zone in strip for line in zone.lines for part in line}
            inner = _row([name.removeprefix(outer) for name in own.values()])
            if inner is None:
                strips.append((strip, own))
            elif inner[1] == 0:
                path = outer + inner[0]
                for index in range(self._answers.rows(path)):
                    new = {item: f"{path}[{index}]{name[len(path) + 3 :]}" for item, name in own.items()}
                    strips.append((strip, new))
        return _Named(
            replace(piece, strips=tuple(strip for strip, _ in strips)), names, tuple(own for _, own in strips)
        )

    def _renamed(self, name: str, root: str) -> str:
        """Return what a field that stands once is called in the document; empty where nobody uses it."""
        if name.startswith(f"{SIGNERS}["):
            number = int(_NUMBER.search(name)[1])  # type: ignore[index]
            part = name.partition("].")[2]
            return f"sign.{self._roles[number]}.{part}" if number < len(self._roles) else ""
        return root + name.removeprefix(ROOT) if root and name.startswith(ROOT) else name

    # --- pieces ----------------------------------------------------------------------------------------------------

    def _block(self, at: int, named: _Named, above: Sequence[_Word], first: bool) -> _Block | None:
        """Return a piece laid out, None where nothing of it is needed."""
        piece = named.piece
        drawn = self._fixed(at, named) if piece.fixed else self._stacked(at, named, above)
        if drawn is None:
            return None
        puts, shapes, height = drawn
        y = sum(word[3] for word in above)
        words: list[Put] = []
        rules: list[Shape] = []
        top = 0.0
        for page, part, before, tall in above:
            words.append(Put(page, part, "", top + before, part.height))
            if part.role == "heading":
                rules.append(_rule(part, top + before))
            top += tall
        puts = [*words, *(put._replace(y=put.y + y) for put in puts)]
        shapes = [*rules, *(shape._replace(y=shape.y + y) for shape in shapes)]
        lead = BEFORE if above and above[0][1].role == "heading" else 0.0
        return _Block(tuple(puts), tuple(shapes), height + y, lead, first, piece.with_last, False)

    def _fixed(self, at: int, named: _Named) -> tuple[list[Put], list[Shape], float] | None:
        names = [name for name in named.names.values() if name]
        if names and not any(self._answers.text(name) for name in names):
            return None
        piece = named.piece
        puts = [Put(at, part, named.names.get(part.item, ""), part.y - piece.top, part.height) for part in piece.fixed]
        shapes = [Shape(BOX, put.part.x, put.y, put.part.width, put.height) for put in puts if put.part.framed]
        shapes += [_rule(put.part, put.y) for put in puts if put.part.role == "heading"]
        return puts, shapes, piece.tall

    def _stacked(self, at: int, named: _Named, above: Sequence[_Word]) -> tuple[list[Put], list[Shape], float] | None:
        """Return the strips of a piece below one another; no box has more lines than a page has room for."""
        room = BOTTOM - TOP - sum(word[3] for word in above) - 3 * GAP - 2 * PAD
        for most in _FEWER:
            laid = [strip for strip in self._strips(at, named, most) if strip is not None]
            inside = sum(height for _, height in laid) + named.piece.gap * max(len(laid) - 1, 0)
            if inside <= room:
                break
        if not laid:
            return None
        panel = named.piece.panel
        puts: list[Put] = []
        y = PAD if panel else 0.0
        for own, height in laid:
            puts += [put._replace(y=put.y + y) for put in own]
            y += height + named.piece.gap
        shapes = [shape for put in puts for shape in _shapes(put)]
        if panel:
            shapes.insert(0, Shape(PANEL, LEFT, 0.0, WIDTH, inside + 2 * PAD))
        return puts, shapes, inside + (2 * PAD + GAP if panel else 0.0) + GAP

    def _strips(self, at: int, named: _Named, most: int) -> Iterator[tuple[list[Put], float] | None]:
        for number, strip in enumerate(named.piece.strips):
            names = named.inner[number] if named.inner else named.names
            yield self._strip(at, strip, names, most)

    def _strip(
        self, at: int, strip: Sequence[Zone], names: Mapping[int, str], most: int
    ) -> tuple[list[Put], float] | None:
        """Return zones side by side, as tall as the tallest; lines without an answer stand where they cost nothing."""
        zones = [[self._line(at, line, names, most) for line in zone.lines] for zone in strip]
        kept = [
            [line for line in lines if line.answered or (zone.slot and line.used)]
            for zone, lines in zip(strip, zones, strict=True)
        ]
        height = max(map(_height, kept))
        if not height:
            return None
        for lines, chosen in zip(zones, kept, strict=True):
            for line in lines:
                if line not in chosen and line.used and _height([*chosen, line]) <= height:
                    chosen.append(line)
            chosen.sort(key=lines.index)
        return [put for chosen in kept for put in _spread(chosen, height)], height

    def _line(self, at: int, line: Sequence[Part], names: Mapping[int, str], most: int) -> _Line:
        puts = []
        answered = False
        for part in line:
            name = names.get(part.item, "")
            text = self._answers.text(name) if name else ""
            answered = answered or bool(text)
            puts.append(self._put(at, part, name, text, most))
        height = max(put.height for put in puts)
        grows = any(put.several or put.part.several for put in puts)
        return _Line(tuple(puts), height, grows, answered, any(put.name for put in puts))

    def _put(self, at: int, part: Part, name: str, text: str, most: int) -> Put:
        """Return a box as tall as its text needs."""
        field = self._fields.get(self._pages[at].names.get(part.item, ""))
        if field is None or not name:
            return Put(at, part, name, 0.0, part.least)
        style = field.widgets[0].style
        size = style.size or _READABLE
        face = self._faces.bold if style.bold else self._faces.regular
        width = part.width - _SIDES
        several = part.several
        if not several and text and field.name not in self._shared and self._may_grow(field, name):
            several = "\n" in text or face.width(text) * _READABLE / 1000 > width - 2 * PADDING
        if not several:
            return Put(at, part, name, 0.0, part.least)
        count = len(lay(text, face, (width, 1e9), size, size).lines) if text else 1
        asked = max(count, 3) if part.several and self._answers.asks(name) else count
        inside = room_for_lines(min(asked, most), size)
        return Put(at, part, name, 0.0, max(inside + _above(part) + 1.0, part.least), not part.several)

    def _may_grow(self, field: Field, name: str) -> bool:
        return field.kind == "text" or (field.kind == "choice" and self._answers.asks(name))


class _Named(Struct, frozen=True):
    """A piece with the names of its fields in the document, by item; ``inner`` by strip, where these differ."""

    piece: Piece
    names: Mapping[int, str]
    inner: tuple[Mapping[int, str], ...] = ()


_Word = tuple[int, Part, float, float]
"""Words above a piece: the page of the template and the part, room above it, and its height with that."""


class _Line(NamedTuple):
    """Boxes side by side."""

    puts: tuple[Put, ...]
    height: float
    grows: bool
    answered: bool
    used: bool


def room_for_lines(count: int, size: float) -> float:
    """Return how tall a field of so many lines is."""
    return count * LEADING * size + 2 * ABOVE + _SPARE


def _above(part: Part) -> float:
    """Return how far below the top of its box a field begins."""
    return 8.2 if part.labelled else 1.0


def _height(lines: Sequence[_Line]) -> float:
    return sum(line.height for line in lines) + GAP * max(len(lines) - 1, 0)


def _spread(lines: Sequence[_Line], height: float) -> Iterator[Put]:
    """Yield the boxes of lines below one another; what they leave of ``height`` goes to the last that can grow."""
    spare = height - _height(lines)
    takes = next((line for line in reversed(lines) if line.grows), lines[-1] if lines else None)
    y = 0.0
    for line in lines:
        own = line.height + (spare if line is takes else 0.0)
        yield from (put._replace(y=y, height=own) for put in line.puts)
        y += own + GAP


def _shapes(put: Put) -> Iterator[Shape]:
    if put.part.framed and put.name:
        yield Shape(BOX, put.part.x, put.y, put.part.width, put.height)
        if put.part.quote:
            yield Shape(BAR, put.part.x - 4.0, put.y, 2.0, put.height)


def _rule(part: Part, y: float) -> Shape:
    return Shape(RULE, part.x, y + part.height - 0.6, part.width, 0.6)


def _row(names: Iterable[str]) -> tuple[str, int] | None:
    """Return the list that all of ``names`` stand in, and which of its rows; None where they stand in none."""
    found = set()
    for name in names:
        number = _NUMBER.search(name)
        if number is None or name.startswith(f"{SIGNERS}["):
            return None
        found.add((name[: number.start()], int(number[1])))
    return found.pop() if len(found) == 1 else None


def _shared(pages: Iterable[Page]) -> Iterator[str]:
    """Yield the names of fields that stand at the head or foot of pages, and so several times."""
    for page in pages:
        for part in (*page.sheet.head, *page.sheet.foot):
            if name := page.names.get(part.item):
                yield name


# --- pages -----------------------------------------------------------------------------------------------------------


def _dealt(blocks: Sequence[_Block], top: float) -> list[Sequence[_Block]]:
    """Return the blocks of each page; as few pages as can be, turned where it disturbs least."""
    best: list[tuple[int, float, int]] = [(0, 0.0, 0)]
    for end in range(1, len(blocks) + 1):
        found = []
        used = 0.0
        for start in range(end - 1, -1, -1):
            used += blocks[start].height
            left = BOTTOM - (TOP if start else top) + blocks[start].lead - used
            if left < -GAP and start < end - 1:
                break
            count, bad, _ = best[start]
            turned = _turned(blocks, start) if start else 0.0
            found.append((count + 1, bad + turned + (left * left / 10 if end < len(blocks) else 0.0), start))
        best.append(min(found))
    return parted(blocks, lambda end: best[end][2])


def _turned(blocks: Sequence[_Block], start: int) -> float:
    """Return how bad it is to begin a page with the block ``start``."""
    here, before = blocks[start], blocks[start - 1]
    return (
        (_BEFORE_THE_LAST if here.with_last else 0.0)
        + (_AFTER_A_GOAL if before.keeps else 0.0)
        + (0.0 if here.first else _INSIDE_A_BLOCK)
    )
