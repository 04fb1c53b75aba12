"""Blank answers: what a document requires and the record does not say, each once, with the code of its field."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from msgspec import Struct, field

from toolkit import conditions, derive
from toolkit.audit.findings import Said, at_level, sheet_of
from toolkit.audit.lacking import add_column, add_sheet, lacks_column
from toolkit.model import (
    PROPOSAL,
    Definitions,
    Document,
    Field,
    Finding,
    Level,
    OwnLevel,
    Place,
    Record,
    Requirement,
    Row,
    Rule,
    Section,
)
from toolkit.rules import Scene, checks, continued, in_a_sentence

RowsOf = Callable[[Section], Sequence[Row]]
"""Gives the rows of a section that a document is made of."""
_FEW = 3
"""Where more answers are missing, nothing is said of the sentence that they could make."""
BLANK = "RQ001"
"""The code of a blank answer whose field bears no code of its own."""


class Look(Struct, frozen=True):
    """One look at a record as it was read: its client's initials, what the facts said, the rules and their levels.

    ``sheets`` are those of the workbook; None where nobody knows.
    """

    record: Record
    initials: str
    said: Said
    rules: Mapping[str, Rule]
    levels: Mapping[str, OwnLevel] = field(default_factory=dict)
    sheets: frozenset[str] | None = None

    def finding(
        self,
        text: str,
        place: Place,
        code: str,
        row: Row | None = None,
        document: Document | None = None,
        *,
        level: Level = "error",
        **more: Any,
    ) -> Finding:
        """Return the finding of ``text`` at ``level``, or at the payer's; of no record where the row is shared.

        ``document`` is the one concerned, None for all; ``more`` are further values of the finding.
        """
        shared = row is not None and row.section.scope == "workbook"
        found = Finding(
            code=code,
            level=level,
            text=text,
            place=place,
            record="" if shared else self.record.id,
            initials="" if shared else self.initials,
            subject=row.subject if row else "",
            documents=(document.name,) if document else (),
            **more,
        )
        return at_level(found, self.levels)


def owed(scene: Scene) -> Mapping[str, Sequence[Field]]:
    """Return the fields that the document may require, by their sections; of one that must have a row perhaps none."""
    definitions, document = scene.definitions, scene.document
    return definitions.once(("owed", document.name), lambda: dict(_owed(definitions, document)))


def blanks(section: Section, fields: Sequence[Field], look: Look, scene: Scene) -> Iterator[Finding]:
    """Yield a finding for each blank required answer of ``section``, or one for all when the row itself is not.

    ``fields`` are those that the document may require (`owed`).
    """
    rows = scene.used(section)
    if _must_have_a_row(section, scene.document):
        yield from _no_rows(section, rows, look, scene)
    answered = {item.name for item in fields if item.one_row and any(row.get(item.name) is not None for row in rows)}
    for number, row in enumerate(rows):
        values = row.values
        open_here = [item for item in fields if values.get(item.name) is None]
        asked = (item for item in open_here if item.name not in answered and not (item.one_row and number))
        blank = [item for item in asked if _is_blank(item, row, scene)]
        if blank and not section.repeats and _has_no_row(section, row, look.record):
            yield from _no_row(section, row, look, scene)
        else:
            yield from blank_cells(blank, row, look, scene)


def blank_cells(fields: Iterable[Field], row: Row, look: Look, scene: Scene) -> Iterator[Finding]:
    """Yield a finding for each of the blank ``fields`` of ``row``, but for what follows from a fact."""
    for item in fields:
        if look.said.already(item, row):
            continue
        place, label = row.place(item.name), in_a_sentence(item.label)
        typed = look.said.show(place)
        said = "has no answer yet." if typed else "is blank."
        text = f"{continued(label, said)} {item.prompt or 'Fill it in.'}"
        if lacks_column(item.path, row.origins.get(item.name, row.origin)):
            said = "is blank, and this workbook has no column for it:"
            text = f"{continued(label, said)} {add_column(item, scene.definitions)}"
        way, proposal = _proposed(item, row, look, scene)
        yield look.finding(
            f"{text} {way}".strip(),
            place,
            item.code,
            row,
            scene.document,
            path=item.path,
            show={**typed, **proposal},
            source=_source(item, row, scene),
            asked_of=item.asked_of,
        )


def _proposed(item: Field, row: Row, look: Look, scene: Scene) -> tuple[str, Mapping[str, str]]:
    """Return what to do with a sentence made of other answers, or what it lacks, and the sentence to show."""
    text, missing = derive.assembled(item, row, look.record, scene.record, scene.definitions)
    if text:
        way = "A sentence made of the other answers is shown here; type it in if it says what is meant."
        return way, {PROPOSAL: text}
    if missing and len(missing) <= _FEW:
        labels = " and ".join(in_a_sentence(one.label) for one in missing)
        return f"With {labels} answered, too, a sentence made of the answers is shown here.", {}
    return "", {}


def _no_row(section: Section, row: Row, look: Look, scene: Scene) -> Iterator[Finding]:
    """Yield the one finding of a sheet on which the client has no row; its sections all yield the same one."""
    if look.said.of(section.sheet) or look.said.of(section.name):
        return
    whose = "in this workbook" if section.scope == "workbook" else "for this client"
    if row.origin.sheet:
        text = f"there is no row {whose} on the sheet {section.sheet}. {_with_row(section, row, look, scene)}"
    else:
        text = f"nothing is answered {whose} under “{section.title}”. Add what is asked there."
    yield look.finding(text, row.place(), BLANK, row, scene.document)


def _with_row(section: Section, row: Row, look: Look, scene: Scene) -> str:
    way = add_sheet(section, row.place(), look.sheets, scene.definitions)
    return way or "Add one and answer the columns that are marked as required."


def _no_rows(section: Section, rows: Sequence[Row], look: Look, scene: Scene) -> Iterator[Finding]:
    """Yield a finding where a repeating section has no row; under a repeating parent, for each of its rows."""
    definitions, word = scene.definitions, section.word
    needed = {section.parent, *(item.refers for item in section.fields)} - {"", section.name}
    above = [definitions.sections[name] for name in needed if name in definitions.sections]
    absent = [one for one in above if scene.document.name in one.at_least_one and not scene.rows(one)]
    if absent or look.said.of(section.sheet) or look.said.of(section.name):
        return
    parent = definitions.sections.get(section.parent)
    if parent is None or not parent.repeats:
        if not rows:
            text, place = f"there is no {word} for this client.", sheet_of(section, look.record)
            way = add_sheet(section, place, look.sheets, definitions)
            text = f"{text} {way or f'Add at least one on the sheet {section.sheet}.'}"
            titles, name = definitions.titles, scene.document.name
            asking = [titles.get(one.by, one.by) for one in section.rows_required_by if name in one.documents]
            yield look.finding(text, place, section.code, None, scene.document, source="; ".join(asking))
        return
    rule = look.rules.get(section.code)
    linked = [derive.parent(scene.record, row) for row in rows]
    if None in linked or (rule is not None and checks(rule)):  # a row without its parent may be the missing one
        return
    for owner in scene.rows(parent):
        if owner not in linked:
            text = f"no {word} belongs to it. Add at least one on the sheet {section.sheet}."
            yield look.finding(text, owner.place(), section.code, owner, scene.document)


# --- small questions -----------------------------------------------------------------------------------------------


def _owed(definitions: Definitions, document: Document) -> Iterator[tuple[str, Sequence[Field]]]:
    for section in definitions.sections.values():
        fields = [item for item in section.fields if _may_be_required(item, section, document)]
        if fields or _must_have_a_row(section, document):
            yield section.name, fields


def _must_have_a_row(section: Section, document: Document) -> bool:
    return section.repeats and document.name in section.at_least_one


def _may_be_required(item: Field, section: Section, document: Document) -> bool:
    if item.derived:
        return False
    asked = section.scope == "workbook" or document.name in section.documents
    return document.name in item.required or item.path == document.date or bool(item.required_when and asked)


def _is_blank(item: Field, row: Row, scene: Scene) -> bool:
    """Tell whether the document cannot do without ``item`` of ``row``, to which there is no answer."""
    if _may_mean_a_row_without_id(item, row, scene):
        return False
    lookup = derive.lookup(scene.record, row)
    if is_excused(item, row, lookup, scene.rows, scene.definitions):
        return False
    if scene.document.name in item.required or item.path == scene.document.date:
        return True
    return conditions.compile_condition(item.required_when)(lookup) is True


def _source(item: Field, row: Row, scene: Scene) -> str:
    """Return the field's source, after the titles of the populations and the payer that require it here."""
    lookup = derive.lookup(scene.record, row)
    asking = [
        scene.definitions.titles[one.by]
        for one in item.required_by
        if one.by in scene.definitions.titles and asks(one, scene.document.name, lookup)
    ]
    return "; ".join(dict.fromkeys(part for part in (*asking, item.source) if part))


