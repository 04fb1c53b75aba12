"""One run over a batch: each record is judged, what is ready is printed, proven and filed, what is held is told."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence, Sized
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any, Protocol

from toolkit import __version__
from toolkit.audit import Auditor, merged
from toolkit.batch.folder import Entry, Folder, NotWrittenError
from toolkit.batch.names import Slugs
from toolkit.batch.notes import note
from toolkit.batch.press import Press, digest
from toolkit.errors import RenderError, ToolkitError
from toolkit.model import Audited, Batch, Case, Finding, Record, Status
from toolkit.report import Change, Outcome, Result
from toolkit.shelf import Shelf

REPORT = "report.xlsx"
_DRAFT = "-DRAFT"
Progress = Callable[[int, int], None]
"""Told after each record: how many are done, and of how many (0 where that is not known)."""


class Judge(Protocol):
    """What the batch asks of the auditor."""

    def batch(self, batch: Batch) -> Sequence[Finding]:
        """Return the findings that concern no single record."""

    def judge(self, record: Record, shared: Sequence[Finding] = ()) -> Audited:
        """Return a record judged, under the findings of `batch`."""


def judge(
    batch: Batch,
    shelf: Shelf,
    *,
    today: date,
    documents: tuple[str, ...] | None = None,
    payer: str = "default",
    progress: Progress | None = None,
    auditor: Judge | None = None,
) -> Outcome:
    """Return what `make` would find before it prints anything, and write nothing.

    ``documents`` names the documents asked for, None those that are dated; ``today`` is the day of the run.
    """
    auditor = auditor or _auditor(shelf, today, documents, payer)
    shared = auditor.batch(batch)
    results: list[Result] = []
    findings = list(shared)
    records = 0
    for record in _counted(batch, progress):
        records += 1
        audited = _audited(auditor, record, shared)
        if isinstance(audited, Finding):
            findings.append(audited)
            results.append(_not_judged(record, audited))
            continue
        findings += (*audited.findings, *audited.stand_ins)
        for case in audited.cases:
            fits = shelf.has_template(case.definitions.populations, case.wanted.document.name)
            told = [] if fits else [_no_template(case, audited.initials)]
            findings += told
            ready = fits and case.status == "ready"
            results.append(_result(case, audited.initials, "judged" if ready else "held", told=told))
    return Outcome(tuple(results), merged(findings), records)


def make(
    batch: Batch,
    shelf: Shelf,
    out: Path,
    *,
    today: date,
    documents: tuple[str, ...] | None = None,
    draft: bool = False,
    payer: str = "default",
    progress: Progress | None = None,
    auditor: Judge | None = None,
    press: Press | None = None,
) -> Outcome:
    """Make the documents of ``batch`` that are ready into the folder ``out``, with report.xlsx and manifest.json.

    ``documents`` names the documents asked for, None those that are dated; with ``draft`` a held document is printed
    as a draft; ``today`` is the day of the run. What was made earlier is left as it is where nothing changed, moved to
    ``superseded/`` where it no longer holds, and never overwritten where someone changed it. Records that are not in
    ``batch`` keep their documents, and report.xlsx goes on listing these.

    Raises WriteError when the folder cannot be written or another run has it, TemplateError when a template is wrong.
    """
    auditor = auditor or _auditor(shelf, today, documents, payer)
    press = press or _word_press(shelf)
    with Folder(out) as folder:
        run = _Run(folder, press, auditor, auditor.batch(batch), draft)
        known = shelf.all().documents
        titles = {name: document.title for name, document in known.items()}
        asked = {name: titles[name] for name in documents or titles}
        for record in _counted(batch, progress):
            run.record(record, asked)
        outcome = replace(run.outcome(), earlier=run.earlier(titles))
        head = {
            "plankit": __version__,
            "format": 1,
            "payer": payer,
            "inputs": [{"number": item.number, "kind": item.kind, "sha256": item.sha256} for item in batch.inputs],
            **press.digests(),
            **run.counts(outcome),
        }
        report, told = _reported(folder, outcome)
        folder.close(head)
        damaged = [note("damaged")] if folder.damaged else []
    return replace(outcome, findings=(*damaged, *told, *outcome.findings), report=report)


def _word_press(shelf: Shelf) -> Press:
    from toolkit.batch.word_press import WordPress  # the Word engine loads for as long as a check of many clients takes

    return WordPress(shelf)


def _auditor(shelf: Shelf, today: date, documents: tuple[str, ...] | None, payer: str) -> Judge:
    return Auditor(
        rules=shelf.rules,
        compose=shelf.compose,
        populations=shelf.populations,
        today=today,
        documents=documents,
        payer=payer,
        everything=shelf.all(),
        levels=shelf.payer(payer).levels,
    )


def _no_template(case: Case, initials: str) -> Finding:
    return note("no template", case.record, initials, case, {"populations": ", ".join(case.definitions.populations)})


def _audited(auditor: Judge, record: Record, shared: Sequence[Finding]) -> Audited | Finding:
    """Return ``record`` judged, or, where the program could not, the finding that says so."""
    try:
        return auditor.judge(record, shared)
    except ToolkitError:
        raise
    except Exception as error:
        return note("unexpected", record, reason=type(error).__name__)


def _not_judged(record: Record, told: Finding) -> Result:
    return Result(record.id, "", "", "All documents", "", "draft", "held", findings=(told,))


def _counted(batch: Batch, progress: Progress | None) -> Iterator[Record]:
    total = len(batch.records) if isinstance(batch.records, Sized) else 0
    for done, record in enumerate(batch, start=1):
        yield record
        if progress:
            progress(done, total)


def _reported(folder: Folder, outcome: Outcome) -> tuple[str, list[Finding]]:
    """Write report.xlsx; return the name under which it stands, and what there is to tell of it."""
    # Whether a file was made now or stood there already is for the screen: a second run leaves the report as it is.
    stands = replace(outcome, results=tuple(replace(one, change="judged") for one in (*outcome.ready, *outcome.held)))
    key = digest((__version__, stands))
    try:
        entry = folder.find("", REPORT)
        state = folder.state(entry) if entry and entry.key == key else "gone"
        if entry and state == "changed":
            return entry.path, [note("kept", file=entry.path)]
        if not entry or state == "gone":
            from toolkit.report.sheets import workbook  # openpyxl takes as long to load as many clients to make

            entry = folder.put("", REPORT, workbook(stands), key=key)
        return entry.path, [note("beside", plain=REPORT, file=entry.path)] if folder.stands_beside(entry) else []
    except NotWrittenError as error:
        return REPORT, [note("not refreshed", reason=error.reason)]


def _result(case: Case, initials: str, change: Change, path: str = "", told: Sequence[Finding] = ()) -> Result:
    held = case.status == "draft" or change == "held" or any(finding.holds for finding in told)
    return Result(
        record=case.record.id,
        initials=initials,
        document=case.wanted.document.name,
        title=case.wanted.document.title,
        stem=case.wanted.stem,
        status="draft" if held else "ready",
        change=change,
        path=path,
        signers=case.signers,
        findings=(*case.findings, *told),
    )


def _as_filed(entry: Entry, record: str, initials: str, title: str, change: Change, path: str) -> Result:
    """Return what became of a file of an earlier run, of which only the manifest tells."""
    stem = entry.name.rpartition(".")[0]
    status: Status = "draft" if stem.endswith(_DRAFT) else "ready"
    return Result(record, initials, entry.document, title, stem.removesuffix(_DRAFT), status, change, path)


def _file(case: Case, draft: bool) -> str:
    return f"{case.wanted.stem}{_DRAFT if draft else ''}.docx"


@dataclass(frozen=True, slots=True)
class _Filed:
    """What became of one printing: the change, the file's path (empty for none), and what there is to tell."""

    change: Change
    path: str = ""
    told: tuple[Finding, ...] = ()
    blocked: bool = False
    """True when only the writing failed: then an earlier file stays where it is."""


