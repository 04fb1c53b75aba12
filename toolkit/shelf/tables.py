"""TOML tables become nouns: each key is known and of its kind, or the file and the fault are told."""

from __future__ import annotations

import keyword
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

from msgspec import NODEFAULT, Struct
from msgspec.structs import FieldInfo, fields, replace

from toolkit import derive, kinds, reference, toml
from toolkit.errors import ShelfError
from toolkit.model import Choice, Document, Field, Requirement, Section, SignerRule
from toolkit.shelf.lines import line_of
from toolkit.text import hint

_NAME = re.compile(r"[a-z][a-z0-9_]*")
_TAKEN = derive.BESIDE | {
    "caller", "dict", "false", "kwargs", "loop", "namespace", "none", "range", "self", "sign", "super", "true",
    "varargs", *keyword.kwlist,
}  # fmt: skip
"""What templates and conditions mean something else by."""
_FILE = re.compile(r"\w[\w -]*\.(docx|pdf)")
_SAMPLES: Mapping[type, str] = {
    str: "a text in quotes",
    bool: "true or false",
    tuple: "a list in [ ]",
    dict: "a table",
    float: "a number",
}
_FIXED = ("repeats", "key", "parent", "parent_field", "singular", "scope")
"""What nobody may change in a section that is there: readers and rules rely on it."""
_FIXED_FIELD = ("kind", "derived", "refers")
"""The same of a field."""
_FIXED_COLUMN = ("sheet", "choices")
"""What packs and payers may not change either: a workbook is read before anybody knows whose clients stand in it."""
_WEAKER = ("unless", "one_row", "none_is_answer")
"""By which an answer that is required could stay blank after all."""
CORE, CLINIC = "core", "clinic"
"""Who asks what the ``fields`` folders hold: the built-in one, the clinic's."""
_OF_TABLES = ("assemble", "blocks", "citations", "sections", "signers", "supplement", "last_page")
"""The lists that hold tables; other lists hold texts."""
_LISTED_BY = {"signers": "role", "sections": ""}
"""The lists of tables that are laid over those there are, and the key by which one replaces another."""


def read_toml(path: Path) -> dict[str, Any]:
    """Return the tables of a TOML file; raises ShelfError naming the file and what is wrong in which line."""
    called = f"{path.name} in {path.parent.name or 'this folder'}"
    text = ""
    try:
        text = path.read_text(encoding="utf-8-sig")
        return toml.loads(text)
    except toml.TOMLDecodeError as error:
        line, mend = toml.unreadable(text, error)
        raise ShelfError(f"{called}, line {line}, cannot be read there. {mend}") from error
    except UnicodeDecodeError as error:
        raise ShelfError(f"{called} is not saved as UTF-8. Save it again with the encoding UTF-8.") from error
    except (OSError, ValueError, RecursionError) as error:
        raise ShelfError(
            f"{called} cannot be read. See that it is a file, that you may open it, and keep it plain."
        ) from error


@contextmanager
def naming(where: str, file: Path | None = None) -> Iterator[None]:
    """Add the file's name to what a loader complains of, and with ``file``, which can be read, the line."""
    try:
        yield
    except ShelfError as error:
        line = f", line {line_of(file.read_text(encoding='utf-8-sig'), error.at)}" if file else ""
        raise ShelfError(f"{where}{line}: {error}") from error


@contextmanager
def inside(*steps: str | int) -> Iterator[None]:
    """Say of what a loader complains of that it stands inside what ``steps`` lead to."""
    try:
        yield
    except ShelfError as error:
        raise ShelfError(str(error), *steps, *error.at) from error


def plain_name(name: str, what: str) -> str:
    """Return ``name``, which files, columns and templates go by; raises ShelfError where it could lead astray."""
    if not _NAME.fullmatch(name):
        raise ShelfError(f"{what} bears a name of small letters, digits and _, unlike «{name}».")
    return name


def section_name(name: str, what: str = "A section") -> str:
    """Return ``name`` as that of a section or one of its rows; raises ShelfError where templates cannot say it."""
    if name in _TAKEN:
        raise ShelfError(f"{what} cannot be called «{name}»: templates know something else by that name.")
    return plain_name(name, what)


def as_table(value: Any, where: str) -> dict[str, Any]:
    """Return ``value``; raises ShelfError where it is no table."""
    if not isinstance(value, dict):
        raise ShelfError(f"{where} is not what it should be (a table).")
    return value


