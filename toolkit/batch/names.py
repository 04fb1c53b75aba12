"""Folder names for record ids: safe on every system, unique, and always the same for the same id."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable

SUPERSEDED = "superseded"
"""The folder beside those of the clients that holds what later runs replaced."""

PRINT_ALL = "print-all.pdf"
"""The file beside the folders of the clients that is for the printer."""

_SAFE = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9_-]{0,38}[A-Za-z0-9])?")
_MARKED = re.compile(r".*-[0-9a-f]{8}")
_RESERVED = re.compile(rf"con|prn|aux|nul|com\d|lpt\d|{SUPERSEDED}", re.IGNORECASE)


def slug(identity: str) -> str:
    """Return the folder name of the record id ``identity``: the id itself where it is safe, else the safe part of it
    and a short digest of the whole.

    Safe is up to 40 ASCII letters, digits, ``-`` and ``_``, not a name that Windows reserves, and not one that could
    be mistaken for a marked one. No two ids share a name, but two that differ in case alone (see `Slugs`).
    """
    if _SAFE.fullmatch(identity) and not _RESERVED.fullmatch(identity) and not _MARKED.fullmatch(identity):
        return identity
    return _marked(identity)


def is_slug(name: str) -> bool:
    """Tell whether ``name`` could come from `slug`."""
    return bool(_SAFE.fullmatch(name[:-9] if _MARKED.fullmatch(name) else name)) and not _RESERVED.fullmatch(name)


class Slugs:
    """Gives each record id of a run its folder name; ids that differ in case alone get names that do not."""

    def __init__(self, known: Iterable[str] = ()) -> None:
        self._known = {_folded(name): name for name in known}
        self._given: dict[str, str] = {}

    def __call__(self, identity: str) -> str:
        """Return the folder name of ``identity``, the same as in earlier runs whose names were given as ``known``."""
        name = self.find(identity)
        self.give(name)
        return name

    def __len__(self) -> int:
        """Return how many names were given."""
        return len(self._given)

    def __contains__(self, name: str) -> bool:
        """Tell whether ``name`` was given."""
        return self._given.get(_folded(name)) == name

    def find(self, identity: str) -> str:
        """Return the name that ``identity`` has or would be given now."""
        plain, marked = slug(identity), _marked(identity)
        name = plain if self._of(marked.casefold()) is None else marked
        return marked if self._of(_folded(name)) not in (None, name) else name

    def give(self, name: str) -> None:
        """Note that ``name`` was given."""
        self._given[_folded(name)] = name

    def _of(self, folded: str) -> str | None:
        return self._given.get(folded) or self._known.get(folded)


def _folded(name: str) -> str:
    """Return ``name`` in small letters; itself, and not another one like it, where it is."""
    folded = name.casefold()
    return name if folded == name else folded


def _marked(identity: str) -> str:
    plain = unicodedata.normalize("NFKD", identity).encode("ascii", "ignore").decode()
    words = re.sub(r"[^A-Za-z0-9]+", "-", plain).strip("-")[:40].strip("-")
    digest = hashlib.sha256(identity.encode("utf-8", "surrogatepass")).hexdigest()[:8]
    return f"{words or 'id'}-{digest}"
