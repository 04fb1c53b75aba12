"""Waivers: what somebody accepted of what was found, with a reason and until a day; and what is wrong with a waiver.

A waiver that is not whole, that has ended, or that is for what can never be accepted does not count: what it was for
holds as before, and the waiver itself is told. It accepts what it names, and nothing that nobody has looked at: where
its rule found several things, it has to say which.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import partial

from msgspec import Struct
from msgspec.structs import replace

from toolkit import derive, kinds
from toolkit.audit.findings import in_order
from toolkit.model import Audited, Definitions, Field, Finding, Row, Rule
from toolkit.rules import LATE_KINDS, continued, in_a_sentence
from toolkit.text import key, nearest

WAIVERS = "waivers"
"""The section whose rows are waivers, wherever they were written."""
NOT_WHOLE, ENDED, NO_RULE, NEVER, FITS_NOTHING, FITS_SEVERAL = "WV001", "WV002", "WV003", "WV004", "WV005", "WV006"
_NEEDED = ("code", "reason", "accepted_by", "expires")
_ALL = "all"
_SO = "so this waiver does not count"
_Fault = tuple[str, str, str, Mapping[str, str]]
"""What is wrong with a waiver: the code, the field, the text, and what to show beside it."""


class Accepting(Struct, frozen=True):
    """What waivers are held against: the rules, what readers know, the day, and the phases that were judged.

    ``whole`` tells that every document was judged: only then can a waiver be said to fit nothing.
    """

    rules: Mapping[str, Rule]
    known: Definitions
    today: date
    phases: Collection[str]
    whole: bool

    def applied(self, audited: Audited, rows: Sequence[Row]) -> Audited:
        """Return what was ``audited`` with what the waivers in ``rows`` accept, and what is wrong with these."""
        told: list[Finding] = []
        accepted: dict[tuple[object, ...], str] = {}
        tell = partial(self._told, audited)
        unread = {fact.place for fact in audited.record.facts if _is_unread(fact)}
        whole = self.whole and bool(audited.cases) and not unread
        for row in rows:
            faults = [tell(row, *fault) for fault in self._faults(row)]
            if not faults:
                found = [item for item in audited.findings if self._is_of(item, row)]
                faults = [tell(row, *fault) for fault in self._misfits(row, found, audited, whole)]
                if found and not faults and all(_same(item) in accepted for item in found):
                    faults = [tell(row, FITS_NOTHING, "code", _TWICE, {})]
                accepted = {_same(item): _words(row) for item in found if not faults} | accepted
            told += (fault for fault in faults if fault.place not in unread)  # what cannot be read is told as that
        cases = tuple(replace(case, findings=tuple(_as_accepted(case.findings, accepted))) for case in audited.cases)
        findings = in_order((*_as_accepted(audited.findings, accepted), *told), self.known)
        return replace(audited, cases=cases, findings=findings)

    def comes_later(self, row: Row) -> bool:
        """Tell whether the waiver in ``row`` counts, and is for what is found after a record was judged."""
        return not any(self._faults(row)) and bool(LATE_KINDS & set(self.rules[_code(row)].parameters))

    def _faults(self, row: Row) -> Iterator[_Fault]:
        """Yield what is wrong with a waiver whatever was found."""
        for name in _NEEDED:
            if row.get(name) is None:
                item = self._field(name)
                yield NOT_WHOLE, name, continued(in_a_sentence(item.label), f"is blank, {_SO}. {item.prompt}"), {}
        code, end = row.get("code"), row.get("expires")
        rule = self.rules.get(key(code).upper()) if code else None
        if code and rule is None:
            text = f"no rule has this code, {_SO}. Type the code that stands at the end of a finding."
            yield NO_RULE, "code", text, {"typed": code, "nearest": nearest(code, self.rules)}
        if rule and not rule.waivable:
            yield NEVER, "code", f"{_NEVER}, {_SO}. {_MEND_IT}", {"code": rule.code}
        if end is not None and end < self.today:
            text = "this day has gone by, so the waiver no longer counts. Mend what it was for, or decide anew."
            yield ENDED, "expires", text, {"ended": kinds.show(end)}

    def _misfits(self, row: Row, found: Sequence[Finding], audited: Audited, whole: bool) -> Iterator[_Fault]:
        """Yield why a waiver that is whole accepts none of what was ``found`` for it, or may not."""
        if any(self._can_never_be_accepted(item) for item in found):
            yield NEVER, "where", f"{_NEVER} here, {_SO}. {_MEND_IT}", {"code": row.get("code")}
        elif not found and whole and self.rules[_code(row)].phase in self.phases and not self.comes_later(row):
            others = [item for item in audited.findings if item.code == _code(row) and item.record]
            text = "nothing of the kind was found for this client, so this waiver is not needed. Take it out."
            if others:
                text = f"nothing of the kind was found there, {_SO}. Type the row or the column as the finding says it."
            there = dict.fromkeys(_there(item, self._label(item)) for item in others)
            yield FITS_NOTHING, "where" if others else "code", text, {"found": "; ".join(there)}
        elif len({_same(item) for item in found}) > 1 and row.get("where") is None:
            there = dict.fromkeys(_there(item, self._label(item)) for item in found)
            text = f"several findings have this code, {_SO}. Type which one is meant, or “{_ALL}”."
            yield FITS_SEVERAL, "where", text, {"found": "; ".join(there)}

    def _told(self, audited: Audited, row: Row, code: str, name: str, text: str, show: Mapping[str, str]) -> Finding:
        return Finding(
            code=code,
            level=self.rules[code].level,
            text=text,
            place=row.place(name),
            record=audited.record.id,
            initials=audited.initials,
            subject=row.subject,
            path=self._field(name).path,
            show=show,
        )

    def _is_of(self, finding: Finding, row: Row) -> bool:
        """Tell whether the waiver in ``row`` means ``finding``, by what a person calls the place of it."""
        if finding.code != _code(row) or not finding.record:
            return False
        where = key(row.get("where") or _ALL)
        label = self._label(finding)
        there = (_ALL, finding.subject, finding.path, label, str(finding.place), finding.place.cell)
        return where in map(key, (*there, _there(finding, label), f"{finding.subject}: {label}"))

    def _label(self, finding: Finding) -> str:
        item = self.known.fields.get(finding.path)
        return item.label if item else ""

    def _can_never_be_accepted(self, finding: Finding) -> bool:
        item = self.known.fields.get(finding.path)
        dates = {document.date for document in self.known.documents.values()}
        return item is not None and (not item.waivable or item.path in dates)

    def _field(self, name: str) -> Field:
        return self.known.sections[WAIVERS].by_name[name]


_NEVER = "what this rule finds can never be accepted"
_TWICE = f"an earlier waiver accepts the same, {_SO}. Take one of the two out."
_MEND_IT = "Mend what it found instead, and take the waiver out."


def _is_unread(fact: object) -> bool:
    return getattr(fact, "kind", "") in derive.UNREAD


def _code(row: Row) -> str:
    return key(row.get("code")).upper()


def _same(finding: Finding) -> tuple[object, ...]:
    """Return by what a finding is the same in each document that it concerns."""
    return finding.code, finding.place, finding.subject, finding.path, finding.text


def _there(finding: Finding, label: str) -> str:
    """Return where a finding is, as a waiver may say it: ``objective 1a, Target date``."""
    return ", ".join(part for part in (finding.subject, label) if part) or str(finding.place)


def _words(row: Row) -> str:
    reason = row.get("reason").rstrip(".")
    return f"{reason}. {row.get('accepted_by')}, until {kinds.show(row.get('expires'))}"


def _as_accepted(findings: Iterable[Finding], accepted: Mapping[tuple[object, ...], str]) -> Iterator[Finding]:
    for item in findings:
        words = accepted.get(_same(item)) if item.record else None
        yield replace(item, waived=words) if words else item
