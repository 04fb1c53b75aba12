"""The demonstration: a workbook of synthetic clients, their documents, and what to do about those that are held."""

from __future__ import annotations

import re
from collections.abc import Mapping
from copy import deepcopy
from datetime import date
from pathlib import Path
from typing import Any

from toolkit import batch, intake, report, shelf
from toolkit.errors import WriteError
from toolkit.intake import blank

WORKBOOK = "clients.xlsx"
DOCUMENTS = "documents"
FORMS = ("docx", "pdf")
FORM = "authorization_request.pdf"
"""A payer's form, made up like the clients."""
_STEP = re.compile(r"([a-z_]+)(?:\[(\d+)\])?")


def run(found: shelf.Shelf, folder: Path, today: date) -> str:
    """Write the demonstration workbook into ``folder`` (if none is there), make its documents and tell what happened.

    A workbook that is there already, perhaps mended by hand, is used as it is. Raises WriteError.
    """
    path = folder / WORKBOOK
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            path.write_bytes(workbook(found))
        if not (folder / FORM).exists():
            (folder / FORM).write_bytes((shelf.builtin_templates() / FORM).read_bytes())
    except OSError as error:
        raise WriteError(f"{folder} cannot be written: {error.strerror}. Choose another folder with -o.") from error
    records = intake.read(path, found.all())
    outcome = batch.make(records, found, folder / DOCUMENTS, today=today, forms=FORMS)
    again = f"{_command('make', path, folder / DOCUMENTS)} --as {','.join(FORMS)}"
    mend = (f"Open {path}, fill the cells named above, and save.", f"Run: {again}")
    told = {finding.code for one in outcome.ready if one.lacking for finding in one.findings if finding.holds}
    steps = (
        f"Look at {folder / DOCUMENTS / outcome.print_all}: all PDFs in one file for the printer, behind a list.",
        *(mend if outcome.held else ()),
        *(
            f"What is there in Word only: the line that ends in {code} says why, and what to do."
            for code in sorted(told)
        ),
        f"Make your own workbook: {_command('new', output=Path('clients.xlsx'))}",
        f"Fill a payer’s own form: {_command('template map', folder / FORM, (folder / FORM).with_suffix('.toml'))}",
    )
    return "\n".join(
        (
            f"The clients, all made up, are in {path}. Their documents are in {folder / DOCUMENTS}.",
            "",
            *((*report.text(outcome.findings, found.rules), "") if outcome.findings else ()),
            outcome.summary(),
            "",
            "What to do next:",
            *(f"  {number}. {step}" for number, step in enumerate(steps, start=1)),
        )
    )


def _command(name: str, source: Path | None = None, output: Path = Path()) -> str:
    """Return a command as it is typed, paths with blanks in quotation marks."""
    words = ("plankit", *name.split(), *((str(source),) if source else ()), "-o", str(output))
    return " ".join(f'"{word}"' if " " in word else word for word in words)


def workbook(found: shelf.Shelf) -> bytes:
    """Return the demonstration workbook: every pack's samples, with the cells left out that ``[demo]`` names."""
    definitions = found.all()
    records = intake.records(samples(found, gaps=True), definitions)
    return blank.workbook(definitions, documents=tuple(definitions.dated), level="", records=records)


def samples(found: shelf.Shelf, gaps: bool = False) -> dict[str, Any]:
    """Return the samples of all packs as one input (``clinic``, ``staff``, ``records``), clean or with their gaps."""
    clinic: Mapping[str, Any] = {}
    staff: dict[str, Any] = {}
    records = []
    for pack in found.packs.values():
        tables = deepcopy(pack.samples())
        clinic = clinic or tables.get("clinic", {})
        staff |= {person["staff_id"]: person for person in tables.get("staff", ())}
        for record in tables.get("records", ()):
            record.pop("title", None)
            for path in record.pop("demo", {}).get("leave_out", ()) if gaps else ():
                _leave_out(record, path)
            record.pop("demo", None)
            records.append(record)
    return {"clinic": clinic, "staff": list(staff.values()), "records": records}


def _leave_out(record: dict[str, Any], path: str) -> None:
    """Remove the value at ``goals[0].objectives[1].target`` from a nested record."""
    *steps, last = _STEP.findall(path)
    place: Any = record
    for name, index in steps:
        place = place[name][int(index)] if index else place[name]
    del place[last[0]]
