"""Copies among the records of a run, and from earlier ones: what is told of them, and the file that is kept."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path

from toolkit.batch.folder import reason, write_whole
from toolkit.batch.work import Judge, Worked
from toolkit.beside import begun
from toolkit.clones import FEW, Crowd, Store, Taker, loads
from toolkit.errors import ReadError, WriteError
from toolkit.model import Batch, Definitions, Finding

_SALT = 16
_MANY = 100
"""From so many records on, to look at half of them takes longer than to start a process."""


class Copies:
    """Takes in each record as it was worked on, and tells at the end which answers are copies.

    They are those of ``batch``, and are read there again where that is needed. ``path`` is the file of fingerprints
    (`toolkit.clones.store`), begun where there is none; without it only the records of this run are compared. Raises
    ReadError where the file is none of ours.
    """

    def __init__(self, batch: Batch, everything: Definitions, path: Path | None = None) -> None:
        self._path = path
        self._store = _read(path) if path else None
        if path and self._store is None:
            self._store = Store(secrets.token_bytes(_SALT))
        self.taker = Taker(everything, kept=self._store is not None)
        self._crowd = Crowd(batch, self.taker, self._store)

    def add(self, done: Worked) -> None:
        """Take in the next record."""
        self._crowd.add(done.about.record, done.about.place, done.about.initials, done.prints)

    def told(self, auditor: Judge, jobs: int = 1) -> Iterator[Finding]:
        """Yield what there is to tell, record by record; then keep what was seen. Raises WriteError where it cannot.

        Of several ``jobs`` another process finds the places in half of the records, where these are enough for that and
        few enough to be held.
        """
        self._crowd.close()
        every = range(len(self._crowd))
        by_two = jobs > 1 and _MANY <= len(every) <= FEW
        half = len(every) // 2 if by_two else len(every)
        with (begun if by_two else nullcontext)(lambda: [*self._at_places(every[half:], auditor)]) as rest:
            yield from self._at_places(every[:half], auditor)
            yield from rest()
        if self._path and self._store:
            _keep(self._path, self._store)

    def _at_places(self, numbers: range, auditor: Judge) -> Iterator[Finding]:
        for record, initials, facts in self._crowd.found(numbers):
            yield from auditor.told(record, facts, initials)


def _read(path: Path) -> Store | None:
    try:
        return loads(path.read_bytes(), path.name)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise ReadError(f"{path} cannot be read: {reason(error)}. Give another name with --fingerprints.") from error


def _keep(path: Path, store: Store) -> None:
    """Write the file whole, with what another run kept there meanwhile under the same salt."""
    try:
        there = _read(path)
        if there and there.salt == store.salt:
            store.plans = {**there.plans, **store.plans}
        write_whole(path, (store.dumps(),))
    except OSError as error:
        raise WriteError(
            f"{path} cannot be written: {reason(error)}. Give another name with --fingerprints."
        ) from error
