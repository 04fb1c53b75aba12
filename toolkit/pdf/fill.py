"""Filling: the bytes of a compiled form and one revision behind them, written without any PDF library.

Nothing of the form itself is changed: what was true of its bytes stays true, and the same values give the same bytes.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from toolkit import slots
from toolkit.model import Missing
from toolkit.pdf.fonts import Faces, Ink, Typeface, pack
from toolkit.pdf.form import Field, Filled, Form, Misfit, Widget
from toolkit.pdf.layout import ABOVE, ASCENT, CAPITAL, LEADING, PADDING, Laid, Line, lay, lay_line

FLOOR = 7.5
"""No text is drawn smaller than so many points, unless the form itself asks for a smaller size."""
LARGEST = 12.0
"""What a size of 0 (as large as fits) begins with."""
LISTED = 9.5
"""What a size of 0 means in a list."""
DRAFT = "DRAFT"

_PAGE = (
    b"<</Type/Page/Parent %d 0 R/MediaBox[0 0 612 792]/CropBox[0 0 612 792]/Rotate 0/Resources %d 0 R/Contents %d 0 R>>"
)

Value = str | bool | Sequence[str] | None
"""A text, whether a box is ticked, several choices or lines; None leaves the field as it is."""


class Cut(NamedTuple):
    """After how many characters a text goes on elsewhere, and on which page."""

    at: int
    page: int


def note(several_lines: bool, page: int = 999) -> str:
    """Return what stands where a text goes on elsewhere."""
    return f"… continued on page {page}" if several_lines else f"… p. {page}"


class Shown(NamedTuple):
    """A line of text on a page that is added: where it stands, how large, whether bold."""

    x: float
    y: float
    size: float
    bold: bool
    text: str


class Filler:
    """Fills one form with one document's values after the other."""

    def __init__(self, form: Form, faces: Faces) -> None:
        self.form, self.faces = form, faces
        self._resources = form.size
        self._drawn = {
            id(widget): b"<</Type/XObject/Subtype/Form/BBox[0 0 %b %b]%b/Resources %d 0 R"
            % (
                _number(widget.width),
                _number(widget.height),
                b"/Matrix[%b]" % widget.matrix if widget.matrix else b"",
                self._resources,
            )
            for field in form.fields.values()
            for widget in field.widgets
        }

    def fill(
        self,
        values: Mapping[str, Value],
        continued: bool = False,
        cuts: Mapping[str, Cut] | None = None,
        draft: bool = False,
        more: Sequence[Sequence[Shown]] = (),
        signers: Mapping[str, str] | None = None,
    ) -> Filled:
        """Return the form with ``values`` by the names of its fields, and what did not go into it as it is.

        Where a text that does not fit can be ``continued`` elsewhere, room is kept for saying so, and the misfit tells
        how many characters stand before that. ``cuts`` are texts that do go on elsewhere. In a draft DRAFT stands on
        every page, a missing answer's question is highlighted, and a choice shows any text. ``more`` are pages to be
        added behind its own, a line of text each; ``signers`` the roles of signature fields with names of their own.
        """
        work = _Work(self, draft)
        for name, value in values.items():
            field = self.form.fields.get(name)
            if field is None or field.kind in ("button", "signature"):
                work.misfits.append(Misfit(name, "unknown"))
            elif value is not None:
                work.put(field, value, (cuts or {}).get(name), continued)
        for name, role in (signers or {}).items():
            work.mark(self.form.fields[name], role)
        work.add_pages(more)
        return Filled(work.finished(), work.misfits)


