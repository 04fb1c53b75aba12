"""What earlier runs kept: whether a plan is a copy of the client's last one, or an answer that of another client."""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping

from toolkit.clones.prints import INDEXED, KEPT, OF_ALL, SHORT, Taker
from toolkit.clones.store import Store

_WIDTH = 1 + KEPT
_ALIKE = 0.7
"""From this share of their numbers on two texts are nearly the same (our default)."""
_MANY, _MOST = 4, 0.8
"""So many answers, and this share of them, make a plan the copy of the client's last one (our default)."""

_Text = tuple[int, ...]
"""The numbers of a text: those of all its words, then those of runs of words, the lowest first; 0 for what is none."""


class Past:
    """Compares the plans of this run with those of earlier ones in ``store``, and notes them there.

    A plan of the same client and date is the same plan: it is compared with nothing, and takes that one's place.
    """

    def __init__(self, taker: Taker, store: Store) -> None:
        self._store = store
        self._questions = [store.question(path) for path in taker.paths]
        self._plans: list[bytes] = []
        self._own: list[bytes] = []
        """Of each record what is kept: its plan, and whose it is with the texts."""
        self._rows: list[bytes] = []
        """Which rows these are, in the same order."""
        self._like: dict[int, dict[tuple[int, int], bool]] = {}
        self.copied: set[int] = set()
        """The records whose plan is a copy of the same client's last one."""

    def add(self, record: str, day: str, found: array[int]) -> None:
        """Take in the next record: its id, the date of its plan, and its texts as `Prints` have them."""
        store, keyed = self._store, array("I")
        for start in range(0, len(found), _WIDTH):
            keyed.append(self._questions[found[start] >> 16 & ~SHORT])
            keyed.extend(store.keyed(one) if one else 0 for one in found[start + 1 : start + _WIDTH])
        self._plans.append(store.plan(record, day))
        self._own.append(store.who(record) + keyed.tobytes())
        self._rows.append(found[::_WIDTH].tobytes())

    @property
    def told(self) -> Collection[int]:
        """The records of which there is something to tell."""
        return self._like.keys() | self.copied

    def like(self, number: int) -> Mapping[tuple[int, int], bool]:
        """Return the question and row of each text of a record that is like one of another client, each with whether
        both are in the same words.
        """
        return self._like.get(number, {})

    def compare(self) -> None:
        """Compare what was taken in with what was kept, and keep it."""
        firsts = {value for own in self._own for _, text in _texts(own) for value in text[:INDEXED] if value}
        last: defaultdict[bytes, list[bytes]] = defaultdict(list)
        by_value: dict[tuple[int, int], tuple[bytes, _Text]] = {}
        known = set(self._plans)
        people = {own[:8] for own in self._own}
        for plan, kept in self._store.plans.items():
            if plan in known:
                continue
            if kept[:8] in people:
                last[kept[:8]].append(kept)
            for question, text in _texts(kept):
                for value in text[:INDEXED]:
                    if value in firsts:
                        by_value.setdefault((question, value), (kept[:8], text))
        for number, own in enumerate(self._own):
            texts = [*_texts(own)]
            if any(_is_copy(texts, kept) for kept in last.get(own[:8], ())):
                self.copied.add(number)
            rows = array("I")
            rows.frombytes(self._rows[number])
            for (question, text), row in zip(texts, rows, strict=True):
                if known_as := _like_of_others(own[:8], question, text, by_value):
                    same = any(text[:OF_ALL] == other[:OF_ALL] for other in known_as)
                    self._like.setdefault(number, {})[row >> 16, row & 0xFFFF] = same
        self._store.plans.update(zip(self._plans, self._own, strict=True))


def _texts(kept: bytes) -> Iterator[tuple[int, _Text]]:
    """Yield the question and the numbers of each text of a plan."""
    numbers = array("I")
    numbers.frombytes(kept[8:])
    for start in range(0, len(numbers), _WIDTH):
        yield numbers[start], tuple(numbers[start + 1 : start + _WIDTH])


def _are_alike(one: _Text, other: _Text) -> bool:
    if one[:OF_ALL] == other[:OF_ALL]:
        return True
    ours, theirs = set(one[OF_ALL:]) - {0}, set(other[OF_ALL:]) - {0}
    return len(ours & theirs) >= _ALIKE * max(len(ours), len(theirs), 1)


def _is_copy(texts: list[tuple[int, _Text]], kept: bytes) -> bool:
    """Tell whether most of ``texts``, the short ones apart, are those of a plan that was kept."""
    texts = [(question, text) for question, text in texts if any(text[OF_ALL:])]
    before: defaultdict[int, list[_Text]] = defaultdict(list)
    for question, text in _texts(kept):
        before[question].append(text)
    same = sum(any(_are_alike(text, other) for other in before.get(question, ())) for question, text in texts)
    return same >= _MANY and same >= _MOST * len(texts)


def _like_of_others(
    who: bytes, question: int, text: _Text, by_value: Mapping[tuple[int, int], tuple[bytes, _Text]]
) -> list[_Text]:
    """Return the texts of other clients that are nearly the same."""
    others = {by_value.get((question, value)) for value in text[:INDEXED]}
    return [other[1] for other in others if other and other[0] != who and _are_alike(text, other[1])]
