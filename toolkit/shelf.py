"""The shelves: finds and loads fields, packs, payers and rules, and composes what is asked of a record.

A shelf is a folder that is scanned: the built-in one, then the clinic's, which may hold ``fields/*.toml``,
``templates/<pack>/`` (a new population, or what is laid over a built-in one) and ``payers/*.toml``. Of a pack that is
there already, a clinic's folder may hold files (they replace those of the same name) and a ``pack.toml`` that says only
what differs: documents are laid over those of the same name, brand and words key by key, signers by role, and sections
are added or extended; title, kind, when and order may be left out. A payer's file replaces the built-in one.
A payer may change the level of a rule, ``levels = { SM006 = "warning" }``, and say why and who asks for it,
``SM006 = { level = "warning", why = "its own form has no baseline", source = "Acme manual 2026, 4.2" }``; its title,
the reason and the source stand in each finding. Whatever asks for more only adds: who requires a field is kept
(`toolkit.model.Requirement`), and what contradicts another part of the shelf is told when it loads.
Rules are Python and are loaded from the package only: a clinic's folder is data, never code.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

from toolkit import conditions, derive, kinds, rules
from toolkit.errors import ShelfError
from toolkit.model import Definitions, Document, Field, OwnLevel, Record, Rule, Section, SignerRule
from toolkit.shelf_tables import (
    OWN_SHELF,
    as_document,
    as_section,
    as_table,
    as_values,
    fits,
    laid_over,
    naming,
    plain_name,
    read_toml,
    signers_and_sections,
)
from toolkit.text import hint

ADDED = {"supplements": "supplement.docx", "last_pages": "last_page.docx"}
"""The file of an overlay for each place where templates take what populations add."""
_HERE = Path(__file__).parent
_SHEET = re.compile(r"[^\[\]:*?/\\\n]{1,31}")
_CODE = re.compile(r"[A-Z]{2,3}\d{3}")


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
                with naming(_file_of(owner)):
                    added = as_section(table, table["name"], owner.name, known)
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
                sections[table["name"]] = as_section(table, table["name"], owner.name, sections.get(table["name"]))
        documents: dict[str, Document] = {}
        for pack in packs:
            documents = {**pack.documents, **documents}
        last = () if profile is base else (profile,)
        signers = {rule.role: rule for source in (base, *packs, *last) for rule in source.signers}
        limits = {**base.limits, **profile.limits}
        return Definitions(
            _in_order(sections),
            documents,
            limits,
            tuple(signers.values()),
            populations,
            payer,
            self.all().sections,
            _titles(owners),
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
    packs = _packs([_builtin_templates(), *(root / "templates" for root in roots)])
    core = _core(_HERE / "fields", ())
    # The core asks for documents of which no pack has a form yet.
    documents = {name: None for section in core for name in section.documents}
    documents |= {name: None for pack in packs.values() for name in pack.documents}
    for root in roots:
        core = _core(root / "fields", core, documents)
    payers = _payers([_HERE / "payers", *(root / "payers" for root in roots)])
    shelf = Shelf(core, packs, payers)
    _check(shelf, documents)
    return shelf


def _builtin_templates() -> Path:
    """Return the packs' folder: inside the installed package, or beside it in a checkout."""
    installed = _HERE / "templates"
    return installed if installed.is_dir() else _HERE.parent / "templates"


def _core(folder: Path, known: Iterable[Section], documents: Iterable[str] | None = None) -> tuple[Section, ...]:
    """Return the ``known`` sections with those of ``folder`` laid over them, which may name ``documents`` only."""
    found = {section.name: section for section in known}
    owner = OWN_SHELF[documents is not None]
    for path in sorted(folder.glob("*.toml")):
        table = read_toml(path)
        with naming(f"{path.parent.name}/{path.name}"):
            for key in table.keys() - {"section", "fields"}:
                raise ShelfError(f"the key «{key}» is not known; there are section and fields.")
            about = as_table(table.get("section", {}), "section")
            name = plain_name(path.stem, "The file of a section")
            found[name] = as_section({**about, "fields": table.get("fields", {})}, name, owner, found.get(name))
            if documents is not None:
                _check_documents(found[name], documents)
    return tuple(found.values())


def _packs(folders: Iterable[Path]) -> dict[str, Pack]:
    found: dict[str, Pack] = {}
    tables: dict[str, dict[str, Any]] = {}
    for folder in folders:
        for path in sorted(item for item in folder.iterdir() if item.is_dir()) if folder.is_dir() else []:
            name, known = path.name, found.get(path.name)
            settings = path / "pack.toml"
            if not settings.is_file():
                if known:
                    found[name] = replace(known, folders=(path, *known.folders))
                continue
            tables[name] = laid_over(read_toml(settings), tables.get(name, {}))
            with naming(f"{name}/pack.toml"):
                found[name] = _pack(name, tables[name], (path, *(known.folders if known else ())))
    ordered = sorted(found.items(), key=lambda pair: (pair[1].kind != "life_stage", pair[1].order, pair[0]))
    return {name: _with_blocks(pack, found) for name, pack in ordered}


