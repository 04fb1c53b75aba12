"""A folder of CSV files becomes grids: one file a sheet, cells counted as if the file were open in Excel."""

from __future__ import annotations

import codecs
import csv
import io
from _csv import Reader  # its public name, csv.Reader, is younger than Python 3.11
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path

from toolkit.errors import ReadError
from toolkit.intake.tables import Grid

ENDINGS = (".csv", ".tsv", ".txt")
_DELIMITERS = ",;\t"


def load(files: Iterable[tuple[Path, bytes]]) -> tuple[Grid, ...]:
    """Return a grid for each file, named as the file without its ending.

    Raises ReadError, with the way out, for a file whose text or cells cannot be told.
    """
    return tuple(Grid(path.stem, _rows(_decoded(data, path.name), path.name)) for path, data in files)


def _decoded(data: bytes, called: str) -> str:
    """Return the text of a CSV file: UTF-8 or UTF-16, with a mark or without, else Windows-1252 as Excel saves it."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encoding = "utf-16"
    elif b"\0" in data[:2]:
        encoding = "utf-16-be" if data.startswith(b"\0") else "utf-16-le"
    else:
        encoding = "utf-8-sig"
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        if data.startswith(codecs.BOM_UTF8) or _is_mostly_utf8(data):
            line = error.object.count(b"\n", 0, error.start) + 1
            raise ReadError(
                f"{called}: line {line} holds characters that are damaged. Save it again in Excel as CSV UTF-8, read "
                "that line once more, and try again."
            ) from error
    try:
        return data.decode("cp1252")
    except UnicodeDecodeError as error:
        raise ReadError(
            f"{called} is not text that can be read. In Excel choose Save As, CSV UTF-8, and try again."
        ) from error


def _is_mostly_utf8(data: bytes) -> bool:
    """Tell whether ``data`` is UTF-8 but for a few damaged places: most signs beyond ASCII are whole."""
    decoded = data.decode("utf-8", errors="replace")
    damaged = decoded.count("\ufffd")
    return sum(not character.isascii() for character in decoded) - damaged > damaged


def _rows(text: str, called: str) -> list[list[str]]:
    delimiter = ""
    if text[:4].casefold() == "sep=" and len(text) > 4:  # a line meant for Excel, which does not show it
        delimiter, text = text[4], text[5:].removeprefix("\r").removeprefix("\n")
    delimiter = delimiter or _delimiter(text)
    reader = _reader(text, delimiter, strict=True)
    rows: list[list[str]] = []
    begins = 1
    try:
        for row in reader:
            rows.append(row)
            begins = reader.line_num + 1
    except csv.Error as error:
        if "expected after" in str(error):  # a stray quotation mark inside a cell: Excel takes it as it stands
            return list(_reader(text, delimiter, strict=False))
        raise ReadError(
            f"{called}: a quotation mark in the row at line {begins} is opened and never closed, or a cell there is "
            "longer than any in Excel. Close or delete the mark, or shorten the cell, and try again."
        ) from error
    return rows


def _reader(text: str, delimiter: str, strict: bool) -> Reader:
    return csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=strict)


def _delimiter(text: str) -> str:
    """Return the sign that parts the cells: the one that gives the first row of several cells the most of them."""
    for signs in zip(*(_widths(text, sign) for sign in _DELIMITERS), strict=False):
        if max(signs) > 1:
            return _DELIMITERS[signs.index(max(signs))]
    return ","


def _widths(text: str, delimiter: str) -> Iterator[int]:
    try:
        yield from (len(row) for row in islice(_reader(text, delimiter, strict=False), 20))
    except csv.Error:  # longer than any cell: said when the rows are read
        return
