"""A workbook that asks for more than the one in which somebody's clients stand."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path

from toolkit import intake, reference
from toolkit.intake.wider import Old, Wider
from toolkit.model import Batch
from toolkit.shelf import Shelf

_LEVEL = "episode.level_of_care"


def widened(
    source: Path,
    shelf: Shelf,
    *,
    today: date,
    documents: Sequence[str] = (),
    populations: Iterable[str] = (),
    level: str = "",
    full: bool = False,
    payer: str = "default",
) -> Wider:
    """Return the workbook that asks for ``documents`` and ``populations`` beside what ``source`` asks and needs.

    What it needs is told by its clients: the populations that they are of ``today``, and a level of care above
    outpatient where ``level`` does not name one. Raises ReadError and WriteError with the way out.
    """
    everything = shelf.all()
    old = Old(source, everything)
    clients = intake.read(source, everything)
    packs = {everything.fields[path].pack for path in old.paths if path in everything.fields}
    packs |= {pack for record in clients for pack in shelf.populations(record, today)} | {*populations}
    first = next(iter(shelf.packs))
    of_all = [pack for pack in shelf.packs if full or pack in packs or pack == first]
    dated = [name for name, document in everything.dated.items() if document.date in old.paths]
    asked = dict.fromkeys((*dated, *documents)) or dict.fromkeys(list(everything.dated)[:1])
    return old.wider(
        shelf.compose(of_all, payer),
        documents=[name for name in everything.dated if name in asked],
        level=level or _level(clients),
        full=full,
    )


def _level(clients: Batch) -> str:
    """Return a level of care above outpatient that a client is in, else outpatient."""
    above = {level.key for level in reference.levels_of_care() if level.above_outpatient}
    typed = (record.get(_LEVEL) for record in clients)
    return next((str(level) for level in typed if str(level) in above), "OP")
