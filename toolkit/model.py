"""The nouns: what is asked (fields), what was read (records), what is wrong (findings). Frozen, no I/O."""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import cached_property
from itertools import takewhile
from typing import Any, Literal, TypeVar

from msgspec import Struct, field
from msgspec.structs import replace

from toolkit.text import key

T = TypeVar("T")

CLIENT_ID = "client.id"
"""Path of the field that says whose a row is; every client sheet begins with it."""
PROPOSAL = "made of the other answers"
"""What `Finding.show` calls a sentence that may be taken over; it is shown whole."""
Level = Literal["error", "warning", "info"]
Phase = Literal["make", "after"]
"""When a rule is judged: while documents are checked and made, or only while they are checked: it tells what is late or
overdue, which keeps nobody from making the document."""
Status = Literal["draft", "ready"]
OUR_OWN = "our own"
"""What a rule's page names as its source where no article, regulation or payer asks for it; not worth a line's room."""
_SHORT_ID = re.compile(r"\w{1,6}")
_WHOLE_ROW = "row "


# --- what is asked -------------------------------------------------------------------------------------------------


class Choice(Struct, frozen=True):
    """One answer that a choice field takes: ``value`` is stored and compared, ``label`` is shown and may be typed.

    ``spellings`` are what people type for it too.
    """

    value: str
    label: str
    spellings: tuple[str, ...] = ()


class Chosen(str):
    """The answer of a choice field: equal to its stored value, printed as its label."""

    label: str

    def __new__(cls, value: str, label: str = "") -> Chosen:
        """Return the answer ``value``, shown as ``label`` (or as itself)."""
        chosen = super().__new__(cls, value)
        chosen.label = label or value
        return chosen

    def __repr__(self) -> str:
        return f"Chosen({super().__repr__()}, {self.label!r})"


class Score(Struct, frozen=True):
    """A score or count as typed (``text``, what is printed), and what a program can compare.

    ``number`` is the first number in the text, ``upper`` the second one of a range, ``comparison`` one of
    ``= < <= > >= range``.
    """

    text: str
    number: Decimal
    comparison: str = "="
    upper: Decimal | None = None

    def __str__(self) -> str:
        return self.text


class Requirement(Struct, frozen=True):
    """Who requires a field (``core``, ``clinic``, or the name of a pack or payer), in which documents, or when."""

    by: str
    documents: tuple[str, ...] = ()
    when: str = ""


