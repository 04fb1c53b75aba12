"""The marked copy: the user's own workbook back, with a colour and a note at each cell to fix and a list in front."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec.structs import replace

from toolkit.batch.folder import reason, write_whole
from toolkit.errors import WriteError
from toolkit.model import Batch, Input
from toolkit.report import Outcome

if TYPE_CHECKING:
    from toolkit.intake.marking import Copy


def mark(source: Path, records: Batch, outcome: Outcome, copy: Path) -> Path:
    """Write a marked copy of the workbook ``source``, of which ``outcome`` tells; return its path.

    Of a folder of workbooks, ``copy`` is a folder with a copy of each. What was given is never touched, nor is any
    file that is there already: somebody may have typed into it. Raises WriteError with the way out.
    """
    if {item.kind for item in records.inputs} != {"xlsx"}:
        raise WriteError(
            "A marked copy can be made of Excel workbooks, and this input is something else. Run the same command "
            "without --marked: it names every place."
        )
    try:
        return _folder(source, records, outcome, copy) if source.is_dir() else _file(source, records, outcome, copy)
    except OSError as error:
        raise WriteError(f"{copy} cannot be written: {reason(error)}. Choose another place with --marked.") from error


def _file(source: Path, records: Batch, outcome: Outcome, copy: Path) -> Path:
    ending = source.suffix or ".xlsx"
    if not copy.name or copy.suffix.casefold() not in ("", ".xlsx", ".xlsm"):
        raise WriteError(f"{copy} would be an Excel workbook: give it a name that ends in {ending}.")
    _refuse_taken(copy, source)
    copy = copy if copy.suffix else copy.with_suffix(ending)
    _refuse_taken(copy, source)
    book = _book(source, records.inputs[0])
    if book.macros != (copy.suffix.casefold() == ".xlsm"):
        holds, wanted = ("holds macros", ".xlsm") if book.macros else ("holds no macros", ".xlsx")
        raise WriteError(f"{source.name} {holds}: give the copy a name that ends in {wanted}.")
    write_whole(copy, (_marked(book, outcome),))
    return copy


def _folder(source: Path, records: Batch, outcome: Outcome, copy: Path) -> Path:
    _refuse_taken(copy, source)
    books = [(item, _book(source / item.name, item)) for item in records.inputs]
    copy.mkdir()
    for item, book in books:
        write_whole(copy / item.name, (_marked(book, _of_file(outcome, item.number)),))
    return copy


def _refuse_taken(copy: Path, source: Path) -> None:
    if copy.exists() and copy.samefile(source):
        what = "folder" if source.is_dir() else "workbook"
        raise WriteError(f"{copy} is your {what} itself, which is never written to. Give the copy another name.")
    if os.path.lexists(copy):
        raise WriteError(
            f"{copy} is there already, and somebody may have typed into it. Give another name with --marked, or move "
            "it away first."
        )


def _book(path: Path, item: Input) -> Copy:
    from toolkit.intake.marking import Copy  # what reads need not wait for what writes

    data = path.read_bytes()
    if hashlib.sha256(data).hexdigest() != item.sha256:
        raise WriteError(f"{path.name} was saved while it was being checked. Run the same command again.")
    return Copy(data, path.name)


def _marked(book: Copy, outcome: Outcome) -> bytes:
    from toolkit.report import to_fix

    return book.marked(to_fix.notes(outcome), to_fix.workbook(outcome, book.title, book.sheets))


def _of_file(outcome: Outcome, number: int) -> Outcome:
    """Return what there is to tell of one workbook of a folder, places named as they are inside it."""
    found = [one for one in outcome.findings if one.place.file == number]
    clients = {one.record for one in found}
    return replace(
        outcome,
        findings=[replace(one, place=replace(one.place, file=0)) for one in found],
        results=[one for one in outcome.results if one.record in clients],
    )
