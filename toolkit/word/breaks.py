"""Where a finished document may break over pages: which rows part, and which stay on one page with others.

Two table styles ask for more than Word and LibreOffice do by themselves. In a table of the style `ROWS` a short last
row takes the row before along, so that it never stands alone on top of a page. The last rows of one of the style
`CLOSING_ROWS` also stay on the page of what follows the table: as few as may be, so that the page before stays full.
"""

from __future__ import annotations

import re
from functools import lru_cache

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
_HEAD = "<w:tblHeader/>"
_OF_ROWS, _OF_CLOSING = (f'{_TABLE}<w:tblPr><w:tblStyle w:val="{style}"/>' for style in ("Rows", "ClosingRows"))
_WIDTH = ' w:w="'
_PROPERTIES = "<w:pPr>"
_PARAGRAPH = re.compile(rf"{_PROPERTIES}(<w:pStyle [^>]*/>)?(?:{_KEPT})?(?:{_LINES})?")
_TEXT_END, _PARAGRAPH_END, _CELL_END = "</w:t>", "</w:p>", "</w:tc>"
_NEXT_ROW = f"{_ROW_END}<w:tr><w:trPr>"
_TO_NEXT = len(_NEXT_ROW)
_LEAST = len("<w:p>")
"""Characters, at the least, of a tag."""
_LABEL = 300
"""Characters of XML up to which a cell may well be a label."""
_GAP = (
    '<w:p><w:pPr><w:spacing w:before="0" w:after="0" w:line="240" w:lineRule="auto"/>'
    '<w:rPr><w:sz w:val="2"/></w:rPr></w:pPr></w:p>'
)
"""Between two tables, which Word would join without it."""


def with_breaks(xml: str) -> str:
    """Return ``xml`` in which a row of very long text may break: LibreOffice cuts off what is taller than a page.

    A long row is not kept with what follows either. The last rows of tables stay together as their style asks.
    """
    rows = _Rows(xml.split(MAY_BREAK))
    start = 0  # the piece in which the table opens
    for number, row in enumerate(rows.pieces):
        if row.endswith(_NEXT_ROW):  # of the same table, as most are
            rows.loosen(number, len(row) - _TO_NEXT)
            continue
        end = row.find(_ROW_END)
        loose_end = rows.loosen(number, end) if number else 0
        if number and row.startswith(_TABLE_END, end + len(_ROW_END)):
            rows.settle(start, number, loose_end)
            start = number
        elif _TABLE_END in row:
            start = number
    return rows.joined()


class _Rows:
    """A part in pieces: each but the first begins inside a row that shall not break, and ends inside the next one."""

    def __init__(self, pieces: list[str]) -> None:
        self.pieces = pieces
        self._whole = [WHOLE] * len(pieces)
        """What stands before each piece."""
        self._whole[0] = ""

    def joined(self) -> str:
        """Return the part."""
        both = self._whole + self.pieces
        both[::2], both[1::2] = self._whole, self.pieces
        return "".join(both)

    def loosen(self, number: int, end: int) -> int:
        """Let the row that a piece begins with, and that ends at ``end``, go from what follows, or break, if long.

        Returns where it ends then.
        """
        if end <= _LONG:
            return end
        row = self.pieces[number]
        is_tall = _is_longer(row, end, _TALL)
        if is_tall:
            self._whole[number] = ""
        if is_tall or (_KEPT in row and _is_longer(row, end, _LONG)):
            loose = row[:end].replace(_KEPT, "")
            self.pieces[number] = loose + row[end:]
            return len(loose)
        return end

    def settle(self, start: int, last: int, end: int) -> None:
        """Keep the last rows of a table together as its style asks.

        It opens in the piece ``start``; its last row is that which ``last`` begins with, and ends there at ``end``.
        """
        pieces, first = self.pieces, last
        if last - 1 == start and _KEPT in pieces[last][:end]:
            self._whole[last] = ""  # LibreOffice 7.4 does not keep a whole one
            return
        begin = pieces[start].rfind(_TABLE)
        is_closing = pieces[start].startswith(_OF_CLOSING, begin)
        if not is_closing and not pieces[start].startswith(_OF_ROWS, begin):
            return
        if last - 1 > start and _is_short(pieces[last], end):
            before = pieces[last - 1].find(_ROW_END)
            if _may_be_kept(pieces[last - 1], before, _LONG):
                first = last - 1
                pieces[first] = _held(pieces[first], before)
        if is_closing and _may_be_kept(pieces[last], end, _TALL):
            pieces[last] = _held(pieces[last], end)
            if first == last:
                self._whole[last] = ""
            if first - 1 > start:  # LibreOffice 7.4 keeps no rows with what follows the table but all of them
                opening, _, _ = pieces[start][begin:].partition(_GRID_END)
                before_end, end_of_row, next_row = pieces[first - 1].partition(_ROW_END)
                pieces[first - 1] = f"{before_end}{end_of_row}{_TABLE_END}{_GAP}{opening}{_GRID_END}{next_row}"


def _may_be_kept(row: str, end: int, limit: int) -> bool:
    return not row.startswith(_HEAD) and not _is_longer(row, end, limit)


def _is_short(row: str, end: int) -> bool:
    """Tell whether a row has only a few lines."""
    for cell in row[:end].split(_CELL_END)[:-1]:
        if not (_is_low_label(cell) if len(cell) <= _LABEL else _is_low(cell)):
            return False
    return True


def _is_low(cell: str) -> bool:
    """Tell whether a cell has only a few lines, as far as its width and the number of characters tell."""
    paragraphs = cell.count(_PARAGRAPH_END)
    lines = paragraphs + cell.count("<w:br/>")
    at = cell.find(_WIDTH) + len(_WIDTH)
    width = cell[at : cell.find('"', at)]
    if lines > _SHORT or not width.isdigit():
        return False
    if lines + _length(cell) * _CHARACTER // int(width) <= _SHORT:  # as if all were one paragraph: not fewer lines
        return True
    if paragraphs == 1:
        return False
    lengths = [_length(paragraph) for paragraph in cell.split(_PARAGRAPH_END)[:-1]]
    return lines + sum([length * _CHARACTER // int(width) for length in lengths]) <= _SHORT


_is_low_label = lru_cache(maxsize=1024)(_is_low)  # the same labels stand in every document


def _held(row: str, end: int) -> str:
    """Return ``row``, which ends at ``end``, with all its paragraphs kept with what follows."""
    pieces = _PARAGRAPH.split(row[:end])
    pieces[1::2] = [f"{_PROPERTIES}{style or ''}{_KEPT}{_LINES}" for style in pieces[1::2]]
    return "".join(pieces) + row[end:]


def _is_longer(xml: str, end: int, limit: int) -> bool:
    """Tell whether the text of ``xml`` up to ``end`` has more than ``limit`` characters."""
    if end <= limit or end - _LEAST * xml.count("<", 0, end) <= limit:
        return False
    return _length(xml[:end]) > limit


def _length(xml: str) -> int:
    """Return the number of characters of text in ``xml``."""
    return sum([len(text) - text.rfind(">") - 1 for text in xml.split(_TEXT_END)[:-1]])
