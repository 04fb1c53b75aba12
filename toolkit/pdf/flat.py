"""Flat copies: the pages themselves draw what would stand in the fields, and there is nothing to type into."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from io import BytesIO
from typing import Any, TypeAlias

import pikepdf
from msgspec.structs import replace
from pikepdf import Array, Dictionary, Name

from toolkit.pdf.form import Field, Widget

Object: TypeAlias = Any

_PREFIX = "/PlankitField"
_BUTTONS = ("check", "radio")
_STREAM = ("/Length", "/Filter", "/DecodeParms")


def flatten(pdf: pikepdf.Pdf, fields: Mapping[str, Field]) -> None:
    """Let each page of ``pdf`` draw one object for each place of a field, and take the fields away."""
    annotations = {
        item.objgen[0]: item
        for page in pdf.pages
        for item in page.obj.get("/Annots", ())
        if isinstance(item, Dictionary)
    }
    tagged = _Tagged(pdf)
    drawn: dict[int, list[bytes]] = {}
    for index, _, field, widget in _drawn(fields):
        page = pdf.pages[widget.page or 0]
        annotation = annotations[widget.number]
        name = f"{_PREFIX}{index}"
        page.add_resource(_drawing(pdf, annotation, field, widget), Name.XObject, Name(name))
        place = b"q 1 0 0 1 %.2f %.2f cm %b Do Q" % (widget.rect[0], widget.rect[1], name.encode("ascii"))
        content = drawn.setdefault(widget.page or 0, [])
        content.append(tagged.marked(annotation, page.obj, place))
    for number, parts in drawn.items():
        page = pdf.pages[number]
        page.contents_add(b"q\n", prepend=True)
        page.contents_add(b"\nQ\n" + b"\n".join(parts))
    for page in pdf.pages:
        kept = [item for item in page.obj.get("/Annots", ()) if item.get("/Subtype") != "/Widget"]
        for item in page.obj.get("/Annots", ()):
            if item.get("/Subtype") == "/Widget":
                tagged.drop(item)
        page.obj["/Annots"] = Array(kept)
    del pdf.Root["/AcroForm"]
    for key in ("/OpenAction", "/AA"):
        if key in pdf.Root:
            del pdf.Root[key]


def without_fields(data: bytes) -> bytes:
    """Return a copy of a PDF that has no other fields than places to sign, which are empty, without these."""
    with pikepdf.open(BytesIO(data)) as pdf:
        if "/AcroForm" in pdf.Root:
            flatten(pdf, {})
        copy = BytesIO()
        pdf.save(copy, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
        return copy.getvalue()


def located(pdf: pikepdf.Pdf, fields: Mapping[str, Field]) -> dict[str, Field]:
    """Return ``fields`` with the objects that stand for their places in the flat ``pdf``."""
    found: dict[str, list[Widget]] = {}
    for index, name, field, widget in _drawn(fields):
        item = pdf.pages[widget.page or 0].resources["/XObject"][f"{_PREFIX}{index}"]
        head, states = b"", {}
        if field.kind in _BUTTONS:
            entries = {key: value for key, value in item.stream_dict.items() if key not in _STREAM}
            head = Dictionary(entries).unparse(resolved=True).removesuffix(b">>")
            states = {key: _shown(drawing, key, widget) for key, drawing in item.Resources.XObject.items()}
        made = replace(widget, number=item.objgen[0], head=head, holds=False, states=_named(states))
        found.setdefault(name, []).append(made)
    return {name: replace(fields[name], widgets=tuple(widgets), holders=()) for name, widgets in found.items()}


def _drawn(fields: Mapping[str, Field]) -> Iterator[tuple[int, str, Field, Widget]]:
    """Yield each place on a page that a flat copy draws, numbered."""
    index = 0
    for name, field in fields.items():
        if field.kind not in ("button", "signature"):
            for widget in field.widgets:
                if widget.page is not None:
                    yield index, name, field, widget
                    index += 1


def _drawing(pdf: pikepdf.Pdf, annotation: Object, field: Field, widget: Widget) -> Object:
    """Return what a page draws in place of ``annotation``: at first, what it shows now."""
    normal = annotation.get("/AP", {}).get("/N")
    states: dict[str, Object] = {}
    if field.kind in _BUTTONS:
        states = {key: normal[key] for key in normal}
        shown = str(annotation.get("/AS", "/Off"))
    elif isinstance(normal, pikepdf.Stream):
        states, shown = {"/Now": normal}, "/Now"
    width, height = widget.rect[2] - widget.rect[0], widget.rect[3] - widget.rect[1]
    drawing = pdf.make_stream(_shown(states[shown], shown, widget) if states and shown in states else b"")
    drawing.stream_dict = Dictionary(
        Type=Name.XObject,
        Subtype=Name.Form,
        BBox=Array([0, 0, round(width, 2), round(height, 2)]),
        Resources=Dictionary(XObject=Dictionary(states)),
    )
    return drawing


def _shown(appearance: Object, key: str, widget: Widget) -> bytes:
    """Return the operators that draw an appearance in the room of its widget."""
    box = [float(side) for side in appearance.get("/BBox", (0, 0, 1, 1))]
    x = (widget.rect[2] - widget.rect[0]) / ((box[2] - box[0]) or 1)
    y = (widget.rect[3] - widget.rect[1]) / ((box[3] - box[1]) or 1)
    place = (x, y, -box[0] * x, -box[1] * y)
    return b"q %.4f 0 0 %.4f %.2f %.2f cm %b Do Q" % (*place, Name(key).unparse())


def _named(states: Mapping[str, bytes]) -> dict[str, bytes]:
    return {Name(key).unparse()[1:].decode("ascii"): operators for key, operators in states.items()}


class _Tagged:
    """The structure of a tagged PDF, in which each field becomes a piece of its page."""

    def __init__(self, pdf: pikepdf.Pdf) -> None:
        root = pdf.Root.get("/StructTreeRoot")
        tree = root.get("/ParentTree") if root is not None else None
        self._tree = pikepdf.NumberTree(tree) if tree is not None else None

    def marked(self, annotation: Object, page: Object, place: bytes) -> bytes:
        """Return ``place`` marked as content of the structure element that ``annotation`` stands in."""
        element = self._element(annotation)
        if self._tree is None or element is None or "/StructParents" not in page:
            return b"/Artifact BMC %b EMC" % place
        content = self._tree[int(page.StructParents)]
        number = len(content)
        content.append(element)
        element["/K"] = Dictionary(Type=Name.MCR, Pg=page, MCID=number)
        element["/S"] = Name.Span
        return b"/Span <</MCID %d>> BDC %b EMC" % (number, place)

    def drop(self, annotation: Object) -> None:
        """Take an annotation out of the structure."""
        key = annotation.get("/StructParent")
        if self._tree is None or key is None or int(key) not in self._tree:
            return
        element = self._tree[int(key)]
        if element.get("/S") == "/Form":  # one that nothing was drawn for: a signature, a button
            element["/S"] = Name.NonStruct
            element["/K"] = Array([])
        del self._tree[int(key)]

    def _element(self, annotation: Object) -> Object | None:
        key = annotation.get("/StructParent")
        if self._tree is None or key is None or int(key) not in self._tree:
            return None
        return self._tree[int(key)]