class Field(Struct, frozen=True, dict=True):
    """One thing a record may say. Everything that asks, checks, prints or reads a value derives from it."""

    section: str
    name: str
    label: str
    kind: str
    sheet: str
    order: float
    prompt: str = ""
    why: str = ""
    example: str = ""
    weak: str = ""
    """An answer that is too weak, shown beside the example."""
    tip: str = ""
    """What belongs here and what is asked elsewhere: workbooks say it below the question."""
    mend: str = ""
    """For a number or a choice: how to type what people put there in words of their own."""
    choices: tuple[Choice, ...] = ()
    units: tuple[str, ...] = ()
    """For ``number`` and ``integer``: the words, in small letters, that may stand behind the number and add nothing."""
    whole_year: bool = False
    """For ``date``: true where a year of two digits may be of either century (a birth date)."""
    refers: str = ""
    """For ``ref`` and ``refs``: the section whose ids are meant."""
    required: tuple[str, ...] = ()
    """The documents that cannot be signed without it."""
    required_when: str = ""
    """A condition (`toolkit.conditions`) under which the section's documents require it."""
    required_words: str = ""
    """The same in everyday words, after "required if" (else the condition's own labels stand in)."""
    unless: str = ""
    """Path of a field that, when answered, makes this one unnecessary (a family plan, or the reason there is none)."""
    one_row: bool = False
    """True when one answered row of the section is enough."""
    asked_when: str = ""
    """A condition on what ``plankit new`` knows (level of care); the column is left out where it is false."""
    full: bool = False
    """True when only ``plankit new --full`` asks it."""
    default: str = ""
    """What a blank means, as it would be typed; or ``= path`` for the value of another field."""
    stand_in: str = ""
    """What documents state where it is blank, in words, when that is more than nobody typed: check tells it."""
    assemble: tuple[Mapping[str, Any], ...] = ()
    """How a sentence for it can be made of other answers, for whoever answers to take over: tables with a ``pattern``
    (`toolkit.blocks`) and ``when`` it fits."""
    derived: bool = False
    """True when it is computed and cannot be typed."""
    none_is_answer: bool = False
    waivable: bool = True
    """False for what no waiver may leave blank: whose document it is, and where the answers beside it belong."""
    printed: bool = True
    """False for what only links rows (ids, references) or steers the program; proof does not look for it."""
    printed_in: tuple[str, ...] = ()
    """The documents that print it, where these are not all the documents of its section."""
    standard: bool = False
    """True where the same words are right for many clients: nobody looks for copies there."""
    asked_of: str = "clinician"
    """Who can answer: ``clinician``, ``front desk`` or ``biller``."""
    code: str = "RQ001"
    source: str = ""
    aliases: tuple[str, ...] = ()
    pack: str = "core"
    """Who added it: ``core``, ``clinic``, or the name of a pack or payer."""
    required_by: tuple[Requirement, ...] = ()
    """Who requires it: each that adds to ``required`` or ``required_when``, in the order in which they were laid on."""

    @cached_property
    def path(self) -> str:
        """``objectives.target_date``: the field's one name in conditions, templates, rules and mappings."""
        return f"{self.section}.{self.name}"

    @cached_property
    def answers(self) -> Mapping[str, Chosen]:
        """The answers of a choice field by the form (`toolkit.text.key`) in which labels and values are compared.

        Also without any blanks, for PHQ9 means PHQ-9; a label or value goes before the spelling of another answer.
        """
        found: dict[str, Chosen] = {}
        for names in ([(item, (item.label, item.value)) for item in self.choices],
                      [(item, item.spellings) for item in self.choices]):  # fmt: skip
            for item, typed in names:
                found.update({key(name): Chosen(item.value, item.label) for name in typed if key(name) not in found})
        return {**{name.replace(" ", ""): answer for name, answer in reversed(found.items())}, **found}

    def prints_in(self, document: str) -> bool:
        """Tell whether a document of its section prints the answer."""
        return self.printed and (not self.printed_in or document in self.printed_in)


class Section(Struct, frozen=True, dict=True):
    """A group of fields, single or repeating. ``fields`` are in the order in which they are asked."""

    name: str
    title: str
    sheet: str
    fields: tuple[Field, ...] = ()
    repeats: bool = False
    key: str = ""
    """Name of the field that holds a row's own id, for repeating sections that have one."""
    parent: str = ""
    """Section under which the rows nest; ``parent_field`` is the field that holds the parent's id or date."""
    parent_field: str = ""
    singular: str = ""
    """What one row is called in a rule's signature: ``objective``, ``one_review``."""
    scope: Literal["client", "workbook"] = "client"
    documents: tuple[str, ...] = ()
    """Documents in which it is asked and printed."""
    until: str = ""
    """Name of the date field of a log: a document holds the rows up to its own day, however the log goes on.

    A single row that is dated later stays in the record, for rules to judge, and is not printed.
    """
    at_least_one: tuple[str, ...] = ()
    """Documents that cannot be signed without a row of it."""
    rows_required_by: tuple[Requirement, ...] = ()
    """The payers that add to ``at_least_one``."""
    code: str = "RQ001"
    order: float = 1000
    """Where it stands among the sections, and so its sheet among the sheets."""
    pack: str = "core"

    @cached_property
    def by_name(self) -> Mapping[str, Field]:
        """The fields by name."""
        return {item.name: item for item in self.fields}

    @cached_property
    def of_staff(self) -> tuple[str, ...]:
        """The names of the fields that name members of staff."""
        return tuple(item.name for item in self.fields if item.refers == "staff")

    @property
    def word(self) -> str:
        """What one row is called in a sentence: ``objective``."""
        return self.singular.replace("_", " ").removeprefix("one ") or self.title.lower()

    def field(self, name: str) -> Field | None:
        """Return the field called ``name``, or None."""
        return self.by_name.get(name)


