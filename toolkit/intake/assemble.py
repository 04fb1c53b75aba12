"""Rows as a reader found them become records: cells typed, rows grouped by client, ids given, references resolved.

`assemble` does a whole input. A stream calls `assemble_shared` once and `assemble_record` for each record.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import count, product
from string import ascii_lowercase
from typing import Any, overload

from msgspec import Struct, field
from msgspec.structs import replace

from toolkit import kinds, text
from toolkit.kinds import Column, Raw, Unreadable
from toolkit.model import CLIENT_ID, Batch, Definitions, Fact, Field, Input, Origin, Place, Record, Row, Section

EXAMPLE = "EXAMPLE"
"""The id of the example rows of a blank workbook."""
NOWHERE = Origin()
ALL = "all"
"""What stands for every id in a list of references."""
_WITHOUT_ID = ("missing_column", "error_cell", "uncached_formula", "unreadable_cell", "no_client_id", "unknown_client")
"""Facts that leave a row without its client's id or its own."""


class RawRow(Struct, frozen=True):
    """One row as found: raw cell values by path, ``client.id`` among them on every client sheet.

    ``facts`` is what the reader met in this row. ``sections`` names the sections that the row speaks of, where a
    reader has them apart (JSON); empty means all those that are typed on the sheet.
    """

    sheet: str
    values: Mapping[str, Raw]
    origin: Origin = NOWHERE
    facts: tuple[Fact, ...] = ()
    sections: tuple[str, ...] = ()


class Layout(Struct, frozen=True):
    """What assembling asks of the definitions, looked up once an input."""

    sheets: Mapping[str, tuple[tuple[Section, Mapping[str, Column]], ...]]
    """For each sheet the sections that have fields on it, with the columns of those fields by path."""
    sections: tuple[Section, ...]
    """The sections, parents before children."""
    references: Mapping[str, tuple[Field, ...]]
    """For each section the fields that name ids of another one, but for the link to its parent."""


class Shared(Struct, frozen=True):
    """What all records of an input have in common: the rows of clinic and staff, and what was met in them."""

    definitions: Definitions
    layout: Layout
    rows: Mapping[str, tuple[Row, ...]] = field(default_factory=dict)
    facts: tuple[Fact, ...] = ()
    lost: frozenset[str] = frozenset()
    """Sections that lack rows or ids, as is told elsewhere: what seems to refer to nothing may well refer to these."""


def assemble(
    rows: Iterable[RawRow], definitions: Definitions, facts: Iterable[Fact] = (), inputs: tuple[Input, ...] = ()
) -> Batch:
    """Return the records of ``rows`` in the order of the Clients sheet, and the facts that concern no single one.

    ``facts`` is what the reader met outside the rows. Never raises on data: what is wrong becomes a fact.
    """
    found = list(facts)
    layout = _layout(definitions)
    kept = _without_examples(rows, layout, found)
    of_all = {sheet for sheet, parts in layout.sheets.items() if any(part.scope == "workbook" for part, _ in parts)}
    own = [row for row in kept if row.sheet not in of_all]
    lost = _lost(found, layout)
    shared = assemble_shared(_once([row for row in kept if row.sheet in of_all]), definitions, lost)
    clients = _by_client(own, definitions, found)
    seen: dict[str, str] = {}
    twins = [twin_fact(name, seen, group[0].origin.place(CLIENT_ID)) for name, group in clients.items()]
    records = _Records(tuple(clients.values()), tuple(twins), shared)
    return Batch(records, (*found, *shared.facts), inputs)


class _Records(Sequence[Record]):
    """The records of an input, each assembled when it is asked for."""

    def __init__(self, groups: Sequence[Sequence[RawRow]], twins: Sequence[Fact | None], shared: Shared) -> None:
        self._groups, self._twins, self._shared = groups, twins, shared

    def __len__(self) -> int:
        return len(self._groups)

    @overload
    def __getitem__(self, index: int) -> Record: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Record]: ...
    def __getitem__(self, index: int | slice) -> Record | Sequence[Record]:
        if isinstance(index, slice):
            return _Records(self._groups[index], self._twins[index], self._shared)
        twin = self._twins[index]
        return assemble_record(self._groups[index], self._shared, (twin,) if twin else ())


