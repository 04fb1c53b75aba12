"""One file for the printer: finished PDFs one after another, with what their fields show drawn into the pages.

The file is written as it grows, so that of a document nothing is kept but where its objects stand. What documents have
in common (the pages of a form, its typefaces) is written once. The same documents give the same bytes.
"""

from __future__ import annotations

import hashlib
import re
from array import array
from collections.abc import Iterable, Sequence
from typing import Any, BinaryIO, NamedTuple, TypeAlias

import pikepdf
from pikepdf import Array, Dictionary, Stream, String

from toolkit.errors import ReadError
from toolkit.pdf.compile import opened
from toolkit.pdf.fonts import pack

Object: TypeAlias = Any

_REFERENCE = re.compile(rb"\((?:[^()\\]|\\.)*\)|<[0-9A-Fa-f]+>|(\d+) (\d+) R\b", re.S)
_KEPT = ("/MediaBox", "/CropBox", "/Rotate", "/UserUnit", "/Resources", "/Group")
"""What a page says of itself, or inherits, that matters on paper."""
_BOXES = _KEPT[:4]
_SHARED = 800
"""Streams of fewer bytes are not looked for among those that are there already."""
_UNSEEN, _PRINTED = 1 | 2, 4
"""What the flags of a place say: that it is not shown (invisible, hidden), and that it is printed."""
_WRONG = (
    pikepdf.PdfError, TypeError, ValueError, KeyError, IndexError, AttributeError, ArithmeticError, RecursionError,
    NotImplementedError,
)  # fmt: skip


class _Part(NamedTuple):
    """A document in the file."""

    title: str
    node: int
    """The object that lists its pages."""
    first: int
    """The object of its first page."""
    sheets: int
    """Its pages, with the blank one that follows an odd last one."""


class Drawn(NamedTuple):
    """Pages that are drawn for the file itself: their size, operators, and the objects that they draw with."""

    size: tuple[float, float]
    pages: Sequence[bytes]
    objects: Sequence[bytes]
    """The first is the dictionary of resources."""


