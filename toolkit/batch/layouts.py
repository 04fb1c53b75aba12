"""The built-in templates, laid out from the packs: what `plankit template build` writes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from toolkit.model import Definitions
from toolkit.shelf import ADDED, Pack, Shelf
from toolkit.word import build


class Layout(NamedTuple):
    """One template: the pack and the file name under which it belongs on a shelf, and its bytes."""

    pack: str
    file: str
    data: bytes


def layouts(
    shelf: Shelf, brand: Mapping[str, Any] | None = None, packs: Iterable[str] | None = None
) -> Iterator[Layout]:
    """Yield the documents of ``packs`` (None: all), and the files that overlays add, laid out from their blocks.

    ``brand`` (name, logo, color, font) lies over the pack's own, and this over that of the first life stage. Raises
    ShelfError where a block names what there is not.
    """
    first, *_ = shelf.packs.values()
    for pack in shelf.packs.values() if packs is None else map(shelf.pack, packs):
        look = {**first.brand, **pack.brand, **(brand or {})}
        asked = _printable(shelf, pack)
        for document in pack.documents.values():
            words = {**(shelf.pack(document.like).words if document.like else {}), **pack.words}
            yield Layout(pack.name, document.template, build.build(document, asked, look, words))
        for place, blocks in pack.additions.items() if pack.kind == "overlay" else ():
            if blocks:
                beside = [block for other, several in pack.additions.items() if other != place for block in several]
                data = build.build_supplement(pack.title, blocks, asked, look, pack.words, beside)
                yield Layout(pack.name, ADDED[place], data)


def _printable(shelf: Shelf, pack: Pack) -> Definitions:
    """Return what templates of ``pack`` may print; an overlay lies over the first life stage."""
    stage = next(iter(shelf.packs))
    return shelf.printable((pack.name,) if pack.kind == "life_stage" else (stage, pack.name))
