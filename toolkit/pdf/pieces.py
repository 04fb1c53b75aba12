"""What the sheets of a form are made of: which boxes stand together and how they may move, as a template tells it.

Points, from the top left corner. The pages of a template show every piece once, for people to look at and to fill in by
hand; a document is laid out anew of the pieces that it needs (`toolkit.pdf.flow`).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from msgspec import Struct
from msgspec.structs import asdict

from toolkit.pdf.boxes import BEFORE, COLUMN, GAP, HEADING, SUBHEADING, Drawn, Fixed, Placed


class Part(Struct, frozen=True):
    """A thing that stands on a page: a box with its field, a field alone, or words."""

    role: str
    item: int
    """Its number on the page of the template; -1 where nothing is drawn yet."""
    x: float
    y: float
    width: float
    height: float
    least: float = 0.0
    """How tall it is with one line of text."""
    several: bool = False
    """Whether its field takes several lines."""
    framed: bool = False
    labelled: bool = False
    quote: bool = False


class Zone(Struct, frozen=True):
    """Lines of parts below one another; ``slot`` names what may stay unused."""

    lines: tuple[tuple[Part, ...], ...]
    slot: str = ""


class Piece(Struct, frozen=True):
    """What stays together on a page: words above, then strips of zones side by side, or ``fixed`` things."""

    above: tuple[tuple[Part, float, float], ...] = ()
    """Words, each with how far below the end of the one before it they begin, and where they end."""
    strips: tuple[tuple[Zone, ...], ...] = ()
    fixed: tuple[Part, ...] = ()
    tall: float = 0.0
    """The height of what is fixed."""
    first: bool = True
    with_last: bool = False
    panel: bool = False
    gap: float = 3.0
    top: float = 0.0
    """Where it begins on the page of the template."""

    def parts(self) -> Iterator[Part]:
        """Yield all that stands in it, but for the words above."""
        yield from self.fixed
        for strip in self.strips:
            yield from (part for zone in strip for line in zone.lines for part in line)


LOGO = "logo"
"""The role of the place for a clinic's logo."""
DRAFT_MARK = b"/Artifact <</Type /Pagination /Subtype /Watermark>> BDC /Draft Do EMC\n"
WORDS = re.compile(rb"^(/\w+) <</MCID (\d+)>> BDC\n(.*?)\nEMC$", re.S | re.M)
"""What an element says on a page of a template: its tag, its number, and what draws it."""


def logo_at(x: float, foot: float) -> bytes:
    """Return the operators that draw what a clinic puts into the place of its logo."""
    return b"/Artifact BMC q 1 0 0 1 %.2f %.2f cm /Logo Do Q EMC" % (x, 792 - foot)


class Sheet(NamedTuple):
    """The pieces of a page of a template, and what stands at its head and foot."""

    pieces: tuple[Piece, ...]
    head: tuple[Part, ...]
    foot: tuple[Part, ...]
    color: str


class Item(NamedTuple):
    """What a page draws as one element: words, a field, or both."""

    drawn: Drawn
    part: Part


def items(drawn: Iterable[Drawn]) -> Iterator[Item]:
    """Yield what of ``drawn`` is an element of a page, numbered in order; the rest only lies behind it."""
    number = 0
    for one in drawn:
        if one.role in ("panel", "bar"):
            continue
        shown = one.role != "logo" or bool(one.text)
        yield Item(one, _part(one, number if shown else -1))
        number += shown


def _part(one: Drawn, item: int) -> Part:
    cell = one.cell
    place = (round(one.x, 2), round(one.y, 2), round(one.width, 2), round(one.height, 2))
    if cell is None:
        return Part(one.role, item, *place)
    several = cell.widget.kind == "multi-line" and not (one.slot and not cell.lines)
    return Part(one.role, item, *place, cell.height_of_one, several, one.framed, bool(cell.label), cell.quote)


def described(head: Sequence[Drawn], placed: Sequence[Placed], foot: Sequence[Drawn], color: str) -> str:
    """Return what a template tells of a page on which ``head``, groups and ``foot`` stand in this order."""
    rest = (item.part for item in items([*head, *(one for group in placed for one in group.drawn), *foot]))
    heads = [next(rest) for _ in head]
    pieces = [_piece(one, rest) for one in placed]
    sheet = Sheet(tuple(pieces), tuple(heads), tuple(rest), color)
    return json.dumps(sheet._asdict(), separators=(",", ":"), default=asdict)


def _piece(placed: Placed, parts: Iterator[Part]) -> Piece:
    """Return a group as a piece of ``parts``, which come in the order in which it draws them."""
    group, top, drawn = placed
    if isinstance(group, Fixed):
        fixed = tuple(next(parts) for _ in items(drawn))
        return Piece(fixed=fixed, tall=group.tall, first=group.first, with_last=group.with_last, top=top)
    above = []
    if group.heading:
        above.append((next(parts), BEFORE, HEADING + BEFORE))
    if group.subheading:
        above.append((next(parts), GAP, SUBHEADING + GAP))
    if group.note:
        above.append((next(parts), 0.0, group.note_height))
    above += ((next(parts), 0.0, COLUMN * (number == len(group.columns))) for number, _ in enumerate(group.columns, 1))
    strips = tuple(
        tuple(
            Zone(tuple(tuple(next(parts) for _ in line.cells) for line in zone.lines), zone.slot)
            for zone in strip.zones
        )
        for strip in group.strips
    )
    return Piece(tuple(above), strips, (), 0.0, group.first, group.with_last, group.panel, group.gap, top)


def understood(text: str) -> Sheet:
    """Return what a page of a template tells; raises ValueError, TypeError or LookupError where it tells nothing."""
    told = json.loads(text)
    parts = {key: tuple(Part(**one) for one in told[key]) for key in ("head", "foot")}
    return Sheet(tuple(map(_understood, told["pieces"])), **parts, color=told["color"])


def _understood(told: dict[str, Any]) -> Piece:
    above = tuple((Part(**part), before, height) for part, before, height in told.pop("above"))
    strips = tuple(
        tuple(Zone(tuple(tuple(Part(**one) for one in line) for line in zone["lines"]), zone["slot"]) for zone in strip)
        for strip in told.pop("strips")
    )
    return Piece(above=above, strips=strips, fixed=tuple(Part(**one) for one in told.pop("fixed")), **told)
