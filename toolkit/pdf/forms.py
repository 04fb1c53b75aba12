"""What each block of a document (`toolkit.blocks`) becomes on the sheets of a form: boxes with names, labels, choices.

A document is its sheets ``front``, ``goal`` (once for each goal), ``closing`` and ``continuation``; what an overlay
adds is a sheet named after the document. The ``goals`` block parts front from closing; where the form holds several
goals on one sheet (``slots``), there is no goal sheet, and the place for what overlays add parts the others.

The names of fields are paths of the view that templates print (`toolkit.derive.context`), rows by number:
``client.legal_name``, ``discharge.aftercare[0].service``; what belongs to the goal of a goal sheet is below
``goals[]``. An answer that needs no more than a mark (``plan.part2_notice``) is a check box whose state is ``Yes``.
Beside these:

``signers[0]`` … ``signers[7]``   places to sign: ``label``, ``signature``, ``date``, ``name``, ``credential`` and
                                  ``reason``
``more[0]`` … ``more[3]``         on the continuation sheet, read-only: ``title`` and ``text``
``scores[0]`` …                   the rows of the history of scores as they stand in the view, in any order
``document.title``, ``document.date``, ``document.form``, ``page.number``, ``page.count``   on every page, read-only

These sheets are for people to fill in by hand. A document takes of them the boxes that it needs (`toolkit.pdf.flow`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from itertools import zip_longest
from typing import Any

from msgspec.structs import replace

from toolkit.blocks import MUTED, fields_in
from toolkit.errors import ShelfError
from toolkit.pdf.boxes import GAP, LEFT, WIDTH, Cell, Drawn, Fixed, Group, Line, Strip, Zone, lines
from toolkit.pdf.cells import INSET, ROW, SHORT, TIGHT, FormCells, label_cell, taller, width_of
from toolkit.pdf.fill import FLOOR

SIGNERS = 8
BLOCKS_OF_TEXT = 4
LOGO = (150.0, 34.0)
"""Width and height of the place for a clinic's logo."""
_SLOTS = 3
_READINGS = 8
_NOTE_SIZE, _NOTE_LINE = 8.5, 11.0


def groups(form: FormCells, block: Mapping[str, Any]) -> list[Group]:
    """Return ``block`` as groups of boxes; raises ShelfError where it is not known or names no field."""
    kind = str(block.get("block"))
    if kind not in _DRAWN:
        raise ShelfError(f"{form.document.name}: there is no block «{kind}». Use one of {', '.join(_DRAWN)}.")
    found = _DRAWN[kind](form, block)
    heading = form.said(block.get("sheet") or block.get("heading") or "")
    if found and heading and kind not in _OWN_HEADING:
        if isinstance(found[0], Fixed):
            found = [Group((), heading=heading), replace(found[0], with_last=True), *found[1:]]
        else:
            found[0] = replace(found[0], heading=heading)
    return [replace(group, first=number == 0) for number, group in enumerate(found)]


