"""A Word file as a zip of parts: opened with care, and put together so that the same parts give the same bytes."""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from itertools import count
from typing import Any, TypeAlias

from lxml import etree
from msgspec import Struct

from toolkit.errors import ReadError

deflate: Callable[[bytes], bytes]
crc32: Callable[[bytes], int]
decompressor: Callable[[int], Any]
_DAMAGED: Any
try:
    from isal import isal_zlib

    crc32, decompressor, _DAMAGED = isal_zlib.crc32, isal_zlib.decompressobj, isal_zlib.error

    def deflate(data: bytes) -> bytes:
        """Return ``data`` compressed quickly, for parts made anew for each document."""
        return bytes(isal_zlib.compress(data, 0, -15))

except ImportError:  # the extra [fast] is not installed
    crc32, decompressor, _DAMAGED = zlib.crc32, zlib.decompressobj, zlib.error

    def deflate(data: bytes) -> bytes:
        """Return ``data`` compressed quickly, for parts made anew for each document."""
        return zlib.compress(data, 3, -15)


Element: TypeAlias = Any
"""An lxml element; its own type is not public."""
Parts: TypeAlias = Mapping[str, bytes]
"""The parts of a package by name, in the order of the file."""

MAX_PARTS = 2_000
MAX_PART = 32_000_000
MAX_TOTAL = 128_000_000

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
CONTENT_TYPES = "[Content_Types].xml"
_WORD_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml."
MAIN_TYPE = _WORD_TYPE + "document.main+xml"
HEADER_TYPE = _WORD_TYPE + "header+xml"
TEXT_TYPES = {
    MAIN_TYPE: "body",
    HEADER_TYPE: "header",
    _WORD_TYPE + "footer+xml": "footer",
    _WORD_TYPE + "footnotes+xml": "footnotes",
    _WORD_TYPE + "endnotes+xml": "endnotes",
}
"""Content types of the parts that hold text, and what people call them."""

_PART_NAME = re.compile(r"(?!\.)[^\\/:\x00-\x1f]+(/(?!\.+(/|$))[^\\/:\x00-\x1f]+)*")
_DECLARATION = re.compile(rb"""<\?xml[^>]*?\bencoding\s*=\s*["']([^"']*)""")


def w(name: str) -> str:
    """Return the name of a WordprocessingML element or attribute as lxml writes it."""
    return f"{{{W}}}{name}"


# --- reading -------------------------------------------------------------------------------------------------------


def read_package(data: bytes, name: str) -> dict[str, bytes]:
    """Return the parts of the Word file ``data``; ``name`` stands in messages.

    Raises ReadError for what is no Word file, is protected, damaged, unreasonably large, or holds entities.
    """
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise ReadError(f"{name} is protected by a password or an old .doc file. Save it as a Word Document (.docx).")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = _extracted(archive, data, name)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError, struct.error):
        raise ReadError(f"{name} is damaged or not a Word file. Save it again as a Word Document (.docx).") from None
    except RuntimeError:  # what zipfile raises for an encrypted member
        raise ReadError(f"{name} is protected by a password. Save it without one.") from None
    if CONTENT_TYPES not in parts:
        raise ReadError(f"{name} is not a Word file. Save it as a Word Document (.docx).")
    return parts


def _extracted(archive: zipfile.ZipFile, data: bytes, name: str) -> dict[str, bytes]:
    infos = [info for info in archive.infolist() if not info.is_dir()]
    too_large = ReadError(f"{name} is unreasonably large once unpacked. Use a smaller file.")
    if len(infos) > MAX_PARTS or sum(info.file_size for info in infos) > MAX_TOTAL:
        raise too_large
    parts: dict[str, bytes] = {}
    named: set[str] = set()  # Word takes names that differ in capitals for one
    for info in infos:
        part = info.filename
        if part.casefold() in named or not _PART_NAME.fullmatch(part):
            raise ReadError(f"{name} is damaged: its parts are named in a way Word does not. Save it again in Word.")
        if info.file_size > MAX_PART:
            raise too_large
        named.add(part.casefold())
        parts[part] = _content(archive, info, data, name)
    return parts


_MOST_KNOWN = 64  # parts; and as many thousand bytes of each
_KNOWN: dict[str, tuple[tuple[Any, ...], bytes]] = {}
"""The part of each name that was read last: as it is stored, and what it holds. Most are the same in all documents."""


