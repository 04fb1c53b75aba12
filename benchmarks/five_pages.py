"""A form of five pages with 120 fields, as clinics have them, and records to fill it with, for the benchmark."""

from __future__ import annotations

import io
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, String

PAGES, LINES, BOXES = 5, 17, 3
_MULTI_LINE, _COMBO = 1 << 12, 1 << 17
LEVELS = [("OP", "Outpatient"), ("IOP", "Intensive outpatient"), ("PHP", "Partial hospitalization")]
_SENTENCE = (
    "Reports sleeping about five hours a night, wakes before dawn, and has stopped going to work on bad days; "
    "agrees that walking with a friend helped last spring and would like to try it again. "
)
_LABEL = "Question %d of page %d: what the clinician is asked to write here"


def form() -> bytes:
    """Return the form: on each page lines, boxes of several lines, a drop-down and check boxes."""
    pdf = pikepdf.new()
    font = pdf.make_indirect(_helvetica())
    fields = Array()
    for number in range(PAGES):
        page = pdf.add_blank_page(page_size=(612, 792))
        page.obj.Resources = Dictionary(Font=Dictionary(Helv=font))
        words = [b"BT /Helv 6 Tf 40 %d Td (%b) Tj ET" % (768 - 26 * line, (_LABEL % (line, number)).encode())
                 for line in range(LINES + 1)]  # fmt: skip
        page.obj.Contents = pdf.make_stream(b"\n".join(words))
        page.obj.Annots = Array()
        section = pdf.make_indirect(Dictionary(T=String(f"page[{number}]"), Kids=Array()))
        fields.append(section)
        for name, kind, rect, more in _places():
            field = pdf.make_indirect(
                Dictionary(Type=Name.Annot, Subtype=Name.Widget, F=4, P=page.obj, Parent=section, T=String(name),
                           FT=Name(kind), Rect=Array(rect), DA=String("/Helv 9 Tf 0 g"), **more)
            )  # fmt: skip
            if kind == "/Btn":
                field.AP = Dictionary(N=Dictionary(Yes=_drawing(pdf, b"2 2 6 6 re f"), Off=_drawing(pdf, b"q Q")))
                field.AS = Name.Off
            section.Kids.append(field)
            page.obj.Annots.append(field)
    pdf.Root.AcroForm = pdf.make_indirect(
        Dictionary(Fields=fields, DR=Dictionary(Font=Dictionary(Helv=font)), DA=String("/Helv 9 Tf 0 g"))
    )
    out = io.BytesIO()
    pdf.save(out, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return out.getvalue()


def _helvetica() -> Dictionary:
    """Return the font of the form; pikepdf needs its measures to draw several lines."""
    measures = Dictionary(
        Type=Name.FontDescriptor,
        FontName=Name.Helvetica,
        Flags=32,
        FontBBox=Array([-166, -225, 1000, 931]),
        ItalicAngle=0,
        Ascent=718,
        Descent=-207,
        CapHeight=718,
        StemV=88,
    )
    return Dictionary(
        Type=Name.Font,
        Subtype=Name.Type1,
        BaseFont=Name.Helvetica,
        Encoding=Name.WinAnsiEncoding,
        FirstChar=32,
        LastChar=255,
        Widths=Array([556] * 224),
        FontDescriptor=measures,
    )


def _drawing(pdf: pikepdf.Pdf, operators: bytes) -> pikepdf.Object:
    box = Array([0, 0, 10, 10])
    return pdf.make_stream(operators, Type=Name.XObject, Subtype=Name.Form, BBox=box)


def _places() -> list[tuple[str, str, tuple[float, ...], dict[str, Any]]]:
    """Return the fields of a page: name, kind, rectangle and what is special about each."""
    places: list[tuple[str, str, tuple[float, ...], dict[str, Any]]] = [
        (f"line[{row}]", "/Tx", (40, 752 - 26 * row, 572, 766 - 26 * row), {}) for row in range(LINES)
    ]
    for row in range(BOXES):
        top = 300 - 70 * row
        places.append((f"box[{row}]", "/Tx", (40, top - 60, 572, top), {"Ff": _MULTI_LINE}))
    levels = Array([Array([String(stored), String(shown)]) for stored, shown in LEVELS])
    places.append(("level", "/Ch", (40, 60, 200, 76), {"Ff": _COMBO, "Opt": levels}))
    places += [(f"check[{row}]", "/Btn", (240 + 20 * row, 62, 250 + 20 * row, 72), {}) for row in range(3)]
    return places


def records(count: int) -> list[dict[str, str | bool]]:
    """Return values for ``count`` forms, all different."""
    return [dict(_values(number)) for number in range(count)]


def _values(number: int) -> list[tuple[str, str | bool]]:
    values: list[tuple[str, str | bool]] = []
    for page in range(PAGES):
        for name, kind, _, _ in _places():
            full = f"page[{page}].{name}"
            if kind == "/Btn":
                values.append((full, bool((number + page) % 2)))
            elif kind == "/Ch":
                values.append((full, LEVELS[(number + page) % 3][0]))
            elif name.startswith("box"):
                values.append((full, f"Client {number}, page {page}. " + _SENTENCE * 2))
            else:
                values.append((full, f"Answer {number} of {name}, {number * 7 % 100} minutes a day on {page + 3} days"))
    return values
