"""This file ensures that every rule, now and later, keeps its word."""

import ast
import re
import tomllib
from pathlib import Path

import pytest
from judging import (
    RULES,
    SHELF,
    auditor,
    compose,
    everything,
    fact,
    followed_up,
    judge,
    lay_over,
    record,
    sample,
)

import toolkit
from toolkit.errors import ShelfError
from toolkit.rules import FACT_KINDS, SERVICES, checks, continued, in_a_sentence, load_rules

PACKAGE = Path(toolkit.__file__).parent
AFTERWARDS = ("review", "progress", "discharge", "outcomes", "aftercare")


def findings(tables, facts=(), phase="make"):
    """Return the findings of ``tables``, the warnings and the ``facts`` of a rule's example among them."""
    phases = tuple({"make", phase})
    if not facts:
        audited = judge(tables, phases=phases)
        return [*audited.findings, *audited.stand_ins]
    judges = auditor(phases=phases)
    one = record(tables)
    return list(judges.judge(type(one)(one.id, one.rows, (*one.facts, *map(fact, facts)), one.origin)).findings)


def laid(*pages):
    """Return the tables and facts of a rule's pages, laid one after the other over a clean sample.

    A page names another ``sample``, or a ``pack``, where the first one does not show the fault.
    """
    changes = [tomllib.loads(page) for page in pages]
    later = any(name in AFTERWARDS for change in changes for name in change)
    tables, facts = sample(), ()
    for number, change in enumerate(changes):
        if {"sample", "pack"} & set(change):
            tables = sample(pack=change.pop("pack")) if "pack" in change else sample(change.pop("sample"))
        if later and not number:
            tables = followed_up(tables)
        facts = change.pop("facts", facts)
        tables = lay_over(tables, change)
    return tables, facts


PRINTED = ("PF", "TP", "WR", "WV007")
"""What batch and proof report, of the finished file above all; their tests show them."""
ACCEPTED = "WV"
"""The family that speaks of what was accepted, which is found beside it; its tests show it."""


@pytest.mark.parametrize("code", [code for code in RULES if not code.startswith((*PRINTED, ACCEPTED))])
def test_the_example_is_flagged_with_exactly_that_code_and_the_mend_is_not(code):
    rule = RULES[code]
    begins = re.match(r"(sample|pack) = .*", rule.example)
    base = {(item.code, item.path) for item in findings(*laid(begins[0] if begins else ""), rule.phase)}
    flagged = findings(*laid(rule.example), rule.phase)
    mended = findings(*laid(rule.example, rule.mend), rule.phase)
    assert {told for told, _ in {(item.code, item.path) for item in flagged} - base} == {code}
    assert {(item.code, item.path) for item in mended} - base == set()


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        ("Lowers GAD-7 from 16 to 9 by driving practice 3 times a week", False),
        ("By 07/27/2026 brings her GAD-7 to 9 by steadily practicing at least 5 nights a week", False),
        ("Has no more than 2 panic attacks a week by practicing exposure", True),
    ],
)
def test_what_is_done_to_reach_an_objective_is_not_what_it_counts(statement, told):
    row = {"objective": "1a", "statement": statement, "measure": "GAD-7", "baseline": 16, "target": 9}
    found = findings(lay_over(sample(), {"objectives": [row]}), ())
    assert ("SM012" in {item.code for item in found}) is told


def test_every_code_that_batch_and_proof_report_has_a_page():
    code = re.compile(r'"((?:PF|TP|WR|WV)\d{3})"')
    rooms = [*PACKAGE.glob("batch/*.py"), PACKAGE / "proof.py"]
    reported = {found for path in rooms for found in code.findall(path.read_text(encoding="utf-8"))}
    assert reported == {name for name in RULES if name.startswith(PRINTED)}


