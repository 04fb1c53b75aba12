"""Good plans as rows, the places in them where a fault can be made, and the fault made there."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from toolkit import conditions, derive, kinds
from toolkit.audit import Auditor
from toolkit.intake.assemble import RawRow, assemble
from toolkit.kinds import Raw
from toolkit.model import CLIENT_ID, Audited, Case, Definitions, Field, Finding, Place, Row, Score
from toolkit.practice.faults import Fault

_CLIENT = CLIENT_ID.partition(".")[0]
_NAME = re.compile(r"\{([a-z_.0-9]*)\}")


class Plan(Struct, frozen=True):
    """One client's rows as they were typed, with those of clinic and staff, and how they are judged."""

    id: str
    rows: tuple[RawRow, ...]
    judged: Audited
    found: tuple[Finding, ...]
    """Everything that is found in it as it is."""


class Site(Struct, frozen=True):
    """A place for a fault: the row of a case in which it is made, the answers that it puts, and what must be told."""

    plan: Plan
    fault: Fault
    case: Case
    row: Row
    puts: Mapping[tuple[str, str], Raw]
    """What is put, by the path of the answer and the pointer of its row."""
    drops: frozenset[str]
    """The pointers of the rows that are taken out."""
    code: str
    place: Place


def plans(rows: Iterable[RawRow], definitions: Definitions, auditor: Auditor) -> list[Plan]:
    """Return each client of ``rows`` as a plan of its own, judged."""
    shared: list[RawRow] = []
    own: dict[str, list[RawRow]] = {}
    for row in rows:
        client = kinds.as_id(row.values.get(CLIENT_ID))
        (own.setdefault(client, []) if client else shared).append(row)
    return [
        Plan(client, rows, *judge(rows, definitions, auditor))
        for client, rows in ((client, (*shared, *several)) for client, several in own.items())
    ]


def judge(rows: Iterable[RawRow], definitions: Definitions, auditor: Auditor) -> tuple[Audited, tuple[Finding, ...]]:
    """Return the one client of ``rows`` judged, and everything that is found, what concerns the whole input too."""
    batch = assemble(rows, definitions)
    (record,) = batch
    shared = auditor.batch(batch)
    judged = auditor.judge(record, shared)
    return judged, (*shared, *judged.findings, *judged.stand_ins)


def planted(site: Site) -> tuple[RawRow, ...]:
    """Return the rows of the site's plan with the fault made in them."""
    rows = [row for row in site.plan.rows if row.sections == ("",) or row.origin.pointer not in site.drops]
    for (path, pointer), raw in site.puts.items():
        section, sheet = path.partition(".")[0], site.case.definitions.fields[path].sheet
        parts = [n for n, row in enumerate(rows) if row.origin.pointer == pointer and section in row.sections]
        at = next((n for n in parts if path in rows[n].values), None)
        at = next((n for n in parts if rows[n].sheet == sheet), None) if at is None else at
        if at is None:
            origin = rows[parts[0]].origin if parts else replace(rows[-1].origin, pointer=pointer)
            rows.append(RawRow(sheet, {CLIENT_ID: site.plan.id, path: raw}, origin, sections=(section,)))
        else:
            rows[at] = replace(rows[at], values={**rows[at].values, path: raw})
    return tuple(rows)


# --- where a fault fits -----------------------------------------------------------------------------------------------


def sites(fault: Fault, plan: Plan) -> Iterator[Site]:
    """Yield the places of ``plan`` at which ``fault`` can be made, each once."""
    seen = set()
    for case in plan.judged.cases:
        section = case.definitions.sections.get(fault.section)
        if section is None or (section.scope == "client" and case.wanted.document.name not in section.documents):
            continue
        client = case.record.one(_CLIENT)
        rows = derive.rows_of(case.record, section, case.wanted)
        if fault.new:
            rows = (client,) if client is not None else ()
        for number, row in enumerate(rows):
            if section.scope == "workbook" and section.key and row.id not in _named(case):
                continue
            site = _site(fault, plan, case, row, number)
            if site is not None and site.place not in seen:
                seen.add(site.place)
                yield site


def _named(case: Case) -> set[str]:
    """Return the ids that the record's own single answers name: its clinician and who else has a part in it."""
    return {
        row.get(item.name)
        for rows in case.record.rows.values()
        for row in rows
        if row.section.scope == "client"
        for item in row.section.fields
        if item.kind == "ref" and row.get(item.name) is not None
    }


