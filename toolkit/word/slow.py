"""What goes through the whole package of a finished document: subdocuments, and parts replaced by other files.

It is right for each document and safe in a batch, but slow: the file is opened, changed and packed again, which takes
far longer than filling the template did.
"""

from __future__ import annotations

import io
import zlib
from collections.abc import Mapping, Sequence
from copy import deepcopy
from os import PathLike
from pathlib import Path
from typing import Any, TypeAlias

from docx import Document
from docx.document import Document as DocumentObject
from docxtpl.subdoc import Subdoc, SubdocComposer

from toolkit.errors import RenderError
from toolkit.word.include import settled_numbering
from toolkit.word.media import SUBDOCUMENT
from toolkit.word.package import Element, assemble, entry, in_order, parse, read_package, relations_of, text_parts, w

File: TypeAlias = str | PathLike[str] | bytes
"""A file by its path, or its content."""


def with_subdocuments(data: bytes, subdocuments: Sequence[Subdoc], name: str) -> bytes:
    """Return the Word file ``data`` with each of ``subdocuments`` in its place, their styles, lists and pictures too.

    The subdocuments themselves stay as they were. Raises RenderError where one cannot be joined.
    """
    document = Document(io.BytesIO(data))
    places = {
        int(item.get(SUBDOCUMENT)): item for item in document.element.body.iter(w("p")) if SUBDOCUMENT in item.attrib
    }
    for number, place in places.items():
        try:
            content = _joined(document, subdocuments[number])
        except Exception as error:
            raise RenderError(f"{name}: a subdocument cannot be joined to it. Save that file again in Word.") from error
        for element in content:
            place.addprevious(element)
        _close(place)
    file = io.BytesIO()
    document.save(file)
    parts = settled_numbering(read_package(file.getvalue(), name), name)
    return assemble(entry(part, parts[part]) for part in in_order(parts))


def _joined(document: DocumentObject, value: Subdoc) -> list[Element]:
    """Return the blocks of a subdocument, whose pictures and links are those of the file it was made for."""
    body = deepcopy(value.subdocx.element)
    SubdocComposer(document).attach_parts(DocumentObject(body, value.docx.part))
    return [element for element in body.body if element.tag != w("sectPr")]


def _close(place: Element) -> None:
    """Take away the paragraph that stood for a subdocument; a cell keeps one at its end, as Word wants it."""
    previous = place.getprevious()
    if place.getparent().tag == w("tc") and place.getnext() is None and (previous is None or previous.tag != w("p")):
        place.attrib.pop(SUBDOCUMENT)
    else:
        place.getparent().remove(place)


# --- replacing -------------------------------------------------------------------------------------------------------


def replaced(
    data: bytes,
    pictures: Mapping[str, File] | None = None,
    media: Sequence[tuple[File, File]] = (),
    embedded: Sequence[tuple[File, File]] = (),
    parts: Mapping[str, File] | None = None,
) -> bytes:
    """Return the Word file ``data`` with other pictures and embedded files.

    ``pictures`` are known by the file name, title or description that Word shows for them; of ``media`` and
    ``embedded`` the old file is given with the new one; ``parts`` are known by their names in the package. Raises
    RenderError for what is not there.
    """
    name = "The document"
    package = read_package(data, name)
    for title, file in (pictures or {}).items():
        for part in _shown(package, title, name):
            package[part] = _content(file)
    for folder, pairs in (("word/media/", media), ("word/embeddings/", embedded)):
        for old, new in pairs:
            sought = zlib.crc32(_content(old))
            found = [part for part in package if part.startswith(folder) and zlib.crc32(package[part]) == sought]
            if not found:
                raise RenderError("A file to replace is not in the document. Give it as Word holds it.")
            package |= dict.fromkeys(found, _content(new))
    for part, file in (parts or {}).items():
        if part not in package or not part.startswith(("word/media/", "word/embeddings/")):
            raise RenderError(f"The document holds no «{part}». Name a file in word/media/ or word/embeddings/.")
        package[part] = _content(file)
    return assemble(entry(part, package[part]) for part in in_order(package))


def _shown(package: Mapping[str, bytes], title: str, name: str) -> set[str]:
    """Return the parts with the pictures that are known by ``title``, in any text of the file."""
    found = set()
    for part in text_parts(package, name):
        targets = {
            item.get("Id"): item.get("Target") or ""
            for item in (parse(package[relations_of(part)], name) if relations_of(part) in package else ())
        }
        for picture in parse(package[part], name).iter("{*}pic"):
            known = next(picture.iter("{*}cNvPr"), None)
            shown = next(picture.iter("{*}blip"), None)
            if known is None or shown is None or title not in [known.get(key) for key in ("name", "title", "descr")]:
                continue
            embed: Any = next((value for key, value in shown.attrib.items() if key.endswith("}embed")), None)
            if embed in targets:
                target = targets[embed]
                found.add(target.lstrip("/") if target.startswith("/") else f"{part.rpartition('/')[0]}/{target}")
    if not found:
        raise RenderError(f"The document shows no picture named «{title}». Look at its name in Word: Alt Text.")
    return found


def _content(file: File) -> bytes:
    if isinstance(file, bytes):
        return file
    try:
        return Path(file).read_bytes()
    except OSError:
        raise RenderError(f"{Path(file).name} is not there or cannot be opened. Check its name.") from None
