"""The golden thread of a plan as a graph: its steps, what links them, and where a link is broken.

What the steps are and what links them is data (`thread.toml`); a record gives the nodes. A link is *typed* where the
plan names it (a goal's number, a line, a code), else it is read from words that two texts share. What was typed and
cannot be followed is a broken link of its own: it is neither taken for a blank nor guessed from words.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import cache, cached_property, lru_cache
from pathlib import Path
from typing import Any

from msgspec import Struct, field

from toolkit import derive, kinds, reference, toml
from toolkit.model import Fact, Place, Record, Row
from toolkit.text import key

_HERE = Path(__file__).parent
_LINES = re.compile(r"([A-Za-z])\s*(\d+)(?:\s*[-–]\s*\1?\s*(\d+))?", re.I)
_SLOT = re.compile(r"\{(\w+)\}")
_WORD = re.compile(r"[^\W\d_]{3,}")
_STEM = 5
_SHORT = 12
"""Answers as short as this (< 10, or 14 days) stay on one line."""
_ALIKE = 2
"""As many words must two texts share, for them to be taken for linked."""
_REPEATED = 40
"""As many characters are repeated of what was typed and leads nowhere."""
_LEADS_NOWHERE = "unknown_id"
"""The kind of fact of a reference to a row that is not there."""
_NOTHING: Mapping[str, Any] = {}


class Gap(Struct, frozen=True):
    """A broken link: what is missing, in words that go on after the node's name, and the code of the rule for it."""

    lost: str
    code: str
    follows: bool = False
    """True at the other end of what is told elsewhere: once that is mended, it may be whole."""


class Part(Struct, frozen=True):
    """What a node says: a text under a title (which may be empty), or the gap where it should stand."""

    text: str
    title: str = ""
    gap: Gap | None = None


class Node(Struct, frozen=True, eq=False, dict=True):
    """One bead of the thread: a line of a field or a row, called ``one`` ``id`` (objective 1a)."""

    step: str
    one: str
    id: str
    row: Row
    path: str = ""
    """The field of whose lines it is one."""
    line: str = ""
    """That line as it was typed."""
    state: str = ""
    """What became of it (Deferred), where it is not worked on now: then it need lead nowhere."""
    unread: Mapping[str, Gap] = field(default_factory=dict)
    """What to say of the fields of its row, by name, whose answers cannot be read."""
    faults: tuple[Gap, ...] = ()
    """What is wrong with itself: its lines or its number cannot be read, or another row bears the number, too."""

    @property
    def label(self) -> str:
        """The label of the field of whose lines it is one; empty for a row."""
        return self.row.section.by_name[self.path.partition(".")[2]].label if self.path else ""

    @property
    def hidden(self) -> bool:
        """Tell whether it stands for lines that cannot be read, so that nobody knows what they are linked to."""
        return bool(self.path and self.faults)

    @cached_property
    def parts(self) -> tuple[Part, ...]:
        """What it says, and what it lacks."""
        wrong = (Part("", gap=gap) for gap in self.faults)
        if not self.path:
            return (*_parts(_step(self.step), self), *wrong)
        text = derive.diagnosis(self.line)[1] or self.line if self.line.startswith(self.id) else self.line
        return (*((Part(text),) if text else ()), *wrong)

    @cached_property
    def words(self) -> frozenset[str]:
        """The stems by which it is compared with others."""
        if self.path:
            return stems(self.line)
        return stems(" ".join(kinds.show(self.row.get(name)) for name in _step(self.step)["about"]))

    @property
    def text(self) -> str:
        """All that it says."""
        return " – ".join(part.text for part in self.parts if part.text)


class Link(Struct, frozen=True, eq=False):
    """A link from a node to one of a later step; not ``typed`` where it was read from their words.

    ``through`` says that it only follows from links of both with a third.
    """

    source: Node
    target: Node
    typed: bool = True
    through: bool = False


class Broken(Struct, frozen=True):
    """A link that is missing: ahead of ``node`` or, where ``back``, behind it; ``other`` names the step it misses."""

    node: Node
    gap: Gap
    other: str
    back: bool = False


