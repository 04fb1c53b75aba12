"""The cover list of a file for the printer: what is in it, where it begins and who signs, drawn on pages of its own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from toolkit.blocks import INK, LINE, MUTED, SHADE
from toolkit.pdf.fonts import Faces, Ink, Typeface
from toolkit.pdf.layout import ASCENT, LEADING, PADDING, lay
from toolkit.pdf.printing import Drawn

_SIZE = (612.0, 792.0)
_LEFT, _TOP, _BOTTOM, _FOOT_AT = 45.0, 740.0, 54.0, 40.0
_WIDTH = _SIZE[0] - 2 * _LEFT
_TALL = 100_000.0
"""More than any text takes."""
_BAND = 17.0
"""The height of the head of a table."""


class Column(NamedTuple):
    """A column of a table: its header and its share of the width."""

    header: str
    share: float


class Table(NamedTuple):
    """A table below a heading; the first cell of a row stands out."""

    heading: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[str]]


class _Look(NamedTuple):
    """How a text is drawn: size in points, colour, whether bold."""

    size: float
    color: str = INK
    bold: bool = False


_TITLE, _HEADING, _NOTE = _Look(20, bold=True), _Look(12, bold=True), _Look(10)
_HEAD, _CELL, _LEAD, _FOOT = _Look(8, MUTED, bold=True), _Look(9), _Look(9, bold=True), _Look(8, MUTED)


def pages(faces: Faces, title: str, notes: Iterable[str], tables: Iterable[Table]) -> int:
    """Return how many pages a cover takes: as many, whatever the digits of the numbers in it."""
    return len(_drawn(faces, title, notes, tables)[0])


def draw(faces: Faces, title: str, notes: Iterable[str], tables: Iterable[Table], first: int) -> Drawn:
    """Return the cover; its objects are numbered from ``first`` on."""
    contents, ink = _drawn(faces, title, notes, tables)
    fonts, objects = ink.objects(first + 1)
    return Drawn(_SIZE, contents, [b"<</Font%b>>" % fonts, *objects])


def _drawn(faces: Faces, title: str, notes: Iterable[str], tables: Iterable[Table]) -> tuple[list[bytes], Ink]:
    sheet = _Sheet(faces)
    sheet.text(title, _TITLE, after=6)
    for note in notes:
        sheet.text(note, _NOTE, after=3)
    for table in tables:
        sheet.table(table)
    return list(sheet.finished(title)), sheet.ink


class _Sheet:
    """Pages being drawn from top to bottom."""

    def __init__(self, faces: Faces) -> None:
        self.ink = Ink(faces)
        self._faces = faces
        self._pages: list[list[bytes]] = [[]]
        self._y = _TOP

    def text(self, text: str, look: _Look, after: float = 0.0) -> None:
        """Draw a text over the whole width."""
        lines = self._lines(text, look, _WIDTH)
        self._hold(len(lines) * LEADING * look.size)
        self._draw(lines, look, _LEFT, self._y)
        self._y -= len(lines) * LEADING * look.size + after

    def table(self, table: Table) -> None:
        """Draw a table; its head stands again on each page that it goes on on."""
        widths = [_WIDTH * column.share / sum(one.share for one in table.columns) for column in table.columns]
        looks = [_LEAD, *[_CELL] * (len(widths) - 1)]
        headed = False
        for texts in table.rows:
            cells = zip(texts, looks, widths, strict=True)
            row = [self._lines(text, look, width - 6) for text, look, width in cells]
            tall = max(len(lines) for lines in row) * LEADING * _CELL.size + 6
            if not headed:
                self._hold(tall + _BAND + 40)
                self._y -= 14
                self.text(table.heading, _HEADING, after=4)
                self._head(table.columns, widths)
                headed = True
            elif self._hold(tall):
                self._head(table.columns, widths)
            x = _LEFT
            for lines, look, width in zip(row, looks, widths, strict=True):
                self._draw(lines, look, x, self._y - 3)
                x += width
            self._y -= tall
            self._put(b"%b RG 0.5 w %.2f %.2f m %.2f %.2f l S" % (_rgb(LINE), _LEFT, self._y, _LEFT + _WIDTH, self._y))

    def finished(self, title: str) -> Iterator[bytes]:
        """Yield the operators of each page, with its foot."""
        for number, parts in enumerate(self._pages, 1):
            foot = f"{title} · page {number} of {len(self._pages)} of this list"
            yield b"\n".join([*parts, *self._spelled([foot], _FOOT, _LEFT, _FOOT_AT)])

    def _head(self, columns: Sequence[Column], widths: Sequence[float]) -> None:
        self._put(b"%b rg %.2f %.2f %.2f %.2f re f" % (_rgb(SHADE), _LEFT, self._y - _BAND, _WIDTH, _BAND))
        x = _LEFT
        for column, width in zip(columns, widths, strict=True):
            self._draw([column.header], _HEAD, x, self._y - 3.5)
            x += width
        self._y -= _BAND

    def _hold(self, height: float) -> bool:
        """Begin a new page where ``height`` is not free on this one; tell whether that was so."""
        if self._y - height >= _BOTTOM or self._y == _TOP:
            return False
        self._pages.append([])
        self._y = _TOP
        return True

    def _lines(self, text: str, look: _Look, width: float) -> list[str]:
        laid = lay(text, self._typeface(look), (width, _TALL), look.size, look.size)
        return [text[line.start : line.end] for line in laid.lines]

    def _typeface(self, look: _Look) -> Typeface:
        return self._faces.bold if look.bold else self._faces.regular

    def _draw(self, lines: Sequence[str], look: _Look, x: float, y: float) -> None:
        self._pages[-1] += self._spelled(lines, look, x, y)

    def _spelled(self, lines: Sequence[str], look: _Look, x: float, y: float) -> Iterator[bytes]:
        y -= ASCENT * look.size
        for line in lines:
            shown = self.ink.show(self._typeface(look), b"%g" % look.size, line)
            yield b"BT %b rg %.2f %.2f Td %b ET" % (_rgb(look.color), x + PADDING, y, shown)
            y -= LEADING * look.size

    def _put(self, operators: bytes) -> None:
        self._pages[-1].append(operators)


def _rgb(color: str) -> bytes:
    return b" ".join(b"%.3f" % (int(color[at : at + 2], 16) / 255) for at in (0, 2, 4))
