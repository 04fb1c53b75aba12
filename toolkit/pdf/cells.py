"""Answers as boxes of a form: how much room each needs, told by the example of its field; names, labels and choices."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from mimetypes import guess_type
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from toolkit.blocks import Blocks, Entry, brand_color, fields_in
from toolkit.errors import ShelfError
from toolkit.model import Definitions, Document, Field
from toolkit.pdf.boxes import GAP, LABEL, NORMAL, PAD, WIDTH, Cell, Group, Line, Strip, Widget, Zone, lines, room_for
from toolkit.pdf.fonts import Faces

LONG, ROW, SHORT, TIGHT = 2.2, 2.0, 1.35, 1.0
"""How many times as long as the example of its field an answer may be to fit at normal size: on a line of its own,
in a row of a table, where such rows have to share the page of a goal, and for what few of them have."""
_UNTOLD = {"long": 110, "lines": 110, "text": 30, "code": 44, "ref": 22, "refs": 12}
"""How long an answer is taken to be where the field has no example."""
_NEED = {"date": 56.0, "integer": 36.0, "number": 42.0, "score": 48.0, "yes_no": 40.0}
_CHARACTER = 4.95
INSET = 2 * PAD
_OF_TABLE = 15.0
"""The height of a row of one line in a table under one head."""
_NUMBER = 30.0
"""The width of the number of a row."""
_LEAST, _BRIEF = 12, 80
"""Characters for which a text has room at least, and up to which the example of a long answer asks for few lines."""
_NOTE = 45
"""From how many characters of its example on the note of a row is long."""
_MANY = ("long", "lines")


class FormCells(Blocks):
    """The answers that the blocks of a document name, as boxes of a form."""

    def __init__(
        self, document: Document, definitions: Definitions, brand: Mapping[str, Any], words: Mapping[str, str]
    ) -> None:
        super().__init__(document, definitions, words)
        self.color = brand_color(brand)
        self.name = str(brand.get("name") or "")
        self.logo = _picture(Path(str(brand["logo"]))) if brand.get("logo") else ""
        self.base: dict[str, str] = {}
        """The name of the row that is being laid out, by section."""

    # --- cells -----------------------------------------------------------------------------------------------------

    def full_name(self, path: str) -> str:
        """Return the name of the field at ``path``, in the row that is being laid out."""
        section, _, name = path.partition(".")
        return f"{self.base.get(section, section)}.{name}"

    def cell(self, path: str, label: str | None, width: float, factor: float = LONG, quote: bool = False) -> Cell:
        """Return the box of the field at ``path``, for a place ``width`` wide."""
        field = self.field(path)
        label = field.label if label is None else label
        characters = _expected(field, factor, width)
        need = self._need(field, characters)
        count = 0
        if field.kind in _MANY:
            count = max(_least_lines(field, factor), room_for(characters, width))
        elif field.kind in ("text", "code", "refs") and need > width:
            count = max(2, room_for(characters, width))
        need = min(max(need, width_of(label, LABEL) + 4.5), width)
        flex = 1.0 if field.kind in ("text", "code", "ref", *_MANY) else 0.25
        return Cell(self.widget(field, count > 1), label, width if count > 1 else need, flex, count, quote)

    def _need(self, field: Field, characters: float) -> float:
        if field.kind == "choice":
            return max((width_of(choice.label, NORMAL) for choice in field.choices), default=40.0) + 18
        return _NEED.get(field.kind, characters * _CHARACTER * (1.0 if field.kind == "ref" else 0.8) + 8)

    def widget(self, field: Field, several: bool) -> Widget:
        """Return the field of a form for ``field``; ``several``: a text of more than one line."""
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
        return Widget(self.full_name(field.path), kind, tip, tuple(choices), self.document.read_only)

    def cells(self, entry: Entry, width: float, factor: float = LONG) -> Iterator[Cell]:
        """Yield the boxes of an entry: one for each path of its pattern, by its own label where there are several."""
        paths = fields_in(entry.pattern)
        for path in paths:
            label = entry.label if len(paths) == 1 and entry.field.path == path else None
            if marker := entry.options.get("marker"):
                label = f"{entry.label} (line by line {marker}1, {marker}2 …)"
            yield self.cell(path, label, width, factor, bool(entry.options.get("quote")))

    def flow(self, items: Iterable[Any], width: float = WIDTH, factor: float = LONG) -> list[Group]:
        """Return entries as groups of one line each."""
        cells = [cell for entry in self.entries(items) for cell in self.cells(entry, width, factor)]
        return [Group((Strip((Zone((line,)),)),)) for line in lines(cells, width)]

    # --- rows ------------------------------------------------------------------------------------------------------

    def table(self, section: str, columns: Sequence[Mapping[str, Any]], base: str, slots: int) -> list[Group]:
        """Return ``slots`` rows of ``section`` under one head; each column is of one field."""
        shares = [float(column["width"]) for column in columns]
        head = tuple(zip((str(column["title"]) for column in columns), shares, strict=True))
        inner = WIDTH - GAP * (len(columns) - 1)
        found = []
        for number in range(slots):
            self.base[section] = f"{base}[{number}]"
            zones = []
            for column, share in zip(columns, shares, strict=True):
                path = next(iter((*column.get("lead", ()), *column.get("text", ()))))
                cell = self.cell(path, "", inner * share / sum(shares), TIGHT)
                widget = replace(cell.widget, kind="multi-line", bold="lead" in column)
                zones.append(Zone((Line((replace(cell, widget=widget, lines=1, height_of_one=_OF_TABLE),)),), share))
            found.append(Group((Strip(tuple(zones)),), columns=() if number else head))
        del self.base[section]
        return found

    def row(self, section: str, columns: Sequence[Mapping[str, Any]], base: str, factor: float = SHORT) -> Group:
        """Return the boxes of one row of ``section``, whose fields are named ``base.…``."""
        self.base[section] = base
        numbers = [str(column["number"]) for column in columns if column.get("number")]
        beside, below = self._spread(section, columns)
        inner, shares = WIDTH - INSET - GAP * (len(beside) - 1), sum(share for share, _ in beside)
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
            zones = [replace(zone, lines=tuple(map(taller, zone.lines))) for zone in zones]
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
            width = (WIDTH - INSET - GAP * (len(several) - 1)) / len(several)
            yield Strip(tuple(Zone((Line((self.cell(path, None, width, TIGHT),)),)) for path in several))
        rest = [self.cell(path, None, WIDTH - INSET, SHORT) for path in paths if path not in several]
        yield from (Strip((Zone((line,)),)) for line in lines(rest, WIDTH - INSET))

    def rows(
        self, section: str, columns: Sequence[Mapping[str, Any]], base: str, slots: int, factor: float = SHORT
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


def _expected(field: Field, factor: float, width: float) -> float:
    """Return for how many characters an answer has room: a multiple of its example, more where there is room."""
    told = len(field.example) or _UNTOLD.get(field.kind, 12)
    if field.kind in _MANY:
        return told * factor
    if field.kind == "ref":  # its example is an id, and what is shown is a name
        return _UNTOLD["ref"]
    times = 1.1 if factor != LONG else 1.7 if width == WIDTH else 1.3
    return (max(told, _LEAST) if field.kind == "text" else told) * times


def _least_lines(field: Field, factor: float) -> int:
    """Return how many lines a long answer has at least."""
    if factor != LONG:
        return 1 if factor == TIGHT else 2
    told = len(field.example) or _UNTOLD.get(field.kind, 12)
    return max(3 if told > _BRIEF else 2, field.example.count("\n") + 2)


def width_of(text: str, size: float) -> float:
    """Return the width of ``text`` in points."""
    return _faces().regular.width(text) * size / 1000


@cache
def _faces() -> Faces:
    return Faces()


def taller(line: Line) -> Line:
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