class Step(Struct, frozen=True):
    """A step of the thread with its nodes, and what to say where it has none."""

    name: str
    title: str
    nodes: tuple[Node, ...]
    none: Gap
    refs: tuple[str, ...] = ()
    """The steps before that its nodes name by their ids on a map."""


class Thread(Struct, frozen=True):
    """The thread of one plan."""

    steps: tuple[Step, ...]
    links: tuple[Link, ...]
    broken: tuple[Broken, ...]
    whole: Mapping[int, str]
    """What is said of nodes (by `id`) that no link leads to because they are of the plan as a whole."""

    def step(self, name: str) -> Step:
        """Return the step called ``name``."""
        return next(step for step in self.steps if step.name == name)

    def between(self, source: str, target: str) -> Iterator[Link]:
        """Yield the links from one step to another."""
        return (link for link in self.links if link.source.step == source and link.target.step == target)

    def missing(self, code: str) -> Iterator[Broken]:
        """Yield the broken links that the rule ``code`` judges."""
        return (one for one in self.broken if one.gap.code == code)

    @property
    def gaps(self) -> int:
        """How many links are broken, steps empty and parts missing, without the ends that only follow from others."""
        parts = (part.gap for step in self.steps for node in step.nodes for part in node.parts if part.gap)
        empty = sum(not step.nodes for step in self.steps)
        return empty + sum(not gap.follows for gap in (*parts, *(one.gap for one in self.broken)))


def document() -> str:
    """Return the name of the document whose thread is followed."""
    return str(_definition()["document"])


def thread(record: Record, *, judged: bool = False) -> Thread:
    """Return the thread of the plan in ``record``, which is completed (`toolkit.derive.complete`).

    ``judged`` leaves out the links that no rule judges: they are for a map.
    """
    work = _Work(record)
    for link in _definition()["links"]:
        if not judged or "ahead" in link:
            _HOW[link["how"]](work, link)
    steps = tuple(
        Step(
            step["name"], step["title"], work.nodes[step["name"]], Gap(step["none"], step["code"]), tuple(step["refs"])
        )
        for step in _definition()["steps"]
    )
    return Thread(steps, tuple(work.links), tuple(work.broken), work.whole)


