"""The files that we wrote, as the manifest names them, each held in about a hundred bytes."""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator
from typing import Any

from msgspec import Struct

from toolkit.batch.names import is_slug

_FILE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,99}(?:\.[A-Za-z0-9][A-Za-z0-9_-]{0,59})?\.[a-z]{1,5}")
_DIGEST = re.compile(r"[0-9a-f]{64}")
_NUMBER = re.compile(r"(?:-(\d{1,9}))?")
_PACKED = struct.Struct("<II32s32s")


class Entry(Struct, frozen=True):
    """One file that we wrote, as the manifest names it."""

    path: str
    """Relative to the output folder, ``/`` between its parts."""
    name: str
    """The file's plain name, ``treatment_plan.docx``, also where it had to be called ``treatment_plan-2.docx``."""
    document: str
    sha256: str
    key: str
    """A digest of what it was made from: the same key gives the same file."""

    @property
    def folder(self) -> str:
        """The client's folder, empty for what belongs to the whole run."""
        return self.path.rpartition("/")[0]


def entry_of(table: Any) -> Entry | None:
    """Return a table of the manifest or journal as an entry, or None where it is none of ours or leads elsewhere."""
    if not isinstance(table, dict) or set(table) != set(Entry.__struct_fields__):
        return None
    if not all(isinstance(value, str) for value in table.values()):
        return None
    entry = Entry(**table)
    inside = not entry.folder or is_slug(entry.folder)
    good = inside and _FILE.fullmatch(entry.name) and _number(entry) is not None
    return entry if good and _DIGEST.fullmatch(entry.sha256) and _DIGEST.fullmatch(entry.key) else None


def path_of(folder: str, name: str, number: int) -> str:
    """Return the path of the file ``name`` in ``folder``, with ``number`` in its name unless that is 0."""
    stem, _, ending = name.rpartition(".")
    file = f"{stem}-{number}.{ending}" if number else name
    return f"{folder}/{file}" if folder else file


def _number(entry: Entry) -> int | None:
    """Return the number in the entry's path, 0 where there is none; None where the path is not that of its name."""
    stem, _, ending = entry.name.rpartition(".")
    file = entry.path.rpartition("/")[2]
    if not (file.startswith(stem) and file.endswith(f".{ending}")):
        return None
    found = _NUMBER.fullmatch(file[len(stem) : -len(ending) - 1])
    number = int(found[1] or 0) if found else 0
    return number if path_of(entry.folder, entry.name, number) == entry.path else None


class Entries:
    """Entries by folder and plain name."""

    def __init__(self) -> None:
        self._packed: dict[str, bytes] = {}
        self._names: list[tuple[str, str]] = []
        self._index: dict[tuple[str, str], int] = {}

    @property
    def folders(self) -> Iterator[str]:
        """The folders that hold a file of ours, in the order of the alphabet; the empty name for the whole run's."""
        return iter(sorted(self._packed))

    def of(self, folder: str) -> tuple[Entry, ...]:
        """Return what we wrote into ``folder``, by name."""
        return tuple(self._unpacked(folder, fields) for fields in _PACKED.iter_unpack(self._packed.get(folder, b"")))

    def find(self, folder: str, name: str) -> Entry | None:
        """Return what we wrote into ``folder`` under the plain name ``name``, or None."""
        return next((entry for entry in self.of(folder) if entry.name == name), None)

    def put(self, folder: str, entry: Entry) -> None:
        """Note ``entry``, which is in ``folder``, in place of one of the same name."""
        self._set(folder, [*(one for one in self.of(folder) if one.name != entry.name), entry])

    def drop(self, entry: Entry) -> None:
        """Forget the entry of that folder and name."""
        self._set(entry.folder, [one for one in self.of(entry.folder) if one.name != entry.name])

    def __iter__(self) -> Iterator[Entry]:
        for folder in self.folders:
            yield from self.of(folder)

    def _set(self, folder: str, several: list[Entry]) -> None:
        if several:
            self._packed[folder] = b"".join(map(self._pack, sorted(several, key=lambda entry: entry.name)))
        else:
            self._packed.pop(folder, None)

    def _pack(self, entry: Entry) -> bytes:
        called = entry.name, entry.document
        if called not in self._index:
            self._index[called] = len(self._names)
            self._names.append(called)
        digests = bytes.fromhex(entry.sha256), bytes.fromhex(entry.key)
        return _PACKED.pack(self._index[called], _number(entry) or 0, *digests)

    def _unpacked(self, folder: str, fields: tuple[int, int, bytes, bytes]) -> Entry:
        name, document = self._names[fields[0]]
        return Entry(path_of(folder, name, fields[1]), name, document, fields[2].hex(), fields[3].hex())
