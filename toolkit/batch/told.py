"""The findings of a run as they come: each once, and all of them in little room."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain

from toolkit.audit import merged
from toolkit.model import Finding, Place
from toolkit.packed import Listing, Packed


class Told(Listing[Finding]):
    """Findings, those of no single record first, and then those of each record in the order in which they came."""

    def __init__(self, findings: Iterable[Finding] = ()) -> None:
        self._common: tuple[Finding, ...] = ()
        self._met: set[tuple[str, Place, str, str, tuple[str, ...]]] = set()
        """What is among these."""
        self._own: Packed[Finding] = Packed()
        self.add(findings)

    def add(self, findings: Iterable[Finding]) -> None:
        """Add what there is to tell of one record or of the run; what concerns no single record may come with each."""
        several = list(findings)
        self._own.extend(merged(finding for finding in several if finding.record))
        common = {_of(finding): finding for finding in several if not finding.record}
        if news := common.keys() - self._met:
            self._met |= news
            self._common = merged((*self._common, *(finding for what, finding in common.items() if what in news)))

    def __iter__(self) -> Iterator[Finding]:
        return chain(self._common, self._own)

    def __len__(self) -> int:
        return len(self._common) + len(self._own)


def _of(finding: Finding) -> tuple[str, Place, str, str, tuple[str, ...]]:
    return finding.code, finding.place, finding.subject, finding.text, finding.documents
