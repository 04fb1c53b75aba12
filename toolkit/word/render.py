"""A compiled Word template: values in, the bytes of a finished document out. No package is opened here."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property
from itertools import count
from typing import Any

from docxtpl import DocxTemplate
from jinja2 import Template as CompiledTemplate
from lxml import etree
from msgspec import Struct

from toolkit.environment import FailedError
from toolkit.errors import RenderError
from toolkit.model import Signer
from toolkit.word import draft as drafts
from toolkit.word.breaks import MAY_BREAK, WHOLE, with_breaks
from toolkit.word.controls import Answers, Branch, Control
from toolkit.word.media import NO_PACKAGE, Media, Package, link_id
from toolkit.word.names import Use, field_path
from toolkit.word.package import Entry, assemble, entry, renamed
from toolkit.word.rich import settled
from toolkit.word.slow import with_subdocuments
from toolkit.word.tags import Spot
from toolkit.word.values import ENVIRONMENT, marked_values

_DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'

# --- signing on paper ----------------------------------------------------------------------------------------------

_LINE = "_" * 34
_DATED = "Date: ____ /____ /________"
_UNSIGNED = "Not signed because: _______________"


class Sign:
    """The function ``sign(role)`` of templates: the lines on which the signer of that role signs."""

    is_template_function = True

    def __init__(self, signers: Any, draft: bool) -> None:
        self._signers: Iterable[Signer] = signers or ()
        self._draft = draft

    def head(self, role: str) -> str:
        """Return what stands from the signature line to the role: by it the place to sign is known again."""
        return self(role).partition(f"\n{_DATED}")[0]

    def __call__(self, role: str = "") -> str:
        """Return signature line, printed name with credential, role and date line; nothing for an absent role."""
        if self._draft:
            return drafts.LATER
        signer = {signer.role: signer for signer in self._signers}.get(role)
        if signer is None:
            return ""
        who = ", ".join(part for part in (signer.name, signer.credential) if part)
        if signer.reason_absent:
            return "\n".join(part for part in (who, signer.label, f"Not signed: {signer.reason_absent}") if part)
        return "\n".join(part for part in (_LINE, who, signer.label, _DATED, _UNSIGNED) if part)


# --- the template --------------------------------------------------------------------------------------------------


class Part(Struct, frozen=True):
    """One part with tags: what renders it, where its tags stand, and what has to be seen to afterwards."""

    name: str
    template: CompiledTemplate
    spots: Mapping[int, Spot]
    """Where the tag on each line of the source stands."""
    columns: bool
    """True when cells come and go, so that the grid of a table has to follow."""
    ids: bool
    """True when a loop repeats bookmarks, pictures or controls, whose ids must be unique."""
    controls: tuple[Control, ...] = ()
    """Those put around its tags when it was compiled, in the order of the tags."""
    like: str = ""
    """The name of a part that says the very same, such as the footer of the first page; empty where there is none."""


class Form(Struct, frozen=True):
    """The content controls of a template: each, the sections that their answers are in, and the part of the store."""

    controls: tuple[Control, ...]
    sections: tuple[Branch, ...]
    store: str


class Template(Struct, frozen=True, dict=True):
    """A Word template, compiled once and rendered many times.

    ``uses`` are the names it asks for; ``spots`` where each first stands; ``sha256`` is the digest of all its sources
    and of its controls.
    """

    name: str
    sha256: str
    parts: tuple[Part | Entry, ...]
    uses: tuple[Use, ...]
    spots: Mapping[str, Spot]
    make_draft: Callable[[], Template]
    """Compiles the same template with the DRAFT mark on every page."""
    first_id: int = 1
    """From here on no bookmark, picture or control of the template's own has a number."""
    form: Form | None = None
    """Its content controls, where it has any."""
    package: Package = NO_PACKAGE
    """What its package says of its parts, for documents that bring pictures and links of their own."""

    @cached_property
    def names(self) -> frozenset[str]:
        """The full paths it may print: ``goals.objectives.target``."""
        return frozenset(use.path for use in self.uses if use.printed)

    @cached_property
    def as_draft(self) -> Template:
        """The template with the DRAFT mark."""
        return self.make_draft()

    def fields(self, sections: Mapping[str, Any]) -> frozenset[str]:
        """Return the paths of the fields it may print (``objectives.target``), given the sections there are."""
        return frozenset(field_path(path, sections) for path in self.names)

    def render(self, context: Mapping[str, Any], draft: bool = False) -> bytes:
        """Return the Word file for ``context``; the same input gives the same bytes.

        In a draft every page bears the mark, and each `Missing` stands highlighted with its question. Raises
        RenderError, with the place in the template and without a value, where this record cannot be printed.
        """
        template = self.as_draft if draft else self
        values = {"draft": draft, "sign": Sign(context.get("signers"), draft), **context}
        numbers = _Numbers(count(template.first_id))
        form = template.form
        answers = Answers(form.controls, form.sections, context, numbers.fresh) if form else None
        if answers:
            values["_answer"] = answers.show
        media = Media(template.package, numbers.fresh)
        before = marked_values.set(media.marked)
        try:
            made: dict[str, Entry] = {}
            for part in template.parts:
                if isinstance(part, Entry):
                    made[part.name.decode()] = part
                elif part.like in made and not media.marked:
                    made[part.name] = renamed(made[part.like], part.name)
                else:
                    own = answers if part.controls else None
                    made[part.name] = entry(part.name, template._rendered(part, values, draft, numbers, own, media))
            entries = [*made.values()]
            if form and answers:
                entries.append(entry(form.store, answers.store()))
            if not media.marked:
                return assemble(entries)
            data = assemble(media.added(entries))
            return with_subdocuments(data, media.subdocuments, self.name) if media.subdocuments else data
        finally:
            marked_values.reset(before)

    def build_url_id(self, address: str) -> str:
        """Return what stands for a link to ``address`` in ``RichText.add(url_id=…)``; it holds in every document.

        Raises RenderError for an address that leads elsewhere than to the web, mail or a telephone.
        """
        return link_id(address)

    def _rendered(
        self,
        part: Part,
        values: Mapping[str, Any],
        draft: bool,
        numbers: _Numbers,
        answers: Answers | None,
        media: Media,
    ) -> bytes:
        try:
            xml = ENVIRONMENT.render(part.template, values)
        except FailedError as error:
            spot = part.spots.get(error.line) or self.name
            raise RenderError(f"{spot}: the template {error}. Correct the tag, or the answer it prints.") from None
        if media.marked:
            xml = settled(xml, media.marked, part.name, media)
        if _MAY_BE_HOLE in xml:
            xml = _without_holes(xml)
        if MAY_BREAK in xml:
            xml = with_breaks(xml)
        is_asking = drafts.ASKED in xml
        if is_asking:
            if not draft:
                raise RenderError(f"{self.name}: an answer is missing. Make a draft, or fill in what is missing.")
            xml = xml.replace(drafts.ASKED, "")
        if answers:
            xml = answers.complete(xml)
        if part.columns:
            xml = etree.tostring(DocxTemplate(io.BytesIO()).fix_tables(xml), encoding="unicode")
        if part.ids:
            xml = numbers.renumbered(xml)
        if is_asking:
            xml = drafts.highlighted(xml)
        return f"{_DECLARATION}{xml}".encode()


