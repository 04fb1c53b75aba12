"""What a signature shows on the page: lines of text in embedded faces, and a drawn name where there is one."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from typing import Any, TypeAlias

from fontTools.ttLib import TTFont
from fontTools.ttLib.scaleUpem import scale_upem
from pyhanko.pdf_utils import generic, layout
from pyhanko.pdf_utils.content import AppearanceContent, PdfContent, ResourceType
from pyhanko.pdf_utils.font.opentype import GlyphAccumulator
from pyhanko.pdf_utils.images import PdfImage
from pyhanko.pdf_utils.writer import BasePdfFileWriter
from pyhanko.stamp import BaseStamp, BaseStampStyle

from toolkit import pictures
from toolkit.errors import SignError

LEADING = 1.2
SMALLEST = 4.5
"""Points below which nobody reads a line; a place to sign that needs less is too small."""
_PICTURE = (1200, 400)
"""The most pixels of a drawn name that are kept."""
_UNITS = 1000
_PAD, _GAP, _SHARE = 1.0, 4.0, 0.45
"""Points around the text and between its columns, and the first column's share of the width."""
_SIZES = 8.5, 6.5
"""Points of the first line of a stamp, and of the others."""


_Column: TypeAlias = tuple[float, list[tuple[str, float]]]
"""Where a column begins, and its lines with their sizes."""


class Faces:
    """The font files that a document's stamps are set in: for each character, the first face that has it."""

    def __init__(self, files: Sequence[bytes]) -> None:
        self._files = files
        self._scaled: dict[int, bytes] = {}

    @cached_property
    def _characters(self) -> list[frozenset[int]]:
        return [frozenset(TTFont(io.BytesIO(file), lazy=True).getBestCmap()) for file in self._files]

    def of(self, text: str) -> list[tuple[int, str]]:
        """Return ``text`` in runs, each with the number of the face that draws it.

        Raises SignError naming the characters that no face has.
        """
        missing = sorted({character for character in text if self._face(character) is None})
        if missing:
            listed = ", ".join(f"{character} (U+{ord(character):04X})" for character in missing)
            raise SignError(
                f"No font that is installed here can draw {listed}. Install the further faces, or write the name in "
                "letters that the font has."
            )
        return [(face, "".join(run)) for face, run in groupby(text, key=lambda one: self._face(one) or 0)]

    def _face(self, character: str) -> int | None:
        return next((number for number, known in enumerate(self._characters) if ord(character) in known), None)

    def file(self, number: int) -> io.BytesIO:
        """Return the font file of a face, with a thousand units to the em: pyHanko 0.38 takes others for these too."""
        if number not in self._scaled:
            font = TTFont(io.BytesIO(self._files[number]))
            scaled = io.BytesIO(self._files[number])
            if font["head"].unitsPerEm != _UNITS:
                scale_upem(font, _UNITS)
                font.save(scaled)
            self._scaled[number] = scaled.getvalue()
        return io.BytesIO(self._scaled[number])


class Typesetter:
    """Sets lines of text for one update of a PDF; each face is embedded once, with the glyphs that were used."""

    def __init__(self, writer: BasePdfFileWriter, faces: Faces) -> None:
        self.writer = writer
        self._faces = faces
        self._engines: dict[int, GlyphAccumulator] = {}

    def width(self, text: str, size: float) -> float:
        """Return the width of ``text`` in points."""
        return sum(self._engine(face, size).shape(run).x_advance * size for face, run in self._faces.of(text))

    def line(self, text: str, size: float, into: PdfContent) -> bytes:
        """Return the operators that draw ``text`` from where the pen is; its fonts become resources of ``into``."""
        drawn = []
        for face, run in self._faces.of(text):
            engine = self._engine(face, size)
            into.set_resource(ResourceType.FONT, generic.pdf_name(f"/P{face}"), engine.as_resource())
            drawn.append(b"/P%d %g Tf %s" % (face, size, engine.shape(run).graphics_ops))
        return b" ".join(drawn)

    def wrapped(self, text: str, size: float, width: float) -> list[str]:
        """Return ``text`` in lines of at most ``width`` points, broken between words, or in a word that is longer."""
        lines = [""]
        for word in text.split(" "):
            joined = f"{lines[-1]} {word}" if lines[-1] else word
            if self.width(joined, size) <= width:
                lines[-1] = joined
                continue
            if lines[-1]:
                lines.append("")
            for character in word:
                if lines[-1] and self.width(lines[-1] + character, size) > width:
                    lines.append("")
                lines[-1] += character
        return lines

    def _engine(self, face: int, size: float) -> GlyphAccumulator:
        if face not in self._engines:
            self._engines[face] = GlyphAccumulator(self.writer, self._faces.file(face), size)
        self._engines[face].font_size = size  # type: ignore[assignment]
        return self._engines[face]


