"""Notes at cells: a comment as Excel keeps it (its text in one part, its box in another), behind what is said already.

Each note of ours stands between two lines that no person types; by them it is found and taken out again, whoever
saved the workbook in between. A conversation (“threaded comment”) is left as it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from lxml import etree
from openpyxl.utils.cell import coordinate_to_tuple

from toolkit import excel
from toolkit.intake.marking import sizes
from toolkit.intake.marking.package import Element, Package, insert_before
from toolkit.text import canonical

AUTHOR = "plankit"
LIMIT = 32_767
"""Excel's: UTF-16 units in a comment."""
_FIRST = f"{AUTHOR}:"
_LAST = "(This note goes when the workbook is checked and marked again.)"
_OURS = re.compile(rf"(?:\n\n)?^{_FIRST}\n(?:(?!^{_FIRST}$).)*?{re.escape(_LAST)}", re.DOTALL | re.MULTILINE)
_THREAD = "tc="
_COMMENTS_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml"
_DRAWING_TYPE = "application/vnd.openxmlformats-officedocument.vmlDrawing"
_AFTER_DRAWING = ("legacyDrawingHF", "drawingHF", "picture", "oleObjects", "controls", "AlternateContent",
                  "webPublishItems", "tableParts", "extLst")  # fmt: skip

# A drawing is read as text: what Excel writes there (`<br>`) is not always XML.
_SHAPE = re.compile(rb"<((?:\w+:)?)shape\s(?:(?!</\1shape>).)*?</\1shape>\s*", re.DOTALL)
_IS_NOTE = re.compile(rb"""ObjectType\s*=\s*["']Note["']""")
_ANCHOR = re.compile(rb"(<(?:\w+:)?Anchor>)([^<]*)(<)")
_CLUSTERS = re.compile(rb"""<(?:\w+:)?idmap\b[^>]*?\bdata\s*=\s*["']([\d,\s]*)""")
_NUMBER = re.compile(rb"_x0000_s(\d+)")
_CLUSTER = 1024
"""How many numbers of shapes make a cluster; each drawing has clusters of its own."""
_NAMES = (
    'xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" '
    'xmlns:x="urn:schemas-microsoft-com:office:excel"'
)
_BOX_TYPE = (
    '<v:shapetype{names} id="_x0000_t202" coordsize="21600,21600" o:spt="202" path="m,l,21600r21600,l21600,xe">'
    '<v:stroke joinstyle="miter"/><v:path gradientshapeok="t" o:connecttype="rect"/></v:shapetype>'
)


def clear(package: Package, sheet: str) -> None:
    """Take our notes out of the sheet whose part is ``sheet``; what others said there stays."""
    for part in package.related(sheet, "comments").values():
        if _FIRST.encode() not in package.parts.get(part, b""):
            continue
        root = package.change(part)
        emptied = [item for item in list(root.iter(package.m("comment"))) if _without_ours(item, package)]
        for item in emptied:
            item.getparent().remove(item)
        _forget_author(root, package)
        _clear_boxes(package, sheet, {item.get("ref", "") for item in emptied})
        if emptied and root.find(f".//{package.m('comment')}") is None:
            package.unrelate(sheet, part)
            package.drop(part)


def write(package: Package, sheet: str, texts: Mapping[str, str]) -> None:
    """Say each of ``texts`` at its cell (by address), behind what is said there; not in a conversation."""
    part = next(iter(package.related(sheet, "comments").values()), "")
    root = package.change(part) if part else _new_comments(package, sheet)
    known = {item.get("ref", ""): item for item in root.iter(package.m("comment"))}
    authors = [item.text or "" for item in root.iter(package.m("author"))]
    boxes: dict[str, str] = {}
    grown: dict[str, str] = {}
    for ref, text in texts.items():
        item = known.get(ref)
        if item is None:
            item = etree.SubElement(root.find(package.m("commentList")), package.m("comment"), ref=ref)
            item.set("authorId", str(_author(package, root, authors)))
            etree.SubElement(item, package.m("text"))
            _say(item, text, package)
            boxes[ref] = _text(item, package)
        elif not _is_thread(item, authors):
            _say(item, text, package)
            grown[ref] = _text(item, package)
    _draw(package, sheet, boxes, grown)


def _is_thread(comment: Element, authors: list[str]) -> bool:
    number = int(comment.get("authorId", "0"))
    return number < len(authors) and authors[number].startswith(_THREAD)


# --- the text ------------------------------------------------------------------------------------------------------


def _new_comments(package: Package, sheet: str) -> Element:
    empty = f'<comments xmlns="{package.main}"><authors/><commentList/></comments>'.encode()
    part = package.add("xl/comments{}.xml", empty, _COMMENTS_TYPE)
    package.relate(sheet, "comments", part)
    return package.change(part)


