"""print-all.pdf: the PDFs of all documents of a run that are ready, in one file for the printer, behind a list."""

from __future__ import annotations

from collections.abc import Sequence
from typing import BinaryIO

from msgspec import Struct

from toolkit import __version__
from toolkit.batch.entries import Entry
from toolkit.batch.folder import Folder, NotWrittenError
from toolkit.batch.names import PRINT_ALL
from toolkit.batch.notes import About, note
from toolkit.batch.press import digest
from toolkit.errors import ReadError
from toolkit.model import Finding
from toolkit.pdf.cover import Column, Table, draw, pages
from toolkit.pdf.fonts import Faces, named_files
from toolkit.pdf.printing import PrintFile, hold_printable
from toolkit.report import Outcome, Result
from toolkit.report.outcome import many, signs

_TITLE = "Documents to print"
_IN = (Column("Client", 80), Column("Document", 140), Column("Pages", 34), Column("Begins on page", 68),
       Column("Who signs", 200))  # fmt: skip
_OUT = Column("Client", 90), Column("Document", 150), Column("File", 282)


class _Listed(Struct, frozen=True):
    """A document as the cover lists it."""

    client: str
    title: str
    signers: str
    path: str
    """Of its PDF; of the file that there is where it is not in the file for the printer."""
    sha256: str = ""


def filed(folder: Folder, outcome: Outcome, asked: bool) -> tuple[str, list[Finding]]:
    """File the PDFs of all documents of ``outcome`` that are ready as one; return its path and what there is to tell.

    Where it says the same already it is left as it is. In a run that was not ``asked`` for PDFs, and where none is
    there, an earlier one that says something else is moved away. The path is empty where there is none.
    """
    known = folder.find("", PRINT_ALL)
    try:
        faces = Faces(named_files())
        listed, left, told = _sorted(folder, outcome, faces)
        notes = _notes(outcome)
        key = digest((__version__, notes, listed, left))
        state = folder.state(known) if known else "gone"
        if known and known.key == key and state != "gone":
            return known.path, [*told, *([note("kept", file=known.path)] if state == "changed" else [])]
        if not asked or not listed:
            return "", [*told, *(_retired(folder, known) if known else [])]
        made = _Made(folder, faces, listed, left, notes)
        entry = folder.put_written("", PRINT_ALL, made.write, key=key)
        told += [_not_in(one) for one in made.refused]
        beside = [note("beside", plain=PRINT_ALL, file=entry.path)] if folder.stands_beside(entry) else []
        return entry.path, [*told, *beside]
    except NotWrittenError as error:
        return "", [note("not refreshed", plain=PRINT_ALL, reason=error.reason)]


def _sorted(folder: Folder, outcome: Outcome, faces: Faces) -> tuple[list[_Listed], list[_Listed], list[Finding]]:
    """Return what goes into the file, what does not though it is ready, and what there is to tell of that."""
    listed: list[_Listed] = []
    left: list[_Listed] = []
    told: list[Finding] = []
    for one in outcome.ready:
        owner = one.path.rpartition("/")[0]
        entry = folder.find(owner, f"{one.stem}.pdf") if "pdf" not in one.lacking else None
        sha256 = folder.digest(entry) if entry else None
        if not entry or not sha256 or _edited_in_word(folder, one):
            left.append(_listed(one, one.path, faces))
        elif sha256 != entry.sha256 and not _printable(folder, entry):
            left.append(_listed(one, entry.path, faces))
            told.append(_not_in(left[-1], one))
        else:
            listed.append(_listed(one, entry.path, faces, sha256))
    return listed, left, told


def _listed(one: Result, path: str, faces: Faces, sha256: str = "") -> _Listed:
    signers = (signs(signer) if not faces.lacks(signs(signer)) else signer.label
               for signer in one.signers if not signer.reason_absent)  # fmt: skip
    return _Listed(
        _drawable(faces, one.client, path.rpartition("/")[0]),
        _drawable(faces, one.dated_title, one.stem),
        "\n".join(_drawable(faces, signer, "") for signer in signers),
        path,
        sha256,
    )