def _site(fault: Fault, plan: Plan, case: Case, row: Row, number: int) -> Site | None:
    first = derive.rows_of(case.record, row.section, case.wanted)[0]
    name = fault.at.partition(".")[2]
    item = row.section.field(name) if name else None
    if (name and item is None) or not row.origin.pointer:
        return None
    if fault.where and conditions.compile_condition(fault.where)(_numbers(case, row)) is not True:
        return None
    if fault.needed and not (item and _typed(plan, row, item) is not None and _is_required(item, row, case)):
        return None
    if any(
        one.get(path.partition(".")[2]) is not None
        for path in fault.blank
        for one in case.record.all(path.partition(".")[0])
    ):
        return None
    if any(len(case.record.all(section)) < count for section, count in fault.least.items()):
        return None
    if (fault.each and number) or (fault.again and number == 0):
        return None
    if fault.again and item and None in (_typed(plan, row, item), _typed(plan, first, item)):
        return None
    puts = _unlinked(case, row) if fault.unlink else _puts(fault, plan, case, row)
    place = _place(fault.told or fault.at, case, row)
    if fault.new:
        added = f"{case.record.origin.pointer}/{fault.section}/added"
        puts = {(f"{fault.section}.{name}", added): raw for name, raw in fault.new.items()}
        place = place if fault.told == fault.section else Place(pointer=f"{added}{_step(fault.told)}")
    drops = _drops(fault, case, row)
    if puts is None or (fault.drop and not drops):
        return None
    code = fault.code or (item.code if item else row.section.code)
    return Site(plan, fault, case, row, puts, drops or frozenset(), code, place)


def _step(path: str) -> str:
    """Return the step of a pointer that leads to the answer at ``path``, nothing where a row is meant."""
    name = path.partition(".")[2]
    return f"/{name}" if name else ""


def _puts(fault: Fault, plan: Plan, case: Case, row: Row) -> dict[tuple[str, str], Raw] | None:
    """Return what the fault puts where, None where it would change nothing or cannot be worked out."""
    puts: dict[tuple[str, str], Raw] = {}
    asked = {**({fault.at: fault.put} if fault.put is not None or fault.again else {}), **fault.also}
    for path, put in asked.items():
        target = row if path.startswith(f"{row.section.name}.") else case.record.one(path.partition(".")[0])
        item = case.definitions.fields.get(path)
        if target is None or item is None:
            return None
        old = _typed(plan, target, item)
        first = derive.rows_of(case.record, row.section, case.wanted)[0]
        raw = first.get(item.name) if fault.again and path == fault.at else _worked_out(put, item, old, case, row)
        if raw is None or (raw == "" and old is None and path == fault.at) or raw == old:
            return None
        for one in case.record.all(row.section.name) if fault.each else (target,):
            puts[path, one.origin.pointer] = raw
    return puts


def _unlinked(case: Case, row: Row) -> dict[tuple[str, str], Raw] | None:
    """Return the interventions' links without ``row``, None where one of them would then be linked to nothing."""
    section = next(
        one for one in case.definitions.sections.values() for item in one.fields if _links(item, row) and one.key
    )
    item = next(item for item in section.fields if _links(item, row))
    puts: dict[tuple[str, str], Raw] = {}
    for other in case.record.all(section.name):
        if derive.serves(other, row):
            left = [one for one in other.get(item.name) or () if one != row.id]
            if not left or "all" in left:
                return None
            puts[item.path, other.origin.pointer] = left
    return puts or None


def _links(item: Field, row: Row) -> bool:
    return item.kind == "refs" and item.refers == row.section.name


def _typed(plan: Plan, row: Row, item: Field) -> Raw:
    """Return what was typed for ``item`` in ``row``, None where nothing was."""
    pointer = row.origin.pointer
    typed = (one.values[item.path] for one in plan.rows if one.origin.pointer == pointer and item.path in one.values)
    return next(typed, None)


def _drops(fault: Fault, case: Case, row: Row) -> frozenset[str] | None:
    """Return the pointers of the rows that the fault takes out: this row, or those of a section that belong to it."""
    if not fault.drop:
        return frozenset()
    if fault.drop == row.section.name:
        section, above = row.section, derive.parent(case.record, row)
        beside = [one for one in case.record.all(section.name) if derive.parent(case.record, one) is above]
        return frozenset((row.origin.pointer,)) if len(beside) > 1 else None
    rows = case.record.all(fault.drop)
    own = [one for one in rows if one.section.parent != row.section.name or derive.parent(case.record, one) is row]
    return frozenset(one.origin.pointer for one in own)


