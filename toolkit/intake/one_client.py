"""Reads the question-and-answer workbook of one client: each answer is known by the path in its row's hidden cell.

Where that cell is gone or damaged, the heading above and the words of the question tell what was asked.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from msgspec import Struct, field

from toolkit import kinds, text
from toolkit.intake.assemble import RawRow
from toolkit.intake.tables import Grid, header_key, holds_no_answers, is_blank, letters
from toolkit.kinds import Raw
from toolkit.model import CLIENT_ID, Definitions, Fact, Field, Origin, Place, Section

QUESTION, ANSWER = "Question", "Answer"
"""What stands above the two columns."""
Block = tuple[tuple[str, int], ...]
"""Where a question belongs: ``(("goals", 1), ("objectives", 2))``; 0 for a single section."""
HEADING = "_"
"""Ends the path of a heading, where that of a question ends with the field's name."""
_HEADER_WITHIN = 10
_ENOUGH_PATHS = 3
_STEP = re.compile(r"(\w+)(?:\[(\d+)\])?")
_PATH = re.compile(r"[a-z]\w*(?:\[\d+\])?(?:\.[a-z]\w*(?:\[\d+\])?)*\.[a-z]\w*")
_ORDINALS, _LETTERS = 60, 26


def recognises(grids: Sequence[Grid]) -> bool:
    """Tell whether ``grids`` are a question-and-answer workbook of one client."""
    return any(_is_questions(grid) for grid in grids)


def read(grids: Iterable[Grid], definitions: Definitions) -> tuple[list[RawRow], list[Fact]]:
    """Return the rows that the answers make, and the facts that stand outside rows.

    A block without any answer is no row. A row's origin names the cell of each of its questions, answered or not.
    """
    facts: list[Fact] = []
    found: dict[Block, _Answers] = {}
    for grid in grids:
        if _is_questions(grid):
            _Reader(grid, definitions, found, facts).read()
        elif not holds_no_answers(grid) and any(not is_blank(cell) for row in grid.rows for cell in row):
            facts.append(Fact("unknown_sheet", Place(grid.name, file=grid.file), show={"typed": grid.name}))
    facts += _without_id(found, definitions)
    return list(_rows(found, definitions)), facts


def _without_id(found: Mapping[Block, _Answers], definitions: Definitions) -> Iterator[Fact]:
    """Yield a fact where there are answers of a client, but the question for the client's id is gone."""
    own = [answers for block, answers in found.items() if _is_client(block, definitions) and answers.values]
    if own and not any(CLIENT_ID in answers.cells for answers in found.values()):
        yield Fact("no_client_id", Place(own[0].grid.name, file=own[0].grid.file), CLIENT_ID)


# --- blocks, as writer and reader both know them -------------------------------------------------------------------


def path_of(block: Block, name: str = HEADING) -> str:
    """Return what stands in the hidden cell of a question, or of a heading: ``goals[1].objectives[2].target``."""
    return ".".join(f"{step}[{number}]" if number else step for step, number in (*block, (name, 0)))


def heading(block: Block, section: Section) -> str:
    """Return the heading of a block of a repeating section: ``Goal 2``, ``Objective 2a``."""
    word = (section.singular.removeprefix("one_") or section.title).replace("_", " ")
    numbers = [number for _, number in block]
    if section.key and len(numbers) == 2 and hidden_key(section):
        return f"{word.capitalize()} {standard_id(numbers[1], str(numbers[0]))}"
    return f"{word.capitalize()} {'.'.join(map(str, numbers))}"


def hidden_key(section: Section) -> bool:
    """Tell whether the rows' ids need not be asked: blocks are numbered, and the reader gives the same ids."""
    item = section.field(section.key) if section.key else None
    return item is not None and section.scope == "client" and not (item.required or item.required_when)


def standard_id(number: int, above: str = "") -> str:
    """Return the id of the block ``number``: ``2``, or under a parent ``2a``."""
    return f"{above}{letters(number - 1).lower()}" if above else str(number)


def parent_key(above: Section, section: Section) -> str:
    """Return the name of the parent's field to which the section's ``parent_field`` refers."""
    return above.key or section.parent_field.removeprefix(f"{above.name}_")


# --- what was answered ---------------------------------------------------------------------------------------------


class _Answers(Struct):
    """The answers of one block."""

    grid: Grid
    values: dict[str, Raw] = field(default_factory=dict)
    cells: dict[str, str] = field(default_factory=dict)
    facts: list[Fact] = field(default_factory=list)