# --- afterwards ----------------------------------------------------------------------------------------------------

_MAY_BE_HOLE = "\x03" * 16
"""Stands where a cell, row, table, header or footer ends of which a tag may have taken everything away."""
_ENDS = ("</w:tc>", "</w:tr>", "</w:tbl>", "</w:hdr>", "</w:ftr>")
_FILLED = ("</w:p>", "</w:tc>", "</w:tr>")
_EMPTY_TABLE = re.compile(r"<w:tbl>(?:(?!<w:tbl>|<w:tr[ >]).)*?</w:tbl>", re.DOTALL)
_EMPTY_ROW = re.compile(r"<w:tr(?: [^>]*)?>(?:(?!<w:tr[ >]|<w:tc[ >]).)*?</w:tr>", re.DOTALL)
_HOLE = re.compile(r"(<w:tc(?: [^>]*)?>|</w:tcPr>|<w:tcPr/>|</w:tbl>|<w:(?:hdr|ftr)(?: [^>]*)?>)(</w:(?:tc|hdr|ftr)>)")


def filled(xml: str, after_tag: bool) -> str:
    """Return ``xml``, what stands between two tags, with a paragraph in each empty cell, as Word wants it.

    Where it stands right ``after_tag``, and ends what that may have emptied, it is marked for a look at each document;
    so is each row that shall not break.
    """
    xml = _HOLE.sub(r"\1<w:p/>\2", xml).replace(WHOLE, MAY_BREAK)
    return _MAY_BE_HOLE + xml if after_tag and xml.startswith(_ENDS) else xml


def _without_holes(xml: str) -> str:
    """Return ``xml`` without empty rows and tables, and with a paragraph in every cell; there seldom is a hole."""
    *before, last = xml.split(_MAY_BE_HOLE)
    xml = "".join((*before, last))
    if all([piece.endswith(_FILLED) for piece in before]):
        return xml
    if xml.count("</w:tr>") != xml.count("</w:tc></w:tr>"):
        xml = _EMPTY_ROW.sub("", xml)
    if xml.count("</w:tbl>") != xml.count("</w:tr></w:tbl>"):
        xml = _EMPTY_TABLE.sub("", xml)
    return _HOLE.sub(r"\1<w:p/>\2", xml)


_IDS = re.compile(
    r"<w:bookmark(?P<end>Start|End) [^>]*?/>|(?P<docpr><wp:docPr [^>]*?)\bid=\"[^\"]*\"|<w:id w:val=\"[^\"]*\"/>"
)
_ID, _NAME = re.compile(r'w:id="([^"]*)"'), re.compile(r'w:name="([^"]*)"')


class _Numbers:
    """Gives bookmarks, pictures and controls that a loop repeats ids of their own, in all parts of one document."""

    def __init__(self, fresh: Iterator[int]) -> None:
        self.fresh = fresh
        self._open: dict[str, int] = {}
        self._names: dict[str, int] = {}

    def renumbered(self, xml: str) -> str:
        """Return ``xml`` with fresh ids."""
        return _IDS.sub(self._fresh, xml)

    def _fresh(self, found: re.Match[str]) -> str:
        if found["docpr"]:
            return f'{found["docpr"]}id="{next(self.fresh)}"'
        if not found["end"]:
            return f'<w:id w:val="{next(self.fresh)}"/>'
        text, old = found[0], _ID.search(found[0])
        key = old[1] if old else ""
        if found["end"] == "Start":
            self._open[key] = next(self.fresh)
            text = _NAME.sub(self._named, text)
        return _ID.sub(f'w:id="{self._open.get(key, 0)}"', text)

    def _named(self, found: re.Match[str]) -> str:
        name = found[1]
        self._names[name] = times = self._names.get(name, 0) + 1
        return found[0] if times == 1 else f'w:name="{name[:34]}_{times}"'
