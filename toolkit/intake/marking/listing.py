"""The list of what to fix becomes a sheet of somebody's workbook: a sheet of ours moves in, with its looks and names.

Its styles are added to the workbook's (those that are there are used again), its texts stand in its cells.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from copy import deepcopy
from typing import TypeVar

from lxml import etree

from toolkit.intake.marking.package import MAIN, WORKBOOK, Element, Package, insert_before

MOST_STYLES = 64_000
"""Excel's: styles of cells in a workbook."""
_SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
_STYLES_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"
_PROPERTIES = "docProps/app.xml"
_VARIANTS = "{http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes}"
_STYLE_PARTS = ("numFmts", "fonts", "fills", "borders", "cellStyleXfs", "cellXfs", "cellStyles", "dxfs",
                "tableStyles", "colors", "extLst")  # fmt: skip
_AFTER_NAMES = ("calcPr", "oleSize", "customWorkbookViews", "pivotCaches", "smartTagPr", "smartTagTypes",
                "webPublishing", "fileRecoveryPr", "webPublishObjects", "extLst")  # fmt: skip
_FORMULA = re.compile(rb"<(?:\w+:)?f[\s/>]")
T = TypeVar("T")


def remove(package: Package, title: str) -> None:
    """Take the sheet ``title``, the list of an earlier marking, out of the workbook."""
    position, sheet = next((at, found) for at, found in enumerate(package.sheets()) if found.name == title)
    workbook = package.change(WORKBOOK)
    sheets = workbook.find(package.m("sheets"))
    sheets.remove(sheets[position])
    names = workbook.find(package.m("definedNames"))
    for name in list(names) if names is not None else ():
        own = int(name.get("localSheetId", "-1"))
        if own == position:
            names.remove(name)
        elif own > position:
            name.set("localSheetId", str(own - 1))
    if names is not None and not len(names):
        workbook.remove(names)
    for view in workbook.iterfind(f"{package.m('bookViews')}/{package.m('workbookView')}"):
        for key in ("activeTab", "firstSheet"):
            if int(view.get(key, "0")) > position:
                view.set(key, str(int(view.get(key)) - 1))
    if _FORMULA.search(package.parts[sheet.part]):
        _forget_order_of_formulas(package)
    for part in package.related(sheet.part).values():
        if part in package.parts:
            package.drop(part)
    package.unrelate(WORKBOOK, sheet.part)
    package.drop(sheet.part)
    _retitle(package, lambda titles: titles.remove(title) if title in titles else None)


def add(package: Package, title: str, listing: bytes) -> None:
    """Put the only sheet of the workbook ``listing`` first, as the sheet ``title``, and open the workbook there."""
    source = Package(listing, "The list")
    (old,) = source.sheets()
    root = deepcopy(source.tree(old.part))
    _spell_out(root, source)
    next(root.iter(f"{{{MAIN}}}sheetView")).set("tabSelected", "1")
    _adopt_styles(package, source, root)
    part = package.add("xl/worksheets/sheet{}.xml", b"", _SHEET_TYPE)
    package.parts[part] = _bytes(package, root)
    workbook = package.change(WORKBOOK)
    sheets = workbook.find(package.m("sheets"))
    number = max((int(item.get("sheetId", "0")) for item in sheets), default=0) + 1
    item = etree.Element(package.m("sheet"), name=title, sheetId=str(number))
    item.set(package.r("id"), package.relate(WORKBOOK, "worksheet", part))
    sheets.insert(0, item)
    _adopt_names(package, source)
    for view in workbook.iterfind(f"{package.m('bookViews')}/{package.m('workbookView')}"):
        view.attrib.pop("firstSheet", None)
        view.set("activeTab", "0")
    for other in package.sheets()[1:]:
        _deselect(package, other.part)
    _retitle(package, lambda titles: titles.insert(0, title))


# --- the sheet -----------------------------------------------------------------------------------------------------


def _spell_out(root: Element, source: Package) -> None:
    """Put the texts of the list into its cells: the workbook's own table of texts stays as it is."""
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


def _as_in(package: Package, item: Element) -> Element:
    """Return an element of the list in the namespace of the workbook, without what stood around it."""
    plain = etree.tostring(item, with_tail=False).replace(MAIN.encode(), package.main.encode())
    return etree.fromstring(plain)


def _deselect(package: Package, part: str) -> None:
    """See that a sheet is not chosen together with the list: what is typed into one would be typed into both."""
    if part in package.parts and b"tabSelected" in package.parts[part]:
        for view in package.tree(part).iterfind("{*}sheetViews/{*}sheetView"):
            if view.get("tabSelected") in ("1", "true"):
                package.change(part)
                del view.attrib["tabSelected"]


# --- the looks -----------------------------------------------------------------------------------------------------


def _adopt_styles(package: Package, source: Package, root: Element) -> None:
    """Add the looks of the list to the workbook's, and give its cells, rows and columns their new numbers."""
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


def _adopted(package: Package, theirs: Element, ours: Element, look: Element) -> str:
    """Return the number that a look of the list has in the workbook; 0, the usual one, where there is no room."""
    new = _as_in(package, look)
    new.set("xfId", "0")
    for table, key in (("fonts", "fontId"), ("fills", "fillId"), ("borders", "borderId")):
        item = ours.find(f"{{{MAIN}}}{table}")[int(look.get(key, "0"))]
        new.set(key, str(_number_of(package, theirs, table, _as_in(package, item))))
    for part in ("Font", "Fill", "Border", "Alignment", "NumberFormat"):
        new.set(f"apply{part}", "1")
    full = len(_table(package, theirs, "cellXfs")) >= MOST_STYLES
    return "0" if full else str(_number_of(package, theirs, "cellXfs", new))


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


# --- the workbook --------------------------------------------------------------------------------------------------


def _adopt_names(package: Package, source: Package) -> None:
    """Add the names that belong to the list; those of the other sheets say the sheet's number, one higher now."""
    workbook = package.change(WORKBOOK)
    names = workbook.find(package.m("definedNames"))
    if names is None:
        names = etree.Element(package.m("definedNames"))
        insert_before(workbook, names, _AFTER_NAMES)
    for name in names:
        if name.get("localSheetId"):
            name.set("localSheetId", str(int(name.get("localSheetId")) + 1))
    own = source.tree(WORKBOOK).iterfind(f"{{{MAIN}}}definedNames/{{{MAIN}}}definedName")
    names.extend(_as_in(package, name) for name in own)
    if not len(names):
        workbook.remove(names)


def _forget_order_of_formulas(package: Package) -> None:
    """Drop the part that says in which order formulas are worked out; Excel makes it anew."""
    for part in package.related(WORKBOOK, "calcChain").values():
        package.unrelate(WORKBOOK, part)
        package.drop(part)


def _retitle(package: Package, edit: Callable[[list[str]], T]) -> None:
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
