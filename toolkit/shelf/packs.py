"""Packs: the populations, each a folder of settings, samples and templates, and what a clinic lays over them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from msgspec import Struct, field
from msgspec.structs import replace

from toolkit.errors import ShelfError
from toolkit.model import Document, SignerRule
from toolkit.shelf.tables import (
    as_document,
    as_values,
    laid_over,
    naming,
    plain_name,
    read_toml,
    signers_and_sections,
)

ADDED = {"supplements": "supplement.docx", "last_pages": "last_page.docx"}
"""The file of an overlay for each place where templates take what populations add."""


class Pack(Struct, frozen=True):
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

    @property
    def additions(self) -> Mapping[str, tuple[Mapping[str, Any], ...]]:
        """The blocks that the population adds, by the place where templates take them (`ADDED`)."""
        return {"supplements": self.supplement, "last_pages": self.last_page}

    def overlays(self, document: str) -> str:
        """Return the life stage whose layout the overlay's own template holds, or an empty text."""
        found = self.documents.get(document)
        return found.like if found is not None and self.kind == "overlay" else ""

    def samples(self) -> dict[str, Any]:
        """Return the pack's synthetic samples (``clinic``, ``staff``, ``records``), empty where it ships none."""
        path = self.file("sample.toml")
        return read_toml(path) if path else {}


def load_packs(folders: Iterable[Path]) -> dict[str, Pack]:
    """Return the packs of ``folders`` by name, life stages first; those of a later folder are laid over the earlier."""
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
            documents[name] = _like(document, packs) if document.like else document
            documents[name] = replace(documents[name], blocks=tuple(_blocks(documents[name], pack, packs)))
    for name, document in documents.items():
        with naming(f"{pack.name}/pack.toml"):
            documents[name] = _riding(document, documents) if document.of else document
    return replace(pack, documents=documents)


def _like(document: Document, packs: Mapping[str, Pack]) -> Document:
    other = packs.get(document.like)
    base = other.documents.get(document.name) if other else None
    if base is None or base.like:
        raise ShelfError(f"document {document.name}: «like» names «{document.like}», which has no such document.")
    return replace(
        base, template=document.template, like=document.like, title=document.title or base.title, blocks=base.blocks
    )


def _riding(companion: Document, documents: Mapping[str, Document]) -> Document:
    main = documents.get(companion.of)
    if main is None or main.of:
        raise ShelfError(
            f"document {companion.name}: «of» names «{companion.of}», which is no document of this population that is "
            "made by its own date."
        )
    return replace(companion, date=main.date, each=main.each)


def _blocks(document: Document, pack: Pack, packs: Mapping[str, Pack]) -> Iterator[Mapping[str, Any]]:
    """Yield the blocks of ``document``, the pack's own additions where the document has a place for them."""
    shared = {**(packs[document.like].blocks if document.like else {}), **pack.blocks}
    for block in document.blocks:
        name = block.get("use")
        if name is not None and name not in shared:
            raise ShelfError(f"document {document.name}: a block uses «{name}», which [blocks] does not hold.")
        yield from (item for item in pack.additions.get(block.get("block", ""), ()) if _is_for(item, document))
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
