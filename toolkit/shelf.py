"""The shelves: finds and loads fields, packs, payers and rules, and composes what is asked of a record.

A shelf is a folder that is scanned: the built-in one, then the clinic's, which may hold ``fields/*.toml``,
``templates/<pack>/`` (a new population, or files that replace those of a built-in one) and ``payers/*.toml``.
Rules are Python and are loaded from the package only: a clinic's folder is data, never code.
"""

from __future__ import annotations

import dataclasses
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any, cast

from toolkit import conditions, derive, kinds, reference, rules
from toolkit.errors import ShelfError
from toolkit.model import Choice, Definitions, Document, Field, Level, Record, Rule, Section, SignerRule

_HERE = Path(__file__).parent
_FIELD_KEYS = set(Field.__dataclass_fields__) - {"section", "name", "pack"} | {"choices_from"}
_SAMPLES: Mapping[type, str] = {str: "a text in quotes", bool: "true or false", tuple: "a list in [ ]"}
_SECTION_KEYS = set(Section.__dataclass_fields__) - {"name", "fields", "pack"}


@dataclass(frozen=True)
class Pack:
    """One population: its own sections, signers, words and documents, and the folders in which its files lie."""

    name: str
    title: str
    kind: str
    """``life_stage`` or ``overlay``."""
    when: str
    order: float
    folders: tuple[Path, ...]
    """Where its files are looked for, the clinic's before the built-in one."""
    documents: Mapping[str, Document] = field(default_factory=dict)
    signers: tuple[SignerRule, ...] = ()
    words: Mapping[str, str] = field(default_factory=dict)
    brand: Mapping[str, Any] = field(default_factory=dict)
    sections: tuple[Mapping[str, Any], ...] = ()

    def file(self, name: str) -> Path | None:
        """Return the path of the pack's file ``name``, or None where it has none."""
        return next((folder / name for folder in self.folders if (folder / name).is_file()), None)

    def samples(self) -> dict[str, Any]:
        """Return the pack's synthetic samples (``clinic``, ``staff``, ``records``), empty where it ships none."""
        path = self.file("sample.toml")
        return read_toml(path) if path else {}


@dataclass(frozen=True)
class Payer:
    """One payer profile: limits, signers, rule levels and further requirements."""

    name: str
    title: str
    limits: Mapping[str, Any] = field(default_factory=dict)
    signers: tuple[SignerRule, ...] = ()
    levels: Mapping[str, Level] = field(default_factory=dict)
    sections: tuple[Mapping[str, Any], ...] = ()
    source: str = ""
    confidence: str = ""