class _Work:
    """One document being filled."""

    def __init__(self, filler: Filler, draft: bool) -> None:
        self._form, self._faces, self._draft = filler.form, filler.faces, draft
        self._prefixes = filler._drawn
        self._ink = Ink(filler.faces)
        self._resources = filler._resources
        self._next = filler.form.size + 1
        self._plain: list[tuple[int, bytes]] = list(filler.form.changes)
        self._streams: list[tuple[int, bytes]] = list(filler.form.added)
        self.misfits: list[Misfit] = []

    # --- values ----------------------------------------------------------------------------------------------------

    def put(self, field: Field, value: Value, cut: Cut | None, continued: bool) -> None:
        """Set and draw one field."""
        if field.kind in ("check", "radio"):
            self._switch(field, value)
        elif field.kind == "list":
            self._list(field, value)
        else:
            text = _text(value)
            stored = shown = text
            if field.kind == "choice":
                chosen = _option(field, text)
                if chosen is not None:
                    stored, shown = chosen
                elif text and not (field.editable or self._draft):
                    self.misfits.append(Misfit(field.name, "choice"))
                    return
            entry = b"/V " + _string(stored)
            self._store(field, entry)
            mark = b"q 1 0.95 0.6 rg 0 0 %b %b re f Q\n" if isinstance(value, Missing) else b""
            if lacking := self._faces.lacks(shown):
                self.misfits.append(Misfit(field.name, "characters", characters=lacking))
            for widget in field.widgets:
                ground = widget.ground + (mark % (_number(widget.width), _number(widget.height)) if mark else b"")
                self._draw(widget, entry, ground + self._words(field, widget, shown, cut, continued))

    def mark(self, field: Field, role: str) -> None:
        """Let a signature field say the role that signs in it."""
        entry = b"%b%b" % (slots.MARK.encode("ascii"), _string(role))
        own = [(widget.number, widget.head) for widget in field.widgets if widget.holds]
        self._plain += [(number, b"%b%b>>" % (head, entry)) for number, head in (*own, *field.holders)]

    def _store(self, field: Field, entries: bytes) -> None:
        if not self._form.flat:
            self._plain += [(number, b"%b%b>>" % (head, entries)) for number, head in field.holders]

    def _draw(self, widget: Widget, entries: bytes, operators: bytes) -> None:
        """Let ``widget`` show what ``operators`` draw."""
        if self._form.flat:
            number = widget.number
        else:
            number, self._next = self._next, self._next + 1
            own = entries if widget.holds else b""
            self._plain.append((widget.number, b"%b%b/AP<</N %d 0 R>>>>" % (widget.head, own, number)))
        self._streams.append((number, _stream(self._prefixes[id(widget)], operators)))

    def _switch(self, field: Field, value: Value) -> None:
        """Tick a check box, or one of several."""
        state = _state(field, value)
        if state is None:
            self.misfits.append(Misfit(field.name, "choice"))
            return
        entry = b"/V" + _name(state or "Off")
        self._store(field, entry)
        for widget in field.widgets:
            own = _name(state if state and widget.state == state else "Off")
            if self._form.flat:
                self._streams.append((widget.number, _stream(widget.head, widget.states.get(own[1:].decode(), b""))))
            else:
                shown = b"/AS%b" % own
                self._plain.append((widget.number, b"%b%b%b>>" % (widget.head, entry if widget.holds else b"", shown)))

    def _list(self, field: Field, value: Value) -> None:
        """Select lines of a list; it is drawn from the first selected line on where not all can be seen."""
        wanted = (
            [value] if isinstance(value, str) else [str(one) for one in value] if isinstance(value, Sequence) else []
        )
        found = [_option(field, one) for one in wanted if one]
        if None in found or (len(found) > 1 and not field.multiple):
            self.misfits.append(Misfit(field.name, "choice"))
            return
        chosen = sorted({field.options.index(one) for one in found if one is not None})
        stored = [_string(field.options[index][0]) for index in chosen]
        single = stored[0] if stored else b"()"
        entries = b"/V %b/I[%b]" % (
            b"[%b]" % b"".join(stored) if len(stored) > 1 else single,
            b" ".join(b"%d" % index for index in chosen),
        )
        for widget in field.widgets:
            typeface, size = self._typeface(widget), widget.style.size or LISTED
            room = max(1, int((widget.height - 2 * ABOVE) / (LEADING * size)))
            top = min(chosen[0] if chosen else 0, max(0, len(field.options) - room))
            if chosen and chosen[-1] >= top + room:
                self.misfits.append(Misfit(field.name, "overflow"))
            parts = [widget.ground]
            for row, (_, label) in enumerate(field.options[top : top + room]):
                y = widget.height - ABOVE - (row + 1) * LEADING * size
                if top + row in chosen:
                    box = (_number(y), _number(widget.width - 2), _number(LEADING * size))
                    parts.append(b"q 0.6 0.76 0.85 rg 1 %b %b %b re f Q\n" % box)
                shown = self._ink.show(typeface, _number(size), label)
                parts.append(
                    b"BT %b %b %b Td %b ET\n" % (widget.style.color, _number(PADDING), _number(y + 0.25 * size), shown)
                )
            self._draw(widget, entries, b"/Tx BMC\n%b\nEMC" % b"".join(parts))
        self._store(field, entries)

    # --- text ------------------------------------------------------------------------------------------------------

    def _typeface(self, widget: Widget) -> Typeface:
        return self._faces.bold if widget.style.bold else self._faces.regular

    def _words(self, field: Field, widget: Widget, text: str, cut: Cut | None, continued: bool) -> bytes:
        """Return the operators that draw ``text``, and note what does not fit."""
        style, typeface = widget.style, self._typeface(widget)
        start = style.size or LARGEST
        floor = min(FLOOR, start)
        ending = note(field.multiline, cut.page) if cut else ""
        kept = note(field.multiline) if continued and not cut else ""
        drawn = text[: cut.at].removesuffix("\n") if cut else text
        room = widget.width, widget.height
        if field.comb and field.max_length:
            return self._cells(field, widget, text, typeface)
        if field.max_length and len(drawn) > field.max_length:
            drawn = drawn[: field.max_length]
            self.misfits.append(Misfit(field.name, "overflow", field.max_length))
        if field.multiline:
            whole = f"{drawn}\n{ending}" if ending and drawn else drawn + ending
            laid = lay(whole, typeface, room, start, floor, kept)
        else:
            whole = drawn + ending
            start = style.size or max(floor, min(LARGEST, (widget.height - 2) / 1.2))
            laid = lay_line(whole, typeface, widget.width, start, floor, kept)
        if laid.at is not None:
            self.misfits.append(Misfit(field.name, "overflow", laid.at))
        lines = self._lines if field.multiline else self._line
        return b"/Tx BMC\n%b EMC" % lines(widget, whole, typeface, laid)

    def _line(self, widget: Widget, text: str, typeface: Typeface, laid: Laid) -> bytes:
        line = laid.lines[0]
        x = _left(widget, line, laid.size)
        y = max(0.22 * laid.size, (widget.height - CAPITAL * laid.size) / 2)
        shown = self._ink.show(typeface, _number(laid.size), text[: line.end])
        return b"BT %b %b %b Td %b ET" % (widget.style.color, _number(x), _number(y), shown)

    def _lines(self, widget: Widget, text: str, typeface: Typeface, laid: Laid) -> bytes:
        """Draw each paragraph as a text object of its own, the spaces at the end of each line with it."""
        size, show = _number(laid.size), self._ink.show
        step = LEADING * laid.size
        y = widget.height - ABOVE - ASCENT * laid.size
        color, leading = widget.style.color, _number(step)
        parts = []
        before: float | None = None
        for line in laid.lines:
            x = _left(widget, line, laid.size)
            shown = show(typeface, size, text[line.start : line.end])
            if before is None:
                parts.append(b"BT %b %b %b Td %b" % (color, _number(x), _number(y), shown))
            else:
                parts.append(b"%b -%b Td %b" % (_number(x - before), leading, shown))
            before, y = (None if line.last else x), y - step
            if line.last:
                parts.append(b"ET\n")
        if before is not None:
            parts.append(b"ET\n")
        return b" ".join(parts)

    def _cells(self, field: Field, widget: Widget, text: str, typeface: Typeface) -> bytes:
        """Draw each character in the middle of its cell."""
        cell = widget.width / field.max_length
        size = widget.style.size or max(FLOOR, min(LARGEST, (widget.height - 2) / 1.2))
        if len(text) > field.max_length:
            self.misfits.append(Misfit(field.name, "overflow", field.max_length))
            text = text[: field.max_length]
        shift = {1: (field.max_length - len(text)) / 2, 2: field.max_length - len(text)}.get(widget.style.align, 0)
        y = max(0.22 * size, (widget.height - CAPITAL * size) / 2)
        parts = [b"BT %b 0 %b Td" % (widget.style.color, _number(y))]
        before = 0.0
        for index, one in enumerate(text):
            x = (shift + index + 0.5) * cell - typeface.width(one) * size / 2000
            parts.append(b"%b 0 Td %b" % (_number(x - before), self._ink.show(typeface, _number(size), one)))
            before = x
        return b"/Tx BMC\n%b ET EMC" % b" ".join(parts)

    # --- pages behind the form -------------------------------------------------------------------------------------

    def add_pages(self, sheets: Sequence[Sequence[Shown]]) -> None:
        """Add pages behind those of the form."""
        tree = self._form.tree
        if not sheets or tree is None:
            return
        kids = [tree.kids]
        for sheet in sheets:
            page, content, self._next = self._next, self._next + 1, self._next + 2
            self._plain.append((page, _PAGE % (tree.number, self._resources, content)))
            self._streams.append((content, _stream(b"<<", b"\n".join(map(self._shown, sheet)))))
            kids.append(b"%d 0 R" % page)
        count = tree.count + len(sheets)
        self._plain.append((tree.number, b"%b/Kids[%b]/Count %d>>" % (tree.head, b" ".join(kids), count)))

    def _shown(self, line: Shown) -> bytes:
        typeface = self._faces.bold if line.bold else self._faces.regular
        place = _number(line.x), _number(line.y)
        return b"BT 0 g %b %b Td %b ET" % (*place, self._ink.show(typeface, _number(line.size), line.text))

    # --- the file --------------------------------------------------------------------------------------------------

    def finished(self) -> bytes:
        """Return the form with its new revision."""
        form = self._form
        if not (self._plain or self._streams or (self._draft and form.draft)):
            return form.data
        more = b""
        if self._draft and form.draft is not None:
            width, height = form.draft_box
            head = b"<</Type/XObject/Subtype/Form/BBox[0 0 %b %b]/Resources %d 0 R" % (
                _number(width), _number(height), self._resources
            )  # fmt: skip
            self._streams.append((form.draft, _stream(head, self._draft_mark(width, height))))
            more = b"/ExtGState<</Draft<</ca 0.18>>>>"
        fonts, objects = self._ink.objects(self._next)
        streams = [(self._resources, b"<</Font%b%b>>" % (fonts, more)), *self._streams]
        streams += enumerate(objects, self._next)
        return _revised(form, self._plain, streams, self._next + len(objects))

    def _draft_mark(self, width: float, height: float) -> bytes:
        face, size = self._faces.bold, width / 4
        across = face.width(DRAFT) * size / 1000 * 0.7071 / 2
        drop = CAPITAL * size * 0.7071 / 2
        place = _number(width / 2 - across + drop), _number(height / 2 - across - drop)
        shown = self._ink.show(face, _number(size), DRAFT)
        return b"q /Draft gs BT 0.5 g 0.7071 0.7071 -0.7071 0.7071 %b %b Tm %b ET Q" % (*place, shown)


