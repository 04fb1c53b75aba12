"""PDFs from finished Word files: the copy for LibreOffice, the call, and the PDF filed beside the Word file."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence

from msgspec import Struct

from toolkit import __version__
from toolkit.batch.entries import Entry
from toolkit.batch.folder import Folder, NotWrittenError
from toolkit.batch.notes import About, note
from toolkit.batch.press import digest
from toolkit.batch.work import FLAT, file_name
from toolkit.errors import ReadError, RenderError
from toolkit.model import Finding, Signer
from toolkit.pdf import convert
from toolkit.pdf.flat import without_fields
from toolkit.report import Change, Result
from toolkit.word import places

_STANDS = ("made", "unchanged", "kept")
"""What became of a Word document that stands in the folder."""
_FAULTS = {"nothing": "no pdf", "text": "other pdf", "glyphs": "pdf without glyphs", "places": "pdf without places"}


class Finished(Struct, frozen=True):
    """A finished Word file, and who signs it."""

    data: bytes
    signers: tuple[Signer, ...] = ()


class Pressed(Struct, frozen=True):
    """What became of the PDF of one Word document."""

    result: Result
    """The Word document."""
    change: Change
    """``made``, ``unchanged``, ``kept`` (somebody signed or changed it) or ``held``."""
    path: str = ""
    """Relative to the output folder, empty where there is no PDF."""
    told: tuple[Finding, ...] = ()


def convert_all(files: Sequence[Finished], *, workers: int = 1) -> list[convert.Converted]:
    """Return the PDF of each of ``files``, or its fault, in their order.

    Raises RenderError where LibreOffice is not there, ReadError where a file is no Word file.
    """
    return convert.convert([_source(one) for one in files], workers=workers)


def _source(one: Finished) -> convert.Source:
    copy = places.copy(one.data, one.signers)
    said = {
        signer.role: {"label": signer.label, "name": signer.name, "credential": signer.credential}
        for signer in one.signers
        if not signer.reason_absent
    }
    return convert.Source(copy.data, copy.text, copy.around, places.PAGE_NUMBER, places.ADDRESS, said)


def hold_ready() -> None:
    """Raise RenderError, in one sentence, where LibreOffice is not there."""
    if convert.program() is None:
        raise RenderError(convert.ABSENT)


def file_all(folder: Folder, results: Iterable[Result], workers: int = 1, flat: bool = False) -> Iterator[Pressed]:
    """File the PDF of each Word document of ``results`` that is ready, beside it; yield what became of it.

    With ``flat`` a copy without places to sign is filed, too. A PDF of the same Word file is left as it is, and one
    that somebody signed or changed is never overwritten. The text of a PDF is held against its Word file, which was
    held against the record. Raises RenderError where LibreOffice is not there.
    """
    waiting: list[_Waiting] = []
    for result in results:
        if result.status != "ready" or not result.path.endswith(".docx") or result.change not in _STANDS:
            continue
        try:
            one = _waiting(folder, result, ("pdf", FLAT) if flat else ("pdf",))
        except OSError as error:
            yield _held(result, "not written", reason=NotWrittenError(error).reason)
            continue
        except NotWrittenError as error:
            yield _held(result, error.note, reason=error.reason)
            continue
        for known in one.changed:
            yield Pressed(result, "kept", known.path, (note("kept", _about(result), file=known.path),))
        for known in one.same:
            yield Pressed(result, "unchanged", known.path)
        if one.forms:
            waiting.append(one)
    yield from _filed(folder, waiting, workers)


class _Waiting(Struct, frozen=True):
    """A Word document, in which forms it is to be made, and which stand in the folder already."""

    result: Result
    key: str
    finished: Finished
    forms: tuple[str, ...]
    same: tuple[Entry, ...]
    changed: tuple[Entry, ...]


def _waiting(folder: Folder, result: Result, forms: Sequence[str]) -> _Waiting:
    data = (folder.root / result.path).read_bytes()
    key = digest((__version__, "word", hashlib.sha256(data).hexdigest(), result.signers))
    known = {form: folder.find(_owner(result), file_name(result.stem, False, form)) for form in forms}
    stands = {form: entry for form, entry in known.items() if entry and entry.key == key}
    states = {form: folder.state(entry) for form, entry in stands.items()}
    same, changed = (
        tuple(stands[form] for form, state in states.items() if state == wanted) for wanted in ("same", "changed")
    )
    missing = tuple(form for form in forms if states.get(form, "gone") == "gone")
    return _Waiting(result, key, Finished(data, result.signers), missing, same, changed)


def _filed(folder: Folder, waiting: Sequence[_Waiting], workers: int) -> Iterator[Pressed]:
    sources, readable = [], []
    for one in waiting:
        try:
            sources.append(_source(one.finished))
            readable.append(one)
        except ReadError:  # somebody put something else there
            yield _held(one.result, "no pdf", file=one.result.path)
    made = convert.convert(sources, workers=workers) if sources else []
    for one, pdf in zip(readable, made, strict=True):
        if pdf.fault:
            codes = ", ".join(f"U+{ord(character):04X}" for character in pdf.characters)
            yield _held(one.result, _FAULTS[pdf.fault], file=one.result.path, characters=codes)
            continue
        for form in one.forms:
            yield _put(folder, one, form, without_fields(pdf.data) if form == FLAT else pdf.data)


def _put(folder: Folder, one: _Waiting, form: str, data: bytes) -> Pressed:
    result = one.result
    try:
        name = file_name(result.stem, False, form)
        entry = folder.put(_owner(result), name, data, key=one.key, document=result.document)
    except NotWrittenError as error:
        return _held(result, error.note, reason=error.reason)
    return Pressed(result, "made", entry.path, _beside(folder, entry, result))


def _beside(folder: Folder, entry: Entry, result: Result) -> tuple[Finding, ...]:
    if not folder.stands_beside(entry):
        return ()
    return (note("beside", _about(result), plain=entry.name, file=entry.path),)


def _held(result: Result, name: str, **words: str) -> Pressed:
    return Pressed(result, "held", told=(note(name, _about(result), None, **words),))


def _about(result: Result) -> About:
    return About(result.record, result.initials, document=result.document, title=result.title)


def _owner(result: Result) -> str:
    """Return the client's folder of a document."""
    return result.path.rpartition("/")[0]
