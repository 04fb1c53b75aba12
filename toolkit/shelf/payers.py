"""Payer profiles: limits, signers, further requirements, and the levels at which a payer judges rules itself."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from msgspec import Struct, field
from msgspec.structs import replace

from toolkit.errors import ShelfError
from toolkit.model import Limit, OwnLevel, SignerRule
from toolkit.shelf.tables import as_values, fits, inside, laid_over, naming, read_toml, signers_and_sections
from toolkit.text import hint

SETTINGS = "payer.toml"
"""The settings of a payer that has a folder of its own."""
DEFAULT = "default"
"""The profile that holds where no other is chosen, and says what the others do not."""
KINDS = ("default", "medicare", "medicaid", "federal", "state", "commercial", "accreditor")
"""What kinds of payers there are; a state or an accreditor pays nothing, and has rules all the same."""
READ = ("read", "part", "not")
"""How much of a source was at hand when a profile was written: all that is stated, a part, or nothing of it."""
_NAME = re.compile(r"\w[\w.-]*")
"""What a payer may be called: ``--payer a+b`` means two, and a space would end the name in a terminal."""
_CODE = re.compile(r"[A-Z]{2,3}\d{3}")
_ALWAYS = "always"
_LIMIT_KEYS = {
    "number": float, "says": str, "ours": bool, "none": bool, "stricter": str, "about": str, "least": float, "at": dict,
}  # fmt: skip
_CONFIDENCE = ("high", "medium", "low")


class Citation(Struct, frozen=True):
    """Where a profile has something from; ``read`` says how much of it was at hand (`READ`)."""

    title: str
    url: str = ""
    date: str = ""
    read: str = ""


class Payer(Struct, frozen=True):
    """One payer profile: limits, signers, rule levels and further requirements."""

    name: str
    title: str
    kind: str = ""
    limits: Mapping[str, Limit] = field(default_factory=dict)
    signers: tuple[SignerRule, ...] = ()
    signature_exception: str = ""
    """What it takes where a client does not sign."""
    levels: Mapping[str, OwnLevel] = field(default_factory=dict)
    sections: tuple[Mapping[str, Any], ...] = ()
    """Questions of its own, and what it changes in those that there are."""
    requires: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """What it requires in each document: paths of fields, and names of repeating sections (one row at least)."""
    also: tuple[str, ...] = ()
    """Profiles that hold beside it, such as that of the clinic's state."""
    citations: tuple[Citation, ...] = ()
    source: str = ""
    confidence: str = ""
    unverified: tuple[str, ...] = ()
    """What in it nobody has checked against the payer's own words."""
    by_hand: tuple[str, ...] = ()
    """What it asks for that no program can decide."""
    notes: tuple[str, ...] = ()
    forms: tuple[Path, ...] = ()
    """The mappings of its own PDF forms, which lie beside its settings in a folder of its own."""
    file: Path = Path()
    """Where it is written."""


_MOST_DAYS = 3650
_MOST = 100
"""The largest limit that counts something: goals, objectives, sessions a week."""


def load_payers(folders: Iterable[Path]) -> dict[str, Payer]:
    """Return the payers of ``folders`` by name; one of a later folder is laid over its namesake.

    A payer is a file, or a folder with `SETTINGS` and the mappings of its own PDF forms.
    """
    found: dict[str, Payer] = {}
    tables: dict[str, dict[str, Any]] = {}
    for folder in folders:
        files = sorted(_files(folder).items(), key=lambda item: (item[0] != DEFAULT, item[0]))
        for name, file in files:
            known, table = found.get(name), read_toml(file)
            with naming(f"{file.parent.name}/{file.name}", file):
                tables[name] = laid_over(table, tables.get(name, {}))
                found[name] = _payer(file, name, tables[name], tables[DEFAULT], found.get(DEFAULT))
                if known:
                    _check_kept(found[name], known)
    return found


def _files(folder: Path) -> dict[str, Path]:
    """Return the settings of the payers in ``folder`` by their names."""
    files = {path.stem: path for path in folder.glob("*.toml")}
    for own in (path for path in folder.glob("*") if path.is_dir() and any(path.glob("*.toml"))):
        if not (own / SETTINGS).is_file() or own.name in files:
            raise ShelfError(
                f"payers/{own.name} is the folder of a payer with forms of its own: write its title, limits and "
                f"signers into payers/{own.name}/{SETTINGS} and nowhere else."
            )
        files[own.name] = own / SETTINGS
    for name, file in files.items():
        if not _NAME.fullmatch(name):
            ending = "" if file.parent.name == name else file.suffix
            plain = "_".join(re.findall(r"\w[\w.-]*", name)) or "payer"
            raise ShelfError(
                f"payers/{name}{ending}: the name of a payer has letters, digits, _, - and dots only; rename it, for "
                f"example to {plain}{ending}."
            )
    return files


