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

The boxes of a slot of ``signers`` and ``more`` are not part of the page: each is drawn by a form XObject of the page
named after the slot (``/signers[0]``), so that an unused slot vanishes when that object is emptied.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache
from itertools import zip_longest
from mimetypes import guess_type
from pathlib import Path
from typing import Any

from toolkit.blocks import MUTED, Blocks, Entry, brand_color, fields_in
from toolkit.errors import ShelfError
from toolkit.model import Definitions, Document, Field
from toolkit.pdf.boxes import (
    GAP,
    LABEL,
    LEFT,
    NORMAL,
    PAD,
    WIDTH,
    Cell,
    Drawn,
    Fixed,
    Group,
    Line,
    Strip,
    Widget,
    Zone,
    lines,
    room_for,
)
from toolkit.pdf.fill import FLOOR
from toolkit.pdf.fonts import Faces

SIGNERS = 8
BLOCKS_OF_TEXT = 4
_SLOTS = 3
_READINGS = 8
_LONG, _ROW, _SHORT, _TIGHT = 2.2, 2.0, 1.35, 1.0
"""How many times as long as the example of its field an answer may be to fit at normal size: on a line of its own,
in a row of a table, where such rows have to share the page of a goal, and for what few of them have."""
_UNTOLD = {"long": 110, "lines": 110, "text": 30, "code": 44, "ref": 22, "refs": 12}
"""How long an answer is taken to be where the field has no example."""
_NEED = {"date": 56.0, "integer": 36.0, "number": 42.0, "score": 48.0, "yes_no": 40.0}
_CHARACTER = 4.95
_INSET = 2 * PAD
_NUMBER = 30.0
"""The width of the number of a row."""
_LEAST, _BRIEF = 12, 80
"""Characters for which a text has room at least, and up to which the example of a long answer asks for few lines."""
_NOTE = 45
"""From how many characters of its example on the note of a row is long."""
_MANY = ("long", "lines")

LOGO = (150.0, 34.0)
"""Width and height of the place for a clinic's logo."""


