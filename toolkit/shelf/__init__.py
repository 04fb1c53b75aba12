"""The shelves: finds and loads fields, packs, payers and rules, and composes what is asked of a record.

A shelf is a folder that is scanned: the built-in one, then the clinic's, which may hold ``fields/*.toml``,
``templates/<pack>/`` (a new population, or what is laid over a built-in one) and ``payers/*.toml``. Of a pack that is
there already, a clinic's folder may hold files (they replace those of the same name) and a ``pack.toml`` that says only
what differs: documents are laid over those of the same name, brand and words key by key, signers by role, and sections
are added or extended; title, kind, when and order may be left out.
A document that says ``of = "treatment_plan"`` is a companion: made only where it is named (``-d``), with the date, the
findings and the status of that document; it requires nothing of its own, and nobody signs it.
In the same manner a clinic's payer profile is laid over the built-in one of its name: limits and levels key by key,
signers by role, sections added, other lists replaced; what is to stand alone bears another name. A payer with PDF forms
of its own is a folder, ``payers/acme/``, with ``payer.toml``, the forms and their mappings. A limit is a number, or
more: ``review_days = { number = 30, says = "monthly", ours = true, at = { IOP = 14 } }``; where a payer sets none,
``{ none = true }``. ``requires`` lists fields, and sections of which there must be a row, by document; ``also`` names
profiles that hold beside it (a state). A payer adds signers, and conditions under which one signs too (``when =
"always"`` for none); of a role that the default profile knows it says only what differs. It takes no signature back,
and a clinic takes none back of either.
A payer may change the level of a rule, ``levels = { SM006 = "warning" }``, and say why and who asks for it,
``SM006 = { level = "warning", why = "its own form has no baseline", source = "Acme manual 2026, 4.2" }``; its title,
the reason and the source stand in each finding. Whatever asks for more only adds: who requires a field is kept
(`toolkit.model.Requirement`), and what contradicts another part of the shelf is told when it loads.
Rules are Python and are loaded from the package only: a clinic's folder is data, never code.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from toolkit.errors import ShelfError
from toolkit.model import Section
from toolkit.shelf.checks import check, check_documents
from toolkit.shelf.packs import ADDED, Pack, load_packs
from toolkit.shelf.payers import Citation, Payer, load_payers
from toolkit.shelf.shelf import Files, Shelf
from toolkit.shelf.tables import CLINIC, CORE, as_section, as_table, naming, read_toml, section_name
from toolkit.shelf.waivers import load_waivers

__all__ = [
    "ADDED", "Citation", "Files", "Pack", "Payer", "Shelf", "builtin_templates", "load", "load_waivers", "read_toml",
]  # fmt: skip

_PACKAGE = Path(__file__).parent.parent


def load(extra: Path | None = None) -> Shelf:
    """Return the built-in shelf, with the clinic's folder ``extra`` laid over it.

    Raises ShelfError, naming the file and the fault, when something on a shelf cannot be used.
    """
    if extra is not None and not extra.is_dir():
        raise ShelfError(f"The shelf {extra} is not a folder. Give --shelf the folder that holds templates and payers.")
    roots = [extra] if extra else []
    packs = load_packs([builtin_templates(), *(root / "templates" for root in roots)])
    core = _core(_PACKAGE / "fields", ())
    # The core asks for documents of which no pack has a form yet.
    documents = {name: None for section in core for name in section.documents}
    companions = {name for pack in packs.values() for name, document in pack.documents.items() if document.of}
    documents |= {name: None for pack in packs.values() for name in pack.documents if name not in companions}
    for root in roots:
        core = _core(root / "fields", core, documents)
    payers = load_payers([_PACKAGE / "payers", *(root / "payers" for root in roots)])
    shelf = Shelf(core, packs, payers)
    check(shelf, documents)
    return shelf


def builtin_templates() -> Path:
    """Return the packs' folder: inside the installed package, or beside it in a checkout."""
    installed = _PACKAGE / "templates"
    return installed if installed.is_dir() else _PACKAGE.parent / "templates"


def _core(folder: Path, known: Iterable[Section], documents: Iterable[str] | None = None) -> tuple[Section, ...]:
    """Return the ``known`` sections with those of ``folder`` laid over them, which may name ``documents`` only."""
    found = {section.name: section for section in known}
    owner = CORE if documents is None else CLINIC
    for path in sorted(folder.glob("*.toml")):
        table = read_toml(path)
        with naming(f"{path.parent.name}/{path.name}"):
            for key in table.keys() - {"section", "fields"}:
                raise ShelfError(f"the key «{key}» is not known; there are section and fields.")
            about = as_table(table.get("section", {}), "section")
            name = section_name(path.stem, "The file of a section")
            found[name] = as_section({**about, "fields": table.get("fields", {})}, name, owner, found.get(name))
            if documents is not None:
                check_documents(found[name], documents)
    return tuple(found.values())