def assemble_shared(rows: Iterable[RawRow], definitions: Definitions, lost: frozenset[str] = frozenset()) -> Shared:
    """Return the typed rows of the workbook-wide sections, to be given to every `assemble_record`.

    ``lost`` names the sections that lack rows already, because their sheet or column is missing.
    """
    empty = Shared(definitions, _layout(definitions), lost=lost)
    sections, facts = _assemble(rows, empty)
    return replace(empty, rows=sections, facts=tuple(facts), lost=lost | _lost(facts, empty.layout))


def assemble_record(rows: Iterable[RawRow], shared: Shared, facts: Iterable[Fact] = ()) -> Record:
    """Return the record of one client's ``rows``; its id and origin are those of the first row."""
    rows = list(rows)
    first = rows[0] if rows else RawRow("", {})
    sections, found = _assemble(rows, shared)
    name = kinds.as_id(first.values.get(CLIENT_ID))
    return Record(name, {**shared.rows, **sections}, (*facts, *found), first.origin)


def twin_fact(name: str, seen: dict[str, str], place: Place) -> Fact | None:
    """Note the client id ``name`` in ``seen``; return a fact when it stood there, or its twin in case or spacing."""
    key = text.key(name)
    if key in seen:
        return Fact("duplicate_client", place, CLIENT_ID, show=_show(name, seen[key]))
    seen[key] = key if key == name else name  # one text and not two alike, of each of very many clients
    return None


def _lost(facts: Iterable[Fact], layout: Layout) -> frozenset[str]:
    """Return the sections that lack rows or ids because of one of ``facts``."""
    lost: set[str] = set()
    for fact in facts:
        of_client = fact.kind in _WITHOUT_ID and fact.path == CLIENT_ID
        sheet = fact.path if fact.kind == "missing_sheet" else fact.place.sheet if of_client else ""
        lost.update(section.name for section, _ in layout.sheets.get(sheet, ()))
        if fact.kind == "unreadable_cell" and fact.path:
            lost.update(section.name for section in layout.sections if fact.path in (section.name, section.parent))
        if fact.kind in _WITHOUT_ID:
            lost.update(section.name for section in layout.sections if fact.path == f"{section.name}.{section.key}")
    return frozenset(lost)


# --- rows to clients -----------------------------------------------------------------------------------------------


def _layout(definitions: Definitions) -> Layout:
    sheets: dict[str, dict[str, dict[str, Column]]] = {}
    for sheet, fields in definitions.sheets.items():
        for item in fields:
            own_id = item.path == CLIENT_ID or item.name == definitions.sections[item.section].key
            read_as = replace(item, kind="ref") if own_id else item  # an id reads as what refers to it
            sheets.setdefault(sheet, {}).setdefault(item.section, {})[item.path] = Column(read_as)
    sections = definitions.sections
    return Layout(
        {sheet: tuple((sections[name], fields) for name, fields in found.items()) for sheet, found in sheets.items()},
        tuple(sorted(sections.values(), key=lambda section: _depth(section, sections))),
        {
            name: tuple(item for item in section.fields if item.refers and item.name != section.parent_field)
            for name, section in sections.items()
        },
    )


def _depth(section: Section, sections: Mapping[str, Section]) -> int:
    depth = 0
    while section.parent in sections and depth < len(sections):
        section, depth = sections[section.parent], depth + 1
    return depth


def _once(rows: Iterable[RawRow]) -> list[RawRow]:
    """Leave out what another file already says of clinic and staff, so that a folder may say it in each file."""
    kept: list[tuple[RawRow, set[tuple[str, str]]]] = []
    for row in rows:
        said = {(path, value) for path, raw in row.values.items() if (value := kinds.as_text(raw))}
        elsewhere = [
            (number, known)
            for number, (other, known) in enumerate(kept)
            if other.sheet == row.sheet and other.origin.file != row.origin.file and (said <= known or known <= said)
        ]
        if not elsewhere or row.facts:
            kept.append((row, said))
        elif len(said) > len(elsewhere[0][1]):
            kept[elsewhere[0][0]] = row, said
    return [row for row, _ in kept]


