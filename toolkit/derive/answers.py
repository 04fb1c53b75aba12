"""Blanks that need no asking: what a default says, and what follows from other answers, from dates and from limits."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from msgspec.structs import replace

from toolkit import kinds, reference
from toolkit.derive.facts import age, diagnoses, diagnosis, initials, lookup, parent, staff, up_to
from toolkit.derive.last import Last
from toolkit.derive.limits import limit, setting
from toolkit.model import Definitions, Field, Limit, Origin, Place, Record, Row, Score, Section

Derivation = Callable[[Record, Row, date, Definitions], Any]
_DERIVED: dict[str, Derivation] = {}
UNREAD = frozenset({"error_cell", "uncached_formula", "unknown_choice", "unknown_id", "unreadable_cell"})
"""The kinds of facts after which an answer is missing that somebody did type: what it is, nobody may assume."""


def _derives(path: str) -> Callable[[Derivation], Derivation]:
    def register(function: Derivation) -> Derivation:
        _DERIVED[path] = function
        return function

    return register


def complete(record: Record, day: date, definitions: Definitions) -> Record:
    """Return ``record`` with its defaults and derived values on ``day``, and a row for every single section.

    A typed answer always stands; only blanks are filled, and an answer that could not be read is none. Places stay
    those of the cells that would be typed. What ``definitions`` do not ask (a population's answers, in a record that is
    not of it) is left out, and of a log what is dated after ``day``: rules judge what the document prints. What is
    blank of clinic and staff follows from these alone, on any day, so that it is filled once for all clients.
    """
    sections = definitions.sections.values()
    common = definitions.once("of all", lambda: _of_all(definitions))
    unread = frozenset((fact.path, fact.place) for fact in record.facts if fact.kind in UNREAD)
    of_all = tuple(record.rows.get(section.name, ()) for section in common)
    if unread or () in of_all:
        return _completed(record, day, definitions, sections, {}, unread)
    alone = Record("", {section.name: rows for section, rows in zip(common, of_all, strict=True)})
    last: Last[Record] = definitions.once("completed of all", Last)
    known = last.of(of_all, lambda: _completed(alone, day, definitions, common, {}, unread))
    return _completed(record, day, definitions, sections, known.rows, unread)


def _of_all(definitions: Definitions) -> list[Section]:
    """Return the sections of clinic and staff; none where a pack makes them depend on the client or the day."""
    common = [section for section in definitions.sections.values() if section.scope == "workbook"]
    own = any(section.until or any(item.default.startswith("=") for item in section.fields) for section in common)
    return [] if own else common


def _completed(
    record: Record,
    day: date,
    definitions: Definitions,
    sections: Iterable[Section],
    known: Mapping[str, tuple[Row, ...]],
    unread: frozenset[tuple[str, Place]],
) -> Record:
    """Return ``record`` with the rows of ``sections`` completed; those that are ``known`` are so already."""
    filled: dict[str, list[tuple[Row, dict[str, Any]]]] = {}
    rows: dict[str, tuple[Row, ...]] = {}
    for section in sections:
        if section.name in known:
            rows[section.name] = known[section.name]
            continue
        found = record.all(section.name)
        if section.repeats:
            found = up_to(day, found, section)
        if not found and not section.repeats:
            found = (Row(section, {}, _origin(record, section)),)
        own = filled[section.name] = [_asked(row, section) for row in found]
        rows[section.name] = tuple([row for row, _ in own])
    whole = replace(record, rows=rows)
    for item, derivation in definitions.once("derivations", lambda: list(_derivations(definitions))):
        for row, values in filled.get(item.section, ()):
            if values.get(item.name) is None and not (unread and (item.path, row.place(item.name)) in unread):
                value = derivation(whole, row, day, definitions)
                if value is not None:
                    values[item.name] = value
    return whole


def _asked(row: Row, section: Section) -> tuple[Row, dict[str, Any]]:
    """Return ``row`` as one of ``section``, with its values for what that asks (that of another pack may ask for more).

    The values are filled here, before anybody else sees the row.
    """
    values = dict(row.values)
    if not values.keys() <= section.by_name.keys():
        values = {name: value for name, value in values.items() if name in section.by_name}
    return Row(section, values, row.origin, row.ordinal, row.origins), values


def _derivations(definitions: Definitions) -> Iterator[tuple[Field, Derivation]]:
    """Yield what can fill a blank, defaults first: what is derived builds on them."""
    for section in definitions.sections.values():
        yield from ((item, _default(item)) for item in section.fields if item.default)
    yield from ((definitions.fields[path], derive) for path, derive in _DERIVED.items() if path in definitions.fields)


def _default(item: Field) -> Derivation:
    """Return what gives the default of ``item``: the value of another field, or one as it would be typed."""
    if item.default.startswith("="):
        path = item.default.removeprefix("=").strip()
        return lambda record, row, day, definitions: lookup(record, row)(path)
    value = kinds.read(item.default, item)
    return lambda record, row, day, definitions: value


def _origin(record: Record, section: Section) -> Origin:
    """Return where the answers of an absent section would stand: beside another section of its sheet, or a sheet."""
    for rows in record.rows.values():
        if rows and not rows[0].section.repeats and rows[0].section.sheet == section.sheet and rows[0].origin.sheet:
            return rows[0].origin
    if record.origin.sheet:
        return Origin(sheet=section.sheet, file=record.origin.file)
    if section.scope == "workbook":
        return Origin(pointer=f"/{section.name}", file=record.origin.file)
    pointer = f"{record.origin.pointer}/{section.name}"
    return Origin(pointer=pointer, file=record.origin.file, line=record.origin.line)


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
    credential = row.get("credential")
    return reference.is_independent(credential, record.get("clinic.address") or "") if credential else None


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
    level = reference.levels_of_care().get(row.level_of_care)
    return level.above_outpatient if level else None


@_derives("risk.now")
def _risk_now(record: Record, row: Row, day: date, definitions: Definitions) -> Any:
    """The level that the latest review of the plan up to ``day`` says, else the plan's own."""
    planned = record.get("plan.date")
    said = [
        (item.date, item.risk_level)
        for item in record.all("review")
        if item.risk_level and item.date and item.date <= day and (planned is None or item.date > planned)
    ]
    return max(said, key=lambda one: one[0])[1] if said else row.level


