"""The map of a thread as a PDF: drawn with the shipped faces, tagged, one figure a page with what it says in words."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from html import escape

from toolkit.blocks import LINE, SHADE
from toolkit.pdf.fonts import Faces, Ink, Typeface, pack
from toolkit.pdf.shapes import color
from toolkit.thread.layout import (
    ALARM,
    CROSS,
    EDGES,
    FILLS,
    HEAD,
    HEIGHT,
    MARGIN,
    ROUND,
    STROKES,
    WIDTH,
    Box,
    Curve,
    Page,
    Run,
    Stroke,
    Text,
    inks,
)  # fmt: skip

_ARM = 0.45
"""Where the curve of a round corner is drawn to, as a share of its radius."""
_MARKS = ("H1", "P", "Figure")
"""What the pieces of a page are, in the order of their numbers."""


def lacks(pages: Iterable[Page], faces: Faces) -> str:
    """Return the characters of ``pages``, each once, that no face can draw."""
    return faces.lacks("\n".join(page.drawn for page in pages))


def drawn(pages: Sequence[Page], brand: str, title: str, faces: Faces) -> bytes:
    """Return ``pages`` as a PDF called ``title``; ``brand`` is the colour of its titles, six hexadecimal digits.

    The same pages give the same bytes.
    """
    pen = _Pen(faces, brand)
    contents = [b"\n".join(pen.page(page)) for page in pages]
    file = _File()
    fonts, objects = pen.ink.objects(_FONTS)
    catalog = (
        b"<</Type/Catalog/Pages 2 0 R/Lang(en-US)/MarkInfo<</Marked true>>/StructTreeRoot 3 0 R"
        b"/ViewerPreferences<</DisplayDocTitle true>>/Metadata 5 0 R>>"
    )
    first = _FONTS + len(objects)
    elements = first + 2 * len(pages)
    leaves = [first + 2 * number for number in range(len(pages))]
    file.put(1, catalog)
    file.put(2, b"<</Type/Pages/Count %d/Kids[%b]>>" % (len(pages), _references(leaves)))
    kids = range(elements + 1, elements + 1 + len(_MARKS) * len(pages))
    parents = b"".join(
        b"%d[%b]" % (number, _references(kids[number * len(_MARKS) : (number + 1) * len(_MARKS)]))
        for number in range(len(pages))
    )
    tree = b"<</Type/StructTreeRoot/K %d 0 R/ParentTree<</Nums[%b]>>/ParentTreeNextKey %d>>"
    file.put(3, tree % (elements, parents, len(pages)))
    file.put(4, b"<</Title%b/Producer(plankit)>>" % _string(title))
    described = _XMP.format(title=escape(title, quote=False)).encode()
    file.put(5, b"<</Type/Metadata/Subtype/XML/Length %d>>\nstream\n%b\nendstream" % (len(described), described))
    for number, item in enumerate(objects, start=_FONTS):
        file.put(number, item)
    for number, (leaf, content) in enumerate(zip(leaves, contents, strict=True)):
        packed = pack(content)
        file.put(
            leaf,
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 %d %d]/Contents %d 0 R/Resources<</Font%b>>/StructParents %d"
            b"/Tabs/S>>" % (WIDTH, HEIGHT, leaf + 1, fonts, number),
        )
        stream = b"<</Filter/FlateDecode/Length %d>>\nstream\n%b\nendstream"
        file.put(leaf + 1, stream % (len(packed), packed))
    file.put(elements, b"<</Type/StructElem/S/Document/P 3 0 R/K[%b]>>" % _references(kids))
    for number, page in enumerate(pages):
        for mark, kind in enumerate(_MARKS):
            said = b"/Alt%b%b" % (_string(page.told), _BOUNDS) if kind == "Figure" else b""
            file.put(
                kids[number * len(_MARKS) + mark],
                b"<</Type/StructElem/S/%b/P %d 0 R/Pg %d 0 R/K %d%b>>"
                % (kind.encode(), elements, leaves[number], mark, said),
            )
    return file.finished()


_BOUNDS = b"/A<</O/Layout/Placement/Block/BBox[%g %g %g %g]>>" % (MARGIN, 30, WIDTH - MARGIN, HEIGHT - 60)


_FONTS = 6
"""The number of the first object of the typefaces; those before are the same in every map."""
_XMP = (
    '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>\n<x:xmpmeta xmlns:x="adobe:ns:meta/">'
    '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/">'
    '<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>'
    '<pdfuaid:part>1</pdfuaid:part></rdf:Description></rdf:RDF></x:xmpmeta>\n<?xpacket end="r"?>'
)


class _Pen:
    """Spells pages as operators."""

    def __init__(self, faces: Faces, brand: str) -> None:
        self.ink = Ink(faces)
        self._faces = faces
        self._colors = inks(brand)

    def page(self, page: Page) -> Iterator[bytes]:
        """Yield the operators of ``page``, its pieces marked for those who have it read to them."""
        yield b"/Artifact BMC"
        for head in page.heads:
            yield b"%b rg %.2f %.2f %.2f %.2f re f" % (
                _color(SHADE), head.x, HEIGHT - head.y - HEAD, head.width, HEAD,
            )  # fmt: skip
        rule = HEIGHT - page.rule
        yield b"%b RG 0.5 w %.2f %.2f m %.2f %.2f l S" % (_color(LINE), MARGIN, rule, WIDTH - MARGIN, rule)
        yield b"EMC"
        for number, line in enumerate((page.title, page.subtitle)):
            yield b"/%b <</MCID %d>> BDC" % (_MARKS[number].encode(), number)
            yield self._text(line)
            yield b"EMC"
        yield b"/Figure <</MCID 2>> BDC"
        yield from (self._text(head.line) for head in page.heads)
        for curve in page.curves:
            yield from _curve(curve)
        for box in page.boxes:
            yield _box(box)
            yield from (self._text(line) for line in box.lines)
        for one in page.legend:
            yield from _curve(Curve(one.x0, one.y, one.x1, one.y, one.way))
            yield self._text(one.line)
        yield b"EMC"
        yield b"/Artifact BMC"
        yield from (self._text(line) for line in (page.note, page.foot) if line)
        yield b"EMC"

    def _text(self, line: Text) -> bytes:
        shown = b" ".join(self._run(run, line.size) for run in line.runs)
        return b"BT %.2f %.2f Td %b ET" % (line.x, HEIGHT - line.y, shown)

    def _run(self, run: Run, size: float) -> bytes:
        face: Typeface = self._faces.bold if run.bold else self._faces.regular
        return b"%b rg %b" % (_color(self._colors[run.ink]), self.ink.show(face, b"%g" % size, run.text))


def _box(box: Box) -> bytes:
    x, y, right, top = box.x, HEIGHT - box.y - box.height, box.x + box.width, HEIGHT - box.y
    arm = ROUND * _ARM
    path = (
        b"%.2f %.2f m %.2f %.2f l %.2f %.2f %.2f %.2f %.2f %.2f c"
        % (x + ROUND, y, right - ROUND, y, right - arm, y, right, y + arm, right, y + ROUND),
        b"%.2f %.2f l %.2f %.2f %.2f %.2f %.2f %.2f c"
        % (right, top - ROUND, right, top - arm, right - arm, top, right - ROUND, top),
        b"%.2f %.2f l %.2f %.2f %.2f %.2f %.2f %.2f c" % (x + ROUND, top, x + arm, top, x, top - arm, x, top - ROUND),
        b"%.2f %.2f l %.2f %.2f %.2f %.2f %.2f %.2f c h" % (x, y + ROUND, x, y + arm, x + arm, y, x + ROUND, y),
    )
    return b"%b rg %b %b B" % (_color(FILLS[box.look]), _stroke(EDGES[box.look]), b" ".join(path))


def _curve(curve: Curve) -> Iterator[bytes]:
    y0, y1 = HEIGHT - curve.y0, HEIGHT - curve.y1
    yield b"%b %.2f %.2f m %.2f %.2f %.2f %.2f %.2f %.2f c S" % (
        _stroke(STROKES[curve.way]), curve.x0, y0, curve.bend, y0, curve.bend, y1, curve.x1, y1,
    )  # fmt: skip
    if curve.way == "broken":
        left, right = curve.x1 - CROSS, curve.x1 + CROSS
        yield b"%b %.2f %.2f m %.2f %.2f l %.2f %.2f m %.2f %.2f l S" % (
            _stroke(Stroke(ALARM, 1.6)), left, y1 - CROSS, right, y1 + CROSS, left, y1 + CROSS, right, y1 - CROSS,
        )  # fmt: skip


def _stroke(stroke: Stroke) -> bytes:
    dashes = b" ".join(b"%g" % one for one in stroke.dashes)
    return b"%b RG %g w [%b] 0 d" % (_color(stroke.color), stroke.width, dashes)


def _color(six: str) -> bytes:
    return color(six).encode("ascii")


# --- the file ------------------------------------------------------------------------------------------------------


class _File:
    """A PDF in the making: objects by number, one after another."""

    def __init__(self) -> None:
        self._parts = [b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"]
        self._places: dict[int, int] = {}
        self._length = len(self._parts[0])

    def put(self, number: int, content: bytes) -> None:
        """Add the object ``number``."""
        part = b"%d 0 obj\n%b\nendobj\n" % (number, content)
        self._places[number] = self._length
        self._parts.append(part)
        self._length += len(part)

    def finished(self) -> bytes:
        """Return the file, whose objects are numbered from 1 without a gap."""
        body = b"".join(self._parts)
        digest = hashlib.sha256(body).hexdigest()[:32].encode()
        rows = b"".join(b"%010d 00000 n \n" % self._places[number] for number in sorted(self._places))
        count = len(self._places) + 1
        return b"%bxref\n0 %d\n0000000000 65535 f \n%btrailer\n<</Size %d/Root 1 0 R/Info 4 0 R/ID[<%b><%b>]>>\n" % (
            body, count, rows, count, digest, digest,
        ) + b"startxref\n%d\n%%%%EOF\n" % len(body)  # fmt: skip


def _references(numbers: Iterable[int]) -> bytes:
    return b" ".join(b"%d 0 R" % number for number in numbers)


def _string(text: str) -> bytes:
    return b"<FEFF%b>" % text.encode("utf-16-be", "replace").hex().upper().encode()