def _drawable(faces: Faces, text: str, instead: str) -> str:
    return instead if faces.lacks(text) else text


def _edited_in_word(folder: Folder, one: Result) -> bool:
    """Tell whether somebody changed the Word file of a document, which its PDF then does not say."""
    entry = folder.find(one.path.rpartition("/")[0], f"{one.stem}.docx") if one.change == "kept" else None
    return entry is not None and folder.state(entry) == "changed"


def _printable(folder: Folder, entry: Entry) -> bool:
    """Tell whether a PDF that somebody signed or changed can be printed with others."""
    try:
        hold_printable(folder.read(entry))
    except ReadError:
        return False
    return True


def _not_in(one: _Listed, result: Result | None = None) -> Finding:
    about = About(result.record, result.initials, document=result.document, title=result.title) if result else About()
    return note("not printed with others", about, file=one.path)


def _retired(folder: Folder, entry: Entry) -> list[Finding]:
    """Move an earlier file away, which says what is no longer so."""
    moved = folder.retire(entry)
    return [note("stays", file=entry.path)] if moved is None and folder.find("", PRINT_ALL) else []


def _notes(outcome: Outcome) -> list[str]:
    """Return what the cover says of what is not in the file."""
    held, earlier = len(outcome.held), len(outcome.earlier)
    notes = ["Nothing can be filled in here. The files to fill in and to sign on a screen are in the clients’ folders."]
    if held:
        notes.append(f"{many(held, 'document')} held: not in this file. The report, report.xlsx, says why.")
    if earlier:
        notes.append(f"{many(earlier, 'file')} of earlier runs in the same folder: not in this file.")
    return notes


class _Made:
    """The file being made."""

    def __init__(
        self, folder: Folder, faces: Faces, listed: Sequence[_Listed], left: Sequence[_Listed], notes: Sequence[str]
    ) -> None:
        self._folder, self._faces = folder, faces
        self._listed, self._left, self._notes = listed, left, notes
        self.refused: list[_Listed] = []
        """What could not be added after all."""

    def write(self, file: BinaryIO) -> None:
        """Write the file for the printer."""
        whole = PrintFile(file)
        added: list[tuple[_Listed, int]] = []
        for one in self._listed:
            try:
                added.append((one, whole.add((self._folder.root / one.path).read_bytes(), _bookmark(one))))
            except ReadError:
                self.refused.append(one)
        tables = [_contents(added, 0), *self._others()]
        notes = [_how_many([count for _, count in added]), *self._notes]
        before = pages(self._faces, _TITLE, notes, tables)
        tables[0] = _contents(added, before + before % 2)
        whole.finish(_TITLE, draw(self._faces, _TITLE, notes, tables, whole.following))

    def _others(self) -> list[Table]:
        rows = [(one.client, one.title, one.path) for one in (*self._left, *self.refused)]
        return [Table("Ready, but not in this file: print these by themselves", _OUT, rows)] if rows else []


def _contents(added: Sequence[tuple[_Listed, int]], before: int) -> Table:
    """Return the table of what is in the file, in which ``before`` pages stand before all documents."""
    rows = []
    for one, count in added:
        rows.append((one.client, one.title, str(count), str(before + 1), one.signers))
        before += count + count % 2
    return Table("In this file", _IN, rows)


def _how_many(counts: Sequence[int]) -> str:
    blank = sum(count % 2 for count in counts)
    said = f" {many(blank, 'blank page')} inserted for that." if blank else ""
    return (
        f"{many(len(counts), 'document')}, {many(sum(counts), 'page')}. Print on both sides, flipped on the long edge: "
        f"each document begins on the front of a sheet.{said}"
    )


def _bookmark(one: _Listed) -> str:
    return f"{one.client} · {one.title}"
