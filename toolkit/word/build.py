"""Lays out a Word template from a pack's blocks and a clinic's brand: labels, lists and omissions follow the fields.

A document's ``blocks`` in ``pack.toml`` are tables with a key ``block`` and, where it helps, ``heading`` (a heading
above, left out together with the block; ``$client`` in it stands for the pack's own word), ``when`` (a condition; the
block is left out unless it holds) and ``documents`` (for what a supplement adds to some of them only):

``masthead``    the clinic, the document's title, ``subtitle`` (a path); ``details`` entries of the clinic's small print
``card``        ``columns``: lists of entries, each label above its answer, ``last`` for one more, and their ``widths``
                (shares of the page)
``pairs``       ``fields``: entries, one a row, label beside answer
``narrative``   ``fields``: entries, label above answer for long ones
``rows``        ``section`` and ``columns``: one table row for each of the section's rows
``goals``       ``title`` and ``statement`` (patterns), ``quote`` (path), ``fields``, ``facts`` (one line), ``tables``
                (as ``rows``, for ``objectives``, ``interventions``, ``progress`` and ``outcomes`` of the goal; an
                intervention that serves several goals stands whole at the first and is named at the others)
``history``     the scores of each measure in one line, by date
``text``        ``text``: the form's own words
``plain_page``  a page of its own in large letters: ``heading`` and ``field``
``signatures``  ``text``: a sentence above the places to sign; kept together with the end of the block before
``supplements`` where the overlays of the record print what they add; ``last_pages`` where they add pages at the end

An *entry* is a path (``plan.date``), or a table with ``field`` or ``pattern`` and any of ``label`` (an empty one leaves
it out where the heading says it already), ``marker`` (numbers a list ``S1``, ``S2`` …), ``quote`` (prints the answer as
the person's own words). A *pattern* is text with paths in braces, ``"{client.date_of_birth}[ (age {client.age})]"``;
what stands in brackets is left out when blank, and the whole entry when something outside them is, or all of it.
``risk.*`` stands for the section's fields that no block names.

A *column* has ``title``, ``width`` (its share of the page), ``number`` (a path before its first line) and lists
``lead`` (bold), ``text``, ``note`` (small; a bare path with its label) of paths or patterns. Answers of a repeating
section that no block names are added to the notes of its first column, so that what a pack adds is printed at once.

The brand's keys: ``name`` (default: the clinic's), ``color`` (``#1F4E5F``), ``font`` (``Arial``), ``logo`` (a picture).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from string import Template
from typing import Any, NamedTuple

from toolkit.errors import ShelfError
from toolkit.model import Definitions, Document, Field
from toolkit.word.paper import WIDTH, Paper, Run

_PATH = re.compile(r"\{([a-z0-9_]+\.[a-z0-9_]+)\}")
_OPTIONAL = re.compile(r"\[([^\]]*)\]")
_LABELS = 1.7
"""Inches of the column of labels beside answers."""
_FORM = "Form {{ document.form }}"
_HERE = "goals[0].goal if not intervention.goals or 'all' in intervention.goals else intervention.goals[0]"
"""The number of the goal at which an intervention stands whole."""
_POINTER = (
    "{{ intervention.intervention }}  {{ intervention.technique }}",
    f"as described under goal {{{{ {_HERE} }}}}",
)


def build(
    document: Document, definitions: Definitions, brand: Mapping[str, Any], words: Mapping[str, str] | None = None
) -> bytes:
    """Return ``document`` as a Word template; the same input always gives the same bytes.

    ``words`` are what headings call people by. Raises ShelfError where a block is not known or names a field that
    nothing defines.
    """
    layout = _Layout(document, definitions, brand, words or {})
    layout.paper.head_and_foot(
        left=["Client {{ client.id }}  ·  {{ document.title }}  ·  {{ document.date }}"],
        right=[_FORM],
        header=["{{ clinic.name }}"],
    )
    for number, block in enumerate(document.blocks):
        following = document.blocks[number + 1] if number + 1 < len(document.blocks) else {}
        layout.draw(block, keep=following.get("block") == "signatures")
    return layout.paper.save()


def build_supplement(
    title: str,
    blocks: Sequence[Mapping[str, Any]],
    definitions: Definitions,
    brand: Mapping[str, Any],
    words: Mapping[str, str] | None = None,
    beside: Sequence[Mapping[str, Any]] = (),
) -> bytes:
    """Return the Word file that an overlay adds where ``{%p include supplements %}`` stands: blocks, no page furniture.

    What the blocks ``beside`` name is printed elsewhere. Raises ShelfError as `build`.
    """
    layout = _Layout(Document("supplement", title, "", "", (*blocks, *beside)), definitions, brand, words or {})
    for block in blocks:
        layout.draw(block)
    return layout.paper.save()


class _Entry(NamedTuple):
    """One entry of a block: its (first) field, what it prints, its label and the options of its table."""

    field: Field
    pattern: str
    label: str
    options: Mapping[str, Any]


class _Layout:
    """A document being laid out: its paper, the fields it may print, and those that its blocks name."""

    def __init__(
        self, document: Document, definitions: Definitions, brand: Mapping[str, Any], words: Mapping[str, str]
    ) -> None:
        self.document, self.definitions, self.brand, self.words = document, definitions, brand, words
        self.paper = Paper(document.title, brand)
        self.named = {path for block in document.blocks for path in _paths(block)}
        self.scope: dict[str, str] = {}
        self.documents = (document.name,)
        """For which documents the block is laid out; a supplement's may be for some only."""

    def draw(self, block: Mapping[str, Any], keep: bool = False) -> None:
        kind = str(block.get("block"))
        if kind not in _BLOCKS:
            raise ShelfError(f"{self.document.name}: there is no block «{kind}». Use one of {', '.join(_BLOCKS)}.")
        if self.document.name == "supplement":
            self.documents = tuple(block.get("documents", ("supplement",)))
        conditions = [block.get("when") or self._any_answer(block)]
        if self.document.name == "supplement" and "documents" in block:
            conditions.append(f"document.name in {tuple(block['documents'])!r}")
        condition = " and ".join(f"({item})" if " or " in item else item for item in conditions if item)
        if condition:
            self.paper.tag(f"if {condition}")
        if block.get("heading") and kind != "plain_page":
            self.paper.add("Heading 1", self.said(block["heading"]))
        _BLOCKS[kind](self, block, keep)
        if condition:
            self.paper.tag("endif")

    # --- fields ----------------------------------------------------------------------------------------------------

    def field(self, path: str) -> Field:
        found = self.definitions.fields.get(path)
        if found is None:
            raise ShelfError(f"{self.document.name}: a block names {path}, which no section has.")
        return found

    def entries(self, items: Iterable[Any]) -> Iterator[_Entry]:
        """Yield the entries of a block; ``risk.*`` gives one for each field of the section that no block names."""
        for item in items:
            options = {"field": item} if isinstance(item, str) else item
            pattern = str(options.get("pattern") or options["field"])
            if pattern.endswith(".*"):
                for field in self.others(pattern.removesuffix(".*")):
                    yield _Entry(field, field.path, field.label, options)
                continue
            field = self.field(_fields_in(pattern)[0])
            yield _Entry(field, pattern, str(options.get("label", field.label)), options)

    def others(self, section: str) -> list[Field]:
        """Return the fields of ``section`` that the document prints and that no block names."""
        fields = self.definitions.sections[section].fields
        return [item for item in fields if any(map(item.prints_in, self.documents)) and item.path not in self.named]

    def said(self, text: Any) -> str:
        """Return the form's own words, with the population's word for the client."""
        return Template(str(text)).safe_substitute({"client": "client", **self.words})

    def value(self, path: str) -> str:
        """Return the expression of the value at ``path``, as the loops around it name its row."""
        section, _, name = path.partition(".")
        return f"{self.scope.get(section, section)}.{name}"

    def shown(self, path: str) -> str:
        """Return the tag that prints the value at ``path``."""
        ending = ' | join(", ")' if self.field(path).kind == "refs" else ""
        return f"{{{{ {self.value(path)}{ending} }}}}"

    def filled(self, pattern: str) -> str:
        """Return ``pattern`` (or a single path) with each path as a tag, and each part in [ ] left out when blank."""

        def optional(found: re.Match[str]) -> str:
            condition = self.unsure(_fields_in(found[1]))
            return f"{{% if {condition} %}}{found[1]}{{% endif %}}" if condition else found[1]

        if "{" not in pattern:
            return self.shown(pattern)
        return _PATH.sub(lambda found: self.shown(found[1]), _OPTIONAL.sub(optional, pattern))

    def certain(self, path: str) -> bool:
        """Tell whether a ready document always has an answer here, so that nothing need be left out."""
        field = self.field(path)
        return {*self.documents} <= {*field.required} and not field.unless and not field.one_row

    def unsure(self, paths: Iterable[str]) -> str:
        """Return the condition that all of ``paths`` are answered; empty where that is certain."""
        return " and ".join(f"{self.value(path)} is not none" for path in paths if not self.certain(path))

    def answered(self, pattern: str) -> str:
        """Return the condition that ``pattern`` has something to say; empty where that is certain."""
        if needed := _needed(pattern):
            return self.unsure(needed)
        paths = _fields_in(pattern)
        return "" if any(map(self.certain, paths)) else " or ".join(f"{self.value(path)} is not none" for path in paths)

    def _any_answer(self, block: Mapping[str, Any]) -> str:
        """Return when a block has anything to say; empty where it always does."""
        kind = block.get("block")
        if kind == "rows":
            return self.rows_of(str(block["section"]))
        if kind == "history":
            return "measures"
        if kind not in ("pairs", "narrative", "plain_page"):
            return ""
        entries = self.entries(block["fields"] if "fields" in block else [block["field"]])
        paths = [path for entry in entries for path in _needed(entry.pattern) or _fields_in(entry.pattern)]
        if any(map(self.certain, paths)):
            return ""
        return " or ".join(f"{self.value(path)} is not none" for path in paths) or "false"

    def rows_of(self, section: str) -> str:
        """Return the expression of all rows of ``section``, which may nest under a single one."""
        above = self.definitions.sections.get(self.definitions.sections[section].parent)
        nests = above is not None and (not above.repeats or above.name == self.document.each)
        return f"{above.name}.{section}" if above is not None and nests else section

    # --- answers ---------------------------------------------------------------------------------------------------

    def answer(self, entry: _Entry, where: Any, style: str, keep: bool = False) -> None:
        """Print one answer as paragraphs: a list by lines, the person's own words as a quotation, or as it is."""
        if entry.field.kind == "lines" and entry.pattern == entry.field.path:
            self.paper.tag(f"for item in {self.value(entry.pattern)}", where=where)
            if marker := entry.options.get("marker"):
                number = (f"{marker}{{{{ loop.index }}}}", "Number")
                self.paper.add("Finding", number, "\t{{ item }}", where=where, keep=keep)
            else:
                self.paper.add("List Bullet", "{{ item }}", where=where, keep=keep)
            self.paper.tag("endfor", where=where)
        else:
            style = "Quote" if entry.options.get("quote") else style
            self.paper.add(style, self.filled(entry.pattern), where=where, keep=keep)

    def optional(self, pattern: str, where: Any, draw: Callable[[], object]) -> None:
        """Call ``draw`` between tags that leave it out where an answer that ``pattern`` needs is blank."""
        condition = self.answered(pattern)
        if condition:
            self.paper.tag(f"if {condition}", where=where)
        draw()
        if condition:
            self.paper.tag("endif", where=where)

    def in_columns(self, section: str, columns: Sequence[Mapping[str, Any]], source: str, elsewhere: str = "") -> None:
        """Print a table with one row for each row of ``source``; what holds ``elsewhere`` only points to its place."""
        loop = self.definitions.sections[section].singular
        shares = [float(column["width"]) for column in columns]
        table = self.paper.table([WIDTH * share / sum(shares) for share in shares], top=not elsewhere)
        for cell, column in zip(self.paper.row(table, head=True), columns, strict=True):
            self.paper.add("Table Head", str(column["title"]), where=cell)
        self.paper.tag_row(table, f"for {loop} in {source}")
        self.scope[section] = loop
        if elsewhere:
            self.paper.tag_row(table, f"if {elsewhere}")
            for cell, text in zip(self.paper.row(table, whole=True), _POINTER, strict=True):
                self.paper.add("Table Note", text, where=cell)
            self.paper.tag_row(table, "else")
        for number, cell in enumerate(self.paper.row(table, whole=True)):
            extra = [item.path for item in self.others(section)] if number == 0 else []
            self.cell(cell, columns[number], extra)
        if elsewhere:
            self.paper.tag_row(table, "endif")
        del self.scope[section]
        self.paper.tag_row(table, "endfor")

    def cell(self, cell: Any, column: Mapping[str, Any], extra: Sequence[str]) -> None:
        """Fill the cell of one column. Its first entry always stands: a cell without a paragraph breaks the file."""
        patterns = [("Table Lead", item) for item in column.get("lead", ())]
        patterns += [("Table Text", item) for item in column.get("text", ())]
        patterns += [("Table Note", item) for item in (*column.get("note", ()), *extra)]
        for number, (style, pattern) in enumerate(patterns):
            runs: list[Run] = [self.filled(pattern)]
            if style == "Table Note" and "{" not in pattern:
                runs.insert(0, f"{self.field(pattern).label}: ")
            if number == 0:
                if column.get("number"):
                    runs.insert(0, (f"{self.shown(column['number'])}  ", "Number"))
                self.paper.add(style, *runs, where=cell)
            else:
                self.optional(pattern, cell, partial(self.paper.add, style, *runs, where=cell))


