"""PDFs from finished Word files: the copy for LibreOffice, the call, and what became of each file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from toolkit.model import Signer
from toolkit.pdf import convert
from toolkit.word import places


@dataclass(frozen=True, slots=True)
class Finished:
    """A finished Word file, and who signs it."""

    data: bytes
    signers: tuple[Signer, ...] = ()


def convert_all(files: Sequence[Finished], *, workers: int = 1) -> list[convert.Converted]:
    """Return the PDF of each of ``files``, or its fault, in their order.

    Raises RenderError where LibreOffice is not there, ReadError where a file is no Word file.
    """
    return convert.convert([_source(one) for one in files], workers=workers)


def _source(one: Finished) -> convert.Source:
    copy = places.copy(one.data, one.signers)
    said = {
        signer.role: {"label": signer.label, "name": signer.name, "credential": signer.credential}
        for signer in one.signers
        if signer.role in copy.places
    }
    return convert.Source(copy.data, copy.text, copy.around, places.PAGE_NUMBER, places.ADDRESS, said)
