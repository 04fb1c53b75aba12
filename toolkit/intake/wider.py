"""Somebody's clients again, in a workbook that asks for more: nothing that stands in the old one is lost.

A workbook is kept as it is and gets the sheets and columns that it lacks. Anything else (CSV, JSON, a folder, questions
and answers of one client) is written into a new workbook; what finds no place there is told.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path

from msgspec import Struct

from toolkit import intake
from toolkit.errors import WriteError
from toolkit.intake import blank, one_client, tables, xlsx
from toolkit.intake.assemble import RawRow
from toolkit.intake.blank import Additions, Standing
from toolkit.intake.marking import growing
from toolkit.intake.marking.package import WORKBOOK, Package
from toolkit.intake.tables import Found, Grid
from toolkit.model import CLIENT_ID, Definitions, Fact

_MOST_COLUMNS = 16_384
_NOT_CARRIED: Mapping[str, str] = {
    "unknown_sheet": "a sheet that is none of ours",
    "unknown_column": "a column that is none of ours",
    "unknown_key": "a name that is none of ours",
    "double_column": "a second column, or name, of this kind",
    "value_without_header": "what stands in this column has no header",
    "error_cell": "an error in place of an answer",
    "uncached_formula": "a formula without a result",
    "unreadable_file": "a file that cannot be read",
    "unreadable_cell": "what is no single answer",
}
"""Facts of what a reader met and gave to nobody, in words."""


class Wider(Struct, frozen=True):
    """The new workbook, what it has that the old one has not, and what of the old one it has not; each in words."""

    data: bytes
    added: Sequence[str] = ()
    left_out: Sequence[str] = ()
    kept: bool = False
    """True when it is the old workbook with more in it, not a new one with its answers."""
    macros: bool = False
    """True when it may hold macros: its name must end in .xlsm."""


class Old(Struct, frozen=True, dict=True):
    """What a wider workbook is made from; ``everything`` are the definitions that know all that may stand there."""

    path: Path
    everything: Definitions

    @cached_property
    def paths(self) -> frozenset[str]:
        """The paths of the answers that have a column there, filled or not, or are given.

        Raises ReadError as `intake.read` does.
        """
        if self._sheets is not None:
            return frozenset(path for found in self._sheets.values() for path in found.columns.values())
        return frozenset(path for row in self._raw.rows for path in (*row.origin.columns, *row.values))

    def wider(
        self, definitions: Definitions, *, documents: Sequence[str], level: str = "OP", full: bool = False
    ) -> Wider:
        """Return the workbook that asks for what ``definitions`` need too.

        Raises ReadError as `intake.read` does, WriteError where there is no room, or nothing to add.
        """
        if self._sheets is None:
            rows, facts = self._raw.rows, self._raw.facts
            data = blank.of_rows(rows, definitions, documents=documents, level=level, full=full)
            return Wider(data, left_out=list(_left_out(rows, facts, definitions)))
        standing = {sheet: _standing(found) for sheet, found in self._sheets.items()}
        more = blank.additions(standing, definitions, documents=documents, level=level, full=full)
        package = Package(self.path.read_bytes(), self.path.name)
        self._refuse(more, package)
        titles = {sheet: one.title for sheet, one in standing.items()}
        try:
            data = growing.grown(package, more.data, list(self.everything.sheets), titles)
        except (KeyError, IndexError, ValueError) as error:
            raise xlsx.damaged(self.path.name) from error
        return Wider(data, list(_added(more)), kept=True, macros="macroEnabled" in package.type_of(WORKBOOK))

    def _refuse(self, more: Additions, package: Package) -> None:
        if not more.sheets and not more.columns:
            raise WriteError(
                f"{self.path.name} has every sheet and column that is asked for here, so nothing was written. Say what "
                "else you need: a document with -d, a level of care with --level, or --full for all that there is."
            )
        taken = {sheet.name.casefold() for sheet in package.sheets()} & {name.casefold() for name in more.sheets}
        for name in more.sheets:
            if name.casefold() in taken:
                raise WriteError(
                    f"{self.path.name} has something else on a sheet called {name}. Rename that sheet in Excel, save, "
                    "and run the same command again."
                )

    @cached_property
    def _sheets(self) -> Mapping[str, Found] | None:
        """The sheets of a workbook with a sheet for each kind of answer, by name; None of anything else."""
        grids = self._grids()
        return None if not grids or one_client.recognises(grids) else tables.recognised(grids, self.everything) or None

    def _grids(self) -> tuple[Grid, ...]:
        if self.path.is_file() and self.path.suffix.casefold() in intake.WORKBOOKS:
            return xlsx.load(self.path.read_bytes(), self.path.name)
        return ()

    @cached_property
    def _raw(self) -> intake.Raw:
        return intake.raw(self.path, self.everything)


def _standing(found: Found) -> Standing:
    """Return where a sheet stands, and the first column right of all that is in it."""
    grid = found.grid
    if found.header is None:
        return Standing(grid.name, blank.HEADER_ROW, {}, 1)
    filled = (number for row in grid.rows for number, cell in enumerate(row, 1) if not tables.is_blank(cell))
    met = (column + 1 for cells in (grid.errors, grid.uncached) for _, column in cells)
    free = max((*filled, *met, *(block.right + 1 for block in grid.merged)), default=0) + 1
    if free > _MOST_COLUMNS // 2:
        raise WriteError(
            f"The sheet {grid.name} has no room right of what is in it. Clear what stands or is merged far to the "
            "right, save, and run the same command again."
        )
    columns = {path: column + 1 for column, path in found.columns.items()}
    return Standing(grid.name, found.header + 1, columns, free)


def _added(more: Additions) -> Iterator[str]:
    """Yield what is new, a line a sheet."""
    if more.sheets:
        yield f"New sheets: {', '.join(more.sheets)}"
    for sheet, columns in more.columns.items():
        yield f"New on {sheet}: {', '.join(columns)}"


def _left_out(rows: Iterable[RawRow], facts: Iterable[Fact], definitions: Definitions) -> Iterator[str]:
    """Yield what found no place in the new workbook, each with its own."""
    rows = list(rows)
    for fact in (*facts, *(fact for row in rows for fact in row.facts)):
        if what := _NOT_CARRIED.get(fact.kind):
            typed = fact.show.get("typed", "")
            yield f"{fact.place}: {what}{f' (“{typed}”)' if typed else ''}"
    for row in rows:
        for path, raw in row.values.items():
            item = definitions.fields.get(path)
            if item is None and path != CLIENT_ID:
                yield f"{row.origin.place(path)}: an answer that this workbook does not ask for"
            elif isinstance(raw, bool) and item and item.kind != "yes_no":
                yield f"{row.origin.place(path)}: a yes or no where something else is asked"
