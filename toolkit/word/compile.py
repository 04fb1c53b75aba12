"""From a Word file with tags to a template: read, joined with what it includes, shaped, proven and compiled, once.

docxtpl, the dialect's reference, brings the tags into shape. It never sees an expression: each tag's body is a token
while the XML is moved about, so every tag keeps its place, and none of its characters can be taken for markup.
"""

from __future__ import annotations

import hashlib
import io
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from itertools import count

from docxtpl import DocxTemplate
from jinja2 import nodes
from lxml import etree
from msgspec import Struct
from msgspec.structs import replace

from toolkit.environment import Environment, RefusedError, answer
from toolkit.errors import ReadError, TemplateError
from toolkit.model import Definitions
from toolkit.word import names
from toolkit.word.balance import Piece, in_loops, prove
from toolkit.word.controls import Control, branches
from toolkit.word.draft import marked
from toolkit.word.include import compose
from toolkit.word.macros import in_place
from toolkit.word.media import Package
from toolkit.word.package import (
    CONTENT_TYPES,
    Element,
    Parts,
    in_order,
    parse,
    serialize,
    static_entry,
    text_parts,
    w,
)
from toolkit.word.properties import PROPERTIES, extract_apart, property_parts
from toolkit.word.render import Form, Part, Template, filled
from toolkit.word.store import with_store, without_store
from toolkit.word.tags import Spot, Tag, extract, spell
from toolkit.word.values import BLOCKS, ENVIRONMENT, PROPERTY, RUNS, TEXT, escape
from toolkit.word.wrap import places, release, wrapped

__all__ = ["Template", "compile_template"]

MAX_TEXT_PART = 8_000_000
"""Characters of XML that a part with tags may have."""

_STATEMENTS = frozenset(
    {
        "if",
        "elif",
        "else",
        "endif",
        "for",
        "endfor",
        "set",
        "endset",
        "with",
        "endwith",
        "macro",
        "endmacro",
        "raw",
        "endraw",
    }
)
_TAG = re.compile(r"\{\{[^{}]*\}\}|\{%[^{}]*%\}|\{#[^{}]*#\}")
_PRINTING = re.compile(r"<w:t>(?=[^<]*\{\{)")
"""Text that a value is printed into: the blanks at its ends must stay."""
_REPEATED = ("<w:bookmarkStart ", "<wp:docPr ", "<w:sdtPr>")
_W14 = "{http://schemas.microsoft.com/office/word/2010/wordml}"


def compile_template(
    data: bytes,
    name: str,
    load: Callable[[str], bytes],
    added: Mapping[str, Sequence[bytes]] | None = None,
    definitions: Definitions | None = None,
    environment: Environment = ENVIRONMENT,
) -> Template:
    """Return the Word file ``data`` as a template; ``name`` stands in messages.

    ``load`` gives the bytes of an included file by its name; ``added`` are Word files printed one after another where
    ``{%p include supplements %}`` or ``{%p include last_pages %}`` stands. With ``definitions`` each tag in the body
    that prints one answer becomes a content control; without, there are none. Raises TemplateError: one sentence with
    the file, the part, the paragraph or table cell, and the words around the fault.
    """
    try:
        composed = compose(data, name, load, added or {})
        parts = without_store(composed.parts, name)
        source = _Source(name, composed.sha256, definitions, environment)
        return _template(parts, source, lambda: marked(parts, name))
    except ReadError as error:
        raise TemplateError(str(error)) from None


class _Source(Struct, frozen=True):
    """What a template is compiled from beside its parts."""

    name: str
    sha256: str
    definitions: Definitions | None
    environment: Environment


