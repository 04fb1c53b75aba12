"""The press: what the batch asks of whatever turns a judged document into the bytes of a file."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
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
    """Return the digest of a nested value, the same in any process: different values have different digests.

    A value is spelled by its own ``repr``, so each kind of value must show all that it holds in it.
    """
    return hashlib.sha256(repr(value).encode("utf-8", "surrogatepass")).hexdigest()
