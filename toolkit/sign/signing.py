"""One signature after another, each an addition at the end of the file that leaves the earlier ones as they are."""

from __future__ import annotations

import io
import re
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from msgspec import Struct
from pyhanko.pdf_utils import generic, layout, misc
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.writer import BasePdfFileWriter
from pyhanko.sign.fields import FieldMDPAction, FieldMDPSpec
from pyhanko.sign.general import SigningError
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner
from pyhanko.sign.signers.pdf_signer import PdfSigningSession

from toolkit import slots
from toolkit.errors import SignError
from toolkit.sign.form import Item, called, fields, found, signature_fields, unlock
from toolkit.sign.keys import Key
from toolkit.sign.policy import decipher
from toolkit.sign.stamp import Faces, Line, StampStyle, Typesetter, picture
from toolkit.sign.verifying import RECORDED, UNSIGNED, excused, verify

_FONT_SIZE = re.compile(r"([\d.]+)\s+Tf")


class Recorded(Struct, frozen=True):
    """How somebody signed who has no certificate, or why they did not; the clinic's certificate seals it."""

    name: str = ""
    """Who signed, as they typed or drew it."""
    how: str = ""
    """How it was given: in person on the clinic's tablet, on paper, by video."""
    given: datetime | None = None
    """When it was given."""
    drawing: bytes = b""
    """A PNG or JPEG file of the drawn name."""
    reason: str = ""
    """Why there is no signature."""


def sign(
    data: bytes,
    role: str,
    key: Key,
    *,
    now: datetime,
    faces: Faces,
    recorded: Recorded | None = None,
    credential: str = "",
    password: str | None = None,
) -> bytes:
    """Return the PDF ``data`` with the signature of ``role``, shown where the document has a place for it.

    The place is the field ``sign.<role>.signature``, or any signature field of that full name. ``now`` is the time of
    signing, with its time zone. With ``recorded`` the key is the clinic's, and what is shown is a recorded signature.
    ``credential`` is shown where the document has no field for it. The first signature gives each place to sign that
    has none a lock; the date of a slot is filled in. Raises SignError.
    """
    writer = _opened(data, password)
    items = fields(writer)
    place = _place(items, role)
    _check_order(items, role, excused(writer.prev, items))
    _check_earlier(data, items, now, password)
    setter = Typesetter(writer, faces)
    if not any(item.value for item in signature_fields(items).values()):
        _lock(writer, items)
    decipher(found(place.entry, "/Lock"))
    words = _words(items, role, key, now, recorded, credential)
    _note(writer, setter, items, role, now, recorded)
    drawing = recorded.drawing if recorded else b""
    if drawing:
        picture(drawing)
    style = StampStyle(border_width=0, typesetter=setter, lines=tuple(map(_composed, words)), drawing=drawing)
    meta = PdfSignatureMetadata(
        field_name=place.name, name=key.name, reason=_reason(items, role, recorded), md_algorithm="sha256"
    )
    try:
        output = _Signer(meta, key.signer, now, style).sign_pdf(writer, existing_fields_only=True)
    except (SigningError, misc.PdfError, layout.LayoutError) as error:
        raise SignError(
            "The file cannot be signed: its form is damaged or of a kind that cannot hold a signature. "
            "Make the document again and sign that."
        ) from error
    return bytes(output.getvalue())


class _Signer(PdfSigner):
    """Signs at a given time."""

    def __init__(self, meta: PdfSignatureMetadata, signer: Any, now: datetime, style: StampStyle) -> None:
        super().__init__(meta, signer, stamp_style=style)
        self._now = now

    def init_signing_session(self, pdf_out: BasePdfFileWriter, existing_fields_only: bool = False) -> PdfSigningSession:
        """Begin to sign at the time that was given."""
        session = super().init_signing_session(pdf_out, existing_fields_only)
        session.system_time = self._now
        return session


# --- may it be signed? ----------------------------------------------------------------------------------------------


def _opened(data: bytes, password: str | None) -> IncrementalPdfFileWriter:
    try:
        writer = IncrementalPdfFileWriter(io.BytesIO(data))
        unlock(writer.prev, password)
        if writer.prev.encrypted:
            writer.encrypt(password or "")  # type: ignore[no-untyped-call]
        if writer.prev.xrefs.hybrid_xrefs_present:
            raise SignError(
                "The file keeps two lists of its parts that may say different things, so it cannot be signed safely. "
                "Save it as PDF again and sign that."
            )
    except (misc.PdfError, ValueError, KeyError, RecursionError) as error:
        raise SignError("The file is no PDF, or it is damaged or cut off. Make it again.") from error
    return writer