def _author(package: Package, root: Element, authors: list[str]) -> int:
    if AUTHOR not in authors:
        etree.SubElement(root.find(package.m("authors")), package.m("author")).text = AUTHOR
        authors.append(AUTHOR)
    return authors.index(AUTHOR)


def _forget_author(root: Element, package: Package) -> None:
    """Take us out of the authors again, where nothing is said by us and nobody's number changes."""
    authors = list(root.iter(package.m("author")))
    last = str(len(authors) - 1)
    if (
        authors
        and authors[-1].text == AUTHOR
        and all(item.get("authorId") != last for item in root.iter(package.m("comment")))
    ):
        authors[-1].getparent().remove(authors[-1])


def _pieces(comment: Element, package: Package) -> list[Element]:
    """Return the elements that hold a comment's text, in order; how it is pronounced is none of it."""
    runs = (f"{package.m('text')}/{package.m('t')}", f"{package.m('text')}/{package.m('r')}/{package.m('t')}")
    return [piece for path in runs for piece in comment.iterfind(path)]


def _text(comment: Element, package: Package) -> str:
    return "".join(piece.text or "" for piece in _pieces(comment, package))


def _say(comment: Element, words: str, package: Package) -> None:
    """Put our note behind what the comment says, within Excel's length."""
    before = _text(comment, package)
    text = comment.find(package.m("text"))
    for plain in text.findall(package.m("t")):  # a text is either plain or in runs
        run = etree.Element(package.m("r"))
        text.replace(plain, run)
        run.append(plain)
    head = f"\n\n{_FIRST}\n" if before else f"{_FIRST}\n"
    room = LIMIT - excel.units(before) - excel.units(head) - excel.units(_LAST) - 1
    if room < 100:
        return
    for bold, part in ((True, head), (False, f"{excel.escaped(excel.cut(canonical(words), room))}\n{_LAST}")):
        insert_before(text, _run(part, bold, package), ("rPh", "phoneticPr"))


def _run(words: str, bold: bool, package: Package) -> Element:
    run = etree.Element(package.m("r"))
    look = etree.SubElement(run, package.m("rPr"))
    if bold:
        etree.SubElement(look, package.m("b"))
    etree.SubElement(look, package.m("sz"), val="9")
    etree.SubElement(look, package.m("color"), indexed="81")
    etree.SubElement(look, package.m("rFont"), val="Tahoma")
    etree.SubElement(look, package.m("family"), val="2")
    piece = etree.SubElement(run, package.m("t"))
    piece.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    piece.text = words
    return run


def _without_ours(comment: Element, package: Package) -> bool:
    """Take our notes out of one comment; tell whether nothing is left of it."""
    whole = _text(comment, package)
    spans = [match.span() for match in _OURS.finditer(whole)]
    start = 0
    for piece in _pieces(comment, package):
        words = piece.text or ""
        kept = [sign for at, sign in enumerate(words, start) if not any(a <= at < b for a, b in spans)]
        if len(kept) < len(words):
            piece.text = "".join(kept)
            run = piece.getparent()
            if not kept and run.tag == package.m("r"):
                run.getparent().remove(run)
        start += len(words)
    return bool(spans) and not _text(comment, package).strip()


# --- the boxes -----------------------------------------------------------------------------------------------------


def _drawing(package: Package, sheet: str) -> str:
    """Return the part that draws the sheet's notes and form controls, empty where there is none."""
    item = package.tree(sheet).find(package.m("legacyDrawing"))
    return package.related(sheet, "vmlDrawing").get(item.get(package.r("id"), ""), "") if item is not None else ""


def _cell_of(shape: bytes) -> tuple[int, int] | None:
    """Return row and column of the cell whose note ``shape`` draws, or None where it is something else."""
    found = [re.search(rb"<(?:\w+:)?%s>\s*(\d+)\s*<" % name, shape) for name in (b"Row", b"Column")]
    return (int(found[0][1]), int(found[1][1])) if _IS_NOTE.search(shape) and found[0] and found[1] else None


def _place(ref: str) -> tuple[int, int]:
    row, column = coordinate_to_tuple(ref)
    return row - 1, column - 1


def _clear_boxes(package: Package, sheet: str, refs: Iterable[str]) -> None:
    part, cells = _drawing(package, sheet), {_place(ref) for ref in refs}
    if not part or not cells:
        return
    drawing = _SHAPE.sub(lambda shape: b"" if _cell_of(shape[0]) in cells else shape[0], package.parts[part])
    package.parts[part] = drawing
    if not _SHAPE.search(drawing):
        root = package.change(sheet)
        root.remove(root.find(package.m("legacyDrawing")))
        package.unrelate(sheet, part)
        package.drop(part)