def _fields_in(pattern: str) -> list[str]:
    """Return the paths in ``pattern``, which may be a single path."""
    return _PATH.findall(pattern) or [pattern]


def _needed(pattern: str) -> list[str]:
    """Return the paths without which ``pattern`` is not printed: those outside [ ]."""
    return _PATH.findall(_OPTIONAL.sub("", pattern)) if "{" in pattern else [pattern]


def _paths(block: Any) -> Iterator[str]:
    """Yield the paths that a block names, however deep."""
    if isinstance(block, str):
        yield from _PATH.findall(block)
        if re.fullmatch(r"[a-z0-9_]+\.[a-z0-9_]+", block):
            yield block
    elif isinstance(block, Mapping):
        for value in block.values():
            yield from _paths(value)
    elif isinstance(block, Sequence):
        for value in block:
            yield from _paths(value)


# --- the blocks ------------------------------------------------------------------------------------------------------

_Block = Callable[[_Layout, Mapping[str, Any], bool], None]
_BLOCKS: dict[str, _Block] = {}


def _block(function: _Block) -> _Block:
    _BLOCKS[function.__name__.removeprefix("_draw_")] = function
    return function


@_block
def _draw_masthead(layout: _Layout, block: Mapping[str, Any], keep: bool) -> None:
    paper, brand = layout.paper, layout.brand
    table = paper.table([WIDTH * 0.5, WIDTH * 0.5], rules=False, margins=(0, 0))
    left, right = paper.row(table)
    if brand.get("logo"):
        paper.picture(Path(str(brand["logo"])), 0.5, left)
    name = str(brand.get("name") or "")
    paper.add("Clinic", name or "{{ clinic.name }}", where=left)
    if name:
        paper.add("Small", "{{ clinic.name }}", where=left)
    for number, entry in enumerate(layout.entries(block.get("details", ()))):
        draw = partial(paper.add, "Masthead Line", layout.filled(entry.pattern), where=right)
        if number:
            layout.optional(entry.pattern, right, draw)
        else:
            draw()
    paper.add("Title", layout.document.title)
    if block.get("subtitle"):
        paper.add("Subtitle", layout.filled(str(block["subtitle"])))


