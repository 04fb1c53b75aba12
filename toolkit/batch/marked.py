"""The marked copy: the user's own workbook back, with a colour and a note at each cell to fix and a list in front."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from toolkit.batch.folder import reason, write_whole
from toolkit.errors import WriteError
from toolkit.model import Batch
from toolkit.report import Outcome


def mark(source: Path, records: Batch, outcome: Outcome, copy: Path) -> Path:
    """Write a marked copy of the workbook ``source``, of which ``outcome`` tells; return its path.

    The workbook itself is never touched, nor is any file that is there already: somebody may have typed into it.
    Raises WriteError with the way out, also for an input that is no single workbook.
    """
    from toolkit.intake.marking import Copy  # what reads need not wait for what writes
    from toolkit.report import to_fix

    try:
        copy = _place(source, records, copy)
        data = source.read_bytes()
        if hashlib.sha256(data).hexdigest() != records.inputs[0].sha256:
            raise WriteError(f"{source.name} was saved while it was being checked. Run the same command again.")
        book = Copy(data, source.name)
        if book.macros != (copy.suffix.casefold() == ".xlsm"):
            holds, ending = ("holds macros", ".xlsm") if book.macros else ("holds no macros", ".xlsx")
            raise WriteError(f"{source.name} {holds}: give the copy a name that ends in {ending}.")
        marked = book.marked(to_fix.notes(outcome), to_fix.workbook(outcome, book.title, book.sheets))
        write_whole(copy, marked)
    except OSError as error:
        raise WriteError(f"{copy} cannot be written: {reason(error)}. Choose another place with --marked.") from error
    return copy


def _place(source: Path, records: Batch, copy: Path) -> Path:
    """Return the path of the copy, with its ending; raises WriteError where no copy can be made, or not there."""
    if source.is_dir() or [item.kind for item in records.inputs] != ["xlsx"]:
        raise WriteError(
            "A marked copy can be made of one Excel workbook, and this input is something else. "
            "Run check on each workbook by itself, or without --marked: it names every place."
        )
    ending = source.suffix or ".xlsx"
    if not copy.name or copy.suffix.casefold() not in ("", ".xlsx", ".xlsm"):
        raise WriteError(f"{copy} would be an Excel workbook: give it a name that ends in {ending}.")
    copy = copy if copy.suffix else copy.with_suffix(ending)
    if copy.exists() and copy.samefile(source):
        raise WriteError(f"{copy} is your workbook itself, which is never written to. Give the copy another name.")
    if os.path.lexists(copy):
        raise WriteError(
            f"{copy} is there already, and somebody may have typed into it. Give another name with --marked, or move "
            "it away first."
        )
    return copy
