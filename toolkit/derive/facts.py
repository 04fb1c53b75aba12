"""Small facts about a record: an age, initials, a diagnosis, which row belongs to which."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from typing import Any, Protocol

from toolkit import conditions, kinds
from toolkit.derive.last import Last
from toolkit.model import Record, Row, Section, Wanted

_CODE = re.compile(r"\s*([A-Za-z]\d[0-9A-Za-z](?:\.?[0-9A-Za-z]{1,4})?)\b[\s:,–—-]*(.*)", re.DOTALL)


_SUFFIXES = ("jr", "sr", "ii", "iii", "iv")


def age(record: Record, day: date) -> int | None:
    """Return the client's completed years on ``day``, or None where the birth date is blank."""
    born = record.get("client.date_of_birth")
    if born is None:
        return None
    return int(day.year - born.year - ((day.month, day.day) < (born.month, born.day)))


def initials(record: Record) -> str:
    """Return the client's initials, ``A.R.``, or an empty text where the name is blank.

    Of a surname in several parts the first counts (Núñez-O’Brien: N.); Jr., Sr. and III are no names.
    """
    words = re.findall(r"\w[^\s,]*", kinds.show(record.get("client.legal_name")))
    names = [word for word in words if word.rstrip(".").casefold() not in _SUFFIXES] or words
    return "".join(f"{word[0].upper()}." for word in dict.fromkeys((names[0], names[-1]))) if names else ""


def diagnosis(text: str) -> tuple[str, str]:
    """Split ``F33.1 Major depressive disorder`` into code and description; the code is empty where there is none."""
    found = _CODE.fullmatch(text)
    return (found[1], found[2].strip()) if found else ("", text)


def diagnosis_meant(typed: str, there: Iterable[str]) -> str | None:
    """Return the one of the diagnoses ``there`` that ``typed`` means by its code or its words, None where none is sure.

    Words mean a diagnosis when one holds the other (panic disorder) or they are its first letters (PTSD).
    """
    code, words = diagnosis(typed.strip())
    if code:
        same = [one for one in there if _bare(diagnosis(one)[0]) == _bare(code)]
    else:
        same = [one for one in there if _means(words, diagnosis(one)[1])]
    return same[0] if len(same) == 1 else None


def _means(typed: str, words: str) -> bool:
    typed, words = _bare(typed), _bare(words)
    letters = "".join(word[0] for word in words.split())
    within = f" {typed} " in f" {words} " or f" {words} " in f" {typed} "
    return bool(typed and words) and (within or (len(typed) > 2 and letters.startswith(typed)))


def _bare(text: str) -> str:
    return re.sub(r"[^\w\s]", "", re.sub(r"[-–/]", " ", text)).casefold().strip()


class _Linked(Protocol):
    def get(self, name: str, /) -> Any: ...


def serves(intervention: _Linked, objective: _Linked) -> bool:
    """Tell whether an intervention names an objective and its goal; a blank names all."""
    goals, objectives = intervention.get("goals") or ("all",), intervention.get("objectives") or ("all",)
    serves_goal = "all" in goals or objective.get("goal") in goals
    return serves_goal and ("all" in objectives or objective.get("objective") in objectives)


def diagnoses(plan: Row) -> tuple[str, ...]:
    """Return the diagnoses of a plan as typed, the primary one first."""
    return tuple(text for text in (plan.primary_diagnosis, *(plan.other_diagnoses or ())) if text)


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
    if not rows or not section.parent_field:
        return rows[0] if rows else None
    wanted = row.get(section.parent_field)
    key = rows[0].section.key or "date"
    return next((item for item in rows if wanted is not None and item.get(key) == wanted), None)


def rows_of(record: Record, section: Section, wanted: Wanted) -> tuple[Row, ...]:
    """Return the rows of ``section`` of which the ``wanted`` document is made: of reviews, its own with its progress.

    A row that names no parent may be meant for any of them, and is given to each. Of a log (``until``) the rows up to
    the document's day count, so that a document made again later still says the same.
    """
    rows, own = up_to(wanted.day, record.all(section.name), section), wanted.row
    if own is None:
        return rows
    if section.name == own.section.name:
        return tuple(row for row in rows if row.ordinal == own.ordinal)
    if section.parent == own.section.name:
        linked = ((row, parent(record, row)) for row in rows)
        return tuple(row for row, above in linked if above is None or above.ordinal == own.ordinal)
    return rows


def up_to(day: date, rows: tuple[Row, ...], section: Section) -> tuple[Row, ...]:
    """Return those of ``rows`` that a document of ``day`` holds: of a log (``until``) none that is dated later."""
    return tuple(row for row in rows if (row.get(section.until) or day) <= day) if section.until else rows


def staff(record: Record, reference_id: str | None) -> Row | None:
    """Return the staff row with the id ``reference_id``, or None."""
    rows = record.all("staff")
    people = _PEOPLE.of((rows,), lambda: {row.id: row for row in reversed(rows)})
    return people.get(reference_id) if reference_id else None


_PEOPLE: Last[dict[str, Row]] = Last()


def credential(person: Row) -> str:
    """Return the credential to print after a person's name: empty where the name bears it already."""
    own = kinds.show(person.credential)
    return "" if own and own in re.split(r"[\s,]+", kinds.show(person.name)) else own