def _place(items: Mapping[str, Item], role: str) -> Item:
    places = signature_fields(items)
    if not places:
        raise SignError(
            "The file has no place to sign: it is a draft, a flat copy or somebody else's form. Sign the PDF that is "
            "ready, or print it and sign on paper."
        )
    if role not in places:
        raise SignError(f"The file has no place for «{role}» to sign. Those who sign here: {', '.join(places)}.")
    if places[role].value is not None:
        raise SignError(f"{called(role, items)} has signed this file already. Nobody signs twice.")
    return places[role]


def _check_order(items: Mapping[str, Item], role: str, free: Sequence[str]) -> None:
    """Refuse to close a document that others have to sign; ``free`` are those who do not."""
    if role != slots.CLOSING:
        return
    places = signature_fields(items)
    before = [other for other, item in places.items() if other not in (role, *free) and item.value is None]
    if before:
        listed = ", ".join(called(other, items) for other in before)
        raise SignError(
            f"{called(role, items)} signs last and closes the document. Before that these have to sign, or the reason "
            f"why they did not be recorded: {listed}."
        )


def _check_earlier(data: bytes, items: Mapping[str, Item], now: datetime, password: str | None) -> None:
    """Refuse to sign what was changed after somebody else signed it."""
    if any(item.value is not None for item in signature_fields(items).values()):
        broken = [one.label for one in verify(data, now=now, password=password).signatures if one.changed]
        if broken:
            raise SignError(
                f"The file was changed after it was signed by: {', '.join(broken)}. Do not sign it. Run plankit verify "
                "to see more, and make the document again."
            )


# --- what is shown and said -----------------------------------------------------------------------------------------


def _words(
    items: Mapping[str, Item], role: str, key: Key, now: datetime, recorded: Recorded | None, credential: str
) -> tuple[str, ...]:
    label = called(role, items)
    if recorded is None:
        known = items.get(slots.field(role, "credential"))
        who = ", ".join(part for part in (key.name, (known.text if known else "") or credential) if part)
        return who, f"{label} · signed digitally", shown(now)
    if recorded.reason:
        return f"Not signed: {recorded.reason}", f"{label} · recorded by {key.name}", shown(now)
    return (
        recorded.name,
        f"{label} · recorded signature, {_manner(recorded)}, {recorded.how}",
        f"Given {shown(recorded.given or now)} · sealed by {key.name}",
    )


def _reason(items: Mapping[str, Item], role: str, recorded: Recorded | None) -> str | None:
    """Return what the signature says about itself, which `verify` tells."""
    label = called(role, items)
    if recorded is None:
        return None
    if recorded.reason:
        return f"{UNSIGNED} {label}: {recorded.reason}"
    given = f", given {shown(recorded.given)}" if recorded.given else ""
    return f"{RECORDED} {label}: {recorded.name}, {_manner(recorded)}, {recorded.how}{given}"


def _manner(recorded: Recorded) -> str:
    return "drawn name" if recorded.drawing else "typed name"


def shown(moment: datetime) -> str:
    """Return a moment as people here write it, with its distance from Greenwich."""
    return f"{moment:%m/%d/%Y} {moment:%I:%M %p}".replace(" 0", " ") + f" UTC{moment.isoformat()[-6:]}"


def _composed(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).split())


# --- what is written beside the signature ---------------------------------------------------------------------------


def _lock(writer: IncrementalPdfFileWriter, items: Mapping[str, Item]) -> None:
    """Give each place to sign that has no lock the one of its role."""
    places = [item for item in items.values() if item.kind == "/Sig"]
    for item in places:
        if "/Lock" not in item.entry:
            lock = slots.lock(item.name, items, [place.name for place in places])
            spec = FieldMDPSpec(FieldMDPAction.ALL if lock.everything else FieldMDPAction.EXCLUDE, list(lock.but))
            item.entry[generic.pdf_name("/Lock")] = spec.as_sig_field_lock()
            writer.update_container(item.entry)


def _note(
    writer: IncrementalPdfFileWriter,
    setter: Typesetter,
    items: Mapping[str, Item],
    role: str,
    now: datetime,
    recorded: Recorded | None,
) -> None:
    """Fill in the date of the slot, or the reason why nobody signed."""
    if recorded is not None and recorded.reason:
        part, text = "reason", recorded.reason
    else:
        part, text = "date", f"{(recorded and recorded.given) or now:%m/%d/%Y}"
    item = items.get(slots.field(role, part))
    if item is None or item.kind != "/Tx" or "/Rect" not in item.entry:
        return
    left, bottom, right, top = (float(edge) for edge in item.entry["/Rect"])
    box = layout.BoxConstraints(abs(right - left), abs(top - bottom))
    size = _FONT_SIZE.search(str(found(item.entry, "/DA")))
    text = _composed(text)
    item.entry[generic.pdf_name("/V")] = generic.TextStringObject(text)
    Line(setter, text, float(size[1]) if size and float(size[1]) else 9.0, box).apply_appearance(item.entry)
    writer.update_container(item.entry)
