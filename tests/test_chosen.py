"""This file ensures that rules are listed by family, and that what is not shown is told and holds all the same."""

import json

import pytest

from toolkit import shelf
from toolkit.rules import FAMILIES, by_family, family, is_chosen

SHELF = shelf.load()


@pytest.mark.parametrize(
    ("code", "select", "ignore", "shown"),
    [
        ("SM004", (), (), True),
        ("SM004", ("SM",), (), True),
        ("SM004", ("GT",), (), False),
        ("SM004", ("GT", "SM004"), (), True),
        ("SM004", (), ("SM",), False),
        ("SM004", ("SM004",), ("SM",), True),
        ("SM004", ("SM",), ("SM004",), False),
        ("SM005", ("SM",), ("SM004",), True),
        ("SM004", ("SM",), ("SM",), False),
        ("SM004", ("",), ("GT",), True),
        ("GT001", ("",), ("GT",), False),
    ],
)
def test_what_says_more_of_a_code_wins(code, select, ignore, shown):
    assert is_chosen(code, select, ignore) is shown


def codes(result):
    return {item["code"] for item in json.loads(result.stdout)["findings"]}


def test_only_what_is_selected_is_shown_and_the_rest_is_told_and_holds(run, faulty):
    everything = run("check", faulty, "--format", "json")
    assert "SM004" in codes(everything) and len(codes(everything)) > 1
    only = run("check", faulty, "--select", "sm004", "--format", "json")
    assert codes(only) == {"SM004"} and only.exit_code == 1
    without = run("check", faulty, "--ignore", "SM004")
    assert "SM004" not in without.stdout and without.exit_code == 1
    assert "Not shown, by --select or --ignore: 1; 1 of them must be fixed all the same" in without.stderr
    assert "0 documents ready to sign, 1 held" in without.stderr
    assert codes(run("check", faulty, "--select", "ALL", "--format", "json")) == codes(everything)
    sarif = json.loads(run("check", faulty, "--select", "GT,RQ", "--ignore", "RQ", "--format", "sarif").stdout)
    assert sarif["runs"][0]["results"] == []


def test_make_can_ignore_nothing(run, faulty):
    refused = run("make", faulty, "-o", "out", "--ignore", "SM004")
    assert refused.exit_code == 2 and "--ignore" in refused.stderr
    assert "No finding can be ignored here" in " ".join(run("make", "--help").stdout.split())


def test_a_prefix_of_no_rule_is_told_with_the_nearest(run, faulty):
    told = run("check", faulty, "--select", "SM0004")
    assert told.exit_code == 2 and "There is no rule «SM0004». Did you mean SM004?" in told.stderr


def test_settings_choose_too(run, faulty, tmp_path):
    (tmp_path / "plankit.toml").write_text('[check]\nselect = ["SM", "GT"]\nignore = ["SM004"]\nformat = "json"\n')
    assert codes(run("check", faulty)) == set()


def test_every_family_is_called_something():
    assert {family(code) for code in SHELF.rules} <= set(FAMILIES)


def test_rules_are_listed_by_family_with_counts(run):
    listed = run("rules")
    families = by_family(SHELF.rules)
    for name, several in families.items():
        assert f"{name}  {FAMILIES[name]} ({len(several)})\n" in listed.stdout
    assert f"{len(SHELF.rules)} rules." in listed.stderr
    only = run("rules", "--family", "gt", "--format", "json")
    table = json.loads(only.stdout)
    assert [item["code"] for item in table] == families["GT"]
    assert all(item["summary"] and item["why"] and item["source"] and item["level"] for item in table)
    wrong = run("rules", "--family", "GX")
    assert wrong.exit_code == 2 and "There is no family of rules «GX»." in wrong.stderr


ACME = """
title = "Acme Health"
[levels]
SM006 = { level = "warning", why = "its form has no baseline", source = "Acme manual 4.2" }
"""


def test_a_page_shows_all_of_a_rule_and_the_payers_level(run, tmp_path):
    (tmp_path / "shelf" / "payers").mkdir(parents=True)
    (tmp_path / "shelf" / "payers" / "acme.toml").write_text(ACME, encoding="utf-8")
    page = run("--shelf", "shelf", "rule", "sm006").stdout
    for part in ("SM006 · wrong direction · error", "Why it matters:", "Wrong:", "Right:", "Source:", "accepted"):
        assert part in page
    own = run("--shelf", "shelf", "rule", "SM006", "--payer", "acme").stdout
    assert "· warning (Acme Health: its form has no baseline; Acme manual 4.2; otherwise error)" in own
    assert "SM006  warning" in run("--shelf", "shelf", "rules", "--payer", "acme", "--family", "SM").stdout
    assert "has to be mended" in run("rule", "WB008").stdout


def test_where_nothing_that_holds_is_shown_the_command_that_shows_it_is_named(run, faulty):
    said = run("check", faulty, "--select", "CP")
    assert said.exit_code == 1 and "To see what holds them, run: plankit check" in said.stderr
    assert "Fill or correct these cells" not in said.stderr


def test_the_command_that_is_named_keeps_what_was_typed(run, faulty):
    options = ("-d", "treatment_plan", "--fingerprints", "prints.plankit", "--payer", "optum")
    said = run("check", faulty, *options)
    kept = "--payer optum --document treatment_plan --fingerprints prints.plankit"
    assert said.stderr.rstrip().endswith(kept), said.stderr


@pytest.mark.parametrize("typed", [("--shelf", "mine"), ("--shelf=mine",)])
def test_the_clinics_folder_may_be_named_after_the_command(run, faulty, tmp_path, typed):
    (tmp_path / "mine" / "payers").mkdir(parents=True)
    (tmp_path / "mine" / "payers" / "acme.toml").write_text('title = "Acme"\n', encoding="utf-8")
    assert run("payers", "acme", *typed).stdout.startswith("acme: Acme")
    assert run("check", faulty, "--payer", "acme", *typed).exit_code == 1
    assert "no payer «acme»" in run("check", faulty, "--payer", "acme").stderr
    assert run("payers", "--shelf").exit_code == 2


def test_several_payers_are_joined_with_a_plus_and_not_a_comma(run, faulty):
    said = run("check", faulty, "--payer", "optum,ny_omh")
    assert said.exit_code == 2 and "Several are joined with a plus: optum+ny_omh." in said.stderr
