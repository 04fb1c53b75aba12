"""A rule's example as it would stand in the workbook: sheets, column headers and answers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from toolkit import kinds, toml
from toolkit.model import Definitions
from toolkit.text import key

_OF_THE_TESTS = ("sample", "pack", "facts")
"""What an example says to those who try it out, not to its readers."""


def in_the_workbook(example: str, definitions: Definitions) -> str:
    """Return ``example``, TOML as it stands on a rule's page, with its remarks, in the words of the workbook.

    One that is no TOML, because its rule looks at something else, comes back as it is.
    """
    remarks = [line.removeprefix("#").strip() for line in example.splitlines() if line.startswith("#")]
    try:
        tables = toml.loads(example)
    except toml.TOMLDecodeError:
        return example
    facts = () if remarks else tables.get("facts", ())
    told = [f"{fact.get('sheet', '')}!{fact.get('cell', '')}".strip("!") for fact in facts]
    rows = (
        line for name, table in tables.items() if name not in _OF_THE_TESTS for line in _rows(name, table, definitions)
    )
    return "\n".join(line for line in (*remarks, *told, *rows) if line) or "(nothing of the kind)"


def _rows(name: str, table: Any, definitions: Definitions) -> Iterator[str]:
    section = definitions.sections.get(name)
    title = f"Sheet {section.sheet}" if section else name
    if not table:
        yield f"{title}: no row"
    for row in table if isinstance(table, list) else [table]:
        yield title
        for name, value in row.items() if isinstance(row, Mapping) else ():
            item = section.field(name) if section else None
            chosen = item.answers.get(key(str(value))) if item and item.choices else None
            answer = chosen.label if chosen else kinds.as_text(value)
            yield f"  {item.label if item else name}: {answer.replace(chr(10), ' / ') or '(blank)'}"
