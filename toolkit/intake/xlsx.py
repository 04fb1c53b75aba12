"""Excel workbooks become grids: calamine reads what cells hold, one scan of the XML what calamine passes over.

Calamine gives an empty cell for an error and for a formula without a result, a number without its zeros or percent
sign, and nothing on merged and hidden rows; the scan runs only on sheets in whose XML such a thing is in sight.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Callable, Mapping
from datetime import date, time, timedelta
from posixpath import normpath
from typing import Any
from xml.parsers import expat

from msgspec import Struct, field
from msgspec.structs import replace
from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from toolkit.errors import ReadError
from toolkit.intake.cell_formats import Show, show_as
from toolkit.intake.tables import Grid, Merged
from toolkit.kinds import Raw

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""How old Office files begin, and new ones with a password."""
MOST_BYTES = 400_000_000
MOST_CELLS = 4_000_000
_RATIO_ABOVE, _MOST_RATIO = 10_000_000, 200
_SAVE_AS = "Open it in Excel, choose Save As, Excel Workbook (.xlsx), and give the new file."


def load(data: bytes, called: str, file: int = 0) -> tuple[Grid, ...]:
    """Return the sheets of the workbook ``data``; ``called`` names the file in messages, ``file`` is its number.

    Raises ReadError, with the way out, when it is not a workbook that can be read.
    """
    parts = open_parts(data, called)
    try:
        _refuse_counts(parts.get("xl/sharedStrings.xml", b""))
        paths = _sheet_paths(parts)
        formats = _formats(parts.get("xl/styles.xml", b""))
        scans = {
            name: _scan(parts[path], formats, f"its sheet {number}" if file else f"the sheet {name}", called)
            for number, (name, path) in enumerate(paths.items(), 1)
            if path in parts
        }
        book = CalamineWorkbook.from_filelike(io.BytesIO(_packed(parts)))
        sheets = [item for item in book.sheets_metadata if item.typ == SheetTypeEnum.WorkSheet]
        return tuple(
            replace(
                _grid(item.name, _cells(book, item.name), scans.get(item.name, _Scan()), file),
                hidden_itself=item.visible != SheetVisibleEnum.Visible,
            )
            for item in sheets
        )
    except (CalamineError, expat.ExpatError, KeyError, ValueError) as error:
        raise damaged(called) from error


def damaged(called: str) -> ReadError:
    """Return what is said of a workbook whose parts do not hold what they should."""
    return ReadError(
        f"{called} is damaged and cannot be read. Open it in Excel, let Excel repair it, save it, and try again."
    )


# --- the package ---------------------------------------------------------------------------------------------------


def open_parts(data: bytes, called: str, endings: tuple[str, ...] = (".xml", ".rels")) -> dict[str, bytes]:
    """Return the parts of the package whose names have one of the ``endings``, inflated once, within bounds.

    Raises ReadError for what is no workbook.
    """
    if data.startswith(OLE):
        if "EncryptedPackage".encode("utf-16-le") in data:
            raise ReadError(
                f"{called} is protected with a password. Open it in Excel, remove the password under File, Info, "
                "Protect Workbook, save it, and try again."
            )
        raise ReadError(f"{called} is in the old Excel format (.xls). {_SAVE_AS}")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            _refuse_others(package, called)
            _refuse_bomb(package, called)
            return {item.filename: package.read(item) for item in package.infolist() if item.filename.endswith(endings)}
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError) as error:
        raise ReadError(
            f"{called} is damaged or was cut off on its way. Copy or download it again, and try again."
        ) from error


def _refuse_others(package: zipfile.ZipFile, called: str) -> None:
    names = set(package.namelist())
    if any(item.flag_bits & 1 for item in package.infolist()):
        raise ReadError(f"{called} is protected with a password. Save it without one, and try again.")
    if "mimetype" in names and b"opendocument" in package.read("mimetype")[:100]:
        raise ReadError(
            f"{called} is an OpenDocument file. Open it in LibreOffice, choose Save As, Excel (.xlsx), and give the "
            "new file."
        )
    if "xl/workbook.bin" in names:
        raise ReadError(f"{called} is in Excel’s binary format (.xlsb). {_SAVE_AS}")
    if "xl/workbook.xml" not in names:
        what = "a Word document" if "word/document.xml" in names else "a packed folder (zip), not a workbook"
        raise ReadError(f"{called} is {what}. Give an Excel workbook (.xlsx), such as «plankit new» makes.")


def _refuse_bomb(package: zipfile.ZipFile, called: str) -> None:
    sizes = [(item.file_size, item.compress_size) for item in package.infolist()]
    total = sum(size for size, _ in sizes)
    swollen = any(size > _RATIO_ABOVE and size > _MOST_RATIO * max(packed, 1) for size, packed in sizes)
    if total > MOST_BYTES or swollen:
        raise ReadError(
            f"{called} would unpack to far more than a workbook of clients holds. Copy your sheets into a new "
            "workbook, and give that."
        )


