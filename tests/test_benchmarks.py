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
    command = [sys.executable, "benchmarks/batch.py", "--clients", "3", "--checked", "2", "3", "--lines", "3"]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", cwd=ROOT)
    assert done.returncode == 0, done.stderr
    figures = json.loads(done.stdout.splitlines()[-1])
    assert len(figures) == 10 and all(one["own MB"] > 10 and one["wall"] > 0 for one in figures.values())
    assert (
        figures["make, 3 clients (xlsx), jobs 1"]["helper MB"]
        == 0
        < figures["make, 3 clients (jsonl), jobs 2"]["helper MB"]
    )


def test_the_pdf_benchmark_finds_the_same_values_and_names_every_engine():
    command = [sys.executable, "benchmarks/pdf.py", "--documents", "1", "--rounds", "1"]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", cwd=ROOT)
    assert done.returncode == 0, done.stderr
    figures = json.loads(done.stdout.splitlines()[-1])
    assert figures["pypdf, clone each"]["times pypdf"] == 1
    assert {"pikepdf", "plankit", "plankit, proven"} < set(figures)


FLOORS = {
    "all": (0.97, 0.94), "objective": (0.97, 0.95), "intervention": (0.95, 0.92), "discharge_criterion": (0.93, 0.92),
    "necessity": (0.93, 0.88), "adult": (0.95, 0.92), "adolescent": (0.95, 0.92), "trauma": (0.95, 0.92),
    "idd": (0.95, 0.92),
}  # fmt: skip
"""Precision and recall on the open set that a change must not fall below. They are no promise for other texts."""


def test_the_benchmark_of_the_judge_of_texts_keeps_its_floors():
    done = subprocess.run(
        [sys.executable, "benchmarks/judge.py"], capture_output=True, text=True, encoding="utf-8", cwd=ROOT
    )
    assert done.returncode == 0, done.stderr
    figures = json.loads(done.stdout.splitlines()[-1])["statements.csv"]
    assert (figures["all"]["good"], figures["all"]["poor"]) == (158, 158)
    low = {
        name: (figures[name]["precision"], figures[name]["recall"])
        for name, (precision, recall) in FLOORS.items()
        if figures[name]["precision"] < precision or figures[name]["recall"] < recall
    }
    assert low == {}


def test_the_benchmark_of_the_judge_takes_other_files_and_shows_no_held_back_text(tmp_path):
    file = tmp_path / "own.csv"
    file.write_text("kind,label,text\nobjective,poor,Feels better soon\nobjective,good,PHQ-9 19 to 9 by 6/1\n", "utf-8")
    command = [sys.executable, "benchmarks/judge.py", str(file), "--held-back", "--misses"]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", cwd=ROOT)
    assert json.loads(done.stdout.splitlines()[-1])["own.csv"]["all"]["F1"] == 1
    assert set(done.stdout.split()) & {"good", "poor"} and "judged" not in done.stdout


def test_the_benchmark_of_copies_finds_those_that_were_planted_and_no_others():
    command = [sys.executable, "benchmarks/clones.py", "--plans", "200", "--rounds", "1"]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", cwd=ROOT)
    assert done.returncode == 0, done.stderr
    figures = json.loads(done.stdout.splitlines()[-1])
    assert [one["plans"] for one in figures[:2]] == [200, 200]
    for one in figures[:2]:
        assert one["told beside"] == 0 and set(one["found"].values()) == {"4 of 4"}
