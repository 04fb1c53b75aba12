"""Compiling: any PDF form is opened once, with care, and becomes what filling needs to know."""

from __future__ import annotations

import hashlib
import re
import zlib
from collections.abc import Iterable, Iterator, Mapping
from io import BytesIO
from typing import Any, NamedTuple, TypeAlias

import pikepdf
from msgspec.structs import replace
from pikepdf import Dictionary, Name

from toolkit.errors import ReadError
from toolkit.pdf.dates import of_script
from toolkit.pdf.flat import flatten, located
from toolkit.pdf.form import Field, Form, Kind, Style, Tree, Widget

Object: TypeAlias = Any
"""A pikepdf object; its own type says little."""

DRAFT = "/Draft"
"""The name by which the pages of our own templates draw the empty drawing that a draft fills."""

MAX_BYTES = 64_000_000
MAX_OBJECTS = 200_000
MAX_FIELDS = 10_000
MAX_PLACES = 40_000
"""Fields and their places on pages."""
MAX_DEPTH = 32
MAX_UNPACKED = 512_000_000

_READ_ONLY, _REQUIRED, _MULTILINE, _PASSWORD, _RADIO, _PUSH, _COMBO, _EDIT, _FILE, _MULTIPLE, _COMB = (
    1 << bit for bit in (0, 1, 12, 13, 15, 16, 17, 18, 20, 21, 24)
)
_MAX_SCRIPT = 20_000
_HARMLESS = "Resources is missing or invalid; repairing"
"""What is said of a page that draws nothing, only bears fields."""
_FONT = re.compile(rb"/(\S+)\s+(-?[\d.]+)\s+Tf")
_COLOR = re.compile(rb"(?:-?[\d.]+\s+){1,4}(?:g|rg|k)\b")
_INHERITED = ("/FT", "/Ff", "/DA", "/Q", "/MaxLen", "/Opt", "/V")
_WRONG = (
    pikepdf.PdfError, TypeError, ValueError, KeyError, IndexError, AttributeError, ArithmeticError, NotImplementedError,
)  # fmt: skip
_ANEW = ("/V", "/AP", "/AS", "/RV", "/I", "/TI")
"""What a filled field says anew."""


def compile_form(data: bytes, name: str = "The PDF", flat: bool = False) -> Form:
    """Return the form ``data`` as filling needs it; ``flat``: a form whose pages draw what would stand in its fields.

    Raises ReadError for what is no form that can be filled: damaged, protected, signed, made with XFA, without fields,
    or unreasonably large. ``name`` stands in the message. Scripts and actions are never run: of a field's script only
    the name of its format of dates is looked at, and all of them stay in the file as they are.
    """
    try:
        with opened(data, name) as pdf:
            _hold_fillable(pdf, name)
            if _give_objects(pdf, name):
                data = saved(pdf)
                with opened(data, name) as again:
                    return _form(again, data, name, flat)
            return _form(pdf, data, name, flat)
    except _WRONG as error:  # what stands where it does not belong
        raise _damaged(name) from error


# --- opening -------------------------------------------------------------------------------------------------------


def opened(data: bytes, name: str) -> pikepdf.Pdf:
    """Return the PDF ``data``, opened. Raises ReadError where it is damaged, protected or unreasonably large."""
    if len(data) > MAX_BYTES or not _bounded(data):
        raise ReadError(f"{name} is unreasonably large. Use a smaller file.")
    try:
        pdf = pikepdf.open(BytesIO(data), attempt_recovery=False, suppress_warnings=True)
        if pdf.is_encrypted:
            raise ReadError(f"{name} is protected. Ask its sender for a copy without a password or restrictions.")
        if len(pdf.objects) > MAX_OBJECTS:
            raise ReadError(f"{name} is unreasonably large. Use a smaller file.")
        told = [str(one) for one in pdf.get_warnings() if not str(one).endswith(_HARMLESS)]
        if not data.startswith(b"%PDF-") or told or not len(pdf.pages):
            raise _damaged(name)
    except pikepdf.PasswordError:
        raise ReadError(f"{name} is protected by a password. Ask its sender for a copy without one.") from None
    except (pikepdf.PdfError, ValueError, RuntimeError):
        raise _damaged(name) from None
    return pdf


def _damaged(name: str) -> ReadError:
    return ReadError(
        f"{name} is damaged or not a PDF. Get it again from its sender, or save it again from a PDF reader."
    )


