"""The auditor: which documents of a record are wanted, what the facts and the rules say of it, and what that holds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import cached_property, partial

from msgspec import Struct, field
from msgspec.structs import replace

from toolkit import derive
from toolkit.audit.blanks import Look, blank_cells, blanks, owed
from toolkit.audit.findings import Said, at_level, in_order, sheet_of
from toolkit.audit.lacking import add_column, add_sheet, lacks_column
from toolkit.audit.waivers import WAIVERS, Accepting
from toolkit.errors import ShelfError
from toolkit.model import (
    CLIENT_ID,
    Audited,
    Batch,
    Case,
    Definitions,
    Document,
    Fact,
    Field,
    Finding,
    OwnLevel,
    Place,
    Record,
    Row,
    Rule,
    Section,
    Wanted,
)
from toolkit.rules import FACT_KINDS, Hit, Scene, checks, continued, in_a_sentence, run, run_on_fact

NOT_ASKED = "RQ003"
"""The code of an answer to a question of a population that the client is not of."""
STAND_IN = "RQ004"
"""The code of what documents state in place of a blank."""
NOTHING_DATED = "RQ002"
"""The code of a record of which no document is made, because none is dated."""


class Auditor(Struct, frozen=True, dict=True):
    """Judges records, all on one day and under one payer.

    ``compose`` gives the definitions of populations under a payer, ``populations`` those of a record on a day;
    ``everything`` is what readers recognise (`Shelf.all`), for the labels of facts. ``documents`` names the documents
    asked for (None: those that are dated); ``levels`` are the payer's own levels of single rules; rules of other
    ``phases`` are left out.
    """

    rules: Mapping[str, Rule]
    compose: Callable[[tuple[str, ...], str], Definitions]
    populations: Callable[[Record, date], tuple[str, ...]]
    today: date
    documents: tuple[str, ...] | None = None
    payer: str = "default"
    everything: Definitions | None = None
    levels: Mapping[str, OwnLevel] = field(default_factory=dict)
    phases: tuple[str, ...] = ("make",)
    sheets: frozenset[str] | None = None
    """The sheets of the workbook that the records are of; None where nobody knows."""
    waivers: Mapping[str, Sequence[Row]] = field(default_factory=dict)
    """What a file of waivers says of each client, by id, beside what the workbook itself says."""

    def batch(self, batch: Batch) -> tuple[Finding, ...]:
        """Return the findings that concern no single record: the form of the workbook.

        An error among them holds every document that it concerns, so give them to `judge` with each record.
        """
        any_record = next(iter(batch), None)  # each has the rows of the workbook, such as its staff
        quiet = _strays(batch.facts, self._known)
        if any_record is not None:
            quiet |= _follow_ons(batch.facts, any_record, self._known)
        told = (item for fact in batch.facts for item in self._on_fact(fact))
        return in_order((item for item in told if (item.path, item.place) not in quiet), self._known)

    def judge(self, record: Record, shared: Sequence[Finding] = ()) -> Audited:
        """Return ``record`` judged: a case for each wanted document, and every finding of the record once.

        ``shared`` are the findings of `batch`: they hold the cases that they concern, keep what follows from them
        quiet, and are not repeated among the record's own findings. A finding of staff or clinic bears no record: it
        comes with each record that it holds, and `merged` makes one of them.
        """
        initials = derive.initials(record)
        told = [item for fact in record.facts for item in self._on_fact(fact, record, initials)]
        quiet = _follow_ons(record.facts, record, self._known)
        facts = [item for item in told if (item.path, item.place) not in quiet]
        look = Look(record, initials, Said((*told, *shared)), self.rules, self.levels, self.sheets)
        now = self.compose(self.populations(record, self.today), self.payer)
        wanted, undated = self._wanted(record, now)
        judged = [*self._judged(look, wanted, now)]
        found = [item for _, items in judged for item in items]
        found += [item for document, row in undated for item in self._undated(look, document, row, now)]
        if not wanted and not undated:
            found += self._nothing_dated(look, now)
        answered = {item.place for item in found if item.path}
        facts = [item for item in facts if item.level == "error" or item.place not in answered]
        cases = tuple(
            replace(case, findings=in_order((*items, *_concerning((*facts, *shared), case)), self._known))
            for case, items in judged
        )
        stand_ins = in_order(self._stand_ins(record, cases), self._known)
        audited = Audited(record, initials, cases, in_order((*facts, *found), self._known), stand_ins)
        rows = self._waivers(record)
        return self._accepting.applied(audited, rows) if rows else audited

    def told(self, record: Record, facts: Iterable[Fact], initials: str) -> tuple[Finding, ...]:
        """Return the findings of ``facts`` that were noted of ``record`` beside others, or after it was judged.

        Its documents may be made by then, so that none of these holds one, whatever a payer makes of its level.
        """
        found = (item for fact in facts for item in self._on_fact(fact, record, initials))
        told = tuple(replace(item, level="warning") if item.level == "error" else item for item in found)
        rows = [row for row in self._waivers(record) if self._accepting.comes_later(row)]
        return self._accepting.applied(Audited(record, initials, (), told), rows).findings if rows else told

    def _waivers(self, record: Record) -> tuple[Row, ...]:
        return (*record.all(WAIVERS), *self.waivers.get(record.id, ()))

    # --- what is wanted --------------------------------------------------------------------------------------------

    def _asked_for(self, definitions: Definitions) -> list[Document]:
        """Return the documents asked for by name, else all but companions."""
        if self.documents is None:
            return [*definitions.dated.values()]
        return [item for item in definitions.documents.values() if item.name in self.documents]

    def _wanted(
        self, record: Record, definitions: Definitions
    ) -> tuple[list[Wanted], list[tuple[Document, Row | None]]]:
        """Return the documents to make, and those that were begun but not dated."""
        wanted: list[Wanted] = []
        undated: list[tuple[Document, Row | None]] = []
        for document in self._asked_for(definitions):
            section, _, name = document.date.partition(".")
            for row in record.all(section) if document.each else (record.one(section),):
                day = row.get(name) if row else None
                begun = day is not None or _is_begun(record, row, document, definitions)
                if day is None and begun and self.documents is None:
                    undated.append((document, row))
                elif begun:  # what was asked for by name is judged though it bears no date
                    wanted.append(Wanted(document, day or self.today, row if document.each else None))
        return wanted, undated

    def _undated(self, look: Look, document: Document, row: Row | None, now: Definitions) -> Iterator[Finding]:
        """Yield the one finding of a document that was begun and bears no date."""
        whole = derive.complete(look.record, self.today, now)
        rows = whole.all(document.date.partition(".")[0])
        found = rows[row.ordinal - 1] if row and document.each else rows[0]
        scene = Scene(whole, now, Wanted(document, self.today), self.today)
        yield from blank_cells([now.fields[document.date]], found, look, scene)

    def _nothing_dated(self, look: Look, definitions: Definitions) -> Iterator[Finding]:
        dates = [definitions.fields[item.date] for item in self._asked_for(definitions)]
        if any(look.said.of(path) for item in dates for path in (item.path, item.sheet)):
            return
        if dates:
            why = "none is dated"
            mend = f"When one is due, type {in_a_sentence(dates[0].label)} on the sheet {dates[0].sheet}."
        else:
            why = "there is none for the client’s age yet"
            mend = "Check the date of birth; plankit packs lists the documents that there are."
        text = f"no document is made for this client, because {why}. {mend}"
        level = self.rules[NOTHING_DATED].level
        yield look.finding(text, look.record.origin.place(), NOTHING_DATED, level=level)

    # --- one document ----------------------------------------------------------------------------------------------

    def _judged(self, look: Look, wanted: Iterable[Wanted], now: Definitions) -> Iterator[tuple[Case, list[Finding]]]:
        """Yield each wanted document as a case, with its findings; a companion has those of its document."""
        known: dict[tuple[str, int], tuple[Case, list[Finding]]] = {}
        for one in wanted:
            key = one.document.main, one.row.ordinal if one.row else 0
            if key not in known:
                known[key] = self._case(look, replace(one, document=now.documents[one.document.main]))
            case, found = known[key]
            if one.document.of:
                document = case.definitions.documents.get(one.document.name, one.document)
                case = replace(case, wanted=replace(case.wanted, document=document), signers=())
            yield case, found

    def _case(self, look: Look, wanted: Wanted) -> tuple[Case, list[Finding]]:
        definitions = self.compose(self.populations(look.record, wanted.day), self.payer)
        document = definitions.documents.get(wanted.document.name, wanted.document)
        whole = derive.complete(look.record, wanted.day, definitions)
        row = whole.all(wanted.row.section.name)[wanted.row.ordinal - 1] if wanted.row is not None else None
        signers = derive.signers(whole, definitions, document)
        completed = Wanted(document, wanted.day, row)
        scene = Scene(whole, definitions, completed, self.today, signers)
        sections = definitions.sections
        by_section = {name: [*blanks(sections[name], fields, look, scene)] for name, fields in owed(scene).items()}
        missing = [item for items in by_section.values() for item in items]
        rowless = {name for name, items in by_section.items() if _lacks_its_row(sections[name], items)}
        cells = {(item.path, item.place) for item in missing}
        rules = self._by_document[document.name]
        if look.said:
            rules = [rule for rule in rules if not _reads_what_is_lost(rule, look, definitions)]
        hits = [
            self._on_hit(rule, hit, look, scene)
            for rule, hit in run(rules, scene)
            if _is_of(hit, rule, scene) and not _may_be_unread(hit, look)
        ]
        news = [
            item
            for item in hits
            if (item.path, item.place) not in cells
            and item.path.partition(".")[0] not in rowless
            and not look.said.at(item)
        ]
        unasked = [*self._unasked(look, completed, definitions)]
        return Case(whole, completed, definitions, signers=signers), [*missing, *unasked, *news]

    def _unasked(self, look: Look, wanted: Wanted, definitions: Definitions) -> Iterator[Finding]:
        """Yield a finding for each row with answers that nothing asks of this client: no document would print them.

        Without a birth date, or where the mark of a population cannot be read, nobody knows what is asked: that is
        told, and these wait.
        """
        if derive.age(look.record, wanted.day) is None or any(map(look.said.of, self._known.marks)):
            return
        for name in look.record.rows:
            asked = definitions.sections[name].by_name if name in definitions.sections else {}
            known = self._known.sections[name]
            if wanted.document.name not in known.documents and self._is_ever_asked(name, look.record, definitions):
                continue
            unasked = definitions.once(("unasked", name), partial(_printed_beside, known, asked))
            for row in derive.rows_of(look.record, known, wanted) if unasked else ():
                item = next((item for item in unasked if row.get(item.name) is not None), None)
                if item is None:
                    continue
                asking = self._known.titles.get(item.pack, item.pack)
                text = (
                    f"{continued(in_a_sentence(item.label), 'is answered')}, but only {asking} asks for it, so no "
                    "document of this client would say it. Clear it here, or correct the birth date or the yes and "
                    "no on the sheet Clients."
                )
                yield look.finding(
                    text,
                    row.place(item.name),
                    NOT_ASKED,
                    row,
                    level=self.rules[NOT_ASKED].level,
                    path=item.path,
                    asked_of=item.asked_of,
                )

    def _stand_ins(self, record: Record, cases: Iterable[Case]) -> Iterator[Finding]:
        """Yield what documents state in place of blanks, once for each question."""
        for case in cases:
            definitions, name = case.definitions, case.wanted.document.main
            for item in definitions.once("stand-ins", partial(_with_stand_in, definitions)):
                section = definitions.sections[item.section]
                if name not in section.documents or not item.prints_in(name):
                    continue
                own = record.all(item.section)
                typed = {row.ordinal for row in own if row.get(item.name) is not None}
                if own and len(typed) == len(own):
                    continue
                rows = derive.rows_of(case.record, section, case.wanted)
                stating = [row for row in rows if row.get(item.name) is not None and row.ordinal not in typed]
                if stating:
                    said = continued(in_a_sentence(item.label), "is blank for one client or more")
                    mend = "Where that is not so, type it."
                    if any(lacks_column(item.path, row.origins.get(item.name, row.origin)) for row in stating):
                        mend = f"Where that is not so, a column is needed: {add_column(item, definitions)}"
                    text = f"{said}, and their documents state {item.stand_in}. {mend}"
                    place = Place(item.sheet if record.origin.sheet else "", file=record.origin.file)
                    level = self.rules[STAND_IN].level
                    found = Finding(STAND_IN, level, text, place, path=item.path, asked_of=item.asked_of)
                    yield at_level(found, self.levels)

    def _is_ever_asked(self, section: str, record: Record, definitions: Definitions) -> bool:
        """Tell whether ``section`` is asked of the client on the day of any document, made now or not.

        Where it never is, a mark or the birth date is wrong, and with it what the other documents ask and print.
        """
        if section in definitions.sections:
            return True
        dates = (document.date.partition(".") for document in definitions.documents.values())
        days = {row.get(name) for dated, _, name in dates for row in record.all(dated)} - {None}
        return any(section in self.compose(self.populations(record, day), self.payer).sections for day in days)

    # --- facts and rules become findings ---------------------------------------------------------------------------

    @cached_property
    def _accepting(self) -> Accepting:
        return Accepting(self.rules, self._known, self.today, self.phases, whole=self.documents is None)

    @cached_property
    def _known(self) -> Definitions:
        return self.everything or self.compose((), self.payer)

    @cached_property
    def _by_kind(self) -> Mapping[str, Rule]:
        return {name: rule for rule in self.rules.values() for name in rule.parameters if name in FACT_KINDS}

    @cached_property
    def _by_document(self) -> Mapping[str, Sequence[Rule]]:
        """The rules that look at records, by the documents that they judge."""
        return {
            name: [rule for rule in self._checking if not rule.documents or name in rule.documents]
            for name in self._known.documents
        }

    @cached_property
    def _checking(self) -> tuple[Rule, ...]:
        """The rules that look at records; the others look at facts, or are pages of blank answers."""
        return tuple(
            rule
            for rule in self.rules.values()
            if rule.phase in self.phases and checks(rule) and not FACT_KINDS & set(rule.parameters)
        )

    def _on_fact(self, fact: Fact, record: Record | None = None, initials: str = "") -> Iterator[Finding]:
        rule = self._by_kind.get(fact.kind)
        if rule is None:
            raise ShelfError(f"No rule says what to make of «{fact.kind}». Add one to toolkit/rules.")
        row = _row_at(record, fact) if record else None
        item = self._known.fields.get(fact.path) if record else None  # a header is of whoever keeps the workbook
        for hit in run_on_fact(rule, fact, self._known):
            found = Finding(
                code=rule.code,
                level="warning" if rule.level == "error" and _holds_nothing(fact, self._known) else rule.level,
                text=hit.text,
                place=fact.place,
                record=record.id if record else "",
                initials=initials,
                subject=row.subject if row else "",
                path=fact.path,
                show=hit.show,
                documents=_documents_of(fact, self._known),
                phase=rule.phase,
                stray=fact.stray,
                asked_of=item.asked_of if item else "",
            )
            yield at_level(found, self.levels)

    def _on_hit(self, rule: Rule, hit: Hit, look: Look, scene: Scene) -> Finding:
        row, section = hit.row, scene.definitions.sections.get(hit.section)
        item = section.field(hit.name) if section and hit.name else None
        if row is not None:
            place = row.place(hit.name)
        else:
            place = sheet_of(section, look.record) if section else look.record.origin.place()
        way = add_sheet(section, place, look.sheets, scene.definitions) if section else ""
        if item and row is not None and lacks_column(item.path, row.origins.get(item.name, row.origin)):
            way = f"This workbook has no column for it: {add_column(item, scene.definitions)}"
        return look.finding(
            f"{hit.text} {way}".strip(),
            place,
            rule.code,
            row,
            scene.document,
            level=rule.level,
            path=item.path if item else "",
            show=hit.show,
            source=derive.source(rule, scene.record, scene.definitions),
            phase=rule.phase,
            asked_of=item.asked_of if item else _mostly_asked_of(section),
        )


# --- small questions -----------------------------------------------------------------------------------------------


def _is_begun(record: Record, row: Row | None, document: Document, definitions: Definitions) -> bool:
    """Tell whether anything was typed for ``document``: in its row, or on the sheet on which its date is typed."""
    if document.each:
        return bool(row and row.values)
    typed = definitions.sheets[definitions.fields[document.date].sheet]
    return any(record.get(item.path) is not None for item in typed if not definitions.sections[item.section].repeats)


def _follow_ons(facts: Sequence[Fact], record: Record, definitions: Definitions) -> set[tuple[str, Place]]:
    """Return the cells with an id that leads nowhere only because the row it means has no id (or date) of its own."""
    found = set()
    doubled = {fact.path for fact in (*facts, *record.facts) if fact.kind == "duplicate_id"}
    for fact in facts:
        item = definitions.fields.get(fact.path)
        if fact.kind != "unknown_id" or item is None:
            continue
        section = definitions.sections[item.section]
        target = definitions.sections.get(item.refers or section.parent)
        key = target and (target.key or item.name.removeprefix(f"{target.name}_"))
        if target is None or not key:
            continue
        if f"{target.name}.{key}" in doubled or any(row.get(key) is None for row in record.all(target.name)):
            found.add((fact.path, fact.place))
    return found


def _strays(facts: Sequence[Fact], definitions: Definitions) -> set[tuple[str, Place]]:
    """Return the cells with a client id that is unknown only because it is blank where clients are listed."""
    blank = [fact for fact in facts if fact.kind == "no_client_id" and _is_at_home(fact, definitions)]
    unknown = [fact for fact in facts if fact.kind == "unknown_client"]
    names = {fact.show.get("typed") for fact in unknown}
    return {(fact.path, fact.place) for fact in unknown} if len(names) <= len(blank) else set()


def _is_at_home(fact: Fact, definitions: Definitions) -> bool:
    item = definitions.fields.get(fact.path)
    return item is not None and fact.place.sheet == item.sheet


def _reads_what_is_lost(rule: Rule, look: Look, definitions: Definitions) -> bool:
    """Tell whether ``rule`` looks at a section of which it was told already that it cannot be read."""
    return any(look.said.of(name) for name in rule.parameters if name in definitions.sections)


def _may_be_unread(hit: Hit, look: Look) -> bool:
    """Tell whether a whole section, or a whole row, lacks something while an answer of this client in it is unread."""
    unread = (fact for fact in look.record.facts if fact.kind in derive.UNREAD)
    own = (fact for fact in unread if hit.section and not hit.name and fact.path.startswith(f"{hit.section}."))
    return any(hit.row is None or hit.row.place(fact.path.partition(".")[2]) == fact.place for fact in own)


def _lacks_its_row(section: Section, missing: Sequence[Finding]) -> bool:
    """Tell whether ``missing`` is the one finding of a section that has no row: what it lacks follows from that."""
    return not section.repeats and any(not item.path for item in missing)


def _with_stand_in(definitions: Definitions) -> list[Field]:
    return [item for item in definitions.fields.values() if item.stand_in]


def _printed_beside(known: Section, asked: Collection[str]) -> list[Field]:
    """Return the fields of ``known`` that documents print, but for those ``asked``."""
    return [item for item in known.fields if item.printed and item.name not in asked]


def _mostly_asked_of(section: Section | None) -> str:
    """Return who answers most of the questions of ``section``."""
    people = Counter(item.asked_of for item in section.fields if not item.derived) if section else Counter()
    return max(people, key=people.__getitem__, default="")


def _is_of(hit: Hit, rule: Rule, scene: Scene) -> bool:
    """Tell whether what a rule found concerns the document: its section is asked there, or the rule names it."""
    section = scene.definitions.sections.get(hit.section)
    name = scene.document.name
    return name in rule.documents or section is None or not section.documents or name in section.documents


def _concerning(findings: Iterable[Finding], case: Case) -> Iterator[Finding]:
    """Yield what concerns the case; a row that belongs to no client of the input holds nobody."""
    name = case.wanted.document.main
    return (item for item in findings if not item.stray and (not item.documents or name in item.documents))


def _documents_of(fact: Fact, definitions: Definitions) -> tuple[str, ...]:
    """Return the documents of the field, or of the sheet, that ``fact`` concerns; none means all."""
    item = definitions.fields.get(fact.path)
    if item is not None:
        strays = fact.path == CLIENT_ID and fact.place.sheet not in ("", item.sheet)  # the row is lost, not the client
        own = _documents_on(fact.place.sheet, definitions) if strays else definitions.sections[item.section].documents
        clients = definitions.sections[CLIENT_ID.partition(".")[0]].documents
        return () if set(own) >= set(clients) else own  # a clinic's own documents rest on the client's answers too
    if fact.path in definitions.sections:
        return definitions.sections[fact.path].documents
    return _documents_on(fact.path or fact.place.sheet, definitions)


def _documents_on(sheet: str, definitions: Definitions) -> tuple[str, ...]:
    """Return the documents of what is typed on ``sheet``; none means all."""
    documents = [section.documents for section in _sections_on(sheet, definitions)]
    return tuple(dict.fromkeys(name for some in documents for name in some)) if all(documents) else ()


def _holds_nothing(fact: Fact, definitions: Definitions) -> bool:
    """Tell whether ``fact`` is of a sheet that no document asks for (waivers): what is lost there does not count."""
    own = definitions.sections.get(fact.path.partition(".")[0])
    found = _sections_on(fact.place.sheet, definitions) or ([own] if own else [])
    return bool(found) and not any(section.documents for section in found)


def _sections_on(sheet: str, definitions: Definitions) -> list[Section]:
    """Return the sections of which answers are typed on ``sheet``."""
    names = dict.fromkeys(item.section for item in definitions.sheets.get(sheet, ()))
    return [definitions.sections[name] for name in names]


def _row_at(record: Record, fact: Fact) -> Row | None:
    section, _, name = fact.path.partition(".")
    return next((row for row in record.all(section) if row.place(name) == fact.place), None)