@dataclass(frozen=True)
class Shelf:
    """All that was found: core sections, packs, payers and rules."""

    core: tuple[Section, ...]
    packs: Mapping[str, Pack]
    payers: Mapping[str, Payer]

    @cached_property
    def rules(self) -> Mapping[str, Rule]:
        """The rules by code."""
        return rules.load_rules()

    def all(self) -> Definitions:
        """Return everything that any pack asks, as readers recognise it; only the core's requirements stand."""
        return self._everything

    @cached_property
    def _everything(self) -> Definitions:
        sections = {section.name: section for section in self.core}
        for pack in self.packs.values():
            for table in pack.sections:
                known = sections.get(table["name"])
                added = _section(table, table["name"], pack.name, known)
                fields = ((known and known.field(item.name)) or _without_requirement(item) for item in added.fields)
                at_least_one = known.at_least_one if known else ()
                sections[added.name] = replace(added, fields=tuple(fields), at_least_one=at_least_one)
        documents: dict[str, Document] = {}
        for pack in self.packs.values():
            documents = {**pack.documents, **documents}
        return Definitions(_in_order(sections), documents)

    def compose(self, populations: Iterable[str], payer: str = "default") -> Definitions:
        """Return what is asked of a record of ``populations`` under ``payer``.

        Raises ShelfError when a population or payer is not on the shelf.
        """
        key = tuple(populations), payer
        if key not in self._composed:
            self._composed[key] = self._compose(*key)
        return self._composed[key]

    @cached_property
    def _composed(self) -> dict[tuple[tuple[str, ...], str], Definitions]:
        return {}

    def _compose(self, populations: tuple[str, ...], payer: str) -> Definitions:
        packs = [self.pack(name) for name in populations]
        base, profile = self.payer("default"), self.payer(payer)
        sections = {section.name: section for section in self.core}
        owners: list[Pack | Payer] = [*packs, profile]
        for owner in owners:
            for table in owner.sections:
                sections[table["name"]] = _section(table, table["name"], owner.name, sections.get(table["name"]))
        documents: dict[str, Document] = {}
        for pack in packs:
            documents = {**pack.documents, **documents}
        signers = {rule.role: rule for source in (base, *owners) for rule in source.signers}
        limits = {**base.limits, **profile.limits}
        return Definitions(_in_order(sections), documents, limits, tuple(signers.values()), populations, payer)

    def pack(self, name: str) -> Pack:
        """Return the pack called ``name``; raises ShelfError naming those there are."""
        if name not in self.packs:
            raise ShelfError(f"There is no population «{name}» on the shelf. There are: {', '.join(self.packs)}.")
        return self.packs[name]

    def payer(self, name: str) -> Payer:
        """Return the payer profile called ``name``; raises ShelfError naming those there are."""
        if name not in self.payers:
            raise ShelfError(f"There is no payer «{name}» on the shelf. There are: {', '.join(self.payers)}.")
        return self.payers[name]

    def populations(self, record: Record, day: date) -> tuple[str, ...]:
        """Return the record's populations on ``day``: its life stage, then its overlays, in the order of the packs.

        Where the birth date is blank the first life stage stands in; the blank is reported by its field.
        """

        def lookup(path: str) -> Any:
            return derive.age(record, day) if path == "client.age" else record.get(path)

        stages = [pack for pack in self.packs.values() if pack.kind == "life_stage"]
        stage = next((pack for pack in stages if conditions.compile_condition(pack.when)(lookup)), stages[0])
        overlays = [pack for pack in self.packs.values() if pack.kind == "overlay"]
        marked = [pack.name for pack in overlays if conditions.compile_condition(pack.when)(lookup)]
        return (stage.name, *marked)


def load(extra: Path | None = None) -> Shelf:
    """Return the built-in shelf, with the clinic's folder ``extra`` laid over it.

    Raises ShelfError, naming the file and the fault, when something on a shelf cannot be used.
    """
    if extra is not None and not extra.is_dir():
        raise ShelfError(f"The shelf {extra} is not a folder. Give --shelf the folder that holds templates and payers.")
    roots = [extra] if extra else []
    core = _core([_HERE / "fields", *(root / "fields" for root in roots)])
    packs = _packs([_builtin_templates(), *(root / "templates" for root in roots)])
    payers = _payers([_HERE / "payers", *(root / "payers" for root in roots)])
    shelf = Shelf(core, packs, payers)
    _check(shelf)
    return shelf


def _builtin_templates() -> Path:
    """Return the packs' folder: inside the installed package, or beside it in a checkout."""
    installed = _HERE / "templates"
    return installed if installed.is_dir() else _HERE.parent / "templates"


def _core(folders: Iterable[Path]) -> tuple[Section, ...]:
    found: dict[str, Section] = {}
    for folder in folders:
        for path in sorted(folder.glob("*.toml")):
            table = read_toml(path)
            name = path.stem
            known = found.get(name)
            with _naming(path):
                section = _section({**table.get("section", {}), "fields": table.get("fields", {})}, name, "core", known)
            found[name] = section
    return tuple(found.values())


