"""Records written back as the CSV folder and the JSON that they could have been read from, for tests of the readers."""

import csv
import io
import json
from datetime import date
from decimal import Decimal

from toolkit.intake.export import cell, tables, text
from toolkit.model import Chosen, Score


def to_csv(records, definitions):
    """Return the CSV folder of ``records`` by sheet name: UTF-8 with its mark (so that Excel sees it), comma, CR LF.

    Every sheet and typed column of ``definitions`` is there, filled or not, so that the folder can be filled on.
    """
    return {table.sheet: _csv(table) for table in tables(definitions, records)}


def to_json(records):
    """Return ``records`` as JSON text, nested as in a template: ``clinic``, ``staff`` and ``records``.

    Dates are written 2026-07-27, choices by their stored value. A section whose rows do not all find their parent
    stays flat, with its ids.
    """
    records = tuple(records)
    content = {**_shared(records), "records": [_nested(record) for record in records]}
    return json.dumps(content, ensure_ascii=False, indent=2) + "\n"


def to_jsonl(records):
    """Return ``records`` as JSON Lines: the clinic and staff in the first line, then a record a line."""
    records = tuple(records)
    lines = [shared for shared in [_shared(records)] if shared] + [_nested(record) for record in records]
    return "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)


def _csv(table):
    lines = io.StringIO(newline="")
    writer = csv.writer(lines)
    writer.writerow([item.label for item in table.columns])
    writer.writerows([text(row.get(item.path), item) for item in table.columns] for row in table.rows)
    return lines.getvalue().encode("utf-8-sig")


def _shared(records):
    found = {}
    for record in records:
        for name, rows in record.rows.items():
            if rows and rows[0].section.scope == "workbook":
                found.setdefault(name, rows)
    return {name: _plain_section(rows) for name, rows in found.items()}


def _plain_section(rows):
    plain = [_plain_row(row) for row in rows]
    return plain if rows[0].section.repeats else plain[0]


def _plain_row(row, without=""):
    names = [item.name for item in row.section.fields if not item.derived and item.name != without]
    return {name: _json_value(row.get(name)) for name in names if row.get(name) is not None}


def _json_value(value):
    if isinstance(value, bool | int):
        return value
    if isinstance(value, Chosen):
        return str(value)
    if isinstance(value, Decimal):
        return cell(value, None)
    if isinstance(value, Score):
        return value.text
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        return [_json_value(item) for item in value]
    return value


def _nested(record):
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


def _parents(rows, own):
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
