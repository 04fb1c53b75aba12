"""The PDF press: documents as PDF forms, composed of the sheets of a shelf, each shape compiled once."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from copy import copy
from dataclasses import replace
from pathlib import Path
from typing import Any

from toolkit import __version__, derive, proof
from toolkit.batch.press import Sheet, digest, named, note_used, template_bytes
from toolkit.errors import ReadError, RenderError
from toolkit.kinds import show
from toolkit.model import Case, Definitions, Finding
from toolkit.pdf import read
from toolkit.pdf.compile import compile_form
from toolkit.pdf.fill import FLOOR, Cut, Filler, Value
from toolkit.pdf.fonts import Faces, code_points, named_files
from toolkit.pdf.form import Field
from toolkit.pdf.layout import lay
from toolkit.pdf.logo import with_logo
from toolkit.pdf.sheets import Shape, compose, fields
from toolkit.pdf.values import Places, Text, path_of
from toolkit.shelf import Pack, Shelf

MAX_TEXTS = 400
_CHAIN = "more"
"""The source of a text that goes on from the continuation sheet before."""
_SHAPES = 64
"""How many shapes of a document are kept compiled."""
_GOES_ON = re.compile(r"\n?… (?:continued on page|p\.) \d+\Z")


class PdfPress:
    """Prints PDF forms from the sheets of a shelf."""

    def __init__(self, shelf: Shelf, faces: Faces | None = None) -> None:
        self._shelf, self._flat = shelf, False
        self._faces = faces or Faces(named_files())
        self._templates: dict[tuple[tuple[str, ...], str], _Template | None] = {}
        self._digests: dict[str, dict[str, str]] = {"packs": {}, "templates": {}}
        self._read: dict[str, tuple[Case, read.Contents]] = {}
        """The case that was proven last without a fault, and what was read back: copies are held against it."""

    def flat(self) -> PdfPress:
        """Return a press that prints copies without fields; what one of the two compiles, the other has, too."""
        copies = copy(self)
        copies._flat = True
        return copies

    def sheet(self, case: Case, draft: bool) -> Sheet | None:
        """Return the document of ``case``; raises ReadError or TemplateError when its form cannot be compiled."""
        template = self._template(case)
        if template is None:
            return None
        context = derive.context(case, draft)
        key = digest((__version__, template.sha256, self._faces.sha256, self._flat, draft, context))
        return Sheet(key, lambda: template.render(case, context, draft, flat=self._flat or draft))

    def fits(self, case: Case) -> bool:
        """Tell whether there is a form for the case's populations, without compiling it."""
        return self._shelf.form_files(case.definitions.populations, case.wanted.document.name) is not None

    def prove(self, case: Case, data: bytes) -> Sequence[Finding]:
        """Read the file back and return what is missing, cut or altered; raises RenderError where it cannot be read."""
        template = self._template(case)
        if template is None:
            return ()
        try:
            seen = read.read(data)
            if self._flat:  # its pages say what pages and fields of the form say, wherever a text goes on
                shown, (proven, seen) = seen, self._form(case, template)
                if _lines(shown) != _lines(seen):
                    raise RenderError("the copy without fields does not say all that the PDF form says.")
                if proven:
                    return ()
        except ReadError as error:
            raise RenderError(f"the finished PDF cannot be read back, so it was not filed: {error}") from error
        told = list(template.faults(case, seen, self._faces))
        known = {(finding.path, finding.subject) for finding in told}
        told += (finding for finding in proof.prove(case, list(_texts(seen))) if (finding.path, "") not in known)
        self._read.clear()
        if not told:
            self._read["last"] = case, seen
        return tuple(told)

    def _form(self, case: Case, template: _Template) -> tuple[bool, read.Contents]:
        """Return whether the form of a case was proven just now, and what it shows."""
        last, seen = self._read.get("last", (None, None))
        if seen is not None and last is case:
            return True, seen
        return False, read.read(template.render(case, derive.context(case), draft=False, flat=False))

    def digests(self) -> Mapping[str, Mapping[str, str]]:
        """Return the digests of the packs and templates used so far, by name."""
        return self._digests

    def _template(self, case: Case) -> _Template | None:
        key = case.definitions.populations, case.wanted.document.name
        if key not in self._templates:
            files = self._shelf.form_files(*key)
            if files is None:
                self._templates[key] = None
            else:
                packs = [self._shelf.pack(name) for name in key[0]]
                logo = self._logo(packs[0])
                template = _Template(files.template, files.added, key[1], case.definitions, self._faces, logo)
                self._templates[key] = template
                note_used(self._digests, packs, f"{'-'.join(key[0])}/{key[1]}.pdf", template.sha256)
        return self._templates[key]

    def _logo(self, stage: Pack) -> Path | None:
        """Return the picture that the brand of a life stage names, in its folders or anywhere; None where none is."""
        first = next(iter(self._shelf.packs.values()))
        logo = str({**first.brand, **stage.brand}.get("logo") or "")
        return (stage.file(logo) or first.file(logo) or Path(logo)) if logo else None


