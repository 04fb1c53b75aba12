"""One run over a batch: each record is worked on, what is ready is filed, what is held is told."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Sized
from contextlib import closing
from datetime import date
from functools import partial
from itertools import chain, groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from msgspec import Struct
from msgspec.structs import replace

from toolkit import __version__
from toolkit.audit import WAIVERS, Auditor
from toolkit.batch.copies import Copies
from toolkit.batch.entries import Entry
from toolkit.batch.folder import Folder, NotWrittenError
from toolkit.batch.jobs import BLOCK, FEW, FEW_AS_PDF, jobs_for, worked
from toolkit.batch.names import PRINT_ALL, Slugs
from toolkit.batch.notes import About, note
from toolkit.batch.places import Places
from toolkit.batch.press import Press, digest_of_all
from toolkit.batch.told import Told
from toolkit.batch.work import FLAT, Judge, Paper, Printed, Worked, Worker, file_name, parts_of, with_told
from toolkit.errors import TemplateError
from toolkit.model import Batch, Case, Document, Finding, Phase, Row, Status
from toolkit.packed import Packed
from toolkit.report import Change, Outcome, Result
from toolkit.shelf import Shelf, load_waivers

if TYPE_CHECKING:
    from toolkit.batch.form_press import FormPress
    from toolkit.batch.pdf_press import PdfPress
    from toolkit.batch.word_pdf import Pressed

REPORT = "report.xlsx"
Progress = Callable[[int, int], None]
"""Told after each record: how many are done, and of how many (0 where that is not known)."""


def judge(
    batch: Batch,
    shelf: Shelf,
    *,
    today: date,
    documents: tuple[str, ...] | None = None,
    payer: str = "default",
    waivers: Path | None = None,
    fingerprints: Path | None = None,
    jobs: int = 0,
    progress: Progress | None = None,
    auditor: Judge | None = None,
) -> Outcome:
    """Return what `make` would find before it prints anything, and what is overdue on the day ``today``.

    Nothing but the file ``fingerprints`` is written.

    ``documents`` names the documents asked for, None those that are dated; ``today`` is the day of the run;
    ``waivers`` is a file of what was accepted, beside what the input itself says; ``jobs`` is how many processes work
    on it, 0 for as many as suit. ``fingerprints`` is a file by which copies of earlier runs' texts are found, and in
    which this one's are kept. Raises ReadError where it is none, WriteError where it cannot be written.
    """
    accepted = _accepted(shelf, waivers)
    auditor = auditor or auditor_for(shelf, batch, today, documents, payer, accepted, phases=("make", "after"))
    shared = auditor.batch(batch)
    copies = Copies(batch, shelf.all(), fingerprints)
    work = Worker(auditor, shared, lambda case: _fits(case, shelf), taker=copies.taker)
    findings, results, records = Told(shared), Packed[Result](), 0
    several = jobs_for(batch, jobs)
    with closing(worked(batch, work, several)) as done_each:
        for done in _counted(done_each, batch, progress):
            records += 1
            accepted.pop(done.about.record, None)
            copies.add(done)
            findings.add(done.findings)
            for paper in done.papers:
                told = _told(paper)
                ready = paper.result.status == "ready" and not told
                results.append(with_told(paper.result, "judged" if ready else "held", told, held=not ready))
                findings.add(told)
    findings.add(_of_nobody(accepted))
    _add(findings, copies.told(auditor, several))
    return Outcome(results, findings, records)


def make(
    batch: Batch,
    shelf: Shelf,
    out: Path,
    *,
    today: date,
    documents: tuple[str, ...] | None = None,
    forms: Sequence[str] = ("docx",),
    pdf_from: str = "form",
    payer_forms: Iterable[Path] = (),
    flat: bool = False,
    draft: bool = False,
    payer: str = "default",
    waivers: Path | None = None,
    fingerprints: Path | None = None,
    jobs: int = 0,
    progress: Progress | None = None,
    auditor: Judge | None = None,
    presses: Mapping[str, Press] | None = None,
) -> Outcome:
    """Make the documents of ``batch`` that are ready into the folder ``out``, with report.xlsx and manifest.json.

    ``documents`` names the documents asked for, None those that are dated; ``forms`` (of `FORMS`) in which of them;
    what cannot be made in one form is told, and made in the others. ``pdf_from`` says what a PDF is: ``form``, to
    be filled in, or ``word``, the Word document as LibreOffice lays it out, made at the end. ``flat`` adds to each
    PDF a copy without fields. ``payer_forms`` are mappings (`toolkit.pdf.mapping`): the form of each, and those
    that the payer brings along, are filled, too, beside the documents that they are about. ``waivers`` is a file of
    what was accepted, beside what the input itself says. With ``draft`` a held document is printed as a draft;
    ``today`` is the day of the run; ``jobs`` is how many processes judge and print, 0 for as many as suit (one alone
    writes, and the files are the same). ``fingerprints`` is as with `judge`.

    What was made earlier is left as it is where nothing changed, moved to ``superseded/`` where it no longer holds, and
    never overwritten where someone changed it. Records that are not in ``batch`` keep their documents, and report.xlsx
    goes on listing these.

    Raises WriteError when the folder cannot be written or another run has it, TemplateError when a template is wrong,
    RenderError where Word documents are to be converted and LibreOffice is not there; of ``fingerprints`` as `judge`.
    """
    accepted = _accepted(shelf, waivers)
    auditor = auditor or auditor_for(shelf, batch, today, documents, payer, accepted)
    converted = _converter() if "pdf" in forms and pdf_from == "word" else None
    asked_forms, forms = forms, ("docx",) if converted else forms
    presses = presses or _presses(shelf, forms, flat)
    placed = Places(shelf, payer, today, cast("PdfPress | None", presses.get("pdf"))).shown
    if any(shelf.all().documents[name].drawing for name in documents or ()):
        presses = _drawing(presses, shelf)
    filled = _payer_forms(shelf, (*shelf.payer(payer).forms, *payer_forms))
    copies = Copies(batch, shelf.all(), fingerprints)
    with Folder(out) as folder:
        shared = auditor.batch(batch)
        known = shelf.all().documents
        titles = {name: document.title for name, document in known.items()}
        run = _Run(folder, shared, tuple(presses), known)
        asked = {name: titles[name] for name in documents or shelf.all().dated}
        work = Worker(
            auditor,
            shared,
            lambda case: _any_fits(case, presses),
            presses,
            folder,
            draft,
            filled,
            placed,
            copies.taker,
        )
        as_pdf = "pdf" in presses or bool(filled)
        several = jobs_for(batch, jobs, FEW_AS_PDF if as_pdf else FEW)
        together = 1 if as_pdf else BLOCK  # a step of a PDF takes long, and leaves much behind for the next one
        with closing(worked(batch, work, several, folder.leave, _load_report, together)) as done_each:
            for done in _counted(done_each, batch, progress):
                run.file(done, asked)
                accepted.pop(done.about.record, None)
                copies.add(done)
        run.findings.add(_of_nobody(accepted))
        _add(run.findings, copies.told(auditor, several))
        del copies  # the report needs the room
        for pressed in converted(folder, list(run.results), jobs_for(batch, jobs), flat) if converted else ():
            run.findings.add(pressed.told)
        outcome = Outcome(run.results, run.findings, run.records, earlier=run.earlier(asked, titles))
        head = {
            "plankit": __version__,
            "format": 1,
            "payer": payer,
            "inputs": [{"number": item.number, "kind": item.kind, "sha256": item.sha256} for item in batch.inputs],
            **({"waivers_file": hashlib.sha256(waivers.read_bytes()).hexdigest()} if waivers else {}),
            **run.digests,
            **run.counts(),
        }
        print_all, unprinted = _print_all(folder, outcome, "pdf" in asked_forms)
        run.findings.add(unprinted)
        outcome = replace(outcome, print_all=print_all)
        report, told = _reported(folder, outcome)
        folder.close(head)
        run.findings.add([*([note("damaged")] if folder.damaged else []), *told])
    return replace(outcome, report=report)


def _add(findings: Told, told: Iterable[Finding]) -> None:
    """Add what is ``told`` of one record after another."""
    for _, several in groupby(told, lambda finding: finding.record):
        findings.add(several)


def _any_fits(case: Case, presses: Mapping[str, Press]) -> bool:
    return any(press.fits(case) for press in presses.values())


def _told(paper: Paper) -> tuple[Finding, ...]:
    """Return what the printing of a document told."""
    return tuple(finding for one in paper.ready for finding in one.told)


def _fits(case: Case, shelf: Shelf) -> bool:
    return shelf.has_template(case.definitions.populations, case.wanted.document.name)


def load(shelf: Shelf, forms: Iterable[str]) -> None:
    """Load what judges documents and prints them in ``forms``, while something else is waited for."""
    for form in forms:
        FORMS[form]()
    shelf.rules  # noqa: B018 - they are loaded once


def _word_press() -> Callable[[Shelf], Press]:
    from toolkit.batch.word_press import WordPress  # the Word engine loads for as long as a check of many clients takes

    return WordPress


def _presses(shelf: Shelf, forms: Sequence[str], flat: bool) -> dict[str, Press]:
    """Return what prints each form; with ``flat`` also copies of the PDFs without fields."""
    presses = {form: FORMS[form]()(shelf) for form in forms}
    if flat and "pdf" in presses:
        presses[FLAT] = cast("PdfPress", presses["pdf"]).flat()
    return presses


def _drawing(presses: Mapping[str, Press], shelf: Shelf) -> dict[str, Press]:
    """Return ``presses`` that also print what is drawn; of that a copy without fields is the PDF itself."""
    from toolkit.batch.drawn import Drawer, WithDrawings

    drawer = Drawer(shelf)
    return {form: WithDrawings(press, drawer, "pdf" if form == FLAT else form) for form, press in presses.items()}


def _pdf_press() -> Callable[[Shelf], Press]:
    from toolkit.batch.pdf_press import PdfPress  # and so do the libraries for PDF

    return PdfPress


def _payer_forms(shelf: Shelf, mappings: Iterable[Path]) -> dict[str, FormPress]:
    """Return what fills the payers' forms of ``mappings``, by what their files are called."""
    found: dict[str, FormPress] = {}
    for path in mappings:
        from toolkit.batch.form_press import FormPress

        press = FormPress(shelf, path)
        if press.called in found:
            raise TemplateError(f"{path.name}: another mapping has this name, too. Give each a name of its own.")
        found[press.called] = press
    return found