def _payer(
    file: Path, name: str, table: Mapping[str, Any], default: Mapping[str, Any], base: Payer | None = None
) -> Payer:
    """Return the payer of ``table``; of a signer of ``default`` it need say only what differs.

    ``base`` is the default profile as it was loaded before, None for the first.
    """
    values = as_values(table, Payer, {"name", "forms", "file"}, "payer", ("title",))
    for key, known in (("kind", KINDS), ("confidence", _CONFIDENCE)):
        if values.get(key, known[0]) not in known:
            raise ShelfError(f"«{key}» is one of {', '.join(known)}.{hint(values[key], known)}", key)
    ours = name == DEFAULT
    limits: Mapping[str, Limit] = base.limits if base else {}
    values["limits"] = {
        key: _limit(key, said, values["title"], ours, limits.get(key)) for key, said in values.get("limits", {}).items()
    }
    values["levels"] = {code: _level(code, said, values["title"]) for code, said in values.get("levels", {}).items()}
    values["citations"] = tuple(_citation(number, item) for number, item in enumerate(values.get("citations", ())))
    for document, paths in values.get("requires", {}).items():
        if not (isinstance(paths, list) and all(isinstance(path, str) for path in paths)):
            raise ShelfError(f"requires: «{document}» is a list of fields in [ ].", "requires", document)
    values["signers"] = _with_what_is_known(values.get("signers", ()), {} if ours else default)
    forms = tuple(sorted(path for path in file.parent.glob("*.toml") if path != file)) if file.name == SETTINGS else ()
    return Payer(**{**values, **signers_and_sections(values, name)}, name=name, forms=forms, file=file)


def _with_what_is_known(signers: Sequence[Any], default: Mapping[str, Any]) -> tuple[Any, ...]:
    """Return ``signers`` with what ``default`` says of the same roles; one who ``always`` signs has no condition."""
    known = {signer["role"]: signer for signer in default.get("signers", ())}
    whole: list[dict[str, Any]] = []
    for number, signer in enumerate(signers):
        role = signer.get("role")
        if isinstance(role, str) and role in [other.get("role") for other in whole]:
            said = f"signers: «{role}» stands there twice. Write all that is said of it in one place."
            raise ShelfError(said, "signers", number)
        table = {**(known.get(role, {}) if isinstance(role, str) else {}), **signer}
        whole.append({**table, "when": ""} if table.get("when") == _ALWAYS else table)
    return tuple(whole)


def _limit(name: str, said: Any, title: str, ours: bool, known: Limit | None) -> Limit:
    """Return a limit, from a plain number or a table that also says in which words, and whose it is.

    ``known`` is that of the default profile, which says what the ``least`` is that makes sense.
    """
    table = said if isinstance(said, dict) else {"number": said}
    with inside("limits", name):
        for key, value in table.items():
            if key not in _LIMIT_KEYS:
                raise ShelfError(f"limits: the key «{key}» of {name} is not known.{hint(key, _LIMIT_KEYS)}", key)
            if key != "number" and not fits(value, _LIMIT_KEYS[key]):
                raise ShelfError(f"limits: «{key}» of {name} is not what it should be.", key)
        numbers = [*([] if table.get("none") else [table.get("number")]), *table.get("at", {}).values()]
        least = table.get("least", known.least if known else 0)
        if not all(fits(number, float) and number >= least for number in numbers):
            said = (
                f"limits: «{name}» is not a number from {least:g} up; where there is no limit, write {{ none = true }}."
            )
            raise ShelfError(said)
        if name.endswith("_days") and any(number % 1 or number > _MOST_DAYS for number in numbers):
            raise ShelfError(f"limits: «{name}» is not a whole number of days, {_MOST_DAYS:,} (ten years) at most.")
        if not name.endswith("_days") and any(number > _MOST for number in numbers):
            raise ShelfError(f"limits: «{name}» is above {_MOST}; where there is no limit, write {{ none = true }}.")
        if table.get("none") and "number" in table:
            raise ShelfError(f"limits: {name} has a number and says that there is «none». Keep one of them.", "none")
        if table.get("stricter", "smaller") not in ("smaller", "larger") or ("stricter" in table and not ours):
            said = f"limits: «stricter» of {name} is smaller or larger, and only {DEFAULT}.toml says it."
            raise ShelfError(said, "stricter")
        its_own = next((key for key in ("least", "about") if key in table and not ours), "")
        if its_own:
            raise ShelfError(f"limits: only {DEFAULT}.toml says what the «{its_own}» of {name} is.", its_own)
    return Limit(
        table.get("number"),
        by="" if ours else title,
        says=table.get("says", ""),
        ours=ours or table.get("ours", False),
        larger=table.get("stricter") == "larger",
        about=table.get("about", ""),
        least=least,
        at=table.get("at", {}),
    )