class _Work:
    """A thread in the making."""

    def __init__(self, record: Record) -> None:
        self.record = record
        self._facts: dict[tuple[str, Place], list[Fact]] = {}
        for fact in record.facts:
            if fact.kind in _definition()["unread"]:
                self._facts.setdefault((fact.path, fact.place), []).append(fact)
        doubled = {fact.path.partition(".")[0] for fact in record.facts if fact.kind == "duplicate_id"}
        self._doubled = {step["name"] for step in _definition()["steps"] if step.get("section") in doubled}
        self.nodes = {step["name"]: tuple(self._nodes(step)) for step in _definition()["steps"]}
        self.lacking: set[str] = set()
        """The steps of which something is named that is not there."""
        self.links: list[Link] = []
        self.broken: list[Broken] = []
        self.whole: dict[int, str] = {}

    # --- nodes

    def _nodes(self, step: Mapping[str, Any]) -> Iterator[Node]:
        for lines in step.get("lines", ()):
            section, _, name = lines["path"].partition(".")
            row = self.record.one(section)
            if row is None:
                continue
            if self._facts and name in (unread := self._unread(row)):
                called = f"{lines.get('mark', '')}?"
                yield Node(step["name"], lines["one"], called, row, lines["path"], faults=(unread[name],))
            typed = row.get(name) or ()
            for number, line in enumerate((typed,) if isinstance(typed, str) else typed, start=1):
                code = derive.diagnosis(line)[0] if lines.get("coded") else ""
                called = code or f"{lines.get('mark', '')}{number}"
                yield Node(step["name"], lines["one"], called, row, lines["path"], line, "", _NOTHING)
        rows = self.record.all(step.get("section", ""))
        for row in rows:
            unread = self._unread(row) if self._facts else _NOTHING
            faults = self._faults(row, rows, unread) if unread or step["name"] in self._doubled else ()
            yield Node(step["name"], row.section.word, row.id, row, "", "", _state(step, row), unread, faults)

    def _unread(self, row: Row) -> Mapping[str, Gap]:
        """Return what to say of those fields of ``row`` whose answers cannot be read, by their names."""
        found = ((item, self._facts.get((item.path, row.place(item.name)))) for item in row.section.fields)
        return {item.name: _gap(facts[0], item.label) for item, facts in found if facts}

    def _faults(self, row: Row, rows: Sequence[Row], unread: Mapping[str, Gap]) -> tuple[Gap, ...]:
        own = row.section.key
        faults = [unread[own]] if own in unread else []
        alike = [other for other in rows if key(other.id) == key(row.id)]
        if len(alike) > 1:
            told = _definition()["twice"]
            faults.append(Gap(told["lost"].format(one=row.section.word), told["code"], alike[0] is row))
        return tuple(faults)

    # --- links

    def link(self, source: Node, target: Node, typed: bool = True, through: bool = False) -> None:
        self.links.append(Link(source, target, typed, through))

    def lose(self, node: Node, link: Mapping[str, Any], back: bool = False, doubt: str = "") -> None:
        """Note that ``link`` is broken at ``node``, unless nobody works on it, or what ends there is missing whole.

        ``doubt`` is the code for what cannot be followed and may have meant ``node``.
        """
        end = link.get("back" if back else "ahead")
        other = link["from" if back else "to"]
        if end and not node.state and self.nodes[other]:
            gap = Gap(f"{end['lost']}{_in_doubt()}", doubt, follows=True) if doubt else Gap(**end)
            self.broken.append(Broken(node, gap, other, back))

    def astray(self, node: Node, end: Mapping[str, Any], other: str, typed: str = "", follows: bool = False) -> str:
        """Note at ``node`` that what is ``typed`` there leads to nothing of the step ``other``; return the code."""
        gap = Gap(end["lost"].format(one=other, typed=_repeated(typed)), end["code"], follows)
        self.broken.append(Broken(node, gap, other, back=True))
        return gap.code

    def unread(self, node: Node, name: str, other: str) -> str:
        """Note what stands in the field ``name`` of ``node`` and cannot be followed to the step ``other``.

        Return the code for the first, or an empty text where all that stands there can be followed.
        """
        if name not in node.unread:
            return ""
        for fact in self._facts[f"{node.row.section.name}.{name}", node.row.place(name)]:
            if fact.kind == _LEADS_NOWHERE:
                self.lacking.add(other)
                follows = other in self._doubled or not self.nodes[other]
                self.astray(node, _definition()["unread"][fact.kind], other, fact.show["typed"], follows)
            else:
                self.broken.append(Broken(node, node.unread[name], other, back=True))
        return node.unread[name].code

    def ambiguous(self, node: Node, name: str, other: str) -> str:
        """Note what stands in the field ``name`` of ``node`` and means several rows of the step ``other``.

        Return the code for it, or an empty text where there is no such thing.
        """
        if other not in self._doubled:
            return ""
        typed = node.row.get(name) or ()
        named = [one for one in ((typed,) if isinstance(typed, str) else typed) if self.is_double(one, other)]
        told = _definition()["twice"]
        for one in named:
            self.astray(node, {**told, "lost": told["named"]}, other, one, follows=True)
        return told["code"] if named else ""

    def is_double(self, name: str, step: str) -> bool:
        """Tell whether several rows of ``step`` are called ``name``, so that nobody knows which one is meant by it."""
        return step in self._doubled and sum(node.id == name for node in self.nodes[step]) > 1

    def linked(self, step: str) -> set[int]:
        """Return the nodes, by `id`, that a link joins to ``step``."""
        ends = ((link.source, link.target) for link in self.links if step in (link.source.step, link.target.step))
        return {id(node) for pair in ends for node in pair}


# --- nodes ---------------------------------------------------------------------------------------------------------


def _parts(step: Mapping[str, Any], node: Node) -> Iterator[Part]:
    row = node.row
    for part in step["parts"]:
        title = part.get("title", "")
        text = _filled(part["show"], row) if row.get(part.get("needs")) is not None or "needs" not in part else ""
        gap = _lost(part, node) if not text and "lost" in part else None
        if text or gap:
            yield Part(text, title, gap)


