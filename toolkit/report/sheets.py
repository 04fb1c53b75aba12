"""report.xlsx: what is ready, what is held and why, what to fix and whom to ask, who must sign."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import BinaryIO

from openpyxl.worksheet.worksheet import Worksheet

from toolkit import excel
from toolkit.model import Finding, Signer
from toolkit.report import layout, to_fix
from toolkit.report.layout import BAD, BOLD, BY_HAND, GOOD, LINK, NOTE, PLAIN, QUIET, TITLE, Cell, Column, Table
from toolkit.report.outcome import Outcome, Result, signs
from toolkit.report.words import capital, parts, subject_and_text, whom


def write(file: BinaryIO, outcome: Outcome) -> None:
    """Write report.xlsx to ``file``: what is ready, what is held and why, what to fix and whom to ask, who must sign.

    It speaks of one run; what earlier ones made of other clients is listed below what is ready. The same outcome gives
    the same bytes.
    """
    book = layout.new_book()
    below = {"Summary": _summary(book.create_sheet("Summary"), outcome)}
    tables = {
        "Ready": Table(_READY, _ready_rows(outcome), "No document is ready yet."),
        "Held": Table(_HELD, _held_rows(outcome), "Nothing is held."),
        "To fix": to_fix.table(outcome),
        "Signatures": Table(_SIGNATURES, _signature_rows(outcome), "No document is ready to sign yet."),
    }
    below |= {name: layout.fill(book.create_sheet(name), table) for name, table in tables.items()}
    excel.save(file, book, "Report", below)


_READY: Sequence[Column] = (("Client", 14), ("Document", 22), ("File", 34), ("Must sign", 40),
                            ("Please note", 44))  # fmt: skip
_HELD: Sequence[Column] = (("Client", 14), ("Document", 22), ("To fix", 8), ("Why", 54), ("Whom to ask", 26),
                           ("Draft", 30))  # fmt: skip
_SIGNATURES: Sequence[Column] = (("Client", 14), ("Document", 22), ("Signs as", 24), ("Name", 26), ("Credential", 18),
                                 ("Not signing because", 24), ("Asked on", 12), ("Signed on", 12),
                                 ("File", 32))  # fmt: skip


_GROUPS: Sequence[Column] = (("Who can answer", 46), ("Must be fixed", 16), ("Please look", 16), ("Clients", 16))


_ACCEPTED = "Accepted, with a reason"


def _summary(sheet: Worksheet, outcome: Outcome) -> Iterable[excel.Line]:
    """Begin the first sheet; return the lines to write below."""
    layout.page(sheet, _GROUPS)
    layout.put(sheet, 1, 1, Cell("What is ready, and what is still missing", TITLE))
    sheet.row_dimensions[1].height = 26
    layout.band(sheet, 3, "What to do next", 4)
    row = 4
    for number, step in enumerate(_steps(outcome), start=1):
        layout.put(sheet, row, 1, Cell(f"{number}. {step}", NOTE))
        sheet.merge_cells(start_row=row, end_row=row, start_column=1, end_column=4)
        sheet.row_dimensions[row].height = 30
        row += 1
    row = layout.lines(sheet, row + 1, _counts(outcome))
    groups = list(_group_lines(outcome))
    if not groups:
        return ()
    layout.head(sheet, row + 1, [header for header, _ in _GROUPS])
    return layout.below(sheet, _GROUPS, iter(groups))


def _counts(outcome: Outcome) -> list[Sequence[Cell]]:
    waiting = sum(not signer.reason_absent for one in outcome.ready for signer in one.signers)
    return [
        (Cell("Clients"), Cell(outcome.records)),
        (Cell("Documents ready to sign"), Cell(len(outcome.ready), GOOD)),
        (Cell("Documents held"), Cell(len(outcome.held), BAD if outcome.held else PLAIN)),
        (Cell("Signatures to collect"), Cell(waiting)),
        *([(Cell("Documents of earlier runs, not counted"), Cell(len(outcome.earlier)))] if outcome.earlier else ()),
    ]


def _steps(outcome: Outcome) -> list[str]:
    steps = []
    if outcome.holds:
        steps.append(
            "The sheet “To fix” names each cell of your workbook that must be filled or changed, and whom to ask. "
            "Change them, save, and make the documents again."
        )
    if outcome.ready:
        steps.append(
            "The sheet “Ready” lists the documents to print or send; “Signatures” lists who must sign each of them, "
            "with room to write down when you asked and when they signed."
        )
    if outcome.print_all:
        steps.append(
            f"{outcome.print_all} in the same folder is for the printer: a list, and behind it the PDFs that are ready."
        )
    return steps or ["There is nothing to do."]


def _group_lines(outcome: Outcome) -> Iterator[Sequence[Cell]]:
    """Yield how much there is to answer by who can, then what was accepted; what is only told needs no answer."""
    for who, findings in groupby(to_fix.urgent_first(outcome.findings), _group):
        levels: Counter[str] = Counter()
        clients = 0
        for client, several in groupby(findings, lambda finding: finding.record):
            clients += bool(client)
            levels.update(one.level for one in several if one.level != "info" and not one.waived)
        if who == _ACCEPTED or any(levels.values()):
            yield [Cell(who), Cell(levels["error"]), Cell(levels["warning"]), Cell(clients)]


def _group(finding: Finding) -> str:
    if finding.waived:
        return _ACCEPTED
    return "" if finding.level == "info" else whom(finding)


def _ready_rows(outcome: Outcome) -> Iterator[Sequence[Cell]]:
    for one in outcome.ready:
        signers = "\n".join(_signer(signer) for signer in one.signers)
        notes = "\n".join(capital(subject_and_text(finding)) for finding in one.findings if finding.level != "info")
        yield (*_who(one), _file(one.path), Cell(signers), Cell(notes))
    for one in outcome.earlier:
        yield (*_who(one), _file(one.path), Cell(""), Cell(_EARLIER_DRAFT if one.status == "draft" else _EARLIER))


_EARLIER = "Of an earlier run, not looked at in this one. Who must sign stands in the document."
_EARLIER_DRAFT = "A draft of an earlier run, not looked at in this one."


def _held_rows(outcome: Outcome) -> Iterator[Sequence[Cell]]:
    for one in outcome.held:
        faults = [finding for finding in one.findings if finding.holds]
        said = list(dict.fromkeys(parts(finding)[0] for finding in faults))
        more = [f"… and {len(said) - 8} more"] if len(said) > 8 else []
        why = "\n".join([f"• {words}" for words in said[:8]] + more)
        ask = "\n".join(dict.fromkeys(whom(finding) for finding in faults))
        yield (*_who(one), Cell(len(faults), BAD), Cell(why), Cell(ask), _file(one.path))


def _signature_rows(outcome: Outcome) -> Iterator[Sequence[Cell]]:
    for one in outcome.ready:
        for signer in one.signers:
            look = QUIET if signer.reason_absent else PLAIN
            by_hand = Cell("", PLAIN if signer.reason_absent else BY_HAND)
            yield (
                *_who(one),
                Cell(signer.label, look),
                Cell(signer.name, look),
                Cell(signer.credential, look),
                Cell(signer.reason_absent, look),
                by_hand,
                by_hand,
                _file(one.path),
            )


def _signer(signer: Signer) -> str:
    return signs(signer) + (f" (not signing: {signer.reason_absent})" if signer.reason_absent else "")


def _who(one: Result) -> tuple[Cell, Cell]:
    return Cell(one.client, BOLD), Cell(one.dated_title)


def _file(path: str) -> Cell:
    return Cell(path, LINK, path) if path else Cell("")