def _citation(number: int, table: Mapping[str, Any]) -> Citation:
    with inside("citations", number):
        values = as_values(table, Citation, set(), "citations", ("title",))
        if not re.fullmatch(r"https?://\S+|", values.get("url", "")):
            raise ShelfError("citations: «url» begins with https:// and has no spaces.", "url")
        if values.get("read", "") not in ("", *READ):
            raise ShelfError(f"citations: «read» is one of {', '.join(READ)}.", "read")
        return Citation(**values)


def _level(code: str, said: Any, title: str) -> OwnLevel:
    """Return a payer's level of a rule, from a plain word or a table that also says why and who asks for it."""
    table = said if isinstance(said, dict) else {"level": said}
    strange = next((key for key in table if key not in ("level", "why", "source")), "")
    if strange:
        raise ShelfError(f"levels: {code} has the key «{strange}»; there are level, why and source.", "levels", code)
    level = table.get("level")
    if not _CODE.fullmatch(code):
        raise ShelfError(f"levels: «{code}» is not the code of a rule, such as SM004.", "levels", code)
    if level not in ("error", "warning", "info"):
        said = f", not «{level}»" if isinstance(level, str) else ""
        raise ShelfError(f"levels: the level of {code} is error, warning or info{said}.", "levels", code)
    if not all(isinstance(text, str) for text in table.values()):
        raise ShelfError(f"levels: «why» and «source» of {code} are texts in quotes.", "levels", code)
    return OwnLevel(**table, by=title)


# --- no signature is taken back ------------------------------------------------------------------------------------


def taken_back(signer: SignerRule, known: SignerRule) -> str:
    """Return the key by which ``signer`` would sign less than ``known``, who signs in the same role; else nothing."""
    if signer.when and not known.when:
        return "when"
    lacks = signer.documents and not (known.documents and set(known.documents) <= set(signer.documents))
    return "documents" if lacks else ""


def _check_kept(payer: Payer, known: Payer) -> None:
    """Raise ShelfError where ``payer`` takes back a signature of ``known``, over which it is laid."""
    roles = {signer.role: signer for signer in known.signers}
    for signer in payer.signers:
        key = taken_back(signer, roles.get(signer.role, signer))
        if key:
            raise ShelfError(
                f"signer {signer.role}: «{key}» would take back a signature that plankit’s own {known.file.name} asks "
                "for. A clinic may add signatures, and take none away.",
                *("signers", signer.role, key),
            )


# --- several at once -----------------------------------------------------------------------------------------------


def combined(name: str, payers: Sequence[Payer], rules: Mapping[str, str]) -> Payer:
    """Return ``payers`` as one, called ``name``: whatever any of them asks; of a rule's levels the highest.

    ``rules`` are the levels of the rules themselves, by code. The limits are not composed here: the strictest holds,
    and is named (`toolkit.derive.limit`).
    """
    first, *others = payers
    if not others:
        return first
    levels = {}
    for code in dict.fromkeys(code for payer in payers for code in payer.levels):
        said = [payer.levels.get(code) for payer in payers]
        highest = min((own for own in said if own), key=lambda own: _HEIGHTS.index(own.level))
        if None not in said or _HEIGHTS.index(highest.level) < _HEIGHTS.index(rules[code]):
            levels[code] = highest
    return replace(
        first,
        name=name,
        title=" and ".join(payer.title for payer in payers),
        levels=levels,
        forms=tuple(dict.fromkeys(form for payer in payers for form in payer.forms)),
    )


_HEIGHTS = ("error", "warning", "info")
