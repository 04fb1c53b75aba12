"""What is taken of a record to look for copies: numbers that stand for some words each, and the words themselves.

The words are held while the first records of a run are compared; what is kept from run to run are numbers alone.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from hashlib import blake2b
from itertools import pairwise
from zlib import adler32, crc32

from msgspec import Struct, field

from toolkit.clones.words import FEW, FEW_SAME, NAMED, Names, in_order, parts, said, word_for_word
from toolkit.model import Definitions, Fact, Record, Row

OF_ALL = 2
"""So many numbers stand for all words of a text, in whatever order; of a `SHORT` one, as they follow one another."""
INDEXED = OF_ALL + 4
"""By so many numbers of a text those that may be like it are found: the others stand for three words that follow one
another; of these the lowest are kept, so that like texts keep the same."""
KEPT = OF_ALL + 8
"""So many are kept of a text from run to run, where texts cannot be looked at any more."""
_FEWEST = 4
"""With fewer runs of three words that are not the form's own, a text says too little to be compared."""
_OF_THE_FORM = 0.8
"""From this share of its runs on a text is made of the form's own words (our default)."""
_SHORTEST = FEW_SAME * 4 - 1
"""Characters of the shortest text with enough words."""
SHORT = 1 << 15
"""Added to the number of a field where its text has so few words that it is a copy only word for word; such texts have
no runs. Lists are not told for so little: that some of them are the same lies in their nature."""
FEW_METHODS = 3
FEW_SCORES = 2
"""A list of fewer interventions, or scores, may well be that of somebody else (our default)."""
MARKS = 32
"""Bytes of the marks for words with capitals."""
_MOST_ROWS = 255
_LIST = "lines"
_IN_WORDS = ("long", _LIST)
_CAPITAL = "[A-Z\u00c0-\u00de\u0100-\u1fff]"
_CAPITALS = re.compile(rf"{_CAPITAL}[\w'’-]+(?: +{_CAPITAL}[\w'’-]+)+")
_CAPITAL_WORD = re.compile(rf"{_CAPITAL}[\w'’-]{{2,}}")
_POSSESSIVE = re.compile(r"['’]s?$")
_LOW = 0xFFFFFFFF


class Prints(Struct, frozen=True):
    """What is taken of one record. Numbers are the same for the same words, whoever has them."""

    texts: bytes = b""
    """Of each text: which field of which row it is (`at`), and its numbers (`Taker.width` in all)."""
    words: Mapping[int, str] = field(default_factory=dict)
    """Of each text, by where it stands (`at`), the words that are compared (`in_order`)."""
    names: tuple[int, ...] = ()
    """What the client is called, first and last name."""
    called: tuple[int, ...] = ()
    """Each of the client's names by itself."""
    mentions: tuple[int, ...] = ()
    """Whoever else is called by first and last name."""
    capitals: bytes = bytes(MARKS)
    """A mark for each word with a capital; several words may share one (`mark_of`)."""
    scores: int = 0
    """All scores with which the client began; 0 where there are few."""
    methods: int = 0
    """All methods, how long and how often; 0 where there are few."""
    day: str = ""
    """The date of the plan."""
    accepted: bool = False
    """Whether the record itself says of anything that it was accepted."""
    facts: tuple[Fact, ...] = ()
    """Answers that are made of the form's own words."""


