"""The shelves: finds and loads fields, packs, payers and rules, and composes what is asked of a record.

A shelf is a folder that is scanned: the built-in one, then the clinic's, which may hold ``fields/*.toml``,
``templates/<pack>/`` (a new population, or files that replace those of a built-in one) and ``payers/*.toml``.
Rules are Python and are loaded from the package only: a clinic's folder is data, never code.
"""

from __future__ import annotations

import dataclasses
import math
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

from toolkit import conditions, derive, kinds, reference, rules
from toolkit.errors import ShelfError
from toolkit.model import Choice, Definitions, Document, Field, Level, Record, Rule, Section, SignerRule
from toolkit.text import nearest

ADDED = {"supplements": "supplement.docx", "last_pages": "last_page.docx"}
"""The file of an overlay for each place where templates take what populations add."""
_HERE = Path(__file__).parent
_NAME = re.compile(r"[a-z][a-z0-9_]*")
_FILE = re.compile(r"\w[\w -]*\.(docx|pdf)")
_SHEET = re.compile(r"[^\[\]:*?/\\\n]{1,31}")
_CODE = re.compile(r"[A-Z]{2,3}\d{3}")
_SAMPLES: Mapping[type, str] = {
    str: "a text in quotes",
    bool: "true or false",
    tuple: "a list in [ ]",
    dict: "a table",
    float: "a number",
}
_FIXED = ("repeats", "key", "parent", "parent_field", "singular", "scope")
"""What nobody may change in a section that is there: readers and rules rely on it."""


class Files(NamedTuple):
    """The files of which a template is compiled: itself, and what populations add at its places."""

    template: Path
    added: Mapping[str, tuple[Path, ...]]


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
    blocks: Mapping[str, Any] = field(default_factory=dict)
    """Blocks that several documents share: one that says ``use = "people"`` is the block of that name."""
    supplement: tuple[Mapping[str, Any], ...] = ()
    """The blocks that the population adds where a document has its supplements."""
    last_page: tuple[Mapping[str, Any], ...] = ()
    """The blocks that it adds behind the signatures."""

    def file(self, name: str) -> Path | None:
        """Return the path of the pack's file ``name``, or None where it has none."""
        return next((folder / name for folder in self.folders if (folder / name).is_file()), None)

    def template(self, document: str) -> Path | None:
        """Return the path of the pack's template of ``document``, or None where it has none."""
        found = self.documents.get(document)
        return self.file(found.template) if found else None

    def overlays(self, document: str) -> str:
        """Return the life stage whose layout the overlay's own template holds, or an empty text."""
        found = self.documents.get(document)
        return found.like if found is not None and self.kind == "overlay" else ""

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
    unverified: tuple[str, ...] = ()
    """What in it nobody has checked against the payer's own words."""


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
        """Return all that any pack or payer asks, as readers recognise it; only the core's requirements stand."""
        return self._everything

    @cached_property
    def _everything(self) -> Definitions:
        sections = {section.name: section for section in self.core}
        owners: list[Pack | Payer] = [*self.packs.values(), *self.payers.values()]
        for owner in owners:
            for table in owner.sections:
                known = sections.get(table["name"])
                with _naming(_file_of(owner)):
                    added = _section(table, table["name"], owner.name, known)
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
        last = () if profile is base else (profile,)
        signers = {rule.role: rule for source in (base, *packs, *last) for rule in source.signers}
        limits = {**base.limits, **profile.limits}
        return Definitions(
            _in_order(sections), documents, limits, tuple(signers.values()), populations, payer, self.all().sections
        )

    def printable(self, populations: Iterable[str]) -> Definitions:
        """Return what a template for ``populations`` may print: their sections, with the fields that others add."""
        asked = self.compose(populations)
        sections = {}
        for name, section in asked.sections.items():
            others = (item for item in asked.known[name].fields if item.name not in section.by_name)
            fields = sorted((*section.fields, *others), key=lambda item: item.order)
            sections[name] = replace(section, fields=tuple(fields))
        return replace(asked, sections=sections)

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

    def template_files(self, populations: tuple[str, ...], document: str) -> Files | None:
        """Return the template for ``populations``, and what it takes from the others of them.

        The first overlay that has the life stage's layout with its own additions in it (``like``) gives the template,
        else the life stage; the others add their supplements. None where no population brings the document, or where
        one that asks for something of its own has nothing to print it with.
        """
        packs = [self.pack(name) for name in populations]
        stage = next((pack for pack in packs if pack.template(document) and not pack.overlays(document)), None)
        if stage is None:
            return None
        fitting = (pack for pack in packs if pack.overlays(document) == stage.name and pack.template(document))
        owner = next(fitting, stage)
        path = owner.template(document)
        others = [pack for pack in packs if pack not in (owner, stage)]
        if path is None or any(pack.sections and not pack.file(ADDED["supplements"]) for pack in others):
            return None
        added = {place: tuple(file for pack in others if (file := pack.file(name))) for place, name in ADDED.items()}
        return Files(path, added)

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
            with _naming(f"{path.parent.name}/{path.name}"):
                for key in table.keys() - {"section", "fields"}:
                    raise ShelfError(f"the key «{key}» is not known; there are section and fields.")
                about = _table(table.get("section", {}), "section")
                name = _plain_name(path.stem, "The file of a section")
                found[name] = _section({**about, "fields": table.get("fields", {})}, name, "core", found.get(name))
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
            table = read_toml(settings)
            with _naming(f"{name}/pack.toml"):
                found[name] = _pack(name, table, (path, *(known.folders if known else ())))
    ordered = sorted(found.items(), key=lambda pair: (pair[1].kind != "life_stage", pair[1].order, pair[0]))
    return {name: _with_blocks(pack, found) for name, pack in ordered}


