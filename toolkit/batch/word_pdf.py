"""PDFs from finished Word files: the copy for LibreOffice, the call, and the PDF filed beside the Word file."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from toolkit import __version__
from toolkit.batch.entries import Entry
from toolkit.batch.folder import Folder, NotWrittenError
from toolkit.batch.notes import About, note
from toolkit.batch.press import digest
from toolkit.errors import ReadError, RenderError
from toolkit.model import Finding, Signer
from toolkit.pdf import convert
from toolkit.report import Change, Result
from toolkit.word import places

_STANDS = ("made", "unchanged", "kept")
"""What became of a Word document that stands in the folder."""
_FAULTS = {"nothing": "no pdf", "text": "other pdf", "glyphs": "pdf without glyphs", "places": "pdf without places"}


@dataclass(frozen=True, slots=True)
class Finished:
    """A finished Word file, and who signs it."""

    data: bytes
    signers: tuple[Signer, ...] = ()


@dataclass(frozen=True, slots=True)
class Pressed:
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


def file_all(folder: Folder, results: Iterable[Result], workers: int = 1) -> Iterator[Pressed]:
    """File the PDF of each Word document of ``results`` that is ready, beside it; yield what became of it.

    A PDF of the same Word file is left as it is, and one that somebody signed or changed is never overwritten. The text
    of a PDF is held against its Word file, which was held against the record. Raises RenderError where LibreOffice is
    not there.
    """
    waiting: list[tuple[Result, str, Finished]] = []
    for result in results:
        if result.status != "ready" or not result.path.endswith(".docx") or result.change not in _STANDS:
            continue
        try:
            data = (folder.root / result.path).read_bytes()
            key = digest((__version__, "word", hashlib.sha256(data).hexdigest(), result.signers))
            known = folder.find(_owner(result), f"{result.stem}.pdf")
            state = folder.state(known) if known and known.key == key else "gone"
        except OSError as error:
            yield _held(result, "not written", reason=NotWrittenError(error).reason)
            continue
        except NotWrittenError as error:
            yield _held(result, error.note, reason=error.reason)
            continue
        if known and state == "same":
            yield Pressed(result, "unchanged", known.path)
        elif known and state == "changed":
            yield Pressed(result, "kept", known.path, (note("kept", _about(result), file=known.path),))
        else:
            waiting.append((result, key, Finished(data, result.signers)))
    yield from _filed(folder, waiting, workers)


def _filed(folder: Folder, waiting: Sequence[tuple[Result, str, Finished]], workers: int) -> Iterator[Pressed]:
    sources, readable = [], []
    for result, key, finished in waiting:
        try:
            sources.append(_source(finished))
            readable.append((result, key))
        except ReadError:  # somebody put something else there
            yield _held(result, "no pdf", file=result.path)
    made = convert.convert(sources, workers=workers) if sources else []
    for (result, key), one in zip(readable, made, strict=True):
        if one.fault:
            codes = ", ".join(f"U+{ord(character):04X}" for character in one.characters)
            yield _held(result, _FAULTS[one.fault], file=result.path, characters=codes)
            continue
        try:
            name = f"{result.stem}.pdf"
            entry = folder.put(_owner(result), name, one.data, key=key, document=result.document)
        except NotWrittenError as error:
            yield _held(result, error.note, reason=error.reason)
            continue
        yield Pressed(result, "made", entry.path, _beside(folder, entry, result))


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
