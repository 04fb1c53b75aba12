"""The pages of a form as HTML, each thing where it was placed, for WeasyPrint to draw and tag."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from toolkit.blocks import INK, MUTED
from toolkit.pdf.boxes import LABEL, Cell, Drawn, Widget
from toolkit.pdf.fonts import BOLD, REGULAR

_STYLE = """
@font-face { font-family: Page; src: url(%(regular)s) }
@font-face { font-family: Page; font-weight: bold; src: url(%(bold)s) }
@page { size: 612pt 792pt; margin: 0 }
* { margin: 0; padding: 0; box-sizing: border-box; font-variant-ligatures: none }
body { font-family: Page; color: #%(ink)s; font-size: 9.5pt; line-height: 1.25 }
section { position: relative; width: 612pt; height: 792pt; break-after: page; overflow: hidden }
section > * , .box > * { position: absolute; display: block }
h1 { font-size: 22pt; color: #%(brand)s; line-height: 1.3; white-space: nowrap }
h2 { font-size: 12.5pt; color: #%(brand)s; line-height: 1.2 }
h3 { font-size: 9.5pt; color: #%(muted)s; line-height: 1.2 }
.note { font-size: 8.5pt; color: #%(muted)s }
strong { font-size: 14pt; color: #%(brand)s; white-space: nowrap }
img { object-fit: contain; object-position: left top }
.foot { font-size: 7.5pt; color: #%(muted)s; line-height: 11pt }
.box p { font-size: %(label)spt; color: #%(muted)s; left: 3pt; top: 1pt; line-height: 8pt; white-space: nowrap }
input { appearance: auto; border: 0; background: none; font-size: 9.5pt; font-family: Page }
"""


def page(title: str, brand: str, pages: Sequence[Sequence[Drawn]]) -> tuple[str, list[Widget]]:
    """Return the HTML of ``pages``, and its fields: the n-th input is named ``n``. Its faces lie beside it."""
    widgets: list[Widget] = []
    colors = {"ink": INK, "muted": MUTED, "brand": brand}
    style = _STYLE % {**colors, "regular": REGULAR, "bold": BOLD, "label": LABEL}
    body = "".join(f"<section>{''.join(_drawn(item, widgets) for item in drawn)}</section>" for drawn in pages)
    head = f'<meta charset="utf-8"><title>{escape(title)}</title><style>{style}</style>'
    return f'<!doctype html><html lang="en-US"><head>{head}</head><body>{body}</body></html>', widgets


def _drawn(item: Drawn, widgets: list[Widget]) -> str:
    where = _at(item.x, item.y, item.width, item.height)
    text = escape(item.text)
    tags = {"title": "h1", "heading": "h2", "subheading": "h3", "clinic": "strong"}
    if item.role in tags:
        return f'<{tags[item.role]} style="{where}">{text}</{tags[item.role]}>'
    if item.role in ("note", "column", "label"):
        return f'<p class="{"foot" if item.role == "label" else "note"}" style="{where}">{text}</p>'
    if item.role == "logo":
        image = f'<img alt="Logo of the clinic" src="{text}" style="{where}">'
        return image if text else ""
    if item.cell is None:
        return ""
    if item.role == "bare":
        return _input(item.cell.widget, widgets, where)
    x, y, width, height = _inside(item.cell, item.width, item.height)
    label = f"<p>{escape(item.cell.label)}</p>" if item.cell.label else ""
    return (
        f'<div class="box" style="{where}">{label}{_input(item.cell.widget, widgets, _at(x, y, width, height))}</div>'
    )


def _inside(cell: Cell, width: float, height: float) -> tuple[float, float, float, float]:
    """Return where in its box the field stands; that of one line stands where the first of several would."""
    above = 8.2 if cell.label else 1.0
    one_line = cell.widget.kind in ("text", "date", "choice") and not cell.lines
    return 1.5, above, width - 3.0, (min(height, cell.height_of_one) if one_line else height) - above - 1.0


def _input(widget: Widget, widgets: list[Widget], where: str) -> str:
    widgets.append(widget)
    return f'<input name="{len(widgets) - 1}" title="{escape(widget.tooltip)}" style="{where}">'


def _at(x: float, y: float, width: float, height: float) -> str:
    return f"left:{x:.2f}pt;top:{y:.2f}pt;width:{width:.2f}pt;height:{height:.2f}pt"
