"""All that was found on the shelves, and what is asked of a record: core, populations, payer and clinic, composed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import AbstractContextManager
from datetime import date
from functools import cached_property
from pathlib import Path, PurePath
from typing import Any, NamedTuple

from msgspec import Struct
from msgspec.structs import replace

from toolkit import conditions, derive, rules
from toolkit.errors import ShelfError
from toolkit.model import Definitions, Document, Field, Limit, Record, Requirement, Rule, Section, SignerRule
from toolkit.shelf.packs import ADDED, Pack
from toolkit.shelf.payers import DEFAULT, SETTINGS, Payer, combined
from toolkit.shelf.tables import as_section, inside, naming
from toolkit.text import hint


class Files(NamedTuple):
    """The files of which a template is compiled: itself, and what populations add at its places."""

    template: Path
    added: Mapping[str, tuple[Path, ...]]


class Shelf(Struct, frozen=True, dict=True):
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
                with named(owner), inside("sections", table["name"]):
                    added = as_section(table, table["name"], owner.name, known)
                fields = (_recognised(item, known.field(item.name) if known else None) for item in added.fields)
                at_least_one = known.at_least_one if known else ()
                sections[added.name] = replace(added, fields=tuple(fields), at_least_one=at_least_one)
        documents: dict[str, Document] = {}
        for pack in self.packs.values():
            documents = {**pack.documents, **documents}
        marks = dict.fromkeys(path for pack in self.packs.values() for path in conditions.paths(pack.when))
        return Definitions(_in_order(sections), documents, marks=tuple(marks), titles=_titles(owners))

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
        base, profiles = self.payer(DEFAULT), self.profiles(payer)
        sections = {section.name: section for section in self.core}
        owners: list[Pack | Payer] = [*packs, *profiles]
        for owner in owners:
            for table in owner.sections:
                sections[table["name"]] = as_section(table, table["name"], owner.name, sections.get(table["name"]))
        for profile in profiles:
            for name in _required_of(profile) & sections.keys():
                sections[name] = _requiring(profile, sections[name])
        documents: dict[str, Document] = {}
        for pack in packs:
            documents = {**pack.documents, **documents}
        asking: list[Pack | Payer] = [base, *packs]
        signers = {rule.role: rule for source in asking for rule in source.signers}
        for rule in (rule for profile in profiles if profile is not base for rule in profile.signers):
            signers[rule.role] = _also(signers.get(rule.role), rule)
        set_by = {name: _set_by(base.limits[name], name, profiles) for name in base.limits}
        strictest = {name: derive.strictest(several) for name, several in set_by.items()}
        limits = {name: found.number for name, found in strictest.items() if found}
        return Definitions(
            _in_order(sections),
            documents,
            limits,
            tuple(signers.values()),
            populations,
            payer,
            self.all().sections,
            {**_titles((*self.packs.values(), *owners)), payer: self.payer(payer).title},
            set_by=set_by,
        )

    def printable(self, populations: Iterable[str]) -> Definitions:
        """Return what a template for ``populations`` may print: their sections, with the fields that others add."""
        asked = self.compose(populations)
        sections = {}
        for name, section in asked.sections.items():
            fields = sorted((*section.fields, *asked.unasked.get(name, ())), key=lambda item: item.order)
            sections[name] = replace(section, fields=tuple(fields))
        return replace(asked, sections=sections)

    def pack(self, name: str) -> Pack:
        """Return the pack called ``name``; raises ShelfError naming those there are."""
        if name not in self.packs:
            raise ShelfError(f"There is no population «{name}» on the shelf. There are: {', '.join(self.packs)}.")
        return self.packs[name]

    def payer(self, name: str) -> Payer:
        """Return the payer profile called ``name``, or of several with + between them what all of them ask for.

        Raises ShelfError naming those there are.
        """
        return combined(name, self.profiles(name), {code: rule.level for code, rule in self.rules.items()})

    def profiles(self, name: str) -> tuple[Payer, ...]:
        """Return the profiles that ``name`` means (`payer`): those with + between them, and what each brings along."""
        found: dict[str, Payer] = {}
        asked = [part.strip() for part in name.split("+")]
        if len(asked) > 1 and not all(asked):
            raise ShelfError(f"In «{name}» the name of a payer is missing beside a +. See: plankit payers")
        while asked:
            one = asked.pop(0)
            if one not in self.payers:
                listed = ", ".join(self.payers)
                parts = re.findall(r"[^,; ]+", one)
                joined = f" Several are joined with a plus: {'+'.join(parts)}." if len(parts) > 1 else ""
                near = joined or hint(one, self.payers)
                raise ShelfError(f"There is no payer «{one}» on the shelf.{near} There are: {listed}.")
            if one not in found:
                found[one] = self.payers[one]
                asked += found[one].also
        return tuple(found.values())

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

    def form_files(self, populations: tuple[str, ...], document: str) -> Files | None:
        """Return the PDF form for ``populations``: that of the life stage, and the sheets that the others add.

        None where there is none, or where a population that asks for something of its own has no sheets for it.
        """
        packs = [self.pack(name) for name in populations]
        stage = next((pack for pack in packs if pack.template(document) and not pack.overlays(document)), None)
        path = stage.file(_form(stage.documents[document].template)) if stage else None
        others = [pack for pack in packs if pack is not stage]
        if path is None or any(pack.sections and not pack.file(_form(ADDED["supplements"])) for pack in others):
            return None
        return Files(
            path,
            {
                place: tuple(file for pack in others if (file := pack.file(_form(name))))
                for place, name in ADDED.items()
            },
        )

    def has_template(self, populations: tuple[str, ...], document: str) -> bool:
        """Tell whether ``document`` can be printed for ``populations``."""
        definitions = self.compose(populations)
        found = definitions.documents.get(document)
        return bool(found and found.drawing) or definitions.once(
            ("template", document), lambda: self.template_files(populations, document) is not None
        )

    def laid_out(
        self, populations: tuple[str, ...], document: str, form: bool
    ) -> Iterator[tuple[Mapping[str, Any], Mapping[str, str]]]:
        """Yield the blocks of ``document`` in the order in which they are printed, with what overlays add; each with
        the words by which it calls people, which are its template's (of the PDF where ``form``, else of Word).
        """
        packs = [self.pack(name) for name in populations]
        stage = next((pack for pack in packs if document in pack.documents and not pack.overlays(document)), None)
        if stage is None:
            return
        files = None if form else self.template_files(populations, document)
        owner = next((pack for pack in packs if files and pack.template(document) == files.template), stage)
        like = owner.documents[document].like
        words = {**(self.pack(like).words if like else {}), **owner.words}
        for block in stage.documents[document].blocks:
            place = str(block.get("block"))
            if place not in ADDED:
                yield block, words
                continue
            for pack in (one for one in packs if one is not stage):  # what the stage adds stands among its blocks
                mine = words if pack is owner else pack.words
                several = pack.additions[place]
                yield from ((one, mine) for one in several if document in one.get("documents", (document,)))

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


def _form(file: str) -> str:
    """Return the name of the PDF form that belongs to a Word template."""
    return str(PurePath(file).with_suffix(".pdf"))


def _in_order(sections: Mapping[str, Section]) -> dict[str, Section]:
    return {section.name: section for section in sorted(sections.values(), key=lambda section: section.order)}


def _also(known: SignerRule | None, rule: SignerRule) -> SignerRule:
    """Return ``rule`` of a payer, which holds also when ``known``, over which it is laid, does, and where it does."""
    if known is None:
        return rule
    same = known.when == rule.when or not (known.when and rule.when)
    when = (known.when and rule.when) if same else f"({known.when}) or ({rule.when})"
    documents = dict.fromkeys((*known.documents, *rule.documents)) if known.documents and rule.documents else ()
    return replace(rule, when=when, documents=tuple(documents))


def _required_of(payer: Payer) -> set[str]:
    """Return the names of the sections in which ``payer`` requires something."""
    return {path.partition(".")[0] for paths in payer.requires.values() for path in paths}


def _requiring(payer: Payer, section: Section) -> Section:
    """Return ``section`` with what ``payer`` requires in it."""
    documents: dict[str, list[str]] = {}
    for document, paths in payer.requires.items():
        for path in paths:
            documents.setdefault(path, []).append(document)
    fields = {item.name: {"required": documents[item.path]} for item in section.fields if item.path in documents}
    found = as_section({"fields": fields}, section.name, payer.name, section)
    if section.name not in documents:
        return found
    asked = Requirement(payer.name, tuple(documents[section.name]))
    rows = tuple(dict.fromkeys((*section.at_least_one, *asked.documents)))
    return replace(found, at_least_one=rows, rows_required_by=(*section.rows_required_by, asked))


def _set_by(base: Limit, name: str, profiles: Iterable[Payer]) -> tuple[Limit, ...]:
    """Return a limit as each of ``profiles`` that names it sets it, or as ``base`` does where none names it."""
    said = (profile.limits[name] for profile in profiles if name in profile.limits)
    return tuple(replace(item, larger=base.larger) for item in said) or (base,)


def _recognised(item: Field, known: Field | None) -> Field:
    """Return ``item`` as readers of any client's answers see it: nobody's requirement but the core's stands."""
    return replace(known or replace(item, required=(), required_when=""), required_by=item.required_by)


def _titles(owners: Iterable[Pack | Payer]) -> dict[str, str]:
    return {owner.name: owner.title for owner in owners}


def named(owner: Pack | Payer) -> AbstractContextManager[None]:
    """Add the settings file of a pack or payer to what is wrong in it; of a payer also the line."""
    return naming(file_of(owner), owner.file if isinstance(owner, Payer) else None)


def file_of(owner: Pack | Payer) -> str:
    """Return the settings file of a pack or payer, as messages name it."""
    if isinstance(owner, Pack):
        return f"{owner.name}/pack.toml"
    return f"payers/{owner.name}/{SETTINGS}" if owner.forms else f"payers/{owner.name}.toml"
