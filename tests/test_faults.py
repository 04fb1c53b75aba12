"""This file ensures that a single fault planted in a good plan is found at its cell, and nothing else beside it."""

import sys
from io import BytesIO
from pathlib import Path

import pytest
from judging import RULES, compose, errors, followed_up, judge, lay_over, sample
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
    assert [name for name, fits in benchmark.fitting(GROUND).items() if not fits and ":" not in name] == []


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


# --- what only follows from a fault is quiet -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"objectives": [{"objective": "1a", "target": 999}]}, ("SM007", "objectives.target")),
        ({"objectives": [{"objective": "1a", "target": "50% less"}]}, ("SM003", "objectives.target")),
        ({"objectives": [{"objective": "1b", "status": "waits for now"}],
          "interventions": [{"intervention": "1", "objectives": "1a"}]}, ("WB009", "objectives.status")),
        ({"goals": [{}, {"goal": "1"}]}, ("WB011", "goals.goal")),
        ({"plan": {"primary_diagnosis": "depression"}, "goals": [{"diagnosis": "F33.1"}]},
         ("MN001", "plan.primary_diagnosis")),
    ],
)  # fmt: skip
def test_what_only_follows_from_a_fault_is_not_told_beside_it(changes, told):
    tables = sample()
    for name, change in changes.items():
        if name == "goals":
            for row, values in zip(tables["goals"], change, strict=False):
                row.update(values)
        else:
            tables = lay_over(tables, {name: change})
    assert [(item.code, item.path) for item in errors(judge(tables))] == [told]


def test_an_objective_number_that_stands_twice_puts_no_intervention_astray_and_no_score_out_of_range():
    tables = followed_up(sample())
    tables["objectives"][2] |= {"objective": "1a", "measure": "GAD-7", "baseline": 16, "target": 9}
    tables["progress"][0] |= {"current": 25, "rating": "worse"}
    assert {item.code for item in errors(judge(tables))} == {"WB011"}


@pytest.mark.parametrize("populations", [("adult",), ("adult", "idd")])
def test_the_question_of_the_form_is_no_answer_whichever_form_was_filled_in(populations):
    question = compose(populations).fields["objectives.statement"].prompt
    found = judge(lay_over(sample(pack="idd"), {"objectives": [{"objective": "1a", "statement": question}]})).findings
    assert ("CL007", "objectives.statement") in {(item.code, item.path) for item in found}
