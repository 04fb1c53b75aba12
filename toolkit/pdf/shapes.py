"""What lies behind the words of a form's page: boxes, panels, bars and rules, as operators of a PDF."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from toolkit.blocks import LINE, SHADE

EDGE = "A9B3BA"
BOX, PANEL, BAR, RULE = "box", "panel", "bar", "rule"
_HEIGHT = 792.0
_THIN = 0.6
_ROUND = {BOX: 2.0, PANEL: 3.0}
_ARM = 0.45
"""Where the curve of a round corner is drawn to, as a share of its radius."""


class Shape(NamedTuple):
    """A shape and where it lies, from the top left corner of the page."""

    kind: str
    x: float
    y: float
    width: float
    height: float


def color(six: str) -> str:
    """Return a colour of six hexadecimal digits as the operand of an operator."""
    return " ".join(f"{int(six[at : at + 2], 16) / 255:.3f}" for at in (0, 2, 4))


def drawn(shapes: Iterable[Shape], brand: str) -> bytes:
    """Return the operators that draw ``shapes``, panels below the rest, marked as what only decorates the page."""
    found: dict[str, list[str]] = {}
    for one in shapes:
        found.setdefault(one.kind, []).append(_path(one))
    look = {
        PANEL: (f"{color(SHADE)} rg", "f"),
        BOX: (f"1 g {color(EDGE)} RG {_THIN} w", "B"),
        BAR: (f"{color(brand)} rg", "f"),
        RULE: (f"{color(LINE)} rg", "f"),
    }
    parts = [f"{begun} {f' {end} '.join(found[kind])} {end}" for kind, (begun, end) in look.items() if kind in found]
    return ("/Artifact BMC q " + "\n".join(parts) + " Q EMC\n").encode() if parts else b""


def _path(shape: Shape) -> str:
    inset = _THIN / 2 if shape.kind == BOX else 0.0
    x, right = shape.x + inset, shape.x + shape.width - inset
    top, y = _HEIGHT - shape.y - inset, _HEIGHT - shape.y - shape.height + inset
    turn = _ROUND.get(shape.kind, 0.0)
    if not turn:
        return _numbers((x, y, right - x, top - y)) + " re"
    arm = turn * _ARM
    curves = (
        ((x + turn, y), "m"), ((right - turn, y), "l"), ((right - arm, y, right, y + arm, right, y + turn), "c"),
        ((right, top - turn), "l"), ((right, top - arm, right - arm, top, right - turn, top), "c"),
        ((x + turn, top), "l"), ((x + arm, top, x, top - arm, x, top - turn), "c"),
        ((x, y + turn), "l"), ((x, y + arm, x + arm, y, x + turn, y), "c"),
    )  # fmt: skip
    return " ".join(f"{_numbers(points)} {operator}" for points, operator in curves) + " h"


def _numbers(values: Sequence[float]) -> str:
    return " ".join(f"{value:.2f}".rstrip("0").rstrip(".") for value in values)
