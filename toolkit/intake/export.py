"""Records go back to the forms they are read from: tables of cells, a CSV folder, JSON."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import zip_longest
from typing import Any

from toolkit import kinds
from toolkit.model import CLIENT_ID, Chosen, Definitions, Field, Record, Row, Score, Section

Cell = str | int | float | date | None
"""What a reader finds in a cell of a workbook that we write."""
FIRST_DAY = date(1900, 3, 1)
"""Excel knows no dates before 1900 and counts wrongly until this day: earlier ones are written as text."""


@dataclass(frozen=True, slots=True)
class Table:
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
    if isinstance(value, date):
        return value if value >= FIRST_DAY else kinds.show(value)
    return text(value, item) or None


def text(value: Any, item: Field) -> str:
    """Return ``value`` as it would be typed: dates as 07/27/2026, a choice's label, one line a line, ids ``1a, 1b``."""
    return ", ".join(value) if item.kind == "refs" and isinstance(value, tuple) else kinds.show(value)


def to_csv(records: Iterable[Record], definitions: Definitions) -> dict[str, bytes]:
    """Return the CSV folder of ``records`` by sheet name: UTF-8 with its mark (so that Excel sees it), comma, CR LF.

    Every sheet and typed column of ``definitions`` is there, filled or not, so that the folder can be filled on.
    """
    return {table.sheet: _csv(table) for table in tables(definitions, records)}


def to_json(records: Iterable[Record]) -> str:
    """Return ``records`` as JSON text, nested as in a template: ``clinic``, ``staff`` and ``records``.

    Dates are written 2026-07-27, choices by their stored value. A section whose rows do not all find their parent
    stays flat, with its ids.
    """
    records = tuple(records)
    content = {**_shared(records), "records": [_nested(record) for record in records]}
    return json.dumps(content, ensure_ascii=False, indent=2) + "\n"


def to_jsonl(records: Iterable[Record]) -> str:
    """Return ``records`` as JSON Lines: the clinic and staff in the first line, then a record a line."""
    records = tuple(records)
    lines = [shared for shared in [_shared(records)] if shared] + [_nested(record) for record in records]
    return "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)


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


def _number(value: Decimal) -> Cell:
    plain = kinds.show(value)
    short = int(value) if value == value.to_integral_value() else float(value)
    return short if len(plain) <= 15 and kinds.as_text(short) == plain else plain


# --- CSV -----------------------------------------------------------------------------------------------------------


def _csv(table: Table) -> bytes:
    lines = io.StringIO(newline="")
    writer = csv.writer(lines)
    writer.writerow([item.label for item in table.columns])
    writer.writerows([text(row.get(item.path), item) for item in table.columns] for row in table.rows)
    return lines.getvalue().encode("utf-8-sig")


# --- JSON ----------------------------------------------------------------------------------------------------------


def _shared(records: Sequence[Record]) -> dict[str, Any]:
    found: dict[str, tuple[Row, ...]] = {}
    for record in records:
        for name, rows in record.rows.items():
            if rows and rows[0].section.scope == "workbook":
                found.setdefault(name, rows)
    return {name: _plain_section(rows) for name, rows in found.items()}


def _plain_section(rows: Sequence[Row]) -> Any:
    plain = [_plain_row(row) for row in rows]
    return plain if rows[0].section.repeats else plain[0]


def _plain_row(row: Row, without: str = "") -> dict[str, Any]:
    names = [item.name for item in row.section.fields if not item.derived and item.name != without]
    return {name: _json_value(row.get(name)) for name in names if row.get(name) is not None}


def _json_value(value: Any) -> Any:
    if isinstance(value, bool | int):
        return value
    if isinstance(value, Chosen):
        return str(value)
    if isinstance(value, Decimal):
        return _number(value)
    if isinstance(value, Score):
        return value.text
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        return [_json_value(item) for item in value]
    return value


def _nested(record: Record) -> dict[str, Any]:
    own = {name: rows for name, rows in record.rows.items() if rows and rows[0].section.scope == "client"}
    homes = {name: home for name, rows in own.items() if (home := _parents(rows, own)) is not None}
    plain = {
        name: [_plain_row(row, row.section.parent_field if name in homes else "") for row in rows]
        for name, rows in own.items()
    }
    plain["client"] = [{"id": record.id, **row} for row in plain.get("client", [{}])]
    for name, home in homes.items():
        for child, index in zip(plain[name], home, strict=True):
            plain[own[name][0].section.parent][index].setdefault(name, []).append(child)
    top = sorted((name for name in plain if name not in homes), key=lambda name: name != "client")
    return {name: plain[name] if name in own and own[name][0].section.repeats else plain[name][0] for name in top}


def _parents(rows: Sequence[Row], own: Mapping[str, tuple[Row, ...]]) -> list[int] | None:
    """Return for each row the index of the row it nests under, or None where one of them has none."""
    section = rows[0].section
    above = own.get(section.parent, ())
    if not section.parent or not above:
        return None
    if not section.parent_field:
        return [0] * len(rows)
    key = above[0].section.key or "date"
    index = {row.get(key): number for number, row in reversed(list(enumerate(above)))}
    found = [index.get(row.get(section.parent_field), -1) for row in rows]
    return None if -1 in found else found