def _packed(parts: Mapping[str, bytes]) -> bytes:
    """Return the parts as a package again, stored as they are: calamine sees just what was measured."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as package:
        for name, data in parts.items():
            package.writestr(zipfile.ZipInfo(name), data)
    return buffer.getvalue()


def _refuse_counts(strings: bytes) -> None:
    """Raise ValueError where the texts are said to be more than could be there; calamine makes room for all of them."""
    if any(int(count[:20]) > len(strings) for count in _COUNT.findall(strings[:2000])):
        raise ValueError


# --- the XML -------------------------------------------------------------------------------------------------------


def _parse(data: bytes, start: Callable[[str, dict[str, str]], None], **handlers: Any) -> None:
    """Call ``start`` with the local name and attributes of each element of ``data``; entities are not expanded."""
    parser = expat.ParserCreate()

    def refuse(*_: Any) -> None:
        raise ValueError

    parser.EntityDeclHandler = refuse
    parser.StartElementHandler = lambda name, values: start(name.rpartition(":")[2], values)
    if "end" in handlers:
        parser.EndElementHandler = lambda name: handlers["end"](name.rpartition(":")[2])
        parser.CharacterDataHandler = handlers["text"]
        parser.buffer_text = True
    parser.Parse(data, True)


def _sheet_paths(parts: Mapping[str, bytes]) -> dict[str, str]:
    """Return the part of each sheet by the sheet's name."""
    ids: dict[str, str] = {}
    targets: dict[str, str] = {}

    def sheet(name: str, values: dict[str, str]) -> None:
        if name == "sheet":
            ids[values["name"]] = next((value for key, value in values.items() if key.endswith(":id")), "")

    def relation(name: str, values: dict[str, str]) -> None:
        if name == "Relationship":
            target = values["Target"]
            targets[values["Id"]] = target.lstrip("/") if target.startswith("/") else normpath(f"xl/{target}")

    _parse(parts["xl/workbook.xml"], sheet)
    _parse(parts["xl/_rels/workbook.xml.rels"], relation)
    return {name: targets[key] for name, key in ids.items() if key in targets}


def _formats(styles: bytes) -> dict[str, Show]:
    """Return how numbers and dates show, by style number, for the formats that show something else than the value."""
    codes = {"9": "0%", "10": "0.00%", "11": "0.00E+00", "16": "d-mmm", "17": "mmm-yy", "48": "##0.0E+0"}
    codes |= {"18": "h:mm AM/PM", "19": "h:mm:ss AM/PM", "20": "h:mm", "21": "h:mm:ss", "45": "mm:ss", "47": "mmss.0"}
    cells: list[str] = []
    inside = [""]

    def start(name: str, values: dict[str, str]) -> None:
        if name == "numFmt":
            codes[values["numFmtId"]] = values["formatCode"]
        elif name in ("cellXfs", "cellStyleXfs", "dxfs"):
            inside[0] = name
        elif name == "xf" and inside[0] == "cellXfs":
            cells.append(codes.get(values.get("numFmtId", "0"), ""))

    if styles:
        _parse(styles, start)
    shown = {str(number): show_as(code) for number, code in enumerate(cells)}
    return {number: show for number, show in shown.items() if show}


class _Scan(Struct):
    """What calamine passes over in one sheet; cells by (row, column) from 0."""

    errors: dict[tuple[int, int], str] = field(default_factory=dict)
    uncached: set[tuple[int, int]] = field(default_factory=set)
    shows: dict[tuple[int, int], Show] = field(default_factory=dict)
    merged: list[Merged] = field(default_factory=list)
    hidden: list[int] = field(default_factory=list)
    hidden_columns: list[range] = field(default_factory=list)


_SIGNS = (b'"e"', b"'e'", b"<f>", b"<f ", b"<f/", b"hidden", b"mergeCell")
_WITH_PREFIX = (b":f>", b":f ", b":f/")
_MIDDLING = re.compile(rb'r=["\'][A-Z]{2}\d')
_UNUSUAL = re.compile(rb' r=(?!"[A-Z]{0,2}\d{1,4}")| r\s+=')
_ODD_SPACES = (b"\t", b"\n", b"\r")
_COUNT = re.compile(rb'[cC]ount\s*=\s*["\']\s*(\d+)')
_ROW = re.compile(rb'<(?:\w+:)?row\b[^>]*?\br=["\'](\d+)')


def _scan(xml: bytes, formats: Mapping[str, Show], sheet: str, called: str) -> _Scan:
    """Return what is to be known of the sheet beyond its values; nothing where no sign of it is in the XML."""
    styles = (sign % number.encode() for number in formats for sign in (b's="%b"', b"s='%b'"))
    with_prefix = b":f" in xml and any(sign in xml for sign in _WITH_PREFIX)  # a sheet is long: seldom all are sought
    if with_prefix or any(sign in xml for sign in (*_SIGNS, *styles)) or _may_be_vast(xml):
        return _Scanner(formats).scan(xml, sheet, called)
    return _Scan()


