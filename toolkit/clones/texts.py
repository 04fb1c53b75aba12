"""The answers of all records to one question: which of them may be copies, found by sorting a few numbers of each."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from toolkit.clones.prints import INDEXED, OF_ALL

NOBODY = 0xFFFFFFFF
"""Stands for no text, or no record."""
_NEIGHBORS = 4
"""With so many of those that have the same number a text is compared."""
WINDOW = 10_000
"""Among so many records that follow one another copies are looked for: what must be held stays small, however many
records there are."""
_RUNS = INDEXED - OF_ALL
_HEAPS = 8
"""On so many heaps the pairs of texts are put, which are counted heap by heap: that takes little room."""


class Texts:
    """The answers to one question in a window of records, in their order; each has a number, from 0 on."""

    __slots__ = ("others", "owners", "rows", "runs", "same", "sizes", "sure", "wanted")

    def __init__(self) -> None:
        self.owners = array("I")
        """Of each text the number of its record."""
        self.rows = array("B")
        self.same = array("Q")
        """Of each text a number that only one in the same words has."""
        self.runs = array("I")
        """Of each text the numbers of its runs of words."""
        self.others = array("I")
        """Of each text the earlier one that it may be a copy of; once they were gathered, the first of its kind, or at
        that one the next that is another client's."""
        self.sure = bytearray()
        """Of each text whether it is one, in the same words: it need not be compared. Once they were gathered, of each
        but the first of its kind whether it has the words of that."""
        self.wanted = bytearray()
        """Of each text whether another is to be compared with it."""
        self.sizes = array("I")
        """Of the first of a kind, how many clients have it; 0 of the others."""

    def add(self, owner: int, row: int, numbers: array[int]) -> None:
        """Take in one more text: its record, its row and its `INDEXED` numbers."""
        self.owners.append(owner)
        self.rows.append(row)
        self.same.append(numbers[0] << 32 | numbers[1])
        self.runs.extend(numbers[OF_ALL:])

    def find(self) -> bool:
        """Find for each text one that stands before it and may be alike, and forget their numbers; tell whether there
        is any.
        """
        self.others = array("I", [NOBODY]) * len(self.owners)
        pairs = [array("Q") for _ in range(_HEAPS)]
        _pair(pairs, sorted(self._entries()))
        for heap in pairs:
            self._take_best(Counter(heap))
        self.runs = array("I")
        both = sorted(same << 32 | number for number, same in enumerate(self.same))
        self.same = array("Q")
        self.sure, self.wanted = bytearray(len(self.owners)), bytearray(len(self.owners))
        same, first = -1, 0
        for one in both:
            number = one & NOBODY
            if one >> 32 != same:
                same, first = one >> 32, number
            elif self.owners[first] != self.owners[number]:
                self.others[number] = first
                self.sure[number] = 1
        return any(other != NOBODY for other in self.others)

    def _entries(self) -> Iterator[int]:
        """Yield each run with the text in which it stands; of those in the same words the first stands for all."""
        seen: set[int] = set()
        for number, same in enumerate(self.same):
            if same not in seen:
                seen.add(same)
                for run in self.runs[number * _RUNS : (number + 1) * _RUNS]:
                    if run:
                        yield run << 32 | number

    def _take_best(self, pairs: Mapping[int, int]) -> None:
        """Note for each text the one of another client that has most values in common with it, so many a pair."""
        best: dict[int, int] = {}
        for pair, count in pairs.items():
            number, other = pair >> 32, pair & NOBODY
            if self.owners[number] != self.owners[other] and count > best.get(number, 0):
                best[number] = count
                self.others[number] = other

    def to_compare(self) -> Iterator[tuple[int, int]]:
        """Yield each two texts that may be alike and must be compared for it; the second is `wanted` for the first."""
        for number, other in enumerate(self.others):
            if other != NOBODY and not self.sure[number]:
                self.wanted[other] = 1
                yield number, other

    def gather(self) -> None:
        """Lead each text to the first of its kind, that to the next client's, and count the clients of each kind."""
        self.wanted = bytearray()
        self.sizes = array("I", [0]) * len(self.owners)
        last = array("I", [NOBODY]) * len(self.owners)
        for number, owner in enumerate(self.owners):
            other = self.others[number]
            first = number if other == NOBODY else other if self.sizes[other] else self.others[other]
            if first != number:
                self.sure[number] &= other == first
                self.others[number] = first
                if self.others[first] == NOBODY and owner != self.owners[first]:
                    self.others[first] = number
            if last[first] != owner:
                last[first] = owner
                self.sizes[first] += 1

    def kind(self, number: int) -> tuple[int, int, bool]:
        """Return another client's record with a text of the same kind, how many clients have it, and whether both texts
        are in the same words.
        """
        first = number if self.sizes[number] else self.others[number]
        other = self.others[first] if self.owners[first] == self.owners[number] else first
        if other == NOBODY:
            return NOBODY, 1, False
        same = all(self.sure[one] for one in (number, other) if one != first)
        return self.owners[other], self.sizes[first], same


def _pair(pairs: Sequence[array[int]], entries: Iterable[int]) -> None:
    """Pair each text with some of those before it that have the same value: the first of them, and the last ones.

    All pairs of a text are put on the same of the heaps ``pairs``.
    """
    value = -1
    same: list[int] = []
    for entry in entries:
        number = entry & NOBODY
        if entry >> 32 != value:
            value, same = entry >> 32, [number]
        else:
            pairs[number % len(pairs)].extend([number << 32 | other for other in same])
            if len(same) >= _NEIGHBORS:
                del same[1]
            same.append(number)