def _without_examples(rows: Iterable[RawRow], layout: Layout, facts: list[Fact]) -> list[RawRow]:
    """Leave out the rows marked EXAMPLE: said once, and of each that somebody typed over at its mark."""
    kept, untouched = [], []
    ids = {
        sheet: dict.fromkeys((CLIENT_ID, *(f"{section.name}.{section.key}" for section, _ in asked)))
        for sheet, asked in layout.sheets.items()
    }
    for row in rows:
        of_sheet = ids.get(row.sheet, (CLIENT_ID,))
        mark = next((path for path in of_sheet if kinds.as_id(row.values.get(path)) == EXAMPLE), None)
        if mark is None:
            kept.append(row)
        elif _is_typed_over(row, mark, layout):
            facts.append(Fact("changed_example", row.origin.place(mark), mark))
        else:
            untouched.append(row)
    facts += [Fact("example_row", row.origin.place()) for row in untouched[:1]]
    return kept


def _is_typed_over(row: RawRow, mark: str, layout: Layout) -> bool:
    """Tell whether a cell of an example row says something else than its field's example (choices vary by form)."""
    columns = {path: column for _, asked in layout.sheets.get(row.sheet, ()) for path, column in asked.items()}
    typed = ((columns.get(path), raw) for path, raw in row.values.items() if path not in (mark, CLIENT_ID))
    return any(one and not one.field.choices and not _says_example(raw, one.field) for one, raw in typed)


def _says_example(raw: Raw, item: Field) -> bool:
    said = kinds.read(raw, item)
    return said is None or said == kinds.read(item.example, item) or kinds.as_text(raw) == kinds.as_text(item.example)


def _by_client(rows: Sequence[RawRow], definitions: Definitions, facts: list[Fact]) -> dict[str, list[RawRow]]:
    """Group ``rows`` by client; the first row of each is from the Clients sheet, where clients must stand."""
    home = definitions.fields[CLIENT_ID].sheet if CLIENT_ID in definitions.fields else "Clients"
    clients: dict[str, list[RawRow]] = {}
    twins: set[tuple[str, int]] = set()
    named = [(row, kinds.as_id(row.values.get(CLIENT_ID))) for row in rows]
    nameless = 0
    for row, name in named:
        if row.sheet != home:
            continue
        if not name:
            nameless += 1
            if fault := _fault_of_id(row):
                facts.append(replace(fault, stray=True))
            continue
        known = clients.setdefault(name, [])
        if known and not row.sections:
            # Which of the two rows is meant only a person can tell, so the second one is not read.
            fact = Fact("duplicate_client", row.origin.place(CLIENT_ID), CLIENT_ID, show=_show(name, name))
            known[0] = replace(known[0], facts=(*known[0].facts, fact))
            twins.add((name, row.origin.file))
        else:
            known.append(row)
    if not any(fact.kind == "missing_sheet" and fact.path == home for fact in facts):
        # A client whose own row, in another file than the first, was not read either has no rows there.
        unread = {(name, file) for name, file in twins if file != clients[name][0].origin.file}
        others = [(row, name) for row, name in named if row.sheet != home and (name, row.origin.file) not in unread]
        _give_rows(others, clients, facts, nameless)
    return clients


