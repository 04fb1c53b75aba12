"""The workbooks we hand out: one row a client for the office, or one client a file for a clinician."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct, field
from msgspec.structs import replace
from openpyxl import Workbook
from openpyxl.styles import Alignment
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from toolkit import excel
from toolkit.intake import asked, export, guide, style
from toolkit.intake.asked import Form
from toolkit.intake.assemble import EXAMPLE, RawRow
from toolkit.intake.export import Table
from toolkit.intake.questions import one_client
from toolkit.intake.style import BOX, FILLS, INK, LAST_ROW, NAVY, QUIET, STARS, WRAP, YELLOW, fill, ink
from toolkit.model import CLIENT_ID, Definitions, Field, Record

__all__ = ["Additions", "Standing", "additions", "of_rows", "one_client", "workbook"]

HEADER_ROW, FIRST_ROW = 2, 3
"""On each sheet the questions stand in row 1, the column headers in row 2, answers from row 3."""
_A_PAGE = 250
"""Characters across a printed page that can still be read."""


class Standing(Struct, frozen=True):
    """A sheet of somebody's workbook: its name, the row of its headers, its columns, and the first free column.

    Rows and columns are counted from 1; ``columns`` are by path.
    """

    title: str
    header: int
    columns: Mapping[str, int]
    free: int

    @property
    def first(self) -> int:
        """The first row of answers."""
        return self.header + 1


class Additions(Struct, frozen=True):
    """What somebody's workbook lacks, as a workbook: ``sheets`` are new, ``columns`` by the name of a sheet it has.

    A column is told by the words and letters of its header: ``Why this level of care (Y)``.
    """

    data: bytes
    sheets: Sequence[str]
    columns: Mapping[str, Sequence[str]]


def workbook(
    definitions: Definitions,
    *,
    documents: Sequence[str] = ("treatment_plan",),
    level: str = "OP",
    full: bool = False,
    records: Iterable[Record] = (),
) -> bytes:
    """Return an Excel workbook that asks for what ``documents`` need at a level of care, filled from ``records``.

    ``full`` asks everything that ``definitions`` hold; sections that they do not hold are not written. A blank workbook
    has an example row on each sheet; where records are given, every column in which one of them has an answer is there.
    The same input gives the same bytes. Raises WriteError when a text is longer than an Excel cell may be.
    """
    form = asked.form(definitions, documents, level, full, several=True)
    return _packed(_work(export.tables(definitions, records), form, {}))


def of_rows(
    rows: Iterable[RawRow],
    definitions: Definitions,
    *,
    documents: Sequence[str],
    level: str = "OP",
    full: bool = False,
    about: tuple[str, str] = guide.ABOUT,
) -> bytes:
    """Return a workbook as `workbook` does, filled with what stands in ``rows``, also where it cannot be read.

    A column that stood there is there again, filled or not. ``about`` stands on top of its first sheet.
    """
    form = asked.form(definitions, documents, level, full, several=True)
    return _packed(replace(_work(export.raw_tables(definitions, rows), form, {}), about=about))


def additions(
    standing: Mapping[str, Standing],
    definitions: Definitions,
    *,
    documents: Sequence[str],
    level: str = "OP",
    full: bool = False,
) -> Additions:
    """Return what somebody's own workbook lacks: whole sheets, and columns where they would stand in it.

    ``standing`` are the sheets that it has, by the name that they have in ``definitions``. On a sheet of the same name
    only the columns stand that it lacks, right of what there is; the guide speaks of all.
    """
    form = asked.form(definitions, documents, level, full, several=True)
    work = _work(export.tables(definitions), form, standing)
    lacking = [table for table in work.tables if work.new(table)]
    columns = {
        work.place(table).title: [
            f"{item.label} ({get_column_letter(work.place(table).columns[item.path])})" for item in work.new(table)
        ]
        for table in lacking
        if table.sheet in standing
    }
    return Additions(_packed(work), [table.sheet for table in lacking if table.sheet not in standing], columns)


def _work(tables: Iterable[Table], form: Form, standing: Mapping[str, Standing]) -> _Work:
    asked_for = (_kept(table, form, standing.get(table.sheet)) for table in tables)
    return _Work(Workbook(), form, tuple(table for table in asked_for if table.columns), standing)


def _packed(work: _Work) -> bytes:
    first = work.book.active
    assert isinstance(first, Worksheet)  # noqa: S101 - a new workbook has one
    places = {table.sheet: work.place(table) for table in work.tables}
    links = {sheet: f"{style.quoted(place.title)}!A{place.first}" for sheet, place in places.items()}
    guide.write(first, work.form, work.tables, links, work.filled, work.about)
    for table in work.tables:
        if work.new(table):
            _sheet(work, table)
    _id_lists(work)
    work.lists.add_to(work.book)
    return excel.pack(work.book, f"{work.form.title}: workbook")


class _Work(Struct, frozen=True):
    """A workbook in the making."""

    book: Workbook
    form: Form
    tables: tuple[Table, ...]
    standing: Mapping[str, Standing]
    lists: style.Lists = field(default_factory=style.Lists)
    about: tuple[str, str] = guide.ABOUT

    @property
    def filled(self) -> bool:
        """True when it holds clients; then it needs no example rows."""
        return bool(self.standing) or any(table.rows for table in self.tables if not table.shared)

    def place(self, table: Table) -> Standing:
        """Return where the table stands: as in somebody's workbook, what that lacks behind what it has."""
        known = self.standing.get(table.sheet) or Standing(table.sheet, HEADER_ROW, {}, 1)
        new = (item.path for item in table.columns if item.path not in known.columns)
        return replace(
            known, columns={**known.columns, **{path: number for number, path in enumerate(new, known.free)}}
        )

    def new(self, table: Table) -> tuple[Field, ...]:
        """Return the columns that are to be written."""
        known = self.standing.get(table.sheet)
        return tuple(item for item in table.columns if known is None or item.path not in known.columns)

    def exemplified(self, table: Table) -> bool:
        """Tell whether an example row stands on the sheet; not where one row serves the whole workbook."""
        return not self.filled and not table.rows and not self.single(table)

    def single(self, table: Table) -> bool:
        """Tell whether the sheet holds one row for the whole workbook."""
        sections = self.form.definitions.sections
        return table.shared and not any(sections[item.section].repeats for item in table.columns)


