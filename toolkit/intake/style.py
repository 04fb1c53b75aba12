"""How the workbooks we hand out look and behave: colours, drop-downs, input messages, formats, and the packed file."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Any, Literal, cast

from msgspec import Struct, field
from openpyxl import Workbook
from openpyxl.cell.cell import Cell
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.formatting.rule import Rule
from openpyxl.styles import Alignment, Border, Color, Font, PatternFill, Side
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.utils import get_column_letter
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.dimensions import RowDimension
from openpyxl.worksheet.worksheet import Worksheet

from toolkit import excel, kinds
from toolkit.errors import WriteError
from toolkit.intake import export
from toolkit.intake.asked import Mark
from toolkit.model import Field

LISTS = "Lists"
"""The hidden sheet behind the drop-downs."""
LAST_ROW = 2000
"""Drop-downs, messages and colours reach this far down."""
TITLE_LIMIT, MESSAGE_LIMIT = 32, 255  # Excel's

INK, QUIET, RULE = "1F2A37", "5B6675", "C9D1DA"
NAVY, SKY, MIST, YELLOW, PAPER = "1F4E79", "BDD7EE", "E7EAEE", "FFF2CC", "F7F9FB"
FILLS: Mapping[Mark, str] = {"required": NAVY, "sometimes": SKY, "optional": MIST}
STARS: Mapping[Mark, str] = {"required": "\u00a0*", "sometimes": "\u00a0**", "optional": ""}
"""Marks after a label; the space does not break, so that a star never stands alone on a line."""
FORMATS = {"date": "mm/dd/yyyy", "integer": "0", "number": "General"}
_OF_VALUES = ((datetime, "mm/dd/yyyy hh:mm"), (date, "mm/dd/yyyy"), (time, "hh:mm"), (timedelta, "[h]:mm"))
"""How a day or a time shows where somebody typed one that was not asked for."""
WIDTHS = {"date": 14, "integer": 14, "number": 14, "yes_no": 14, "score": 14, "ref": 14, "refs": 16, "code": 20,
          "choice": 18, "text": 14, "lines": 46, "long": 50}  # fmt: skip

_THIN = Side(style="thin", color=RULE)
BOX = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)
WRAP = Alignment(wrap_text=True, vertical="top", horizontal="left")


class _Run(InlineFont):
    """A font inside a cell, its parts in the order in which Excel writes them."""

    __elements__ = ("b", "sz", "color", "rFont")
    __nested__ = InlineFont.__nested__


@lru_cache
def ink(size: float = 10, color: str = INK, bold: bool = False, italic: bool = False) -> Font:
    """Return the workbook's font."""
    return Font(name=excel.FONT, size=size, color=color, bold=bold, italic=italic)


@lru_cache
def fill(color: str) -> PatternFill:
    """Return a plain fill of one colour."""
    return PatternFill("solid", start_color=color, end_color=color)


def rich(*parts: tuple[str, float, str, bool]) -> CellRichText:
    """Return one cell's text in several fonts: (text, size, colour, bold) each."""
    return CellRichText(
        [
            TextBlock(_Run(rFont=excel.FONT, sz=size, color=Color(color), b=bold), text)
            for text, size, color, bold in parts
            if text
        ]
    )


# --- cells ---------------------------------------------------------------------------------------------------------


def at(sheet: Worksheet, row: int, column: int) -> Cell:
    """Return one cell."""
    return cast(Cell, sheet.cell(row, column))


def write(target: Cell, text: str) -> None:
    """Write ``text`` as text, also where it begins with ``=`` or looks like an error.

    Raises WriteError when it is longer than an Excel cell may be.
    """
    if len(text) > excel.CELL_LIMIT:
        raise WriteError(
            f"An Excel cell holds at most {excel.CELL_LIMIT:,} characters; {target.parent.title}!{target.coordinate}"
            f" needs {len(text):,}. Write CSV or JSON instead."
        )
    excel.write(target, text)


def put(target: Cell, value: Any, item: Field) -> None:
    """Write a typed value so that reading the cell gives it back; None leaves the cell blank."""
    content = export.cell(value, item)
    if isinstance(content, str):
        write(target, content)
        target.number_format = "@"
    elif content is not None:
        target.value = content
        of_value = next((code for kind, code in _OF_VALUES if isinstance(content, kind)), "@")
        target.number_format = FORMATS.get(item.kind, of_value)


def example(item: Field) -> Any:
    """Return the field's example as a typed value, or as the text it is where it is none."""
    value = kinds.read(item.example, item)
    return item.example if value is None or isinstance(value, kinds.Unreadable) else value


def width(item: Field) -> float:
    """Return a column's width in characters: by kind, wider for long choices, examples and labels."""
    if item.kind in ("lines", "long"):
        return WIDTHS[item.kind]
    longest = max((len(choice.label) + 4 for choice in item.choices), default=0)
    shown = len(item.example) * 1.2 + 8 if item.kind in ("text", "code") else 0
    word = max(len(part) for part in item.label.split(" ")) + 5
    asked = min(len(item.prompt) / 5, 22)  # at most about five lines of question above it
    return max(WIDTHS[item.kind], min(longest, 34), min(shown, 34), word, asked)


def height(cells: Iterable[tuple[str, float]]) -> float:
    """Return a row's height in points for texts and the widths they have."""
    return min(max((lines(text, wide * 1.05) for text, wide in cells), default=1) * 13 + 3, excel.ROW_LIMIT)


def lines(text: str, chars: float) -> int:
    """Return about how many lines ``text`` takes in ``chars`` characters of width."""
    return sum(max(1, math.ceil(len(line) / chars)) for line in text.split("\n"))


