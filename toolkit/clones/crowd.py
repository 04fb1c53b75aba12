"""All records of a run: which of their answers are copies of another's, told when the last one has been seen.

Work and memory grow with the number of records, not with that of pairs: texts that have numbers in common stand side by
side when the numbers are sorted, and each is compared with few that stand before it. The records themselves are not
held: those whose texts must be looked at are read again, where there are many.
"""

from __future__ import annotations

from array import array
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, NamedTuple

from toolkit.clones.past import Past
from toolkit.clones.prints import INDEXED, MARKS, SHORT, Prints, Taker, at, mark_of, number_of, with_capitals
from toolkit.clones.store import Store
from toolkit.clones.texts import NOBODY, WINDOW, Texts
from toolkit.clones.words import Names, alike
from toolkit.model import Batch, Fact, Place, Record
from toolkit.packed import Packed

_HELD = 25_000
"""So many texts are held at most to compare others with; that is enough for all but the oddest batch."""
FEW = 2_000
"""Of so many records at most all texts are held, at some thousand bytes each; those of more are read again."""
_MANY, _MOST = 4, 0.5
"""So many answers, and this share of them, make one plan the copy of others (our default)."""
FEW_CLIENTS, SHARE = 3, 0.1
"""The same scores are told from so many clients and this share of those who have any on (our default)."""
FEW_PROGRAM, SHARE_PROGRAM = 5, 0.25
"""And the same list of interventions; programs that give everybody the same are left in peace below that."""
_EARLIER = "another client’s plan of an earlier run"


class Told(NamedTuple):
    """What there is to tell of one record."""

    record: Record
    """Without its rows, where all that there is to tell concerns the whole record."""
    initials: str
    facts: tuple[Fact, ...]


class _Copy(NamedTuple):
    """A text that is like that of another client."""

    question: int
    row: int
    other: str
    clients: int
    same: bool
    """Whether it has the same words."""

    @property
    def how(self) -> str:
        """How much it is like it, as `toolkit.model.Fact.fault` of a ``same_text``."""
        if not self.same:
            return "nearly"
        return "word for word" if self.question & SHORT else "the same words"


class _Shared(NamedTuple):
    """The first two records with the same list, and how many have it."""

    first: int
    second: int
    clients: int


