"""TOML as it is read everywhere: by tomli where it is installed (the extra ``fast``), in a third of the time."""

from __future__ import annotations

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
