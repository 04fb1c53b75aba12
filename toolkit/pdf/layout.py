"""Text in a box: where lines break, at which size it fits, and what is left over."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

from toolkit.pdf.fonts import Typeface, Word

LEADING = 1.2
"""From one baseline to the next, in sizes."""
ASCENT = 0.95
"""From the top of a line to its baseline, in sizes."""
CAPITAL = 0.714
PADDING = 2.0
"""Left and right of the text."""
ABOVE = 1.0
"""Above and below it."""
STEP = 0.5

_SPACE = " \t\u2000-\u2006\u2008-\u200b\u205f\u3000"
_IDEOGRAPH = "\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff"
_BREAK_AFTER = "-–/"
"""Marks after which a word that is longer than a line is broken."""
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


_UNUSUAL = re.compile(rf"[\t\u2000-\u200b\u205f\u3000{_IDEOGRAPH}]")


def lay(text: str, typeface: Typeface, room: tuple[float, float], start: float, floor: float, note: str = "") -> Laid:
    """Lay ``text`` out in a box of several lines, at ``start`` points or as much smaller as it must be.

    What does not fit at ``floor`` points is left over; then as many lines are kept free as ``note`` takes.
    """
    width, height = room[0] - 2 * PADDING, room[1] - 2 * ABOVE
    paragraphs = _measured(text, typeface)
    total = sum([word[2] for words in paragraphs for word in words])
    size = start
    while True:
        limit, capacity = width * 1000 / size, max(1, int(height / (LEADING * size) + 0.01))
        if size <= floor or (total <= limit * capacity and len(paragraphs) <= capacity):
            lines = _wrapped(text, paragraphs, typeface, limit)
            if len(lines) <= capacity:
                return Laid(size, lines, None)
            if size <= floor:
                break
        size = max(floor, size - STEP)
    noted = len(_wrapped(note, _measured(note, typeface), typeface, limit)) if note else 0
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


def _measured(text: str, typeface: Typeface) -> list[list[Word]]:
    """Return the words of each paragraph."""
    words = typeface.words
    if not _UNUSUAL.search(text):
        return [[words[word] for word in paragraph.split(" ")] for paragraph in text.split("\n")]
    return [[_word(found, words) for found in _WORD.finditer(paragraph) if found[0]] for paragraph in text.split("\n")]


def _word(found: re.Match[str], words: Mapping[str, Word]) -> Word:
    whole, (_, ink, _) = found[0], words[found[1]]
    return len(whole), ink, ink + sum(words[space][1] for space in whole[len(found[1]) :])


def _wrapped(text: str, paragraphs: list[list[Word]], typeface: Typeface, limit: float) -> list[Line]:
    """Return the lines of the paragraphs, none wider than ``limit`` thousandths of the size."""
    lines = []
    start = end = 0
    for words in paragraphs:
        ink: float = 0
        width: float = 0
        for length, own, full in words:
            if own and width + own > limit:  # spaces may stand out
                if end > start:
                    lines.append(Line(start, end, ink, False))
                    start, ink, width = end, 0, 0
                if own > limit:  # longer than a line: broken where it must be
                    following = min(end + length, len(text))
                    for at, one in enumerate(typeface.widths(text[end:following]), end):
                        while width + one > limit and at > start and not text[at].isspace():
                            dash = max(text.rfind(mark, start + 1, at) for mark in _BREAK_AFTER) + 1
                            turn = dash or at
                            lines.append(Line(start, turn, typeface.width(text[start:turn]), False))
                            start, width = turn, typeface.width(text[turn:at])
                        width += one
                    end, ink = end + length, min(width, limit)
                    continue
            ink, width, end = width + own, width + full, end + length
        stop = text.find("\n", start)
        stop = len(text) if stop < 0 else stop
        lines.append(Line(start, stop, ink, True))
        start = end = stop + 1
    return lines