class Document(Struct, frozen=True):
    """A kind of document, as a pack declares it: its title, its date, its template and the order of its blocks."""

    name: str
    title: str
    date: str
    """Path of the field whose date makes the document wanted, ``plan.date``."""
    template: str
    """File name of the template inside the pack's folder."""
    blocks: tuple[Mapping[str, Any], ...] = ()
    """What ``plankit template build`` lays out, in order; `toolkit.blocks` describes the keys."""
    each: str = ""
    """Name of the repeating section of which each row makes one document (``review``), or empty."""
    like: str = ""
    """The pack whose document of the same name gives title, date and blocks; the pack's own additions join these."""
    of: str = ""
    """Of a companion: the document that it rides with. It is made only where it is named, shares the date, the findings
    and the status of that document, asks and requires nothing of its own, and nobody signs it."""
    drawing: str = ""
    """Of a companion that is drawn and has no template: what it shows (``thread``)."""
    read_only: bool = False
    """Whether nobody may type into the PDF form of it: true of what the program found."""

    @property
    def main(self) -> str:
        """Name of the document whose requirements hold for it: its own, or of a companion the one it rides with."""
        return self.of or self.name


class SignerRule(Struct, frozen=True):
    """Who signs when: ``role`` of the closed list, found at ``person`` (a path) when ``when`` holds."""

    role: str
    label: str
    when: str = ""
    person: str = ""
    """Path of a staff reference or of a name."""
    documents: tuple[str, ...] = ()
    source: str = ""
    pack: str = "core"


class Signer(Struct, frozen=True):
    """One place to sign."""

    role: str
    label: str
    name: str = ""
    credential: str = ""
    reason_absent: str = ""


class Limit(Struct, frozen=True):
    """A number that a payer, a state or a level of care sets, and who sets it."""

    number: float | None
    """None where whoever sets it says that there is none."""
    by: str = ""
    """What who sets it is called."""
    says: str = ""
    """What is asked, in words, where a number alone does not say it."""
    ours: bool = False
    """True for our own default: no rule of theirs is known, or nobody has checked it against their words."""
    larger: bool = False
    """True where the larger number is the stricter one."""
    about: str = ""
    """What is counted, as the default profile says."""
    least: float = 0
    """The smallest number that makes sense, as the default profile says: a plan cannot be reviewed every 0 days."""
    at: Mapping[str, float] = field(default_factory=dict)
    """What holds instead at single levels of care, by their keys."""
    of_level: bool = False
    """True where a level of care sets it."""


class Definitions(Struct, frozen=True, dict=True):
    """Everything that is asked of a record: core, its populations, its payer and the clinic, composed."""

    sections: Mapping[str, Section]
    documents: Mapping[str, Document] = field(default_factory=dict)
    limits: Mapping[str, Any] = field(default_factory=dict)
    """The numbers of the payer, else our own, whatever the level of care (`toolkit.derive.limit` knows both)."""
    signers: tuple[SignerRule, ...] = ()
    populations: tuple[str, ...] = ()
    payer: str = "default"
    known: Mapping[str, Section] = field(default_factory=dict)
    """What any pack or payer asks: a template may name all of it, and what is not asked of a record is blank there."""
    titles: Mapping[str, str] = field(default_factory=dict)
    """What packs and payers are called, by name: whom to name when one of them requires something."""
    marks: tuple[str, ...] = ()
    """Of all that is known, the paths of the answers that say of which populations a client is."""
    set_by: Mapping[str, tuple[Limit, ...]] = field(default_factory=dict)
    """Each limit as every profile that was chosen sets it, or as we do where none of them says any."""

    @cached_property
    def fields(self) -> Mapping[str, Field]:
        """All fields by path."""
        return {item.path: item for section in self.sections.values() for item in section.fields}

    @cached_property
    def dated(self) -> Mapping[str, Document]:
        """The documents that are made where they are dated; the others, companions, only where they are named."""
        return {name: document for name, document in self.documents.items() if not document.of}

    @cached_property
    def unasked(self) -> Mapping[str, tuple[Field, ...]]:
        """What is known and not asked of this record: fields by section, of those sections that have such."""
        asked = self.fields
        found = {
            name: tuple(item for item in known.fields if item.path not in asked) for name, known in self.known.items()
        }
        return {name: fields for name, fields in found.items() if fields}

    @cached_property
    def sheets(self) -> Mapping[str, tuple[Field, ...]]:
        """The typed fields of each sheet in column order; sheets in the order in which they are filled in."""
        sheets: dict[str, list[Field]] = {}
        for section in self.sections.values():
            for item in section.fields:
                if not item.derived:
                    sheets.setdefault(item.sheet, []).append(item)
        return {name: tuple(sorted(fields, key=lambda item: item.order)) for name, fields in sheets.items()}

    @cached_property
    def by_singular(self) -> Mapping[str, Section]:
        """Repeating sections by the word for one row."""
        return {section.singular: section for section in self.sections.values() if section.singular}

    @cached_property
    def _worked_out(self) -> dict[Any, Any]:
        return {}

    def once(self, what: Hashable, work: Callable[[], T]) -> T:
        """Return what ``work`` gives, worked out the first time only: it follows from these definitions alone."""
        if what not in self._worked_out:
            self._worked_out[what] = work()
        found: T = self._worked_out[what]
        return found

    def children(self, parent: str) -> tuple[Section, ...]:
        """Return the sections whose rows nest under ``parent``."""
        return tuple(section for section in self.sections.values() if section.parent == parent)


