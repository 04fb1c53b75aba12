"""What was found, written into a file of its own."""

from __future__ import annotations

import os
from collections.abc import Iterable
from itertools import chain
from pathlib import Path

from toolkit.batch.folder import reason, write_whole
from toolkit.errors import WriteError


def write_report(path: Path, pieces: Iterable[str]) -> None:
    """Write what was found into a file, in the place of an earlier one that begins alike and of no other file.

    Raises WriteError with the way out.
    """
    several = iter(pieces)
    begin = next(several, "")
    try:
        if os.path.lexists(path) and not _begins(path, begin[:_ALIKE]):
            raise WriteError(
                f"{path} is there already and is no earlier report of this kind, so it was not replaced. Give another "
                "name with -o, or move it away first."
            )
        write_whole(path, (piece.encode("utf-8") for piece in chain((begin,), several)))
    except OSError as error:
        raise WriteError(f"{path} cannot be written: {reason(error)}. Choose another place with -o.") from error


_ALIKE = 28
"""So many characters tell a report of ours by its beginning."""


def _begins(path: Path, begin: str) -> bool:
    data = begin.encode("utf-8")
    with path.open("rb") as file:
        return bool(data) and file.read(len(data)) == data