def _kept(table: Table, form: Form, standing: Standing | None) -> Table:
    """Return the table with the columns that are asked or there already; without any where there is nothing."""
    answered = {path for row in table.rows for path in row if path != CLIENT_ID}
    answered |= standing.columns.keys() if standing else set()
    own = [item for item in table.columns if item.sheet == table.sheet]
    kept = {item.path for item in own if form.asks(item) or item.path in answered}
    if not kept:
        return Table(table.sheet, (), (), table.shared)
    kept.add(CLIENT_ID)
    return Table(table.sheet, tuple(item for item in table.columns if item.path in kept), table.rows, table.shared)


# --- one sheet -----------------------------------------------------------------------------------------------------


def _sheet(work: _Work, table: Table) -> None:
    """Write one sheet: all of it, or of one that stands already the columns that it lacks."""
    place, columns = work.place(table), work.new(table)
    sheet = work.book.create_sheet(place.title)
    _headers(sheet, table, columns, place, work.form)
    for item in columns:
        _column(work, sheet, table, item, place)
    _colour_blanks(work, sheet, table)
    if table.sheet in work.standing:
        return
    for row_number, row in enumerate(table.rows, FIRST_ROW):
        for number, item in enumerate(table.columns, 1):
            target = style.at(sheet, row_number, number)
            style.put(target, row.get(item.path), item)
            target.font, target.alignment = ink(), WRAP
        _room(sheet, row_number, table)
    if work.exemplified(table):
        _example_row(sheet, table, work.form)
    sheet.freeze_panes = "A3" if work.single(table) else "B3"
    sheet.sheet_view.zoomScale = 100
    total = sum(_width(table, item) for item in table.columns)
    style.page(sheet, landscape=True, header=f"1:{HEADER_ROW}", wide=math.ceil(total / _A_PAGE))
    if not work.single(table):
        sheet.print_title_cols = "A:A"


def _headers(sheet: Worksheet, table: Table, columns: Sequence[Field], place: Standing, form: Form) -> None:
    """Write header and question of each column; no question where the header stands in the first row."""
    tallest = 2.0
    for number, item in enumerate(columns):
        need, chars = form.need(item), _width(table, item)
        if item.path == CLIENT_ID and item.sheet != table.sheet:
            need = asked.Need("required", "Required")
        column = place.columns[item.path]
        header = style.at(sheet, place.header, column)
        style.write(header, item.label + STARS[need.mark])
        header.font = ink(bold=True, color="FFFFFF" if need.mark == "required" else INK)
        header.fill, header.border = fill(FILLS[need.mark]), BOX
        header.alignment = Alignment(wrap_text=True, vertical="center")
        if place.header == 1:
            continue
        question, words = style.at(sheet, place.header - 1, column), _question(item, table, form)
        part = _part(table, columns, number, form)
        question.value = style.rich(
            (f"{part}\n" if part else "", 11, INK, True),
            (need.words, 9, NAVY, True),
            (f"\n{words}" if words else "", 9, QUIET, False),
        )
        question.font = ink(9, QUIET)  # for programs that know one font a cell
        question.fill, question.border = fill(style.PAPER), BOX
        question.alignment = Alignment(wrap_text=True, vertical="bottom")
        tallest = max(tallest, style.lines(f"{need.words}\n{words}", chars * 1.08) + bool(part) * 1.3)
    if place.header > 1:
        sheet.row_dimensions[place.header - 1].height = min(12 * tallest + 6, 220)
    tall = max(style.lines(item.label + " **", _width(table, item) * 0.9) for item in columns)
    sheet.row_dimensions[place.header].height = 13.5 * tall + 8