def _may_mean_a_row_without_id(item: Field, row: Row, scene: Scene) -> bool:
    """Tell whether ``item`` refers to another row of its own section, and one of them has no id: that blank is told."""
    others = scene.rows(row.section) if item.refers == item.section else ()
    return any(other.get(row.section.key) is None for other in others)


def asks(one: Requirement, document: str, lookup: conditions.Lookup) -> bool:
    """Tell whether a requirement holds in ``document``, for the row of which ``lookup`` gives the answers."""
    return document in one.documents or bool(one.when and conditions.compile_condition(one.when)(lookup) is True)


def is_excused(item: Field, row: Row, lookup: conditions.Lookup, rows_of: RowsOf, definitions: Definitions) -> bool:
    """Tell whether another answer stands for ``item`` of ``row`` where that is blank (``unless``).

    That may be any of other rows than ``row``, which ``rows_of`` gives for a section: their own blanks are told there.
    """
    if not item.unless:
        return False
    section = definitions.sections.get(item.unless.partition(".")[0])
    has_rows = section and section.repeats and section is not row.section and rows_of(section)
    return bool(has_rows) or lookup(item.unless) is not None


def _has_no_row(section: Section, row: Row, record: Record) -> bool:
    """Tell whether ``section`` is absent and has no row in which its answers could stand."""
    return record.one(section.name) is None and not row.origin.row and not row.origin.cells
