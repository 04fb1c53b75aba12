"""Sheets of ours move into somebody's workbook, with their looks and names.

Their styles are added to the workbook's (those that are there are used again), their texts stand in their cells.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from copy import deepcopy
from typing import TypeVar

from lxml import etree

from toolkit.intake.marking.package import MAIN, WORKBOOK, Element, Package, Sheet, insert_before

MOST_STYLES = 64_000
"""Excel's: styles of cells in a workbook."""
_OWN_FORMATS = 164
"""The first number of a format that a workbook brings itself."""
_SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
_STYLES_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"
_PROPERTIES = "docProps/app.xml"
_VARIANTS = "{http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes}"
_STYLE_PARTS = ("numFmts", "fonts", "fills", "borders", "cellStyleXfs", "cellXfs", "cellStyles", "dxfs",
                "tableStyles", "colors", "extLst")  # fmt: skip
_AFTER_NAMES = ("calcPr", "oleSize", "customWorkbookViews", "pivotCaches", "smartTagPr", "smartTagTypes",
                "webPublishing", "fileRecoveryPr", "webPublishObjects", "extLst")  # fmt: skip
T = TypeVar("T")


def guest(package: Package, source: Package, sheet: Sheet) -> Element:
    """Return a copy of a sheet of ours whose texts stand in its cells and whose looks are among the workbook's."""
    root = deepcopy(source.tree(sheet.part))
    _spell_out(root, source)
    _adopt_styles(package, source, root)
    return root


def insert(package: Package, root: Element, title: str, position: int, state: str = "") -> None:
    """Put the sheet ``root`` of ours into the workbook, as number ``position`` from 0; ``state`` may be ``hidden``."""
    part = package.add("xl/worksheets/sheet{}.xml", b"", _SHEET_TYPE)
    package.parts[part] = _bytes(package, root)
    before = sum(sheet.kind == "worksheet" for sheet in package.sheets()[:position])
    workbook = package.change(WORKBOOK)
    sheets = workbook.find(package.m("sheets"))
    number = max((int(item.get("sheetId", "0")) for item in sheets), default=0) + 1
    item = etree.Element(package.m("sheet"), name=title, sheetId=str(number))
    if state:
        item.set("state", state)
    item.set(package.r("id"), package.relate(WORKBOOK, "worksheet", part))
    sheets.insert(position, item)
    for name in workbook.iterfind(f"{package.m('definedNames')}/{package.m('definedName')}"):
        if int(name.get("localSheetId", "-1")) >= position:
            name.set("localSheetId", str(int(name.get("localSheetId")) + 1))
    retitle(package, lambda titles: titles.insert(before, title))


def add_names(package: Package, names: Iterable[Element]) -> None:
    """Add defined names of ours to the workbook's; ``localSheetId`` is the sheet's number there."""
    new = [as_in(package, name) for name in names]
    workbook = package.change(WORKBOOK)
    known = workbook.find(package.m("definedNames"))
    if known is None and new:
        known = etree.Element(package.m("definedNames"))
        insert_before(workbook, known, _AFTER_NAMES)
    if new:
        known.extend(new)


def open_first(package: Package) -> None:
    """Open the workbook at its first sheet, and see that no other is chosen with it.

    What is typed into one of several chosen sheets is typed into all of them.
    """
    for view in package.change(WORKBOOK).iterfind(f"{package.m('bookViews')}/{package.m('workbookView')}"):
        view.attrib.pop("firstSheet", None)
        view.set("activeTab", "0")
    first, *others = package.sheets()
    next(package.change(first.part).iter(package.m("sheetView"))).set("tabSelected", "1")
    for other in others:
        _deselect(package, other.part)


def as_in(package: Package, item: Element) -> Element:
    """Return an element of ours in the namespace of the workbook, without what stood around it."""
    plain = etree.tostring(item, with_tail=False).replace(MAIN.encode(), package.main.encode())
    return etree.fromstring(plain)


def _spell_out(root: Element, source: Package) -> None:
    """Put the texts of the sheet into its cells: the workbook's own table of texts stays as it is."""
    texts = list(source.tree("xl/sharedStrings.xml"))
    for cell in root.iter(f"{{{MAIN}}}c"):
        if cell.get("t") == "s":
            value = cell.find(f"{{{MAIN}}}v")
            inline = etree.Element(f"{{{MAIN}}}is")
            inline.extend(deepcopy(list(texts[int(value.text)])))
            cell.replace(value, inline)
            cell.set("t", "inlineStr")


def _bytes(package: Package, root: Element) -> bytes:
    data: bytes = etree.tostring(root, encoding="UTF-8", xml_declaration=True, standalone=True)
    return data.replace(MAIN.encode(), package.main.encode())


def _deselect(package: Package, part: str) -> None:
    """See that a sheet is not chosen."""
    if part in package.parts and b"tabSelected" in package.parts[part]:
        for view in package.tree(part).iterfind("{*}sheetViews/{*}sheetView"):
            if view.get("tabSelected") in ("1", "true"):
                package.change(part)
                del view.attrib["tabSelected"]


