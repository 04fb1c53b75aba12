"""The faces that filled forms are drawn with: which characters they have, how wide these are, and what is embedded.

A text is written in code points of two bytes, so that the bytes of a text do not depend on what else a document holds;
each document embeds the glyphs that it uses, with a table from code to glyph and one from code to character.
"""

from __future__ import annotations

import hashlib
import os
import re
import unicodedata
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache, lru_cache
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

import uharfbuzz as hb

from toolkit.errors import ReadError

FOLDER = Path(__file__).parent / "faces"
REGULAR, BOLD, SYMBOLS = "NotoSans-Regular.ttf", "NotoSans-Bold.ttf", "DejaVuSans-symbols.ttf"
FACES = "PLANKIT_FACES"
"""The variable of the environment that names further faces."""
UNKNOWN = "\ufffd"
"""Drawn for a character that no face has; such a document is never counted as made."""
MAX_FACE = 64_000_000

_ALWAYS = frozenset(map(chr, range(0x20, 0x7F))) | frozenset("\n‘’“”–—…•")
"""Embedded with each text face, so that most documents share one part of it."""
_KEPT_TABLES = frozenset({"glyf", "loca", "head", "hhea", "hmtx", "maxp", "cvt ", "fpgm", "prep"})
_SHAPED = re.compile(
    "[\u1100-\u11ff\u202b\u202e\u2067\u0590-\u08ff\u0900-\u109f\u1780-\u17ff\u1800-\u1aaf\u1b00-\u1c4f\ua800-\uabff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00011fff\U0001e800-\U0001efff]"
)
"""Right-to-left and Indic scripts, marks that turn the direction, parts of Korean syllables: what changes shape and
place, which is not drawn yet."""


pack: Callable[[bytes], bytes]
try:
    from isal import isal_zlib

    def pack(data: bytes) -> bytes:
        """Return ``data`` compressed as a PDF stream holds it."""
        return bytes(isal_zlib.compress(data, 1))

except ImportError:  # the extra [fast] is not installed

    def pack(data: bytes) -> bytes:
        """Return ``data`` compressed as a PDF stream holds it."""
        return zlib.compress(data, 1)


class Embedded(NamedTuple):
    """What a document holds of a face: its streams (compressed) with their dictionaries, and the widths."""

    name: str
    program: bytes
    glyphs: bytes
    characters: bytes
    widths: bytes


