"""What an audit sheet lists, and where in the document it is: the heading, and the page of a PDF that is made, too."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from string import Template
from typing import TYPE_CHECKING, Any, NamedTuple

from msgspec.structs import replace

from toolkit import blocks, derive, kinds
from toolkit.audit import SIGNERS, STAFF, lists_requirements, with_requirements
from toolkit.errors import ToolkitError
from toolkit.model import Case, Definitions, Field, Finding, Row
from toolkit.shelf import Shelf

if TYPE_CHECKING:
    from toolkit.batch.pdf_press import PdfPress

CHECK = "check"
"""The section that says when, and for which payer, an audit sheet was worked out."""
_SIGNATURES = "signatures"
"""The block of the places to sign."""
_OF_SIGNERS = ("name", "credential", "license")
"""What a place to sign says of a member of staff."""
_GOALS = "goals"
_CLINIC = "clinic.name"
"""What every masthead prints."""
_TOP = "Top of the first page"


class Places:
    """Gives an audit sheet the requirements of its document, each with its place in that.

    Headings and pages are those of the PDF form that ``press`` makes; without it headings are those of Word, and there
    are no pages. ``today`` is the day of the run, ``payer`` whom the documents were held against.
    """

    def __init__(self, shelf: Shelf, payer: str, today: date, press: PdfPress | None = None) -> None:
        self._shelf, self._payer, self._today, self._press = shelf, shelf.payer(payer), today, press

    def shown(self, case: Case) -> Case:
        """Return ``case``; of an audit sheet, with what it lists."""
        if not lists_requirements(case):
            return case
        document = case.definitions.documents[case.wanted.document.main]
        signers = derive.signers(case.record, case.definitions, document)
        main = replace(case, wanted=replace(case.wanted, document=document), signers=signers)
        pages = self._pages(main)
        several = self._shelf.laid_out(case.definitions.populations, document.name, form=bool(pages))
        standing = _Standing(main, list(several), pages)
        case = with_requirements(case, self._shelf.rules, self._payer.levels, standing.where)
        checked = Row(case.definitions.sections[CHECK], {"date": self._today, "payer": self._payer.title})
        return replace(case, record=case.record.with_rows(**{CHECK: (checked,)}))

    def _pages(self, main: Case) -> Mapping[str, int]:
        """Return the page of each field of the document, none where there is no PDF of it."""
        if self._press is None or main.status != "ready" or not self._press.fits(main):
            return {}
        try:
            return self._press.pages(main)
        except ToolkitError:  # what is wrong with the document is told with it
            return {}


class _Spot(NamedTuple):
    """Where answers stand: under which heading, and how the names of their fields in a form begin."""

    heading: str
    root: str = ""


class _Standing:
    """What of a document stands where, for one record: of its blocks those that have something to say."""

    def __init__(
        self,
        case: Case,
        several: Sequence[tuple[Mapping[str, Any], Mapping[str, str]]],
        pages: Mapping[str, int],
    ) -> None:
        self._case, self._pages = case, pages
        self._words: Mapping[str, str] = {}
        """What the block that is looked at calls people."""
        self._view = derive.context(case, draft=case.status != "ready")
        self._named = {path for block, _ in several for path in blocks.paths_in(block)}
        self._spots: dict[str, list[_Spot]] = {}
        heading = ""
        for block, self._words in several:
            found, heading = self._of(block, heading)
            for path, spots in found.items():
                self._spots.setdefault(path, spots)

    def where(self, paths: Sequence[str], found: Sequence[Finding]) -> tuple[str, ...]:
        """Return the places of answers, of what was ``found`` those of its rows; nothing where none is printed."""
        rows = [place for one in found for place in self._of_row(one)]
        if rows:
            return tuple(_said(rows))
        return tuple(_said(place for path in paths for place in self._of_path(path)))

    # --- answers ---------------------------------------------------------------------------------------------------

    def _of_path(self, path: str) -> Iterator[tuple[str, int]]:
        """Yield under which headings, and on which pages, the answers at ``path`` stand."""
        path = self._shown(path)
        for spot in self._spots.get(path, ()):
            names = self._names(path, spot.root)
            yield from ((spot.heading, page) for page in sorted({self._pages[name] for name in names}) or (0,))

    def _shown(self, path: str) -> str:
        """Return by what the answers at ``path`` stand in the document: another that says the same, or a signature."""
        section, _, name = path.partition(".")
        if path == SIGNERS:
            return _SIGNATURES
        if section != STAFF:
            said = (one for one in self._alike(path) if one in self._spots)
            return path if path in self._spots else next(said, path)
        roles = {
            signer.role for signer in self._case.signers
        }  # a supervisor signs in the role that the field is called
        return _SIGNATURES if name in (*_OF_SIGNERS, *roles) else path

    def _alike(self, path: str) -> Iterator[str]:
        """Yield the paths of answers that repeat those at ``path``: copies beside a reference, and what that names."""
        section, _, name = path.partition(".")
        sections = self._case.definitions.sections
        for other in sections.values():
            item = other.by_name.get(name)
            if item is not None and item.derived and any(one.refers == section for one in other.fields):
                yield item.path
        field = self._case.definitions.fields.get(path)
        if field is not None and field.refers in sections and sections[field.refers].key:
            yield f"{field.refers}.{sections[field.refers].key}"

    def _names(self, path: str, root: str) -> Iterator[str]:
        """Yield the names that the answers at ``path`` bear in the form."""
        if path == _SIGNATURES:
            yield from (name for name in self._pages if name.startswith("sign."))
            return
        end = "." + path.rpartition(".")[2]
        section = path.partition(".")[0]
        for name in self._pages:
            if name.startswith(root) and name.endswith(end) and _section(name) == section:
                yield name

    # --- rows ------------------------------------------------------------------------------------------------------

    def _of_row(self, found: Finding) -> Iterator[tuple[str, int]]:
        """Yield where the row stands in which something was found."""
        section, _, name = found.path.partition(".")
        rows = self._case.record.all(section) if found.subject else ()
        row = next((row for row in rows if row.place(name) == found.place), None)
        row = row or next((row for row in rows if row.subject == found.subject), None)
        if row is None or section == STAFF:
            return
        for spot in dict.fromkeys(spot for path, spots in self._spots.items() if _is_of(path, row) for spot in spots):
            for root in self._roots(row, spot):
                pages = {name: page for name, page in self._pages.items() if name.startswith(f"{root}.")}
                yield spot.heading, pages.get(f"{root}.{name}", min(pages.values(), default=0))

    def _roots(self, row: Row, spot: _Spot) -> Iterator[str]:
        """Yield how the names of a row's fields begin in a form, at ``spot`` if it stands there."""
        section = row.section.name
        for number, table in enumerate(self._view.get(_GOALS) or ()):
            root = f"{_GOALS}[{number}]"
            if not spot.root.startswith(root):
                continue
            if section == _GOALS and _is_same(table, row):
                yield root
            for below, inner in enumerate(table.get(section) or ()):
                if _is_same(inner, row):
                    yield f"{root}.{section}[{below}]"
        if not spot.root:
            above = row.section.parent
            for number, table in enumerate(_rows(self._view, section, self._case.definitions)):
                if _is_same(table, row):
                    yield f"{above}.{section}[{number}]" if above else f"{section}[{number}]"

    # --- blocks ----------------------------------------------------------------------------------------------------

    def _of(self, block: Mapping[str, Any], heading: str) -> tuple[dict[str, list[_Spot]], str]:
        """Return where a block that stands under ``heading`` prints what, and the heading for what follows."""
        kind = str(block.get("block"))
        if kind == _GOALS:
            return self._of_goals(block, heading)
        found = [path for path in self._paths(block) if any(_answers(self._view, path, self._case.definitions))]
        if kind == "text" and "when" in block:
            found = [path for path in found if True in _answers(self._view, path, self._case.definitions)]
        elif kind == "history":
            found += ["scores.score"] if self._view.get("measures") else []
        if not found and kind not in (_SIGNATURES, "masthead", "text"):
            return {}, heading
        heading = self._call(block.get("heading")) or heading
        return {path: [_Spot(heading)] for path in (*found, kind)}, heading

    def _of_goals(self, block: Mapping[str, Any], heading: str) -> tuple[dict[str, list[_Spot]], str]:
        found: dict[str, list[_Spot]] = {}
        for number, goal in enumerate(self._view.get(_GOALS) or ()):
            heading = self._goal(block, goal)
            for path in self._paths(block):
                section, _, name = path.partition(".")
                rows = [goal] if section == _GOALS else goal.get(section) or ()
                if any(row.get(name) is not None for row in rows):
                    found.setdefault(path, []).append(_Spot(heading, f"{_GOALS}[{number}]."))
        return found, heading

    def _goal(self, block: Mapping[str, Any], goal: Mapping[str, Any]) -> str:
        """Return the heading of a goal: in a form one for several, or the number stands below it."""
        title = blocks.PATH.sub(lambda one: kinds.show(goal.get(one[1].partition(".")[2])), str(block["title"]))
        sheet = str(block.get("sheet") or "")
        if not self._pages or not sheet:
            return self._call(title)
        if "slots" in block:
            return self._call(sheet)
        word = self._case.definitions.sections[_GOALS].word
        number = kinds.show(goal.get("goal"))
        return f"{sheet} {number}" if sheet.lower() == word else f"{self._call(sheet)}, {word} {number}"

    def _paths(self, block: Mapping[str, Any]) -> list[str]:
        """Return the paths that a block prints: those that it names, and the rest of what it prints as a whole."""
        tables = (block, *block.get("tables", ()))
        wholes = {*blocks.sections_in(block), *(str(one["section"]) for one in tables if "section" in one)}
        if block.get("block") == _GOALS:
            wholes.add(_GOALS)
        always = (_CLINIC,) if block.get("block") == "masthead" else ()
        sections = self._case.definitions.sections
        rest = (
            item.path for name in wholes if name in sections for item in sections[name].fields if self._is_rest(item)
        )
        return [*dict.fromkeys((*always, *blocks.paths_in(block), *rest))]

    def _is_rest(self, item: Field) -> bool:
        return item.path not in self._named and item.prints_in(self._case.wanted.document.name)

    def _call(self, heading: Any) -> str:
        return Template(str(heading or "")).safe_substitute({"client": "client", **self._words})


