"""Lays out a Word template from a pack's blocks (`toolkit.blocks` describes them) and a clinic's brand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from toolkit.model import Definitions, Document
from toolkit.word.blocks import draw
from toolkit.word.layout import Layout


def build(
    document: Document, definitions: Definitions, brand: Mapping[str, Any], words: Mapping[str, str] | None = None
) -> bytes:
    """Return ``document`` as a Word template; the same input always gives the same bytes.

    ``words`` are what headings call people by. Raises ShelfError where a block is not known or names a field that
    nothing defines.
    """
    layout = Layout(document, definitions, brand, words or {})
    layout.paper.head_and_foot(
        left=["Client {{ client.id }}  ·  {{ document.title }}  ·  {{ document.date }}"],
        right=["Form {{ document.form }}"],
        header=["{{ clinic.name }}"],
    )
    for number, block in enumerate(document.blocks):
        following = document.blocks[number + 1] if number + 1 < len(document.blocks) else {}
        draw(layout, block, keep=following.get("block") == "signatures")
    return layout.paper.save()


def build_supplement(
    title: str,
    blocks: Sequence[Mapping[str, Any]],
    definitions: Definitions,
    brand: Mapping[str, Any],
    words: Mapping[str, str] | None = None,
    beside: Sequence[Mapping[str, Any]] = (),
) -> bytes:
    """Return the Word file that an overlay adds where ``{%p include supplements %}`` stands: blocks, no page furniture.

    What the blocks ``beside`` name is printed elsewhere. Raises ShelfError as `build`.
    """
    layout = Layout(Document("supplement", title, "", "", (*blocks, *beside)), definitions, brand, words or {})
    for block in blocks:
        draw(layout, block)
    return layout.paper.save()
