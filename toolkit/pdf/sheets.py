"""Composing: a document from labelled sheets, each as often as the record needs it, with its own fields and tags.

A template is a file of pages that bear the names of their sheets: ``front``, ``goal`` (once or more for each goal),
``closing`` and ``continuation``; what an overlay adds are pages that bear the name of the document. Fields are renamed
to the rows and signers that they are for; what nobody needs is left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, NamedTuple, TypeAlias

import pikepdf
from pikepdf import Array, Dictionary, Name, String

from toolkit import slots
from toolkit.errors import TemplateError
from toolkit.pdf.compile import DRAFT, compile_form, opened, saved
from toolkit.pdf.form import Field
from toolkit.pdf.locks import as_dictionary

Object: TypeAlias = Any

FRONT, GOAL, CLOSING, CONTINUATION = "front", "goal", "closing", "continuation"
_FIELD = ("/FT", "/Ff", "/TU", "/TM", "/Opt", "/MaxLen", "/AA", "/V", "/DV")
_TREE = ("/T", "/Parent", "/Kids", "/P", "/StructParent")
_SLOT = re.compile(r"(signers|more)\[(\d+)\]\.")


@dataclass(frozen=True, slots=True)
class Shape:
    """How often each sheet stands in a document, and who signs it."""

    goals: tuple[int, ...] = ()
    """How many goal sheets each goal takes."""
    more: int = 0
    """How many texts go on on continuation sheets."""
    roles: tuple[str, ...] = ()
    """Who signs, in the order of the places to sign."""


class _Sheet(NamedTuple):
    """A page of a template, with its fields and what its tags say."""

    label: str
    page: Object
    elements: list[Object]
    marked: list[Object]


@dataclass(slots=True)
class _Instance:
    """A page of the document being made."""

    sheet: _Sheet
    number: int
    goal: str = ""
    first_text: int = 0
    widgets: dict[tuple[int, int], Object] = field(default_factory=dict)


def compose(
    template: bytes,
    document: str,
    shape: Shape,
    supplements: Iterable[bytes] = (),
    last_pages: Iterable[bytes] = (),
    name: str = "The form",
) -> bytes:
    """Return the form of ``document`` in ``shape``; the same input always gives the same bytes.

    Raises TemplateError where the template has no place for what the shape asks, ReadError where a file cannot be read.
    """
    with opened(template, name) as pdf:
        own = _sheets(pdf.Root.get("/StructTreeRoot"), [page.obj for page in pdf.pages])
        added = [sheet for data in supplements for sheet in _taken(pdf, data, document, name)]
        ends = [sheet for data in last_pages for sheet in _taken(pdf, data, document, name)]
        work = _Document(pdf, shape, name)
        for sheet in (sheet for sheet in own if sheet.label == FRONT):
            work.add(sheet)
        work.add_goals([sheet for sheet in own if sheet.label == GOAL])
        for sheet in [*added, *(sheet for sheet in own if sheet.label == CLOSING)]:
            work.add(sheet)
        work.add_texts([sheet for sheet in own if sheet.label == CONTINUATION])
        for sheet in ends:
            work.add(sheet)
        return work.finished()


@lru_cache(maxsize=64)
def fields(template: bytes, name: str = "The form", document: str = "") -> Mapping[str, Field]:
    """Return the fields of a template as they are called there; of an overlay's, those of the sheets of ``document``.

    Raises as `compose`.
    """
    form = compile_form(template, name)
    if not document:
        return form.fields
    with opened(template, name) as pdf:
        wanted = {number for number, page in enumerate(pdf.pages) if label(page.obj) == document}
    return {
        name: field for name, field in form.fields.items() if any(widget.page in wanted for widget in field.widgets)
    }


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


def _taken(pdf: pikepdf.Pdf, data: bytes, document: str, name: str) -> list[_Sheet]:
    """Return the pages of another file that ``document`` needs, copied into ``pdf``."""
    with opened(data, name) as other:
        wanted = [page.obj for page in other.pages if label(page.obj) == document]
        for page in wanted:  # what is no page to qpdf is copied with all that it holds, fields too
            page["/Resources"] = pikepdf.Page(page).resources
            del page["/Type"], page["/Parent"]
        pages = [pdf.copy_foreign(page) for page in wanted]
        tree = other.Root.get("/StructTreeRoot")
        return _sheets(pdf.copy_foreign(other.make_indirect(tree)) if tree is not None else None, pages)


def _sheets(tree: Object | None, pages: Iterable[Object]) -> list[_Sheet]:
    parents: Any = pikepdf.NumberTree(tree.ParentTree) if tree is not None else {}
    top = list(_kids(tree)) if tree is not None else []
    elements = [kid for one in top for kid in _kids(one) if isinstance(kid, Dictionary)]
    found = []
    for page in pages:
        mine = [one for one in elements if (own := _page_of(one)) is not None and own.objgen == page.objgen]
        key = page.get("/StructParents")
        marked = list(parents[int(key)]) if parents and key is not None else []
        found.append(_Sheet(label(page), page, mine, marked))
    return found


def _kids(element: Object) -> Iterator[Object]:
    kids = element.get("/K")
    yield from kids if isinstance(kids, Array) else () if kids is None else (kids,)


def _page_of(element: Object) -> Object | None:
    if "/Pg" in element:
        return element["/Pg"]
    kids = (kid for kid in _kids(element) if isinstance(kid, Dictionary))
    return next((page for page in map(_page_of, kids) if page is not None), None)


class _Document:
    """The document being composed."""

    def __init__(self, pdf: pikepdf.Pdf, shape: Shape, name: str) -> None:
        self._pdf, self._shape, self._name = pdf, shape, name
        self._fields: dict[str, tuple[Mapping[str, Object], list[Object]]] = {}
        self._pages: list[Object] = []
        self._elements: list[Object] = []
        self._parents: list[Object] = []
        self._empty = pdf.make_indirect(
            pdf.make_stream(b"q Q", Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, 0, 0]))
        )
        self._draft: Object | None = None
        self._top = pdf.make_indirect(Dictionary(Type=Name.StructElem, S=Name.Document))

    # --- pages -----------------------------------------------------------------------------------------------------

    def add(self, sheet: _Sheet, goal: str = "", first_text: int = 0) -> None:
        """Add a page."""
        instance = _Instance(sheet, len(self._pages), goal, first_text)
        entries = {
            key: value
            for key, value in sheet.page.items()
            if key not in ("/Annots", "/Parent", "/StructParents", "/Resources", "/AA")
        }
        page = self._pdf.make_indirect(Dictionary({**entries, "/Type": Name.Page}))
        page["/Resources"] = self._resources(instance)
        page["/Annots"] = Array(self._widgets(instance, page))
        self._pages.append(page)
        self._tag(instance, page)

    def add_goals(self, sheets: Sequence[_Sheet]) -> None:
        """Add the sheets of each goal."""
        if self._shape.goals and not sheets:
            return  # a form that holds its goals on its other sheets
        for number, count in enumerate(self._shape.goals):
            for further in range(count):
                for sheet in sheets:
                    self.add(sheet, f"goals[{number}]" + (f"+{further}" if further else ""))

    def add_texts(self, sheets: Sequence[_Sheet]) -> None:
        """Add as many continuation sheets as the continued texts need."""
        if not self._shape.more:
            return
        slots = sum(len(set(_slots(sheet.page, "more"))) for sheet in sheets)
        if not slots:
            raise TemplateError(
                f"{self._name} has no sheet for text that is continued. Build it again with plankit template build."
            )
        for start in range(0, self._shape.more, slots):
            for sheet in sheets:
                self.add(sheet, first_text=start)

    def _resources(self, instance: _Instance) -> Object:
        """Return the page's resources, where drawings of places that nobody needs are empty."""
        source = instance.sheet.page.Resources
        drawings = dict(source.get("/XObject", Dictionary()).items())
        for key in drawings:
            if (found := _SLOT.match(f"{key[1:]}.")) and self._slot(found, instance) is None:
                drawings[key] = self._empty
        if DRAFT in drawings:
            self._draft = drawings[DRAFT] = self._draft or drawings[DRAFT]
        return Dictionary({**dict(source.items()), "/XObject": Dictionary(drawings)})

    def _slot(self, found: re.Match[str], instance: _Instance) -> str | None:
        """Return what the root of a slot is called in the document, None where the slot is not used."""
        number = int(found[2])
        if found[1] == "signers":
            return f"sign.{self._shape.roles[number]}." if number < len(self._shape.roles) else None
        text = instance.first_text + number
        return f"more[{text}]." if text < self._shape.more else None

    # --- fields ----------------------------------------------------------------------------------------------------

    def _widgets(self, instance: _Instance, page: Object) -> Iterator[Object]:
        """Yield the annotations of a page, each new and entered under its new name."""
        for source in instance.sheet.page.get("/Annots", ()):
            entries = {key: value for key, value in source.items() if key not in (*_FIELD, *_TREE)}
            if source.get("/Subtype") != "/Widget":
                yield self._pdf.make_indirect(Dictionary({**entries, "/P": page}))
                continue
            name = self._renamed(full_name(source), instance)
            if name is None:
                continue
            widget = self._pdf.make_indirect(Dictionary({**entries, "/P": page}))
            instance.widgets[source.objgen] = widget
            self._fields.setdefault(name, (_own(source), []))[1].append(widget)
            yield widget

    def _renamed(self, name: str, instance: _Instance) -> str | None:
        if instance.goal and name.startswith("goals[]."):
            return instance.goal + name.removeprefix("goals[]")
        if name == "page.number":
            return f"page[{instance.number}].number"
        if found := _SLOT.match(name):
            slot = self._slot(found, instance)
            return slot + name[found.end() :] if slot else None
        return name

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
                lock = slots.lock(name, self._fields, map(slots.field, self._shape.roles))
                node["/Lock"] = self._pdf.make_indirect(as_dictionary(lock))
            enter(name, node)
        return roots

    # --- tags ------------------------------------------------------------------------------------------------------

    def _tag(self, instance: _Instance, page: Object) -> None:
        """Give the page its own elements of structure."""
        if not instance.sheet.elements:
            return
        made: dict[tuple[int, int], Object] = {}
        for element in instance.sheet.elements:
            clone = self._clone(element, self._top, page, instance, made)
            if clone is not None:
                self._elements.append(clone)
        page["/StructParents"] = len(self._parents)
        self._parents.append(
            Array([made.get(one.objgen) if one is not None else None for one in instance.sheet.marked])
        )

    def _clone(
        self, element: Object, above: Object, page: Object, instance: _Instance, made: dict[tuple[int, int], Object]
    ) -> Object | None:
        """Return a copy of an element for ``page``; None where all that it holds is left out."""
        entries = {key: value for key, value in element.items() if key not in ("/K", "/P", "/Pg", "/ID")}
        clone = self._pdf.make_indirect(Dictionary({**entries, "/P": above, "/Pg": page}))
        kids: list[Any] = []
        for kid in _kids(element):
            if not isinstance(kid, Dictionary):
                kids.append(kid)
            elif "/Obj" in kid:
                widget = instance.widgets.get(kid["/Obj"].objgen)
                if widget is not None:
                    widget["/StructParent"] = len(self._parents)
                    self._parents.append(clone)
                    kids.append(Dictionary(Type=Name.OBJR, Obj=widget, Pg=page))
            elif "/S" in kid:
                copied = self._clone(kid, clone, page, instance, made)
                if copied is not None:
                    kids.append(copied)
            else:
                kids.append(Dictionary({**dict(kid.items()), "/Pg": page}))
        if not kids:
            return None
        made[element.objgen] = clone
        # pyHanko knows a field by the one child of its element, and an element by the list of children it stands in
        alone = len(kids) == 1 and isinstance(kids[0], Dictionary) and "/Obj" in kids[0]
        clone["/K"] = kids[0] if alone else Array(kids)
        return clone

    # --- the file --------------------------------------------------------------------------------------------------

    def finished(self) -> bytes:
        """Return the document."""
        pdf = self._pdf
        del pdf.pages[:]
        pdf.pages.extend(pikepdf.Page(page) for page in self._pages)
        form = pdf.Root.AcroForm
        form["/Fields"] = self._tree()
        if self._elements:
            self._top["/K"] = Array(self._elements)
            root = pdf.make_indirect(Dictionary(Type=Name.StructTreeRoot, K=Array([self._top])))
            self._top["/P"] = root
            rows = [item for number, parent in enumerate(self._parents) for item in (number, parent)]
            root["/ParentTree"] = pdf.make_indirect(Dictionary(Nums=Array(rows)))
            root["/ParentTreeNextKey"] = len(self._parents)
            pdf.Root["/StructTreeRoot"] = root
        return saved(pdf)


def _slots(page: Object, root: str) -> Iterator[str]:
    """Yield the numbers of the slots on a page, once for each field of one."""
    for item in page.get("/Annots", ()):
        found = _SLOT.match(full_name(item))
        if found and found[1] == root:
            yield found[2]


def _own(widget: Object) -> Mapping[str, Object]:
    """Return what is said of the field that a place belongs to."""
    found: dict[str, Object] = {}
    item, steps = widget, 0
    while item is not None and steps < 32:
        found = {**{key: item[key] for key in _FIELD if key in item}, **found}
        item, steps = item.get("/Parent"), steps + 1
    return found
