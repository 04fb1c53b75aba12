"""From the PDF that WeasyPrint writes to a form that viewers, fillers and signers take: one pass with pikepdf.

WeasyPrint gives the drawn and tagged pages and the rectangle of each field. Here the fields become what they are (names
in a hierarchy, dates, drop-downs, check boxes, places to sign), pages are labelled with their sheets and pieces, and
what is to be drawn later gets its places: ``/Draft`` on every page, ``/Logo`` on the front page.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import fontTools
import pikepdf
from fontTools import subset
from fontTools.ttLib import TTFont
from pikepdf import Array, Dictionary, Name, Object, Pdf, Stream, String

from toolkit.pdf.boxes import Drawn, Widget
from toolkit.pdf.fonts import BOLD, FOLDER, REGULAR
from toolkit.pdf.pieces import DRAFT_MARK, logo_at, understood
from toolkit.pdf.shapes import BAR, PANEL, RULE, Shape, color, drawn

FONT, BOLD_FONT = "/Plain", "/PlainBold"
"""The faces in which people type: simple fonts with the characters of Windows."""
_HEIGHT = 792
_EVER = "D:20000101000000Z"
_WINDOWS = "".join(bytes([code]).decode("cp1252", "ignore") for code in range(32, 256))
_MULTI_LINE, _READ_ONLY, _COMBO = 1 << 12, 1, 1 << 17
_COLORS = (b" rg", b" g", b" k", b" sc", b" scn")
"""How the operators end that set the color of words."""
_DATE = 'AFDate_{}Ex("mm/dd/yyyy");'


class Page(NamedTuple):
    """A page of a form: the sheet that it belongs to, what stands on it, and what it tells of its pieces."""

    sheet: str
    drawn: Sequence[Drawn]
    told: str


def normalise(data: bytes, laid_out: Sequence[Page], widgets: Sequence[Widget], title: str, source: str) -> bytes:
    """Return the form of the pages ``data``; ``widgets`` are the fields whose input bears their number.

    ``source`` is the digest of what it was made of; see `made_of`.
    """
    with pikepdf.open(io.BytesIO(data)) as pdf:
        font = pdf.make_indirect(_simple_font(pdf, REGULAR))
        empty = pdf.make_indirect(_drawing(pdf, b"", (0, 0, 612, _HEIGHT)))
        logo = pdf.make_indirect(_drawing(pdf, b"", (0, 0, 0, 0)))
        blank = pdf.make_indirect(_drawing(pdf, b"/Tx BMC EMC", (0, 0, 1, 1)))
        _fields(pdf, widgets, blank, {FONT: font, BOLD_FONT: pdf.make_indirect(_simple_font(pdf, BOLD))})
        _tags(pdf)
        for page, one in zip(pdf.pages, laid_out, strict=True):
            _page(page, one)
            _content(pdf, page, one, empty, logo)
        _faces(pdf)
        _about(pdf, title, source)
        pdf.remove_unreferenced_resources()
        out = io.BytesIO()
        pdf.save(
            out,
            deterministic_id=True,
            compress_streams=True,
            recompress_flate=True,
            object_stream_mode=pikepdf.ObjectStreamMode.generate,
        )
        return out.getvalue()


def made_of(data: bytes) -> tuple[str, str]:
    """Return the digest of what the form was made of, and the programs that made it.

    The same source gives the same bytes where the same programs make it.
    """
    with pikepdf.open(io.BytesIO(data)) as pdf:
        about = pdf.Root.PieceInfo.plankit.Private
        return str(about.Source), str(about.Made)


# --- fields ----------------------------------------------------------------------------------------------------------


def _fields(pdf: Pdf, widgets: Sequence[Widget], blank: Object, fonts: dict[str, Object]) -> None:
    """Put every field in its place of the hierarchy; those of one name become one field that stands several times."""
    shown: dict[str, list[tuple[Widget, Object]]] = {}
    for page in pdf.pages:
        for annotation in page.obj.Annots:
            widget = widgets[int(str(annotation["/T"]))]
            _annotation(pdf, widget, annotation, blank)
            shown.setdefault(widget.name, []).append((widget, annotation))
    tops: dict[str, Object] = {}
    roots = Array()
    options: dict[tuple[tuple[str, str], ...], Object] = {}
    for name, places in shown.items():
        field = _field(pdf, places, options)
        above = _parent(pdf, name, tops, roots)
        if above is None:
            roots.append(field)
        else:
            field["/Parent"] = above
            above["/Kids"].append(field)
    check = pdf.make_indirect(Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.ZapfDingbats))
    pdf.Root.AcroForm = pdf.make_indirect(
        Dictionary(
            Fields=roots,
            DA=String(f"{FONT} 9.5 Tf 0.133 g"),
            DR=Dictionary(Font=Dictionary({**fonts, "/ZaDb": check})),
        )
    )


def _parent(pdf: Pdf, name: str, tops: dict[str, Object], roots: Object) -> Object | None:
    """Return the field above ``name``, made with those above it where there is none yet."""
    head, _, _ = name.rpartition(".")
    if not head:
        return None
    if head not in tops:
        above = _parent(pdf, head, tops, roots)
        tops[head] = pdf.make_indirect(Dictionary(T=String(head.rpartition(".")[2]), Kids=Array()))
        if above is None:
            roots.append(tops[head])
        else:
            tops[head]["/Parent"] = above
            above["/Kids"].append(tops[head])
    return tops[head]


def _field(
    pdf: Pdf, places: Sequence[tuple[Widget, Object]], options: dict[tuple[tuple[str, str], ...], Object]
) -> Object:
    """Return the field of all ``places`` where it stands: the one annotation itself, or a field above them."""
    widget = places[0][0]
    if len(places) == 1:
        field = places[0][1]
    else:
        field = pdf.make_indirect(Dictionary(Kids=Array([annotation for _, annotation in places])))
        for _, annotation in places:
            annotation["/Parent"] = field
    field["/T"] = String(widget.name.rpartition(".")[2])
    field["/TU"] = String(widget.tooltip)
    flags = _READ_ONLY if all(one.read_only for one, _ in places) else 0
    if widget.kind == "signature":
        field["/FT"] = Name.Sig
    elif widget.kind == "check":
        field["/FT"], field["/V"] = Name.Btn, Name.Off
    elif widget.kind == "choice":
        field["/FT"] = Name.Ch
        flags |= _COMBO
        if widget.choices not in options:
            pairs = [String(value) if value == label else Array([String(value), String(label)])
                     for value, label in widget.choices]  # fmt: skip
            options[widget.choices] = pdf.make_indirect(Array(pairs))
        field["/Opt"] = options[widget.choices]
    else:
        field["/FT"] = Name.Tx
        flags |= _MULTI_LINE if any(one.kind == "multi-line" for one, _ in places) else 0
    if widget.kind == "date":
        scripts = {key: _script(_DATE.format(word)) for key, word in (("/K", "Keystroke"), ("/F", "Format"))}
        field["/AA"] = Dictionary(scripts)
    if flags:
        field["/Ff"] = flags
    return field


def _script(text: str) -> Dictionary:
    return Dictionary(S=Name.JavaScript, JS=String(text))


def _annotation(pdf: Pdf, widget: Widget, annotation: Object, blank: Object) -> None:
    """Make of WeasyPrint's input a plain place where a field stands; unfilled, it shows nothing, not even an arrow."""
    left, bottom, right, top = (float(value) for value in annotation["/Rect"])
    box = [
        round(min(left, right), 2),
        round(min(bottom, top), 2),
        round(max(left, right), 2),
        round(max(bottom, top), 2),
    ]
    for key in ("/T", "/TU", "/V", "/DA", "/MK", "/Border", "/FT", "/Ff", "/AP", "/AS", "/Opt"):
        if key in annotation:
            del annotation[key]
    annotation["/Rect"] = Array(box)
    annotation["/F"] = 4
    size = (box[2] - box[0], box[3] - box[1])
    if widget.kind == "check":
        annotation["/DA"] = String("/ZaDb 9 Tf 0.133 g")
        annotation["/AS"] = Name.Off
        annotation["/MK"] = Dictionary(CA=String("4"), BC=Array([0.4]))
        frame = f"q 0.6 w 0.4 G 0.3 0.3 {size[0] - 0.6:.2f} {size[1] - 0.6:.2f} re S Q".encode()
        mark = b" q 1.1 w 0.133 G 2 5.5 m 4.5 2.5 l 9 8.8 l S Q"
        states = {f"/{widget.choices[0][0]}": frame + mark, "/Off": frame}
        annotation["/AP"] = Dictionary(
            N=Dictionary({key: _drawing(pdf, ops, (0, 0, *size)) for key, ops in states.items()})
        )
    elif widget.kind != "signature":
        annotation["/DA"] = String(f"{BOLD_FONT if widget.bold else FONT} {widget.size:g} Tf {color(widget.color)} rg")
        annotation["/AP"] = Dictionary(N=blank)