def _converter() -> Callable[[Folder, Sequence[Result], int, bool], Iterator[Pressed]]:
    """Return what files the PDFs of Word documents. Raises RenderError where LibreOffice is not there."""
    from toolkit.batch import word_pdf

    word_pdf.hold_ready()
    return word_pdf.file_all


FORMS: Mapping[str, Callable[[], Callable[[Shelf], Press]]] = {"docx": _word_press, "pdf": _pdf_press}
"""The forms in which documents are made, by the ending of their files, and what loads what prints them."""


def _print_all(folder: Folder, outcome: Outcome, asked: bool) -> tuple[str, list[Finding]]:
    """File what is for the printer; return its path and what there is to tell of it."""
    if not asked and not folder.find("", PRINT_ALL):
        return "", []
    from toolkit.batch import print_all  # the libraries for PDF load for as long as a check of many clients takes

    return print_all.filed(folder, outcome, asked)


def _accepted(shelf: Shelf, file: Path | None) -> dict[str, tuple[Row, ...]]:
    """Return the waivers of a file by the ids of their clients."""
    return load_waivers(file, shelf.all().sections[WAIVERS]) if file else {}


def _of_nobody(accepted: Mapping[str, Sequence[Row]]) -> list[Finding]:
    """Return what to tell of the waivers of clients who are not in the input."""
    return [
        note("no client", About(place=row.place("client_id")), {"typed": client})
        for client, rows in accepted.items()
        for row in rows
    ]