class FormBlocks(Blocks):
    """The blocks of a document, as boxes of a form."""

    def __init__(
        self, document: Document, definitions: Definitions, brand: Mapping[str, Any], words: Mapping[str, str]
    ) -> None:
        super().__init__(document, definitions, words)
        self.color = brand_color(brand)
        self.name = str(brand.get("name") or "")
        self.logo = _picture(Path(str(brand["logo"]))) if brand.get("logo") else ""
        self.base: dict[str, str] = {}
        """The name of the row that is being laid out, by section."""

    def groups(self, block: Mapping[str, Any]) -> list[Group]:
        """Return ``block`` as groups of boxes; raises ShelfError where it is not known or names no field."""
        kind = str(block.get("block"))
        if kind not in _DRAWN:
            raise ShelfError(f"{self.document.name}: there is no block «{kind}». Use one of {', '.join(_DRAWN)}.")
        found = _DRAWN[kind](self, block)
        if found and block.get("heading") and not isinstance(found[0], Fixed):
            found[0] = replace(found[0], heading=self.said(block["heading"]))
        return [replace(group, first=number == 0) for number, group in enumerate(found)]

    # --- cells -----------------------------------------------------------------------------------------------------

    def full_name(self, path: str) -> str:
        """Return the name of the field at ``path``, in the row that is being laid out."""
        section, _, name = path.partition(".")
        return f"{self.base.get(section, section)}.{name}"

    def cell(self, path: str, label: str | None, width: float, factor: float = _LONG, quote: bool = False) -> Cell:
        """Return the box of the field at ``path``, for a place ``width`` wide."""
        field = self.field(path)
        label = field.label if label is None else label
        long = field.kind in _MANY
        told = _UNTOLD[field.kind] if field.kind == "ref" else len(field.example) or _UNTOLD.get(field.kind, 12)
        told = max(told, _LEAST) if field.kind == "text" else told
        characters = told * (factor if long else 1.0 if field.kind == "ref" else _text_factor(factor, width))
        need = self._need(field, characters)
        count = 0
        if long:
            least = 1 if factor == _TIGHT else 2
            if factor == _LONG:
                least = max(3 if told > _BRIEF else 2, field.example.count("\n") + 2)
            count = max(least, room_for(characters, width))
        elif field.kind in ("text", "code", "refs") and need > width:
            count = max(2, room_for(characters, width))
        need = min(max(need, _width(label, LABEL) + 4.5), width)
        flex = 1.0 if field.kind in ("text", "code", "ref", *_MANY) else 0.25
        return Cell(self._widget(field, count > 1), label, width if count > 1 else need, flex, count, quote)

    def _need(self, field: Field, characters: float) -> float:
        if field.kind == "choice":
            return max((_width(choice.label, NORMAL) for choice in field.choices), default=40.0) + 18
        return _NEED.get(field.kind, characters * _CHARACTER * (1.0 if field.kind == "ref" else 0.8) + 8)

    def _widget(self, field: Field, several: bool) -> Widget:
        kinds = {"date": "date", "choice": "choice", "yes_no": "choice"}
        kind: Any = kinds.get(field.kind) or ("multi-line" if several or field.kind in _MANY else "text")
        choices = [(item.value, item.label) for item in field.choices] if field.kind == "choice" else []
        if field.kind == "yes_no":
            choices = [("Yes", "Yes"), ("No", "No")]
        tip = f"{field.label} (mm/dd/yyyy)" if kind == "date" else field.label
        row = self.base.get(field.section, "")
        if row.endswith("]") and not row.endswith("[]"):
            word = self.definitions.sections[field.section].word
            tip = f"{word[:1].upper()}{word[1:]} {int(row.rpartition('[')[2][:-1]) + 1}: {tip}"
        if field.prompt:
            tip = f"{tip}. {field.prompt}"
        return Widget(self.full_name(field.path), kind, tip, tuple(choices))

    def cells(self, entry: Entry, width: float, factor: float = _LONG) -> Iterator[Cell]:
        """Yield the boxes of an entry: one for each path of its pattern, by its own label where there are several."""
        paths = fields_in(entry.pattern)
        for path in paths:
            label = entry.label if len(paths) == 1 and entry.field.path == path else None
            if marker := entry.options.get("marker"):
                label = f"{entry.label} (line by line {marker}1, {marker}2 …)"
            yield self.cell(path, label, width, factor, bool(entry.options.get("quote")))

    def flow(self, items: Iterable[Any], width: float = WIDTH, factor: float = _LONG) -> list[Group]:
        """Return entries as groups of one line each."""
        cells = [cell for entry in self.entries(items) for cell in self.cells(entry, width, factor)]
        return [Group((Strip((Zone((line,)),)),)) for line in lines(cells, width)]

    # --- rows ------------------------------------------------------------------------------------------------------

    def row(self, section: str, columns: Sequence[Mapping[str, Any]], base: str, factor: float = _SHORT) -> Group:
        """Return the boxes of one row of ``section``, whose fields are named ``base.…``."""
        self.base[section] = base
        numbers = [str(column["number"]) for column in columns if column.get("number")]
        beside, below = self._spread(section, columns)
        inner, shares = WIDTH - _INSET - GAP * (len(beside) - 1), sum(share for share, _ in beside)
        zones: list[Zone] = []
        for share, paths in beside:
            width = inner * share / shares
            cells = [self.cell(path, "No." if path in numbers else None, width, factor) for path in paths]
            cells = [replace(cell, need=_NUMBER, flex=0.0) if cell.label == "No." else cell for cell in cells]
            if paths[0] in numbers and len(cells) > 1 and cells[1].lines > 1:
                narrow = _NUMBER * shares / inner
                zones.append(Zone((Line((cells[0],)),), narrow))
                cells, width, share = cells[1:], width - _NUMBER - GAP, share - narrow
            zones.append(Zone(lines(cells, width), share))
        if not any(zone.grows or len(zone.lines) > 1 for zone in zones):
            zones = [replace(zone, lines=tuple(map(_taller, zone.lines))) for zone in zones]
        strips = [Strip(tuple(zones)), *self._notes(below)]
        del self.base[section]
        return Group(tuple(strips), panel=True)

    def _spread(
        self, section: str, columns: Sequence[Mapping[str, Any]]
    ) -> tuple[list[tuple[float, list[str]]], list[str]]:
        """Return the paths that stand side by side, with the share of each place, and the long notes below them.

        Columns of short answers are joined; what no column names stands in the first.
        """
        beside: list[tuple[float, list[str]]] = []
        below: list[str] = []
        for number, column in enumerate(columns):
            patterns = {key: column.get(key, ()) for key in ("lead", "text", "note")}
            named = {key: [path for item in items for path in fields_in(item)] for key, items in patterns.items()}
            if number == 0:
                named["note"] += [field.path for field in self.others(section)]
            apart = [path for path in named["note"] if self._is_long_note(path, first=number == 0)]
            paths = [str(column["number"])] if column.get("number") else []
            paths += [path for several in named.values() for path in several if path not in apart]
            below += apart
            if number > 1 and self._all_short(paths) and self._all_short(beside[-1][1]):
                beside[-1] = (beside[-1][0] + float(column["width"]), beside[-1][1] + paths)
            else:
                beside.append((float(column["width"]), paths))
        return beside, below

    def _all_short(self, paths: Iterable[str]) -> bool:
        return all(self.field(path).kind not in _MANY for path in paths)

    def _is_long_note(self, path: str, first: bool) -> bool:
        field = self.field(path)
        return (first and field.kind in _MANY) or (field.kind == "text" and len(field.example) > _NOTE)

    def _notes(self, paths: Sequence[str]) -> Iterator[Strip]:
        """Yield the notes of a row: those of several lines side by side, others one below the other."""
        several = [path for path in paths if self.field(path).kind in _MANY]
        if several:
            width = (WIDTH - _INSET - GAP * (len(several) - 1)) / len(several)
            yield Strip(tuple(Zone((Line((self.cell(path, None, width, _TIGHT),)),)) for path in several))
        rest = [self.cell(path, None, WIDTH - _INSET, _SHORT) for path in paths if path not in several]
        yield from (Strip((Zone((line,)),)) for line in lines(rest, WIDTH - _INSET))

    def rows(
        self, section: str, columns: Sequence[Mapping[str, Any]], base: str, slots: int, factor: float = _SHORT
    ) -> list[Group]:
        """Return ``slots`` rows of ``section``."""
        return [self.row(section, columns, f"{base}[{number}]", factor) for number in range(slots)]


