"""report.xlsx: what is ready, what is held and why, what to fix and whom to ask, who must sign."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import cast

from openpyxl import Workbook
from openpyxl.cell.cell import Cell
from openpyxl.styles import Alignment, Border, Font, NamedStyle, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from toolkit import excel
from toolkit.model import Finding, Signer
from toolkit.report.outcome import Outcome, Result
from toolkit.report.words import by_person, natural, shown, subject_and_text
from toolkit.text import canonical

_MOST_ROWS = 100_000  # of one sheet: what a person can still use, far below Excel's 1,048,576
_MOST_LINKS = 60_000  # Excel takes 65,530 a sheet

_INK = "1F3A4D"
_PLAIN, _BOLD, _NOTE, _TITLE, _HEAD, _BAND, _LINK, _GOOD, _BAD, _LOOK = (
    "Report text", "Report bold", "Report note", "Report title", "Report head", "Report band", "Report link",
    "Report good", "Report must be fixed", "Report please look",
)  # fmt: skip
_FONTS = {
    _PLAIN: Font(name=excel.FONT, size=10),
    _BOLD: Font(name=excel.FONT, size=10, bold=True),
    _NOTE: Font(name=excel.FONT, size=10),
    _TITLE: Font(name=excel.FONT, size=16, bold=True, color=_INK),
    _HEAD: Font(name=excel.FONT, size=10, bold=True, color="FFFFFF"),
    _BAND: Font(name=excel.FONT, size=10, bold=True),
    _LINK: Font(name=excel.FONT, size=10, underline="single", color="1F4E9C"),
    _GOOD: Font(name=excel.FONT, size=10, bold=True, color="1E6B3A"),
    _BAD: Font(name=excel.FONT, size=10, bold=True, color="9C1C1C"),
    _LOOK: Font(name=excel.FONT, size=10, color="8A5A00"),
}
_LEVELS = {"error": _BAD, "warning": _LOOK, "info": _PLAIN}
_NO_RULE = (_NOTE, _TITLE, _HEAD, _BAND)
_LEVEL_WORDS = {"error": "must be fixed", "warning": "please look", "info": "for information"}
_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-Z“])")

Column = tuple[str, float]
"""A column's header and its width in characters."""


@dataclass(frozen=True, slots=True)
class _Cell:
    value: str | int
    style: str = _PLAIN
    link: str = ""


@dataclass(frozen=True, slots=True)
class _Band:
    """A row across the sheet that opens a group."""

    title: str


def workbook(outcome: Outcome) -> bytes:
    """Return report.xlsx: what is ready, what is held and why, what to fix and whom to ask, who must sign.

    It speaks of one run; what earlier ones made of other clients is listed below what is ready. The same outcome gives
    the same bytes.
    """
    book = Workbook()
    book.remove(book.worksheets[0])
    for name in _FONTS:
        book.add_named_style(_style(name))
    _summary(book.create_sheet("Summary"), outcome)
    _table(book.create_sheet("Ready"), _READY, _ready_rows(outcome), "No document is ready yet.")
    _table(book.create_sheet("Held"), _HELD, _held_rows(outcome), "Nothing is held.")
    _table(book.create_sheet("To fix"), _TO_FIX, _fix_rows(outcome), "There is nothing to fix.")
    _table(book.create_sheet("Signatures"), _SIGNATURES, _signature_rows(outcome), "No document is ready to sign yet.")
    return excel.pack(book, "Report")


_READY: Sequence[Column] = (("Client", 16), ("Document", 24), ("File", 42), ("Must sign", 36),
                            ("Please note", 44))  # fmt: skip
_HELD: Sequence[Column] = (("Client", 16), ("Document", 24), ("To fix", 7), ("Why", 56), ("Whom to ask", 26),
                           ("Draft", 42))  # fmt: skip
