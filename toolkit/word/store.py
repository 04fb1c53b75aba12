"""The store in a Word file: a custom XML part that holds the answers to which content controls are bound."""

from __future__ import annotations

import posixpath
import uuid
from collections.abc import Sequence
from itertools import count

from toolkit.word.package import (
    CONTENT_TYPES,
    Element,
    Parts,
    R,
    declare,
    parse,
    relate,
    serialize,
)

STORE_ID = f"{{{uuid.uuid5(uuid.NAMESPACE_URL, 'urn:plankit:answers')}}}".upper()
DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'

_STORE = "customXml/item{}.xml"
_RELATION, _PROPERTIES_RELATION = f"{R}/customXml", f"{R}/customXmlProps"
_PROPERTIES_TYPE = "application/vnd.openxmlformats-officedocument.customXmlProperties+xml"
_PROPERTIES = (
    f'{DECLARATION}<ds:datastoreItem xmlns:ds="http://schemas.openxmlformats.org/officeDocument/2006/customXml" '
    f'ds:itemID="{STORE_ID}"><ds:schemaRefs/></ds:datastoreItem>'
)


def with_store(parts: Parts, body: str, name: str) -> tuple[dict[str, bytes], str]:
    """Return ``parts`` with what a store needs around it, and the name of the part that the store will be."""
    parts = dict(parts)
    number = next(number for number in count(1) if _STORE.format(number) not in parts)
    store, properties = _STORE.format(number), f"customXml/itemProps{number}.xml"
    declare(parts, store, "application/xml", name)
    declare(parts, properties, _PROPERTIES_TYPE, name)
    relate(parts, body, _RELATION, posixpath.relpath(store, posixpath.dirname(body)), name)
    relate(parts, store, _PROPERTIES_RELATION, posixpath.basename(properties), name)
    parts[properties] = _PROPERTIES.encode()
    return parts, store


def without_store(parts: Parts, name: str) -> dict[str, bytes]:
    """Return ``parts`` without a store: a template may have been a finished document, with somebody's answers in it."""
    gone = {part for part, content in parts.items() if b"datastoreItem" in content and _is_ours(content)}
    if not gone:
        return dict(parts)
    relations = {part: parse(content, name) for part, content in parts.items() if part.endswith(".rels")}
    for part, root in relations.items():
        if any(_target(part, relation) in gone for relation in root):
            store = part.replace("_rels/", "").removesuffix(".rels")
            gone |= {store, part} if store.startswith("customXml/") else set()
    kept = {part: content for part, content in parts.items() if part not in gone}
    for part, root in relations.items():
        if part in kept:
            kept[part] = _without(root, [item for item in root if _target(part, item) in gone])
    types = parse(kept[CONTENT_TYPES], name)
    named = [item for item in types if (item.get("PartName") or "").lstrip("/") in gone]
    kept[CONTENT_TYPES] = _without(types, named)
    return kept


def _is_ours(properties: bytes) -> bool:
    return STORE_ID.encode() in properties.upper()


def _target(part: str, relation: Element) -> str:
    """Return the part that ``relation``, listed in ``part``, leads to."""
    folder = posixpath.dirname(posixpath.dirname(part))
    return posixpath.normpath(posixpath.join("/", folder, relation.get("Target") or "")).lstrip("/")


def _without(root: Element, items: Sequence[Element]) -> bytes:
    for item in items:
        root.remove(item)
    return serialize(root)
