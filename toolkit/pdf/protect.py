"""Encrypted copies: AES-256, made before anybody signs, in which signing goes on."""

from __future__ import annotations

import io

import pikepdf

from toolkit.errors import ReadError


def encrypted(data: bytes, password: str) -> bytes:
    """Return the PDF ``data`` encrypted with ``password``.

    Raises ReadError where it is damaged, encrypted already, or signed: what was signed cannot be written anew.
    """
    if not password:
        raise ReadError("An encrypted copy needs a password that is not empty. Choose one and run again.")
    try:
        with pikepdf.open(io.BytesIO(data)) as pdf:
            if any(isinstance(item, pikepdf.Dictionary) and "/ByteRange" in item for item in pdf.objects):
                raise ReadError(
                    "The file is signed already; encrypting it now would undo that. Encrypt before signing."
                )
            output = io.BytesIO()
            pdf.save(output, encryption=pikepdf.Encryption(user=password, owner=password, R=6))
    except pikepdf.PasswordError:
        raise ReadError("The file is encrypted already. Sign it as it is.") from None
    except pikepdf.PdfError as error:
        raise ReadError("The file is no PDF, or it is damaged or cut off. Make it again.") from error
    return output.getvalue()