# --- what was read -------------------------------------------------------------------------------------------------


class Place(Struct, frozen=True):
    """Where something stands: a cell (``Objectives!G12``), a row, a sheet, a JSON pointer, or a spot in a template."""

    sheet: str = ""
    cell: str = ""
    pointer: str = ""
    file: int = 0
    """Number of the input file, counted from 1, when the input is a folder (its name may hold a client's name)."""
    line: int = 0
    """Line of a JSONL or JSON file."""

    @property
    def row(self) -> int:
        """Number of the row that is meant as a whole; 0 for a cell, a range, a sheet, a pointer."""
        return int(self.cell.removeprefix(_WHOLE_ROW)) if self.cell.startswith(_WHOLE_ROW) else 0

    def __str__(self) -> str:
        where = f"{self.sheet}!{self.cell}" if self.sheet and self.cell else self.sheet or self.cell
        if self.pointer:
            where = f"{where} {self.pointer}".strip()
        if self.line:
            where = f"line {self.line} {where}".strip()
        return f"file {self.file} {where}".strip() if self.file else where


class Origin(Struct, frozen=True):
    """Where a row was read: enough to name the cell of any of its fields, filled or blank.

    ``columns`` maps paths to column letters (shared by all rows of a sheet); ``cells`` maps paths to whole cell
    addresses (question-and-answer sheets) or JSON pointers; ``pointer`` is the row's JSON pointer.
    """

    sheet: str = ""
    row: int = 0
    columns: Mapping[str, str] = field(default_factory=dict)
    cells: Mapping[str, str] = field(default_factory=dict)
    pointer: str = ""
    file: int = 0
    line: int = 0

    def place(self, path: str = "") -> Place:
        """Return the place of the field at ``path`` (``objectives.target``), or of the row itself."""
        name = path.partition(".")[2]
        if self.sheet:
            cell = self.cells.get(path) or (f"{self.columns[path]}{self.row}" if path in self.columns else "")
            return Place(self.sheet, cell or (f"{_WHOLE_ROW}{self.row}" if self.row else ""), file=self.file)
        pointer = self.cells.get(path) or (f"{self.pointer}/{name}" if name else self.pointer)
        return Place(pointer=pointer, file=self.file, line=self.line)


