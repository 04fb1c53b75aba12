"""What follows from the answers: defaults, derived values, who signs, and the nested view that templates print."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from toolkit import __version__, conditions, kinds, reference
from toolkit.model import (
    Case,
    Chosen,
    Definitions,
    Document,
    Field,
    Missing,
    Origin,
    Record,
    Row,
    Score,
    Section,
    Signer,
)

_CODE = re.compile(r"\s*([A-Za-z]\d[0-9A-Za-z](?:\.?[0-9A-Za-z]{1,4})?)\b[\s:,–—-]*(.*)", re.DOTALL)
_WORD = re.compile(r"[^\W\d_]{5,}")


class Person(str):
    """A member of staff where a template prints a reference: name and credential; ``.name`` and the like for parts."""

    __slots__ = ("credential", "license", "name", "npi")

    def __new__(cls, row: Row) -> Person:
        """Return the person of a staff row."""
        person = super().__new__(cls, ", ".join(kinds.show(part) for part in (row.name, row.credential) if part))
        for name in cls.__slots__:
            setattr(person, name, row.get(name))
        return person


# --- small facts ---------------------------------------------------------------------------------------------------


def age(record: Record, day: date) -> int | None:
    """Return the client's completed years on ``day``, or None where the birth date is blank."""
    born = record.get("client.date_of_birth")
    if born is None:
        return None
    return int(day.year - born.year - ((day.month, day.day) < (born.month, born.day)))


def initials(record: Record) -> str:
    """Return the client's initials, ``A.R.``, or an empty text where the name is blank."""
    words = re.findall(r"\w+", kinds.show(record.get("client.legal_name")))
    chosen = (words[0], words[-1]) if len(words) > 1 else tuple(words)
    return "".join(f"{word[0].upper()}." for word in chosen)


def diagnosis(text: str) -> tuple[str, str]:
    """Split ``F33.1 Major depressive disorder`` into code and description; the code is empty where there is none."""
    found = _CODE.fullmatch(text)
    return (found[1], found[2].strip()) if found else ("", text)


def lookup(record: Record, row: Row | None = None) -> conditions.Lookup:
    """Return the lookup of paths as ``row`` sees them: its own section, its parent row, then the single sections."""

    def value(path: str) -> Any:
        section, _, name = path.partition(".")
        if row is not None and row.section.name == section:
            return row.get(name)
        above = parent(record, row) if row is not None and row.section.parent == section else record.one(section)
        return above.get(name) if above is not None else None

    return value


def parent(record: Record, row: Row) -> Row | None:
    """Return the row under which ``row`` nests, or None where it has none (or names none that exists)."""
    section = row.section
    rows = record.all(section.parent)
    if not section.parent_field:
        return rows[0] if rows else None
    wanted = row.get(section.parent_field)
    key = rows[0].section.key or "date" if rows else ""
    return next((item for item in rows if wanted is not None and item.get(key) == wanted), None)


def staff(record: Record, reference_id: str | None) -> Row | None:
    """Return the staff row with the id ``reference_id``, or None."""
    return next((row for row in record.all("staff") if reference_id and row.id == reference_id), None)


# --- completing ----------------------------------------------------------------------------------------------------

Derivation = Callable[[Record, Row, date, Definitions], Any]
_DERIVED: dict[str, Derivation] = {}


def _derives(path: str) -> Callable[[Derivation], Derivation]:
    def register(function: Derivation) -> Derivation:
        _DERIVED[path] = function
        return function

    return register


def complete(record: Record, day: date, definitions: Definitions) -> Record:
    """Return ``record`` with its defaults and derived values on ``day``, and a row for every single section.

    A typed answer always stands; only blanks are filled. Places stay those of the cells that would be typed.
    """
    rows = {name: tuple(found) for name, found in record.rows.items()}
    for section in definitions.sections.values():
        if section.repeats:
            found = rows.get(section.name, ())
        else:
            found = rows.get(section.name) or (Row(section, {}, _origin(record, section)),)
        rows[section.name] = tuple(_composed(row, section) for row in found)
    whole = Record(record.id, rows, record.facts, record.origin)
    for section in definitions.sections.values():
        defaults = [item for item in section.fields if item.default]
        if defaults:
            whole = _filled(whole, section, defaults)
    for path, derivation in _DERIVED.items():
        item = definitions.fields.get(path)
        if item is not None:
            filled = (
                row if row.get(item.name) is not None else _with(row, item, derivation(whole, row, day, definitions))
                for row in whole.all(item.section)
            )
            whole = whole.with_rows(**{item.section: tuple(filled)})
    return whole


