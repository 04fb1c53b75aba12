"""Several processes for one run: each works on its share of the records, one alone takes in what they did, in order."""

from __future__ import annotations

import gc
import os
import signal
import sys
import warnings
from collections.abc import Callable, Iterator, Sized
from contextlib import suppress
from dataclasses import dataclass
from itertools import count, islice
from typing import Any, BinaryIO, TypeVar

from toolkit.errors import ToolkitError
from toolkit.model import Batch, Record
from toolkit.packed import dumps, loads

T = TypeVar("T")
MOST = 8
"""More processes than the one that writes can keep busy."""
FEW = 24
"""So few records are done before a second process would be at work."""
FEW_AS_PDF = 6
"""So few, where PDFs are made of them."""
_PIPE_BYTES = 1 << 20
_LENGTH_BYTES = 8


def jobs_for(batch: Batch, asked: int = 0, few: int = FEW) -> int:
    """Return how many processes to use: as many as are ``asked`` for, or 0 for what suits machine and records.

    One is enough for less than ``few`` records.
    """
    if not hasattr(os, "fork") or sys.platform == "darwin":  # a fork is not safe among what macOS loads
        return 1
    if asked:
        return asked
    known = len(batch.records) if isinstance(batch.records, Sized) else 0
    return 1 if known < few else min(_processors(), MOST)


def _processors() -> int:
    return len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1


def worked(
    batch: Batch, work: Callable[[Record], T], jobs: int, left: Callable[[], None] = lambda: None
) -> Iterator[T]:
    """Yield what ``work`` gives for each record, in their order, done by ``jobs`` processes.

    Each process calls ``left`` first, to let go of what is its parent's alone. The share of a process that died is
    done here. What `work` raises on purpose (a `ToolkitError`) is raised when its turn comes.
    """
    if jobs < 2:
        yield from map(work, batch)
        return
    helpers: list[_Helper] = []
    own: dict[int, Iterator[list[T]]] = {}
    try:
        for first in range(jobs):
            helpers.append(_started(batch, work, first, jobs, left, helpers))
        for number in count():
            first, done = number % jobs, number // jobs
            if first not in own:
                portion: list[T] | ToolkitError | None
                try:
                    portion = helpers[first].received()
                except EOFError:
                    own[first] = _portions(batch, work, first, jobs, done)
            if first in own:
                portion = next(own[first], None)
            if portion is None:
                return
            if isinstance(portion, ToolkitError):
                raise portion
            yield from portion
    finally:
        for helper in helpers:
            helper.stop()


def _portions(batch: Batch, work: Callable[[Record], T], first: int, step: int, done: int = 0) -> Iterator[list[T]]:
    """Yield what ``work`` gives for the records of each portion, but for those that are ``done`` already."""
    return ([work(record) for record in portion] for portion in islice(batch.share(first, step), done, None))


@dataclass(frozen=True, slots=True)
class _Helper:
    """A process at work, and the end of the pipe at which its portions come out."""

    process: int
    pipe: BinaryIO

    def received(self) -> Any:
        """Return the next portion, None after the last one; raises EOFError where the process died."""
        length = int.from_bytes(self._bytes(_LENGTH_BYTES), "big")
        return loads(self._bytes(length))

    def _bytes(self, length: int) -> bytes:
        data = self.pipe.read(length)
        if len(data) < length:
            raise EOFError
        return data

    def stop(self) -> None:
        """End the process, wherever it is."""
        self.pipe.close()
        with suppress(ProcessLookupError):
            os.kill(self.process, signal.SIGKILL)
        os.waitpid(self.process, 0)


def _started(
    batch: Batch, work: Callable[[Record], Any], first: int, step: int, left: Callable[[], None], others: list[_Helper]
) -> _Helper:
    """Start a process that works on each ``step``-th portion from number ``first`` on."""
    outlet, inlet = os.pipe()
    sys.stdout.flush()
    sys.stderr.flush()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # a progress bar has a thread, not needed there
        process = os.fork()
    if process:
        os.close(inlet)
        return _Helper(process, os.fdopen(outlet, "rb"))
    try:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is told to all; the parent ends its helpers
        os.close(outlet)
        for other in others:
            other.pipe.close()
        left()
        gc.freeze()  # what the parent made is shared: looking through it would copy it
        _work(_portions(batch, work, first, step), inlet)
    finally:
        os._exit(0)  # nothing of the parent's may be done twice


def _work(portions: Iterator[list[Any]], inlet: int) -> None:
    with os.fdopen(inlet, "wb") as pipe:
        _widen(pipe)
        try:
            for portion in portions:
                _send(pipe, portion)
        except ToolkitError as error:
            _send(pipe, error)
        _send(pipe, None)


def _send(pipe: BinaryIO, value: Any) -> None:
    data = dumps(value)
    pipe.write(len(data).to_bytes(_LENGTH_BYTES, "big") + data)
    pipe.flush()


def _widen(pipe: BinaryIO) -> None:
    """Make room in the pipe for some dozens of documents, where the system can."""
    import fcntl

    with suppress(AttributeError, OSError):
        fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, _PIPE_BYTES)
