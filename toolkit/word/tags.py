"""The tags of a template's part: found in each paragraph wherever Word split them, and each with its place.

A tag is taken out of the text and a token left in its stead, so that what shapes the XML never sees an expression.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from lxml import etree
from msgspec import Struct

from toolkit.errors import TemplateError
from toolkit.word.package import Element, w

_P, _T, _TBL, _TR, _TC = w("p"), w("t"), w("tbl"), w("tr"), w("tc")
_RPR, _PROOF, _PAGE_BREAK = w("rPr"), w("proofErr"), w("lastRenderedPageBreak")
_BLANKS = (w("br"), w("tab"), w("cr"))
AT = "plankit-at"
"""Attribute that a paragraph with tags bears until it is compiled: where it stands, in its own file."""

MAX_TAG = 4_000
"""Characters that a tag may have."""
_OPEN = re.compile(r"\{[{%#]")
_QUOTES = {"“": '“”"', "”": '“”"', "‘": "‘’'", "’": "‘’'", '"': '"', "'": "'"}
_CLOSE = {"{{": "}}", "{%": "%}", "{#": "#}"}
_SCOPE = re.compile(r"(p|tr|tc|r)\s")
_ASSIGNED = re.compile(r"set\s+[\w.,()\s]+=(?!=)")
_SPELLED_OUT = (("{_{", "{{"), ("}_}", "}}"), ("{_%", "{%"), ("%_}", "%}"))
"""How one types what would be a tag, and what is printed then."""
_MERGES = ("vm", "hm", "colspan", "cellbg")


class Spot(Struct, frozen=True):
    """Where a tag stands: the template's file, the place in it, and the words around it (the template's own)."""

    file: str
    where: str
    words: str

    @property
    def place(self) -> str:
        """Where it stands in its file."""
        return f"{self.where}, near «{self.words}»" if self.words else self.where

    def __str__(self) -> str:
        return f"{self.file}, {self.place}"


class Tag(Struct, frozen=True):
    """One tag as its author typed it: ``opening`` is ``{{``, ``{%`` or ``{#``; ``scope`` is p, tr, tc, r or nothing."""

    opening: str
    scope: str
    body: str
    before: str
    """``-`` where it takes the blanks before it away; ``after`` likewise."""
    after: str
    spot: Spot
    inline: bool = False
    """True where Word takes a content control in the line, and the tag takes no blanks away."""
    text: str = ""
    """The tag as it stands in the file."""
    apart: bool = False
    """True where it stands in no paragraph: in a property, an equation, the description of a picture."""

    @property
    def keyword(self) -> str:
        """The first word of a statement: ``if``, ``for``, ``endfor``."""
        return self.body.partition(" ")[0] if self.opening == "{%" else ""

    @property
    def opens(self) -> str:
        """What the tag opens until its end comes: ``if``, ``for``, ``with``, ``macro``, ``set``; else an empty text."""
        if self.keyword == "set":
            return "" if _ASSIGNED.match(self.body) else "set"
        return self.keyword if self.keyword in ("if", "for", "with", "macro") else ""

    def shaped(self, token: str) -> str:
        """Return the tag with ``token`` in place of its body, in the form that is brought into shape."""
        word, _, rest = self.body.partition(" ")
        inner = (f"{word} {token}" if rest else word) if self.keyword in _MERGES else token
        return f"{self.opening}{self.scope}{self.before} {inner} {self.after}{_CLOSE[self.opening]}"


# --- finding -------------------------------------------------------------------------------------------------------


def annotate(root: Element, file: str, label: str) -> None:
    """Mark every paragraph that may hold a tag with its place: ``body, table 2, row 3, cell 1``."""
    numbers = _numbers(root)
    for paragraph in root.iter(_P):
        if AT not in paragraph.attrib and "{" in "".join(item.text or "" for item in paragraph.iter(_T)):
            paragraph.set(AT, f"{file}|{label}, {_where(paragraph, numbers)}")


def _numbers(root: Element) -> dict[Element, int]:
    """Return the number of each row and cell, and of the paragraphs and tables that stand in no other."""
    numbers: dict[Element, int] = {}
    counted: Counter[Element] = Counter()
    for item in root.iter(_P, _TBL, _TR, _TC):
        if item.tag in (_TR, _TC):
            holder = item.getparent()
        elif any(above.tag in (_P, _TBL) for above in item.iterancestors()):
            continue
        else:
            holder = item.tag
        counted[holder] += 1
        numbers[item] = counted[holder]
    return numbers


def _where(paragraph: Element, numbers: dict[Element, int]) -> str:
    outer = {item.tag: numbers.get(item, 0) for item in (paragraph, *paragraph.iterancestors())}
    if _TBL in outer:
        return f"table {outer[_TBL]}, row {outer.get(_TR, 0)}, cell {outer.get(_TC, 0)}"
    return f"paragraph {outer[_P]}"


def pieces(paragraph: Element) -> list[tuple[Element, str]]:
    """Return the elements of ``paragraph`` that hold its text, with their text; breaks and tabs count as a blank.

    Paragraphs in a text box inside it are not its own.
    """
    found = []
    for item in paragraph.iter(_T, *_BLANKS):
        owner = next(item.iterancestors(_P))
        if owner is paragraph and item.getparent().tag == w("r"):
            found.append((item, (item.text or "") if item.tag == _T else " "))
    return found


def spans(text: str) -> Iterator[tuple[int, int]]:
    """Yield where each tag of ``text`` begins and ends. Raises ValueError at a tag that never ends.

    A quoted ``}}`` does not end a tag, and an apostrophe that opens no quotation is just one.
    """
    position = 0
    while found := _OPEN.search(text, position):
        end = _end(text, found.end(), _CLOSE[found[0]], quoted=found[0] != "{#")
        if end < 0:
            raise ValueError
        yield found.start(), end
        position = end


def _end(text: str, start: int, closing: str, quoted: bool) -> int:
    """Return where a tag ends whose inside begins at ``start``, -1 where it does not."""
    text = text[: start + MAX_TAG]
    position = start
    while position < len(text):
        if text.startswith(closing, position):
            return position + 2
        if quoted and text[position] in _QUOTES:
            ending = _quotation(text, position)
            plain = text.find(closing, position)
            if ending and (plain >= 0 or text.find(closing, ending) >= 0):
                position = ending
                continue
        position += 1
    found = text.find(closing, start)
    return found + 2 if found >= 0 else -1


def _quotation(text: str, start: int) -> int:
    """Return where the quotation that opens at ``start`` ends, 0 where it does not."""
    for position in range(start + 1, len(text)):
        if text[position] in _QUOTES[text[start]]:
            return position + 1
    return 0


def straight(body: str) -> str:
    """Return an expression with the quotation marks that Word made curly straight; those inside a text stay."""
    result: list[str] = []
    position = 0
    while position < len(body):
        character = body[position]
        end = _quotation(body, position) if character in _QUOTES else 0
        if end:
            inner = body[position + 1 : end - 1]
            mark = "'" if '"' in inner or (character == "'" and "'" not in inner) else '"'
            result.append(f"{mark}{inner}{mark}")
            position = end
        else:
            result.append({"‘": "'", "’": "'", "“": '"', "”": '"', "\xa0": " "}.get(character, character))
            position += 1
    return "".join(result)


# --- taking out ----------------------------------------------------------------------------------------------------


def extract(root: Element, token: str) -> list[Tag]:
    """Take the tags out of the paragraphs of ``root`` and return them; ``token`` with a number is left for each.

    Raises TemplateError for a tag that never ends, stands where nothing is filled in, or would take text with it.
    """
    tags: list[Tag] = []
    holders: list[Element] = []
    for paragraph in root.iter(_P):
        place = paragraph.attrib.pop(AT, None)
        if place is not None:
            file, _, where = place.partition("|")
            taken = _taken(paragraph, file, where, token, len(tags))
            holders.extend([paragraph] * len(taken))
            tags.extend(taken)
    unsaid = re.compile("|".join(f"{token}{number};" for number, tag in enumerate(tags) if tag.opening == "{#") or "$^")
    for number, (tag, holder) in enumerate(zip(tags, holders, strict=True)):
        _check_scope(tag, holder, f"{token}{number};", unsaid)
    return tags


def _taken(paragraph: Element, file: str, where: str, token: str, first: int) -> list[Tag]:
    own = pieces(paragraph)
    text = "".join(piece for _, piece in own)
    try:
        found = list(spans(text))
    except ValueError:
        around = Spot(file, where, shortened(text, *_unclosed(text)))
        raise TemplateError(
            f"{around}: a tag is opened and never closed. Close it in the same paragraph, after at most {MAX_TAG:,} "
            "characters."
        ) from None
    tags = [tag_of(text[start:end], Spot(file, where, shortened(text, start, end))) for start, end in found]
    _rewrite(own, found, [f"{token}{first + number};" for number in range(len(tags))])
    return tags


def spell(root: Element) -> None:
    """Print ``{_{`` as two braces, and its like; only what the author typed is looked at, never a value."""
    for element in root.iter(_T):
        if element.text and "_" in element.text:
            for typed, meant in _SPELLED_OUT:
                element.text = element.text.replace(typed, meant)


def _unclosed(text: str) -> tuple[int, int]:
    start = 0
    for found in _OPEN.finditer(text):
        start = found.start()
        if _end(text, found.end(), _CLOSE[found[0]], quoted=found[0] != "{#") < 0:
            break
    return start, start + 40


def tag_of(text: str, spot: Spot, apart: bool = False) -> Tag:
    """Return the tag that is typed as ``text``."""
    opening, inner = text[:2], text[2:-2]
    scope = _SCOPE.match(inner)
    inner = inner[len(scope[1]) :] if scope else inner
    before, after = ("-" if inner.startswith("-") else ""), ("-" if inner.endswith("-") else "")
    inner = inner[len(before) : len(inner) - len(after)]
    if scope:  # its paragraph, row or cell goes away whole: there are no blanks to take
        before = after = ""
    body = " ".join(straight(inner).split()) if opening != "{#" else ""
    if opening == "{{" and scope and scope[1] not in ("p", "r"):
        raise TemplateError(f"{spot}: write the tag as {{{{ {body} }}}}, without the «{scope[1]}».")
    return Tag(opening, scope[1] if scope else "", body, before, after, spot, text=text, apart=apart)


def shortened(text: str, start: int, end: int) -> str:
    """Return the words around a tag, 60 characters or so."""
    left, right = max(0, start - 20), min(len(text), max(end, start) + 20)
    words = text[left : start + 60 if end - start > 60 else right]
    return " ".join(words.split())


def _rewrite(own: list[tuple[Element, str]], found: list[tuple[int, int]], tokens: list[str]) -> None:
    """Put each token where its tag begins, and take the tags out of the elements they run through."""
    position = number = 0
    first: Element = None
    joined: list[tuple[Element, Element]] = []
    for element, text in own:
        end = position + len(text)
        kept, at = "", position
        while number < len(found) and found[number][0] < end:
            start, stop = found[number]
            if start >= position:
                kept += text[at - position : start - position] + tokens[number]
                first = element
            elif element.tag == _T:
                joined.append((first, element))
            at = min(stop, end)
            if stop > end:
                break
            number += 1
        if at > position and element.tag == _T:
            element.text = kept + text[at - position :]
        elif at > position:
            element.getparent().remove(element)
        position = end
    for element, other in reversed(joined):
        _join(element, other)


def _join(first: Element, other: Element) -> None:
    """Move what is left of a split tag's last run into its first, where both have one format; drop an empty run."""
    run, rest = first.getparent(), other.getparent()
    beside = [item for item in rest if item is not other and item.tag not in (_RPR, _PAGE_BREAK)]
    if run is rest or beside or run.getparent() is not rest.getparent() or first.getnext() is not None:
        return
    if other.text and _format(run) != _format(rest):
        return
    between = [item for item in run.itersiblings() if _is_trace(item) and rest in list(item.itersiblings())]
    first.text = (first.text or "") + (other.text or "")
    for item in (*between, rest):
        item.getparent().remove(item)


def _is_trace(item: Element) -> bool:
    """Tell whether Word left ``item`` behind for itself: a mark of its spelling, or of where one typed last."""
    start = item.getprevious() if item.tag == w("bookmarkEnd") else item
    return item.tag == _PROOF or bool(start is not None and start.get(w("name")) == "_GoBack")


def _format(run: Element) -> bytes:
    """Return the properties of a run, to be compared."""
    properties = run.find(_RPR)
    return b"" if properties is None else bytes(etree.tostring(properties, method="c14n", with_tail=False))


_CONTAINERS = {"p": (_P, "paragraph"), "tr": (_TR, "row"), "tc": (_TC, "cell")}


def _check_scope(tag: Tag, paragraph: Element, token: str, unsaid: re.Pattern[str]) -> None:
    """Refuse a tag that would take its paragraph, row or cell away while that holds more than what is ``unsaid``."""
    if tag.scope not in _CONTAINERS:
        return
    kind, word = _CONTAINERS[tag.scope]
    holder = next((item for item in (paragraph, *paragraph.iterancestors()) if item.tag == kind), None)
    if holder is None:
        raise TemplateError(f"{tag.spot}: this tag works on a {word} of a table and stands in none.")
    others = unsaid.sub("", "".join(item.text or "" for item in holder.iter(_T)).replace(token, "")).strip()
    if others or next(holder.iter(*(w(name) for name in ("drawing", "pict", "object", "sectPr"))), None) is not None:
        raise TemplateError(f"{tag.spot}: this tag takes its {word} away. Give it a {word} of its own.")
    _drop_bookmarks(holder)


def _drop_bookmarks(holder: Element) -> None:
    """Remove the bookmarks that begin or end in ``holder``, which goes away, and their other ends."""
    ends = (w("bookmarkStart"), w("bookmarkEnd"))
    ids = {item.get(w("id")) for item in holder.iter(*ends)}
    if ids:
        for item in [item for item in holder.getroottree().iter(*ends) if item.get(w("id")) in ids]:
            item.getparent().remove(item)
