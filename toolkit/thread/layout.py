"""The map of a thread, laid out on US Letter pages in landscape: boxes with their lines of text, and what joins them.

Points, from the top left corner. Every writer (SVG, Word, PDF) draws what stands here and nothing else. It is a map and
not the plan: a text without room ends at a word with an ellipsis, and the page says so; ids are always whole.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from itertools import accumulate, pairwise
from typing import Literal, NamedTuple

from msgspec import Struct

from toolkit.blocks import INK, MUTED, SHADE
from toolkit.thread.graph import Broken, Node, Step, Thread

Measure = Callable[[str, bool], float]
"""The width of a text in thousandths of its size, in the regular face or the bold one."""
Ink = Literal["ink", "muted", "brand", "alarm"]
Look = Literal["node", "waiting", "broken"]
Way = Literal["typed", "read", "broken"]

WIDTH, HEIGHT = 792.0, 612.0
ALARM, EDGE, THREAD, READ = "9C1C1C", "A9B3BA", "44525C", "8A959C"
"""The colours of what is broken, of boxes, and of links that are named and that are read from words."""
ROUND = 3.0
"""The radius of the corners of a box."""
CROSS = 3.0
"""Half the side of the cross at a broken end."""
HEAD = 17.0
"""The height of the title of a column."""
MARGIN = 30.0
LEADING = 1.22
ASCENT = 0.98
"""Where the first baseline of a text lies below its top, as a share of its size; the rest as its lines follow."""
SHORTENED = "Texts that end in … are shortened: the plan has them whole."

_TITLE_AT, _HEADS_AT, _TOP, _BOTTOM = 30.0, 72.0, 96.0, 550.0
_LEGEND_AT, _FOOT_AT = 567.0, 580.0
_GAP = 28.0
"""Between two columns."""
PAD = 4.0
_STUB = 11.0
_BELOW = 0.85
"""Where on the side of a box a broken end lies, as a share of its height, if a link ends in the middle of that side."""
_LEAST, _APART = 5.0, 14.0
"""The least and the most that stands between two boxes."""
_WHOLE = 999
"""As many lines as anything takes: what is never shortened."""
_BLANKS = re.compile(r"[ \t\n]+")
_DENSITIES = ((9.0, 6), (9.0, 4), (8.5, 4), (8.0, 4), (8.0, 3), (7.5, 3), (7.0, 3), (7.0, 2))
"""Size of the text and most lines of each part, from roomy to dense: no smaller, for people read it on paper."""


class Run(NamedTuple):
    """A piece of a line in one ink."""

    text: str
    bold: bool = False
    ink: Ink = "ink"


class Text(NamedTuple):
    """A line of text: where it begins, where its baseline lies, its size and its pieces."""

    x: float
    y: float
    size: float
    runs: tuple[Run, ...]


class Box(Struct, frozen=True):
    """A box with its lines; ``title`` says all of it in words."""

    x: float
    y: float
    width: float
    height: float
    look: Look
    lines: tuple[Text, ...]
    title: str


class Curve(NamedTuple):
    """What joins two boxes, or an end that leads nowhere (broken): a curve that leaves and arrives level."""

    x0: float
    y0: float
    x1: float
    y1: float
    way: Way

    @property
    def bend(self) -> float:
        """The x of both control points of the curve."""
        return (self.x0 + self.x1) / 2


class Stroke(NamedTuple):
    """How a line is drawn: its colour, its width, and the lengths of its dashes and gaps (none where it is solid)."""

    color: str
    width: float
    dashes: tuple[float, ...] = ()


STROKES: Mapping[Way, Stroke] = {
    "typed": Stroke(THREAD, 1.0),
    "read": Stroke(READ, 0.9, (1.2, 2.2)),
    "broken": Stroke(ALARM, 1.4, (4.0, 2.5)),
}
EDGES: Mapping[Look, Stroke] = {
    "node": Stroke(EDGE, 0.8),
    "waiting": Stroke(EDGE, 0.8),
    "broken": Stroke(ALARM, 1.2, (4.0, 2.5)),
}
FILLS: Mapping[Look, str] = {"node": "FFFFFF", "waiting": SHADE, "broken": "FFFFFF"}


def inks(brand: str) -> Mapping[Ink, str]:
    """Return the colours of text; ``brand`` is that of titles and ids."""
    return {"ink": INK, "muted": MUTED, "brand": brand, "alarm": ALARM}


class Head(NamedTuple):
    """The title of a column: a band of this place and width."""

    x: float
    y: float
    width: float
    line: Text


class Legend(NamedTuple):
    """A stroke of a way, and what it means."""

    x0: float
    x1: float
    y: float
    way: Way
    line: Text


class Page(Struct, frozen=True):
    """One page of a map; ``told`` says all that it shows in words."""

    title: Text
    subtitle: Text
    heads: tuple[Head, ...]
    boxes: tuple[Box, ...]
    curves: tuple[Curve, ...]
    legend: tuple[Legend, ...]
    rule: float
    """Where the line above the legend lies."""
    note: Text | None
    foot: Text
    told: str

    @property
    def drawn(self) -> str:
        """All text that is drawn."""
        boxed = [line for box in self.boxes for line in box.lines]
        lines = [self.title, self.subtitle, *(head.line for head in self.heads), *boxed, self.foot]
        return "\n".join("".join(run.text for run in line.runs) for line in lines)


class About(Struct, frozen=True):
    """What stands at the head and foot of each page: what the map is called, of whom and what, and its marks."""

    title: str
    subtitle: str
    foot: str
    draft: bool = False


def pages(thread: Thread, about: About, measure: Measure) -> tuple[Page, ...]:
    """Return the pages of the map of ``thread``: one where its goals have room at a size that can be read, else more.

    ``measure`` tells how wide a text is.
    """
    portions = list(_portions(thread, measure))
    return tuple(
        _page(portion, thread, about, measure, number, len(portions)) for number, portion in enumerate(portions, 1)
    )


# --- which goals a page shows --------------------------------------------------------------------------------------


def _portions(thread: Thread, measure: Measure) -> Iterator[tuple[Step, ...]]:
    """Yield the steps of each page: whole where they have room, else by goals, with what these lead to."""
    if _Columns(thread.steps, thread, measure, *_DENSITIES[-1]).fit:
        yield thread.steps
        return
    goals = _rows(thread)
    begun = 0
    while begun < len(goals):
        end = begun + 1
        while end < len(goals):
            steps = _only(thread, goals[begun : end + 1], rest=end + 1 == len(goals))
            if not _Columns(steps, thread, measure, *_DENSITIES[-1]).fit:
                break
            end += 1
        yield _only(thread, goals[begun:end], rest=end == len(goals))
        begun = end


def _rows(thread: Thread) -> tuple[Node, ...]:
    """Return the nodes by which a map is divided: those of the step in the middle of the links, the goals."""
    ends = [link.target.step for link in thread.links if link.typed]
    step = next((step for step in thread.steps if step.name in ends and step.nodes and step.nodes[0].path == ""), None)
    return step.nodes if step else next((step.nodes for step in thread.steps if step.nodes), ())


def _only(thread: Thread, goals: Sequence[Node], rest: bool) -> tuple[Step, ...]:
    """Return the steps with what ``goals`` lead to and come from; with ``rest`` also what no goal is linked to."""
    own, other = _reach(thread, goals), _reach(thread, [goal for goal in _rows(thread) if goal not in goals])
    return tuple(
        Step(
            step.name,
            step.title,
            tuple(node for node in step.nodes if id(node) in own or (rest and id(node) not in other)),
            step.none,
            step.refs,
        )
        for step in thread.steps
    )


def _reach(thread: Thread, goals: Iterable[Node]) -> set[int]:
    """Return the nodes, by `id`, that lie before and behind ``goals``."""
    order = {step.name: number for number, step in enumerate(thread.steps)}
    found = {id(goal) for goal in goals}
    before, behind = set(found), set(found)
    for _ in thread.steps:
        for link in thread.links:
            ends = sorted((link.source, link.target), key=lambda node: order[node.step])
            if id(ends[0]) in behind:
                behind.add(id(ends[1]))
            if id(ends[1]) in before:
                before.add(id(ends[0]))
    return before | behind


# --- what a box says -----------------------------------------------------------------------------------------------


class _Lines(NamedTuple):
    runs: tuple[tuple[Run, ...], ...]
    look: Look
    title: str
    cut: bool


def _lines(node: Node, refs: str, broken: Sequence[Broken], width: float, size: float, most: int, measure: Measure
           ) -> _Lines:  # fmt: skip
    wrap = _Wrap(width, size, measure)
    ink: Ink = "muted" if node.state else "ink"
    runs: list[tuple[Run, ...]] = []
    cut = False
    for number, part in enumerate(node.parts):
        lead = [Run(node.id, True, "brand")] if number == 0 else []
        if part.title:
            lead.append(Run(part.title, True, "muted"))
        said = part.text or f"× {part.gap.lost if part.gap else ''}"
        lines, short = wrap(lead, said, ink if part.text else "alarm", not part.text, most)
        runs += lines
        cut |= short
    told = [f"{node.one} {node.id}: {node.text}", refs, node.state]
    if node.state:
        runs += wrap([], node.state, "muted", True, most)[0]
    if refs:
        runs += wrap([], refs, "muted", False, _WHOLE)[0]
    for one in broken:
        runs += wrap([], f"× {one.gap.lost}", "alarm", True, _WHOLE)[0]
        told.append(one.gap.lost)
    lost = bool(broken) or any(part.gap for part in node.parts)
    look: Look = "broken" if lost else "waiting" if node.state else "node"
    return _Lines(tuple(runs), look, "; ".join(filter(None, told)), cut)


class _Wrap:
    """Breaks texts into lines of one width and size."""

    def __init__(self, width: float, size: float, measure: Measure) -> None:
        self._room = width * 1000 / size
        self._measure = measure

    def __call__(
        self, lead: Sequence[Run], text: str, ink: Ink, bold: bool, most: int
    ) -> tuple[list[tuple[Run, ...]], bool]:
        """Return the lines of ``text`` behind ``lead``, ``most`` at most, and whether something was left out."""
        above: list[tuple[Run, ...]] = []
        if lead and self._measure(" ".join(run.text for run in lead), True) > self._room:  # ids stay whole
            above = [(Run(piece, run.bold, run.ink),) for run in lead for piece in self._pieces(run.text, run.bold)]
            lead = ()
        words = [piece for word in _BLANKS.split(text.strip()) for piece in self._pieces(word, bold)]
        lines: list[str] = []
        before = " ".join(run.text for run in lead)
        started = self._measure(before, True) + self._measure(" ", True) if before else 0.0
        used = started
        current: list[str] = []
        for word in words:
            wide = self._measure(word, bold)
            if (current or (not lines and started)) and used + wide > self._room:
                lines.append(" ".join(current))
                current, used = [], 0.0
            current.append(word)
            used += wide + self._measure(" ", bold)
        lines.append(" ".join(current))
        cut = len(lines) > most
        if cut:
            lines = lines[:most]
            room = self._room - (started if most == 1 else 0.0)
            lines[-1] = self._ended(lines[-1], room, bold)
        shown: list[tuple[Run, ...]] = [(Run(line, bold, ink),) for line in lines]
        head = tuple(Run(f"{run.text} ", run.bold, run.ink) for run in lead)
        shown[0] = (*head, *(run for run in shown[0] if run.text))
        return [*above, *shown], cut

    def _ended(self, line: str, room: float, bold: bool) -> str:
        """Return ``line`` without the words behind which an ellipsis has no room, and with it."""
        words = line.split(" ")
        while len(words) > 1 and self._measure(" ".join(words) + " …", bold) > room:
            words.pop()
        ended = " ".join(words)
        while len(ended) > 1 and self._measure(f"{ended} …", bold) > room:  # a word as wide as the box
            ended = ended[:-1]
        return f"{ended.rstrip(' ,;:–-')} …"

    def _pieces(self, word: str, bold: bool) -> Iterator[str]:
        """Yield ``word`` in pieces that have room in a line: most words are one."""
        while self._measure(word, bold) > self._room and len(word) > 1:
            fits = sum(wide <= self._room for wide in accumulate(self._measure(one, bold) for one in word)) or 1
            yield word[:fits]
            word = word[fits:]
        yield word


# --- columns -------------------------------------------------------------------------------------------------------


class _Column(NamedTuple):
    x: float
    width: float
    nodes: tuple[Node, ...]
    lines: tuple[_Lines, ...]
    heights: tuple[float, ...]


class _Columns:
    """The steps of a page as columns of boxes, at one size of text."""

    def __init__(
        self, steps: Sequence[Step], thread: Thread, measure: Measure, size: float, most: int, folded: bool = False
    ) -> None:
        self.size = size
        self._folded = folded
        self._thread = thread
        self._measure = measure
        shown = {id(node) for step in steps for node in step.nodes}
        self.links = [link for link in thread.links if id(link.source) in shown and id(link.target) in shown]
        self.broken = [one for one in thread.broken if id(one.node) in shown]
        self._names = [step.name for step in steps]
        ordered = self._ordered(steps)
        width = (WIDTH - 2 * MARGIN - _GAP * (len(steps) - 1)) / sum(map(_share, range(len(steps))))
        x, self.columns = MARGIN, []
        for number, step in enumerate(steps):
            own = width * _share(number)
            self.columns.append(self._column(step, ordered[step.name], x, own, most))
            x += own + _GAP
        self.fit = max(self._tall(column.lines) for column in self.columns) <= _BOTTOM - _TOP

    def _column(self, step: Step, nodes: Sequence[Node], x: float, width: float, most: int) -> _Column:
        inside = width - 2 * PAD
        lines = [
            _lines(node, self.refs(node, step), self.of(node), inside, self.size, most, self._measure) for node in nodes
        ]
        if not nodes:
            elsewhere = bool(self._thread.step(step.name).nodes)
            said = "on another page" if elsewhere else f"× {step.none.lost}"
            wrap = _Wrap(inside, self.size, self._measure)
            runs = wrap([], said, "muted" if elsewhere else "alarm", True, _WHOLE)[0]
            lines = [_Lines(tuple(runs), "waiting" if elsewhere else "broken", said, False)]
        if self._folded:
            lines = self._fold(lines, inside)
        return _Column(x, width, tuple(nodes), tuple(lines), tuple(map(self._height, lines)))

    def _height(self, lines: _Lines) -> float:
        return len(lines.runs) * LEADING * self.size + 2 * PAD

    def _tall(self, lines: Sequence[_Lines]) -> float:
        return sum(map(self._height, lines)) + _LEAST * (len(lines) - 1)

    def _fold(self, lines: list[_Lines], inside: float) -> list[_Lines]:
        """Return as many of ``lines`` as there is room for, and behind them how many more there are."""
        kept, more = lines, lines[:0]
        while self._tall([*kept, *more]) > _BOTTOM - _TOP and len(kept) > 1:
            kept = kept[:-1]
            said = f"… and {len(lines) - len(kept)} more, in the plan"
            runs = _Wrap(inside, self.size, self._measure)([], said, "muted", True, _WHOLE)[0]
            more = [_Lines(tuple(runs), "waiting", said, True)]
        return [*kept, *more]

    def of(self, node: Node) -> list[Broken]:
        """Return the broken links at ``node``."""
        return [one for one in self.broken if one.node is node]

    def refs(self, node: Node, step: Step) -> str:
        """Return in words what leads to ``node``, by ids, or that it is of the plan as a whole."""
        if id(node) in self._thread.whole:
            return self._thread.whole[id(node)]
        sources = [link.source for link in self._thread.links if link.target is node and link.source.step in step.refs]
        names = [source.id for source in sources if len(self._thread.step(source.step).nodes) > 1]
        return f"for {', '.join(names)}" if names else ""

    def _ordered(self, steps: Sequence[Step]) -> dict[str, tuple[Node, ...]]:
        """Return the nodes of each step so that few links cross: those with few neighbours follow the others."""
        found = {step.name: tuple(step.nodes) for step in steps}
        middle = self._names.index(next((name for name in self._names if found[name][:1] and not found[name][0].path),
                                        self._names[0]))  # fmt: skip
        for number in [*range(middle + 1, len(steps)), *range(middle - 1, -1, -1)]:
            name, beside = self._names[number], self._names[number - 1 if number > middle else number + 1]
            places = {id(node): place for place, node in enumerate(found[beside])}
            found[name] = tuple(sorted(found[name], key=partial(self._mean, places)))
        return found

    def _mean(self, places: Mapping[int, float], node: Node) -> float:
        """Return the mean of the ``places`` of what ``node`` is linked to; behind all where that is nothing."""
        found = [places[id(other)] for other in self.neighbours(node) if id(other) in places]
        return sum(found) / len(found) if found else 1e6

    def neighbours(self, node: Node) -> Iterator[Node]:
        """Yield the nodes that a link joins to ``node``."""
        for link in self.links:
            if link.source is node:
                yield link.target
            elif link.target is node:
                yield link.source

    def tops(self) -> list[list[float]]:
        """Return where the boxes of each column begin: the tallest evenly, the others beside what they lead to."""
        sums = [sum(column.heights) for column in self.columns]
        rigid = max(range(len(sums)), key=lambda number: self._tall(self.columns[number].lines))
        free = _BOTTOM - _TOP - sums[rigid]
        apart = min(_APART, free / max(1, len(self.columns[rigid].heights) - 1))
        found: dict[int, list[float]] = {}
        y, tops = _TOP, []
        for height in self.columns[rigid].heights:
            tops.append(y)
            y += height + apart
        found[rigid] = tops
        bottom = max(y - apart, _TOP)
        for number in [*range(rigid + 1, len(sums)), *range(rigid - 1, -1, -1)]:
            beside = number - 1 if number > rigid else number + 1
            found[number] = self._beside(self.columns[number], self.columns[beside], found[beside], bottom)
        return [found[number] for number in range(len(sums))]

    def _beside(self, column: _Column, other: _Column, tops: Sequence[float], bottom: float) -> list[float]:
        middles = {
            id(node): top + height / 2 for node, top, height in zip(other.nodes, tops, other.heights, strict=False)
        }
        wished: list[float] = []
        for number, height in enumerate(column.heights):
            found = [middles[id(one)] for node in column.nodes[number : number + 1] for one in self.neighbours(node)
                     if id(one) in middles]  # fmt: skip
            after = wished[-1] + column.heights[number - 1] + 8 if wished else _TOP
            wished.append(sum(found) / len(found) - height / 2 if found else after)
        spare = bottom - _TOP - sum(column.heights)
        apart = max(3.0, min(8.0, spare / max(1, len(column.heights) - 1)))
        return _spread(wished, column.heights, apart, _TOP, max(bottom, _TOP + sum(column.heights)))


def _share(number: int) -> float:
    """Return how wide a column is beside the others: the first holds a name, those of rows most text."""
    return (0.85, 1.08, 1.2, 1.2, 1.1, 1.05)[min(number, 5)]


def _spread(wished: Sequence[float], heights: Sequence[float], apart: float, top: float, bottom: float) -> list[float]:
    """Return tops that keep their order ``apart`` from each other, as near as can be to those ``wished`` for."""
    offsets = [0.0, *accumulate(height + apart for height in heights)]
    groups: list[tuple[float, int]] = []
    for wish, offset in zip(wished, offsets, strict=False):
        total, count = wish - offset, 1
        while groups and groups[-1][0] / groups[-1][1] > total / count:
            before = groups.pop()
            total, count = total + before[0], count + before[1]
        groups.append((total, count))
    last = max(top, bottom - (offsets[-1] - apart))
    level = [min(max(total / count, top), last) for total, count in groups for _ in range(count)]
    return [begin + offset for begin, offset in zip(level, offsets, strict=False)]


# --- a page --------------------------------------------------------------------------------------------------------


def _page(
    steps: Sequence[Step], thread: Thread, about: About, measure: Measure, number: int, count: int
) -> Page:  # fmt: skip
    columns = next(
        (found for found in (_Columns(steps, thread, measure, *density) for density in _DENSITIES) if found.fit),
        None,
    ) or _Columns(steps, thread, measure, *_DENSITIES[-1], folded=True)
    boxes: list[Box] = []
    places: dict[int, Box] = {}
    for column, tops in zip(columns.columns, columns.tops(), strict=True):
        for index, (lines, top, height) in enumerate(zip(column.lines, tops, column.heights, strict=True)):
            box = _box(column, lines, top, height, columns.size)
            boxes.append(box)
            for node in column.nodes[index:] if index + 1 == len(column.lines) else column.nodes[index : index + 1]:
                places[id(node)] = box  # of what is folded, the box that says so
    curves = tuple(_curves(columns, places, [step.name for step in steps]))
    cut = any(lines.cut for column in columns.columns for lines in column.lines)
    size = _fitted(about.subtitle, 9.5, WIDTH - 2 * MARGIN, measure)
    page = f", page {number} of {count}" if count > 1 else ""
    draft = (Run("  DRAFT – not ready to sign", True, "alarm"),) if about.draft else ()
    heads = tuple(
        Head(
            column.x,
            _HEADS_AT,
            column.width,
            Text(column.x + PAD, _HEADS_AT + 11.5, 8, (Run(step.title, True, "brand"),)),
        )
        for column, step in zip(columns.columns, steps, strict=True)
    )
    return Page(
        Text(MARGIN, _TITLE_AT + 15, 17, (Run(about.title, True, "brand"), Run(page, False, "muted"), *draft)),
        Text(MARGIN, _TITLE_AT + 30, size, (Run(about.subtitle, False, "muted"),)),
        heads,
        tuple(boxes),
        curves,
        tuple(_legend({curve.way for curve in curves}, measure)),
        _LEGEND_AT - 12,
        Text(MARGIN, _FOOT_AT, 7.5, (Run(SHORTENED, False, "muted"),)) if cut else None,
        _right(about.foot, measure),
        told(steps, columns.links, columns.broken),
    )


def _fitted(text: str, size: float, room: float, measure: Measure) -> float:
    """Return the size at which ``text`` has room in a line, ``size`` at most: whose map it is, is never shortened."""
    return min(size, room * 1000 / max(1.0, measure(text, False)))


def _right(text: str, measure: Measure) -> Text:
    size = _fitted(text, 7.5, WIDTH / 2 - MARGIN, measure)
    return Text(WIDTH - MARGIN - measure(text, False) * size / 1000, _FOOT_AT, size, (Run(text, False, "muted"),))


def _box(column: _Column, lines: _Lines, top: float, height: float, size: float) -> Box:
    texts = tuple(
        Text(column.x + PAD, top + PAD + ASCENT * size + LEADING * size * number, size, runs)
        for number, runs in enumerate(lines.runs)
    )
    return Box(column.x, top, column.width, height, lines.look, texts, lines.title)


def _curves(columns: _Columns, places: Mapping[int, Box], names: Sequence[str]) -> Iterator[Curve]:
    """Yield what joins boxes of columns side by side, then the ends that lead nowhere."""
    beside = list(pairwise(names))
    joined: set[tuple[int, bool]] = set()
    for link in columns.links:
        if (link.source.step, link.target.step) in beside:
            joined |= {(id(link.source), False), (id(link.target), True)}
            source, target = places[id(link.source)], places[id(link.target)]
            yield Curve(source.x + source.width, source.y + source.height / 2, target.x, target.y + target.height / 2,
                        "typed" if link.typed else "read")  # fmt: skip
    for node, back in dict.fromkeys((one.node, one.back) for one in columns.broken):
        box = places[id(node)]
        right, y = box.x + box.width, box.y + box.height * (_BELOW if (id(node), back) in joined else 0.5)
        x0, x1 = (box.x, box.x - _STUB) if back else (right, right + _STUB)
        yield Curve(x0, y, x1, y, "broken")


_MEANINGS: Mapping[Way, str] = {
    "typed": "named in the plan",
    "read": "read from words that both share",
    "broken": "broken: the box says what is missing",
}


def _legend(ways: Iterable[Way], measure: Measure) -> Iterator[Legend]:
    x, known = MARGIN, set(ways)
    for way, meaning in _MEANINGS.items():
        if way in known:
            line = Text(x + 26, _LEGEND_AT, 7.5, (Run(meaning, False, "alarm" if way == "broken" else "muted"),))
            yield Legend(x, x + 20, _LEGEND_AT - 2.5, way, line)
            x += 26 + measure(meaning, False) * 0.0075 + 22


def told(steps: Sequence[Step], links: Iterable[object], broken: Iterable[Broken]) -> str:
    """Return a thread in words, for those who do not see it."""
    joined: dict[int, list[str]] = {}
    for link in links:
        joined.setdefault(id(link.source), []).append(f"{link.target.one} {link.target.id}")  # type: ignore[attr-defined]
    pieces = []
    for step in steps:
        for node in step.nodes:
            leads = f" leads to {', '.join(joined[id(node)])}" if id(node) in joined else ""
            pieces.append(f"{re.sub('^(.)', lambda one: one[1].upper(), node.one)} {node.id}{leads}.")
        if not step.nodes:
            pieces.append(f"Missing: {step.none.lost}.")
    ends = [(node, part.gap) for step in steps for node in step.nodes for part in node.parts if part.gap]
    ends += [(one.node, one.gap) for one in broken]
    pieces += [f"Broken at {node.one} {node.id}: {gap.lost}." for node, gap in ends]
    return " ".join(pieces)
