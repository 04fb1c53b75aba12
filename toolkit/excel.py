"""What all workbooks that we write have in common: text stays text, pages print well, the same input the same bytes."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from html import escape  # that of xml.sax loads all that it takes to fetch web pages
from itertools import islice
from typing import Any, BinaryIO, cast

from msgspec import Struct
from openpyxl import Workbook
from openpyxl.cell.cell import Cell
from openpyxl.styles import Font
from openpyxl.utils import absolute_coordinate, get_column_letter, quote_sheetname
from openpyxl.worksheet.header_footer import HeaderFooterItem, _HeaderFooterPart
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from toolkit.packed import Packed

FONT = "Arial"
CELL_LIMIT, ROW_LIMIT = 32_767, 409  # Excel's: UTF-16 units in a cell, points of a row's height

_MOST_TEXTS = 10_000  # kept once each; further ones stand in their cells
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006"
_DAY = (1980, 1, 1, 0, 0, 0)
_FORBIDDEN = re.compile("[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]")
_ESCAPE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")


def write(target: Cell, text: str) -> None:
    """Write ``text`` as text, also where it begins with ``=``, or looks like an error or an escape of Excel's."""
    target.value = escaped(text)
    target.data_type = "s"


def escaped(text: str) -> str:
    """Return ``text`` as Excel stores it: nothing in it is taken for an escape of Excel's (``_x0041_``), and what XML
    forbids is written as one.
    """
    if "_x" in text:
        text = _ESCAPE.sub("_x005F_", text)
    return text if text.isprintable() else _FORBIDDEN.sub(lambda found: f"_x{ord(found[0]):04X}_", text)


def units(text: str) -> int:
    """Return how long Excel finds ``text``: its UTF-16 units."""
    return len(text.encode("utf-16-le")) // 2


def cut(text: str, most: int = CELL_LIMIT) -> str:
    """Return ``text`` within ``most`` UTF-16 units, with … at its end where something is left out."""
    if 2 * len(text) <= most or units(text) <= most:
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


class Line(Struct, frozen=True):
    """One row of a sheet: its height in points, and for each cell what stands in it, its style and where it leads.

    The style is a number (`style_number`); a link is a file, or with ``#`` in front a place in the workbook.
    """

    height: float
    cells: Sequence[tuple[str | int, int, str]]


def style_number(sheet: Worksheet, name: str) -> int:
    """Return the number by which the cells of a `Line` name the style called ``name`` of the sheet's workbook."""
    cell = Cell(sheet, 1, 1)
    cell.style = name
    return int(cell.style_id)


def pack(book: Workbook, title: str, below: Mapping[str, Iterable[Line]] | None = None) -> bytes:
    """Return the bytes of the file that `save` writes."""
    packed = io.BytesIO()
    save(packed, book, title, below)
    return packed.getvalue()


def save(file: BinaryIO, book: Workbook, title: str, below: Mapping[str, Iterable[Line]] | None = None) -> None:
    """Write ``book`` to ``file``, the same bytes for the same content: fixed dates inside, and as Excel writes it.

    ``below`` are lines that follow those of the sheet of that title; however many there are, they are never held
    together. Where the sheet filters, it filters these too.
    """
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
    texts = _Texts()
    with zipfile.ZipFile(file, "w") as target:
        for number, sheet in enumerate(book.worksheets, start=1):
            name = f"xl/worksheets/sheet{number}.xml"
            part = texts.shared(parts.pop(name).decode()).replace("</headerFooter>", f"</headerFooter>{_NO_CORNERS}")
            if below and sheet.title in below:
                lines = _Lines(sheet, texts)
                _write(target, name, lines.written(part, below[sheet.title]))
                relations = f"xl/worksheets/_rels/sheet{number}.xml.rels"
                if lines.links:
                    parts.pop(relations, None)
                    _write(target, relations, lines.relations())
                parts["xl/workbook.xml"] = lines.with_filter(parts["xl/workbook.xml"].decode()).encode()
            else:
                _write(target, name, (part,))
        _write(target, "xl/sharedStrings.xml", texts.written())
        texts.enter(parts)
        for name, content in parts.items():
            target.writestr(zipfile.ZipInfo(name, _DAY), content, zipfile.ZIP_DEFLATED)


def _write(target: zipfile.ZipFile, name: str, pieces: Iterable[str]) -> None:
    """Add a part to the package, some hundreds of its ``pieces`` at a time."""
    info = zipfile.ZipInfo(name, _DAY)
    info.compress_type = zipfile.ZIP_DEFLATED
    several = iter(pieces)
    with target.open(info, "w") as file:
        while some := list(islice(several, 200)):
            file.write("".join(some).encode())


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
_INLINE = re.compile(r'<c ([^>]*?) ?t="inlineStr">\s*<is>(.*?)</is>\s*</c>', re.DOTALL)
# Numbers kept as text (ids, codes, scores) get no green corner; openpyxl cannot say it.
_NO_CORNERS = '<ignoredErrors><ignoredError sqref="A1:XFD1048576" numberStoredAsText="1"/></ignoredErrors>'


def _in_order(font: re.Match[bytes]) -> bytes:
    """Put a font's parts in the order in which Excel writes them; openpyxl has another."""
    parts = re.findall(rb"<(\w+)([^>]*/>)", font[0])
    return b"".join(b"<" + name + rest for name, rest in sorted(parts, key=lambda part: _FONT_PARTS.index(part[0])))