@_derives("plan.review_days")
def _review_days(record: Record, row: Row, day: date, definitions: Definitions) -> Any:
    if record.get("episode.level_of_care") is None:
        return None
    found = limit("review_days", record, definitions)
    return int(found.number) if found and found.number else None


def _review_clocks(record: Record, definitions: Definitions) -> dict[float | None, str]:
    """Return who sets the days to the next review, by their number."""
    level = record.get("episode.level_of_care")
    return definitions.once(
        ("review clocks", level),
        lambda: {item.number: _whose_clock(item) for item in reversed(setting("review_days", level, definitions))},
    )


def _whose_clock(item: Limit) -> str:
    if item.of_level:
        return "interval of the level of care"
    return "the usual interval, not a payer’s" if item.ours else "payer’s interval"


@_derives("plan.end_date")
def _end_date(record: Record, row: Row, day: date, definitions: Definitions) -> Any:
    return _later(row.date, row.weeks and int(row.weeks) * 7)


@_derives("plan.next_review_date")
def _next_review(record: Record, row: Row, day: date, definitions: Definitions) -> Any:
    """The day of the next review; a plan that ends before is reviewed at its end."""
    due = _later(row.date, row.review_days)
    return min(due, row.end_date) if due and row.end_date else due


@_derives("plan.next_review_rule")
def _next_review_rule(record: Record, row: Row, day: date, definitions: Definitions) -> Any:
    if row.date is None or row.review_days is None:
        return None
    if row.next_review_date == row.end_date:
        return "at the end of this plan"
    return _review_clocks(record, definitions).get(row.review_days, "set in this plan")


@_derives("review.next_date")
def _review_next(record: Record, row: Row, day: date, definitions: Definitions) -> Any:
    return _later(row.date, record.get("plan.review_days"))


@_derives("plan.co_occurring")
def _co_occurring(record: Record, row: Row, day: date, definitions: Definitions) -> Any:
    return {"mental_health", "substance"} <= _groups(row)


@_derives("plan.several_diagnoses")
def _several(record: Record, row: Row, day: date, definitions: Definitions) -> Any:
    return len(diagnoses(row)) > 1