@pytest.mark.parametrize("code", RULES)
def test_the_names_in_a_signature_exist(code):
    definitions = everything()
    known = {*SERVICES, *FACT_KINDS, *definitions.by_singular, *definitions.sections}
    assert set(RULES[code].parameters) <= known
    assert set(RULES[code].limits) <= set(compose(("adult",)).limits)


@pytest.mark.parametrize("code", [code for code, rule in RULES.items() if rule.phase != "make"])
def test_a_rule_on_what_comes_after_a_document_is_made_neither_runs_before_nor_holds_it(code):
    tables, facts = laid(RULES[code].example)
    assert code not in {item.code for item in findings(tables, facts)}
    assert not [item for item in findings(tables, facts, RULES[code].phase) if item.code == code and item.holds]


@pytest.mark.parametrize("payer", SHELF.payers)
def test_each_limit_of_a_payer_is_read_by_a_rule_or_a_derivation(payer):
    derivations = "".join(path.read_text(encoding="utf-8") for path in (PACKAGE / "derive").glob("*.py"))
    derived = set(re.findall(r'(?:limits\.get|limit|setting)\("(\w+)"', derivations))
    assert set(SHELF.payers[payer].limits) <= derived | {name for rule in RULES.values() for name in rule.limits}


def test_every_kind_of_fact_that_a_reader_notes_has_exactly_one_rule():
    judged = [name for rule in RULES.values() for name in rule.parameters if name in FACT_KINDS]
    assert sorted(judged) == sorted(FACT_KINDS)
    noted = {
        node.args[0].value
        for path in (PACKAGE / "intake").glob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Fact"
        if node.args and isinstance(node.args[0], ast.Constant)
    }
    assert noted <= FACT_KINDS


def test_every_code_that_a_field_or_section_bears_has_a_page():
    definitions = everything()
    codes = {item.code for item in definitions.fields.values()} | {item.code for item in definitions.sections.values()}
    assert sorted(codes - set(RULES)) == []


@pytest.mark.parametrize("code", RULES)
def test_messages_are_everyday_words(code):
    source = next((PACKAGE / "rules").glob(f"{code.lower()}_*.py")).read_text(encoding="utf-8")
    assert not re.search(r"\b(invalid|null|constraint|schema error|type error|regex|NaN)\b", source, re.I)


def test_faults_of_the_workbooks_form_cannot_be_waived():
    assert {code for code, rule in RULES.items() if not rule.waivable} >= {code for code in RULES if code[:2] == "WB"}


def test_a_page_names_the_fault_and_not_the_mend():
    assert all(rule.summary.endswith(".") and len(rule.summary) < 120 for rule in RULES.values())


CATALOG = {
    "MN": 13, "GT": 14, "SM": 16, "CP": 17, "PC": 11, "RV": 16, "LOC": 10, "TM": 6, "SG": 13, "CO": 4, "PR": 4, "OM": 7,
    "RK": 4, "AD": 12, "TR": 11, "ID": 15, "DC": 12, "CL": 8, "PV": 5,
}  # fmt: skip
"""How many findings of reviewers the catalog behind the rules lists, by family; their numbers go from 1 on."""
LEFT_OUT = (PACKAGE.parent / "docs" / "rules_left_out.md").read_text(encoding="utf-8")
LEFT_OUT_CODES = re.findall(r"^- `([A-Z]{2,3}\d{3})` .+: .+", LEFT_OUT, re.MULTILINE)


def test_what_is_left_out_is_listed_once_has_no_rule_and_leads_to_rules_that_there_are():
    assert len(LEFT_OUT_CODES) == len(set(LEFT_OUT_CODES)) and set(LEFT_OUT_CODES).isdisjoint(RULES)
    assert set(re.findall(r"`([A-Z]{2,3}\d{3})`", LEFT_OUT)) - set(LEFT_OUT_CODES) <= set(RULES)