@dataclass(frozen=True)
class StampStyle(BaseStampStyle):
    """How a signature is drawn: its lines, the first one larger, and a drawn name above them."""

    typesetter: Typesetter | None = None
    lines: tuple[str, ...] = ()
    drawing: bytes = b""

    def create_stamp(self, writer: BasePdfFileWriter, box: layout.BoxConstraints, text_params: Any) -> _Stamp:
        """Return the drawing for a place to sign of the size ``box``."""
        return _Stamp(self, self.typesetter or Typesetter(writer, Faces(())), box)


class _Stamp(BaseStamp):
    def __init__(self, style: StampStyle, typesetter: Typesetter, box: layout.BoxConstraints) -> None:
        super().__init__(typesetter.writer, style, box)
        self._style = style
        self._typesetter = typesetter

    def render(self) -> bytes:
        """Return the operators; raises SignError where the place is too small for the text to be read."""
        width, height = float(self.box.width) - 2 * _PAD, float(self.box.height) - 2 * _PAD
        picture = height * 0.45 if self._style.drawing else 0.0
        parts = [b"q 0 0 0 rg 0 0 0 RG"]
        if picture:
            parts.append(self._drawn(width, picture, _PAD + height - picture))
        for x, lines in self._fitting(width, height - picture):
            y = _PAD + (height - picture + sum(size * LEADING for _, size in lines)) / 2
            for text, size in lines:
                y -= size * LEADING
                drawn = self._typesetter.line(text, size, self)
                parts.append(b"BT %g %g Td %s ET" % (_PAD + x, y + size * (LEADING - 1), drawn))
        return b" ".join([*parts, b"Q"])

    def _fitting(self, width: float, height: float) -> list[_Column]:
        """Return the columns of the largest size that fits: one, or two side by side in a low place."""
        for step in range(20):
            scale = 1 - step / 40
            if _SIZES[1] * scale < SMALLEST:
                break
            for columns in self._columns(width, scale):
                if all(sum(size * LEADING for _, size in lines) <= height for _, lines in columns):
                    return columns
        raise SignError(
            "The place to sign is too small to show who signed and when so that it can be read. Make its box larger."
        )

    def _columns(self, width: float, scale: float) -> Iterator[list[_Column]]:
        """Yield the ways to set the lines at ``scale``: below one another, or the first beside the others."""
        name, *rest = self._style.lines
        first, others = (size * scale for size in _SIZES)
        first = others if self._style.drawing else first

        def set_in(room: float, texts: Sequence[str], size: float) -> list[tuple[str, float]]:
            return [(line, size) for text in texts for line in self._typesetter.wrapped(text, size, room)]

        yield [(0.0, [*set_in(width, [name], first), *set_in(width, rest, others)])]
        left = width * _SHARE
        for size in (first, others):
            yield [(0.0, set_in(left - _GAP, [name], size)), (left, set_in(width - left, rest, others))]

    def _drawn(self, width: float, height: float, y: float) -> bytes:
        image = PdfImage(picture(self._style.drawing), writer=self.writer)
        operators = image.render()
        self.import_resources(image.resources)
        scale = min(width / float(image.box.width), height / float(image.box.height))
        return b"q %g 0 0 %g %g %g cm %s Q" % (scale, scale, _PAD, y, operators)


def picture(data: bytes) -> Any:
    """Return the drawn name in the picture file ``data``, no larger than needed; raises SignError where it is none."""
    try:
        return pictures.opened(data, _PICTURE)
    except ValueError:
        raise SignError("The drawn name is no picture that can be read. Give a PNG or JPEG file.") from None


class Line(AppearanceContent):
    """The appearance of a text field of one line: ``text`` at ``size`` points."""

    def __init__(self, typesetter: Typesetter, text: str, size: float, box: layout.BoxConstraints) -> None:
        super().__init__(writer=typesetter.writer, box=box)
        self._typesetter, self._text, self._size = typesetter, text, size

    def render(self) -> bytes:
        """Return the operators, smaller where the text is wider than the field."""
        width = float(self.box.width) - 2 * _PAD
        size = min(self._size, self._size * width / max(self._typesetter.width(self._text, self._size), 0.1))
        y = (float(self.box.height) - size * 0.7) / 2
        drawn = self._typesetter.line(self._text, size, self)
        return b"/Tx BMC q 0 0 0 rg BT %g %g Td %s ET Q EMC" % (_PAD, y, drawn)