def _said(places: Iterable[tuple[str, int]]) -> Iterator[str]:
    """Yield headings, each with all its pages: ``Goal 2, page 3``."""
    together: dict[str, set[int]] = {}
    for heading, page in places:
        together.setdefault(heading, set()).update((page,) if page else ())
    for heading, several in together.items():
        pages = _in_words(sorted(several))
        if heading:
            yield f"{heading}, {pages}" if pages else heading
        else:
            yield f"Top of {pages}" if pages else _TOP


def _in_words(pages: Sequence[int]) -> str:
    if len(pages) < 2:
        return "".join(f"page\u00a0{page}" for page in pages)
    if pages[-1] - pages[0] == len(pages) - 1:
        return f"pages\u00a0{pages[0]}–{pages[-1]}"
    return f"pages\u00a0{', '.join(map(str, pages[:-1]))} and {pages[-1]}"


def _section(name: str) -> str:
    """Return the section of the field ``name`` of a form: ``goals[0].objectives[1].target`` is of ``objectives``."""
    return name.rpartition(".")[0].rpartition(".")[2].partition("[")[0]


def _is_of(path: str, row: Row) -> bool:
    return path.partition(".")[0] == row.section.name


def _is_same(table: Mapping[str, Any], row: Row) -> bool:
    """Tell whether a table of a view shows ``row``; people stand in it by their names."""
    return all(table.get(name) == value for name, value in row.values.items() if name not in row.section.of_staff)


def _rows(view: Mapping[str, Any], section: str, definitions: Definitions) -> list[Mapping[str, Any]]:
    """Return the rows of ``section`` in a view, wherever it nests."""
    own = definitions.sections.get(section)
    if section in view:
        here = view[section]
        return here if isinstance(here, list) else [here] if isinstance(here, Mapping) else []
    above = _rows(view, own.parent, definitions) if own is not None and own.parent else []
    return [row for table in above for row in table.get(section) or ()]


def _answers(view: Mapping[str, Any], path: str, definitions: Definitions) -> list[Any]:
    """Return the answers at ``path`` in a view, without the blanks."""
    section, _, name = path.partition(".")
    return [row[name] for row in _rows(view, section, definitions) if row.get(name) is not None]
