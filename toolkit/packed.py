"""Lists of what a run tells that stay small however many clients there are: kept packed, those of very large runs in a
temporary file, and sorted without holding all.
"""

from __future__ import annotations

import pickle
import weakref
import zlib
from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence, Sized
from heapq import merge
from itertools import islice
from operator import eq
from tempfile import SpooledTemporaryFile, gettempdir
from typing import Any, TypeVar, overload

from toolkit.errors import WriteError

T = TypeVar("T")
_BLOCK = 256
"""How many items are packed together."""
_FEW = 16 * _BLOCK
"""So many items are held as they are: most runs have no more to tell, and packing takes time."""
_HELD = 1 << 20
"""So many bytes of packed items are held; with more they go to a temporary file."""
_RUN, _RUN_BLOCK = 1_024, 8
"""How many items are sorted at a time; and packed together, for one block of each such run is unpacked at once."""


def dumps(value: Any) -> bytes:
    """Return ``value``, of nouns and plain values, as bytes for `loads`."""
    return pickle.dumps(value, pickle.HIGHEST_PROTOCOL)


def loads(data: bytes) -> Any:
    """Return the value of which this very process, or one that it forked, made the bytes ``data`` with `dumps`."""
    return pickle.loads(data)  # noqa: S301 these bytes never were outside of the program


class Listing(Sequence[T]):
    """A sequence that is gone through from its beginning each time; equal to any other of the same items."""

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def __bool__(self) -> bool:
        return any(True for _ in self)

    @overload
    def __getitem__(self, index: int) -> T: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[T]: ...
    def __getitem__(self, index: int | slice) -> T | Sequence[T]:
        if isinstance(index, slice):
            return list(self)[index]
        number = range(len(self))[index]
        return next(islice(self, number, None))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and len(self) == len(other) and all(map(eq, self, other))

    __hash__ = None  # type: ignore[assignment]


class Blocks:
    """Bytes that are put aside one after another: the first of them in memory, more than that in a temporary file.

    That file has no name, nobody else may read it, and it is gone with the program however that ends.
    """

    def __init__(self) -> None:
        self._file = SpooledTemporaryFile(max_size=_HELD)  # noqa: SIM115 closed with the object
        self._ends = array("Q", [0])
        weakref.finalize(self, self._file.close)

    def put(self, data: bytes) -> int:
        """Put ``data`` aside; return its number. Raises WriteError where there is no room."""
        try:
            self._file.seek(self._ends[-1])
            self._file.write(data)
            self._file.flush()
        except OSError as error:
            raise WriteError(
                f"There is no room for what this run has to remember in {gettempdir()}: {error.strerror}. "
                f"Make room there, or name another folder in the environment variable TMPDIR, and run again."
            ) from error
        self._ends.append(self._ends[-1] + len(data))
        return len(self._ends) - 2

    def get(self, number: int) -> bytes:
        """Return what was put aside under this number."""
        start, end = self._ends[number : number + 2]
        self._file.seek(start)
        return self._file.read(end - start)


class Packed(Listing[T]):
    """A list that only grows. Of many items all but the last few are held packed, at a small part of their size.

    Several lists may put what they pack into the same ``blocks``; ``size`` is how many items are packed together, and
    ``few`` (a multiple of it) so many are held as they are. Adding to it raises WriteError as `Blocks.put`.
    """

    def __init__(
        self, items: Iterable[T] = (), blocks: Blocks | None = None, size: int = _BLOCK, few: int = _FEW
    ) -> None:
        self._blocks = blocks or Blocks()
        self._size, self._room = size, few
        self._numbers = array("I")
        self._last: list[T] = []
        self.extend(items)

    def append(self, item: T) -> None:
        """Add ``item`` at the end."""
        self._last.append(item)
        if len(self._last) == self._room:
            for start in range(0, self._room, self._size):
                block = self._last[start : start + self._size]
                self._numbers.append(self._blocks.put(zlib.compress(dumps(block), 6)))
            self._last, self._room = [], self._size

    def extend(self, items: Iterable[T]) -> None:
        """Add ``items`` at the end."""
        for item in items:
            self.append(item)

    def __iter__(self) -> Iterator[T]:
        for number in self._numbers:
            yield from loads(zlib.decompress(self._blocks.get(number)))
        yield from self._last

    def __len__(self) -> int:
        return len(self._numbers) * self._size + len(self._last)


class Part(Listing[T]):
    """Those items of a sequence for which ``belongs`` is true, looked up each time they are asked for."""

    def __init__(self, items: Sequence[T], belongs: Callable[[T], bool]) -> None:
        self._items = items
        self._belongs = belongs

    def __iter__(self) -> Iterator[T]:
        return filter(self._belongs, self._items)


def ordered(items: Iterable[T], key: Callable[[T], Any]) -> Iterator[T]:
    """Yield ``items`` sorted by ``key``, equal ones in their own order; only a few thousand are held at once."""
    if isinstance(items, Sized) and len(items) <= _FEW:
        return iter(sorted(items, key=key))
    several, blocks = iter(items), Blocks()
    runs: list[Iterable[T]] = []
    while run := sorted(islice(several, _RUN), key=key):
        if len(run) < _RUN and not runs:
            return iter(run)
        runs.append(Packed(run, blocks, _RUN_BLOCK, few=_RUN_BLOCK))
    return merge(*runs, key=key)
