"""Values of docxtpl's own kinds in a finished part: formatted text, new paragraphs and pages, pictures, subdocuments.

Each was marked where it was printed (`toolkit.word.values.mark`). Where it stands decides what is closed before it and
opened after it: in a text the run goes on behind it as it was, so that no run stands inside a text.
"""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from typing import Any, NamedTuple

from docxtpl import InlineImage, Listing, RichTextParagraph
from docxtpl.subdoc import Subdoc
from lxml import etree

from toolkit.errors import RenderError
from toolkit.word.controls import CONTROL
from toolkit.word.media import Media
from toolkit.word.package import R, W, w
from toolkit.word.values import MARKED, TAB, TEXT, broken, printable

_PAGE = '<w:r><w:br w:type="page"/></w:r>'
_PARAGRAPH = re.compile(r"<w:p(?: [^>]*)?>(<w:pPr(?: [^>]*)?/>|<w:pPr(?: [^>]*)?>.*?</w:pPr>)?", re.DOTALL)
_OPEN_RUN = re.compile(r"<w:r(?: [^>]*)?>\s*(<w:rPr(?: [^>]*)?/>|<w:rPr(?: [^>]*)?>.*?</w:rPr>)?", re.DOTALL)
_RUN = re.compile(r"<w:r>(<w:rPr>.*?</w:rPr>)?(<w:t(?: [^>]*)?>)(.*?)</w:t></w:r>", re.DOTALL)
_LINK = re.compile(r'<w:hyperlink r:id="([^"]*)"')
_FORMATTING = frozenset(map(w, (
    "body", "p", "pPr", "pStyle", "jc", "spacing", "ind", "keepNext", "keepLines", "numPr", "ilvl", "numId",
    "hyperlink",
    "r", "rPr", "rStyle", "rFonts", "b", "bCs", "i", "iCs", "caps", "smallCaps", "strike", "dstrike", "color", "kern",
    "position", "sz", "szCs", "highlight", "u", "shd", "vertAlign", "vanish", "rtl", "lang", "t", "br", "tab", "cr",
    "noBreakHyphen", "softHyphen", "sym",
)))  # fmt: skip
"""The elements that a formatted text may hold."""
_AROUND = ("w:hyperlink", "w:sdtContent", "w:smartTag", "w:fldSimple", "w:ins")
"""What a paragraph must not end in the middle of."""


class _Place(NamedTuple):
    """What is open at a mark: how the paragraph and the run began, and whether the paragraph may end there."""

    paragraph: str
    run: str
    may_end: bool


def settled(xml: str, values: Sequence[Any], part: str, media: Media) -> str:
    """Return ``xml``, a part, with the marked ``values`` in it. Raises RenderError for one that cannot stand there."""
    before, *rest = MARKED.split(xml)
    out = before
    for where, number, text in zip(rest[::3], rest[1::3], rest[2::3], strict=True):
        value = values[int(number)]
        put = {"t": _in_text, "R": _among_runs, "B": _among_paragraphs}[where]
        out = put(out, value, part, media, text.startswith("</w:t>")) + text
    return out


# --- where it stands -------------------------------------------------------------------------------------------------


def _in_text(out: str, value: Any, part: str, media: Media, at_end: bool) -> str:
    place = _place(out)
    if isinstance(value, str | Listing):
        text = value if isinstance(value, str) else html.unescape(value.xml)
        return out + _paragraphs(text, place.run, place)
    again = f"<w:r>{'' if at_end else place.run}{TEXT}"
    if isinstance(value, RichTextParagraph | Subdoc):
        if not place.may_end:
            raise RenderError("A paragraph or a subdocument stands in a line. Give it a paragraph of its own: {{p …}}.")
        return f"{out}</w:t></w:r></w:p>{_blocks(value, part, media)}<w:p>{place.paragraph}{again}"
    return f"{out}</w:t></w:r>{_runs(value, part, media, place)}{again}"


def _among_runs(out: str, value: Any, part: str, media: Media, at_end: bool) -> str:
    place = _place(out, in_run=False)
    if isinstance(value, RichTextParagraph | Subdoc):
        raise RenderError("A paragraph or a subdocument stands in a line. Give it a paragraph of its own: {{p …}}.")
    if isinstance(value, Listing):
        return f"{out}<w:r>{TEXT}{_paragraphs(html.unescape(value.xml), '', place)}</w:t></w:r>"
    return out + _runs(value, part, media, place)


