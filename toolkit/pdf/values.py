"""The values of a form: what stands in each of its fields for one record, and which rows it has no place for."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from toolkit.environment import printed
from toolkit.model import Definitions, Missing
from toolkit.pdf.fill import Value
from toolkit.pdf.form import Field

ROWS = "goals[]"
"""The root of what a goal sheet holds."""
_APART = ("signers", "more", "page")
"""Roots of fields that are no answers of the record."""
_REPEATED = ("goal", "statement")
"""What the further sheets of a goal say again, so that one knows which goal it is."""
_STEP = re.compile(r"(\w+)(?:\[(\d*)\](?:\+(\d+))?)?")

Step = tuple[str, int | None]
"""A name, and which of its rows."""


class Text(NamedTuple):
    """A text that stands on a continuation sheet: what it is, and the field that it goes on from, if from one."""

    title: str
    text: str
    source: str = ""


@dataclass(frozen=True, slots=True)
class Placed:
    """What goes where: values by the names of the document's fields, sheets for each goal, rows without a place."""

    values: Mapping[str, Value]
    goals: tuple[int, ...]
    texts: tuple[Text, ...]


class Places:
    """The places of a template: its fields, and how many rows of each section have one."""

    def __init__(self, fields: Mapping[str, Field], definitions: Definitions) -> None:
        self._definitions = definitions
        self._fields = {name: field for name, field in fields.items() if name.split(".")[0].split("[")[0] not in _APART}
        self._steps = {name: _steps(name) for name in self._fields}
        self._slots: dict[str, int] = {}
        for name in self._fields:
            for found in re.finditer(r"\[(\d+)\]", name):
                path = name[: found.start()]
                self._slots[path] = max(self._slots.get(path, 0), int(found[1]) + 1)

    def placed(self, view: Mapping[str, Any]) -> Placed:
        """Return what of ``view`` (`toolkit.derive.context`) stands where."""
        goals = view.get("goals") or []
        sheets = any(name.startswith(ROWS) for name in self._fields)
        counts = tuple(map(self._sheets, goals)) if sheets else ()
        values: dict[str, Value] = {}
        for name, field in self._fields.items():
            if not name.startswith(ROWS):
                values[name] = self._value(field, _found(view, self._steps[name]))
        for number, (goal, count) in enumerate(zip(goals, counts, strict=False)):
            for further in range(count):
                values.update(self._of_goal(goal, f"goals[{number}]" + (f"+{further}" if further else ""), further))
        texts = tuple(self._left_over(view))
        return Placed({name: value for name, value in values.items() if value is not None}, counts, texts)

    def title(self, name: str) -> str:
        """Return what the field ``name`` of a document is, in words: ``Goal 1, objective 2: Statement``."""
        words: list[str] = []
        prefix = ""
        for key, row, further in _STEP.findall(name):
            prefix = f"{prefix}.{key}" if prefix else key
            if row:
                slots = self._slots.get(re.sub(r"^goals\[\d+\](\+\d+)?", ROWS, prefix), 0)
                begun = int(re.search(r"\+(\d+)\.", name)[1]) * slots if "+" in name and "." in prefix else 0  # type: ignore[index]
                section = self._definitions.sections.get(key)
                words.append(f"{section.word if section else key} {int(row) + 1 + begun}")
                prefix += f"[{row}]" + (f"+{further}" if further else "")
        label = self.label(name)
        subject = ", ".join(words)
        return f"{subject[:1].upper()}{subject[1:]}: {label}" if subject else label

    def label(self, name: str) -> str:
        """Return the label of the field ``name`` of a document."""
        found = self._definitions.fields.get(path_of(name))
        return found.label if found else name.rpartition(".")[2].replace("_", " ").capitalize()

    # --- goal sheets -----------------------------------------------------------------------------------------------

    def _sheets(self, goal: Mapping[str, Any]) -> int:
        """Return how many sheets a goal takes: as many as the longest of its lists needs."""
        needed = [1]
        for path, slots in self._slots.items():
            if path.startswith(ROWS + "."):
                rows = goal.get(path.removeprefix(ROWS + "."))
                needed.append(-(-len(rows) // slots) if isinstance(rows, list) else 1)
        return max(needed)

    def _of_goal(self, goal: Mapping[str, Any], root: str, further: int) -> Iterator[tuple[str, Value]]:
        for name, field in self._fields.items():
            if not name.startswith(ROWS):
                continue
            _, *steps = self._steps[name]
            (key, row), *rest = steps
            if row is not None:
                steps = [(key, row + further * self._slots[f"{ROWS}.{key}"]), *rest]
            elif further and key not in _REPEATED:
                continue
            yield root + name.removeprefix(ROWS), self._value(field, _found(goal, steps))

    # --- values ----------------------------------------------------------------------------------------------------

    def _value(self, field: Field, value: Any) -> Value:
        if value is None or isinstance(value, Mapping) or (isinstance(value, list) and not value):
            return None
        if field.kind in ("check", "radio") and isinstance(value, bool):
            return value
        if isinstance(value, list | tuple):
            known = self._definitions.fields.get(path_of(field.name))
            between = "\n" if field.multiline and not (known and known.kind == "refs") else ", "
            text = between.join(map(printed, value))
            return Missing(text) if any(isinstance(one, Missing) for one in value) else text
        return value if isinstance(value, Missing) else printed(value)

    # --- rows without a place --------------------------------------------------------------------------------------

    def _left_over(self, view: Mapping[str, Any]) -> Iterator[Text]:
        for path, slots in self._slots.items():
            if path.startswith(ROWS):
                continue
            rows = _found(view, _steps(path))
            if not isinstance(rows, list):
                continue
            names = [name.removeprefix(f"{path}[0].") for name in self._fields if name.startswith(f"{path}[0].")]
            section = self._definitions.sections.get(path.rpartition(".")[2])
            word = section.word if section else path
            for number, row in enumerate(rows[slots:], slots + 1):
                text = "\n".join(self._lines(row, names, path.rpartition(".")[2]))
                if text:
                    yield Text(f"{word[:1].upper()}{word[1:]} {number}", text)

    def _lines(self, row: Mapping[str, Any], names: Iterable[str], section: str) -> Iterator[str]:
        """Yield the answers of a row, each with its label, those of the rows below it with theirs."""
        for name in names:
            (key, index), *rest = _steps(name)
            if index is None:
                field = self._definitions.fields.get(f"{section}.{key}")
                if (value := row.get(key)) is not None and not isinstance(value, list | Mapping):
                    yield f"{field.label if field else key}: {printed(value)}"
            elif index == 0 and rest:
                field = self._definitions.fields.get(f"{key}.{rest[0][0]}")
                for one in row.get(key) or ():
                    if (value := one.get(rest[0][0])) is not None:
                        yield f"{field.label if field else rest[0][0]}: {printed(value)}"


def path_of(name: str) -> str:
    """Return the path of the answer that stands in the field ``name``: ``objectives.target``."""
    parts = [part.split("[")[0] for part in name.split(".")]
    return ".".join(parts[-2:])


def _steps(name: str) -> list[Step]:
    return [(key, int(row) if row else None) for key, row, _ in _STEP.findall(name)]


def _found(view: Any, steps: Sequence[Step]) -> Any:
    """Return what stands at ``steps`` of a view, None where there is no such row."""
    for key, row in steps:
        view = view.get(key) if isinstance(view, Mapping) else None
        if row is not None:
            view = view[row] if isinstance(view, list) and row < len(view) else None
    return view
