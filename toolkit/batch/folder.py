"""The output folder: files that are never half written, never lost, and never somebody else's."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, Literal

from msgspec.structs import asdict

from toolkit.batch.entries import Entries, Entry, entry_of
from toolkit.batch.names import SUPERSEDED
from toolkit.errors import WriteError

MANIFEST = "manifest.json"
JOURNAL = ".plankit.journal"
TEMPORARY = ".plankit.tmp"

State = Literal["same", "changed", "gone"]
"""A file beside what we wrote: as we wrote it, changed or replaced by someone, or not there."""

_ENTRY = '  {"document": '  # how the line of a file begins in the manifest; what else it says stands in other lines
_HOPELESS = {errno.ENOSPC, errno.EROFS, errno.EIO, getattr(errno, "EDQUOT", errno.ENOSPC)}


class NotWrittenError(Exception):
    """Raised when one file cannot be read, written or moved, while others may; ``note`` names what there is to tell."""

    def __init__(self, error: OSError) -> None:
        self.reason = reason(error)
        blocked, is_open = isinstance(error, FileExistsError), isinstance(error, PermissionError)
        self.note = "blocked" if blocked else "open" if is_open else "not written"


class Folder:
    """The output folder during one run. Use it in a ``with`` statement: it belongs to one run at a time.

    Every file goes through `put`: first a line in a journal, then a temporary file, then a move. A run that was
    killed leaves its journal; the next run reads there which files are ours, and clears what was left half written.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self.damaged = False
        """True when a manifest was there that could not be read, or not whole."""
        self._shown = root
        self._entries = Entries()
        self._journal = -1

    def __enter__(self) -> Folder:
        """Take the folder for this run; raises WriteError when it cannot be written or another run has it."""
        try:
            self.root.mkdir(parents=True, exist_ok=True)
            self.root = self.root.resolve()
            self._journal = self._locked_journal()
            self._load()
            self._recover()
            if os.path.lexists(self.root / SUPERSEDED) and not self._is_real(SUPERSEDED):
                raise WriteError(f"{self._shown / SUPERSEDED} is not a plain folder. Move it away and run again.")
        except WriteError:
            self._release(remove=False)
            raise
        except OSError as error:
            self._release(remove=False)
            raise WriteError(
                f"{self._shown} cannot be written: {reason(error)}. Choose another output folder."
            ) from error
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Let go of the folder. After a fault the journal stays: it tells the next run which files are ours."""
        self._release(remove=kind is None)

    def leave(self) -> None:
        """Leave the folder's lock to the process that writes: for one that was forked from it and only looks."""
        os.close(self._journal)
        self._journal = -1

    # --- what is known ---------------------------------------------------------------------------------------------

    @property
    def clients(self) -> Iterator[str]:
        """The names of the client folders that the manifest knows, in the order of the alphabet."""
        return filter(None, self._entries.folders)

    def entries(self, folder: str) -> tuple[Entry, ...]:
        """Return what we wrote into the client folder ``folder``."""
        return self._entries.of(folder)

    def find(self, folder: str, name: str) -> Entry | None:
        """Return what we wrote there under the plain name ``name``, or None."""
        return self._entries.find(folder, name)

    def holds(self, entry: Entry) -> bool:
        """Tell whether something stands where ``entry`` was written."""
        return os.path.lexists(self.root / entry.path)

    def state(self, entry: Entry) -> State:
        """Tell what became of a file that we wrote; raises NotWrittenError where it cannot be read."""
        with self._one_file():
            return self._state(entry)

    def digest(self, entry: Entry) -> str | None:
        """Return the digest of what stands where ``entry`` was written, None for nothing; raises as `state`."""
        with self._one_file():
            return self._digest(self.root / entry.path)

    def read(self, entry: Entry) -> bytes:
        """Return what stands where ``entry`` was written; raises as `state`."""
        with self._one_file():
            return (self.root / entry.path).read_bytes()

    def _state(self, entry: Entry) -> State:
        found = self._digest(self.root / entry.path)
        return "gone" if found is None else "same" if found == entry.sha256 else "changed"

    def stands_beside(self, entry: Entry) -> bool:
        """Tell whether ``entry`` has a number in its name because somebody's file stands at the plain one."""
        plain = self.root / entry.folder / entry.name
        return plain != self.root / entry.path and os.path.lexists(plain)

    # --- writing ---------------------------------------------------------------------------------------------------

    def put(self, folder: str, name: str, data: bytes, *, key: str, document: str = "") -> Entry:
        """Write ``data`` as ``folder/name``, or with a number in its name where somebody's file stands there.

        Raises NotWrittenError where this file cannot be written (it is open elsewhere; the client's folder is a file
        or a link), and WriteError where no file can.
        """
        with self._one_file():
            self._make(folder)
            entry = self._entry(folder, name, document, hashlib.sha256(data).hexdigest(), key)
            if self._digest(self.root / entry.path) != entry.sha256:
                self._note(entry)
                write_whole(self.root / entry.path, (data,))
        self._entries.put(folder, entry)
        return entry

    def put_written(self, folder: str, name: str, write: Callable[[BinaryIO], None], *, key: str) -> Entry:
        """Do what `put` does with a file that is too large to be held: ``write`` writes it. Raises as `put`."""
        with self._one_file():
            self._make(folder)
            temporary = self.root / folder / TEMPORARY
            temporary.unlink(missing_ok=True)
            try:
                with temporary.open("xb") as file:
                    write(file)
                entry = self._entry(folder, name, "", self._digest(temporary) or "", key)
                if self._digest(self.root / entry.path) != entry.sha256:
                    self._note(entry)
                    temporary.replace(self.root / entry.path)
            finally:
                with suppress(OSError):
                    temporary.unlink(missing_ok=True)
        self._entries.put(folder, entry)
        return entry

    def _entry(self, folder: str, name: str, document: str, sha256: str, key: str) -> Entry:
        """Return what the file of that content is to be called."""
        known = self.find(folder, name)
        path = known.path if known and self._state(known) == "same" else self._free(folder, name, sha256)
        return Entry(path, name, document, sha256, key)

    def retire(self, entry: Entry) -> str | None:
        """Move a file of ours to ``superseded/`` and forget it; return its new path.

        None where it is gone, or where someone changed it: then it stays where it is, and stays known. Raises
        NotWrittenError where it cannot be moved (it is open elsewhere).
        """
        with self._one_file():
            state, moved = self._state(entry), None
            if state == "same":
                folder = f"{SUPERSEDED}/{entry.folder}".rstrip("/")
                self._make(folder)
                moved = self._free(folder, entry.path.rpartition("/")[2])
                (self.root / entry.path).rename(self.root / moved)
        if state != "changed":
            self._entries.drop(entry)
        return moved

    def close(self, head: Mapping[str, Any]) -> None:
        """Write the manifest: ``head`` and every file of ours. It is not touched where it says the same already."""
        path = self.root / MANIFEST
        try:
            with self._one_file():
                if self.damaged:
                    self._make(SUPERSEDED)
                    path.rename(self.root / self._free(SUPERSEDED, MANIFEST))
                sha256 = hashlib.sha256()
                for line in self._manifest(head):
                    sha256.update(line)
                if self._digest(path) != sha256.hexdigest():
                    write_whole(path, self._manifest(head))
        except NotWrittenError as error:
            raise WriteError(f"{self._shown / MANIFEST} cannot be written: {error.reason}. Run again.") from error

    def _manifest(self, head: Mapping[str, Any]) -> Iterator[bytes]:
        """Yield the manifest: a file of ours a line, so that it need not be held whole to be written or read."""
        before, _, after = json.dumps({**head, "files": [None]}, indent=1, sort_keys=True).partition("\n  null")
        yield before.encode("ascii")
        for number, entry in enumerate(self._entries):
            yield f"{',' if number else ''}\n  {json.dumps(asdict(entry), sort_keys=True)}".encode("ascii")
        yield f"{after}\n".encode("ascii")

    def _make(self, folder: str) -> None:
        path = self.root / folder
        is_new = "/" not in folder and not path.exists()  # then it is made right here, and no link
        path.mkdir(parents=True, exist_ok=not is_new)
        if not (is_new or self._is_real(folder)):
            raise FileExistsError(errno.EEXIST, "it is a link to another place")

    def _is_real(self, folder: str) -> bool:
        """Tell whether ``folder`` is a folder inside this one, and no link that leads out of it."""
        path = self.root / folder
        return path.is_dir() and path.resolve() == path

    def _free(self, folder: str, name: str, sha256: str = "") -> str:
        """Return the first path for ``name`` at which nothing stands, or exactly what would be written."""
        stem, ending = name.rsplit(".", 1)
        number, file = 1, name
        while (found := self._digest(self.root / folder / file)) is not None and found != sha256:
            number += 1
            file = f"{stem}-{number}.{ending}"
        return f"{folder}/{file}" if folder else file

    def _digest(self, path: Path) -> str | None:
        """Return a file's digest, None where nothing stands, ``"-"`` for what is no file inside this folder."""
        if not os.path.lexists(path):
            return None
        if not path.is_file() or path.resolve() != path:
            return "-"
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()

    @contextmanager
    def _one_file(self) -> Iterator[None]:
        """Tell a fault of one file from one that no other file would escape, such as a full disk."""
        try:
            yield
        except OSError as error:
            if error.errno in _HOPELESS:
                raise WriteError(f"{self._shown} cannot be written any more: {reason(error)}.") from error
            raise NotWrittenError(error) from error

    # --- manifest, journal, lock -----------------------------------------------------------------------------------

    def _load(self) -> None:
        path = self.root / MANIFEST
        if not os.path.lexists(path):
            return
        try:
            for entry in _entries(path):
                self.damaged |= entry is None
                if entry:
                    self._entries.put(entry.folder, entry)
        except (OSError, ValueError, KeyError, TypeError, RecursionError):
            self.damaged, self._entries = True, Entries()

    def _recover(self) -> None:
        """Take over what a killed run wrote, and clear what it left half written."""
        (self.root / TEMPORARY).unlink(missing_ok=True)
        with (self.root / JOURNAL).open(encoding="utf-8", errors="replace") as lines:
            for line in lines:
                try:
                    entry = entry_of(json.loads(line))
                except (ValueError, RecursionError):
                    continue
                if entry and self._is_real(entry.folder):
                    (self.root / entry.folder / TEMPORARY).unlink(missing_ok=True)
                    if self._state(entry) == "same":
                        self._entries.put(entry.folder, entry)

    def _note(self, entry: Entry) -> None:
        os.write(self._journal, json.dumps(asdict(entry)).encode("ascii") + b"\n")

    def _locked_journal(self) -> int:
        """Open the journal and lock it; the system lets go of the lock when a run ends, however it ends."""
        path = self.root / JOURNAL
        while True:
            if path.is_symlink():
                path.unlink()
            journal = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o666)
            try:
                _lock(journal)
            except OSError as error:
                os.close(journal)
                raise WriteError(
                    f"Another run is writing to {self._shown}. Wait until it has finished, or choose another folder."
                ) from error
            with suppress(FileNotFoundError):
                if path.stat().st_ino == os.fstat(journal).st_ino:
                    return journal
            os.close(journal)  # the run before removed it after we had opened it

    def _release(self, remove: bool) -> None:
        if self._journal < 0:
            return
        remove = remove or os.fstat(self._journal).st_size == 0
        if sys.platform == "win32":  # there an open file cannot be removed
            os.close(self._journal)
        with suppress(OSError):
            if remove:
                (self.root / JOURNAL).unlink(missing_ok=True)
        if sys.platform != "win32":
            os.close(self._journal)
        self._journal = -1


