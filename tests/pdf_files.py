"""Small PDF forms for tests, with the traps that forms from elsewhere have."""

import io
from itertools import count

import pikepdf
from pikepdf import Array, Dictionary, Name, String

KINDS = {
    "text": "/Tx",
    "check": "/Btn",
    "radio": "/Btn",
    "choice": "/Ch",
    "list": "/Ch",
    "signature": "/Sig",
    "button": "/Btn",
}
FLAGS = {"radio": 1 << 15, "button": 1 << 16, "choice": 1 << 17}
MULTILINE, COMB, EDIT, MULTIPLE, READ_ONLY, REQUIRED = 1 << 12, 1 << 24, 1 << 18, 1 << 21, 1, 2
LOOK = "/Helv 9.5 Tf 0 g"


class FormFile:
    """A form being made: fields by full name, in a real hierarchy."""

    def __init__(self, pages=1, *, look=LOOK):
        self.pdf = pikepdf.new()
        for number in range(pages):
            page = self.pdf.add_blank_page(page_size=(612, 792))
            font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
            page.obj.Resources = Dictionary(Font=Dictionary(Helv=self.pdf.make_indirect(font)))
            page.obj.Contents = self.pdf.make_stream(b"BT /Helv 10 Tf 40 770 Td (Page %d) Tj ET" % (number + 1))
            page.obj.Annots = Array()
        form = Dictionary(Fields=Array(), DA=String(look))
        self.pdf.Root.AcroForm = self.pdf.make_indirect(form)
        self.form = self.pdf.Root.AcroForm
        self._nodes = {}
        self._places = count()

    def parent(self, path):
        """Return the list that the kids of ``path`` stand in."""
        if not path:
            return self.form.Fields
        if path not in self._nodes:
            above, _, part = path.rpartition(".")
            node = self.pdf.make_indirect(Dictionary(T=String(part), Kids=Array()))
            self._put(above, node)
            self._nodes[path] = node
        return self._nodes[path].Kids

    def _put(self, above, node):
        self.parent(above).append(node)
        if above:
            node.Parent = self._nodes[above]

    def widget(self, page=0, rect=None, **more):
        place = next(self._places)
        rect = rect or (40, 740 - 24 * (place % 28), 340, 758 - 24 * (place % 28))
        item = Dictionary(
            Type=Name.Annot, Subtype=Name.Widget, Rect=Array(rect), F=4, P=self.pdf.pages[page].obj, **more
        )
        item = self.pdf.make_indirect(item)
        self.pdf.pages[page].obj.Annots.append(item)
        return item

    def add(self, name, kind="text", *, flags=0, rect=None, page=0, **more):
        """Add a field of one widget."""
        above, _, part = name.rpartition(".")
        field = self.widget(page, rect, **more)
        field.T, field.FT, field.Ff = String(part), Name(KINDS[kind]), FLAGS.get(kind, 0) | flags
        if kind == "check" and "/AP" not in field:
            self.states(field, "Yes")
        self._put(above, field)
        return field

    def states(self, widget, on):
        """Give a button an appearance for ``on`` and for Off."""
        made = {}
        for state, ops in ((on, b"0 0 8 8 re f"), ("Off", b"q Q")):
            made["/" + state] = self.pdf.make_stream(
                ops, Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, 10, 10])
            )
        widget.AP = Dictionary(N=Dictionary(made))
        widget.AS = Name.Off

    def group(self, name, *states, kind="radio"):
        """Add a field with one button for each state."""
        above, _, part = name.rpartition(".")
        field = self.pdf.make_indirect(
            Dictionary(T=String(part), FT=Name.Btn, Ff=FLAGS.get(kind, 0), Kids=Array(), V=Name.Off)
        )
        for state in states:
            kid = self.widget(rect=(40, 40, 50, 50), Parent=field)
            self.states(kid, state)
            field.Kids.append(kid)
        self._put(above, field)
        return field

    def bytes(self, *, table=False, **more):
        file = io.BytesIO()
        mode = pikepdf.ObjectStreamMode.disable if table else pikepdf.ObjectStreamMode.generate
        self.pdf.save(file, object_stream_mode=mode, deterministic_id="encryption" not in more, **more)
        return file.getvalue()


def options(*pairs):
    return Array([Array([String(stored), String(shown)]) if shown else String(stored) for stored, shown in pairs])


def ideograph_face(path, characters="李明中文医生。", step=1000):
    """Write a TrueType face to ``path`` that draws ``characters`` as boxes."""
    from fontTools.fontBuilder import FontBuilder
    from fontTools.pens.ttGlyphPen import TTGlyphPen

    pen = TTGlyphPen(None)
    for place, corner in enumerate(((100, 0), (100, 800), (900, 800), (900, 0))):
        (pen.lineTo if place else pen.moveTo)(corner)
    pen.closePath()
    names = [".notdef", "space", *(f"u{ord(one):X}" for one in characters)]
    builder = FontBuilder(step, isTTF=True)
    builder.setupGlyphOrder(names)
    builder.setupCharacterMap({0x20: "space", **{ord(one): f"u{ord(one):X}" for one in characters}})
    box, blank = pen.glyph(), TTGlyphPen(None).glyph()
    builder.setupGlyf({name: blank if name == "space" else box for name in names})
    builder.setupHorizontalMetrics(dict.fromkeys(names, (step, 100)))
    builder.setupHorizontalHeader(ascent=880, descent=-120)
    builder.setupNameTable({"familyName": "Boxes", "styleName": "Regular"})
    builder.setupPost()
    builder.save(path)
    return path