def _part(table: Table, columns: Sequence[Field], number: int, form: Form) -> str:
    """Return the title of the section that begins with the column, on sheets that hold several."""
    own = [item.section for item in table.columns if item.path != CLIENT_ID or item.sheet == table.sheet]
    item = columns[number]
    if len(set(own)) == 1 or (number and columns[number - 1].section == item.section) or item.section not in own:
        return ""
    return form.definitions.sections[item.section].title


def _width(table: Table, item: Field) -> float:
    return 14 if item.path == CLIENT_ID and item.sheet != table.sheet else style.width(item)


def _question(item: Field, table: Table, form: Form) -> str:
    if item.path == CLIENT_ID and item.sheet != table.sheet:
        return f"Whose row is it? As on {item.sheet}." if item.sheet else "Whose row is it?"
    return form.question(item)


def _column(work: _Work, sheet: Worksheet, table: Table, item: Field, place: Standing) -> None:
    letter = get_column_letter(place.columns[item.path])
    column = sheet.column_dimensions[letter]
    column.width = _width(table, item)
    column.number_format = style.FORMATS.get(item.kind, "@")
    column.alignment, column.font = WRAP, ink()
    asked_as = replace(item, prompt=work.form.question(item))
    rule = style.validation(asked_as, work.lists, _ids(work, table, item))
    rule.add(f"{letter}{place.first}:{letter}{LAST_ROW}")
    sheet.add_data_validation(rule)


def _example_row(sheet: Worksheet, table: Table, form: Form) -> None:
    for number, item in enumerate(table.columns, 1):
        target = style.at(sheet, FIRST_ROW, number)
        section = form.definitions.sections[item.section]
        marks_row = item.path == CLIENT_ID or (table.shared and item.name == section.key)
        style.put(target, EXAMPLE if marks_row else style.example(form.shown(item)), item)
        target.font, target.alignment = ink(color=QUIET, italic=True), WRAP
    _room(sheet, FIRST_ROW, table)


def _room(sheet: Worksheet, row: int, table: Table) -> None:
    texts = (str(sheet.cell(row, number).value or "") for number in range(1, len(table.columns) + 1))
    widths = (_width(table, item) for item in table.columns)
    style.roomy(sheet, row, style.height(zip(texts, widths, strict=True)))


def _colour_blanks(work: _Work, sheet: Worksheet, table: Table) -> None:
    """Colour required cells that are still blank, in rows that have been begun."""
    place = work.place(table)
    letters = {path: get_column_letter(number) for path, number in place.columns.items()}
    first = place.first
    begun = f"ROW()={first}"
    if not work.single(table):
        key = f"${letters[table.columns[0].path]}{first}"
        begun = f'AND({key}<>"",{key}<>"{EXAMPLE}")'
    for item in work.new(table):
        if not work.form.of_all(item) or item.one_row:
            continue
        blank = [item.path, *([item.unless] if item.unless in letters else [])]
        if item.unless and len(blank) == 1:
            continue
        tests = ",".join(f"LEN(TRIM(${letters[path]}{first}))=0" for path in blank)
        cells = f"{letters[item.path]}{first}:{letters[item.path]}{LAST_ROW}"
        sheet.conditional_formatting.add(cells, style.when(f"AND({begun},{tests})", YELLOW))


# --- ids to pick from ----------------------------------------------------------------------------------------------


def _ids(work: _Work, table: Table, item: Field) -> str:
    """Return the name of the list of ids that the column picks from, or an empty text."""
    sheets = [other.sheet for other in work.tables]
    if item.path == CLIENT_ID:
        return style.ids_name(item.section) if item.sheet != table.sheet and item.sheet in sheets else ""
    target = work.form.definitions.sections.get(item.refers)
    if item.kind != "ref" or target is None or target.scope != "workbook" or target.sheet not in sheets:
        return ""
    return style.ids_name(item.refers)


def _id_lists(work: _Work) -> None:
    for table in work.tables:
        place = work.place(table)
        for item in table.columns:
            section = work.form.definitions.sections.get(item.section)
            home = item.path == CLIENT_ID and item.sheet == table.sheet
            if home or (section and section.scope == "workbook" and section.key == item.name):
                letter, first = get_column_letter(place.columns[item.path]), place.first + work.exemplified(table)
                style.add_ids(work.book, style.ids_name(item.section), place.title, letter, first)
