"""The faults that can be planted in a good plan: a table in ``faults.toml``, those of the packs, and some of any field.

A fault of the table says at which field it is made, what is put there, and which code has to tell of it where::

    [target_worse]
    says = "The target is worse than the baseline."
    at = "objectives.target"
    put = { plus = ["objectives.baseline", 1] }
    where = "objectives.direction == 'lower'"
    code = "SM006"

``put`` is a value (in a text ``{}`` stands for the old answer, ``{path}`` for another), or a table with one of the
words of `toolkit.practice.planting.WORDS`. ``also`` puts further answers at their paths, ``told`` is the place where
the finding stands if it is another one: a path, or a section for the row. ``where`` is a condition on the good plan.
``drop`` names a section of which rows are taken out: this row itself, or those that belong to it; ``unlink`` takes the
row out of the links of others, ``new`` adds a row. ``main`` marks what
the practice workbook may show.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from msgspec import Struct, field

from toolkit.errors import ShelfError
from toolkit.model import CLIENT_ID, Definitions, Field
from toolkit.shelf import Shelf, read_toml

FILE = "faults.toml"
_BESIDE = "ZZ9"


class Fault(Struct, frozen=True):
    """One way to spoil a good plan, and what has to be told of it. The module says what the names mean."""

    name: str
    says: str
    at: str
    code: str = ""
    """The code that has to tell of it; empty for the code that the field bears when it is blank."""
    put: Any = None
    also: Mapping[str, Any] = field(default_factory=dict)
    told: str = ""
    where: str = ""
    blank: tuple[str, ...] = ()
    """Answers that no row of the good plan may have."""
    least: Mapping[str, int] = field(default_factory=dict)
    """How many rows of a section the good plan must have."""
    again: bool = False
    """True where the answer of the first row is put into a later one."""
    drop: str = ""
    each: bool = False
    """True where the fault is made in every row."""
    new: Mapping[str, Any] = field(default_factory=dict)
    """The answers of a row that is added."""
    unlink: bool = False
    """True where the row is taken out of every link that names it."""
    needed: bool = False
    """True where only an answer that a document requires is spoilt."""
    main: bool = False

    @property
    def section(self) -> str:
        """The section in which the fault is made."""
        return self.at.partition(".")[0]


def faults(found: Shelf) -> dict[str, Fault]:
    """Return every fault by name: those of the table, of the packs, and of any field.

    Raises ShelfError, naming the file, where one cannot be used.
    """
    paths = [Path(__file__).with_name(FILE), *(path for pack in found.packs.values() if (path := pack.file(FILE)))]
    known = {item.name: item for path in paths for item in _read(path)}
    return known | {item.name: item for item in _of_fields(found.all())}


def _read(path: Path) -> Iterator[Fault]:
    where = f"{path.parent.name}/{path.name}"
    for name, table in read_toml(path).items():
        try:
            yield Fault(name, **table)
        except TypeError as error:
            raise ShelfError(f"{where}: «{name}» cannot be used as a fault: {error}.") from error


def _of_fields(definitions: Definitions) -> Iterator[Fault]:
    """Yield the faults that any field may have, by its kind."""
    for item in definitions.fields.values():
        if item.derived or item.path == CLIENT_ID:
            continue
        if item.required_by and not item.one_row and item.unless.partition(".")[0] in ("", item.section):
            yield Fault(f"blank: {item.path}", "A required answer is blank.", item.path, put="", needed=True, main=True)
        for name, says, code, put in _spoilt(item):
            yield Fault(f"{name}: {item.path}", says, item.path, code, put)


def _spoilt(item: Field) -> Iterable[tuple[str, str, str, Any]]:
    """Yield name, sentence, code and what to put, for the ways in which an answer of this kind is mistyped."""
    if item.kind == "choice":
        yield "unknown choice", "An answer is not on the list.", "WB009", "Perhaps later on"
    elif item.kind in ("date", "integer", "number", "yes_no", "score"):
        yield "unreadable", "An answer cannot be read.", "WB008", "as told by phone"
    elif item.kind in ("ref", "refs") and item.refers:
        yield "unknown id", "An id leads to no row.", "WB010", _BESIDE
    elif item.kind in ("long", "lines") and len(item.example.partition(chr(10))[0]) > 40 and item.required:
        # Of several lines one is changed: goals count lines, and criteria have their results.
        pasted = {"last_line": item.example.splitlines()[0]} if item.kind == "lines" else item.example
        yield "example pasted", "The form’s own example is the answer.", "CL007", pasted
    if item.kind in ("long", "lines", "text") and item.required and item.prompt.endswith("?"):
        pasted = {"last_line": item.prompt} if item.kind == "lines" else item.prompt
        yield "question pasted", "The form’s own question is the answer.", "CL007", pasted
