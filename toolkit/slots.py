"""The places to sign in a PDF: how their fields are called, and what each signature locks.

A signer's own fields are ``sign.<role>.<part>``; ``sign.<role>.signature`` is the signature field itself. A form of
somebody else's keeps its own names; there the signature field bears the role in the entry `MARK`.
"""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct

ROOT = "sign"
SIGNATURE = "signature"
PARTS = ("label", "name", "credential", "date", "reason", SIGNATURE)
"""What a signer's slot may hold, as names of fields below ``sign.<role>``."""
MARK = "/PlankitRole"
"""The entry of a signature field that says its role where its name does not."""
CLOSING = "supervisor"
"""The role whose signature closes the document: it locks every field, also those of the others."""


class Lock(Struct, frozen=True):
    """What nobody may change once a field is signed."""

    everything: bool
    """True when every field is locked."""
    but: tuple[str, ...] = ()
    """The full names of the fields that stay open otherwise."""


def field(role: str, part: str = SIGNATURE) -> str:
    """Return the full name of one of the fields of ``role``."""
    return f"{ROOT}.{role}.{part}"


def role(name: str) -> str:
    """Return the role that signs in the signature field ``name``; a form of somebody else's has only its own name."""
    first, _, rest = name.partition(".")
    own, _, part = rest.rpartition(".")
    return own if first == ROOT and part == SIGNATURE and own else name


def label(role: str) -> str:
    """Return what a role is called where the document does not say it: ``second_reviewer`` is «Second reviewer»."""
    return role.replace("_", " ").capitalize()


def lock(own: str, fields: Iterable[str], signatures: Iterable[str]) -> Lock:
    """Return what the signature in the field ``own`` locks: all but the fields of the others who sign.

    ``fields`` are the full names of all fields of the document, ``signatures`` those of its signature fields.
    """
    if role(own) == CLOSING:
        return Lock(everything=True)
    others = [name for name in signatures if name != own]
    slots = tuple(name.removesuffix(SIGNATURE) for name in others if role(name) != name)
    return Lock(False, tuple(name for name in fields if name in others or name.startswith(slots)))