# --- the looks -----------------------------------------------------------------------------------------------------


def _adopt_styles(package: Package, source: Package, root: Element) -> None:
    """Add the looks of the sheet to the workbook's, and give its cells, rows and columns their new numbers."""
    if not package.styles:
        styles = source.parts[source.styles].replace(MAIN.encode(), package.main.encode())
        package.relate(WORKBOOK, "styles", package.add("xl/styles.xml", styles, _STYLES_TYPE))
        return
    theirs, ours = package.change(package.styles), source.tree(source.styles)
    numbered = [(item, "s") for name in ("c", "row") for item in root.iter(f"{{{MAIN}}}{name}")]
    numbered += [(item, "style") for item in root.iter(f"{{{MAIN}}}col")]
    looks = ours.find(f"{{{MAIN}}}cellXfs")
    numbers: dict[str, str] = {}
    for item, key in numbered:
        old = item.get(key)
        if old and old not in numbers:
            numbers[old] = _adopted(package, theirs, ours, looks[int(old)])
        if old:
            item.set(key, numbers[old])
    for rule in root.iter(f"{{{MAIN}}}cfRule"):
        if rule.get("dxfId"):
            look = ours.find(f"{{{MAIN}}}dxfs")[int(rule.get("dxfId"))]
            rule.set("dxfId", str(_number_of(package, theirs, "dxfs", as_in(package, look))))


def _adopted(package: Package, theirs: Element, ours: Element, look: Element) -> str:
    """Return the number that a look of ours has in the workbook; 0, the usual one, where there is no room."""
    new = as_in(package, look)
    new.set("xfId", "0")
    new.set("numFmtId", _format_of(package, theirs, ours, look.get("numFmtId", "0")))
    for table, key in (("fonts", "fontId"), ("fills", "fillId"), ("borders", "borderId")):
        item = ours.find(f"{{{MAIN}}}{table}")[int(look.get(key, "0"))]
        new.set(key, str(_number_of(package, theirs, table, as_in(package, item))))
    for part in ("Font", "Fill", "Border", "Alignment", "NumberFormat"):
        new.set(f"apply{part}", "1")
    full = len(_table(package, theirs, "cellXfs")) >= MOST_STYLES
    return "0" if full else str(_number_of(package, theirs, "cellXfs", new))


def _format_of(package: Package, theirs: Element, ours: Element, number: str) -> str:
    """Return the number that a number format of ours has in the workbook."""
    if int(number) < _OWN_FORMATS:
        return number
    formats = _table(package, theirs, "numFmts")
    code = next(item.get("formatCode") for item in ours.iter(f"{{{MAIN}}}numFmt") if item.get("numFmtId") == number)
    known = next((item.get("numFmtId") for item in formats if item.get("formatCode") == code), None)
    if known is None:
        known = str(max((int(item.get("numFmtId")) for item in formats), default=_OWN_FORMATS - 1) + 1)
        etree.SubElement(formats, package.m("numFmt"), numFmtId=known, formatCode=code)
        formats.set("count", str(len(formats)))
    return known


def _number_of(package: Package, theirs: Element, table: str, item: Element) -> int:
    """Return the number of ``item`` in a table of the workbook's styles; it is added where it is not there."""
    items, wanted = _table(package, theirs, table), _plain(item)
    for number, known in enumerate(items):
        if known.attrib == item.attrib and len(known) == len(item) and _plain(known) == wanted:
            return number
    items.append(item)
    items.set("count", str(len(items)))
    return len(items) - 1


def _plain(item: Element) -> bytes:
    return bytes(etree.tostring(item, method="c14n", exclusive=True, with_tail=False))


def _table(package: Package, theirs: Element, name: str) -> Element:
    found = theirs.find(package.m(name))
    if found is None:
        found = etree.Element(package.m(name))
        insert_before(theirs, found, _STYLE_PARTS[_STYLE_PARTS.index(name) + 1 :])
    return found


def retitle(package: Package, edit: Callable[[list[str]], T]) -> None:
    """Change the sheets' names in the file's properties, where they are told there."""
    if _PROPERTIES not in package.parts:
        return
    root = package.tree(_PROPERTIES)
    counts = root.findall(f"{{*}}HeadingPairs/{_VARIANTS}vector/{_VARIANTS}variant/{_VARIANTS}i4")
    titles = root.find(f"{{*}}TitlesOfParts/{_VARIANTS}vector")
    if not counts or titles is None or not (counts[0].text or "").isdigit():
        return
    package.change(_PROPERTIES)
    several = int(counts[0].text)
    texts = [item.text or "" for item in titles]
    sheets = texts[:several]  # worksheets are told first
    edit(sheets)
    counts[0].text = str(len(sheets))
    for item in list(titles):
        titles.remove(item)
    for text in (*sheets, *texts[several:]):
        etree.SubElement(titles, f"{_VARIANTS}lpstr").text = text
    titles.set("size", str(len(titles)))
