"""The press: what the batch asks of whatever turns a judged document into the bytes of a file."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from typing import Any, Protocol

from toolkit.model import Case, Finding


@dataclass(frozen=True, slots=True)
class Sheet:
    """A document ready to be printed: the key of all that goes into it, and the function that prints it."""

    key: str
    render: Callable[[], bytes]


class Press(Protocol):
    """What the batch asks of whatever makes its files."""

    def sheet(self, case: Case, draft: bool) -> Sheet | None:
        """Return the document of ``case``, or None where no template fits its populations."""

    def fits(self, case: Case) -> bool:
        """Tell whether there is a template for the case's populations."""

    def prove(self, case: Case, data: bytes) -> Sequence[Finding]:
        """Return what is missing or left over in the finished file."""

    def digests(self) -> Mapping[str, Mapping[str, str]]:
        """Return the digests of the packs and templates used so far."""


def digest(value: Any) -> str:
    """Return the digest of a nested value: equal values, and only these, have equal digests, in any process."""
    parts: list[str] = []
    _spell(value, parts.append)
    return hashlib.sha256("".join(parts).encode("utf-8", "surrogatepass")).hexdigest()


def _spell(value: Any, add: Callable[[str], None]) -> None:
    kind = type(value)
    if kind is str:
        add(f"s{len(value)}:{value}")
    elif value is None:
        add("~")
    elif kind is dict:
        add(f"d{len(value)}:")
        for name in sorted(value):
            add(f"{len(name)}:{name}")
            _spell(value[name], add)
    elif kind is list or kind is tuple:
        add(f"l{len(value)}:")
        for item in value:
            _spell(item, add)
    elif isinstance(value, str):
        add(f"{kind.__name__}{len(value)}:{value}")
        _spell(_attributes(value), add)
    elif is_dataclass(value):
        add(kind.__name__)
        _spell([getattr(value, item.name) for item in fields(value)], add)
    else:
        shown = repr(value)
        add(f"{kind.__name__}{len(shown)}:{shown}")


def _attributes(value: Any) -> dict[str, Any]:
    """Return what a text with more to it (a choice's label, a person's credential) carries beside its characters."""
    slots = {name: getattr(value, name, None) for name in getattr(type(value), "__slots__", ())}
    return {**slots, **getattr(value, "__dict__", {})}
