"""Other Word files joined into a template when it is compiled: by name, or those that populations add to a place.

``{%p include "name.docx" %}`` names one; ``{%p include supplements %}`` and ``{%p include last_pages %}`` are places.
"""

from __future__ import annotations

import hashlib
import io
import re
from collections.abc import Callable, Iterator, Mapping, Sequence

from docx import Document
from docx.oxml.ns import nsmap
from docxcompose.composer import Composer
from msgspec import Struct

from toolkit.errors import TemplateError, ToolkitError
from toolkit.word.guard import check_package
from toolkit.word.package import (
    Element,
    Parts,
    assemble,
    entry,
    in_order,
    parse,
    read_package,
    serialize,
    text_parts,
    w,
)
from toolkit.word.tags import AT, annotate, pieces, straight

# docxcompose gives this prefix another meaning for the whole process, and python-docx would write wrong properties.
nsmap["cp"] = "http://schemas.openxmlformats.org/package/2006/metadata/core-properties"

Load = Callable[[str], bytes]
PLACES = ("supplements", "last_pages")
"""Where a template takes what populations add: in its text, and behind its signatures."""
MAX_CHAIN = 5
"""How many files may include each other in a row."""
_INCLUDE = re.compile(r"\s*\{%p\s+include\s+(.+?)\s*%\}\s*")
_NAME = re.compile(r"""(["'])([^"'/\\:]+\.docx)\1""", re.I)
_NUMBERING = "word/numbering.xml"


class Composed(Struct, frozen=True):
    """A template's parts with all that it includes, and the digest of all files read.

    Each paragraph with tags bears its place, in the file it came from.
    """

    parts: dict[str, bytes]
    sha256: str


class _Sources(Struct, frozen=True):
    load: Load
    added: Mapping[str, Sequence[bytes]]


def compose(data: bytes, name: str, load: Load, added: Mapping[str, Sequence[bytes]]) -> Composed:
    """Return the template ``data`` with everything it includes; ``load`` gives a file by its name.

    ``added`` are the files for each of the `PLACES`.

    Raises TemplateError or ReadError for what cannot be read or included.
    """
    digest = hashlib.sha256()

    def counted(content: bytes) -> bytes:
        digest.update(hashlib.sha256(content).digest())
        return content

    files = {place: tuple(map(counted, added.get(place, ()))) for place in PLACES}
    sources = _Sources(lambda file: counted(load(file)), files)
    return Composed(_resolved(counted(data), name, sources, ()), digest.hexdigest())


def _resolved(data: bytes, name: str, sources: _Sources, chain: tuple[str, ...]) -> dict[str, bytes]:
    """Return the parts of ``data`` with its includes; ``chain`` are the files that led here."""
    if name in chain or len(chain) >= MAX_CHAIN:
        raise TemplateError(f"{name} includes itself, directly or through another file. Remove one of the includes.")
    parts = check_package(read_package(data, name), name)
    asked = False
    for part, label in text_parts(parts, name).items():
        root = parse(parts[part], name)
        annotate(root, name, label)
        asks = any(_asked(paragraph) for paragraph in root.iter(w("p")))
        if asks and label != "body":
            raise TemplateError(f"{name}, {label}: a file can be included in the body only. Move the include there.")
        asked = asked or asks
        parts[part] = serialize(root)
    return _joined(parts, name, sources, (*chain, name)) if asked else parts


def _asked(paragraph: Element) -> str:
    """Return what the paragraph includes, as typed, or an empty text."""
    if AT not in paragraph.attrib:
        return ""
    found = _INCLUDE.fullmatch("".join(text for _, text in pieces(paragraph)))
    return straight(found[1]) if found else ""


def _joined(parts: Parts, name: str, sources: _Sources, chain: tuple[str, ...]) -> dict[str, bytes]:
    """Return ``parts`` with what they include. Raises TemplateError where the libraries that join them cannot."""
    try:
        return _composed(parts, name, sources, chain)
    except ToolkitError:
        raise
    except Exception as error:
        raise TemplateError(
            f"{name}, or a file that it includes, is damaged: parts of it are missing. Save both again in Word."
        ) from error


def _composed(parts: Parts, name: str, sources: _Sources, chain: tuple[str, ...]) -> dict[str, bytes]:
    composer = Composer(Document(io.BytesIO(_packed(parts))))
    for paragraph in [item for item in composer.doc.element.body.iter(w("p")) if _asked(item)]:
        for label, content in _contents(paragraph, sources, chain):
            _insert(composer, paragraph, _packed(_resolved(content, label, sources, chain)))
        _remove(paragraph)
    file = io.BytesIO()
    composer.doc.save(file)
    return settled_numbering(read_package(file.getvalue(), name), name)


def _contents(paragraph: Element, sources: _Sources, chain: tuple[str, ...]) -> Iterator[tuple[str, bytes]]:
    """Yield the name and the bytes of each file that ``paragraph`` includes."""
    what, place = _asked(paragraph), paragraph.get(AT).replace("|", ", ")
    if what in sources.added:
        if len(chain) > 1 and chain[-1].partition(" ")[0] in PLACES:
            raise TemplateError(f"{place}: a supplement cannot include supplements. Remove the include.")
        yield from ((f"{what} {number}", data) for number, data in enumerate(sources.added[what], start=1))
        return
    found = _NAME.fullmatch(what)
    if found is None:
        raise TemplateError(
            f'{place}: write the file’s name alone and in quotes, like {{%p include "signatures.docx" %}}.'
        )
    try:
        content = sources.load(found[2])
    except (OSError, LookupError):
        raise TemplateError(
            f"{place}: the file «{found[2]}» to include is not there. Put it beside the template."
        ) from None
    yield found[2], content


def _insert(composer: Composer, paragraph: Element, data: bytes) -> None:
    """Put the body of the Word file ``data`` before ``paragraph``."""
    body = composer.doc.element.body
    end = composer.append_index()
    behind = len(body) - end
    composer.insert(end, Document(io.BytesIO(data)))
    for element in list(body)[end : len(body) - behind]:
        paragraph.addprevious(element)


def _remove(paragraph: Element) -> None:
    """Remove ``paragraph``; a cell keeps a paragraph at its end, as Word wants it."""
    parent, previous = paragraph.getparent(), paragraph.getprevious()
    if parent.tag == w("tc") and paragraph.getnext() is None and (previous is None or previous.tag != w("p")):
        for child in list(paragraph):
            if child.tag != w("pPr"):
                paragraph.remove(child)
        paragraph.attrib.pop(AT)
    else:
        parent.remove(paragraph)


def _packed(parts: Parts) -> bytes:
    return assemble(entry(part, parts[part]) for part in in_order(parts))


def settled_numbering(parts: dict[str, bytes], name: str) -> dict[str, bytes]:
    """Return ``parts`` with numbered list identities in place of the random ones: the same input, the same bytes."""
    if _NUMBERING in parts:
        root = parse(parts[_NUMBERING], name)
        for number, identity in enumerate(root.iter(w("nsid")), start=0x10000000):
            identity.set(w("val"), f"{number:08X}")
        parts[_NUMBERING] = serialize(root)
    return parts
