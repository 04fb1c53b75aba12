"""A file of waivers, for those who keep them apart from the workbook: each becomes a row as the sheet would give it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from toolkit import kinds
from toolkit.errors import ShelfError
from toolkit.model import Origin, Row, Section
from toolkit.shelf.lines import line_of
from toolkit.shelf.tables import naming, read_toml
from toolkit.text import hint, identifier

_LIST, _CLIENT = "waivers", "client_id"


def load_waivers(path: Path, section: Section) -> dict[str, tuple[Row, ...]]:
    """Return the waivers of a TOML file as rows of ``section``, by the id of their client.

    A place in them is a line of the file. Raises ShelfError, naming file and line, where something in it is not known
    or cannot be read; what is blank, has ended or fits nothing is told of the client, as of the sheet.
    """
    tables = read_toml(path)
    found: dict[str, list[Row]] = {}
    with naming(path.name, path):
        for key in tables:
            if key != _LIST:
                raise ShelfError(f"«{key}» is not known; each waiver begins with [[{_LIST}]].", key)
        several = tables.get(_LIST, [])
        if not isinstance(several, list):
            raise ShelfError(f"each waiver begins with [[{_LIST}]], in two pairs of brackets.", _LIST)
        text = path.read_text(encoding="utf-8-sig")
        for number, table in enumerate(several):
            values = {name: _value(table[name], name, section, number) for name in _keys(table, section, number)}
            client = values.pop(_CLIENT, None)
            if client is None:
                raise ShelfError(f"the waiver names no client. Type {_CLIENT} = and the id in quotes.", _LIST, number)
            own = found.setdefault(identifier(client), [])
            given = {name: value for name, value in values.items() if value is not None}
            origin = Origin(cells=_Lines(path.name, text, number, section.name))
            own.append(Row(section, given, origin, ordinal=number + 1))
    return {client: tuple(rows) for client, rows in found.items()}


def _keys(table: Any, section: Section, number: int) -> Iterator[str]:
    """Yield the keys of a waiver; raises ShelfError where one is not known."""
    if not isinstance(table, dict):
        raise ShelfError(f"each waiver begins with [[{_LIST}]], in two pairs of brackets.", _LIST, number)
    known = (_CLIENT, *section.by_name)
    for key in table:
        if key not in known:
            near = hint(key, known)
            raise ShelfError(f"a waiver has no «{key}».{near} There are: {', '.join(known)}.", _LIST, number, key)
        yield key


def _value(raw: Any, name: str, section: Section, number: int) -> Any:
    """Return what a key says, of the kind that the sheet's column is of; None where it says nothing."""
    is_date = name != _CLIENT and section.by_name[name].kind == "date"
    if not isinstance(raw, str | date if is_date else str):
        wanted = "a day, such as 2026-10-25" if is_date else "a text in quotes"
        raise ShelfError(f"«{name}» is not what it should be ({wanted}).", _LIST, number, name)
    if name == _CLIENT:
        return raw.strip() or None
    value = kinds.read(raw, section.by_name[name])
    if isinstance(value, kinds.Unreadable):
        raise ShelfError(f"«{name}» {value.fault}. {value.mend}", _LIST, number, name)
    return value


class _Lines(Mapping[str, str]):
    """Where what one waiver says stands in its file, by path, looked up when something is told of it."""

    def __init__(self, file: str, text: str, number: int, section: str) -> None:
        self._file, self._text, self._number, self._section = file, text, number, section

    def __getitem__(self, path: str) -> str:
        name = path.removeprefix(f"{self._section}.")
        return f"{self._file}, line {line_of(self._text, (_LIST, self._number, *([name] if name else [])))}"

    def __iter__(self) -> Iterator[str]:
        return iter(())

    def __len__(self) -> int:
        return 1
