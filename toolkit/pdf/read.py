"""What a finished PDF shows: how each field is drawn, and what its pages say, read by other code than wrote it.

Characters are those of the fonts' own tables from code to character, as copying from a reader gives them; a value
that is stored but not drawn is not seen.
"""

from __future__ import annotations

import io
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any, NamedTuple, TypeAlias

from msgspec import Struct, field
from pypdf import PdfReader
from pypdf.errors import PyPdfError

from toolkit.errors import ReadError

Object: TypeAlias = Any
"""A pypdf object."""

WRONG = (
    PyPdfError, TypeError, ValueError, LookupError, AttributeError, ArithmeticError,
    NotImplementedError, RecursionError,
)  # fmt: skip
Operation = tuple[str, list[Any]]
"""An operator of a content stream, and what it is given."""

MAX_FIELDS = 10_000
MAX_DEPTH = 32
MAX_DRAWN_DEPTH = 8
MAX_CONTENT = 32_000_000
MAX_CHARACTERS = 0x20000
"""How many characters a font's own table is read for."""
MAX_DRAWINGS = 20_000
"""How many drawings within drawings are followed."""
TOLERANCE = 1.0
"""How many points a text may stand out of its box before it counts as cut."""

_TOKENS = (
    rb"%[^\r\n]*"
    rb"|(?P<text>\((?:[^()\\]|\\.|\((?:[^()\\]|\\.|\((?:[^()\\]|\\.)*\))*\))*\))"
    rb"|(?P<hex><[0-9A-Fa-f\s]*>)"
    rb"|(?P<name>/[^\s/\[\]<>(){}%]*)"
    rb"|(?P<number>[-+]?(?:\d+\.?\d*|\.\d+))"
    rb"|(?P<operator>[A-Za-z'\"][A-Za-z0-9*]*)"
    rb"|(?P<array>[\[\]])|<<|>>"
)
_TOKEN = re.compile(rb"\bBI\b.*?\bEI\b|" + _TOKENS, re.S)
_NO_PICTURE = re.compile(_TOKENS, re.S)
_PICTURE_ENDS = re.compile(rb"\bEI\b")
_ESCAPE = re.compile(rb"\\([0-7]{1,3}|\r\n|.)", re.S)
_ESCAPED = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f", b"\n": b"", b"\r": b"", b"\r\n": b""}
_CODE = re.compile(rb"#([0-9A-Fa-f]{2})")
_CHARS = re.compile(rb"beginbfchar(.*?)endbfchar", re.S)
_RANGES = re.compile(rb"beginbfrange(.*?)endbfrange", re.S)
_RANGE = re.compile(rb"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>\s*(?:<([0-9A-Fa-f\s]*)>|\[(.*?)\])", re.S)
_PAIR = re.compile(rb"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f\s]*)>")


class Seen(Struct, frozen=True):
    """A field as a finished file holds and shows it."""

    name: str
    value: str
    """What is stored; the state of a button, the lines of a list."""
    drawn: tuple[str, ...]
    """What each of its places shows, a paragraph a line; of a button, the state."""
    state: bool
    """Whether it is a check box or radio button, of which only the state is known."""
    whole: bool
    """Whether all that is drawn stands within its box."""


class Contents(Struct, frozen=True):
    """What a finished file shows."""

    fields: Mapping[str, Seen] = field(default_factory=dict)
    pages: tuple[str, ...] = ()
    """What the pages draw themselves, a text object a line."""

    def texts(self) -> list[str]:
        """Return all that can be read in the document: fields, then pages."""
        return [text for seen in self.fields.values() for text in seen.drawn] + list(self.pages)


def read(data: bytes, name: str = "The PDF", strict: bool = True, first: int = 0) -> Contents:
    """Return what the finished PDF ``data`` shows, of its pages those from number ``first`` on, counted from 0.

    Raises ReadError where it cannot be read; ``name`` stands in it.
    """
    try:
        reader = PdfReader(io.BytesIO(data), strict=strict)
        if reader.is_encrypted:
            raise ReadError(f"{name} is protected by a password and cannot be read back.")
        drawer = _Drawer()
        seen = {one.name: one for one in _fields(reader, drawer, name)}
        pages = tuple(
            drawer.drawn(_operations_of_page(content_of(page.get("/Contents"))), page.get("/Resources")).text
            for page in reader.pages[first:]
        )
        reader.resolved_objects.clear()  # each refers to the reader, and would stay until circular garbage is sought
        return Contents(seen, pages)
    except WRONG as error:
        raise ReadError(f"{name} is damaged or not a PDF, and cannot be read back.") from error


