"""All records of a run: which of their answers are copies of another's, told when the last one has been seen.

Work and memory grow with the number of records, not with that of pairs: texts that have numbers in common stand side by
side when the numbers are sorted, and each is compared with one that stood before it. The records themselves are not
held: those of which there may be something to tell are read again.
"""

from __future__ import annotations

from array import array
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from toolkit.clones.past import Past
from toolkit.clones.prints import INDEXED, Prints, Taker, number_of, with_capitals
from toolkit.clones.store import Store
from toolkit.clones.words import Names, alike, in_order, said
from toolkit.model import Batch, Fact, Record, Row

_NOBODY = 0xFFFFFFFF
_NEIGHBORS = 4
"""With so many of those that have the same number a text is compared."""
_PORTION = 50_000
"""So many texts are sorted together."""
_HELD = 50_000
"""So many texts are held at most to compare others with; that is enough for all but the oddest batch."""
_MANY, _MOST = 4, 0.5
"""So many answers, and this share of them, make one plan the copy of another (our default)."""
FEW_CLIENTS, SHARE = 3, 0.1
"""The same scores are told from so many clients and this share of those who have any on (our default)."""
FEW_PROGRAM, SHARE_PROGRAM = 5, 0.25
"""And the same list of interventions; programs that give everybody the same are left in peace below that."""


class _Texts:
    """The answers to one question, in the order of the records; each has a number, from 0 on."""

    __slots__ = ("followers", "others", "owners", "rows", "sizes", "values")

    def __init__(self) -> None:
        self.owners = array("I")
        """Of each text the number of its record."""
        self.rows = array("H")
        self.values = array("I")
        """The numbers by which it is found, `INDEXED` of each."""
        self.others = array("I")
        """The earlier text that it may be a copy of; once they were compared, the first of its kind."""
        self.sizes = array("I")
        """Of the first of a kind, how many clients have it."""
        self.followers = array("I")
        """Of the first of a kind, the next that is another client's."""

    def add(self, owner: int, row: int, values: array[int]) -> None:
        """Take in one more text."""
        self.owners.append(owner)
        self.rows.append(row)
        self.values.extend(values)

    def find(self) -> bool:
        """Find for each text one that stands before it and may be alike; tell whether there is any."""
        count, values, owners = len(self.owners), self.values, self.owners
        self.others = array("I", [_NOBODY]) * count
        firsts: dict[int, int] = {}
        for number, words in enumerate(values[::INDEXED]):
            first = firsts.setdefault(words, number)
            if owners[first] != owners[number]:
                self.others[number] = first
        votes: Counter[int] = Counter()
        parts = 1 + len(firsts) // _PORTION
        for part in range(parts):
            _vote(votes, sorted(self._entries(firsts.values(), part, parts)))
        best: dict[int, int] = {}
        for pair, count in votes.items():
            number, other = pair >> 32, pair & _NOBODY
            if owners[number] != owners[other] and count > best.get(number, 0):
                best[number] = count
                self.others[number] = other
        self.values = array("I")
        return any(other != _NOBODY for other in self.others)

    def _entries(self, numbers: Iterable[int], part: int, parts: int) -> Iterator[int]:
        for number in numbers:
            for value in self.values[number * INDEXED + 1 : (number + 1) * INDEXED]:
                if value and value % parts == part:
                    yield value << 32 | number

    def gather(self) -> None:
        """Lead each text to the first of its kind, and count the clients of each kind."""
        count = len(self.owners)
        self.sizes = array("I", [0]) * count
        self.followers = array("I", [_NOBODY]) * count
        last = array("I", [_NOBODY]) * count
        for number, other in enumerate(self.others):
            first = number
            if other != _NOBODY:
                first = self.others[other] if self.others[other] != _NOBODY else other
                self.others[number] = first
            owner = self.owners[number]
            if last[first] != owner:
                last[first] = owner
                self.sizes[first] += 1
            if self.followers[first] == _NOBODY and owner != self.owners[first]:
                self.followers[first] = number

    def kind(self, number: int) -> tuple[int, int]:
        """Return another client's record with a text of the same kind, and how many clients have it."""
        first = number if self.others[number] == _NOBODY else self.others[number]
        other = self.followers[first] if self.owners[first] == self.owners[number] else first
        return (_NOBODY, 1) if other == _NOBODY else (self.owners[other], self.sizes[first])


