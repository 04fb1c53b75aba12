"""A workbook as its parts: what is changed is written anew, everything else stays byte for byte."""

from __future__ import annotations

from posixpath import dirname, normpath, relpath
from typing import Any, TypeAlias

from lxml import etree
from msgspec import Struct

from toolkit import excel
from toolkit.intake import xlsx

Element: TypeAlias = Any
"""An lxml element; its own type is not public."""

WORKBOOK = "xl/workbook.xml"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_STRICT_OFFICE = "http://purl.oclc.org/ooxml/officeDocument/relationships"
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_CONTENT_TYPES, _TYPES = "[Content_Types].xml", "http://schemas.openxmlformats.org/package/2006/content-types"
_SHEET_KINDS = ("worksheet", "chartsheet", "dialogsheet", "xlMacrosheet")


class Sheet(Struct, frozen=True):
    """One sheet: its name and its part."""

    name: str
    part: str
    kind: str


class Package:
    """The parts of one workbook; ``called`` names the file in messages.

    Raises ReadError for what is no workbook, is protected, damaged or unreasonably large, or holds entities.
    """

    def __init__(self, data: bytes, called: str) -> None:
        self.called = called
        self.parts = xlsx.open_parts(data, called, endings=("",))
        self._trees: dict[str, Element] = {}
        self._changed: set[str] = set()
        self.main = etree.QName(self.tree(WORKBOOK)).namespace or MAIN
        """The namespace of spreadsheets; files saved as “Strict Open XML” have one of their own."""
        self.office = _OFFICE if self.main == MAIN else _STRICT_OFFICE

    # --- parts -----------------------------------------------------------------------------------------------------

    def tree(self, part: str) -> Element:
        """Return the root element of an XML part, to be read."""
        if part not in self._trees:
            if part not in self.parts:
                raise xlsx.damaged(self.called)
            self._trees[part] = _parsed(self.parts[part], self.called)
        return self._trees[part]

    def change(self, part: str) -> Element:
        """Return the root element of an XML part, to be changed."""
        self._changed.add(part)
        return self.tree(part)

    def add(self, pattern: str, content: bytes, content_type: str) -> str:
        """Add a part under ``pattern``, where that has a ``{}`` under its first free name; return the name."""
        taken = {name.casefold() for name in self.parts}
        number = 1
        while "{}" in pattern and pattern.format(number).casefold() in taken:
            number += 1
        part = pattern.format(number)
        self.parts[part] = content
        types = self.change(_CONTENT_TYPES)
        ending = part.rpartition(".")[2]
        if ending == "xml":
            etree.SubElement(types, f"{{{_TYPES}}}Override", PartName=f"/{part}", ContentType=content_type)
        elif not any((item.get("Extension") or "").casefold() == ending for item in types):
            types.insert(0, etree.Element(f"{{{_TYPES}}}Default", Extension=ending, ContentType=content_type))
        return part

    def type_of(self, part: str) -> str:
        """Return what is said of the type of a part that is named by itself, or nothing."""
        types = self.tree(_CONTENT_TYPES)
        return next((item.get("ContentType", "") for item in types if item.get("PartName") == f"/{part}"), "")

    def drop(self, part: str) -> None:
        """Remove a part, what is said of its type, and its own relations."""
        types = self.change(_CONTENT_TYPES)
        for item in list(types):
            if (item.get("PartName") or "").lstrip("/").casefold() == part.casefold():
                types.remove(item)
        for name in (part, _relations_of(part)):
            self.parts.pop(name, None)
            self._trees.pop(name, None)
            self._changed.discard(name)

    def data(self) -> bytes:
        """Return the file: the same changes to the same workbook give the same bytes."""
        changed = {name: _serialized(self._trees[name]) for name in self._changed}
        return excel.zipped({name: changed.get(name, content) for name, content in self.parts.items()})

    # --- relations -------------------------------------------------------------------------------------------------

    def related(self, part: str, kind: str = "") -> dict[str, str]:
        """Return the parts inside the package to which ``part`` relates as ``kind`` (any where empty), by id."""
        relations = _relations_of(part)
        if relations not in self.parts:
            return {}
        return {
            item.get("Id", ""): _target(part, item.get("Target", ""))
            for item in self.tree(relations)
            if item.get("TargetMode") != "External" and (item.get("Type") or "").endswith(f"/{kind}" if kind else "")
        }

    def relate(self, part: str, kind: str, target: str) -> str:
        """Relate ``part`` to ``target``; return the id."""
        relations = _relations_of(part)
        if relations not in self.parts:
            self.parts[relations] = f'<Relationships xmlns="{_RELATIONS}"/>'.encode()
        root = self.change(relations)
        taken = {item.get("Id") for item in root}
        number = 1
        while f"rIdNote{number}" in taken:
            number += 1
        values = {
            "Id": f"rIdNote{number}",
            "Type": f"{self.office}/{kind}",
            "Target": relpath(target, dirname(part)),
        }
        etree.SubElement(root, f"{{{_RELATIONS}}}Relationship", values)
        return values["Id"]

    def unrelate(self, part: str, target: str) -> None:
        """Take back the relation of ``part`` to ``target``."""
        root = self.change(_relations_of(part))
        for item in list(root):
            if item.get("TargetMode") != "External" and _target(part, item.get("Target", "")) == target:
                root.remove(item)
        if not len(root):
            self.drop(_relations_of(part))

    @property
    def styles(self) -> str:
        """The part with the looks of cells, empty where there is none."""
        return next((part for part in self.related(WORKBOOK, "styles").values() if part in self.parts), "")

    # --- sheets ----------------------------------------------------------------------------------------------------

    def sheets(self) -> list[Sheet]:
        """Return the sheets in their order."""
        related = {key: (target, kind) for kind in _SHEET_KINDS for key, target in self.related(WORKBOOK, kind).items()}
        found = []
        for item in self.tree(WORKBOOK).iterfind(f"{{{self.main}}}sheets/{{{self.main}}}sheet"):
            part, kind = related.get(item.get(self.r("id"), ""), ("", ""))
            found.append(Sheet(item.get("name", ""), part, kind))
        return found

    def m(self, name: str) -> str:
        """Return the name of an element of spreadsheets as lxml writes it."""
        return f"{{{self.main}}}{name}"

    def r(self, name: str) -> str:
        """Return the name of an attribute that refers to a relation."""
        return f"{{{self.office}}}{name}"


def insert_before(root: Element, new: Element, later: tuple[str, ...]) -> None:
    """Insert ``new`` into ``root`` before the first child whose name is one of ``later``, else at the end."""
    for place, child in enumerate(root):
        if isinstance(child.tag, str) and etree.QName(child).localname in later:
            root.insert(place, new)
            return
    root.append(new)


def _target(part: str, target: str) -> str:
    return target.lstrip("/") if target.startswith("/") else normpath(f"{dirname(part)}/{target}").lstrip("/")


def _relations_of(part: str) -> str:
    folder, _, file = part.rpartition("/")
    return f"{folder}/_rels/{file}.rels"


def _parsed(content: bytes, called: str) -> Element:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        root: Element = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        raise xlsx.damaged(called) from error
    if root.getroottree().docinfo.doctype:
        raise xlsx.damaged(called)
    return root


def _serialized(root: Element) -> bytes:
    return bytes(etree.tostring(root.getroottree(), encoding="UTF-8", xml_declaration=True, standalone=True))
