"""One client a file: a sheet of questions from top to bottom, each with its answer beside it, for clinicians."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from msgspec import Struct, field
from msgspec.structs import replace
from openpyxl import Workbook
from openpyxl.styles import Alignment
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from toolkit import excel
from toolkit.intake import asked, style
from toolkit.intake.one_client import ANSWER, QUESTION, Block, heading, hidden_key, parent_key, path_of, standard_id
from toolkit.intake.style import BOX, FILLS, INK, NAVY, PAPER, QUIET, STARS, YELLOW, fill, ink
from toolkit.model import Definitions, Field, Record, Row, Section

SHEET, SHARED_SHEET = "Questions", "Clinic and staff"
ROOM: Mapping[str, int] = {"staff": 3, "goals": 3, "objectives": 2, "interventions": 4, "review": 1, "progress": 6}
"""How many blocks of a repeating section there is room for; three where nothing is said."""
_PATH, _QUESTION, _ANSWER, _EXAMPLE = 1, 2, 3, 4
_HEADER_ROW = 3
_WIDTHS = {"A": 3.0, "B": 46.0, "C": 62.0, "D": 52.0}


class _Part(Struct, frozen=True):
    """A heading with its questions: a single section, or one block of a repeating one."""

    block: Block
    section: Section
    title: str
    fields: tuple[Field, ...]
    row: Row | None
    begun: bool
    """True when its blanks are coloured from the start; else once something in it is answered."""


def one_client(
    definitions: Definitions,
    *,
    documents: Sequence[str] = ("treatment_plan",),
    level: str = "OP",
    full: bool = False,
    record: Record | None = None,
    room: Mapping[str, int] = ROOM,
) -> bytes:
    """Return an Excel workbook that asks about one client, question by question, filled from ``record``.

    ``room`` says how many blocks each repeating section has; a record with more gets as many as it needs. The same
    input gives the same bytes. Raises WriteError when a text is longer than an Excel cell may be.
    """
    form = asked.form(definitions, documents, level, full)
    layout = _Layout(form, record, room)
    book, lists = Workbook(), style.Lists()
    first = book.active
    assert isinstance(first, Worksheet)  # noqa: S101 - a new workbook has one
    first.title = SHEET
    _Sheet(first, form, lists).write(f"{form.title}: one client", _HOW, layout.parts("client"))
    shared = list(layout.parts("workbook"))
    if shared:
        _Sheet(book.create_sheet(SHARED_SHEET), form, lists).write("The clinic and its staff", _HOW_SHARED, shared)
    lists.add_to(book)
    return excel.pack(book, f"{form.title}: one client")


_HOW = (
    "Type in the white boxes only. * must be answered, ** only in some cases, as the words below the question say."
    " A yellow box still needs an answer. Leave blank the blocks that you do not need, such as a third goal."
    f" Fill in the sheet «{SHARED_SHEET}» too. Then save, and run:  plankit check FILE  and  plankit make FILE,"
    " where FILE is the name under which you saved it."
)
_HOW_SHARED = "The same for every client: fill it in once and keep a copy for the next one."


# --- what is asked, in order ---------------------------------------------------------------------------------------


class _Layout(Struct, frozen=True):
    """The parts of the sheets, from top to bottom."""

    form: asked.Form
    record: Record | None
    room: Mapping[str, int]

    def parts(self, scope: str) -> Iterator[_Part]:
        """Give the parts of the client's sheet, or of the clinic's."""
        for section in self.form.definitions.sections.values():
            if section.scope == scope and not self._nests(section):
                yield from self._section(section, (), None, True)

    def _nests(self, section: Section) -> bool:
        above = self.form.definitions.sections.get(section.parent)
        return above is not None and above.repeats and bool(self._asked(above))

    def _asked(self, section: Section) -> tuple[Field, ...]:
        answered = {name for row in self._rows(section) for name in row.values}
        return tuple(
            item for item in section.fields if not item.derived and (self.form.asks(item) or item.name in answered)
        )

    def _rows(self, section: Section) -> tuple[Row, ...]:
        return self.record.all(section.name) if self.record else ()

    def _section(self, section: Section, above: Block, parent: Row | None, begun: bool) -> Iterator[_Part]:
        fields = self._asked(section)
        if not fields:
            return
        rows = self._below(section, parent) if above else self._rows(section)
        if not section.repeats:
            block = (*above, (section.name, 0))
            yield _Part(block, section, section.title, fields, rows[0] if rows else None, True)
            return
        needed = bool(set(section.at_least_one) & set(self.form.documents)) or section.scope == "workbook"
        fields = self._without_ids(section, fields, rows)
        for number in range(1, max(self.room.get(section.name, 3), len(rows)) + 1):
            block = (*above, (section.name, number))
            row = rows[number - 1] if number <= len(rows) else None
            first = begun and needed and number == 1
            yield _Part(block, section, heading(block, section), fields, row, first)
            for child in self.form.definitions.children(section.name):
                yield from self._section(child, block, row or Row(section, {}), first)

    def _below(self, section: Section, parent: Row | None) -> tuple[Row, ...]:
        if parent is None or not parent.values:
            return ()
        own = parent.get(parent_key(parent.section, section))
        return tuple(row for row in self._rows(section) if row.get(section.parent_field) == own)

    def _without_ids(self, section: Section, fields: tuple[Field, ...], rows: Sequence[Row]) -> tuple[Field, ...]:
        """Leave out what the blocks themselves say: the parent, and the row's id where it is the usual one."""
        hidden = {section.parent_field} if self._nests(section) else set()
        if hidden_key(section) and all(self._usual(row, number, section) for number, row in enumerate(rows, 1)):
            hidden.add(section.key)
        return tuple(item for item in fields if item.name not in hidden)

    def _usual(self, row: Row, number: int, section: Section) -> bool:
        above = str(row.get(section.parent_field) or "") if self._nests(section) else ""
        return bool(row.get(section.key) == standard_id(number, above))


