"""Content controls: an answer in a finished document is a place that one clicks and types in, bound to a store.

The *tag* of a control is the path of its answer (``goals[0].objectives[1].target``), its *title* the field's label.
What is bound is also in the store, a custom XML part that follows what is typed in Word. Word shows what the store
holds, whatever the text says: only what is sure to be the same in both is bound, and nothing points to a place in the
store that is not there.
"""

from __future__ import annotations

import posixpath
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import count
from typing import Any

from toolkit.environment import printed
from toolkit.model import Choice, Definitions, Field, Missing
from toolkit.word.package import (
    CONTENT_TYPES,
    Parts,
    R,
    declare,
    parse,
    relate,
    relations_of,
    serialize,
)
from toolkit.word.values import ENVIRONMENT, TEXT, escape, put, question

NAMESPACE = "urn:plankit:answers"
STORE_ID = f"{{{uuid.uuid5(uuid.NAMESPACE_URL, NAMESPACE)}}}".upper()
MAX_WORDS = 64
"""Characters that Word takes in a control's tag and title."""
MAX_ITEM = 255
"""Characters that Word takes in an item of a list."""
_FIRST_YEAR = 1900
"""Before it Word's calendar and its dates disagree."""
_ONE_LINE = frozenset({"text", "code", "number", "integer", "score"})
"""Kinds of one line that are bound, beside dates and lists to pick from."""
_YES_NO = (Choice("yes", "Yes"), Choice("no", "No"))

_DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_ROOT = "/a:answers[1]"
_OPEN = '<w:sdt><w:sdtPr>{properties}<w:alias w:val="{label}"/><w:tag w:val="'
_READY = "</w:sdtPr><w:sdtContent>"
_END = "</w:sdtContent></w:sdt>"
_RUN_END = "</w:t></w:r>"
_BINDING = f'<w:dataBinding w:prefixMappings="xmlns:a=\'{NAMESPACE}\'" w:storeItemID="{STORE_ID}" w:xpath="'
_LINES = '<w:text w:multiLine="1"/>'
_LINE = "<w:text/>"
_DATE = (
    '<w:dateFormat w:val="MM/dd/yyyy"/><w:lid w:val="en-US"/><w:storeMappedDataAs w:val="date"/>'
    '<w:calendar w:val="gregorian"/></w:date>'
)


@dataclass(frozen=True, slots=True)
class Control:
    """The fixed text of the control around one tag of a template, and of the run it stands in."""

    name: str
    opening: str
    """Up to the path."""
    kind: str
    """The element that says what may be typed: a line, lines, a date, one item of a list."""
    run: str
    """What opens the run and its text."""
    binds: bool
    """False for what is only tagged: several lines, a line of a list, a person's name and credential."""
    items: Mapping[str, str]
    """Of a list: what is stored, escaped, by what is shown."""

    def kept(self, value: Any, shown: str) -> tuple[str, str | None]:
        """Return what the store keeps of an answer, escaped, and the control's kind; nothing kept: it is not bound.

        The kind is None where the control cannot show what is ``shown``.
        """
        if not self.binds:
            return "", _LINES if "\n" in shown else self.kind
        if self.kind == _LINE:
            return (escape(shown), _LINE) if _is_plain(shown) else ("", _LINES)
        if self.items:
            kept = self.items.get(shown, "")
            return kept, self.kind if kept else None
        if type(value) is not date or value.year < _FIRST_YEAR:
            return "", None
        iso = value.isoformat()
        return iso, f'<w:date w:fullDate="{iso}T00:00:00Z">{_DATE}'

    def plain(self, value: Any) -> str:
        """Return ``value`` in a run without a control around it."""
        return f"{self.run}{put(value)}{_RUN_END}"


