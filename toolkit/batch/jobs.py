"""Several processes for one run: each works on some of the records, one alone takes in what they did, in order.

Each process works on a block of records a step at a time: all of the block are judged, then all are printed, and so on.
What a step needs is then at hand in the processor for all of them, which takes a sixth of the time less.
"""

from __future__ import annotations

import gc
import os
import select
import struct
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence, Sized
from contextlib import suppress
from itertools import chain, count, islice
from typing import Any, Generic, NamedTuple, TypeVar

from msgspec import Struct, field

from toolkit.beside import can_fork, exactly, forked, processors, received, send, stop, widen
from toolkit.errors import ToolkitError
from toolkit.model import Batch, Record

T = TypeVar("T")
Steps = Generator[None, None, T]
"""Work on a record, which stops after each step so that the same is done for others, and returns what it gave."""
_ON_PIPE = struct.Struct("<QQ")
"""A `_Block`, as it goes through a pipe."""
MOST = 8
"""More processes than the one that writes can keep busy."""
FEW = 24
"""So few records are done before a second process would be at work."""
FEW_AS_PDF = 6
"""So few, where PDFs are made of them."""
BLOCK = 8
"""So many portions are worked on together; near the end fewer, so that all processes come to an end at once."""
_AHEAD, _AHEAD_FIRST = 2, 3
"""So many blocks are given to a helper in advance, and so many at first: it need not wait while the one that gives
them is at work, or makes ready what comes afterwards."""
_WINDOW = 16
"""So many portions for each process may be begun before their turn, and a block, so that memory stays flat."""


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
    work: Callable[[Record], Steps[T]],
    jobs: int,
    left: Callable[[], None] = lambda: None,
    meanwhile: Callable[[], None] = lambda: None,
    together: int = BLOCK,
) -> Generator[T, None, None]:
    """Yield what ``work`` gives for each record, in their order, done by ``jobs`` processes, of which this one is one.

    Each of the others calls ``left`` first, to let go of what is its parent's alone; this one calls ``meanwhile``
    when they are at work, to make ready what comes afterwards. What was given to one that died is done here. What
    `work` raises on purpose (a `ToolkitError`) is raised when its turn comes. ``together`` is how many portions each
    works on at a time at most. When the generator is closed, the other processes are ended.
    """
    own = _Own(batch, work)
    first = own.on(_Block(0, 1))  # so that what is worked out once for all is there before there are others
    helpers: list[_Helper[T]] = []
    try:
        with suppress(OSError):  # there is no room for more: those that there are do it
            for _ in range(0 if first.ends else jobs - 1):
                helpers.append(_started(batch, work, left, helpers))
        others = () if first.ends else _in_turn(own, helpers, meanwhile, together, _number_of(batch))
        for done in chain((first,), others):
            yield from done.given
            if done.error:
                raise done.error
    finally:
        for helper in helpers:
            helper.stop()


class _Block(NamedTuple):
    """Portions that are worked on together: the number of the first, and how many they are at most."""

    first: int
    length: int


class _Done(Struct, Generic[T]):
    """What the work on a block gave, up to where it raised something on purpose."""

    given: list[T]
    error: ToolkitError | None = None
    last: bool = False
    """True where the records end in the block, or before it."""

    @property
    def ends(self) -> bool:
        """True where nothing comes after it."""
        return self.last or self.error is not None


