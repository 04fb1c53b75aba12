"""Findings together: each once, in the order of the workbook, and quiet about what only follows from another."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from msgspec.structs import replace

from toolkit.model import Definitions, Field, Finding, OwnLevel, Place, Record, Row, Section


def merged(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return ``findings`` with each fault once, concerning the documents of all its mentions, in their order."""
    found: dict[tuple[Any, ...], Finding] = {}
    merge_into(found, findings)
    return tuple(found.values())


def merge_into(found: dict[tuple[Any, ...], Finding], findings: Iterable[Finding]) -> None:
    """Add ``findings`` to those ``found`` before, as `merged` does; the keys of ``found`` are its own."""
    for item in findings:
        key = (item.code, item.record, item.place, item.subject, item.text)
        known = found.get(key)
        if known is None:
            found[key] = item
        elif known.documents != item.documents:
            both = (*known.documents, *item.documents) if known.documents and item.documents else ()
            found[key] = replace(known, documents=tuple(dict.fromkeys(both)))


def at_level(finding: Finding, levels: Mapping[str, OwnLevel]) -> Finding:
    """Return ``finding`` at the payer's own level where it has one of ``levels``; its source then says who and why."""
    own = levels.get(finding.code)
    if own is None:
        return finding
    return replace(finding, level=own.level, source="; ".join(part for part in (finding.source, str(own)) if part))


def in_order(findings: Iterable[Finding], definitions: Definitions) -> tuple[Finding, ...]:
    """Return ``findings`` once each, by place: sheets as they are filled in, then rows, then columns."""
    return tuple(sorted(merged(findings), key=by_place(definitions)))


def by_place(definitions: Definitions) -> Callable[[Finding], tuple[Any, ...]]:
    """Return the key by which findings stand in the order of their places."""
    sheets = definitions.once("order of sheets", lambda: {name: at for at, name in enumerate(definitions.sheets)})

    def place(item: Finding) -> tuple[Any, ...]:
        where = item.place
        sheet = sheets.get(where.sheet, len(sheets) if where.sheet else -1)
        return where.file, where.line, sheet, where.sheet, _cell(where.cell), _pointer(where.pointer), item.code

    return place


@lru_cache(maxsize=4096)
def _cell(cell: str) -> tuple[int, int, str]:
    """Return the key by which cells of a sheet stand in their order."""
    column, row = re.fullmatch(r"([A-Z]*)\D*(\d*).*", cell, re.DOTALL).groups()  # type: ignore[union-attr]
    return int(row or 0), len(column), column


@lru_cache(maxsize=4096)
def _pointer(pointer: str) -> tuple[tuple[int, str], ...]:
    """Return the key by which places in JSON stand in their order."""
    return tuple((int(part) if part.isdigit() else -1, part) for part in pointer.split("/"))


class Said:
    """What was already said of cells, columns and sheets by the facts: what would only follow from it stays quiet."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        errors = [item for item in findings if item.level == "error"]
        self._cells = {(item.path, item.place) for item in errors}
        self._paths = {item.path for item in errors if item.path}
        whole = (item.place.pointer for item in errors if item.path and "." not in item.path and item.place.pointer)
        self._unread = tuple(f"{pointer}/" for pointer in whole)
        self._shown = {item.place: item.show for item in findings if item.level != "error" and item.place.cell}

    def __bool__(self) -> bool:
        """Whether there was an error at all."""
        return bool(self._cells)

    def of(self, path: str) -> bool:
        """Tell whether an error concerns the field, the whole section, or the sheet, called ``path``."""
        return path in self._paths

    def at(self, finding: Finding) -> bool:
        """Tell whether ``finding`` follows from an error: of its very cell, of its section, or of a missing column."""
        return self._follows(finding.path, finding.place)

    def already(self, item: Field, row: Row) -> bool:
        """Tell whether the blank at ``item`` of ``row`` follows from an error, of its sheet too."""
        place = row.place(item.name)
        return self._follows(item.path, place) or (has_no_column(place) and self.of(item.sheet))

    def _follows(self, path: str, place: Place) -> bool:
        inside = place.pointer.startswith(self._unread)
        return (path, place) in self._cells or inside or (has_no_column(place) and self.of(path))

    def show(self, place: Place) -> Mapping[str, str]:
        """Return what was typed at ``place``, where something that does not count as an answer was."""
        return self._shown.get(place, {})


def has_no_column(place: Place) -> bool:
    """Tell whether ``place`` is of a sheet that has no column for the answer."""
    return bool(place.sheet) and (not place.cell or bool(place.row))


# --- places ---------------------------------------------------------------------------------------------------


def sheet_of(section: Section, record: Record) -> Place:
    """Return the place of a section without rows: its sheet, or where it would stand in JSON."""
    origin = record.origin
    if origin.sheet:
        return Place(section.sheet, file=origin.file)
    return Place(pointer=f"{origin.pointer}/{section.name}", file=origin.file, line=origin.line)