def _entries(path: Path) -> Iterator[Entry | None]:
    """Yield each file that the manifest ``path`` names, None for what is none of ours; raises where it is damaged."""
    rest = []
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            if line.startswith(_ENTRY):
                yield entry_of(json.loads(line.rstrip(",\n")))
            else:
                rest.append(line)
    yield from map(entry_of, json.loads("".join(rest))["files"])


def _lock(file: int) -> None:
    """Lock an open file, or raise OSError when it is locked; a file system that has no locks is used without."""
    if sys.platform == "win32":
        import msvcrt

        os.lseek(file, 1 << 30, os.SEEK_SET)
        msvcrt.locking(file, msvcrt.LK_NBLCK, 1)
    else:
        import fcntl

        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            if error.errno in (errno.EWOULDBLOCK, errno.EACCES):
                raise


def write_whole(path: Path, pieces: Iterable[bytes]) -> None:
    """Write a file under a temporary name and move it, so that it is never there half written; raises OSError."""
    temporary = path.with_name(TEMPORARY)
    try:
        temporary.unlink(missing_ok=True)
        with temporary.open("xb") as file:
            file.writelines(pieces)
        temporary.replace(path)
    except BaseException:  # Ctrl-C, too
        with suppress(OSError):
            temporary.unlink(missing_ok=True)
        raise


def reason(error: OSError) -> str:
    """Return the system's own words for a fault, without the path that may stand beside them."""
    return (error.strerror or "the system refused").lower()