_TO_FIX: Sequence[Column] = (("Place", 17), ("Client", 15), ("What is wrong", 46), ("What to do", 44),
                             ("Whom to ask", 22), ("How urgent", 14), ("Source", 18), ("Code", 8))  # fmt: skip
_SIGNATURES: Sequence[Column] = (("Client", 16), ("Document", 24), ("Signs as", 20), ("Name", 26), ("Credential", 12),
                                 ("Not signing because", 26), ("Signed on", 12), ("File", 42))  # fmt: skip


def _summary(sheet: Worksheet, outcome: Outcome) -> None:
    _page(sheet, (("", 46), ("", 16), ("", 16), ("", 16)))
    _put(sheet, 1, 1, _Cell("What is ready, and what is still missing", _TITLE))
    sheet.row_dimensions[1].height = 26
    row = _lines(sheet, 3, _counts(outcome))
    groups = _groups(outcome)
    if groups:
        _head(sheet, row + 1, ("Who can answer", "Must be fixed", "Please look", "Clients"))
        row = _lines(sheet, row + 2, [_group_line(who, findings) for who, findings in groups.items()])
    _band(sheet, row + 1, "What to do next", 4)
    for number, step in enumerate(_steps(outcome), start=1):
        row_of_step = row + 1 + number
        _put(sheet, row_of_step, 1, _Cell(f"{number}. {step}", _NOTE))
        sheet.merge_cells(start_row=row_of_step, end_row=row_of_step, start_column=1, end_column=4)
        sheet.row_dimensions[row_of_step].height = 28


def _counts(outcome: Outcome) -> list[Sequence[_Cell]]:
    waiting = sum(not signer.reason_absent for one in outcome.ready for signer in one.signers)
    return [
        (_Cell("Clients"), _Cell(outcome.records)),
        (_Cell("Documents ready to sign"), _Cell(len(outcome.ready), _GOOD)),
        (_Cell("Documents held"), _Cell(len(outcome.held), _BAD if outcome.held else _PLAIN)),
        (_Cell("Signatures to collect"), _Cell(waiting)),
        *([(_Cell("Documents of earlier runs, not counted"), _Cell(len(outcome.earlier)))] if outcome.earlier else ()),
    ]


def _group_line(who: str, findings: Sequence[Finding]) -> Sequence[_Cell]:
    levels = Counter(finding.level for finding in findings if not finding.waived)
    clients = len({finding.record for finding in findings if finding.record})
    return [_Cell(who), _Cell(levels["error"]), _Cell(levels["warning"]), _Cell(clients)]


def _steps(outcome: Outcome) -> list[str]:
    steps = []
    if outcome.holds:
        steps.append(
            "The sheet “To fix” names each cell of your workbook that must be filled or changed, and whom to ask. "
            "Change them, save, and make the documents again."
        )
    if outcome.ready:
        steps.append(
            "The sheet “Ready” lists the documents to print or send; “Signatures” lists who must sign each of them."
        )
    return steps or ["There is nothing to do."]


def _ready_rows(outcome: Outcome) -> Iterable[Sequence[_Cell] | _Band]:
    for one in outcome.ready:
        signers = "\n".join(_signer(signer) for signer in one.signers)
        notes = "\n".join(_capital(subject_and_text(finding)) for finding in one.findings if finding.level != "info")
        yield (*_who(one), _file(one.path), _Cell(signers), _Cell(notes))
    if outcome.earlier:
        yield _Band(f"Of earlier runs, not looked at in this one ({len(outcome.earlier)})")
    for one in outcome.earlier:
        note = _EARLIER_DRAFT if one.status == "draft" else _EARLIER
        yield (*_who(one), _file(one.path), _Cell(""), _Cell(note))


_EARLIER = "Was ready when it was made. Who must sign stands in the document."
_EARLIER_DRAFT = "A draft: not ready to sign when it was made."


