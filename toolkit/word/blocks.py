"""How each block of a document (`toolkit.blocks`) is drawn in Word: labels, lists and omissions follow the fields.

A table, never a paragraph, stands right below a heading: else LibreOffice 7.4 now and then leaves the heading behind.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from docx.shared import Pt

from toolkit.blocks import Entry
from toolkit.errors import ShelfError
from toolkit.word.breaks import CLOSING_ROWS, ROWS
from toolkit.word.draft import LATER
from toolkit.word.layout import Layout
from toolkit.word.paper import LABELS, WIDTH, Run

_HERE = "goals[0].goal if not intervention.goals or 'all' in intervention.goals else intervention.goals[0]"
"""The number of the goal at which an intervention stands whole."""
_POINTER = (
    "{{ intervention.intervention }}  {{ intervention.technique }}",
    f"as described under goal {{{{ {_HERE} }}}}",
)

_Block = Callable[[Layout, Mapping[str, Any], bool], None]
_BLOCKS: dict[str, _Block] = {}


def _block(function: _Block) -> _Block:
    _BLOCKS[function.__name__.removeprefix("_draw_")] = function
    return function


def draw(layout: Layout, block: Mapping[str, Any], keep: bool = False) -> None:
    """Draw ``block``; with ``keep`` its last rows stay on the page of what follows, as far as a page holds both.

    Raises ShelfError where it is not known or names a field that nothing defines.
    """
    kind = str(block.get("block"))
    if kind not in _BLOCKS:
        raise ShelfError(f"{layout.document.name}: there is no block «{kind}». Use one of {', '.join(_BLOCKS)}.")
    if layout.document.name == "supplement":
        layout.documents = tuple(block.get("documents", ("supplement",)))
    conditions = [block.get("when") or layout.any_answer(block)]
    if layout.document.name == "supplement" and "documents" in block:
        conditions.append(f"document.name in {tuple(block['documents'])!r}")
    condition = " and ".join(f"({item})" if " or " in item else item for item in conditions if item)
    if condition:
        layout.paper.tag(f"if {condition}")
    if block.get("heading") and kind != "plain_page":
        layout.paper.add("Heading 1", layout.said(block["heading"]))
    _BLOCKS[kind](layout, block, keep)
    if condition:
        layout.paper.tag("endif")


# --- each block -----------------------------------------------------------------------------------------------------


@_block
def _draw_masthead(layout: Layout, block: Mapping[str, Any], keep: bool) -> None:
    paper, brand = layout.paper, layout.brand
    table = paper.table([WIDTH * 0.5, WIDTH * 0.5], rules=False, margins=(0, 0))
    left, right = paper.row(table)
    if brand.get("logo"):
        paper.picture(Path(str(brand["logo"])), 0.5, left)
    name = str(brand.get("name") or "")
    paper.add("Clinic", name or "{{ clinic.name }}", where=left)
    if name:
        paper.add("Small", "{{ clinic.name }}", where=left)
    details = block.get("details", ())
    for number, entry in enumerate(layout.entries(details)):
        draw = partial(paper.add, "Masthead Line", layout.filled(entry.pattern), where=right)
        if number:
            layout.optional(entry.pattern, right, draw)
        else:
            draw()
    where = None if details else right
    said = [paper.add("Title", layout.document.title, where=where)]
    if block.get("subtitle"):
        said.append(paper.add("Subtitle", layout.filled(str(block["subtitle"])), where=where))
    if where is not None:
        said[0].paragraph_format.space_before, said[-1].paragraph_format.space_after = Pt(0), Pt(3)


@_block
def _draw_card(layout: Layout, block: Mapping[str, Any], keep: bool) -> None:
    paper, columns = layout.paper, [*block["columns"], *([block["last"]] if "last" in block else [])]
    shares = [float(share) for share in block["widths"]]
    table = paper.table([WIDTH * share / sum(shares) for share in shares], rules=False, margins=(70, 115))
    for cell, items in zip(paper.row(table), columns, strict=True):
        paper.shade(cell)
        for number, entry in enumerate(layout.entries(items)):

            def draw(entry: Entry = entry, cell: Any = cell) -> None:
                paper.add("Card Label", entry.label, where=cell)
                paper.add("Card Value", layout.filled(entry.pattern), where=cell)

            if number:
                layout.optional(entry.pattern, cell, draw)
            else:
                draw()


@_block
def _draw_pairs(layout: Layout, block: Mapping[str, Any], keep: bool) -> None:
    paper = layout.paper
    style = CLOSING_ROWS if keep else ROWS
    table = paper.table([LABELS, WIDTH - LABELS], style=style, top=not block.get("heading"))
    for entry in layout.entries(block["fields"]):
        condition = layout.answered(entry.pattern)
        if condition:
            paper.tag_row(table, f"if {condition}")
        left, right = paper.row(table, whole=True)
        paper.add("Row Label", entry.label, where=left)
        layout.answer(entry, right, "Answer")
        if condition:
            paper.tag_row(table, "endif")


@_block
def _draw_rows(layout: Layout, block: Mapping[str, Any], keep: bool) -> None:
    section = str(block["section"])
    _table(layout, section, block["columns"], layout.rows_of(section))


@_block
def _draw_goals(layout: Layout, block: Mapping[str, Any], keep: bool) -> None:
    paper = layout.paper
    paper.tag("for goal in goals")
    layout.scope["goals"] = "goal"
    paper.add("Heading 1", layout.filled(str(block["title"])))
    [cell] = paper.row(paper.table([WIDTH], rules=False, margins=(0, 0)), whole=True)
    paper.add("Statement", layout.filled(str(block["statement"])), where=cell, keep=True)
    if quote := block.get("quote"):
        layout.optional(quote, cell, partial(paper.add, "Quote", layout.filled(quote), where=cell, keep=True))
    for entry in layout.entries([*block.get("fields", ()), "goals.*"]):
        runs: tuple[Run, Run] = ((f"{entry.label}  ", "Label"), layout.filled(entry.pattern))
        layout.optional(entry.pattern, cell, partial(paper.add, "Normal", *runs, where=cell, keep=True))
    facts: list[Run] = []
    for entry in layout.entries(block.get("facts", ())):
        condition = layout.answered(entry.pattern)
        opening, closing = (f"{{% if {condition} %}}", "{% endif %}") if condition else ("", "")
        facts += [opening, (f"{entry.label} ", "Label"), f"{layout.filled(entry.pattern)}     {closing}"]
    if facts:
        paper.add("Small", *facts, where=cell, keep=True)
    for number, part in enumerate(block["tables"]):
        section = str(part["section"])
        paper.tag(f"if goal.{section}")
        paper.add("Gap", keep=number == 0)  # a goal stands on the page of its first table
        elsewhere = f"goal.goal != ({_HERE})" if section == "interventions" else ""
        _table(layout, section, part["columns"], f"goal.{section}", elsewhere)
        paper.tag("endif")
    del layout.scope["goals"]
    paper.tag("endfor")


@_block
def _draw_history(layout: Layout, block: Mapping[str, Any], keep: bool) -> None:
    paper = layout.paper
    table = paper.table([LABELS, WIDTH - LABELS], style=ROWS, top=not block.get("heading"))
    paper.tag_row(table, "for one in measures")
    left, right = paper.row(table, whole=True)
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
def _draw_plain_page(layout: Layout, block: Mapping[str, Any], keep: bool) -> None:
    paper = layout.paper
    title = paper.add("Title", layout.said(block["heading"]))
    title.paragraph_format.page_break_before = True
    paper.add("Plain", layout.filled(str(block["field"])))
    for entry in layout.entries([block["note"]] if "note" in block else ()):
        line = (f"{entry.label}  ", "Label"), layout.filled(entry.pattern)
        layout.optional(entry.pattern, None, partial(paper.add, "Small", *line))


@_block
def _draw_text(layout: Layout, block: Mapping[str, Any], keep: bool) -> None:
    layout.paper.add("Small", layout.said(block["text"]), keep=keep)


@_block
def _draw_signatures(layout: Layout, block: Mapping[str, Any], keep: bool) -> None:
    paper = layout.paper
    table = paper.table([WIDTH / 2, WIDTH / 2], rules=False, margins=(0, 0))
    [cell] = paper.row(table, whole=True, across=True)
    paper.tag("if draft", where=cell)
    paper.add("Small", LATER, where=cell)
    paper.tag("else", where=cell)
    paper.add("Small", str(block.get("text", "")), where=cell, keep=True)
    paper.tag("endif", where=cell)
    paper.tag_row(table, "if not draft")
    paper.tag_row(table, "for number in range(0, signers | length, 2)")
    left, right = paper.row(table, whole=True)
    paper.add("Signature", "{{ sign(signers[number].role) }}", where=left)
    paper.add("Signature", "{{ sign(signers[number + 1].role) }}", where=right)
    paper.tag_row(table, "endfor")
    paper.tag_row(table, "endif")


@_block
def _draw_supplements(layout: Layout, block: Mapping[str, Any], keep: bool) -> None:
    layout.paper.tag("include supplements")


@_block
def _draw_last_pages(layout: Layout, block: Mapping[str, Any], keep: bool) -> None:
    layout.paper.tag("include last_pages")


# --- tables ---------------------------------------------------------------------------------------------------------


def _table(
    layout: Layout, section: str, columns: Sequence[Mapping[str, Any]], source: str, elsewhere: str = ""
) -> None:
    """Draw a table with one row for each row of ``source``; what holds ``elsewhere`` only points to its place."""
    paper, loop = layout.paper, layout.definitions.sections[section].singular
    shares = [float(column["width"]) for column in columns]
    table = paper.table([WIDTH * share / sum(shares) for share in shares], style=ROWS, top=not elsewhere)
    for cell, column in zip(paper.row(table, head=True), columns, strict=True):
        paper.add("Table Head", str(column["title"]), where=cell)
    paper.tag_row(table, f"for {loop} in {source}")
    layout.scope[section] = loop
    if elsewhere:
        paper.tag_row(table, f"if {elsewhere}")
        for cell, text in zip(paper.row(table, whole=True), _POINTER, strict=True):
            paper.add("Table Note", text, where=cell)
        paper.tag_row(table, "else")
    for number, cell in enumerate(paper.row(table, whole=True)):
        extra = [item.path for item in layout.others(section)] if number == 0 else []
        _cell(layout, cell, columns[number], extra)
    if elsewhere:
        paper.tag_row(table, "endif")
    del layout.scope[section]
    paper.tag_row(table, "endfor")


def _cell(layout: Layout, cell: Any, column: Mapping[str, Any], extra: Sequence[str]) -> None:
    """Fill the cell of one column. Its first entry always stands: a cell without a paragraph breaks the file."""
    patterns = [("Table Lead", item) for item in column.get("lead", ())]
    patterns += [("Table Text", item) for item in column.get("text", ())]
    patterns += [("Table Note", item) for item in (*column.get("note", ()), *extra)]
    for number, (style, pattern) in enumerate(patterns):
        runs: list[Run] = [layout.filled(pattern)]
        if style == "Table Note" and "{" not in pattern:
            runs.insert(0, f"{layout.field(pattern).label}: ")
        if number == 0:
            if column.get("number"):
                runs.insert(0, (f"{layout.shown(column['number'])}  ", "Number"))
            layout.paper.add(style, *runs, where=cell)
        else:
            layout.optional(pattern, cell, partial(layout.paper.add, style, *runs, where=cell))