class _Reader(Struct):
    """Goes through one sheet from the top down."""

    grid: Grid
    definitions: Definitions
    found: dict[Block, _Answers]
    facts: list[Fact]
    block: Block = ()

    def read(self) -> None:
        """Note every answer under its block and path."""
        start, question, answer = _columns(self.grid)
        paths = _path_column(self.grid)
        headings = _headings(self.definitions)
        for number in range(start, len(self.grid.rows)):
            asked = kinds.as_text(_cell(self.grid, number, question))
            steps = _steps(kinds.as_text(_cell(self.grid, number, paths)) if paths is not None else "")
            block, item = self._by_path(steps)
            if block and item is None:
                self.block = block
                continue
            if item is None and (known := headings.get(header_key(asked))):
                self.block = known
                continue
            if item is None:
                block, item = self.block, self._by_question(asked, number, answer, question)
            if item is not None:
                self.block = block
                self._note(block, item, number, answer)

    def _by_path(self, steps: Block) -> tuple[Block, Field | None]:
        """Return the block and field that a path names, the block alone for a heading's, or nothing."""
        sections = self.definitions.sections
        *block, (name, _) = steps or (("", 0),)
        if not block or any(step not in sections for step, _ in block):
            return (), None
        if name == HEADING:
            return tuple(block), None
        item = sections[block[-1][0]].field(name)
        return (tuple(block), item) if item and not item.derived else ((), None)

    def _by_question(self, asked: str, row: int, answer: int, question: int) -> Field | None:
        """Return the field of the block above that the words ask for; note it where they are not quite right."""
        if not asked:
            if not is_blank(_cell(self.grid, row, answer)):
                self.facts.append(Fact("value_without_header", self.grid.place(row, answer)))
            return None
        section = self.definitions.sections.get(self.block[-1][0]) if self.block else None
        fields = [item for item in section.fields if not item.derived] if section else []
        first = asked.split("\n")[0]
        for item in fields:
            names = {header_key(name) for name in (item.label, item.prompt, *item.aliases) if name}
            if header_key(first) in names or header_key(asked) in names:
                return item
        labels = {item.label: item for item in fields}
        near = text.nearest(first, labels)
        if is_blank(_cell(self.grid, row, answer)) and not near:
            return None
        kind = "misspelt_column" if near else "unknown_column"
        show = {"typed": first, "nearest": near} if near else {"typed": first}
        self.facts.append(Fact(kind, self.grid.place(row, question), labels[near].path if near else "", show=show))
        return labels.get(near)

    def _note(self, block: Block, item: Field, row: int, column: int) -> None:
        answers = self.found.setdefault(block, _Answers(self.grid))
        raw, place = _cell(self.grid, row, column), self.grid.place(row, column)
        if (row, column) in self.grid.errors:
            show = {"typed": self.grid.errors[row, column]}
            answers.facts.append(Fact("error_cell", place, item.path, show=show))
            raw = None
        elif (row, column) in self.grid.uncached:
            answers.facts.append(Fact("uncached_formula", place, item.path))
        if item.path in answers.values and not is_blank(raw):
            show = {"typed": item.label}
            answers.facts.append(Fact("double_column", place, item.path, show=show))
        elif item.path not in answers.values:
            answers.cells[item.path] = place.cell
            if not is_blank(raw):
                answers.values[item.path] = raw


def _rows(found: Mapping[Block, _Answers], definitions: Definitions) -> Iterator[RawRow]:
    home = next((answers for answers in found.values() if CLIENT_ID in answers.cells), None)
    client = home.values.get(CLIENT_ID) if home else None
    at_client = {CLIENT_ID: home.cells[CLIENT_ID]} if home else {}
    for block, answers in _joined(found, definitions):
        section = definitions.sections[block[-1][0]]
        values, cells = dict(answers.values), answers.cells
        if section.scope == "client":
            if client is None and CLIENT_ID not in cells:
                continue  # the missing id is said once, at its own cell
            values, cells = {**values, CLIENT_ID: client}, {**cells, **at_client}
        sheet = next(definitions.fields[path].sheet for path in answers.cells)
        yield RawRow(
            sheet, values, Origin(answers.grid.name, cells=cells, file=answers.grid.file), tuple(answers.facts)
        )