# --- values and their spelling -------------------------------------------------------------------------------------


def _text(value: Value) -> str:
    text = (
        value if isinstance(value, str) else "\n".join(map(str, value)) if isinstance(value, Sequence) else str(value)
    )
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def _option(field: Field, text: str) -> tuple[str, str] | None:
    """Return what a choice stores and shows for ``text``, which is one or the other."""
    if not text:
        return "", ""
    pairs = ((pair for pair in field.options if text == pair[side]) for side in (0, 1))
    return next((pair for several in pairs for pair in several), None)


def _state(field: Field, value: Value) -> str | None:
    """Return the state of a button for ``value``, empty for off, None where it has no such state."""
    states = {state: None for state, _ in field.options if state}
    if value is True:
        return next(iter(states)) if len(states) == 1 else None
    if value is False or value == "":
        return ""
    if isinstance(value, str) and value in states:
        return str(value)
    return next((state for state, label in field.options if state and value == label), None)


def _left(widget: Widget, line: Line, size: float) -> float:
    free = widget.width - line.width * size / 1000
    return {1: free / 2, 2: free - PADDING}.get(widget.style.align, PADDING)


_NUMBERS: dict[float, bytes] = {}


def _number(value: float) -> bytes:
    found = _NUMBERS.get(value)
    if found is None:
        if len(_NUMBERS) > 20_000:
            _NUMBERS.clear()
        found = _NUMBERS[value] = (b"%.2f" % value).rstrip(b"0").rstrip(b".")
    return found


