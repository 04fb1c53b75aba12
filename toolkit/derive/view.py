"""The nested view of a judged case that templates print."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from toolkit import __version__, conditions, kinds
from toolkit.blocks import paths_in
from toolkit.derive.facts import credential, diagnoses, diagnosis, lookup, parent, rows_of, staff
from toolkit.derive.last import Last
from toolkit.model import Case, Definitions, Document, Field, Missing, Record, Row, Section

_IN_WORDS = ("text", "long", "lines")
BESIDE = frozenset({"diagnoses", "document", "draft", "measures"})
"""What stands in a view beside the sections, so that no section can be called so."""


class Person(str):
    """A member of staff where a template prints a reference: name and credential; ``.name`` and the like for parts."""

    __slots__ = ("credential", "license", "name", "npi")

    def __new__(cls, row: Row) -> Person:
        """Return the person of a staff row."""
        parts = (kinds.show(row.name), credential(row))
        person = super().__new__(cls, ", ".join(part for part in parts if part))
        for name in cls.__slots__:
            setattr(person, name, row.get(name))
        return person

    def __repr__(self) -> str:
        parts = ", ".join(repr(getattr(self, name)) for name in self.__slots__)
        return f"Person({super().__repr__()}, {parts})"


def context(case: Case, draft: bool = False) -> dict[str, Any]:
    """Return the nested view of a case that templates print: every field by name, None where it is blank.

    What is known on the shelf and not asked of this record is blank, too, so that one template serves several
    populations. Of the section that the document is made ``each`` row of, the view holds that row. In a draft each
    missing required answer is a `Missing` with its question, and a section that must have a row but has none shows one
    row of questions.
    """
    record, definitions = case.record, case.definitions
    blanks = _blanks(case) if draft else set()
    view: dict[str, Any] = {}
    nested: dict[tuple[str, int], dict[str, Any]] = {}
    for section in definitions.sections.values():
        rows = rows_of(record, section, case.wanted)
        tables = _tables(section, rows, record, definitions, blanks)
        if draft and not tables and case.wanted.document.main in section.at_least_one:
            tables = [_questions(section, case.wanted.document)]
        for row, table in zip(rows, tables, strict=False):
            nested[section.name, id(row)] = table
        if section.parent:
            _nest(section, rows, tables, record, nested)
        else:
            single = tables[0] if tables else dict.fromkeys(section.by_name)
            view[section.name] = tables if section.repeats else single
    _add_empty(view, nested, case, draft)
    _add_unasked(view, nested, definitions)
    document = case.wanted.document
    if document.each:
        view[document.each] = view[document.each][0] if view[document.each] else {}
    _link_interventions(view)
    for owner, name in (("review", "progress"), ("discharge", "outcomes")):
        _link_to_goals(view, name, [row for table in _as_list(view.get(owner)) for row in table.get(name, ())])
    _say_what_is_absent(view, case)
    view["measures"] = _by_measure(view.get("scores") or [])
    plan = record.one("plan")
    view["diagnoses"] = _diagnosis_rows(plan) if plan else []
    view["signers"] = [] if draft else list(case.signers)
    view["draft"] = draft
    view["document"] = _about(case, plan)
    return view


def _say_what_is_absent(view: Mapping[str, Any], case: Case) -> None:
    """Put the words of a companion's block in place of the blank answers in words that it names."""
    document, value = case.wanted.document, lookup(case.record)
    for block in document.blocks if document.of else ():
        named = map(case.definitions.fields.get, paths_in(block) if "absent" in block else ())
        for item in named:
            if item is None or item.kind not in _IN_WORDS:
                continue
            if item.asked_when and conditions.compile_condition(item.asked_when)(value) is False:
                continue
            words = str(block["absent"])
            for table in _as_list(view.get(item.section)):
                if table[item.name] is None:
                    table[item.name] = (words,) if item.kind == "lines" else words


def _about(case: Case, plan: Row | None) -> dict[str, Any]:
    """Return what a template prints of the document itself."""
    document = case.wanted.document
    return {
        "name": document.name,
        "title": document.title,
        "date": case.wanted.day,
        "version": plan.get("version") if plan else None,
        "form": f"{'-'.join(case.definitions.populations)} {__version__}",
    }


def _blanks(case: Case) -> set[tuple[str, Any]]:
    """Return path and place of each blank that holds the case; where a whole row is missing, all it must answer."""
    held = [item for item in case.findings if item.holds]
    blanks: set[tuple[str, Any]] = {(item.path, item.place) for item in held if item.path}
    for section in case.definitions.sections.values():
        row = None if section.repeats else case.record.one(section.name)
        if (
            row is not None
            and not row.values
            and any(not item.path and item.place.sheet == section.sheet for item in held)
        ):
            required = [item for item in section.fields if case.wanted.document.main in item.required]
            blanks |= {(item.path, row.place(item.name)) for item in required}
    return blanks


