"""What goes into each field of somebody else's form for one record, and what the form has no place for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from msgspec import Struct, field

from toolkit.environment import printed
from toolkit.model import Definitions
from toolkit.pdf import paths
from toolkit.pdf.dates import spelled
from toolkit.pdf.fill import Value
from toolkit.pdf.form import Field, Form
from toolkit.pdf.mapping import BUTTONS, CHOSEN, NO, YES, Entry, FormMapping, states, stored
from toolkit.pdf.values import Text
from toolkit.text import key


class Strange(NamedTuple):
    """An answer that the form has no choice for: the entries that take it, and the answer, to be shown only."""

    entries: tuple[Entry, ...]
    answer: str


class Placed(Struct, frozen=True):
    """What goes where: values by the form's own names, answers without a choice, rows without a place."""

    values: Mapping[str, Value]
    strange: tuple[Strange, ...] = ()
    texts: tuple[Text, ...] = ()
    entries: Mapping[str, Entry] = field(default_factory=dict)
    """Of each value, what it was mapped by."""


def placed(mapping: FormMapping, form: Form, view: Mapping[str, Any], definitions: Definitions) -> Placed:
    """Return what of ``view`` (`toolkit.derive.context`) goes into ``form``; a blank leaves its field as it is."""
    values: dict[str, Value] = {}
    strange: list[Strange] = []
    ticked: dict[str, list[tuple[Entry, bool]]] = {}
    for entry in mapping.entries:
        if not entry.fills:
            continue
        item = form.fields[entry.name]
        answer = paths.found(view, entry.path) if entry.path else entry.text
        if answer in (None, "", (), []):
            continue
        if entry.when:
            hit = _meets(answer, entry)
            values[entry.name] = hit
            ticked.setdefault(entry.path, []).append((entry, hit))
            continue
        value = _value(answer, entry, item)
        if value is None:
            strange.append(Strange((entry,), _shown(answer)))
        else:
            values[entry.name] = value
    for path, boxes in ticked.items():
        answer = paths.found(view, path)
        if answer is not False and not any(hit for _, hit in boxes):
            strange.append(Strange(tuple(entry for entry, _ in boxes), _shown(answer)))
    by_name = {entry.name: entry for entry in mapping.entries if entry.name in values}
    indexed = [entry.path for entry in mapping.entries if entry.path]
    return Placed(values, tuple(strange), tuple(left_over(indexed, view, definitions)), by_name)


# --- one value -----------------------------------------------------------------------------------------------------


def _value(answer: Any, entry: Entry, item: Field) -> Value:
    """Return what stands in a field for ``answer``; None where the field has no such choice."""
    if item.kind in CHOSEN:
        return _chosen(answer, entry, item)
    if isinstance(answer, list | tuple):
        several = [_text(one, entry) for one in answer]
        between = "\n" if item.multiline and not _refers(entry) else ", "
        return between.join(several)
    return _text(answer, entry)


def _refers(entry: Entry) -> bool:
    return entry.answer.field is not None and entry.answer.field.kind == "refs"


def _text(answer: Any, entry: Entry) -> str:
    if isinstance(answer, date):
        return spelled(answer, entry.date)
    return "\n".join(_text(one, entry) for one in answer) if isinstance(answer, list | tuple) else printed(answer)


def _chosen(answer: Any, entry: Entry, item: Field) -> Value:
    own = entry.values
    if isinstance(answer, list | tuple):
        several = [_one_choice(one, own, item) for one in answer]
        if item.kind != "list" or None in several or (len(several) > 1 and not item.multiple):
            return several[0] if len(several) == 1 else None
        return [one for one in several if one]
    if isinstance(answer, bool) and item.kind in BUTTONS and not own and len(states(item)) == 1:
        return answer
    return _one_choice(answer, own, item)


def _one_choice(answer: Any, own: Mapping[str, str], item: Field) -> str | None:
    """Return what the form stores for one answer, by the mapping's own table or by name; None where it has no such."""
    names = _names(answer)
    if own and any(name in own for name in names):
        return next(stored(own[name], item) or own[name] for name in names if name in own)
    found = None if own else next((one for name in names if (one := stored(name, item)) is not None), None)
    if found is None and item.kind == "choice" and item.editable:
        return names[-1]
    return found


