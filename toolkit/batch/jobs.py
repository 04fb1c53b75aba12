"""Several processes for one run: each works on some of the records, one alone takes in what they did, in order."""

from __future__ import annotations

import gc
import os
import select
import struct
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence, Sized
from contextlib import suppress
from typing import Any, Generic, TypeVar

from msgspec import Struct, field

from toolkit.beside import can_fork, exactly, forked, processors, received, send, stop, widen
from toolkit.errors import ToolkitError
from toolkit.model import Batch, Record

T = TypeVar("T")
MOST = 8
"""More processes than the one that writes can keep busy."""
FEW = 24
"""So few records are done before a second process would be at work."""
_AHEAD, _AHEAD_FIRST = 4, 12
"""So many portions are given to a helper in advance, and so many at first: it need not wait while the one that gives
them is at work, or makes ready what comes afterwards. Near the end it is fewer, so that all come to an end at once."""
_WINDOW = 16
"""So many portions for each process may be begun before their turn, so that memory stays flat."""
FEW_AS_PDF = 6
"""So few, where PDFs are made of them."""
_NUMBER = struct.Struct("<Q")


def jobs_for(batch: Batch, asked: int = 0, few: int = FEW) -> int:
    """Return how many processes to use: as many as are ``asked`` for, or 0 for what suits machine and records.

    One is enough for less than ``few`` records.
    """
    if not can_fork():
        return 1
    if asked:
        return asked
    return 1 if _number_of(batch) < few else min(processors(), MOST)


def _number_of(batch: Batch) -> int:
    """Return how many records there are, and so about how many portions; 0 where that is not known."""
    return len(batch.records) if isinstance(batch.records, Sized) else 0


def worked(
    batch: Batch,
    work: Callable[[Record], T],
    jobs: int,
    left: Callable[[], None] = lambda: None,
    meanwhile: Callable[[], None] = lambda: None,
) -> Iterator[T]:
    """Yield what ``work`` gives for each record, in their order, done by ``jobs`` processes, of which this one is one.

    Each of the others calls ``left`` first, to let go of what is its parent's alone; this one calls ``meanwhile``
    when they are at work, to make ready what comes afterwards. What was given to one that died is done here. What
    `work` raises on purpose (a `ToolkitError`) is raised when its turn comes.
    """
    if jobs < 2:
        yield from map(work, batch)
        return
    helpers: list[_Helper[T]] = []
    try:
        with suppress(OSError):  # there is no room for more: those that there are do it
            for _ in range(jobs - 1):
                helpers.append(_started(batch, work, left, helpers))
        for done in _in_turn(_Own(batch, work), helpers, meanwhile, _number_of(batch)):
            if isinstance(done, ToolkitError):
                raise done
            yield from done
    finally:
        for helper in helpers:
            helper.stop()


def _in_turn(
    own: _Own[T], helpers: Sequence[_Helper[T]], meanwhile: Callable[[], None], total: int
) -> Iterator[list[T] | ToolkitError]:
    """Yield what was done on each portion, by the ``helpers`` or, while they are at it, by ``own``.

    ``meanwhile`` is called once, when they have the first portions. There are about ``total``, 0 where nobody knows.
    """
    alive, window = list(helpers), _WINDOW * (len(helpers) + 1)
    done: dict[int, _Done[T]] = {}
    turn = given = 0

    def give(most: int) -> None:
        nonlocal given
        for helper in alive:
            while given < turn + window:
                left = (total - given) // (2 * len(helpers) + 2) if total else most
                if len(helper.given) >= max(1, min(most, left)):
                    break
                helper.give(given)
                given += 1

    give(_AHEAD_FIRST)
    meanwhile()
    while True:
        give(_AHEAD)
        waits = turn not in done and given == turn + window
        for helper in [one for one in alive if one.has_done() or (waits and turn in one.given)]:
            number = helper.given[0]
            try:
                done[number] = helper.received()
            except EOFError:
                alive.remove(helper)
                done |= {number: own.again(number) for number in helper.given}
        if turn in done:
            portion = done.pop(turn)
            if portion is None:
                return
            yield portion
            turn += 1
        elif given < turn + window:
            done[given] = own.on(given)
            given += 1