def _held_rows(outcome: Outcome) -> Iterable[Sequence[_Cell] | _Band]:
    for one in outcome.held:
        faults = [finding for finding in one.findings if finding.holds]
        said = list(dict.fromkeys(_parts(finding)[0] for finding in faults))
        more = [f"… and {len(said) - 8} more"] if len(said) > 8 else []
        why = "\n".join([f"• {words}" for words in said[:8]] + more)
        ask = "\n".join(dict.fromkeys(_whom(finding, one.signers) for finding in faults))
        yield (*_who(one), _Cell(len(faults), _BAD), _Cell(why), _Cell(ask), _file(one.path))


def _fix_rows(outcome: Outcome) -> Iterable[Sequence[_Cell] | _Band]:
    signers = {one.record: one.signers for one in outcome.results}
    for who, findings in _groups(outcome).items():
        yield _Band(f"{who} ({len(findings)})")
        for finding in findings:
            wrong, mend = _parts(finding)
            yield (
                _Cell(str(finding.place)),
                _Cell(f"{finding.record} {finding.initials}".strip(), _BOLD),
                _Cell("\n".join(part for part in (wrong, shown(finding)) if part)),
                _Cell(mend),
                _Cell(_whom(finding, signers.get(finding.record, ()))),
                _Cell("accepted") if finding.waived else _Cell(_LEVEL_WORDS[finding.level], _LEVELS[finding.level]),
                _Cell(finding.source),
                _Cell(finding.code),
            )


def _signature_rows(outcome: Outcome) -> Iterable[Sequence[_Cell] | _Band]:
    for one in outcome.ready:
        for signer in one.signers:
            yield (
                *_who(one),
                _Cell(signer.label),
                _Cell(signer.name),
                _Cell(signer.credential),
                _Cell(signer.reason_absent),
                _Cell(""),
                _file(one.path),
            )


def _groups(outcome: Outcome) -> dict[str, list[Finding]]:
    """Return the findings by who can answer, then what is only for information, then what was accepted."""
    groups: dict[str, list[Finding]] = {}
    for finding in sorted(by_person(outcome.findings), key=lambda finding: (_asked(finding), natural(finding.record))):
        groups.setdefault(_asked(finding)[1], []).append(finding)
    return groups


def _asked(finding: Finding) -> tuple[int, str]:
    if finding.waived:
        return 2, "Accepted, with a reason"
    if finding.level == "info":
        return 1, "For information"
    return 0, _role(finding)


def _role(finding: Finding) -> str:
    return _capital(finding.asked_of or "whoever keeps the workbook")


def _whom(finding: Finding, signers: Sequence[Signer]) -> str:
    """Return who can answer, by name where a signer of the document bears that role."""
    name = next((signer.name for signer in signers if signer.role == finding.asked_of and signer.name), "")
    return f"{_role(finding)}: {name}" if name else _role(finding)


def _parts(finding: Finding) -> tuple[str, str]:
    """Return what is wrong and what to do: the text's first sentence and the rest."""
    wrong, *rest = _SENTENCE.split(subject_and_text(finding), maxsplit=1)
    return _capital(wrong), rest[0].strip() if rest else ""


def _capital(words: str) -> str:
    return f"{words[:1].upper()}{words[1:]}"


def _signer(signer: Signer) -> str:
    name = ", ".join(part for part in (signer.name, signer.credential) if part)
    absent = f" (not signing: {signer.reason_absent})" if signer.reason_absent else ""
    return f"{signer.label}: {name}{absent}" if name else f"{signer.label}{absent}"


def _who(one: Result) -> tuple[_Cell, _Cell]:
    return _Cell(f"{one.record} {one.initials}".strip(), _BOLD), _Cell(_titled(one))


def _titled(one: Result) -> str:
    """Return the document's title, with the date that its file name bears where there is one of several."""
    dated = one.stem.removeprefix(one.document).strip("-")
    return f"{one.title} {dated}".strip()


def _file(path: str) -> _Cell:
    return _Cell(path, _LINK, path) if path else _Cell("")