def _escape(found: re.Match[bytes]) -> bytes:
    return b"\\r" if found[0] == b"\r" else b"\\" + found[0]


_ESCAPED = re.compile(rb"[()\\\r]")


def _string(text: str) -> bytes:
    """Return ``text`` as a PDF writes it."""
    if text.isascii():
        raw = text.encode("ascii")
        return b"(%b)" % (_ESCAPED.sub(_escape, raw) if _ESCAPED.search(raw) else raw)
    return b"<FEFF%b>" % text.encode("utf-16-be", "replace").hex().encode("ascii")


def _name(text: str) -> bytes:
    """Return ``text`` as a PDF writes a name."""
    raw = text.encode("utf-8", "surrogateescape")
    return b"/" + re.sub(rb"[^!$&*+\-.0-9:;=?@A-Z^_`a-z|~]", lambda found: b"#%02X" % found[0][0], raw)


# --- a revision of the file ----------------------------------------------------------------------------------------


def _stream(head: bytes, content: bytes) -> bytes:
    """Return a stream; ``head`` is its dictionary, left open."""
    if len(content) > 400:
        content = pack(content)
        head += b"/Filter/FlateDecode"
    return b"%b/Length %d>>\nstream\n%b\nendstream" % (head, len(content), content)


def _revised(form: Form, plain: Iterable[tuple[int, bytes]], streams: list[tuple[int, bytes]], following: int) -> bytes:
    """Return the bytes of ``form`` with changed and new objects behind them, in the manner of the file itself."""
    parts, entries = [form.data, b"" if form.data.endswith(b"\n") else b"\n"], []
    place = sum(map(len, parts))
    packed: list[tuple[int, bytes]] = []
    if form.stream:
        packed = list(plain)
        if packed:
            streams.append((following, _together(packed)))
            following += 1
    else:
        streams += plain
    for number, content in streams:
        item = b"%d 0 obj\n%b\nendobj\n" % (number, content)
        entries.append((number, 1, place, 0))
        parts.append(item)
        place += len(item)
    entries += [(number, 2, following - 1, index) for index, (number, _) in enumerate(packed)]
    digest = hashlib.md5(usedforsecurity=False)
    for part in parts:
        digest.update(part)
    trailer = b"/Size %d/Root %b%b/Prev %d/ID[<%b><%b>]" % (
        following + form.stream,
        form.root,
        b"/Info " + form.info if form.info else b"",
        form.startxref,
        form.identity.hex().encode("ascii"),
        digest.hexdigest().encode("ascii"),
    )
    ending = _listed_in_stream if form.stream else _listed_in_table
    parts += [ending(entries, following, place, trailer), b"startxref\n%d\n%%%%EOF\n" % place]
    return b"".join(parts)