class Face:
    """A TrueType face."""

    def __init__(self, data: bytes, name: str) -> None:
        self.name = name
        self.sha256 = hashlib.sha256(data).hexdigest()
        self._face = hb.Face(hb.Blob(data))
        if not {"glyf", "loca", "hmtx", "cmap"} <= set(self._face.table_tags):
            raise ReadError(f"{name} holds no TrueType outlines. Point PLANKIT_FACES to TrueType faces (.ttf).")
        self._font = hb.Font(self._face)
        self._scale = 1000 / self._face.upem
        extents = self._font.get_font_extents("ltr")
        self.ascent, self.descent = round(extents.ascender * self._scale), round(extents.descender * self._scale)

    def glyph(self, character: str) -> int | None:
        """Return the glyph of ``character``, None where the face has none."""
        if character in "\n\t" or _unseen(character):
            character = " "
        glyph: int | None = self._font.get_nominal_glyph(ord(character))
        return glyph or None

    def width(self, character: str) -> int:
        """Return the width of a character that the face has, in thousandths of the size."""
        if _unseen(character) or unicodedata.combining(character):
            return 0
        width: int = round(self._font.get_glyph_h_advance(self.glyph(character)) * self._scale)
        return width * 4 if character == "\t" else width

    def characters(self) -> frozenset[int]:
        """Return the code points of all that the face has."""
        return frozenset(self._face.unicodes)

    @lru_cache(maxsize=64)  # noqa: B019 - faces live as long as the program
    def embedded(self, text: frozenset[str], high: tuple[tuple[str, int], ...]) -> Embedded:
        """Return what a document that draws ``text`` embeds; ``high`` gives codes to what has more than two bytes."""
        codes = {**{ord(one): one for one in text if one <= "\uffff"}, **{code: one for one, code in high}}
        glyphs = {code: self.glyph(one) or 0 for code, one in sorted(codes.items())}
        plan = hb.SubsetPlan(self._face, self._wanted(glyphs.values()))
        program: bytes = plan.execute().blob.data
        new = plan.old_to_new_glyph_mapping
        table = bytearray(2 * (max(glyphs) + 1))
        for code, glyph in glyphs.items():
            table[2 * code : 2 * code + 2] = new[glyph].to_bytes(2, "big")
        tag = hashlib.sha256(repr(sorted(codes.items())).encode("utf-8", "surrogatepass")).digest()
        packed = pack(program)
        return Embedded(
            "".join(chr(65 + byte % 26) for byte in tag[:6]) + "+" + re.sub("[^A-Za-z0-9-]", "", Path(self.name).stem),
            b"<</Filter/FlateDecode/Length %d/Length1 %d>>\nstream\n%b\nendstream"
            % (len(packed), len(program), packed),
            _stream(bytes(table)),
            _stream(_to_unicode(codes)),
            _widths({code: self.width(one) for code, one in sorted(codes.items())}),
        )

    def _wanted(self, glyphs: Iterable[int]) -> hb.SubsetInput:
        wanted = hb.SubsetInput()
        wanted.flags = hb.SubsetFlags.NO_HINTING | hb.SubsetFlags.NOTDEF_OUTLINE | hb.SubsetFlags.NO_LAYOUT_CLOSURE
        wanted.sets(hb.SubsetInputSets.GLYPH_INDEX).update(glyphs)
        dropped = set(self._face.table_tags) - _KEPT_TABLES
        wanted.sets(hb.SubsetInputSets.DROP_TABLE_TAG).update(int.from_bytes(tag.encode(), "big") for tag in dropped)
        return wanted


def _unseen(character: str) -> bool:
    """Tell whether a character takes no room and shows nothing: joiners, marks of direction, soft hyphens."""
    return character > "\x7f" and (unicodedata.category(character) == "Cf" or "\ufe00" <= character <= "\ufe0f")


def _stream(data: bytes) -> bytes:
    packed = pack(data)
    return b"<</Filter/FlateDecode/Length %d>>\nstream\n%b\nendstream" % (len(packed), packed)


def _to_unicode(codes: Mapping[int, str]) -> bytes:
    """Return the table from codes to characters."""
    lines = [f"<{code:04X}> <{one.encode('utf-16-be').hex().upper()}>" for code, one in sorted(codes.items())]
    parts = [lines[start : start + 100] for start in range(0, len(lines), 100)]
    chars = "\n".join(f"{len(part)} beginbfchar\n" + "\n".join(part) + "\nendbfchar" for part in parts)
    return (
        "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n"
        "/CIDSystemInfo <</Registry (Adobe) /Ordering (UCS) /Supplement 0>> def\n"
        "/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n"
        "1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n"
        f"{chars}\nendcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n"
    ).encode("ascii")


def _widths(widths: Mapping[int, int]) -> bytes:
    """Return the array of widths: runs of codes, each with its first code."""
    runs = groupby(enumerate(widths), key=lambda item: item[1] - item[0])
    parts = []
    for _, run in runs:
        codes = [code for _, code in run]
        parts.append(f"{codes[0]}[{' '.join(str(widths[code]) for code in codes)}]")
    return "".join(parts).encode("ascii")


# --- faces together ------------------------------------------------------------------------------------------------


class _Measured(dict[str, int]):
    """The widths of characters, looked up when first asked for."""

    def __init__(self, faces: Sequence[Face]) -> None:
        self._faces = faces

    def __missing__(self, character: str) -> int:
        face = next((face for face in self._faces if face.glyph(character) is not None), None)
        self[character] = width = face.width(character) if face else self[UNKNOWN]
        return width


