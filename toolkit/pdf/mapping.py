"""Mappings: which answer goes into which field of somebody else's form, as a TOML file that people edit says it.

Each ``[[fields]]`` names a field of the form (``name``) and one of these: ``path``, the answer (`toolkit.pdf.paths`),
empty for none; ``text``, a text that is the same in all documents; ``signer``, the role that signs there. With a path:
``when``, the answers at which a box is ticked; ``values``, what the form calls each answer; ``date``, how it wants
dates.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from msgspec import Struct, field
from msgspec.structs import replace

from toolkit import toml
from toolkit.errors import TemplateError
from toolkit.model import Definitions, Document
from toolkit.pdf import paths
from toolkit.pdf.dates import FORMAT, USUAL
from toolkit.pdf.form import Field, Form
from toolkit.text import hint, key

MAX_BYTES = 4_000_000
BUTTONS = ("check", "radio")
CHOSEN = (*BUTTONS, "choice", "list")
YES, NO = "Yes", "No"
_WORDS: Mapping[type, str] = {str: "a text in quotes", list: "a list of texts in [ ]", dict: "a table in { }"}
_KEYS: Mapping[str, tuple[type, ...]] = {
    "name": (str,), "path": (str,), "text": (str,), "signer": (str,), "when": (str, list), "values": (dict,),
    "date": (str,),
}  # fmt: skip
_HEAD: Mapping[str, tuple[type, ...]] = {"form": (str,), "sha256": (str,), "document": (str,), "fields": (list,)}
_BLOCK = re.compile(r"\s*\[\[\s*[\"']?fields[\"']?\s*\]\]")
_NOTHING = paths.Answer("")


class Entry(Struct, frozen=True):
    """What goes into one field of the form."""

    name: str
    path: str = ""
    text: str = ""
    signer: str = ""
    when: tuple[str, ...] = ()
    """The answers at which a box is ticked."""
    values: Mapping[str, str] = field(default_factory=dict)
    """What the form calls each answer."""
    date: str = USUAL
    line: int = 0
    """Where it stands in the file."""
    answer: paths.Answer = _NOTHING

    @property
    def fills(self) -> bool:
        """True where something goes into the field."""
        return bool(self.path or self.text)


class FormMapping(Struct, frozen=True):
    """A mapping as its file says it."""

    name: str
    """What messages call the file."""
    form: str
    """The path of the form, from the folder of the mapping on."""
    sha256: str
    document: str
    entries: tuple[Entry, ...]
    lines: Mapping[str, int] = field(default_factory=dict)
    """Where its own keys stand."""

    def at(self, line: int) -> str:
        """Return what messages call a line of the file."""
        return f"{self.name}, line {line}" if line else self.name


# --- reading -------------------------------------------------------------------------------------------------------


def read(data: bytes, name: str) -> FormMapping:
    """Return the mapping that the TOML file ``data`` holds. Raises TemplateError naming file, line and the mend."""
    text = _text(data, name)
    try:
        table = toml.loads(text)
    except toml.TOMLDecodeError as error:
        line, mend = toml.unreadable(text, error)
        raise TemplateError(f"{name}, line {line}, cannot be read there. {mend}") from error
    except (ValueError, RecursionError) as error:
        raise TemplateError(f"{name} cannot be read. Keep it as plankit writes it.") from error
    places = _Places(text)
    _hold_keys(table, _HEAD, name, lambda wrong: places.of_head(wrong))
    blocks = table.get("fields", [])
    entries = tuple(_entry(block, number, name, places) for number, block in enumerate(blocks))
    for wanted in ("form", "document"):
        if not table.get(wanted):
            raise TemplateError(f'{name} does not say «{wanted}». Write it at the top: {wanted} = "…".')
    return FormMapping(
        name,
        table["form"],
        table.get("sha256", ""),
        table["document"],
        entries,
        {one: places.of_head(one) for one in table},
    )


def _text(data: bytes, name: str) -> str:
    if len(data) > MAX_BYTES:
        raise TemplateError(f"{name} is unreasonably large for a mapping. Give the file that maps a form’s fields.")
    try:
        return data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        raise TemplateError(f"{name} is not saved as UTF-8. Save it again with the encoding UTF-8.") from error


class _Places:
    """Where what stands in the file: the parser of Python tells no lines."""

    def __init__(self, text: str) -> None:
        self._lines = text.split("\n")
        self._blocks = [number for number, line in enumerate(self._lines, 1) if _BLOCK.match(line)]

    def of_head(self, wanted: str) -> int:
        end = self._blocks[0] if self._blocks else len(self._lines) + 1
        return self._line(wanted, 1, end) or 1

    def of_block(self, number: int, wanted: str = "name") -> int:
        if number >= len(self._blocks):
            return 0
        start = self._blocks[number]
        following = self._blocks[number + 1] if number + 1 < len(self._blocks) else len(self._lines) + 1
        return self._line(wanted, start, following) or start

    def _line(self, wanted: str, start: int, end: int) -> int:
        known = re.compile(rf"\s*[\"']?{re.escape(wanted)}[\"']?\s*[=.]")
        return next((number for number in range(start, end) if known.match(self._lines[number - 1])), 0)


def _hold_keys(table: Mapping[str, Any], known: Mapping[str, tuple[type, ...]], name: str, line: Any) -> None:
    for one, value in table.items():
        if one not in known:
            raise TemplateError(f"{name}, line {line(one)}: «{one}» is not known here.{hint(one, known)}")
        fits = (
            isinstance(value, known[one])
            and not (isinstance(value, list) and one == "when" and not all(isinstance(item, str) for item in value))
            and not (isinstance(value, dict) and not all(isinstance(item, str) for item in value.values()))
        )
        if not fits:
            wanted = " or ".join(_WORDS[kind] for kind in known[one])
            raise TemplateError(f"{name}, line {line(one)}: «{one}» is not what it should be ({wanted}).")


def _entry(block: Any, number: int, name: str, places: _Places) -> Entry:
    line = places.of_block(number)
    if not isinstance(block, dict):
        raise TemplateError(f"{name}, line {line or 1}: write each field as a block of its own under [[fields]].")
    _hold_keys(block, _KEYS, name, lambda wrong: places.of_block(number, wrong))
    if not block.get("name"):
        raise TemplateError(f'{name}, line {line}: this block does not name its field. Write name = "…".')
    said = [one for one in ("path", "text", "signer") if block.get(one)]
    if len(said) > 1:
        raise TemplateError(f"{name}, line {line}: «{block['name']}» has both {said[0]} and {said[1]}. Keep one.")
    when = block.get("when", ())
    more = {"when": (when,) if isinstance(when, str) else tuple(when)}
    return Entry(**{**block, **more}, line=line)


# --- held against the form and the record --------------------------------------------------------------------------


def held(mapping: FormMapping, form: Form, digest: str, definitions: Definitions, document: Document) -> FormMapping:
    """Return ``mapping`` with what its paths lead to and its answers as records and form spell them.

    Raises TemplateError where it names a field, an answer or a choice that there is not, or is for another form.
    """
    if mapping.sha256 and mapping.sha256 != digest:
        raise TemplateError(
            f"{mapping.at(mapping.lines.get('sha256', 0))}: {mapping.form} is not the file that this mapping was "
            "written for. Map it anew with plankit template map, and compare the two."
        )
    seen: dict[str, int] = {}
    entries = []
    for entry in mapping.entries:
        where = mapping.at(entry.line)
        if entry.name in seen:
            raise TemplateError(f"{where}: «{entry.name}» was named in line {seen[entry.name]} already. Keep one.")
        seen[entry.name] = entry.line
        field = form.fields.get(entry.name)
        if field is None:
            raise TemplateError(f"{where}: the form has no field «{entry.name}».{hint(entry.name, form.fields)}")
        entries.append(_held(entry, field, where, definitions, document))
    return replace(mapping, entries=tuple(entries))


def _held(entry: Entry, field: Field, where: str, definitions: Definitions, document: Document) -> Entry:
    if field.kind == "signature" and entry.fills:
        raise TemplateError(f"{where}: «{entry.name}» is a place to sign. Write signer = and the role, such as client.")
    if field.kind == "button" and entry.fills:
        raise TemplateError(f"{where}: «{entry.name}» is a button to click on, and takes no answer. Leave it out.")
    if entry.signer:
        known = paths.roles(definitions)
        if field.kind != "signature":
            raise TemplateError(f"{where}: «{entry.name}» is no place to sign. Write path = and the answer.")
        if entry.signer not in known:
            raise TemplateError(f"{where}: there is no role «{entry.signer}» that signs.{hint(entry.signer, known)}")
    if not FORMAT.fullmatch(entry.date):
        raise TemplateError(f"{where}: dates cannot be written as «{entry.date}». Write it like {USUAL}.")
    if entry.path:
        try:
            entry = replace(entry, answer=paths.answer(entry.path, definitions, document))
        except paths.UnknownPathError as error:
            raise TemplateError(f"{where}: {error}") from error
    if entry.when and (field.kind != "check" or len(states(field)) > 1):
        raise TemplateError(f"{where}: «when» is for a box to tick; «{entry.name}» is none. Use values.")
    if (entry.values or entry.when) and not entry.path:
        raise TemplateError(f'{where}: say which answer is meant: path = "…".')
    if entry.values and field.kind not in CHOSEN:
        raise TemplateError(f"{where}: «values» is for what is chosen; «{entry.name}» takes any text. Leave it out.")
    return replace(
        entry,
        when=tuple(_answer(one, entry, where) for one in entry.when),
        values={_answer(one, entry, where): _choice(own, field, where) for one, own in entry.values.items()},
        text=_choice(entry.text, field, where) if entry.text and field.kind in CHOSEN else entry.text,
    )


def states(field: Field) -> tuple[str, ...]:
    """Return what the form stores of a choice: the states of its buttons, the values that it exports."""
    return tuple(dict.fromkeys(stored for stored, _ in field.options if stored))


def answers(field: paths.Answer) -> tuple[tuple[str, str], ...]:
    """Return the answers that a record may have there, as stored and as shown; none where any text may stand."""
    if field.field is not None and field.field.kind == "yes_no":
        return ((YES, YES), (NO, NO))
    return tuple((one.value, one.label) for one in field.field.choices) if field.field is not None else ()


def _answer(typed: str, entry: Entry, where: str) -> str:
    """Return an answer as records store it."""
    known = answers(entry.answer)
    found = next((stored for stored, shown in known if key(typed) in (key(stored), key(shown))), None)
    if known and found is None:
        near = hint(typed, [shown for _, shown in known])
        listed = f" There are: {'; '.join(dict.fromkeys(shown for _, shown in known[:20]))}."
        raise TemplateError(f"{where}: «{entry.answer.label}» is never answered «{typed}».{near or listed}")
    return typed if found is None else found


def _choice(typed: str, field: Field, where: str) -> str:
    """Return a choice of the form as it is stored there."""
    if typed == "" or (field.editable and field.kind == "choice"):
        return typed
    found = stored(typed, field)
    if found is None:
        shown = [name for pair in field.options for name in dict.fromkeys(reversed(pair)) if name]
        listed = f" There are: {'; '.join(dict.fromkeys(shown[:20]))}."
        raise TemplateError(f"{where}: «{field.name}» cannot be «{typed}».{hint(typed, shown) or listed}")
    return found


def stored(typed: str, field: Field) -> str | None:
    """Return what the form stores for ``typed``, its own name for it or what it shows; None where it has no such."""
    for same in (lambda name: name == typed, lambda name: key(name) == key(typed)):
        for side in (0, 1):
            found = next((pair[0] for pair in field.options if pair[0] and same(pair[side])), None)
            if found is not None:
                return found
    return None


def unfilled(mapping: FormMapping, form: Form) -> Iterator[Field]:
    """Yield the fields that the mapping leaves open, in the order of the form; none that nobody may fill, or signs."""
    filled = {entry.name for entry in mapping.entries if entry.fills}
    for name, item in form.fields.items():
        apart = item.read_only or item.computed or item.kind in ("button", "signature")
        if name not in filled and not apart:
            yield item