class _Texts:
    """The texts of a workbook where Excel keeps them: each once, in a part of its own; openpyxl has them in the cells.

    What comes after the first many thousands stands in its cell, as Excel takes it too, so that this stays small.
    """

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}

    def shared(self, sheet: str) -> str:
        """Return a sheet of openpyxl's with its texts kept here."""
        return _INLINE.sub(lambda cell: self.cell(cell[1], cell[2]), sheet)

    def cell(self, attributes: str, text: str) -> str:
        """Return the cell with the ``text``, which is in its element already."""
        number = self._numbers.get(text, len(self._numbers))
        if number == _MOST_TEXTS:
            return f'<c {attributes} t="inlineStr"><is>{text}</is></c>'
        self._numbers[text] = number
        return f'<c {attributes} t="s"><v>{number}</v></c>'

    def written(self) -> Iterator[str]:
        """Yield the part that holds the texts."""
        main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
        yield f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<sst xmlns="{main}">'
        for item in self._numbers:
            yield f"<si>{item}</si>"
        yield "</sst>"

    def enter(self, parts: dict[str, bytes]) -> None:
        """Enter the part that holds the texts in those that tell what there is."""
        kind = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
        entry = b'<Override PartName="/xl/sharedStrings.xml" ContentType="%s"/></Types>' % kind
        parts["[Content_Types].xml"] = parts["[Content_Types].xml"].replace(b"</Types>", entry)
        link = (
            '<Relationship Id="rIdTexts" Target="sharedStrings.xml"'
            f' Type="{_OFFICE}/relationships/sharedStrings"/></Relationships>'
        )
        relations = "xl/_rels/workbook.xml.rels"
        parts[relations] = parts[relations].replace(b"</Relationships>", link.encode())


@lru_cache(maxsize=4096)  # names, titles and advice stand in very many cells
def _element(text: str) -> str:
    blank = ' xml:space="preserve"' if text != text.strip() or "\n" in text else ""
    return f"<t{blank}>{escape(escaped(text), quote=False)}</t>"


class _Lines:
    """The lines that follow those of a sheet of openpyxl's, as XML."""

    def __init__(self, sheet: Worksheet, texts: _Texts) -> None:
        self._texts = texts
        self._title = escape(quote_sheetname(sheet.title), quote=False)
        self._filtered = sheet.auto_filter.ref or ""
        self._row = sheet.max_row
        self._columns = [get_column_letter(number) for number in range(1, sheet.max_column + 1)]
        self.links: Packed[tuple[str, str]] = Packed()
        """Cells, and the files they lead to."""

    def written(self, sheet: str, lines: Iterable[Line]) -> Iterator[str]:
        """Yield the sheet with ``lines`` below those that it has."""
        before, end, after = sheet.partition("</sheetData>")
        yield re.sub(r"<dimension [^>]*/>", "", before)
        places: Packed[str] = Packed()
        for line in lines:
            self._row += 1
            cells = zip(self._columns, line.cells, strict=False)
            row = "".join([self._cell(f"{column}{self._row}", *cell, places) for column, cell in cells])
            yield f'<row r="{self._row}" ht="{line.height:g}" customHeight="1">{row}</row>'
        yield end
        after = self.with_filter(after)
        upto = next(after.index(tag) for tag in ("<printOptions", "<pageMargins") if tag in after)
        yield after[:upto]
        if self.links or places:
            yield f'<hyperlinks xmlns:r="{_OFFICE}/relationships">' if self.links else "<hyperlinks>"
            for number, (cell, _) in enumerate(self.links, start=1):
                yield f'<hyperlink ref="{cell}" r:id="rId{number}"/>'
            yield from places
            yield "</hyperlinks>"
        yield after[upto:]

    def _cell(self, place: str, value: str | int, style: int, link: str, places: Packed[str]) -> str:
        if link.startswith("#"):
            places.append(f'<hyperlink ref="{place}" location="{escape(link[1:])}"/>')
        elif link:
            self.links.append((place, link))
        attributes = f'r="{place}" s="{style}"'
        if isinstance(value, int):
            return f"<c {attributes}><v>{value}</v></c>"
        if not value:
            return f"<c {attributes}/>"
        return self._texts.cell(attributes, _element(value))

    def with_filter(self, part: str) -> str:
        """Return the end of the sheet, or the workbook's part, with a filter that reaches the last line."""
        if not self._filtered:
            return part
        begin, end = self._filtered.split(":")
        reached = re.sub(r"\d+$", str(self._row), end)
        for old, new in (
            (f'ref="{begin}:{end}"', f'ref="{begin}:{reached}"'),
            (self._named(begin, end), self._named(begin, reached)),
        ):
            part = part.replace(old, new)
        return part

    def _named(self, begin: str, end: str) -> str:
        return f"{self._title}!{absolute_coordinate(f'{begin}:{end}')}<"

    def relations(self) -> Iterator[str]:
        """Yield the part that names the files to which the links lead."""
        yield '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        kind = f'Type="{_OFFICE}/relationships/hyperlink" TargetMode="External"'
        for number, (_, file) in enumerate(self.links, start=1):
            yield f'<Relationship Id="rId{number}" {kind} Target="{escape(file)}"/>'
        yield "</Relationships>"
