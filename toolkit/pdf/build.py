"""Lays out the sheets of a PDF form from a pack's blocks (`toolkit.blocks` describes them) and a clinic's brand.

Needs WeasyPrint (``pip install "plankit[build]"``) and its libraries; a finished template needs neither.
"""

from __future__ import annotations

import hashlib
import importlib
import json
import logging
import warnings
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from msgspec.structs import asdict

from toolkit.errors import TemplateError
from toolkit.model import Definitions, Document
from toolkit.pdf.boxes import FIRST, TOP, Fixed, Group, Widget, pages
from toolkit.pdf.cells import FormCells
from toolkit.pdf.fonts import FOLDER
from toolkit.pdf.forms import added, footer, header, sheets
from toolkit.pdf.html import page
from toolkit.pdf.normalise import Page, normalise
from toolkit.pdf.pieces import described


def installed() -> bool:
    """Tell whether forms can be laid out on this machine."""
    try:
        _weasyprint()
    except TemplateError:
        return False
    return True


def build(
    document: Document, definitions: Definitions, brand: Mapping[str, Any], words: Mapping[str, str] | None = None
) -> bytes:
    """Return the sheets of ``document`` as a PDF form; the same input always gives the same bytes.

    Raises ShelfError where a block is not known or names a field that nothing defines, TemplateError where WeasyPrint
    is missing.
    """
    form = FormCells(document, definitions, brand, words or {})
    return _printed(form, sheets(form), document.title)


def build_supplement(
    title: str,
    blocks: Sequence[Mapping[str, Any]],
    definitions: Definitions,
    brand: Mapping[str, Any],
    words: Mapping[str, str] | None = None,
    beside: Sequence[Mapping[str, Any]] = (),
) -> bytes:
    """Return the sheets that an overlay adds, each named after its document.

    What the blocks ``beside`` name is printed elsewhere. Raises as `build`.
    """
    form = FormCells(Document("supplement", title, "", "", (*blocks, *beside)), definitions, brand, words or {})
    takers = [name for name, document in definitions.documents.items() if not document.of or _takes(document)]
    return _printed(form, added(form, blocks, takers), title)


def _takes(companion: Document) -> bool:
    """Tell whether a companion has a place for what overlays add."""
    return any(block.get("block") in ("supplements", "last_pages") for block in companion.blocks)


def _printed(form: FormCells, found: Iterable[tuple[str, list[Group]]], title: str) -> bytes:
    laid_out: list[Page] = []
    for name, groups in found:
        masthead = any(item.role == "logo" for group in groups if isinstance(group, Fixed) for item in group.drawn)
        for number, placed in enumerate(pages(groups, FIRST if masthead else TOP)):
            head, foot = () if masthead and number == 0 else header(form), footer(form)
            drawn = (*head, *(item for one in placed for item in one.drawn), *foot)
            laid_out.append(Page(name, drawn, described(head, placed, foot, form.color)))
    html, widgets = page(title, form.color, [one.drawn for one in laid_out])
    told = [one.told for one in laid_out]
    return normalise(_drawn(html), laid_out, widgets, title, source([html, told], widgets))


def source(pages: Sequence[Any], widgets: Sequence[Widget]) -> str:
    """Return the digest of all that a form is made of, but for the programs that make it."""
    fields = [asdict(widget) for widget in widgets]
    return hashlib.sha256(json.dumps([*pages, fields]).encode()).hexdigest()


def _drawn(html: str) -> bytes:
    """Return the pages as WeasyPrint draws and tags them, with a place for each field."""
    weasyprint = _weasyprint()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        laid_out = weasyprint.HTML(string=html, base_url=f"{FOLDER}/")
        return bytes(laid_out.write_pdf(pdf_forms=True, pdf_variant="pdf/ua-1", uncompressed_pdf=True))


def _weasyprint() -> Any:
    """Return WeasyPrint; raises TemplateError where it, or a library that it needs, is missing."""
    logging.getLogger("weasyprint").setLevel(logging.CRITICAL)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # how it would cut faces, which is not left to it
            return importlib.import_module("weasyprint")
    except ImportError:
        raise TemplateError(
            "PDF forms are laid out by WeasyPrint, which is not installed. "
            'Install it with: pip install "plankit[build]"'
        ) from None
    except OSError:
        raise TemplateError(
            "PDF forms are laid out by WeasyPrint, which finds no Pango on this machine. "
            "Install it as https://doc.courtbouillon.org/weasyprint says."
        ) from None