class Row(Struct, frozen=True):
    """One row of a section: typed values by field name (blank fields are absent) and where each stands.

    ``row.target`` gives the value, or None where it is blank; a name the section does not have is an AttributeError.
    ``origins`` names the origin of single fields that stand elsewhere than ``origin``.
    """

    section: Section
    values: Mapping[str, Any]
    origin: Origin = Origin()
    ordinal: int = 1
    origins: Mapping[str, Origin] = field(default_factory=dict)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        value = self.values.get(name)
        if value is None and name not in self.section.by_name:
            raise AttributeError(name)
        return value

    def get(self, name: str) -> Any:
        """Return the value of field ``name``, or None where it is blank."""
        return self.values.get(name)

    @property
    def id(self) -> str:
        """The row's own id, or its number in the section."""
        return str(self.values.get(self.section.key) or self.ordinal) if self.section.key else str(self.ordinal)

    @property
    def subject(self) -> str:
        """Which row is meant, ``objective 1a``: by its own id only while that is too short to tell of anybody.

        Empty for the row of a single section.
        """
        if not self.section.repeats:
            return ""
        return f"{self.section.word} {self.id if _SHORT_ID.fullmatch(self.id) else self.ordinal}"

    def place(self, name: str = "") -> Place:
        """Return the place of field ``name``, or of the row."""
        return self.origins.get(name, self.origin).place(f"{self.section.name}.{name}" if name else "")


class Fact(Struct, frozen=True):
    """Something a reader met that a ``WB`` rule has to judge. ``kind`` names the rule's parameter.

    ``show`` holds what was typed and what would be right (``typed``, ``nearest``, ``expected``…): shown to the user,
    never written to logs, manifest or SARIF. ``path`` is the field concerned (or the sheet's right name), where there
    is one; ``fault`` and ``mend`` are everyday words without values (``is not a date``, ``Type it as 07/27/2026.``).
    """

    kind: str
    place: Place = Place()
    path: str = ""
    fault: str = ""
    mend: str = ""
    show: Mapping[str, str] = field(default_factory=dict)
    stray: bool = False
    """True when it is of a row, or a record, that belongs to no client that can be named: it holds nobody else."""


class Record(Struct, frozen=True):
    """One client's episode as read: typed rows by section, and what the reader met on the way.

    Rows of workbook-wide sections (clinic, staff) are shared by all records.
    """

    id: str
    rows: Mapping[str, tuple[Row, ...]]
    facts: tuple[Fact, ...] = ()
    origin: Origin = Origin()

    def one(self, section: str) -> Row | None:
        """Return the row of a single section, or None where the record has none."""
        rows = self.rows.get(section)
        return rows[0] if rows else None

    def all(self, section: str) -> tuple[Row, ...]:
        """Return the rows of ``section``."""
        return self.rows.get(section, ())

    def get(self, path: str) -> Any:
        """Return the value at ``section.name`` of a single section, or None where it is blank or absent."""
        section, _, name = path.partition(".")
        row = self.one(section)
        return row.get(name) if row else None

    def answers(self) -> Iterator[tuple[Row, str, Any]]:
        """Yield every answer: its row, the name of its field, and the value."""
        for rows in self.rows.values():
            for row in rows:
                for name, value in row.values.items():
                    yield row, name, value

    def with_rows(self, **rows: tuple[Row, ...]) -> Record:
        """Return a copy in which the rows of the named sections are replaced."""
        return replace(self, rows={**self.rows, **rows})


class Input(Struct, frozen=True):
    """One file that was read: its number, its kind (``xlsx``, ``csv``, ``json``, ``jsonl``) and its digest."""

    number: int
    kind: str
    sha256: str
    name: str = ""
    """What the file is called, for messages on the screen; never written anywhere, it may be a client's name."""


class Batch(Struct, frozen=True):
    """All records of one input, and the facts that concern no single record. ``records`` may be read again."""

    records: Iterable[Record]
    facts: tuple[Fact, ...] = ()
    inputs: tuple[Input, ...] = ()
    sheets: frozenset[str] | None = None
    """The sheets that one workbook has; None where the input is something else."""

    def __iter__(self) -> Iterator[Record]:
        return iter(self.records)

    def portions(self, numbers: Iterable[int]) -> Iterator[Iterable[Record]]:
        """Yield the portions of the records that have the ``numbers`` (from 0 on, rising), to the last that there is.

        A portion is a record, or what a reader can get at without what stands before it (a line of JSON Lines). The
        next number is asked for when the portion before it was taken.
        """
        own = getattr(self.records, "portions", None)
        return iter(own(numbers)) if own else ((record,) for record in _numbered(self.records, numbers))


