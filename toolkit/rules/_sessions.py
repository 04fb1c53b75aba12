"""What the rules on delivered care share: the sessions of the log that count, and under which code each was given."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from toolkit.reference import Services

NOT_PLANNED = ("assessment", "testing", "crisis", "planning", "coordination", "measure", "team")
"""The kinds of services that no plan has to order: what leads to it, what nobody foresees, what is done about it."""


def dated(sessions: Iterable[Any], since: date, until: date | None = None) -> list[Any]:
    """Return the rows of the log that are dated from ``since`` on, up to ``until``."""
    days = ((row, row.get("date")) for row in sessions)
    return [row for row, day in days if day and day >= since and (until is None or day <= until)]


def given(sessions: Iterable[Any]) -> Iterator[Any]:
    """Yield the rows that do not say that nobody came."""
    return (row for row in sessions if row.get("attended") is not False)


def code(typed: str | None, services: Services) -> str:
    """Return a service code without what is typed behind it (``90834-95``); as it is where it is not in our list."""
    service = services.get(typed)
    return service.code if service else typed or ""


def is_planned(typed: str | None, services: Services) -> bool:
    """Tell whether a plan orders services of this code; of one that is blank or not in our list, that may be."""
    service = services.get(typed)
    return service is None or service.kind not in NOT_PLANNED


def uncovered(sessions: Iterable[Any], coverage: Any, plan: Any, services: Services) -> list[Any]:
    """Return the sessions under the plan that were given after the authorization ended; planned services alone."""
    last = coverage.get("authorization_end")
    return [
        row
        for row in given(dated(sessions, plan.date) if last else ())
        if row.get("date") > last and is_planned(row.get("service_code"), services)
    ]


def begun(review: Any, reviews: Iterable[Any], plan: Any) -> date:
    """Return the day after which what ``review`` looks back on begins: the review before it, or the plan."""
    before = [row.get("date") for row in reviews if row.get("date") and plan.date < row.get("date") < review.date]
    found: date = max(before, default=plan.date)
    return found


def ordered(
    interventions: Iterable[Any], services: Services, plan: Any, since: date, until: date
) -> Mapping[str, Decimal]:
    """Return how many sessions of each code the plan orders between two days; of what is not wholly said, none."""
    found: dict[str, Decimal] = {}
    unsaid = set()
    for row in interventions:
        name, per_week, weeks = code(row.get("service_code"), services), row.get("per_week"), row.get("weeks")
        if not name or per_week is None or weeks is None:
            unsaid.add(name)
            continue
        last = min(until, plan.date + timedelta(weeks=min(int(weeks), 520)))
        found[name] = found.get(name, Decimal(0)) + per_week * max((last - since).days, 0) / 7
    return {} if "" in unsaid else {name: count for name, count in found.items() if name not in unsaid}