class _Run:
    """What is shared by the records of one run."""

    def __init__(self, folder: Folder, press: Press, auditor: Judge, shared: Sequence[Finding], draft: bool) -> None:
        self.folder = folder
        self.press = press
        self.auditor = auditor
        self.shared = shared
        self.draft = draft
        self.slugs = Slugs(folder.clients)
        self.seen: set[str] = set()
        self.looked_at: set[tuple[str, str]] = set()
        """The folder of each client that was judged, with each kind of document that was asked for."""
        self.results: list[Result] = []
        self.findings: list[Finding] = [*shared]

    def outcome(self) -> Outcome:
        """Return what was done so far."""
        return Outcome(tuple(self.results), merged(self.findings), len(self.seen))

    def earlier(self, titles: Mapping[str, str]) -> tuple[Result, ...]:
        """Return the files of earlier runs that this one did not look at and that are still there."""
        others = (
            entry
            for folder in sorted(self.folder.clients)
            for entry in self.folder.entries(folder)
            if (folder, entry.document) not in self.looked_at and self.folder.holds(entry)
        )
        return tuple(
            _as_filed(entry, entry.folder, "", titles.get(entry.document, entry.document), "earlier", entry.path)
            for entry in others
        )

    def counts(self, outcome: Outcome) -> dict[str, Any]:
        """Return the codes and waivers for the manifest: of ids their folder names, of reasons nothing."""
        waived = [finding for finding in outcome.findings if finding.waived]
        named = {(finding.code, self.slugs(finding.record) if finding.record else "") for finding in waived}
        return {
            "codes": Counter(finding.code for finding in outcome.findings),
            "waivers": [{"code": code, "folder": folder} for code, folder in sorted(named)],
        }

    def record(self, record: Record, titles: Mapping[str, str]) -> None:
        """Judge one record and make its documents; what goes wrong with it never stops the others.

        ``titles`` are those of the documents asked for: earlier files of others are left alone.
        """
        twice = record.id in self.seen
        self.seen.add(record.id)
        audited = _audited(self.auditor, record, self.shared)
        if isinstance(audited, Finding):
            self._tell(_not_judged(record, audited), [audited])
            return
        self.findings += (*audited.findings, *audited.stand_ins)
        if twice:
            for case in audited.cases:
                found = note("twice", record, audited.initials, case)
                self._tell(_result(case, audited.initials, "held", told=[found]), [found])
            return
        folder = self.slugs(record.id)
        wanted = {_file(case, draft) for case in audited.cases for draft in (False, True)}
        filed: dict[str, Status] = {}
        for case in audited.cases:
            stem = case.wanted.stem
            if filed.get(stem) == "ready" or (stem in filed and case.status == "draft"):
                found = note("same day", case.record, audited.initials, case)
                self._tell(_result(case, audited.initials, "held", told=[found]), [found])
            elif self._document(case, audited.initials, folder):
                filed[stem] = case.status
        self.looked_at |= {(folder, name) for name in titles}
        for entry in self.folder.entries(folder):
            if entry.name not in wanted and entry.document in titles:
                self.findings += self._retired(entry, titles[entry.document], record, audited.initials)

    def _tell(self, result: Result, told: Sequence[Finding]) -> None:
        self.results.append(result)
        self.findings += told

    def _document(self, case: Case, initials: str, folder: str) -> bool:
        """Make one document, or its draft; tell whether a file of it stands in the folder."""
        if case.status == "ready":
            filed = self._printed(case, initials, folder, draft=False)
        else:
            filed = _Filed("held", told=() if self.press.fits(case) else (_no_template(case, initials),))
        held = filed.change == "held"
        told = list(filed.told)
        other = self.folder.find(folder, _file(case, draft=not held))
        if other and not filed.blocked:
            told += self._retired(other, case.wanted.document.title, case.record, initials)
        if held and self.draft and not filed.blocked:
            filed = self._printed(case, initials, folder, draft=True)
            told += (finding for finding in filed.told if finding not in told)
        self._tell(_result(case, initials, filed.change, filed.path, told), told)
        return bool(filed.path)

    def _printed(self, case: Case, initials: str, folder: str, draft: bool) -> _Filed:
        def held(name: str, reason: str = "", blocked: bool = False) -> _Filed:
            return _Filed("held", told=(note(name, case.record, initials, case, reason=reason),), blocked=blocked)

        try:
            return self._filed(case, initials, folder, draft)
        except RenderError as error:
            return held("not printed", str(error))
        except NotWrittenError as error:
            return held(error.note, error.reason, blocked=True)
        except ToolkitError:
            raise
        except Exception as error:
            return held("unexpected", type(error).__name__)

    def _filed(self, case: Case, initials: str, folder: str, draft: bool) -> _Filed:
        sheet = self.press.sheet(case, draft)
        name = _file(case, draft)
        if sheet is None:
            return _Filed("held", told=(_no_template(case, initials),))
        known = self.folder.find(folder, name)
        state = self.folder.state(known) if known and known.key == sheet.key else "gone"
        if known and state == "changed":
            return _Filed("kept", known.path, (note("kept", case.record, initials, case, file=known.path),))
        if known and state == "same":
            return _Filed("unchanged", known.path, self._beside(known, case, initials))
        data = sheet.render()
        faults = () if draft else tuple(self.press.prove(case, data))
        if any(finding.holds for finding in faults):
            return _Filed("held", told=faults)
        entry = self.folder.put(folder, name, data, key=sheet.key, document=case.wanted.document.name)
        return _Filed("made", entry.path, (*faults, *self._beside(entry, case, initials)))

    def _beside(self, entry: Entry, case: Case, initials: str) -> tuple[Finding, ...]:
        if not self.folder.stands_beside(entry):
            return ()
        return (note("beside", case.record, initials, case, plain=entry.name, file=entry.path),)

    def _retired(self, entry: Entry, title: str, record: Record, initials: str) -> list[Finding]:
        """Move a file that no longer holds out of the way; return what there is to tell of it."""
        try:
            moved = self.folder.retire(entry)
        except NotWrittenError as error:
            return [note("not moved", record, initials, file=entry.path, reason=error.reason)]
        if moved:
            self.results.append(_as_filed(entry, record.id, initials, title, "superseded", moved))
            return []
        changed = self.folder.find(entry.folder, entry.name)
        return [note("stays", record, initials, file=entry.path)] if changed else []
