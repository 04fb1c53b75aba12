"""This file ensures that a single fault planted in a good plan is found at its cell, and nothing else beside it."""

import sys
from io import BytesIO
from pathlib import Path

import pytest
from judging import RULES
from openpyxl import load_workbook

from toolkit import intake
from toolkit.intake import blank
from toolkit.practice import planted

sys.path.insert(0, str(Path(__file__).parent.parent / "benchmarks"))

import faults as benchmark

GROUND = benchmark.ground()
DRAWN = list(benchmark.draw(GROUND, benchmark.DRAWS, benchmark.SEED))
FAMILIES = {
    "AD", "CL", "CO", "CP", "DC", "DL", "GT", "ID", "LOC", "MN", "OM", "PC", "PR", "PV", "RK", "RQ", "RV", "SG", "SM",
    "TM", "TR", "WB",
}  # fmt: skip


def test_at_least_95_of_100_single_faults_are_found_exactly():
    outcomes = [benchmark.outcome(site, GROUND) for site in DRAWN]
    missed = benchmark.misses(outcomes)
    assert len(outcomes) == 300
    assert len(missed) <= 15, "\n".join(missed)


def test_every_family_of_rules_has_a_fault_and_every_fault_a_rule_and_a_plan():
    codes = {site.code for site in DRAWN}
    assert {code.rstrip("0123456789") for code in codes} == FAMILIES
    assert {fault.code for fault in GROUND.faults.values() if fault.code} <= set(RULES)
    assert [name for name, fits in benchmark.fitting(GROUND).items() if not fits] == []


def test_the_same_seed_draws_the_same_faults():
    again = list(benchmark.draw(GROUND, benchmark.DRAWS, benchmark.SEED))
    assert [(one.plan.id, one.fault.name, one.place) for one in again] == [
        (one.plan.id, one.fault.name, one.place) for one in DRAWN
    ]


@pytest.mark.parametrize("site", DRAWN[::9], ids=lambda site: f"{site.plan.id} {site.fault.name}")
def test_in_a_workbook_the_finding_stands_at_the_cell_of_the_fault(site, tmp_path):
    known = GROUND.shelf.all()
    path = tmp_path / "clients.xlsx"
    path.write_bytes(blank.of_rows(planted(site), known, documents=tuple(known.dated), level=""))
    batch = intake.read(path, known)
    (record,) = batch
    shared = GROUND.auditor.batch(batch)
    found = [*shared, *GROUND.auditor.judge(record, shared).findings]
    errors = {(item.code, str(item.place)) for item in found if item.level == "error"}
    expected = {(item.code, cell(site, path)) for item in found if item.code == site.code and item.level == "error"}
    assert errors == expected
    assert cell(site, path) in {str(item.place) for item in found if item.code == site.code}


def cell(site, path):
    """Return the cell of the answer at which the finding of ``site`` has to stand: found by its header and its row."""
    known = GROUND.shelf.all()
    section, name = benchmark.told(site)
    item = known.sections[section].field(name)
    sheet_name = item.sheet if item else known.sections[section].sheet
    sheet = load_workbook(BytesIO(path.read_bytes()))[sheet_name]
    pointers = [row.origin.pointer for row in planted(site) if section in row.sections and row.sheet == sheet_name]
    pointers = list(dict.fromkeys(pointers))
    pointer = site.place.pointer.removesuffix(f"/{name}") if item else site.place.pointer
    if pointer not in pointers and pointer.endswith(f"/{section}") and known.sections[section].repeats:
        return sheet_name
    row = blank.FIRST_ROW + pointers.index(pointer)
    if item is None:
        return f"{sheet_name}!row {row}"
    header = [str(one.value or "").strip("\xa0 *") for one in sheet[blank.HEADER_ROW]]
    return f"{sheet_name}!{sheet.cell(row, header.index(item.label) + 1).coordinate}"
