"""The work on one record: it is judged, printed and proven. Nothing is written here, so it may be done anywhere."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Protocol

from msgspec import Struct
from msgspec.structs import replace

from toolkit.batch.folder import Folder, NotWrittenError, State
from toolkit.batch.jobs import Steps
from toolkit.batch.names import Slugs
from toolkit.batch.notes import About, note
from toolkit.batch.press import Press
from toolkit.clones import Prints, Taker
from toolkit.errors import RenderError, ToolkitError
from toolkit.model import Audited, Batch, Case, Fact, Finding, Record, Status
from toolkit.report import Change, Result

if TYPE_CHECKING:
    from toolkit.batch.form_press import FormPress

DRAFT = "-DRAFT"
FLAT = "flat"
"""The form of a PDF without fields, a copy of the one to fill in."""
_FLAT_ENDING = "-flat.pdf"
Digests = Mapping[str, Mapping[str, str]]


class Judge(Protocol):
    """What the batch asks of the auditor."""

    def batch(self, batch: Batch) -> Sequence[Finding]:
        """Return the findings that concern no single record."""

    def judge(self, record: Record, shared: Sequence[Finding] = ()) -> Audited:
        """Return a record judged, under the findings of `batch`."""

    def told(self, record: Record, facts: Iterable[Fact], initials: str) -> Sequence[Finding]:
        """Return the findings of what was noted of a record, beside others or after it was judged."""


class Printed(Struct, frozen=True):
    """A document that was printed and proven, or that stands in the output folder already, printed from the same.

    Where it has neither ``data`` nor a ``state`` it could not be printed, and ``told`` says why.
    """

    name: str
    key: str = ""
    data: bytes | None = None
    state: State = "gone"
    told: tuple[Finding, ...] = ()

    @property
    def held(self) -> bool:
        """True where there is nothing to file."""
        return self.data is None and self.state == "gone"


class Paper(Struct, frozen=True):
    """What the work on one case gave: its result as judged, and the files that were printed, if any."""

    about: About
    result: Result
    ready: tuple[Printed, ...] = ()
    draft: tuple[Printed, ...] = ()
    """The document or its draft, printed in each form that was asked for, or why it could not be."""
    forms: tuple[str, ...] = ()
    """In which forms there may be files of it, where these are not those in which documents were asked for."""
    lost: bool = False
    """True where the record could not be judged, so that this stands for all its documents."""


class Worked(Struct, frozen=True):
    """What the work on one record gave."""

    about: About
    papers: tuple[Paper, ...]
    findings: tuple[Finding, ...]
    """Every finding of the record once, and what it shares with other records, but what the papers tell."""
    prints: Prints | None = None
    """What is kept of it to look for copies among all."""
    digests: Digests | None = None
    """Those of all templates used so far, where one was used for the first time."""


def file_name(stem: str, draft: bool, form: str) -> str:
    """Return the name of a document's file in a form (``docx``)."""
    return f"{stem}{DRAFT if draft else ''}{_FLAT_ENDING if form == FLAT else f'.{form}'}"


def parts_of(name: str) -> tuple[str, bool, str]:
    """Return of what `file_name` made a name: the stem, whether it is a draft, the form."""
    stem, _, form = name.rpartition(".")
    if name.endswith(_FLAT_ENDING):
        stem, form = name.removesuffix(_FLAT_ENDING), FLAT
    return stem.removesuffix(DRAFT), stem.endswith(DRAFT), form


def with_told(
    result: Result,
    change: Change,
    told: Iterable[Finding],
    *,
    held: bool,
    path: str = "",
    lacking: tuple[str, ...] = (),
) -> Result:
    """Return ``result`` after ``change``, with what there is to tell of it; one that is ``held`` is a draft."""
    status: Status = "draft" if held or result.status == "draft" else "ready"
    findings = (*result.findings, *told)
    return replace(result, status=status, change=change, path=path, lacking=lacking, findings=findings)


