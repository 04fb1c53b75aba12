"""Reads records from JSON and JSON Lines: one file, one record, or a record a line; nested or as flat rows with ids."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from itertools import chain, count
from pathlib import Path
from typing import Any, NamedTuple

from msgspec import Struct
from msgspec.structs import replace

from toolkit import kinds, text
from toolkit.errors import ReadError
from toolkit.intake.assemble import RawRow, Shared, assemble_record, assemble_shared, twin_fact
from toolkit.intake.json_text import Object, documents, is_lines
from toolkit.kinds import Unreadable
from toolkit.model import CLIENT_ID, Batch, Definitions, Fact, Input, Origin, Place, Record, Section

RECORDS = "records"
_CLIENT, _, _ID = CLIENT_ID.partition(".")
_NO_SECTION = ("",)  # the sections of a row that only bears facts


Source = Callable[[Iterable[int]], Iterable[Iterable["Group"]]]
"""Gives the groups of the lines that have the numbers; a file that is read whole is one line."""


class Group(NamedTuple):
    """The rows of one record, of which the first names the client; and those of clinic and staff not met before."""

    shared: tuple[RawRow, ...]
    own: tuple[RawRow, ...]


def read(path: Path, definitions: Definitions, file: int = 0) -> Batch:
    """Return the records of a .json or .jsonl file; ``file`` is its number when the input is a folder of files.

    The records of a .jsonl file are read again each time they are asked for and never held together. Raises ReadError,
    naming the line where there is one, when the file is not JSON, too large, or holds no records, and for a .jsonl file
    also later, when somebody has changed it since.
    """
    whole = not is_lines(path)
    before = _state(path)
    batch = _batch(_source(path, definitions, file), definitions)
    inputs = (Input(file or 1, "json" if whole else "jsonl", _digest(path)),)
    _check_unchanged(path, before)
    return replace(batch, records=tuple(batch) if whole else batch.records, inputs=inputs)


def records(tables: Mapping[str, Any], definitions: Definitions) -> Batch:
    """Return the records of ``tables``, an input file's content as Python (or TOML) holds it, dates as dates."""
    held = tuple(_Walker(definitions).groups(_objects(tables), _Spot(), "The input"))
    batch = _batch(lambda numbers: [held], definitions)
    return replace(batch, records=tuple(batch))


def raw_rows(tables: Mapping[str, Any], definitions: Definitions) -> list[RawRow]:
    """Return the rows of ``tables``, as `records` takes them, with their raw values: before anything is made of it."""
    groups = _Walker(definitions).groups(_objects(tables), _Spot(), "The input")
    return [row for group in groups for row in (*group.shared, *group.own)]


def portions(path: Path, definitions: Definitions, file: int, numbers: Iterable[int]) -> Iterator[Iterator[Group]]:
    """Yield for each line that `documents` gives its rows, record by record; a group may be shared rows only.

    Raises ReadError as `read` does, for a .jsonl file when the line is reached.
    """
    walker = _Walker(definitions)
    for document, line in documents(path, numbers):
        yield walker.groups(document, _Spot(line=line, file=file), path.name)


def _batch(source: Source, definitions: Definitions) -> Batch:
    facts: list[Fact] = []
    common: list[RawRow] = []
    seen: dict[str, str] = {}
    twins: dict[Place, Fact] = {}
    clients = 0
    for group in chain.from_iterable(source(count())):
        common += group.shared
        if name := _name(group):
            clients += 1
            place = group.own[0].origin.place(CLIENT_ID)
            if twin := twin_fact(name, seen, place):
                twins[place] = twin
        elif group.own:
            told = [fact for row in group.own for fact in row.facts]
            if not any(fact.kind == "unreadable_cell" and fact.path in (_CLIENT, CLIENT_ID) for fact in told):
                told.insert(0, Fact("no_client_id", group.own[0].origin.place(CLIENT_ID), CLIENT_ID))
            facts += (replace(fact, stray=True) for fact in told)
    shared = assemble_shared(common, definitions)
    return Batch(_Records(source, shared, twins, clients), (*facts, *shared.facts))


def _objects(content: Any) -> Any:
    if isinstance(content, Mapping):
        return Object((name, _objects(value)) for name, value in content.items())
    return [_objects(item) for item in content] if isinstance(content, list | tuple) else content


