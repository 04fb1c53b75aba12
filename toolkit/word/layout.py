"""A document being laid out: the fields it may print, the tags that print them, and what is left out when blank."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from toolkit.blocks import OPTIONAL, PATH, Blocks, Entry, fields_in, needed
from toolkit.model import Definitions, Document
from toolkit.word.paper import Paper


class Layout(Blocks):
    """A document being laid out: its paper, the fields it may print, and those that its blocks name."""

    def __init__(
        self, document: Document, definitions: Definitions, brand: Mapping[str, Any], words: Mapping[str, str]
    ) -> None:
        super().__init__(document, definitions, words)
        self.brand, self.paper = brand, Paper(document.title, brand)
        self.scope: dict[str, str] = {}

    # --- fields ----------------------------------------------------------------------------------------------------

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
            condition = self.unsure(fields_in(found[1]))
            return f"{{% if {condition} %}}{found[1]}{{% endif %}}" if condition else found[1]

        if "{" not in pattern:
            return self.shown(pattern)
        return PATH.sub(lambda found: self.shown(found[1]), OPTIONAL.sub(optional, pattern))

    def unsure(self, paths: Iterable[str]) -> str:
        """Return the condition that all of ``paths`` are answered; empty where that is certain."""
        return " and ".join(f"{self.value(path)} is not none" for path in paths if not self.certain(path))

    def answered(self, pattern: str) -> str:
        """Return the condition that ``pattern`` has something to say; empty where that is certain."""
        if outside := needed(pattern):
            return self.unsure(outside)
        paths = fields_in(pattern)
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
        paths = [path for entry in entries for path in needed(entry.pattern) or fields_in(entry.pattern)]
        if any(map(self.certain, paths)):
            return ""
        return " or ".join(f"{self.value(path)} is not none" for path in paths) or "false"

    # --- answers ---------------------------------------------------------------------------------------------------

    def answer(self, entry: Entry, where: Any, style: str) -> None:
        """Print one answer as paragraphs: a list by lines, with bullets where there are several, the person's own words
        as a quotation, or as it is.
        """
        if entry.field.kind == "lines" and entry.pattern == entry.field.path:
            self.paper.tag(f"for item in {self.value(entry.pattern)}", where=where)
            if marker := entry.options.get("marker"):
                number = (f"{marker}{{{{ loop.index }}}}", "Number")
                self.paper.add("Finding", number, "\t{{ item }}", where=where)
            else:
                self.paper.tag("if loop.length == 1", where=where)
                self.paper.add(style, "{{ item }}", where=where)
                self.paper.tag("else", where=where)
                self.paper.add("List Bullet", "{{ item }}", where=where)
                self.paper.tag("endif", where=where)
            self.paper.tag("endfor", where=where)
        else:
            style = "Quote" if entry.options.get("quote") else style
            self.paper.add(style, self.filled(entry.pattern), where=where)

    def optional(self, pattern: str, where: Any, draw: Callable[[], object]) -> None:
        """Call ``draw`` between tags that leave it out where an answer that ``pattern`` needs is blank."""
        condition = self.answered(pattern)
        if condition:
            self.paper.tag(f"if {condition}", where=where)
        draw()
        if condition:
            self.paper.tag("endif", where=where)
