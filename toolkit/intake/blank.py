"""The workbooks we hand out: one row a client for the office, or one client a file for a clinician."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from openpyxl import Workbook
from openpyxl.styles import Alignment
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.worksheet import Worksheet

from toolkit import excel
from toolkit.intake import asked, export, style
from toolkit.intake.asked import Form
from toolkit.intake.assemble import EXAMPLE, RawRow
from toolkit.intake.export import Table
from toolkit.intake.questions import one_client
from toolkit.intake.style import BOX, FILLS, INK, LAST_ROW, NAVY, QUIET, STARS, WRAP, YELLOW, fill, ink
from toolkit.model import CLIENT_ID, Definitions, Field, Record, Section

__all__ = ["Additions", "Standing", "additions", "of_rows", "one_client", "workbook"]

GUIDE = "Start here"
"""The first sheet: what to do."""
HEADER_ROW, FIRST_ROW = 2, 3
"""On each sheet the questions stand in row 1, the column headers in row 2, answers from row 3."""
_A_PAGE = 250
"""Characters across a printed page that can still be read."""


@dataclass(frozen=True, slots=True)
class Standing:
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


@dataclass(frozen=True, slots=True)
class Additions:
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
    rows: Iterable[RawRow], definitions: Definitions, *, documents: Sequence[str], level: str = "OP", full: bool = False
) -> bytes:
    """Return a workbook as `workbook` does, filled with what stands in ``rows``, also where it cannot be read.

    A column that stood there is there again, filled or not.
    """
    form = asked.form(definitions, documents, level, full, several=True)
    return _packed(_work(export.raw_tables(definitions, rows), form, {}))


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
    _guide(work)
    for table in work.tables:
        if work.new(table):
            _sheet(work, table)
    _id_lists(work)
    work.lists.add_to(work.book)
    return excel.pack(work.book, f"{work.form.title}: workbook")


@dataclass(frozen=True)
class _Work:
    """A workbook in the making."""

    book: Workbook
    form: Form
    tables: tuple[Table, ...]
    standing: Mapping[str, Standing]
    lists: style.Lists = field(default_factory=style.Lists)

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


# --- the first sheet -----------------------------------------------------------------------------------------------


def _guide(work: _Work) -> None:
    form, tables, sheet = work.form, work.tables, work.book.active
    assert isinstance(sheet, Worksheet)  # noqa: S101 - a new workbook has one
    sheet.title = GUIDE
    sheet.sheet_view.showGridLines = False
    sheet.sheet_properties.tabColor = NAVY
    for letter, wide in {"A": 2, "B": 24, "C": 44, "D": 26, "E": 24}.items():
        sheet.column_dimensions[letter].width = wide
    page = _Page(sheet)
    page.line(form.title, 20, bold=True)
    page.line(
        "Type the answers once, on the sheets of this workbook. plankit checks them and makes the Word documents,"
        " ready to sign. It runs on this computer and sends nothing anywhere.",
        color=QUIET,
    )
    if form.level_name:
        page.line(f"This workbook asks what is needed for this level of care: {form.level_name}.", color=QUIET)
    page.heading("Five steps")
    for number, (what, how) in enumerate(_steps(tables), 1):
        page.pair(f"{number}.  {what}", how)
    page.heading("What the colors mean")
    for words, look in _colours(work.filled):
        page.swatch(look, words)
    page.heading("The sheets, and who fills them")
    page.table(("Sheet", "What it holds", "One row for", "Who knows"), header=True)
    for table in tables:
        place = work.place(table)
        page.table(_about(table, form), link=f"{style.quoted(place.title)}!A{place.first}")
    page.heading("What happens next")
    page.pair("plankit check FILE", "Lists everything that is still missing, with sheet and cell. It changes nothing.")
    page.pair(
        "plankit make FILE -o OUT",
        "Makes the documents of every client who is complete, in the folder OUT. Whoever is not complete is held, and"
        " OUT/report.xlsx says why. Correct the cells and run it again: only what changed is made anew, and a document"
        " that somebody edited or signed is never overwritten.",
    )
    style.page(sheet, landscape=False)


def _steps(tables: Sequence[Table]) -> list[tuple[str, str]]:
    shared = [table.sheet for table in tables if table.shared]
    own = [table.sheet for table in tables if not table.shared]
    first, others = own[0] if own else "", own[1:]
    steps = []
    if shared:
        steps.append((" and ".join(shared), "Fill these once, for all clients. They stand until something changes."))
    if first:
        steps.append((
            first,
            "One row for each client. Give each a client id, such as the chart number. The id ties the sheets"
            " together.",
        ))  # fmt: skip
    if others:
        steps.append((
            "The other sheets",
            "From left to right. Begin each row with the client id. A client has one row on some sheets and several"
            " rows on others: the list below says which.",
        ))  # fmt: skip
    steps.append((
        "Answer",
        "The question stands above each column, and an example appears when you click a cell. Pick from the list where"
        " a small arrow shows. Dates are month/day/year. Press Alt+Enter for a new line inside a cell. Words such as"
        " n/a, tbd, pending or ? count as blank.",
    ))  # fmt: skip
    steps.append(("Save and check", "Save the workbook and run the two commands at the foot of this page."))
    return steps


def _colours(filled: bool) -> list[tuple[str, str]]:
    colours = [
        ("Required: a document is not ready to sign without it. The header ends in one star.", "required"),
        ("Required only in some cases, which the words above the header tell. Two stars.", "sometimes"),
        ("Optional. Leave it blank when there is nothing to say.", "optional"),
        ("A required cell that is still blank in a row that has been begun.", "blank"),
    ]
    if not filled:
        words = "An example row. It is never used: leave it, delete it, or type over all of it."
        colours.append((words, "example"))
    return colours


def _about(table: Table, form: Form) -> tuple[str, str, str, str]:
    sections = [form.definitions.sections[name] for name in dict.fromkeys(item.section for item in table.columns)]
    if not table.shared and len(sections) > 1:
        sections = [section for section in sections if section.sheet == table.sheet] or sections
    holds = ", ".join(section.title for section in sections)
    row = next((f"each {_singular(section)}" for section in sections if section.repeats), "")
    own = [item for item in table.columns if item.path != CLIENT_ID or item.sheet == table.sheet]
    people = dict.fromkeys(item.asked_of for item in own)
    owners = {section.pack for section in sections} & set(form.definitions.populations)
    only = f" ({', '.join(form.definitions.titles[name] for name in sorted(owners))} only)" if owners else ""
    one = row or ("the clinic" if table.shared else f"each client{only}")
    return table.sheet, holds, one, ", ".join(people).capitalize()


def _singular(section: Section) -> str:
    word = section.singular.removeprefix("one_") or section.title.lower().removesuffix("s")
    return word.replace("_", " ")


@dataclass
class _Page:
    """Writes the first sheet from the top down."""

    sheet: Worksheet
    row: int = 1
    wide: float = 112

    def line(self, text: str, size: float = 10, color: str = INK, bold: bool = False) -> None:
        """Write one paragraph across the page."""
        self._across("B", text, size, color, bold, self.wide * 10 / size)

    def heading(self, text: str) -> None:
        """Write a heading with room above it."""
        self.row += 1
        self.line(text, 13, NAVY, bold=True)

    def pair(self, left: str, right: str) -> None:
        """Write a term and what it means."""
        style.write(target := style.at(self.sheet, self.row, 2), left)
        target.font, target.alignment = ink(bold=True), Alignment(vertical="center")
        self._across("C", right, 10, INK, False, 86)

    def swatch(self, look: str, words: str) -> None:
        """Write one line of the legend."""
        target = style.at(self.sheet, self.row, 2)
        target.border, target.alignment = BOX, Alignment(vertical="center")
        if look in FILLS:
            mark = next(name for name in FILLS if name == look)
            style.write(target, f"Header{STARS[mark]}")
            target.font = ink(bold=True, color="FFFFFF" if mark == "required" else INK)
            target.fill = fill(FILLS[mark])
        elif look == "blank":
            target.fill = fill(YELLOW)
        else:
            style.write(target, EXAMPLE)
            target.font = ink(color=QUIET, italic=True)
        self._across("C", words, 10, INK, False, 86)

    def table(self, cells: Sequence[str], header: bool = False, link: str = "") -> None:
        """Write one row of the list of sheets."""
        for number, text in enumerate(cells, 2):
            target = style.at(self.sheet, self.row, number)
            style.write(target, text)
            target.font, target.border = ink(bold=header), BOX
            target.alignment = Alignment(wrap_text=True, vertical="center")
            if header:
                target.fill = fill(FILLS["optional"])
        if link:
            target = style.at(self.sheet, self.row, 2)
            target.hyperlink = Hyperlink(ref=target.coordinate, location=link)
            target.font = ink(color="0B5CAD")
        widths = (24, 44, 26, 24)
        self._height(max(style.lines(text, wide * 1.0) for text, wide in zip(cells, widths, strict=True)))

    def _across(self, letter: str, text: str, size: float, color: str, bold: bool, chars: float) -> None:
        style.write(target := style.at(self.sheet, self.row, 2 if letter == "B" else 3), text)
        target.font, target.alignment = ink(size, color, bold), Alignment(wrap_text=True, vertical="center")
        if letter == "C":
            target.alignment = Alignment(wrap_text=True, vertical="center", horizontal="left", indent=1)
        self.sheet.merge_cells(f"{letter}{self.row}:E{self.row}")
        self._height(style.lines(text, chars), size)

    def _height(self, count: int, size: float = 10) -> None:
        self.sheet.row_dimensions[self.row].height = count * size * 1.32 + 7
        self.row += 1