def _picture(path: Path) -> str:
    """Return the picture at ``path`` as an address that holds it."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise ShelfError(f"The logo {path} cannot be read: {error.strerror}. Correct «logo» in the brand.") from error
    kind = guess_type(path.name)[0] or "image/png"
    return f"data:{kind};base64,{b64encode(data).decode()}"


def _text_factor(factor: float, width: float) -> float:
    """Return how many times as long as its example a text of one line may be; where there is room, it gets more."""
    if factor != _LONG:
        return 1.1
    return 1.7 if width == WIDTH else 1.3


def _width(text: str, size: float) -> float:
    """Return the width of ``text`` in points."""
    return _faces().regular.width(text) * size / 1000


@cache
def _faces() -> Faces:
    return Faces()


def _taller(line: Line) -> Line:
    """Return a line whose texts have room for two lines: a row of one line is too little for names and places."""
    return Line(
        tuple(
            replace(cell, lines=2, widget=replace(cell.widget, kind="multi-line"))
            if cell.widget.kind == "text"
            else cell
            for cell in line.cells
        )
    )


def label_cell(name: str, label: str, tooltip: str, need: float, flex: float = 0.0, **options: Any) -> Cell:
    """Return a box that belongs to no field of the record."""
    widget = {key: options.pop(key) for key in ("kind", "read_only", "size", "color", "bold") if key in options}
    return Cell(Widget(name, widget.pop("kind", "text"), tooltip, **widget), label, need, flex, **options)


# --- each block ------------------------------------------------------------------------------------------------------


def _masthead(form: FormBlocks, block: Mapping[str, Any]) -> list[Group]:
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
    y = max(y, LOGO[1] + 25 + named) + 10
    drawn.append(Drawn("title", LEFT, y, WIDTH / 2, 30, form.document.title))
    if block.get("subtitle"):
        whole = form.cell(str(block["subtitle"]), None, WIDTH)
        whole = replace(whole, widget=replace(whole.widget, size=13.0), height_of_one=27.0)
        drawn += Line((replace(whole, flex=1.0, lines=0),)).place(LEFT + WIDTH - half, y, half, 30, "")
    return [Fixed((), drawn=tuple(drawn), tall=y + 38)]


def _card(form: FormBlocks, block: Mapping[str, Any]) -> list[Group]:
    columns = [*block["columns"], *([block["last"]] if "last" in block else [])]
    shares = [float(share) for share in block["widths"]]
    inner = WIDTH - _INSET - GAP * (len(columns) - 1)
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
    strips += [Strip((Zone((line,)),)) for line in lines(wide, WIDTH - _INSET)]
    return [Group(tuple(strips), panel=True, rigid=True)]


def _roomy(strip: Strip) -> Strip:
    """Return a strip that is tall already, with room for two lines in the texts of one."""
    return Strip(tuple(replace(zone, lines=tuple(map(_taller, zone.lines))) for zone in strip.zones))


def _longest(cell: Cell) -> float:
    """Return the width that the longest choice of a drop-down needs at the smallest size that can be read."""
    return max((_width(label, FLOOR) + 8 for _, label in cell.widget.choices), default=0.0)


def _pairs(form: FormBlocks, block: Mapping[str, Any]) -> list[Group]:
    return form.flow(block["fields"])


def _rows(form: FormBlocks, block: Mapping[str, Any]) -> list[Group]:
    section = str(block["section"])
    return form.rows(section, block["columns"], form.rows_of(section), int(block.get("slots", _SLOTS)), _ROW)


def _goals(form: FormBlocks, block: Mapping[str, Any]) -> list[Group]:
    if "slots" not in block:
        return _goal(form, block, "goals[]")
    return [group for number in range(int(block["slots"])) for group in _goal(form, block, f"goals[{number}]")]


def _goal(form: FormBlocks, block: Mapping[str, Any], base: str) -> list[Group]:
    """Return the boxes of one goal. Several on a sheet are one panel each, so that they can be told apart."""
    form.base["goals"] = base
    several = base != "goals[]"
    inner = WIDTH - (_INSET if several else 0)
    number = [cell for path in fields_in(str(block["title"])) for cell in [form.cell(path, None, 60.0, _SHORT)]]
    number = [replace(cell, need=46.0, flex=0.0) for cell in number]
    statement = form.cell(str(block["statement"]), None, inner - 60, _SHORT)
    strips = [Strip((Zone((Line((*number, replace(statement, need=200.0))),)),))]
    named = [str(block["quote"])] if block.get("quote") else []
    beside = [*form.entries([{"field": path, "quote": True} for path in named]), *form.entries(block.get("fields", ()))]
    if beside:
        width = (inner - GAP * (len(beside) - 1)) / len(beside)
        strips.append(Strip(tuple(Zone((Line(tuple(form.cells(entry, width, _SHORT))),)) for entry in beside)))
    facts = [
        cell
        for entry in form.entries([*block.get("facts", ()), "goals.*"])
        for cell in form.cells(entry, inner, _TIGHT)
    ]
    strips += [Strip((Zone((line,)),)) for line in lines(facts, inner)]
    tables = [(str(part["section"]), part) for part in block["tables"]]
    if several:
        for section, part in tables:
            strips += form.row(section, part["columns"], f"{base}.{section}[0]").strips
        del form.base["goals"]
        return [Group(tuple(strips), panel=True)]
    found = [Group(tuple(strips))]
    for section, part in tables:
        rows = form.rows(section, part["columns"], f"{base}.{section}", int(part.get("slots", _SLOTS)))
        title = form.definitions.sections[section].title
        rows[0] = replace(rows[0], subheading="" if title == block.get("heading") else title)
        found += rows
    del form.base["goals"]
    return found


def _history(form: FormBlocks, block: Mapping[str, Any]) -> list[Group]:
    found = []
    for number in range(int(block.get("slots", _READINGS))):
        form.base["scores"] = f"scores[{number}]"
        named = (("scores.measure", 150.0), ("scores.date", 60.0), ("scores.score", 48.0), ("scores.respondent", 180.0))
        cells = [replace(form.cell(path, None, need), need=need, lines=0) for path, need in named]
        found.append(Group((Strip((Zone((Line(tuple(cells)),)),)),)))
    del form.base["scores"]
    return found


def _text(form: FormBlocks, block: Mapping[str, Any]) -> list[Group]:
    text = form.said(block["text"])
    if "when" not in block:
        return [Fixed((), drawn=(Drawn("note", LEFT, 2, WIDTH, 13, text),), tall=17)]
    field = form.definitions.fields.get(str(block["when"]))
    if field is None or field.kind != "yes_no":
        raise ShelfError(
            f"{form.document.name}: a form can print a text always, or beside a box to check where «when» names one "
            "yes/no answer. Give the path of such an answer, or take «when» out."
        )
    widget = replace(form._widget(field, False), kind="check", choices=(("Yes", "Yes"),), tooltip=text)
    box = Cell(widget, "", 10.0, 0.0)
    drawn = (Drawn("bare", LEFT, 4, 11, 11, cell=box), Drawn("note", LEFT + 17, 4, WIDTH - 17, 13, text))
    return [Fixed((), drawn=drawn, tall=19)]


def _plain_page(form: FormBlocks, block: Mapping[str, Any]) -> list[Group]:
    cell = form.cell(str(block["field"]), None, WIDTH)
    cell = replace(cell, widget=replace(cell.widget, size=16.0), lines=46)
    title = Drawn("title", LEFT, 0, WIDTH, 30, form.said(block["heading"]))
    return [Fixed((), drawn=(title,), tall=44), Group((Strip((Zone((Line((cell,)),)),)),), first=False)]


def _signatures(form: FormBlocks, block: Mapping[str, Any]) -> list[Group]:
    strips = []
    for number in range(0, SIGNERS, 2):
        strips.append(Strip(tuple(_signer(form, one) for one in (number, number + 1))))
    return [Group(tuple(strips), note=str(block.get("text") or ""), with_last=True, gap=11.0)]


def _signer(form: FormBlocks, number: int) -> Zone:
    root = f"signers[{number}]"
    tip = f"Signature {number + 1}: "
    role = label_cell(f"{root}.label", "", f"{tip}role", 100, 1.0, height_of_one=14.0, color=form.color, bold=True)
    signature = label_cell(f"{root}.signature", "Signature", f"{tip}sign here", 150, 1.0,
                           kind="signature", height_of_one=27.0)  # fmt: skip
    day = label_cell(f"{root}.date", "Date signed", f"{tip}date of signing (mm/dd/yyyy)", 68, kind="date",
                     height_of_one=27.0)  # fmt: skip
    name = label_cell(f"{root}.name", "Printed name", f"{tip}printed name", 150, 1.0, height_of_one=20.0)
    credential = label_cell(f"{root}.credential", "Credential", f"{tip}credential", 68, height_of_one=20.0)
    reason = label_cell(f"{root}.reason", "Not signed because", f"{tip}why it is not signed", 200, 1.0,
                        kind="multi-line", height_of_one=31.0)  # fmt: skip
    stacked = (Line((role,)), Line((signature, day)), Line((name, credential)), Line((reason,)))
    return Zone(stacked, slot=root)


def _nothing(form: FormBlocks, block: Mapping[str, Any]) -> list[Group]:
    return []


_DRAWN: dict[str, Callable[[FormBlocks, Mapping[str, Any]], list[Group]]] = {
    "masthead": _masthead,
    "card": _card,
    "pairs": _pairs,
    "narrative": _pairs,
    "rows": _rows,
    "goals": _goals,
    "history": _history,
    "text": _text,
    "plain_page": _plain_page,
    "signatures": _signatures,
    "supplements": _nothing,
    "last_pages": _nothing,
}


def continuation(form: FormBlocks) -> list[Group]:
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


def sheets(form: FormBlocks) -> list[tuple[str, list[Group]]]:
    """Return the sheets of a document and what stands on each."""
    front, goal, closing = [], [], []  # type: list[Group], list[Group], list[Group]
    here = front
    for block in form.document.blocks:
        if block.get("block") == "goals" and "slots" not in block:
            goal, here = form.groups(block), closing
            continue
        if block.get("block") == "supplements":
            here = closing
        here += form.groups(block)
    found = [("front", front), ("goal", goal), ("closing", closing), ("continuation", continuation(form))]
    return [(name, groups) for name, groups in found if groups]


def added(
    form: FormBlocks, blocks: Iterable[Mapping[str, Any]], documents: Iterable[str]
) -> list[tuple[str, list[Group]]]:
    """Return a sheet for each of ``documents`` to which an overlay's ``blocks`` add something."""
    found: dict[str, list[Group]] = {}
    for block in blocks:
        for name in block.get("documents", tuple(documents)):
            form.documents = (name,)
            found.setdefault(name, []).extend(form.groups(block))
    return list(found.items())


def footer(form: FormBlocks) -> tuple[Drawn, ...]:
    """Return what stands at the foot of every page."""
    y, height = 757.0, 11.0
    drawn = []

    def word(x: float, width: float, text: str) -> None:
        drawn.append(Drawn("label", x, y, width, height, text))

    def bare(x: float, width: float, name: str, tip: str, read_only: bool = True) -> None:
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


def header(form: FormBlocks) -> tuple[Drawn, ...]:
    """Return what stands at the head of the later pages."""
    cell = label_cell("clinic.name", "", form.field("clinic.name").label, 300, size=8.0, color=MUTED)
    return (Drawn("bare", LEFT, 27, 360, 12, cell=cell),)
