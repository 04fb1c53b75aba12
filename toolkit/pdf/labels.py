"""What is printed beside the fields of a form: the words that a person reads to know what belongs there."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple, TypeAlias

from pypdf import PdfReader

from toolkit.pdf.form import Field, Form, Widget
from toolkit.pdf.read import WRONG, Font, Fonts, content_of, got, operations

Object: TypeAlias = Any
"""A pypdf object."""

MAX_CONTENT = 2_000_000
"""Bytes of a page's operators beyond which its words are not looked for."""
MAX_PAGES = 200
MAX_RUNS, MAX_DRAWINGS = 20_000, 500
_DEPTH = 4
_USUAL = 500.0
"""The width of a character whose font does not tell."""
_GAP = re.compile(r"\s{3,}|\s*(?:_{2,}|\.{4,}|…{2,})[\s._…]*")
_ENDS = " \t\n:_.*…|□☐❑○◯"
_NEAR, _FAR = 24.0, 220.0
"""How far from a button, and from another field, its words may stand."""

Matrix = tuple[float, float, float, float, float, float]
_SAME: Matrix = (1, 0, 0, 1, 0, 0)
Box = tuple[float, float, float, float]


class Phrase(NamedTuple):
    """Words that stand together on a page, and where: from left to right, on which baseline, how large."""

    text: str
    x0: float
    y: float
    x1: float
    size: float


class Label(NamedTuple):
    """What a field is called, and where that stands; of buttons also what is asked."""

    text: str = ""
    how: str = ""
    """``tooltip``, ``left``, ``right``, ``above``, ``below`` or ``inside``."""
    question: str = ""


class Printed:
    """The printed words of a form, and what its fields are called by them."""

    def __init__(self, form: Form) -> None:
        self._form = form
        self._pages = dict(_pages(form))

    def label(self, field: Field) -> Label:
        """Return what ``field`` is called: its tooltip, or else the words beside its first place."""
        beside = self._beside(field)
        tooltip = " ".join(field.label.split())
        return Label(tooltip, "tooltip", beside.question) if tooltip else beside

    def options(self, field: Field) -> dict[str, str]:
        """Return the words beside each button of ``field``, by its state."""
        found = {}
        for widget in field.widgets:
            page = self._pages.get(widget.page) if widget.page is not None else None
            if page is not None and widget.state:
                found[widget.state] = page.beside_button(widget).text
        return found

    def _beside(self, field: Field) -> Label:
        for widget in field.widgets:
            page = self._pages.get(widget.page) if widget.page is not None else None
            if page is not None:
                button = field.kind in ("check", "radio")
                return page.beside_button(widget) if button else page.beside(widget, field.multiline)
        return Label()


# --- words around a place ------------------------------------------------------------------------------------------


class _Page:
    """The phrases of a page, and the boxes of all its fields, as one who reads it sees them."""

    def __init__(self, phrases: Sequence[Phrase], boxes: dict[int, Box], buttons: frozenset[int]) -> None:
        self._phrases, self._boxes, self._buttons = phrases, boxes, buttons

    def beside(self, widget: Widget, multiline: bool) -> Label:
        """Return the words beside, above, in or below the box of a text."""
        box = self._boxes[widget.number]
        best: tuple[float, str, Phrase] | None = None
        for phrase in self._phrases:
            for cost, how in self._costs(phrase, box, multiline):
                if (best is None or cost < best[0]) and not self._between(phrase, box, widget.number, how):
                    best = cost, how, phrase
        return Label(best[2].text, best[1]) if best else Label()

    def _costs(self, phrase: Phrase, box: Box, multiline: bool) -> Iterator[tuple[float, str]]:
        x0, y0, x1, y1 = box
        ends = 4.0 if phrase.text.endswith(":") else 0.0
        middle = phrase.y + 0.35 * phrase.size
        if phrase.x1 <= x0 + 3 and x0 - phrase.x1 < _FAR and y0 - 4 <= middle <= y1 + 3:
            lower = (y1 - middle) * 0.3 if multiline else abs((y0 + y1) / 2 - middle)
            yield (x0 - phrase.x1) * 0.35 + lower - ends, "left"
        over = min(phrase.x1, x1) - max(phrase.x0, x0) > 0
        if over and -2 <= phrase.y - y1 <= 20:
            yield (phrase.y - y1) + 3 + min(abs(phrase.x0 - x0), 60) * 0.25 - ends, "above"
        if over and x0 - 2 <= phrase.x0 and y0 < middle < y1 and phrase.x1 <= x1 + 2:
            yield 2 + (y1 - middle) * 0.3, "inside"
        if over and 0 < y0 - phrase.y <= 14:
            yield (y0 - phrase.y) + 16 + min(abs(phrase.x0 - x0), 60) * 0.25, "below"

    def _between(self, phrase: Phrase, box: Box, number: int, how: str) -> bool:
        """Tell whether another field stands between words and box: then they are its own."""
        x0, _, x1, y1 = box
        middle = phrase.y + 0.35 * phrase.size
        for other, (a, b, c, d) in self._boxes.items():
            if other == number:
                continue
            if how == "left" and b < middle < d and phrase.x1 - 3 <= a and c <= x0 + 3:
                return True
            if (
                how == "above"
                and a < min(x1, phrase.x1)
                and c > max(x0, phrase.x0)
                and b >= y1 - 3
                and d <= phrase.y + 3
            ):
                return True
            if how in ("above", "below") and b < middle < d and (a - 3 <= phrase.x0 and phrase.x1 <= c + 3):
                return True
        return False

    def beside_button(self, widget: Widget) -> Label:
        """Return the words at the right of a button, or else at its left, and what they answer."""
        box = self._boxes[widget.number]
        row = [phrase for phrase in self._phrases if self._same_row(phrase, box)]
        right = min((one for one in row if -2 <= one.x0 - box[2] <= _NEAR), key=lambda one: one.x0, default=None)
        left = max((one for one in row if -2 <= box[0] - one.x1 <= _NEAR), key=lambda one: one.x1, default=None)
        own = right or left
        claimed = [one for one in row if self._claimed(one)]
        asks = [one for one in row if one is not own and one not in claimed and one.x1 <= box[0] + 3]
        question = max(asks, key=lambda one: one.x1).text if asks else self._above(box)
        if own is None:
            return Label(question, "left" if asks else "above") if question else Label()
        return Label(own.text, "right" if right else "left", question)

    def _same_row(self, phrase: Phrase, box: Box) -> bool:
        middle = phrase.y + 0.35 * phrase.size
        return abs(middle - (box[1] + box[3]) / 2) <= max(5.0, (box[3] - box[1]) / 2)

    def _claimed(self, phrase: Phrase) -> bool:
        """Tell whether a phrase stands at the right of a button, whose it is then."""
        return any(
            self._same_row(phrase, self._boxes[other]) and -2 <= phrase.x0 - self._boxes[other][2] <= _NEAR
            for other in self._buttons
        )

    def _above(self, box: Box) -> str:
        over = [
            one
            for one in self._phrases
            if 0 <= one.y - box[3] <= 60 and one.x0 - 30 <= box[0] and not self._claimed(one)
        ]
        return min(over, key=lambda one: (one.y - box[3], abs(one.x0 - box[0]))).text if over else ""