def _in_turn(
    own: _Own[T], helpers: Sequence[_Helper[T]], meanwhile: Callable[[], None], most: int, total: int
) -> Iterator[_Done[T]]:
    """Yield what was done on the blocks after the first portion, by the ``helpers`` or, while they are at it, by
    ``own``.

    ``meanwhile`` is called once, when they have the first blocks, each of ``most`` portions at most. There are about
    ``total`` portions, 0 where nobody knows.
    """
    alive, processes = list(helpers), len(helpers) + 1
    begun: deque[_Block] = deque()
    done: dict[_Block, _Done[T]] = {}
    ahead, following = _AHEAD_FIRST, 1

    def may_begin() -> bool:
        return not begun or following < begun[0].first + (_WINDOW + most) * processes

    def begin() -> _Block:
        nonlocal following
        block = _Block(following, max(1, min(most, (total - following) // (4 * processes))) if total else most)
        following += block.length
        begun.append(block)
        return block

    def look(at: Iterable[_Helper[T]] = ()) -> None:
        """Take in what helpers have done, and wait for those to look ``at``; give each of them enough to do."""
        for helper in [one for one in alive if one in at or one.has_done()]:
            block = helper.given[0]
            try:
                done[block] = helper.received()
            except EOFError:
                alive.remove(helper)
                done.update((lost, own.again(lost)) for lost in helper.given)
        for helper in alive:
            while len(helper.given) < ahead and may_begin():
                helper.give(begin())

    look()
    meanwhile()
    ahead = _AHEAD
    while True:
        look()
        if begun and begun[0] in done:
            found = done.pop(begun.popleft())
            yield found
            if found.ends:
                return
        elif may_begin():
            block = begin()
            done[block] = own.on(block, look)
        else:
            look([one for one in alive if begun[0] in one.given])


class _Own(Generic[T]):
    """The work in the process that has it: the one that writes, or a helper."""

    def __init__(self, batch: Batch, work: Callable[[Record], Steps[T]]) -> None:
        self._batch, self._work = batch, work
        self._numbers: deque[int] = deque()
        self._portions = batch.portions(iter(self._numbers.popleft, None))

    def on(self, block: _Block, between: Callable[[], None] = lambda: None) -> _Done[T]:
        """Return what the work on ``block`` gives; its numbers rise. ``between`` is called after each step."""
        self._numbers.extend(range(block.first, block.first + block.length))
        return self._done(self._portions, block.length, between)

    def again(self, block: _Block) -> _Done[T]:
        """Return what the work on any block gives."""
        return self._done(self._batch.portions(count(block.first)), block.length)

    def _done(
        self, portions: Iterator[Iterable[Record]], most: int, between: Callable[[], None] = lambda: None
    ) -> _Done[T]:
        """Return what the work on ``most`` of the ``portions`` gives."""
        works: list[Steps[T]] = []
        taken, error = 0, None
        try:
            for portion in islice(portions, most):
                taken += 1
                for record in portion:
                    works.append(self._work(record))
        except ToolkitError as raised:
            error = raised
        given, earlier = _in_step(works, between)
        return _Done(given, earlier or error, last=taken < most)


def _in_step(works: Sequence[Steps[T]], between: Callable[[], None]) -> tuple[list[T], ToolkitError | None]:
    """Do a step of each of ``works`` in turn, to the end of all; return what they gave.

    Where one raises something on purpose, what those before it gave, and what it raised.
    """
    given: list[Any] = [None] * len(works)
    error = None
    going = [*enumerate(works)]
    while going:
        left = []
        for number, work in going:
            try:
                next(work)
                left.append((number, work))
            except StopIteration as end:
                given[number] = end.value
            except ToolkitError as raised:
                del given[number:]
                error = raised
                break
            between()
        going = left
    return given, error


class _Helper(Struct, Generic[T], frozen=True):
    """A process at work, the pipe by which it is given blocks, and the one by which it answers."""

    process: int
    blocks: int
    answers: int
    given: deque[_Block] = field(default_factory=deque)
    """The blocks that it has not answered yet; it does so in their order."""

    def give(self, block: _Block) -> None:
        """Ask for ``block``; one that has died is found out when it does not answer."""
        self.given.append(block)
        with suppress(BrokenPipeError):
            os.write(self.blocks, _ON_PIPE.pack(*block))

    def has_done(self) -> bool:
        """Tell whether it answers now, or has died."""
        return bool(self.given) and bool(select.select([self.answers], [], [], 0)[0])

    def received(self) -> _Done[T]:
        """Return its answer to the first block given; raises EOFError where the process died."""
        found: _Done[T] = received(self.answers)
        self.given.popleft()
        return found

    def close(self) -> None:
        """Let go of its pipes."""
        os.close(self.blocks)
        os.close(self.answers)

    def stop(self) -> None:
        """End the process, wherever it is."""
        self.close()
        stop(self.process)


def _started(
    batch: Batch, work: Callable[[Record], Steps[T]], left: Callable[[], None], others: Iterable[_Helper[T]]
) -> _Helper[T]:
    """Start a process that works on the blocks that it is given; raises OSError where there is no room for it."""
    pipes: list[int] = []

    def run() -> None:
        for other in others:
            other.close()  # else the blocks would not end where the parent does
        os.close(blocks)
        os.close(answers)
        left()
        gc.freeze()  # what the parent made is shared: looking through it would copy it
        widen(answered)
        _answer(batch, work, asked, answered)

    try:
        for _ in range(2):
            pipes += os.pipe()
        asked, blocks, answers, answered = pipes
        process = forked(run)
    except OSError:
        for end in pipes:
            os.close(end)
        raise
    os.close(asked)
    os.close(answered)
    return _Helper(process, blocks, answers)


def _answer(batch: Batch, work: Callable[[Record], Steps[Any]], asked: int, answered: int) -> None:
    """Work on the blocks that come in by ``asked``, to the end of them."""
    own = _Own(batch, work)
    with suppress(EOFError):
        while True:
            send(answered, own.on(_Block(*_ON_PIPE.unpack(exactly(_ON_PIPE.size, asked)))))
