"""Findings as people read them: one line each, and a rule's page."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping

from msgspec.structs import replace

from toolkit.model import OUR_OWN, PROPOSAL, Definitions, Finding, OwnLevel, Rule
from toolkit.packed import ordered
from toolkit.report.examples import in_the_workbook

_SHORT, _MOST = 80, 600
"""How many characters are shown of a value, and of a sentence to be taken over."""
LEVEL_WORDS: Mapping[str, str] = {"error": "must be fixed", "warning": "please look", "info": "for information"}
_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-Z“])")
_SHOWN = {"nearest": "did you mean", "code_points": "characters:"}
_WAIVABLE = {
    True: "Where it does not apply to a client, it can be accepted with a reason, on the sheet Waivers.",
    False: "It cannot be accepted with a waiver: it has to be mended.",
}
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
    source = whose(finding, rules)
    source = source and f"({source})"
    words = (subject_and_text(finding), shown(finding), source, finding.code, _mark(finding))
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
        f"{_SHOWN.get(name, name.replace('_', ' ') + ':')} “{_short(value, _MOST if name == PROPOSAL else _SHORT)}”"
        for name, value in finding.show.items()
        if value
    ]
    words = ", ".join(parts)
    return f"{words[0].upper()}{words[1:]}{'?' if finding.show.get('nearest') else '.'}" if words else ""


def page(rule: Rule, definitions: Definitions | None = None, own: OwnLevel | None = None) -> str:
    """Return a rule's page: what is wrong, why it matters, an example, what to write instead, the source.

    With ``definitions`` it is for people: examples are in the words of the workbook, and it says whether an error or a
    warning can be accepted; else examples stand as they are typed in TOML. ``own`` is the level at which a payer
    judges it.
    """
    wrong, right = (
        in_the_workbook(text, definitions) if definitions and text else text for text in (rule.example, rule.mend)
    )
    level = f"{own.level} ({own}; otherwise {rule.level})" if own else rule.level
    parts = (
        f"{rule.code} · {rule.name.replace('_', ' ')} · {level}",
        rule.summary,
        rule.why and f"Why it matters: {rule.why}",
        wrong and f"Wrong:\n{_indented(wrong)}",
        right and f"Right:\n{_indented(right)}",
        rule.source and f"Source: {rule.source}",
        _WAIVABLE[rule.waivable] if definitions and rule.level != "info" else "",
    )
    return "\n\n".join(part for part in parts if part)


def whom(finding: Finding) -> str:
    """Return who can answer, by name where one is known."""
    role = capital(finding.asked_of or "whoever keeps the workbook")
    return f"{role}: {finding.answerer}" if finding.answerer else role


def parts(finding: Finding) -> tuple[str, str]:
    """Return what is wrong and what to do: the text's first sentence and the rest."""
    wrong, *rest = _SENTENCE.split(subject_and_text(finding), maxsplit=1)
    return capital(wrong), rest[0].strip() if rest else ""


def capital(words: str) -> str:
    """Return ``words`` with a capital letter in front."""
    return f"{words[:1].upper()}{words[1:]}"


def subject_and_text(finding: Finding) -> str:
    """Return ``goal 2: the target date is blank. …``, or the text alone."""
    return f"{finding.subject}: {finding.text}" if finding.subject else finding.text


def source_of(finding: Finding, rules: Mapping[str, Rule] | None) -> str:
    """Return the source that the finding names, else its rule's, else nothing."""
    rule = (rules or {}).get(finding.code)
    source = finding.source or (rule.source if rule else "")
    return "" if source == OUR_OWN else source


def whose(finding: Finding, rules: Mapping[str, Rule] | None) -> str:
    """Return the source of a finding (`source_of`) and, of several payers, for which alone it is."""
    only = f"only {', '.join(finding.payers)}" if finding.payers else ""
    return "; ".join(part for part in (source_of(finding, rules), only) if part)


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


def _short(value: str, most: int) -> str:
    flat = " / ".join(part.strip() for part in str(value).splitlines() if part.strip())
    return flat if len(flat) <= most else f"{flat[: most - 1]}…"
