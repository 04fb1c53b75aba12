"""The findings of a run as they come: each once, and all of them in little room."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Any

from toolkit.audit import merge_into, merged
from toolkit.model import Finding
from toolkit.packed import Listing, Packed


class Told(Listing[Finding]):
    """Findings, those of no single record first, and then those of each record in the order in which they came."""

    def __init__(self, findings: Iterable[Finding] = ()) -> None:
        self._common: dict[tuple[Any, ...], Finding] = {}
        self._own: Packed[Finding] = Packed()
        self.add(findings)

    def add(self, findings: Iterable[Finding]) -> None:
        """Add what there is to tell of one record or of the run; what concerns no single record may come with each."""
        several = list(findings)
        self._own.extend(merged(finding for finding in several if finding.record))
        merge_into(self._common, (finding for finding in several if not finding.record))

    def __iter__(self) -> Iterator[Finding]:
        return chain(self._common.values(), self._own)

    def __len__(self) -> int:
        return len(self._common) + len(self._own)