def _with_blocks(pack: Pack, packs: Mapping[str, Pack]) -> Pack:
    """Return ``pack`` with the blocks of each document: those of the one that it is like, the shared ones, its own."""
    documents = {}
    for name, document in pack.documents.items():
        with _naming(f"{pack.name}/pack.toml"):
            documents[name] = _like(document, pack, packs) if document.like else document
            documents[name] = replace(documents[name], blocks=tuple(_blocks(documents[name], pack, packs)))
    return replace(pack, documents=documents)


def _like(document: Document, pack: Pack, packs: Mapping[str, Pack]) -> Document:
    other = packs.get(document.like)
    base = other.documents.get(document.name) if other else None
    if base is None or base.like:
        raise ShelfError(f"document {document.name}: «like» names «{document.like}», which has no such document.")
    return replace(
        base, template=document.template, like=document.like, title=document.title or base.title, blocks=base.blocks
    )


def _blocks(document: Document, pack: Pack, packs: Mapping[str, Pack]) -> Iterator[Mapping[str, Any]]:
    """Yield the blocks of ``document``, the pack's own additions where the document has a place for them."""
    shared = {**(packs[document.like].blocks if document.like else {}), **pack.blocks}
    additions = {"supplements": pack.supplement, "last_pages": pack.last_page}
    for block in document.blocks:
        name = block.get("use")
        if name is not None and name not in shared:
            raise ShelfError(f"document {document.name}: a block uses «{name}», which [blocks] does not hold.")
        yield from (item for item in additions.get(block.get("block", ""), ()) if _is_for(item, document))
        yield {**shared[name], **{key: value for key, value in block.items() if key != "use"}} if name else block


def _is_for(block: Mapping[str, Any], document: Document) -> bool:
    return document.name in block.get("documents", (document.name,))


def _pack(name: str, table: Mapping[str, Any], folders: tuple[Path, ...]) -> Pack:
    values = _values(table, Pack, {"name", "folders"}, "population", ("title", "kind", "when"))
    if values["kind"] not in ("life_stage", "overlay"):
        raise ShelfError("population: «kind» is life_stage or overlay.")
    documents = {key: _document(key, item) for key, item in values.pop("documents", {}).items()}
    shared = _signers_and_sections(values, name)
    order = float(values.pop("order", 1000))
    name = _plain_name(name, "The folder of a population")
    return Pack(**{**values, **shared}, name=name, order=order, folders=folders, documents=documents)


def _document(key: str, table: Any) -> Document:
    where = f"document {key}"
    needed = () if isinstance(table, dict) and "like" in table else ("title", "date")
    values = {"template": f"{key}.docx", "title": "", "date": ""} | _values(table, Document, {"name"}, where, needed)
    if not _FILE.fullmatch(values["template"]):
        raise ShelfError(f"{where}: «template» is the plain name of a file in the same folder, like {key}.docx.")
    return Document(name=_plain_name(key, "A document"), **values)


def _payers(folders: Iterable[Path]) -> dict[str, Payer]:
    found: dict[str, Payer] = {}
    for folder in folders:
        for path in sorted(folder.glob("*.toml")):
            table = read_toml(path)
            with _naming(f"{path.parent.name}/{path.name}"):
                found[path.stem] = _payer(path.stem, table)
    return found