def _give_rows(
    rows: Sequence[tuple[RawRow, str]], clients: dict[str, list[RawRow]], facts: list[Fact], nameless: int
) -> None:
    """Give each of ``rows``, which are with the id in them, to its client; tell those that have none.

    A row that is probably a client's (its id is blank and stands below one of that client, or is a slip of its id)
    is a fact of that client, whose documents would lack it; any other stray row holds nobody. Rows of a client whose
    own row bears no id follow from that blank, which is told.
    """
    strangers: dict[str, set[str]] = {}
    for row, name in rows:
        if name and name not in clients:
            strangers.setdefault(name, set()).add(row.sheet)
    above: dict[str, str] = {}
    for row, name in rows:
        if name in clients:
            clients[name].append(row)
            above[row.sheet] = name
        elif not name:
            if fault := _fault_of_id(row):
                _note(clients, above.get(row.sheet, ""), facts, fault, *(met for met in row.facts if met != fault))
        elif len(strangers) > nameless:
            twin = _without_zeros(name, clients)
            near = twin or text.nearest(name, clients)
            # An id on several sheets is a client, not a slip; one that lost its zeros in Excel is lost everywhere.
            owner = near if twin or len(strangers[name]) == 1 else ""
            place = row.origin.place(CLIENT_ID)
            _note(clients, owner, facts, Fact("unknown_client", place, CLIENT_ID, show=_show(name, near)), *row.facts)


def _without_zeros(name: str, clients: Iterable[str]) -> str:
    """Return the client whose id is ``name`` but for zeros in front, which Excel drops from numbers; or nothing."""
    plain = name.lstrip("0")
    return next((known for known in clients if plain and known.lstrip("0") == plain), "")


def _note(clients: dict[str, list[RawRow]], owner: str, facts: list[Fact], *news: Fact) -> None:
    """Add ``news`` to what is told of the client ``owner``, or of no client (then the row's own faults wait)."""
    if owner in clients:
        clients[owner][0] = replace(clients[owner][0], facts=(*clients[owner][0].facts, *news))
    else:
        facts.append(replace(news[0], stray=True))


def _fault_of_id(row: RawRow) -> Fact | None:
    """Return why ``row`` has no client id: the fault of its cell, else a blank; None where the column is missing."""
    place = row.origin.place(CLIENT_ID)
    if met := next((fact for fact in row.facts if fact.place == place), None):
        return met
    if row.origin.columns and CLIENT_ID not in row.origin.columns:
        return None
    return Fact("no_client_id", place, CLIENT_ID)


# --- rows to sections ----------------------------------------------------------------------------------------------


class _Draft(Struct):
    """A row of a section while it is put together."""

    section: Section
    values: dict[str, Any]
    origin: Origin
    origins: dict[str, Origin] = field(default_factory=dict)
    sheets: set[str] = field(default_factory=set)

    def place(self, name: str) -> Place:
        return self.origins.get(name, self.origin).place(f"{self.section.name}.{name}")


_Drafts = dict[str, list[_Draft]]


def _assemble(rows: Iterable[RawRow], shared: Shared) -> tuple[dict[str, tuple[Row, ...]], list[Fact]]:
    drafts: _Drafts = {}
    facts: list[Fact] = []
    for row in rows:
        facts += row.facts
        parts = [part for part in shared.layout.sheets.get(row.sheet, ()) if _speaks_of(row, *part)]
        taken = [_take(row, section, columns, drafts, facts) for section, columns in parts]
        if not all(taken):
            is_of_all = all(section.scope != "client" for section, _ in parts)
            facts.append(Fact("second_row", row.origin.place(), fault="of all clients" if is_of_all else ""))
    _link(drafts, replace(shared, lost=shared.lost | _lost(facts, shared.layout)), facts)
    sections = {
        name: tuple(
            Row(draft.section, draft.values, draft.origin, number, draft.origins)
            for number, draft in enumerate(found, 1)
        )
        for name, found in drafts.items()
    }
    return sections, facts


def _speaks_of(row: RawRow, section: Section, columns: Mapping[str, Column]) -> bool:
    """Tell whether ``row`` has a place for the section, filled or blank."""
    if row.sections:
        return section.name in row.sections
    places = (row.origin.columns, row.origin.cells, row.values)
    return not all(columns.keys().isdisjoint(paths) for paths in places)