def _content(archive: zipfile.ZipFile, info: zipfile.ZipInfo, data: bytes, name: str) -> bytes:
    """Return what a part holds; one that is stored byte for byte as the last of its name need not be unpacked again."""
    start = info.header_offset
    begin = start + _LOCAL.size + sum(struct.unpack_from("<2H", data, start + _LOCAL.size - 4))
    end = begin + info.compress_size
    stored = (data[start:end], info.CRC, info.file_size, info.compress_type, info.flag_bits)
    known = _KNOWN.get(info.filename)
    if known and known[0] == stored:
        return known[1]
    with archive.open(info) as file:  # what the two headers of a part say is compared there
        found = _inflated(data[begin:end], info) if info.compress_type == zipfile.ZIP_DEFLATED else None
        content = file.read() if found is None else found
    if info.filename.lower().endswith((".xml", ".rels")):
        _hold_plain(content, name)
    if len(content) <= 1_000 * _MOST_KNOWN:
        if len(_KNOWN) >= _MOST_KNOWN:
            _KNOWN.clear()
        _KNOWN[info.filename] = stored, content
    return content


def _inflated(packed: bytes, info: zipfile.ZipInfo) -> bytes | None:
    """Return what a part holds that is ``packed`` as it should be; None for any other, of which `zipfile` tells."""
    try:
        content = bytes(decompressor(-15).decompress(packed, info.file_size + 1))
    except _DAMAGED:
        return None
    return content if len(content) == info.file_size and crc32(content) == info.CRC else None


def _hold_plain(content: bytes, name: str) -> None:
    """Refuse document types (entity bombs), and encodings in which one could hide."""
    declared = _DECLARATION.match(content.removeprefix(b"\xef\xbb\xbf").lstrip()[:200])
    encoding = declared[1].lower() if declared else b"utf-8"
    if b"!" in content and (b"<!DOCTYPE" in content or b"<!ENTITY" in content):
        raise ReadError(f"{name} holds definitions that a Word file never holds. Save it again in Word.")
    if content.startswith((b"\xff\xfe", b"\xfe\xff")) or encoding not in (b"utf-8", b"us-ascii", b"ascii"):
        raise ReadError(f"{name} is not written in UTF-8. Save it again in Word.")


_PARSER = etree.XMLParser(
    resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True, remove_pis=True
)


def parse(content: bytes, name: str) -> Element:
    """Return the root element of an XML part. Raises ReadError where it is damaged or defines entities."""
    try:
        root: Element = etree.fromstring(content, _PARSER)
    except etree.XMLSyntaxError:
        raise ReadError(f"{name} is damaged: one of its parts cannot be read. Save it again in Word.") from None
    if root.getroottree().docinfo.doctype:
        raise ReadError(f"{name} holds definitions that a Word file never holds. Save it again in Word.")
    return root


class _NoTree:
    """What lxml is given to build, and does not."""

    def pi(self, target: str, data: str | None) -> None:
        raise ValueError(target)

    def close(self) -> None:
        pass


def is_well_formed(content: bytes) -> bool:
    """Tell whether an XML part can be read, and holds no instructions to programs; no tree is built."""
    target: Any = _NoTree()
    parser = etree.XMLParser(target=target, resolve_entities=False, no_network=True, load_dtd=False)
    try:
        etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError):
        return False
    return not len(parser.error_log)  # there alone stands a prefix that nobody declared


def serialize(root: Element) -> bytes:
    """Return an XML part as bytes."""
    return bytes(etree.tostring(root, encoding="UTF-8", xml_declaration=True, standalone=True))


def content_types(parts: Parts, name: str) -> dict[str, str]:
    """Return the content type of every part."""
    named, endings = _declared(parts[CONTENT_TYPES], name)
    return {part: named.get(part) or endings.get(part.rpartition(".")[2].lower(), "") for part in parts}


@lru_cache(maxsize=16)  # all documents of a template declare the same
def _declared(content: bytes, name: str) -> tuple[dict[str, str], dict[str, str]]:
    """Return the content types that [Content_Types].xml gives to parts, and to endings."""
    root = parse(content, name)
    endings = {(item.get("Extension") or "").lower(): item.get("ContentType") or "" for item in root}
    return {(item.get("PartName") or "").lstrip("/"): item.get("ContentType") or "" for item in root}, endings


def text_parts(parts: Parts, name: str) -> dict[str, str]:
    """Return the parts that hold text, the body first, and what people call each (``header 2`` where several).

    Raises ReadError where there is no body.
    """
    kinds = [(part, TEXT_TYPES[kind]) for part, kind in content_types(parts, name).items() if kind in TEXT_TYPES]
    kinds.sort(key=lambda item: (list(TEXT_TYPES.values()).index(item[1]), len(item[0]), item[0]))
    if not kinds or kinds[0][1] != "body":
        raise ReadError(f"{name} is not a Word Document (.docx). Save it as one, without macros.")
    labels = [label for _, label in kinds]
    return {
        part: f"{label} {labels[: index + 1].count(label)}" if labels.count(label) > 1 else label
        for index, (part, label) in enumerate(kinds)
    }