# --- fields --------------------------------------------------------------------------------------------------------


def _fields(reader: PdfReader, drawer: _Drawer, name: str) -> Iterator[Seen]:
    form = got(got(reader.trailer["/Root"]).get("/AcroForm"))
    stack = [(got(item), "", None) for item in reversed(got(form.get("/Fields")) or ())] if form else []
    count = 0
    while stack:
        item, above, kind = stack.pop()
        count += 1
        if count > MAX_FIELDS or above.count(".") > MAX_DEPTH:
            raise ReadError(f"{name} has too many fields.")
        part = str(item.get("/T", ""))
        full = f"{above}.{part}" if above and part else above or part
        kind = item.get("/FT", kind)
        kids = [got(kid) for kid in got(item.get("/Kids")) or ()]
        if any("/T" in kid for kid in kids):
            stack += [(kid, full, kind) for kid in reversed(kids)]
        else:
            yield _seen(full, item, kids or [item], kind, drawer)


def _seen(name: str, item: Object, widgets: Iterable[Object], kind: Object, drawer: _Drawer) -> Seen:
    value = got(item.get("/V"))
    drawn, whole = [], True
    for widget in widgets:
        if kind == "/Btn":
            drawn.append(str(widget.get("/AS", "/Off"))[1:])
            continue
        normal = got((got(widget.get("/AP")) or {}).get("/N"))
        if normal is None or not hasattr(normal, "get_data"):
            drawn.append("")
            continue
        made = drawer.drawn(operations(normal.get_data()), normal.get("/Resources"))
        drawn.append(made.text)
        box = [float(side) for side in normal["/BBox"]]
        whole = whole and all(piece.within(box) for piece in made.pieces)
    return Seen(name, _spelled(value), tuple(drawn), kind == "/Btn", whole)


def _spelled(value: Object) -> str:
    if value is None:
        return ""
    if isinstance(value, list):
        return "\n".join(map(_spelled, value))
    text = str(value)
    if text.startswith("/") and type(value).__name__ == "NameObject":
        return "" if text == "/Off" else text[1:]
    return text.replace("\r\n", "\n").replace("\r", "\n")


def got(item: Object) -> Object:
    """Return what a reference of the file leads to; anything else as it is."""
    return item.get_object() if item is not None and hasattr(item, "get_object") else item


def content_of(item: Object) -> bytes:
    """Return the operators of a page. Raises ReadError where they are unreasonably many."""
    item = got(item)
    if item is None:
        return b""
    parts = [part.get_object().get_data() for part in item] if isinstance(item, list) else [item.get_data()]
    content = b"\n".join(parts)
    if len(content) > MAX_CONTENT:
        raise ReadError("A page of the PDF draws unreasonably much, and cannot be read back.")
    return content


# --- what is drawn -------------------------------------------------------------------------------------------------


class _Piece(NamedTuple):
    """A piece of text where it stands."""

    x: float
    y: float
    width: float
    size: float

    def within(self, box: list[float]) -> bool:
        """Tell whether it stands in ``box``, give or take what accents and descenders need."""
        return (
            self.x >= box[0] - TOLERANCE
            and self.x + self.width <= box[2] + TOLERANCE
            and self.y >= box[1] - TOLERANCE
            and self.y + 0.6 * self.size <= box[3] + TOLERANCE
        )


class _Drawn(NamedTuple):
    text: str
    pieces: list[_Piece]


class Font:
    """How a font's codes are read: their length, characters and widths."""

    def __init__(self, font: Object) -> None:
        self.length = 2 if font.get("/Subtype") == "/Type0" else 1
        table = got(font.get("/ToUnicode"))
        self._characters = _characters(table.get_data()) if table is not None else {}
        self._widths, self._default = _widths(font)
        self._known: dict[bytes, tuple[str, float]] = {}

    def read(self, codes: bytes) -> tuple[str, float]:
        """Return the text and the width, in thousandths of the size, of a string of codes."""
        if self.length == 1:
            numbers: Iterable[int] = codes
        else:
            numbers = [codes[at] << 8 | codes[at + 1] for at in range(0, len(codes) - 1, 2)]
        characters, widths = self._characters, self._widths
        text = "".join([characters.get(one) or self._plain(one) for one in numbers])
        return text, sum([widths.get(one, self._default) for one in numbers])

    def _plain(self, code: int) -> str:
        return bytes([code]).decode("cp1252", "replace") if self.length == 1 else "\ufffd"