def _packs(folders: Iterable[Path]) -> dict[str, Pack]:
    found: dict[str, Pack] = {}
    for folder in folders:
        for path in sorted(item for item in folder.iterdir() if item.is_dir()) if folder.is_dir() else []:
            name, known = path.name, found.get(path.name)
            settings = path / "pack.toml"
            if not settings.is_file():
                if known:
                    found[name] = replace(known, folders=(path, *known.folders))
                continue
            with _naming(settings):
                found[name] = _pack(name, read_toml(settings), (path, *(known.folders if known else ())))
    return dict(sorted(found.items(), key=lambda pair: (pair[1].kind != "life_stage", pair[1].order, pair[0])))


def _pack(name: str, table: Mapping[str, Any], folders: tuple[Path, ...]) -> Pack:
    documents = {
        key: Document(
            name=key,
            title=item["title"],
            date=item["date"],
            template=item.get("template", f"{key}.docx"),
            blocks=tuple(item.get("blocks", ())),
            each=item.get("each", ""),
        )
        for key, item in table.get("documents", {}).items()
    }
    return Pack(
        name=name,
        title=table["title"],
        kind=table["kind"],
        when=table["when"],
        order=float(table.get("order", 1000)),
        folders=folders,
        documents=documents,
        signers=_signers(table, name),
        words=table.get("words", {}),
        brand=table.get("brand", {}),
        sections=tuple(table.get("sections", ())),
    )


def _payers(folders: Iterable[Path]) -> dict[str, Payer]:
    found: dict[str, Payer] = {}
    for folder in folders:
        for path in sorted(folder.glob("*.toml")):
            table = read_toml(path)
            with _naming(path):
                found[path.stem] = Payer(
                    name=path.stem,
                    title=table["title"],
                    limits=table.get("limits", {}),
                    signers=_signers(table, path.stem),
                    levels=cast("Mapping[str, Level]", table.get("levels", {})),
                    sections=tuple(table.get("sections", ())),
                    source=table.get("source", ""),
                    confidence=table.get("confidence", ""),
                )
    return found


def _signers(table: Mapping[str, Any], owner: str) -> tuple[SignerRule, ...]:
    return tuple(
        SignerRule(
            role=item["role"],
            label=item["label"],
            when=item.get("when", ""),
            person=item.get("person", ""),
            documents=tuple(item.get("documents", ())),
            source=item.get("source", ""),
            pack=owner,
        )
        for item in table.get("signers", ())
    )


def _section(table: Mapping[str, Any], name: str, owner: str, known: Section | None) -> Section:
    """Return the section that ``table`` describes, laid over ``known`` where it extends one."""
    table = {key: value for key, value in table.items() if key not in ("name", "extends")}
    fields = table.pop("fields", {})
    values = _values(table, Section, _SECTION_KEYS, f"section {name}")
    if known:
        section = replace(known, **values)
    else:
        values = {"title": name, "sheet": "", "pack": owner, **values}
        values["sheet"] = values["sheet"] or values["title"]
        section = Section(name=name, **values)
    merged = {item.name: item for item in section.fields}
    for key, item in fields.items():
        merged[key] = _field(item, key, section, owner, merged.get(key))
    return replace(section, fields=tuple(sorted(merged.values(), key=lambda item: item.order)))


def _values(table: Mapping[str, Any], noun: type, keys: set[str], where: str) -> dict[str, Any]:
    """Return the table's values as ``noun`` takes them; raises ShelfError on a key or value that it does not."""
    defaults = {item.name: item.default for item in dataclasses.fields(noun)}
    values: dict[str, Any] = {}
    for key, value in table.items():
        if key not in keys:
            raise ShelfError(f"{where}: the key «{key}» is not known.")
        default = defaults.get(key, "")
        kind = str if default is dataclasses.MISSING and key != "order" else type(default)
        if key == "order" or isinstance(default, float):
            fits = isinstance(value, int | float) and not isinstance(value, bool)
        else:
            fits = isinstance(value, list if kind is tuple else kind)
        if not fits:
            raise ShelfError(f"{where}: «{key}» is not what it should be ({_SAMPLES.get(kind, 'a number')}).")
        values[key] = tuple(value) if isinstance(value, list) else value
    return values