def _may_be_vast(xml: bytes) -> bool:
    """Tell whether the sheet may span so many cells, most of them empty, that calamine would run out of memory.

    A cell far to the right or far down, or an address that is none, has to be looked at: calamine makes room for
    whatever it says, and where there is no such room the whole program ends.
    """
    last = _ROW.search(xml, max(xml.rfind(b"<row"), xml.rfind(b":row "), 0))
    if not last or _UNUSUAL.search(xml) or any(space in xml and space + b"r=" in xml for space in _ODD_SPACES):
        return True
    return int(last[1]) * (702 if _MIDDLING.search(xml) else 26) > MOST_CELLS


class _Scanner:
    """One walk through a sheet's XML."""

    def __init__(self, formats: Mapping[str, Show]) -> None:
        self.formats = formats
        self.found = _Scan()
        self.row = self.column = -1
        self.attributes: dict[str, str] = {}
        self.formula = self.inside = False
        self.text = ""
        self.bottom = self.right = 0

    def scan(self, xml: bytes, sheet: str, called: str) -> _Scan:
        _parse(xml, self._start, end=self._end, text=self._text)
        if (self.bottom + 1) * (self.right + 1) > MOST_CELLS:
            raise ReadError(
                f"{called}: {sheet} has something far away from the rest, in row {self.bottom + 1} or column "
                f"{self.right + 1}. Delete the empty rows and columns behind your clients, save, and try again."
            )
        return self.found

    def _start(self, name: str, values: dict[str, str]) -> None:
        if name == "c":
            self.row, self.column = _cell(values["r"]) if "r" in values else (self.row, self.column + 1)
            self.attributes, self.formula, self.text = values, False, ""
        elif name == "f":
            self.formula = True
        elif name in ("v", "is"):
            self.inside = True
            self.bottom, self.right = max(self.bottom, self.row), max(self.right, self.column)
        elif name == "row":
            self.row = int(values["r"]) - 1 if "r" in values else self.row + 1
            self.column = -1
            if values.get("hidden") in ("1", "true"):
                self.found.hidden.append(self.row)
        elif name == "col" and values.get("hidden") in ("1", "true"):
            self.found.hidden_columns.append(range(int(values["min"]) - 1, int(values["max"])))
        elif name == "mergeCell":
            first, _, last = values["ref"].partition(":")
            self.found.merged.append(Merged(*_cell(first), *_cell(last or first)))

    def _text(self, text: str) -> None:
        if self.inside:
            self.text += text

    def _end(self, name: str) -> None:
        if name in ("v", "is"):
            self.inside = False
        elif name == "c":
            self._cell_ends()

    def _cell_ends(self) -> None:
        kind, cell = self.attributes.get("t", "n"), (self.row, self.column)
        if kind == "e":
            self.found.errors[cell] = self.text
        elif self.formula and not self.text and kind != "str":  # a formula may well give an empty text
            self.found.uncached.add(cell)
        elif kind == "n" and self.text and (show := self.formats.get(self.attributes.get("s", "0"))):
            self.found.shows[cell] = show


_COORDINATE = re.compile(r"\$?([A-Z]{1,3})\$?(\d{1,7})")


def _cell(name: str) -> tuple[int, int]:
    """Return row and column, from 0, of an address such as ``G12``."""
    found = _COORDINATE.fullmatch(name.upper())
    if not found:
        raise ValueError
    column = 0
    for letter in found[1]:
        column = column * 26 + ord(letter) - ord("A") + 1
    return int(found[2]) - 1, column - 1


# --- the values ----------------------------------------------------------------------------------------------------


def _grid(name: str, rows: list[list[Any]], scan: _Scan, file: int) -> Grid:
    shown = [[cell if type(cell) is str else _as_shown(cell) for cell in row] for row in rows]
    for (row, column), show in scan.shows.items():
        value = rows[row][column] if row < len(rows) and column < len(rows[row]) else None
        if isinstance(value, float | date):
            shown[row][column] = show(value)
    # A cell that calamine left out at the end of the sheet may still have been met by the scan.
    depth = 1 + max((row for row, _ in (*scan.errors, *scan.uncached)), default=-1)
    shown += [[] for _ in range(depth - len(shown))]
    return Grid(
        name,
        shown,
        file,
        scan.errors,
        frozenset(scan.uncached),
        tuple(scan.merged),
        tuple(scan.hidden),
        tuple(scan.hidden_columns),
    )


def _cells(book: CalamineWorkbook, name: str) -> list[list[Any]]:
    return book.get_sheet_by_name(name).to_python(skip_empty_area=False)


def _as_shown(cell: Any) -> Raw:
    """Return a value as a person sees it: Excel shows 15 digits, and TRUE and FALSE."""
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        return cell if cell.is_integer() else float(f"{cell:.15g}")
    return cell if isinstance(cell, str | int | date | time | timedelta) else str(cell)