def _names(answer: Any) -> tuple[str, ...]:
    """Return what an answer is called: as it is stored, then as it is shown."""
    if isinstance(answer, bool):
        return (YES,) if answer else (NO,)
    return tuple(dict.fromkeys((str(answer) if isinstance(answer, str) else printed(answer), printed(answer))))


def _meets(answer: Any, entry: Entry) -> bool:
    """Tell whether a box is ticked at ``answer``."""
    several: Sequence[Any] = answer if isinstance(answer, list | tuple) else (answer,)
    wanted = {key(one) for one in entry.when}
    return any(key(name) in wanted for one in several for name in _names(one))


def _shown(answer: Any) -> str:
    several = answer if isinstance(answer, list | tuple) else (answer,)
    return "; ".join(_names(one)[-1] for one in several)


# --- rows without a place ------------------------------------------------------------------------------------------


class _Rows:
    """What of one row of a section is mapped: names of answers, and below it rows by number, or all of them."""

    def __init__(self) -> None:
        self.leaves: dict[str, None] = {}
        self.below: dict[str, dict[int | None, _Rows]] = {}

    def add(self, steps: Sequence[tuple[str, str | None]]) -> None:
        """Add a path."""
        (name, row), *rest = steps
        if row is None and (len(rest) == 0 or all(step[1] is None for step in rest)):
            self.leaves[".".join(step[0] for step in steps)] = None
        else:
            number = None if not row else int(row)
            inner = self.below.setdefault(name, {}).setdefault(number, _Rows())
            inner.add(rest)

    def merge(self, other: _Rows) -> None:
        """Add all that ``other`` has."""
        self.leaves.update(other.leaves)
        for name, rows in other.below.items():
            for number, inner in rows.items():
                self.below.setdefault(name, {}).setdefault(number, _Rows()).merge(inner)


def left_over(mapped: Iterable[str], view: Mapping[str, Any], definitions: Definitions) -> Iterator[Text]:
    """Yield the rows for which a form has no place: all that it says of the rows that have one, each with its label."""
    top = _Rows()
    for path in mapped:
        top.add([(step[1], step[2]) for step in paths.STEP.finditer(path)])
    yield from _left_over(top, view, definitions, "")


def _left_over(rows: _Rows, value: Any, definitions: Definitions, above: str) -> Iterator[Text]:
    for name, by_number in rows.below.items():
        several = value.get(name) if isinstance(value, Mapping) else None
        numbered = {number: inner for number, inner in by_number.items() if number is not None}
        if not isinstance(several, list) or not numbered:
            continue
        whole, every = _Rows(), by_number.get(None)
        for inner in numbered.values():
            whole.merge(inner)
        for leaf in every.leaves if every else ():
            whole.leaves.pop(leaf, None)
        section = definitions.sections.get(name)
        word = section.word if section else paths.singular(name)
        for number, row in enumerate(several):
            title = f"{above}{word} {number + 1}"
            if number in numbered:
                yield from _left_over(numbered[number], row, definitions, f"{title}, ")
            elif number > max(numbered):
                text = "\n".join(_lines(whole, row, name, definitions))
                if text:
                    yield Text(title[:1].upper() + title[1:], text)


def _lines(rows: _Rows, row: Any, section: str, definitions: Definitions) -> Iterator[str]:
    for leaf in rows.leaves:
        value = paths.found(row, leaf)
        item = definitions.fields.get(f"{section}.{leaf}")
        if value not in (None, "", (), []):
            text = ", ".join(map(printed, value)) if isinstance(value, list | tuple) else printed(value)
            yield f"{item.label if item else leaf.replace('_', ' ').capitalize()}: {text}"
    for name, by_number in rows.below.items():
        inner = _Rows()
        for one in by_number.values():
            inner.merge(one)
        below = row.get(name) if isinstance(row, Mapping) else None
        for one in below if isinstance(below, list) else ():
            yield from _lines(inner, one, name, definitions)
