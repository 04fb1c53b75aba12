"""The built-in templates, laid out from the packs: what `plankit template build` writes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import PurePath
from typing import Any, NamedTuple

from toolkit.model import Definitions
from toolkit.pdf import build as pdf
from toolkit.shelf import ADDED, Pack, Shelf
from toolkit.word import build as word

WORD, PDF = "docx", "pdf"
_BUILDERS = {WORD: word, PDF: pdf}


class Layout(NamedTuple):
    """One template: the pack and the file name under which it belongs on a shelf, and its bytes."""

    pack: str
    file: str
    data: bytes


def kinds() -> tuple[str, ...]:
    """Return the kinds of templates that can be built on this machine."""
    return (WORD, PDF) if pdf.installed() else (WORD,)


def layouts(
    shelf: Shelf,
    brand: Mapping[str, Any] | None = None,
    packs: Iterable[str] | None = None,
    kinds: Iterable[str] = (WORD,),
) -> Iterator[Layout]:
    """Yield the documents of ``packs`` (None: all), and the files that overlays add, laid out from their blocks.

    ``brand`` (name, logo, color, font) lies over the pack's own, and this over that of the first life stage; ``kinds``
    are ``docx`` and ``pdf``. A Word template of an overlay holds the layout of the first life stage with what the
    overlay adds; a form takes that in as sheets. Raises ShelfError where a block names what there is not,
    TemplateError where a form cannot be built on this machine.
    """
    first, *_ = shelf.packs.values()
    chosen = [*shelf.packs.values()] if packs is None else [shelf.pack(name) for name in packs]
    for kind, pack in ((kind, pack) for kind in kinds for pack in chosen):
        build = _BUILDERS[kind]
        look = {**first.brand, **pack.brand, **(brand or {})}
        asked = _printable(shelf, pack)
        overlay = pack.kind == "overlay"
        for document in pack.documents.values() if kind == WORD or not overlay else ():
            if document.drawing:
                continue
            words = {**(shelf.pack(document.like).words if document.like else {}), **pack.words}
            yield Layout(pack.name, _named(document.template, kind), build.build(document, asked, look, words))
        for place, blocks in pack.additions.items() if overlay else ():
            if blocks:
                beside = [block for other, several in pack.additions.items() if other != place for block in several]
                data = build.build_supplement(pack.title, blocks, asked, look, pack.words, beside)
                yield Layout(pack.name, _named(ADDED[place], kind), data)


def _named(file: str, kind: str) -> str:
    return str(PurePath(file).with_suffix(f".{kind}"))


def _printable(shelf: Shelf, pack: Pack) -> Definitions:
    """Return what templates of ``pack`` may print; an overlay lies over the first life stage."""
    stage = next(iter(shelf.packs))
    return shelf.printable((pack.name,) if pack.kind == "life_stage" else (stage, pack.name))