# --- the words of a page -------------------------------------------------------------------------------------------


def _pages(form: Form) -> Iterator[tuple[int, _Page]]:
    """Yield the pages that have fields; one whose words cannot be read has none."""
    widgets = [(widget, field.kind in ("check", "radio")) for field in form.fields.values() for widget in field.widgets]
    wanted = {widget.page for widget, _ in widgets if widget.page is not None}
    try:
        reader = PdfReader(io.BytesIO(form.data))
        pages = {number: reader.pages[number] for number in sorted(wanted)[:MAX_PAGES]}
    except WRONG:
        return
    fonts = Fonts()
    for number, page in pages.items():
        own = [(widget, button) for widget, button in widgets if widget.page == number]
        turn = _Turn(0, 0, 0)
        phrases: list[Phrase] = []
        try:
            turn = _turn(page)
            phrases = _phrases(_Runs(turn, fonts).of_page(page))
        except (*WRONG, ReadTooMuchError):
            phrases = []
        boxes = {widget.number: turn.box(widget.rect) for widget, _ in own}
        yield number, _Page(phrases, boxes, frozenset(widget.number for widget, button in own if button))


class ReadTooMuchError(ValueError):
    """Raised where a page draws more than its words are looked for in."""


class _Turn(NamedTuple):
    """How a page is turned for the reader."""

    degrees: int
    width: float
    height: float

    def point(self, x: float, y: float) -> tuple[float, float]:
        return {90: (y, self.width - x), 180: (self.width - x, self.height - y), 270: (self.height - y, x)}.get(
            self.degrees, (x, y)
        )

    def box(self, rect: Box) -> Box:
        (a, b), (c, d) = self.point(rect[0], rect[1]), self.point(rect[2], rect[3])
        return min(a, c), min(b, d), max(a, c), max(b, d)


def _turn(page: Object) -> _Turn:
    x0, y0, x1, y1 = (float(side) for side in page.mediabox)
    return _Turn(int(page.get("/Rotate") or 0) % 360, x0 + x1, y0 + y1)