def _in_order(sections: Mapping[str, Section]) -> dict[str, Section]:
    return {section.name: section for section in sorted(sections.values(), key=lambda section: section.order)}


def _field(table: Mapping[str, Any], name: str, section: Section, owner: str, known: Field | None) -> Field:
    values = _values(table, Field, _FIELD_KEYS, f"field {section.name}.{name}")
    if "choices" in values:
        values["choices"] = tuple(Choice(str(value), str(label)) for value, label in values["choices"])
    if source := values.pop("choices_from", ""):
        values["choices"] = (*_choices(source), *values.get("choices", ()))
    if known:
        added = values.get("required_when", "")
        if known.required_when and added and added != known.required_when:
            values["required_when"] = f"({known.required_when}) or ({added})"
        if "required" in values:
            values["required"] = tuple(dict.fromkeys((*known.required, *values["required"])))
        return replace(known, **values)
    if not {"label", "kind"} <= set(values):
        raise ShelfError(f"field {section.name}.{name}: give it a label and a kind.")
    if values["kind"] not in kinds.KINDS:
        raise ShelfError(f"field {section.name}.{name}: there is no kind «{values['kind']}».")
    values.setdefault("sheet", section.sheet)
    values.setdefault("order", 1000 + len(section.fields))
    return Field(section=section.name, name=name, pack=owner, **values)


def _choices(source: str) -> tuple[Choice, ...]:
    if source == "measures":
        return tuple(Choice(item.name, item.name) for item in reference.measures())
    if source == "services":
        return tuple(Choice(item.code, f"{item.code} {item.label}") for item in reference.services())
    if source == "levels_of_care":
        return tuple(Choice(item.key, item.name) for item in reference.levels_of_care())
    raise ShelfError(f"There is no reference list «{source}».")


def _without_requirement(item: Field) -> Field:
    return replace(item, required=(), required_when="")


def _check(shelf: Shelf) -> None:
    """Raise ShelfError where a condition names a field that does not exist, or two columns bear one name."""
    everything = shelf.all()
    for item in everything.fields.values():
        for condition in (item.required_when, item.asked_when):
            if condition:
                conditions.compile_condition(condition)
            for path in conditions.paths(condition) if condition else ():
                if path not in everything.fields:
                    raise ShelfError(f"field {item.path}: its condition names {path}, which no section has.")
        if item.unless and item.unless not in everything.fields:
            raise ShelfError(f"field {item.path}: «unless» names {item.unless}, which no section has.")
    for sheet, fields in everything.sheets.items():
        labels: dict[str, str] = {}
        for item in fields:
            other = labels.setdefault(item.label.casefold(), item.path)
            if other != item.path:
                raise ShelfError(f"Sheet {sheet}: {other} and {item.path} have the same label «{item.label}».")


def read_toml(path: Path) -> dict[str, Any]:
    """Return the tables of a TOML file; raises ShelfError naming the file and what is wrong in which line."""
    called = f"{path.name} in {path.parent.name or 'this folder'}"
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except tomllib.TOMLDecodeError as error:
        spot = str(error).rpartition("(at ")[2].removesuffix(")")
        raise ShelfError(
            f"{called} cannot be read: see {spot}, where a quote, a bracket or an equals sign is missing or too many."
        ) from error
    except UnicodeDecodeError as error:
        raise ShelfError(f"{called} is not saved as UTF-8. Save it again with the encoding UTF-8.") from error
    except (OSError, ValueError, RecursionError) as error:
        raise ShelfError(
            f"{called} cannot be read. See that it is a file, that you may open it, and keep it plain."
        ) from error


@contextmanager
def _naming(path: Path) -> Iterator[None]:
    """Add the file's name to what a loader complains of."""
    where = f"{path.parent.name}/{path.name}"
    try:
        yield
    except KeyError as error:
        raise ShelfError(f"{where}: «{error.args[0]}» is missing.") from error
    except (ShelfError, TypeError, ValueError) as error:
        raise ShelfError(f"{where}: {error}") from error