def _composed(row: Row, section: Section) -> Row:
    """Return ``row`` under the composed section, so that a pack's columns are known to it."""
    return row if row.section is section else Row(section, row.values, row.origin, row.ordinal)


def _origin(record: Record, section: Section) -> Origin:
    """Return where the answers of an absent section would stand: beside another section of its sheet, or a sheet."""
    for rows in record.rows.values():
        if rows and not rows[0].section.repeats and rows[0].section.sheet == section.sheet and rows[0].origin.sheet:
            return rows[0].origin
    if record.origin.sheet:
        return Origin(sheet=section.sheet, file=record.origin.file)
    pointer = f"{record.origin.pointer}/{section.name}"
    return Origin(pointer=pointer, file=record.origin.file, line=record.origin.line)


def _filled(record: Record, section: Section, defaults: Iterable[Field]) -> Record:
    def fill(row: Row) -> Row:
        for item in defaults:
            if row.get(item.name) is None:
                source = item.default.removeprefix("=").strip()
                value = lookup(record, row)(source) if item.default.startswith("=") else kinds.read(item.default, item)
                row = _with(row, item, value)
        return row

    return record.with_rows(**{section.name: tuple(fill(row) for row in record.all(section.name))})


def _with(row: Row, item: Field, value: Any) -> Row:
    return row if value is None else row.with_values(**{item.name: value})


@_derives("client.age")
def _age(record: Record, row: Row, day: date, definitions: Definitions) -> Any:
    return age(record, day)


@_derives("client.life_stage")
def _life_stage(record: Record, row: Row, day: date, definitions: Definitions) -> Any:
    return definitions.populations[0] if definitions.populations else None


@_derives("client.populations")
def _populations(record: Record, row: Row, day: date, definitions: Definitions) -> Any:
    return definitions.populations


@_derives("client.initials")
def _initials(record: Record, row: Row, day: date, definitions: Definitions) -> Any:
    return initials(record) or None


@_derives("staff.independent")
def _independent(record: Record, row: Row, day: date, definitions: Definitions) -> Any:
    return reference.is_independent(row.credential) if row.credential else None


@_derives("episode.clinician_independent")
def _clinician_independent(record: Record, row: Row, day: date, definitions: Definitions) -> Any:
    person = staff(record, row.clinician)
    return person.get("independent") if person else None


@_derives("episode.supervisor")
def _supervisor(record: Record, row: Row, day: date, definitions: Definitions) -> Any:
    person = staff(record, row.clinician)
    return person.get("supervisor") if person else None


@_derives("episode.above_outpatient")
def _above_outpatient(record: Record, row: Row, day: date, definitions: Definitions) -> Any:
    level = reference.levels_of_care().get(row.level_of_care) if row.level_of_care else None
    return level.above_outpatient if level else None


@_derives("plan.review_days")
def _review_days(record: Record, row: Row, day: date, definitions: Definitions) -> Any:
    return min(_review_clocks(record, definitions).values(), default=None)


def _review_clocks(record: Record, definitions: Definitions) -> dict[str, int]:
    """Return the days to the next review by who sets them; the strictest holds."""
    level = reference.levels_of_care().get(record.get("episode.level_of_care") or "")
    clocks = {
        "payer’s interval": definitions.limits.get("review_days"),
        "interval of the level of care": level.review_interval_days if level else None,
    }
    return {name: int(days) for name, days in clocks.items() if days}


@_derives("plan.end_date")
def _end_date(record: Record, row: Row, day: date, definitions: Definitions) -> Any:
    return _later(row.date, row.weeks and int(row.weeks) * 7)


@_derives("plan.next_review_date")
def _next_review(record: Record, row: Row, day: date, definitions: Definitions) -> Any:
    return _later(row.date, row.review_days)


@_derives("plan.next_review_rule")
def _next_review_rule(record: Record, row: Row, day: date, definitions: Definitions) -> Any:
    if row.date is None or row.review_days is None:
        return None
    clocks = _review_clocks(record, definitions)
    return next((name for name, days in clocks.items() if days == row.review_days), "set in this plan")


@_derives("review.next_date")
def _review_next(record: Record, row: Row, day: date, definitions: Definitions) -> Any:
    return _later(row.date, record.get("plan.review_days"))


