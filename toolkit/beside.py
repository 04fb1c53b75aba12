"""Processes beside this one: forked from it, so that they know all that it knows, and answering through a pipe."""

from __future__ import annotations

import os
import signal
import struct
import sys
import threading
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any, NoReturn, TypeVar

from toolkit.errors import ToolkitError
from toolkit.packed import dumps, loads

T = TypeVar("T")
_PIPE_BYTES = 1 << 20
_NUMBER = struct.Struct("<Q")


def can_fork() -> bool:
    """Tell whether there may be others: a fork is not safe among what macOS loads, and Windows has none.

    Nor is it where other threads are at work, for what these hold just then is held in the new process for ever.
    Threads that end with the program (daemons) are not counted: a progress bar has one.
    """
    here = threading.current_thread()
    alone = here is threading.main_thread() and all(each is here or each.daemon for each in threading.enumerate())
    return alone and hasattr(os, "fork") and sys.platform != "darwin"


def processors() -> int:
    """Return how many processes can be at work at once."""
    return len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1


def forked(run: Callable[[], None]) -> int:
    """Start a process that does ``run`` and ends, whatever becomes of it; return its number.

    It is for the main thread (`can_fork`). Raises OSError where there is no room for one.
    """
    for stream in (sys.stdout, sys.stderr):
        if stream and not stream.closed:  # either may be missing
            stream.flush()
    process = 0
    try:
        with _uninterrupted(), warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # a progress bar has a thread, not needed there
            process = os.fork()
            if not process:
                _do(run)
    except KeyboardInterrupt:
        if process:
            stop(process)
        raise
    return process


def _do(run: Callable[[], None]) -> NoReturn:
    try:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is told to all; the first process ends the others
        run()
    finally:
        os._exit(0)  # nothing of the parent's may be done twice


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """Put off Ctrl-C: what Python does by itself at a fork (`os.register_at_fork`) would swallow it."""
    pressed: list[int] = []
    before = signal.signal(signal.SIGINT, lambda number, frame: pressed.append(number))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, signal.SIG_DFL if before is None else before)
        if pressed:
            signal.raise_signal(signal.SIGINT)


@contextmanager
def begun(work: Callable[[], T]) -> Iterator[Callable[[], T]]:
    """Begin ``work`` in a process beside this one; give what waits for it, and returns what it gave.

    What it raises on purpose (a `ToolkitError`) is raised then. Where there is no second processor, or that process
    dies, it is done here when it is asked for. What it gives is of nouns and plain values (`packed.dumps`). At the end
    of the ``with`` statement the process is ended, too, wherever it is.
    """
    pipe = None
    with suppress(OSError):  # there is no room for another one
        pipe = os.pipe() if can_fork() and processors() > 1 else None
    if not pipe:
        yield work
        return
    answer, answered = pipe

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
    with suppress(OSError):
        process = forked(run)
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
    with suppress(ChildProcessError):  # who started this process may have it forget those that ended
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
