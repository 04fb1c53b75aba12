"""Where a finished document may break over pages: which rows part, and which stay on one page with others.

Two table styles ask for more than Word and LibreOffice do by themselves. In a table of the style `ROWS` a short last
row takes the row before along, so that it never stands alone on top of a page. The last rows of one of the style
`CLOSING_ROWS` also stay on the page of what follows the table: as few as may be, so that the page before stays full.
"""

from __future__ import annotations

ROWS, CLOSING_ROWS = "Rows", "Closing Rows"
"""The names of the table styles, which say nothing of how a table looks."""
MAY_BREAK = "\x05" * 16
"""Stands where a row shall not break, until it is known how tall the row is."""
WHOLE = "<w:cantSplit/>"

_TALL = 1_500
"""Characters of text from which a row may be too tall for the rest of a page."""
_LONG = 600
"""Characters of text from which a row that is kept with what follows may leave no room for it on a page."""
_SHORT = 4
"""Lines up to which a row is too little to stand alone on top of a page."""
_CHARACTER = 95
"""About how wide a character is, in twentieths of a point."""
_KEPT, _LINES = "<w:keepNext/>", "<w:keepLines/>"
_ROW_END, _TABLE, _GRID_END, _TABLE_END = "</w:tr>", "<w:tbl>", "</w:tblGrid>", "</w:tbl>"
_HEAD = f"{WHOLE}<w:tblHeader/>"
_OF_ROWS, _OF_CLOSING = (f'{_TABLE}<w:tblPr><w:tblStyle w:val="{style}"/>' for style in ("Rows", "ClosingRows"))
_WIDTH = ' w:w="'
_PROPERTIES, _STYLE = "<w:pPr>", "<w:pStyle "
_TEXT_END, _PARAGRAPH_END, _CELL_END = "</w:t>", "</w:p>", "</w:tc>"
_NEXT_ROW = f"{_ROW_END}<w:tr><w:trPr>"
_TO_NEXT = len(_NEXT_ROW)
_LEAST = len("<w:r><w:t></w:t></w:r>")
"""Characters, at the least, of what is around a text."""
_GAP = (
    '<w:p><w:pPr><w:spacing w:before="0" w:after="0" w:line="240" w:lineRule="auto"/>'
    '<w:rPr><w:sz w:val="2"/></w:rPr></w:pPr></w:p>'
)
"""Between two tables, which Word would join without it."""


def with_breaks(xml: str) -> str:
    """Return ``xml`` in which a row of very long text may break: LibreOffice cuts off what is taller than a page.

    A long row is not kept with what follows either. The last rows of tables stay together as their style asks.
    """
    before, *rows = xml.split(MAY_BREAK)
    pieces = [before]  # after the first, each begins inside a row and ends inside the next that shall not break
    start = 0  # the piece in which the table opens
    for row in rows:
        is_followed = row.endswith(_NEXT_ROW)  # by the next row of its table, as most are
        end = len(row) - _TO_NEXT if is_followed else row.find(_ROW_END)
        is_tall = end > _TALL and _is_longer(row, end, _TALL)
        if is_tall or (end > _LONG and _KEPT in row and _is_longer(row, end, _LONG)):
            row = row[:end].replace(_KEPT, "") + row[end:]
            end = row.find(_ROW_END)
        pieces.append(row if is_tall else WHOLE + row)
        if not is_followed and _TABLE_END in row:
            if row.startswith(_TABLE_END, end + len(_ROW_END)):
                _settle_last_rows(pieces, start)
            start = len(pieces) - 1
    return "".join(pieces)


def _settle_last_rows(pieces: list[str], start: int) -> None:
    """Keep the last rows of a table together as its style asks; it opens at ``start`` and ends with ``pieces``."""
    first = last = len(pieces) - 1
    end = pieces[last].find(_ROW_END)
    if last - 1 == start and _KEPT in pieces[last][:end]:
        pieces[last] = _alone(pieces[last])
        return
    begin = pieces[start].rfind(_TABLE)
    is_closing = pieces[start].startswith(_OF_CLOSING, begin)
    if not is_closing and not pieces[start].startswith(_OF_ROWS, begin):
        return
    if last - 1 > start and _is_short(pieces[last], end):
        before = len(pieces[last - 1]) - _TO_NEXT
        if _may_be_kept(pieces[last - 1], before, _LONG):
            first = last - 1
            pieces[first] = _held(pieces[first], before)
    if is_closing and _may_be_kept(pieces[last], end, _TALL):
        pieces[last] = _held(pieces[last], end)
        if first == last:
            pieces[last] = _alone(pieces[last])
        if first - 1 > start:  # LibreOffice 7.4 keeps no rows with what follows the table but all of them
            opening, _, _ = pieces[start][begin:].partition(_GRID_END)
            before_end, end_of_row, next_row = pieces[first - 1].partition(_ROW_END)
            pieces[first - 1] = f"{before_end}{end_of_row}{_TABLE_END}{_GAP}{opening}{_GRID_END}{next_row}"


def _may_be_kept(row: str, end: int, limit: int) -> bool:
    return not row.startswith(_HEAD) and not _is_longer(row, end, limit)


def _is_short(row: str, end: int) -> bool:
    """Tell whether a row has only a few lines, as far as widths of cells and numbers of characters tell."""
    for cell in row[:end].split(_CELL_END)[:-1]:
        lines = cell.count(_PARAGRAPH_END) + cell.count("<w:br/>")
        if lines > _SHORT:
            return False
        at = cell.find(_WIDTH) + len(_WIDTH)
        width = cell[at : cell.find('"', at)]
        if not width.isdigit():
            return False
        if lines + _length(cell) * _CHARACTER // int(width) > _SHORT:  # as if all were one paragraph: not fewer lines
            lengths = [_length(paragraph) for paragraph in cell.split(_PARAGRAPH_END)[:-1]]
            if lines + sum([length * _CHARACTER // int(width) for length in lengths]) > _SHORT:
                return False
    return True


def _alone(row: str) -> str:
    """Return the one row of a table that is kept with what follows: LibreOffice 7.4 does not keep a whole one."""
    return row.removeprefix(WHOLE)


def _held(row: str, end: int) -> str:
    """Return ``row``, which ends at ``end``, with all its paragraphs kept with what follows."""
    before, *paragraphs = row[:end].split(_PROPERTIES)
    pieces = [before]
    for paragraph in paragraphs:
        style = paragraph.find("/>") + 2 if paragraph.startswith(_STYLE) else 0
        if paragraph.startswith((_KEPT, _LINES), style):
            paragraph = paragraph[:style] + paragraph[style:].removeprefix(_KEPT).removeprefix(_LINES)
        pieces.append(f"{paragraph[:style]}{_KEPT}{_LINES}{paragraph[style:]}")
    return _PROPERTIES.join(pieces) + row[end:]


def _is_longer(xml: str, end: int, limit: int) -> bool:
    """Tell whether the text of ``xml`` up to ``end`` has more than ``limit`` characters."""
    if end <= limit or end - _LEAST * xml.count(_TEXT_END, 0, end) <= limit:
        return False
    return _length(xml[:end]) > limit


def _length(xml: str) -> int:
    """Return the number of characters of text in ``xml``."""
    return sum([len(text) - text.rfind(">") - 1 for text in xml.split(_TEXT_END)[:-1]])