def auditor_for(
    shelf: Shelf,
    batch: Batch,
    today: date,
    documents: tuple[str, ...] | None,
    payer: str,
    waivers: Mapping[str, Sequence[Row]] | None = None,
    phases: tuple[Phase, ...] = ("make",),
) -> Judge:
    """Return what judges the records of ``batch`` by the rules of ``shelf`` and ``payer`` that are of ``phases``."""
    return Auditor(
        rules=shelf.rules,
        compose=shelf.compose,
        populations=shelf.populations,
        today=today,
        documents=documents,
        payer=payer,
        everything=shelf.all(),
        levels=shelf.payer(payer).levels,
        sheets=batch.sheets,
        waivers=dict(waivers or {}),
        phases=phases,
    )


def _counted(done: Iterator[Worked], batch: Batch, progress: Progress | None) -> Iterator[Worked]:
    total = len(batch.records) if isinstance(batch.records, Sized) else 0
    for number, one in enumerate(done, start=1):
        yield one
        if progress:
            progress(number, total)


def _load_report() -> None:
    """Load what writes report.xlsx: openpyxl takes as long as ten clients."""
    from toolkit.report import sheets  # noqa: F401


def _reported(folder: Folder, outcome: Outcome) -> tuple[str, list[Finding]]:
    """Write report.xlsx; return the name under which it stands, and what there is to tell of it."""
    key = _key(outcome)
    try:
        entry = folder.find("", REPORT)
        state = folder.state(entry) if entry and entry.key == key else "gone"
        if entry and state == "changed":
            return entry.path, [note("kept", file=entry.path)]
        if not entry or state == "gone":
            from toolkit.report import sheets  # openpyxl takes as long to load as many clients to make

            entry = folder.put_written("", REPORT, partial(sheets.write, outcome=outcome), key=key)
        return entry.path, [note("beside", plain=REPORT, file=entry.path)] if folder.stands_beside(entry) else []
    except NotWrittenError as error:
        return REPORT, [note("not refreshed", plain=REPORT, reason=error.reason)]