Word = tuple[int, int, int]
"""A word with the space behind it: how many characters, its width without and with the space."""


class _Words(dict[str, Word]):
    """The measures of words, worked out when first asked for."""

    def __init__(self, widths: Mapping[str, int]) -> None:
        self._widths = widths

    def __missing__(self, word: str) -> Word:
        if len(self) > 50_000:
            self.clear()
        width = sum(map(self._widths.__getitem__, word))
        self[word] = measures = len(word) + 1, width, width + self._widths[" "]
        return measures


class Typeface:
    """Faces that stand in for one another, the first that has a character draws it."""

    def __init__(self, faces: Mapping[int, Face]) -> None:
        self._faces = dict(faces)
        self.first = next(iter(faces))
        self.ascent, self.descent = faces[self.first].ascent, faces[self.first].descent
        self._widths = _Measured(list(faces.values()))
        self.words = _Words(self._widths)
        self._plain = re.compile(f"[{_ranges(faces[self.first].characters())}\n\t]*")
        self._owners: dict[str, int | None] = {}

    def width(self, text: str) -> int:
        """Return the width of ``text`` in thousandths of the size; words are remembered."""
        words = self.words
        return sum([words[word][2] for word in text.split(" ")]) - words[""][2]

    def widths(self, text: str) -> Iterator[int]:
        """Return the width of each character of ``text``."""
        return map(self._widths.__getitem__, text)

    def lacks(self, text: str) -> str:
        """Return the characters of ``text``, each once, that no face can draw."""
        if (text.isascii() and text.isprintable()) or self._plain.fullmatch(text):
            return ""
        return "".join(dict.fromkeys(one for one in text if self._owner(one) is None))

    def runs(self, text: str) -> Iterable[tuple[int, str]]:
        """Yield ``text`` in pieces, each with the number of the face that draws it."""
        if (text.isascii() and text.isprintable()) or self._plain.fullmatch(text):
            return ((self.first, text),)
        known = "".join(one if self._owner(one) is not None else UNKNOWN for one in text)
        return ((owner or 0, "".join(run)) for owner, run in groupby(known, key=self._owner))

    def _owner(self, character: str) -> int | None:
        if character not in self._owners:
            drawn = not _SHAPED.match(character) and not "\ud800" <= character <= "\udfff"
            owners = (number for number, face in self._faces.items() if drawn and face.glyph(character) is not None)
            self._owners[character] = next(owners, None)
        return self._owners[character]


def _ranges(points: Iterable[int]) -> str:
    """Return ``points`` as the ranges of a regular expression, without what has to be looked at one by one."""
    points = sorted(point for point in points if not _unseen(chr(point)) and not _SHAPED.match(chr(point)))
    parts = []
    for _, run in groupby(enumerate(points), key=lambda item: item[1] - item[0]):
        numbers = [point for _, point in run]
        parts.append(f"{re.escape(chr(numbers[0]))}-{re.escape(chr(numbers[-1]))}")
    return "".join(parts)


class Faces:
    """All faces that documents are drawn with: the shipped ones, and those of the clinic (``extra``) behind them."""

    def __init__(self, extra: Iterable[Path] = ()) -> None:
        self.all = [_shipped(name) for name in (REGULAR, BOLD, SYMBOLS)] + [_opened(path) for path in _files(extra)]
        others = dict(enumerate(self.all[2:], 2))
        self.regular = Typeface({0: self.all[0], **others})
        self.bold = Typeface({1: self.all[1], **others})
        self.sha256 = hashlib.sha256("".join(face.sha256 for face in self.all).encode()).hexdigest()

    def lacks(self, text: str) -> str:
        """Return the characters of ``text``, each once, that no face can draw."""
        return self.regular.lacks(text)


