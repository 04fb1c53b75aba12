"""Helpers for tests that judge: samples as flat tables, tables laid over them, and a record as a workbook gives it."""

from copy import deepcopy
from datetime import date
from string import ascii_uppercase

from toolkit import conditions, demo, derive, shelf
from toolkit.audit import Auditor
from toolkit.intake.assemble import RawRow, assemble
from toolkit.model import CLIENT_ID, Fact, Origin, Place

SHELF = shelf.load()
RULES = SHELF.rules
TODAY = date(2026, 9, 30)
REVIEW = {
    "date": "08/10/2026",
    "kind": "scheduled",
    "understanding_evolved": "Mornings turned on sleep more than on mood",
    "continued_need": "Still misses one shift a week and wakes at four on three nights",
    "client_view": "“Mornings are shorter now.”",
    "no_change_reason": "The count rises week by week",
}
DISCHARGE = {
    "date": "09/28/2026",
    "last_service_date": "09/21/2026",
    "kind": "planned",
    "reason": "Both criteria hold",
    "course": "Twenty weeks of activation and restructuring, with his wife at every fourth visit",
    "condition": "PHQ-9 of 6; full weeks at work",
    "risk_level": "none",
    "medications": ["Sertraline 100 mg each morning"],
    "unmet_needs": "none",
    "handover": "The day program has the crisis plan and the list of what helps",
    "crisis_plan": "Awake past 4 a.m. on two nights: wakes Marisol, calls Tomás, then 988",
}


def everything():
    """Return what any pack asks."""
    return SHELF.all()


compose = SHELF.compose


def auditor(**options):
    return Auditor(RULES, compose, SHELF.populations, **{"today": TODAY, "everything": everything(), **options})


def sample(name="", pack="adult"):
    """Return a pack's first sample, or the one called ``name`` of any pack, as flat tables by section, with clinic and
    staff of all packs.
    """
    packs = SHELF.packs.values() if name else (SHELF.packs[pack],)
    records = (item for one in packs for item in one.samples()["records"])
    record = next(item for item in records if name in ("", item["client"]["id"]))
    flat = {key: value for key, value in record.items() if key in everything().sections}
    for goal in flat["goals"]:
        children = goal.pop("objectives", []) if "objectives" in goal else []
        flat.setdefault("objectives", []).extend({"goal": goal.get("goal", "1"), **child} for child in children)
    shared = demo.samples(SHELF)
    return deepcopy({"clinic": shared["clinic"], "staff": shared["staff"], **flat})


def told(item):
    """Return the example of a field as somebody's own answer, not word for word."""
    lines = item.example.splitlines() if item.kind in ("long", "lines") else ()
    return "\n".join(f"{line} Told in session." for line in lines) or item.example


def followed_up(tables):
    """Return ``tables`` with a whole review of the plan and a whole discharge."""
    goals = {goal.get("goal", "1"): goal for goal in tables["goals"]}
    progress = [
        {
            "review_date": REVIEW["date"],
            "objective": row["objective"],
            "current": row["baseline"],
            "rating": "same",
            "evidence": "Told in session and read from the log",
            "decision": "Go on as planned",
        }
        for row in tables["objectives"]
        if "objective" in row
    ]
    asked = compose(SHELF.populations(record(tables), TODAY)).sections["review"].fields
    more = {item.name: told(item) for item in asked if "plan_review" in item.required}
    last = [
        {"measure": row["measure"], "date": DISCHARGE["last_service_date"], "score": row["baseline"]}
        for row in tables["objectives"]
        if row.get("measure", "count") != "count"
    ]
    outcome = {"baseline": 10, "final": 5, "status": "improved", "narrative": "Does again what was given up"}
    return {
        **tables,
        "review": [{**more, **REVIEW}],
        "progress": progress,
        "scores": [*tables.get("scores", []), *last],
        "discharge": {**DISCHARGE, "criteria_results": [f"{one}: met" for one in tables["plan"]["discharge_criteria"]]},
        "outcomes": [{"goal": goal, **outcome} for goal in goals],
        "aftercare": [{"service": "Primary care", "provider": "Dr. L. Haddad"}],
    }