def _bounded(data: bytes) -> bool:
    """Tell whether all that is compressed in the file stays within bounds when unpacked."""
    left = MAX_UNPACKED
    for found in re.finditer(rb"stream\r?\n", data):
        if data[found.end() : found.end() + 1] not in (b"x", b"h", b"H", b"X", b"8", b"\x18", b"\x08", b"("):
            continue
        unpacker, rest = zlib.decompressobj(), data[found.end() : found.end() + 1_000_000]
        start = found.end() + len(rest)
        try:
            while rest and not unpacker.eof:
                left -= len(unpacker.decompress(rest, 1_000_000))
                if left < 0:
                    return False
                rest = unpacker.unconsumed_tail
                if not rest:
                    rest, start = data[start : start + 1_000_000], start + 1_000_000
        except zlib.error:
            continue
    return True


def saved(pdf: pikepdf.Pdf) -> bytes:
    """Return the bytes of a PDF; the same for the same content."""
    file = BytesIO()
    pdf.save(file, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return file.getvalue()


def _hold_fillable(pdf: pikepdf.Pdf, name: str) -> None:
    form = pdf.Root.get("/AcroForm")
    if isinstance(form, Dictionary) and "/XFA" in form:
        raise ReadError(
            f"{name} is a form of the XFA kind, which only Adobe's own programs can fill. "
            "Ask its sender for an ordinary PDF form, or print it to PDF and add fields."
        )
    if not isinstance(form, Dictionary) or not isinstance(form.get("/Fields"), pikepdf.Array) or not len(form.Fields):
        raise ReadError(f"{name} has no fields to fill. Ask its sender for the fillable form, or add fields to it.")
    if any(node.field.get("/V") is not None for node in _terminal(pdf, name) if node.get("/FT") == "/Sig") or (
        "/DocMDP" in pdf.Root.get("/Perms", {})
    ):
        raise ReadError(f"{name} has been signed; filling it would undo the signature. Use the form as it was before.")


# --- the tree of fields --------------------------------------------------------------------------------------------


class _Node(NamedTuple):
    """A terminal field, its full name, its widgets, and what it inherits."""

    name: str
    field: Object
    widgets: list[Object]
    inherited: Mapping[str, Object]

    def get(self, key: str) -> Object:
        return self.field.get(key, self.inherited.get(key))


def _terminal(pdf: pikepdf.Pdf, name: str) -> Iterator[_Node]:
    """Yield the terminal fields in order. Raises ReadError where there are too many, or they hold one another."""
    too_many = ReadError(f"{name} has too many fields, or fields within fields without end. Use a simpler form.")
    form = pdf.Root.AcroForm
    above = {key: form[key] for key in ("/DA", "/Q") if key in form}
    stack = [(field, "", above, 0) for field in reversed(list(form.Fields))]
    seen = 0
    while stack:
        field, prefix, inherited, depth = stack.pop()
        seen += 1
        if seen > MAX_FIELDS or depth > MAX_DEPTH:
            raise too_many
        if not isinstance(field, Dictionary):
            continue
        part = str(field["/T"]) if "/T" in field else ""
        full = f"{prefix}.{part}" if prefix and part else prefix or part
        seen += len(field.get("/Kids", ()))
        if seen > MAX_PLACES:
            raise too_many
        kids = [kid for kid in field.get("/Kids", ()) if isinstance(kid, Dictionary)]
        if any("/T" in kid for kid in kids):
            passed = {**inherited, **{key: field[key] for key in _INHERITED if key in field}}
            stack += [(kid, full, passed, depth + 1) for kid in reversed(kids)]
        elif full:
            yield _Node(full, field, kids or [field], inherited)


def _give_objects(pdf: pikepdf.Pdf, name: str) -> bool:
    """Give each field an object of its own that can be written anew; tell whether anything was changed."""
    changed = False
    for holder, key in _lists(pdf):
        for index, item in enumerate(holder[key]):
            if isinstance(item, Dictionary) and not item.is_indirect:
                holder[key][index] = pdf.make_indirect(item)
                changed = True
    return changed or any(item.objgen[1] for node in _terminal(pdf, name) for item in (node.field, *node.widgets))


def _lists(pdf: pikepdf.Pdf) -> Iterator[tuple[Object, str]]:
    """Yield where fields and widgets are listed."""
    stack = [(pdf.Root.AcroForm, "/Fields", 0)]
    while stack:
        holder, key, depth = stack.pop()
        yield holder, key
        if depth <= MAX_DEPTH:
            stack += [
                (kid, "/Kids", depth + 1) for kid in holder[key] if isinstance(kid, Dictionary) and "/Kids" in kid
            ]
    for page in pdf.pages:
        if isinstance(page.obj.get("/Annots"), pikepdf.Array):
            yield page.obj, "/Annots"


def _give_appearances(pdf: pikepdf.Pdf, name: str) -> list[Object]:
    """Give each button without an appearance something to show; return what was added to the file."""
    added: list[Object] = []
    for node in _terminal(pdf, name):
        if node.get("/FT") == "/Btn" and not int(node.get("/Ff") or 0) & _PUSH:
            for widget in node.widgets:
                if not _on(widget):
                    added += _give_appearance(pdf, widget)
    return added


def _give_appearance(pdf: pikepdf.Pdf, widget: Object) -> Iterable[Object]:
    """Let a check box show a cross; return the two drawings."""
    x0, y0, x1, y1 = _rect(widget)
    width, height = x1 - x0, y1 - y0
    box = pikepdf.Array([0, 0, width, height])
    cross = b"q 1.2 w 2 2 m %.2f %.2f l 2 %.2f m %.2f 2 l S Q" % (width - 2, height - 2, height - 2, width - 2)
    drawings = {
        "/Yes": pdf.make_stream(_ground(widget, width, height) + cross),
        "/Off": pdf.make_stream(_ground(widget, width, height) + b"q Q"),
    }
    for drawing in drawings.values():
        drawing.stream_dict = Dictionary(Type=Name.XObject, Subtype=Name.Form, BBox=box)
    widget["/AP"] = Dictionary(N=Dictionary(drawings))
    return drawings.values()


# --- what filling needs --------------------------------------------------------------------------------------------


def _form(pdf: pikepdf.Pdf, data: bytes, name: str, flat: bool) -> Form:
    added = [(item.objgen[0], _as_written(item)) for item in _give_appearances(pdf, name)]
    pages = {
        annotation.objgen[0]: number
        for number, page in enumerate(pdf.pages)
        for annotation in page.obj.get("/Annots", ())
        if isinstance(annotation, Dictionary)
    }
    fields: dict[str, Field] = {}
    for node in _terminal(pdf, name):
        field = _field(node, pages)
        twin = fields.get(field.name)
        if twin is not None and field.kind == twin.kind:  # two fields of one name are one, as readers show it
            widgets, holders = twin.widgets + field.widgets, twin.holders + field.holders
            field = replace(twin, widgets=widgets, holders=holders, options=twin.options or field.options)
        fields[field.name] = field
    if not fields:
        raise ReadError(f"{name} has no fields to fill. Ask its sender for the fillable form, or add fields to it.")
    if flat:
        flatten(pdf, fields)
        data = saved(pdf)
        with opened(data, name) as made:
            return _described(made, data, located(made, fields), flat)
    form = _described(pdf, data, fields, flat)
    return replace(form, added=tuple(added), size=max([form.size, *(number + 1 for number, _ in added)]))


def _as_written(drawing: Object) -> bytes:
    entries = {key: value for key, value in drawing.stream_dict.items() if key not in ("/Length", "/Filter")}
    content = drawing.read_bytes()
    head = Dictionary(entries).unparse(resolved=True).removesuffix(b">>")
    return b"%b/Length %d>>\nstream\n%b\nendstream" % (head, len(content), content)


def _described(pdf: pikepdf.Pdf, data: bytes, fields: Mapping[str, Field], flat: bool) -> Form:
    redrawn = not flat and pdf.Root.AcroForm.get("/NeedAppearances")
    start = int(data[data.rindex(b"startxref") + 9 :].split()[0])
    draft = _draft(pdf)
    corner = [float(side) for side in draft.BBox][2:] if draft is not None else (612.0, 792.0)
    identity = pdf.trailer.get("/ID")
    return Form(
        data=data,
        fields=fields,
        startxref=start,
        size=int(pdf.trailer.Size),
        root=b"%d %d R" % pdf.Root.objgen,
        info=b"%d %d R" % pdf.trailer.Info.objgen if "/Info" in pdf.trailer else b"",
        identity=bytes(identity[0]) if identity is not None else hashlib.md5(data, usedforsecurity=False).digest(),
        stream=not data[start:].lstrip().startswith(b"xref"),
        changes=() if flat else tuple(_changes(pdf)),
        draft=draft.objgen[0] if draft is not None else None,
        draft_box=(corner[0], corner[1]),
        flat=flat,
        pages=len(pdf.pages),
        tree=_tree(pdf.Root.Pages),
        redrawn=bool(redrawn),
        scripts=_has_scripts(pdf),
    )


def _has_scripts(pdf: pikepdf.Pdf) -> bool:
    root = pdf.Root
    if any(key in root for key in ("/AA", "/OpenAction")) or "/JavaScript" in root.get("/Names", {}):
        return True
    items: Iterable[Object] = (item for page in pdf.pages for item in page.obj.get("/Annots", ()))
    several = (item for item in items if isinstance(item, Dictionary))
    return any("/AA" in item or _does(item.get("/A")) for item in several)


def _does(action: Object) -> bool:
    return isinstance(action, Dictionary) and action.get("/S") == "/JavaScript"


def _tree(root: Object) -> Tree:
    head = Dictionary({key: value for key, value in sorted(root.items()) if key not in ("/Kids", "/Count")})
    kids = root.Kids.unparse(resolved=True).removeprefix(b"[").removesuffix(b"]").strip()
    return Tree(root.objgen[0], head.unparse(resolved=True).removesuffix(b">>"), kids, int(root.Count))


def _draft(pdf: pikepdf.Pdf) -> Object | None:
    for page in pdf.pages:
        drawings = page.resources.get("/XObject")
        if drawings is not None and DRAFT in drawings:
            return drawings[DRAFT]
    return None


def _changes(pdf: pikepdf.Pdf) -> Iterator[tuple[int, bytes]]:
    """Yield what keeps readers from drawing the fields anew in their own fonts, and rights that filling would break."""
    form, root = pdf.Root.AcroForm, pdf.Root
    if "/NeedAppearances" in form:
        del form["/NeedAppearances"]
        if form.is_indirect:
            yield form.objgen[0], form.unparse(resolved=True)
        else:
            yield root.objgen[0], root.unparse(resolved=True)


def _field(node: _Node, pages: Mapping[int, int]) -> Field:
    flags = int(node.get("/Ff") or 0)
    kind = _kind(str(node.get("/FT") or ""), flags)
    merged = node.widgets == [node.field]
    field = node.field
    options = tuple(_options(node, kind))
    return Field(
        name=node.name,
        kind=kind,
        label=str(field.get("/TU", "")),
        widgets=tuple(_widget(widget, kind, pages, merged, _style(node, widget)) for widget in node.widgets),
        holders=() if merged else ((field.objgen[0], _head(field)),),
        multiline=kind == "text" and bool(flags & _MULTILINE),
        comb=kind == "text" and bool(flags & _COMB),
        max_length=max(0, int(node.get("/MaxLen") or 0)) if kind == "text" else 0,
        options=options,
        editable=kind == "choice" and bool(flags & _EDIT),
        multiple=kind == "list" and bool(flags & _MULTIPLE),
        required=bool(flags & _REQUIRED),
        read_only=bool(flags & _READ_ONLY),
        value=_value(node.get("/V")),
        date=of_script("".join(_scripts(node))) if kind == "text" else "",
        computed=any("/C" in actions for actions in _actions(node)),
        secret=kind == "text" and bool(flags & (_PASSWORD | _FILE)),
        undrawn=kind in ("text", "choice") and any("/N" not in widget.get("/AP", {}) for widget in node.widgets),
    )


def _actions(node: _Node) -> Iterator[Object]:
    for item in (node.field, *node.widgets[:1]):
        if isinstance(item.get("/AA"), Dictionary):
            yield item["/AA"]


def _scripts(node: _Node) -> Iterator[str]:
    """Yield the scripts that say how a field shows its value and what may be typed."""
    for actions in _actions(node):
        for key in ("/F", "/K"):
            script = actions[key].get("/JS") if isinstance(actions.get(key), Dictionary) else None
            if isinstance(script, pikepdf.String):
                yield str(script)[:_MAX_SCRIPT]
            elif isinstance(script, pikepdf.Stream) and int(script.get("/Length", 0)) < _MAX_SCRIPT:
                yield script.read_bytes()[:_MAX_SCRIPT].decode("latin-1")


def _kind(kind: str, flags: int) -> Kind:
    if kind == "/Btn":
        return "button" if flags & _PUSH else "radio" if flags & _RADIO else "check"
    if kind == "/Ch":
        return "choice" if flags & _COMBO else "list"
    return "signature" if kind == "/Sig" else "text"


def _value(value: Object) -> str:
    if isinstance(value, pikepdf.Name):
        return "" if value == "/Off" else str(value)[1:]
    return str(value) if isinstance(value, pikepdf.String) else ""


def _options(node: _Node, kind: Kind) -> Iterator[tuple[str, str]]:
    """Yield what can be chosen: what is stored, and what it is called."""
    listed = list(node.get("/Opt") or ())
    if kind in ("check", "radio"):
        for index, widget in enumerate(node.widgets):
            state = _on(widget)
            yield state, str(listed[index]) if index < len(listed) else state
    elif kind in ("choice", "list"):
        for item in listed:
            pair = [str(part) for part in item] if isinstance(item, pikepdf.Array) else [str(item)] * 2
            yield pair[0], pair[-1]


def _on(widget: Object) -> str:
    """Return the name of the state in which a button is on."""
    normal = widget.get("/AP", {}).get("/N")
    states = list(normal.keys()) if type(normal) is Dictionary or isinstance(normal, Dictionary) else []
    return next((state[1:] for state in states if state != "/Off"), "")


def _head(item: Object, kept: tuple[str, ...] = ()) -> bytes:
    """Return the dictionary without what a document says anew, left open for that."""
    entries = {key: value for key, value in sorted(item.items()) if key in kept or key not in _ANEW}
    return Dictionary(entries).unparse(resolved=True).removesuffix(b">>")


def _rect(widget: Object) -> tuple[float, float, float, float]:
    x0, y0, x1, y1 = (float(side) for side in widget.get("/Rect", (0, 0, 0, 0)))
    return min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)