# --- the sheet -----------------------------------------------------------------------------------------------------


class _Sheet(Struct):
    """Writes one sheet of questions from the top down."""

    sheet: Worksheet
    form: asked.Form
    lists: style.Lists
    row: int = _HEADER_ROW + 1
    rules: dict[str, DataValidation] = field(default_factory=dict)
    singles: dict[str, str] = field(default_factory=dict)

    def write(self, title: str, how: str, parts: Iterable[_Part]) -> None:
        """Write the whole sheet."""
        self._top(title, how)
        for part in parts:
            self._part(part)
        for rule in self.rules.values():
            self.sheet.add_data_validation(rule)
        self.sheet.freeze_panes = f"A{_HEADER_ROW + 1}"
        self.sheet.sheet_view.showGridLines = False
        style.page(self.sheet, landscape=False, header=f"{_HEADER_ROW}:{_HEADER_ROW}")

    def _top(self, title: str, how: str) -> None:
        for letter, wide in _WIDTHS.items():
            self.sheet.column_dimensions[letter].width = wide
        self.sheet.column_dimensions["A"].hidden = True
        self._across(1, title, 18, INK, True, 30)
        self._across(2, how, 10, QUIET, False, style.lines(how, 150) * 13.5 + 8)
        for column, text in ((_QUESTION, QUESTION), (_ANSWER, ANSWER), (_EXAMPLE, "Example, and why it is asked")):
            target = style.at(self.sheet, _HEADER_ROW, column)
            style.write(target, text)
            target.font, target.fill, target.border = ink(bold=True), fill(FILLS["optional"]), BOX
            target.alignment = Alignment(vertical="center", horizontal="left", indent=1)
        self.sheet.row_dimensions[_HEADER_ROW].height = 20

    def _across(self, row: int, text: str, size: float, color: str, bold: bool, height: float) -> None:
        style.write(target := style.at(self.sheet, row, _QUESTION), text)
        target.font = ink(size, color, bold)
        target.alignment = Alignment(wrap_text=True, vertical="center")
        self.sheet.merge_cells(start_row=row, end_row=row, start_column=_QUESTION, end_column=_EXAMPLE)
        self.sheet.row_dimensions[row].height = height

    def _part(self, part: _Part) -> None:
        self._heading(part)
        first, last = self.row, self.row + len(part.fields) - 1
        cells = {item.path: f"$C${self.row + number}" for number, item in enumerate(part.fields)}
        self.singles.update(cells if not part.section.repeats else {})
        for item in part.fields:
            self._question(part, item)
            self._blank(item, {**self.singles, **cells}, "" if part.begun else f"COUNTA($C${first}:$C${last})>0")
            self.row += 1

    def _heading(self, part: _Part) -> None:
        nested = len(part.block) > 1
        style.write(style.at(self.sheet, self.row, _PATH), path_of(part.block))
        for column in (_QUESTION, _ANSWER, _EXAMPLE):
            target = style.at(self.sheet, self.row, column)
            target.fill = fill(FILLS["sometimes" if nested else "required"])
        title = style.at(self.sheet, self.row, _QUESTION)
        style.write(title, part.title)
        title.font = ink(11 if nested else 13, NAVY if nested else "FFFFFF", bold=True)
        title.alignment = Alignment(vertical="center", horizontal="left", indent=1)
        self.sheet.row_dimensions[self.row].height = 20 if nested else 26
        self.row += 1

    def _question(self, part: _Part, item: Field) -> None:
        need = self.form.need(item)
        asked_for = self.form.question(item)
        needed = "" if need.words in ("Required", "Optional") else need.words
        style.write(style.at(self.sheet, self.row, _PATH), path_of(part.block, item.name))
        question, answer, shown = (style.at(self.sheet, self.row, column) for column in (_QUESTION, _ANSWER, _EXAMPLE))
        question.value = style.rich(
            (item.label + STARS[need.mark], 10, INK, True),
            (f"\n{asked_for}" if asked_for else "", 10, INK, False),
            (f"\n{needed}" if needed else "", 9, NAVY, False),
        )
        example = style.example_text(self.form.shown(item))
        shown.value = style.rich(
            (f"For example: {example}" if example else "", 9, INK, False),
            (f"{chr(10) if example else ''}{item.why}" if item.why else "", 9, QUIET, False),
        )
        question.font, shown.font = ink(), ink(9, QUIET)  # for programs that know one font a cell
        for target in (question, shown):
            target.fill, target.border = fill(PAPER), BOX
            target.alignment = Alignment(wrap_text=True, vertical="top", horizontal="left", indent=1)
        self._answer(part, item)
        texts = (str(question.value), 50.0), (str(shown.value), 62.0), (str(answer.value or ""), 66.0)
        least = {"long": 46, "lines": 46}.get(item.kind, 20)
        style.roomy(self.sheet, self.row, max(least, style.height(texts) + 3))

    def _answer(self, part: _Part, item: Field) -> None:
        answer = style.at(self.sheet, self.row, _ANSWER)
        answer.number_format = style.FORMATS.get(item.kind, "@")
        style.put(answer, part.row.get(item.name) if part.row else None, item)
        answer.font, answer.alignment, answer.border = ink(), style.WRAP, BOX
        rule = self.rules.get(item.path)
        if rule is None:
            shown = replace(item, refers="", prompt=self.form.question(item))
            rule = self.rules[item.path] = style.validation(shown, self.lists)
        rule.add(answer.coordinate)

    def _blank(self, item: Field, cells: Mapping[str, str], begun: str) -> None:
        if not set(item.required) & set(self.form.documents) or item.one_row:
            return
        blank = [cells[item.path], *([cells[item.unless]] if item.unless in cells else [])]
        if item.unless and len(blank) == 1:
            return
        tests = [begun] if begun else []
        tests += [f"LEN(TRIM({cell}))=0" for cell in blank]
        cell = f"C{self.row}"
        self.sheet.conditional_formatting.add(cell, style.when(f"AND({','.join(tests)})", YELLOW))
