"""Text in a box: where lines break, at which size it fits, and what is left over."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from toolkit.pdf.fonts import Typeface

LEADING = 1.2
"""From one baseline to the next, in sizes."""
ASCENT = 0.95
"""From the top of a line to its baseline, in sizes."""
CAPITAL = 0.714
PADDING = 2.0
STEP = 0.5

_SPACE = " \t\u2000-\u2006\u2008-\u200b\u205f\u3000"
_IDEOGRAPH = "\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff"
_CLOSING = "、。，．）」』】〉》！？：；…"
_WORD = re.compile(rf"((?:[{_IDEOGRAPH}]|[^{_SPACE}{_IDEOGRAPH}]+)[{_CLOSING}]*|)[{_SPACE}]*")


class Line(NamedTuple):
    """A line: from which character to which (the spaces at its end with it), its width without these spaces."""

    start: int
    end: int
    width: float
    last: bool
    """Whether the paragraph ends here."""


class Laid(NamedTuple):
    """A text laid out: its size, the lines that fit, and how many characters stand in them, None for all."""

    size: float
    lines: list[Line]
    at: int | None


class _Word(NamedTuple):
    start: int
    end: int
    ink: int
    full: int


def lay(text: str, typeface: Typeface, room: tuple[float, float], start: float, floor: float, note: str = "") -> Laid:
    """Lay ``text`` out in a box of several lines, at ``start`` points or as much smaller as it must be.

    What does not fit at ``floor`` points is left over; then as many lines are kept free as ``note`` takes.
    """
    width, height = room[0] - 2 * PADDING, room[1] - 2 * PADDING
    paragraphs = list(_measured(text, typeface))
    total = sum(word.full for _, words in paragraphs for word in words)
    size = start
    while True:
        limit, capacity = width * 1000 / size, max(1, int(height / (LEADING * size) + 0.01))
        if size <= floor or (total <= limit * capacity and len(paragraphs) <= capacity):
            lines = list(_wrapped(text, paragraphs, typeface, limit))
            if len(lines) <= capacity:
                return Laid(size, lines, None)
            if size <= floor:
                break
        size = max(floor, size - STEP)
    noted = len(list(_wrapped(note, list(_measured(note, typeface)), typeface, limit))) if note else 0
    kept = lines[: max(0, capacity - noted)]
    return Laid(size, kept, kept[-1].end + (text[kept[-1].end] == "\n") if kept else 0)


def lay_line(text: str, typeface: Typeface, room: float, start: float, floor: float, note: str = "") -> Laid:
    """Lay ``text`` out on one line, at ``start`` points or as much smaller as it must be; see `lay`."""
    room -= 2 * PADDING
    width = typeface.width(text)
    size = start
    if width * size > room * 1000:
        size = max(min(floor, start), int(room * 1000 / width * 4) / 4)
    if width * size <= room * 1000:
        return Laid(size, [Line(0, len(text), width, True)], None)
    at, used = 0, typeface.width(note)
    for one in typeface.widths(text):
        if (used + one) * size > room * 1000:
            break
        at, used = at + 1, used + one
    space = text.rfind(" ", 0, at) + 1
    at = space or at
    return Laid(size, [Line(0, at, typeface.width(text[:at]), True)], at)


def _measured(text: str, typeface: Typeface) -> Iterator[tuple[int, list[_Word]]]:
    """Yield each paragraph: its start, and its words with their widths, without and with the spaces behind them."""
    start, width = 0, typeface.width
    for paragraph in text.split("\n"):
        words = []
        for found in _WORD.finditer(paragraph):
            whole = found[0]
            if whole:
                at = start + found.start()
                words.append(_Word(at, at + len(whole), width(found[1]), width(whole)))
        yield start, words
        start += len(paragraph) + 1


def _wrapped(text: str, paragraphs: list[tuple[int, list[_Word]]], typeface: Typeface, limit: float) -> Iterator[Line]:
    """Yield the lines of the paragraphs, none wider than ``limit`` thousandths of the size."""
    for begin, words in paragraphs:
        start = end = begin
        ink: float = 0
        width = 0
        for word in words:
            if width + word.ink > limit:
                if end > start:
                    yield Line(start, end, ink, False)
                    start, ink, width = end, 0, 0
                if word.ink > limit:  # longer than a line: broken where it must be
                    for at, one in enumerate(typeface.widths(text[word.start : word.end]), word.start):
                        if width + one > limit and at > start and not text[at].isspace():
                            yield Line(start, at, width, False)
                            start, width = at, 0
                        width += one
                    end, ink = word.end, min(width, limit)
                    continue
            ink, width, end = width + word.ink, width + word.full, word.end
        yield Line(start, end, ink, True)
