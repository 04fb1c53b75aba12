"""How a rule is run: what the names in its signature stand for, and what becomes of what it yields.

============================================  ========================================================================
a parameter called                            gets
============================================  ========================================================================
a repeating section's singular (`objective`)  one row; the rule runs once a row
its parent's singular (`goal`)                the row under which that row nests
a repeating section (`interventions`)         all its rows
a single section (`plan`)                     its row; the rule is silent where the record has none
a kind of fact (`unreadable_cell`)            the fact; the rule runs once a fact
a limit, after ``*`` (`max_goals`)            the payer's limit; the rule is silent where none is set
one of `SERVICES`                             that
============================================  ========================================================================

**Blanks.** Reading a blank answer ends the check there and then, so a rule needs no ``if x is None``. Where a blank
is fine, and when going through several rows, a rule reads with ``row.get("name")``, which gives None.

**What a check yields**: ``(where, message)``, or with it what to show: ``{"there are": "S1–S4"}``.
``where`` is a field of the row in hand (``"target"``), a path
(``"plan.weeks"``), ``(row, "target")``, a row, or the name of a repeating section. Where a field is named, the message
goes on after it, in the singular (``"does not improve on {baseline}. Type the score to reach."``; after a plural label
its verb is changed); else it is a sentence of its own. ``{names}`` become labels; values never enter a message.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, NamedTuple

from toolkit import derive, kinds, reference, thread
from toolkit.model import Definitions, Document, Fact, Record, Row, Rule, Section, Signer, Wanted

_REFERENCES = {
    "measures": reference.measures,
    "services": reference.services,
    "levels": reference.levels_of_care,
}
SERVICES = ("record", "texts", "thread", "definitions", "document", "day", "today", "to_sign", *_REFERENCES)
"""What a rule may ask for besides sections: ``day`` is the document's date, ``to_sign`` who must sign it, ``texts`` a
`Texts`, ``thread`` the golden thread of the plan."""

_NAME = re.compile(r"\{([a-z_]+(?:\.[a-z_0-9]+)?)\}")
# Labels that begin or end so are questions or phrases, not things: they are quoted, not put into the sentence.
_BEGINNINGS = {"in", "why", "how", "what", "when", "who", "whom", "where", "which", "is", "are", "does", "do", "was",
               "has", "have", "can", "will", "by", "if", "with", "for", "at", "per", "on", "better", "set", "before",
               "after"}  # fmt: skip
_PARTICIPLE = re.compile(r"\w+ed (?:by|on|after|before|for|to|from|every|into|with)\b")
_ENDINGS = {"on", "by", "of", "with", "for", "in", "to", "is"}
_DETERMINERS = {"the", "their", "this"}


class Blank(Exception):  # noqa: N818 - no error: it ends a check that came upon a blank answer
    """Raised when a rule reads a blank answer."""


class Answers:
    """A row as rules see it: ``objective.target`` is the answer; reading a blank one ends the check."""

    __slots__ = ("row",)

    def __init__(self, row: Row) -> None:
        self.row = row

    def __getattr__(self, name: str) -> Any:
        value = self.row.values.get(name)
        if value is None:
            value = getattr(self.row, name)
        if value is None:
            raise Blank
        return value

    def get(self, name: str) -> Any:
        """Return the answer to ``name``, or None where it is blank."""
        return self.row.get(name)

    @property
    def id(self) -> str:
        """The row's own id."""
        return self.row.id


@dataclass(frozen=True, slots=True)
class Scene:
    """What a rule may look at: a completed record under its definitions, and the document for which it is judged."""

    record: Record
    definitions: Definitions
    wanted: Wanted
    today: date
    to_sign: tuple[Signer, ...] = ()
    _whole: dict[str, Any] = field(default_factory=dict, compare=False, repr=False)
    """What parameters stand for that are the same for every row, as rules come to ask for it."""

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
        return derive.rows_of(self.record, section, self.wanted)


class Texts(NamedTuple):
    """The answers in words of a record: each with its row and field, and all of them together without capitals."""

    each: tuple[tuple[Row, str, str], ...]
    together: str


@dataclass(frozen=True, slots=True)
class Hit:
    """One fault that a rule found: its text, where it stands (a field of a row, a row, a section) and what to show."""

    text: str
    row: Row | None = None
    name: str = ""
    section: str = ""
    show: Mapping[str, str] = field(default_factory=dict)


def run(rule: Rule, scene: Scene) -> Iterator[Hit]:
    """Yield what ``rule`` finds in ``scene``; nothing where a section or a limit that it asks for is not there."""
    limits = {name: scene.definitions.limits.get(name) for name in rule.limits}
    subject, of_rows = scene.definitions.once(("bound", rule.parameters), lambda: _bound(rule, scene.definitions))
    arguments = [None if name in of_rows else _of_all_rows(name, scene) for name in rule.parameters]
    if None in limits.values() or arguments.count(None) > len(of_rows):
        return
    for row in scene.rows(subject) if subject else (None,):
        rows = {name: _of_one(section, row, scene) for name, section in of_rows.items()}
        if None in rows.values():
            continue
        given = [rows.get(name, argument) for name, argument in zip(rule.parameters, arguments, strict=True)]
        first = next((item.row for item in given if isinstance(item, Answers)), None)
        try:
            for where, message, *shown in rule.check(*given, **limits) or ():
                hit = _hit(where, message, row or first, scene)
                yield replace(hit, show={**hit.show, **shown[0]}) if shown else hit
        except Blank:
            continue