@pytest.mark.parametrize("family", CATALOG)
def test_what_the_catalog_lists_has_a_rule_or_stands_among_those_left_out(family):
    listed = {f"{family}{number:03}" for number in range(1, CATALOG[family] + 1)}
    out = {code for code in LEFT_OUT_CODES if code.startswith(family)}
    assert listed - set(RULES) == out


# --- the loader ----------------------------------------------------------------------------------------------------

PAGE = '''"""A thing is wrong.

Why it matters: it does
    on two lines.
Example:
    [plan]
    weeks = ""
Use instead:
    [plan]
    weeks = 12
Source: nobody
Level: warning
Documents: treatment_plan
"""
'''


def test_a_file_becomes_a_rule(tmp_path):
    (tmp_path / "zz001_thing.py").write_text(PAGE + "def check(plan, *, most):\n    yield 'weeks', 'is wrong.'\n")
    (rule,) = load_rules(tmp_path).values()
    assert (rule.code, rule.name, rule.summary) == ("ZZ001", "thing", "A thing is wrong.")
    assert (rule.why, rule.source, rule.level) == ("it does on two lines.", "nobody", "warning")
    assert (rule.example, rule.mend) == ('[plan]\nweeks = ""', "[plan]\nweeks = 12")
    assert (rule.parameters, rule.limits, rule.documents) == (("plan",), ("most",), ("treatment_plan",))
    assert checks(rule)


def test_a_page_without_a_check_is_the_page_of_blank_answers(tmp_path):
    (tmp_path / "zz001_thing.py").write_text(PAGE)
    (rule,) = load_rules(tmp_path).values()
    assert not checks(rule) and list(rule.check()) == []


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        ("zz001_thing.py", PAGE.replace("Source: nobody\n", ""), "lacks «Source»"),
        ("zz001_thing.py", '"""\n"""', "a first line"),
        ("zz001_thing.py", PAGE.replace("Level: warning", "Level: loud"), "its level is"),
        ("zz001_thing.py", PAGE + "def check(*rows):\n    pass\n", "nothing else"),
        ("zz001_thing.py", PAGE + "def check(:\n", "cannot be loaded"),
        ("things.py", PAGE, "not named as a rule is"),
    ],
)
def test_a_file_that_is_no_rule_is_refused_by_its_name(tmp_path, name, text, says):
    (tmp_path / name).write_text(text)
    with pytest.raises(ShelfError, match=says) as refused:
        load_rules(tmp_path)
    assert name in str(refused.value)


def test_a_code_that_stands_twice_is_refused(tmp_path):
    for name in ("zz001_one.py", "zz001_two.py"):
        (tmp_path / name).write_text(PAGE)
    with pytest.raises(ShelfError, match="ZZ001 stands twice"):
        load_rules(tmp_path)


# --- words ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("label", "said"),
    [
        ("Target date", "the target date"),
        ("NPI", "the NPI"),
        ("Their words", "their words"),
        ("In the client's words", "“In the client's words”"),
        ("Unit, if a count", "“Unit, if a count”"),
        ("Counted by", "“Counted by”"),
        ("The client's view", "the client's view"),
        ("Per", "“Per”"),
    ],
)
def test_a_label_stands_in_a_sentence(label, said):
    assert in_a_sentence(label) == said


@pytest.mark.parametrize(
    ("subject", "said", "sentence"),
    [
        ("the symptoms", "is blank.", "the symptoms are blank."),
        ("the diagnosis", "is blank.", "the diagnosis is blank."),
        ("the goal status", "has no answer yet.", "the goal status has no answer yet."),
        ("the minutes", "does not fit.", "the minutes do not fit."),
        ("the discharge criteria", "holds a word.", "the discharge criteria hold a word."),
        ("the medications at discharge", "is blank.", "the medications at discharge are blank."),
        ("“Who decides”", "is blank.", "“Who decides” is blank."),
    ],
)
def test_the_verb_fits_the_label(subject, said, sentence):
    assert continued(subject, said) == sentence
