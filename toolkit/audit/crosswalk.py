"""The crosswalk of an audit sheet: what a document requires, who asks for it, and how this record meets it.

A requirement is one line: what fields are required for, by code and section, and what the rules of level error hold
answers to; of other rules only those that found something. It says met, not met, waived or not applicable, and
nothing that a client said. Of a rule that found nothing it says so, and not that it is met: the rule may have had
nothing to look at, for whom it looks at is known to its code alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from toolkit import blocks, conditions, derive
from toolkit.audit.blanks import BLANK
from toolkit.model import OUR_OWN, Case, Definitions, Field, Finding, OwnLevel, Row, Rule, Section
from toolkit.rules import FACT_KINDS, FAMILIES, by_family, checks

REQUIREMENTS = "requirements"
"""The section whose rows the crosswalk is."""
MET, NOT_MET, WAIVED, NOT_APPLICABLE, LOOK = "Met", "Not met", "Waived", "Not applicable", "Please look"
CLEAR = "No fault found"
_RESULTS = (NOT_MET, LOOK, WAIVED, MET, CLEAR)
"""What is told of what applies, in the order in which it is told."""
_MOST = 2
"""So many of those who ask are named for one requirement; `plankit rule CODE` names all."""
_LEFT = "What this client or document is not asked for"
SIGNERS = "to_sign"
"""What rules on signers ask for; it stands for the places to sign, too."""


@dataclass(frozen=True, slots=True)
class _Line:
    """One requirement: its code, in words, who asks, the result, and the answer that stands for its place."""

    code: str
    words: str
    source: str
    result: str
    path: str


def lists_requirements(case: Case) -> bool:
    """Tell whether a case is of a companion that prints the crosswalk."""
    document, definitions = case.wanted.document, case.definitions
    return bool(document.of) and definitions.once(
        ("crosswalk", document.name),
        lambda: any(path.startswith(f"{REQUIREMENTS}.") for path in blocks.printed(document, definitions)),
    )


def with_requirements(
    case: Case, rules: Mapping[str, Rule], levels: Mapping[str, OwnLevel], where: Callable[[str], str]
) -> Case:
    """Return ``case`` with the crosswalk of its document in its record, what stands in one place as one row.

    ``levels`` are the payer's own of rules; ``where`` tells the place of an answer, or of `SIGNERS`, in the document.
    """
    lines = [*_of_fields(case, rules), *_of_rules(case, rules, levels)]
    by_code: dict[str, list[_Line]] = {}
    for line in lines:
        by_code.setdefault(line.code, []).append(line)
    section, rows, left = case.definitions.sections[REQUIREMENTS], [], []
    for name, codes in by_family(sorted(by_code)).items():
        of_theme = [line for code in codes for line in by_code[code]]
        theme = FAMILIES.get(name, name)
        if missing := [line.code for line in of_theme if line.result == NOT_APPLICABLE]:
            left.append(f"{theme}: {', '.join(dict.fromkeys(missing))}")
        together: dict[tuple[int, str], list[str]] = {}
        for line in of_theme:
            if line.result in _RESULTS:
                key = _RESULTS.index(line.result), where(line.path)
                together.setdefault(key, []).append(
                    f"{line.code} {line.words}{f' ({line.source})' if line.source else ''}"
                )
        for (result, place), asked in sorted(together.items(), key=lambda item: item[0][0]):
            rows.append({"theme": theme, "asked": tuple(asked), "result": _RESULTS[result], "where": place})
    if left:
        rows.append({"theme": _LEFT, "asked": tuple(left), "result": NOT_APPLICABLE})
    found = tuple(Row(section, values, ordinal=number) for number, values in enumerate(rows, start=1))
    return replace(case, record=case.record.with_rows(**{REQUIREMENTS: found}))


# --- required answers ----------------------------------------------------------------------------------------------


def _of_fields(case: Case, rules: Mapping[str, Rule]) -> Iterator[_Line]:
    """Yield a requirement for each code and section of which answers are required."""
    for section in case.definitions.sections.values():
        several: dict[str, list[Field]] = {}
        for item in _required(section, case):
            rule = rules.get(item.code)
            of_form = rule is not None and bool(FACT_KINDS & set(rule.parameters))
            several.setdefault(BLANK if of_form else item.code, []).append(item)
        for code, fields in several.items():
            asked = [item for item in fields if _applies(item, section, case)]
            labels = "; ".join(item.label for item in asked or fields)
            paths = {item.path for item in fields}
            mine = [found for found in case.findings if _is_about(found, code, paths, section)]
            result = _result(mine, MET) if asked or mine else NOT_APPLICABLE
            source = "; ".join([*dict.fromkeys(_asking(asked or fields, case.definitions))][:_MOST])
            yield _Line(code, f"{section.title}: {labels}", source, result, (asked or fields)[0].path)


def _required(section: Section, case: Case) -> Iterator[Field]:
    """Yield the fields of ``section`` that the document may require."""
    name = case.wanted.document.main
    date = case.definitions.documents[name].date
    asked = section.scope == "workbook" or name in section.documents
    for item in section.fields:
        if not item.derived and (name in item.required or item.path == date or (item.required_when and asked)):
            yield item


def _applies(item: Field, section: Section, case: Case) -> bool:
    """Tell whether ``item`` is required of this record."""
    name = case.wanted.document.main
    rows = derive.rows_of(case.record, section, case.wanted)
    if name in item.required or item.path == case.definitions.documents[name].date:
        return bool(rows) or name in section.at_least_one or not section.repeats
    condition = conditions.compile_condition(item.required_when)
    return any(condition(derive.lookup(case.record, row)) is True for row in rows)


def _is_about(found: Finding, code: str, paths: Iterable[str], section: Section) -> bool:
    """Tell whether a finding says that a requirement is not met: of its answers, or of a row that is not there."""
    if found.path:
        return found.path in paths and (found.code == code or found.holds)
    return found.code == code and (code != BLANK or found.place.sheet == section.sheet)


def _asking(fields: Iterable[Field], definitions: Definitions) -> Iterator[str]:
    """Yield who asks for answers: populations and payers by their titles, and what the fields name."""
    for item in fields:
        yield from (definitions.titles[one.by] for one in item.required_by if one.by in definitions.titles)
        yield from (part for part in item.source.split("; ") if part)


# --- rules ---------------------------------------------------------------------------------------------------------


def _of_rules(case: Case, rules: Mapping[str, Rule], levels: Mapping[str, OwnLevel]) -> Iterator[_Line]:
    """Yield a requirement for each rule that no field bears; of those that only warn, where they found something."""
    borne = {item.code for section in case.definitions.sections.values() for item in _required(section, case)}
    for rule in rules.values():
        if rule.code in borne or not checks(rule) or rule.phase != "make" or FACT_KINDS & set(rule.parameters):
            continue
        own = levels.get(rule.code)
        mine = [found for found in case.findings if found.code == rule.code]
        if (own.level if own else rule.level) != "error" and not any(found.level != "info" for found in mine):
            continue
        path, applies = _subject(rule, case)
        asking = [own.by] if own and own.by else []
        asked = derive.source(rule, case.record, case.definitions)
        source = "; ".join([*asking, *(part for part in asked.split("; ") if part != OUR_OWN)][:_MOST])
        result = _result(mine, CLEAR) if applies or mine else NOT_APPLICABLE
        path = next((found.path for found in mine if found.path), path)
        yield _Line(rule.code, rule.requires or f"Not so: {rule.summary}", source, result, path)


def _subject(rule: Rule, case: Case) -> tuple[str, bool]:
    """Return an answer that stands for what ``rule`` looks at, and whether the document and the record have it."""
    definitions, name = case.definitions, case.wanted.document.main
    if rule.documents and name not in rule.documents:
        return "", False
    if any(derive.limit(limit, case.record, definitions) is None for limit in rule.limits):
        return "", False
    path = SIGNERS if SIGNERS in rule.parameters else ""
    for parameter in rule.parameters:
        section = definitions.by_singular.get(parameter) or definitions.sections.get(parameter)
        if section is None:
            if parameter in definitions.known:
                return "", False
            continue
        if section.documents and name not in section.documents and not rule.documents:
            return "", False
        if not derive.rows_of(case.record, section, case.wanted) and parameter == section.singular:
            return "", False
        path = path or section.fields[0].path
    return path, True


def _result(found: Sequence[Finding], good: str) -> str:
    """Return what ``found`` says of a requirement; ``good`` where nothing was found."""
    if any(one.holds for one in found):
        return NOT_MET
    if any(one.level != "info" and not one.waived for one in found):
        return LOOK
    return WAIVED if any(one.waived for one in found) else good
