"""Composing: a document of the pieces of its form, each where the plan puts it, with its own fields and tags.

A template is a file of pages that bear the names of their sheets: ``front``, ``goal`` (once for each goal), ``closing``
and ``continuation``; what an overlay adds are pages that bear the name of the document. Fields are renamed to the rows
and signers that they are for; what nobody needs is left out.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple, TypeAlias

import pikepdf
from pikepdf import Array, Dictionary, Name, String

from toolkit import slots
from toolkit.errors import TemplateError
from toolkit.pdf.compile import compile_form, opened, saved
from toolkit.pdf.flow import ADDED, LAST, Leaf, Page, Plan, Put
from toolkit.pdf.form import Field
from toolkit.pdf.locks import as_dictionary
from toolkit.pdf.pieces import DRAFT_MARK, LOGO, WORDS, Sheet, logo_at, understood
from toolkit.pdf.shapes import drawn

Object: TypeAlias = Any

_HEIGHT = 792.0
_MULTI_LINE, _COMBO = 1 << 12, 1 << 17
_FIELD = ("/FT", "/Ff", "/TU", "/TM", "/Opt", "/MaxLen", "/AA", "/V", "/DV")
_TREE = ("/T", "/Parent", "/Kids", "/P", "/StructParent")
_NAMED = re.compile(rb"/(\S+)(?= \S+ Tf$)", re.M)


class _Element(NamedTuple):
    """An element of structure: its tag and other entries, and what it holds: numbers of words, elements, its field."""

    tag: str
    entries: bytes
    kids: tuple[int | _Element | None, ...]

    def words(self) -> Iterator[int]:
        """Yield the numbers of the words in it."""
        for kid in self.kids:
            if isinstance(kid, _Element):
                yield from kid.words()
            elif kid is not None:
                yield kid


class _Source(NamedTuple):
    """What a page of a template draws: its elements by item, which annotation is the field of an item, its words."""

    elements: tuple[_Element, ...]
    places: Mapping[int, int]
    words: Mapping[int, tuple[bytes, bytes]]
    """By number: the tag, and the operators."""


class Kit:
    """The pages of a form and of what overlays add to it, read once; documents are composed of them."""

    def __init__(
        self,
        template: bytes,
        document: str,
        supplements: Iterable[bytes] = (),
        last_pages: Iterable[bytes] = (),
        name: str = "The form",
    ) -> None:
        """Read the files. Raises TemplateError where one tells nothing of its pieces, ReadError where it is damaged."""
        self.pages: list[Page] = []
        self.sources: list[_Source] = []
        self.fields: dict[str, Field] = {}
        """The fields of all files, by their names there."""
        with opened(template, name) as pdf:
            for page in pdf.pages:
                page.obj["/Resources"] = page.resources
                self._take(pdf, page.obj, label(page.obj), name)
            files = [(ADDED, data) for data in supplements] + [(LAST, data) for data in last_pages]
            taken = [page for number, (place, data) in enumerate(files, 1)
                     for page in self._taken(pdf, data, place, document, name, number)]  # fmt: skip
            pdf.pages.extend(pikepdf.Page(page) for page in taken)
            roots = {root.objgen: root for page in taken for root in map(_root, page.Annots)}
            pdf.Root.AcroForm.Fields.extend(roots.values())
            for page in pdf.pages:
                page.obj["/Contents"] = pdf.make_stream(b"")
            if "/StructTreeRoot" in pdf.Root:
                del pdf.Root["/StructTreeRoot"]
            self.data = saved(pdf)
        for data in (template, *(data for _, data in files)):
            self.fields.update(compile_form(data, name).fields)

    def _taken(
        self, pdf: pikepdf.Pdf, data: bytes, place: str, document: str, name: str, number: int
    ) -> Iterator[Object]:
        """Yield the pages of another file that ``document`` needs, copied into ``pdf``."""
        with opened(data, name) as other:
            wanted = [page.obj for page in other.pages if label(page.obj) == document]
            for page in wanted:
                page["/Resources"] = pikepdf.Page(page).resources
                self._take(other, page, place, name, number)
            for page in wanted:  # what is no page to qpdf is copied with all that it holds, fields too
                del page["/Type"], page["/Parent"]
            for page in wanted:
                copied = pdf.copy_foreign(page)
                copied["/Type"] = Name.Page
                yield copied

    def _take(self, pdf: pikepdf.Pdf, page: Object, place: str, name: str, number: int = 0) -> None:
        """Note what a page holds; what is the same in all documents is kept here, the rest in the file."""
        sheet = _told(page, name)
        found = WORDS.finditer(page.Contents.read_bytes())
        words = {int(one[2]): (one[1], _renamed(one[3], number)) for one in found}
        if number:  # the faces of another file may bear the same names
            fonts = page.Resources.Font
            page.Resources.Font = Dictionary({f"/A{number}{key[1:]}": font for key, font in fonts.items()})
        annotations = {one.objgen: at for at, one in enumerate(page.Annots)}
        places: dict[int, int] = {}
        elements = []
        for item, element in enumerate(_elements(pdf, page)):
            elements.append(_element(element, annotations, places, item))
        names = {item: full_name(page.Annots[at]) for item, at in places.items()}
        self.pages.append(Page(place, sheet, names))
        self.sources.append(_Source(tuple(elements), places, words))


def _told(page: Object, name: str) -> Sheet:
    try:
        return understood(str(page.PieceInfo.plankit.Private.Pieces))
    except (AttributeError, KeyError, TypeError, ValueError):
        raise TemplateError(
            f"{name} does not tell what its pages are made of. Build it again with plankit template build."
        ) from None


def label(page: Object) -> str:
    """Return the sheet that a page of a template belongs to; empty where it does not say."""
    about = page.get("/PieceInfo", {}).get("/plankit", {}).get("/Private", {})
    return str(about.get("/Sheet", "/"))[1:]


def full_name(item: Object) -> str:
    """Return the full name of a field or of its place."""
    parts: list[str] = []
    while item is not None and len(parts) < 32:
        if "/T" in item:
            parts.insert(0, str(item["/T"]))
        item = item.get("/Parent")
    return ".".join(parts)


def _root(item: Object) -> Object:
    """Return the field at the top above a place of a field."""
    while "/Parent" in item:
        item = item.Parent
    return item


def _elements(pdf: pikepdf.Pdf, page: Object) -> list[Object]:
    """Return the elements of structure of a page, one for each item that stands on it."""
    (document,) = _kids(pdf.Root.StructTreeRoot)
    return [kid for one in _kids(document) if one.Pg.objgen == page.objgen for kid in _kids(one)]


def _kids(element: Object) -> Iterator[Object]:
    kids = element.get("/K")
    yield from kids if isinstance(kids, Array) else () if kids is None else (kids,)


def _element(
    element: Object, annotations: Mapping[tuple[int, int], int], places: dict[int, int], item: int
) -> _Element:
    """Return an element with all that it holds; the place of a field in it is noted for ``item``."""
    kids: list[int | _Element | None] = []
    for kid in _kids(element):
        if not isinstance(kid, Dictionary):
            kids.append(int(kid))
        elif "/Obj" in kid:
            places[item] = annotations[kid.Obj.objgen]
            kids.append(None)
        else:
            kids.append(_element(kid, annotations, places, item))
    entries = {key: value for key, value in element.items() if key in ("/Alt", "/A")}
    return _Element(str(element.S), Dictionary(entries).unparse(resolved=True), tuple(kids))


def _renamed(words: bytes, number: int) -> bytes:
    """Return words with the names that their faces bear in the document."""
    return _NAMED.sub(b"/A%d\\1" % number, words) if number else words


def compose(kit: Kit, plan: Plan) -> bytes:
    """Return the form of the document that ``plan`` lays out; the same input always gives the same bytes."""
    with pikepdf.open(io.BytesIO(kit.data)) as pdf:
        work = _Document(pdf, kit, plan)
        for leaf in plan.leaves:
            work.add(leaf)
        return work.finished()


class _Document:
    """The document being composed."""

    def __init__(self, pdf: pikepdf.Pdf, kit: Kit, plan: Plan) -> None:
        self._pdf, self._kit, self._roles = pdf, kit, plan.roles
        self._sources = [page.obj for page in pdf.pages]
        self._fields: dict[str, tuple[dict[str, Object], list[Object]]] = {}
        self._own: dict[tuple[int, int], dict[str, Object]] = {}
        self._pages: list[Object] = []
        self._parents: list[Object] = []
        self._top = pdf.make_indirect(Dictionary(Type=Name.StructElem, S=Name.Document))
        self._elements = Array()
        self._resources = pdf.make_indirect(self._merged())

    def _merged(self) -> Object:
        """Return what all pages draw with."""
        kinds: dict[str, dict[str, Object]] = {"/XObject": {}, "/ExtGState": {}, "/Font": {}}
        for page in reversed(self._sources):
            for kind, found in kinds.items():
                found.update(page.Resources.get(kind, Dictionary()).items())
        return Dictionary({kind: Dictionary(found) for kind, found in kinds.items()})

    def add(self, leaf: Leaf) -> None:
        """Add a page."""
        page = self._pdf.make_indirect(Dictionary(Type=Name.Page, MediaBox=[0, 0, 612, 792], Resources=self._resources,
                                                  Tabs=Name.S, StructParents=len(self._parents)))  # fmt: skip
        marked = Array()
        self._parents.append(marked)
        content = [drawn(leaf.shapes, leaf.color)]
        annotations = Array()
        for put in leaf.puts:
            if put.part.role == LOGO:
                content.append(b"%b\n" % logo_at(put.part.x, put.y + put.part.height))
            if put.part.item < 0:
                continue
            source = self._kit.sources[put.page]
            element = source.elements[put.part.item]
            down = put.y - put.part.y
            field = self._field(put, down, page) if put.name else None
            if field is not None:
                annotations.append(field)
            numbers: dict[int, int] = {}
            for number in element.words():
                tag, words = source.words[number]
                numbers[number] = len(numbers) + len(marked)
                content.append(b"%b <</MCID %d>> BDC\nq 1 0 0 1 0 %.2f cm\n%b\nQ\nEMC\n"
                               % (tag, numbers[number], -down, words))  # fmt: skip
            marked.extend(self._top for _ in numbers)
            self._elements.append(self._clone(element, self._top, page, numbers, marked, field))
        page["/Annots"] = annotations
        page["/Contents"] = self._pdf.make_stream(b"".join((*content, DRAFT_MARK)))
        self._pages.append(page)

    def _clone(
        self, element: _Element, above: Object, page: Object, numbers: Mapping[int, int], marked: Object, field: Object
    ) -> Object:
        """Return an element of ``page`` with the words and the field that stand on it."""
        clone = self._pdf.make_indirect(pikepdf.Object.parse(element.entries))
        clone["/Type"], clone["/S"], clone["/P"], clone["/Pg"] = Name.StructElem, Name(element.tag), above, page
        kids = Array()
        for kid in element.kids:
            if kid is None:
                field["/StructParent"] = len(self._parents)
                self._parents.append(clone)
                # pyHanko knows a field by the one child of its element, and an element by the list it stands in
                clone["/K"] = Dictionary(Type=Name.OBJR, Obj=field, Pg=page)
                return clone
            if isinstance(kid, _Element):
                kids.append(self._clone(kid, clone, page, numbers, marked, field))
            else:
                kids.append(numbers[kid])
                marked[numbers[kid]] = clone
        clone["/K"] = kids
        return clone

    # --- fields ----------------------------------------------------------------------------------------------------

    def _field(self, put: Put, down: float, page: Object) -> Object:
        """Return the place of a field on ``page``, entered under its name."""
        at = self._kit.sources[put.page].places[put.part.item]
        source = self._sources[put.page].Annots[at]
        entries = {key: value for key, value in source.items() if key not in (*_FIELD, *_TREE, "/Rect")}
        left, bottom, right, top = (float(side) for side in source.Rect)
        foot = _HEIGHT - put.y - put.height + 1.0 if put.several or put.part.several else bottom - down
        box = Array([round(side, 2) for side in (left, foot, right, top - down)])
        widget = self._pdf.make_indirect(Dictionary({**entries, "/Rect": box, "/P": page}))
        own = self._own.setdefault(source.objgen, _own(source))
        if put.several:
            own = {**own, "/FT": Name.Tx, "/Ff": int(own.get("/Ff", 0)) & ~_COMBO | _MULTI_LINE}
            own.pop("/Opt", None)
        self._fields.setdefault(put.name, (own, []))[1].append(widget)
        return widget

    def _tree(self) -> Object:
        """Return the fields in the hierarchy of their names."""
        nodes: dict[str, Object] = {}
        roots = Array()

        def enter(path: str, node: Object) -> None:
            above, _, part = path.rpartition(".")
            node["/T"] = String(part)
            if not above:
                roots.append(node)
                return
            if above not in nodes:
                nodes[above] = self._pdf.make_indirect(Dictionary(Kids=Array()))
                enter(above, nodes[above])
            node["/Parent"] = nodes[above]
            nodes[above]["/Kids"].append(node)

        for name, (own, widgets) in self._fields.items():
            node = widgets[0] if len(widgets) == 1 else self._pdf.make_indirect(Dictionary(Kids=Array(widgets)))
            for key, value in own.items():
                node[key] = value
            if len(widgets) > 1:
                for widget in widgets:
                    widget["/Parent"] = node
            if own.get("/FT") == "/Sig":
                lock = slots.lock(name, self._fields, map(slots.field, self._roles))
                node["/Lock"] = self._pdf.make_indirect(as_dictionary(lock))
            enter(name, node)
        return roots

    # --- the file --------------------------------------------------------------------------------------------------

    def finished(self) -> bytes:
        """Return the document."""
        pdf = self._pdf
        del pdf.pages[:]
        pdf.pages.extend(pikepdf.Page(page) for page in self._pages)
        pdf.Root.AcroForm["/Fields"] = self._tree()
        self._top["/K"] = self._elements
        root = pdf.make_indirect(Dictionary(Type=Name.StructTreeRoot, K=Array([self._top])))
        self._top["/P"] = root
        rows = [item for number, parent in enumerate(self._parents) for item in (number, parent)]
        root["/ParentTree"] = pdf.make_indirect(Dictionary(Nums=Array(rows)))
        root["/ParentTreeNextKey"] = len(self._parents)
        pdf.Root["/StructTreeRoot"] = root
        return saved(pdf)


def _own(widget: Object) -> dict[str, Object]:
    """Return what is said of the field that a place belongs to."""
    found: dict[str, Object] = {}
    item, steps = widget, 0
    while item is not None and steps < 32:
        found = {**{key: item[key] for key in _FIELD if key in item}, **found}
        item, steps = item.get("/Parent"), steps + 1
    return found
