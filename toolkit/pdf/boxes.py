"""Boxes on paper: how answers share a line, a row and a page of a form. Points, from the top left corner.

Nothing here knows of documents or of PDF. Cells stand side by side in lines, lines below one another in zones, zones
side by side in strips, strips below one another in groups; groups are dealt out to pages, and what a page has left is
given to the boxes of long answers.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Literal, NamedTuple, TypeVar

from msgspec import Struct
from msgspec.structs import replace

T = TypeVar("T")

WIDTH = 522.0
"""Between the margins of a US Letter page."""
LEFT, TOP, BOTTOM = 45.0, 48.0, 742.0
"""Where the boxes of a page begin and end."""
FIRST = 34.0
"""Where the masthead begins, with which a document begins."""
GAP, PAD = 3.0, 3.0
"""Between boxes, and between the edge of a panel and the boxes on it."""
NORMAL, LABEL = 9.5, 6.1
"""The sizes of an answer and of the small label of its box."""
_ONE_LINE, _LABEL, _LEADING, _FOOT = 22.0, 9.5, 12.0, 2.5
HEADING, BEFORE, SUBHEADING = 20.0, 8.0, 14.0
"""The heights of a heading, of the room above it, and of a smaller heading."""
COLUMN = 15.0
"""The height of what stands above the columns of a table."""
_STRETCH = 0.9
"""How much taller than planned the boxes of long answers may become."""
_INSIDE_A_BLOCK = 9000.0
"""How bad it is to turn the page inside a block, against the squares of what pages have left."""

_BEFORE_THE_LAST = 1e9

Kind = Literal["text", "multi-line", "date", "choice", "check", "signature"]


class Widget(Struct, frozen=True):
    """A field as it stands on one page; several may bear the same ``name`` and then share what is typed."""

    name: str
    kind: Kind
    tooltip: str
    choices: tuple[tuple[str, str], ...] = ()
    """What is stored and what is shown."""
    read_only: bool = False
    size: float = NORMAL
    color: str = "222222"
    bold: bool = False


class Cell(Struct, frozen=True):
    """A labelled box of one field. ``need`` is its least width, ``flex`` its share of what a line has left over."""

    widget: Widget
    label: str
    need: float
    flex: float
    lines: int = 0
    """Lines of text for which a box of several lines has room; 0 for a box of one line."""
    quote: bool = False
    height_of_one: float = _ONE_LINE

    @property
    def height(self) -> float:
        """The least height."""
        return _LABEL + self.lines * _LEADING + _FOOT if self.lines else self.height_of_one


class Drawn(NamedTuple):
    """Something that stands on a page: a box with its field, a field alone, words, or what lies behind boxes."""

    role: Literal[
        "box", "title", "heading", "subheading", "column", "note", "panel", "bar", "label", "clinic", "logo", "bare"
    ]
    x: float
    y: float
    width: float
    height: float
    text: str = ""
    cell: Cell | None = None
    slot: str = ""
    """The root of the names of a slot that may stay unused, ``signers[3]``, whose boxes then vanish."""

    @property
    def framed(self) -> bool:
        """Whether it is a box with an edge; what a slot is called stands without one."""
        cell = self.cell
        return self.role == "box" and cell is not None and bool(not self.slot or cell.label or cell.lines)


class Line(Struct, frozen=True):
    """Cells side by side."""

    cells: tuple[Cell, ...]

    @property
    def height(self) -> float:
        """The least height."""
        return max(cell.height for cell in self.cells)

    @property
    def grows(self) -> bool:
        """True when it holds the box of a long answer."""
        return any(cell.lines > 1 for cell in self.cells)

    def place(self, x: float, y: float, width: float, height: float, slot: str) -> Iterator[Drawn]:
        """Yield its boxes, side by side over ``width``."""
        spare = width - sum(cell.need for cell in self.cells) - GAP * (len(self.cells) - 1)
        flex = sum(cell.flex for cell in self.cells) or 1.0
        for cell in self.cells:
            own = cell.need + spare * cell.flex / flex
            if cell.quote:
                yield Drawn("bar", x, y, 2.0, height)
            inset = 4.0 if cell.quote else 0.0
            yield Drawn("box", x + inset, y, own - inset, height, cell.label, cell, slot)
            x += own + GAP


class Zone(Struct, frozen=True):
    """Lines below one another; ``slot`` names a zone that may stay unused."""

    lines: tuple[Line, ...]
    share: float = 1.0
    slot: str = ""

    @property
    def height(self) -> float:
        """The least height."""
        return sum(line.height for line in self.lines) + GAP * max(len(self.lines) - 1, 0)

    @property
    def grows(self) -> float:
        """The height of its lines that may become taller."""
        return sum(line.height for line in self.lines if line.grows)

    def place(self, x: float, y: float, width: float, height: float) -> Iterator[Drawn]:
        """Yield its boxes; what it has left over goes to long answers, or to all where there are none."""
        growing = self.grows
        spare = height - self.height
        for line in self.lines:
            part = (line.height / growing if line.grows else 0.0) if growing else 1 / len(self.lines)
            own = line.height + spare * part
            yield from line.place(x, y, width, own, self.slot)
            y += own + GAP


class Strip(Struct, frozen=True):
    """Zones side by side, all as tall as the tallest."""

    zones: tuple[Zone, ...]

    @property
    def height(self) -> float:
        """The least height."""
        return max(zone.height for zone in self.zones)

    @property
    def grows(self) -> float:
        """The height that may become more."""
        return max(zone.grows for zone in self.zones)

    def place(self, x: float, y: float, width: float, height: float, gap: float = GAP) -> Iterator[Drawn]:
        """Yield its boxes; zones share ``width`` by their ``share``."""
        shares = sum(zone.share for zone in self.zones)
        room = width - gap * (len(self.zones) - 1)
        for zone in self.zones:
            own = room * zone.share / shares
            yield from zone.place(x, y, own, height)
            x += own + gap


class Group(Struct, frozen=True):
    """What stays together on a page: strips below one another, with a heading, a sentence or a panel behind them."""

    strips: tuple[Strip, ...]
    heading: str = ""
    subheading: str = ""
    note: str = ""
    note_height: float = 0.0
    columns: tuple[tuple[str, float], ...] = ()
    """What stands above the zones of its first strip: words, each with the share of its zone."""
    panel: bool = False
    first: bool = True
    """False for what follows in the same block."""
    with_last: bool = False
    """True when it may not begin a page."""
    rigid: bool = False
    """True when it never becomes taller."""
    gap: float = GAP
    """Between its strips, and between the zones of one."""

    @property
    def above(self) -> float:
        """The height of what stands above its strips."""
        return (
            (HEADING + BEFORE if self.heading else 0.0)
            + (SUBHEADING + GAP if self.subheading else 0.0)
            + self.note_height
            + (COLUMN if self.columns else 0.0)
        )

    @property
    def height(self) -> float:
        """The least height, with the gap below."""
        inside = sum(strip.height for strip in self.strips) + self.gap * max(len(self.strips) - 1, 0)
        if not self.strips:
            return self.above
        return self.above + inside + (2 * PAD if self.panel else 0.0) + GAP + (GAP if self.panel else 0.0)

    @property
    def grows(self) -> float:
        """The height that may become more."""
        return 0.0 if self.rigid else sum(strip.grows for strip in self.strips)

    def place(self, y: float, stretch: float) -> Iterator[Drawn]:
        """Yield what it draws from ``y`` down; what may grow becomes ``stretch`` times taller."""
        stretch = 0.0 if self.rigid else stretch
        if self.heading:
            yield Drawn("heading", LEFT, y + BEFORE, WIDTH, HEADING - 4, self.heading)
            y += HEADING + BEFORE
        if self.subheading:
            yield Drawn("subheading", LEFT, y + GAP, WIDTH, SUBHEADING, self.subheading)
            y += SUBHEADING + GAP
        if self.note:
            yield Drawn("note", LEFT, y, WIDTH, self.note_height, self.note)
            y += self.note_height
        if self.columns:
            x, room = LEFT, WIDTH - self.gap * (len(self.columns) - 1)
            for text, share in self.columns:
                own = room * share / sum(share for _, share in self.columns)
                yield Drawn("column", x, y, own, COLUMN - GAP, text)
                x += own + self.gap
            y += COLUMN
        x, width = LEFT, WIDTH
        if self.panel:
            height = self.height - self.above - 2 * GAP + self.grows * stretch
            yield Drawn("panel", LEFT, y, WIDTH, height)
            x, y, width = LEFT + PAD, y + PAD, WIDTH - 2 * PAD
        for strip in self.strips:
            own = strip.height + strip.grows * stretch
            yield from strip.place(x, y, width, own, self.gap)
            y += own + self.gap


class Fixed(Group, frozen=True):
    """What is drawn as given, from the place where it begins."""

    drawn: tuple[Drawn, ...] = ()
    tall: float = 0.0

    @property
    def height(self) -> float:
        """Its height."""
        return self.tall

    def place(self, y: float, stretch: float) -> Iterator[Drawn]:
        """Yield what it draws."""
        yield from (replace_y(item, y) for item in self.drawn)


def replace_y(item: Drawn, down: float) -> Drawn:
    """Return ``item`` moved down."""
    return item._replace(y=item.y + down)


def lines(cells: Iterable[Cell], width: float) -> tuple[Line, ...]:
    """Return ``cells`` in order, as many on a line of ``width`` as it has room for; long answers alone on theirs."""
    found: list[list[Cell]] = []
    room = 0.0
    for cell in cells:
        wide = cell.lines > 1 or cell.need >= width
        if found and not wide and cell.need + GAP <= room:
            found[-1].append(cell)
            room -= cell.need + GAP
        else:
            found.append([cell])
            room = -1.0 if wide else width - cell.need
    return tuple(Line(tuple(_filling(several, width))) for several in found)


def _filling(cells: Sequence[Cell], width: float) -> Iterator[Cell]:
    """Yield cells that together are no wider than ``width``."""
    for cell in cells:
        yield replace(cell, need=min(cell.need, width), flex=cell.flex if len(cells) > 1 else 1.0)


def room_for(characters: float, width: float) -> int:
    """Return how many lines of normal size so many characters take in a box of ``width``."""
    return max(1, math.ceil(characters * 4.95 / max(width - 6, 20)))


# --- pages -----------------------------------------------------------------------------------------------------------


class Placed(NamedTuple):
    """A group on a page: where it begins, and what it draws there."""

    group: Group
    top: float
    drawn: tuple[Drawn, ...]


def pages(groups: Sequence[Group], top: float = TOP) -> list[list[Placed]]:
    """Return what stands on each page: groups dealt out so that few pages are needed, evenly filled.

    ``top`` is where the first page begins.
    """
    dealt = _deal(groups, top)
    return [list(_page(several, top if number == 0 else TOP)) for number, several in enumerate(dealt)]


def _page(groups: Sequence[Group], top: float) -> Iterator[Placed]:
    left = _left(groups, top)
    growing = sum(group.grows for group in groups)
    stretch = max(0.0, min(left / growing, _STRETCH)) if growing else 0.0
    y = top - (BEFORE if groups[0].heading else 0.0)
    for group in groups:
        yield Placed(group, y, tuple(group.place(y, stretch)))
        y += group.height + group.grows * stretch


def _left(groups: Sequence[Group], top: float) -> float:
    """Return what a page has left below ``groups``; a heading at its top needs no room above."""
    above = BEFORE if groups and groups[0].heading else 0.0
    return BOTTOM - top + above - sum(group.height for group in groups)


def _deal(groups: Sequence[Group], top: float) -> list[Sequence[Group]]:
    """Return the groups of each page; as few pages as can be, then what they have left as even as can be."""
    best: dict[int, tuple[int, float, int]] = {0: (0, 0.0, 0)}
    for end in range(1, len(groups) + 1):
        found = []
        for start in range(end):
            if start not in best:
                continue
            left = _left(groups[start:end], TOP if start else top)
            if left < 0 and end - start > 1:
                continue
            count, bad, _ = best[start]
            turned = _INSIDE_A_BLOCK if start and not groups[start].first else 0.0
            turned += _BEFORE_THE_LAST if start and groups[start].with_last else 0.0
            found.append((count + 1, bad + left * left / 10 + turned, start))
        if found:
            best[end] = min(found)
    return parted(groups, lambda end: best[end][2])


def parted(items: Sequence[T], begins: Callable[[int], int]) -> list[Sequence[T]]:
    """Return ``items`` in parts, of which ``begins`` says where the one begins that ends at a place."""
    parts: list[Sequence[T]] = []
    end = len(items)
    while end:
        start = begins(end)
        parts.insert(0, items[start:end])
        end = start
    return parts