def _vote(votes: Counter[int], entries: Iterable[int]) -> None:
    """Count for each text some of those before it that have the same value: the first of them, and the last ones."""
    value = -1
    same: list[int] = []
    for entry in entries:
        number = entry & _NOBODY
        if entry >> 32 != value:
            value, same = entry >> 32, [number]
        else:
            for other in same:
                votes[number << 32 | other] += 1
            if len(same) >= _NEIGHBORS:
                del same[1]
            same.append(number)


class _Spot(NamedTuple):
    """A text of the record in hand, and where it is kept."""

    row: Row
    name: str
    question: int
    number: int
    text: str


class _Held(NamedTuple):
    """A text with which others are compared."""

    words: str
    text: str
    names: frozenset[str]
    """What the client is called."""


class Crowd:
    """Takes in the `Prints` of each record in turn, and tells at the end what is a copy.

    With a ``store`` they are also compared with those of earlier runs, which must be of a `Taker` that keeps them.
    """

    def __init__(self, taker: Taker, store: Store | None = None) -> None:
        self._taker = taker
        self._ids: list[str] = []
        self._texts: defaultdict[int, _Texts] = defaultdict(_Texts)
        self._counts = array("H")
        """Of each record, how many of its texts are compared."""
        self._names, self._named = array("Q"), array("I")
        self._mentions, self._mentioning = array("Q"), array("I")
        self._scores, self._methods = array("Q"), array("Q")
        self._strangers: dict[int, dict[int, int]] = {}
        """Of each record that names another client, the names (their numbers) and whose they are."""
        self._past = Past(taker, store) if store else None

    def add(self, record: str, prints: Prints | None) -> None:
        """Take in the prints of the next record, None where it could not be judged."""
        prints = prints or Prints()
        number = len(self._ids)
        self._ids.append(record)
        self._scores.append(prints.scores)
        self._methods.append(prints.methods)
        self._names.extend(prints.names)
        self._named.extend([number] * len(prints.names))
        self._mentions.extend(prints.mentions)
        self._mentioning.extend([number] * len(prints.mentions))
        found, width = array("I"), self._taker.width
        found.frombytes(prints.texts)
        self._counts.append(len(found) // width)
        for start in range(0, len(found), width):
            question, row = found[start] >> 16, found[start] & 0xFFFF
            self._texts[question].add(number, row, found[start + 1 : start + 1 + INDEXED])
        if self._past:
            self._past.add(record, prints.day, found)

    # --- what was found --------------------------------------------------------------------------------------------

    def found(self, batch: Batch) -> Iterator[tuple[Record, tuple[Fact, ...]]]:
        """Yield each record of ``batch`` of which there is something to tell, with that. To be asked once."""
        if self._past:
            self._past.compare()
        self._find_strangers()
        found = {question: texts for question, texts in self._texts.items() if texts.find()}
        self._texts.clear()
        self._compare(batch, found)
        scores = _shared(self._scores, FEW_CLIENTS, SHARE)
        methods = _shared(self._methods, FEW_PROGRAM, SHARE_PROGRAM)
        at: dict[int, int] = {}
        for number, record in self._again(batch, self._to_tell(found, scores, methods)):
            facts = [*self._copies(number, record, found, at), *self._of_strangers(number, record)]
            if not any(fact.kind == "same_text" and not fact.path for fact in facts):  # else that follows from it
                facts += self._same("same_scores", record, "objectives", "baseline", scores.get(self._scores[number]))
                facts += self._same(
                    "same_methods", record, "interventions", "technique", methods.get(self._methods[number])
                )
            if self._past and number in self._past.copied:
                section, _, name = self._taker.dated.partition(".")
                row = record.one(section)
                place = row.place(name) if row else record.origin.place()
                facts.append(Fact("copied_plan", place, self._taker.dated))
            if facts:
                yield record, tuple(facts)

    def _again(self, batch: Batch, flags: bytearray) -> Iterator[tuple[int, Record]]:
        """Yield the flagged records once more, with their numbers."""
        records = batch.records
        if isinstance(records, Sequence):
            yield from ((number, records[number]) for number, flag in enumerate(flags) if flag)
        elif any(flags):
            yield from ((number, record) for number, record in enumerate(records) if flags[number])

    def _spots(self, number: int, record: Record, kept: Mapping[int, _Texts], at: dict[int, int]) -> Iterator[_Spot]:
        """Yield the texts of a record that are ``kept``; records come in their order, ``at`` says how far they are."""
        mine: dict[tuple[int, int], int] = {}
        for question, texts in kept.items():
            here, owners = at.get(question, 0), texts.owners
            while here < len(owners) and owners[here] <= number:
                if owners[here] == number:
                    mine[question, texts.rows[here]] = here
                here += 1
            at[question] = here
        for row, name, question, text in self._taker.texts(record):
            place = mine.get((question, row.ordinal))
            if place is not None:
                yield _Spot(row, name, question, place, text)

    def _compare(self, batch: Batch, found: Mapping[int, _Texts]) -> None:
        """Look at the texts themselves: those that are not alike part; then gather each kind at its first text."""
        flags = bytearray(len(self._ids))
        wanted: dict[int, set[int]] = {}
        for question, texts in found.items():
            wanted[question] = set(texts.others) - {_NOBODY}
            for number, other in enumerate(texts.others):
                if other != _NOBODY:
                    flags[texts.owners[number]] = flags[texts.owners[other]] = 1
        held: dict[tuple[int, int], _Held] = {}
        at: dict[int, int] = {}
        for number, record in self._again(batch, flags):
            names = Names.of(record)
            for spot in self._spots(number, record, found, at):
                own = _Held(in_order(said(spot.text, names.left_out)), spot.text, names.own | names.words)
                texts = found[spot.question]
                first = texts.others[spot.number]
                if first != _NOBODY:
                    before, owner = held.get((spot.question, first)), texts.owners[first]
                    is_same = self._ids[owner] == record.id
                    if before is None or is_same or not alike(own.words, before.words):
                        texts.others[spot.number] = _NOBODY
                    else:
                        self._note_names(own, number, before, owner)
                        self._note_names(before, owner, own, number)
                if spot.number in wanted[spot.question] and len(held) < _HELD:
                    held[spot.question, spot.number] = own
        for texts in found.values():
            texts.gather()

    def _note_names(self, own: _Held, number: int, other: _Held, owner: int) -> None:
        """Note that a text, like one of another client, holds a name of theirs."""
        for word in with_capitals(own.text) & (other.names - own.names):
            self._strangers.setdefault(number, {})[number_of(word)] = owner

    def _find_strangers(self) -> None:
        """Find the records that name another client by first and last name."""
        called = dict(zip(reversed(self._names), reversed(self._named), strict=True))
        for name, number in zip(self._mentions, self._mentioning, strict=True):
            other = called.get(name, number)
            if self._ids[other] != self._ids[number]:
                self._strangers.setdefault(number, {})[name] = other

    def _to_tell(self, found: Mapping[int, _Texts], *shared: Mapping[int, _Shared]) -> bytearray:
        """Return a flag for each record of which there is something to tell."""
        flags = bytearray(len(self._ids))
        for texts in found.values():
            for number, other in enumerate(texts.others):
                if other != _NOBODY:
                    flags[texts.owners[number]] = flags[texts.owners[other]] = 1
        for number in (*self._strangers, *(self._past.told if self._past else ())):
            flags[number] = 1
        for each, told in zip((self._scores, self._methods), shared, strict=True):
            for number, one in enumerate(each):
                flags[number] |= one in told
        return flags

    # --- facts -----------------------------------------------------------------------------------------------------

    def _copies(self, number: int, record: Record, found: Mapping[int, _Texts], at: dict[int, int]) -> Iterator[Fact]:
        """Yield the answers of a record that others have too; one fact where that is most of the plan."""
        copies: list[tuple[_Spot, str, int]] = []
        earlier = self._past.like(number) if self._past else ()
        for spot in self._spots(number, record, found, at):
            owner, clients = found[spot.question].kind(spot.number)
            if owner != _NOBODY and self._ids[owner] != record.id:
                copies.append((spot, self._ids[owner], clients))
        seen = {(spot.question, spot.row.ordinal) for spot, _, _ in copies}
        for row, name, question, text in self._taker.texts(record) if earlier else ():
            if (question, row.ordinal) in earlier and (question, row.ordinal) not in seen:
                copies.append((_Spot(row, name, question, 0, text), _EARLIER, 2))
        ((most, times),) = Counter(other for _, other, _ in copies).most_common(1) or (("", 0),)
        if times >= _MANY and times >= _MOST * self._counts[number]:
            clients = min(many for _, other, many in copies if other == most)
            show = {"answers": f"{times} of {self._counts[number]}", **_alike_in(most, clients)}
            yield Fact("same_text", record.origin.place(), show=show)
            copies = [one for one in copies if one[1] != most]
        for spot, other, clients in copies:
            yield Fact(
                "same_text",
                spot.row.place(spot.name),
                self._taker.paths[spot.question],
                show=_alike_in(other, clients),
            )

    def _of_strangers(self, number: int, record: Record) -> Iterator[Fact]:
        """Yield the texts of a record in which another client is named."""
        called = self._strangers.get(number)
        if not called:
            return
        names = Names.of(record)
        for row, name, question, text in self._taker.texts(record):
            words = {*self._taker.mentions(text, names, record), *with_capitals(text)}
            owners = {called[one] for one in map(number_of, words) if one in called}
            if owners:
                others = ", ".join(self._ids[one] for one in sorted(owners))
                yield Fact("other_client", row.place(name), self._taker.paths[question], show={"of the client": others})

    def _same(self, kind: str, record: Record, section: str, name: str, shared: _Shared | None) -> Iterator[Fact]:
        """Yield what a record has in common with ``shared``, at its first row of ``section`` that has the answer."""
        row = next((row for row in record.all(section) if row.get(name) is not None), None)
        if shared and row is not None:
            first, second, clients = shared
            other = self._ids[second] if self._ids[first] == record.id else self._ids[first]
            yield Fact(kind, row.place(name), f"{section}.{name}", show=_alike_in(other, clients))


_EARLIER = "another client’s plan of an earlier run"


class _Shared(NamedTuple):
    """The first two records with the same list, and how many have it."""

    first: int
    second: int
    clients: int


def _alike_in(other: str, clients: int) -> dict[str, str]:
    return {"the same in": f"{other} and {clients - 2} more" if clients > 2 else other}


def _shared(numbers: Sequence[int], least: int, share: float) -> dict[int, _Shared]:
    """Return which lists are those of so many records, and of such a share of those that have one."""
    counts = Counter(number for number in numbers if number)
    enough = max(least, share * counts.total())
    found: dict[int, _Shared] = {}
    for number, one in enumerate(numbers):
        if one and counts[one] >= enough:
            known = found.get(one)
            if known is None:
                found[one] = _Shared(number, number, counts[one])
            elif known.second == known.first:
                found[one] = known._replace(second=number)
    return found
