"""Data paths, as a mapping names them (``goals[0].statement``): is there such an answer, and what stands there?

Rows are counted from 0, as in our own forms; ``goals[].statement`` is that of all goals. Beside the sections there are
``diagnoses[0].code``, ``document.title``, ``sign.<role>.name`` of who signs, and of a member of staff the parts, as in
``episode.clinician.npi``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from toolkit import slots
from toolkit.model import Definitions, Document, Field, Section
from toolkit.text import hint

STEP = re.compile(r"(\w+)(?:\[(\d{0,4})\])?")
PERSON = ("name", "credential", "license", "npi")
"""The parts of a member of staff."""
SIGNER = ("name", "credential", "label")
_BESIDE = {"document": ("title", "date", "version", "name"), "diagnoses": ("code", "description", "role")}
"""What a view holds beside the sections; of diagnoses there are several."""
_LINKED = {"goals": ("interventions", "progress", "outcomes"), "objectives": ("interventions",)}
"""The rows that a view shows below others, although they stand in sections of their own."""
_SINGULAR = {"diagnoses": "diagnosis"}
_ALL = "[]"


class Answer(NamedTuple):
    """What a path leads to: its label in words, and the field of the record, None where it is none."""

    label: str
    field: Field | None = None


class UnknownPathError(ValueError):
    """Raised where there is no such path; its text says why, and names the nearest."""


def answer(path: str, definitions: Definitions, document: Document) -> Answer:
    """Return what ``path`` leads to in ``document``. Raises UnknownPathError."""
    steps = [STEP.fullmatch(part) for part in path.split(".")]
    if not all(steps):
        raise _unknown(path, definitions, document)
    names = [(step[1], step[2]) for step in steps if step]
    (root, row), *rest = names
    if root == slots.ROOT and row is None and len(rest) == 2:
        return _signer(path, rest[0][0], rest[1][0], definitions, document)
    if root in _BESIDE and len(rest) == 1 and rest[0] in [(name, None) for name in _BESIDE[root]]:
        _hold_row(path, root, row, root == "diagnoses")
        return Answer(_words(path, definitions))
    section = definitions.sections.get(root)
    if section is None or section.parent:
        raise _unknown(path, definitions, document)
    _hold_row(path, root, row, section.repeats and document.each != root)
    return _within(path, section, rest, definitions, document)


def _within(
    path: str, section: Section, rest: list[tuple[str, str | None]], definitions: Definitions, document: Document
) -> Answer:
    while rest:
        (name, row), *rest = rest
        field = section.field(name)
        if field is not None and row is None and not rest:
            return Answer(_words(path, definitions), field)
        if (
            field is not None
            and row is None
            and field.refers == "staff"
            and [*rest] in [[(one, None)] for one in PERSON]
        ):
            return Answer(_words(path, definitions))
        below = definitions.sections.get(name)
        if below is None or name not in _below(section, definitions):
            break
        _hold_row(path, name, row, repeats=True)
        section = below
    raise _unknown(path, definitions, document)


def _below(section: Section, definitions: Definitions) -> tuple[str, ...]:
    return (*(one.name for one in definitions.children(section.name)), *_LINKED.get(section.name, ()))


def _signer(path: str, role: str, part: str, definitions: Definitions, document: Document) -> Answer:
    if role not in roles(definitions):
        raise UnknownPathError(f"there is no role «{role}» that signs.{hint(role, roles(definitions))}")
    if part not in SIGNER:
        raise _unknown(path, definitions, document)
    return Answer(f"{roles(definitions)[role]}: {part}")


def roles(definitions: Definitions) -> Mapping[str, str]:
    """Return the roles in which people sign, with what they are called."""
    field = definitions.fields.get("signers.role")
    return {choice.value: choice.label for choice in field.choices} if field else {}


def _hold_row(path: str, name: str, row: str | None, repeats: bool) -> None:
    if repeats and row is None:
        first, every = (re.sub(rf"\b{name}\b", f"{name}{rows}", path, count=1) for rows in ("[0]", _ALL))
        raise UnknownPathError(f"«{path}» does not say which row: {first} is the first, {every} means all.")
    if row is not None and not repeats:
        raise UnknownPathError(f"«{path}» counts rows of «{name}», of which there is one. Leave out the [ ].")


def _unknown(path: str, definitions: Definitions, document: Document) -> UnknownPathError:
    near = hint(path, every(definitions, document))
    return UnknownPathError(f"there is no answer «{path}».{near or ' See: plankit fields'}")


def every(definitions: Definitions, document: Document) -> Iterator[str]:
    """Yield each path there is, of rows that of the first."""
    for section in definitions.sections.values():
        if not section.parent:
            row = "[0]" if section.repeats and document.each != section.name else ""
            yield from _paths(f"{section.name}{row}", section, definitions, 0)
    for name, parts in _BESIDE.items():
        yield from (f"{name}{'[0]' if name == 'diagnoses' else ''}.{part}" for part in parts)
    yield from (f"{slots.ROOT}.{role}.{part}" for role in roles(definitions) for part in SIGNER)


def _paths(above: str, section: Section, definitions: Definitions, depth: int) -> Iterator[str]:
    for field in section.fields:
        yield f"{above}.{field.name}"
        if field.refers == "staff" and field.kind == "ref":
            yield from (f"{above}.{field.name}.{part}" for part in PERSON)
    for child in _below(section, definitions) if depth < 2 else ():
        if child in definitions.sections:
            yield from _paths(f"{above}.{child}[0]", definitions.sections[child], definitions, depth + 1)


def _words(path: str, definitions: Definitions) -> str:
    """Return what stands at ``path`` in words: ``Goal 1, objective 2: Target``."""
    *above, last = [step for step in (STEP.fullmatch(part) for part in path.split(".")) if step]
    rows: list[str] = []
    words: list[str] = []
    section = None
    for step in above:
        section, before = definitions.sections.get(step[1]), section
        field = before.field(step[1]) if before else None
        words += [field.label] if field else []
        if step[2]:
            rows.append(f"{section.word if section else singular(step[1])} {int(step[2]) + 1}")
    field = section.field(last[1]) if section else None
    words.append(field.label if field else last[1].replace("_", " "))
    told = ": ".join(part for part in (", ".join(rows), ", ".join(words)) if part)
    return told[:1].upper() + told[1:]


# --- what stands there ---------------------------------------------------------------------------------------------


def found(view: Any, path: str) -> Any:
    """Return what stands at ``path`` of a view (`toolkit.derive.context`); of all rows a list, None for none."""
    steps = [(step[1], step[2]) for step in STEP.finditer(path)]
    if steps[0][0] == slots.ROOT:
        return _of_signer(view, steps[1][0], steps[2][0])
    return _at(view, steps)


def _at(value: Any, steps: list[tuple[str, str | None]]) -> Any:
    for number, (name, row) in enumerate(steps):
        if isinstance(value, Mapping):
            value = value.get(name)
        else:
            value = getattr(value, name, None) if name in PERSON else None
        if row is None:
            continue
        rows = value if isinstance(value, list) else []
        if row == "":
            several = (_at(one, steps[number + 1 :]) for one in rows)
            flat = [item for one in several for item in (one if isinstance(one, list) else [one])]
            return [one for one in flat if one not in (None, "", ())]
        value = rows[int(row)] if int(row) < len(rows) else None
    return value


def _of_signer(view: Mapping[str, Any], role: str, part: str) -> Any:
    return next((getattr(one, part) or None for one in view.get("signers") or () if one.role == role), None)


def singular(name: str) -> str:
    """Return what one row of what is no section is called."""
    return _SINGULAR.get(name, name)