def _take(row: RawRow, section: Section, columns: Mapping[str, Column], drafts: _Drafts, facts: list[Fact]) -> bool:
    """Add the section's part of ``row`` to ``drafts``; False where a single section already has another row."""
    known = drafts.setdefault(section.name, [])
    cells = {path: raw for path, raw in row.values.items() if path in columns and raw is not None and raw != ""}
    if section.repeats:
        alone = row.values.keys() <= {CLIENT_ID}
        if cells or alone or row.sections:
            known.append(_Draft(section, _typed(cells, row, columns, facts), row.origin))
        return True
    if not known:
        known.append(_Draft(section, _typed(cells, row, columns, facts), row.origin, sheets={row.sheet}))
        return True
    draft = known[0]
    if row.sheet in draft.sheets:
        return not cells
    draft.sheets.add(row.sheet)
    draft.values.update(_typed(cells, row, columns, facts))
    draft.origins.update(dict.fromkeys((column.field.name for column in columns.values()), row.origin))
    return True


def _typed(cells: Mapping[str, Raw], row: RawRow, columns: Mapping[str, Column], facts: list[Fact]) -> dict[str, Any]:
    """Return the typed values of ``cells`` by field name; what cannot be read is left out and becomes a fact."""
    values: dict[str, Any] = {}
    for path, raw in cells.items():
        column = columns[path]
        removed, value = column.read(raw)
        if removed:
            show = {"code_points": " ".join(removed)}
            facts.append(Fact("removed_characters", row.origin.place(path), path, show=show))
        if isinstance(value, Unreadable):
            kind = "unknown_choice" if column.field.kind == "choice" else "unreadable_cell"
            show = _show(kinds.as_text(raw), value.nearest)
            facts.append(Fact(kind, row.origin.place(path), path, value.fault, value.mend, show))
        elif value is not None:
            values[column.field.name] = value
        elif typed := kinds.as_text(raw):
            facts.append(Fact("not_an_answer", row.origin.place(path), path, show={"typed": typed}))
    return values


# --- ids and references --------------------------------------------------------------------------------------------


def _link(drafts: _Drafts, shared: Shared, facts: list[Fact]) -> None:
    """Link rows to their parents, give ids to rows without one, and note references that lead nowhere."""
    for section in shared.layout.sections:
        found = drafts.get(section.name, [])
        for draft in found:
            _link_to_parent(draft, drafts, shared, facts)
        if section.key and found:
            _give_ids(section, found, facts)
    for name, found in drafts.items():
        for item in shared.layout.references[name]:
            if item.refers not in shared.lost:
                ids = _ids(item.refers, drafts, shared)
                for draft in found:
                    _resolve(draft, item, ids, facts)
    for document in shared.definitions.dated.values():
        if document.each:
            _note_same_dates(drafts.get(document.each, ()), document.date.partition(".")[2], facts)


def _note_same_dates(found: Iterable[_Draft], name: str, facts: list[Fact]) -> None:
    """Note dates that stand twice where a document is made of each row: by its date it is filed, and found by rows."""
    seen = set()
    for draft in found:
        day = draft.values.get(name)
        if day in seen:
            facts.append(Fact("duplicate_date", draft.place(name), f"{draft.section.name}.{name}"))
        if day is not None:
            seen.add(day)


def _link_to_parent(draft: _Draft, drafts: _Drafts, shared: Shared, facts: list[Fact]) -> None:
    section, name = draft.section, draft.section.parent_field
    parents = drafts.get(section.parent, ())
    item = section.field(name) if name else None
    if item is None or not parents:
        return
    key = parents[0].section.key or name.removeprefix(f"{parents[0].section.name}_")
    known = {value: None for parent in parents if (value := parent.values.get(key)) is not None}
    value, place = draft.values.get(name), draft.place(name)
    if isinstance(value, str):
        value = draft.values[name] = _in_any_case(value, known)
    if value is not None and value not in known:
        if section.parent in shared.lost:
            return
        del draft.values[name]
        typed = kinds.show(value)
        ids = dict.fromkeys(map(kinds.show, known), "")
        facts.append(Fact("unknown_id", place, item.path, show=_show(typed, _nearest_id(typed, ids), ids)))
    elif value is None and not any(fact.place == place and fact.path == item.path for fact in facts):
        if len(parents) == 1 and known:
            draft.values[name] = next(iter(known))
        elif len(parents) > 1 and not (item.required or item.required_when):
            facts.append(Fact("no_parent", place, item.path))


