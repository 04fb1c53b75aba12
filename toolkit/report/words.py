"""Findings as people read them: one line each, and a rule's page."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from toolkit.model import OUR_OWN, Definitions, Finding, Rule
from toolkit.packed import ordered
from toolkit.report.examples import in_the_workbook

_SHOWN = {"nearest": "did you mean", "code_points": "characters:"}
_UNPRINTABLE = ("Cc", "Cf", "Cs", "Zl", "Zp")


Files = Mapping[int, str]
"""What the input files are called, by number."""


def text(
    findings: Iterable[Finding], rules: Mapping[str, Rule] | None = None, files: Files | None = None
) -> Iterator[str]:
    """Yield one line a finding, sorted by person, those of the whole workbook first.

    ``rules`` (by code) give the source where the finding names none; ``files`` the names of a folder's files.
    """
    return (line(finding, rules, files) for finding in by_person(findings))


def line(finding: Finding, rules: Mapping[str, Rule] | None = None, files: Files | None = None) -> str:
    """Return place · who · what is wrong and what to do, the values beside it, (source) and code, as one line."""
    who = f"{finding.record} {finding.initials}".strip()
    source = source_of(finding, rules)
    words = (subject_and_text(finding), shown(finding), source and f"({source})", finding.code, _mark(finding))
    file = (files or {}).get(finding.place.file, "")
    place = f"{file} {replace(finding.place, file=0)}".strip() if file else str(finding.place)
    parts = (place, who, " ".join(word for word in words if word))
    return one_line(" · ".join(part for part in parts if part))


def by_person(findings: Iterable[Finding]) -> Iterator[Finding]:
    """Yield ``findings`` sorted by record id as people count (2 before 10), in their own order within a person."""
    return ordered(findings, lambda finding: natural(finding.record))


def shown(finding: Finding) -> str:
    """Return the values beside a finding as a sentence: ``Typed: “Gaol 1”, did you mean “Goal 1”?``, or nothing."""
    parts = [
        f"{_SHOWN.get(name, name.replace('_', ' ') + ':')} “{_short(value)}”"
        for name, value in finding.show.items()
        if value
    ]
    words = ", ".join(parts)
    return f"{words[0].upper()}{words[1:]}{'?' if finding.show.get('nearest') else '.'}" if words else ""


def page(rule: Rule, definitions: Definitions | None = None) -> str:
    """Return a rule's page: what is wrong, why it matters, an example, what to write instead, the source.

    With ``definitions`` the examples are in the words of the workbook; else as they are typed in TOML.
    """
    wrong, right = (
        in_the_workbook(text, definitions) if definitions and text else text for text in (rule.example, rule.mend)
    )
    parts = (
        f"{rule.code} · {rule.name.replace('_', ' ')} · {rule.level}",
        rule.summary,
        rule.why and f"Why it matters: {rule.why}",
        wrong and f"Wrong:\n{_indented(wrong)}",
        right and f"Right:\n{_indented(right)}",
        rule.source and f"Source: {rule.source}",
    )
    return "\n\n".join(part for part in parts if part)


def subject_and_text(finding: Finding) -> str:
    """Return ``goal 2: the target date is blank. …``, or the text alone."""
    return f"{finding.subject}: {finding.text}" if finding.subject else finding.text


def source_of(finding: Finding, rules: Mapping[str, Rule] | None) -> str:
    """Return the source that the finding names, else its rule's, else nothing."""
    rule = (rules or {}).get(finding.code)
    source = finding.source or (rule.source if rule else "")
    return "" if source == OUR_OWN else source


def natural(identity: str) -> tuple[tuple[int, int, str], ...]:
    """Return the key by which people sort ids: runs of digits as numbers, words in any case."""
    chunks = re.findall(r"\d+|\D+", identity)
    return tuple(
        (0, len(chunk.lstrip("0")), chunk.lstrip("0")) if chunk.isdecimal() else (1, 0, chunk.casefold())
        for chunk in chunks
    )


def one_line(words: str) -> str:
    """Return ``words`` without what breaks or colours a line on a terminal: control and direction characters."""
    if words.isprintable():
        return words
    return "".join(" " if unicodedata.category(sign) in _UNPRINTABLE else sign for sign in words)


def _mark(finding: Finding) -> str:
    if finding.waived:
        return f"(accepted: {finding.waived})"
    return "" if finding.level == "error" else f"({finding.level})"


def _indented(body: str) -> str:
    return "\n".join(f"    {row}" if row else row for row in body.splitlines())


def _short(value: str, most: int = 80) -> str:
    flat = " / ".join(part.strip() for part in str(value).splitlines() if part.strip())
    return flat if len(flat) <= most else f"{flat[: most - 1]}…"