def named_files() -> list[Path]:
    """Return the files of further faces: those that the variable `FACES` names, and those in folders that it names."""
    return list(_files(Path(one) for one in os.environ.get(FACES, "").split(os.pathsep) if one))


@cache
def _shipped(name: str) -> Face:
    return Face((FOLDER / name).read_bytes(), name)


def _files(places: Iterable[Path]) -> Iterator[Path]:
    """Yield the faces in files and folders, those of a folder by name."""
    for place in places:
        if place.is_dir():
            yield from sorted(path for path in place.iterdir() if path.suffix.lower() in (".ttf", ".ttc"))
        else:
            yield place


def _opened(path: Path) -> Face:
    try:
        if path.stat().st_size > MAX_FACE:
            raise ReadError(f"{path.name} is too large for a typeface. Point PLANKIT_FACES to a smaller one.")
        return Face(path.read_bytes(), path.name)
    except OSError as error:
        raise ReadError(f"The typeface {path} cannot be opened. Put it there, or correct PLANKIT_FACES.") from error


def code_points(characters: str) -> str:
    """Return characters as people look them up: ``U+0E01, U+0E02``."""
    return ", ".join(f"U+{ord(one):04X}" for one in characters)


# --- in a document -------------------------------------------------------------------------------------------------


class Ink:
    """What one document draws with: the characters of each face that it uses, and the objects that embed them."""

    def __init__(self, faces: Faces) -> None:
        self._faces = faces
        self._used: dict[int, set[str]] = {}
        self._high: dict[str, int] = {}

    def show(self, typeface: Typeface, size: bytes, text: str) -> bytes:
        """Return the operators that draw ``text`` at the current place."""
        parts = []
        for number, run in typeface.runs(text):
            used = self._used.get(number)
            if used is None:
                used = self._used[number] = set()
            used.update(run)
            parts.append(b"/F%d %b Tf <%b> Tj" % (number, size, self._codes(run).hex().encode("ascii")))
        return b" ".join(parts)

    def _codes(self, text: str) -> bytes:
        if text.isascii() or max(text) <= "\uffff":
            return text.encode("utf-16-be")
        for one in text:
            if one > "\uffff" and one not in self._high:
                self._high[one] = 0xD800 + len(self._high)
        return b"".join(self._high.get(one, ord(one)).to_bytes(2, "big") for one in text)

    def objects(self, first: int) -> tuple[bytes, list[bytes]]:
        """Return the dictionary of fonts for the resources, and their objects, which begin with number ``first``."""
        entries: list[bytes] = []
        objects: list[bytes] = []
        for number, used in sorted(self._used.items()):
            face = self._faces.all[number]
            text = frozenset(used) | (_ALWAYS if number < 2 else frozenset())
            high = tuple((one, code) for one, code in self._high.items() if one in used)
            made = face.embedded(text, high)
            start = first + len(objects)
            name = made.name.encode("ascii")
            entries.append(b"/F%d %d 0 R" % (number, start))
            objects += [
                b"<</Type/Font/Subtype/Type0/BaseFont/%b/Encoding/Identity-H/DescendantFonts[%d 0 R]/ToUnicode %d 0 R>>"
                % (name, start + 1, start + 5),
                b"<</Type/Font/Subtype/CIDFontType2/BaseFont/%b/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)"
                b"/Supplement 0>>/DW 1000/W[%b]/CIDToGIDMap %d 0 R/FontDescriptor %d 0 R>>"
                % (name, made.widths, start + 4, start + 2),
                b"<</Type/FontDescriptor/FontName/%b/Flags 4/FontBBox[-700 -400 1400 1200]/ItalicAngle 0/Ascent %d"
                b"/Descent %d/CapHeight 714/StemV 80/FontFile2 %d 0 R>>" % (name, face.ascent, face.descent, start + 3),
                made.program,
                made.glyphs,
                made.characters,
            ]
        return b"<<%b>>" % b"".join(entries), objects
