"""Content controls: an answer in a finished document is a place that one clicks and types in, bound to a store.

The *tag* of a control is the path of its answer (``goals[0].objectives[1].target``), its *title* the field's label.
What is bound is also in the store, a custom XML part that follows what is typed in Word. Word shows what the store
holds, whatever the text says: only what is sure to be the same in both is bound, and nothing points to a place in the
store that is not there.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import Any

from msgspec import Struct

from toolkit.environment import printed
from toolkit.model import Choice, Chosen, Definitions, Field, Missing
from toolkit.word.store import DECLARATION, STORE_ID
from toolkit.word.values import ENVIRONMENT, TEXT, escape, put, question

MAX_WORDS = 64
"""Characters that Word takes in a control's tag and title."""
MAX_ITEM = 255
"""Characters that Word takes in an item of a list."""
MAX_ITEMS = 25
"""A longer list is not picked from but typed: it would stand in the file at each of its answers."""
_FIRST_YEAR = 1900
"""Before it Word's calendar and its dates disagree."""
_ONE_LINE = frozenset({"text", "code", "number", "integer", "score"})
"""Kinds of one line that are bound, beside dates and lists to pick from."""
_YES_NO = (Choice("yes", "Yes"), Choice("no", "No"))

CONTROL = "\x02" * 16
"""Where a control opens, until `Answers.opened`; neither a template nor a value can print it."""
_READY = "</w:sdtPr><w:sdtContent>"
_RUN_END = "</w:t></w:r>"
_END = f"{_RUN_END}</w:sdtContent></w:sdt>"
_ID = '"/><w:id w:val="'
_BINDING = f'"/><w:dataBinding w:storeItemID="{STORE_ID}" w:xpath="'
_LINES = '<w:text w:multiLine="1"/>'
_LINE = "<w:text/>"
_DATE = '<w:dateFormat w:val="MM/dd/yyyy"/><w:lid w:val="en-US"/><w:storeMappedDataAs w:val="date"/></w:date>'


class Control(Struct, frozen=True):
    """The fixed text of the control around one tag of a template, and of the run it stands in.

    It is tagged and not bound: several lines, a line of a list, a person's name and credential.
    """

    section: str
    name: str
    opening: str
    """Up to the path."""
    run: str
    """What opens the run and its text."""
    kind: str
    """The element that says what may be typed: a line, lines, a date, one item of a list."""

    def filled(self, value: Any) -> tuple[str, str, str]:
        """Return an answer as it is shown and as the store keeps it, both escaped, and the control's kind.

        Where nothing is kept it is not bound; where there is no kind it cannot be a control.
        """
        if type(value) is str and value.isprintable():
            return escape(value), "", self.kind
        text = put(value)
        return text, "", _LINES if "<" in text else self.kind


class _Line(Control, frozen=True):
    """A control for one line of text, a number or a score."""

    def filled(self, value: Any) -> tuple[str, str, str]:
        if type(value) is int:
            text = str(value)
            return text, text, _LINE
        shown = value if type(value) is str else printed(value)
        if not _is_plain(shown):
            return put(shown), "", _LINES
        text = escape(shown)
        return text, text, _LINE


class _Day(Control, frozen=True):
    """A control for a date."""

    def filled(self, value: Any) -> tuple[str, str, str]:
        return _day(value) if type(value) is date and value.year >= _FIRST_YEAR else (put(value), "", "")


@lru_cache(maxsize=1024)  # the same few days stand in every document of a run
def _day(value: date) -> tuple[str, str, str]:
    iso = value.isoformat()
    return put(value), iso, f'<w:date w:fullDate="{iso}T00:00:00Z">{_DATE}'


class _Pick(Control, frozen=True):
    """A control for one of several answers."""

    items: Mapping[str, tuple[str, str]]
    """What is shown and what is stored, both escaped, by what is shown."""

    def filled(self, value: Any) -> tuple[str, str, str]:
        found = self.items.get(value.label if type(value) is Chosen else printed(value))
        return (*found, self.kind) if found else (put(value), "", "")


def control(field: Field, properties: str, in_list: bool = False) -> Control:
    """Return the control of ``field``, or of a line of its list, in a run with ``properties`` (``w:rPr``, or none)."""
    label = "".join(filter(str.isprintable, field.label))
    label = label if len(label) <= MAX_WORDS else f"{label[: MAX_WORDS - 1]}…"
    opening = f'<w:sdt><w:sdtPr>{properties}<w:alias w:val="{escape(label)}"/><w:tag w:val="'
    fixed = (field.section, field.name, opening, f"<w:r>{properties}{TEXT}")
    if in_list:
        return Control(*fixed, _LINE)
    if field.kind == "date":
        return _Day(*fixed, f"<w:date>{_DATE}")
    items = _items(field)
    if items:
        listed = "".join(f'<w:listItem w:displayText="{shown}" w:value="{kept}"/>' for shown, kept in items.values())
        return _Pick(*fixed, f"<w:dropDownList>{listed}</w:dropDownList>", items)
    return _Line(*fixed, _LINE) if field.kind in _ONE_LINE or field.choices else Control(*fixed, _LINES)


