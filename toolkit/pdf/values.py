"""The values of a form: what stands in each of its fields for one record."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from toolkit import slots
from toolkit.environment import printed
from toolkit.model import Definitions, Missing
from toolkit.pdf.fill import Value
from toolkit.pdf.flow import MORE, SIGNERS
from toolkit.pdf.form import Field

_STEP = re.compile(r"(\w+)(?:\[(\d+)\])?")

Step = tuple[str, int | None]
"""A name, and which of its rows."""


class Text(NamedTuple):
    """A text that stands on a continuation sheet: what it is, and the field that it goes on from, if from one."""

    title: str
    text: str
    source: str = ""


class Answers:
    """What stands in the fields of one record's document, by their names; ``fields`` are the form's, `unnumbered`."""

    def __init__(self, view: Mapping[str, Any], fields: Mapping[str, Field], definitions: Definitions) -> None:
        """Take what templates print of the record (`toolkit.derive.context`)."""
        self._view, self._fields, self._definitions = view, fields, definitions
        self.given: dict[str, Value] = {}
        """What is no answer of the record: who signs, what is continued."""
        self._known: dict[str, Value] = {}

    def text(self, name: str) -> str:
        """Return what the field ``name`` of the document shows; empty where there is no answer."""
        value = self.value(name)
        return value if isinstance(value, str) else "Yes" if value is True else ""

    def rows(self, path: str) -> int:
        """Return how many rows the record has at ``path``: ``goals[0].objectives``."""
        if path == MORE:
            return sum(name.startswith(f"{MORE}[") and name.endswith(".text") for name in self.given)
        rows = _found(self._view, _steps(path))
        return len(rows) if isinstance(rows, list) else 0

    def asks(self, name: str) -> bool:
        """Tell whether the field shows a question that has not been answered."""
        return isinstance(self.value(name), Missing)

    def value(self, name: str) -> Value:
        """Return what the field ``name`` of the document is filled with."""
        if name in self.given:
            return self.given[name]
        if name not in self._known:
            self._known[name] = self._value(name, _found(self._view, _steps(name)))
        return self._known[name]

    def _value(self, name: str, value: Any) -> Value:
        if value is None or isinstance(value, Mapping) or (isinstance(value, list) and not value):
            return None
        field = self._fields.get(unnumbered(name))
        if isinstance(value, bool) and field is not None and field.kind in ("check", "radio"):
            return value
        if isinstance(value, list | tuple):
            known = self._definitions.fields.get(path_of(name))
            several = field is not None and field.multiline and not (known and known.kind == "refs")
            text = ("\n" if several else ", ").join(map(printed, value))
            return Missing(text) if any(isinstance(one, Missing) for one in value) else text
        return value if isinstance(value, Missing) else printed(value)


class Titles:
    """What fields are called in words."""

    def __init__(self, definitions: Definitions) -> None:
        self._definitions = definitions

    def title(self, name: str) -> str:
        """Return what the field ``name`` of a document is: ``Goal 1, objective 2: Statement``."""
        words = [slots.label(name.split(".")[1])] if in_slot(name) != name else []
        for key, row in _steps(name):
            if row is not None:
                section = self._definitions.sections.get(key)
                words.append(f"{section.word if section else key} {row + 1}")
        subject = ", ".join(words)
        return f"{subject[:1].upper()}{subject[1:]}: {self.label(name)}" if subject else self.label(name)

    def label(self, name: str) -> str:
        """Return the label of the field ``name`` of a document."""
        found = self._definitions.fields.get(path_of(name))
        return found.label if found else name.rpartition(".")[2].replace("_", " ").capitalize()


def in_slot(name: str) -> str:
    """Return what a signer's field is called in the form, ``signers[0].name``; another field's name as it is."""
    root, _, rest = name.partition(".")
    return f"{SIGNERS}[0].{rest.partition('.')[2]}" if root == slots.ROOT else name


def unnumbered(name: str) -> str:
    """Return the name of a field without the numbers of its rows: the same for each row of a section."""
    return re.sub(r"\[\d*\]", "[]", name)


def path_of(name: str) -> str:
    """Return the path of the answer that stands in the field ``name``: ``objectives.target``."""
    parts = [part.split("[")[0] for part in name.split(".")]
    return ".".join(parts[-2:])


def _steps(name: str) -> list[Step]:
    return [(key, int(row) if row else None) for key, row in _STEP.findall(name)]


def _found(view: Any, steps: Sequence[Step]) -> Any:
    """Return what stands at ``steps`` of a view, None where there is no such row."""
    for key, row in steps:
        view = view.get(key) if isinstance(view, Mapping) else None
        if row is not None:
            view = view[row] if isinstance(view, list) and row < len(view) else None
    return view