def _with_blocks(pack: Pack, packs: Mapping[str, Pack]) -> Pack:
    """Return ``pack`` with the blocks of each document: those of the one that it is like, the shared ones, its own."""
    documents = {}
    for name, document in pack.documents.items():
        with naming(f"{pack.name}/pack.toml"):
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
    values = as_values(table, Pack, {"name", "folders"}, "population", ("title", "kind", "when"))
    if values["kind"] not in ("life_stage", "overlay"):
        raise ShelfError("population: «kind» is life_stage or overlay.")
    documents = {key: as_document(key, item) for key, item in values.pop("documents", {}).items()}
    shared = signers_and_sections(values, name)
    order = float(values.pop("order", 1000))
    name = plain_name(name, "The folder of a population")
    return Pack(**{**values, **shared}, name=name, order=order, folders=folders, documents=documents)


def _payers(folders: Iterable[Path]) -> dict[str, Payer]:
    found: dict[str, Payer] = {}
    for folder in folders:
        for path in sorted(folder.glob("*.toml")):
            table = read_toml(path)
            with naming(f"{path.parent.name}/{path.name}"):
                found[path.stem] = _payer(path.stem, table)
    return found


def _payer(name: str, table: Mapping[str, Any]) -> Payer:
    values = as_values(table, Payer, {"name"}, "payer", ("title",))
    for limit, number in values.get("limits", {}).items():
        if not fits(number, float) or number < 0:
            raise ShelfError(f"limits: «{limit}» is not a number from 0 up.")
    values["levels"] = {code: _level(code, said, values["title"]) for code, said in values.get("levels", {}).items()}
    return Payer(**{**values, **signers_and_sections(values, name)}, name=name)


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


def _in_order(sections: Mapping[str, Section]) -> dict[str, Section]:
    return {section.name: section for section in sorted(sections.values(), key=lambda section: section.order)}


def _recognised(item: Field, known: Field | None) -> Field:
    """Return ``item`` as readers of any client's answers see it: nobody's requirement but the core's stands."""
    return replace(known or replace(item, required=(), required_when=""), required_by=item.required_by)


def _titles(owners: Iterable[Pack | Payer]) -> dict[str, str]:
    return {owner.name: owner.title for owner in owners}


def _check(shelf: Shelf, documents: Iterable[str]) -> None:
    """Raise ShelfError where something names a field, section or limit that does not exist, or two columns are one."""
    everything = shelf.all()
    for name in derive.BESIDE & everything.sections.keys():
        raise ShelfError(f"A section cannot be called «{name}»: templates know something else by that name.")
    for item in everything.fields.values():
        _check_field(item, everything)
    for sheet, fields in everything.sheets.items():
        labels: dict[str, str] = {}
        for item in fields:
            other = labels.setdefault(item.label.casefold(), item.path)
            if other != item.path:
                raise ShelfError(f"Sheet {sheet}: {other} and {item.path} have the same label «{item.label}».")
    for pack in shelf.packs.values():
        with naming(_file_of(pack)):
            _check_condition(pack.when, "«when»", everything)
            _check_owner(pack, everything, documents)
            for document in pack.documents.values():
                if document.date not in everything.fields:
                    raise ShelfError(f"document {document.name}: there is no field «{document.date}» for its date.")
                if document.each and document.each not in everything.sections:
                    raise ShelfError(f"document {document.name}: there is no section «{document.each}».")
    for payer in shelf.payers.values():
        with naming(_file_of(payer)):
            _check_owner(payer, everything, documents)
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


def _check_owner(owner: Pack | Payer, everything: Definitions, documents: Iterable[str]) -> None:
    """Check what a pack or payer asks for and who signs; the requirements of `Shelf.all` are the core's alone."""
    for table in owner.sections:
        section = as_section(table, table["name"], owner.name, everything.sections.get(table["name"]))
        _check_documents(section, documents)
        for item in section.fields:
            _check_field(item, everything)
    for signer in owner.signers:
        _check_condition(signer.when, f"signer {signer.role}", everything)
        _check_names(signer.documents, f"signer {signer.role}: «documents»", documents)
        if signer.person and signer.person not in everything.fields:
            raise ShelfError(f"signer {signer.role}: there is no field «{signer.person}».")


def _check_documents(section: Section, documents: Iterable[str]) -> None:
    """Raise ShelfError where the section or a field of it names a document that there is not."""
    _check_names(section.documents, f"section {section.name}: «documents»", documents)
    _check_names(section.at_least_one, f"section {section.name}: «at_least_one»", documents)
    for item in section.fields:
        _check_names(item.required, f"field {item.path}: «required»", documents)
        _check_names(item.printed_in, f"field {item.path}: «printed_in»", documents)


def _check_names(names: Iterable[str], where: str, documents: Iterable[str]) -> None:
    for name in names:
        if name not in documents:
            raise ShelfError(f"{where}: there is no document «{name}».{hint(name, documents)}")


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
