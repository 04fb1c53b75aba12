"""How long does it take to look for copies among many plans, are all found, and is anything told that is none?

    python benchmarks/clones.py [--plans 1000 5000] [--seed 7] [--rounds 3]

Plans of made-up people are written from word lists, each with its own answers; every tenth has one answer of an earlier
plan, in one of five ways: word for word, with the names changed, the numbers, the order of the sentences, or one word
in twenty. Every fourth shares one sentence of three with many others, as the plans of a clinic do: nothing may be told
of that. Each size is looked at with the file of earlier runs and without.

The library datasketch, where it is installed, makes its MinHashes of the same answers: for comparison only.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from msgspec.structs import replace

from toolkit import demo, intake, shelf
from toolkit.clones import Crowd, Store, Taker
from toolkit.model import Batch, Record

WAYS = ("word for word", "names changed", "numbers changed", "sentences in another order", "a word in twenty changed")
_FIELDS = (
    ("goals", "problem"), ("goals", "statement"), ("goals", "client_words"), ("objectives", "statement"),
    ("interventions", "action"), ("necessity", "why_treatment_now"), ("necessity", "expected_improvement"),
    ("assessment", "strengths"), ("plan", "coordination"),
)  # fmt: skip
_WORDS = """
people: Ada Ben Cara Dev Elif Finn Gita Hugo Ines Jonas Kofi Lena Mara Nils Olga Petr Quinn Rosa Sven Tara
families: Abel Brandt Castro Dorsey Ekberg Farouk Gomez Haddad Ito Jensen Kaya Lopez Moreau Novak Okafor Petrov
who: sister neighbor foreman cousin teacher uncle landlord bandmate grandmother roommate pastor trainer
did: skipped dropped finished painted hauled carried mended borrowed cooked drove climbed shouted whispered slammed
  counted traded cleaned sorted planted welded baked stitched fished cycled argued waited rehearsed repaired
what: shifts suppers lessons errands invoices concerts fences engines blankets letters chapters trousers puzzles
  paddles lanterns kettles gardens saddles drawers baskets hallways ladders curtains cameras tickets helmets barrels
  mirrors
where: garage harbor orchard library stadium basement chapel bakery quarry depot laundry market tunnel meadow
  kitchen balcony
how: slowly again barely often alone early proudly quietly late seldom boldly crying shaking laughing sweating
"""
_LISTS = [line.split(":")[1].split() for line in _WORDS.replace("\n  ", " ").strip().splitlines()]
PEOPLE, _FAMILIES, _WHO, _DID, _WHAT, _WHERE, _HOW = _LISTS
_STOCK = "The visit plan and the way to reach the clinic after hours were gone over and a copy was given."


def sentence(draw: random.Random, name: str) -> str:
    """Return a sentence about ``name`` that hardly any other client's plan holds."""
    two, where = draw.sample(_WHAT, 2), draw.choices(_WHERE, k=2)
    return (
        f"{name} {draw.choice(_DID)} {two[0]} at the {where[0]} {draw.choice(_HOW)} on "
        f"{draw.randint(2, 29)} days, and a {draw.choice(_WHO)} {draw.choice(_DID)} {two[1]} near the {where[1]}"
    )


def _text(draw: random.Random, name: str) -> str:
    return ". ".join(sentence(draw, name) for _ in range(draw.choice((2, 2, 3)))) + "."


def _copied(draw: random.Random, way: str, text: str, before: str, name: str) -> str:
    """Return the ``text`` of a client called ``before`` as another one called ``name`` would have it."""
    if way == "names changed":
        return text.replace(before, name)
    if way == "numbers changed":
        return "".join(str(draw.randint(1, 9)) if sign.isdigit() else sign for sign in text.replace(before, name))
    if way == "sentences in another order":
        return ". ".join(reversed(text.rstrip(".").split(". "))) + "."
    if way == "a word in twenty changed":
        words = text.split()
        for place in range(7, len(words), 20):
            words[place] = "elsewhere"
        return " ".join(words)
    return text