def control(field: Field, properties: str, in_list: bool = False) -> Control:
    """Return the control of ``field``, or of a line of its list; ``properties`` are the run's (``w:rPr``, or nothing)."""
    label = field.label if len(field.label) <= MAX_WORDS else f"{field.label[: MAX_WORDS - 1]}…"
    items = _items(field)
    binds = not in_list and (field.kind in _ONE_LINE or field.kind == "date" or bool(items))
    kind = _LINE if binds or in_list else _LINES
    if field.kind == "date":
        kind = f"<w:date>{_DATE}"
    elif items:
        listed = "".join(
            f'<w:listItem w:displayText="{escape(shown)}" w:value="{kept}"/>' for shown, kept in items.items()
        )
        kind = f"<w:dropDownList>{listed}</w:dropDownList>"
    opening = _OPEN.format(properties=properties, label=escape(label))
    return Control(field.name, opening, kind, f"<w:r>{properties}{TEXT}", binds, items)


def _items(field: Field) -> dict[str, str]:
    """Return what is stored, escaped, by what is shown; empty where there is no list, or none that Word takes."""
    found = {item.label: item.value for item in (_YES_NO if field.kind == "yes_no" else field.choices)}
    texts = {*found, *found.values()}
    fits = all(0 < len(text) <= MAX_ITEM and _is_plain(text) for text in texts)
    is_one_to_one = len(set(found.values())) == len(found) == len(field.choices or _YES_NO)
    return {shown: escape(kept) for shown, kept in found.items()} if fits and is_one_to_one else {}


def _is_plain(text: str) -> bool:
    """Tell whether Word is sure to show ``text`` from the store as it is shown without: no odd blanks or characters."""
    return (
        text.isprintable()
        and "  " not in text
        and text[:1] != " " != text[-1:]
        and (text.isascii() or max(text) < "\U00010000")
    )


# --- the places of one record's answers ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Branch:
    """A section in the nested view of a record, and the sections whose rows nest under its own."""

    name: str
    children: tuple[Branch, ...]


def branches(definitions: Definitions) -> tuple[Branch, ...]:
    """Return the sections of a client as they nest."""

    def branch(name: str) -> Branch:
        return Branch(name, tuple(branch(child.name) for child in definitions.children(name)))

    top = [item for item in definitions.sections.values() if item.scope == "client" and not item.parent]
    return tuple(branch(item.name) for item in top)


@dataclass(slots=True, eq=False)
class _Row:
    """One row of the record: how its answers' paths begin, where the store keeps them, and those kept so far."""

    name: str
    path: str
    xpath: str
    kept: dict[str, str]
    children: list[_Row]

    def xml(self) -> str:
        answers = "".join([f"<{name}>{value}</{name}>" for name, value in self.kept.items()])
        return f"<{self.name}>{answers}{''.join([row.xml() for row in self.children])}</{self.name}>"


class Answers:
    """Prints the answers of one document as controls, and keeps those that are bound."""

    def __init__(
        self, controls: Sequence[Control], sections: Sequence[Branch], view: Mapping[str, Any], ids: Iterator[int]
    ) -> None:
        self._controls = controls
        self._ids = ids
        self._by_table: dict[int, _Row] = {}
        self._rows = [row for branch in sections for row in self._entered(branch, view, "", _ROOT)]

    def _entered(self, branch: Branch, view: Mapping[str, Any], path: str, xpath: str) -> list[_Row]:
        """Return the rows of a section of ``view``; each is known by its table, whatever way a template takes to it."""
        found = view.get(branch.name)
        rows: list[_Row] = []
        for number, table in enumerate(found if type(found) is list else (found,)):
            index = f"[{number}]" if found is not table else ""
            row = _Row(branch.name, f"{path}{branch.name}{index}.", f"{xpath}/a:{branch.name}[{number + 1}]/a:", {}, [])
            rows.append(row)
            if type(table) is dict:
                self._by_table.setdefault(id(table), row)
                for child in branch.children:
                    row.children += self._entered(child, table, row.path, row.xpath[:-3])
        return rows

    def show(self, table: Any, number: int, index: int | None = None) -> str:
        """Return the runs that show an answer of the row ``table``; ``index`` is that of a line of a list.

        Nothing for a blank; plain text where a control cannot stand for the answer.
        """
        control = self._controls[number]
        row = self._by_table.get(id(table))
        name = control.name
        if row is None or name not in table:
            return control.plain(_item(ENVIRONMENT.getattr(table, name), index))
        value = table[name]
        path = f"{row.path}{name}"
        if index is not None:
            value, path = _item(value, index), f"{path}[{index}]"
        if isinstance(value, Missing):
            run = f"{control.run[: -len(TEXT)]}{question(value)}</w:r>"
            return f"{self._opening(control, path)}<w:showingPlcHdr/>{control.kind}{_READY}{run}{_END}"
        shown = value if type(value) is str else printed(value)
        kept, kind = control.kept(value, shown)
        text = escape(shown) if kept else put(shown)
        if not text:
            return ""
        if kind is None or len(path) > MAX_WORDS:
            return control.plain(shown)
        binding = ""
        if kept:
            row.kept[name] = kept
            binding = f'{_BINDING}{row.xpath}{name}[1]"/>'
        return f"{self._opening(control, path)}{binding}{kind}{_READY}{control.run}{text}{_RUN_END}{_END}"

    def _opening(self, control: Control, path: str) -> str:
        return f'{control.opening}{path}"/><w:id w:val="{next(self._ids)}"/>'

    def xml(self) -> bytes:
        """Return the store: the part that holds what is bound, and nothing else."""
        rows = "".join([row.xml() for row in self._rows])
        return f'{_DECLARATION}<answers xmlns="{NAMESPACE}">{rows}</answers>'.encode()