class _Runs:
    """Follows the operators of a page, and gathers what its text operators show, and where."""

    def __init__(self, turn: _Turn, fonts: Fonts) -> None:
        self._turn, self._fonts = turn, fonts
        self.runs: list[Phrase] = []
        self._drawings = 0

    def of_page(self, page: Object) -> list[Phrase]:
        """Return the runs of text of ``page``."""
        content = content_of(page.get("/Contents"))
        if len(content) > MAX_CONTENT:
            raise ReadTooMuchError
        self._follow(content, page.get("/Resources"), _SAME, 0)
        return self.runs

    def _follow(self, content: bytes, resources: Object, start: Matrix, depth: int) -> None:
        resources = got(resources) or {}
        current, text, line = start, _SAME, _SAME
        kept: list[Matrix] = []
        font: Font | None = None
        size = leading = 0.0
        for operator, given in operations(content):
            try:
                if operator == "q":
                    kept.append(current)
                elif operator == "Q":
                    current = kept.pop() if kept else current
                elif operator == "cm":
                    current = _times(tuple(given[-6:]), current)
                elif operator == "BT":
                    text = line = _SAME
                elif operator == "Tf":
                    font, size = self._fonts.of(resources, given[0]), float(given[1])
                elif operator == "TL":
                    leading = float(given[0])
                elif operator == "Tm":
                    text = line = tuple(given[-6:])
                elif operator in ("Td", "TD", "T*", "'", '"'):
                    if operator == "TD":
                        leading = -float(given[1])
                    x, y = (float(given[0]), float(given[1])) if operator in ("Td", "TD") else (0.0, -leading)
                    text = line = _times((1, 0, 0, 1, x, y), line)
                elif operator == "Do" and depth < _DEPTH:
                    item = got((got(resources.get("/XObject")) or {}).get(given[0]))
                    if item is not None and item.get("/Subtype") == "/Form":
                        self._drawings += 1
                        if self._drawings > MAX_DRAWINGS:
                            raise ReadTooMuchError
                        a, b, c, d, e, f = (float(part) for part in item.get("/Matrix", _SAME))
                        data = item.get_data()
                        if len(data) > MAX_CONTENT:
                            raise ReadTooMuchError
                        self._follow(
                            data, item.get("/Resources", resources), _times((a, b, c, d, e, f), current), depth + 1
                        )
                if operator in ("Tj", "'", '"', "TJ") and font is not None:
                    parts = given[-1] if operator == "TJ" else [given[-1]]
                    text = self._show(parts, font, size, text, current)
            except (TypeError, ValueError, IndexError, KeyError) as error:
                if isinstance(error, ReadTooMuchError):
                    raise
                continue

    def _show(self, parts: Sequence[Any], font: Font, size: float, text: Matrix, current: Matrix) -> Matrix:
        """Note what is shown, and return where the next text stands."""
        shown: list[str] = []
        moved = 0.0
        for part in parts:
            if isinstance(part, bytes):
                words, width = font.read(part)
                shown.append(words)
                moved += (width or _USUAL * len(words)) * size / 1000
            else:
                moved -= float(part) * size / 1000
                if float(part) < -250:
                    shown.append(" ")
        words = "".join(shown)
        if words.strip():
            whole = _times(text, current)
            x0, y0 = self._turn.point(whole[4], whole[5])
            x1, y1 = self._turn.point(whole[0] * moved + whole[4], whole[1] * moved + whole[5])
            high = abs(size) * max(abs(whole[2]), abs(whole[3]))
            if x1 > x0 and abs(y1 - y0) < 1 and high:
                self.runs.append(Phrase(words, x0, y0, x1, high))
                if len(self.runs) > MAX_RUNS:
                    raise ReadTooMuchError
        return _times((1, 0, 0, 1, moved, 0), text)


def _times(a: Matrix, b: Matrix) -> Matrix:
    return (
        a[0] * b[0] + a[1] * b[2],
        a[0] * b[1] + a[1] * b[3],
        a[2] * b[0] + a[3] * b[2],
        a[2] * b[1] + a[3] * b[3],
        a[4] * b[0] + a[5] * b[2] + b[4],
        a[4] * b[1] + a[5] * b[3] + b[5],
    )


def _phrases(runs: Sequence[Phrase]) -> list[Phrase]:
    """Return runs put together to phrases: what follows on the same baseline without a gap belongs together."""
    pieces = [piece for run in runs for piece in _pieces(run)]
    rows: list[list[Phrase]] = []
    for piece in sorted(pieces, key=lambda one: (-one.y, one.x0)):
        if rows and abs(rows[-1][0].y - piece.y) <= 0.25 * piece.size:
            rows[-1].append(piece)
        else:
            rows.append([piece])
    found: list[Phrase] = []
    for row in rows:
        last: Phrase | None = None
        for piece in sorted(row, key=lambda one: one.x0):
            if last is not None and -1 <= piece.x0 - last.x1 <= 0.7 * piece.size:
                between = " " if piece.x0 - last.x1 > 0.12 * piece.size and not last.text.endswith(" ") else ""
                last = found[-1] = last._replace(text=last.text + between + piece.text, x1=piece.x1)
            else:
                found.append(last := piece)
    cleaned = (one._replace(text=" ".join(one.text.split())) for one in found)
    return [one for one in cleaned if any(character.isalnum() for character in one.text)]


def _pieces(run: Phrase) -> Iterator[Phrase]:
    """Yield a run in pieces where a row of blanks, dots or underscores parts them."""
    share = (run.x1 - run.x0) / len(run.text)
    start = 0
    for gap in [*_GAP.finditer(run.text), None]:
        end = gap.start() if gap else len(run.text)
        if run.text[start:end].strip():
            yield run._replace(text=run.text[start:end], x0=run.x0 + share * start, x1=run.x0 + share * end)
        start = gap.end() if gap else end


def bare(text: str) -> str:
    """Return a label without what stands at its end for the eye: colons, dots, stars."""
    return text.strip(_ENDS)
