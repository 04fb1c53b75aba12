"""TOML as it is read everywhere: by tomli where it is installed (the extra ``fast``), in a third of the time."""

from __future__ import annotations

import re
from collections.abc import Callable
from importlib import import_module
from types import ModuleType
from typing import Any


def _reader() -> ModuleType:
    try:
        return import_module("tomli")
    except ImportError:
        return import_module("tomllib")


_READER = _reader()
loads: Callable[..., dict[str, Any]] = _READER.loads
"""As in `tomllib`, of which tomli is the model."""
TOMLDecodeError: type[ValueError] = _READER.TOMLDecodeError

_AT = re.compile(r"\(at line (\d+)")
_DAY = re.compile(r"(?<!\S)(\d{1,2})/(\d{1,2})/(\d{4})\b")
_WITH_NOUGHTS = re.compile(r"[=\[,]\s*(0\d+)\b")


def unreadable(text: str, error: ValueError) -> tuple[int, str]:
    """Return the line at which ``text`` is no TOML, as the ``error`` of `loads` says, and what to do about it there."""
    found = _AT.search(str(error))
    lines = text.splitlines() or [""]
    line = min(int(found[1]), len(lines)) if found else len(lines)
    typed = lines[line - 1]
    if day := _DAY.search(typed):
        return line, f"Write the day as {day[3]}-{day[1]:0>2}-{day[2]:0>2}: year, month, day."
    if number := _WITH_NOUGHTS.search(typed):
        return line, f'Write what begins with a 0 as a text, in quotes: "{number[1]}".'
    return line, "A quote, a bracket or an equals sign is missing or too many, or something is said twice."
