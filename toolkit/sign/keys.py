"""A signer's key: the certificate and private key out of a ``.p12`` file, and what the certificate says of itself."""

from __future__ import annotations

from datetime import datetime

from asn1crypto import x509
from cryptography.hazmat.primitives.serialization import pkcs12
from msgspec import Struct
from pyhanko.keys import load_certs_from_pemder_data
from pyhanko.sign.signers import SimpleSigner

from toolkit.errors import SignError

USAGES = frozenset({"digital_signature", "non_repudiation"})
"""A certificate that says what it is for has to say one of these."""


class Key(Struct, frozen=True):
    """What somebody signs with."""

    signer: SimpleSigner

    @property
    def name(self) -> str:
        """Whom the certificate names."""
        return named(self.signer.signing_cert)

    @property
    def self_signed(self) -> bool:
        """True when nobody but the holder vouches for the name."""
        return self_signed(self.signer.signing_cert)


def load(data: bytes, password: str, *, now: datetime, name: str = "The key file") -> Key:
    """Return the key in the ``.p12`` file ``data``; raises SignError where it cannot be used to sign at ``now``.

    ``name`` stands in messages; the password never does.
    """
    try:
        private, certificate, _ = pkcs12.load_key_and_certificates(data, password.encode())
    except ValueError as error:
        what = "the password is not the one of this key" if "password" in str(error) else "it is no .p12 or .pfx file"
        raise SignError(f"{name} cannot be opened: {what}. Check both and run again.") from None
    if private is None or certificate is None:
        raise SignError(f"{name} holds no private key with its certificate. Export both together as a .p12 file.")
    signer = SimpleSigner.load_pkcs12_data(data, (), password.encode())
    own = signer.signing_cert
    if now > own.not_valid_after:
        raise SignError(
            f"The certificate in {name} expired on {own.not_valid_after:%m/%d/%Y}. Ask whoever issued it for a new one."
        )
    if now < own.not_valid_before:
        raise SignError(
            f"The certificate in {name} is good from {own.not_valid_before:%m/%d/%Y} on only. "
            "Sign then, or check the date of this computer."
        )
    if own.key_usage_value is not None and not USAGES & own.key_usage_value.native:
        raise SignError(f"The certificate in {name} was not issued for signing. Ask for one that is.")
    return Key(signer)


def certificates(data: bytes, name: str) -> list[x509.Certificate]:
    """Return the certificates in the PEM or DER file ``data``; raises SignError where there are none."""
    try:
        found = [item for item in load_certs_from_pemder_data(data) if named(item)]  # it is read when asked
    except (ValueError, TypeError):
        found = []
    if not found:
        raise SignError(f"{name} holds no certificate. Give a .pem, .crt or .cer file.")
    return found


def named(certificate: x509.Certificate) -> str:
    """Return the name in a certificate: the person's or clinic's, or all that it says."""
    subject = certificate.subject.native
    return str(subject.get("common_name") or subject.get("organization_name") or certificate.subject.human_friendly)


def issued_by(certificate: x509.Certificate) -> str:
    """Return the name of whoever issued a certificate."""
    issuer = certificate.issuer.native
    return str(issuer.get("common_name") or issuer.get("organization_name") or certificate.issuer.human_friendly)


def self_signed(certificate: x509.Certificate) -> bool:
    """Tell whether a certificate is vouched for by nobody but its holder."""
    return bool(certificate.subject == certificate.issuer)