def relations_of(part: str) -> str:
    """Return the name of the part that lists the relations of ``part``."""
    folder, _, file = part.rpartition("/")
    return f"{folder}/_rels/{file}.rels" if folder else f"_rels/{file}.rels"


_NO_RELATIONS = f'<Relationships xmlns="{PACKAGE_RELATIONS}"/>'.encode()


def relate(parts: dict[str, bytes], source: str, kind: str, target: str, name: str, *, external: bool = False) -> str:
    """Enter in the relations of ``source`` that ``target``, as seen from it, is its ``kind``; return the new id.

    ``external`` says that the target is an address outside the file.
    """
    relations = relations_of(source)
    root = parse(parts.get(relations) or _NO_RELATIONS, name)
    taken = {item.get("Id") for item in root}
    identity = next(word for word in map("plankit{}".format, count(1)) if word not in taken)
    relation = {"Id": identity, "Type": kind, "Target": target, **({"TargetMode": "External"} if external else {})}
    etree.SubElement(root, f"{{{PACKAGE_RELATIONS}}}Relationship", relation)
    parts[relations] = serialize(root)
    return identity


def declare(parts: dict[str, bytes], part: str, kind: str, name: str) -> None:
    """Enter the content type of the new ``part``, unless it has it by its ending."""
    if content_types({**parts, part: b""}, name)[part] != kind:
        types = parse(parts[CONTENT_TYPES], name)
        override = f"{{{etree.QName(types).namespace}}}Override"
        etree.SubElement(types, override, {"PartName": f"/{part}", "ContentType": kind})
        parts[CONTENT_TYPES] = serialize(types)


# --- writing -------------------------------------------------------------------------------------------------------

_LOCAL = struct.Struct("<4s5H3L2H")
_CENTRAL = struct.Struct("<4s6H3L5H2L")
_END = struct.Struct("<4s4H2LH")
_NEW_YEAR_1980 = 0x0021  # the first date a zip can hold: the same parts give the same bytes


class Entry(Struct, frozen=True):
    """One part as it stands in the zip: its local header with the compressed bytes, and what the directory says."""

    local: bytes
    name: bytes
    directory: tuple[int, ...]


def entry(part: str, content: bytes, compress: Callable[[bytes], bytes] = deflate) -> Entry:
    """Return ``content`` as a zip entry; stored as it is where compressing does not make it smaller."""
    packed, method = compress(content), 8
    if len(packed) >= len(content):
        packed, method = content, 0
    name = part.encode()
    flags = 0 if part.isascii() else 0x0800
    fields = (20, flags, method, 0, _NEW_YEAR_1980, crc32(content), len(packed), len(content), len(name), 0)
    return Entry(_LOCAL.pack(b"PK\x03\x04", *fields) + name + packed, name, fields)


def renamed(item: Entry, part: str) -> Entry:
    """Return the content of ``item`` as the entry of ``part``."""
    name = part.encode()
    version, _, *fields = item.directory
    entered = (version, 0 if part.isascii() else 0x0800, *fields[:-2], len(name), 0)
    packed = item.local[_LOCAL.size + len(item.name) :]
    return Entry(_LOCAL.pack(b"PK\x03\x04", *entered) + name + packed, name, entered)


def static_entry(part: str, content: bytes) -> Entry:
    """Return ``content`` as a zip entry compressed as small as it gets; for parts that every document shares."""
    return entry(part, content, lambda data: zlib.compress(data, 9, -15))


def assemble(entries: Iterable[Entry]) -> bytes:
    """Return the zip file of ``entries``, in their order."""
    body: list[bytes] = []
    directory: list[bytes] = []
    offset = 0
    for item in entries:
        directory.append(_CENTRAL.pack(b"PK\x01\x02", 20, *item.directory, 0, 0, 0, 0, offset) + item.name)
        body.append(item.local)
        offset += len(item.local)
    size = sum(map(len, directory))
    end = _END.pack(b"PK\x05\x06", 0, 0, len(body), len(body), size, offset, 0)
    return b"".join((*body, *directory, end))


def in_order(parts: Iterable[str]) -> list[str]:
    """Return part names in the order in which they are written: content types first, as Office does."""
    return sorted(parts, key=lambda part: part != CONTENT_TYPES)