def _tables(
    section: Section, rows: tuple[Row, ...], record: Record, definitions: Definitions, blanks: set[tuple[str, Any]]
) -> list[dict[str, Any]]:
    """Return the views of ``rows``; those of clinic and staff are worked out once for all clients."""
    if blanks or section.scope != "workbook":
        return [_view(row, record, blanks) for row in rows]
    last: Last[list[dict[str, Any]]] = definitions.once(("views", section.name), Last)
    views = last.of((rows, record.all("staff")), lambda: [_view(row, record, blanks) for row in rows])
    return [view.copy() for view in views]  # what stands beside an answer is put into them


def _view(row: Row, record: Record, blanks: set[tuple[str, Any]]) -> dict[str, Any]:
    section, values = row.section, row.values
    table: dict[str, Any] = {name: values.get(name) for name in section.by_name}
    for item in section.fields if blanks else ():
        if table[item.name] is None and (item.path, row.place(item.name)) in blanks:
            table[item.name] = _question(item)
    for name in section.of_staff:
        value = values.get(name)
        if value is not None:
            people = [staff(record, one) for one in (value if isinstance(value, tuple) else (value,))]
            known = tuple(Person(person) for person in people if person is not None)
            table[name] = (known if isinstance(value, tuple) else known[0]) if known else value
    return table


def _question(item: Field) -> Any:
    question = Missing(f"{item.label}: {item.prompt}" if item.prompt else item.label)
    return (question,) if item.kind in ("lines", "refs") else question


def _questions(section: Section, document: Document) -> dict[str, Any]:
    """Return a row of questions for a draft: what the document requires of a section without rows."""
    return {item.name: _question(item) if document.main in item.required else None for item in section.fields}


def _as_list(view: Any) -> list[dict[str, Any]]:
    return view if isinstance(view, list) else [view] if view else []


def _nest(
    section: Section,
    rows: Iterable[Row],
    tables: Iterable[dict[str, Any]],
    record: Record,
    nested: Mapping[tuple[str, int], dict[str, Any]],
) -> None:
    for row, table in zip(rows, tables, strict=False):
        above = parent(record, row)
        owner = nested.get((section.parent, id(above))) if above is not None else None
        if owner is not None:
            owner.setdefault(section.name, []).append(table)


def _add_empty(
    view: Mapping[str, Any], nested: Mapping[tuple[str, int], dict[str, Any]], case: Case, draft: bool
) -> None:
    """Give every row its nested sections: no rows where it has none, or in a draft a row of questions of its own."""
    for section in case.definitions.sections.values():
        for child in case.definitions.children(section.name):
            asked = draft and case.wanted.document.main in child.at_least_one
            owners = [table for (name, _), table in nested.items() if name == section.name]
            for table in owners or _as_list(view.get(section.name)):
                table.setdefault(child.name, [_questions(child, case.wanted.document)] if asked else [])


def _add_unasked(
    view: dict[str, Any], nested: Mapping[tuple[str, int], dict[str, Any]], definitions: Definitions
) -> None:
    """Make the fields that other packs ask, and this record is not asked, blank."""
    for name, fields in definitions.unasked.items():
        blank = dict.fromkeys(item.name for item in fields)
        if name not in definitions.sections:
            known = definitions.known[name]
            if not known.parent:
                view[name] = [] if known.repeats else blank
            continue
        tables = [table for (section, _), table in nested.items() if section == name]
        for table in tables or _as_list(view.get(name)):
            table.update(blank)


def _link_to_goals(view: dict[str, Any], name: str, rows: list[dict[str, Any]]) -> None:
    """Give each goal the rows that rate it or one of its objectives; a row of questions (a draft's) stands at each."""
    for goal in view.get("goals") or []:
        objectives = [item.get("objective") for item in goal.get("objectives") or ()]
        goal[name] = []
        for row in rows:
            named, ids = (row["goal"], [goal.get("goal")]) if "goal" in row else (row.get("objective"), objectives)
            if named in ids or isinstance(named, Missing):
                goal[name].append(row)


def _by_measure(scores: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the history of each measure, in the order of their first rows; the scores of one by date."""
    found: dict[str, list[dict[str, Any]]] = {}
    for row in scores:
        found.setdefault(kinds.show(row["measure"]), []).append(row)
    return [
        {"measure": name, "scores": sorted(rows, key=lambda row: (row["date"] is not None, row["date"] or 0))}
        for name, rows in found.items()
    ]


def _link_interventions(view: dict[str, Any]) -> None:
    """Give each goal and objective the interventions that name it (``all`` names every goal)."""
    interventions = view.get("interventions") or []
    for goal in view.get("goals") or []:
        goal["interventions"] = [
            item for item in interventions if {"all", goal.get("goal")} & set(item.get("goals") or ("all",))
        ]
        for objective in goal.get("objectives") or []:
            objective["interventions"] = [
                item
                for item in goal["interventions"]
                if not item.get("objectives") or {"all", objective.get("objective")} & set(item["objectives"])
            ]


def _diagnosis_rows(plan: Row) -> list[dict[str, str]]:
    rows = []
    for number, text in enumerate(diagnoses(plan)):
        code, description = diagnosis(text)
        rows.append({"code": code, "description": description, "role": "primary" if number == 0 else "secondary"})
    return rows
