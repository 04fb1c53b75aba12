"""The PDF press: documents as PDF forms, laid out of the pieces of a shelf’s forms and filled."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from copy import copy
from pathlib import Path
from typing import Any

from toolkit import __version__, derive, proof
from toolkit.batch.press import Sheet, digest, named, note_used, template_bytes
from toolkit.errors import ReadError, RenderError
from toolkit.model import Case, Definitions, Finding
from toolkit.pdf import read
from toolkit.pdf.compile import compile_form
from toolkit.pdf.continued import begun, is_whole, squeezed
from toolkit.pdf.fill import FLOOR, Cut, Filler, Value, note
from toolkit.pdf.flow import LINES, Flow, Plan, room_for_lines
from toolkit.pdf.fonts import Faces, code_points, named_files
from toolkit.pdf.layout import lay
from toolkit.pdf.logo import with_logo
from toolkit.pdf.sheets import Kit, compose
from toolkit.pdf.values import Answers, Text, Titles, in_slot, path_of, unnumbered
from toolkit.shelf import Pack, Shelf

MAX_TEXTS = 400
_CHAIN = "more"
"""The source of a text that goes on from the continuation sheet before."""
_SHAPES = 8
"""How many shapes of a document are kept compiled."""
_FROM = " (continued from page {})"


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

    def pages(self, case: Case) -> Mapping[str, int]:
        """Return the page on which each field of a ready document begins, by its name.

        Raises RenderError where the document cannot be printed.
        """
        template = self._template(case)
        return template.pages(case, derive.context(case)) if template else {}

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
        self._definitions, self._faces = definitions, faces
        data = template_bytes(path)
        if logo:
            data = with_logo(data, template_bytes(logo), named(path), named(logo))
        supplements, last_pages = (
            [template_bytes(file) for file in added.get(place, ())] for place in ("supplements", "last_pages")
        )
        every = (data, *supplements, *last_pages)
        self.sha256 = hashlib.sha256(b"".join(hashlib.sha256(one).digest() for one in every)).hexdigest()
        self._kit = Kit(data, document, supplements, last_pages, named(path))
        self._flow = Flow(self._kit.pages, self._kit.fields, faces)
        self._fields = {unnumbered(name): field for name, field in self._kit.fields.items()}
        self._titles = Titles(definitions)
        self._signers = sum(bool(re.fullmatch(r"signers\[\d+\]\.name", name)) for name in self._kit.fields)
        self._shapes: dict[tuple[Plan, bool], Filler] = {}

    # --- printing --------------------------------------------------------------------------------------------------

    def render(self, case: Case, view: Mapping[str, Any], draft: bool, flat: bool) -> bytes:
        """Return the document of a case."""
        return self._rendered(case, view, draft, flat)[0]

    def pages(self, case: Case, view: Mapping[str, Any]) -> Mapping[str, int]:
        """Return the page on which each field of the document of a case begins, by its name."""
        _, filler, filled = self._rendered(case, view, draft=False, flat=False)
        own = (name for name in filled if not name.startswith("page[") and filler.form.fields[name].widgets)
        return {name: _page(filler, name) for name in own}

    def _rendered(
        self, case: Case, view: Mapping[str, Any], draft: bool, flat: bool
    ) -> tuple[bytes, Filler, Mapping[str, Value]]:
        """Return the document of a case, the form of it, and what that was filled with."""
        signers = () if draft else case.signers
        if len(signers) > self._signers:
            raise RenderError(
                f"the PDF form has places for {self._signers} to sign, and {len(signers)} must. "
                "Make this document in Word."
            )
        answers = Answers(view, self._fields, self._definitions)
        for signer in signers:
            parts = ("label", signer.label), ("name", signer.name), ("credential", signer.credential)
            reason = ("reason", signer.reason_absent or "")
            answers.given.update({f"sign.{signer.role}.{key}": text for key, text in (*parts, reason) if text})
        roles = tuple(signer.role for signer in signers)
        filler, values = self._laid_out(answers, roles, 0, flat)
        done = filler.fill(values, continued=True, draft=draft)
        left = {one.name: min(other.at for other in done.misfits if other.name == one.name)
                for one in done.misfits if one.why == "overflow" and isinstance(values.get(one.name), str)}  # fmt: skip
        if not left:
            return done.data, filler, values
        texts = [Text(self._titles.title(name), str(values[name])[at:], name) for name, at in left.items()]
        pieces = list(self._pieces(texts))
        for number, (text, at) in enumerate(pieces):
            answers.given[f"more[{number}].title"] = text.title + _FROM.format(999)
            answers.given[f"more[{number}].text"] = text.text[:at] + (f"\n{note(True)}" if at is not None else "")
        filler, values = self._laid_out(answers, roles, len(pieces), flat)
        cuts = {}
        for number, (text, at) in enumerate(pieces):
            page = _page(filler, f"more[{number}].text")
            source = f"more[{number - 1}].text" if text.source == _CHAIN else text.source
            values[f"more[{number}].title"] = text.title + _FROM.format(_page(filler, source))
            if text.source in left:
                cuts[text.source] = Cut(left[text.source], page)
            values[f"more[{number}].text"] = text.text
            if at is not None:
                cuts[f"more[{number}].text"] = Cut(at, _page(filler, f"more[{number + 1}].text"))
        return filler.fill(values, cuts=cuts, draft=draft).data, filler, values

    def _laid_out(
        self, answers: Answers, roles: Sequence[str], more: int, flat: bool
    ) -> tuple[Filler, dict[str, Value]]:
        """Return the form of a document, and what its fields are filled with."""
        plan = self._flow.plan(answers, roles, more)
        filler = self._filler(plan, flat)
        named = {put.name for leaf in plan.leaves for put in leaf.puts if put.name}
        values: dict[str, Value] = {name: answers.value(name) for name in sorted(named)}
        count = len(plan.leaves)
        values |= {"page.count": str(count), **{f"page[{number}].number": str(number + 1) for number in range(count)}}
        return filler, values

    def _pieces(self, texts: Sequence[Text]) -> Iterator[tuple[Text, int | None]]:
        """Yield what stands in each place of the continuation sheets, and after how many characters it goes on."""
        field = self._kit.fields.get("more[0].text")
        number = 0
        for text in texts:
            at: int | None = 0
            while at is not None:
                if field is None or number >= MAX_TEXTS:
                    raise RenderError("a text is too long for the PDF form. Shorten it, or make this document in Word.")
                widget = field.widgets[0]
                size = widget.style.size or FLOOR
                laid = lay(text.text, self._faces.regular, (widget.width, room_for_lines(LINES, size)), size, size, "…")
                at = laid.at
                yield text, at
                number += 1
                if at is not None:
                    text = Text(text.title, text.text[at:], _CHAIN)

    def _filler(self, plan: Plan, flat: bool) -> Filler:
        key = plan, flat
        if key not in self._shapes:
            if len(self._shapes) >= _SHAPES:
                del self._shapes[next(iter(self._shapes))]
            form = self._shapes.get((plan, False))
            data = form.form.data if form else compose(self._kit, plan)
            self._shapes[key] = Filler(compile_form(data, flat=flat), self._faces)
        return self._shapes[key]

    # --- proof -----------------------------------------------------------------------------------------------------

    def faults(self, case: Case, seen: read.Contents, faces: Faces) -> Iterator[Finding]:
        """Yield what is drawn otherwise than it is stored."""
        more = squeezed("".join(map(begun, _more(seen))))
        for one in seen.fields.values():
            field = self._fields.get(unnumbered(in_slot(one.name)))
            if one.name.startswith(("page", "more[")) or field is None or field.kind not in ("text", "choice"):
                continue
            stored = dict(field.options).get(one.value, one.value)
            label = self._titles.title(one.name)
            for drawn in one.drawn:
                if lacking := faces.lacks(stored):
                    yield proof.finding(
                        case,
                        "PF004",
                        f"«{label}» has characters that no typeface here can draw: {code_points(lacking)}. "
                        "Put a TrueType face that has them into the folder PLANKIT_FACES names, "
                        "or take this document in Word.",
                        path_of(one.name),
                    )
                elif not one.whole or not is_whole(stored, drawn, more):
                    yield self.cut(case, one.name)
                else:
                    continue
                break

    def cut(self, case: Case, name: str) -> Finding:
        """Return the finding that an answer is not whole."""
        label = self._titles.title(name)
        text = f"«{label}» is not whole in the finished PDF. Shorten it, or take this document in Word."
        return proof.finding(case, "PF005", text, path_of(name))


def _lines(seen: read.Contents) -> Counter[str]:
    """Return the lines that pages and fields show, and how often; of buttons nothing is known but their state."""
    drawn = [text for one in seen.fields.values() if not one.state for text in one.drawn]
    return Counter(line for text in (*seen.pages, *drawn) for line in text.splitlines() if line)


def _texts(seen: read.Contents) -> Iterator[str]:
    """Yield what a document shows, a text that goes on elsewhere as a whole."""
    more = squeezed("".join(map(begun, _more(seen))))
    for one in seen.fields.values():
        for drawn in one.drawn:
            yield one.value if drawn != one.value and is_whole(one.value, drawn, more) else drawn
    yield from seen.pages


def _more(seen: read.Contents) -> Iterator[str]:
    for name, one in seen.fields.items():
        if re.fullmatch(r"more\[\d+\]\.text", name):
            yield from one.drawn


def _page(filler: Filler, name: str) -> int:
    page = filler.form.fields[name].widgets[0].page
    return (page or 0) + 1
