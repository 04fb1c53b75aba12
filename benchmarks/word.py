"""How fast are Word documents made, as a ratio to docxtpl used as its documentation says, in one run?

    python benchmarks/word.py [four-pages] [heaviest] [adult] [--documents 50] [--rounds 7]
                              [--node FOLDER] [--instructions]

Every engine is a process of its own, and all take turns: the ratio is taken within each round, so that a busy machine
matters little. The texts of the first documents are compared before anything is timed. With ``--node``, a folder of
node packages that holds docxtemplater, pizzip and easy-template-x, these fill the plan of four pages, too. With
``--instructions`` callgrind (of valgrind) counts what the processor does for a document, which is the same on a busy
machine. "proven" reads each document back and, of plankit's own documents, looks for every answer in it.
"""

from __future__ import annotations

import argparse
import base64
import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from engines import ENGINES, WORKS
from four_pages import MUSTACHE, clients, template

from toolkit.word import read

FOLDER = Path(__file__).parent
NODE_ENGINES = ("easy-template-x", "docxtemplater")
COUNTED = 5
"""Documents whose instructions are counted."""


class Engine:
    """An engine in a process of its own."""

    def __init__(self, command: Sequence[str], environment: dict[str, str]) -> None:
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8", env=environment
        )

    def ask(self, command: object) -> Any:
        """Return what the process answers to ``command``."""
        assert self._process.stdin and self._process.stdout
        print(command, file=self._process.stdin, flush=True)
        return json.loads(self._process.stdout.readline())

    def close(self) -> None:
        """End the process."""
        self._process.communicate()
        assert self._process.returncode == 0


def _environment(**more: str) -> dict[str, str]:
    paths = (str(FOLDER.parent), os.environ.get("PYTHONPATH", ""))
    return {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, paths)), "PYTHONHASHSEED": "0", **more}


def _python(work: str, engine: str) -> list[str]:
    return [sys.executable, str(FOLDER / "engines.py"), work, engine]


def started(work: str, node: str, folder: Path) -> dict[str, Engine]:
    """Return the engines that can do ``work``, each started; ``folder`` takes what node's engines read."""
    engines = {name: Engine(_python(work, name), _environment()) for name in ENGINES}
    if node and work == "four-pages":
        plan, people = folder / "plan.docx", folder / "clients.json"
        plan.write_bytes(template(MUSTACHE))
        people.write_text(json.dumps(clients(100)), encoding="utf-8")
        for name in NODE_ENGINES:
            command = ["node", str(FOLDER / "engines.js"), name, str(plan), str(people)]
            engines[name] = Engine(command, _environment(NODE_PATH=node))
    return engines


def _words(name: str, answer: list[str]) -> list[str]:
    """Return the texts of an engine's first documents; node's engines send the documents."""
    return ["".join(read.text(base64.b64decode(text)).split()) for text in answer] if name in NODE_ENGINES else answer


def instructions(work: str, engine: str) -> int:
    """Return the instructions that one document takes, as callgrind counts them."""
    callgrind = ["valgrind", "--tool=callgrind", "--instr-atstart=no", "--callgrind-out-file=/dev/null"]
    commands = f"{COUNTED}\non\n{COUNTED}\noff\n"
    done = subprocess.run(
        [*callgrind, *_python(work, engine)], input=commands, capture_output=True, text=True, env=_environment()
    )
    found = re.search(r"Collected : (\d+)", done.stderr)
    assert done.returncode == 0 and found, done.stderr
    return int(found[1]) // COUNTED


def measured(work: str, documents: int, rounds: int, node: str, counting: bool) -> dict[str, dict[str, float]]:
    """Compare, time and print a table for one work; return its figures by engine."""
    with tempfile.TemporaryDirectory() as folder:
        engines = started(work, node, Path(folder))
        slow, *others = engines
        texts = {name: _words(name, engine.ask("text")) for name, engine in engines.items()}
        for name in others:
            assert texts[name] == texts[slow], f"{work}: the texts of {name} differ"
        counts = {name: documents if name.startswith("plankit") else max(1, documents // 10) for name in engines}
        turns = [{name: engine.ask(counts[name]) for name, engine in engines.items()} for _ in range(rounds)]
        memory = {name: engine.ask("memory") for name, engine in engines.items()}
        for engine in engines.values():
            engine.close()
    print(
        f"\n{work}: {len(texts[slow])} documents alike in all engines, {len(texts[slow][0]):,} characters in the first"
    )
    print(f"{'':<24}{'ms':>8}  {'times docxtpl':<22}{'memory':>8}{'instructions':>16}")
    figures: dict[str, dict[str, float]] = {}
    for name in engines:
        ratios = [turn[slow] / turn[name] for turn in turns]
        middle, milliseconds = statistics.median(ratios), statistics.median(turn[name] for turn in turns)
        figures[name] = {"ms": round(milliseconds, 2), "ratio": round(middle, 1), "megabytes": memory[name]}
        spread = f"{middle:6.1f} [{min(ratios):.1f}-{max(ratios):.1f}]"
        line = f"{name:<24}{milliseconds:8.2f}  {spread:<22}{memory[name]:>5} MB"
        if counting and name in ENGINES:
            figures[name]["instructions"] = instructions(work, name)
            line += f"{figures[name]['instructions']:>16,}"
        print(line, flush=True)
    return figures


def main() -> None:
    """Measure each work, print its table, and all figures as JSON in the last line."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("works", nargs="*", metavar="work", help=", ".join(WORKS))
    options.add_argument("--documents", type=int, default=50, help="documents a round")
    options.add_argument("--rounds", type=int, default=7)
    options.add_argument("--node", default="", help="the node_modules folder of other engines")
    options.add_argument("--instructions", action="store_true", help="count instructions by callgrind")
    chosen = options.parse_args()
    works = chosen.works or ["four-pages", "heaviest"]
    print(
        json.dumps(
            {work: measured(work, chosen.documents, chosen.rounds, chosen.node, chosen.instructions) for work in works}
        )
    )


if __name__ == "__main__":
    main()