def lay_over(tables, changes):
    """Return ``tables`` with ``changes`` laid over them.

    A row is laid over the one with its id, or over the one with its number where the section has no ids; rows beyond
    are added; an empty list takes the section away; an empty text takes an answer away.
    """
    tables = deepcopy(tables)
    for name, change in changes.items():
        section = everything().sections[name]
        if change == []:
            tables.pop(name, None)
        elif section.repeats:
            rows = tables.setdefault(name, [])
            for number, row in enumerate(change):
                key = section.key
                same = [old for old in rows if key and row.get(key) and old.get(key) == row[key]]
                if same or (not row.get(key) and number < len(rows)):
                    (same or [rows[number]])[0].update(row)
                else:
                    rows.append(dict(row))
        else:
            tables.setdefault(name, {}).update(change)
    return tables


def raw_rows(tables, definitions):
    """Return ``tables`` as the rows of a workbook: one sheet after the other, columns in their order."""
    rows = []
    for sheet, fields in definitions.sheets.items():
        sections = {item.section: definitions.sections[item.section] for item in fields}
        shared = any(section.scope == "workbook" for section in sections.values())
        paths = [*([] if shared else [CLIENT_ID]), *(item.path for item in fields if item.path != CLIENT_ID)]
        columns = {path: letters(number) for number, path in enumerate(paths)}
        singles = {
            f"{name}.{key}": value
            for name, section in sections.items()
            if not section.repeats
            for key, value in tables.get(name, {}).items()
        }
        found = [singles] if singles else []
        for name, section in sections.items():
            if section.repeats:
                found += [{f"{name}.{key}": value for key, value in row.items()} for row in tables.get(name, ())]
        for number, values in enumerate(found, start=2):
            known = values if shared else {CLIENT_ID: tables["client"]["id"], **values}
            rows.append(RawRow(sheet, known, Origin(sheet, number, columns)))
    return rows


def letters(number):
    """Return the letters of the column with this number, counted from 0."""
    return (ascii_uppercase[number // 26 - 1] if number > 25 else "") + ascii_uppercase[number % 26]


def batch(tables, facts=()):
    """Return the batch that a workbook with these ``tables`` gives."""
    return assemble(raw_rows(tables, everything()), everything(), facts)


def record(tables):
    (found,) = batch(tables).records
    return found


def judge(tables, **options):
    """Return a record of ``tables`` judged, with what concerns the whole workbook."""
    found = batch(tables)
    judges = auditor(**options)
    (one,) = found.records
    return judges.judge(one, judges.batch(found))


def errors(audited):
    return [item for item in audited.findings if item.level == "error"]


def required(tables):
    """Return (field, number of the row) of every answer that a document of this record cannot do without."""
    one = record(tables)
    definitions = compose(SHELF.populations(one, TODAY))
    whole = derive.complete(one, TODAY, definitions)
    made = {case.wanted.document.name for case in judge(tables).cases}
    found = []
    for item in definitions.fields.values():
        condition = conditions.compile_condition(item.required_when or "client.id == ''")
        if item.one_row or item.default or item.path == CLIENT_ID:
            continue
        for number, row in enumerate(whole.all(item.section)):
            lookup = derive.lookup(whole, row)
            instead = item.unless and lookup(item.unless) is not None
            asked = (made & set(item.required) and not instead) or condition(lookup)
            if asked and row.get(item.name) is not None:
                found.append((item, number))
    return found


def without(tables, item, number):
    """Return ``tables`` without the answer to ``item`` in one row of its section."""
    tables = deepcopy(tables)
    found = tables[item.section]
    row = found[number] if isinstance(found, list) else found
    row[item.name] = ""
    return tables


def place_of(tables, item, number):
    """Return the cell of an answer in the workbook that `raw_rows` lays out."""
    rows = [row for row in raw_rows(tables, everything()) if row.sheet == item.sheet]
    row = rows[number if everything().sections[item.section].repeats else 0]
    return row.origin.place(item.path)


def fact(table):
    """Return a fact as a rule's example tells it."""
    spot = {name: table[name] for name in ("sheet", "cell", "pointer", "file") if name in table}
    rest = {name: table[name] for name in ("path", "fault", "mend", "show") if name in table}
    return Fact(table["kind"], Place(**spot), **rest)