class Fonts:
    """The fonts of a document, each read once."""

    def __init__(self) -> None:
        self._known: dict[Any, Font] = {}

    def of(self, resources: Object, name: str) -> Font | None:
        """Return the font that ``resources`` call ``name``, None where there is none."""
        fonts: Object = got(resources.get("/Font")) or {}
        if name not in fonts:
            return None
        raw = fonts.raw_get(name)
        key = getattr(raw, "idnum", None) or id(raw)
        if key not in self._known:
            self._known[key] = Font(got(raw))
        return self._known[key]


def _characters(table: bytes) -> dict[int, str]:
    """Return what a ToUnicode table says: the characters of each code."""
    found: dict[int, str] = {}
    room = MAX_CHARACTERS
    for part in _CHARS.findall(table):
        found.update({int(code, 16): _utf16(text) for code, text in _PAIR.findall(part)})
    for part in _RANGES.findall(table):
        for first, last, text, listed in _RANGE.findall(part):
            if len(found) >= MAX_CHARACTERS or room <= 0:
                return found
            room -= max(1, min(int(last, 16), 0xFFFF) - int(first, 16))
            low, high = int(first, 16), min(int(last, 16), 0xFFFF)
            if listed:
                texts = [_utf16(one) for one in re.findall(rb"<([0-9A-Fa-f\s]*)>", listed)]
                found.update(zip(range(low, high + 1), texts, strict=False))
            else:
                start = _utf16(text)
                found.update({low + step: start[:-1] + chr(ord(start[-1]) + step) for step in range(high - low + 1)})
    return found


def _utf16(text: bytes) -> str:
    return bytes.fromhex(text.decode("ascii")).decode("utf-16-be", "replace")


def _widths(font: Object) -> tuple[dict[int, float], float]:
    if font.get("/Subtype") != "/Type0":
        first = int(font.get("/FirstChar", 0))
        listed = got(font.get("/Widths")) or ()
        return {first + at: float(got(width)) for at, width in enumerate(listed)}, 0
    kid = got(got(font["/DescendantFonts"])[0])
    widths: dict[int, float] = {}
    parts = list(got(kid.get("/W")) or ())
    at = 0
    while at + 1 < len(parts):
        start, following = int(parts[at]), got(parts[at + 1])
        if isinstance(following, list):
            widths.update({start + step: float(width) for step, width in enumerate(following)})
            at += 2
        else:
            last = min(int(following), 0xFFFF)
            widths.update(dict.fromkeys(range(start, last + 1), float(parts[at + 2])))
            at += 3
    return widths, float(kid.get("/DW", 1000))


class _Drawer:
    """Follows the operators of pages and appearances, and gathers the text that they draw."""

    def __init__(self) -> None:
        self._fonts = Fonts()
        self._drawings = 0

    def drawn(self, steps: Iterable[Operation], resources: Object, depth: int = 0) -> _Drawn:
        """Return the text that ``steps`` draw, a text object a line, and where its pieces stand."""
        resources = got(resources) or {}
        pen = _Pen()
        moves = pen.moves
        for operator, given in steps:
            if operator in moves:
                moves[operator](*given)
            elif operator == "Tf":
                pen.font, pen.size = self._fonts.of(resources, given[0]), given[1]
            elif operator == "Do" and depth < MAX_DRAWN_DEPTH:
                item = got((got(resources.get("/XObject")) or {}).get(given[0]))
                if item is not None and item.get("/Subtype") == "/Form":
                    self._drawings += 1
                    if self._drawings > MAX_DRAWINGS:
                        raise ReadError("The PDF draws unreasonably much, and cannot be read back.")
                    inner = operations(item.get_data())
                    pen.lines.append(self.drawn(inner, item.get("/Resources", resources), depth + 1).text)
        return _Drawn("\n".join(pen.lines), pen.pieces)


