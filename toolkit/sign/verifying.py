"""Who signed a PDF, when and with what; whether it still holds, what was changed afterwards, and who is missing."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import datetime

from asn1crypto import x509
from msgspec import Struct
from pyhanko.pdf_utils import misc
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.general import SigningError, UnacceptableSignerError
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.settings import KeyUsageConstraints
from pyhanko.sign.validation.status import PdfSignatureStatus
from pyhanko_certvalidator import ValidationContext

from toolkit import slots
from toolkit.sign.form import Item, called, fields, found, signature_fields, unlock
from toolkit.sign.keys import USAGES, issued_by, named, self_signed
from toolkit.sign.policy import POLICY, plain

RECORDED, UNSIGNED = "Recorded signature of", "Recorded as not signed by"
"""How the reason of a signature begins where the clinic's certificate seals what was recorded of somebody else."""
_UNREADABLE = (misc.PdfError, SigningError, UnacceptableSignerError, SignatureValidationError, ValueError, TypeError,
               KeyError, AttributeError, IndexError, RecursionError, AssertionError)  # fmt: skip
"""What a damaged or hostile file makes pyHanko raise."""


class Signature(Struct, frozen=True):
    """One signature of a document."""

    role: str
    label: str
    """What the document calls the role."""
    kind: str
    """``digital``, ``recorded`` or ``not signed`` (the reason is recorded)."""
    by: str = ""
    """Whom the certificate names: the signer, or the clinic that recorded it."""
    issuer: str = ""
    """Who issued the certificate."""
    at: datetime | None = None
    """When it was signed, as the signer's computer says."""
    words: str = ""
    """What was recorded, for what is not digital."""
    changed: tuple[str, ...] = ()
    """Sentences on what was changed after signing."""
    doubts: tuple[str, ...] = ()
    """Sentences on why the certificate does not prove who signed."""
    notes: tuple[str, ...] = ()
    """What one should know that takes nothing away from the signature."""

    @property
    def holds(self) -> bool:
        """True when nothing was changed and the certificate is good."""
        return not (self.changed or self.doubts)


class Verified(Struct, frozen=True):
    """What was found out about one file."""

    signatures: tuple[Signature, ...] = ()
    missing: tuple[str, ...] = ()
    """Who has not signed, as the document calls them."""
    excused: tuple[str, ...] = ()
    """Who does not sign: the document says why, and said so before anybody signed."""
    fault: str = ""
    """Why nothing can be said about it."""

    @property
    def complete(self) -> bool:
        """True when everybody signed and every signature holds."""
        return not (self.fault or self.missing) and all(one.holds for one in self.signatures)


def verify(
    data: bytes, *, now: datetime, trusted: Sequence[x509.Certificate] = (), password: str | None = None
) -> Verified:
    """Return what can be told about the signatures of the PDF ``data`` at ``now``.

    With ``trusted`` a certificate counts where one of these issued it; without, names are as the certificates claim.
    Raises PasswordNeededError where the file is encrypted and ``password`` does not open it.
    """
    try:
        reader = PdfFileReader(io.BytesIO(data))
        unlock(reader, password)
        items = fields(reader)
        places = signature_fields(items)
    except _UNREADABLE:
        return Verified(fault="is no PDF, or it is damaged or cut off, so nothing in it can be relied on")
    if not places:
        return Verified(fault="is not signed and has no place to sign")
    signed = {role: item for role, item in places.items() if item.value is not None}
    free = excused(reader, items)
    return Verified(
        tuple(_signature(reader, items, role, item, trusted, now) for role, item in signed.items()),
        tuple(called(role, items) for role in places if role not in signed and role not in free),
        tuple(called(role, items) for role in free),
    )


def excused(reader: PdfFileReader, items: Mapping[str, Item]) -> list[str]:
    """Return the roles that do not sign for a reason that the document gave before anybody signed.

    A reason that was written later, and that nobody sealed, does not count.
    """
    places = signature_fields(items)
    signed = [item.entry.raw_get("/V").reference for item in places.values() if item.value is not None]
    before = items
    if signed:
        with suppress(*_UNREADABLE):
            first = min(reader.xrefs.get_introducing_revision(one) for one in signed)
            before = fields(reader.get_historical_resolver(first))
    reasons = {role: before.get(slots.field(role, "reason")) for role, item in places.items() if item.value is None}
    return [role for role, reason in reasons.items() if reason is not None and reason.text.strip()]