def _payer(name: str, table: Mapping[str, Any]) -> Payer:
    values = _values(table, Payer, {"name"}, "payer", ("title",))
    for limit, number in values.get("limits", {}).items():
        if not _fits(number, float) or number < 0:
            raise ShelfError(f"limits: «{limit}» is not a number from 0 up.")
    for code, level in values.get("levels", {}).items():
        if not _CODE.fullmatch(code) or level not in ("error", "warning", "info"):
            raise ShelfError(f"levels: «{code}» is not the code of a rule with error, warning or info.")
    return Payer(**{**values, **_signers_and_sections(values, name)}, name=name)


def _signers_and_sections(values: Mapping[str, Any], owner: str) -> dict[str, Any]:
    """Return what packs and payers alike bring: who signs, and sections, each with a name."""
    signers = []
    for table in values.get("signers", ()):
        signer = _values(table, SignerRule, {"pack"}, "signers", ("role", "label"))
        signers.append(SignerRule(**signer, pack=owner))
    for table in values.get("sections", ()):
        if not isinstance(table.get("name"), str):
            raise ShelfError("sections: «name» is missing.")
        _plain_name(table["name"], "A section")
    return {"signers": tuple(signers), "sections": tuple(values.get("sections", ()))}


def _section(table: Mapping[str, Any], name: str, owner: str, known: Section | None) -> Section:
    """Return the section that ``table`` describes, laid over ``known`` where it extends one."""
    where = f"section {name}"
    table = {key: value for key, value in table.items() if key not in ("name", "extends")}
    fields = _table(table.pop("fields", {}), f"the fields of {where}")
    values = _values(table, Section, {"name", "fields", "pack"}, where)
    if known:
        changed = next((key for key in _FIXED if key in values and values[key] != getattr(known, key)), "")
        if changed:
            raise ShelfError(f"{where}: «{changed}» cannot be changed, because the section is there already.")
        section = replace(known, **values)
    else:
        values = {"title": name, "sheet": "", "pack": owner, **values}
        values["sheet"] = values["sheet"] or values["title"]
        section = Section(name=name, **values)
    merged = {item.name: item for item in section.fields}
    for key, item in fields.items():
        merged[key] = _field(item, key, section, owner, merged.get(key))
    return replace(section, fields=tuple(sorted(merged.values(), key=lambda item: item.order)))


def _plain_name(name: str, what: str) -> str:
    """Return ``name``, which files, columns and templates go by; raises ShelfError where it could lead astray."""
    if not _NAME.fullmatch(name):
        raise ShelfError(f"{what} bears a name of small letters, digits and _, unlike «{name}».")
    return name


