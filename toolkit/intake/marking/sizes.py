"""How wide and high the columns and rows of a sheet are, in pixels: where the box of a note begins and ends."""

from __future__ import annotations

import math
from collections.abc import Mapping

from msgspec import Struct, field

from toolkit.intake.marking.package import Element

MOST_ROWS, MOST_COLUMNS = 1_048_576, 16_384
_WIDE, _LINE, _SIGNS = 330, 15, 50  # pixels of a box's width, of a line's height; characters on a line
_LOWEST, _HIGHEST = 60, 700
_COLUMN, _ROW = 64, 20  # pixels of a column and a row for which nothing is said

Anchor = tuple[int, int, int, int, int, int, int, int]
"""A box: left column and pixels into it, top row, right column, bottom row, each with its pixels; counted from 0."""


class Sizes(Struct, frozen=True):
    """Pixels of the columns and rows that have their own size, by number from 0, and of the others."""

    columns: Mapping[int, int] = field(default_factory=dict)
    rows: Mapping[int, int] = field(default_factory=dict)
    column: int = _COLUMN
    row: int = _ROW

    def box(self, row: int, column: int, text: str) -> Anchor:
        """Return a box that shows ``text`` beside the cell."""
        left, right_edge = _beside(column + 1, _WIDE, self.columns, self.column, MOST_COLUMNS, 12)
        top, bottom = _beside(max(row - 1, 0), height(text), self.rows, self.row, MOST_ROWS, 8)
        return (*left, *top, *right_edge, *bottom)

    def room_for(self, box: Anchor, text: str) -> Anchor:
        """Return ``box``, longer where it does not show all of ``text``."""
        left, into, top, below, right, further, bottom, last = box
        wide = _between((left, into), (right, further), self.columns, self.column)
        high = _between((top, below), (bottom, last), self.rows, self.row)
        wanted = height(text, wide)
        if high >= wanted:
            return box
        _, ends = _beside(top, wanted, self.rows, self.row, MOST_ROWS, below)
        return (left, into, top, below, right, further, *ends)


def read(root: Element) -> Sizes:
    """Return the sizes that the XML of a sheet gives."""
    columns: dict[int, int] = {}
    rows: dict[int, int] = {}
    usual_column, usual_row = _COLUMN, _ROW
    for item in root.iterfind("{*}sheetFormatPr"):
        usual_column = _pixels(item.get("defaultColWidth"), usual_column)
        usual_row = round(_number(item.get("defaultRowHeight"), 15) * 4 / 3)
    for item in root.iterfind("{*}cols/{*}col"):
        hidden = item.get("hidden") in ("1", "true")
        width = 0 if hidden else _pixels(item.get("width"), usual_column)
        first, last = int(_number(item.get("min"), 1)), int(_number(item.get("max"), 1))
        columns.update(dict.fromkeys(range(first - 1, min(last, MOST_COLUMNS)), width))
    for number, item in enumerate(root.iterfind("{*}sheetData/{*}row")):
        hidden, high = item.get("hidden") in ("1", "true"), item.get("ht")
        if hidden or high:
            row = int(_number(item.get("r"), number + 1)) - 1
            rows[row] = 0 if hidden else round(_number(high, 15) * 4 / 3)
    return Sizes(columns, rows, usual_column, usual_row)


def height(text: str, wide: int = _WIDE) -> int:
    """Return the height in pixels of a box ``wide`` pixels wide that shows ``text``."""
    signs = max(wide * _SIGNS // _WIDE, 10)
    lines = sum(max(1, math.ceil(len(line) / signs)) for line in text.split("\n"))
    return min(max(lines * _LINE + 10, _LOWEST), _HIGHEST)


def _pixels(width: str | None, otherwise: int) -> int:
    """Return the pixels of a column as wide as so many digits, as Excel reckons them."""
    return otherwise if width is None else int(_number(width, 8.43) * 7 + 5)


def _number(text: str | None, otherwise: float) -> float:
    try:
        found = float(text or otherwise)
    except ValueError:
        return otherwise
    return found if math.isfinite(found) and found >= 0 else otherwise


def _beside(
    start: int, length: int, sizes: Mapping[int, int], usual: int, most: int, into: int
) -> tuple[tuple[int, int], tuple[int, int]]:
    """Return where a stretch of ``length`` pixels begins and ends that is to begin at line ``start``."""
    start = min(start, most - 12)
    line, left = start, length + into
    while left > (size := sizes.get(line, usual)) and line < most - 1:
        left -= size
        line += 1
    return (start, into), (line, min(left, max(size, 1)))


def _between(first: tuple[int, int], last: tuple[int, int], sizes: Mapping[int, int], usual: int) -> int:
    """Return the pixels from one place to another."""
    lines = range(first[0], min(last[0], first[0] + 1000))
    return sum(sizes.get(line, usual) for line in lines) - first[1] + last[1]
