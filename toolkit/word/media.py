"""What one document needs beside its template: pictures, links, and the parts of the package that speak of them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import count
from os import PathLike, fspath
from typing import Any
from urllib.parse import quote, unquote

from docx.image.exceptions import InvalidImageStreamError, UnexpectedEndOfFileError, UnrecognizedImageError
from docx.image.image import Image
from docx.oxml.shape import CT_Inline
from docxtpl import InlineImage
from docxtpl.subdoc import Subdoc
from lxml import etree
from msgspec import Struct

from toolkit.errors import RenderError
from toolkit.word.package import (
    PACKAGE_RELATIONS,
    Entry,
    R,
    declare,
    entry,
    parse,
    relations_of,
    serialize,
)

SUBDOCUMENT = "plankit-subdocument"
"""The attribute of a paragraph in whose place a subdocument comes."""
LINK = "link-"
"""How an id begins that stands for a link until the document is made."""
_ADDRESS = re.compile(r"(https?|mailto|tel):", re.I)
_MAX_ADDRESS = 2_000
_EMPTY = f'<Relationships xmlns="{PACKAGE_RELATIONS}"/>'.encode()
_A = "http://schemas.openxmlformats.org/drawingml/2006/main"


def link_id(address: str) -> str:
    """Return what stands for a link to ``address`` in ``RichText.add(url_id=…)``, in any part of any document.

    Raises RenderError for what is no address of the web, of mail or a telephone.
    """
    if not _ADDRESS.match(address) or len(address) > _MAX_ADDRESS:
        raise RenderError(
            "A link leads nowhere that is allowed. Give an address that begins with https:, mailto: or tel:."
        )
    return LINK + quote(address, safe="")


class Package(Struct, frozen=True):
    """What a template's package says of its parts: the content types, and the relations of each part."""

    name: str
    body: str
    parts: frozenset[str]
    listings: Mapping[str, bytes]


NO_PACKAGE = Package("", "", frozenset(), {})


class Media:
    """The pictures and links of one document, each part's own, written down once all parts are made."""

    def __init__(self, package: Package, ids: Iterator[int]) -> None:
        self.marked: list[Any] = []
        """The values that were marked where they were printed (`toolkit.word.values.mark`)."""
        self._package = package
        self._ids = ids
        self._images: dict[str, tuple[str, Image]] = {}
        self._relations: dict[str, dict[tuple[str, str], str]] = {}
        self.subdocuments: list[Subdoc] = []

    def subdocument(self, value: Subdoc, part: str) -> str:
        """Return a paragraph in whose place a subdocument comes when the file is put together (`toolkit.word.slow`)."""
        if part != self._package.body:
            raise RenderError(f"{self._package.name}: a subdocument can stand in the body only. Move it there.")
        self.subdocuments.append(value)
        return f'<w:p {SUBDOCUMENT}="{len(self.subdocuments) - 1}"/>'

    def drawing(self, value: InlineImage, part: str) -> str:
        """Return the element that shows a picture in ``part``. Raises RenderError where it cannot be read."""
        target, image = self._stored(_image(value.image_descriptor))
        width, height = image.scaled_dimensions(value.width, value.height)
        relation = self._relate(part, f"{R}/image", _relative(target, part))
        inline = CT_Inline.new_pic_inline(next(self._ids), relation, image.filename, width, height)
        if value.anchor:
            link = self.link(link_id(value.anchor), part)
            for holder in (*inline.iter("{*}docPr"), *inline.iter("{*}cNvPr")):
                etree.SubElement(holder, f"{{{_A}}}hlinkClick", {f"{{{R}}}id": link})
        return f"<w:drawing>{inline.xml}</w:drawing>"

    def link(self, identity: str, part: str) -> str:
        """Return the relation of ``part`` that ``identity``, made by `link_id`, stands for."""
        if not identity.startswith(LINK):
            raise RenderError(
                f"{self._package.name}: a link was made by another engine. Make it with this template’s build_url_id."
            )
        address = unquote(identity.removeprefix(LINK))
        link_id(address)
        return self._relate(part, f"{R}/hyperlink", address)

    def _stored(self, image: Image) -> tuple[str, Image]:
        if image.sha1 not in self._images:
            taken = self._package.parts | {name for name, _ in self._images.values()}
            numbers = {match[1] for name in taken if (match := re.match(r"word/media/image(\d+)\.", name))}
            number = next(str(number) for number in count(1) if str(number) not in numbers)
            ending = image.content_type.rpartition("/")[2].removeprefix("x-")
            self._images[image.sha1] = f"word/media/image{number}.{ending}", image
        return self._images[image.sha1]

    def _relate(self, part: str, kind: str, target: str) -> str:
        own = self._relations.setdefault(part, {})
        return own.setdefault((kind, target), f"rIdMade{len(own) + 1}")

    def added(self, entries: Sequence[Entry]) -> list[Entry]:
        """Return ``entries`` with the pictures, and with all that speaks of pictures and links."""
        changed = dict(self._package.listings)
        for part, relations in self._relations.items():
            listing = relations_of(part)
            changed[listing] = self._listing(changed.get(listing, _EMPTY), relations)
        for target, image in self._images.values():
            declare(changed, target, image.content_type, self._package.name)
        new = {name.encode(): name for name in changed if changed[name] is not self._package.listings.get(name)}
        kept = [
            entry(new.pop(item.name), changed[item.name.decode()]) if item.name in new else item for item in entries
        ]
        kept += [entry(name, changed[name]) for name in new.values()]
        return kept + [_stored_entry(target, image.blob) for target, image in self._images.values()]

    def _listing(self, content: bytes, relations: Mapping[tuple[str, str], str]) -> bytes:
        root = parse(content, self._package.name)
        for (kind, target), identity in relations.items():
            mode = {"TargetMode": "External"} if kind.endswith("/hyperlink") else {}
            relation = {"Id": identity, "Type": kind, "Target": target, **mode}
            etree.SubElement(root, f"{{{PACKAGE_RELATIONS}}}Relationship", relation)
        return serialize(root)


@lru_cache(maxsize=64)
def _stored_entry(part: str, content: bytes) -> Entry:
    """Return a picture as it stands in the zip; the same logo is in every document of a run."""
    return entry(part, content, lambda data: data)


def _relative(target: str, part: str) -> str:
    folder = part.rpartition("/")[0]
    return target.removeprefix(f"{folder}/") if target.startswith(f"{folder}/") else f"/{target}"


def _image(source: Any) -> Image:
    """Return the picture in a file or an open file. Raises RenderError where there is none."""
    where = fspath(source) if isinstance(source, str | PathLike) else source
    if isinstance(where, str) and re.match(r"[A-Za-z][A-Za-z0-9+.-]+:|//|\\\\", where):
        raise RenderError("A picture is asked for at an address. Save it as a file on this computer and name that.")
    try:
        image: Image = Image.from_file(where)
        return image
    except (OSError, AttributeError, TypeError, ValueError):
        raise RenderError("A picture is not there or cannot be opened. Check the name of its file.") from None
    except (UnrecognizedImageError, InvalidImageStreamError, UnexpectedEndOfFileError, KeyError):
        raise RenderError("A picture is of a kind that Word does not show. Save it as PNG or JPEG.") from None