def _together(objects: list[tuple[int, bytes]]) -> bytes:
    """Return an object stream of ``objects``."""
    places, at = [], 0
    for number, content in objects:
        places.append(b"%d %d" % (number, at))
        at += len(content) + 1
    first = b" ".join(places) + b"\n"
    content = pack(first + b"\n".join(content for _, content in objects))
    return b"<</Type/ObjStm/N %d/First %d/Filter/FlateDecode/Length %d>>\nstream\n%b\nendstream" % (
        len(objects), len(first), len(content), content,
    )  # fmt: skip


Entry = tuple[int, int, int, int]


def _sections(entries: list[Entry]) -> Iterable[list[Entry]]:
    """Yield entries in runs of consecutive numbers; of two for one number the later counts."""
    entries = sorted({entry[0]: entry for entry in entries}.values())
    start = 0
    for index in range(1, len(entries) + 1):
        if index == len(entries) or entries[index][0] != entries[index - 1][0] + 1:
            yield entries[start:index]
            start = index


def _listed_in_stream(entries: list[Entry], number: int, place: int, trailer: bytes) -> bytes:
    index, rows = [], []
    for run in _sections([*entries, (number, 1, place, 0)]):
        index.append(b"%d %d" % (run[0][0], len(run)))
        rows += [((kind << 48) | (at << 16) | sub).to_bytes(7, "big") for _, kind, at, sub in run]
    content = pack(b"".join(rows))
    head = b"<</Type/XRef%b/W[1 4 2]/Index[%b]/Filter/FlateDecode" % (trailer, b" ".join(index))
    return b"%d 0 obj\n%b/Length %d>>\nstream\n%b\nendstream\nendobj\n" % (number, head, len(content), content)


def _listed_in_table(entries: list[Entry], number: int, place: int, trailer: bytes) -> bytes:
    parts = [b"xref\n0 1\n0000000000 65535 f \n"]
    for run in _sections(entries):
        parts.append(b"%d %d\n" % (run[0][0], len(run)))
        parts += [b"%010d 00000 n \n" % at for _, _, at, _ in run]
    return b"".join(parts) + b"trailer\n<<%b>>\n" % trailer
