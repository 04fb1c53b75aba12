"""Sheets as people filled them become rows: finds the header row and matches sheets and columns by name.

Workbooks and CSV folders meet here as `Grid`; from here on nobody knows which of the two it was.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from typing import NamedTuple

from msgspec import Struct, field

from toolkit import kinds, marks, text
from toolkit.intake.assemble import RawRow
from toolkit.kinds import Raw
from toolkit.model import CLIENT_ID, Definitions, Fact, Field, Origin, Place

HELP_SHEETS = ("Start here", "Lists")
"""Sheets of our own workbooks that hold no answers."""
_HEADER_WITHIN = 20
_CLOSE = 0.8
_SHORT = 4
_BETWEEN_WORDS = re.compile(r"[\W_]+")


class Merged(NamedTuple):
    """A block of merged cells, rows and columns counted from 0, both ends included."""

    top: int
    left: int
    bottom: int
    right: int


class Grid(Struct, frozen=True):
    """One sheet: what each cell shows, from row 1 and column A on, and what a reader met in cells.

    Cells are named by (row, column), counted from 0. ``errors`` holds what error cells show (``#N/A``), ``uncached``
    the formulas without a result, ``hidden`` the hidden and filtered rows; ``hidden_itself`` tells that the sheet is.
    """

    name: str
    rows: Sequence[Sequence[Raw]]
    file: int = 0
    errors: Mapping[tuple[int, int], str] = field(default_factory=dict)
    uncached: frozenset[tuple[int, int]] = frozenset()
    merged: tuple[Merged, ...] = ()
    hidden: tuple[int, ...] = ()
    hidden_columns: tuple[range, ...] = ()
    hidden_itself: bool = False

    def place(self, row: int, column: int) -> Place:
        """Return the place of a cell."""
        return Place(self.name, f"{letters(column)}{row + 1}", file=self.file)


def read(grids: Iterable[Grid], definitions: Definitions) -> tuple[list[RawRow], list[Fact]]:
    """Return the rows of ``grids`` under the names of ``definitions``, and the facts that stand outside rows."""
    facts: list[Fact] = []
    rows: list[RawRow] = []
    matched = _match_sheets(list(grids), definitions, facts)
    wanted = _wanted(matched, definitions)
    for sheet, grid in matched.items():
        rows += _read_sheet(grid, sheet, definitions, wanted, facts)
    facts += _missing_sheets(matched, definitions, wanted)
    return rows, facts


def sheets(grids: Iterable[Grid], definitions: Definitions) -> frozenset[str]:
    """Return which sheets are among ``grids``, by their name in ``definitions``."""
    return frozenset(_match_sheets(list(grids), definitions, []))


class Found(NamedTuple):
    """A sheet as it was recognised: the row of its headers, None where it is blank, and the path of each column.

    Rows and columns are counted from 0.
    """

    grid: Grid
    header: int | None
    columns: Mapping[int, str]


def recognised(grids: Iterable[Grid], definitions: Definitions) -> dict[str, Found]:
    """Return the sheets among ``grids`` that `read` reads, by their name in ``definitions``."""
    found = {}
    for sheet, grid in _match_sheets(list(grids), definitions, []).items():
        fields = _fields(sheet, definitions)
        header = _header_row(grid, fields)
        columns = {} if header is None else _match_columns(grid, header, fields, [])
        found[sheet] = Found(grid, header, columns)
    return found


def letters(column: int) -> str:
    """Return the letters of a column counted from 0: ``A``, ``Z``, ``AA``."""
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(ord("A") + rest) + name
    return name


def header_key(name: str) -> str:
    """Return the form in which headers and sheet names are compared: any case, spacing, punctuation, required mark."""
    plain = unicodedata.normalize("NFKC", text.visible(name)).casefold().replace("(required)", " ")
    return _BETWEEN_WORDS.sub(" ", plain).strip()


def holds_no_answers(grid: Grid) -> bool:
    """Tell whether a sheet is one of our own: instructions, drop-downs (also ``Lists 2``), or a marked copy's list."""
    return re.sub(r" \d+$", "", header_key(grid.name)) in map(header_key, HELP_SHEETS) or is_list(grid)


def is_list(grid: Grid) -> bool:
    """Tell whether a sheet is the list of a marked copy, whatever it is called."""
    return any(tuple(row[: len(marks.HEADER)]) == marks.HEADER for row in grid.rows[:_HEADER_WITHIN])


def is_blank(cell: Raw) -> bool:
    """Tell whether a cell holds nothing to see."""
    if not isinstance(cell, str) or "!" <= cell < "\x7f":  # begins with a sign that is seen
        return cell is None
    return not cell or (not text.canonical(cell) and not text.forbidden(cell))


# --- names ---------------------------------------------------------------------------------------------------------


def _likeness(one: str, other: str) -> float:
    """Return how like two names are, from 0 to 1; 0 when they are too far apart to be meant for each other."""
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    # One wrong letter always counts as like, also in a name of three.
    enough = min(_CLOSE, 1 - 1.01 / max(len(one), len(other), 1))
    return ratio if matcher.quick_ratio() >= enough and (ratio := matcher.ratio()) >= enough else 0.0


def _closest(typed: Mapping[int, str], wanted: Mapping[str, str]) -> dict[int, str]:
    """Pair each typed name with what it misspells: ``wanted`` gives what a name stands for; the most alike go first."""
    keys = {header_key(name): meant for name, meant in wanted.items()}
    pairs = (
        (_likeness(header_key(name), key), -number, meant)
        for number, name in typed.items()
        for key, meant in keys.items()
    )
    found: dict[int, str] = {}
    for likeness, number, meant in sorted(pairs, reverse=True):
        if likeness and -number not in found and meant not in found.values():
            found[-number] = meant
    return found


def _show(typed: str, nearest: str = "") -> dict[str, str]:
    return {"typed": typed, "nearest": nearest} if nearest else {"typed": typed}


# --- sheets --------------------------------------------------------------------------------------------------------


def _match_sheets(grids: Sequence[Grid], definitions: Definitions, facts: list[Fact]) -> dict[str, Grid]:
    """Return the grids by the sheet that each one is, in the order of ``definitions``."""
    by_key = {header_key(name): name for name in definitions.sheets}
    found: dict[str, Grid] = {}
    others: dict[int, Grid] = {}
    for number, grid in enumerate(grids):
        sheet = by_key.get(header_key(grid.name), "")
        if sheet and sheet not in found:
            found[sheet] = grid
        elif not holds_no_answers(grid) and _filled_rows(grid):
            others[number] = grid
    free = {name: name for name in definitions.sheets if name not in found}
    misspelt = _closest({number: grid.name for number, grid in others.items()}, free)
    for number, grid in others.items():
        place = Place(grid.name, file=grid.file)
        if number in misspelt:
            sheet = misspelt[number]
            found[sheet] = grid
            facts.append(Fact("misspelt_sheet", place, sheet, show=_show(grid.name, sheet)))
        else:
            facts.append(
                Fact("unknown_sheet", place, show=_show(grid.name, text.nearest(grid.name, definitions.sheets)))
            )
    return {name: found[name] for name in definitions.sheets if name in found}


def _filled_rows(grid: Grid) -> bool:
    return bool(grid.errors or grid.uncached) or any(not is_blank(cell) for row in grid.rows for cell in row)


def _wanted(found: Iterable[str], definitions: Definitions) -> set[str]:
    """Return the documents whose date has a sheet among those ``found``; where there is none, the first document."""
    documents = definitions.dated.values()
    dated = {item.name: definitions.fields[item.date].sheet for item in documents if item.date in definitions.fields}
    return {name for name, sheet in dated.items() if sheet in set(found)} or set(list(dated)[:1])


def _missing_sheets(found: Mapping[str, Grid], definitions: Definitions, wanted: set[str]) -> Iterator[Fact]:
    """Yield a fact for each sheet that is not there and without which no wanted document can be signed."""
    for sheet, fields in definitions.sheets.items():
        if sheet not in found and any(_needs_row(item, definitions, wanted) for item in fields):
            yield Fact("missing_sheet", Place(sheet), sheet, show={"expected": sheet})


def _needs_row(item: Field, definitions: Definitions, wanted: set[str]) -> bool:
    section = definitions.sections[item.section]
    may_be_empty = section.repeats and section.scope == "client" and not wanted & set(section.at_least_one)
    return not may_be_empty and _needs_column(item, wanted)


def _needs_column(item: Field, wanted: set[str]) -> bool:
    always_asked = not (item.asked_when or item.unless or item.default or item.full)
    return bool(wanted & set(item.required)) and always_asked


# --- columns -------------------------------------------------------------------------------------------------------


def _read_sheet(grid: Grid, sheet: str, definitions: Definitions, wanted: set[str], facts: list[Fact]) -> list[RawRow]:
    fields = _fields(sheet, definitions)
    header = _header_row(grid, fields)
    if header is None:
        return []
    columns = _match_columns(grid, header, fields, facts)
    rows = list(_rows(grid, sheet, header, columns, facts))
    facts += _hidden(grid, header, columns, rows)
    if rows:
        absent = [item for item in fields if item.path not in columns.values()]
        missing = [item for item in absent if item.path == CLIENT_ID or _needs_column(item, wanted)]
        place = Origin(grid.name, header + 1, file=grid.file).place()
        facts += (Fact("missing_column", place, item.path, show={"expected": item.label}) for item in missing)
    return rows


def _fields(sheet: str, definitions: Definitions) -> tuple[Field, ...]:
    """Return the columns that the sheet may have, ``client.id`` among them on every client sheet."""
    fields = definitions.sheets[sheet]
    of_workbook = any(definitions.sections[item.section].scope == "workbook" for item in fields)
    if of_workbook or any(item.path == CLIENT_ID for item in fields):
        return fields
    known = definitions.fields.get(CLIENT_ID)
    return (known or Field("client", "id", "Client id", "code", sheet, 0), *fields)


def _names(fields: Iterable[Field]) -> dict[str, Field]:
    """Return the fields by every name that a header may bear: the label, then other names, then the path."""
    fields = tuple(fields)
    found = {header_key(item.label): item for item in fields}
    for item in fields:
        for name in (*map(header_key, item.aliases), item.path):
            found.setdefault(name, item)
    return found


def _named(typed: str, names: Mapping[str, Field]) -> Field | None:
    return names.get(header_key(typed)) or names.get(typed.strip())


def _header_row(grid: Grid, fields: Sequence[Field]) -> int | None:
    """Return the row that most looks like a header: among the first few the one with most known labels.

    Where no label is right, the first row with a cell that is nearly one, else the first filled row; None when all
    rows are blank.
    """
    names = _names(fields)
    first = [(number, _texts(row)) for number, row in enumerate(grid.rows[:_HEADER_WITHIN])]
    counts = [(sum(_named(cell, names) is not None for cell in cells.values()), -number) for number, cells in first]
    most, number = max(counts, default=(0, 0))
    if most:
        return -number
    labels = {item.label: item.label for item in fields}
    near = (number for number, cells in first if _closest(cells, labels))
    filled = (number for number, row in enumerate(grid.rows) if _texts(row))
    return next(near, next(filled, None))


def _texts(row: Sequence[Raw]) -> dict[int, str]:
    return {
        column: found for column, cell in enumerate(row) if cell not in (None, "") and (found := kinds.as_text(cell))
    }


def _match_columns(grid: Grid, header: int, fields: Sequence[Field], facts: list[Fact]) -> dict[int, str]:
    """Return the path of each column whose header is known or nearly known; what is not right becomes a fact."""
    names = _names(fields)
    by_label = {item.label: item for item in fields}
    found: dict[int, str] = {}
    others: dict[int, str] = {}
    labels = {header_key(label) for label in by_label}
    typed_headers = _texts(grid.rows[header])
    for column in sorted(typed_headers, key=lambda column: header_key(typed_headers[column]) not in labels):
        typed = typed_headers[column]
        item = _named(typed, names)
        if item is None:
            others[column] = typed
        elif item.path in found.values():
            facts.append(Fact("double_column", grid.place(header, column), item.path, show=_show(typed)))
        else:
            found[column] = item.path
    free = [item for item in fields if item.path not in found.values()]
    # A short other name (Dx, Now) is like too many things to be guessed at.
    wanted = {alias: item.label for item in free for alias in item.aliases if len(alias) > _SHORT}
    misspelt = _closest(others, wanted | {item.label: item.label for item in free})
    for column, typed in others.items():
        place = grid.place(header, column)
        if column in misspelt:
            label = misspelt[column]
            found[column] = by_label[label].path
            facts.append(Fact("misspelt_column", place, found[column], show=_show(typed, label)))
        else:
            facts.append(Fact("unknown_column", place, show=_show(typed, text.nearest(typed, by_label))))
    return found


# --- rows ----------------------------------------------------------------------------------------------------------


def _rows(grid: Grid, sheet: str, header: int, columns: Mapping[int, str], facts: list[Fact]) -> Iterator[RawRow]:
    spread = _spread(grid, header, columns, facts)
    by_path = {path: letters(column) for column, path in columns.items()}
    used: set[int] = set()
    for number in range(header + 1, len(grid.rows)):
        row = grid.rows[number]
        width = len(row)
        values = {
            path: cell for column, path in columns.items() if column < width and not is_blank(cell := row[column])
        }
        met = tuple(_cell_facts(grid, number, columns)) if grid.errors or grid.uncached else ()
        if not values and not met:
            continue
        used.add(number)
        values.update(spread.get(number, {}))
        yield RawRow(sheet, values, Origin(grid.name, number + 1, by_path, file=grid.file), met)
    facts += _without_header(grid, header)
    if hidden := sorted(used & set(grid.hidden)):
        shown = ", ".join(str(number + 1) for number in hidden)
        place = Origin(grid.name, hidden[0] + 1, file=grid.file).place()
        facts.append(Fact("hidden_rows", place, show={"rows": shown}))


def _hidden(grid: Grid, header: int, columns: Mapping[int, str], rows: Sequence[RawRow]) -> Iterator[Fact]:
    """Yield a fact where the sheet, and one where columns with answers are hidden: they are read like all others."""
    if grid.hidden_itself and rows:
        yield Fact("hidden_sheet", Place(grid.name, file=grid.file))
    answered = {path for row in rows for path in row.values}
    used = [column for column in sorted(columns) if columns[column] in answered]
    hidden = [column for column in used if any(column in span for span in grid.hidden_columns)]
    if hidden:
        show = {"columns": ", ".join(map(letters, hidden))}
        yield Fact("hidden_columns", grid.place(header, hidden[0]), show=show)


def _cell_facts(grid: Grid, number: int, columns: Mapping[int, str]) -> Iterator[Fact]:
    for column, path in columns.items():
        cell = number, column
        if cell in grid.errors:
            yield Fact("error_cell", grid.place(*cell), path, show=_show(grid.errors[cell]))
        elif cell in grid.uncached:
            yield Fact("uncached_formula", grid.place(*cell), path)


def _spread(grid: Grid, header: int, columns: Mapping[int, str], facts: list[Fact]) -> dict[int, dict[str, Raw]]:
    """Return what merged cells add to the rows below their first one, by row and path; note that there are any."""
    spread: dict[int, dict[str, Raw]] = {}
    blocks = [block for block in grid.merged if block.top > header and block.left in columns]
    for block in blocks:
        value = grid.rows[block.top][block.left] if block.top < len(grid.rows) else None
        for number in range(block.top + 1, min(block.bottom + 1, len(grid.rows))):
            if not is_blank(value):
                spread.setdefault(number, {})[columns[block.left]] = value
    if blocks:
        cells = [f"{letters(block.left)}{block.top + 1}:{letters(block.right)}{block.bottom + 1}" for block in blocks]
        facts.append(Fact("merged_cells", Place(grid.name, cells[0], file=grid.file), show={"cells": ", ".join(cells)}))
    return spread


def _without_header(grid: Grid, header: int) -> Iterator[Fact]:
    """Yield a fact for the first value in each column that has no header."""
    headed = _texts(grid.rows[header])
    for column in range(max(map(len, grid.rows))):
        if column not in headed:
            below = (number for number, row in enumerate(grid.rows) if number > header and column < len(row))
            filled = next((number for number in below if not is_blank(grid.rows[number][column])), None)
            if filled is not None:
                yield Fact("value_without_header", grid.place(filled, column))