@_derives("plan.co_occurring")
def _co_occurring(record: Record, row: Row, day: date, definitions: Definitions) -> Any:
    groups = {reference.diagnosis_group(code) for code, _ in map(diagnosis, _diagnoses(row)) if code}
    return {"mental_health", "substance"} <= groups


@_derives("plan.several_diagnoses")
def _several(record: Record, row: Row, day: date, definitions: Definitions) -> Any:
    return len(_diagnoses(row)) > 1


@_derives("plan.part2_notice")
def _part2(record: Record, row: Row, day: date, definitions: Definitions) -> Any:
    groups = {reference.diagnosis_group(code) for code, _ in map(diagnosis, _diagnoses(row)) if code}
    return "substance" in groups


@_derives("goals.priority")
def _priority(record: Record, row: Row, day: date, definitions: Definitions) -> Any:
    return row.ordinal


@_derives("goals.target_date")
def _goal_target(record: Record, row: Row, day: date, definitions: Definitions) -> Any:
    dates = [item.target_date for item in record.all("objectives") if item.goal == row.id and item.target_date]
    return max(dates, default=None)


@_derives("goals.addresses")
def _addresses(record: Record, row: Row, day: date, definitions: Definitions) -> Any:
    """Symptoms and impairments that share a word of five letters with the goal, as ``S1``, ``I2``."""
    said = _words(f"{row.problem or ''} {row.statement or ''}")
    found = []
    for letter, path in (("S", "assessment.symptoms"), ("I", "assessment.impairments")):
        for number, line in enumerate(record.get(path) or (), start=1):
            if said & _words(line):
                found.append(f"{letter}{number}")
    return _like(definitions, "goals.addresses", found)


@_derives("objectives.direction")
def _direction(record: Record, row: Row, day: date, definitions: Definitions) -> Any:
    measure = reference.measures().get(row.measure) if row.measure else None
    value = measure.direction if measure else ""
    if not value and isinstance(row.baseline, Score) and isinstance(row.target, Score):
        start, end = row.baseline.number, row.target.number
        value = "lower" if end < start else "higher" if end > start else ""
    return _like(definitions, "objectives.direction", value)


@_derives("objectives.reassess_days")
def _reassess(record: Record, row: Row, day: date, definitions: Definitions) -> Any:
    measure = reference.measures().get(row.measure) if row.measure else None
    return measure.reassess_days if measure else None


@_derives("interventions.goals")
def _intervention_goals(record: Record, row: Row, day: date, definitions: Definitions) -> Any:
    """The goals of the objectives that the intervention names; every goal where it names none."""
    owners = {item.id: item.goal for item in record.all("objectives")}
    return tuple(dict.fromkeys(owners[one] for one in row.objectives or () if owners.get(one))) or ("all",)


@_derives("interventions.per_week")
def _per_week(record: Record, row: Row, day: date, definitions: Definitions) -> Any:
    """Times a week; a month counts as 52/12 weeks."""
    if row.times is None or row.per is None:
        return None
    return Decimal(row.times) * {"day": Decimal(7), "week": Decimal(1), "month": Decimal(12) / 52}[row.per]


def _diagnoses(plan: Row) -> list[str]:
    return [text for text in (plan.primary_diagnosis, *(plan.other_diagnoses or ())) if text]


def _later(start: date | None, days: Any) -> date | None:
    return start + timedelta(days=int(days)) if start is not None and days is not None else None


def _words(text: str) -> set[str]:
    return {word.casefold()[:6] for word in _WORD.findall(text)}


def _like(definitions: Definitions, path: str, value: Any) -> Any:
    """Return ``value`` as the kind of the field at ``path`` reads it, None where it is empty."""
    read = kinds.read(value, definitions.fields[path]) if value else None
    return None if isinstance(read, kinds.Unreadable) else read


# --- who signs -----------------------------------------------------------------------------------------------------


def signers(record: Record, definitions: Definitions, document: Document) -> tuple[Signer, ...]:
    """Return who must sign ``document`` of the completed ``record``, the clinic's own entries over the rules'."""
    found: dict[str, Signer] = {}
    value = lookup(record)
    for rule in definitions.signers:
        if rule.documents and document.name not in rule.documents:
            continue
        if rule.when and not conditions.compile_condition(rule.when)(value):
            continue
        section, _, name = rule.person.partition(".")
        rows = record.all(section) if section in definitions.sections else ()
        if rows and rows[0].section.repeats:
            for number, row in enumerate(rows, start=1):
                role = f"{rule.role}_{number}"
                found[role] = _signer(role, rule.label, row.get(name), record)
        else:
            found[rule.role] = _signer(rule.role, rule.label, value(rule.person) if rule.person else None, record)
    for row in record.all("signers"):
        known = found.get(row.role, Signer(row.role or "", kinds.show(row.role)))
        found[known.role] = Signer(
            known.role,
            kinds.show(row.label) or known.label,
            kinds.show(row.name) or known.name,
            kinds.show(row.credential) or known.credential,
            kinds.show(row.reason_absent),
        )
    return tuple(found.values())


