"""Is the shelf whole? What names something that there is not, or contradicts another part, is told when it loads."""

from __future__ import annotations

import re
from collections.abc import Iterable

from toolkit import conditions, kinds, reference
from toolkit.blocks import PATH
from toolkit.errors import ShelfError
from toolkit.model import Definitions, Field, Section
from toolkit.shelf.packs import Pack
from toolkit.shelf.payers import DEFAULT, Payer, taken_back
from toolkit.shelf.shelf import Shelf, file_of, named
from toolkit.shelf.tables import as_section, inside
from toolkit.text import hint

ROLE = "signers.role"
"""The field with the closed list of those who sign."""
_SHEET = re.compile(r"[^\[\]:*?/\\\n]{1,31}")


def check(shelf: Shelf, documents: Iterable[str]) -> None:
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
        with named(pack):
            _check_condition(pack.when, "«when»", everything)
            _check_owner(pack, everything, documents)
            for document in pack.documents.values():
                if document.date not in everything.fields:
                    raise ShelfError(f"document {document.name}: there is no field «{document.date}» for its date.")
                if document.each and document.each not in everything.sections:
                    raise ShelfError(f"document {document.name}: there is no section «{document.each}».")
    for payer in shelf.payers.values():
        with named(payer):
            _check_owner(payer, everything, documents)
            _check_levels(payer, shelf)
            _check_signers(payer, shelf)
            _check_limits(payer, shelf)
            _check_required(payer, everything, documents)
            _check_sections(payer, shelf)
            for name in payer.also:
                if name not in shelf.payers:
                    raise ShelfError(f"«also» names the payer «{name}».{hint(name, shelf.payers)}", "also")


def _check_limits(payer: Payer, shelf: Shelf) -> None:
    known = shelf.payers[DEFAULT].limits
    for name, limit in payer.limits.items():
        if name not in known:
            raise ShelfError(f"there is no limit «{name}».{hint(name, known)}", "limits", name)
        levels = reference.levels_of_care()
        for level in limit.at:
            if level not in levels.names:
                said = f"limits: «at» of {name} names the level of care «{level}».{hint(level, levels.names)}"
                raise ShelfError(said, "limits", name)


def _check_required(payer: Payer, everything: Definitions, documents: Iterable[str]) -> None:
    for document, paths in payer.requires.items():
        if document not in documents:
            said = f"requires: there is no document «{document}».{hint(document, documents)}"
            raise ShelfError(said, "requires", document)
        for number, path in enumerate(paths):
            at = ("requires", document, number)
            item = everything.fields.get(path)
            if item is None and not (path in everything.sections and everything.sections[path].repeats):
                raise ShelfError(f"requires: there is no field «{path}».{hint(path, everything.fields)}", *at)
            if item and item.derived:
                raise ShelfError(f"requires: {path} is computed, and nobody can type it.", *at)


def _check_sections(payer: Payer, shelf: Shelf) -> None:
    """Raise ShelfError where a payer takes a core section out of a document, or lets it do without a row."""
    core = {section.name: section for section in shelf.core}
    for table in payer.sections:
        known = core.get(table["name"])
        for key in ("documents", "at_least_one"):
            left = [name for name in getattr(known, key, ()) if name not in table.get(key, (name,))]
            if left:
                said = (
                    f"section {table['name']}: «{key}» leaves out {left[0]}, which core has. A payer may add, and take "
                )
                raise ShelfError(f"{said}nothing away.", "sections", table["name"], key)


def _check_levels(payer: Payer, shelf: Shelf) -> None:
    for code, own in payer.levels.items():
        rule = shelf.rules.get(code)
        if rule is None:
            raise ShelfError(f"levels: there is no rule «{code}».{hint(code, shelf.rules)}", "levels", code)
        if not rule.waivable and rule.level == "error" and own.level != "error":
            said = f"levels: {code} stays an error, because what it finds can never be accepted."
            raise ShelfError(said, "levels", code)


def _check_signers(payer: Payer, shelf: Shelf) -> None:
    """Raise ShelfError where a payer takes back a signature that all clients, or those of a population, must give."""
    roles = shelf.all().fields[ROLE].answers.values()
    closed = dict.fromkeys(re.sub(r"_\d+$", "", role) for role in roles)
    for signer in payer.signers:
        if signer.role not in closed:
            said = f"there is no role «{signer.role}».{hint(signer.role, closed)} There are: {', '.join(closed)}."
            raise ShelfError(said, "signers", signer.role, "role")
    base = shelf.payers[DEFAULT]
    owners: list[Pack | Payer] = [base, *shelf.packs.values()]
    asked = [(owner, rule) for owner in owners for rule in owner.signers]
    for signer in payer.signers if payer is not base else ():
        for owner, known in asked:
            key = taken_back(signer, known) if known.role == signer.role else ""
            if key:
                raise ShelfError(
                    f"signer {signer.role}: «{key}» would take back a signature that {file_of(owner)} asks for. A "
                    "payer may add signatures, and take none away.",
                    *("signers", signer.role, key),
                )


def _check_owner(owner: Pack | Payer, everything: Definitions, documents: Iterable[str]) -> None:
    """Check what a pack or payer asks for and who signs; the requirements of `Shelf.all` are the core's alone."""
    for table in owner.sections:
        with inside("sections", table["name"]):
            section = as_section(table, table["name"], owner.name, everything.sections.get(table["name"]))
            check_documents(section, documents)
            for item in section.fields:
                with inside("fields", item.name):
                    _check_field(item, everything)
    for signer in owner.signers:
        with inside("signers", signer.role):
            with inside("when"):
                _check_condition(signer.when, f"signer {signer.role}", everything)
            _check_names(signer.documents, f"signer {signer.role}: «documents»", documents, "documents")
            if signer.person and signer.person not in everything.fields:
                raise ShelfError(f"signer {signer.role}: there is no field «{signer.person}».", "person")


def check_documents(section: Section, documents: Iterable[str]) -> None:
    """Raise ShelfError where the section or a field of it names a document that there is not."""
    where = f"section {section.name}"
    _check_names(section.documents, f"{where}: «documents»", documents, "documents")
    _check_names(section.at_least_one, f"{where}: «at_least_one»", documents, "at_least_one")
    for item in section.fields:
        with inside("fields", item.name):
            _check_names(item.required, f"field {item.path}: «required»", documents, "required")
            _check_names(item.printed_in, f"field {item.path}: «printed_in»", documents, "printed_in")


def _check_names(names: Iterable[str], where: str, documents: Iterable[str], key: str) -> None:
    for name in names:
        if name not in documents:
            raise ShelfError(f"{where}: there is no document «{name}».{hint(name, documents)}", key)


def _check_field(item: Field, everything: Definitions) -> None:
    where = f"field {item.path}"
    for key, condition in (("required_when", item.required_when), ("asked_when", item.asked_when)):
        with inside(key):
            _check_condition(condition, where, everything)
    if item.unless and item.unless not in everything.fields:
        raise ShelfError(f"{where}: «unless» names {item.unless}, which no section has.", "unless")
    for number, pattern in enumerate(item.assemble):
        with inside("assemble", number):
            if {"pattern", "when"} != {*pattern} or not all(isinstance(part, str) for part in pattern.values()):
                raise ShelfError(f"{where}: each table of «assemble» has a pattern and when it fits, and nothing else.")
            _check_condition(pattern["when"], f"{where}: «assemble»", everything)
            for path in PATH.findall(pattern["pattern"]):
                if path not in everything.fields:
                    raise ShelfError(f"{where}: «assemble» names {path}, which no section has.")
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
