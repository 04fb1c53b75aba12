"""The shelves: finds and loads fields, packs, payers and rules, and composes what is asked of a record.

A shelf is a folder that is scanned: the built-in one, then the clinic's, which may hold ``fields/*.toml``,
``templates/<pack>/`` (a new population, or files that replace those of a built-in one) and ``payers/*.toml``.
A payer may change the level of a rule, ``levels = { SM006 = "warning" }``, and say why and who asks for it,
``SM006 = { level = "warning", why = "its own form has no baseline", source = "Acme manual 2026, 4.2" }``; its title,
the reason and the source stand in each finding. Whatever asks for more only adds: who requires a field is kept
(`toolkit.model.Requirement`), and what contradicts another part of the shelf is told when it loads.
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
from typing import Any

from toolkit import conditions, derive, kinds, reference, rules
from toolkit.errors import ShelfError
from toolkit.model import Choice, Definitions, Document, Field, OwnLevel, Record, Requirement, Rule, Section, SignerRule
from toolkit.text import hint

SUPPLEMENT = "supplement.docx"
"""What an overlay adds to the template of another population."""
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
_FIXED_FIELD = ("kind", "derived", "refers")
"""The same of a field."""
_FIXED_COLUMN = ("sheet", "choices")
"""What packs and payers may not change either: a workbook is read before anybody knows whose clients stand in it."""
_OWN_SHELF = ("core", "clinic")


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

    def template(self, document: str) -> Path | None:
        """Return the path of the pack's template of ``document``, or None where it has none."""
        found = self.documents.get(document)
        return self.file(found.template) if found else None

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
    levels: Mapping[str, OwnLevel] = field(default_factory=dict)
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
                fields = (_recognised(item, known.field(item.name) if known else None) for item in added.fields)
                at_least_one = known.at_least_one if known else ()
                sections[added.name] = replace(added, fields=tuple(fields), at_least_one=at_least_one)
        documents: dict[str, Document] = {}
        for pack in self.packs.values():
            documents = {**pack.documents, **documents}
        return Definitions(_in_order(sections), documents, titles=_titles(owners))

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
        return Definitions(
            _in_order(sections), documents, limits, tuple(signers.values()), populations, payer, _titles(owners)
        )

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

    def template_files(self, populations: tuple[str, ...], document: str) -> tuple[Path, ...] | None:
        """Return the first population's template that there is, and after it the supplements of the others.

        None where no population brings the document, or where one that asks for something of its own has neither the
        template nor a supplement to print it.
        """
        packs = [self.pack(name) for name in populations]
        templates = ((pack, path) for pack in packs if (path := pack.template(document)))
        owner, path = next(templates, (None, None))
        if path is None:
            return None
        others = [(pack, pack.file(SUPPLEMENT)) for pack in packs if pack is not owner]
        if any(supplement is None and pack.sections for pack, supplement in others):
            return None
        return (path, *(supplement for _, supplement in others if supplement))

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
    for number, folder in enumerate(folders):
        owner = _OWN_SHELF[bool(number)]
        for path in sorted(folder.glob("*.toml")):
            table = read_toml(path)
            with _naming(f"{path.parent.name}/{path.name}"):
                for key in table.keys() - {"section", "fields"}:
                    raise ShelfError(f"the key «{key}» is not known; there are section and fields.")
                about = _table(table.get("section", {}), "section")
                name = _plain_name(path.stem, "The file of a section")
                found[name] = _section({**about, "fields": table.get("fields", {})}, name, owner, found.get(name))
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
    return dict(sorted(found.items(), key=lambda pair: (pair[1].kind != "life_stage", pair[1].order, pair[0])))


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
    values = {"template": f"{key}.docx", **_values(table, Document, {"name"}, where, ("title", "date"))}
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
    values["levels"] = {code: _level(code, said, values["title"]) for code, said in values.get("levels", {}).items()}
    return Payer(**{**values, **_signers_and_sections(values, name)}, name=name)


