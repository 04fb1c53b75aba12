"""A copy of somebody's workbook with the sheets and columns that it lacks; everything that is there stays as it is.

New columns stand right of what a sheet holds, new sheets where they are filled in. The guide in front is the new one;
an older guide stays, hidden.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import partial

from lxml import etree
from openpyxl.utils.cell import coordinate_to_tuple, get_column_letter

from toolkit.intake import tables
from toolkit.intake.marking import colors, moving
from toolkit.intake.marking.package import WORKBOOK, Element, Package, Sheet, insert_before

_AFTER_COLUMNS = ("sheetData",)
_AFTER_RULES = ("hyperlinks", "printOptions", "pageMargins", "pageSetup", "headerFooter", "rowBreaks", "colBreaks",
                "customProperties", "cellWatches", "ignoredErrors", "smartTags", "drawing", "legacyDrawing",
                "legacyDrawingHF", "drawingHF", "picture", "oleObjects", "controls", "AlternateContent",
                "webPublishItems", "tableParts", "extLst")  # fmt: skip


def grown(package: Package, additions: bytes, order: Sequence[str], named: Mapping[str, str]) -> bytes:
    """Return the workbook ``package`` with what the workbook ``additions`` holds.

    A sheet of ``additions`` that bears the name of one of its sheets holds columns for that one, each in its place;
    the first is the guide, the hidden one the lists behind drop-downs. ``order`` are the sheets as they are filled in,
    ``named`` how those that are there are called in the workbook.
    """
    source = Package(additions, "The form")
    guide, *sheets = source.sheets()
    lists = next((sheet for sheet in sheets if sheet.name == tables.HELP_SHEETS[1]), None)
    own = {sheet.name: sheet.part for sheet in package.sheets()}
    names = _renamed_names(package, source)
    for sheet in sheets:
        root = moving.guest(package, source, sheet)
        _rename_in(root, package, names)
        if sheet is lists:
            moving.insert(package, root, _free_title(package, sheet.name), len(package.sheets()), "hidden")
        elif sheet.name in own:
            _add_columns(package, own[sheet.name], root)
        else:
            moving.insert(package, root, sheet.name, _position(package, sheet.name, order, named))
    _put_guide(package, source, guide)
    _add_names(package, source, names)
    moving.open_first(package)
    return package.data()


# --- sheets --------------------------------------------------------------------------------------------------------


def _position(package: Package, name: str, order: Sequence[str], named: Mapping[str, str]) -> int:
    """Return where a new sheet goes: behind the last of those that are filled in before it, else behind all."""
    titles = [sheet.name for sheet in package.sheets()]
    before = {named.get(one, one) for one in order[: order.index(name)]}
    places = [number for number, title in enumerate(titles, 1) if title in before]
    return max(places, default=len(titles))


def _put_guide(package: Package, source: Package, guide: Sheet) -> None:
    """Put the guide in front; the guide that is there stays, hidden, under a name with a number."""
    for item in package.change(WORKBOOK).iterfind(f"{package.m('sheets')}/{package.m('sheet')}"):
        if tables.header_key(item.get("name")) == tables.header_key(guide.name):
            old, new = item.get("name"), _free_title(package, guide.name)
            item.set("name", new)
            item.set("state", "hidden")
            moving.retitle(package, partial(_renamed, old, new))
    moving.insert(package, moving.guest(package, source, guide), guide.name, 0)


def _renamed(old: str, new: str, titles: list[str]) -> None:
    titles[:] = [new if title == old else title for title in titles]


def _free_title(package: Package, title: str) -> str:
    taken = {sheet.name.casefold() for sheet in package.sheets()}
    number, free = 1, title
    while free.casefold() in taken:
        number += 1
        free = f"{title} {number}"
    return free


# --- names ---------------------------------------------------------------------------------------------------------


def _renamed_names(package: Package, source: Package) -> dict[str, str]:
    """Return the names that the lists behind drop-downs get: a name that is there may mean another list."""
    names = package.tree(WORKBOOK).iter(package.m("definedName"))
    taken = {name.get("name", "").casefold() for name in names}
    found = {}
    for item in source.tree(WORKBOOK).iter(source.m("definedName")):
        old = item.get("name")
        if old.startswith("list_"):
            number, new = 1, old
            while new.casefold() in taken:
                number += 1
                new = f"{old}_{number}"
            found[old] = new
    return found


def _rename_in(root: Element, package: Package, names: Mapping[str, str]) -> None:
    for formula in root.iter("{*}formula1"):
        formula.text = names.get(formula.text, formula.text)


def _add_names(package: Package, source: Package, names: Mapping[str, str]) -> None:
    """Add the names of lists, those of ids where the workbook has none, and what is printed on each page of a sheet."""
    own = {name.get("name", "").casefold() for name in package.tree(WORKBOOK).iter(package.m("definedName"))}
    titles = [sheet.name for sheet in package.sheets()]
    lists = titles[-1]
    parts = [sheet.name for sheet in source.sheets()]
    added = []
    for item in source.tree(WORKBOOK).iter(source.m("definedName")):
        name, local = item.get("name"), item.get("localSheetId")
        if name in names:
            item.set("name", names[name])
            item.text = item.text.replace(f"{tables.HELP_SHEETS[1]}!", f"'{lists}'!")
        elif local is not None:
            item.set("localSheetId", str(titles.index(parts[int(local)])))
            if _has_local(package, name, item.get("localSheetId")):
                continue
        elif name.casefold() in own:
            continue
        added.append(item)
    moving.add_names(package, added)


def _has_local(package: Package, name: str, sheet: str) -> bool:
    names = package.tree(WORKBOOK).iter(package.m("definedName"))
    return any(item.get("name") == name and item.get("localSheetId") == sheet for item in names)


# --- columns -------------------------------------------------------------------------------------------------------


def _add_columns(package: Package, part: str, new: Element) -> None:
    """Add the cells, widths, drop-downs and colours of the sheet ``new`` of ours to a sheet of the workbook."""
    root, ours = package.change(part), moving.as_in(package, new)
    _put_widths(package, root, ours.iterfind(f"{package.m('cols')}/{package.m('col')}"))
    data = root.find(package.m("sheetData"))
    for row in ours.iterfind(f"{package.m('sheetData')}/{package.m('row')}"):
        if len(row):
            _put_cells(package, data, row)
    for said in root.findall(package.m("dimension")):
        root.remove(said)
    _put_rules(package, root, ours.iterfind(f"{package.m('dataValidations')}/{package.m('dataValidation')}"))
    lowest = max(colors.priorities(package, part), default=0)
    for block in ours.findall(package.m("conditionalFormatting")):
        for rule in block:
            lowest += 1
            rule.set("priority", str(lowest))
        insert_before(root, block, ("dataValidations", *_AFTER_RULES))


def _put_widths(package: Package, root: Element, new: Iterable[Element]) -> None:
    """Put the columns ``new`` among those of the sheet, of which one may have stood for many."""
    known = root.find(package.m("cols"))
    if known is None:
        known = etree.Element(package.m("cols"))
        insert_before(root, known, _AFTER_COLUMNS)
    for column in new:
        first, last = int(column.get("min")), int(column.get("max"))
        for other in list(known):
            begin, end = int(other.get("min")), int(other.get("max"))
            if end < first or begin > last:
                continue
            known.remove(other)
            for low, high in ((begin, first - 1), (last + 1, end)):
                if low <= high:
                    rest = etree.SubElement(known, other.tag, other.attrib)
                    rest.set("min", str(low))
                    rest.set("max", str(high))
        known.append(column)
    known[:] = sorted(known, key=lambda item: int(item.get("min")))


def _put_cells(package: Package, data: Element, new: Element) -> None:
    """Put the cells of a row of ours into the row of that number, which grows as high as they need."""
    number = int(new.get("r"))
    row = _row(package, data, number)
    row.attrib.pop("spans", None)
    if float(new.get("ht", "0")) > float(row.get("ht", "0")):
        row.set("ht", new.get("ht"))
        row.set("customHeight", "1")
    cells = {cell.get("r"): cell for cell in new}
    for known in [cell for cell in row if cell.get("r") in cells]:
        row.remove(known)
    row.extend(cells.values())
    row[:] = sorted(row, key=lambda cell: coordinate_to_tuple(cell.get("r"))[1] if cell.get("r") else 0)


def _row(package: Package, data: Element, number: int) -> Element:
    """Return the row of that number; where it is not there yet, it is made. Rows and cells then say where they are."""
    at = 0
    for place, row in enumerate(data):
        at = int(row.get("r", at + 1))
        row.set("r", str(at))
        if at > number:
            made = etree.Element(package.m("row"), r=str(number))
            data.insert(place, made)
            return made
        if at == number:
            _number_cells(row, number)
            return row
    return etree.SubElement(data, package.m("row"), r=str(number))


def _number_cells(row: Element, number: int) -> None:
    column = 0
    for cell in row:
        column = coordinate_to_tuple(cell.get("r"))[1] if cell.get("r") else column + 1
        cell.set("r", f"{get_column_letter(column)}{number}")


def _put_rules(package: Package, root: Element, new: Iterable[Element]) -> None:
    known = root.find(package.m("dataValidations"))
    if known is None:
        known = etree.Element(package.m("dataValidations"))
        insert_before(root, known, _AFTER_RULES)
    known.extend(list(new))
    known.set("count", str(len(known)))
