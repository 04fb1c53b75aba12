"""What is drawn and has no template: the map of a plan’s thread, read back before it counts as made."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple
from unicodedata import east_asian_width

from toolkit import __version__, proof
from toolkit.batch.jobs import BLOCK
from toolkit.batch.press import Press, Sheet, digest
from toolkit.blocks import brand_color
from toolkit.errors import ReadError, RenderError
from toolkit.kinds import show
from toolkit.model import Case, Finding
from toolkit.pdf import drawing as pdf
from toolkit.pdf import read as pdf_read
from toolkit.pdf.continued import squeezed
from toolkit.pdf.fonts import Faces, code_points, named_files
from toolkit.shelf import Shelf
from toolkit.thread import thread
from toolkit.thread.layout import About, Page, pages
from toolkit.word import drawing as word
from toolkit.word import read as word_read


class Map(NamedTuple):
    """The map of a case: its pages, the colour and the typeface of the brand, and what it is called."""

    pages: tuple[Page, ...]
    color: str
    font: str
    title: str


class Drawer:
    """Lays out the maps of cases."""

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf
        self.faces = Faces(named_files())
        self._recent: deque[tuple[Case, Map]] = deque(maxlen=2 * BLOCK)
        """The cases in work, about: each form is printed, and then proven, from the same map, if it is still there."""

    def map(self, case: Case, title: str) -> Map:
        """Return the map of the plan in ``case``, called ``title``."""
        for known, drawn in self._recent:
            if known is case and drawn.title == title:
                return drawn
        self._recent.append((case, self._laid_out(case, title)))
        return self._recent[-1][1]

    def _laid_out(self, case: Case, title: str) -> Map:
        first, stage = next(iter(self._shelf.packs.values())), self._shelf.pack(case.definitions.populations[0])
        brand = {**first.brand, **stage.brand}
        record, day = case.record, show(case.wanted.day)
        populations = "-".join(case.definitions.populations)
        main = case.definitions.documents[case.wanted.document.main].title
        about = About(
            title,
            " · ".join(filter(None, (show(record.get("client.legal_name")), f"{main} of {day}"))),
            " · ".join((f"Client {record.id}", title, day, f"Form {populations} {__version__}")),
            draft=case.status == "draft",
        )
        laid_out = pages(thread(record), about, self._measure)
        return Map(laid_out, brand_color(brand), str(brand.get("font") or "Arial"), title)

    def _measure(self, text: str, bold: bool) -> float:
        face = self.faces.bold if bold else self.faces.regular
        if text.isascii():
            return face.width(text)
        # What no face here has, Word draws with one of its own: broad letters as wide as they are high.
        broad = [one for one in face.lacks(text) if east_asian_width(one) in "WF"]
        return face.width(text) + sum((1000 - face.width(one)) * text.count(one) for one in broad)


def _as_word(drawn: Map, faces: Faces) -> bytes:
    return word.drawn(drawn.pages, drawn.color, drawn.title, drawn.font)


def _as_pdf(drawn: Map, faces: Faces) -> bytes:
    return pdf.drawn(drawn.pages, drawn.color, drawn.title, faces)


def _word_text(data: bytes) -> str:
    return "\n".join(word_read.paragraphs(data))


def _pdf_text(data: bytes) -> str:
    return "\n".join(pdf_read.read(data).pages)


_FORMS: Mapping[str, tuple[Callable[[Map, Faces], bytes], Callable[[bytes], str]]] = {
    "docx": (_as_word, _word_text),
    "pdf": (_as_pdf, _pdf_text),
}
"""By the ending of the file: what makes it, and what reads it back."""


class WithDrawings:
    """A press that also prints what has no template; ``form`` is the ending of its files."""

    def __init__(self, press: Press, drawer: Drawer, form: str) -> None:
        self._press, self._drawer = press, drawer
        self._make, self._read = _FORMS[form]
        self._form = form

    def sheet(self, case: Case, draft: bool) -> Sheet | None:
        """Return the document of ``case``, drawn where it has no template; raises as the press."""
        if not case.wanted.document.drawing:
            return self._press.sheet(case, draft)
        drawn, faces = self._map(case), self._drawer.faces
        key = digest((__version__, self._form, faces.sha256, drawn))
        return Sheet(key, lambda: self._make(drawn, faces))

    def fits(self, case: Case) -> bool:
        """Tell whether the document can be printed for the case's populations."""
        return bool(case.wanted.document.drawing) or self._press.fits(case)

    def prove(self, case: Case, data: bytes) -> Sequence[Finding]:
        """Read the file back and return what is missing or left over; raises RenderError where it cannot be read."""
        if not case.wanted.document.drawing:
            return self._press.prove(case, data)
        drawn = self._map(case)
        try:
            text = self._read(data)
        except ReadError as error:
            raise RenderError(f"the finished map cannot be read back, so it was not filed: {error}") from error
        lacking = pdf.lacks(drawn.pages, self._drawer.faces) if self._form == "pdf" else ""
        if lacking:
            return (proof.finding(case, "PF004", _NO_GLYPH.format(code_points(lacking))),)
        seen = squeezed(text)
        lines = (line for page in drawn.pages for line in page.drawn.splitlines())
        missing = () if all(squeezed(line) in seen for line in lines) else (proof.finding(case, "PF001", _NOT_WHOLE),)
        return (*missing, *proof.prove(case, text))

    def digests(self) -> Mapping[str, Mapping[str, str]]:
        """Return the digests of the packs and templates used so far, by name; a drawing has no template."""
        return self._press.digests()

    def _map(self, case: Case) -> Map:
        return self._drawer.map(case, case.wanted.document.title)


_NO_GLYPH = (
    "the map has characters that no typeface here can draw: {}. Put a TrueType face that has them into the folder "
    "PLANKIT_FACES names, or take this document in Word."
)
_NOT_WHOLE = "what the map should show is not in the finished document. Make it in the other form, and tell us."