def _lost(part: Mapping[str, Any], node: Node) -> Gap:
    """Return what to say of a part without text: that nothing was typed, or that it cannot be read."""
    names = [part["needs"]] if "needs" in part else _SLOT.findall(part["show"])
    return next((node.unread[name] for name in names if name in node.unread), Gap(part["lost"], part["code"]))


def _gap(fact: Fact, label: str) -> Gap:
    """Return what to say where an answer under ``label`` is missing because it cannot be read."""
    told = _definition()["unread"][fact.kind]
    return Gap(told["lost"].format(label=label, one=label, typed=_repeated(fact.show.get("typed", ""))), told["code"])


def _repeated(typed: str) -> str:
    """Return the beginning of what was ``typed``, in quotation marks where it has blanks."""
    typed = " ".join(typed.split())
    typed = typed if len(typed) <= _REPEATED else f"{typed[: _REPEATED - 1]}…"
    return f"“{typed}”" if " " in typed else typed


def _filled(pattern: str, row: Row) -> str:
    """Return ``pattern`` with the answers in it; what is blank goes, with the words before it since the last one."""
    pieces: list[str] = []
    end = 0
    for slot in _SLOT.finditer(pattern):
        answer = kinds.show(row.get(slot[1]))
        if len(answer) <= _SHORT:
            answer = answer.replace(" ", "\u00a0")
        if answer:
            pieces.append((pattern[end : slot.start()] if pieces else "") + answer)
        end = slot.end()
    return "".join(pieces) + (pattern[end:] if pieces else "")


def _state(step: Mapping[str, Any], row: Row) -> str:
    """Return what became of a row that is no longer, or not yet, worked on; else an empty text."""
    known = step.get("open")
    value = row.get(known["field"]) if known else None
    return "" if not known or value is None or value in known["values"] else kinds.show(value)


@lru_cache(maxsize=256)
def stems(text: str) -> frozenset[str]:
    """Return the beginnings of the words of ``text`` that tell what it is about."""
    common = _common()
    return frozenset(word[:_STEM] for word in _WORD.findall(text.casefold()) if word not in common)


# --- links ---------------------------------------------------------------------------------------------------------


def _by_lines(work: _Work, link: Mapping[str, Any]) -> None:
    """Link the numbered lines that each row names; of one that names none, those that share words with it."""
    targets = work.nodes[link["to"]]
    sources, hidden = _read(work.nodes[link["from"]])
    by_number = {node.id.casefold(): node for node in sources}
    named, sure, doubt = any(target.row.get(link["field"]) for target in targets), True, hidden
    for target in targets:
        unread = work.unread(target, link["field"], link["from"])
        typed = target.row.get(link["field"])
        if unread and not typed:
            doubt = doubt or unread
            continue
        for one in typed or ():
            meant = _numbers(one, by_number)
            found = [by_number[number] for number in meant if number in by_number]
            for source in found:
                work.link(source, target)
            if (len(found) < len(meant) or not meant) and work.nodes[link["from"]]:
                end = _hidden(hidden) or link["partly" if found else "nowhere"]
                code = work.astray(target, end, link["from"], one, follows=bool(hidden))
                doubt = doubt or code
        if not typed:
            sure = False  # it may have meant any line
            found = _sharing(sources, target)
            for source in found:
                work.link(source, target, typed=False)
            if named and not found:
                work.lose(target, link, back=True)
    taken = work.linked(link["to"])
    for source in sources if sure else ():
        if id(source) not in taken:
            work.lose(source, link, doubt=doubt)


def _read(nodes: Iterable[Node]) -> tuple[list[Node], str]:
    """Return those of the lines ``nodes`` that can be read, and the code for the first that cannot."""
    hidden = [node.faults[0].code for node in nodes if node.hidden]
    return [node for node in nodes if not node.hidden], next(iter(hidden), "")


def _hidden(code: str) -> Mapping[str, str] | None:
    """Return what to say of what may stand among lines that cannot be read, of which ``code`` tells; None without."""
    return {"lost": _definition()["hidden"], "code": code} if code else None