@_block
def _draw_card(layout: _Layout, block: Mapping[str, Any], keep: bool) -> None:
    paper, columns = layout.paper, [*block["columns"], *([block["last"]] if "last" in block else [])]
    shares = [float(share) for share in block["widths"]]
    table = paper.table([WIDTH * share / sum(shares) for share in shares], rules=False, margins=(70, 115))
    for cell, items in zip(paper.row(table), columns, strict=True):
        paper.shade(cell)
        for number, entry in enumerate(layout.entries(items)):

            def draw(entry: _Entry = entry, cell: Any = cell) -> None:
                paper.add("Card Label", entry.label, where=cell)
                paper.add("Card Value", layout.filled(entry.pattern), where=cell)

            if number:
                layout.optional(entry.pattern, cell, draw)
            else:
                draw()


@_block
def _draw_pairs(layout: _Layout, block: Mapping[str, Any], keep: bool) -> None:
    paper = layout.paper
    table = paper.table([_LABELS, WIDTH - _LABELS], top=not block.get("heading"))
    whole = False  # LibreOffice 7.4 loses rows below the first of a table that may not be split, under a heading
    for entry in layout.entries(block["fields"]):
        condition = layout.answered(entry.pattern)
        if condition:
            paper.tag_row(table, f"if {condition}")
        left, right = paper.row(table, whole=whole)
        whole = whole or not condition
        paper.add("Row Label", entry.label, where=left)
        layout.answer(entry, right, "Answer")
        if condition:
            paper.tag_row(table, "endif")


