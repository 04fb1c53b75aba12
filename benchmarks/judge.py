"""How well do the rules tell good statements from poor ones? Precision, recall and F1, poor being what is looked for.

    python benchmarks/judge.py [FILE.csv ...] [--held-back] [--misses]

Without a file, ``judge/statements.csv``. A file needs the columns ``kind``, ``label`` (good or poor) and ``text``;
``population`` is counted where it stands. Each text is judged alone, with none of the fields that stand beside it in a
plan. ``--held-back`` adds ``judge/held_back.csv``, of which figures alone are printed, never a text.
"""

from __future__ import annotations

import argparse
import csv
import json
from collections import Counter
from pathlib import Path

from toolkit.rules import faults_of

FOLDER = Path(__file__).parent / "judge"
OPEN, HELD_BACK = FOLDER / "statements.csv", FOLDER / "held_back.csv"


def read(path: Path) -> list[dict[str, str]]:
    """Return the rows of ``path``."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def figures(rows: list[dict[str, str]]) -> dict[str, float]:
    """Return counts and figures of ``rows``."""
    count = Counter((row["label"] == "poor", bool(faults_of(row["kind"], row["text"]))) for row in rows)
    found, false, missed = count[True, True], count[False, True], count[True, False]
    precision, recall = found / max(1, found + false), found / max(1, found + missed)
    return {
        "good": false + count[False, False],
        "poor": found + missed,
        "false alarms": false,
        "missed": missed,
        "precision": round(precision, 3),
        "recall": round(recall, 3),
        "F1": round(2 * precision * recall / max(1e-9, precision + recall), 3),
    }


def parts(rows: list[dict[str, str]]) -> dict[str, list[dict[str, str]]]:
    """Return ``rows`` whole, by kind and by population."""
    cut = {"all": rows}
    for column in ("kind", "population"):
        for value in sorted({row.get(column) or "" for row in rows} - {""}):
            cut[value] = [row for row in rows if row.get(column) == value]
    return cut


def main() -> None:
    """Print a table for each file, and all figures as JSON in the last line."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("files", nargs="*", type=Path, default=[OPEN])
    options.add_argument("--held-back", action="store_true", help="also the held-back file, figures alone")
    options.add_argument("--misses", action="store_true", help="print what is judged otherwise than labelled")
    chosen = options.parse_args()
    told = {}
    for path in [*chosen.files, *([HELD_BACK] if chosen.held_back else [])]:
        rows = read(path)
        told[path.name] = {name: figures(some) for name, some in parts(rows).items()}
        print(path.name)
        print(f"  {'':22}{'good':>6}{'poor':>6}{'false':>7}{'missed':>8}{'precision':>11}{'recall':>8}{'F1':>7}")
        for name, one in told[path.name].items():
            print(
                f"  {name:22}{one['good']:6}{one['poor']:6}{one['false alarms']:7}{one['missed']:8}"
                f"{one['precision']:11.2f}{one['recall']:8.2f}{one['F1']:7.2f}"
            )
        for row in rows if chosen.misses and path.resolve() != HELD_BACK.resolve() else ():
            codes = faults_of(row["kind"], row["text"])
            if bool(codes) != (row["label"] == "poor"):
                told_of = (row["label"], row["kind"], row.get("id", ""), row.get("fault", ""))
                print(*told_of, "judged", *(codes or ("good",)), "·", row["text"])
    print(json.dumps(told))


if __name__ == "__main__":
    main()