def _give_ids(section: Section, found: Sequence[_Draft], facts: list[Fact]) -> None:
    """Note ids that stand twice, in any case or spacing, and number the rows without one where a blank is allowed."""
    name = section.key
    seen: dict[str, str] = {}
    for draft in found:
        if typed := draft.values.get(name):
            if (key := text.key(typed)) in seen:
                show = _show(typed, seen[key])
                facts.append(Fact("duplicate_id", draft.place(name), f"{section.name}.{name}", show=show))
            seen.setdefault(key, typed)
    item = section.field(name)
    if item is None or item.required or item.required_when:
        return
    for draft in found:
        if name not in draft.values:
            given = next(free for free in _free_ids(draft) if text.key(free) not in seen)
            seen[text.key(given)] = given
            draft.values[name] = given


def _free_ids(draft: _Draft) -> Iterator[str]:
    """Yield ids in the order in which they are tried: ``1``, ``2``; under a parent ``1a``, ``1b`` … ``1aa``."""
    parent = draft.values.get(draft.section.parent_field) if draft.section.parent_field else None
    if isinstance(parent, str):
        for length in count(1):
            yield from (f"{parent}{''.join(letters)}" for letters in product(ascii_lowercase, repeat=length))
    yield from map(str, count(1))


def _ids(section: str, drafts: _Drafts, shared: Shared) -> dict[str, str]:
    """Return the ids of the rows of ``section``, of this client or of the workbook, with the name that a row bears."""
    target = shared.definitions.sections.get(section)
    if target is None:
        return {}
    rows = [row.values for row in (*drafts.get(section, ()), *shared.rows.get(section, ()))]
    return {values[target.key]: kinds.show(values.get("name")) for values in rows if target.key in values}


def _resolve(draft: _Draft, item: Field, ids: Mapping[str, str], facts: list[Fact]) -> None:
    """Leave out of the draft what ``item`` refers to and is nowhere, with a fact for each."""
    value = draft.values.get(item.name)
    if value is None:
        return
    named = tuple(_in_any_case(name, ids) for name in (value if isinstance(value, tuple) else (value,)))
    if isinstance(value, tuple) and [text.key(name) for name in named] == [ALL]:
        draft.values[item.name] = (ALL,)
        return
    for name in named:
        if name not in ids:
            show = _show(name, _nearest_id(name, ids), ids)
            facts.append(Fact("unknown_id", draft.place(item.name), item.path, show=show))
    known = tuple(name for name in named if name in ids)
    if not known:
        del draft.values[item.name]
    else:
        draft.values[item.name] = known if isinstance(value, tuple) else known[0]


def _in_any_case(name: str, ids: Collection[str]) -> str:
    """Return the id that ``name`` means: itself, or the only one that is the same in capitals or small letters."""
    if name in ids:
        return name
    alike = [one for one in ids if isinstance(one, str) and one.casefold() == name.casefold()]
    return alike[0] if len(alike) == 1 else name


def _nearest_id(typed: str, ids: Mapping[str, str]) -> str:
    """Return the id most like ``typed``, that of the person so named, or the only one there is."""
    names = {name: one for one, name in ids.items() if name}
    near = text.nearest(typed, ids) or names.get(text.nearest(typed, names), "")
    return near or (next(iter(ids)) if len(ids) == 1 else "")


def _show(typed: str, nearest: str, ids: Iterable[str] = ()) -> dict[str, str]:
    """Return what stands beside a finding: what was typed, the ``ids`` that there are, and the one that was meant."""
    there = ", ".join(map(kinds.show, ids))
    shown = {"typed": typed, "there_are": there if there != nearest else "", "nearest": nearest}
    return {name: value for name, value in shown.items() if value or name == "typed"}