def _note_lines(text: str, width: float) -> int:
    """Return how many lines a sentence takes."""
    return max(1, -int(-width_of(text, _NOTE_SIZE) * 1.04 // width))


# --- each block ------------------------------------------------------------------------------------------------------


def _masthead(form: FormCells, block: Mapping[str, Any]) -> list[Group]:
    half = WIDTH * 0.54
    details = [cell for entry in form.entries(block.get("details", ())) for cell in form.cells(entry, half)]
    named = 13.0 if form.name else 0.0
    drawn: list[Drawn] = [Drawn("logo", LEFT, 25 + named, *LOGO, text=form.logo)]
    clinic = form.cell("clinic.name", None, WIDTH)
    if form.name:
        drawn.append(Drawn("clinic", LEFT, 2, WIDTH - half - 12, 20, form.name))
        look = replace(clinic.widget, size=8.5, color=MUTED)
    else:
        look = replace(clinic.widget, size=14.0, color=form.color, bold=True)
    place = (22.0, 13.0) if form.name else (2.0, 20.0)
    drawn.append(Drawn("bare", LEFT, place[0], WIDTH - half - 12, place[1], cell=replace(clinic, widget=look)))
    y = 0.0
    for line in lines(details, half):
        drawn += line.place(LEFT + WIDTH - half, y, half, line.height, "")
        y += line.height + GAP
    bottom = max(y, LOGO[1] + 25 + named) + 10
    # the title stands below; where there is no small print, in the place of that, and the subtitle under it
    x, y, below = (LEFT, bottom, 0.0) if details else (LEFT + WIDTH - half, 0.0, 34.0)
    drawn.append(Drawn("title", x, y, min(half, WIDTH / 2), 30, form.document.title))
    if block.get("subtitle"):
        whole = form.cell(str(block["subtitle"]), None, WIDTH)
        whole = replace(whole, widget=replace(whole.widget, size=13.0), height_of_one=27.0)
        drawn += Line((replace(whole, flex=1.0, lines=0),)).place(LEFT + WIDTH - half, y + below, half, 30, "")
    return [Fixed((), drawn=tuple(drawn), tall=max(bottom, y + below + 38))]


def _card(form: FormCells, block: Mapping[str, Any]) -> list[Group]:
    columns = [*block["columns"], *([block["last"]] if "last" in block else [])]
    shares = [float(share) for share in block["widths"]]
    inner = WIDTH - INSET - GAP * (len(columns) - 1)
    widths = [inner * share / sum(shares) for share in shares]
    wide: list[Cell] = []
    stacked: list[list[tuple[Line, ...]]] = []
    for items, width in zip(columns, widths, strict=True):
        stacked.append([])
        for entry in form.entries(items):
            cells = list(form.cells(entry, width))
            wide += [cell for cell in cells if _longest(cell) > width]
            if cells := [cell for cell in cells if cell not in wide]:
                stacked[-1].append(lines(cells, width))
    rows = zip_longest(*stacked, fillvalue=())
    strips = [Strip(tuple(map(Zone, row, shares))) for row in rows]
    strips = [_roomy(strip) if strip.height > 35 else strip for strip in strips]
    strips += [Strip((Zone((line,)),)) for line in lines(wide, WIDTH - INSET)]
    return [Group(tuple(strips), panel=True, rigid=True)]


def _roomy(strip: Strip) -> Strip:
    """Return a strip that is tall already, with room for two lines in the texts of one."""
    return Strip(tuple(replace(zone, lines=tuple(map(taller, zone.lines))) for zone in strip.zones))


def _longest(cell: Cell) -> float:
    """Return the width that the longest choice of a drop-down needs at the smallest size that can be read."""
    return max((width_of(label, FLOOR) + 8 for _, label in cell.widget.choices), default=0.0)


def _pairs(form: FormCells, block: Mapping[str, Any]) -> list[Group]:
    return form.flow(block["fields"])


def _rows(form: FormCells, block: Mapping[str, Any]) -> list[Group]:
    section, slots = str(block["section"]), int(block.get("slots", _SLOTS))
    if block.get("one_head"):
        return form.table(section, block["columns"], form.rows_of(section), slots)
    return form.rows(section, block["columns"], form.rows_of(section), slots, ROW)


def _goals(form: FormCells, block: Mapping[str, Any]) -> list[Group]:
    if "slots" not in block:
        return _goal(form, block, "goals[]")
    return [group for number in range(int(block["slots"])) for group in _goal(form, block, f"goals[{number}]")]


def _goal(form: FormCells, block: Mapping[str, Any], base: str) -> list[Group]:
    """Return the boxes of one goal. Several on a sheet are one panel each, so that they can be told apart."""
    form.base["goals"] = base
    tables = [(str(part["section"]), part) for part in block["tables"]]
    if base != "goals[]":
        strips = _about_goal(form, block, WIDTH - INSET)
        for section, part in tables:
            strips += form.row(section, part["columns"], f"{base}.{section}[0]").strips
        found = [Group(tuple(strips), panel=True)]
    else:
        found = [Group(tuple(_about_goal(form, block, WIDTH)))]
        for section, part in tables:
            rows = form.rows(section, part["columns"], f"{base}.{section}", int(part.get("slots", _SLOTS)))
            title = form.definitions.sections[section].title
            said = title in (block.get("heading"), block.get("sheet"))
            found += [replace(rows[0], subheading="" if said else str(part.get("heading", title))), *rows[1:]]
    del form.base["goals"]
    return found


def _about_goal(form: FormCells, block: Mapping[str, Any], width: float) -> list[Strip]:
    """Return what stands above the tables of a goal: number and statement, quotation and fields, facts."""
    numbers = [form.cell(path, None, 60.0, SHORT) for path in fields_in(str(block["title"]))]
    statement = form.cell(str(block["statement"]), None, width - 60, SHORT)
    cells = [*(replace(cell, need=46.0, flex=0.0) for cell in numbers), replace(statement, need=200.0)]
    strips = [Strip((Zone((Line(tuple(cells)),)),))]
    quote = [{"field": block["quote"], "quote": True}] if block.get("quote") else []
    beside = list(form.entries([*quote, *block.get("fields", ())]))
    if beside:
        share = (width - GAP * (len(beside) - 1)) / len(beside)
        strips.append(Strip(tuple(Zone((Line(tuple(form.cells(entry, share, SHORT))),)) for entry in beside)))
    facts = form.entries([*block.get("facts", ()), "goals.*"])
    small = [cell for entry in facts for cell in form.cells(entry, width, TIGHT)]
    return [*strips, *(Strip((Zone((line,)),)) for line in lines(small, width))]


def _history(form: FormCells, block: Mapping[str, Any]) -> list[Group]:
    found = []
    for number in range(int(block.get("slots", _READINGS))):
        form.base["scores"] = f"scores[{number}]"
        named = (("scores.measure", 150.0), ("scores.date", 60.0), ("scores.score", 48.0), ("scores.respondent", 180.0))
        cells = [replace(form.cell(path, None, need), need=need, lines=0) for path, need in named]
        found.append(Group((Strip((Zone((Line(tuple(cells)),)),)),)))
    del form.base["scores"]
    return found


def _text(form: FormCells, block: Mapping[str, Any]) -> list[Group]:
    text = form.said(block["text"])
    if "when" not in block:
        height = _note_lines(text, WIDTH) * _NOTE_LINE + 2
        return [Fixed((), drawn=(Drawn("note", LEFT, 2, WIDTH, height, text),), tall=height + 4)]
    field = form.definitions.fields.get(str(block["when"]))
    if field is None or field.kind != "yes_no":
        raise ShelfError(
            f"{form.document.name}: a form can print a text always, or beside a box to check where «when» names one "
            "yes/no answer. Give the path of such an answer, or take «when» out."
        )
    widget = replace(form.widget(field, False), kind="check", choices=(("Yes", "Yes"),), tooltip=text)
    box = Cell(widget, "", 10.0, 0.0)
    height = _note_lines(text, WIDTH - 17) * _NOTE_LINE + 2
    drawn = (Drawn("bare", LEFT, 4, 11, 11, cell=box), Drawn("note", LEFT + 17, 4, WIDTH - 17, height, text))
    return [Fixed((), drawn=drawn, tall=height + 6)]


def _plain_page(form: FormCells, block: Mapping[str, Any]) -> list[Group]:
    cell = form.cell(str(block["field"]), None, WIDTH)
    cell = replace(cell, widget=replace(cell.widget, size=16.0), lines=42 if "note" in block else 46)
    title = Drawn("title", LEFT, 0, WIDTH, 30, form.said(block["heading"]))
    below = [Line((form.cell(str(block["note"]), None, WIDTH),))] if "note" in block else []
    return [Fixed((), drawn=(title,), tall=44), Group((Strip((Zone((Line((cell,)), *below)),)),), first=False)]


def _signatures(form: FormCells, block: Mapping[str, Any]) -> list[Group]:
    strips = []
    for number in range(0, SIGNERS, 2):
        strips.append(Strip(tuple(_signer(form, one) for one in (number, number + 1))))
    text = form.said(block.get("text") or "")
    note_height = _note_lines(text, WIDTH) * _NOTE_LINE + 2 if text else 0.0
    return [Group(tuple(strips), note=text, note_height=note_height, with_last=True, gap=11.0)]


def _signer(form: FormCells, number: int) -> Zone:
    root = f"signers[{number}]"
    tip = f"Signature {number + 1}: "
    role = label_cell(f"{root}.label", "", f"{tip}role", 100, 1.0, height_of_one=14.0, color=form.color, bold=True)
    signature = label_cell(f"{root}.signature", "Signature", f"{tip}sign here", 150, 1.0,
                           kind="signature", height_of_one=53.0)  # fmt: skip
    day = label_cell(f"{root}.date", "Date signed", f"{tip}date of signing (mm/dd/yyyy)", 68, kind="date",
                     height_of_one=53.0)  # fmt: skip
    name = label_cell(f"{root}.name", "Printed name", f"{tip}printed name", 150, 1.0, height_of_one=20.0)
    credential = label_cell(f"{root}.credential", "Credential", f"{tip}credential and license", 112, height_of_one=20.0)
    reason = label_cell(f"{root}.reason", "Not signed because", f"{tip}why it is not signed", 200, 1.0,
                        kind="multi-line", height_of_one=31.0)  # fmt: skip
    stacked = (Line((role,)), Line((signature, day)), Line((name, credential)), Line((reason,)))
    return Zone(stacked, slot=root)


def _nothing(form: FormCells, block: Mapping[str, Any]) -> list[Group]:
    return []


_DRAWN: dict[str, Callable[[FormCells, Mapping[str, Any]], list[Group]]] = {
    "masthead": _masthead,
    "card": _card,
    "pairs": _pairs,
    "rows": _rows,
    "goals": _goals,
    "history": _history,
    "text": _text,
    "plain_page": _plain_page,
    "signatures": _signatures,
    "supplements": _nothing,
    "last_pages": _nothing,
}
_OWN_HEADING = ("masthead", "plain_page")


def continuation(form: FormCells) -> list[Group]:
    """Return the places for text that found no room in its box."""
    found = []
    for number in range(BLOCKS_OF_TEXT):
        root = f"more[{number}]"
        tip = f"Continued text {number + 1}"
        title = label_cell(f"{root}.title", "", f"{tip}: what it belongs to", 200, 1.0, height_of_one=15.0,
                           read_only=True, color=form.color, bold=True)  # fmt: skip
        text = label_cell(f"{root}.text", "", tip, 200, 1.0, kind="multi-line", read_only=True, lines=10)
        found.append(Group((Strip((Zone((Line((title,)), Line((text,))), slot=root),)),), first=number == 0))
    return [Fixed((), drawn=(Drawn("title", LEFT, 0, WIDTH, 30, "Continued"),), tall=40), *found]


def sheets(form: FormCells) -> list[tuple[str, list[Group]]]:
    """Return the sheets of a document and what stands on each."""
    front, goal, closing = [], [], []  # type: list[Group], list[Group], list[Group]
    here = front
    for block in form.document.blocks:
        if block.get("block") == "goals" and "slots" not in block:
            goal, here = groups(form, block), closing
            continue
        if block.get("block") == "supplements":
            here = closing
        here += groups(form, block)
    found = [("front", front), ("goal", goal), ("closing", closing), ("continuation", continuation(form))]
    return [(name, groups) for name, groups in found if groups]


def added(
    form: FormCells, blocks: Iterable[Mapping[str, Any]], documents: Iterable[str]
) -> list[tuple[str, list[Group]]]:
    """Return a sheet for each of ``documents`` to which an overlay's ``blocks`` add something."""
    found: dict[str, list[Group]] = {}
    for block in blocks:
        for name in block.get("documents", tuple(documents)):
            form.documents = (name,)
            found.setdefault(name, []).extend(groups(form, block))
    return list(found.items())


def footer(form: FormCells) -> tuple[Drawn, ...]:
    """Return what stands at the foot of every page."""
    y, height = 757.0, 11.0
    drawn = []

    def word(x: float, width: float, text: str) -> None:
        drawn.append(Drawn("label", x, y, width, height, text))

    def bare(x: float, width: float, name: str, tip: str, read_only: bool = True) -> None:
        read_only = read_only or form.document.read_only
        cell = label_cell(name, "", tip, width, read_only=read_only, size=7.5, color=MUTED)
        drawn.append(Drawn("bare", x, y, width, height, cell=cell))

    word(LEFT, 24, "Client")
    bare(LEFT + 24, 72, "client.id", form.field("client.id").label, read_only=False)
    bare(LEFT + 102, 96, "document.title", "Document")
    bare(LEFT + 204, 52, "document.date", "Date of the document")
    word(LEFT + 270, 22, "Form")
    bare(LEFT + 292, 124, "document.form", "Version of the form")
    word(LEFT + WIDTH - 72, 20, "Page")
    bare(LEFT + WIDTH - 51, 18, "page.number", "Page number")
    word(LEFT + WIDTH - 31, 10, "of")
    bare(LEFT + WIDTH - 19, 19, "page.count", "Number of pages")
    return tuple(drawn)


def header(form: FormCells) -> tuple[Drawn, ...]:
    """Return what stands at the head of the later pages."""
    tip = form.field("clinic.name").label
    cell = label_cell("clinic.name", "", tip, 300, size=8.0, color=MUTED, read_only=form.document.read_only)
    return (Drawn("bare", LEFT, 27, 360, 12, cell=cell),)
