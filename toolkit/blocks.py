"""The blocks of which documents are made, and what each covers: which fields, called what; Word and PDF draw them.

A document's ``blocks`` in ``pack.toml`` are tables with a key ``block`` and, where it helps, ``heading`` (a heading
above, left out together with the block; ``$client`` in it stands for the pack's own word), ``when`` (a condition; the
block is left out unless it holds) and ``documents`` (for what a supplement adds to some of them only):

``masthead``    the clinic, the document's title, ``subtitle`` (a path); ``details`` entries of the clinic's small print
                (without them the title stands in their place, which takes less room)
``card``        ``columns``: lists of entries, each label above its answer, ``last`` for one more, and their ``widths``
                (shares of the page)
``pairs``       ``fields``: entries, one a row, label beside answer
``rows``        ``section`` and ``columns``: one table row for each of the section's rows; ``slots`` (3) for forms;
                with ``one_head`` a form labels the columns, of one field each, once a page and not in each row
``goals``       ``title`` (a heading for each goal) and ``statement`` (patterns), ``quote`` (path), ``fields``,
                ``facts`` (one line), ``tables`` (as ``rows``, for ``objectives``, ``interventions``, ``progress`` and
                ``outcomes`` of the goal; an intervention that serves several goals stands whole at the first and is
                named at the others); ``sheet`` is the heading in a form, and ``heading`` of a table what stands above
                its rows there (else the section's title, nothing where empty); with ``slots``, a form holds that many
                goals on one sheet in place of a sheet for each goal
``history``     the scores of each measure in one line, by date
``text``        ``text``: the form's own words
``plain_page``  a page of its own in large letters: ``heading`` and ``field``; ``note``: a path, small beneath
``signatures``  ``text``: a sentence above the places to sign; kept together with the last rows of the block before
``supplements`` where the overlays of the record print what they add; ``last_pages`` where they add pages at the end

An *entry* is a path (``plan.date``), or a table with ``field`` or ``pattern`` and any of ``label`` (an empty one leaves
it out where the heading says it already), ``marker`` (numbers a list ``S1``, ``S2`` …), ``quote`` (prints the answer as
the person's own words). A *pattern* is text with paths in braces, ``"{client.date_of_birth}[ (age {client.age})]"``;
what stands in brackets is left out when blank, and the whole entry when something outside them is, or all of it.
``risk.*`` stands for the section's fields that no block names.

A *column* has ``title``, ``width`` (its share of the page), ``number`` (a path before its first line) and lists
``lead`` (bold), ``text``, ``note`` (small; a bare path with its label) of paths or patterns. Answers of a repeating
section that no block names are added to the notes of its first column, so that what a pack adds is printed at once.

``slots`` is how many rows of a table a PDF form has room for: it is printed before anybody fills it. Word needs none.

In a companion a block may say ``absent``: what stands there in place of a blank answer in words (``"Not found"``),
where the question is asked at the client's level of care; for single sections and for those that nest under no other.
A companion prints what its blocks name and nothing else, and the proof looks for all of it but for what stands in a
block with ``when``; ``risk.*`` stands for the section's other fields where a block of its own says so.

The brand's keys: ``name`` (default: the clinic's), ``color`` (``#1F4E5F``), ``font`` (``Arial``), ``logo`` (a picture).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from string import Template
from typing import Any, NamedTuple

from msgspec.structs import replace

from toolkit.errors import ShelfError
from toolkit.model import Definitions, Document, Field

INK, MUTED, LINE, SHADE = "222222", "595959", "C9CED3", "F3F5F6"
"""The colours of every page, beside the brand's."""
_PLAIN = re.compile(r"[a-z0-9_]+\.[a-z0-9_]+")
_WHOLE = re.compile(r"([a-z0-9_]+)\.\*")
PATH = re.compile(r"\{([a-z0-9_]+\.[a-z0-9_]+)\}")
OPTIONAL = re.compile(r"\[([^\]]*)\]")


def brand_color(brand: Mapping[str, Any]) -> str:
    """Return the brand's colour as six hexadecimal digits."""
    color = str(brand.get("color") or "#1F4E5F").lstrip("#").upper()
    return color if re.fullmatch("[0-9A-F]{6}", color) else "1F4E5F"