# --- pages -----------------------------------------------------------------------------------------------------------


def _page(page: pikepdf.Page, one: Page) -> None:
    """Label the page with its sheet, and with what its pieces are."""
    private = Dictionary(Sheet=Name(f"/{one.sheet}"), Pieces=String(one.told))
    page.obj.PieceInfo = Dictionary(plankit=Dictionary(LastModified=String(_EVER), Private=private))
    for key in ("/BleedBox", "/TrimBox"):
        if key in page.obj:
            del page.obj[key]
    for annotation in page.obj.Annots:
        annotation["/P"] = page.obj


def _content(pdf: Pdf, page: pikepdf.Page, one: Page, empty: Object, logo: Object) -> None:
    """Draw the page anew: shapes, then the words of each element so that they can be moved alone, then a draft's mark.

    What is drawn later gets its places: the logo and the mark of a draft.
    """
    sheet = understood(one.told)
    objects: dict[str, Object] = {"/Draft": empty}
    parts = [drawn(_shapes(one.drawn), sheet.color), *_words(page)]
    for item in one.drawn:
        if item.role == "logo":
            logo.BBox = Array([0, 0, item.width, item.height])
            objects["/Logo"] = logo
            parts.append(b"%b\n" % logo_at(item.x, item.y + item.height))
    parts.append(DRAFT_MARK)
    own = page.obj.Resources
    page.obj.Resources = Dictionary(
        Font=own.Font, ExtGState=own.ExtGState, XObject=Dictionary({**dict(own.get("/XObject", {}).items()), **objects})
    )
    page.obj.Contents = pdf.make_stream(b"".join(parts))