class Crowd:
    """Takes in the `Prints` of each record of ``batch`` in turn, and tells at the end what is a copy.

    With a ``store`` they are also compared with those of earlier runs; then the ``taker`` must be one that keeps them.
    """

    def __init__(self, batch: Batch, taker: Taker, store: Store | None = None) -> None:
        self._batch = batch
        self._taker = taker
        self._ids = _Ids()
        self._about: Packed[tuple[Place, str]] = Packed()
        self._texts: defaultdict[int, Texts] = defaultdict(Texts)
        """The answers to each question in the window that is not full yet."""
        self._copies: Packed[tuple[_Copy, ...]] = Packed()
        """Of each record of the windows before, the texts that others have too."""
        self._words: list[Mapping[int, str]] = []
        """What `Prints.words` says of each record; none where there are many."""
        self._counts = array("H")
        """Of each record, how many of its texts are compared that are not short."""
        self._whole, self._named = array("Q"), array("I")
        self._mentions, self._mentioning = array("Q"), array("I")
        self._called, self._calls = array("Q"), array("I", [0])
        """Of the records of the window, all names, each word by itself; and where those of each record end."""
        self._capitals = bytearray()
        """And the marks of the words with capitals."""
        self._scores, self._methods = array("Q"), array("Q")
        self._strangers: dict[int, dict[int, int]] = {}
        """Of each record that may name another client, the names (their numbers) and whose they are."""
        self._accepting: set[int] = set()
        """The records with waivers of their own."""
        self._shared: tuple[Mapping[int, _Shared], Mapping[int, _Shared]] = ({}, {})
        """The lists of scores, and of methods, that several records have."""
        self._past = Past(taker, store) if store else None

    def add(self, record: str, place: Place, initials: str, prints: Prints | None) -> None:
        """Take in the prints of the next record, None where it could not be judged; and what it goes by."""
        prints = prints or Prints()
        number = len(self._ids)
        if number and number % WINDOW == 0:
            self._close_window()
        if number < FEW:
            self._words.append(prints.words)
        else:
            self._words.clear()
        self._ids.append(record)
        self._about.append((place, initials))
        if prints.accepted:
            self._accepting.add(number)
        self._scores.append(prints.scores)
        self._methods.append(prints.methods)
        self._whole.extend(prints.names)
        self._named.extend([number] * len(prints.names))
        self._mentions.extend(prints.mentions)
        self._mentioning.extend([number] * len(prints.mentions))
        self._called.extend(prints.called)
        self._calls.append(len(self._called))
        self._capitals += prints.capitals
        found, width = array("I"), self._taker.width
        found.frombytes(prints.texts)
        self._counts.append(sum(not one >> 16 & SHORT for one in found[::width]))
        for start in range(0, len(found), width):
            question, row = found[start] >> 16, found[start] & 0xFFFF
            self._texts[question].add(number, row, found[start + 1 : start + 1 + INDEXED])
        if self._past:
            self._past.add(record, prints.day, found)

    def __len__(self) -> int:
        """How many records there were."""
        return len(self._ids)

    def close(self) -> None:
        """Find what is alike, when the last record has been taken in."""
        if self._past:
            self._past.compare()
        self._close_window()
        self._find_strangers()
        self._shared = (
            _shared(self._scores, FEW_CLIENTS, SHARE),
            _shared(self._methods, FEW_PROGRAM, SHARE_PROGRAM),
        )

    def found(self, numbers: range) -> Iterator[Told]:
        """Yield what there is to tell of the records with the ``numbers``, counted from 0, in their order."""
        scores, methods = self._shared
        again = _Again(self._batch, self._ids)
        several = enumerate(zip(self._about, self._copies, strict=True))
        for number, ((place, initials), among) in islice(several, numbers.start, numbers.stop):
            copies = [*among, *self._copies_of_past(number, among)]
            whole = self._whole_plan(number, copies, place)
            same = () if whole else (scores.get(self._scores[number]), methods.get(self._methods[number]))
            copied = self._past is not None and number in self._past.copied
            accepts = bool(whole) and number in self._accepting
            if number in self._strangers or copied or any(same) or accepts or (copies and not whole):
                record = again.record(number)
                facts = (
                    *whole,
                    *(() if whole else self._at_cells(record, copies)),
                    *self._of_strangers(number, record),
                    *(
                        fact
                        for shared, where in zip(same, _LISTS, strict=False)
                        for fact in self._same(record, shared, where)
                    ),
                    *(self._copied_plan(record) if copied else ()),
                )
            else:
                record, facts = Record(self._ids[number], {}), whole
            if facts:
                yield Told(record, initials, facts)

    # --- what is alike ---------------------------------------------------------------------------------------------

    def _close_window(self) -> None:
        """Note which texts of the window are copies, and forget them all."""
        found = {question: texts for question, texts in self._texts.items() if texts.find()}
        self._texts.clear()
        self._compare(found)
        past: dict[int, int] = {}
        numbers = range(len(self._copies), len(self._ids))
        self._copies.extend(tuple(self._copies_of(number, found, past)) for number in numbers)
        self._called, self._calls, self._capitals = array("Q"), array("I", [0]), bytearray()

    def _compare(self, found: Mapping[int, Texts]) -> None:
        """Look at texts that may be alike: those that are not part. Then gather each kind at its first text."""
        numbers = {texts.owners[one] for texts in found.values() for pair in texts.to_compare() for one in pair}
        held: dict[tuple[int, int], str] = {}
        past: dict[int, int] = {}
        again = _Again(self._batch, self._ids)
        for number in sorted(numbers):
            own = self._words[number] if self._words else self._taker(again.record(number)).words
            for question, text in _texts_of(number, found, past):
                texts = found[question]
                other = texts.others[text]
                unsure = other != NOBODY and not texts.sure[text]
                if not unsure and not texts.wanted[text]:
                    continue
                words = own.get(at(question, texts.rows[text]), "")
                if unsure and not alike(words, held.get((question, other), "")):
                    texts.others[text] = NOBODY
                if texts.wanted[text] and len(held) < _HELD:
                    held[question, text] = words
        self._words.clear()
        for texts in found.values():
            texts.gather()

    def _copies_of(self, number: int, found: Mapping[int, Texts], past: dict[int, int]) -> Iterator[_Copy]:
        """Yield the texts of a record that others have too, and note where it may hold one of their names."""
        for question, text in _texts_of(number, found, past):
            texts = found[question]
            owner, clients, same = texts.kind(text)
            if owner != NOBODY and self._ids[owner] != self._ids[number]:
                self._note_names(number, owner)
                yield _Copy(question, texts.rows[text], self._ids[owner], clients, same)

    def _copies_of_past(self, number: int, among: Sequence[_Copy]) -> Iterator[_Copy]:
        """Yield the other texts of a record that somebody had in an earlier run."""
        known = {(one.question, one.row) for one in among}
        for (question, row), same in self._past.like(number).items() if self._past else ():
            if (question, row) not in known:
                yield _Copy(question, row, _EARLIER, 2, same)

    def _note_names(self, number: int, owner: int) -> None:
        """Note the names of a client in texts of another one who has a text of theirs."""
        own, marks = self._names_of(number), number % WINDOW * MARKS
        for name in self._names_of(owner):
            if name not in own and self._capitals[marks + (mark_of(name) >> 3)] >> (mark_of(name) & 7) & 1:
                self._strangers.setdefault(number, {})[name] = owner

    def _names_of(self, number: int) -> array[int]:
        start, end = self._calls[number % WINDOW : number % WINDOW + 2]
        return self._called[start:end]

    def _find_strangers(self) -> None:
        """Find the records that name another client by first and last name."""
        called = dict(zip(reversed(self._whole), reversed(self._named), strict=True))
        for name, number in zip(self._mentions, self._mentioning, strict=True):
            other = called.get(name, number)
            if self._ids[other] != self._ids[number]:
                self._strangers.setdefault(number, {})[name] = other

    # --- facts -----------------------------------------------------------------------------------------------------

    def _whole_plan(self, number: int, copies: Sequence[_Copy], place: Place) -> tuple[Fact, ...]:
        """Return the one fact of a plan of which most is that of others; single answers need not be told then."""
        copies = [one for one in copies if not one.question & SHORT]
        if len(copies) < _MANY or len(copies) < _MOST * self._counts[number]:
            return ()
        ((most, _),) = Counter(one.other for one in copies).most_common(1)
        clients = min(one.clients for one in copies if one.other == most)
        show = {"answers": f"{len(copies)} of {self._counts[number]}", **_alike_in(most, clients)}
        return (Fact("same_text", place, show=show),)

    def _at_cells(self, record: Record, copies: Sequence[_Copy]) -> Iterator[Fact]:
        """Yield the answers of a record that others have too."""
        found = {(one.question, one.row): one for one in copies}
        for row, name, question, _ in self._taker.texts(record):
            if one := found.get((question, row.ordinal)) or found.get((question | SHORT, row.ordinal)):
                show = _alike_in(one.other, one.clients)
                yield Fact("same_text", row.place(name), self._taker.paths[question], fault=one.how, show=show)

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

    def _same(self, record: Record, shared: _Shared | None, where: tuple[str, str]) -> Iterator[Fact]:
        """Yield what a record has in common with others, at its first row that has the answer."""
        kind, path = where
        section, _, name = path.partition(".")
        row = next((row for row in record.all(section) if row.get(name) is not None), None)
        if shared and row is not None:
            other = self._ids[shared.second] if self._ids[shared.first] == record.id else self._ids[shared.first]
            yield Fact(kind, row.place(name), path, show=_alike_in(other, shared.clients))

    def _copied_plan(self, record: Record) -> Iterator[Fact]:
        section, _, name = self._taker.dated.partition(".")
        row = record.one(section)
        yield Fact("copied_plan", row.place(name) if row else record.origin.place(), self._taker.dated)