def _numbers(typed: str, known: Collection[str]) -> Collection[str]:
    """Return the numbers that ``typed`` means: ``S1-S3`` three of them, ``all`` all that are ``known``."""
    if typed == "all" or (one := typed.casefold()) in known:
        return known if typed == "all" else (one,)
    found = _LINES.fullmatch(typed)
    if not found:
        return ()
    first, last = int(found[2]), int(found[3] or found[2])
    return [f"{found[1].casefold()}{number}" for number in range(first, min(last, first + 99) + 1)]


def _sharing(sources: Iterable[Node], target: Node) -> list[Node]:
    return [source for source in sources if len(source.words & target.words) >= _ALIKE]


def _alone(sources: Sequence[Node], target: Node) -> list[Node]:
    """Return the one of ``sources`` that shares a word with ``target`` that no other one has, if it is one."""
    of_all = Counter(word for source in sources for word in source.words)
    found = [source for source in sources if any(of_all[word] == 1 for word in source.words & target.words)]
    return found if len(found) == 1 else []


def _by_code(work: _Work, link: Mapping[str, Any]) -> None:
    """Link each row to what its field names by code or words; a single one there is meant by a blank, too."""
    targets = work.nodes[link["to"]]
    sources, doubt = _read(work.nodes[link["from"]])
    hidden = doubt
    by_line = {node.line: node for node in sources}
    sure = True
    for target in targets:
        unread = work.unread(target, link["field"], link["from"])
        typed = target.row.get(link["field"])
        if unread:
            doubt = doubt or unread
        elif typed is None:
            found = list(sources) if len(sources) == 1 and not hidden else []
            sure &= bool(found or target.state)
            if not found and sources:
                work.astray(target, link["blank"], link["from"], follows=bool(hidden))
            for source in found:
                work.link(source, target)
        else:
            for one in filter(str.strip, re.split(r"[;\n]", typed)):
                meant = derive.diagnosis_meant(one, list(by_line))
                if meant:
                    work.link(by_line[meant], target)
                elif work.nodes[link["from"]]:
                    end = _hidden(hidden) or link["nowhere"]
                    code = work.astray(target, end, link["from"], one, follows=bool(hidden))
                    doubt = doubt or code
    taken = work.linked(link["to"])
    lost = [source for source in sources if id(source) not in taken] if sure else []
    if lost:
        said = key(" ".join(_said(work.record, link["mentioned_in"])))
        for source in lost:
            if reference.diagnosis_group(source.id) in link["treated"] and not _mentioned(source, said):
                work.lose(source, link, doubt=doubt)


def _said(record: Record, paths: Iterable[str]) -> Iterator[str]:
    for path in paths:
        section, _, name = path.partition(".")
        yield from (kinds.show(row.get(name)) for row in record.all(section))


def _mentioned(node: Node, said: str) -> bool:
    """Tell whether a text names ``node`` by its id or its first word that tells anything."""
    first = next((word for word in _WORD.findall(node.text.casefold()) if word not in _common()), "")
    return key(node.id) in said or (bool(first) and first[:_STEM] in said)


def _by_parent(work: _Work, link: Mapping[str, Any]) -> None:
    """Link each row to those that nest under it."""
    by_row = {id(node.row): node for node in work.nodes[link["from"]]}
    led, doubt = set(), ""
    for target in work.nodes[link["to"]]:
        unread = work.unread(target, link["field"], link["from"])
        unread = unread or work.ambiguous(target, link["field"], link["from"])
        above = derive.parent(work.record, target.row) if not unread else None
        if above is not None:
            led.add(id(above))
            work.link(by_row[id(above)], target)
            continue
        doubt = doubt or unread or link["back"]["code"]
        if not unread:
            work.lose(target, link, back=True)
    for row, source in by_row.items():
        if row not in led:
            work.lose(source, link, doubt=doubt)


def _by_service(work: _Work, link: Mapping[str, Any]) -> None:
    """Link each objective to what serves it."""
    sources, targets = work.nodes[link["from"]], work.nodes[link["to"]]
    own, above = link["field"], link["above"]
    doubt = next((source.unread[above["of"]].code for source in sources if above["of"] in source.unread), "")
    for target in targets:
        codes = (
            work.ambiguous(target, own, link["from"]),
            work.unread(target, own, link["from"]),
            work.unread(target, above["field"], above["step"]),
        )
        unread = next(filter(None, codes), "")
        doubt = doubt or unread
        served = [source for source in sources if _serves(work, target, source, link)]
        for source in served:
            work.link(source, target)
        if not served and not unread:
            work.lose(target, link, back=True)
        elif not unread and len(served) < len(named := target.row.get(own) or ()):
            known = {"all", *(source.id for source in served)}
            for one in named:
                if one not in known:
                    work.astray(target, link["astray"], link["from"], one)
    taken = work.linked(link["to"])
    for source in sources:
        if id(source) not in taken:
            work.lose(source, link, doubt=doubt)


