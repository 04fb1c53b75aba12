"""The faces that forms are printed with, and how wide a text is in them."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from fontTools.ttLib import TTFont

FOLDER = Path(__file__).with_name("faces")
LABEL = 6.1
"""The size of the small label of a box."""
REGULAR, BOLD = "NotoSans-Regular.ttf", "NotoSans-Bold.ttf"


def text_width(text: str, size: float = 9.5) -> float:
    """Return the width of ``text`` in points."""
    widths = _widths()
    return sum(widths.get(ord(character), 600.0) for character in text) * size / 1000


def label_width(text: str) -> float:
    """Return the width of the small label of a box in points."""
    return text_width(text, LABEL)


@cache
def _widths() -> dict[int, float]:
    with TTFont(FOLDER / REGULAR, lazy=True) as face:
        scale, advances = 1000 / face["head"].unitsPerEm, face["hmtx"]
        return {code: advances[name][0] * scale for code, name in face.getBestCmap().items()}
