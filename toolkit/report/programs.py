"""Findings for other programs: JSON with the values, and SARIF without anything that was typed."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from textwrap import indent
from typing import Any

from msgspec.structs import asdict

from toolkit import __version__
from toolkit.model import Definitions, Finding, Place, Rule
from toolkit.report.outcome import Tally
from toolkit.report.words import by_person, page, source_of

_SARIF_LEVELS = {"error": "error", "warning": "warning", "info": "note"}
_CELL = re.compile(r"([A-Z]{1,3})(\d+)|row (\d+)")


def as_json(
    findings: Collection[Finding], rules: Mapping[str, Rule] | None = None, by_payer: Iterable[Tally] = ()
) -> Iterator[str]:
    """Yield the findings for programs, sorted by person, values shown: ``{"version", "counts", "findings"}``.

    With the tallies ``by_payer`` of several payers side by side also ``payers``.
    """
    tallies = [asdict(one) for one in by_payer]
    counts = dict(sorted(Counter(finding.level for finding in findings).items()))
    return _lines(
        {"version": 1, "counts": counts, **({"payers": tallies} if tallies else {}), "findings": [None]},
        (_as_table(finding, rules) for finding in by_person(findings)),
    )


def _lines(table: dict[str, Any], items: Iterable[Any]) -> Iterator[str]:
    """Yield ``table`` as JSON, with ``items`` where its one list says null, so that they are never held together."""
    before, null, after = re.split(r"\n( +)null(?=\n)", json.dumps(table, indent=2))
    yield before
    for number, item in enumerate(items):
        yield f"{',' if number else ''}\n{indent(json.dumps(item, indent=2), null)}"
    yield f"{after}\n"


def _as_table(finding: Finding, rules: Mapping[str, Rule] | None) -> dict[str, Any]:
    place = finding.place
    return {
        "code": finding.code,
        "level": finding.level,
        "phase": finding.phase,
        "holds": finding.holds,
        "waived": finding.waived,
        "record": finding.record,
        "initials": finding.initials,
        "subject": finding.subject,
        "text": finding.text,
        "show": dict(finding.show),
        "path": finding.path,
        "place": {
            "text": str(place),
            "sheet": place.sheet,
            "cell": place.cell,
            "pointer": place.pointer,
            "file": place.file,
            "line": place.line,
        },
        "documents": list(finding.documents),
        "asked_of": finding.asked_of,
        "source": source_of(finding, rules),
        "payers": list(finding.payers),
    }


def sarif(
    findings: Collection[Finding],
    rules: Mapping[str, Rule] | None = None,
    definitions: Definitions | None = None,
) -> Iterator[str]:
    """Yield the findings as SARIF 2.1.0, without anything that was typed.

    A sheet's name and the steps of a JSON pointer are written only where ``definitions`` knows them, because people
    name sheets and keys after clients. Rows and columns stand as lines and columns of ``input-1``.
    """
    known = dict(rules or {})
    codes = list(dict.fromkeys([*known, *sorted({finding.code for finding in findings} - set(known))]))
    index = {code: number for number, code in enumerate(codes)}
    names = _known_names(definitions)
    driver = {
        "name": "plankit",
        "version": __version__,
        "rules": [_sarif_rule(code, known.get(code)) for code in codes],
    }
    run = {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": [None]}
    schema = "https://json.schemastore.org/sarif-2.1.0.json"
    return _lines(
        {"$schema": schema, "version": "2.1.0", "runs": [run]},
        (_sarif_result(finding, index[finding.code], names) for finding in findings),
    )


def _sarif_rule(code: str, rule: Rule | None) -> dict[str, Any]:
    if rule is None:
        said = "Told by the program itself; each finding says what to do."
        return {"id": code, "shortDescription": {"text": said}, "help": {"text": said}}
    return {
        "id": code,
        "name": rule.name,
        "shortDescription": {"text": rule.summary or rule.name},
        "fullDescription": {"text": rule.why or rule.summary or rule.name},
        "help": {"text": page(rule)},
        "defaultConfiguration": {"level": _SARIF_LEVELS[rule.level]},
    }


def _sarif_result(finding: Finding, index: int, names: frozenset[str]) -> dict[str, Any]:
    physical: dict[str, Any] = {"artifactLocation": {"uri": f"input-{finding.place.file or 1}"}}
    region = _region(finding.place)
    if region:
        physical["region"] = region
    location: dict[str, Any] = {"physicalLocation": physical}
    where = _known_place(finding.place, names)
    if where:
        location["logicalLocations"] = [{"fullyQualifiedName": where}]
    result: dict[str, Any] = {
        "ruleId": finding.code,
        "ruleIndex": index,
        "level": _SARIF_LEVELS[finding.level],
        "message": {"text": finding.text},
        "locations": [location],
    }
    known = {"field": finding.path} if finding.path and set(finding.path.split(".")) <= names else {}
    if known or finding.payers:
        result["properties"] = {**known, **({"payers": list(finding.payers)} if finding.payers else {})}
    if finding.waived:
        result["suppressions"] = [{"kind": "external", "status": "accepted"}]
    return result


def _known_names(definitions: Definitions | None) -> frozenset[str]:
    if definitions is None:
        return frozenset()
    sections = definitions.sections.values()
    fields = (item.name for section in sections for item in section.fields)
    return frozenset((*definitions.sheets, *(section.name for section in sections), *fields, "records"))


def _region(place: Place) -> dict[str, int]:
    cell = _CELL.fullmatch(place.cell)
    if cell and cell[1]:
        return {"startLine": max(int(cell[2]), 1), "startColumn": _column(cell[1])}
    line = int(cell[3]) if cell else place.line
    return {"startLine": line} if line > 0 else {}


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = 26 * number + ord(letter) - ord("A") + 1
    return number


def _known_place(place: Place, names: frozenset[str]) -> str:
    sheet = place.sheet if place.sheet in names else ""
    cell = place.cell if _CELL.fullmatch(place.cell) else ""
    steps = (step if step.isdecimal() or step in names else "…" for step in place.pointer.split("/")[1:])
    pointer = "".join(f"/{step}" for step in steps)
    return f"{'!'.join(part for part in (sheet, cell) if part)}{pointer}"
