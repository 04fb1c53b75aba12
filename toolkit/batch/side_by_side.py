"""Several payers side by side: what each of them finds, and what only some of them do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from toolkit.audit import by_place, merged
from toolkit.batch.run import judge
from toolkit.model import Batch, Finding
from toolkit.report import Outcome, Result, Tally
from toolkit.shelf import Shelf


def side_by_side(
    batch: Batch,
    shelf: Shelf,
    *,
    payers: Sequence[str],
    today: date,
    documents: tuple[str, ...] | None = None,
    waivers: Path | None = None,
    jobs: int = 0,
) -> Outcome:
    """Return what `judge` finds under each of ``payers``, as one outcome with a tally of each; the rest is as there.

    A finding of all of them stands there once; one of some names these. A document is ready where it is for all.
    """
    called = Counter(shelf.payer(name).title for name in dict.fromkeys(payers))
    outcomes = {}
    for name in payers:
        title = shelf.payer(name).title
        title = title if called[title] == 1 else f"{title} ({name})"
        outcomes[title] = judge(
            batch,
            shelf,
            today=today,
            documents=documents,
            payer=name,
            waivers=waivers,
            jobs=jobs,
        )
    findings = sorted(_together(outcomes), key=by_place(shelf.all()))
    tallies = tuple(_tally(title, outcome) for title, outcome in outcomes.items())
    records = max(outcome.records for outcome in outcomes.values())
    return Outcome(_results(outcomes.values()), findings, records, by_payer=tallies)


def _together(outcomes: Mapping[str, Outcome]) -> list[Finding]:
    """Return the findings of all ``outcomes``, each once, with the titles of those that have it where not all do.

    What is quiet only because a blank is told at the same cell already is not what the others alone ask.
    """
    found: dict[tuple[Any, ...], list[tuple[str, Finding]]] = {}
    blank: dict[tuple[Any, ...], set[tuple[str, str]]] = {}
    for title, outcome in outcomes.items():
        for item in outcome.findings:
            key = (item.code, item.level, item.record, item.place, item.subject, item.text, item.waived)
            found.setdefault(key, []).append((title, item))
            if item.level == "error" and item.path:
                blank.setdefault(_cell(item), set()).add((title, item.code))
    once = []
    for several in found.values():
        item = several[0][1]
        quiet = {title for title, code in blank.get(_cell(item), ()) if item.level != "error" and code != item.code}
        once.append(_once(several, outcomes.keys(), quiet))
    return once


def _cell(item: Finding) -> tuple[Any, ...]:
    return item.record, item.path, item.place


def _once(several: Sequence[tuple[str, Finding]], titles: Collection[str], quiet: Collection[str]) -> Finding:
    """Return one finding of ``several``, which names those of ``titles`` that have it where the others do not."""
    having = [title for title in titles if title in quiet or any(title == one for one, _ in several)]
    parts = dict.fromkeys(part for _, item in several for part in item.source.split("; ") if part)
    (first,) = merged(replace(item, payers=(), source="; ".join(parts)) for _, item in several)
    return replace(first, payers=tuple(having) if len(having) < len(titles) else ())


def _results(outcomes: Iterable[Outcome]) -> list[Result]:
    """Return a result for each document: held where it is under any of the payers."""
    found: dict[tuple[str, str, int], Result] = {}
    for outcome in outcomes:
        seen = Counter[tuple[str, str]]()  # of two clients with one id each keeps its own
        for one in outcome.results:
            key = (one.record, one.stem, seen[one.record, one.stem])
            seen[one.record, one.stem] += 1
            known = found.setdefault(key, one)
            held = known if known.change == "held" else one
            found[key] = replace(held, findings=merged((*known.findings, *one.findings)))
    return list(found.values())


def _tally(title: str, outcome: Outcome) -> Tally:
    levels = Counter(finding.level for finding in outcome.findings if not finding.waived)
    return Tally(title, levels["error"], levels["warning"], len(outcome.ready), len(outcome.held))
