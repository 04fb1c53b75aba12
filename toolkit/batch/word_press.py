"""The Word press: documents from the Word templates of a shelf, each template compiled once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

from toolkit import __version__, derive, proof
from toolkit.batch.press import Sheet, digest, named, note_used, template_bytes
from toolkit.errors import ReadError, RenderError
from toolkit.model import Case, Definitions, Finding
from toolkit.shelf import Pack, Shelf
from toolkit.word import read
from toolkit.word.compile import compile_template
from toolkit.word.render import Template


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
        return self._shelf.has_template(case.definitions.populations, case.wanted.document.name)

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
        files = self._shelf.template_files(populations, document)
        if files is None:
            return None
        packs = [self._shelf.pack(name) for name in populations]
        added = {place: [template_bytes(path) for path in paths] for place, paths in files.added.items()}
        template = compile_template(
            template_bytes(files.template), named(files.template), _loader(packs), added, definitions
        )
        note_used(self._digests, packs, f"{'-'.join(populations)}/{document}.docx", template.sha256)
        return template


def _loader(packs: Iterable[Pack]) -> Callable[[str], bytes]:
    def load(name: str) -> bytes:
        """Return the file that a template includes, from the folders of its packs and nowhere else."""
        found = (pack.file(name) for pack in packs) if Path(name).name == name else iter(())
        path = next((path for path in found if path), None)
        if path is None:
            raise LookupError(name)
        return template_bytes(path)

    return load
