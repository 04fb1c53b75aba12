"""The practice workbook: synthetic clients in whose good plans faults are planted, and the answer key to them.

The key is what the check itself finds in the workbook, so that it is never out of date.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import groupby
from pathlib import Path

from msgspec import Struct

from toolkit import demo, intake, kinds
from toolkit.audit import Auditor
from toolkit.errors import WriteError
from toolkit.intake import blank
from toolkit.intake.assemble import RawRow
from toolkit.model import Batch, Definitions, Finding
from toolkit.practice.faults import Fault, faults
from toolkit.practice.planting import Plan, Site, judge, plans, planted, sites
from toolkit.report.html import tables
from toolkit.shelf import Shelf

WORKBOOK, KEY = "practice.xlsx", "answers.html"
SEED, CLIENTS, FAULTS, BLANKS = 7, 8, 24, 6
_ABOUT = (
    "Practice: find the faults",
    "All people in this workbook are made up, and faults are planted in their plans, one by one. Read them as a payer’s"
    " reviewer would, and note each cell that you would send back, and why. The key is in a file of its own.",
)
_COLUMNS = ("Where", "What is wrong, and what to do", "Why it matters", "What stood there", "Code")


class Answer(Struct, frozen=True):
    """One line of the key: what is found at which cell of the workbook, and the good answer that stood there."""

    finding: Finding
    why: str
    before: str


def run(found: Shelf, folder: Path, today: date, seed: int = SEED) -> str:
    """Write the practice workbook and its key into ``folder``, and tell what is there and what to do.

    Raises WriteError where one of them is there already (somebody may have worked in it), or cannot be written.
    """
    book, key = folder / WORKBOOK, folder / KEY
    for path in (book, key):
        if path.exists():
            raise WriteError(f"{path} is there already. Choose another folder with -o, or delete it first.")
    taken = chosen(found, today, seed)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        book.write_bytes(workbook(found, (row for site in taken.plans for row in site.rows)))
        answers = list(key_of(found, intake.read(book, found.all()), taken.sites, today))
        key.write_text(_page(answers, book.name, today), encoding="utf-8")
    except OSError as error:
        raise WriteError(f"{folder} cannot be written: {error.strerror}. Choose another folder with -o.") from error
    return "\n".join(
        (
            f"{len(taken.plans)} clients, all made up, are in {book}; {len(answers)} faults stand in their plans.",
            "  1. Read the plans in Excel as a reviewer would, and note what you would send back.",
            f"  2. Open {key} and compare: each fault with its cell, why it matters and what stood there.",
            f"  3. Mend the cells, save, and see that nothing is left: plankit check {book}",
        )
    )


class Chosen(Struct, frozen=True):
    """The plans with the faults in them, the sites of these, and the plans as they were."""

    plans: Sequence[Plan]
    sites: Sequence[Site]
    good: Sequence[Plan]


def chosen(found: Shelf, today: date, seed: int = SEED) -> Chosen:
    """Return plans of all combinations of populations with faults drawn by ``seed``, each told exactly."""
    known = found.all()
    auditor = _auditor(found, today)
    dice = random.Random(seed)
    good = _one_of_each(plans(intake.raw_rows(demo.samples(found), known), known, auditor), dice)
    now = {plan.id: plan for plan in good}
    taken: list[Site] = []
    for fault in _deck(faults(found).values(), known, dice):
        if len(taken) == FAULTS:
            break
        counts = {name: sum(site.plan.id == name for site in taken) for name in now}
        for name in sorted(now, key=lambda name: (counts[name], dice.random())):
            fitting = [*sites(fault, now[name])]
            site = dice.choice(fitting) if fitting else None
            after = _planted(site, known, auditor) if site else None
            if site and after and counts[name] < FAULTS // CLIENTS + 1:
                now[name] = after
                taken.append(site)
                break
    return Chosen([*now.values()], taken, good)


def workbook(found: Shelf, rows: Iterable[RawRow]) -> bytes:
    """Return the rows of plans as a workbook; what several of them share (clinic, staff) stands there once."""
    known = found.all()
    once = {(row.origin.pointer, row.sheet, row.sections): row for row in rows}
    return blank.of_rows(once.values(), known, documents=tuple(known.dated), level="", about=_ABOUT)


def key_of(found: Shelf, batch: Batch, taken: Iterable[Site], today: date) -> Iterator[Answer]:
    """Yield what is found in ``batch``, the practice workbook as it was read, with why and what stood there."""
    auditor = _auditor(found, today)
    before = {(site.plan.id, site.code, _told(site)): _before(site) for site in taken}
    shared = auditor.batch(batch)
    for record in batch:
        for item in (*(shared if record is next(iter(batch)) else ()), *auditor.judge(record, shared).findings):
            stood = before.get((item.record, item.code, item.path), "")
            yield Answer(item, found.rules[item.code].why, stood)


def _auditor(found: Shelf, today: date) -> Auditor:
    return Auditor(found.rules, found.compose, found.populations, today, everything=found.all())


def _one_of_each(every: Iterable[Plan], dice: random.Random) -> list[Plan]:
    """Return one plan of each combination of populations, in the order of the samples."""
    by_kind: dict[tuple[str, ...], list[Plan]] = {}
    for plan in every:
        by_kind.setdefault(plan.judged.cases[0].definitions.populations, []).append(plan)
    return [dice.choice(several) for several in by_kind.values()][:CLIENTS]


def _deck(every: Iterable[Fault], known: Definitions, dice: random.Random) -> list[Fault]:
    """Return the faults that matter most, shuffled, the blank answers among them; none of what clients share."""
    main = [one for one in every if one.main and known.sections[one.section].scope == "client"]
    listed = [one for one in main if not one.needed]
    blanks = [one for one in main if one.needed]
    dice.shuffle(listed)
    return [*dice.sample(blanks, BLANKS), *listed]


def _planted(site: Site, known: Definitions, auditor: Auditor) -> Plan | None:
    """Return the plan with the fault in it, None where the check tells more or less than this fault beside the rest."""
    rows = planted(site)
    judged, found = judge(rows, known, auditor)
    marks = {(item.code, item.place) for item in found}
    if marks != {(item.code, item.place) for item in site.plan.found} | {(site.code, site.place)}:
        return None
    return Plan(site.plan.id, rows, judged, found) if len(found) == len(site.plan.found) + 1 else None


def _told(site: Site) -> str:
    path = site.fault.told or site.fault.at
    return path if "." in path else ""


def _before(site: Site) -> str:
    """Return the good answer that stood where the fault was made, empty where a whole row was added or taken out."""
    name = site.fault.at.partition(".")[2]
    item = site.row.section.field(name) if name else None
    value = site.row.get(name) if item else None
    return f"{item.label}: {kinds.show(value)}" if item and value is not None else ""


def _page(answers: Iterable[Answer], book: str, today: date) -> str:
    """Return the key as a page: a table a client."""
    by_client = [
        (f"Client {who}", _COLUMNS, [_line(one) for one in several])
        for who, several in groupby(answers, key=lambda one: f"{one.finding.record} {one.finding.initials}".strip())
    ]
    lead = f"What plankit check finds in {book} on {kinds.show(today)}. All people in it are made up."
    return tables("Answer key of the practice workbook", lead, by_client)


def _line(one: Answer) -> tuple[str, ...]:
    urgent = "" if one.finding.level == "error" else " (please look)"
    said = f"{one.finding.subject}: {one.finding.text}" if one.finding.subject else one.finding.text
    said, why = (f"{text[:1].upper()}{text[1:]}" for text in (said, one.why))
    return str(one.finding.place), f"{said}{urgent}", why, one.before, one.finding.code
