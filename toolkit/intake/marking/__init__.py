"""A copy of somebody's workbook in which each cell to fix has a colour and a note, with a list of them in front.

The copy is the workbook itself: parts that bear no mark are there byte for byte, in the others only the marks are new.
What an earlier marking left is taken away first, so that a marked copy may be mended, checked and marked again.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from openpyxl.utils.cell import coordinate_to_tuple, get_column_letter, range_boundaries

from toolkit import marks
from toolkit.intake import tables, xlsx
from toolkit.intake.marking import colors, listing, notes
from toolkit.intake.marking.package import WORKBOOK, Element, Package
from toolkit.marks import Note
from toolkit.model import Level, Place

_CELL = re.compile(r"[A-Z]{1,3}\d{1,7}(:[A-Z]{1,3}\d{1,7})?")
_LEVELS: tuple[Level, ...] = ("error", "warning")


class Copy:
    """A copy of the workbook ``data``, to be marked; ``called`` names the file in messages.

    Raises ReadError where the workbook cannot be read.
    """

    def __init__(self, data: bytes, called: str) -> None:
        self._package = Package(data, called)
        grids = xlsx.load(data, called)
        try:
            for title in (grid.name for grid in grids if tables.is_list(grid)):
                listing.remove(self._package, title)
            self._parts = {sheet.name: sheet.part for sheet in self._package.sheets() if sheet.kind == "worksheet"}
            for part in self._parts.values():
                notes.clear(self._package, part)
                colors.clear(self._package, part)
        except (KeyError, IndexError, ValueError) as error:
            raise xlsx.damaged(called) from error

    @property
    def sheets(self) -> frozenset[str]:
        """The names of the sheets to whose cells the list may lead."""
        return frozenset(self._parts)

    @property
    def macros(self) -> bool:
        """True when the workbook may hold macros: its name must end in .xlsm."""
        return "macroEnabled" in self._package.type_of(WORKBOOK)

    @property
    def title(self) -> str:
        """What the sheet with the list will be called: a name that no sheet bears."""
        taken = {sheet.name.casefold() for sheet in self._package.sheets()}
        number, title = 1, marks.TITLE
        while title.casefold() in taken:
            number += 1
            title = f"{marks.TITLE} {number}"
        return title

    def marked(self, said: Iterable[Note], sheet: bytes) -> bytes:
        """Return the copy with a colour and a note at each cell of ``said``, and the only sheet of ``sheet`` in front.

        Raises ReadError where the workbook's parts do not hold what they should.
        """
        try:
            listing.add(self._package, self.title, sheet)
            for name, found in self._by_sheet(said).items():
                self._mark(self._parts[name], found)
            return self._package.data()
        except (KeyError, IndexError, ValueError) as error:
            raise xlsx.damaged(self._package.called) from error

    def _by_sheet(self, said: Iterable[Note]) -> dict[str, list[Note]]:
        found: dict[str, list[Note]] = {}
        for note in said:
            if note.place.sheet in self._parts:
                found.setdefault(note.place.sheet, []).append(note)
        return found

    def _mark(self, part: str, said: Iterable[Note]) -> None:
        root = self._package.tree(part)
        merged = _merged(root)
        first = _first_filled(root)
        at: dict[str, list[Note]] = {}
        for note in said:
            cell = _cell(note.place, first)
            if cell:
                at.setdefault(_first_of(cell, merged), []).append(note)
        levels = {level: [ref for ref, all_of in at.items() if _worst(all_of) == level] for level in _LEVELS}
        colors.put(self._package, part, {level: refs for level, refs in levels.items() if refs})
        notes.write(self._package, part, {ref: "\n\n".join(note.text for note in all_of) for ref, all_of in at.items()})


def _worst(said: Iterable[Note]) -> Level:
    return min((note.level for note in said), key=_LEVELS.index)


def _cell(place: Place, first: Mapping[int, str]) -> str:
    """Return the cell to mark for a cell, a range or a row; empty for a whole sheet, or where the row holds nothing."""
    if place.row:
        return first.get(place.row, "")
    return place.cell.partition(":")[0] if _CELL.fullmatch(place.cell) else ""


def _first_filled(root: Element) -> dict[int, str]:
    """Return the first cell of each row that holds something, by the row's number."""
    found: dict[int, str] = {}
    at = 0
    for row in root.iterfind("{*}sheetData/{*}row"):
        at = int(row.get("r", at + 1))
        cell = next((cell for cell in row if len(cell) and cell.get("r")), None)
        if cell is not None:
            found.setdefault(at, cell.get("r"))
    return found


def _merged(root: Element) -> list[tuple[int, int, int, int]]:
    """Return the blocks of merged cells: left, top, right, bottom."""
    return [
        range_boundaries(block.get("ref"))  # type: ignore[misc]  # a block has all four
        for block in root.iterfind("{*}mergeCells/{*}mergeCell")
    ]


def _first_of(cell: str, blocks: Iterable[tuple[int, int, int, int]]) -> str:
    """Return the first cell of the merged block in which ``cell`` lies, or ``cell`` itself."""
    row, column = coordinate_to_tuple(cell)
    for left, top, right, bottom in blocks:
        if left <= column <= right and top <= row <= bottom:
            return f"{get_column_letter(left)}{top}"
    return cell