# --- drop-downs and messages ---------------------------------------------------------------------------------------


class Lists(Struct):
    """The drop-downs of one workbook: each list of labels once, under a defined name."""

    names: dict[tuple[str, ...], str] = field(default_factory=dict)

    def name(self, item: Field) -> str:
        """Return the defined name of the field's list of labels."""
        labels = ("Yes", "No") if item.kind == "yes_no" else tuple(choice.label for choice in item.choices)
        own = "list_yes_no" if item.kind == "yes_no" else f"list_{item.section}_{item.name}"
        return self.names.setdefault(labels, own)

    def add_to(self, book: Workbook) -> None:
        """Write the hidden sheet and its defined names."""
        sheet = book.create_sheet(LISTS)
        sheet.sheet_state = "hidden"
        for number, (labels, name) in enumerate(self.names.items(), 1):
            letter = get_column_letter(number)
            for row, label in enumerate((name, *labels), 1):
                write(at(sheet, row, number), label)
            cells = f"{LISTS}!${letter}$2:${letter}${len(labels) + 1}"
            book.defined_names[name] = DefinedName(name, attr_text=cells)


def ids_name(section: str) -> str:
    """Return the defined name of the ids typed on a sheet: ``ids_staff``."""
    return f"ids_{section}"


def add_ids(book: Workbook, name: str, sheet: str, letter: str, first: int) -> None:
    """Define ``name`` as the ids typed so far in one column."""
    column = f"{quoted(sheet)}!${letter}${first}"
    area = f"{column}:${letter}${LAST_ROW}"
    text = f"{column}:INDEX({area},MAX(1,COUNTA({area})))"
    book.defined_names[name] = DefinedName(name, attr_text=text)


def quoted(sheet: str) -> str:
    """Return a sheet's name as formulas and links say it."""
    return "'{}'".format(sheet.replace("'", "''"))


def validation(item: Field, lists: Lists, ids: str = "") -> DataValidation:
    """Return the field's drop-down or check with its input message; ``ids`` names a list of ids to pick from."""
    rule = _rule(item, lists, ids)
    rule.allow_blank = True
    rule.showInputMessage = True
    rule.promptTitle = clip(item.label, TITLE_LIMIT)
    rule.prompt = message(item) or None
    return rule


def _rule(item: Field, lists: Lists, ids: str) -> DataValidation:
    if ids:
        return _checked("list", "warning", "Not on the list yet", "This id is not on its own sheet. Keep it?", ids)
    if item.kind == "yes_no" or (item.kind == "choice" and item.choices):
        text = "Please pick one of the answers from the list: click the small arrow beside the cell."
        return _checked("list", "stop", "Pick from the list", text, lists.name(item))
    if item.kind == "date":
        text = "Please type a date as month/day/year, like 07/27/2026. Keep what you typed?"
        return _checked("date", "warning", "Is this a date?", text, "1", "73415", operator="between")
    if item.kind in ("integer", "number"):
        kind: Literal["whole", "decimal"] = "whole" if item.kind == "integer" else "decimal"
        text = "Please type digits only, like 12. Keep what you typed?"
        return _checked(kind, "warning", "Is this a number?", text, "0", operator="greaterThanOrEqual")
    return DataValidation()


def _checked(
    kind: Literal["list", "date", "whole", "decimal"],
    style: Literal["stop", "warning"],
    title: str,
    text: str,
    first: str,
    second: str | None = None,
    operator: Literal["between", "greaterThanOrEqual"] | None = None,
) -> DataValidation:
    return DataValidation(
        type=kind, errorStyle=style, errorTitle=title, error=text, showErrorMessage=True,
        formula1=first, formula2=second, operator=operator,
    )  # fmt: skip


def message(item: Field) -> str:
    """Return the input message: the question and an example, within Excel's 255 characters."""
    question = clip(item.prompt, MESSAGE_LIMIT)
    shown = example_text(item)
    left = MESSAGE_LIMIT - len(question) - len("\nExample: ")
    return f"{question}\nExample: {clip(shown, left)}".strip() if shown and left > 20 else question


def example_text(item: Field) -> str:
    """Return the example as it would be typed: a choice by its label."""
    return export.text(example(item), item)


def clip(text: str, limit: int) -> str:
    """Return ``text`` cut at a word within ``limit`` characters, with ``…`` where something was left out."""
    if len(text) <= limit:
        return text
    return text[: limit - 1].rsplit(" ", 1)[0].rstrip(" ,;:.") + "…"


def when(formula: str, color: str) -> Rule:
    """Return the rule that colours a cell while ``formula`` holds."""
    # Excel reads the colour of such a fill from its background.
    look = DifferentialStyle(fill=PatternFill("solid", start_color=color, end_color=color))
    return Rule(type="expression", dxf=look, formula=[formula])


# --- the page -----------------------------------------------------------------------------------------


def page(sheet: Worksheet, landscape: bool, header: str = "", wide: int = 1) -> None:
    """Set up printing: US Letter, fitted to ``wide`` pages, ``header`` rows (``1:2``) repeated, page numbers."""
    excel.page(sheet, landscape, header, wide)
    sheet.print_options.gridLines = landscape


class _Roomy(RowDimension):
    """A row's height that Excel may change when somebody types into the row."""

    @property
    def customHeight(self) -> bool:  # noqa: N802 - openpyxl's name
        return False


def roomy(sheet: Worksheet, row: int, height: float) -> None:
    """Give a row room to begin with; it grows with what is typed."""
    sheet.row_dimensions[row] = _Roomy(sheet, index=row, ht=height)
