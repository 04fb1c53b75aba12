"""The press: what the batch asks of whatever turns a judged document into the bytes of a file."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

from msgspec import Struct

from toolkit.errors import TemplateError
from toolkit.model import Case, Finding
from toolkit.shelf import Pack


class Sheet(Struct, frozen=True):
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
    return digest_of_all((value,))


def digest_of_all(values: Iterable[Any]) -> str:
    """Return the digest of several values, one after the other; the digest of one is that of itself."""
    sha256 = hashlib.sha256()
    for value in values:
        sha256.update(repr(value).encode("utf-8", "surrogatepass"))
    return sha256.hexdigest()


def note_used(digests: Mapping[str, dict[str, str]], packs: Iterable[Pack], template: str, sha256: str) -> None:
    """Enter into ``digests``, as the manifest has them, a template that was used, and the settings of its packs."""
    digests["templates"][template] = sha256
    for pack in packs:
        settings = [path for folder in pack.folders if (path := folder / "pack.toml").is_file()]
        digests["packs"][pack.name] = hashlib.sha256(b"".join(path.read_bytes() for path in settings)).hexdigest()


def named(path: Path) -> str:
    """Return what messages call the file of a template: its name and its pack's."""
    return f"{path.parent.name}/{path.name}"


def template_bytes(path: Path) -> bytes:
    """Return the file of a template. Raises TemplateError where it cannot be opened."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise TemplateError(
            f"{named(path)} cannot be opened. Close it in other programs, see that you may read it, and run again."
        ) from error