class Worker:
    """Does the work on one record after another; without ``presses`` (by the form they print) it only judges.

    ``payer_forms`` are what fills the forms of payers, by what their files are called: each is a document of its own
    beside the one that it is about, so that what holds it holds nothing else. ``placed`` adds to a case what only its
    place in the packet tells; ``taker`` takes what is needed to look for copies among all records.
    """

    def __init__(
        self,
        auditor: Judge,
        shared: Sequence[Finding],
        fits: Callable[[Case], bool],
        presses: Mapping[str, Press] | None = None,
        folder: Folder | None = None,
        draft: bool = False,
        payer_forms: Mapping[str, FormPress] | None = None,
        placed: Callable[[Case], Case] = lambda case: case,
        taker: Taker | None = None,
    ) -> None:
        self._taker = taker
        self._auditor = auditor
        self._shared = shared
        self._fits = fits
        self._presses = presses or {}
        self._payer_forms = payer_forms or {}
        self._placed = placed
        self._folder = folder
        self._draft = draft
        self._slugs = Slugs(folder.clients if folder else ())
        self._used = 0

    def __call__(self, record: Record) -> Steps[Worked]:
        """Work on ``record``, and stop after each step; return what that gave.

        What goes wrong with it alone is told, a wrong template is raised.
        """
        try:
            audited = self._auditor.judge(record, self._shared)
        except ToolkitError:
            raise
        except Exception as error:
            return _not_judged(record, error)
        yield
        several = [signer for case in audited.cases for signer in case.signers if signer.name]
        names = {signer.role: signer.name for signer in reversed(several)}
        stems = Counter(case.wanted.stem for case in audited.cases)
        papers: list[Paper] = []
        for case in audited.cases:
            papers += yield from self._papers(case, audited.initials, names, alone=stems[case.wanted.stem] == 1)
        about = About(record.id, audited.initials, record.origin.place())
        prints = self._taker(record) if self._taker else None
        of_the_form = (
            self._auditor.told(record, _news(prints, audited), audited.initials) if prints and prints.facts else ()
        )
        told = (*_answered((*audited.findings, *of_the_form), names), *audited.stand_ins)
        return Worked(about, tuple(papers), told, prints, self._news())

    def _news(self) -> Digests | None:
        digests: dict[str, dict[str, str]] = {}
        for press in (*self._presses.values(), *self._payer_forms.values()):
            for name, known in press.digests().items():
                digests.setdefault(name, {}).update(known)
        used = sum(map(len, digests.values()))
        self._used, before = used, self._used
        return digests if used != before else None

    def _papers(self, case: Case, initials: str, names: Mapping[str, str], alone: bool) -> Steps[list[Paper]]:
        """Return the document of a case, and the payers' forms that are about it."""
        paper = yield from self._paper(case, initials, names, alone)
        papers = [paper]
        for called, press in self._payer_forms.items():
            if press.prints(case):
                title = f"{paper.result.title}, {called}"
                stem = f"{case.wanted.stem}.{called}"
                about = replace(paper.about, title=title)
                signers = tuple(signer for signer in case.signers if signer.role in press.roles)
                result = replace(paper.result, title=title, stem=stem, signers=signers)
                ready: tuple[Printed, ...] = ()
                if case.status == "ready":
                    ready = ((yield from self._one(case, about, f"{stem}.pdf", False, alone, press)),)
                papers.append(Paper(about, result, ready, forms=("pdf",)))
        return papers

    def _paper(self, case: Case, initials: str, names: Mapping[str, str], alone: bool) -> Steps[Paper]:
        case, document = self._placed(case), case.wanted.document
        about = About(case.record.id, initials, case.record.origin.place(), document.name, document.title)
        result = Result(
            record=case.record.id,
            initials=initials,
            document=document.name,
            title=document.title,
            stem=case.wanted.stem,
            status=case.status,
            change="judged",
            signers=case.signers,
            findings=tuple(_answered(case.findings, names)),
        )
        if not self._fits(case):
            return Paper(about, result, (Printed("", told=(_no_template(case, about),)),))
        ready: tuple[Printed, ...] = ()
        draft: tuple[Printed, ...] = ()
        if case.status == "ready":
            ready = yield from self._printed(case, about, draft=False, alone=alone)
        if self._draft and all(one.held for one in ready):
            draft = yield from self._printed(case, about, draft=True, alone=alone)
        return Paper(about, result, ready, draft)

    def _printed(self, case: Case, about: About, draft: bool, alone: bool) -> Steps[tuple[Printed, ...]]:
        """Print the document in each form; what holds one of them holds no other."""
        printed: dict[str, Printed] = {}
        for form, press in self._presses.items():
            if form != FLAT or "pdf" not in printed or not printed["pdf"].held:  # what holds it, holds its copy
                name = file_name(case.wanted.stem, draft, form)
                printed[form] = yield from self._one(case, about, name, draft, alone, press)
        return tuple(printed.values())

    def _one(self, case: Case, about: About, name: str, draft: bool, alone: bool, press: Press) -> Steps[Printed]:
        try:
            return (yield from self._proven(case, about, name, draft, alone, press))
        except RenderError as error:
            return Printed(name, told=(note("not printed", about, reason=str(error)),))
        except ToolkitError:
            raise
        except Exception as error:
            return Printed(name, told=(note("unexpected", about, reason=type(error).__name__),))

    def _proven(self, case: Case, about: About, name: str, draft: bool, alone: bool, press: Press) -> Steps[Printed]:
        sheet = press.sheet(case, draft)
        if sheet is None:
            return Printed(name, told=(_no_template(case, about, parts_of(name)[2]),))
        yield
        state = self._state(about.record, name, sheet.key) if alone else "gone"
        if state != "gone":
            return Printed(name, sheet.key, state=state)
        data = sheet.render()
        yield
        faults = () if draft else tuple(press.prove(case, data))
        yield
        if any(finding.holds for finding in faults):
            return Printed(name, told=faults)
        return Printed(name, sheet.key, data, told=faults)

    def _state(self, identity: str, name: str, key: str) -> State:
        """Tell what became of the file that an earlier run printed from the same; what cannot be read is printed."""
        known = self._folder.find(self._slugs.find(identity), name) if self._folder else None
        if self._folder and known and known.key == key:
            with suppress(NotWrittenError):
                return self._folder.state(known)
        return "gone"


def _news(prints: Prints, audited: Audited) -> Iterator[Fact]:
    """Yield what was noted at places of which nothing is told yet."""
    told = {finding.place for finding in audited.findings}
    return (fact for fact in prints.facts if fact.place not in told)


def _not_judged(record: Record, error: Exception) -> Worked:
    about = About(record.id, place=record.origin.place())
    told = note("unexpected", about, reason=type(error).__name__)
    result = Result(record.id, "", "", "All documents", "", "draft", "judged")
    return Worked(about, (Paper(about, result, (Printed("", told=(told,)),), lost=True),), ())


def _no_template(case: Case, about: About, form: str = "") -> Finding:
    show = {"populations": ", ".join(case.definitions.populations)}
    return note("no form" if form in ("pdf", FLAT) else "no template", about, show)


def _answered(findings: Iterable[Finding], names: Mapping[str, str]) -> Iterable[Finding]:
    """Return the client's ``findings`` with the name of who can answer, where one signs in that role."""
    return (
        replace(finding, answerer=names[finding.asked_of]) if finding.record and finding.asked_of in names else finding
        for finding in findings
    )
