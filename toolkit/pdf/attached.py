"""Attached pages: what does not fit on somebody else's form goes on behind it, with references both ways."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from toolkit.errors import RenderError
from toolkit.pdf.fill import Shown
from toolkit.pdf.fonts import Faces
from toolkit.pdf.layout import LEADING, PADDING, lay
from toolkit.pdf.values import Text

WIDTH, HEIGHT = 612.0, 792.0
MAX_PAGES = 60
HEAD, FOOT = 2, 1
"""How many lines of each page are the same on all: above and below the texts."""
TITLE = "Attached: what does not fit on the form"
_SIZE, _SMALL, _LARGE = 9.5, 8.0, 12.0
_MARGIN, _TOP, _BOTTOM = 54.0, 700.0, 60.0
_LEAST = 4
"""How many lines a text begins with at least; where fewer fit it begins on the next page."""


class Attached(NamedTuple):
    """The lines of each page, and the page on which the text of each source goes on."""

    sheets: tuple[tuple[Shown, ...], ...]
    pages: Mapping[str, int]


def attached(texts: Sequence[Text], whose: str, first: int, faces: Faces) -> Attached:
    """Return pages with ``texts``, the first of them page ``first``; ``whose`` stands on each.

    Raises RenderError where they would be unreasonably many.
    """
    bodies: list[list[Shown]] = [[]]
    pages: dict[str, int] = {}
    y = _TOP
    for text in texts:
        if y < _BOTTOM + _LEAST * LEADING * _SIZE + 2 * _SIZE:
            bodies.append([])
            y = _TOP
        if text.source:
            pages[text.source] = first + len(bodies) - 1
        bodies[-1].append(Shown(_MARGIN, y - _SIZE, _SIZE, True, text.title))
        y -= 1.8 * _SIZE
        left: str | None = text.text
        while left is not None:
            drawn, left, y = _drawn(left, y, faces)
            bodies[-1] += drawn
            if left is not None:
                bodies.append([])
                y = _TOP
                if len(bodies) > MAX_PAGES:
                    raise RenderError("a text is too long for the form and the pages behind it. Shorten it.")
        y -= _SIZE
    last = first + len(bodies) - 1
    return Attached(tuple(tuple(_page(body, whose, first + at, last)) for at, body in enumerate(bodies)), pages)


def _drawn(text: str, y: float, faces: Faces) -> tuple[list[Shown], str | None, float]:
    """Return the lines of ``text`` from ``y`` down, what is left over (None for nothing), and where they end."""
    room = WIDTH - 2 * _MARGIN + 2 * PADDING, y - _BOTTOM
    laid = lay(text, faces.regular, room, _SIZE, _SIZE)
    step = LEADING * _SIZE
    lines = [
        Shown(_MARGIN, y - _SIZE - number * step, _SIZE, False, text[line.start : line.end])
        for number, line in enumerate(laid.lines)
    ]
    return lines, text[laid.at :] if laid.at is not None else None, y - len(lines) * step


def _page(body: Sequence[Shown], whose: str, page: int, last: int) -> Iterator[Shown]:
    yield Shown(_MARGIN, HEIGHT - 58, _LARGE, True, TITLE)
    yield Shown(_MARGIN, HEIGHT - 74, _SMALL, False, whose)
    yield from body
    yield Shown(_MARGIN, 36, _SMALL, False, f"Page {page} of {last}")