def _item(value: Any, index: int | None) -> Any:
    """Return the line of a list that a loop has come to; a single answer is the one line of itself."""
    return value[index] if index is not None and isinstance(value, list | tuple) else value


# --- the store in the package ----------------------------------------------------------------------------------------

_STORE = "customXml/item{}.xml"
_RELATION, _PROPERTIES_RELATION = f"{R}/customXml", f"{R}/customXmlProps"
_PROPERTIES_TYPE = "application/vnd.openxmlformats-officedocument.customXmlProperties+xml"
_PROPERTIES = (
    f'{_DECLARATION}<ds:datastoreItem xmlns:ds="http://schemas.openxmlformats.org/officeDocument/2006/customXml" '
    f'ds:itemID="{STORE_ID}"><ds:schemaRefs><ds:schemaRef ds:uri="{NAMESPACE}"/></ds:schemaRefs></ds:datastoreItem>'
)


def with_store(parts: Parts, body: str, name: str) -> tuple[dict[str, bytes], str]:
    """Return ``parts`` with what a store needs around it, and the name of the part that the store will be."""
    parts = dict(parts)
    number = next(number for number in count(1) if _STORE.format(number) not in parts)
    store, properties = _STORE.format(number), f"customXml/itemProps{number}.xml"
    declare(parts, store, "application/xml", name)
    declare(parts, properties, _PROPERTIES_TYPE, name)
    relate(parts, body, _RELATION, posixpath.relpath(store, posixpath.dirname(body)), name)
    relate(parts, store, _PROPERTIES_RELATION, posixpath.basename(properties), name)
    parts[properties] = _PROPERTIES.encode()
    return parts, store


def without_store(parts: Parts, name: str) -> dict[str, bytes]:
    """Return ``parts`` without a store: a template may have been a finished document, with somebody's answers in it."""
    gone = {part for part, content in parts.items() if part.startswith("customXml/") and NAMESPACE.encode() in content}
    gone |= {relations_of(part) for part in gone}
    kept = {part: content for part, content in parts.items() if part not in gone}
    for part in [part for part in kept if gone and part.endswith(".rels")]:
        source = posixpath.dirname(posixpath.dirname(part))
        root = parse(kept[part], name)
        for relation in list(root):
            target = posixpath.normpath(posixpath.join("/", source, relation.get("Target") or ""))
            if target.lstrip("/") in gone:
                root.remove(relation)
        kept[part] = serialize(root)
    if gone:
        root = parse(kept[CONTENT_TYPES], name)
        for item in [item for item in root if (item.get("PartName") or "").lstrip("/") in gone]:
            root.remove(item)
        kept[CONTENT_TYPES] = serialize(root)
    return kept
