"""Word files become PDFs by LibreOffice: many files in one call, and no file is believed before it was looked at."""

from __future__ import annotations

import io
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from itertools import pairwise
from pathlib import Path

import pikepdf
import pypdf
from fontTools.ttLib import TTFont
from msgspec import Struct, field
from pikepdf import Array, Dictionary, Name, Object, Pdf, String

from toolkit import slots
from toolkit.errors import RenderError
from toolkit.pdf.locks import as_dictionary
from toolkit.pdf.tags import mend_tables

PROGRAM = "PLANKIT_SOFFICE"
"""The variable that names LibreOffice where it is not found by itself."""
ABSENT = (
    "LibreOffice is not installed, so Word files cannot be turned into PDFs here. Install it (libreoffice.org), or "
    f"name its program soffice in {PROGRAM}; or make the PDFs without it: --as docx,pdf."
)
AT_ONCE = 20
"""Files in one call of LibreOffice: its start costs as much as ten files."""
START, EACH = 90.0, 15.0
"""Seconds that a call may take: to start, and for each file."""
HEIGHT = 30.0
"""Points of the height of a signature field: from the signature line up."""
_BASE = 1.5
"""Points from the lower edge of a link to the line on which people sign."""
_PLACES = (
    "/Applications/LibreOffice.app/Contents/MacOS/soffice",
    "C:/Program Files/LibreOffice/program/soffice.exe",
    "C:/Program Files (x86)/LibreOffice/program/soffice.exe",
)
_OPTIONS = ",".join(f'"{name}":{{"type":"boolean","value":"true"}}' for name in ("PDFUACompliance", "UseTaggedPDF"))
_CODES = re.compile(rb"<([0-9A-Fa-f]{2,4})>\s*<([0-9A-Fa-f]{4,})>")
_FILTER = f"pdf:writer_pdf_Export:{{{_OPTIONS}}}"


class Source(Struct, frozen=True):
    """A Word file to convert, and what its PDF has to show."""

    data: bytes
    text: tuple[str, ...]
    """The paragraphs of body and notes."""
    around: tuple[str, ...] = ()
    """Those of headers and footers."""
    any_number: str = ""
    """The character that stands in the texts for a number which is worked out on each page."""
    address: str = ""
    """What the links begin with that mark places to sign; the role follows."""
    slots: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """What each role's slot says: ``label``, ``name``, ``credential``."""


class Converted(Struct, frozen=True):
    """What became of one file: its PDF, or why there is none."""

    data: bytes = b""
    fault: str = ""
    """``nothing`` (no PDF came), ``glyphs`` (no font has the ``characters``), ``text`` (something of the Word file is
    not in it), ``places`` (not everybody has a place to sign); empty when all is well."""
    characters: str = ""


def program() -> str | None:
    """Return the path of LibreOffice, None where it is not installed."""
    named = os.environ.get(PROGRAM)
    if named:
        return shutil.which(named)
    found = shutil.which("soffice") or shutil.which("libreoffice")
    return found or next((place for place in _PLACES if Path(place).is_file()), None)


