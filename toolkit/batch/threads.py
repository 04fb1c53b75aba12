"""The threads of plans without their documents: told in words, and drawn as SVG files of their own."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date
from pathlib import Path

from msgspec import Struct

from toolkit.batch.drawn import Drawer
from toolkit.batch.folder import reason, write_whole
from toolkit.batch.names import Slugs
from toolkit.batch.run import auditor_for
from toolkit.derive import initials
from toolkit.errors import WriteError
from toolkit.kinds import show
from toolkit.model import Batch, Case
from toolkit.shelf import Shelf
from toolkit.thread import Thread, document, thread
from toolkit.thread.svg import svg


class Followed(Struct, frozen=True):
    """The thread of one plan, of whom and when it is, and its case."""

    who: str
    title: str
    thread: Thread
    case: Case


def follow(
    batch: Batch, shelf: Shelf, *, today: date, payer: str = "default", clients: Collection[str] = ()
) -> Iterator[Followed]:
    """Yield the thread of each plan in ``batch``; with ``clients`` (their ids) of theirs alone."""
    auditor = auditor_for(shelf, batch, today, (document(),), payer)
    shared = auditor.batch(batch)
    for record in batch:
        if clients and record.id not in clients:
            continue
        for case in auditor.judge(record, shared).cases:
            title = f"{case.wanted.document.title} of {show(case.wanted.day)}"
            yield Followed(f"{record.id} {initials(record)}".strip(), title, thread(case.record), case)


class Svgs:
    """Writes maps into a folder, each under the id of its client; what stands there already is never overwritten."""

    def __init__(self, shelf: Shelf, out: Path) -> None:
        self._drawer, self._out, self._slugs = Drawer(shelf), out, Slugs()

    def write(self, followed: Followed, title: str) -> list[Path]:
        """Write the pages of a map, called ``title``, and return their paths; raises WriteError where that fails."""
        drawn = self._drawer.map(followed.case, title)
        stem = self._slugs(followed.case.record.id)
        names = [f"{stem}-page-{number}" if number > 1 else stem for number in range(1, len(drawn.pages) + 1)]
        return [
            self._written(name, svg(page, drawn.color).encode()) for name, page in zip(names, drawn.pages, strict=True)
        ]

    def _written(self, name: str, data: bytes) -> Path:
        number, path = 1, self._out / f"{name}.svg"
        try:
            self._out.mkdir(parents=True, exist_ok=True)
            while path.exists() and path.read_bytes() != data:
                number += 1
                path = self._out / f"{name}-{number}.svg"
            if not path.exists():
                write_whole(path, (data,))
        except OSError as error:
            raise WriteError(f"{path} cannot be written: {reason(error)}. Choose another folder with -o.") from error
        return path
