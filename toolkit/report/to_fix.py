"""What to fix, as a list by who can answer and then by client: a sheet of report.xlsx, and of a marked workbook."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Any

from toolkit import excel, marks
from toolkit.marks import Note
from toolkit.model import Finding, Place
from toolkit.packed import ordered
from toolkit.report.layout import BAD, BOLD, LINK, LOOK, PLAIN, QUIET, Cell, Table, fill, new_book
from toolkit.report.outcome import Outcome, many
from toolkit.report.words import LEVEL_WORDS, capital, natural, parts, shown, subject_and_text, whom, whose

_WIDTHS = (24, 13, 41, 44, 18, 15, 27, 9)
_LEVELS = {"error": BAD, "warning": LOOK, "info": QUIET}
_CELLS = re.compile(r"[A-Z]{1,3}\d+(:[A-Z]{1,3}\d+)?")
_HOW = (
    "Click a place in the column “Where” to go to it. Red cells must be fixed, yellow ones are worth a look; each has "
    "a note. Save, and check the workbook again."
)


def table(outcome: Outcome, sheets: Collection[str] = (), note: str = "") -> Table:
    """Return the list of what to fix; places on ``sheets`` are links to cells of the same workbook."""
    return Table(
        tuple(zip(marks.HEADER, _WIDTHS, strict=True)),
        _rows(outcome, sheets),
        "There is nothing to fix.",
        _count(outcome),
        note,
    )


def workbook(outcome: Outcome, title: str, sheets: Collection[str]) -> bytes:
    """Return a workbook whose only sheet, called ``title``, is the list for a marked copy that has ``sheets``."""
    book = new_book()
    below = fill(book.create_sheet(title), table(outcome, sheets, _HOW if outcome.findings else ""))
    return excel.pack(book, marks.TITLE, {title: below})


def notes(outcome: Outcome) -> Iterator[Note]:
    """Yield what to say at the cells of a marked copy: what must be fixed, and what is worth a look."""
    for finding in outcome.findings:
        if finding.level != "info" and not finding.waived:
            source = whose(finding, None)
            words = (subject_and_text(finding), shown(finding), source and f"({source})", finding.code)
            said = " ".join(word for word in words if word)
            text = f"{capital(LEVEL_WORDS[finding.level])}: {said}\nWho answers: {whom(finding)}."
            yield Note(finding.place, finding.level, text)


def urgent_first(findings: Iterable[Finding]) -> Iterator[Finding]:
    """Yield ``findings`` by who can answer, then by client, then by level; those that nobody need answer behind."""

    def order(found: Finding) -> tuple[Any, ...]:
        accepted, is_told = bool(found.waived), found.level == "info"
        asked = "" if accepted else whom(found)
        return (accepted, is_told and not accepted, asked, natural(found.record), found.record, found.level != "error")

    return ordered(findings, order)


def _rows(outcome: Outcome, sheets: Collection[str]) -> Iterator[Sequence[Cell]]:
    before = ""
    for finding in urgent_first(outcome.findings):
        asked = whom(finding)
        wrong, mend = parts(finding)
        accepted = f"Accepted: {finding.waived}" if finding.waived else ""
        yield (
            Cell(asked, PLAIN if asked == before else BOLD),
            Cell(f"{finding.record} {finding.initials}".strip(), BOLD),
            Cell("\n".join(part for part in (wrong, shown(finding), accepted) if part)),
            Cell(mend),
            _where(finding.place, sheets),
            Cell("accepted", QUIET) if finding.waived else Cell(LEVEL_WORDS[finding.level], _LEVELS[finding.level]),
            Cell(whose(finding, None), QUIET),
            Cell(finding.code, QUIET),
        )
        before = asked


def _where(place: Place, sheets: Collection[str]) -> Cell:
    """Return the place, as a link where its sheet is one of ``sheets``."""
    said = str(place).replace(f"!{place.cell}", f", {place.cell}") if place.row else str(place)
    if place.sheet not in sheets:
        return Cell(said)
    cells = f"{place.row}:{place.row}" if place.row else place.cell if _CELLS.fullmatch(place.cell) else "A1"
    sheet = place.sheet.replace("'", "''")
    return Cell(said, LINK, f"#'{sheet}'!{cells}")


def _count(outcome: Outcome) -> str:
    to_fix = sum(finding.holds for finding in outcome.findings)
    if not to_fix:
        levels = {finding.level for finding in outcome.findings if not finding.waived}
        if "warning" in levels:
            return "Nothing must be fixed; a few things are worth a look"
        return "Nothing holds a document; for your information:" if levels else "Nothing must be fixed"
    held = f" before {many(len(outcome.held), 'document')} can be made" if outcome.held else ""
    return f"{many(to_fix, 'thing')} to fix{held}"