class _Template:
    """The sheets of one document for some populations, and the shapes compiled so far."""

    def __init__(
        self,
        path: Path,
        added: Mapping[str, Sequence[Path]],
        document: str,
        definitions: Definitions,
        faces: Faces,
        logo: Path | None = None,
    ) -> None:
        self._name, self._document, self._faces = named(path), document, faces
        self._data = template_bytes(path)
        if logo:
            self._data = with_logo(self._data, template_bytes(logo), self._name, named(logo))
        self._supplements, self._last_pages = (
            [template_bytes(file) for file in added.get(place, ())] for place in ("supplements", "last_pages")
        )
        every = (self._data, *self._supplements, *self._last_pages)
        self.sha256 = hashlib.sha256(b"".join(hashlib.sha256(data).digest() for data in every)).hexdigest()
        self._shapes: dict[tuple[Shape, bool], Filler] = {}
        own = fields(self._data, self._name)
        added_fields = [fields(data, self._name, document) for data in (*self._supplements, *self._last_pages)]
        self._fields = {name: field for several in (own, *added_fields) for name, field in several.items()}
        self._places = Places(self._fields, definitions)
        self._rooms = [field for name, field in own.items() if re.fullmatch(r"more\[\d+\]\.text", name)]
        self._signers = sum(bool(re.fullmatch(r"signers\[\d+\]\.name", name)) for name in own)

    # --- printing --------------------------------------------------------------------------------------------------

    def render(self, case: Case, view: Mapping[str, Any], draft: bool, flat: bool) -> bytes:
        """Return the document of a case."""
        placed = self._places.placed(view)
        signers = () if draft else case.signers
        if len(signers) > self._signers:
            raise RenderError(
                f"the PDF form has places for {self._signers} to sign, and {len(signers)} must. "
                "Make this document in Word."
            )
        roles = tuple(signer.role for signer in signers)
        shape = Shape(placed.goals, 0, roles)
        values = dict(placed.values)
        for signer in signers:
            parts = ("label", signer.label), ("name", signer.name), ("credential", signer.credential)
            values.update({f"sign.{signer.role}.{key}": text for key, text in parts if text})
            if signer.reason_absent:
                values[f"sign.{signer.role}.reason"] = signer.reason_absent
        filler = self._filler(shape, flat)
        done = filler.fill({**values, **_pages(filler)}, continued=True, draft=draft)
        left = {one.name: min(other.at for other in done.misfits if other.name == one.name)
                for one in done.misfits if one.why == "overflow" and isinstance(values.get(one.name), str)}  # fmt: skip
        if not left and not placed.texts:
            return done.data
        texts = [Text(self._places.title(name), str(values[name])[at:], name) for name, at in left.items()]
        pieces = list(self._pieces([*texts, *placed.texts]))
        filler = self._filler(replace(shape, more=len(pieces)), flat)
        cuts = {}
        for number, (text, at) in enumerate(pieces):
            page = _page(filler, f"more[{number}].text")
            source = f"more[{number - 1}].text" if text.source == _CHAIN else text.source
            before = f" (continued from page {_page(filler, source)})" if source else ""
            values[f"more[{number}].title"] = text.title + before
            if text.source in left:
                cuts[text.source] = Cut(left[text.source], page)
            values[f"more[{number}].text"] = text.text
            if at is not None:
                cuts[f"more[{number}].text"] = Cut(at, _page(filler, f"more[{number + 1}].text"))
        return filler.fill({**values, **_pages(filler)}, cuts=cuts, draft=draft).data

    def _pieces(self, texts: Sequence[Text]) -> Iterator[tuple[Text, int | None]]:
        """Yield what stands in each place of the continuation sheets, and after how many characters it goes on."""
        number = 0
        for text in texts:
            at: int | None = 0
            while at is not None:
                if not self._rooms or number >= MAX_TEXTS:
                    raise RenderError("a text is too long for the PDF form. Shorten it, or make this document in Word.")
                widget = self._rooms[number % len(self._rooms)].widgets[0]
                room, size = (widget.width, widget.height), widget.style.size or FLOOR
                laid = lay(text.text, self._faces.regular, room, size, FLOOR, "…")
                at = laid.at
                yield text, at
                number += 1
                if at is not None:
                    text = Text(text.title, text.text[at:], _CHAIN)

    def _filler(self, shape: Shape, flat: bool) -> Filler:
        key = shape, flat
        if key not in self._shapes:
            if len(self._shapes) >= _SHAPES:
                del self._shapes[next(iter(self._shapes))]
            form = self._shapes.get((shape, False))
            data = (
                form.form.data
                if form
                else compose(self._data, self._document, shape, self._supplements, self._last_pages, self._name)
            )
            self._shapes[key] = Filler(compile_form(data, self._name, flat), self._faces)
        return self._shapes[key]

    # --- proof -----------------------------------------------------------------------------------------------------

    def faults(self, case: Case, seen: read.Contents, faces: Faces) -> Iterator[Finding]:
        """Yield what is drawn otherwise than it is stored."""
        more = _squeezed("".join(map(_continued, _more(seen))))
        for one in seen.fields.values():
            field = self._places_of(one.name)
            if field is None or field.kind not in ("text", "choice"):
                continue
            stored = dict(field.options).get(one.value, one.value)
            label = self._places.title(one.name)
            for drawn in one.drawn:
                if lacking := faces.lacks(stored):
                    yield _finding(
                        case,
                        "PF004",
                        f"«{label}» has characters that no typeface here can draw: {code_points(lacking)}. "
                        "Put a TrueType face that has them into the folder PLANKIT_FACES names, "
                        "or take this document in Word.",
                        one.name,
                    )
                elif not one.whole or not _is_whole(stored, drawn, more):
                    yield self.cut(case, one.name)
                else:
                    continue
                break

    def cut(self, case: Case, name: str) -> Finding:
        """Return the finding that an answer is not whole."""
        label = self._places.title(name)
        text = f"«{label}» is not whole in the finished PDF. Shorten it, or take this document in Word."
        return _finding(case, "PF005", text, name)

    def _places_of(self, name: str) -> Field | None:
        plain = re.sub(r"^goals\[\d+\](\+\d+)?", "goals[]", name)
        return self._fields.get(name) or self._fields.get(plain)


