"""What follows from rows that many records have in common, such as staff: worked out once, and not for each record."""

from __future__ import annotations

from collections.abc import Callable
from operator import is_
from typing import Generic, TypeVar

T = TypeVar("T")


class Last(Generic[T]):
    """What was worked out last, and of what: it is given again as long as it is asked of the very same things."""

    __slots__ = ("_last",)

    def __init__(self) -> None:
        self._last: tuple[tuple[object, ...], T] | None = None

    def of(self, things: tuple[object, ...], work: Callable[[], T]) -> T:
        """Return what ``work`` gives of ``things``, which are the same if they are the same objects."""
        last = self._last
        if last is None or len(last[0]) != len(things) or not all(map(is_, last[0], things)):
            # the things are held, so that no other can be taken for one of them; both are set at once, for threads
            last = self._last = (things, work())
        return last[1]