class PrintFile:
    """A PDF that grows document by document, each on pages of its own and beginning with an odd one."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._md5 = hashlib.md5(usedforsecurity=False)
        self._at = 0
        self._places = array("Q", [0])
        self._same: dict[bytes, int] = {}
        self._parts: list[_Part] = []
        self._put(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
        self._tree = self.reserve()

    def add(self, data: bytes, title: str) -> int:
        """Add the finished PDF ``data`` under the bookmark ``title``; return how many pages it has.

        Raises ReadError where its pages cannot be drawn as a reader shows them; then they are not in the file.
        """
        with opened(data, "The file") as pdf:
            try:
                _draw_annotations(pdf)
                copied = _Copied(self, pdf)
                pages = [copied.page(page.obj) for page in pdf.pages]
                boxes = _inherited(pdf.pages[-1].obj, _BOXES)
                blank = copied.spelled(Dictionary({**boxes, "/Resources": Dictionary()}))
            except _WRONG as error:
                raise ReadError("The file is damaged.") from error
        self._parts.append(self._part(title, pages, blank))
        return len(pages)

    def finish(self, title: str, cover: Drawn) -> None:
        """Put the pages of ``cover`` before all others, with the bookmark ``title``, and end the file."""
        resources, *_ = [self.write(self.reserve(), content) for content in cover.objects]
        box = b"<</MediaBox[0 0 %g %g]" % cover.size
        pages = []
        for content in cover.pages:
            drawn = self.write(self.reserve(), _stream(content))
            pages.append(b"%b/Resources %d 0 R/Contents %d 0 R>>" % (box, resources, drawn))
        parts = [self._part(title, pages, b"%b/Resources<<>>>>" % box), *self._parts]
        kids = b" ".join(b"%d 0 R" % part.node for part in parts)
        count = sum(part.sheets for part in parts)
        self.write(self._tree, b"<</Type/Pages/Kids[%b]/Count %d>>" % (kids, count))
        self._end(self._outline(parts), title)

    @property
    def following(self) -> int:
        """The number that the next object gets."""
        return len(self._places)

    # --- objects ---------------------------------------------------------------------------------------------------

    def reserve(self) -> int:
        """Return the number of a new object, to be written later."""
        self._places.append(0)
        return len(self._places) - 1

    def write(self, number: int, content: bytes) -> int:
        """Write the object ``number``; return the number."""
        self._places[number] = self._at
        self._put(b"%d 0 obj\n%b\nendobj\n" % (number, content))
        return number

    def once(self, content: bytes) -> int:
        """Return the number of an object that is ``content``, which is written unless it is there already."""
        if len(content) < _SHARED and content.endswith(b"endstream"):
            return self.write(self.reserve(), content)
        key = hashlib.blake2b(content, digest_size=16).digest()
        if key not in self._same:
            self._same[key] = self.write(self.reserve(), content)
        return self._same[key]

    def _put(self, data: bytes) -> None:
        self._file.write(data)
        self._md5.update(data)
        self._at += len(data)

    def _part(self, title: str, pages: Sequence[bytes], blank: bytes) -> _Part:
        """Write the pages of a document, each a dictionary without type and parent, and a blank one to make them even.

        ``blank`` is the dictionary of the blank page.
        """
        node = self.reserve()
        whole = [*pages, *([blank] if len(pages) % 2 else [])]
        entry = b"/Type/Page/Parent %d 0 R>>" % node
        numbers = [self.write(self.reserve(), page.removesuffix(b">>") + entry) for page in whole]
        kids = b" ".join(b"%d 0 R" % number for number in numbers)
        self.write(node, b"<</Type/Pages/Parent %d 0 R/Kids[%b]/Count %d>>" % (self._tree, kids, len(numbers)))
        return _Part(title, node, numbers[0], len(numbers))

    def _outline(self, parts: Sequence[_Part]) -> int:
        """Write a bookmark for each document; return the number of their list."""
        root = self.reserve()
        first = self.following
        last = first + len(parts) - 1
        for number, part in enumerate(parts, first):
            around = b"".join(
                b"/%b %d 0 R" % (key, other)
                for key, other in ((b"Prev", number - 1), (b"Next", number + 1))
                if first <= other <= last
            )
            title = String(part.title).unparse()
            self.write(
                self.reserve(), b"<</Title %b/Parent %d 0 R%b/Dest[%d 0 R/Fit]>>" % (title, root, around, part.first)
            )
        self.write(root, b"<</Type/Outlines/First %d 0 R/Last %d 0 R/Count %d>>" % (first, last, len(parts)))
        return root

    def _end(self, outline: int, title: str) -> None:
        catalog = self.write(
            self.reserve(),
            b"<</Type/Catalog/Pages %d 0 R/Outlines %d 0 R/PageMode/UseOutlines/ViewerPreferences"
            b"<</DisplayDocTitle true/Duplex/DuplexFlipLongEdge/PrintScaling/None>>>>" % (self._tree, outline),
        )
        info = self.write(self.reserve(), b"<</Title %b>>" % String(title).unparse())
        identity = self._md5.hexdigest().encode("ascii")
        start = self._at
        self._put(b"xref\n0 %d\n0000000000 65535 f \n" % len(self._places))
        for place in self._places[1:]:
            self._put(b"%010d 00000 n \n" % place)
        self._put(
            b"trailer\n<</Size %d/Root %d 0 R/Info %d 0 R/ID[<%b><%b>]>>\nstartxref\n%d\n%%%%EOF\n"
            % (len(self._places), catalog, info, identity, identity, start)
        )


def _stream(content: bytes) -> bytes:
    packed = pack(content)
    return b"<</Filter/FlateDecode/Length %d>>\nstream\n%b\nendstream" % (len(packed), packed)


class _Copied:
    """The objects of one document, copied as pages ask for them."""

    def __init__(self, file: PrintFile, pdf: pikepdf.Pdf) -> None:
        self._file, self._pdf = file, pdf
        self._numbers: dict[tuple[int, int], int | None] = {}

    def page(self, page: Object) -> bytes:
        """Return a page without what is of no use on paper."""
        entries = _inherited(page, _KEPT)
        if "/Contents" in page:
            entries["/Contents"] = page.Contents
        return self.spelled(Dictionary(entries))

    def spelled(self, item: Object) -> bytes:
        """Return an object as the file spells it, all that it refers to copied."""
        if isinstance(item, Stream):
            content = item.read_raw_bytes()
            entries = Dictionary({key: value for key, value in item.stream_dict.items() if key != "/Length"})
            head = self.spelled(entries).removesuffix(b">>")
            return b"%b/Length %d>>\nstream\n%b\nendstream" % (head, len(content), content)
        return _REFERENCE.sub(self._copied, item.unparse(resolved=True))

    def _copied(self, found: re.Match[bytes]) -> bytes:
        if found[1] is None:
            return found[0]
        key = int(found[1]), int(found[2])
        if key not in self._numbers:
            self._numbers[key] = None
            content = self.spelled(self._pdf.get_object(key))
            reserved = self._numbers[key]  # meanwhile, where the object refers to itself
            number = self._file.once(content) if reserved is None else self._file.write(reserved, content)
        else:
            number = self._numbers[key] or self._file.reserve()
        self._numbers[key] = number
        return b"%d 0 R" % number


def hold_printable(data: bytes) -> None:
    """Raise ReadError where `PrintFile.add` would."""
    with opened(data, "The file") as pdf:
        try:
            _draw_annotations(pdf)
        except _WRONG as error:
            raise ReadError("The file is damaged.") from error


def _inherited(page: Object, keys: Iterable[str]) -> dict[str, Object]:
    """Return what a page says of itself, or what the list that it stands in says."""
    found: dict[str, Object] = {}
    for key in keys:
        node, steps = page, 0
        while node is not None and key not in node and steps < 64:
            node, steps = node.get("/Parent"), steps + 1
        if node is not None and key in node:
            found[key] = node[key]
    return found


def _draw_annotations(pdf: pikepdf.Pdf) -> None:
    """Draw what fields, stamps and the like show into the pages, as a printer would.

    Raises ReadError where a reader would show something that the file itself does not hold.
    """
    form = pdf.Root.get("/AcroForm", Dictionary())
    if "/XFA" in form or bool(form.get("/NeedAppearances", False)) or "/OCProperties" in pdf.Root:
        raise ReadError("What the file shows depends on the program that opens it.")
    shown = [_shown(page.obj) for page in pdf.pages]
    pdf.flatten_annotations("print")
    for page, wanted in zip(pdf.pages, shown, strict=True):
        names = {drawing.objgen: name for name, drawing in page.resources.get("/XObject", Dictionary()).items()}
        parts: Object = page.obj.get("/Contents")
        last = parts[-1] if isinstance(parts, Array) else parts
        drawn = set(last.read_bytes().split()) if wanted else set()
        if any(names.get(one, "").encode("ascii") not in drawn for one in wanted):
            raise ReadError("Not all that the file shows could be drawn.")


def _shown(page: Object) -> set[tuple[int, int]]:
    """Return the drawings of the fields on a page, which are all to be printed. Raises ReadError where one has none."""
    found: set[tuple[int, int]] = set()
    for item in page.get("/Annots", ()):
        flags = int(item.get("/F", 0))
        if item.get("/Subtype") != "/Widget" or flags & _UNSEEN:
            continue
        item["/F"] = flags | _PRINTED
        normal = item.get("/AP", Dictionary()).get("/N")
        if isinstance(normal, Dictionary):
            normal = normal.get(str(item.get("/AS", "/Off")))
        if isinstance(normal, Stream):
            found.add(normal.objgen)
        elif _value(item) or item.get("/AS", "/Off") != "/Off":
            raise ReadError("An answer in the file is stored and not drawn.")
    return found


def _value(item: Object) -> str:
    """Return what the field of a place holds, where that is text."""
    steps = 0
    while item is not None and steps < 32:
        if "/V" in item:
            return str(item.V) if isinstance(item.V, String) else ""
        item, steps = item.get("/Parent"), steps + 1
    return ""
