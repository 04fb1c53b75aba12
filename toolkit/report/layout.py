"""How a sheet of ours looks: cells in a few styles, a header that stays in sight and filters, pages that print well."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import chain, islice
from typing import cast

from msgspec import Struct
from openpyxl import Workbook
from openpyxl.cell.cell import Cell as Target
from openpyxl.styles import Alignment, Border, Font, NamedStyle, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from toolkit import excel, marks
from toolkit.text import canonical

MOST_ROWS = 60_000  # of one sheet: what a person can still use, each with a link; Excel takes 65,530 links a sheet

_INK = "1F3A4D"
PLAIN, BOLD, NOTE, TITLE, HEAD, BAND, LINK, GOOD, BAD, LOOK, BY_HAND, QUIET = (
    "Report text", "Report bold", "Report note", "Report title", "Report head", "Report band", "Report link",
    "Report good", "Report must be fixed", "Report please look", "Report by hand", "Report quiet",
)  # fmt: skip
_FONTS = {
    PLAIN: Font(name=excel.FONT, size=10),
    BOLD: Font(name=excel.FONT, size=10, bold=True),
    NOTE: Font(name=excel.FONT, size=10),
    TITLE: Font(name=excel.FONT, size=16, bold=True, color=_INK),
    HEAD: Font(name=excel.FONT, size=10, bold=True, color="FFFFFF"),
    BAND: Font(name=excel.FONT, size=10, bold=True),
    LINK: Font(name=excel.FONT, size=10, underline="single", color="1F4E9C"),
    GOOD: Font(name=excel.FONT, size=10, bold=True, color="1E6B3A"),
    BAD: Font(name=excel.FONT, size=10, bold=True, color="9C1C1C"),
    LOOK: Font(name=excel.FONT, size=10, color="7A4A00"),
    BY_HAND: Font(name=excel.FONT, size=10),
    QUIET: Font(name=excel.FONT, size=10, color="6B7680"),
}
_FILLS = {HEAD: _INK, BAND: "DCE6EC", BAD: marks.COLORS["error"], LOOK: marks.COLORS["warning"], BY_HAND: "F7F9FB"}
_NO_RULE = (NOTE, TITLE, HEAD, BAND)

Column = tuple[str, float]
"""A column's header and its width in characters."""


class Cell(Struct, frozen=True):
    """What stands in one cell; ``link`` leads to a file, or with ``#`` in front to a place in the workbook."""

    value: str | int
    style: str = PLAIN
    link: str = ""


class Table(Struct, frozen=True):
    """One sheet: a row for each line of ``rows``, or the one sentence ``empty``; ``title`` and ``note`` stand above."""

    columns: Sequence[Column]
    rows: Iterable[Sequence[Cell]]
    empty: str
    title: str = ""
    note: str = ""


