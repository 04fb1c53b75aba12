"""This file ensures that the benchmarks run: they compare contents before they time anything."""

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent


def test_the_word_benchmark_finds_the_same_text_and_names_every_engine():
    command = [sys.executable, "benchmarks/word.py", "four-pages", "heaviest", "--documents", "1", "--rounds", "1"]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", cwd=ROOT)
    assert done.returncode == 0, done.stderr
    figures = json.loads(done.stdout.splitlines()[-1])
    for work in ("four-pages", "heaviest"):
        assert figures[work]["docxtpl as documented"]["ratio"] == 1
        assert {"plankit", "plankit, proven", "plankit, zlib"} < set(figures[work])


def test_the_benchmark_of_whole_commands_counts_what_they_made():
    command = [sys.executable, "benchmarks/batch.py", "--clients", "3", "--checked", "2", "--lines", "3"]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", cwd=ROOT)
    assert done.returncode == 0, done.stderr
    figures = json.loads(done.stdout.splitlines()[-1])
    assert len(figures) == 9 and all(one["own MB"] > 10 and one["wall"] > 0 for one in figures.values())
    assert (
        figures["make, 3 clients (xlsx), jobs 1"]["helper MB"]
        == 0
        < figures["make, 3 clients (jsonl), jobs 2"]["helper MB"]
    )