def _place(path: str, case: Case, row: Row) -> Place:
    """Return where the finding stands: the answer at ``path``, or a whole row or section."""
    section, _, name = path.partition(".")
    if section == row.section.name:
        return row.place(name)
    if name:
        target = case.record.one(section)
        return target.place(name) if target is not None else Place()
    item = next((item for item in row.section.fields if item.refers == section and item.kind == "ref"), None)
    meant = next((one for one in case.record.all(section) if item and one.id == row.get(item.name)), None)
    if meant is not None:
        return meant.place()
    return Place(pointer=f"{case.record.origin.pointer}/{section}")


def _is_required(item: Field, row: Row, case: Case) -> bool:
    """Tell whether the case cannot do without the answer, and nothing else would stand in for it."""
    if item.one_row or item.default or item.derived:
        return False
    lookup = derive.lookup(case.record, row)
    if item.unless and (lookup(item.unless) is not None or item.unless.partition(".")[0] != item.section):
        return False
    name = case.wanted.document.name
    if name in item.required or item.path == case.wanted.document.date:
        return True
    return bool(item.required_when) and conditions.compile_condition(item.required_when)(lookup) is True


# --- what is put ------------------------------------------------------------------------------------------------------


def _numbers(case: Case, row: Row) -> Callable[[str], Any]:
    """Return the lookup of a condition, in which scores are numbers."""
    lookup = derive.lookup(case.record, row)

    def value(path: str) -> Any:
        found = lookup(path)
        return found.number if isinstance(found, Score) else found

    return value


def _worked_out(put: Any, item: Field, old: Raw, case: Case, row: Row) -> Raw:
    """Return ``put`` as it is typed, None where what it rests on is blank."""
    lookup = _numbers(case, row)
    if isinstance(put, dict):
        ((word, given),) = put.items()
        return WORDS[word](given, lookup, old)
    if isinstance(put, str) and "{" in put:
        values = {name: kinds.as_text(old) if not name else lookup(name) for name in _NAME.findall(put)}
        if any(value in (None, "") for value in values.values()):
            return None
        return _NAME.sub(lambda found: kinds.show(values[found[1]]), put)
    plain: Raw = put
    return plain


def _days_from(given: Sequence[Any], lookup: Callable[[str], Any], old: Raw) -> Raw:
    path, days = given
    day = lookup(path)
    return kinds.show(day + timedelta(days=days)) if isinstance(day, date) else None


def _plus(given: Sequence[Any], lookup: Callable[[str], Any], old: Raw) -> Raw:
    path, more = given
    number = lookup(path)
    return str(number + Decimal(more)) if number is not None and number + Decimal(more) >= 0 else None


def _copy(given: str, lookup: Callable[[str], Any], old: Raw) -> Raw:
    value = lookup(given)
    return kinds.show(value) if value is not None else None


def _lines_of(given: str, lookup: Callable[[str], Any], old: Raw) -> Raw:
    line = lookup(given)
    return [kinds.show(line)] if line else None


def _last_line(given: str, lookup: Callable[[str], Any], old: Raw) -> Raw:
    """Return the lines that were typed with another last one: what counts them still does."""
    if old is None:
        return None
    lines = old if isinstance(old, list | tuple) else kinds.as_text(old).splitlines()
    return [*map(kinds.as_text, lines[:-1]), given]


def _first_line(given: Any, lookup: Callable[[str], Any], old: Raw) -> Raw:
    """Return the first of several lines alone."""
    lines = old if isinstance(old, list | tuple) else kinds.as_text(old).splitlines()
    return [lines[0]] if len(lines) > 1 else None


def _first_word(given: Any, lookup: Callable[[str], Any], old: Raw) -> Raw:
    words = kinds.as_text(old).split()
    return words[0] if len(words) > 1 else None


WORDS: Mapping[str, Callable[[Any, Callable[[str], Any], Raw], Raw]] = {
    "days_from": _days_from, "plus": _plus, "copy": _copy, "lines_of": _lines_of, "last_line": _last_line,
    "first_line": _first_line, "first_word": _first_word,
}  # fmt: skip
"""What a fault may put that has to be worked out, by the word for it."""