def run_on_fact(rule: Rule, fact: Fact, definitions: Definitions) -> Iterator[Hit]:
    """Yield what ``rule`` says of ``fact``. In its message ``{field}`` is the field concerned, ``{label}`` its label
    as it stands in the header, ``{sheet}`` its sheet; of what it refers to ``{other}`` is a row, ``{id}`` what that
    goes by and ``{other_sheet}`` where it stands.
    """
    item = definitions.fields.get(fact.path)
    section = definitions.sections.get(fact.path)
    other = definitions.sections.get((item.refers or definitions.sections[item.section].parent) if item else "")
    names = {
        "other": other.word if other else "row",
        "id": "id" if other is None or other.key else "date",
        "other_sheet": other.sheet if other else "",
        "field": in_a_sentence(item.label) if item else f"“{section.title}”" if section else "this cell",
        "label": f"“{item.label}”" if item else "one that is asked for",
        "sheet": item.sheet if item else fact.path or fact.place.sheet,
    }
    for where, message in rule.check(fact) or ():
        said = _NAME.sub(lambda found: names[found[1]], message)
        yield Hit(continued(names["field"], said) if where else said, show=fact.show)


def _bound(rule: Rule, definitions: Definitions) -> tuple[Section | None, dict[str, Section]]:
    """Return the section whose rows the rule runs through (of a row and its parent, the row), and what stands for
    one row: the rule's parameters with their sections.
    """
    named = ((name, definitions.by_singular.get(name)) for name in rule.parameters)
    of_rows = {name: section for name, section in named if section and section.repeats}
    parents = {section.parent for section in of_rows.values()}
    return next((section for section in of_rows.values() if section.name not in parents), None), of_rows


def _of_one(section: Section, row: Row | None, scene: Scene) -> Answers | None:
    """Return the row in hand, or its parent, as the one row of ``section``."""
    if row is not None and row.section.name != section.name:
        row = derive.parent(scene.record, row)
    return Answers(row) if row is not None else None


def _of_all_rows(name: str, scene: Scene) -> Any:
    """Return what a parameter stands for that is the same for every row."""
    if name not in scene._whole:
        scene._whole[name] = _same_for_all_rows(name, scene)
    return scene._whole[name]


def _same_for_all_rows(name: str, scene: Scene) -> Any:
    definitions = scene.definitions
    if name == "texts":
        return _texts(scene.record)
    if name == "thread":
        return thread.thread(scene.record, judged=True)
    if name in SERVICES:
        return _REFERENCES[name]() if name in _REFERENCES else getattr(scene, name)
    if name not in definitions.sections:
        return None
    if definitions.sections[name].repeats:
        return tuple(Answers(item) for item in scene.record.all(name))
    single = scene.record.one(name)
    return Answers(single) if single is not None else None


def _texts(record: Record) -> Texts:
    each = tuple(
        (row, name, "\n".join(value) if isinstance(value, tuple) else value)
        for row, name, value in record.answers()
        if isinstance(value, str | tuple)
    )
    return Texts(each, "\n".join(text for _, _, text in each).casefold())


def _hit(where: Any, message: str, subject: Row | None, scene: Scene) -> Hit:
    row, name, section = _where(where, subject, scene)
    lookup = derive.lookup(scene.record, row)
    show: dict[str, str] = {}

    def label(path: str) -> str:
        path = path if "." in path or row is None else f"{row.section.name}.{path}"
        item = scene.definitions.fields[path]
        value = lookup(path)
        if value is not None:
            show[item.label] = kinds.show(value)
        return in_a_sentence(item.label)

    beginning = label(name) if name else ""
    said = _NAME.sub(lambda found: label(found[1]), message)
    return Hit(continued(beginning, said) if name else said, row, name, section, show)


def _where(where: Any, subject: Row | None, scene: Scene) -> tuple[Row | None, str, str]:
    """Return the row, the field's name and the section that a check means by ``where``."""
    if isinstance(where, tuple):
        row, name = where
        return (row.row if isinstance(row, Answers) else row), name, row.section.name
    if not isinstance(where, str):
        row = where.row if isinstance(where, Answers) else where
        return row, "", row.section.name
    section, _, name = where.partition(".")
    if not name and section in scene.definitions.sections and (subject is None or subject.section.field(where) is None):
        return None, "", section
    if not name:
        name, section = where, subject.section.name if subject else ""
    row = subject if subject is not None and subject.section.name == section else scene.record.one(section)
    return row, name, section


def in_a_sentence(label: str) -> str:
    """Return a label as it stands inside a sentence: ``the target date``, ``the PHQ-9 score``, ``“Why now?”``."""
    words = label.split()
    first, last = words[0], words[-1]
    if first.casefold() in _BEGINNINGS or last in _ENDINGS or _PARTICIPLE.match(label) or re.search(r"[,:?(]", label):
        return f"“{label}”"
    plain = first[:1].isupper() and first[1:] == first[1:].lower()
    words[0] = first.lower() if plain else first
    return " ".join(words if words[0] in _DETERMINERS else ["the", *words])


def continued(subject: str, said: str) -> str:
    """Return ``subject`` (`in_a_sentence`) with what is ``said`` of it; the verb, in the singular, is made to agree."""
    verb, _, rest = said.partition(" ")
    if _is_plural(subject):
        verb = _PLURALS.get(verb) or verb.removesuffix("s")
    return f"{subject} {verb} {rest}"


_PLURALS = {"is": "are", "has": "have", "does": "do", "was": "were"}


def _is_plural(subject: str) -> bool:
    """Tell whether a label in a sentence is a plural: the symptoms and the hours of care are, the diagnosis is not."""
    thing = re.split(r" (?:of|at|a|in|for|that|now|or) ", f"{subject} ")[0].split()[-1].casefold()
    return subject[0] != "“" and (bool(re.search(r"(?<![suia])s$", thing)) or thing in ("criteria", "words"))
