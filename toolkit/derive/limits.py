"""Which number holds: the strictest of payer, state and level of care; and who sets it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from msgspec.structs import replace

from toolkit import reference
from toolkit.model import OUR_OWN, Definitions, Limit, Record, Rule


def limit(name: str, record: Record, definitions: Definitions) -> Limit | None:
    """Return the limit called ``name`` for ``record``, or None where nobody sets one."""
    level = record.get("episode.level_of_care")
    return definitions.once(("limit", name, level), lambda: strictest(setting(name, level, definitions)))


def setting(name: str, level: str | None, definitions: Definitions) -> tuple[Limit, ...]:
    """Return the limit ``name`` as each that counts sets it: the payers that were chosen, and the level of care.

    Our own number counts only where no payer sets one; that of a level of care above outpatient counts always.
    """
    payers = [_at(item, level) for item in definitions.set_by.get(name, ())]
    known = reference.levels_of_care().get(level)
    clock = known.limits.get(name) if known else None
    if any(not item.ours for item in payers):
        payers = [item for item in payers if not item.ours]
        clock = None if known and clock and clock.ours and not known.above_outpatient else clock
    return tuple(item for item in (*payers, clock) if item and item.number is not None)


def strictest(limits: Iterable[Limit]) -> Limit | None:
    """Return the strictest of ``limits``, a checked one before our own that is as strict; None of none."""
    found = [item for item in limits if item.number is not None]
    if not found:
        return None
    sign = -1 if found[0].larger else 1
    return min(found, key=lambda item: (sign * (item.number or 0), item.ours))


def told(name: str, record: Record, definitions: Definitions) -> str:
    """Return who sets the limit ``name`` for ``record``, as a finding names its source; empty where nobody does."""
    found = limit(name, record, definitions)
    if found is None:
        return ""
    others = setting(name, record.get("episode.level_of_care"), definitions)
    return f"{_said(name, found, definitions)}{_among(others)}"


def source(rule: Rule, record: Record, definitions: Definitions) -> str:
    """Return who asks for what ``rule`` finds in ``record``: of one that reads limits, who sets these."""
    if not rule.limits:
        return rule.source
    limits = [limit(name, record, definitions) for name in rule.limits]
    ours = all(item.ours for item in limits if item)
    whose = (told(name, record, definitions) for name in rule.limits)
    return "; ".join([*([rule.source] if ours and rule.source != OUR_OWN else []), *(part for part in whose if part)])


def counted(name: str, number: float) -> str:
    """Return a limit's number with its unit: ``30 days``."""
    return f"{number:g} days" if name.endswith("_days") else f"{number:g}"


def _said(name: str, found: Limit, definitions: Definitions) -> str:
    number = counted(name, found.number or 0)
    if not found.ours:
        return f"{found.by}: {found.says or number}"
    title = "" if definitions.payer == "default" else definitions.titles.get(definitions.payer, definitions.payer)
    unlike = "not checked against the rule of" if found.says else "not a rule of"
    whose = f", {unlike} {title}" if title else ""
    at = f" for {found.by}" if found.of_level else ""
    return f"our default{at}: {number}{whose}"


def _among(others: Sequence[Limit]) -> str:
    names = list(dict.fromkeys(item.by for item in others if item.by))
    if len({item.number for item in others}) < 2 or len(names) < 2:
        return ""
    return f"; the strictest of {', '.join(names[:-1])} and {names[-1]}"


def _at(item: Limit, level: str | None) -> Limit:
    return replace(item, number=item.at[level], says="") if level and level in item.at else item
