"""Who signs a document, as packs, payers and the clinic's own entries say."""

from __future__ import annotations

from typing import Any

from toolkit import conditions, kinds
from toolkit.derive.facts import credential, lookup, staff
from toolkit.model import Definitions, Document, Record, Signer


def signers(record: Record, definitions: Definitions, document: Document) -> tuple[Signer, ...]:
    """Return who must sign ``document`` of the completed ``record``, the clinic's own entries over the rules'."""
    found: dict[str, Signer] = {}
    value = lookup(record)
    for rule in definitions.signers:
        if rule.documents and document.name not in rule.documents:
            continue
        if rule.when and not conditions.compile_condition(rule.when)(value):
            continue
        section, _, name = rule.person.partition(".")
        if section in definitions.sections and definitions.sections[section].repeats:
            for number, row in enumerate(record.all(section), start=1):
                role = f"{rule.role}_{number}"
                found[role] = _signer(role, rule.label, row.get(name), record)
        else:
            found[rule.role] = _signer(rule.role, rule.label, value(rule.person) if rule.person else None, record)
    for row in record.all("signers"):
        known = found.get(row.role, Signer(row.role or "", kinds.show(row.role)))
        found[known.role] = Signer(
            known.role,
            kinds.show(row.label) or known.label,
            kinds.show(row.name) or known.name,
            kinds.show(row.credential) or known.credential,
            kinds.show(row.reason_absent),
        )
    return tuple(found.values())


def _signer(role: str, label: str, who: Any, record: Record) -> Signer:
    person = staff(record, who) if isinstance(who, str) else None
    if person is not None:
        license_number = person.get("license") and f"license {person.license}"
        said = ", ".join(part for part in (credential(person), license_number) if part)
        return Signer(role, label, kinds.show(person.name), said)
    return Signer(role, label, kinds.show(who))