def _widget(widget: Object, kind: Kind, pages: Mapping[int, int], holds: bool, style: Style) -> Widget:
    rect = _rect(widget)
    width, height = rect[2] - rect[0], rect[3] - rect[1]
    turned = int(widget.get("/MK", {}).get("/R", 0)) % 360
    matrix = {
        90: b"0 1 -1 0 %.2f 0" % width,
        180: b"-1 0 0 -1 %.2f %.2f" % (width, height),
        270: b"0 -1 1 0 0 %.2f" % height,
    }.get(turned, b"")
    if turned in (90, 270):
        width, height = height, width
    button = kind in ("check", "radio", "button", "signature")
    return Widget(
        number=widget.objgen[0],
        head=_head(widget, ("/AP",) if button else ()),
        page=pages.get(widget.objgen[0]),
        rect=rect,
        width=width,
        height=height,
        matrix=matrix,
        ground=_ground(widget, width, height),
        style=style,
        holds=holds,
        state=_on(widget) if kind in ("check", "radio") else "",
    )


def _style(node: _Node, widget: Object) -> Style:
    look = bytes(widget.get("/DA") or node.get("/DA") or b"")
    font, color = _FONT.search(look), _COLOR.search(look)
    return Style(
        size=abs(float(font[2])) if font else 0,
        color=color[0] if color else b"0 g",
        bold=bool(font and re.search(rb"(?i)bold|HeBo|TiBo|CoBo", font[1])),
        align=int(widget.get("/Q", node.get("/Q") or 0)),
    )


def _ground(widget: Object, width: float, height: float) -> bytes:
    """Return the operators that draw the background and the border that the form wants for a field."""
    look, style = widget.get("/MK", {}), widget.get("/BS", {})
    border = widget.get("/Border")
    thick = float(style.get("/W", border[2] if border is not None and len(border) > 2 else 1))
    parts = []
    if fill := _paint(look.get("/BG"), (b"g", b"rg", b"k")):
        parts.append(b"q %b 0 0 %.2f %.2f re f Q\n" % (fill, width, height))
    if thick and (line := _paint(look.get("/BC"), (b"G", b"RG", b"K"))):
        box = (thick, thick / 2, thick / 2, width - thick, height - thick)
        parts.append(b"q %b %.2f w %.2f %.2f %.2f %.2f re S Q\n" % (line, *box))
    return b"".join(parts)


def _paint(color: Object, operators: tuple[bytes, bytes, bytes]) -> bytes:
    """Return the operator for a colour of one, three or four parts; empty where there is none."""
    if color is None or len(color) not in (1, 3, 4):
        return b""
    parts = b" ".join(b"%.3f" % float(part) for part in color)
    return parts + b" " + operators[(1, 3, 4).index(len(color))]
