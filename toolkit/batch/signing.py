"""Signing and verifying files: what is read, written and walked through around `toolkit.sign`."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from msgspec import Struct

from toolkit.batch.folder import MANIFEST, reason, write_whole
from toolkit.batch.names import PRINT_ALL, SUPERSEDED
from toolkit.errors import ReadError, SignError, WriteError
from toolkit.pdf import fonts
from toolkit.pdf.protect import encrypted

try:
    from toolkit.sign import keys, signing, verifying
    from toolkit.sign.form import PasswordNeededError
    from toolkit.sign.signing import Recorded
    from toolkit.sign.stamp import Faces
except ModuleNotFoundError as error:
    raise SignError(
        f"Signing and verifying need a further part of the program ({error.name}). Install it with: "
        "pip install 'plankit[sign]'"
    ) from error

__all__ = ["Checked", "PasswordNeededError", "Recorded", "encrypt", "read", "sign", "verify"]

_NUMBER = r"(-\d+)?"  # of a file that stands beside somebody's own
_DRAFT = re.compile(rf".*-DRAFT{_NUMBER}\.\w+")


class Checked(Struct, frozen=True):
    """One file of a packet, and what was found out about it."""

    path: Path
    found: verifying.Verified


def encrypt(path: Path, password: str, out: Path) -> None:
    """Write an encrypted copy of the PDF at ``path`` to ``out``, which must not be there yet."""
    _hold_free(out)
    try:
        _write(out, encrypted(read(path), password))
    except ReadError as error:
        raise ReadError(f"{path}: {error}") from error


def sign(
    path: Path,
    role: str,
    key_file: Path,
    key_password: str,
    *,
    now: datetime,
    out: Path | None = None,
    recorded: Recorded | None = None,
    credential: str = "",
    password: str | None = None,
) -> tuple[verifying.Verified, tuple[str, ...]]:
    """Sign the PDF at ``path`` as ``role``, in its place or into the new file ``out``.

    Returns what `toolkit.sign.verifying.verify` says of the signed file, and what one should know about the key.
    Raises PasswordNeededError where the file is encrypted and ``password`` does not open it.
    """
    if out is not None:
        _hold_free(out)
    data = read(path)
    key = keys.load(read(key_file), key_password, now=now, name=key_file.name)
    try:
        signed = signing.sign(
            data, role, key, now=now, faces=_faces(), recorded=recorded, credential=credential, password=password
        )
    except PasswordNeededError:
        raise
    except SignError as error:
        raise SignError(f"{path}: {error}") from error
    found = verifying.verify(signed, now=now, password=password)
    if any(one.role == role and not one.holds for one in found.signatures):
        raise SignError(f"{path}: the new signature does not hold, so nothing was written. Make the document again.")
    _write(out or path, signed)
    notes = (f"{key_file.name} is self-signed: nobody but its holder vouches for the name.",) if key.self_signed else ()
    return found, notes


def verify(
    path: Path,
    *,
    now: datetime,
    trusted: Sequence[Path] = (),
    password: str | None = None,
    companions: Iterable[str] = (),
) -> tuple[Checked, ...]:
    """Return what was found out about the PDF at ``path``, or about each document of the packets in a folder.

    ``trusted`` are files with the certificates that the clinic trusts. What is replaced, flat, or for the printer only
    is passed over, and so are the ``companions`` of documents, by their names, for nobody signs them; what is a draft,
    on paper, or gone is told. Raises ReadError where there is nothing to verify.
    """
    roots = [item for file in trusted for item in keys.certificates(read(file), file.name)]
    if not path.is_dir():
        return (Checked(path, verifying.verify(read(path), now=now, trusted=roots, password=password)),)
    documents = sorted(_documents(path, _passed(companions)))
    if not documents:
        raise ReadError(f"{path} holds no document that could be signed. Give the folder with the PDFs, or one PDF.")
    return tuple(
        Checked(file, verifying.Verified(fault=fault))
        if fault
        else Checked(file, verifying.verify(read(file), now=now, trusted=roots, password=password))
        for file, fault in documents
    )


def _passed(companions: Iterable[str]) -> re.Pattern[str]:
    """Return how the files are called that nobody signs."""
    named = "".join(rf"|{re.escape(name)}(-\d{{4}}-\d\d-\d\d)?(-DRAFT)?{_NUMBER}\.(pdf|docx)" for name in companions)
    return re.compile(rf"(.*-flat|{PRINT_ALL.removesuffix('.pdf')}){_NUMBER}\.pdf{named}", re.I)


def _documents(folder: Path, passed: re.Pattern[str]) -> Iterator[tuple[Path, str]]:
    """Yield each document below ``folder``, with why it cannot be verified where that is so."""
    seen: set[Path] = set()
    for file in folder.rglob("*"):
        inside = file.relative_to(folder)
        if not file.is_file() or SUPERSEDED in inside.parts or file.name.startswith((".", "~$")):
            continue
        if file.suffix.lower() not in (".pdf", ".docx") or passed.fullmatch(file.name):
            continue
        seen.add(inside)
        if _DRAFT.fullmatch(file.name):
            yield file, "is a draft: it is not ready to sign"
        elif file.suffix.lower() == ".pdf":
            yield file, ""
        elif not file.with_suffix(".pdf").is_file():
            yield file, "is a Word file: what was signed on its print cannot be seen here"
    for name in _listed(folder / MANIFEST):
        if Path(name) not in seen and name.endswith(".pdf") and not passed.fullmatch(Path(name).name):
            yield folder / name, "was made, but is not there any more"


def _listed(manifest: Path) -> Iterator[str]:
    """Yield the paths of the files that ``plankit make`` wrote, as its manifest lists them."""
    with suppress(OSError, ValueError, RecursionError):
        content = json.loads(manifest.read_text(encoding="utf-8"))
        files = content.get("files", ()) if isinstance(content, Mapping) else ()
        yield from (file["path"] for file in files if isinstance(file, Mapping) and isinstance(file.get("path"), str))


def _faces() -> Faces:
    """Return the faces of stamps: those that come along, then the clinic's own."""
    own = (fonts.FOLDER / name for name in (fonts.REGULAR, fonts.SYMBOLS))
    further = (file for file in fonts.named_files() if file.suffix.lower() == ".ttf")  # a stamp takes no collection
    return Faces([read(file) for file in (*own, *further)])


def read(path: Path) -> bytes:
    """Return the content of a file; raises ReadError with the way out."""
    try:
        return path.read_bytes()
    except FileNotFoundError as error:
        raise ReadError(f"{path} is not there. Check its name and folder.") from error
    except OSError as error:
        raise ReadError(f"{path} cannot be read: {reason(error)}. Close it in other programs and run again.") from error


def _hold_free(path: Path) -> None:
    """Raise WriteError where something stands at ``path``."""
    if os.path.lexists(path):
        raise WriteError(f"{path} is there already. Give another name with -o, or move it away first.")


def _write(path: Path, data: bytes) -> None:
    try:
        write_whole(path, [data])
    except OSError as error:
        raise WriteError(
            f"{path} cannot be written: {reason(error)}. Close it in other programs, or choose another name with -o."
        ) from error