def _template(parts: Parts, source: _Source, draft: Callable[[], Parts]) -> Template:
    name = source.name
    labels = text_parts(parts, name)
    body = next(iter(labels))
    labels |= dict.fromkeys(property_parts(parts), "document properties")
    compiled: dict[str, Part] = {}
    alike: dict[str, Part] = {}
    settled: dict[str, bytes] = dict(parts)
    uses: dict[names.Use, None] = {}
    spots: dict[str, Spot] = {}
    for part in [part for part in in_order(parts) if part in labels]:
        root = parse(parts[part], name)
        inline = source.definitions is not None and part == body
        tags, token = _extracted(root, f"{name}, {labels[part]}", inline, part.startswith(PROPERTIES))
        if not tags:
            settled[part] = serialize(root)
            continue
        ready, found = _part(part, source, root, tags, token, alike)
        compiled[part] = ready
        for use in found:
            uses[use] = None
            spots.setdefault(use.path, ready.spots.get(use.line, Spot(name, labels[part], "")))
    form, digest = None, source.sha256
    if source.definitions and body in compiled and compiled[body].controls:
        settled, store = with_store(settled, body, name)
        controls = compiled[body].controls
        form = Form(controls, branches(source.definitions, {item.section for item in controls}), store)
        digest = hashlib.sha256(f"{digest} {form}".encode()).hexdigest()
    entries = tuple(compiled.get(part) or static_entry(part, settled[part]) for part in in_order(settled))
    package = Package(name, body, frozenset(settled), {
        part: settled[part] for part in settled if part == CONTENT_TYPES or part.endswith(".rels")
    })  # fmt: skip
    make_draft = partial(_made_draft, source, draft)
    return Template(name, digest, entries, tuple(uses), spots, make_draft, _first_id(parts), form, package)


def _made_draft(source: _Source, draft: Callable[[], Parts]) -> Template:
    return _template(draft(), source, draft)


_IDS = re.compile(rb"""\bid\s*=\s*["'](\d+)|<w:id\s+w:val\s*=\s*["'](-?\d+)""")
_SPAN = 1_000_000


def _first_id(parts: Parts) -> int:
    """Return a number from which on a million ids are free in all of ``parts``."""
    taken = {
        int(found[1] or found[2]) // _SPAN
        for part, content in parts.items()
        if part.endswith(".xml")
        for found in _IDS.finditer(content)
    }
    return next(span for span in count(1) if span not in taken) * _SPAN


def _extracted(root: Element, place: str, inline: bool, properties: bool) -> tuple[list[Tag], str]:
    """Take the tags out of ``root``; return them with the token that stands for each, found nowhere else in it.

    With ``inline``, those around which Word takes a control are marked.
    """
    xml = etree.tostring(root, encoding="unicode")
    token = next(word for word in map("TAG{}X".format, count()) if word not in xml)
    if properties:
        return extract_apart(root, token, place, everywhere=True), token
    tags = extract(root, token)
    tags += extract_apart(root, token, place, len(tags))
    _check_elsewhere(root, place, token)
    spell(root)
    if tags:
        for element in root.iter(w("p"), w("tr")):  # ids for comments and merging, which a loop would repeat
            for attribute in ("paraId", "textId"):
                element.attrib.pop(_W14 + attribute, None)
        release(root, token)
        for number in places(root, token) if inline else ():
            tags[number] = replace(tags[number], inline=not (tags[number].before or tags[number].after))
    return tags, token


def _check_elsewhere(root: Element, place: str, token: str) -> None:
    """Refuse tags where nothing is filled in: fields, names of styles."""
    lost = set(_worked_out(root))
    for element in root.iter(etree.Element):
        if any("{{" in text or "{%" in text for text in (*element.attrib.values(), element.text or "")) or (
            element in lost and token in (element.text or "")
        ):
            raise TemplateError(
                f"{place}: a tag stands in a field or another place that is not text, where nothing is filled in. "
                "Move it into the text."
            )


def _worked_out(root: Element) -> Iterator[Element]:
    """Yield the texts of fields that Word works out anew, and so overwrites; a link keeps its own."""
    codes: list[str] = []  # of the fields that are open here, the innermost last
    for element in root.iter(w("fldChar"), w("instrText"), w("fldSimple"), w("t")):
        kind = element.get(w("fldCharType"))
        if kind == "begin":
            codes.append("")
        elif kind == "end" and codes:
            codes.pop()
        elif element.tag == w("instrText") and codes:
            codes[-1] += element.text or ""
        elif element.tag == w("fldSimple"):
            yield from element.iter(w("t")) if not _keeps_its_text(element.get(w("instr")) or "") else ()
        elif element.tag == w("t") and not all(map(_keeps_its_text, codes)):
            yield element


