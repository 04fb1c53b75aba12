"""The list of what to fix becomes a sheet of somebody's workbook, the first; and is taken out again."""

from __future__ import annotations

import re

from toolkit.intake.marking import moving
from toolkit.intake.marking.package import WORKBOOK, Package

_FORMULA = re.compile(rb"<(?:\w+:)?f[\s/>]")


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
    moving.retitle(package, lambda titles: titles.remove(title) if title in titles else None)


def add(package: Package, title: str, listing: bytes) -> None:
    """Put the only sheet of the workbook ``listing`` first, as the sheet ``title``, and open the workbook there."""
    source = Package(listing, "The list")
    (old,) = source.sheets()
    moving.insert(package, moving.guest(package, source, old), title, 0)
    moving.add_names(package, source.tree(WORKBOOK).iter(source.m("definedName")))
    moving.open_first(package)


def _forget_order_of_formulas(package: Package) -> None:
    """Drop the part that says in which order formulas are worked out; Excel makes it anew."""
    for part in package.related(WORKBOOK, "calcChain").values():
        package.unrelate(WORKBOOK, part)
        package.drop(part)