def _numbered(records: Iterable[Record], numbers: Iterable[int]) -> Iterator[Record]:
    if isinstance(records, Sequence):
        yield from (records[number] for number in takewhile(len(records).__gt__, numbers))
    else:
        following = enumerate(records)
        wanted = (next((one for place, one in following if place == number), None) for number in numbers)
        yield from takewhile(lambda one: one is not None, wanted)


# --- what is wrong -------------------------------------------------------------------------------------------------


class Finding(Struct, frozen=True):
    """Something to put right.

    ``text`` holds labels and never a value; ``show`` the values beside it; ``subject`` says which row is meant
    (``goal 2``); ``documents`` the documents it concerns, empty for all. ``record`` is empty where it concerns the
    whole workbook.
    """

    code: str
    level: Level
    text: str
    place: Place = Place()
    record: str = ""
    initials: str = ""
    subject: str = ""
    path: str = ""
    show: Mapping[str, str] = field(default_factory=dict)
    source: str = ""
    documents: tuple[str, ...] = ()
    phase: Phase = "make"
    asked_of: str = ""
    answerer: str = ""
    """The name of who can answer, where somebody signs for the client in the role ``asked_of``."""
    stray: bool = False
    """True when it is of a row that belongs to no client of the input (`Fact.stray`)."""
    waived: str = ""
    """The reason for which it was accepted, or empty."""
    payers: tuple[str, ...] = ()
    """Of several payers side by side, what those are called for whom it is found; empty for all of them."""

    @property
    def holds(self) -> bool:
        """True when the documents concerned cannot be made ready."""
        return self.level == "error" and self.phase == "make" and not self.waived


class OwnLevel(Struct, frozen=True):
    """A payer's own level of a rule, with why, who says so, and what the payer is called."""

    level: Level
    why: str = ""
    source: str = ""
    by: str = ""

    def __str__(self) -> str:
        why = f"{self.by}: {self.why}" if self.by and self.why else self.by or self.why
        return "; ".join(part for part in (why, self.source) if part)


class Rule(Struct, frozen=True):
    """One rule: its page (from the file's docstring) and its function. The function's signature is the contract."""

    code: str
    name: str
    summary: str
    why: str
    example: str
    mend: str
    source: str
    level: Level
    phase: Phase
    check: Callable[..., Iterable[tuple[Any, str]] | None]
    parameters: tuple[str, ...] = ()
    limits: tuple[str, ...] = ()
    waivable: bool = True
    documents: tuple[str, ...] = ()
    """The documents that it judges; empty for all in which its subject is asked."""
    requires: str = ""
    """What it asks for, in a few words that can be met, for an audit sheet."""
    looks_at: tuple[str, ...] = ()
    """The answers that it looks at, for an audit sheet; empty where its first section tells that."""


class Wanted(Struct, frozen=True):
    """One document to make of one record: which, dated when, and the row it is made of (for one document a row)."""

    document: Document
    day: date
    row: Row | None = None

    @property
    def stem(self) -> str:
        """The file name without its ending: ``treatment_plan``, ``plan_review-2026-07-27``."""
        return f"{self.document.name}-{self.day.isoformat()}" if self.row else self.document.name


class Missing(str):
    """Stands in a draft where an answer is missing: its text is the question, and it prints highlighted."""

    def __repr__(self) -> str:
        return f"Missing({super().__repr__()})"


class Case(Struct, frozen=True):
    """One wanted document of one record, judged: ``record`` is completed (defaults, derived values) for its day."""

    record: Record
    wanted: Wanted
    definitions: Definitions
    findings: tuple[Finding, ...] = ()
    signers: tuple[Signer, ...] = ()

    @property
    def status(self) -> Status:
        """``ready`` to sign, or ``draft`` while a finding holds it."""
        return "draft" if any(finding.holds for finding in self.findings) else "ready"


class Audited(Struct, frozen=True):
    """One record, judged: a case for each wanted document, and every finding once."""

    record: Record
    initials: str
    cases: tuple[Case, ...]
    findings: tuple[Finding, ...]
    stand_ins: tuple[Finding, ...] = ()
    """What its documents state in place of blanks: of no single client, and told once for all."""