def _keeps_its_text(code: str) -> bool:
    return code.strip().upper().startswith(("HYPERLINK", "FORMTEXT"))


def _part(
    part: str, source_of: _Source, root: Element, tags: list[Tag], token: str, alike: dict[str, Part]
) -> tuple[Part, tuple[names.Use, ...]]:
    """Return the part compiled, and what it asks for; ``alike`` are parts by their sources, which others may repeat."""
    name, definitions, environment = source_of.name, source_of.definitions, source_of.environment
    pieces, came = in_place(list(_pieces(_shaped(root, tags, token, name), tags, token)), environment)
    in_attributes = prove(pieces)
    source, lines = _source(pieces)
    if twin := alike.get(source):
        return replace(twin, name=part, like=twin.name), ()
    spots = {line: pieces[number].spot for number, line in lines.items()}
    controls: list[Control] = []
    instead: dict[int, nodes.Expr] = {}
    try:
        tree = environment.read(source)
        found = names.uses(tree)
        if definitions and any(tag.inline for tag in tags):
            answers = names.answers(tree)
            known = {number: answers[line] for number, line in lines.items() if line in answers}
            pieces, controls, numbers = wrapped(pieces, known, definitions)
            in_attributes = prove(pieces)
            source, lines = _source(pieces)
            tree = environment.read(source)
            instead = _instead(tree, {lines[number]: which for number, which in numbers.items()})
        instead |= _placed(
            tree, {lines[number]: pieces[number].place for number in lines if lines[number] not in instead}
        )
        template = environment.build(tree, (lines[number] for number in in_attributes), instead)
    except RefusedError as error:
        spot = spots.get(error.line) or _too_deep(pieces, environment) or f"{name}, {part}"
        raise TemplateError(f"{spot}: the tag {error}.") from None
    scopes, words = {tag.scope for tag in tags}, {tag.body.partition(" ")[0] for tag in tags}
    compiled = Part(
        part,
        template,
        spots,
        columns="tc" in scopes or bool(words & {"colspan", "hm"}) or _has_odd_grid(pieces),
        ids=any(word in text for text in _repeated(pieces, came) for word in _REPEATED),
        controls=tuple(controls),
    )
    if not controls and not compiled.ids:
        alike[source] = compiled
    return compiled, found


def _too_deep(pieces: Sequence[Piece], environment: Environment) -> Spot | None:
    """Return the place of the tag for which no line is told, because Python itself cannot hold what it nests."""
    for piece in pieces:
        opens = piece.tag.opens if piece.tag else ""
        try:
            environment.read(piece.code + (f"{{% end{opens} %}}" if opens else ""))
        except RefusedError as error:
            if piece.tag and not error.line:
                return piece.spot
    return None


def _repeated(pieces: Sequence[Piece], came: Sequence[Piece]) -> Iterator[str]:
    """Yield the text between tags that may be printed several times: in loops, and what ``came`` with macros."""
    yield from in_loops(pieces)
    yield from (piece.code for piece in came if piece.tag is None)


def _instead(tree: nodes.Template, controls: Mapping[int, int]) -> dict[int, nodes.Expr]:
    """Return, by line, what prints through a control; ``controls`` give its number by the line of its tag."""
    answers = names.answers(tree)
    return {line: answer(answers[line].row, number, answers[line].in_list) for line, number in controls.items()}


def _placed(tree: nodes.Template, places: Mapping[int, str]) -> dict[int, nodes.Expr]:
    """Return, by line, what prints whole runs or paragraphs, or into a property."""
    return {
        child.lineno: nodes.Filter(child, place, [], [], None, None, lineno=child.lineno)
        for output in tree.find_all(nodes.Output)
        for child in output.nodes
        if (place := places.get(child.lineno)) and not isinstance(child, nodes.TemplateData)
    }


def _has_odd_grid(pieces: Sequence[Piece]) -> bool:
    """Tell whether the author's own tables have another number of columns than of cells, which the reference mends."""
    xml = "".join(piece.code for piece in pieces if piece.tag is None)
    if "<w:tbl>" not in xml:
        return False
    before = etree.tostring(etree.fromstring(xml.encode()))
    return bool(etree.tostring(DocxTemplate(io.BytesIO()).fix_tables(xml)) != before)


