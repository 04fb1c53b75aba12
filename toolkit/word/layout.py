"""A document being laid out: the fields it may print, the tags that print them, and what is left out when blank."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from string import Template
from typing import Any, NamedTuple

from toolkit.errors import ShelfError
from toolkit.model import Definitions, Document, Field
from toolkit.word.paper import Paper

_PATH = re.compile(r"\{([a-z0-9_]+\.[a-z0-9_]+)\}")
_OPTIONAL = re.compile(r"\[([^\]]*)\]")


class Entry(NamedTuple):
    """One entry of a block: its (first) field, what it prints, its label and the options of its table."""

    field: Field
    pattern: str
    label: str
    options: Mapping[str, Any]


class Layout:
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

    # --- fields ----------------------------------------------------------------------------------------------------

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
            field = self.field(_fields_in(pattern)[0])
            yield Entry(field, pattern, str(options.get("label", field.label)), options)

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

    def any_answer(self, block: Mapping[str, Any]) -> str:
        """Return when a block has anything to say; empty where it always does."""
        kind = block.get("block")
        if kind == "rows":
            return self.rows_of(str(block["section"]))
        if kind == "history":
            return "measures"
        if kind not in ("pairs", "plain_page"):
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

    def answer(self, entry: Entry, where: Any, style: str, keep: bool = False) -> None:
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