def as_values(table: Any, noun: type[Struct], own: set[str], where: str, needed: Iterable[str] = ()) -> dict[str, Any]:
    """Return the table's values as ``noun`` takes them, but for those it is given otherwise (``own``).

    Raises ShelfError on a key that it does not know, a value that it does not take, and a ``needed`` one missing.
    """
    kinds_by_key = {name: kind for name, kind in _kinds(noun).items() if name not in own}
    if noun is Field:
        kinds_by_key["choices_from"] = str
    values: dict[str, Any] = {}
    for key, value in as_table(table, where).items():
        kind = kinds_by_key.get(key)
        if kind is None:
            raise ShelfError(f"{where}: the key «{key}» is not known.{hint(key, kinds_by_key)}", key)
        if not fits(value, kind) or (kind is tuple and not all(_is_item(key, item) for item in value)):
            raise ShelfError(f"{where}: «{key}» is not what it should be ({_SAMPLES[kind]}).", key)
        values[key] = tuple(value) if kind is tuple else value
    for key in needed:
        if key not in values:
            raise ShelfError(f"«{key}» is missing.")
    return values


@cache
def _kinds(noun: type[Struct]) -> dict[str, type]:
    """Return what each key of a TOML table holds, from the attribute that it becomes."""
    return {item.name: _kind(item) for item in fields(noun)}


def _kind(item: FieldInfo) -> type:
    if item.default_factory is not NODEFAULT:
        return dict
    if item.name == "order":
        return float
    return str if item.default is NODEFAULT else type(item.default)


def fits(value: Any, kind: type) -> bool:
    """Tell whether ``value`` is of ``kind``, as `as_values` knows kinds: a float is any number, a tuple a list."""
    if kind is float:
        return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) <= sys.float_info.max
    return isinstance(value, list if kind is tuple else kind)


def _is_item(key: str, item: Any) -> bool:
    """Tell whether ``item`` may stand in the list ``key``: a list of texts in choices (value, label, further
    spellings), a table among these, else a text.
    """
    if key == "choices":
        return isinstance(item, list) and len(item) >= 2 and all(isinstance(part, str) for part in item)
    return isinstance(item, dict if key in _OF_TABLES else str)


def as_section(table: Mapping[str, Any], name: str, owner: str, known: Section | None) -> Section:
    """Return the section that ``table`` describes, laid over ``known`` where it extends one."""
    where = f"section {name}"
    table = {key: value for key, value in table.items() if key not in ("name", "extends")}
    fields = as_table(table.pop("fields", {}), f"the fields of {where}")
    values = as_values(table, Section, {"name", "fields", "pack", "rows_required_by"}, where)
    if values.get("singular"):
        section_name(values["singular"], f"{where}: one row")
    if known:
        changed = next((key for key in _FIXED if key in values and values[key] != getattr(known, key)), "")
        if changed:
            raise ShelfError(f"{where}: «{changed}» cannot be changed, because the section is there already.", changed)
        section = replace(known, **values)
    else:
        values = {"title": name, "sheet": "", "pack": owner, **values}
        values["sheet"] = values["sheet"] or values["title"]
        section = Section(name=name, **values)
    merged = {item.name: item for item in section.fields}
    for key, item in fields.items():
        with inside("fields", key):
            merged[key] = _field(item, key, section, owner, merged.get(key))
    return replace(section, fields=tuple(sorted(merged.values(), key=lambda item: item.order)))


def _field(table: Mapping[str, Any], name: str, section: Section, owner: str, known: Field | None) -> Field:
    where = f"field {section.name}.{plain_name(name, 'A field')}"
    values = as_values(table, Field, {"section", "name", "pack", "required_by"}, where)
    if values.get("kind", "text") not in kinds.KINDS:
        raise ShelfError(f"{where}: there is no kind «{values['kind']}».", "kind")
    if "choices" in values:
        values["choices"] = tuple(Choice(value, label, tuple(more)) for value, label, *more in values["choices"])
    if source := values.pop("choices_from", ""):
        values["choices"] = (*_choices(source), *values.get("choices", ()))
    asked = Requirement(owner, values.get("required", ()), values.get("required_when", ""))
    values["required_by"] = (asked,) if asked.documents or asked.when else ()
    if known:
        _check_change(known, values, owner, where)
        if known.required_when and asked.when and asked.when != known.required_when:
            values["required_when"] = f"({known.required_when}) or ({asked.when})"
        values["required"] = tuple(dict.fromkeys((*known.required, *asked.documents)))
        values["required_by"] = (*known.required_by, *values["required_by"])
        return replace(known, **values)
    if not (values.get("label", "").strip() and "kind" in values):
        raise ShelfError(f"{where}: give it a label and a kind.")
    values.setdefault("sheet", section.sheet)
    values.setdefault("order", 1000 + len(section.fields))
    return Field(section=section.name, name=name, pack=owner, **values)