def _items(field: Field) -> dict[str, tuple[str, str]]:
    """Return the items of a list: what is shown and what is stored, escaped, by what is shown.

    Empty where there is no list, one that is too long to pick from, or none that Word takes.
    """
    choices = _YES_NO if field.kind == "yes_no" else field.choices
    shown, kept = {item.label for item in choices}, {item.value for item in choices}
    fits = all(0 < len(text) <= MAX_ITEM and _is_plain(text) for text in shown | kept)
    if not fits or not len(shown) == len(kept) == len(choices) <= MAX_ITEMS:
        return {}
    return {item.label: (escape(item.label), escape(item.value)) for item in choices}


def _is_plain(text: str) -> bool:
    """Tell whether Word is sure to show ``text`` from the store as it is shown without: no odd blanks or characters."""
    return (
        text.isprintable()
        and "  " not in text
        and text.strip() == text
        and (text.isascii() or max(text) < "\U00010000")
    )


# --- the places of one record's answers ------------------------------------------------------------------------------


class Branch(Struct, frozen=True):
    """A section in the nested view of a record, and the sections whose rows nest under its own."""

    name: str
    children: tuple[Branch, ...]


def branches(definitions: Definitions, sections: Collection[str]) -> tuple[Branch, ...]:
    """Return those of a client's sections that are named or have such a one under them, as they nest."""

    def under(parent: str) -> tuple[Branch, ...]:
        found = [item for item in definitions.sections.values() if item.parent == parent and item.scope == "client"]
        nested = [Branch(item.name, under(item.name)) for item in found]
        return tuple(branch for branch in nested if branch.children or branch.name in sections)

    return under("")


class _Row(Struct, eq=False):
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
        self._id = ids.__next__
        self._by_table: dict[int, _Row] = {}
        self._openings: list[str] = []
        self._open = self._openings.append
        self._rows = [row for branch in sections for row in self._entered(branch, view, "", "/answers/")]

    def _entered(self, branch: Branch, view: Mapping[str, Any], path: str, xpath: str) -> list[_Row]:
        """Return the rows of a section of ``view``; each is known by its table, whatever way a template takes to it."""
        name, found = branch.name, view.get(branch.name)
        tables = found if type(found) is list else (found,)
        rows: list[_Row] = []
        for number, table in enumerate(tables):
            if tables is found:
                row = _Row(name, f"{path}{name}[{number}].", f"{xpath}{name}[{number + 1}]/", {}, [])
            else:
                row = _Row(name, f"{path}{name}.", f"{xpath}{name}/", {}, [])
            rows.append(row)
            if type(table) is dict:
                self._by_table.setdefault(id(table), row)
                for child in branch.children:
                    row.children += self._entered(child, table, row.path, row.xpath)
        return rows

    def show(self, table: Any, number: int, index: int | None = None) -> str:
        """Return the runs that show an answer of the row ``table``; ``index`` is that of a line of a list.

        Nothing for a blank; plain text where a control cannot stand for the answer.
        """
        control = self._controls[number]
        name = control.name
        try:
            row = self._by_table[id(table)]
            value = table[name]
        except KeyError:
            return _without_control(control, _item(ENVIRONMENT.getattr(table, name), index))
        path = row.path + name
        if index is not None:
            value, path = _item(value, index), f"{path}[{index}]"
        if not value and (value is None or value == ""):
            return ""
        if len(path) > MAX_WORDS:
            return _without_control(control, value)
        if type(value) is Missing:
            # In a control of plain text LibreOffice loses the highlight of the question.
            kind = "" if control.kind in (_LINE, _LINES) else control.kind
            self._open(f'{control.opening}{path}{_ID}{self._id()}"/><w:showingPlcHdr/>{kind}')
            return f"{CONTROL}{control.run[: -len(TEXT)]}{question(value)}{_END.removeprefix('</w:t>')}"
        text, kept, kind = control.filled(value)
        if kept:
            row.kept[name] = kept
            self._open(f'{control.opening}{path}{_ID}{self._id()}{_BINDING}{row.xpath}{name}"/>{kind}')
        elif kind and text:
            self._open(f'{control.opening}{path}{_ID}{self._id()}"/>{kind}')
        else:
            return f"{control.run}{text}{_RUN_END}" if text else ""
        return f"{CONTROL}{control.run}{text}{_END}"

    def complete(self, xml: str) -> str:
        """Return the part ``xml`` with the openings of its controls, which only lengthen what is done before."""
        pieces = xml.split(CONTROL)
        whole = [_READY] * (3 * len(pieces) - 2)
        whole[::3] = pieces
        whole[1::3] = self._openings
        return "".join(whole)

    def store(self) -> bytes:
        """Return the part that holds what is bound, and nothing else."""
        return f"{DECLARATION}<answers>{''.join([row.xml() for row in self._rows])}</answers>".encode()


def _without_control(control: Control, value: Any) -> str:
    """Return ``value`` in a run without a control around it."""
    return f"{control.run}{put(value)}{_RUN_END}"


def _item(value: Any, index: int | None) -> Any:
    """Return the line of a list that a loop has come to; a single answer is the one line of itself."""
    return value[index] if index is not None and isinstance(value, list | tuple) else value