@_derives("plan.part2_notice")
def _part2(record: Record, row: Row, day: date, definitions: Definitions) -> Any:
    return "substance" in _groups(row)


@_derives("goals.priority")
def _priority(record: Record, row: Row, day: date, definitions: Definitions) -> Any:
    return row.ordinal


@_derives("goals.target_date")
def _goal_target(record: Record, row: Row, day: date, definitions: Definitions) -> Any:
    dates = [item.target_date for item in record.all("objectives") if item.goal == row.id and item.target_date]
    return max(dates, default=None)


@_derives("objectives.direction")
def _direction(record: Record, row: Row, day: date, definitions: Definitions) -> Any:
    measure = reference.measures().get(row.measure)
    value = measure.direction if measure else ""
    if not value and isinstance(row.baseline, Score) and isinstance(row.target, Score):
        start, end = row.baseline.number, row.target.number
        value = "lower" if end < start else "higher" if end > start else ""
    return _like(definitions, "objectives.direction", value)


@_derives("objectives.reassess_days")
def _reassess(record: Record, row: Row, day: date, definitions: Definitions) -> Any:
    measure = reference.measures().get(row.measure)
    return measure.reassess_days if measure else None


def _from_objective(name: str) -> Derivation:
    """Return what a rating repeats of the objective that it rates."""

    def derive(record: Record, row: Row, day: date, definitions: Definitions) -> Any:
        return next((item.get(name) for item in record.all("objectives") if item.id == row.objective), None)

    return derive


for _name in ("statement", "measure", "unit", "baseline", "target", "target_date"):
    _derives(f"progress.{_name}")(_from_objective(_name))


@_derives("progress.earlier")
def _earlier(record: Record, row: Row, day: date, definitions: Definitions) -> Any:
    """The scores or counts of the same objective at the reviews before, with their dates."""
    reviewed = parent(record, row)
    if reviewed is None or reviewed.date is None:
        return None
    found = []
    for item in record.all("progress"):
        above = parent(record, item)
        if item.objective == row.objective and item.current and above and above.date and above.date < reviewed.date:
            found.append((above.date, f"{kinds.show(item.current)} ({kinds.show(above.date)})"))
    return ", ".join(text for _, text in sorted(found)) or None


@_derives("interventions.goals")
def _intervention_goals(record: Record, row: Row, day: date, definitions: Definitions) -> Any:
    """The goals of the objectives that the intervention names; every goal where it names none.

    Nothing where what it names cannot be read: which goals are meant, nobody may assume.
    """
    if row.objectives is None and any(
        fact.kind in UNREAD and fact.place == row.place("objectives") for fact in record.facts
    ):
        return None
    owners = {item.id: item.goal for item in record.all("objectives")}
    return tuple(dict.fromkeys(owners[one] for one in row.objectives or () if owners.get(one))) or ("all",)


@_derives("interventions.usual_per_week")
def _usual_per_week(record: Record, row: Row, day: date, definitions: Definitions) -> Any:
    return definitions.limits.get("usual_per_week")


@_derives("interventions.per_week")
def _per_week(record: Record, row: Row, day: date, definitions: Definitions) -> Any:
    """Times a week; a month counts as 52/12 weeks."""
    if row.times is None or row.per is None:
        return None
    return Decimal(row.times) * {"day": Decimal(7), "week": Decimal(1), "month": Decimal(12) / 52}[row.per]


def _groups(plan: Row) -> set[str]:
    """Return the groups (`reference.diagnosis_group`) of the plan's diagnoses that bear a code."""
    return {reference.diagnosis_group(code) for code, _ in map(diagnosis, diagnoses(plan)) if code}


def _later(start: date | None, days: Any) -> date | None:
    """Return the day that is ``days`` after ``start``, None where there is no such day in any calendar."""
    if start is None or days is None:
        return None
    try:
        return start + timedelta(days=int(days))
    except OverflowError:
        return None


def _like(definitions: Definitions, path: str, value: Any) -> Any:
    """Return ``value`` as the kind of the field at ``path`` reads it, None where it is empty."""
    read = kinds.read(value, definitions.fields[path]) if value else None
    return None if isinstance(read, kinds.Unreadable) else read
