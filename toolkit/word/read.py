"""The text of a finished Word file as a reader sees it: every part, every paragraph, nothing hidden or deleted."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from toolkit.word.package import Element, W, is_well_formed, parse, read_package, text_parts, w

_P, _R, _T, _SYMBOL = w("p"), w("r"), w("t"), w("sym")
_CHARACTERS = {w("tab"): "\t", w("br"): "\n", w("cr"): "\n", w("noBreakHyphen"): "\u2011", w("softHyphen"): "\u00ad"}
_UNSEEN = (w("del"), w("moveFrom"), "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback")
_OFF = ("0", "false", "off")


def text(data: bytes) -> str:
    """Return the text of the Word file ``data``, a paragraph a line. Raises ReadError where it cannot be read."""
    return "\n".join(paragraphs(data))


def paragraphs(data: bytes, name: str = "The Word file") -> list[str]:
    """Return the paragraphs of body, headers, footers and notes, each as its text.

    A line break is a new line, a tab a tab. Deleted and hidden text is left out, and what a text box says twice for
    older readers is read once. Raises ReadError where ``data`` cannot be read; ``name`` stands in the message.
    """
    parts = read_package(data, name)
    return [paragraph for part in text_parts(parts, name) for paragraph in _paragraphs(parts[part], name)]


def _paragraphs(content: bytes, name: str) -> Sequence[str]:
    return (_of_small_part if len(content) < _SMALL else _of_content)(content, name)


def _of_content(content: bytes, name: str) -> tuple[str, ...]:
    found = plain(content)
    return tuple(of_part(parse(content, name)) if found is None else found)


_SMALL = 8_000
_of_small_part = lru_cache(maxsize=64)(_of_content)  # headers and footers, of which many documents have the same


# --- without a tree --------------------------------------------------------------------------------------------------

_PIECE = re.compile(
    rb"""<w:(?:
        (p)[\s>/]
      | r/>
      | r(?:\ [^<>]*)?>
          (?:<w:rPr/>|<w:rPr>(?:<(?!w:vanish)[^<>]*/>)*</w:rPr>)?
          ((?:<w:t(?:\ xml:space="preserve")?>[^<]*</w:t>|<w:br/>|<w:tab/>|<w:lastRenderedPageBreak/>
            |<w:fldChar\ [^<>]*/>|<w:instrText(?:\ xml:space="preserve")?>[^<]*</w:instrText>)*)
        </w:r>
      | ((?:r|del|moveFrom|txbxContent)[\s>/])
    )""",
    re.VERBOSE,
)
"""Where a paragraph begins, what a run of text holds, and what needs a closer look: any other run, what is not seen."""
_IN_RUN = {
    b'<w:t xml:space="preserve">': b"", b"<w:t>": b"", b"</w:t>": b"", b"<w:br/>": b"\n", b"<w:tab/>": b"\t",
    b"<w:lastRenderedPageBreak/>": b"",
}  # fmt: skip
_OF_FIELD = re.compile(rb"<w:fldChar [^<>]*/>|<w:instrText[^<>]*>[^<]*</w:instrText>")
"""Where a field begins and ends, and what it is to work out; its result stands beside as any other text."""
_START = b"\0"
"""Stands for the start of a paragraph; XML holds no such character."""
_MOST = 10_000_000
"""A tree refuses longer texts, and ids that stand twice: whether there are such, only it can tell."""
_REFERENCE = re.compile(r"&(?:#(\d+)|#x([0-9A-Fa-f]+)|(\w+));")
_NAMED = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}


def plain(content: bytes) -> list[str] | None:
    """Return the paragraphs of a part that is well formed and in which nothing is unusual, without building its tree.

    None where there is more than plain text in its runs, or anything hidden, deleted or said twice, or where it is not
    written as we and Word write it: then the tree tells (`of_part`), which takes half as long again.
    """
    found = _PIECE.findall(content) if _is_usual(content) else ()
    if not found or any([unusual for _, _, unusual in found]) or not is_well_formed(content):
        return None
    joined = b"".join([_START if start else run for start, run, _ in found])
    if b"<w:fldChar" in joined or b"<w:instrText" in joined:
        joined = _OF_FIELD.sub(b"", joined)
    for tag, shown in _IN_RUN.items():
        joined = joined.replace(tag, shown)
    text = joined.decode()
    if "&" in text:
        text = _REFERENCE.sub(_referred, text)
    return text.split(_START.decode())[1:]


def _is_usual(content: bytes) -> bool:
    """Tell whether each ``<`` begins an element, and whether those of Word, and no others, have the prefix ``w``."""
    end = content.find(b">", content.find(b"<w:"))
    root, name = content[:end], W.encode()
    return (
        b'xmlns:w="%b"' % name in root
        and root.count(name) == 1
        and content.find(name, end) < 0
        and content.find(b"xmlns:w", end) < 0
        and not (b"!" in content and b"<!" in content)  # no comment, no section of plain characters
        and b"\r" not in content
        and b"Fallback" not in content
        and b"xml:id" not in content
        and len(content) <= _MOST
    )


def _referred(found: re.Match[str]) -> str:
    number, hexadecimal, name = found.groups()
    return _NAMED[name] if name else chr(int(number) if number else int(hexadecimal, 16))


# --- from the tree ---------------------------------------------------------------------------------------------------


def of_part(root: Element) -> list[str]:
    """Return the paragraphs of one part; what nobody sees is taken out of ``root``."""
    _drop_unseen(root)
    nested = next(root.iter(w("txbxContent")), None) is not None
    texts: dict[Element, list[str]] = {}
    current: list[str] = []
    for item in root.iter(_P, _T, _SYMBOL, *_CHARACTERS):
        if item.tag == _P:
            current = texts[item] = []
        elif item.getparent().tag == _R:  # a tab is also what a ruler holds
            own = texts.get(next(item.iterancestors(_P), None), []) if nested else current
            own.append((item.text or "") if item.tag == _T else _character(item))
    return ["".join(pieces) for pieces in texts.values()]


def _drop_unseen(root: Element) -> None:
    """Take out of the tree what was deleted, is hidden, or repeats a text box for older readers."""
    unseen = list(root.iter(*_UNSEEN))
    for mark in root.iter(w("vanish")):
        run = mark.getparent().getparent()
        if run is not None and run.tag == _R and mark.get(w("val")) not in _OFF:
            unseen.append(run)
    for element in unseen:
        if element.getparent() is not None:
            element.getparent().remove(element)


def _character(item: Element) -> str:
    """Return what a break, tab, hyphen or symbol is in plain text; the break of a page or column is nothing."""
    if item.tag != _SYMBOL:
        return "" if item.get(w("type")) in ("page", "column") else _CHARACTERS[item.tag]
    code = item.get(w("char")) or ""
    return chr(int(code, 16)) if re.fullmatch("[0-9A-Fa-f]{1,4}", code) else ""