def _check_change(known: Field, values: Mapping[str, Any], owner: str, where: str) -> None:
    """Raise ShelfError where ``values`` would take back, or contradict, what ``known`` says already."""
    fixed = _FIXED_FIELD if owner in (CORE, CLINIC) else (*_FIXED_FIELD, *_FIXED_COLUMN)
    for key in fixed:
        if key in values and values[key] != getattr(known, key):
            raise ShelfError(f"{where}: «{key}» cannot be changed, because the field is there already.", key)
    others = ", ".join(dict.fromkeys(item.by for item in known.required_by))
    if others and not values.get("required_when", "-"):
        key = "required_when"
        raise ShelfError(f"{where}: «{key}» cannot be taken back, because {others} requires it.", key)
    if others and values.get("default"):
        raise ShelfError(f"{where}: «default» cannot stand in for an answer that {others} requires.", "default")
    for key in _WEAKER if others and owner not in (CORE, CLINIC) else ():
        if values.get(key) and values[key] != getattr(known, key):
            raise ShelfError(f"{where}: «{key}» would let an answer stay blank that {others} requires.", key)
    if values["required_by"] and known.derived:
        raise ShelfError(f"{where}: it cannot be required, because it is computed and nobody can type it.")


def _choices(source: str) -> tuple[Choice, ...]:
    if source == "measures":
        return tuple(Choice(item.name, item.name, (item.key, item.full_name)) for item in reference.measures())
    if source == "services":
        return tuple(Choice(item.code, f"{item.code} {item.label}") for item in reference.services())
    if source == "levels_of_care":
        return tuple(Choice(item.key, item.name, item.aliases) for item in reference.levels_of_care())
    raise ShelfError(f"There is no reference list «{source}».")


DRAWINGS = ("thread",)
"""What a companion may be a drawing of."""


def as_document(key: str, table: Any) -> Document:
    """Return the document that ``table`` describes, called ``key``."""
    where = f"document {key}"
    keys = table if isinstance(table, dict) else {}
    needed = () if "like" in keys else ("title",) if "of" in keys else ("title", "date")
    for shared in ("date", "each"):
        if "of" in keys and shared in keys:
            raise ShelfError(f"{where}: leave «{shared}» out; it is that of the document in «of».")
    values = {"template": f"{key}.docx", "title": "", "date": ""} | as_values(table, Document, {"name"}, where, needed)
    if not _FILE.fullmatch(values["template"]):
        raise ShelfError(f"{where}: «template» is the plain name of a file in the same folder, like {key}.docx.")
    drawing = values.get("drawing", "")
    if drawing and ("of" not in keys or drawing not in DRAWINGS):
        raise ShelfError(f"{where}: «drawing» is for companions («of»), and is one of: {', '.join(DRAWINGS)}.")
    return Document(name=plain_name(key, "A document"), **values)


def signers_and_sections(values: Mapping[str, Any], owner: str) -> dict[str, Any]:
    """Return what packs and payers alike bring: who signs, and sections, each with a name."""
    signers = []
    for number, table in enumerate(values.get("signers", ())):
        with inside("signers", table.get("role", number)):
            signer = as_values(table, SignerRule, {"pack"}, "signers", ("role", "label"))
        signers.append(SignerRule(**signer, pack=owner))
    for number, table in enumerate(values.get("sections", ())):
        with inside("sections", number):
            if not isinstance(table.get("name"), str):
                raise ShelfError("sections: «name» is missing.")
            section_name(table["name"])
    return {"signers": tuple(signers), "sections": tuple(values.get("sections", ()))}


def laid_over(table: Mapping[str, Any], known: Mapping[str, Any]) -> dict[str, Any]:
    """Return ``known`` with ``table`` over it: tables key by key, signers by role, sections added; else the newer.

    What is not of its kind stays as it is in ``table``, to be told when it is read.
    """
    return {**known, **{key: _over(key, value, known[key]) if key in known else value for key, value in table.items()}}


def _has_a_name(item: Any, by: str) -> bool:
    """Tell whether ``item`` is a table of which the key ``by`` is a text, or is not there."""
    return isinstance(item, dict) and isinstance(item.get(by, ""), str)


def _over(key: str, value: Any, known: Any) -> Any:
    if isinstance(value, dict) and isinstance(known, dict):
        return laid_over(value, known)
    if key in _LISTED_BY and isinstance(value, list) and all(_has_a_name(item, _LISTED_BY[key]) for item in value):
        names = {item.get(_LISTED_BY[key]): item for item in value if _LISTED_BY[key] in item}
        kept = [laid_over(names.pop(item[_LISTED_BY[key]]), item) if item.get(_LISTED_BY[key]) in names else item
                for item in known]  # fmt: skip
        return [*kept, *(item for item in value if _LISTED_BY[key] not in item or item[_LISTED_BY[key]] in names)]
    return value