class _Pen:
    """Where text is drawn, and what was drawn so far. Scale and turn of the page do not matter to its words."""

    def __init__(self) -> None:
        self.font: Font | None = None
        self.size = self._leading = 0.0
        self._x = self._y = self._left = self._top = 0.0
        self._texts: list[str] = []
        self.lines: list[str] = []
        self.pieces: list[_Piece] = []
        self.moves: Mapping[str, Callable[..., None]] = {
            "BT": self._begin,
            "ET": self._end,
            "Td": self._move,
            "TD": self._move_and_lead,
            "Tm": self._set,
            "TL": self._lead,
            "T*": self._next,
            "Tj": self._show,
            "TJ": self._show_all,
            "'": self._next_and_show,
            '"': self._next_and_show_spaced,
        }

    def _begin(self) -> None:
        self._texts = []
        self._x = self._y = self._left = self._top = 0.0

    def _end(self) -> None:
        self.lines.append("".join(self._texts))

    def _move(self, x: float, y: float) -> None:
        self._x = self._left = self._left + x
        self._y = self._top = self._top + y

    def _move_and_lead(self, x: float, y: float) -> None:
        self._leading = -y
        self._move(x, y)

    def _set(self, a: float, b: float, c: float, d: float, x: float, y: float) -> None:
        self._x, self._y = self._left, self._top = x, y

    def _lead(self, leading: float) -> None:
        self._leading = leading

    def _next(self) -> None:
        self._move(0.0, -self._leading)

    def _next_and_show(self, codes: bytes) -> None:
        self._next()
        self._show(codes)

    def _next_and_show_spaced(self, word: float, character: float, codes: bytes) -> None:
        self._next_and_show(codes)

    def _show_all(self, parts: Iterable[bytes | float]) -> None:
        for part in parts:
            if isinstance(part, bytes):
                self._show(part)
            else:
                self._x -= part * self.size / 1000

    def _show(self, codes: bytes) -> None:
        if self.font is None:
            return
        text, width = self.font.read(codes)
        if text and not text.isspace():
            ink = width - self.font.read(codes[-self.font.length :])[1] if text[-1].isspace() else width
            self.pieces.append(_Piece(self._x, self._y, ink * self.size / 1000, self.size))
        self._texts.append(text)
        self._x += width * self.size / 1000


def operations(content: bytes) -> list[Operation]:
    """Return the operators of ``content``, each with what it is given."""
    return [*_operations(_TOKEN, content, 0, end := _last_picture(content)), *_operations(_NO_PICTURE, content, end)]


def _last_picture(content: bytes) -> int:
    """Return where the last inline picture ends: behind it no other one is looked for, again and again to the end."""
    return max((found.end() for found in _PICTURE_ENDS.finditer(content)), default=0)


def _operations(tokens: re.Pattern[bytes], content: bytes, start: int, end: int = sys.maxsize) -> list[Operation]:
    found: list[Operation] = []
    operands: list[Any] = []
    listed: list[Any] = []
    for token in tokens.finditer(content, start, end):
        kind, raw = token.lastgroup, token[0]
        if kind == "number":
            operands.append(float(raw))
        elif kind in ("text", "hex"):
            operands.append(_string(raw))
        elif kind == "operator":
            found.append((raw.decode("latin-1"), operands))
            operands = []
        elif kind == "name":
            operands.append(_name(raw))
        elif raw == b"[":
            listed, operands = operands, []
        elif raw == b"]":
            operands = [*listed, operands]
    return found


_operations_of_page = lru_cache(maxsize=256)(operations)
"""The same for what is the same in all documents of a form: its pages."""


def _name(raw: bytes) -> str:
    return _CODE.sub(lambda found: bytes([int(found[1], 16)]), raw).decode("utf-8", "replace")


def _string(raw: bytes) -> bytes:
    if raw.startswith(b"<"):
        digits = b"".join(raw[1:-1].split())
        return bytes.fromhex((digits + b"0" * (len(digits) % 2)).decode("ascii"))
    return _ESCAPE.sub(_unescaped, raw[1:-1]) if b"\\" in raw else raw[1:-1]


def _unescaped(found: re.Match[bytes]) -> bytes:
    code = found[1]
    return bytes([int(code, 8) & 255]) if code[:1].isdigit() and code[:1] < b"8" else _ESCAPED.get(code, code)