def _draw(package: Package, sheet: str, new: Mapping[str, str], grown: Mapping[str, str]) -> None:
    """Draw the boxes of ``new`` notes, and give those of ``grown`` ones room; both by address, with their text."""
    measured = sizes.read(package.tree(sheet))
    part = _drawing(package, sheet)
    if part and grown:
        texts = {_place(ref): text for ref, text in grown.items()}
        package.parts[part] = _SHAPE.sub(
            lambda shape: _enlarged(shape[0], texts.get(_cell_of(shape[0]) or (-1, -1)), measured), package.parts[part]
        )
    if not new:
        return
    if not part:
        part = package.add("xl/drawings/vmlDrawing{}.vml", _empty_drawing(), _DRAWING_TYPE)
        item = etree.Element(package.m("legacyDrawing"))
        item.set(package.r("id"), package.relate(sheet, "vmlDrawing", part))
        insert_before(package.change(sheet), item, _AFTER_DRAWING)
    clusters = _claimed(package, part, len(new))
    names = "" if all(name.encode() in package.parts[part][:1000] for name in _NAMES.split()) else f" {_NAMES}"
    shapes = "" if b'"_x0000_t202"' in package.parts[part] else _BOX_TYPE.format(names=names)
    above = len(_SHAPE.findall(package.parts[part])) + 1
    for number, (ref, text) in enumerate(new.items()):
        cluster, rest = divmod(number, _CLUSTER - 1)
        own, box = clusters[cluster] * _CLUSTER + rest + 1, measured.box(*_place(ref), text)
        shapes += _shape(own, above + number, ref, box, names)
    before, end, after = package.parts[part].rpartition(b"</")
    package.parts[part] = before + shapes.encode("ascii") + end + after


def _empty_drawing() -> bytes:
    map_of_ids = '<o:shapelayout v:ext="edit"><o:idmap v:ext="edit" data=""/></o:shapelayout>'
    return f"<xml {_NAMES}>{map_of_ids}</xml>".encode("ascii")


def _claimed(package: Package, part: str, count: int) -> list[int]:
    """Return clusters of numbers, enough for ``count`` shapes: the drawing's own free ones, then some that none has."""
    own = _clusters(package.parts[part])
    used = {int(number) // _CLUSTER for number in _NUMBER.findall(package.parts[part])}
    taken = {one for name, content in package.parts.items() if name.endswith(".vml") for one in _clusters(content)}
    free = sorted(set(own) - used)
    first, several = max(taken | used, default=0) + 1, -(-count // (_CLUSTER - 1))
    clusters = [*free, *range(first, first + several)][:several]

    def claim(known: re.Match[bytes]) -> bytes:
        numbers = ",".join(str(one) for one in dict.fromkeys((*own, *clusters)))
        return known[0][: known.start(1) - known.start()] + numbers.encode()

    package.parts[part] = _CLUSTERS.sub(claim, package.parts[part], count=1)
    return clusters


def _clusters(drawing: bytes) -> list[int]:
    return [int(one) for found in _CLUSTERS.findall(drawing) for one in found.split(b",") if one.strip()]


def _shape(number: int, above: int, ref: str, box: sizes.Anchor, names: str) -> str:
    row, column = _place(ref)
    anchor = ", ".join(map(str, box))
    return (
        f'<v:shape{names} id="_x0000_s{number}" type="#_x0000_t202" '
        f'style="position:absolute;width:248pt;height:60pt;z-index:{above};visibility:hidden" '
        'fillcolor="#ffffe1" o:insetmode="auto"><v:fill color2="#ffffe1"/><v:shadow on="t" color="black" obscured="t"/>'
        '<v:path o:connecttype="none"/><v:textbox style="mso-direction-alt:auto"><div style="text-align:left"></div>'
        f'</v:textbox><x:ClientData ObjectType="Note"><x:MoveWithCells/><x:SizeWithCells/><x:Anchor>{anchor}</x:Anchor>'
        f"<x:AutoFill>False</x:AutoFill><x:Row>{row}</x:Row><x:Column>{column}</x:Column></x:ClientData></v:shape>"
    )


def _enlarged(shape: bytes, text: str | None, measured: sizes.Sizes) -> bytes:
    found = _ANCHOR.search(shape) if text is not None else None
    numbers = [int(one) for one in re.findall(rb"\d+", found[2])] if found else []
    if not found or text is None or len(numbers) != 8:
        return shape
    left, into, top, below, right, further, bottom, last = numbers
    box = measured.room_for((left, into, top, below, right, further, bottom, last), text)
    if list(box) == numbers:
        return shape
    return shape[: found.start(2)] + ", ".join(map(str, box)).encode() + shape[found.end(2) :]