def _key(outcome: Outcome) -> str:
    """Return the key of all that the report says of ``outcome``.

    Whether a file was made now or stood there already is for the screen: a second run leaves the report as it is.
    """
    stands = (replace(one, change="judged") for one in outcome.results if one.change != "superseded")
    return digest_of_all(chain((__version__, outcome.records), stands, outcome.findings, outcome.earlier))


def _as_filed(entry: Entry, record: str, initials: str, title: str, change: Change, path: str) -> Result:
    """Return what became of a file of an earlier run, of which only the manifest tells."""
    stem, draft, _ = parts_of(entry.name)
    return Result(record, initials, entry.document, title, stem, "draft" if draft else "ready", change, path)


_CHANGES: tuple[Change, ...] = ("made", "kept", "unchanged")


class _Filed(Struct, frozen=True):
    """What became of one printing: the change, the file's path (empty for none), and what there is to tell."""

    change: Change
    path: str = ""
    told: tuple[Finding, ...] = ()
    blocked: bool = False
    """True when only the writing failed: then an earlier file stays where it is."""
    lacking: tuple[str, ...] = ()
    """Of a document that is filed: the forms in which it is not."""
    gone: tuple[str, ...] = ()
    """Those of them of which an earlier file no longer holds."""


class _Run:
    """Files what the work on each record gave: the only one that writes documents."""

    def __init__(
        self, folder: Folder, findings: Sequence[Finding], forms: Sequence[str], known: Mapping[str, Document]
    ) -> None:
        self.folder = folder
        self.forms = forms
        self.known = known
        self.slugs = Slugs(folder.clients)
        """The folders of the clients, one for each id; those given are of the clients so far."""
        self.lost: set[str] = set()
        """Those of the clients that could not be judged."""
        self.results: Packed[Result] = Packed()
        self.findings = Told(findings)
        self.digests: dict[str, dict[str, str]] = {"packs": {}, "templates": {}}

    @property
    def records(self) -> int:
        """How many clients there were."""
        return len(self.slugs)

    def earlier(self, asked: Mapping[str, str], titles: Mapping[str, str]) -> Sequence[Result]:
        """Return the files of earlier runs that this one did not look at and that are still there."""
        others = (
            entry
            for folder in self.folder.clients
            for entry in self.folder.entries(folder)
            if (folder not in self.slugs or folder in self.lost or entry.document not in asked)
            and self.folder.holds(entry)
        )
        return Packed(
            _as_filed(entry, entry.folder, "", titles.get(entry.document, entry.document), "earlier", entry.path)
            for entry in others
        )

    def counts(self) -> dict[str, Any]:
        """Return the codes and waivers for the manifest: of ids their folder names, of reasons nothing."""
        waived = (finding for finding in self.findings if finding.waived)
        named = {(finding.code, self.slugs.find(finding.record) if finding.record else "") for finding in waived}
        return {
            "codes": Counter(finding.code for finding in self.findings),
            "waivers": [{"code": code, "folder": folder} for code, folder in sorted(named)],
        }

    def file(self, done: Worked, titles: Mapping[str, str]) -> None:
        """File the documents of one record; what goes wrong with it never stops the others.

        ``titles`` are those of the documents asked for: earlier files of others are left alone.
        """
        for name, digests in (done.digests or {}).items():
            self.digests[name] |= digests
        findings, folder = list(done.findings), self.slugs.find(done.about.record)
        findings += self._twice(done) if folder in self.slugs else self._papers(done, folder, titles)
        self.slugs.give(folder)
        self.findings.add(findings)

    def _twice(self, done: Worked) -> Iterator[Finding]:
        """Hold every document of a record whose id another one had before."""
        for paper in done.papers:
            told = _told(paper) if paper.lost else (note("twice", paper.about),)
            yield from self._held(paper, told)

    def _papers(self, done: Worked, folder: str, titles: Mapping[str, str]) -> Iterator[Finding]:
        """File each document, or its draft, and move earlier ones that no longer hold; yield what there is to tell."""
        filed: dict[str, Status] = {}
        same: set[str] = set()  # what is as it was: a file of it in a form not asked for now holds still
        still: set[str] = set()  # and what somebody changed or signed since: what rides with it holds still, too
        for paper in done.papers:
            stem, status = paper.result.stem, paper.result.status
            if filed.get(stem) == "ready" or (stem in filed and status == "draft"):
                yield from self._held(paper, [note("same day", paper.about)])
                continue
            result = self._document(paper, folder)
            self.results.append(result)
            yield from result.findings[len(paper.result.findings) :]
            if result.path:
                filed[stem] = status
            if result.change == "unchanged":
                same.add(stem)
            if result.change in ("unchanged", "kept"):
                still.add(stem)
        if any(paper.lost for paper in done.papers):
            self.lost.add(folder)
            return
        wanted = {name for paper in done.papers for draft in (False, True) for name in self._names(paper, draft)}
        for entry in self.folder.entries(folder):
            stem, draft, form = parts_of(entry.name)
            document, _, on_form = stem.partition(".")
            stands = document in same and not draft and (bool(on_form) or form not in self.forms)
            if entry.document not in titles and (main := self._rides_with(entry, titles)):
                stands = not draft and main + document.removeprefix(entry.document) in still
            elif entry.document not in titles:
                continue
            if entry.name not in wanted and not stands:
                yield from self._retired(entry, replace(done.about, title=self.known[entry.document].title))

    def _rides_with(self, entry: Entry, titles: Mapping[str, str]) -> str:
        """Return with which of the documents asked for a companion rides that was not; empty where with none."""
        document = self.known.get(entry.document)
        return document.of if document and document.of in titles else ""

    def _held(self, paper: Paper, told: Sequence[Finding]) -> Sequence[Finding]:
        self.results.append(with_told(paper.result, "held", told, held=True))
        return told

    def _document(self, paper: Paper, folder: str) -> Result:
        """File one document, or its draft; return the result with what there is to tell."""
        filed = self._all_filed(paper.ready, paper, folder)
        held, told = filed.change == "held", [*filed.told]
        for name in self._not_now(paper, filed):
            if other := self.folder.find(folder, name):
                told += self._retired(other, paper.about)
        if held and paper.draft and not filed.blocked:
            filed = self._all_filed(paper.draft, paper, folder)
            told += (finding for finding in filed.told if finding not in told)
        lacking = () if held else filed.lacking
        return with_told(paper.result, filed.change, told, held=held, path=filed.path, lacking=lacking)

    def _not_now(self, paper: Paper, filed: _Filed) -> Sequence[str]:
        """Return the names of the document's files of which there must be none beside what was ``filed``."""
        if filed.change == "held":
            return () if filed.blocked else self._names(paper, draft=False)
        return [*self._names(paper, draft=True), *(file_name(paper.result.stem, False, form) for form in filed.gone)]

    def _names(self, paper: Paper, draft: bool) -> list[str]:
        """Return the names of a document's files, or of its drafts."""
        return [file_name(paper.result.stem, draft, form) for form in paper.forms or self.forms]

    def _all_filed(self, printed: Sequence[Printed], paper: Paper, folder: str) -> _Filed:
        """File a document in all its forms; what happened to the first that changed stands for all."""
        several = {parts_of(one.name)[2]: self._filed(one, paper, folder) for one in printed}
        told: list[Finding] = []
        for one in several.values():
            told += (finding for finding in one.told if finding not in told)
        stands = [one for one in several.values() if one.change != "held"]
        blocked = tuple(form for form, one in several.items() if one.blocked)
        if not stands:
            return _Filed("held", told=tuple(told), blocked=bool(blocked))
        lacking = tuple(form for form in self.forms if form not in several or several[form].change == "held")
        change = min((one.change for one in stands), key=_CHANGES.index)
        gone = tuple(form for form in lacking if form not in blocked)
        return _Filed(change, stands[0].path, tuple(told), lacking=lacking, gone=gone)

    def _filed(self, printed: Printed, paper: Paper, folder: str) -> _Filed:
        try:
            known = self.folder.find(folder, printed.name)
            state, data = printed.state, printed.data
            if known and data is not None and known.sha256 == hashlib.sha256(data).hexdigest():
                state = self.folder.state(known)  # what is new in the record is nothing that this document says
            if known and state == "changed":
                return _Filed("kept", known.path, (note("kept", paper.about, file=known.path),))
            if known and data is None and state == "same":
                return _Filed("unchanged", known.path, self._beside(known, paper.about))
            if data is None:
                return _Filed("held", told=printed.told)
            entry = self.folder.put(folder, printed.name, data, key=printed.key, document=paper.result.document)
            told = (*printed.told, *self._beside(entry, paper.about))
            return _Filed("unchanged" if state == "same" else "made", entry.path, told)
        except NotWrittenError as error:
            return _Filed("held", told=(note(error.note, paper.about, reason=error.reason),), blocked=True)

    def _beside(self, entry: Entry, about: About) -> tuple[Finding, ...]:
        if not self.folder.stands_beside(entry):
            return ()
        return (note("beside", about, plain=entry.name, file=entry.path),)

    def _retired(self, entry: Entry, about: About) -> list[Finding]:
        """Move a file that no longer holds out of the way; return what there is to tell of it."""
        whole = replace(about, document="", title="")
        try:
            moved = self.folder.retire(entry)
        except NotWrittenError as error:
            return [note("not moved", whole, file=entry.path, reason=error.reason)]
        if moved:
            self.results.append(_as_filed(entry, about.record, about.initials, about.title, "superseded", moved))
            return []
        changed = self.folder.find(entry.folder, entry.name)
        return [note("stays", whole, file=entry.path)] if changed else []
