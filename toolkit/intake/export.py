"""Records go back to tables of cells, as a workbook is written from them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from itertools import zip_longest
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from toolkit import kinds
from toolkit.intake.assemble import RawRow
from toolkit.kinds import Raw
from toolkit.model import CLIENT_ID, Chosen, Definitions, Field, Record, Section

Cell = str | int | float | date | time | timedelta | None
"""What a reader finds in a cell of a workbook that we write."""
FIRST_DAY = date(1900, 3, 1)
"""Excel knows no dates before 1900 and counts wrongly until this day: earlier ones are written as text."""


class Table(Struct, frozen=True):
    """One sheet: its typed columns, ``client.id`` first on client sheets, and its rows as values by path."""

    sheet: str
    columns: tuple[Field, ...]
    rows: tuple[Mapping[str, Any], ...]
    shared: bool
    """True when its rows belong to the whole workbook (clinic, staff)."""


def tables(definitions: Definitions, records: Iterable[Record] = ()) -> tuple[Table, ...]:
    """Return every sheet of ``definitions`` with the rows of ``records``, in the order in which they are filled in."""
    records = tuple(records)
    return tuple(_table(definitions, sheet, fields, records) for sheet, fields in definitions.sheets.items())


def cell(value: Any, item: Field) -> Cell:
    """Return what to write into a cell so that reading it gives ``value`` again: dates and numbers as themselves.

    A number that a cell would not keep as typed (4.50, or more digits than Excel holds) is given as text.
    """
    if isinstance(value, bool | Chosen):
        return kinds.show(value)
    if isinstance(value, int):
        return value if abs(value) < 10**15 else str(value)
    if isinstance(value, Decimal):
        return _number(value)
    if isinstance(value, datetime | time | timedelta):
        return value
    if isinstance(value, date):
        return value if value >= FIRST_DAY else kinds.show(value)
    return text(value, item) or None


def text(value: Any, item: Field) -> str:
    """Return ``value`` as it would be typed: dates as 07/27/2026, a choice's label, one line a line, ids ``1a, 1b``."""
    return ", ".join(value) if item.kind == "refs" and isinstance(value, tuple) else kinds.show(value)


def raw_tables(definitions: Definitions, rows: Iterable[RawRow]) -> tuple[Table, ...]:
    """Return every sheet of ``definitions`` with what stands in ``rows``, as it was typed, also where nothing reads it.

    A column that stood there is in each of its rows, filled or not.
    """
    by_sheet: dict[str, list[RawRow]] = {}
    for row in rows:
        by_sheet.setdefault(row.sheet, []).append(row)
    return tuple(
        replace(table, rows=tuple(_raw_rows(by_sheet.get(table.sheet, ()), table, definitions)))
        for table in tables(definitions)
    )


# --- tables --------------------------------------------------------------------------------------------------------


def _table(definitions: Definitions, sheet: str, fields: tuple[Field, ...], records: Sequence[Record]) -> Table:
    sections = [definitions.sections[name] for name in dict.fromkeys(item.section for item in fields)]
    if any(section.scope == "workbook" for section in sections):
        owner = next((record for record in records if any(record.all(item.name) for item in sections)), None)
        return Table(sheet, fields, tuple(_rows(owner, fields, sections)) if owner else (), shared=True)
    own = [item for item in fields if item.path == CLIENT_ID]
    columns = (own[0] if own else client_id(definitions), *(item for item in fields if item.path != CLIENT_ID))
    rows = tuple({**row, CLIENT_ID: record.id} for record in records for row in _rows(record, fields, sections))
    return Table(sheet, columns, rows, shared=False)


def client_id(definitions: Definitions) -> Field:
    """Return the field of the column that every client sheet begins with."""
    known = definitions.fields.get(CLIENT_ID)
    return known or Field("client", "id", "Client id", "code", "", 0)


def _rows(record: Record, fields: tuple[Field, ...], sections: Sequence[Section]) -> Iterator[dict[str, Any]]:
    """Give the rows of one sheet: single sections side by side in the first, repeating ones one row each."""
    for found in zip_longest(*(record.all(section.name) for section in sections)):
        by_section = {row.section.name: row for row in found if row is not None}
        values = {item.path: by_section[item.section].get(item.name) for item in fields if item.section in by_section}
        filled = {path: value for path, value in values.items() if value is not None}
        if filled:
            yield filled


def _raw_rows(rows: Iterable[RawRow], table: Table, definitions: Definitions) -> list[dict[str, Any]]:
    """Return the rows of a sheet; single sections of a client that a reader had apart stand side by side again."""
    by_path = {item.path: item for item in table.columns}
    found: list[tuple[set[str], dict[str, Any]]] = []
    beside: dict[str, tuple[set[str], dict[str, Any]]] = {}
    for row in rows:
        values = dict.fromkeys(path for path in row.origin.columns if path in by_path)
        values |= {path: _as_cell(raw, by_path[path]) for path, raw in row.values.items() if path in by_path}
        single = bool(row.sections) and not any(_repeats(name, definitions) for name in row.sections)
        whose = kinds.as_id(row.values.get(CLIENT_ID))
        known = beside.get(whose) if single else None
        if known and known[0].isdisjoint(row.sections):
            known[0].update(row.sections)
            known[1].update(values)
        elif values.keys() - {CLIENT_ID} or not row.sections:
            found.append((set(row.sections), values))
            if single:
                beside[whose] = found[-1]
    return [values for _, values in found]


def _repeats(name: str, definitions: Definitions) -> bool:
    section = definitions.sections.get(name)
    return section is not None and section.repeats


def _as_cell(raw: Raw, item: Field) -> Any:
    """Return what stood in a cell, or in JSON, as one cell holds it."""
    if isinstance(raw, bool) and item.kind != "yes_no":
        return None  # no cell says that without saying a word
    if isinstance(raw, list | tuple):
        return (", " if item.kind == "refs" else "\n").join(map(kinds.as_text, raw))
    return Decimal(repr(raw)) if isinstance(raw, float) else raw


def _number(value: Decimal) -> Cell:
    plain = kinds.show(value)
    short = int(value) if value == value.to_integral_value() else float(value)
    return short if len(plain) <= 15 and kinds.as_text(short) == plain else plain
