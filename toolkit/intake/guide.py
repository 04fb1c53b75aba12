"""The first sheet of a workbook: what it is for, how to fill it in, what it leaves out, and what comes next."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace
from openpyxl.styles import Alignment
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.worksheet import Worksheet

from toolkit.intake import style
from toolkit.intake.asked import LEVEL, Form
from toolkit.intake.assemble import EXAMPLE
from toolkit.intake.export import Table
from toolkit.intake.style import BOX, FILLS, INK, NAVY, QUIET, STARS, YELLOW, fill, ink
from toolkit.model import CLIENT_ID, Section
from toolkit.text import NOT_AN_ANSWER

TITLE = "Start here"


ABOUT = (
    "Your clients’ answers",
    "Type the answers once, on the sheets of this workbook. plankit checks them and makes the Word documents,"
    " ready to sign. It runs on this computer and sends nothing anywhere.",
)
"""What stands on top: what the workbook holds, and what for."""


def write(
    sheet: Worksheet,
    form: Form,
    tables: Sequence[Table],
    links: Mapping[str, str],
    filled: bool,
    about: tuple[str, str] = ABOUT,
) -> None:
    """Write the guide to a workbook of ``tables`` on an empty sheet.

    ``links`` lead to the sheets, by name; ``filled`` tells that it holds clients, and so no example rows; ``about``
    stands on top.
    """
    sheet.title = TITLE
    sheet.sheet_view.showGridLines = False
    sheet.sheet_properties.tabColor = NAVY
    for letter, wide in {"A": 2, "B": 24, "C": 44, "D": 26, "E": 24}.items():
        sheet.column_dimensions[letter].width = wide
    page = _Page(sheet)
    title, lead = about
    page.line(title, 20, bold=True)
    page.line(lead, color=QUIET)
    page.heading("What this workbook is for")
    for what, words in _purpose(form, tables):
        page.pair(what, words)
    page.heading("How to fill it in")
    for number, (what, how) in enumerate(_steps(tables), 1):
        page.pair(f"{number}.  {what}", how)
    page.pair("What counts as blank", _blanks(tables))
    page.heading("What the colors mean")
    for words, look in _colours(filled):
        page.swatch(look, words)
    page.heading("The sheets, and who fills them")
    page.table(("Sheet", "What it holds", "One row for", "Who knows"), header=True)
    for table in tables:
        page.table(_about(table, form), link=links[table.sheet])
    page.heading("What happens next")
    page.line("Here clients.xlsx is the name under which you saved this workbook.", color=QUIET)
    page.pair(
        "plankit check clients.xlsx",
        "Lists everything that is still missing, with sheet and cell. It changes nothing.",
    )
    page.pair(
        "plankit make clients.xlsx",
        "Makes the documents of every client who is complete, in the folder documents. Whoever is not complete is"
        " held, and report.xlsx in that folder says why. Correct the cells and run it again: only what changed is made"
        " anew, and a document that somebody edited or signed is never overwritten.",
    )
    style.page(sheet, landscape=False)


# --- what it is for ------------------------------------------------------------------------------------------------


def _purpose(form: Form, tables: Sequence[Table]) -> list[tuple[str, str]]:
    """Return what the workbook asks for, what it leaves out, and how that is added."""
    definitions = form.definitions
    here = {item.path for table in tables for item in table.columns}
    documents = definitions.dated.values()
    known = [item for item in documents if item.date in here or item.name in form.documents]
    absent = [item for item in documents if item not in known]
    asking = {item.pack for section in definitions.known.values() for item in section.fields}
    asking -= {*definitions.populations, definitions.payer}
    others = {name: title for name, title in definitions.titles.items() if name in asking}
    level = _level_left_out(form, here)
    said = [
        ("Documents", ", ".join(item.title for item in known)),
        ("For whom", ", ".join(definitions.titles.get(name, name) for name in definitions.populations)),
        ("Level of care", "Outpatient" if level else "All"),
    ]
    left_out = [
        ", ".join(item.title for item in absent),
        f"what is asked of these clients alone: {', '.join(others.values())}" if others else "",
        "what levels of care above outpatient need" if level else "",
    ]
    options = [f"-d {item.name}" for item in absent] + [f"--{name}" for name in others]
    options += [f"--level {level}"] if level else []
    if options:
        said.append(("It leaves out", "; ".join(part for part in left_out if part)))
        command = f"plankit new --from clients.xlsx {' '.join(options)} -o clients-2.xlsx"
        said.append((
            "To have it later",
            f"{command}\nmakes a copy of this workbook with the sheets and columns for it (name only what you need);"
            " everything that you have typed stays.",
        ))  # fmt: skip
    return [(what, words) for what, words in said if words]


def _level_left_out(form: Form, here: Iterable[str]) -> str:
    """Return the first level of care for which the workbook lacks a column; empty where it serves all."""
    item = form.definitions.fields.get(LEVEL)
    for choice in item.choices if item else ():
        asking = replace(form, level=choice.value)
        if any(asking.asks(one) for one in form.definitions.fields.values() if one.asked_when and one.path not in here):
            return choice.value
    return ""


# --- how to fill it in ---------------------------------------------------------------------------------------------


def _steps(tables: Sequence[Table]) -> list[tuple[str, str]]:
    shared = [table.sheet for table in tables if table.shared]
    own = [table.sheet for table in tables if not table.shared]
    first, others = own[0] if own else "", own[1:]
    steps = []
    if shared:
        steps.append((" and ".join(shared), "Fill these once, for all clients. They stand until something changes."))
    if first:
        steps.append((
            first,
            "One row for each client. The client id is the number by which your office knows the client, such as the"
            " chart number.",
        ))  # fmt: skip
    if others:
        steps.append((
            "The other sheets",
            "From left to right. Begin each row with the id of the client whom it is about. A client has one row on"
            " some sheets and several rows on others: the list below says which.",
        ))  # fmt: skip
    steps.append((
        "Answer",
        "The question stands above each column, and an example appears when you click a cell. Pick from the list where"
        " a small arrow shows. Dates are month/day/year. Press Alt+Enter for a new line inside a cell.",
    ))  # fmt: skip
    steps.append(("Save and check", "Save the workbook and run the two commands at the foot of this page."))
    return steps


def _blanks(tables: Sequence[Table]) -> str:
    """Return which words count as blank, and where “none” does not."""
    words = ", ".join((*NOT_AN_ANSWER, "none", "pending", "to be determined"))
    takes_none = [item.label for table in tables for item in table.columns if item.none_is_answer and not item.choices]
    known = f" under {', '.join(dict.fromkeys(takes_none))}, and" if takes_none else ""
    return f"{words}. But “none” is an answer{known} where the list of a cell offers it."


def _colours(filled: bool) -> list[tuple[str, str]]:
    colours = [
        ("Required: a document is not ready to sign without it. The header ends in one star.", "required"),
        ("Required only in some cases, which the words above the header tell. Two stars.", "sometimes"),
        ("Optional. Leave it blank when there is nothing to say.", "optional"),
        ("A required cell that is still blank in a row that has been begun.", "blank"),
    ]
    if not filled:
        words = "An example row. It is never used: leave it, delete it, or type over all of it."
        colours.append((words, "example"))
    return colours


def _about(table: Table, form: Form) -> tuple[str, str, str, str]:
    sections = [form.definitions.sections[name] for name in dict.fromkeys(item.section for item in table.columns)]
    if not table.shared and len(sections) > 1:
        sections = [section for section in sections if section.sheet == table.sheet] or sections
    holds = ", ".join(section.title for section in sections)
    row = next((f"each {_singular(section)}" for section in sections if section.repeats), "")
    own = [item for item in table.columns if item.path != CLIENT_ID or item.sheet == table.sheet]
    people = dict.fromkeys(item.asked_of for item in own)
    owners = {section.pack for section in sections} & set(form.definitions.populations)
    only = f" ({', '.join(form.definitions.titles[name] for name in sorted(owners))} only)" if owners else ""
    one = row or ("the clinic" if table.shared else f"each client{only}")
    return table.sheet, holds, one, ", ".join(people).capitalize()


def _singular(section: Section) -> str:
    word = section.singular.removeprefix("one_") or section.title.lower().removesuffix("s")
    return word.replace("_", " ")


class _Page(Struct):
    """Writes the first sheet from the top down."""

    sheet: Worksheet
    row: int = 1
    wide: float = 112

    def line(self, text: str, size: float = 10, color: str = INK, bold: bool = False) -> None:
        """Write one paragraph across the page."""
        self._across("B", text, size, color, bold, self.wide * 10 / size)

    def heading(self, text: str) -> None:
        """Write a heading with room above it."""
        self.row += 1
        self.line(text, 13, NAVY, bold=True)

    def pair(self, left: str, right: str) -> None:
        """Write a term and what it means."""
        style.write(target := style.at(self.sheet, self.row, 2), left)
        target.font, target.alignment = ink(bold=True), Alignment(vertical="center")
        self._across("C", right, 10, INK, False, 86)

    def swatch(self, look: str, words: str) -> None:
        """Write one line of the legend."""
        target = style.at(self.sheet, self.row, 2)
        target.border, target.alignment = BOX, Alignment(vertical="center")
        if look in FILLS:
            mark = next(name for name in FILLS if name == look)
            style.write(target, f"Header{STARS[mark]}")
            target.font = ink(bold=True, color="FFFFFF" if mark == "required" else INK)
            target.fill = fill(FILLS[mark])
        elif look == "blank":
            target.fill = fill(YELLOW)
        else:
            style.write(target, EXAMPLE)
            target.font = ink(color=QUIET, italic=True)
        self._across("C", words, 10, INK, False, 86)

    def table(self, cells: Sequence[str], header: bool = False, link: str = "") -> None:
        """Write one row of the list of sheets."""
        for number, text in enumerate(cells, 2):
            target = style.at(self.sheet, self.row, number)
            style.write(target, text)
            target.font, target.border = ink(bold=header), BOX
            target.alignment = Alignment(wrap_text=True, vertical="center")
            if header:
                target.fill = fill(FILLS["optional"])
        if link:
            target = style.at(self.sheet, self.row, 2)
            target.hyperlink = Hyperlink(ref=target.coordinate, location=link)
            target.font = ink(color="0B5CAD")
        widths = (24, 44, 26, 24)
        self._height(max(style.lines(text, wide * 1.0) for text, wide in zip(cells, widths, strict=True)))

    def _across(self, letter: str, text: str, size: float, color: str, bold: bool, chars: float) -> None:
        style.write(target := style.at(self.sheet, self.row, 2 if letter == "B" else 3), text)
        target.font, target.alignment = ink(size, color, bold), Alignment(wrap_text=True, vertical="center")
        if letter == "C":
            target.alignment = Alignment(wrap_text=True, vertical="center", horizontal="left", indent=1)
        self.sheet.merge_cells(f"{letter}{self.row}:E{self.row}")
        self._height(style.lines(text, chars), size)

    def _height(self, count: int, size: float = 10) -> None:
        self.sheet.row_dimensions[self.row].height = count * size * 1.32 + 7
        self.row += 1