def _shapes(items: Iterable[Drawn]) -> Iterator[Shape]:
    for item in items:
        if item.framed or item.role in (PANEL, BAR):
            yield Shape(item.role, *item[1:5])
        elif item.role == "heading":
            yield Shape(RULE, item.x, item.y + item.height - 0.6, item.width, 0.6)


def _words(page: pikepdf.Page) -> Iterator[bytes]:
    """Yield the marked content of a page, each piece with the coordinates that it is drawn in; see `pieces.WORDS`."""
    matrix, color = pikepdf.Matrix(), b""
    stack: list[tuple[pikepdf.Matrix, bytes]] = []
    marked: list[bytes] | None = None
    for instruction in pikepdf.parse_content_stream(page):
        given, name = instruction.operands, str(instruction.operator)
        if marked is None:
            if name == "q":
                stack.append((matrix, color))
            elif name == "Q":
                matrix, color = stack.pop()
            elif name == "cm":
                matrix = pikepdf.Matrix(*map(float, given)) @ matrix
            elif name == "BDC" and isinstance(given[1], Dictionary) and "/MCID" in given[1]:
                six = " ".join(f"{value:.4f}".rstrip("0").rstrip(".") for value in matrix.shorthand)
                marked = [f"{given[0]} <</MCID {int(given[1].MCID)}>> BDC\nq {six} cm".encode()]
        elif name == "EMC":
            own = [line for line in marked if line.endswith(_COLORS)]
            if color and not own:  # said once, with the first line of a paragraph
                marked.insert(1, color)
            color = own[-1] if own else color
            yield b"\n".join(marked) + b"\nQ\nEMC\n"
            marked = None
        elif name == "TJ":
            marked.append(b"%b TJ" % _shown(given[0]))
        else:
            marked.append(b" ".join([*(_spelled(one) for one in given), name.encode()]))


def _shown(parts: Object) -> bytes:
    """Return an array of codes and moves, what follows without a move joined."""
    found: list[bytes] = []
    for part in parts:
        if isinstance(part, String):
            codes = bytes(part).hex().encode()
            if found and found[-1].endswith(b">"):
                found[-1] = found[-1][:-1] + codes + b">"
            else:
                found.append(b"<%b>" % codes)
        elif part:
            found.append(_spelled(part))
    return b"[%b]" % b"".join(found)


def _spelled(operand: Object) -> bytes:
    return bytes(operand.unparse()) if isinstance(operand, pikepdf.Object) else str(operand).encode()


def _drawing(pdf: Pdf, operators: bytes, box: Sequence[float]) -> Stream:
    sides = Array([round(side, 2) for side in box])
    return Stream(pdf, operators or b"q Q", Type=Name.XObject, Subtype=Name.Form, BBox=sides, Resources=Dictionary())


# --- tags and faces --------------------------------------------------------------------------------------------------


def _tags(pdf: Pdf) -> None:
    """Tidy the tree of tags.

    Of each element of a form field make the one child that child itself, as checkers of signatures expect it, and leave
    out elements of what is drawn only to be seen.
    """
    _tidy(pdf.Root.StructTreeRoot.K[0])


def _tidy(element: Object) -> bool:
    """Tidy what is below ``element`` and tell whether it holds anything."""
    kids = [kid for kid in element.K if not (isinstance(kid, Dictionary) and "/S" in kid) or _tidy(kid)]
    element.K = kids[0] if Name.Form == element.S and len(kids) == 1 else Array(kids)
    return bool(kids)


