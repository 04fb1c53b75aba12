"""What all workbooks that we write have in common: text stays text, pages print well, the same input the same bytes."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping
from typing import Any, cast

from openpyxl import Workbook
from openpyxl.cell.cell import Cell
from openpyxl.styles import Font
from openpyxl.worksheet.header_footer import HeaderFooterItem, _HeaderFooterPart
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

FONT = "Arial"
CELL_LIMIT, ROW_LIMIT = 32_767, 409  # Excel's: UTF-16 units in a cell, points of a row's height

_DAY = (1980, 1, 1, 0, 0, 0)
_ESCAPE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")


def write(target: Cell, text: str) -> None:
    """Write ``text`` as text, also where it begins with ``=``, or looks like an error or an escape of Excel's."""
    target.value = escaped(text)
    target.data_type = "s"


def escaped(text: str) -> str:
    """Return ``text`` as Excel stores it, so that nothing in it is taken for an escape of Excel's (``_x0041_``)."""
    return _ESCAPE.sub("_x005F_", text)


def units(text: str) -> int:
    """Return how long Excel finds ``text``: its UTF-16 units."""
    return len(text.encode("utf-16-le")) // 2


def cut(text: str, most: int = CELL_LIMIT) -> str:
    """Return ``text`` within ``most`` UTF-16 units, with … at its end where something is left out."""
    if units(text) <= most:
        return text
    return f"{text.encode('utf-16-le')[: 2 * (most - 1)].decode('utf-16-le', 'ignore')}…"


def page(sheet: Worksheet, landscape: bool, header: str = "", wide: int = 1) -> None:
    """Set up printing: US Letter, fitted to ``wide`` pages, ``header`` rows (``1:2``) repeated, page numbers."""
    sheet.page_setup.orientation = "landscape" if landscape else "portrait"
    sheet.page_setup.paperSize = "1"
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = wide, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.page_margins.left = sheet.page_margins.right = 0.4
    sheet.page_margins.top, sheet.page_margins.bottom, sheet.page_margins.footer = 0.5, 0.7, 0.3
    sheet.HeaderFooter.oddFooter = HeaderFooterItem(
        left=_HeaderFooterPart("&A"), right=_HeaderFooterPart("Page &P of &N")
    )
    if header:
        sheet.print_title_rows = header


def pack(book: Workbook, title: str) -> bytes:
    """Return the file's bytes, the same for the same content: fixed dates inside and out, and as Excel writes it."""
    cast(Any, book)._named_styles["Normal"].font = Font(
        name=FONT, size=10
    )  # the default, by which Excel measures columns
    book.properties.title, book.properties.creator, book.properties.language = title, "plankit", "en-US"
    raw = io.BytesIO()
    book.save(raw)
    with zipfile.ZipFile(raw) as source:
        parts = {name: source.read(name) for name in source.namelist()}
    parts["docProps/core.xml"] = re.sub(_TIME, b"1980-01-01T00:00:00Z", parts["docProps/core.xml"])
    parts["docProps/app.xml"] = re.sub(_MAKER, b"<Application>plankit</Application>", parts["docProps/app.xml"])
    parts["xl/styles.xml"] = re.sub(rb"(?<=<font>).*?(?=</font>)", _in_order, parts["xl/styles.xml"])
    _share_strings(parts)
    return zipped(parts)


def zipped(parts: Mapping[str, bytes]) -> bytes:
    """Return the file of ``parts``, in their order: the same parts give the same bytes."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as target:
        for name, part in parts.items():
            target.writestr(zipfile.ZipInfo(name, _DAY), part, zipfile.ZIP_DEFLATED)
    return packed.getvalue()


_TIME = re.compile(rb"\d{4}-\d\d-\d\dT[\d:.]+Z")
_MAKER = re.compile(rb"<Application>.*?</AppVersion>", re.DOTALL)
_FONT_PARTS = (b"b", b"i", b"strike", b"u", b"vertAlign", b"sz", b"color", b"name", b"family", b"charset", b"scheme")
_INLINE = re.compile(rb'<c ([^>]*?) ?t="inlineStr">\s*<is>(.*?)</is>\s*</c>', re.DOTALL)
# Numbers kept as text (ids, codes, scores) get no green corner; openpyxl cannot say it.
_NO_CORNERS = b'<ignoredErrors><ignoredError sqref="A1:XFD1048576" numberStoredAsText="1"/></ignoredErrors>'


def _in_order(font: re.Match[bytes]) -> bytes:
    """Put a font's parts in the order in which Excel writes them; openpyxl has another."""
    parts = re.findall(rb"<(\w+)([^>]*/>)", font[0])
    return b"".join(b"<" + name + rest for name, rest in sorted(parts, key=lambda part: _FONT_PARTS.index(part[0])))


def _share_strings(parts: dict[str, bytes]) -> None:
    """Put texts where Excel keeps them (each once, in a part of its own); openpyxl leaves them in the cells."""
    texts: dict[bytes, int] = {}

    def shared(cell: re.Match[bytes]) -> bytes:
        number = texts.setdefault(cell[2], len(texts))
        return b'<c %s t="s"><v>%d</v></c>' % (cell[1], number)

    for name, part in parts.items():
        if name.startswith("xl/worksheets/sheet"):
            parts[name] = _INLINE.sub(shared, part).replace(b"</headerFooter>", b"</headerFooter>" + _NO_CORNERS)
    main, office = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main", b"http://schemas.openxmlformats.org"
    items = b"".join(b"<si>%s</si>" % item for item in texts)
    parts["xl/sharedStrings.xml"] = (
        b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<sst xmlns="%s">%s</sst>' % (main, items)
    )
    kind = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
    entry = b'<Override PartName="/xl/sharedStrings.xml" ContentType="%s"/></Types>' % kind
    parts["[Content_Types].xml"] = parts["[Content_Types].xml"].replace(b"</Types>", entry)
    link = (
        b'<Relationship Id="rIdTexts" Target="sharedStrings.xml"'
        b' Type="%s/officeDocument/2006/relationships/sharedStrings"/></Relationships>' % office
    )
    relations = "xl/_rels/workbook.xml.rels"
    parts[relations] = parts[relations].replace(b"</Relationships>", link)
