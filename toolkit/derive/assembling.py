"""A sentence made of other answers: their words and fixed ones to join them, to be taken over by whoever answers."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

from toolkit import conditions, kinds
from toolkit.blocks import OPTIONAL, PATH, fields_in, needed
from toolkit.derive.facts import lookup
from toolkit.model import Definitions, Field, Record, Row


class Assembled(NamedTuple):
    """The sentence made of other answers; where it cannot be made it is empty, and ``missing`` are those it lacks."""

    text: str = ""
    missing: tuple[Field, ...] = ()


def assembled(item: Field, row: Row, typed: Record, whole: Record, definitions: Definitions) -> Assembled:
    """Return the sentence for the blank ``item`` of ``row``, made of the answers as they were ``typed``.

    ``whole`` is the completed record, whose derived values choose among the field's patterns: the first whose
    condition holds is filled, its parts in [ ] left out where they are blank.
    """
    rows = typed.all(item.section) if item.assemble else ()
    own = next((one for one in rows if one.ordinal == row.ordinal), None)
    if own is None:
        return Assembled()
    value, patterns = lookup(typed, own), _fitting(item, lookup(whole, row))
    texts = [str(pattern["pattern"]) for pattern in patterns]
    paths = dict.fromkeys(path for pattern in patterns for path in conditions.paths(_when(pattern)))
    paths |= dict.fromkeys(path for path in needed(texts[0]) if all(path in needed(text) for text in texts))
    asked = [one for one in map(definitions.fields.__getitem__, paths) if one.required or one.required_when]
    missing = tuple(one for one in asked if value(one.path) is None)
    if missing or len(texts) > 1:
        return Assembled(missing=missing)
    return Assembled(_filled(texts[0], value))


def _fitting(item: Field, value: conditions.Lookup) -> list[Mapping[str, Any]]:
    """Return the first pattern whose condition holds; where none does, those of which nobody can tell yet."""
    judged = [(pattern, conditions.compile_condition(_when(pattern))(value)) for pattern in item.assemble]
    first = next((pattern for pattern, holds in judged if holds), None)
    return [first] if first else [pattern for pattern, holds in judged if holds is None] or [item.assemble[-1]]


def _when(pattern: Mapping[str, Any]) -> str:
    return str(pattern["when"])


def _filled(pattern: str, value: Callable[[str], Any]) -> str:
    """Return ``pattern`` with the answers in place of their paths, each part in [ ] only where all of its are there."""

    def pieces() -> Iterator[str]:
        for number, part in enumerate(OPTIONAL.split(pattern)):
            if number % 2 == 0 or all(value(path) is not None for path in fields_in(part)):
                yield part

    return PATH.sub(lambda found: kinds.show(value(found[1])), "".join(pieces()))
