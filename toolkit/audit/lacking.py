"""What a workbook lacks for an answer: its sheet, or the column; and what to do about it."""

from __future__ import annotations

from collections.abc import Collection

from toolkit.model import Definitions, Field, Origin, Place, Section
from toolkit.rules import wider


def lacks_column(path: str, origin: Origin) -> bool:
    """Tell whether a row of a workbook stands on a sheet that has no column for the answer."""
    return bool(origin.columns) and path not in origin.columns


def add_column(item: Field, definitions: Definitions) -> str:
    """Return how to get a column for ``item``."""
    command = wider(*_options(definitions, item.full and not item.required))
    return f"add one headed “{item.label}” on the sheet {item.sheet}, or run: {command}"


def add_sheet(section: Section, place: Place, sheets: Collection[str] | None, definitions: Definitions) -> str:
    """Return how to get the sheet of ``section`` where the workbook, which has ``sheets``, lacks it; else nothing.

    ``sheets`` is None where nobody knows, or where there is no workbook.
    """
    if sheets is None or section.sheet in sheets or place.sheet != section.sheet:
        return ""
    full = all(item.full for item in section.fields if not item.derived)
    command = wider(*_options(definitions, full))
    return f"The workbook has no sheet {section.sheet}; this makes a copy that has it: {command}"


def _options(definitions: Definitions, full: bool) -> list[str]:
    """Return what the command needs beyond what it knows from the clients in the workbook."""
    payer = [] if definitions.payer == "default" else [f"--payer {definitions.payer}"]
    return [*payer, *(["--full"] if full else [])]