# --- how a sheet is written ----------------------------------------------------------------------------------------


def _style(name: str) -> NamedStyle:
    fills = {_HEAD: PatternFill("solid", fgColor=_INK), _BAND: PatternFill("solid", fgColor="DCE6EC")}
    rule = Border() if name in _NO_RULE else Border(bottom=Side(style="thin", color="C9D3DA"))
    high = "center" if name in _NO_RULE else "top"
    wrap = Alignment(wrap_text=name not in (_TITLE, _BAND), vertical=high, horizontal="left")
    return NamedStyle(name, font=_FONTS[name], fill=fills.get(name, PatternFill()), border=rule, alignment=wrap)


def _table(sheet: Worksheet, columns: Sequence[Column], rows: Iterable[Sequence[_Cell] | _Band], empty: str) -> None:
    _page(sheet, columns, header="1:1")
    _head(sheet, 1, [header for header, _ in columns])
    sheet.freeze_panes = "A2"
    row = 1
    for row, cells in enumerate(rows, start=2):
        if row > _MOST_ROWS:
            _band(sheet, row, "There is more than this sheet can hold. Make fewer clients at a time.", len(columns))
            break
        if isinstance(cells, _Band):
            _band(sheet, row, cells.title, len(columns))
        else:
            _lines(sheet, row, [cells])
    if row == 1:
        _band(sheet, 2, empty, len(columns))


def _lines(sheet: Worksheet, row: int, lines: Iterable[Sequence[_Cell]]) -> int:
    """Write ``lines`` from ``row`` on; return the row after."""
    for cells in lines:
        for column, cell in enumerate(cells, start=1):
            _put(sheet, row, column, cell)
        sheet.row_dimensions[row].height = _height(sheet, cells)
        row += 1
    return row


def _band(sheet: Worksheet, row: int, title: str, width: int) -> None:
    for column in range(1, width + 1):
        _put(sheet, row, column, _Cell(title if column == 1 else "", _BAND))
    sheet.row_dimensions[row].height = 20


def _height(sheet: Worksheet, cells: Sequence[_Cell]) -> float:
    """Return the height in points that shows all of ``cells``: spreadsheets do not work it out on opening."""
    most = 1
    for column, cell in enumerate(cells, start=1):
        width = sheet.column_dimensions[get_column_letter(column)].width
        most = max(most, sum(1 + int(len(line) / width) for line in str(cell.value).split("\n")))
    return min(13.5 * most + 4, excel.ROW_LIMIT)


def _page(sheet: Worksheet, columns: Sequence[Column], header: str = "") -> None:
    for number, (_, width) in enumerate(columns, start=1):
        sheet.column_dimensions[get_column_letter(number)].width = width
    sheet.sheet_view.showGridLines = False
    excel.page(sheet, landscape=True, header=header)


def _head(sheet: Worksheet, row: int, headers: Iterable[str]) -> None:
    for column, header in enumerate(headers, start=1):
        _put(sheet, row, column, _Cell(header, _HEAD))
    sheet.row_dimensions[row].height = 22


def _put(sheet: Worksheet, row: int, column: int, cell: _Cell) -> None:
    target = cast(Cell, sheet.cell(row, column))
    if isinstance(cell.value, int):
        target.value = cell.value
    elif cell.value:
        excel.write(target, _fitting(cell.value))
    if cell.link and row <= _MOST_LINKS:
        target.hyperlink = cell.link
    target.style = cell.style


def _fitting(value: str) -> str:
    """Return ``value`` as a cell can hold it: no characters that XML forbids, within Excel's length."""
    units = canonical(value).encode("utf-16-le")
    if len(units) <= 2 * excel.CELL_LIMIT:
        return units.decode("utf-16-le")
    return f"{units[: 2 * (excel.CELL_LIMIT - 1)].decode('utf-16-le', 'ignore')}…"