@_block
def _draw_narrative(layout: _Layout, block: Mapping[str, Any], keep: bool) -> None:
    paper = layout.paper
    entries = list(layout.entries(block["fields"]))
    for entry in entries:
        last = keep and entry is entries[-1]

        def draw(entry: _Entry = entry, last: bool = last) -> None:
            if entry.field.kind in ("long", "lines"):
                if entry.label:
                    paper.add("Heading 3", entry.label)
                layout.answer(entry, None, "Normal", last)
            else:
                paper.add("Normal", (f"{entry.label}  ", "Label"), layout.filled(entry.pattern), keep=last)

        layout.optional(entry.pattern, None, draw)


@_block
def _draw_rows(layout: _Layout, block: Mapping[str, Any], keep: bool) -> None:
    section = str(block["section"])
    layout.in_columns(section, block["columns"], layout.rows_of(section))


@_block
def _draw_goals(layout: _Layout, block: Mapping[str, Any], keep: bool) -> None:
    paper = layout.paper
    paper.tag("for goal in goals")
    layout.scope["goals"] = "goal"
    paper.add("Heading 2", layout.filled(str(block["title"])))
    paper.add("Statement", layout.filled(str(block["statement"])))
    if quote := block.get("quote"):
        layout.optional(quote, None, partial(paper.add, "Quote", layout.filled(quote)))
    for entry in layout.entries([*block.get("fields", ()), "goals.*"]):
        runs: tuple[Run, Run] = ((f"{entry.label}  ", "Label"), layout.filled(entry.pattern))
        layout.optional(entry.pattern, None, partial(paper.add, "Normal", *runs))
    facts: list[Run] = []
    for entry in layout.entries(block.get("facts", ())):
        condition = layout.answered(entry.pattern)
        opening, closing = (f"{{% if {condition} %}}", "{% endif %}") if condition else ("", "")
        facts += [opening, (f"{entry.label} ", "Label"), f"{layout.filled(entry.pattern)}     {closing}"]
    if facts:
        paper.add("Small", *facts, keep=True)
    for part in block["tables"]:
        section = str(part["section"])
        paper.tag(f"if goal.{section}")
        elsewhere = f"goal.goal != ({_HERE})" if section == "interventions" else ""
        layout.in_columns(section, part["columns"], f"goal.{section}", elsewhere)
        paper.add("Gap")
        paper.tag("endif")
    del layout.scope["goals"]
    paper.tag("endfor")