class Taker:
    """Makes the prints of records, of what ``definitions`` (all that anybody asks) ask in words.

    ``kept`` says whether they are to be kept from run to run, and so need more numbers.
    """

    def __init__(self, definitions: Definitions, kept: bool = False) -> None:
        self.paths = tuple(
            item.path
            for section in definitions.sections.values()
            if section.scope == "client"
            for item in section.fields
            if item.kind in _IN_WORDS and not item.derived and not item.standard
        )
        """The fields whose texts are compared; their numbers count from here."""
        self.dated = next((document.date for document in definitions.documents.values()), "")
        """The field that bears the date of the first of the documents, the plan."""
        self.numbers = KEPT if kept else INDEXED
        self.width = 1 + self.numbers
        self._compared: dict[str, list[tuple[str, int]]] = {}
        for number, path in enumerate(self.paths):
            section, _, name = path.partition(".")
            self._compared.setdefault(section, []).append((name, number))
        self._fewest = [FEW if definitions.fields[path].kind == _LIST else FEW_SAME for path in self.paths]
        """Of each field how many words make a text that is compared."""
        self._form = _of_the_form(definitions)
        self._staff: tuple[tuple[Row, ...], frozenset[str]] = ((), frozenset())

    def __call__(self, record: Record) -> Prints:
        """Return the prints of ``record`` as it was typed."""
        names = Names.of(record)
        found, facts, texts = array("I"), [], []
        compared: dict[int, str] = {}
        for row, name, number, text in self.texts(record):
            texts.append(text)
            words = said(text, names.left_out) if len(text) >= _SHORTEST else []
            if len(words) < self._fewest[number] or row.ordinal > _MOST_ROWS:
                continue
            runs = set(_runs(words))
            own = runs - self._form
            if len(words) < FEW:
                if own == runs:
                    whole = word_for_word(text, names).encode()
                    found.extend((at(number | SHORT, row.ordinal), crc32(whole), adler32(whole)))
                    found.extend([0] * (self.numbers - OF_ALL))
            elif len(own) <= len(runs) * (1 - _OF_THE_FORM):
                facts.append(Fact("text_of_the_form", row.place(name), self.paths[number]))
            elif len(own) >= _FEWEST:
                lowest = sorted(own)[: self.numbers - OF_ALL]
                here = at(number, row.ordinal)
                compared[here] = in_order(words)
                whole = compared[here].encode()
                found.extend((here, crc32(whole), adler32(whole)))
                found.extend(lowest + [0] * (self.numbers - OF_ALL - len(lowest)))
        together = "\n".join(texts)
        return Prints(
            found.tobytes(),
            compared,
            tuple(map(number_of, names.whole)),
            tuple(map(number_of, names.words)),
            tuple({number_of(one) for one in self.mentions(together, names, record)}),
            _marks(with_capitals(together) - names.words),
            _scores(record),
            _methods(record),
            f"{record.get(self.dated) or ''}",
            bool(record.all("waivers")),
            tuple(facts),
        )

    def texts(self, record: Record) -> Iterator[tuple[Row, str, int, str]]:
        """Yield each text that is compared: its row, the name of its field, that field's number, the text."""
        for section, fields in self._compared.items():
            for row in record.all(section):
                values = row.values
                for name, number in fields:
                    value = values.get(name)
                    if value:
                        yield row, name, number, value if isinstance(value, str) else "\n".join(value)

    def mentions(self, text: str, names: Names, record: Record) -> Iterator[str]:
        """Yield each two words with capitals that follow one another and may be somebody's first and last name.

        The client's own, and those of the staff, are left out.
        """
        staff = record.all("staff")
        if staff is not self._staff[0]:
            called = (parts(row.get("name") or "") for row in staff)
            self._staff = staff, frozenset(word for name in called for word in name)
        known = names.own | names.words | self._staff[1]
        for found in _CAPITALS.findall(text):
            words = [_POSSESSIVE.sub("", word).casefold() for word in found.split()]
            for first, last in pairwise(words):
                if not (first in known and last in known):
                    yield f"{first} {last}"


def at(question: int, row: int) -> int:
    """Return the number that stands for a field's place: the field's own number, and that of its row."""
    return question << 16 | row


def with_capitals(text: str) -> frozenset[str]:
    """Return the words of ``text`` that begin with a capital, in small letters."""
    return frozenset(_POSSESSIVE.sub("", word).casefold() for word in _CAPITAL_WORD.findall(text))


@lru_cache(maxsize=4_096)
def number_of(name: str) -> int:
    """Return the number that stands for a name, or for a list: so long that no two have the same by chance."""
    return int.from_bytes(blake2b(name.encode(), digest_size=8).digest(), "little")


def mark_of(number: int) -> int:
    """Return which of the marks stands for a name."""
    return number % (8 * MARKS)


def _marks(names: Iterable[str]) -> bytes:
    marks = 0
    for name in names:
        marks |= 1 << mark_of(number_of(name))
    return marks.to_bytes(MARKS, "little")


class _Numbers(dict[str, int]):
    """The numbers of words, each worked out once."""

    def __missing__(self, word: str) -> int:
        if len(self) > 100_000:
            self.clear()
        number = self[word] = crc32(word.encode())
        return number


_NUMBERS = _Numbers()


def _runs(words: list[str]) -> list[int]:
    """Return a number of 32 bits for each three words that follow one another, the same on every machine."""
    numbers = [_NUMBERS[word] for word in words]
    return [
        (one * 0x9E3779B1 + two) * 0x85EBCA77 + three & _LOW
        for one, two, three in zip(numbers, numbers[1:], numbers[2:], strict=False)
    ]


def _of_the_form(definitions: Definitions) -> frozenset[int]:
    """Return the runs of words that the form itself says: questions, examples, advice."""
    asked = (definitions.fields.get(path) for path in NAMED)
    names = Names(*(item.example if item else "" for item in asked))
    texts = (
        text
        for item in definitions.fields.values()
        for text in (item.example, item.weak, item.prompt, item.why, item.tip, item.stand_in)
    )
    return frozenset(run for text in texts if text for run in _runs(said(text, names.left_out)))


def _scores(record: Record) -> int:
    scores = {
        f"{row.get('measure')} {row.get('baseline')}"
        for row in record.all("objectives")
        if row.get("measure") and row.get("baseline") and not row.get("unit")
    }
    return _number_of_all(scores, FEW_SCORES)


def _methods(record: Record) -> int:
    rows = record.all("interventions")
    methods = {
        " ".join(f"{row.get(name)}".casefold() for name in ("technique", "minutes", "times", "per")) for row in rows
    }
    return _number_of_all(methods, FEW_METHODS) if all(row.get("technique") for row in rows) else 0


def _number_of_all(several: Iterable[str], least: int) -> int:
    listed = sorted(several)
    return number_of("\n".join(listed)) if len(listed) >= least else 0