def new_book() -> Workbook:
    """Return a workbook without sheets that knows our styles."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for name in _FONTS:
        book.add_named_style(_style(name))
    return book


def _style(name: str) -> NamedStyle:
    fill = PatternFill("solid", fgColor=_FILLS[name]) if name in _FILLS else PatternFill()
    side = Side(style="thin", color="C9D3DA")
    rule = Border() if name in _NO_RULE else Border(bottom=side)
    if name == BY_HAND:
        rule = Border(left=side, right=side, top=side, bottom=side)
    high = "center" if name in _NO_RULE else "top"
    inside = 0 if name in (TITLE, NOTE) else 1
    wrap = Alignment(wrap_text=name not in (TITLE, BAND), vertical=high, horizontal="left", indent=inside)
    number = "mm/dd/yyyy" if name == BY_HAND else "General"
    return NamedStyle(name, font=_FONTS[name], fill=fill, border=rule, alignment=wrap, number_format=number)


def fill(sheet: Worksheet, table: Table) -> Iterable[excel.Line]:
    """Begin an empty sheet for ``table``: the header stays in sight, is printed on each page, and filters.

    Returns the lines to write below (`excel.save`): there may be more than can be held.
    """
    width = len(table.columns)
    top = 1
    for text, style, height in ((table.title, TITLE, 30.0), (table.note, NOTE, 20.0)):
        if text:
            put(sheet, top, 1, Cell(text, style))
            sheet.merge_cells(start_row=top, end_row=top, start_column=1, end_column=width)
            sheet.row_dimensions[top].height = height
            top += 1
    page(sheet, table.columns, header=f"{top}:{top}")
    head(sheet, top, [header for header, _ in table.columns])
    sheet.freeze_panes = f"A{top + 1}"
    rows = iter(table.rows)
    first = next(rows, None)
    if first is None:
        band(sheet, top + 1, table.empty, width)
        return ()
    sheet.auto_filter.ref = f"A{top}:{get_column_letter(width)}{top}"
    return below(sheet, table.columns, chain((first,), rows))


def below(sheet: Worksheet, columns: Sequence[Column], rows: Iterator[Sequence[Cell]]) -> Iterable[excel.Line]:
    """Return ``rows`` as lines below those of ``sheet``, and where it cannot hold them all one that says so."""
    styles = {name: excel.style_number(sheet, name) for name in _FONTS}
    return _lines([width for _, width in columns], styles, rows, MOST_ROWS - sheet.max_row)


def _lines(
    widths: Sequence[float], styles: Mapping[str, int], rows: Iterator[Sequence[Cell]], most: int
) -> Iterator[excel.Line]:
    for cells in islice(rows, most):
        yield excel.Line(_height(widths, cells), [(_said(cell), styles[cell.style], cell.link) for cell in cells])
    if next(rows, None) is not None:
        said = "There is more than this sheet can hold. Take fewer clients at a time."
        yield excel.Line(20, [(said if number == 0 else "", styles[BAND], "") for number in range(len(widths))])


def lines(sheet: Worksheet, row: int, several: Iterable[Sequence[Cell]]) -> int:
    """Write the lines ``several`` from ``row`` on; return the row after."""
    for cells in several:
        for column, cell in enumerate(cells, start=1):
            put(sheet, row, column, cell)
        widths = [sheet.column_dimensions[get_column_letter(column)].width for column in range(1, len(cells) + 1)]
        sheet.row_dimensions[row].height = _height(widths, cells)
        row += 1
    return row


def band(sheet: Worksheet, row: int, title: str, width: int) -> None:
    """Write a row across ``width`` columns that says one thing."""
    for column in range(1, width + 1):
        put(sheet, row, column, Cell(title if column == 1 else "", BAND))
    sheet.row_dimensions[row].height = 20


def page(sheet: Worksheet, columns: Sequence[Column], header: str = "") -> None:
    """Set the widths of ``columns`` and the printed page; ``header`` rows are repeated on each."""
    for number, (_, width) in enumerate(columns, start=1):
        sheet.column_dimensions[get_column_letter(number)].width = width
    sheet.sheet_view.showGridLines = False
    excel.page(sheet, landscape=True, header=header)


def head(sheet: Worksheet, row: int, headers: Iterable[str]) -> None:
    """Write a header row."""
    for column, header in enumerate(headers, start=1):
        put(sheet, row, column, Cell(header, HEAD))
    sheet.row_dimensions[row].height = 22


def put(sheet: Worksheet, row: int, column: int, cell: Cell) -> None:
    """Write one cell."""
    target = cast(Target, sheet.cell(row, column))
    if isinstance(cell.value, int):
        target.value = cell.value
    elif cell.value:
        excel.write(target, str(_said(cell)))
    target.style = cell.style


def _said(cell: Cell) -> str | int:
    """Return what stands in a cell: text without characters that XML forbids, and within Excel's length."""
    return cell.value if not cell.value or isinstance(cell.value, int) else _fitted(cell.value)


@lru_cache(maxsize=4096)  # the same few things are said of very many clients
def _fitted(text: str) -> str:
    return excel.cut(canonical(text))


def _height(widths: Sequence[float], cells: Sequence[Cell]) -> float:
    """Return the height in points that shows all of ``cells``: spreadsheets do not work it out on opening."""
    most = 1.5 if any(cell.style == BY_HAND for cell in cells) else 1.0
    for width, cell in zip(widths, cells, strict=True):
        said = str(cell.value)
        if len(said) >= width or "\n" in said:
            most = max(most, _lines_of(said, int(width)))
    return min(13.5 * most + 4, excel.ROW_LIMIT)


def _lines_of(said: str, width: int) -> int:
    """Return how many lines ``said`` takes where whole words go to the next line, and one is left for the indent.

    A word that is too long begins on a line of its own, as in a spreadsheet; `textwrap` begins it on the one before.
    """
    room, count = width - 1, 0
    for line in said.split("\n"):
        used = -1
        for word in line.split(" "):
            used += 1 + len(word)
            if used > room:
                count += (used > len(word)) + (len(word) - 1) // room
                used = (len(word) - 1) % room + 1
        count += 1
    return count
