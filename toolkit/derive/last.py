"""What follows from rows that many records have in common, such as staff: worked out once, and not for each record."""

from __future__ import annotations

from collections.abc import Callable
from operator import is_
from typing import Generic, TypeVar

T = TypeVar("T")


class Last(Generic[T]):
    """What was worked out last, and of what: it is given again as long as it is asked of the very same things."""

    __slots__ = ("_found", "_things")

    def __init__(self) -> None:
        self._things: tuple[object, ...] | None = None
        self._found: T

    def of(self, things: tuple[object, ...], work: Callable[[], T]) -> T:
        """Return what ``work`` gives of ``things``, which are the same if they are the same objects."""
        known = self._things
        if known is None or len(known) != len(things) or not all(map(is_, known, things)):
            self._found = work()
            self._things = things  # held, so that no other thing can be taken for one of them
        return self._found