def _source(path: Path, definitions: Definitions, file: int) -> Source:
    if is_lines(path):
        return partial(_unchanged, path, _state(path), definitions, file)
    held = [tuple(portion) for portion in portions(path, definitions, file, count())]
    return lambda numbers: held


def _unchanged(
    path: Path, before: tuple[int, ...], definitions: Definitions, file: int, numbers: Iterable[int]
) -> Iterator[Iterator[Group]]:
    """Yield what `portions` does, as long as the file is what it was: what is of all records was read before."""
    for portion in portions(path, definitions, file, numbers):
        _check_unchanged(path, before)
        yield portion
    _check_unchanged(path, before)


def _state(path: Path) -> tuple[int, ...]:
    """Return by what a file is known to be another, or changed; nothing where it is gone."""
    try:
        found = path.stat()
    except FileNotFoundError:
        return ()
    return found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns


def _check_unchanged(path: Path, before: tuple[int, ...]) -> None:
    if _state(path) != before:
        raise ReadError(f"{path.name} was changed while it was read. Wait until nobody writes it, and run again.")


def _digest(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


class _Records(Struct, frozen=True):
    """The records of a source, assembled as they are asked for."""

    source: Source
    shared: Shared
    twins: Mapping[Place, Fact]
    """What there is to tell of an id that stood there before, by its place."""
    count: int

    def __len__(self) -> int:
        return self.count

    def __iter__(self) -> Iterator[Record]:
        return chain.from_iterable(self.portions(count()))

    def portions(self, numbers: Iterable[int]) -> Iterator[Iterator[Record]]:
        """Yield the records of the lines that have the ``numbers``."""
        return (self._assembled(portion) for portion in self.source(numbers))

    def _assembled(self, groups: Iterable[Group]) -> Iterator[Record]:
        for group in groups:
            if _name(group):
                twin = self.twins.get(group.own[0].origin.place(CLIENT_ID)) if self.twins else None
                yield assemble_record(group.own, self.shared, (twin,) if twin else ())


def _name(group: Group) -> str:
    return kinds.as_id(group.own[0].values.get(CLIENT_ID)) if group.own else ""


# --- objects to rows -----------------------------------------------------------------------------------------------


class _Spot(Struct, frozen=True):
    """A place in the file: a JSON pointer, and the line for JSON Lines."""

    pointer: str = ""
    line: int = 0
    file: int = 0

    def at(self, step: str | int) -> _Spot:
        """Return the spot one step further down: a name of ours or a number, so that nothing needs an escape."""
        return _Spot(f"{self.pointer}/{step}", self.line, self.file)

    def place(self) -> Place:
        return Place(pointer=self.pointer, file=self.file, line=self.line)

    def origin(self) -> Origin:
        return Origin(pointer=self.pointer, file=self.file, line=self.line)


class _Form(Struct, frozen=True):
    """What an object of one section may hold: paths by field name, paths by sheet, and the sections that nest in it."""

    section: Section
    paths: Mapping[str, str]
    sheets: Mapping[str, frozenset[str]]
    children: tuple[Section, ...]

    @classmethod
    def of(cls, section: Section, definitions: Definitions) -> _Form:
        typed = [item for item in section.fields if not item.derived]
        sheets: dict[str, set[str]] = {}
        for item in typed:
            sheets.setdefault(item.sheet, set()).add(item.path)
        return cls(
            section,
            {item.name: item.path for item in typed},
            {sheet: frozenset(paths) for sheet, paths in sheets.items()} or {section.sheet: frozenset()},
            definitions.children(section.name),
        )

    @property
    def names(self) -> tuple[str, ...]:
        return (*self.paths, *(child.name for child in self.children))

    def carrier(self, spot: _Spot, facts: Iterable[Fact], client: Any = None, origin: Origin | None = None) -> RawRow:
        """Return a row that only bears facts."""
        return RawRow(next(iter(self.sheets)), {CLIENT_ID: client}, origin or spot.origin(), tuple(facts), _NO_SECTION)


class _Walker:
    """Turns what one file holds into rows; remembers the rows of clinic and staff that it has given."""

    def __init__(self, definitions: Definitions) -> None:
        sections = definitions.sections.values()
        self.forms = {section.name: _Form.of(section, definitions) for section in sections}
        self.shared = [self.forms[section.name] for section in sections if section.scope == "workbook"]
        self.own = [self.forms[section.name] for section in sections if section.scope == "client"]
        self.own_names = [form.section.name for form in self.own]
        self.shared_names = [form.section.name for form in self.shared]
        self.given: dict[str, list[Any]] = {name: [] for name in self.shared_names}

    def groups(self, document: Any, spot: _Spot, file: str) -> Iterator[Group]:
        """Yield the groups of a whole file, or of one line of JSON Lines."""
        if isinstance(document, list) and not spot.line:
            yield from self._records(document, spot, file)
        elif not isinstance(document, Object):
            where = f"Line {spot.line} of {file}" if spot.line else file
            raise ReadError(f"{where} holds no record. Put each record between braces.")
        elif RECORDS not in document and any(name in document for name in self.own_names):
            yield self._record(document, spot)
        else:
            also = () if RECORDS in document else self.own_names
            odd = _odd_keys(document, (RECORDS, *self.shared_names), spot, also=also)
            carriers = [form.carrier(spot, odd) for form in self.shared[:1]]
            yield Group((*carriers, *self._shared(document, spot)), ())
            yield from self._records(document.get(RECORDS, []), spot.at(RECORDS), file)

    def _records(self, records: Any, spot: _Spot, file: str) -> Iterator[Group]:
        if not isinstance(records, list):
            raise ReadError(f"{file}: «{RECORDS}» is not a list. Put the records between square brackets.")
        for number, table in enumerate(records):
            if not isinstance(table, Object):
                raise ReadError(f"{file}: item {number + 1} of the list is not a record. Put it between braces.")
            yield self._record(table, spot.at(number))

    def _record(self, table: Object, spot: _Spot) -> Group:
        """Return the rows of one record; its first row names the client and bears the facts of the whole record."""
        about = table.get(_CLIENT)
        client = about.get(_ID) if isinstance(about, Object) and _is_plain(about.get(_ID)) else None
        cells = {CLIENT_ID: f"{spot.pointer}/{_CLIENT}/{_ID}"}
        origin = Origin(pointer=spot.pointer, cells=cells, line=spot.line, file=spot.file)
        facts = (*_odd_keys(table, (*self.shared_names, *self.own_names), spot), *self._mixed(table, spot))
        rows = [self.forms[_CLIENT].carrier(spot, facts, client, origin)]
        for form in self.own:
            if (content := table.get(form.section.name)) is not None:
                rows += self._rows(form, content, spot.at(form.section.name), client)
        return Group(tuple(self._shared(table, spot)), tuple(rows))

    def _shared(self, table: Object, spot: _Spot) -> Iterator[RawRow]:
        """Yield the rows of clinic and staff; what an earlier record brought word for word is not given again."""
        for form in self.shared:
            name = form.section.name
            content, before = table.get(name), self.given[name]
            if content is None or content in before:
                continue
            old = [row for known in before for row in (known if isinstance(known, list) else [known])]
            before.append(content)
            for row, where in _entries(form.section, content, spot.at(name)):
                if isinstance(row, Fact):
                    yield form.carrier(where, (row,))
                elif row not in old:
                    yield from self._row(form, row, where, {})

    def _rows(self, form: _Form, content: Any, spot: _Spot, client: Any, link: Any = None) -> Iterator[RawRow]:
        """Yield the rows of one section with those nested in them; ``link`` is what they name the row above by."""
        section = form.section
        entries = list(_entries(section, content, spot))
        ids = _ids(section.key, [row for row, _ in entries]) if section.key and form.children else []
        for number, (row, where) in enumerate(entries):
            if isinstance(row, Fact):
                yield form.carrier(where, (row,), client)
                continue
            nested = [child for child in form.children if row.get(child.name) is not None]
            more = {CLIENT_ID: client}
            if nested and ids:
                more[form.paths[section.key]] = ids[number]
            yield from self._row(form, row, where, more, link)
            for child in nested:
                above = ids[number] if ids else _link(section, child, row)
                yield from self._rows(self.forms[child.name], row[child.name], where.at(child.name), client, above)

    def _row(
        self, form: _Form, row: Object, spot: _Spot, more: Mapping[str, Any], link: Any = None
    ) -> Iterator[RawRow]:
        """Yield one row, in as many parts as its fields have sheets."""
        section = form.section
        values: dict[str, Any] = {}
        facts = list(_odd_keys(row, form.names, spot, section.name))
        for name, raw in row.items():
            path = form.paths.get(name)
            if path and _is_answer(raw):
                values[path] = raw
            elif path:
                fault = "holds a group of answers where one answer is expected"
                mend = "Write it as one text, or as a list of texts."
                facts.append(Fact("unreadable_cell", spot.at(name).place(), path, fault, mend))
        if link is not None and section.parent_field in form.paths:
            path = form.paths[section.parent_field]
            if path in values and kinds.as_text(values[path]) != kinds.as_text(link):
                facts.append(Fact("mixed_nesting", spot.at(section.parent_field).place(), path))
            values[path] = link
        values.update(more)
        for sheet, paths in form.sheets.items():
            part = values if len(form.sheets) == 1 else _part(values, paths)
            yield RawRow(sheet, part, spot.origin(), tuple(facts), (section.name,))
            facts = []

    def _mixed(self, table: Object, spot: _Spot) -> Iterator[Fact]:
        """Yield a fact for each section that has rows both nested under its parent and beside it."""
        for form in self.own:
            name = form.section.name
            if form.section.parent and table.get(name):
                above = table.get(form.section.parent)
                parents = above if isinstance(above, list) else [above]
                if any(isinstance(row, Object) and row.get(name) for row in parents):
                    yield Fact("mixed_nesting", spot.at(name).place())


def _part(values: Mapping[str, Any], paths: frozenset[str]) -> dict[str, Any]:
    return {path: raw for path, raw in values.items() if path in paths or path == CLIENT_ID}


def _entries(section: Section, content: Any, spot: _Spot) -> Iterator[tuple[Any, _Spot]]:
    """Yield the rows of ``content`` with their spots; a fact in place of what is no row."""
    if section.repeats and not isinstance(content, list):
        fault, mend = "is not a list of rows", "Put the rows between square brackets."
        yield Fact("unreadable_cell", spot.place(), section.name, fault, mend), spot
        return
    rows = [(row, spot.at(number)) for number, row in enumerate(content)] if section.repeats else [(content, spot)]
    for row, where in rows:
        fault, mend = "is not a group of answers", "Put the names and answers between braces."
        yield (
            row if isinstance(row, Object) else Fact("unreadable_cell", where.place(), section.name, fault, mend),
            where,
        )


def _odd_keys(
    table: Object, names: Sequence[str], spot: _Spot, section: str = "", also: Sequence[str] = ()
) -> Iterator[Fact]:
    """Yield a fact for each key of ``table`` that is not among ``names``, and for each that stands there twice.

    The place is that of ``table``: an unknown key may be anything, and places are written to logs. ``also`` are names
    that are right elsewhere, offered as the nearest.
    """
    for key in table:
        if key not in names:
            near = text.nearest(key, (*names, *also))
            typed = {"typed": text.canonical(key)}
            yield Fact("unknown_key", spot.place(), show={**typed, "nearest": near} if near else typed)
    for key in table.doubled:
        if key in names:
            path = f"{section}.{key}" if section else ""
            yield Fact("double_column", spot.at(key).place(), path, show={"typed": key})


def _is_answer(raw: Any) -> bool:
    return _is_plain(raw) or (isinstance(raw, list) and all(map(_is_plain, raw)))


def _is_plain(raw: Any) -> bool:
    return raw is None or not isinstance(raw, list | dict)


def _ids(key: str, rows: Sequence[Any]) -> list[Any]:
    """Return the id of each row: its own, else the first free number, as rows without one are numbered elsewhere."""
    typed = [row.get(key) if isinstance(row, Object) else None for row in rows]
    names = [kinds.as_text(raw) if _is_plain(raw) else "" for raw in typed]
    taken = {text.key(name) for name in names if text.is_answer(name)}
    free = (str(number) for number in count(1) if str(number) not in taken)
    return [
        raw if text.is_answer(name) else next(free) if isinstance(row, Object) else None
        for raw, name, row in zip(typed, names, rows, strict=True)
    ]


def _link(parent: Section, child: Section, row: Object) -> Any:
    """Return what rows of ``child`` nested in ``row`` name it by (its date), None where that cannot be read."""
    item = parent.field(child.parent_field.removeprefix(f"{parent.name}_")) if child.parent_field else None
    raw = row.get(item.name) if item else None
    unread = item is None or not _is_answer(raw) or isinstance(kinds.read(raw, item), Unreadable)
    return None if unread else raw