def _signer(role: str, label: str, who: Any, record: Record) -> Signer:
    person = staff(record, who) if isinstance(who, str) else None
    if person is not None:
        return Signer(role, label, kinds.show(person.name), kinds.show(person.credential))
    return Signer(role, label, kinds.show(who))


# --- what templates print ------------------------------------------------------------------------------------------


def context(case: Case, draft: bool = False) -> dict[str, Any]:
    """Return the nested view of a case that templates print: every field by name, None where it is blank.

    In a draft each missing required answer is a `Missing` with its question, and a section that must have a row but
    has none shows one row of questions.
    """
    record, definitions = case.record, case.definitions
    blanks = _blanks(case) if draft else set()
    view: dict[str, Any] = {}
    nested: dict[tuple[str, int], dict[str, Any]] = {}
    for section in definitions.sections.values():
        rows = record.all(section.name)
        if case.wanted.row is not None and section.name == case.wanted.document.each:
            rows = tuple(row for row in rows if row.place() == case.wanted.row.place())
        tables = [_view(row, record, blanks) for row in rows]
        if draft and not tables and case.wanted.document.name in section.at_least_one:
            tables = [_questions(section, case.wanted.document)]
        for row, table in zip(rows, tables, strict=False):
            nested[section.name, id(row)] = table
        if section.parent:
            _nest(section, rows, tables, record, nested)
        else:
            view[section.name] = tables if section.repeats else (tables[0] if tables else {})
    for section in definitions.sections.values():
        for child in definitions.children(section.name):
            owners = [table for (name, _), table in nested.items() if name == section.name]
            for table in owners or _as_list(view.get(section.name)):
                table.setdefault(
                    child.name, [_questions(child, case.wanted.document)] if _asked(child, case, draft) else []
                )
    _link_interventions(view)
    plan = record.one("plan")
    view["diagnoses"] = _diagnosis_rows(plan) if plan else []
    view["signers"] = [] if draft else list(case.signers)
    view["draft"] = draft
    view["document"] = {
        "name": case.wanted.document.name,
        "title": case.wanted.document.title,
        "date": case.wanted.day,
        "version": plan.get("version") if plan else None,
        "form": f"{'-'.join(definitions.populations)} {__version__}",
    }
    return view


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
            required = [item for item in section.fields if case.wanted.document.name in item.required]
            blanks |= {(item.path, row.place(item.name)) for item in required}
    return blanks


def _view(row: Row, record: Record, blanks: set[tuple[str, Any]]) -> dict[str, Any]:
    table: dict[str, Any] = {}
    for item in row.section.fields:
        value = row.get(item.name)
        if value is None and blanks and (item.path, row.place(item.name)) in blanks:
            value = _question(item)
        elif item.refers == "staff" and value is not None:
            people = [staff(record, one) for one in (value if isinstance(value, tuple) else (value,))]
            known = tuple(Person(person) for person in people if person is not None)
            value = (known if isinstance(value, tuple) else known[0]) if known else value
        table[item.name] = value
    return table


def _question(item: Field) -> Any:
    question = Missing(f"{item.label}: {item.prompt}" if item.prompt else item.label)
    return (question,) if item.kind in ("lines", "refs") else question


def _questions(section: Section, document: Document) -> dict[str, Any]:
    """Return a row of questions for a draft: what the document requires of a section without rows."""
    return {item.name: _question(item) if document.name in item.required else None for item in section.fields}


def _asked(section: Section, case: Case, draft: bool) -> bool:
    return draft and case.wanted.document.name in section.at_least_one


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
    for number, text in enumerate(_diagnoses(plan)):
        code, description = diagnosis(text)
        rows.append({"code": code, "description": description, "role": "primary" if number == 0 else "secondary"})
    return rows


__all__ = ["Chosen", "Person", "age", "complete", "context", "diagnosis", "initials", "lookup", "parent", "signers"]