@_block
def _draw_history(layout: _Layout, block: Mapping[str, Any], keep: bool) -> None:
    paper = layout.paper
    table = paper.table([_LABELS, WIDTH - _LABELS], top=not block.get("heading"))
    paper.tag_row(table, "for one in measures")
    left, right = paper.row(table)
    paper.add("Row Label", "{{ one.scores[0].measure }}", where=left)
    reading = (
        "{{ score.score }} on {{ score.date }}{% if score.respondent is not none %} ({{ score.respondent }}){% endif %}"
    )
    paper.add(
        "Answer",
        f"{{% for score in one.scores %}}{reading}{{% if not loop.last %}}  ·  {{% endif %}}{{% endfor %}}",
        where=right,
    )
    paper.tag_row(table, "endfor")


@_block
def _draw_plain_page(layout: _Layout, block: Mapping[str, Any], keep: bool) -> None:
    paper = layout.paper
    title = paper.add("Title", layout.said(block["heading"]))
    title.paragraph_format.page_break_before = True
    paper.add("Plain", layout.filled(str(block["field"])))


@_block
def _draw_text(layout: _Layout, block: Mapping[str, Any], keep: bool) -> None:
    layout.paper.add("Small", layout.said(block["text"]), keep=keep)


@_block
def _draw_signatures(layout: _Layout, block: Mapping[str, Any], keep: bool) -> None:
    paper = layout.paper
    paper.tag("if draft")
    paper.add("Small", "Signatures follow when the document is complete.")
    paper.tag("else")
    if block.get("text"):
        paper.add("Small", str(block["text"]), keep=True)
    table = paper.table([WIDTH / 2, WIDTH / 2], rules=False, margins=(0, 0))
    paper.tag_row(table, "for number in range(0, signers | length, 2)")
    left, right = paper.row(table, whole=True)
    paper.add("Signature", "{{ sign(signers[number].role) }}", where=left)
    paper.add("Signature", "{{ sign(signers[number + 1].role) }}", where=right)
    paper.tag_row(table, "endfor")
    paper.tag("endif")


@_block
def _draw_supplements(layout: _Layout, block: Mapping[str, Any], keep: bool) -> None:
    layout.paper.tag("include supplements")


@_block
def _draw_last_pages(layout: _Layout, block: Mapping[str, Any], keep: bool) -> None:
    layout.paper.tag("include last_pages")
