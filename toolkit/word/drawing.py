"""The map of a thread as a Word file: one group of Word's own shapes a page, with what it says in words beside it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from html import escape
from itertools import count
from typing import Any, NamedTuple

from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_TAB_ALIGNMENT
from docx.shared import Pt

from toolkit.blocks import LINE, SHADE
from toolkit.thread.layout import (
    ALARM,
    ASCENT,
    CROSS,
    EDGES,
    FILLS,
    HEAD,
    HEIGHT,
    LEADING,
    MARGIN,
    PAD,
    ROUND,
    STROKES,
    WIDTH,
    Box,
    Curve,
    Ink,
    Page,
    Run,
    Stroke,
    Text,
    inks,
)  # fmt: skip
from toolkit.word.package import assemble, entry, in_order, read_package, static_entry
from toolkit.word.paper import Paper, page_numbers

_BODY, _FOOTER = "word/document.xml", "word/footer1.xml"
_FOOT = "plankit-foot"
"""Stands where the foot of a document goes."""
_TOP, _END = 70.0, 584.0
"""What of a page is the drawing; above stand its title and subtitle, below its foot."""
_EMU = 12700
_SPACES = {
    "w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    "r": "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    "mc": "http://schemas.openxmlformats.org/markup-compatibility/2006",
    "wp": "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing",
    "a": "http://schemas.openxmlformats.org/drawingml/2006/main",
    "wpg": "http://schemas.microsoft.com/office/word/2010/wordprocessingGroup",
    "wps": "http://schemas.microsoft.com/office/word/2010/wordprocessingShape",
}
_OPEN = "<w:document" + "".join(f' xmlns:{name}="{space}"' for name, space in _SPACES.items()) + "><w:body>"
_DASHES = {"read": "sysDot", "broken": "dash"}


def drawn(pages: Sequence[Page], brand: str, title: str, font: str = "Arial") -> bytes:
    """Return ``pages`` as a Word file; ``brand`` is the colour of its titles, six hexadecimal digits.

    ``title`` is what the file is called in its properties. The same pages give the same bytes.
    """
    base = _base(brand, title, font)
    pen = _Pen(inks(brand), font)
    body = "".join(piece for number, page in enumerate(pages) for piece in pen.page(page, first=number == 0))
    foot = escape("".join(run.text for run in pages[0].foot.runs), quote=False)
    made = {
        _BODY: f"{_DECLARATION}{_OPEN}{body}{base.section}</w:body></w:document>".encode(),
        base.footer: base.parts[base.footer].replace(_FOOT.encode(), foot.encode()),
    }
    parts = {**base.parts, **made}
    return assemble(
        entry(name, parts[name]) if name in made else static_entry(name, parts[name]) for name in in_order(parts)
    )


_DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


class _Base(NamedTuple):
    """A Word file without a body: its parts, the name of that with the foot, and what its section says."""

    parts: Mapping[str, bytes]
    footer: str
    section: str


@lru_cache(maxsize=8)
def _base(brand: str, title: str, font: str) -> _Base:
    paper = Paper(title, {"color": brand, "font": font})
    section = paper.document.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Pt(WIDTH), Pt(HEIGHT)
    section.left_margin = section.right_margin = Pt(MARGIN)
    section.top_margin, section.bottom_margin = Pt(MARGIN), Pt(22)
    section.header_distance, section.footer_distance = Pt(16), Pt(16)
    section.footer.is_linked_to_previous = False
    [line] = section.footer.paragraphs
    line.style = paper.document.styles["Footer"]
    line.paragraph_format.tab_stops.add_tab_stop(Pt(WIDTH - 2 * MARGIN), WD_TAB_ALIGNMENT.RIGHT)
    line.add_run(_FOOT)
    page_numbers(line)
    parts = read_package(paper.save(), title)
    footer = next(name for name, content in parts.items() if _FOOT.encode() in content)
    body = parts[_BODY].decode()
    begin, end = body.index("<w:sectPr"), body.index("</w:sectPr>")
    return _Base(parts, footer, body[begin:end] + "</w:sectPr>")


class _Pen:
    """Spells pages as paragraphs."""

    def __init__(self, colors: Mapping[Ink, str], font: str) -> None:
        self._colors = colors
        self._font = font
        self._ids = count(1)

    def page(self, page: Page, first: bool) -> Iterator[str]:
        """Yield the paragraphs of ``page``: its title, of whom it is, and the drawing."""
        new = "" if first else "<w:pageBreakBefore/>"
        yield self._paragraph(page.title, "Title", f'{new}<w:spacing w:before="0" w:after="0"/>')
        yield self._paragraph(page.subtitle, "Subtitle", '<w:spacing w:before="0" w:after="80"/>')
        shapes = "".join(self._shapes(page))
        place = f'<a:off x="0" y="0"/><a:ext cx="{_emu(WIDTH - 2 * MARGIN)}" cy="{_emu(_END - _TOP)}"/>'
        within = place.replace("a:off", "a:chOff").replace("a:ext", "a:chExt")
        yield (
            '<w:p><w:pPr><w:spacing w:before="0" w:after="0" w:line="240" w:lineRule="auto"/></w:pPr><w:r>'
            '<mc:AlternateContent><mc:Choice Requires="wpg"><w:drawing>'
            f'<wp:inline distT="0" distB="0" distL="0" distR="0"><wp:extent cx="{_emu(WIDTH - 2 * MARGIN)}" '
            f'cy="{_emu(_END - _TOP)}"/><wp:docPr id="{next(self._ids)}" name="Map" descr="{escape(page.told)}"/>'
            "<wp:cNvGraphicFramePr/><a:graphic><a:graphicData "
            f'uri="{_SPACES["wpg"]}"><wpg:wgp><wpg:cNvGrpSpPr/><wpg:grpSpPr><a:xfrm>{place}{within}</a:xfrm>'
            f"</wpg:grpSpPr>{shapes}</wpg:wgp></a:graphicData></a:graphic></wp:inline></w:drawing></mc:Choice>"
            "</mc:AlternateContent></w:r></w:p>"
        )

    def _shapes(self, page: Page) -> Iterator[str]:
        # LibreOffice takes for the group's extent that of its shapes.
        yield (
            f"<wps:wsp>{self._named('')}<wps:cNvSpPr/>"
            f"<wps:spPr>{_place(MARGIN, _TOP, WIDTH - 2 * MARGIN, _END - _TOP)}"
            f'<a:prstGeom prst="rect"><a:avLst/></a:prstGeom><a:noFill/>{_NO_LINE}</wps:spPr><wps:bodyPr/></wps:wsp>'
        )
        for curve in page.curves:
            yield from self._curve(curve)
        for head in page.heads:
            band = Box(head.x, head.y, head.width, HEAD, "node", (head.line,), "")
            yield self._box(band, f"<a:solidFill>{_rgb(SHADE)}</a:solidFill>{_NO_LINE}", "rect")
        for box in page.boxes:
            fill = f"<a:solidFill>{_rgb(FILLS[box.look])}</a:solidFill>{_line(EDGES[box.look], box.look)}"
            yield self._box(box, fill, "roundRect")
        rule = page.rule
        yield self._path(MARGIN, rule, WIDTH - 2 * MARGIN, 0.0, ("moveTo", (0, 0)), ("lnTo", (WIDTH - 2 * MARGIN, 0)),
                         line=_line(Stroke(LINE, 0.5)))  # fmt: skip
        for one in page.legend:
            yield from self._curve(Curve(one.x0, one.y, one.x1, one.y, one.way))
        for line in (*(one.line for one in page.legend), *([page.note] if page.note else [])):
            box = Box(line.x, line.y - ASCENT * line.size, 240.0, LEADING * line.size + 1, "node", (line,), "")
            yield self._box(box, f"<a:noFill/>{_NO_LINE}", "rect", inset=0.0)

    def _box(self, box: Box, look: str, form: str, inset: float = PAD) -> str:
        turn = round(50000 * 2 * ROUND / min(box.width, box.height)) if form == "roundRect" else 0
        guide = f'<a:avLst><a:gd name="adj" fmla="val {turn}"/></a:avLst>' if turn else "<a:avLst/>"
        first = box.lines[0]
        top = _emu(max(0.0, first.y - ASCENT * first.size - box.y))
        return (
            f"<wps:wsp>{self._named(box.title)}<wps:cNvSpPr/>"
            f"<wps:spPr>{_place(box.x, box.y, box.width, box.height)}"
            f'<a:prstGeom prst="{form}">{guide}</a:prstGeom>{look}</wps:spPr>'
            f"<wps:txbx><w:txbxContent>{self._lines(box.lines)}</w:txbxContent></wps:txbx>"
            f'<wps:bodyPr wrap="square" lIns="{_emu(inset)}" tIns="{top}" rIns="0" bIns="0" anchor="t"><a:noAutofit/>'
            "</wps:bodyPr></wps:wsp>"
        )

    def _lines(self, lines: Sequence[Text]) -> str:
        size = lines[0].size
        between = round(LEADING * size * 20)
        runs = "<w:r><w:br/></w:r>".join("".join(self._run(run, line.size) for run in line.runs) for line in lines)
        spacing = f'<w:spacing w:before="0" w:after="0" w:line="{between}" w:lineRule="exact"/>'
        return f"<w:p><w:pPr>{spacing}</w:pPr>{runs}</w:p>"

    def _paragraph(self, line: Text, style: str, properties: str) -> str:
        runs = "".join(self._run(run, line.size) for run in line.runs)
        return f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{properties}</w:pPr>{runs}</w:p>'

    def _run(self, run: Run, size: float) -> str:
        bold = "<w:b/>" if run.bold else '<w:b w:val="0"/>'
        sizes = f'<w:sz w:val="{round(size * 2)}"/><w:szCs w:val="{round(size * 2)}"/>'
        return (
            f'<w:r><w:rPr>{bold}<w:color w:val="{self._colors[run.ink]}"/>{sizes}</w:rPr>'
            f'<w:t xml:space="preserve">{escape(run.text, quote=False)}</w:t></w:r>'
        )

    def _curve(self, curve: Curve) -> Iterator[str]:
        top, wide, high = min(curve.y0, curve.y1), abs(curve.x1 - curve.x0), abs(curve.y1 - curve.y0)
        left = min(curve.x0, curve.x1)
        x0, y0, x1, y1 = curve.x0 - left, curve.y0 - top, curve.x1 - left, curve.y1 - top
        bend = curve.bend - left
        end = ("cubicBezTo", (bend, y0), (bend, y1), (x1, y1))
        yield self._path(left, top, wide, high, ("moveTo", (x0, y0)), end, line=_line(STROKES[curve.way], curve.way))
        if curve.way == "broken":
            side = 2 * CROSS
            strokes = (("moveTo", (0, 0)), ("lnTo", (side, side)), ("moveTo", (0, side)), ("lnTo", (side, 0)))
            yield self._path(curve.x1 - CROSS, curve.y1 - CROSS, side, side, *strokes, line=_line(Stroke(ALARM, 1.6)))

    def _path(self, x: float, y: float, wide: float, high: float, *steps: Any, line: str) -> str:
        drawn = "".join(f"<a:{kind}>{''.join(map(_point, points))}</a:{kind}>" for kind, *points in steps)
        return (
            f"<wps:wsp>{self._named('')}<wps:cNvSpPr/><wps:spPr>{_place(x, y, wide, high)}"
            "<a:custGeom><a:avLst/><a:gdLst/><a:ahLst/><a:cxnLst/>"
            f'<a:rect l="0" t="0" r="r" b="b"/><a:pathLst><a:path w="{_emu(wide)}" h="{_emu(high)}" fill="none">{drawn}'
            f"</a:path></a:pathLst></a:custGeom><a:noFill/>{line}</wps:spPr><wps:bodyPr/></wps:wsp>"
        )

    def _named(self, title: str) -> str:
        number = next(self._ids)
        said = f' descr="{escape(title)}"' if title else ""
        return f'<wps:cNvPr id="{number}" name="Shape {number}"{said}/>'


def _place(x: float, y: float, wide: float, high: float) -> str:
    return (
        f'<a:xfrm><a:off x="{_emu(x - MARGIN)}" y="{_emu(y - _TOP)}"/>'
        f'<a:ext cx="{_emu(wide)}" cy="{_emu(high)}"/></a:xfrm>'
    )


def _point(place: tuple[float, float]) -> str:
    return f'<a:pt x="{_emu(place[0])}" y="{_emu(place[1])}"/>'


def _line(stroke: Stroke, kind: str = "typed") -> str:
    dash = _DASHES.get(kind) if stroke.dashes else None
    dashed = f'<a:prstDash val="{dash}"/>' if dash else ""
    return f'<a:ln w="{_emu(stroke.width)}"><a:solidFill>{_rgb(stroke.color)}</a:solidFill>{dashed}</a:ln>'


_NO_LINE = "<a:ln><a:noFill/></a:ln>"


def _rgb(color: str) -> str:
    return f'<a:srgbClr val="{color}"/>'


def _emu(points: float) -> int:
    return round(points * _EMU)