_Done = list[T] | ToolkitError | None
"""What the work on a portion gave, or raised on purpose; None where there is no such portion."""


class _Own(Generic[T]):
    """The work that is done here."""

    def __init__(self, batch: Batch, work: Callable[[Record], T]) -> None:
        self._batch, self._work = batch, work
        self._number = 0
        self._portions = batch.portions(iter(lambda: self._number, -1))

    def on(self, number: int) -> _Done[T]:
        """Return what the work on the portion ``number`` gives; numbers rise."""
        self._number = number
        return _done(self._portions, self._work)

    def again(self, number: int) -> _Done[T]:
        """Return what the work on any portion gives."""
        return _done(self._batch.portions((number,)), self._work)


def _done(portions: Iterator[Iterable[Record]], work: Callable[[Record], T]) -> _Done[T]:
    """Return what ``work`` gives on the next of ``portions``."""
    try:
        portion = next(portions, None)
        return None if portion is None else [work(record) for record in portion]
    except ToolkitError as error:
        return error


class _Helper(Struct, Generic[T], frozen=True):
    """A process at work, the pipe by which it is given the numbers of portions, and the one by which it answers."""

    process: int
    numbers: int
    answers: int
    given: deque[int] = field(default_factory=deque)
    """The portions that it has not answered yet; it does so in their order."""

    def give(self, number: int) -> None:
        """Ask for the portion ``number``; one that has died is found out when it does not answer."""
        self.given.append(number)
        with suppress(BrokenPipeError):
            os.write(self.numbers, _NUMBER.pack(number))

    def has_done(self) -> bool:
        """Tell whether it answers now, or has died."""
        return bool(self.given) and bool(select.select([self.answers], [], [], 0)[0])

    def received(self) -> _Done[T]:
        """Return its answer to the first number given; raises EOFError where the process died."""
        found: _Done[T] = received(self.answers)
        self.given.popleft()
        return found

    def close(self) -> None:
        """Let go of its pipes."""
        os.close(self.numbers)
        os.close(self.answers)

    def stop(self) -> None:
        """End the process, wherever it is."""
        self.close()
        stop(self.process)


def _started(
    batch: Batch, work: Callable[[Record], T], left: Callable[[], None], others: Iterable[_Helper[T]]
) -> _Helper[T]:
    """Start a process that works on the portions that it is given; raises OSError where there is no room for it."""
    pipes: list[int] = []

    def run() -> None:
        for other in others:
            other.close()  # else the numbers would not end where the parent does
        os.close(numbers)
        os.close(answers)
        left()
        gc.freeze()  # what the parent made is shared: looking through it would copy it
        widen(answered)
        _answer(batch, work, asked, answered)

    try:
        for _ in range(2):
            pipes += os.pipe()
        asked, numbers, answers, answered = pipes
        process = forked(run)
    except OSError:
        for end in pipes:
            os.close(end)
        raise
    os.close(asked)
    os.close(answered)
    return _Helper(process, numbers, answers)


def _answer(batch: Batch, work: Callable[[Record], Any], asked: int, answered: int) -> None:
    """Work on the portions whose numbers come in by ``asked``, to the end of them."""
    numbers = _numbers(asked)
    portions = batch.portions(numbers)
    done: Any = ()
    while done is not None and not isinstance(done, ToolkitError):
        done = _done(portions, work)
        send(answered, done)
    for _ in numbers:
        send(answered, None)


def _numbers(pipe: int) -> Iterator[int]:
    with suppress(EOFError):
        while True:
            yield _NUMBER.unpack(exactly(_NUMBER.size, pipe))[0]
