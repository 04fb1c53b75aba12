"""The copy of a finished Word file that is handed to LibreOffice: a link lies on each line that somebody signs on.

The link's rectangle in the PDF tells where the signature field goes. The file that people get never holds such links.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator, Sequence

from lxml import etree
from msgspec import Struct

from toolkit.model import Signer
from toolkit.word import read
from toolkit.word.package import (
    Element,
    R,
    assemble,
    declare,
    entry,
    in_order,
    parse,
    read_package,
    relate,
    serialize,
    text_parts,
    w,
)
from toolkit.word.render import Sign

ADDRESS = "https://sig.invalid/"
"""What the links begin with; the role follows. No such address exists."""
PAGE_NUMBER = "\ue000"
"""Stands in `Copy.text` where a number is worked out on each page."""
LINE = 10
"""Points of the height of the link: the line on which the signature line stands."""
WIDTH = 190
"""Points of its width: the signature line, in the size in which our templates print it."""

_WORKED_OUT = ("PAGE", "NUMPAGES", "SECTIONPAGES")
_POINT = 12_700
_PICTURE = "word/media/plankit_place.png"
_A, _PIC = (f"http://schemas.openxmlformats.org/drawingml/2006/{name}" for name in ("main", "picture"))
_WP = "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"


class Copy(Struct, frozen=True):
    """What LibreOffice gets, and what its PDF has to show."""

    data: bytes
    places: tuple[str, ...]
    """The roles for which the document prints a place to sign, in its order."""
    text: tuple[str, ...]
    """The paragraphs of body and notes."""
    around: tuple[str, ...]
    """Those of headers and footers, not each of which is on every page."""


def copy(data: bytes, signers: Sequence[Signer], name: str = "The Word file") -> Copy:
    """Return the copy of the finished Word file ``data`` with a link for each of ``signers`` where they sign.

    A place is known by what `Sign` printed there. Raises ReadError where the file cannot be read.
    """
    parts = read_package(data, name)
    labels = text_parts(parts, name)
    body = next(iter(labels))
    root = parse(parts[body], name)
    places = _with_links(parts, body, root, signers, name)
    parts[body] = serialize(root)
    text: list[str] = []
    around: list[str] = []
    for part, label in labels.items():
        one = parse(parts[part], name)
        _hide_numbers(one)
        (around if label.startswith(("header", "footer")) else text).extend(read.of_part(one))
    return Copy(assemble(entry(part, parts[part]) for part in in_order(parts)), places, tuple(text), tuple(around))


# --- links ----------------------------------------------------------------------------------------------------------


def _with_links(
    parts: dict[str, bytes], body: str, root: Element, signers: Sequence[Signer], name: str
) -> tuple[str, ...]:
    sign = Sign(signers, draft=False)
    waiting = {signer.role: sign.head(signer.role) for signer in signers if not signer.reason_absent}
    image = ""
    found: list[str] = []
    for paragraph in root.iter(w("p")):
        runs, text = _runs(paragraph)
        for role, head in list(waiting.items()):
            at = text.find(head)
            run = next((run for run, start, end in runs if start <= at < end), None)
            if run is None:
                continue
            if not image:
                parts[_PICTURE] = _pixel()
                declare(parts, _PICTURE, "image/png", name)
                image = relate(parts, body, f"{R}/image", _target(body), name)
            link = relate(parts, body, f"{R}/hyperlink", f"{ADDRESS}{role}", name, external=True)
            run.addprevious(etree.fromstring(_DRAWING.format(number=len(found) + 1, link=link, image=image)))
            text = text[:at] + "\0" * len(head) + text[at + len(head) :]
            found.append(role)
            del waiting[role]
    return tuple(found)


def _target(body: str) -> str:
    """Return where the picture is as seen from the body."""
    return _PICTURE.removeprefix("word/") if body.startswith("word/") else f"/{_PICTURE}"


def _runs(paragraph: Element) -> tuple[list[tuple[Element, int, int]], str]:
    """Return the runs of a paragraph with what each spans of its text, and the text."""
    runs: list[tuple[Element, int, int]] = []
    text = ""
    for run in paragraph.iter(w("r")):
        start = len(text)
        for item in run:
            text += (item.text or "") if item.tag == w("t") else "\n" if item.tag in (w("br"), w("cr")) else ""
        runs.append((run, start, len(text)))
    return runs, text


_DRAWING = f"""<w:r xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:r="{R}"
 xmlns:wp="{_WP}" xmlns:a="{_A}" xmlns:pic="{_PIC}"><w:drawing><wp:anchor distT="0" distB="0" distL="0" distR="0"
 simplePos="0" relativeHeight="2" behindDoc="0" locked="0" layoutInCell="1" allowOverlap="1"><wp:simplePos x="0" y="0"/>
<wp:positionH relativeFrom="column"><wp:posOffset>0</wp:posOffset></wp:positionH>
<wp:positionV relativeFrom="line"><wp:posOffset>0</wp:posOffset></wp:positionV>
<wp:extent cx="{WIDTH * _POINT}" cy="{LINE * _POINT}"/><wp:effectExtent l="0" t="0" r="0" b="0"/><wp:wrapNone/>
<wp:docPr id="{{number}}" name="Place {{number}}" descr="Place to sign"><a:hlinkClick r:id="{{link}}"/></wp:docPr>
<wp:cNvGraphicFramePr/><a:graphic><a:graphicData uri="{_PIC}"><pic:pic><pic:nvPicPr>
<pic:cNvPr id="{{number}}" name="Place {{number}}"><a:hlinkClick r:id="{{link}}"/></pic:cNvPr><pic:cNvPicPr/>
</pic:nvPicPr><pic:blipFill><a:blip r:embed="{{image}}"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill>
<pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="{WIDTH * _POINT}" cy="{LINE * _POINT}"/></a:xfrm>
<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr></pic:pic></a:graphicData></a:graphic></wp:anchor></w:drawing>
</w:r>""".replace("\n<", "<").replace("\n", "")


def _pixel() -> bytes:
    """Return a PNG of one pixel that nobody sees."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">2I5B", 1, 1, 8, 6, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(bytes(5))) + chunk(b"IEND", b"")


# --- text -----------------------------------------------------------------------------------------------------------


def _hide_numbers(root: Element) -> None:
    """Put `PAGE_NUMBER` in place of what page fields showed when the file was made."""
    for texts in _page_fields(root):
        for number, item in enumerate(texts):
            item.text = "" if number else PAGE_NUMBER


def _page_fields(root: Element) -> Iterator[list[Element]]:
    """Yield the texts that each page field shows."""
    for item in root.iter(w("fldSimple")):
        if _is_page(item.get(w("instr")) or ""):
            yield list(item.iter(w("t")))
    code, shown = "", False
    texts: list[Element] = []
    for item in root.iter(w("fldChar"), w("instrText"), w("t")):
        kind = item.get(w("fldCharType"))
        if kind == "begin":
            code, shown, texts = "", False, []
        elif kind == "separate":
            shown = _is_page(code)
        elif kind == "end":
            yield texts
            shown, texts = False, []
        elif item.tag == w("instrText"):
            code += item.text or ""
        elif shown:
            texts.append(item)


def _is_page(code: str) -> bool:
    return code.split()[:1] != [] and code.split()[0].upper() in _WORKED_OUT
