"""How long does a whole command take, cold, from the input to the last file, and how much memory?

    python benchmarks/batch.py [--clients 500] [--checked 100 1000 5000] [--lines 10000] [--jobs 1 2] [--full]

Each command runs in a fresh process into an empty folder: `check` of workbooks of several sizes in one process; `make`
of a workbook of synthetic adults, once and once more with nothing changed; `make` of JSON Lines. ``--full`` makes
100,000 lines too (2.5 GB of documents in the temporary folder; a quarter of an hour). The documents are counted before
a figure is believed.

Memory is the highest of the command's own process and of each process that it started, told apart.
"""

from __future__ import annotations

import argparse
import json
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

from clones import PEOPLE, sentence

DAY = "2026-09-30"
FULL = 100_000
_LATER = ("review", "progress", "discharge", "outcomes", "aftercare", "sessions", "events")
_MEASURED = """
import json, resource, sys
from toolkit.cli import main
try:
    main()
finally:
    own, helpers = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    seconds = sum(used.ru_utime + used.ru_stime for used in (own, helpers))
    print(json.dumps({"cpu": seconds, "own": own.ru_maxrss, "helper": helpers.ru_maxrss}), file=sys.__stderr__)
"""


def _varied(rows: Any, draw: random.Random) -> Any:
    """Return ``rows`` in which each sentence is another one, about as long, and each line goes on otherwise."""
    if isinstance(rows, dict):
        return {name: _varied(value, draw) for name, value in rows.items()}
    if isinstance(rows, list):
        return [_varied(value, draw) for value in rows]
    if not isinstance(rows, str) or rows.count(" ") < 4:
        return rows
    said = ". ".join(sentence(draw, draw.choice(PEOPLE)) for _ in range(1 + len(rows) // 120))
    if rows[-1] == ".":
        return f"{said[: max(len(rows), 60)].rsplit(' ', 1)[0]}."
    return f"{rows}; {said.partition(',')[0]}"


def _clients(samples: dict[str, Any], count: int) -> Iterator[dict[str, Any]]:
    """Yield ``count`` clients: the plans of the adults among the samples that ask for outpatient care, in turn.

    No two say the same, so that nothing read of one text serves for another.
    """
    of_all = [
        table for table in samples["records"] if table["client"]["id"] in ("0041", "0042", "0043", "0045", "0047")
    ]
    for number in range(count):
        table = deepcopy({name: rows for name, rows in of_all[number % len(of_all)].items() if name not in _LATER})
        draw = random.Random(number)
        said = {name: _varied(rows, draw) for name, rows in table.items() if name != "client"}
        table = {"client": {**table["client"], "id": f"{10_000 + number}"}, **said}
        yield table


def write(path: Path, count: int) -> None:
    """Write ``count`` clients as a workbook or as JSON Lines, by the ending of ``path``."""
    from toolkit import demo, intake, shelf
    from toolkit.intake import blank

    found = shelf.load()
    samples = demo.samples(found)
    if path.suffix == ".xlsx":
        asked = found.compose((next(iter(found.packs)),))
        records = intake.records({**samples, "records": list(_clients(samples, count))}, found.all())
        path.write_bytes(blank.workbook(asked, documents=("treatment_plan",), level="", records=records))
        return
    shared = {name: samples[name] for name in ("clinic", "staff")}
    with path.open("w", encoding="utf-8") as file:
        for table in _clients(samples, count):
            file.write(f"{json.dumps({**table, **shared}, default=str)}\n")


def measured(*words: str) -> dict[str, float]:
    """Run ``plankit`` with ``words``; return its wall and CPU seconds and the memory in MB."""
    start = time.perf_counter()
    command = [sys.executable, "-c", _MEASURED, *words, "--today", DAY]
    done = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, encoding="utf-8")
    seconds = time.perf_counter() - start
    assert done.returncode == 0, done.stderr
    used = json.loads(done.stderr.splitlines()[-1])
    return {
        "wall": round(seconds, 2),
        "cpu": round(used["cpu"], 2),
        "own MB": round(used["own"] / 1024),
        "helper MB": round(used["helper"] / 1024),
    }


def main() -> None:
    """Run each command and print a table and its figures as JSON."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--clients", type=int, default=500, help="clients of the workbook that is made")
    options.add_argument(
        "--checked", type=int, nargs="+", default=[100, 1000, 5000], help="clients of the workbooks that are checked"
    )
    options.add_argument("--lines", type=int, default=10_000, help="clients of the JSON Lines")
    options.add_argument("--jobs", type=int, nargs="+", default=[1, 2], help="numbers of processes")
    options.add_argument("--full", action="store_true", help=f"{FULL:,} JSON Lines too")
    options.add_argument("--write", nargs=2, metavar=("FILE", "COUNT"), help=argparse.SUPPRESS)
    chosen = options.parse_args()
    if chosen.write:
        write(Path(chosen.write[0]), int(chosen.write[1]))
        return
    figures: dict[str, dict[str, float]] = {}

    def run(name: str, *words: str) -> None:
        figures[name] = measured(*words)
        shown = "  ".join(f"{what} {value:8}" for what, value in figures[name].items())
        print(f"{name:<44} {shown}", flush=True)

    with tempfile.TemporaryDirectory() as folder:

        def source(name: str, count: int) -> str:
            path = str(Path(folder) / name)  # written elsewhere: what is measured starts from a small process
            subprocess.run([sys.executable, __file__, "--write", path, str(count)], check=True)
            return path

        for count in chosen.checked:
            name = f"check, {count:,} clients of a workbook"
            run(name, "check", source(f"checked-{count}.xlsx", count), "--jobs", "1")
            figures[name]["ms a client"] = round(1000 * figures[name]["cpu"] / count, 2)
            print(f"{'':44} {figures[name]['ms a client']} ms of the processor a client")
        book = source("made.xlsx", chosen.clients)
        for count, path in [(chosen.clients, book), *((lines, "") for lines in _lines(chosen))]:
            path = path or source(f"{count}.jsonl", count)
            kind = Path(path).suffix[1:]
            for jobs in map(str, chosen.jobs):
                out = Path(folder) / "out"
                words = ("make", path, "-o", str(out), "--jobs", jobs)
                run(f"make, {count:,} clients ({kind}), jobs {jobs}", *words)
                assert len(list(out.glob("*/*.docx"))) == count, "documents are missing"
                run(f"make again, nothing changed ({kind}), jobs {jobs}", *words)
                shutil.rmtree(out)
    print(json.dumps(figures))


def _lines(chosen: argparse.Namespace) -> list[int]:
    return [chosen.lines, *([FULL] if chosen.full else [])]


if __name__ == "__main__":
    main()
