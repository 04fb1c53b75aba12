"""In which line of a TOML file something stands: tomllib tells lines of faults in the writing only."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from toolkit import toml

_NOTHING = object()


def line_of(text: str, at: Sequence[str | int]) -> int:
    """Return the number of the line of ``text``, which is good TOML, on which what ``at`` leads to is written.

    ``at`` goes from the outside in: keys, and numbers of items from 0 on; a text leads to the table of a list that
    holds it as a value (``"signers", "client", "when"``). Of what is not there, the line of what it would stand in;
    1 where that is the file as a whole.
    """
    lines = [f"{line}\n" for line in text.split("\n")]
    whole = toml.loads(text)
    while at and _found(whole, at) is _NOTHING:
        at = at[:-1]
    if not at:
        return 1
    begin, end = _statement(lines, at)
    written = [number for number in range(begin, end) if lines[number].split("#")[0].strip()]
    sought = next((word for word in (at[-1], _found(whole, at)) if isinstance(word, str)), "")
    return next((number for number in written if sought in lines[number]), written[0]) + 1


def _statement(lines: Sequence[str], at: Sequence[str | int]) -> tuple[int, int]:
    """Return the range of the lines that hold the statement with which what ``at`` leads to is there first.

    The beginnings of a file that are good TOML end where a statement does. The shortest of them that holds what is
    sought, less the longest that does not, is the statement.
    """
    without, within = 0, len(lines)
    while True:
        middle = (without + within) // 2
        tried = [*range(middle, without, -1), *range(middle + 1, within)]
        found = ((end, table) for end in tried if (table := _parsed(lines[:end])) is not None)
        end, table = next(found, (0, None))
        if table is None:
            return without, within
        if _found(table, at) is _NOTHING:
            without = end
        else:
            within = end


def _parsed(lines: Sequence[str]) -> dict[str, Any] | None:
    try:
        return toml.loads("".join(lines))
    except toml.TOMLDecodeError:
        return None


def _found(value: Any, at: Sequence[str | int]) -> Any:
    """Return what ``at`` leads to in ``value``, or `_NOTHING`."""
    for step in at:
        if isinstance(value, dict) and isinstance(step, str):
            value = value.get(step, _NOTHING)
        elif isinstance(value, list) and isinstance(step, int):
            value = value[step] if step < len(value) else _NOTHING
        elif isinstance(value, list):
            tables = (item for item in value if isinstance(item, dict) and step in item.values())
            value = next(tables, _NOTHING)
        else:
            return _NOTHING
    return value