def _serves(work: _Work, target: Node, source: Node, link: Mapping[str, Any]) -> bool:
    """Tell whether ``target`` serves ``source``: by its name, or by that of what it belongs to.

    What cannot be read names nothing, rather than all as a blank does. Where nobody knows to what ``source`` belongs,
    it is served by what names it.
    """
    row, above = target.row, link["above"]
    if not derive.serves(row, source.row):
        return source.row.get(above["of"]) is None and source.id in (row.get(link["field"]) or ())
    named, unread = row.get(link["field"]), target.unread
    if unread and not named and (link["field"] in unread or (above["field"] in unread and not row.get(above["field"]))):
        return False
    return not work.is_double(source.id, source.step) or "all" in (named or ("all",))


def _by_words(work: _Work, link: Mapping[str, Any]) -> None:
    """Link each row to the lines that name its measure or share words with it; the other lines are of the whole."""
    sources = work.nodes[link["from"]]
    for target in _read(work.nodes[link["to"]])[0]:
        said = f" {key(target.line)} "
        measured = [source for source in sources if _names(said, kinds.show(source.row.get(link["measure"])))]
        lacking = link["from"] in work.lacking  # what is not there may have shared its words
        found = measured or _sharing(sources, target) or ([] if lacking else _alone(sources, target))
        for source in found:
            work.link(source, target, typed=False)
        if not found:
            work.whole[id(target)] = f"{link['whole']}{_in_doubt() if lacking else ''}"


def _names(said: str, measure: str) -> bool:
    """Tell whether a text names a scale: by a name with a number or sign in it, which no other word is."""
    return not measure.isalpha() and bool(measure) and key(measure) in said


def _through(work: _Work, link: Mapping[str, Any]) -> None:
    """Link what is linked to the same node of another step; to a single one all that leads nowhere else."""
    sources, targets = work.nodes[link["from"]], work.nodes[link["to"]]
    nearer, farther = _neighbours(work, link["from"], link["by"]), _neighbours(work, link["to"], link["by"])
    for source in sources:
        for target in targets:
            near, far = nearer[id(source)], farther[id(target)]
            common = near.keys() & far.keys()
            alone = len(sources) == 1 and not (far or source.hidden or target.hidden or id(target) in work.whole)
            if common or alone:
                typed = alone or any(near[one] and far[one] for one in common)
                work.link(source, target, typed, through=True)


def _neighbours(work: _Work, step: str, by: str) -> dict[int, dict[int, bool]]:
    """Return of each node of ``step``, by `id`, what of ``by`` is linked to it, and whether that link is typed."""
    found: dict[int, dict[int, bool]] = {id(node): {} for node in work.nodes[step]}
    for link in work.links:
        for one, other in ((link.source, link.target), (link.target, link.source)):
            if one.step == step and other.step == by:
                found[id(one)][id(other)] = link.typed
    return found


_HOW: Mapping[str, Callable[[_Work, Mapping[str, Any]], None]] = {
    "lines": _by_lines,
    "code": _by_code,
    "parent": _by_parent,
    "serves": _by_service,
    "words": _by_words,
    "through": _through,
}


@cache
def _definition() -> Mapping[str, Any]:
    return toml.loads((_HERE / "thread.toml").read_text(encoding="utf-8"))


@cache
def _step(name: str) -> Mapping[str, Any]:
    return next(step for step in _definition()["steps"] if step["name"] == name)


@cache
def _in_doubt() -> str:
    """Return the words behind what is only said as far as a program can tell."""
    return str(_definition()["doubt"])


@cache
def _common() -> frozenset[str]:
    return frozenset(_definition()["words"]["common"].split())
