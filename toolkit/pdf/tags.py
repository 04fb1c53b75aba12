"""Tags that LibreOffice leaves unclear to screen readers: which cells of a table are headings, and what is no table."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, TypeAlias

from pikepdf import Array, Dictionary, Name, Pdf

Object: TypeAlias = Any

ROW_LABEL = "/Row Label"
"""The paragraph style of what stands in front of an answer; LibreOffice tags paragraphs by their styles."""
SIGNATURE = "/Signature"
"""That of a line on which somebody signs."""
_ROWS, _CELLS = ("/TR", "/THead", "/TBody", "/TFoot"), ("/TD", "/TH")


def mend_tables(pdf: Pdf) -> None:
    """Tag labels in front of answers as headings of their rows, and heads of columns as such.

    What only sets things side by side becomes plain divisions: a table without any heading that has one row or in which
    people sign.
    """
    tree = pdf.Root.get("/StructTreeRoot")
    for table in [] if tree is None else [one for one in _below(tree) if one.get("/S") == "/Table"]:
        rows = [one for one in _below(table, _ROWS) if one.S == "/TR"]
        for row in rows:
            _mend_row(row)
        cells = [cell for row in rows for cell in _elements(row)]
        signed = any(one.S == SIGNATURE for cell in cells for one in _elements(cell))
        if (len(rows) == 1 or signed) and not any(cell.S == "/TH" for cell in cells):
            for one in (table, *_below(table, _ROWS), *cells):
                one.S = Name.Div
                one.A = Array([item for item in _attributes(one) if item.get("/O") == "/Layout"])


def _mend_row(row: Object) -> None:
    cells = [cell for cell in _elements(row) if cell.S in _CELLS]
    first = next(iter(cells), None)
    if first is not None and len(cells) > 1 and any(one.S == ROW_LABEL for one in _elements(first)):
        first.S = Name.TH
        _scope(first, Name.Row)
    for cell in cells:
        if cell.S == "/TH" and not any("/Scope" in item for item in _attributes(cell)):
            _scope(cell, Name.Column)


def _scope(cell: Object, scope: Name) -> None:
    cell.A = Array([*_attributes(cell), Dictionary(O=Name.Table, Scope=scope)])


def _attributes(element: Object) -> list[Object]:
    found = element.get("/A", Array())
    return [one for one in (found if isinstance(found, Array) else (found,)) if isinstance(one, Dictionary)]


def _elements(element: Object) -> Iterator[Object]:
    kids = element.get("/K")
    every = kids if isinstance(kids, Array) else () if kids is None else (kids,)
    yield from (kid for kid in every if isinstance(kid, Dictionary) and "/S" in kid)


def _below(element: Object, kinds: tuple[str, ...] = ()) -> Iterator[Object]:
    """Yield the elements below ``element``; where ``kinds`` are given, only such, however deep in one another."""
    for kid in _elements(element):
        if not kinds or kid.S in kinds:
            yield kid
            yield from _below(kid, kinds)