def _level(code: str, said: Any, title: str) -> OwnLevel:
    """Return a payer's level of a rule, from a plain word or a table that also says why and who asks for it."""
    table = said if isinstance(said, dict) else {"level": said}
    strange = next((key for key in table if key not in ("level", "why", "source")), "")
    if strange:
        raise ShelfError(f"levels: {code} has the key «{strange}»; there are level, why and source.")
    level = table.get("level")
    if not _CODE.fullmatch(code) or level not in ("error", "warning", "info"):
        raise ShelfError(f"levels: «{code}» is not the code of a rule with error, warning or info.")
    if not all(isinstance(text, str) for text in table.values()):
        raise ShelfError(f"levels: «why» and «source» of {code} are texts in quotes.")
    return OwnLevel(**table, by=title)


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
            raise ShelfError(f"{where}: the key «{key}» is not known.{hint(key, kinds_by_key)}")
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
    return isinstance(item, dict if key in ("blocks", "sections", "signers") else str)


def _in_order(sections: Mapping[str, Section]) -> dict[str, Section]:
    return {section.name: section for section in sorted(sections.values(), key=lambda section: section.order)}


def _field(table: Mapping[str, Any], name: str, section: Section, owner: str, known: Field | None) -> Field:
    where = f"field {section.name}.{_plain_name(name, 'A field')}"
    values = _values(table, Field, {"section", "name", "pack", "required_by"}, where)
    if values.get("kind", "text") not in kinds.KINDS:
        raise ShelfError(f"{where}: there is no kind «{values['kind']}».")
    if "choices" in values:
        values["choices"] = tuple(Choice(value, label) for value, label in values["choices"])
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
    fixed = _FIXED_FIELD if owner in _OWN_SHELF else (*_FIXED_FIELD, *_FIXED_COLUMN)
    for key in fixed:
        if key in values and values[key] != getattr(known, key):
            raise ShelfError(f"{where}: «{key}» cannot be changed, because the field is there already.")
    others = ", ".join(dict.fromkeys(item.by for item in known.required_by))
    if others and not values.get("required_when", "-"):
        raise ShelfError(f"{where}: «required_when» cannot be taken back, because {others} requires it.")
    if others and values.get("default"):
        raise ShelfError(f"{where}: «default» cannot stand in for an answer that {others} requires.")
    if values["required_by"] and known.derived:
        raise ShelfError(f"{where}: it cannot be required, because it is computed and nobody can type it.")


def _choices(source: str) -> tuple[Choice, ...]:
    if source == "measures":
        return tuple(Choice(item.name, item.name) for item in reference.measures())
    if source == "services":
        return tuple(Choice(item.code, f"{item.code} {item.label}") for item in reference.services())
    if source == "levels_of_care":
        return tuple(Choice(item.key, item.name) for item in reference.levels_of_care())
    raise ShelfError(f"There is no reference list «{source}».")


def _recognised(item: Field, known: Field | None) -> Field:
    """Return ``item`` as readers of any client's answers see it: nobody's requirement but the core's stands."""
    return replace(known or replace(item, required=(), required_when=""), required_by=item.required_by)


def _titles(owners: Iterable[Pack | Payer]) -> dict[str, str]:
    return {owner.name: owner.title for owner in owners}


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
            _check_levels(payer, shelf)
            for limit in payer.limits:
                if limit not in shelf.payer("default").limits:
                    raise ShelfError(f"there is no limit «{limit}».{hint(limit, shelf.payer('default').limits)}")


def _check_levels(payer: Payer, shelf: Shelf) -> None:
    for code, own in payer.levels.items():
        rule = shelf.rules.get(code)
        if rule is None:
            raise ShelfError(f"levels: there is no rule «{code}».{hint(code, shelf.rules)}")
        if not rule.waivable and rule.level == "error" and own.level != "error":
            raise ShelfError(f"levels: {code} stays an error, because what it finds can never be accepted.")


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
    known = {name for section in everything.sections.values() for name in section.documents} | {*everything.documents}
    if strange := next((name for name in item.required if name not in known), ""):
        raise ShelfError(f"{where}: there is no document «{strange}».{hint(strange, known)}")
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