def _joined(found: Mapping[Block, _Answers], definitions: Definitions) -> Iterator[tuple[Block, _Answers]]:
    """Give what makes one row each: the single sections of a sheet together, blocks with an answer one by one."""
    sheets: dict[tuple[str, str], tuple[Block, _Answers]] = {}
    for block, answers in found.items():
        section = definitions.sections[block[-1][0]]
        if section.repeats:
            if _is_answered(block, found):
                yield block, _with_ids(block, answers, found, definitions)
            continue
        for path in answers.cells:
            sheet = definitions.fields[path].sheet
            _, joined = sheets.setdefault((sheet, section.scope), (block, _Answers(answers.grid)))
            joined.cells[path] = answers.cells[path]
            if path in answers.values:
                joined.values[path] = answers.values[path]
            joined.facts += [fact for fact in answers.facts if fact.path == path]
    yield from (pair for pair in sheets.values() if pair[1].values or pair[1].facts or _is_client(pair[0], definitions))


def _is_client(block: Block, definitions: Definitions) -> bool:
    return definitions.sections[block[-1][0]].scope == "client"


def _is_answered(block: Block, found: Mapping[Block, _Answers]) -> bool:
    """Tell whether anything stands in the block or in one that nests in it."""
    inside = (answers for other, answers in found.items() if other[: len(block)] == block)
    return any(answers.values or answers.facts for answers in inside)


def _with_ids(block: Block, answers: _Answers, found: Mapping[Block, _Answers], definitions: Definitions) -> _Answers:
    """Add what the block itself says: the row's id, and the row it belongs to."""
    values = dict(answers.values)
    section = definitions.sections[block[-1][0]]
    above = definitions.sections[block[-2][0]] if len(block) > 1 else None
    parent = _id(block[:-1], above, parent_key(above, section), found) if above else None
    if parent is not None and section.parent_field:
        values[f"{section.name}.{section.parent_field}"] = parent
    own = f"{section.name}.{section.key}"
    if hidden_key(section) and own not in values:
        values[own] = standard_id(block[-1][1], kinds.as_text(parent))
    return _Answers(answers.grid, values, answers.cells, answers.facts)


def _id(block: Block, section: Section, key: str, found: Mapping[Block, _Answers]) -> Raw:
    """Return the id of a block's row: as answered, else the usual one, else None."""
    answers = found.get(block)
    typed = answers.values.get(f"{section.name}.{key}") if answers else None
    if typed is not None or not hidden_key(section):
        return typed
    return standard_id(block[-1][1])


# --- the sheet -----------------------------------------------------------------------------------------------------


def _cell(grid: Grid, row: int, column: int) -> Raw:
    cells = grid.rows[row]
    return cells[column] if column < len(cells) else None


def _is_questions(grid: Grid) -> bool:
    return _header(grid) is not None or _path_column(grid) is not None


def _header(grid: Grid) -> tuple[int, int, int] | None:
    """Return the row under the header and the columns of questions and answers, or None where there is no header."""
    for number, row in enumerate(grid.rows[:_HEADER_WITHIN]):
        names = {header_key(cell): column for column, cell in enumerate(row) if isinstance(cell, str)}
        if {header_key(QUESTION), header_key(ANSWER)} <= names.keys():
            return number + 1, names[header_key(QUESTION)], names[header_key(ANSWER)]
    return None


def _columns(grid: Grid) -> tuple[int, int, int]:
    """Return the first row and the columns of questions and answers; without a header, questions follow the paths."""
    known = _header(grid)
    if known:
        return known
    paths = _path_column(grid) or 0
    return 0, paths + 1, paths + 2


def _path_column(grid: Grid) -> int | None:
    """Return the column in which paths stand, or None where there are too few."""
    counts: dict[int, int] = {}
    for row in grid.rows:
        for column, cell in enumerate(row[:_HEADER_WITHIN]):
            if isinstance(cell, str) and "." in cell and _PATH.fullmatch(cell):
                counts[column] = counts.get(column, 0) + 1
    best = max(counts, key=lambda column: counts[column], default=None)
    return best if best is not None and counts[best] >= _ENOUGH_PATHS else None


def _steps(path: str) -> Block:
    parts = [_STEP.fullmatch(part) for part in path.split(".")] if path else []
    return tuple((part[1], int(part[2] or 0)) for part in parts if part) if all(parts) else ()


def _headings(definitions: Definitions) -> dict[str, Block]:
    """Return the blocks by what their headings say."""
    found: dict[str, Block] = {}
    for section in definitions.sections.values():
        if not section.repeats:
            found.setdefault(header_key(section.title), ((section.name, 0),))
            continue
        above = definitions.sections.get(section.parent)
        for number in range(1, _ORDINALS + 1):
            own: Block = ((section.name, number),)
            found.setdefault(header_key(heading(own, section)), own)
            if above is not None and above.repeats:
                for letter in range(1, _LETTERS + 1):
                    nested: Block = ((above.name, number), (section.name, letter))
                    found.setdefault(header_key(heading(nested, section)), nested)
    return found
