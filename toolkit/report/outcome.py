"""What a run did, as values: a result for each document, and the whole."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import islice
from typing import Literal

from msgspec import Struct

from toolkit.model import Finding, Signer, Status
from toolkit.packed import Part
from toolkit.report.words import one_line

Change = Literal["made", "unchanged", "kept", "held", "superseded", "judged", "earlier"]
"""What a run did: wrote the file, left it as it was, left a file that someone changed, made none, moved it
away, only judged it, or did not look at what an earlier run had made."""


_ISO = re.compile(r"(\d{4})-(\d\d)-(\d\d)")
_FORMS = {"docx": "Word", "pdf": "PDF"}


class Result(Struct, frozen=True):
    """What became of one document of one record.

    ``path`` is relative to the output folder with ``/`` between its parts, empty where there is no file. ``status`` is
    that of the document; a draft without a path is held and was not asked for.
    """

    record: str
    initials: str
    document: str
    title: str
    stem: str
    status: Status
    change: Change
    path: str = ""
    signers: tuple[Signer, ...] = ()
    findings: tuple[Finding, ...] = ()
    lacking: tuple[str, ...] = ()
    """In which forms (``pdf``) a document that is ready could not be made, though they were asked for."""

    @property
    def client(self) -> str:
        """The client as reports show them: id and initials."""
        return f"{self.record} {self.initials}".strip()

    @property
    def dated_title(self) -> str:
        """The document's title, with the date that its file name bears where there is one of several."""
        dated = _ISO.search(self.stem.removeprefix(self.document))
        return f"{self.title} {dated[2]}/{dated[3]}/{dated[1]}" if dated else self.title


class Tally(Struct, frozen=True):
    """Of several payers side by side, how many errors and warnings one finds, and how many documents are ready."""

    title: str
    errors: int
    warnings: int
    ready: int
    held: int


class Outcome(Struct, frozen=True):
    """What a run did: a result for each document wanted or moved away, and every finding once."""

    results: Sequence[Result] = ()
    findings: Sequence[Finding] = ()
    records: int = 0
    report: str = ""
    """The name of the report that was written; empty for a run that wrote none."""
    print_all: str = ""
    """The name of the file for the printer; empty where there is none."""
    earlier: Sequence[Result] = ()
    """The files of earlier runs that stand in the same folder and that this run did not look at: of other clients, or
    of documents that were not asked for. Nobody knows more of them than the manifest says, so ``record`` is the name
    of the client's folder, and there are neither signers nor findings."""
    by_payer: tuple[Tally, ...] = ()
    """What each of several payers finds, where they were held side by side."""

    @property
    def ready(self) -> Sequence[Result]:
        """The documents that are ready to sign."""
        return Part(self.results, lambda one: one.status == "ready" and one.change != "superseded")

    @property
    def held(self) -> Sequence[Result]:
        """The documents that a finding holds, with or without a draft."""
        return Part(self.results, lambda one: one.status == "draft" and one.change != "superseded")

    @property
    def moved(self) -> Sequence[Result]:
        """The files of earlier runs that were moved to ``superseded/``."""
        return Part(self.results, lambda one: one.change == "superseded")

    @property
    def holds(self) -> bool:
        """True when a finding held something back: a document, or a row that belongs to no client."""
        return bool(self.held) or any(finding.holds for finding in self.findings)

    def summary(self) -> str:
        """Return the outcome in a few lines: how many are ready, which are held, where to look."""
        if not self.records:
            return "No client was found. Did you save the workbook? The first one goes below the example on Clients."
        changes = Counter(one.change for one in self.ready)
        words: dict[Change, str] = {"made": "made now", "unchanged": "unchanged", "kept": "changed by hand and kept"}
        parts = [f"{changes[change]} {said}" for change, said in words.items() if changes[change]]
        detail = f" ({', '.join(parts)})" if parts else ""
        held, moved = len(self.held), len(self.moved)
        clients, ready = many(self.records, "client"), many(changes.total(), "document")
        for_whom = " for all of them" if self.by_payer else ""
        lines = [f"{clients}: {ready} ready to sign{for_whom}{detail}, {held} held."]
        lines += [f"  held: {_held_line(one)}" for one in islice(self.held, 10)]
        without = self.records - len({one.record for one in self.results})
        if without > 0:
            lines.append(f"  no document: {many(without, 'client')}, for the reason given above")
        if held > 10:
            where = f"all in {self.report}" if self.report else "all named above"
            lines.append(f"  … and {held - 10} more, {where}")
        for form, word in _FORMS.items():
            if count := sum(form in one.lacking for one in self.ready):
                lines.append(f"  not as {word}: {count} of those that are ready, for the reason given above")
        if accepted := sum(bool(finding.waived) for finding in self.findings):
            lines.append(f"{many(accepted, 'finding')} accepted with a reason.")
        if self.earlier:
            lines.append(f"{many(len(self.earlier), 'document')} of earlier runs, not looked at now, left as they are.")
        if moved:
            lines.append(f"{many(moved, 'earlier file')} moved to the folder superseded.")
        if self.print_all:
            lines.append(
                f"{self.print_all} in the same folder is for the printer; it begins with a list of what is in it."
            )
        if self.report:
            lines.append(f"{self.report} in the same folder says what to fix, whom to ask and who must sign.")
        lines += _side_by_side(self.by_payer)
        return "\n".join(lines)


def _side_by_side(tallies: Sequence[Tally]) -> list[str]:
    """Return a table of what each payer finds; nothing where there is none."""
    width = max((len(one.title) for one in tallies), default=0)
    rows = [(one.title, *map(str, (one.errors, one.warnings, one.ready, one.held))) for one in tallies]
    head = ("For", "errors", "warnings", "ready", "held")
    return [f"{first:<{width}}  {a:>6}  {b:>8}  {c:>5}  {d:>4}" for first, a, b, c, d in [head, *rows]] if rows else []


def _held_line(one: Result) -> str:
    faults = sum(finding.holds for finding in one.findings)
    draft = f"; the draft is {one.path}" if one.path else ""
    return one_line(f"{one.record} {one.initials} · {one.dated_title} · {many(faults, 'thing')} to fix{draft}")


def signs(signer: Signer) -> str:
    """Return as what somebody signs, who, and with which credential."""
    name = ", ".join(part for part in (signer.name, signer.credential) if part)
    return f"{signer.label}: {name}" if name else signer.label


def many(count: int, noun: str) -> str:
    """Return ``2 clients`` or ``1 client``."""
    return f"{count} {noun}{'' if count == 1 else 's'}"