def _table(value: Any, where: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise ShelfError(f"{where} is not what it should be (a table).")
    return value


def _values(table: Any, noun: type, own: set[str], where: str, needed: Iterable[str] = ()) -> dict[str, Any]:
    """Return the table's values as ``noun`` takes them, but for those it is given otherwise (``own``).

    Raises ShelfError on a key that it does not know, a value that it does not take, and a ``needed`` one missing.
    """
    kinds_by_key = {item.name: _kind(item) for item in dataclasses.fields(noun) if item.name not in own}
    if noun is Field:
        kinds_by_key["choices_from"] = str
    values: dict[str, Any] = {}
    for key, value in _table(table, where).items():
        kind = kinds_by_key.get(key)
        if kind is None:
            near = nearest(key, kinds_by_key)
            raise ShelfError(f"{where}: the key «{key}» is not known.{f' Did you mean {near}?' if near else ''}")
        if not _fits(value, kind) or (kind is tuple and not all(_is_item(key, item) for item in value)):
            raise ShelfError(f"{where}: «{key}» is not what it should be ({_SAMPLES[kind]}).")
        values[key] = tuple(value) if kind is tuple else value
    for key in needed:
        if key not in values:
            raise ShelfError(f"«{key}» is missing.")
    return values


def _kind(item: dataclasses.Field[Any]) -> type:
    """Return what a key of a TOML table holds, from the attribute that it becomes."""
    if item.default_factory is not dataclasses.MISSING:
        return dict
    if item.name == "order":
        return float
    return str if item.default is dataclasses.MISSING else type(item.default)


def _fits(value: Any, kind: type) -> bool:
    if kind is float:
        return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
    return isinstance(value, list if kind is tuple else kind)


def _is_item(key: str, item: Any) -> bool:
    """Tell whether ``item`` may stand in the list ``key``: a pair in choices, a table among these, else a text."""
    if key == "choices":
        return isinstance(item, list) and len(item) == 2 and all(isinstance(part, str) for part in item)
    return isinstance(item, dict if key in ("blocks", "sections", "signers", "supplement", "last_page") else str)


def _in_order(sections: Mapping[str, Section]) -> dict[str, Section]:
    return {section.name: section for section in sorted(sections.values(), key=lambda section: section.order)}


def _field(table: Mapping[str, Any], name: str, section: Section, owner: str, known: Field | None) -> Field:
    where = f"field {section.name}.{_plain_name(name, 'A field')}"
    values = _values(table, Field, {"section", "name", "pack"}, where)
    if values.get("kind", "text") not in kinds.KINDS:
        raise ShelfError(f"{where}: there is no kind «{values['kind']}».")
    if "choices" in values:
        values["choices"] = tuple(Choice(value, label) for value, label in values["choices"])
    if source := values.pop("choices_from", ""):
        values["choices"] = (*_choices(source), *values.get("choices", ()))
    if known:
        added = values.get("required_when", "")
        if known.required_when and added and added != known.required_when:
            values["required_when"] = f"({known.required_when}) or ({added})"
        if "required" in values:
            values["required"] = tuple(dict.fromkeys((*known.required, *values["required"])))
        return replace(known, **values)
    if not (values.get("label", "").strip() and "kind" in values):
        raise ShelfError(f"{where}: give it a label and a kind.")
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
    """Raise ShelfError where something names a field, section or limit that does not exist, or two columns are one."""
    everything = shelf.all()
    for item in everything.fields.values():
        _check_field(item, everything)
    for sheet, fields in everything.sheets.items():
        labels: dict[str, str] = {}
        for item in fields:
            other = labels.setdefault(item.label.casefold(), item.path)
            if other != item.path:
                raise ShelfError(f"Sheet {sheet}: {other} and {item.path} have the same label «{item.label}».")
    for pack in shelf.packs.values():
        with _naming(_file_of(pack)):
            _check_condition(pack.when, "«when»", everything)
            _check_owner(pack, everything)
            for document in pack.documents.values():
                if document.date not in everything.fields:
                    raise ShelfError(f"document {document.name}: there is no field «{document.date}» for its date.")
                if document.each and document.each not in everything.sections:
                    raise ShelfError(f"document {document.name}: there is no section «{document.each}».")
    for payer in shelf.payers.values():
        with _naming(_file_of(payer)):
            _check_owner(payer, everything)
            for limit in payer.limits:
                if limit not in shelf.payer("default").limits:
                    near = nearest(limit, shelf.payer("default").limits)
                    raise ShelfError(f"there is no limit «{limit}».{f' Did you mean {near}?' if near else ''}")


def _file_of(owner: Pack | Payer) -> str:
    return f"{owner.name}/pack.toml" if isinstance(owner, Pack) else f"payers/{owner.name}.toml"


def _check_owner(owner: Pack | Payer, everything: Definitions) -> None:
    """Check what a pack or payer asks for and who signs; the requirements of `Shelf.all` are the core's alone."""
    for table in owner.sections:
        for item in _section(table, table["name"], owner.name, everything.sections.get(table["name"])).fields:
            _check_field(item, everything)
    for signer in owner.signers:
        _check_condition(signer.when, f"signer {signer.role}", everything)
        if signer.person and signer.person not in everything.fields:
            raise ShelfError(f"signer {signer.role}: there is no field «{signer.person}».")


def _check_field(item: Field, everything: Definitions) -> None:
    where = f"field {item.path}"
    for condition in (item.required_when, item.asked_when):
        _check_condition(condition, where, everything)
    if item.unless and item.unless not in everything.fields:
        raise ShelfError(f"{where}: «unless» names {item.unless}, which no section has.")
    if not _SHEET.fullmatch(item.sheet):
        raise ShelfError(f"{where}: Excel cannot name a sheet «{item.sheet}»: 31 characters at most, without []:*?/\\.")
    if item.kind == "choice" and not item.choices:
        raise ShelfError(f"{where}: give it the choices there are.")
    if item.refers and item.refers not in everything.sections:
        raise ShelfError(f"{where}: «refers» names no section.")
    if not _is_default(item, everything):
        raise ShelfError(f"{where}: «default» is not an answer that it takes.")


def _is_default(item: Field, everything: Definitions) -> bool:
    if item.default.startswith("="):
        return item.default.removeprefix("=").strip() in everything.fields
    return not isinstance(kinds.read(item.default, item), kinds.Unreadable)


def _check_condition(condition: str, where: str, everything: Definitions) -> None:
    if condition:
        conditions.compile_condition(condition)
        for path in conditions.paths(condition):
            if path not in everything.fields:
                raise ShelfError(f"{where}: its condition names {path}, which no section has.")


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
def _naming(where: str) -> Iterator[None]:
    """Add the file's name to what a loader complains of."""
    try:
        yield
    except ShelfError as error:
        raise ShelfError(f"{where}: {error}") from error