class Entry(NamedTuple):
    """One entry of a block: its (first) field, what it prints, its label and the options of its table."""

    field: Field
    pattern: str
    label: str
    options: Mapping[str, Any]


class Blocks:
    """The blocks of a document being laid out: the fields it may print, and those that its blocks name."""

    def __init__(self, document: Document, definitions: Definitions, words: Mapping[str, str]) -> None:
        self.document, self.definitions, self.words = document, definitions, words
        self.named = {path for block in document.blocks for path in paths_in(block)}
        self.documents = (document.main,)
        """Whose answers the block prints; a supplement's may be for some documents only."""
        self.wholes = {section for block in document.blocks for section in paths_in(block, _WHOLE)}

    def field(self, path: str) -> Field:
        """Return the field at ``path``; raises ShelfError where nothing defines it."""
        found = self.definitions.fields.get(path)
        if found is None:
            raise ShelfError(f"{self.document.name}: a block names {path}, which no section has.")
        return found

    def entries(self, items: Iterable[Any]) -> Iterator[Entry]:
        """Yield the entries of a block; ``risk.*`` gives one for each field of the section that no block names."""
        for item in items:
            options = {"field": item} if isinstance(item, str) else item
            pattern = str(options.get("pattern") or options["field"])
            if pattern.endswith(".*"):
                for field in self.others(pattern.removesuffix(".*")):
                    yield Entry(field, field.path, field.label, options)
                continue
            field = self.field(fields_in(pattern)[0])
            yield Entry(field, pattern, str(options.get("label", field.label)), options)

    def others(self, section: str) -> list[Field]:
        """Return the fields of ``section`` that the document prints and that no block names."""
        if self.document.of and section not in self.wholes:
            return []
        fields = self.definitions.sections[section].fields
        return [item for item in fields if any(map(item.prints_in, self.documents)) and item.path not in self.named]

    def said(self, text: Any) -> str:
        """Return the form's own words, with the population's word for the client."""
        return Template(str(text)).safe_substitute({"client": "client", **self.words})

    def certain(self, path: str) -> bool:
        """Tell whether a ready document always has an answer here, so that nothing need be left out."""
        field = self.field(path)
        return {*self.documents} <= {*field.required} and not field.unless and not field.one_row

    def rows_of(self, section: str) -> str:
        """Return the expression of all rows of ``section``, which may nest under a single one."""
        above = self.definitions.sections.get(self.definitions.sections[section].parent)
        nests = above is not None and (not above.repeats or above.name == self.document.each)
        return f"{above.name}.{section}" if above is not None and nests else section


def fields_in(pattern: str) -> list[str]:
    """Return the paths in ``pattern``, which may be a single path."""
    return PATH.findall(pattern) or [pattern]


def needed(pattern: str) -> list[str]:
    """Return the paths without which ``pattern`` is not printed: those outside [ ]."""
    return PATH.findall(OPTIONAL.sub("", pattern)) if "{" in pattern else [pattern]


def printed(companion: Document, definitions: Definitions) -> frozenset[str]:
    """Return the paths of the answers that a companion always shows: those that its blocks name, but under a condition.

    ``definitions`` are what is asked of the record.
    """
    blocks = tuple(block for block in companion.blocks if "when" not in block)
    laid_out = Blocks(replace(companion, blocks=blocks), definitions, {})
    wholes = (item.path for section in laid_out.wholes & {*definitions.sections} for item in laid_out.others(section))
    return frozenset((*laid_out.named, *wholes))


def sections_in(block: Any) -> frozenset[str]:
    """Return the sections of which a block prints what no block names, as ``risk.*`` says."""
    return frozenset(paths_in(block, _WHOLE))


def paths_in(block: Any, alone: re.Pattern[str] = _PLAIN) -> Iterator[str]:
    """Yield the paths that a block names, however deep; or what else stands ``alone`` in a text of it."""
    if isinstance(block, str):
        yield from PATH.findall(block) if alone is _PLAIN else ()
        if found := alone.fullmatch(block):
            yield found[found.lastindex or 0]
    elif isinstance(block, Mapping):
        for value in block.values():
            yield from paths_in(value, alone)
    elif isinstance(block, Sequence):
        for value in block:
            yield from paths_in(value, alone)
