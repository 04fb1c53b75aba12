"""What a rule may look at: a completed record under its definitions, for one document, and what is known beside it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import Any, NamedTuple, cast

from toolkit import derive, reference, thread
from toolkit.model import Definitions, Document, Record, Row, Section, Signer, Wanted
from toolkit.phrases import holds_any

_REFERENCES = {
    "measures": reference.measures,
    "services": reference.services,
    "levels": reference.levels_of_care,
}
SERVICES = ("record", "texts", "thread", "definitions", "document", "day", "today", "to_sign", *_REFERENCES)
"""What a rule may ask for besides sections: ``day`` is the document's date, ``to_sign`` who must sign it, ``texts`` its
`Texts`, ``thread`` the golden thread of its plan."""


class Blank(Exception):  # noqa: N818 - no error: it ends a check that came upon a blank answer
    """Raised when a rule reads a blank answer."""


class Answers:
    """A row as rules see it: ``objective.target`` is the answer; reading a blank one ends the check."""

    __slots__ = ("__dict__", "row")

    def __init__(self, row: Row) -> None:
        self.row = row
        self.__dict__ = cast("dict[str, Any]", row.values)  # most answers are found there without a call of ours

    def __getattr__(self, name: str) -> Any:
        value = getattr(self.row, name)
        if value is None:
            raise Blank
        return value

    @property
    def get(self) -> Callable[[str], Any]:
        """What returns the answer to a question by its name, or None where it is blank."""
        return self.row.values.get

    @property
    def id(self) -> str:
        """The row's own id."""
        return self.row.id


class Scene:
    """What a rule may look at: a completed record under its definitions, and the document for which it is judged."""

    __slots__ = ("_given", "_rows", "_used", "definitions", "record", "to_sign", "today", "wanted")

    def __init__(
        self,
        record: Record,
        definitions: Definitions,
        wanted: Wanted,
        today: date,
        to_sign: tuple[Signer, ...] = (),
    ) -> None:
        self.record, self.definitions, self.wanted = record, definitions, wanted
        self.today, self.to_sign = today, to_sign
        self._rows: dict[str, tuple[Row, ...]] = {}
        self._used: dict[str, tuple[Row, ...]] = {}
        self._given: dict[str, Any] = {}
        """What parameters stand for that are the same for every row, and the rows as rules see them, once asked for."""

    @property
    def document(self) -> Document:
        """The document that is judged."""
        return self.wanted.document

    @property
    def day(self) -> date:
        """The date of the document."""
        return self.wanted.day

    def rows(self, section: Section) -> tuple[Row, ...]:
        """Return the rows of ``section`` that the document is made of."""
        found = self._rows.get(section.name)
        if found is None:
            found = self._rows[section.name] = derive.rows_of(self.record, section, self.wanted)
        return found

    def given(self, name: str) -> Any:
        """Return what a rule's parameter stands for that is the same for every row, None where there is no such row."""
        if name not in self._given:
            self._given[name] = _same_for_all_rows(name, self)
        return self._given[name]

    def used(self, section: Section) -> tuple[Row, ...]:
        """Return the rows of ``section`` that concern the record.

        Of workbook-wide rows with ids those that it refers to, and those without an id: nobody can tell whose they are.
        """
        if section.scope != "workbook" or not section.key:
            return self.rows(section)
        found = self._used.get(section.name)
        if found is None:
            referred = self._referred(section)
            rows = (row for row in self.rows(section) if row.get(section.key) is None or row.id in referred)
            found = self._used[section.name] = tuple(rows)
        return found

    def each(self, section: Section) -> tuple[Answers, ...]:
        """Return the rows of ``section`` as a rule sees them that runs once for each."""
        name = section.singular
        if name not in self._given:
            self._given[name] = tuple(Answers(row) for row in self.used(section))
        found: tuple[Answers, ...] = self._given[name]
        return found

    def _referred(self, section: Section) -> set[str]:
        definitions = self.definitions
        referring = definitions.once(("referring", section.name), lambda: _referring(section, definitions))
        found: set[str] = set()
        size = -1
        while len(found) > size:  # the supervisor of a clinician is referred to by a row of the section itself
            size = len(found)
            for other, names in referring:
                for row in self.rows(other):
                    if other.name == section.name and row.id not in found:
                        continue
                    for value in (row.get(name) for name in names):
                        found |= {value} if isinstance(value, str) else set(value or ())
        return found


def _referring(section: Section, definitions: Definitions) -> list[tuple[Section, list[str]]]:
    """Return the sections that refer to rows of ``section``, each with the names of the fields that do."""
    sections = definitions.sections.values()
    found = ((other, [item.name for item in other.fields if item.refers == section.name]) for other in sections)
    return [(other, names) for other, names in found if names]


def _same_for_all_rows(name: str, scene: Scene) -> Any:
    definitions = scene.definitions
    if name == "texts":
        return Texts.of(scene)
    if name == "thread":
        return thread.thread(scene.record, judged=True)
    if name in SERVICES:
        return _REFERENCES[name]() if name in _REFERENCES else getattr(scene, name)
    if definitions.sections[name].repeats:
        return tuple(Answers(item) for item in scene.record.all(name))
    single = scene.record.one(name)
    return Answers(single) if single is not None else None


class Text(NamedTuple):
    """An answer in words: its row and field, as it was typed, and without capitals."""

    row: Row
    name: str
    typed: str
    plain: str


_IN_WORDS = ("text", "long", "lines")


class Texts:
    """The typed answers in words of the rows that concern a record."""

    def __init__(self, each: Sequence[Text]) -> None:
        self._each = each
        self._together = "\n".join([one.plain for one in each])

    @classmethod
    def of(cls, scene: Scene) -> Texts:
        """Return the texts of ``scene``."""
        sections = scene.definitions.once("in words", lambda: _in_words(scene.definitions))
        each: list[Text] = []
        for section, names in sections:
            for row in scene.used(section):
                for name, value in row.values.items():
                    if name in names:
                        typed = "\n".join(value) if isinstance(value, tuple) else value
                        each.append(Text(row, name, typed, typed.casefold()))
        return cls(each)

    def __iter__(self) -> Iterator[Text]:
        return iter(self._each)

    def with_any(self, hints: Sequence[str]) -> Sequence[Text]:
        """Return those in which one of ``hints`` (small letters) stands, be it in a word.

        What is looked for with more effort need then only be looked for in these.
        """
        there = [hint for hint in hints if hint in self._together]
        return [one for one in self._each if holds_any(one.plain, there)] if there else ()


def _in_words(definitions: Definitions) -> list[tuple[Section, frozenset[str]]]:
    """Return the sections in which words are typed, each with the names of the fields that hold them."""
    found = (
        (section, frozenset(item.name for item in section.fields if item.kind in _IN_WORDS and not item.derived))
        for section in definitions.sections.values()
    )
    return [(section, names) for section, names in found if names]
