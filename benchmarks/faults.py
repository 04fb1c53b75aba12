"""Does the audit find a single fault planted in a good plan, at its cell, and call nothing else wrong?

    python benchmarks/faults.py [--draws 300] [--seed 20261122] [--every] [--warnings]

Good plans are all samples of the packs and the twenty of ``tests/good_plans``. The operators are those of
`toolkit.practice` (``toolkit/practice/faults.toml``, the packs' ``faults.toml``, and for each field what any field may
have: a blank, an unknown choice, something unreadable, an unknown id, the form's example or question as the answer).
The seed shuffles the operators. Every second draw takes the next one of the tables, every fourth the next blank, every
fourth the next answer of another kind than asked; plan, row and field are drawn from all that the operator fits.

A draw is hit when the expected code stands at the expected cell and nothing else at error level. Every miss is printed.
``--every`` takes every operator at one place of every plan that it fits. ``--warnings`` prints new warnings beside
the expected finding, too: these are no misses.
"""

from __future__ import annotations

import argparse
import json
import random
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from itertools import cycle, islice
from pathlib import Path

from msgspec import Struct

from toolkit import demo, intake, shelf
from toolkit.audit import Auditor
from toolkit.model import Finding
from toolkit.practice import Fault, Plan, Site, faults, judge, plans, planted, sites

SEED, DRAWS, DAY = 20261122, 300, date(2026, 9, 30)
GOOD_PLANS = Path(__file__).parent.parent / "tests" / "good_plans"


class Ground(Struct, frozen=True):
    """What is judged, and by whom: the good plans, the auditor, and the operators."""

    shelf: shelf.Shelf
    auditor: Auditor
    plans: list[Plan]
    faults: dict[str, Fault]


def ground() -> Ground:
    """Return the good plans with their auditor and the operators."""
    found = shelf.load()
    known = found.all()
    auditor = Auditor(found.rules, found.compose, found.populations, DAY, everything=known)
    good = plans(intake.raw_rows(demo.samples(found), known), known, auditor)
    for path in sorted(GOOD_PLANS.glob("*.json")):
        good += plans(intake.raw(path, known).rows, known, auditor)
    return Ground(found, auditor, good, faults(found))


def fitting(place: Ground) -> dict[str, list[Plan]]:
    """Return for each operator the plans that it fits."""
    return {name: [plan for plan in place.plans if any(sites(one, plan))] for name, one in place.faults.items()}


def draw(place: Ground, count: int, seed: int) -> Iterator[Site]:
    """Yield ``count`` sites: for each draw an operator, a plan that it fits, and a site in that."""
    dice, fits = random.Random(seed), fitting(place)
    decks: list[list[str]] = [[], [], []]
    for name in sorted(place.faults):
        if fits[name]:
            decks[0 if ":" not in name else 1 if name.startswith("blank:") else 2].append(name)
    for deck in decks:
        dice.shuffle(deck)
    listed, blanks, mistyped = map(cycle, decks)
    for deck in islice(cycle((listed, blanks, listed, mistyped)), count):
        name = next(deck)
        yield dice.choice([*sites(place.faults[name], dice.choice(fits[name]))])


def every(place: Ground, seed: int) -> Iterator[Site]:
    """Yield each operator at one site, drawn, of every plan that it fits."""
    dice = random.Random(seed)
    for _, fault in sorted(place.faults.items()):
        for plan in place.plans:
            if fitting := [*sites(fault, plan)]:
                yield dice.choice(fitting)


class Outcome(Struct, frozen=True):
    """A site, what was found that was not there before, and whether that is what was expected."""

    site: Site
    news: list[Finding]
    expected: list[Finding]

    @property
    def hit(self) -> bool:
        """Whether the expected finding is there and nothing else at error level."""
        return bool(self.expected) and not self.wrong

    @property
    def wrong(self) -> list[Finding]:
        """What else is at error level."""
        return [item for item in self.news if item.level == "error" and item not in self.expected]


def outcome(site: Site, place: Ground) -> Outcome:
    """Return how the audit answers the fault at ``site``."""
    before = {(item.code, item.place, item.path) for item in site.plan.found}
    found = judge(planted(site), place.shelf.all(), place.auditor)[1]
    news = [item for item in found if (item.code, item.place, item.path) not in before]
    return Outcome(site, news, [item for item in news if item.code == site.code and item.place == site.place])


def misses(outcomes: Iterable[Outcome]) -> list[str]:
    """Return a line for each miss: plan, operator, place, what was expected, what was found."""
    return [
        f"{one.site.plan.id}  {one.site.fault.name}  at {one.site.fault.at} {one.site.row.subject}: expected "
        f"{one.site.code} at {one.site.place}, found {_told(one.news) or 'nothing'}"
        for one in outcomes
        if not one.hit
    ]


def told(site: Site) -> tuple[str, str]:
    """Return the section and the name of the field at which the finding of ``site`` has to stand."""
    section, _, name = (site.fault.told or site.fault.at).partition(".")
    return section, name


def _told(findings: Iterable[Finding]) -> str:
    return "; ".join(f"{item.code} ({item.level}) at {item.place}" for item in findings)


def main() -> None:
    """Print the figure, each miss, the figure by operator and by family, and all figures as JSON in the last line."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--draws", type=int, default=DRAWS, help="how many faults are planted")
    options.add_argument("--seed", type=int, default=SEED, help="what the draw begins with")
    options.add_argument("--every", action="store_true", help="every operator in every plan that it fits")
    options.add_argument("--warnings", action="store_true", help="print new warnings beside what was expected, too")
    chosen = options.parse_args()
    place = ground()
    drawn = every(place, chosen.seed) if chosen.every else draw(place, chosen.draws, chosen.seed)
    outcomes = [outcome(site, place) for site in drawn]
    hits = sum(one.hit for one in outcomes)
    for line in misses(outcomes):
        print("miss:", line)
    by_fault, by_family, codes = defaultdict(list), Counter(), defaultdict(set)
    for one in outcomes:
        by_fault[one.site.fault.name].append(one.hit)
        family = one.site.code.rstrip("0123456789")
        by_family[family] += 1
        codes[family].add(one.site.code)
        beside = [item for item in one.news if item not in one.expected and item.level == "warning"]
        if chosen.warnings and beside:
            print("beside:", one.site.plan.id, one.site.fault.name, one.site.code, _told(beside))
    print(f"\n{'operator':58} drawn  hit")
    for name, several in sorted(by_fault.items()):
        print(f"{name:58} {len(several):5} {sum(several):4}")
    unused = [name for name, fits in fitting(place).items() if not fits]
    print(f"\noperators that fit no good plan: {', '.join(unused) or 'none'}")
    print("\nfamily  draws  codes")
    for family, number in sorted(by_family.items()):
        print(f"{family:7} {number:5}  {', '.join(sorted(codes[family]))}")
    figure = {"draws": len(outcomes), "hits": hits, "hits of 100": round(100 * hits / len(outcomes), 1)}
    print(f"\n{hits} of {len(outcomes)} faults found exactly: {figure['hits of 100']} of 100")
    print(json.dumps({**figure, "seed": chosen.seed, "codes": sum(map(len, codes.values()))}))


if __name__ == "__main__":
    main()
