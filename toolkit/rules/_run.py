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
one of `toolkit.rules._scene.SERVICES`        that
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
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

from msgspec import Struct, field
from msgspec.structs import replace

from toolkit import derive, kinds
from toolkit.model import Definitions, Fact, Row, Rule, Section
from toolkit.rules._scene import SERVICES, Answers, Blank, Scene

_NAME = re.compile(r"\{([a-z_]+(?:\.[a-z_0-9]+)?)\}")
# Labels that begin or end so are questions or phrases, not things: they are quoted, not put into the sentence.
_BEGINNINGS = {"in", "why", "how", "what", "when", "who", "whom", "where", "which", "is", "are", "does", "do", "was",
               "has", "have", "can", "will", "by", "if", "with", "for", "at", "per", "on", "better", "set", "before",
               "after"}  # fmt: skip
_PARTICIPLE = re.compile(r"\w+ed (?:by|on|after|before|for|to|from|every|into|with)\b")
_ENDINGS = {"on", "by", "of", "with", "for", "in", "to", "is"}
_DETERMINERS = {"the", "their", "this"}


class Hit(Struct, frozen=True):
    """One fault that a rule found: its text, where it stands (a field of a row, a row, a section) and what to show."""

    text: str
    row: Row | None = None
    name: str = ""
    section: str = ""
    show: Mapping[str, str] = field(default_factory=dict)


def run(rules: Iterable[Rule], scene: Scene) -> list[tuple[Rule, Hit]]:
    """Return what ``rules`` find in ``scene``; nothing where a section or a limit that one asks for is not there."""
    hits: list[tuple[Rule, Hit]] = []
    level = scene.record.get("episode.level_of_care")
    bounds: dict[Any, _Bound | None] = scene.definitions.once(("bound", level), dict)
    for rule in rules:
        if rule.check not in bounds:
            bounds[rule.check] = _bound(rule, scene)
        bound = bounds[rule.check]
        for given, row in _given(rule, bound, scene) if bound is not None else ():
            try:
                for where, message, *shown in rule.check(*given, **bound.limits) or ():
                    first = next((item.row for item in given if isinstance(item, Answers)), None)
                    hit = _hit(where, message, row or first, scene)
                    hits.append((rule, replace(hit, show={**hit.show, **shown[0]}) if shown else hit))
            except Blank:
                continue
    return hits


def _given(rule: Rule, bound: _Bound, scene: Scene) -> list[tuple[Sequence[Any], Row | None]]:
    """Return what ``rule`` is given each time it runs, and the row that it looks at; nothing where anything lacks."""
    if bound.subject is None:
        given = [scene.given(name) for name in rule.parameters]
        return [] if None in given else [(given, None)]
    rows = scene.each(bound.subject)
    if len(rule.parameters) == 1 or not rows:
        return [((row,), row.row) for row in rows]
    given = [None if name in bound.of_rows else scene.given(name) for name in rule.parameters]
    if given.count(None) > len(bound.of_rows):
        return []
    found: list[tuple[Sequence[Any], Row | None]] = []
    for row in rows:
        of_row = given.copy()
        for number, section in bound.of_rows.values():
            of_row[number] = row if section is bound.subject else _above(row, scene)
        if None not in of_row:
            found.append((of_row, row.row))
    return found


def _above(row: Answers, scene: Scene) -> Answers | None:
    parent = derive.parent(scene.record, row.row)
    return Answers(parent) if parent is not None else None


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


class _Bound(Struct, frozen=True):
    """A rule under definitions: the section whose rows it runs through (of a row and its parent, the row), which of
    its parameters stand for one row, at which place in its signature and of which section, and its limits.
    """

    subject: Section | None
    of_rows: Mapping[str, tuple[int, Section]]
    limits: Mapping[str, Any]


def _bound(rule: Rule, scene: Scene) -> _Bound | None:
    """Return ``rule`` under the definitions, or None where these lack a section or a limit that it asks for."""
    definitions = scene.definitions
    found = {name: derive.limit(name, scene.record, definitions) for name in rule.limits}
    limits = {name: item and item.number for name, item in found.items()}
    named = ((name, number, definitions.by_singular.get(name)) for number, name in enumerate(rule.parameters))
    of_rows = {name: (number, section) for name, number, section in named if section and section.repeats}
    others = {name for name in rule.parameters if name not in of_rows and name not in SERVICES}
    if None in limits.values() or not others <= definitions.sections.keys():
        return None
    sections = [section for _, section in of_rows.values()]
    parents = {section.parent for section in sections}
    subject = next((section for section in sections if section.name not in parents), None)
    return _Bound(subject, of_rows, limits)


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


@lru_cache(maxsize=1024)
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


@lru_cache(maxsize=1024)
def _is_plural(subject: str) -> bool:
    """Tell whether a label in a sentence is a plural: the symptoms and the hours of care are, the diagnosis is not."""
    thing = re.split(r" (?:of|at|a|in|for|that|now|or) ", f"{subject} ")[0].split()[-1].casefold()
    return subject[0] != "“" and (bool(re.search(r"(?<![suia])s$", thing)) or thing in ("criteria", "words"))
