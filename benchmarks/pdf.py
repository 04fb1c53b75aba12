"""How fast are PDF forms filled, as a ratio to pypdf cloned for each document, in one run?

    python benchmarks/pdf.py [--documents 200] [--rounds 3] [--pypdfform FOLDER]

The shipped plan review of an adult with one goal, five pages, and 200 records. Every engine is a process of its own,
and all take turns: ratios are taken within each round, of the time that each has the processor. What the fields of the
first documents hold is compared before anything is timed. "proven" reads each document back as it is drawn and looks
for every value. With ``--pypdfform``, a folder into which ``pip install --target`` put PyPDFForm with the libraries it
wants, it takes part, too.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import sys
from pathlib import Path

from pdf_engines import ENGINES
from word import Engine

FOLDER = Path(__file__).parent
SLOW = "pypdf, clone each"
SLOWER = 10
"""The others make so many times fewer documents a round."""


def started(pypdfform: str) -> dict[str, Engine]:
    """Return the engines, each started."""
    engines = {}
    for name in ENGINES:
        if name == "PyPDFForm" and not pypdfform:
            continue
        paths = [str(FOLDER.parent), os.environ.get("PYTHONPATH", "")]
        paths = [pypdfform, *paths] if name == "PyPDFForm" else paths
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, paths)), "PYTHONHASHSEED": "0"}
        engines[name] = Engine([sys.executable, str(FOLDER / "pdf_engines.py"), name], environment)
    return engines


def main() -> None:
    """Compare, measure, print the table, and all figures as JSON in the last line."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--documents", type=int, default=200, help="documents a round")
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--pypdfform", default="", help="a folder with PyPDFForm and its libraries")
    chosen = options.parse_args()
    engines = started(chosen.pypdfform)
    texts = {name: engine.ask("text") for name, engine in engines.items()}
    for name, text in texts.items():
        assert text == texts[SLOW], f"the values of {name} differ"
    counts = {
        name: chosen.documents if name.startswith("plankit") else max(1, chosen.documents // SLOWER) for name in engines
    }
    turns = [{name: engine.ask(counts[name]) for name, engine in engines.items()} for _ in range(chosen.rounds)]
    memory = {name: engine.ask("memory") for name, engine in engines.items()}
    for engine in engines.values():
        engine.close()
    print(f"{len(texts[SLOW])} forms hold the same in all engines, {len(texts[SLOW][0]):,} characters in the first")
    print(f"{'':<20}{'ms':>8}  {'times pypdf':<22}{'times pikepdf':<22}{'memory':>8}")
    figures = {}
    for name in engines:
        milliseconds = statistics.median(turn[name] for turn in turns)
        ratios = {other: [turn[other] / turn[name] for turn in turns] for other in (SLOW, "pikepdf")}
        shown = [
            f"{statistics.median(ratio):6.1f} [{min(ratio):.1f}-{max(ratio):.1f}]".ljust(22)
            for ratio in ratios.values()
        ]
        print(f"{name:<20}{milliseconds:8.2f}  {''.join(shown)}{memory[name]:>5} MB", flush=True)
        figures[name] = {
            "ms": round(milliseconds, 2),
            "times pypdf": round(statistics.median(ratios[SLOW]), 1),
            "times pikepdf": round(statistics.median(ratios["pikepdf"]), 1),
            "megabytes": memory[name],
        }
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