def _finding(case: Case, code: str, text: str, name: str) -> Finding:
    return Finding(
        code=code,
        level="error",
        text=text,
        place=case.record.origin.place(),
        record=case.record.id,
        initials=show(case.record.get("client.initials")),
        path=path_of(name),
        documents=(case.wanted.document.name,),
    )


def _lines(seen: read.Contents) -> Counter[str]:
    """Return the lines that pages and fields show, and how often; of buttons nothing is known but their state."""
    drawn = [text for one in seen.fields.values() if not one.state for text in one.drawn]
    return Counter(line for text in (*seen.pages, *drawn) for line in text.splitlines() if line)


def _texts(seen: read.Contents) -> Iterator[str]:
    """Yield what a document shows, a text that goes on elsewhere as a whole."""
    more = _squeezed("".join(map(_continued, _more(seen))))
    for one in seen.fields.values():
        for drawn in one.drawn:
            yield one.value if drawn != one.value and _is_whole(one.value, drawn, more) else drawn
    yield from seen.pages


def _more(seen: read.Contents) -> Iterator[str]:
    for name, one in seen.fields.items():
        if re.fullmatch(r"more\[\d+\]\.text", name):
            yield from one.drawn


def _continued(drawn: str) -> str:
    return _GOES_ON.sub("", drawn)


def _is_whole(value: str, drawn: str, more: str) -> bool:
    """Tell whether ``value`` is drawn, or its beginning is and ``more`` has the rest."""
    if drawn == value:
        return True
    begun = _continued(drawn)
    return begun != drawn and value.startswith(begun) and _squeezed(value[len(begun) :]) in more


def _squeezed(text: str) -> str:
    return "".join(text.split())


def _pages(filler: Filler) -> dict[str, Value]:
    count = filler.form.pages
    return {"page.count": str(count), **{f"page[{number}].number": str(number + 1) for number in range(count)}}


def _page(filler: Filler, name: str) -> int:
    page = filler.form.fields[name].widgets[0].page
    return (page or 0) + 1