_LISTS = (("same_scores", "objectives.baseline"), ("same_methods", "interventions.technique"))


class _Ids(Sequence[str]):
    """The ids of all records, in little room."""

    def __init__(self) -> None:
        self._bytes, self._ends = bytearray(), array("Q", [0])

    def append(self, identity: str) -> None:
        """Add the id of the next record."""
        self._bytes += identity.encode()
        self._ends.append(len(self._bytes))

    def __len__(self) -> int:
        return len(self._ends) - 1

    def __getitem__(self, number: Any) -> Any:
        return self._bytes[self._ends[number] : self._ends[number + 1]].decode()


class _Again:
    """Records that are read once more, by their numbers, which rise."""

    def __init__(self, batch: Batch, ids: Sequence[str]) -> None:
        self._batch, self._ids = batch, ids
        self._number = 0
        self._portions = batch.portions(iter(lambda: self._number, -1))
        self._all: Iterator[tuple[int, Record]] | None = None

    def record(self, number: int) -> Record:
        """Return the record that came with this number."""
        self._number = number
        found = [] if self._all else list(next(self._portions, ()))
        if len(found) == 1 and found[0].id == self._ids[number]:
            return found[0]
        self._all = self._all or enumerate(self._batch)  # where a portion is not one record, from the beginning
        return next(record for here, record in self._all if here == number)


def _texts_of(number: int, found: Mapping[int, Texts], past: dict[int, int]) -> Iterator[tuple[int, int]]:
    """Yield question and number of each text of a record; records are asked for in order, ``past`` holds how far."""
    for question, texts in found.items():
        here, owners = past.get(question, 0), texts.owners
        while here < len(owners) and owners[here] < number:
            here += 1
        while here < len(owners) and owners[here] == number:
            yield question, here
            here += 1
        past[question] = here


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
