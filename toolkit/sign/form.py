"""The fields of a PDF as signing and verifying see them, and the one way in which a PDF is opened for either."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from msgspec import Struct
from pyhanko.pdf_utils import generic, misc
from pyhanko.pdf_utils.crypt import AuthStatus
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.pdf_utils.rw_common import PdfHandler

from toolkit import slots
from toolkit.errors import SignError

_DEPTH = 64
"""No form nests its fields deeper; one that does would only keep us busy."""


class Item(Struct, frozen=True):
    """A field that holds an answer or a signature."""

    name: str
    """Its full name."""
    kind: str
    """``/Tx``, ``/Ch``, ``/Btn``, ``/Sig``."""
    reference: generic.IndirectObject
    entry: generic.DictionaryObject

    @property
    def value(self) -> Any:
        """Its value as it stands in the file, None where it is blank."""
        return found(self.entry, "/V")

    @property
    def role(self) -> str:
        """The role that signs in it, as its name or its mark says; else its name."""
        mark = found(self.entry, slots.MARK)
        return str(mark) if isinstance(mark, str) and mark else slots.role(self.name)

    @property
    def text(self) -> str:
        """Its value as text."""
        return str(self.value) if isinstance(self.value, str) else ""


class PasswordNeededError(SignError):
    """Raised when a PDF is encrypted and the password is missing or another one."""


def fields(handler: PdfHandler) -> dict[str, Item]:
    """Return the fields of the document by their full names; a document without a form has none."""
    return {item.name: item for item in _walk(found(found(handler.root, "/AcroForm"), "/Fields"), "", "", 0)}


def found(entry: Any, key: str) -> Any:
    """Return what a dictionary of the file holds at ``key``, wherever it stands in the file; None where it is none."""
    return entry[key] if isinstance(entry, generic.DictionaryObject) and key in entry else None


def _walk(kids: Any, above: str, kind: str, depth: int) -> Iterator[Item]:
    if not isinstance(kids, generic.ArrayObject) or depth > _DEPTH:
        return
    for number in range(len(kids)):
        reference = kids.raw_get(number)
        entry = reference.get_object()
        if not isinstance(reference, generic.IndirectObject) or not isinstance(entry, generic.DictionaryObject):
            continue
        own = str(entry["/T"]) if "/T" in entry else ""
        name = f"{above}.{own}" if above and own else above or own
        below, kind_here = found(entry, "/Kids"), str(found(entry, "/FT") or kind)
        if any(found(kid.get_object(), "/T") is not None for kid in below or ()):
            yield from _walk(below, name, kind_here, depth + 1)
        elif own:
            yield Item(name, kind_here, reference, entry)


def signature_fields(items: Mapping[str, Item]) -> dict[str, Item]:
    """Return the signature fields by role, in the order in which they stand in the form.

    A field that has no slot goes by its own name, and hides none that has one; so does a second one of a role.
    """
    places = {name: item.role for name, item in items.items() if item.kind == "/Sig"}
    roles = {role for name, role in places.items() if role != name}
    named: dict[str, Item] = {}
    for name, role in places.items():
        taken = (role == name and role in roles) or role in named
        named[f"field {name}" if taken else role] = items[name]
    return named


def called(role: str, items: Mapping[str, Item]) -> str:
    """Return what the document calls ``role``."""
    label = items.get(slots.field(role, "label"))
    return (label.text if label else "") or slots.label(role)


def unlock(reader: PdfFileReader, password: str | None) -> None:
    """Let ``reader`` read an encrypted file; raises PasswordNeededError where ``password`` does not open it."""
    if not reader.encrypted:
        return
    if reader.security_handler is None or not hasattr(reader.security_handler, "authenticate"):
        raise SignError(
            "The file is encrypted in a way that cannot be opened here. Save it without that and run again."
        )
    try:
        opened = reader.decrypt(password or "").status != AuthStatus.FAILED
    except misc.PdfError:
        opened = False
    if not opened:
        what = "The password does not open the file" if password else "The file is encrypted and asks for its password"
        raise PasswordNeededError(f"{what}. Set PLANKIT_PDF_PASSWORD, or type it when asked.")