def _among_paragraphs(out: str, value: Any, part: str, media: Media, at_end: bool) -> str:
    if isinstance(value, RichTextParagraph | Subdoc):
        return out + _blocks(value, part, media)
    place = _Place("", "", True)
    if isinstance(value, Listing):
        return f"{out}<w:p><w:r>{TEXT}{_paragraphs(html.unescape(value.xml), '', place)}</w:t></w:r></w:p>"
    return f"{out}<w:p>{_runs(value, part, media, place)}</w:p>"


def _place(out: str, in_run: bool = True) -> _Place:
    """Return what is open at the end of ``out``, which is in a paragraph, and in a run or not."""
    start = _last_open(out, "w:p")
    paragraph = _PARAGRAPH.match(out, start)
    run = _OPEN_RUN.match(out, _last_open(out, "w:r")) if in_run else None
    inside = out[start:].replace(CONTROL, "<w:sdtContent>")
    may_end = all(
        inside.count(f"<{name}>") + inside.count(f"<{name} ") == inside.count(f"</{name}>") for name in _AROUND
    )
    return _Place((paragraph and paragraph[1]) or "", (run and run[1]) or "", may_end)


def _last_open(out: str, name: str) -> int:
    """Return where the innermost element ``name`` begins that is open at the end of ``out``."""
    depth, position = 0, len(out)
    while position > 0:
        start = max(out.rfind(f"<{name}>", 0, position), out.rfind(f"<{name} ", 0, position))
        depth += out.count(f"</{name}>", max(start, 0), position)
        if start < 0 or depth == 0:
            return max(start, 0)
        depth -= not out[start : out.find(">", start) + 1].endswith("/>")
        position = start
    return 0


# --- what is put there -----------------------------------------------------------------------------------------------


def _paragraphs(text: str, run: str, place: _Place) -> str:
    """Return ``text`` with Word's own breaks, and with new paragraphs and pages where it asks for them.

    ``run`` are the properties of the run that it stands in. Where the paragraph cannot end, they are new lines.
    """
    tab = f"</w:t></w:r><w:r>{run}<w:tab/></w:r><w:r>{run}{TEXT}"

    def lines(paragraph: str) -> str:
        return broken(paragraph).replace(TAB, tab)

    if not place.may_end:
        return lines(text.replace("\a", "\n").replace("\f", "\n"))
    ending, opening = "</w:t></w:r></w:p>", f"<w:p>{place.paragraph}<w:r>{run}{TEXT}"
    pages = (f"{ending}{opening}".join(map(lines, page.split("\a"))) for page in text.split("\f"))
    return f"{ending}<w:p>{_PAGE}</w:p>{opening}".join(pages)


def _runs(value: Any, part: str, media: Media, place: _Place) -> str:
    if isinstance(value, InlineImage):
        return f"<w:r>{media.drawing(value, part)}</w:r>"
    return _linked(_formatted(value.xml, place), part, media)


def _blocks(value: Any, part: str, media: Media) -> str:
    if isinstance(value, Subdoc):
        return media.subdocument(value, part)
    return _linked(_formatted(value.xml, _Place("", "", False)), part, media)


def _formatted(xml: str, place: _Place) -> str:
    """Return the runs of a `RichText` with Word's own breaks. Raises RenderError where they are no XML."""

    def run(found: re.Match[str]) -> str:
        properties = found[1] or ""
        in_link = xml.rfind("<w:hyperlink", 0, found.start()) > xml.rfind("</w:hyperlink>", 0, found.start())
        text = _paragraphs(html.unescape(found[3]), properties, place._replace(may_end=place.may_end and not in_link))
        return f"<w:r>{properties}{found[2]}{text}</w:t></w:r>"

    xml = _RUN.sub(run, xml)
    xml = printable(xml).encode("ascii", "xmlcharrefreplace").decode("ascii")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        root = etree.fromstring(f'<w:body xmlns:w="{W}" xmlns:r="{R}"><w:p>{xml}</w:p></w:body>', parser)
    except etree.XMLSyntaxError:
        root = None
    if root is None or any(element.tag not in _FORMATTING for element in root.iter()):
        raise RenderError(
            "A formatted text cannot be read. Give its style, font and color by plain names, and its text to RichText."
        )
    return xml


def _linked(xml: str, part: str, media: Media) -> str:
    return _LINK.sub(lambda found: f'<w:hyperlink xmlns:r="{R}" r:id="{media.link(found[1], part)}"', xml)
