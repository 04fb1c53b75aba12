"""Processes beside this one: forked from it, so that they know all that it knows, and answering through a pipe."""

from __future__ import annotations

import os
import signal
import struct
import sys
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any, TypeVar

from toolkit.errors import ToolkitError
from toolkit.packed import dumps, loads

T = TypeVar("T")
_PIPE_BYTES = 1 << 20
_NUMBER = struct.Struct("<Q")


def can_fork() -> bool:
    """Tell whether there may be others: a fork is not safe among what macOS loads, and Windows has none."""
    return hasattr(os, "fork") and sys.platform != "darwin"


def processors() -> int:
    """Return how many processes can be at work at once."""
    return len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1


def forked(run: Callable[[], None]) -> int:
    """Start a process that does ``run`` and ends, whatever becomes of it; return its number."""
    sys.stdout.flush()
    sys.stderr.flush()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # a progress bar has a thread, not needed there
        process = os.fork()
    if process:
        return process
    try:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is told to all; the first process ends the others
        run()
    finally:
        os._exit(0)  # nothing of the parent's may be done twice


@contextmanager
def begun(work: Callable[[], T]) -> Iterator[Callable[[], T]]:
    """Begin ``work`` in a process beside this one; give what waits for it, and returns what it gave.

    What it raises on purpose (a `ToolkitError`) is raised then. Where there is no second processor, or that process
    dies, it is done here when it is asked for. What it gives is of nouns and plain values (`packed.dumps`). At the end
    of the ``with`` statement the process is ended, too, wherever it is.
    """
    answer, answered = os.pipe()

    def run() -> None:
        os.close(answer)
        widen(answered)
        try:
            send(answered, work())
        except ToolkitError as error:
            send(answered, error)

    def given() -> T:
        try:
            found: T | ToolkitError = received(answer)
        except EOFError:
            return work()
        if isinstance(found, ToolkitError):
            raise found
        return found

    process = 0
    with suppress(OSError):  # there is no room for another one
        process = forked(run) if can_fork() and processors() > 1 else 0
    os.close(answered)
    try:
        yield given if process else work
    finally:
        os.close(answer)
        if process:
            stop(process)


def stop(process: int) -> None:
    """End a process that was forked from this one, wherever it is."""
    with suppress(ProcessLookupError):
        os.kill(process, signal.SIGKILL)
    os.waitpid(process, 0)


def send(pipe: int, value: Any) -> None:
    """Write ``value`` for `received`."""
    data = dumps(value)
    rest = memoryview(_NUMBER.pack(len(data)) + data)
    while rest:
        rest = rest[os.write(pipe, rest) :]


def received(pipe: int) -> Any:
    """Return the next value that was sent; raises EOFError where the process that should send it has died."""
    (length,) = _NUMBER.unpack(exactly(_NUMBER.size, pipe))
    return loads(exactly(length, pipe))


def exactly(length: int, pipe: int) -> bytes:
    """Return the next ``length`` bytes of ``pipe``; raises EOFError where it ends before."""
    data = bytearray()
    while len(data) < length:
        more = os.read(pipe, length - len(data))
        if not more:
            raise EOFError
        data += more
    return bytes(data)


def widen(pipe: int) -> None:
    """Make room in the pipe for some dozens of documents, where the system can."""
    import fcntl

    with suppress(AttributeError, OSError):
        fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, _PIPE_BYTES)