def _faces(pdf: Pdf) -> None:
    """Embed of each face what the pages show; WeasyPrint embeds all of one that a field might be typed in."""
    used: dict[tuple[int, int], set[int]] = {}
    fonts: dict[tuple[int, int], Object] = {}
    for page in pdf.pages:
        for called, font in page.obj.Resources.Font.items():
            fonts[font.objgen] = font
            used.setdefault(font.objgen, set()).update(_glyphs(page, called))
    for key, font in fonts.items():
        face = BOLD if "Bold" in str(font.BaseFont) else REGULAR
        data = _subset(face, glyphs=sorted(used[key]))
        descendant = font.DescendantFonts[0]
        name = Name(f"/PLANKI+{Path(face).stem}")
        descriptor = descendant.FontDescriptor
        font.BaseFont = descendant.BaseFont = descriptor.FontName = name
        descriptor.FontFile2 = Stream(pdf, data, Length1=len(data))
        if "/CIDSet" in descriptor:
            del descriptor["/CIDSet"]


def _glyphs(page: pikepdf.Page, wanted: str) -> Iterator[int]:
    """Yield the glyphs that a page shows in the font that it calls ``wanted``."""
    current = ""
    for instruction in pikepdf.parse_content_stream(page, "Tf Tj TJ"):
        operand = instruction.operands[0]
        if str(instruction.operator) == "Tf":
            current = str(operand)
        elif current == wanted:
            parts = operand if isinstance(operand, Array) else [operand]
            for part in parts:
                if isinstance(part, String):
                    codes = bytes(part)
                    yield from (int.from_bytes(codes[at : at + 2]) for at in range(0, len(codes), 2))


def _subset(face: str, glyphs: Sequence[int] = (), text: str = "") -> bytes:
    """Return a face with ``glyphs`` in their places, or with the characters of ``text``."""
    options = subset.Options(
        notdef_outline=True, hinting=False, layout_features=[], name_IDs=[], retain_gids=bool(glyphs),
        drop_tables=["GPOS", "GSUB", "GDEF", "OS/2", "name", "post"] + (["cmap"] if glyphs else []),
    )  # fmt: skip
    subsetter = subset.Subsetter(options)
    with TTFont(FOLDER / face, recalcTimestamp=False) as font:
        subsetter.populate(gids=list(glyphs), text=text)
        subsetter.subset(font)
        out = io.BytesIO()
        font.save(out)
    return out.getvalue()


def _simple_font(pdf: Pdf, face: str) -> Dictionary:
    """Return a face in which people type."""
    data = _subset(face, text=_WINDOWS)
    with TTFont(io.BytesIO(data)) as font:
        scale = 1000 / font["head"].unitsPerEm
        cmap, advances, head, line = font.getBestCmap(), font["hmtx"], font["head"], font["hhea"]
        widths = []
        for code in range(32, 256):
            letter = bytes([code]).decode("cp1252", "ignore")
            widths.append(round(advances[cmap[ord(letter)]][0] * scale) if letter and ord(letter) in cmap else 0)
        box = [round(value * scale) for value in (head.xMin, head.yMin, head.xMax, head.yMax)]
        ascent, descent = round(line.ascent * scale), round(line.descent * scale)
    name = Name(f"/PLANKI+{Path(face).stem}-Typed")
    descriptor = Dictionary(Type=Name.FontDescriptor, FontName=name, Flags=32, FontBBox=Array(box), ItalicAngle=0,
                            Ascent=ascent, Descent=descent, CapHeight=714, StemV=80,
                            FontFile2=Stream(pdf, data, Length1=len(data)))  # fmt: skip
    return Dictionary(
        Type=Name.Font,
        Subtype=Name.TrueType,
        BaseFont=name,
        FirstChar=32,
        LastChar=255,
        Widths=Array(widths),
        Encoding=Name.WinAnsiEncoding,
        FontDescriptor=pdf.make_indirect(descriptor),
    )


def _about(pdf: Pdf, title: str, source: str) -> None:
    """Say what the file is, and leave out what would differ from one making to the next."""
    made = f"{pdf.docinfo.get('/Producer', '')}, fontTools {fontTools.version}, pikepdf {pikepdf.__version__}"
    for key in ("/Outlines", "/Names", "/Dests"):
        if key in pdf.Root:
            del pdf.Root[key]
    pdf.Root.PieceInfo = Dictionary(
        plankit=Dictionary(LastModified=String(_EVER), Private=Dictionary(Source=String(source), Made=String(made)))
    )
    pdf.docinfo["/Title"] = String(title)