# --- bringing into shape -------------------------------------------------------------------------------------------


def _shaped(root: Element, tags: list[Tag], token: str, name: str) -> str:
    """Return the XML of ``root`` in which the tags stand as Jinja wants them, a token in each."""
    xml = etree.tostring(root).decode("ascii")  # with numbers for other characters, see `toolkit.word.values.escape`
    if len(xml) > MAX_TEXT_PART:
        raise TemplateError(f"{name} is too long for a template. Split it into files and include them.")
    xml = xml.replace("{", "&#123;").replace("}", "&#125;")  # the author's own braces are no tags
    xml = re.sub(rf"{token}(\d+);", lambda found: tags[int(found[1])].shaped(found[0]), xml)
    return _PRINTING.sub(TEXT, DocxTemplate(io.BytesIO()).patch_xml(xml))


def _pieces(xml: str, tags: list[Tag], token: str) -> Iterator[Piece]:
    """Yield what stands between tags, and the tags with their own bodies again; comments fall away."""
    number = re.compile(rf"{token}(\d+);")
    position, spot = 0, tags[0].spot
    raw: Tag | None = None
    for found in _TAG.finditer(xml):
        if found.start() > position:
            yield Piece(xml[position : found.start()])
        position = found.end()
        inner = found[0][2:-2]
        own = number.search(inner)
        tag = _restored(tags[int(own[1])], found[0][:2]) if own else Tag(found[0][:2], "", inner.strip(), "", "", spot)
        spot = tag.spot
        if tag.keyword == "endraw" and raw:
            raw = None
        elif raw:
            yield Piece(_literal(tag))
        elif tag.keyword == "raw":
            raw = tag
        elif tag.opening != "{#":
            _check_statement(tag)
            body = inner.replace(own[0], tag.body) if own else inner
            yield Piece(f"{tag.opening}{_trimmed(body)}{found[0][-2:]}", tag, spot, _place(tag))
    if raw:
        raise TemplateError(f"{raw.spot}: this «raw» is never closed. Add {{% endraw %}} where it ends.")
    yield Piece(xml[position:])


def _place(tag: Tag) -> str:
    """Return what a tag prints that prints more than text: ``{{r x }}`` whole runs, ``{{p x }}`` paragraphs."""
    if tag.opening != "{{":
        return ""
    return PROPERTY if tag.apart else {"r": RUNS, "p": BLOCKS}.get(tag.scope, "")


def _literal(tag: Tag) -> str:
    """Return a tag between ``raw`` and ``endraw`` as text."""
    if tag.scope:
        raise TemplateError(f"{tag.spot}: write what stands between «raw» and «endraw» without the «{tag.scope}».")
    return escape(tag.text).replace("{", "&#123;").replace("}", "&#125;")


def _restored(tag: Tag, opening: str) -> Tag:
    """Return ``tag`` as it stands now: the reference turns ``{% colspan n %}`` into ``{{ n }}`` in an attribute."""
    return tag if tag.opening == opening else replace(tag, opening=opening, body=tag.body.partition(" ")[2])


def _trimmed(body: str) -> str:
    """Return a tag's inside with a line of its own, so that a line of the source tells which tag is meant."""
    return f"-\n{body[1:]}" if body.startswith("-") else f"\n{body}"


def _check_statement(tag: Tag) -> None:
    if tag.opening != "{%":
        return
    if tag.keyword == "include":
        raise TemplateError(f'{tag.spot}: write {{%p include "name.docx" %}} in a paragraph of its own.')
    if tag.keyword not in _STATEMENTS:
        raise TemplateError(f"{tag.spot}: «{tag.keyword}» is not available in templates.")


def _source(pieces: Sequence[Piece]) -> tuple[str, dict[int, int]]:
    """Return the Jinja source, and the line of each tag in it by the number of its piece."""
    lines: dict[int, int] = {}
    line = 1
    codes: list[str] = []
    for number, piece in enumerate(pieces):
        line += piece.code.count("\n")
        if piece.tag is not None:
            lines[number] = line
            codes.append(piece.code)
        else:
            codes.append(filled(piece.code, number > 0 and pieces[number - 1].tag is not None))
    return "".join(codes), lines