def convert(
    sources: Sequence[Source], *, soffice: str | None = None, workers: int = 1, start: float = START, each: float = EACH
) -> list[Converted]:
    """Return what became of each of ``sources``, in their order; what did not come is tried once more by itself.

    ``workers`` calls run at the same time; a call is ended after ``start`` seconds and ``each`` for each of its files.
    Raises RenderError where LibreOffice is not there.
    """
    soffice = soffice or program()
    if soffice is None:
        raise RenderError(ABSENT)
    workers = max(workers, 1)
    size = max(1, min(AT_ONCE, -(-len(sources) // workers)))

    def called(batch: Sequence[int]) -> dict[int, Converted]:
        files = _pdfs([sources[number].data for number in batch], soffice, start + each * len(batch))
        return {number: finished(sources[number], data) for number, data in zip(batch, files, strict=True)}

    def all_called(batches: Iterable[Sequence[int]]) -> dict[int, Converted]:
        with ThreadPoolExecutor(max_workers=workers) as pool:
            return {number: one for done in pool.map(called, batches) for number, one in done.items()}

    done = all_called(range(len(sources))[first : first + size] for first in range(0, len(sources), size))
    done |= all_called([number] for number, one in done.items() if one.fault == "nothing")
    return [done[number] for number in range(len(sources))]


# --- LibreOffice ----------------------------------------------------------------------------------------------------


def _pdfs(files: Sequence[bytes], soffice: str, limit: float) -> list[bytes]:
    """Return the PDF of each of ``files``, empty where none came within ``limit`` seconds."""
    with tempfile.TemporaryDirectory(prefix="plankit-", ignore_cleanup_errors=True) as folder:
        home, out = Path(folder) / "profile", Path(folder) / "out"
        names = [Path(folder) / f"{number:04}.docx" for number in range(len(files))]
        for name, data in zip(names, files, strict=True):
            name.write_bytes(data)
        command = [soffice, "--headless", "--norestore", "--nolockcheck", f"-env:UserInstallation={home.as_uri()}",
                   "--convert-to", _FILTER, "--outdir", str(out), *map(str, names)]  # fmt: skip
        _run(command, limit)
        made = [out / f"{name.stem}.pdf" for name in names]
        return [path.read_bytes() if path.is_file() else b"" for path in made]


def _run(command: Sequence[str], limit: float) -> None:
    """Run a program and everything that it starts, for ``limit`` seconds at the most."""
    group = {"creationflags": 0x200} if sys.platform == "win32" else {"start_new_session": True}
    quiet = subprocess.DEVNULL
    process = subprocess.Popen(command, stdin=quiet, stdout=quiet, stderr=quiet, **group)  # noqa: S603
    try:
        process.wait(limit)
    except subprocess.TimeoutExpired:
        pass
    finally:
        if process.poll() is None:
            _end(process.pid)
            process.wait()


def _end(number: int) -> None:
    """End the process ``number`` and those that it started."""
    if sys.platform == "win32":
        subprocess.run(["taskkill", "/F", "/T", "/PID", str(number)], check=False, capture_output=True)  # noqa: S603, S607
    else:
        with suppress(ProcessLookupError):
            os.killpg(number, signal.SIGKILL)


# --- is it the same document? ---------------------------------------------------------------------------------------


def finished(source: Source, data: bytes) -> Converted:
    """Return the PDF ``data`` of ``source`` with its signature fields, once it was held against the Word file."""
    try:
        pages = [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(data)).pages]
    except Exception:  # of what no reader can read there is no PDF
        return Converted(fault="nothing")
    if not pages:
        return Converted(fault="nothing")
    with pikepdf.open(io.BytesIO(data)) as pdf:
        missing = undrawn(pdf)
        if missing:
            return Converted(fault="glyphs", characters=missing)
        if lost(source, pages):
            return Converted(fault="text")
        if set(_with_fields(pdf, source)) != set(source.slots):
            return Converted(fault="places")
        mend_tables(pdf)
        _settle(pdf)
        output = io.BytesIO()
        pdf.save(output, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return Converted(output.getvalue())


def lost(source: Source, pages: Sequence[str]) -> list[str]:
    """Return the paragraphs of ``source`` that do not stand in the text of ``pages`` as often as they should.

    A paragraph may go on on the next page. Spaces, line ends and hyphens that only break a line do not count, nor does
    the order of a paragraph's characters where several fonts draw it, one after the other.
    """
    shown = [_squashed(page) for page in pages]
    around = [_pattern(text, source.any_number) for text in map(_squashed, source.around) if text]
    found = []
    if len(shown) > 2:  # the first page, and left ones, may have others
        found += [one.pattern for one in around if not any(one.search(page) for page in shown)]
    bare = shown  # without what stands around the body, so that a paragraph goes on from page to page
    for one in around:
        bare = [one.sub("", page, count=1) for page in bare]
    whole, joined = "".join(shown), "".join(bare)
    for text, times in Counter(filter(None, map(_squashed, source.text))).items():
        pattern = _pattern(text, source.any_number)
        missing = times - max(len(pattern.findall(whole)), len(pattern.findall(joined)))
        if missing > 0:
            rest = [pattern.sub("\0", page) for page in bare]
            missing -= sum(_goes_on(text, rest[number:]) for number in range(len(rest)))
        if missing > 0 and not _mixed(text, joined):
            found.append(text)
    return found


def _pattern(text: str, any_number: str) -> re.Pattern[str]:
    return re.compile(re.escape(text).replace(re.escape(any_number), r"\d+") if any_number else re.escape(text))


def _goes_on(text: str, pages: Sequence[str]) -> bool:
    """Tell whether ``text`` begins on the first of ``pages`` and goes on from page to page to its end."""
    for page in pages:
        low, high = 0, len(text)
        while low < high:
            middle = (low + high + 1) // 2
            low, high = (middle, high) if text[:middle] in page else (low, middle - 1)
        text = text[low:]
        if not text or not low:
            break
    return not text


def _mixed(text: str, everything: str) -> bool:
    """Tell whether the characters of ``text`` stand together somewhere, in whatever order."""
    if text.isascii():
        return False
    open_ = Counter(text)
    for at, character in enumerate(everything):
        _count(open_, character, -1)
        if at >= len(text):
            _count(open_, everything[at - len(text)], 1)
        if not open_:
            return True
    return False


def _count(counter: Counter[str], character: str, step: int) -> None:
    counter[character] += step
    if not counter[character]:
        del counter[character]


def _squashed(text: str) -> str:
    text = unicodedata.normalize("NFC", text.replace("\u2011", "-").replace("\u00ad", ""))
    return "".join(text.split())


def undrawn(pdf: Pdf) -> str:
    """Return the characters that the PDF's fonts draw as a box because they have no glyph for them."""
    found: set[str] = set()
    none = Dictionary()
    every = (page.get("/Resources", none).get("/Font", none) for page in pdf.pages)
    fonts = {font.objgen: font for page in every for font in page.as_dict().values()}
    for font in fonts.values():
        program = font.get("/FontDescriptor", none).get("/FontFile2")
        if program is not None and "/ToUnicode" in font:
            boxes = _boxes(program.read_bytes())
            pairs = _CODES.findall(font.ToUnicode.read_bytes())
            found |= {bytes.fromhex(text.decode()).decode("utf-16-be", "replace") for code, text in pairs
                      if int(code, 16) in boxes}  # fmt: skip
    return "".join(sorted(found))


def _boxes(program: bytes) -> set[int]:
    """Return the codes that a TrueType font draws as it draws what it does not have."""
    font = TTFont(io.BytesIO(program), lazy=True)
    head, places, outlines = (font.reader[name] for name in ("head", "loca", "glyf"))
    size, unit = (4, 1) if head[51] else (2, 2)
    starts = [int.from_bytes(places[at : at + size], "big") * unit for at in range(0, len(places), size)]
    glyphs = [outlines[start:end] for start, end in pairwise(starts)]
    tables = font["cmap"].tables if "cmap" in font else ()
    codes = {code: font.getGlyphID(name) for table in tables for code, name in table.cmap.items()}
    codes = codes or dict(enumerate(range(len(glyphs))))
    return {code for code, glyph in codes.items() if glyph and glyphs[glyph] and glyphs[glyph] == glyphs[0]}


# --- places to sign -------------------------------------------------------------------------------------------------


def _with_fields(pdf: Pdf, source: Source) -> list[str]:
    """Turn each link that marks a place to sign into a signature field; return their roles."""
    root = pdf.make_indirect(Dictionary(T=String(slots.ROOT), Kids=Array()))
    roles: list[str] = []
    for page in pdf.pages:
        for link in list(page.get("/Annots", [])):
            role = _role(link, source.address)
            if role and role in source.slots and role not in roles:
                roles.append(role)
                _place(pdf, page.obj, link, root, role, source.slots[role])
    if roles:
        pdf.Root.AcroForm = pdf.make_indirect(Dictionary(Fields=Array([root])))
        names = [*_names(root, "")]
        for name, item in names:
            if item.get("/FT") == Name.Sig:
                item.Lock = as_dictionary(slots.lock(name, [one for one, _ in names], map(slots.field, roles)))
    return roles


def _role(link: Object, address: str) -> str:
    uri = str(link.get("/A", Dictionary()).get("/URI", "")) if link.get("/Subtype") == Name.Link else ""
    return uri.removeprefix(address) if address and uri.startswith(address) else ""


def _place(pdf: Pdf, page: Object, link: Object, root: Object, role: str, said: Mapping[str, str]) -> None:
    """Make the signature field of ``role`` of the object that was the link, and beside it what its slot says."""
    sides, heights = (sorted(float(edge) for edge in list(link.Rect)[first::2]) for first in (0, 1))
    slot = pdf.make_indirect(Dictionary(T=String(role), Parent=root, Kids=Array()))
    who = ", ".join(part for part in (said.get("label"), said.get("name"), said.get("credential")) if part)
    for key in list(link.keys()):
        del link[key]
    box = Array([sides[0], heights[0] + _BASE, sides[1], heights[0] + _BASE + HEIGHT])
    widget = Dictionary(Type=Name.Annot, Subtype=Name.Widget, FT=Name.Sig, T=String(slots.SIGNATURE), F=4, P=page)
    link.update({**widget, "/Rect": box, "/TU": String(f"Signature: {who}"), "/Parent": slot})
    texts = {part: text for part, text in said.items() if text}
    for part, text in texts.items():  # nowhere on the page, which shows it already: for the stamp and for verifying
        known = Dictionary(FT=Name.Tx, T=String(part), Parent=slot, Ff=1, V=String(text), TU=String(f"{part}: {who}"))
        slot.Kids.append(pdf.make_indirect(known))
    slot.Kids.append(link)
    root.Kids.append(slot)
    page.Tabs = Name.S
    _tag(pdf, page, link)


def _tag(pdf: Pdf, page: Object, widget: Object) -> None:
    """Enter a signature field in the structure that screen readers follow."""
    tree = pdf.Root.get("/StructTreeRoot")
    if tree is None or "/ParentTree" not in tree:
        return
    document = tree.K[0] if isinstance(tree.K, Array) else tree.K
    element = pdf.make_indirect(
        Dictionary(Type=Name.StructElem, S=Name.Form, P=document, Pg=page, Alt=widget.TU,
                   K=Dictionary(Type=Name.OBJR, Obj=widget, Pg=page))
    )  # fmt: skip
    document.K = Array([*document.K, element] if isinstance(document.K, Array) else [document.K, element])
    numbers = pikepdf.NumberTree(tree.ParentTree)
    number = max([int(tree.get("/ParentTreeNextKey", 0)), *(key + 1 for key in numbers)])
    numbers[number] = element
    tree.ParentTreeNextKey = number + 1
    widget.StructParent = number


def _names(node: Object, above: str) -> Iterator[tuple[str, Object]]:
    name = f"{above}.{node.T}" if above else str(node.T)
    if "/Kids" not in node:
        yield name, node
    for kid in node.get("/Kids", []):
        yield from _names(kid, name)


def _settle(pdf: Pdf) -> None:
    """Take out the hour at which LibreOffice worked: the same Word file gives the same PDF."""
    for table, keys in ((pdf.docinfo, ("/CreationDate", "/ModDate")), (pdf.trailer, ("/ID", "/DocChecksum"))):
        for key in keys:
            if key in table:
                del table[key]
    with pdf.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as meta:
        for key in ("xmp:CreateDate", "xmp:ModifyDate", "xmp:MetadataDate"):
            if key in meta:
                del meta[key]
