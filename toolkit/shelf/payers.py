"""Payer profiles: limits, signers, further requirements, and the levels at which a payer judges rules itself."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from toolkit.errors import ShelfError
from toolkit.model import OwnLevel, SignerRule
from toolkit.shelf.tables import as_values, fits, naming, read_toml, signers_and_sections

SETTINGS = "payer.toml"
"""The settings of a payer that has a folder of its own."""
_CODE = re.compile(r"[A-Z]{2,3}\d{3}")


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
    forms: tuple[Path, ...] = ()
    """The mappings of its own PDF forms, which lie beside its settings in a folder of its own."""
    file: Path = Path()
    """Where it is written."""


def load_payers(folders: Iterable[Path]) -> dict[str, Payer]:
    """Return the payers of ``folders`` by name; one of a later folder takes the place of its namesake.

    A payer is a file, or a folder with `SETTINGS` and the mappings of its own PDF forms.
    """
    found: dict[str, Payer] = {}
    for folder in folders:
        for path in sorted(folder.glob("*.toml")):
            table = read_toml(path)
            with naming(f"{path.parent.name}/{path.name}", path):
                found[path.stem] = _payer(path, path.stem, table)
        for own in sorted(path for path in folder.glob("*") if path.is_dir() and any(path.glob("*.toml"))):
            if not (own / SETTINGS).is_file() or (folder / f"{own.name}.toml").is_file():
                raise ShelfError(
                    f"payers/{own.name} is the folder of a payer with forms of its own: write its title, limits and "
                    f"signers into payers/{own.name}/{SETTINGS} and nowhere else."
                )
            table = read_toml(own / SETTINGS)
            with naming(f"{own.name}/{SETTINGS}", own / SETTINGS):
                forms = tuple(sorted(path for path in own.glob("*.toml") if path.name != SETTINGS))
                found[own.name] = replace(_payer(own / SETTINGS, own.name, table), forms=forms)
    return found


def _payer(file: Path, name: str, table: Mapping[str, Any]) -> Payer:
    values = as_values(table, Payer, {"name", "forms", "file"}, "payer", ("title",))
    for limit, number in values.get("limits", {}).items():
        if not fits(number, float) or number < 0:
            raise ShelfError(f"limits: «{limit}» is not a number from 0 up.", "limits", limit)
    values["levels"] = {code: _level(code, said, values["title"]) for code, said in values.get("levels", {}).items()}
    return Payer(**{**values, **signers_and_sections(values, name)}, name=name, file=file)


def _level(code: str, said: Any, title: str) -> OwnLevel:
    """Return a payer's level of a rule, from a plain word or a table that also says why and who asks for it."""
    table = said if isinstance(said, dict) else {"level": said}
    strange = next((key for key in table if key not in ("level", "why", "source")), "")
    if strange:
        raise ShelfError(f"levels: {code} has the key «{strange}»; there are level, why and source.", "levels", code)
    level = table.get("level")
    if not _CODE.fullmatch(code) or level not in ("error", "warning", "info"):
        raise ShelfError(f"levels: «{code}» is not the code of a rule with error, warning or info.", "levels", code)
    if not all(isinstance(text, str) for text in table.values()):
        raise ShelfError(f"levels: «why» and «source» of {code} are texts in quotes.", "levels", code)
    return OwnLevel(**table, by=title)
