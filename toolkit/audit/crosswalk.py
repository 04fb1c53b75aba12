"""The crosswalk of an audit sheet: what a document requires, who asks for it, and how this record meets it.

A requirement is one line: what fields are required for, by code and section, and what the rules of level error hold
answers to; of other rules only those that found something. It says met, not met, waived or not applicable, where
that stands, and why something was accepted; of the rest nothing that a client said. Of a rule that
found nothing it says so, and not that it is met: the rule may have had nothing to look at, for whom it looks at is
known to its code alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from toolkit import blocks, conditions, derive
from toolkit.audit.blanks import BLANK, asks, is_excused
from toolkit.model import OUR_OWN, Case, Field, Finding, OwnLevel, Requirement, Row, Rule, Section
from toolkit.rules import FACT_KINDS, FAMILIES, by_family, checks

REQUIREMENTS = "requirements"
"""The section whose rows the crosswalk is."""
STAFF = "staff"
MET, NOT_MET, WAIVED, NOT_APPLICABLE, LOOK = "Met", "Not met", "Waived", "Not applicable", "Please look"
CLEAR = "No fault found"
_RESULTS = (NOT_MET, LOOK, WAIVED, MET, CLEAR)
"""What is told of what applies, in the order in which it is told."""
_MOST = 2
"""So many of those who ask are named for one requirement; `plankit rule CODE` names all."""
_LEFT = "What this client or document is not asked for"
SIGNERS = "to_sign"
"""What rules on signers ask for; it stands for the places to sign, too."""
NOT_PRINTED, WHOLE = "Not printed", "The whole document"
"""The places of what is required and not printed, and of what rules ask of no part of it."""
Where = Callable[[Sequence[str], Sequence[Finding]], tuple[str, ...]]
"""Tells the places of answers (paths, or `SIGNERS`) in the document: those of what was found, where that has a row."""


class _Line(Struct, frozen=True):
    """One requirement: its code, in words, who asks, the result, its places, and what is said of what was found."""

    code: str
    words: str
    source: str
    result: str
    places: tuple[str, ...] = ()
    told: tuple[str, ...] = ()


def lists_requirements(case: Case) -> bool:
    """Tell whether a case is of a companion that prints the crosswalk."""
    document, definitions = case.wanted.document, case.definitions
    return bool(document.of) and definitions.once(
        ("crosswalk", document.name),
        lambda: any(path.startswith(f"{REQUIREMENTS}.") for path in blocks.printed(document, definitions)),
    )


def with_requirements(case: Case, rules: Mapping[str, Rule], levels: Mapping[str, OwnLevel], where: Where) -> Case:
    """Return ``case`` with the crosswalk of its document in its record, what stands in one place as one row.

    ``levels`` are the payer's own of rules.
    """
    lines = [*_of_fields(case, rules, where), *_of_rules(case, rules, levels, where)]
    by_code: dict[str, list[_Line]] = {}
    for line in lines:
        by_code.setdefault(line.code, []).append(line)
    section, rows, left = case.definitions.sections[REQUIREMENTS], [], []
    for name, codes in by_family(sorted(by_code)).items():
        of_theme = [line for code in codes for line in by_code[code]]
        theme = FAMILIES.get(name, name)
        asked_for = {line.code for line in of_theme if line.result != NOT_APPLICABLE}
        if missing := [line.code for line in of_theme if line.code not in asked_for]:
            left.append(f"{theme}: {', '.join(dict.fromkeys(missing))}")
        together: dict[tuple[int, tuple[str, ...]], list[str]] = {}
        for line in of_theme:
            if line.result in _RESULTS:
                asked = f"{line.code} {line.words}{f' ({line.source})' if line.source else ''}"
                together.setdefault((_RESULTS.index(line.result), line.places), []).extend((asked, *line.told))
        for (result, places), several in sorted(together.items(), key=lambda item: item[0][0]):
            rows.append({"theme": theme, "asked": tuple(several), "result": _RESULTS[result], "where": places})
    if left:
        rows.append({"theme": _LEFT, "asked": tuple(left), "result": NOT_APPLICABLE})
    found = tuple(Row(section, values, ordinal=number) for number, values in enumerate(rows, start=1))
    return replace(case, record=case.record.with_rows(**{REQUIREMENTS: found}))


# --- required answers ----------------------------------------------------------------------------------------------


def _of_fields(case: Case, rules: Mapping[str, Rule], where: Where) -> Iterator[_Line]:
    """Yield a requirement for each code, section and place of which answers are required, apart what is not met."""
    for section in case.definitions.sections.values():
        several: dict[str, list[Field]] = {}
        for item in _required(section, case):
            rule = rules.get(item.code)
            of_form = rule is not None and bool(FACT_KINDS & set(rule.parameters))
            several.setdefault(BLANK if of_form else item.code, []).append(item)
        for code, fields in several.items():
            asked = [item for item in fields if _applies(item, section, case)]
            found = [one for one in case.findings if _is_about(one, code, {item.path for item in fields}, section)]
            together: dict[tuple[tuple[str, ...], bool], list[Field]] = {}
            for item in asked or fields:
                met = not any(one.path == item.path for one in found)
                together.setdefault((where((item.path,), ()), met), []).append(item)
            for items in together.values():
                paths = [item.path for item in items]
                mine = [one for one in found if not one.path or one.path in paths or not asked]
                words = f"{section.title}: {'; '.join(item.label for item in items)}"
                source = "; ".join(_asking(items, case))
                result = _result(mine, MET) if asked or mine else NOT_APPLICABLE
                places = where(paths, [one for one in mine if one.level != "info"])
                yield _Line(code, words, source, result, places or (NOT_PRINTED,), tuple(_told(mine)))


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
    if item.section == STAFF:
        rows = tuple(row for row in rows if row.id in _people(case))
    if rows and all(row.get(item.name) is None and _is_excused(item, row, case) for row in rows):
        return False
    if name in item.required or item.path == case.definitions.documents[name].date:
        return bool(rows) or name in section.at_least_one or not section.repeats
    condition = conditions.compile_condition(item.required_when)
    return any(condition(derive.lookup(case.record, row)) is True for row in rows)


def _is_excused(item: Field, row: Row, case: Case) -> bool:
    lookup, rows_of = derive.lookup(case.record, row), lambda section: derive.rows_of(case.record, section, case.wanted)
    return is_excused(item, row, lookup, rows_of, case.definitions)


def _is_about(found: Finding, code: str, paths: Iterable[str], section: Section) -> bool:
    """Tell whether a finding says that a requirement is not met: of its answers, or of a row that is not there."""
    if found.path:
        return found.path in paths and (found.code == code or found.holds)
    return found.code == code and (code != BLANK or found.place.sheet == section.sheet)


def _people(case: Case) -> set[str]:
    """Return the ids of the staff whom the document is about."""
    named = (
        row.get(name)
        for section in case.definitions.sections.values()
        if section.name != STAFF
        for row in derive.rows_of(case.record, section, case.wanted)
        for name in section.of_staff
    )
    return {one for value in named if value for one in (value if isinstance(value, tuple) else (value,))}


def _asking(fields: Sequence[Field], case: Case) -> Iterator[str]:
    """Yield who asks for answers: populations and payers by their titles, all of them, and what the fields name."""
    titles = case.definitions.titles
    by = (one for item in fields for one in item.required_by if one.by in titles and _asks(one, item, case))
    yield from dict.fromkeys(titles[one.by] for one in by)
    named = (part for item in fields for part in item.source.split("; ") if part)
    yield from [*dict.fromkeys(named)][:_MOST]


def _asks(one: Requirement, item: Field, case: Case) -> bool:
    """Tell whether a requirement of ``item`` holds of this document."""
    main = case.wanted.document.main
    rows = derive.rows_of(case.record, case.definitions.sections[item.section], case.wanted)
    return main in one.documents or any(asks(one, main, derive.lookup(case.record, row)) for row in rows)


# --- rules ---------------------------------------------------------------------------------------------------------


def _of_rules(case: Case, rules: Mapping[str, Rule], levels: Mapping[str, OwnLevel], where: Where) -> Iterator[_Line]:
    """Yield a requirement for each rule that no field bears; of those that only warn, where they found something."""
    borne = {item.code for section in case.definitions.sections.values() for item in _required(section, case)}
    for rule in rules.values():
        if rule.code in borne or not checks(rule) or rule.phase != "make" or FACT_KINDS & set(rule.parameters):
            continue
        own = levels.get(rule.code)
        mine = [found for found in case.findings if found.code == rule.code]
        told = [found for found in mine if found.level != "info"]
        if (own.level if own else rule.level) != "error" and not told:
            continue
        words = rule.requires or f"No fault of this kind: {rule.summary.rstrip('.')}"
        subject = _subject(rule, case)
        if subject is None and not mine:
            yield _Line(rule.code, words, "", NOT_APPLICABLE)
            continue
        asking = [own.by] if own and own.by else []
        asked = derive.source(rule, case.record, case.definitions)
        source = "; ".join([*asking, *(part for part in asked.split("; ") if part != OUR_OWN)][:_MOST])
        places = where([one.path for one in told if one.path], told) or _places(rule, subject, where)
        yield _Line(rule.code, words, source, _result(mine, CLEAR), places, tuple(_told(mine)))


def _places(rule: Rule, subject: Sequence[str] | None, where: Where) -> tuple[str, ...]:
    """Return where that stands which ``rule`` looks at: of its ``subject``, the first answer that is printed."""
    if rule.looks_at:
        return where(rule.looks_at, ()) or (NOT_PRINTED,)
    if subject == []:
        return (WHOLE,)
    return next(filter(None, (where((path,), ()) for path in subject or ())), (NOT_PRINTED,))


def _subject(rule: Rule, case: Case) -> list[str] | None:
    """Return the answers of which the first that is printed tells where that stands which ``rule`` looks at.

    None where the document, or the record, has nothing of the kind.
    """
    definitions, name = case.definitions, case.wanted.document.main
    if rule.documents and name not in rule.documents:
        return None
    if any(derive.limit(limit, case.record, definitions) is None for limit in rule.limits):
        return None
    paths: list[str] = []
    for parameter in rule.parameters:
        section = definitions.by_singular.get(parameter) or definitions.sections.get(parameter)
        if section is None:
            if parameter in definitions.known:
                return None
            continue
        if section.documents and name not in section.documents and not rule.documents:
            return None
        rows = derive.rows_of(case.record, section, case.wanted)
        if not any(row.values for row in rows) and (not paths or parameter == section.singular):
            return None
        paths = paths or [item.path for item in section.fields]
    if rule.looks_at and not any(_answered(path, case) for path in rule.looks_at):
        return None
    return paths or [SIGNERS] * (SIGNERS in rule.parameters)


def _answered(path: str, case: Case) -> bool:
    section = case.definitions.sections.get(path.partition(".")[0])
    name = path.rpartition(".")[2]
    rows = derive.rows_of(case.record, section, case.wanted) if section else ()
    return path == SIGNERS or any(row.get(name) is not None for row in rows)


# --- results -------------------------------------------------------------------------------------------------------


def _result(found: Sequence[Finding], good: str) -> str:
    """Return what ``found`` says of a requirement; ``good`` where nothing was found."""
    if any(one.holds for one in found):
        return NOT_MET
    if any(one.level != "info" and not one.waived for one in found):
        return LOOK
    return WAIVED if any(one.waived for one in found) else good


def _told(found: Iterable[Finding]) -> Iterator[str]:
    """Yield of which rows something was found, and of what was accepted why, by whom and until when."""
    together: dict[str, list[str]] = {}
    for one in found:
        if one.level != "info" or one.waived:
            together.setdefault(one.waived, []).append(one.subject)
    for reason, subjects in together.items():
        named = ", ".join(dict.fromkeys(filter(None, subjects)))
        if reason:
            yield f"Accepted{f' for {named}' if named else ''}: {reason}"
        elif named:
            yield f"Found for {named}"
