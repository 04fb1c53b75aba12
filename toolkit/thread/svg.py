"""The map of a thread as SVG: one drawing a page, with words for those who do not see it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from html import escape

from toolkit.blocks import LINE, SHADE
from toolkit.thread.layout import (
    ALARM,
    CROSS,
    EDGES,
    FILLS,
    HEAD,
    HEIGHT,
    MARGIN,
    ROUND,
    STROKES,
    WIDTH,
    Box,
    Curve,
    Ink,
    Page,
    Stroke,
    Text,
    inks,
)  # fmt: skip

_FONTS = "'Noto Sans', Arial, 'Liberation Sans', sans-serif"
_BOLD = ' font-weight="bold"'


def svg(page: Page, brand: str) -> str:
    """Return ``page`` as an SVG file; ``brand`` is the colour of its titles, six hexadecimal digits."""
    title = " · ".join(line.runs[0].text for line in (page.title, page.subtitle))
    return "\n".join((
        f'<svg xmlns="http://www.w3.org/2000/svg" width="11in" height="8.5in" viewBox="0 0 {WIDTH:g} {HEIGHT:g}" '
        f'role="img" aria-labelledby="title told" font-family="{_FONTS}">',
        f'<title id="title">{escape(title)}</title>',
        f'<desc id="told">{escape(page.told)}</desc>',
        f'<rect width="{WIDTH:g}" height="{HEIGHT:g}" fill="#FFFFFF"/>',
        *_pieces(page, inks(brand)),
        "</svg>\n",
    ))  # fmt: skip


def _pieces(page: Page, colors: Mapping[Ink, str]) -> Iterator[str]:
    yield from (_text(line, colors) for line in (page.title, page.subtitle))
    for head in page.heads:
        place = f'x="{head.x:.2f}" y="{head.y:.2f}" width="{head.width:.2f}" height="{HEAD:g}"'
        yield f'<rect {place} fill="#{SHADE}"/>'
        yield _text(head.line, colors)
    for curve in page.curves:
        yield from _curve(curve)
    for box in page.boxes:
        yield from _box(box, colors)
    for one in page.legend:
        yield from _curve(Curve(one.x0, one.y, one.x1, one.y, one.way))
        yield _text(one.line, colors)
    yield f'<path d="M{MARGIN:g} {page.rule:.2f}H{WIDTH - MARGIN:g}" stroke="#{LINE}" stroke-width="0.5"/>'
    yield from (_text(line, colors) for line in (page.note, page.foot) if line)


def _box(box: Box, colors: Mapping[Ink, str]) -> Iterator[str]:
    place = f'x="{box.x:.2f}" y="{box.y:.2f}" width="{box.width:.2f}" height="{box.height:.2f}" rx="{ROUND:g}"'
    yield f'<g><title>{escape(box.title)}</title><rect {place} fill="#{FILLS[box.look]}" {_stroke(EDGES[box.look])}/>'
    yield from (_text(line, colors) for line in box.lines)
    yield "</g>"


def _text(line: Text, colors: Mapping[Ink, str]) -> str:
    spans = "".join(
        f'<tspan fill="#{colors[run.ink]}"{_BOLD if run.bold else ""}>{escape(run.text)}</tspan>' for run in line.runs
    )
    return f'<text x="{line.x:.2f}" y="{line.y:.2f}" font-size="{line.size:g}" xml:space="preserve">{spans}</text>'


def _curve(curve: Curve) -> Iterator[str]:
    bends = f"C{curve.bend:.2f} {curve.y0:.2f} {curve.bend:.2f} {curve.y1:.2f}"
    path = f"M{curve.x0:.2f} {curve.y0:.2f}{bends} {curve.x1:.2f} {curve.y1:.2f}"
    yield f'<path d="{path}" fill="none" {_stroke(STROKES[curve.way])}/>'
    if curve.way == "broken":
        left, right = curve.x1 - CROSS, curve.x1 + CROSS
        top, foot = curve.y1 - CROSS, curve.y1 + CROSS
        path = f"M{left:.2f} {top:.2f}L{right:.2f} {foot:.2f}M{left:.2f} {foot:.2f}L{right:.2f} {top:.2f}"
        yield f'<path d="{path}" fill="none" {_stroke(Stroke(ALARM, 1.6))}/>'


def _stroke(stroke: Stroke) -> str:
    dashes = f' stroke-dasharray="{" ".join(f"{one:g}" for one in stroke.dashes)}"' if stroke.dashes else ""
    return f'stroke="#{stroke.color}" stroke-width="{stroke.width:g}"{dashes}'
