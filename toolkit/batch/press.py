"""The press: how a judged document becomes the bytes of a Word file, and how these are proven."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from pathlib import Path
from typing import Any, Protocol

from toolkit import __version__, derive, proof
from toolkit.errors import ReadError, RenderError, TemplateError
from toolkit.model import Case, Definitions, Finding
from toolkit.shelf import Pack, Shelf
from toolkit.word import read
from toolkit.word.compile import compile_template
from toolkit.word.render import Template

SUPPLEMENT = "supplement.docx"


@dataclass(frozen=True, slots=True)
class Sheet:
    """A document ready to be printed: the key of all that goes into it, and the function that prints it."""

    key: str
    render: Callable[[], bytes]


class Press(Protocol):
    """What the batch asks of whatever makes its files."""

    def sheet(self, case: Case, draft: bool) -> Sheet | None:
        """Return the document of ``case``, or None where no template fits its populations."""

    def fits(self, case: Case) -> bool:
        """Tell whether there is a template for the case's populations."""

    def prove(self, case: Case, data: bytes) -> Sequence[Finding]:
        """Return what is missing or left over in the finished file."""

    def digests(self) -> Mapping[str, Mapping[str, str]]:
        """Return the digests of the packs and templates used so far."""


class WordPress:
    """Prints Word files from the templates of a shelf, each template compiled once."""

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf
        self._templates: dict[tuple[tuple[str, ...], str], Template | None] = {}
        self._digests: dict[str, dict[str, str]] = {"packs": {}, "templates": {}}

    def sheet(self, case: Case, draft: bool) -> Sheet | None:
        """Return the document of ``case``; raises TemplateError when its template cannot be compiled."""
        template = self._template(case)
        if template is None:
            return None
        context = derive.context(case, draft)
        key = digest((__version__, template.sha256, draft, context))
        return Sheet(key, lambda: template.render(context, draft))

    def fits(self, case: Case) -> bool:
        """Tell whether there is a template for the case's populations, without compiling it."""
        return template_files(self._shelf, case.definitions.populations, case.wanted.document.name) is not None

    def prove(self, case: Case, data: bytes) -> Sequence[Finding]:
        """Read the file back and return what is missing or left over; raises RenderError where it cannot be read."""
        try:
            return proof.prove(case, read.paragraphs(data))
        except ReadError as error:
            raise RenderError(
                "the finished document is too long to be read back, so it was not filed. Shorten the longest answer."
            ) from error

    def digests(self) -> Mapping[str, Mapping[str, str]]:
        """Return the digests of the packs and templates used so far, by name."""
        return self._digests

    def _template(self, case: Case) -> Template | None:
        key = case.definitions.populations, case.wanted.document.name
        if key not in self._templates:
            self._templates[key] = self._compiled(*key, case.definitions)
        return self._templates[key]

    def _compiled(self, populations: tuple[str, ...], document: str, definitions: Definitions) -> Template | None:
        files = template_files(self._shelf, populations, document)
        if files is None:
            return None
        packs = [self._shelf.pack(name) for name in populations]
        path, *supplements = files
        added = [_bytes(supplement) for supplement in supplements]
        template = compile_template(_bytes(path), _named(path), _loader(packs), added, definitions)
        self._digests["templates"][f"{'-'.join(populations)}/{document}"] = template.sha256
        self._digests["packs"] |= {pack.name: _digest_of(pack) for pack in packs}
        return template


def template_files(shelf: Shelf, populations: tuple[str, ...], document: str) -> tuple[Path, ...] | None:
    """Return the first population's template that there is, and after it the supplements of the others.

    None where no population brings the document, or where one that asks for something of its own has neither the
    template nor a supplement to print it.
    """
    packs = [shelf.pack(name) for name in populations]
    owner = next((pack for pack in packs if _template_path(pack, document)), None)
    path = _template_path(owner, document) if owner else None
    if owner is None or path is None:
        return None
    others = [(pack, pack.file(SUPPLEMENT)) for pack in packs if pack is not owner]
    if any(supplement is None and pack.sections for pack, supplement in others):
        return None
    return (path, *(supplement for _, supplement in others if supplement))


def _template_path(pack: Pack, document: str) -> Path | None:
    found = pack.documents.get(document)
    return pack.file(found.template) if found else None


def _named(path: Path) -> str:
    return f"{path.parent.name}/{path.name}"


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise TemplateError(
            f"{_named(path)} cannot be opened. Close it in other programs, see that you may read it, and run again."
        ) from error


def _loader(packs: Iterable[Pack]) -> Callable[[str], bytes]:
    def load(name: str) -> bytes:
        """Return the file that a template includes, from the folders of its packs and nowhere else."""
        found = (pack.file(name) for pack in packs) if Path(name).name == name else iter(())
        path = next((path for path in found if path), None)
        if path is None:
            raise LookupError(name)
        return _bytes(path)

    return load


def _digest_of(pack: Pack) -> str:
    settings = [path for folder in pack.folders if (path := folder / "pack.toml").is_file()]
    return hashlib.sha256(b"".join(path.read_bytes() for path in settings)).hexdigest()


def digest(value: Any) -> str:
    """Return the digest of a nested value: equal values, and only these, have equal digests, in any process."""
    parts: list[str] = []
    _spell(value, parts.append)
    return hashlib.sha256("".join(parts).encode("utf-8", "surrogatepass")).hexdigest()


def _spell(value: Any, add: Callable[[str], None]) -> None:
    kind = type(value)
    if kind is str:
        add(f"s{len(value)}:{value}")
    elif value is None:
        add("~")
    elif kind is dict:
        add(f"d{len(value)}:")
        for name in sorted(value):
            add(f"{len(name)}:{name}")
            _spell(value[name], add)
    elif kind is list or kind is tuple:
        add(f"l{len(value)}:")
        for item in value:
            _spell(item, add)
    elif isinstance(value, str):
        add(f"{kind.__name__}{len(value)}:{value}")
        _spell(_attributes(value), add)
    elif is_dataclass(value):
        add(kind.__name__)
        _spell([getattr(value, item.name) for item in fields(value)], add)
    else:
        shown = repr(value)
        add(f"{kind.__name__}{len(shown)}:{shown}")


def _attributes(value: Any) -> dict[str, Any]:
    """Return what a text with more to it (a choice's label, a person's credential) carries beside its characters."""
    slots = {name: getattr(value, name, None) for name in getattr(type(value), "__slots__", ())}
    return {**slots, **getattr(value, "__dict__", {})}
