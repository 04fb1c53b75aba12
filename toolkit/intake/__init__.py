"""Reads what people filled in, whatever form it has: a workbook, CSV, JSON, one client a file, or a folder of them."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from itertools import chain, count
from pathlib import Path
from typing import NamedTuple

from msgspec.structs import replace

from toolkit.beside import begun
from toolkit.errors import ReadError
from toolkit.intake import assemble, csv_folder, json_records, one_client, tables, xlsx
from toolkit.intake.assemble import RawRow
from toolkit.intake.json_records import raw_rows, records
from toolkit.intake.tables import Grid
from toolkit.model import Batch, Definitions, Fact, Input, Place

__all__ = ["begin", "raw", "raw_rows", "read", "records"]

WORKBOOKS = (".xlsx", ".xlsm")
_WORKBOOK = (b"PK", xlsx.OLE)
"""How the file of a workbook begins."""
_LARGE = 100_000
"""From so many bytes on, some 50 clients, it pays to read a workbook in another process."""
_JSON = (".json", ".jsonl", ".ndjson")
_START_WITH = "Start with a workbook that «plankit new -o clients.xlsx» makes."
_NOT_OPENED = "cannot be opened. Close it in other programs, see that you may read it, and try again."


def read(path: Path, definitions: Definitions) -> Batch:
    """Return the records of ``path``: a workbook, a JSON or JSONL file, a folder of CSV files or of workbooks.

    What a file is, its content tells, not its ending alone. Raises ReadError, one sentence with the way out, when
    there is nothing that can be read; what is wrong inside becomes facts.
    """
    with _opening(path):
        if _is_json(path):
            return json_records.read(path, definitions)
        found = _read_folder(path, definitions) if path.is_dir() else _read_file(path, definitions)
        return _assembled(found, definitions)


@contextmanager
def begin(path: Path) -> Iterator[Callable[[Definitions], Batch]]:
    """Begin to read ``path``, and give what does the rest, and returns and raises what `read` does.

    The sheets of a large workbook are read in another process meanwhile: they are the same whatever is asked.
    """
    data = b""
    with suppress(OSError):  # that is told when it is read
        if path.is_file() and path.stat().st_size >= _LARGE and _beginning(path).startswith(_WORKBOOK):
            data = path.read_bytes()
    if not data:
        yield partial(read, path)
        return
    with begun(partial(xlsx.load, data, path.name)) as grids:

        def rest(definitions: Definitions) -> Batch:
            return _assembled(_of_workbook(data, grids(), definitions), definitions)

        yield rest


def _assembled(found: Raw, definitions: Definitions) -> Batch:
    batch = assemble.assemble(found.rows, definitions, found.facts, tuple(found.inputs))
    return replace(batch, sheets=found.sheets)


class Raw(NamedTuple):
    """What was found before anything is made of it: rows with their raw values, facts outside rows, the inputs."""

    rows: Sequence[RawRow]
    facts: Sequence[Fact]
    inputs: Sequence[Input] = ()
    sheets: frozenset[str] | None = None
    """Those of one workbook with a sheet for each kind of answer."""


def raw(path: Path, definitions: Definitions) -> Raw:
    """Return the rows of ``path`` as they stand there. Raises ReadError as `read` does."""
    with _opening(path):
        if _is_json(path):
            groups = chain.from_iterable(json_records.portions(path, definitions, 0, count()))
            return Raw([row for group in groups for row in (*group.shared, *group.own)], ())
        return _read_folder(path, definitions) if path.is_dir() else _read_file(path, definitions)


@contextmanager
def _opening(path: Path) -> Iterator[None]:
    """Raise ReadError where there is nothing at ``path``, or it cannot be opened."""
    try:
        if not path.exists():
            raise ReadError(f"There is no file {path.name} in {path.resolve().parent}. Check the name and the folder.")
        if not (path.is_file() or path.is_dir()):
            raise ReadError(
                f"{path.name} is a pipe or a device, not a file. Save what it gives in a file, and give that."
            )
        yield
    except OSError as error:
        raise ReadError(f"{path.name} {_NOT_OPENED}") from error


def _beginning(path: Path) -> bytes:
    with path.open("rb") as stream:
        return stream.read(512)


def _is_json(path: Path) -> bool:
    """Tell whether ``path`` is to be read as JSON: by its first sign, else by its ending."""
    if path.is_dir():
        return False
    beginning = _beginning(path)
    plain = beginning.lstrip(b"\xef\xbb\xbf \t\r\n")
    if not plain or beginning.startswith(_WORKBOOK):
        return False
    return plain.startswith((b"{", b"[")) or path.suffix.casefold() in _JSON


def _read_file(path: Path, definitions: Definitions) -> Raw:
    beginning = _beginning(path)
    plain = beginning.lstrip(b"\xef\xbb\xbf \t\r\n")
    if not plain:
        raise ReadError(f"{path.name} is empty. {_START_WITH}")
    if beginning.startswith(_WORKBOOK):
        data = path.read_bytes()
        return _of_workbook(data, xlsx.load(data, path.name), definitions)
    raise ReadError(f"{path.name} is {_kind(plain, path)}")


def _of_workbook(data: bytes, grids: Sequence[Grid], definitions: Definitions) -> Raw:
    reader = _reader(grids)
    sheets = tables.sheets(grids, definitions) if reader is tables.read else None
    return Raw(*reader(grids, definitions), (_input(1, "xlsx", data),), sheets)


def _kind(beginning: bytes, path: Path) -> str:
    """Return what a file that cannot be read is, and the way out."""
    if beginning.startswith(b"%PDF"):
        return "a PDF, not a workbook. Give the Excel workbook (.xlsx) that holds your clients."
    if beginning[:14].lower().startswith((b"<!doctype html", b"<html", b"<table")):
        return "a web page, not a workbook. Open it in Excel, choose Save As, Excel Workbook (.xlsx), and give that."
    if path.suffix.casefold() in csv_folder.ENDINGS:
        return "a single CSV file. Put one CSV file for each sheet into a folder, and give the folder."
    return f"not a workbook, a JSON file or a folder of CSV files. {_START_WITH}"


def _read_folder(folder: Path, definitions: Definitions) -> Raw:
    files = sorted(path for path in folder.iterdir() if path.is_file() and not path.name.startswith((".", "~$")))
    sheets = [path for path in files if path.suffix.casefold() in csv_folder.ENDINGS]
    books = [path for path in files if path.suffix.casefold() in WORKBOOKS]
    if sheets and books:
        raise ReadError(f"The folder {folder.name} holds CSV files and workbooks. Keep one kind in it, and try again.")
    if sheets:
        loaded = [(path, path.read_bytes()) for path in sheets]
        grids = csv_folder.load(loaded)
        inputs = [_input(number, "csv", data) for number, (_, data) in enumerate(loaded, 1)]
        recognised = None if one_client.recognises(grids) else tables.sheets(grids, definitions)
        return Raw(*tables.read(grids, definitions), inputs, recognised)
    if books:
        return _read_books(books, definitions)
    raise ReadError(f"The folder {folder.name} holds no workbooks and no CSV files. {_START_WITH}")


def _read_books(books: Sequence[Path], definitions: Definitions) -> Raw:
    """Return the rows of a folder of workbooks, one client each or several; files are known by their number.

    A file that cannot be read is a fact, and the others are read; raises ReadError when not one can be.
    """
    rows: list[RawRow] = []
    facts: list[Fact] = []
    inputs: list[Input] = []
    refused: list[ReadError] = []
    for number, path in enumerate(books, 1):
        called = f"File {number} of the folder {path.parent.name} (by name)"
        data = b""
        try:
            data = _bytes(path, called)
            grids = xlsx.load(data, called, number)
            found, met = _reader(grids)(grids, definitions)
        except ReadError as error:
            refused.append(error)
            fault = f"this file{str(error).removeprefix(called)}"
            found, met = [], [Fact("unreadable_file", Place(file=number), fault=fault, stray=True)]
        rows += found
        # A workbook of something else is told, but it does not lack what it never had.
        facts += met if found else (fact for fact in met if fact.kind != "missing_sheet")
        inputs.append(_input(number, "xlsx", data, path.name))
    if len(refused) == len(books):
        raise refused[0]
    return Raw(rows, facts, inputs)


def _bytes(path: Path, called: str) -> bytes:
    """Return what the workbook holds; raises ReadError where it cannot be opened or is something else."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise ReadError(f"{called} {_NOT_OPENED}") from error
    if not data.startswith(_WORKBOOK):
        raise ReadError(f"{called} is {_kind(data[:512], path) if data else f'empty. {_START_WITH}'}")
    return data


def _reader(grids: Sequence[Grid]) -> Callable[[Iterable[Grid], Definitions], tuple[list[RawRow], list[Fact]]]:
    """Return what makes rows of ``grids``: they are the questions of one client, or a sheet for each kind of answer."""
    return one_client.read if one_client.recognises(grids) else tables.read


def _input(number: int, kind: str, data: bytes, name: str = "") -> Input:
    return Input(number, kind, hashlib.sha256(data).hexdigest(), name)