def _signature(
    reader: PdfFileReader,
    items: Mapping[str, Item],
    role: str,
    item: Item,
    trusted: Sequence[x509.Certificate],
    now: datetime,
) -> Signature:
    label = called(role, items)
    try:
        embedded = EmbeddedPdfSignature(reader, item.entry, item.name)
        status = _status(embedded, trusted, now)
        changed = tuple(_changed(reader, embedded, status))
    except _UNREADABLE:
        return Signature(role, label, "digital", changed=("the signature is damaged or of a kind that is not known",))
    certificate = embedded.signer_cert
    at = embedded.self_reported_timestamp
    words = str(found(embedded.sig_object, "/Reason") or "")
    kind = "recorded" if words.startswith(RECORDED) else "not signed" if words.startswith(UNSIGNED) else "digital"
    return Signature(
        role,
        label,
        kind,
        named(certificate),
        issued_by(certificate),
        at,
        words if kind != "digital" else "",
        changed,
        tuple(_doubts(certificate, status, at)),
        tuple(_notes(certificate, now, _printed(items, role) if kind == "digital" else "")),
    )


def _status(embedded: EmbeddedPdfSignature, trusted: Sequence[x509.Certificate], now: datetime) -> PdfSignatureStatus:
    context = ValidationContext(
        trust_roots=list(trusted) or [embedded.signer_cert],
        other_certs=list(embedded.other_embedded_certs),
        moment=embedded.self_reported_timestamp or now,
        allow_fetching=False,
    )
    return validate_pdf_signature(
        embedded, context, diff_policy=POLICY, key_usage_settings=KeyUsageConstraints(key_usage=set(USAGES))
    )


# --- what is told ---------------------------------------------------------------------------------------------------


def _changed(reader: PdfFileReader, embedded: EmbeddedPdfSignature, status: PdfSignatureStatus) -> Iterator[str]:
    if not (status.intact and status.valid):
        yield "what was signed is no longer what stands in the file: it was changed or damaged"
    elif not status.docmdp_ok:
        altered = _altered(reader, embedded)
        if altered:
            yield f"changed after signing: {', '.join(altered)}"
        else:
            yield "pages or other parts of the file were changed or added after signing"


def _altered(reader: PdfFileReader, embedded: EmbeddedPdfSignature) -> list[str]:
    """Return what the document calls each field that the signature locked and that says something else now."""
    lock = plain(embedded.fieldmdp)
    before = fields(reader.get_historical_resolver(embedded.signed_revision))
    return [
        str(found(item.entry, "/TU") or name).partition(". ")[0]  # the label; the question follows
        for name, item in fields(reader).items()
        if (lock is None or lock.is_locked(name))
        and (name not in before or (item.kind != "/Sig" and item.value != before[name].value))
    ]


def _doubts(certificate: x509.Certificate, status: PdfSignatureStatus, at: datetime | None) -> Iterator[str]:
    if at is None:
        yield "the signature does not say when it was made"
    elif not certificate.not_valid_before <= at <= certificate.not_valid_after:
        yield (
            f"the certificate was not good when this was signed: it runs from {certificate.not_valid_before:%m/%d/%Y} "
            f"to {certificate.not_valid_after:%m/%d/%Y}"
        )
    elif status.intact and status.valid and not status.trusted:
        yield (
            "the certificate is self-signed and not in your list of trusted ones, so anybody may have signed"
            if self_signed(certificate)
            else f"nobody in your list of trusted certificates issued this one ({issued_by(certificate)} did)"
        )
    elif status.docmdp_ok and status.intact and not status.bottom_line:
        yield "the signature breaks a condition that its own place to sign sets"


def _printed(items: Mapping[str, Item], role: str) -> str:
    """Return the name that the document prints for ``role``."""
    item = items.get(slots.field(role, "name"))
    return item.text.strip() if item else ""


def _notes(certificate: x509.Certificate, now: datetime, printed: str) -> Iterator[str]:
    if printed and printed.casefold() not in named(certificate).casefold():
        yield f"the document names {printed}, the certificate does not"
    if self_signed(certificate):
        yield "self-signed: nobody but its holder vouches for the name"
    if now > certificate.not_valid_after:
        yield f"the certificate expired after signing, on {certificate.not_valid_after:%m/%d/%Y}"