def plans(count: int, seed: int) -> tuple[list[Record], dict[str, str]]:
    """Return ``count`` plans, and of each that holds a copy, the way in which it was made."""
    found, draw = shelf.load(), random.Random(seed)
    sample = next(one for one in demo.samples(found)["records"] if one["client"]["id"] == "0047")
    (base,) = intake.records({**demo.samples(found), "records": [sample]}, found.all())
    made: list[Record] = []
    planted: dict[str, str] = {}
    texts: list[dict[tuple[str, str], str]] = []
    people: list[str] = []
    for number in range(count):
        name = draw.choice(PEOPLE)
        own = {field: _text(draw, name) for field in _FIELDS}
        if number % 4 == 1:
            field = draw.choice(_FIELDS)
            own[field] = f"{own[field]} {_STOCK}"
        if number % 10 == 9:
            other, field, way = draw.randrange(number), draw.choice(_FIELDS), WAYS[number // 10 % len(WAYS)]
            own[field] = _copied(draw, way, texts[other][field], people[other], name)
            planted[f"{number:06}"] = way
        texts.append(own)
        people.append(name)
        made.append(_record(base, f"{number:06}", f"{name} {draw.choice(_FAMILIES)}{number}", own))
    return made, planted


def _record(base: Record, identity: str, name: str, texts: dict[tuple[str, str], str]) -> Record:
    """Return a record that says ``texts`` and nothing else, at the places of ``base``."""
    rows = {"client": (replace(base.rows["client"][0], values={"id": identity, "legal_name": name}),)}
    for section in {section for section, _ in texts}:
        own: dict[str, Any] = {field: text for (other, field), text in texts.items() if other == section}
        rows[section] = (replace(base.rows[section][0], values=own),)
    return Record(identity, {**rows, "staff": base.rows["staff"]}, origin=base.origin)


def measured(records: list[Record], planted: dict[str, str], store: Store | None) -> dict[str, Any]:
    """Look for copies among ``records``; return how long it took and how many were found."""
    taker = Taker(shelf.load().all(), kept=store is not None)
    start = _seconds()
    prints = [taker(record) for record in records]
    taken = _seconds()
    crowd = Crowd(Batch(records), taker, store)
    for record, one in zip(records, prints, strict=True):
        crowd.add(record.id, record.origin.place(), "", one)
    crowd.close()
    told = {one.record.id for one in crowd.found(range(len(crowd)))}
    end = _seconds()
    first = {number for number in told if number not in planted}
    ways = Counter(planted.values())
    hits = Counter(way for number, way in planted.items() if number in told)
    return {
        "plans": len(records),
        "ms a plan, prints": round((taken - start) / len(records) * 1000, 3),
        "ms a plan, all": round((end - start) / len(records) * 1000, 3),
        "seconds": round(end - start, 2),
        "bytes a plan": sum(len(one.texts) + 8 * len(one.mentions) for one in prints) // len(records),
        "found": {way: f"{hits[way]} of {ways[way]}" for way in WAYS},
        "told beside": len(first) - _copied_from(records, planted, first),
    }


def _copied_from(records: list[Record], planted: dict[str, str], told: set[str]) -> int:
    """Return how many of those ``told`` are plans from which a copy was made: of these it is told, too."""
    copies = [record for record in records if record.id in planted]
    words = {_skeleton(text) for record in copies for text in _texts(record)}
    return sum(any(_skeleton(text) in words for text in _texts(record)) for record in records if record.id in told)


def _skeleton(text: str) -> tuple[str, ...]:
    """Return the first ten of a text's small words in the order of the alphabet, the changed ones apart."""
    return tuple(sorted(word.strip(".,") for word in text.split() if word.strip(".,") in _KNOWN))


_KNOWN = frozenset((*_WHERE, *_WHO))


def _texts(record: Record) -> Iterator[str]:
    return (value for rows in record.rows.values() for row in rows for value in row.values.values()
            if isinstance(value, str) and len(value) > 60)  # fmt: skip


def _seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def _with_datasketch(records: list[Record]) -> dict[str, float] | None:
    """Return what MinHashes of datasketch cost for the same texts, None where it is not installed."""
    start = _seconds()
    try:
        from datasketch import MinHash
    except ImportError:
        return None
    loaded = _seconds()
    for record in records:
        for text in _texts(record):
            words = text.casefold().split()
            MinHash(num_perm=32).update_batch([f"{a} {b}".encode() for a, b in pairwise(words)])
    return {
        "seconds to load": round(loaded - start, 2),
        "ms a plan, MinHashes": round((_seconds() - loaded) / len(records) * 1000, 3),
    }


def main() -> None:
    """Print the figures of each size, and all of them as JSON in the last line."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--plans", type=int, nargs="+", default=[1000, 5000])
    options.add_argument("--seed", type=int, default=7)
    options.add_argument("--rounds", type=int, default=3)
    chosen = options.parse_args()
    told: list[dict[str, Any]] = []
    for count in chosen.plans:
        records, planted = plans(count, chosen.seed)
        for kept in (False, True):
            rounds = [measured(records, planted, Store(bytes(16)) if kept else None) for _ in range(chosen.rounds)]
            best = {**min(rounds, key=lambda one: one["seconds"]), "file of earlier runs": kept}
            told.append(best)
            print("  ".join(f"{name} {value}" for name, value in best.items()), flush=True)
    if other := _with_datasketch(plans(chosen.plans[0], chosen.seed)[0]):
        print("datasketch:", other)
        told.append(other)
    print(json.dumps(told))


if __name__ == "__main__":
    main()
