"""Colours of cells: a conditional format that always holds, so that a cell's own format stays as it is.

It lies over the cell's own fill and over other conditional formats, covers cells that do not exist yet, and whoever
saves the workbook in between keeps the formula by which it is found and taken away again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from lxml import etree

from toolkit import marks
from toolkit.intake.marking.package import Element, Package, insert_before

ALWAYS = 'N("plankit")=0'
_AT_ONCE = 500
"""Cells that one rule names."""
_FROM_HERE = (
    "conditionalFormatting", "dataValidations", "hyperlinks", "printOptions", "pageMargins", "pageSetup",
    "headerFooter", "rowBreaks", "colBreaks", "customProperties", "cellWatches", "ignoredErrors", "smartTags",
    "drawing", "legacyDrawing", "legacyDrawingHF", "drawingHF", "picture", "oleObjects", "controls",
    "AlternateContent", "webPublishItems", "tableParts", "extLst",
)  # fmt: skip
_AFTER_LOOKS = ("tableStyles", "colors", "extLst")


def clear(package: Package, sheet: str) -> None:
    """Take our colours off the sheet whose part is ``sheet``."""
    if b"plankit" not in package.parts[sheet]:
        return
    rules = package.tree(sheet).iterfind(f"{package.m('conditionalFormatting')}/{package.m('cfRule')}")
    ours = [rule for rule in rules if rule.findtext(package.m("formula")) == ALWAYS]
    for rule in ours:
        block = rule.getparent()
        block.remove(rule)
        if block.find(package.m("cfRule")) is None:
            package.change(sheet).remove(block)
    first = min(priorities(package, sheet), default=0)
    if ours and first > len(ours):
        _move(package, sheet, -len(ours))


def put(package: Package, sheet: str, cells: Mapping[str, Sequence[str]]) -> None:
    """Colour ``cells``: addresses by level, the most urgent level first."""
    blocks = [
        (level, refs[start : start + _AT_ONCE])
        for level, refs in cells.items()
        for start in range(0, len(refs), _AT_ONCE)
    ]
    _move(package, sheet, len(blocks))
    root = package.change(sheet)
    for priority, (level, refs) in reversed(list(enumerate(blocks, 1))):  # LibreOffice goes by the order in the part
        block = etree.Element(package.m("conditionalFormatting"), sqref=" ".join(refs))
        look = {"type": "expression", "dxfId": str(_look(package, level)), "priority": str(priority)}
        etree.SubElement(etree.SubElement(block, package.m("cfRule"), look), package.m("formula")).text = ALWAYS
        insert_before(root, block, _FROM_HERE)


def priorities(package: Package, sheet: str) -> list[int]:
    """Return the places in the order of rules that are taken on the sheet."""
    return [int(rule.get("priority")) for rule in _ranked(package, sheet)]


def _ranked(package: Package, sheet: str) -> list[Element]:
    """Return all rules of the sheet, also those of later versions of Excel, that have a place in the order."""
    return [rule for rule in package.tree(sheet).iter("{*}cfRule") if (rule.get("priority") or "").isdigit()]


def _move(package: Package, sheet: str, by: int) -> None:
    """Move every rule in the order: ours come first, the others among themselves stay as they are."""
    for rule in _ranked(package, sheet):
        rule.set("priority", str(int(rule.get("priority")) + by))


def _look(package: Package, level: str) -> int:
    """Return the number of the look of ``level`` among the workbook's; it is added where it is not there."""
    color = f"FF{marks.COLORS[level]}"
    styles = package.tree(package.styles)
    looks = styles.find(package.m("dxfs"))
    fill = f"{package.m('fill')}/{package.m('patternFill')}/{package.m('bgColor')}"
    for number, look in enumerate(looks if looks is not None else ()):
        background = look.find(fill)
        if len(look) == 1 and background is not None and background.get("rgb") == color:
            return number
    if looks is None:
        looks = etree.Element(package.m("dxfs"))
        insert_before(package.change(package.styles), looks, _AFTER_LOOKS)
    package.change(package.styles)
    pattern = etree.SubElement(etree.SubElement(etree.SubElement(looks, package.m("dxf")), package.m("fill")),
                               package.m("patternFill"), patternType="solid")  # fmt: skip
    etree.SubElement(pattern, package.m("fgColor"), rgb=color)
    etree.SubElement(pattern, package.m("bgColor"), rgb=color)
    looks.set("count", str(len(looks)))
    return len(looks) - 1
