"""This file ensures that each payer profile says what is known of the payer, and what of it is our own default."""

import json
import re
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner
from judging import RULES, SHELF, TODAY, auditor, batch, followed_up, lay_over, sample
from msgspec.structs import replace
from test_shelf import put

from toolkit import cli, demo, derive, reference, shelf
from toolkit.cli import profiles
from toolkit.errors import ShelfError
from toolkit.intake.asked import Form
from toolkit.model import Limit, Record, Row

# Days to the first plan, days to a review, and who signs; ~ our own default, - none, * signs whatever the level of
# care. From the profiles' own sources.
FACTS = """
default             | default    | ~14 | ~90  | client guardian clinician supervisor physician second_reviewer
medicare_oph        | medicare   | 0   | ~90  | physician* clinician
medicare_partb      | medicare   | ~7  | ~90  | clinician
medicare_php        | medicare   | ~1  | ~30  | physician* clinician client
medicare_iop        | medicare   | ~1  | 60   | physician* clinician client
cmhc                | federal    | ~11 | ~30  | client guardian team physician*
medicare_ipf        | federal    | ~3  | ~7   | physician* team
medicaid_generic    | medicaid   | ~30 | ~90  | client guardian clinician supervisor
medicaid_prtf       | medicaid   | 14  | 30   | physician* team guardian client
medicaid_imd        | medicaid   | 0   | 90   | physician* team
icf_iid             | federal    | 30  | 90   | client guardian team
hcbs_waiver         | medicaid   | 0   | 365  | client guardian team
ny_omh              | state      | 30  | ~365 | client guardian clinician physician*
ca_medical          | state      | -   | -    | clinician
tx_mhr              | state      | ~14 | ~90  | client guardian clinician
oh_5122             | state      | ~30 | ~365 | clinician supervisor
mn_245i             | state      | ~30 | ~180 | client guardian clinician
mn_245g             | state      | 30  | ~30  | client clinician
nc_8c               | state      | ~0  | ~365 | client guardian clinician
pa_5200             | state      | 30  | ~180 | client clinician physician*
pa_5210_child       | state      | ~7  | ~28  | client guardian team physician*
fl_cbh              | state      | ~45 | ~180 | client guardian clinician
ccbhc               | federal    | 60  | 180  | client guardian clinician
optum               | commercial | ~21 | ~90  | client guardian clinician
aetna               | commercial | ~21 | ~90  | client clinician
magellan            | commercial | ~14 | ~90  | client guardian clinician
bcbs_generic        | commercial | ~21 | ~90  | client clinician
anthem_ca_medicaid  | commercial | 14  | 180  | client guardian clinician
centene             | commercial | ~30 | ~90  | clinician
joint_commission    | accreditor | ~30 | ~90  | client clinician
carf                | accreditor | ~30 | ~90  | client guardian clinician
otp                 | federal    | ~7  | ~90  | client clinician physician*
"""
ROWS = {cells[0]: cells[1:] for cells in (re.split(r"\s*\|\s*", line) for line in FACTS.strip().splitlines())}


def shown(limit):
    return "-" if limit.number is None else f"{'~' if limit.ours else ''}{limit.number:g}"


@pytest.mark.parametrize("name", ROWS)
def test_a_profile_says_what_is_known_of_the_payer(name):
    payer, (kind, plan, review, signs) = SHELF.payer(name), ROWS[name]
    assert (payer.kind, shown(payer.limits["plan_due_days"]), shown(payer.limits["review_days"])) == (
        kind,
        plan,
        review,
    )
    assert [f"{rule.role}{'*' if _always(rule) else ''}" for rule in payer.signers] == signs.split()


def _always(rule):
    return rule.role == "physician" and not rule.when


def test_every_profile_is_there():
    assert SHELF.payers.keys() == ROWS.keys()


@pytest.mark.parametrize("payer", SHELF.payers.values(), ids=SHELF.payers)
def test_a_profile_names_its_sources_and_how_sure_it_is(payer):
    assert payer.citations
    assert all(one.title and one.read in ("read", "part", "not") for one in payer.citations)
    assert payer.confidence in ("high", "medium", "low")
    assert payer.kind


@pytest.mark.parametrize("payer", SHELF.payers.values(), ids=SHELF.payers)
def test_a_number_that_nobody_checked_is_our_default(payer):
    unverified = " ".join(payer.unverified)
    for words, name in (("plan due", "plan_due_days"), ("review", "review_days")):
        if words in unverified and name in payer.limits:
            assert payer.limits[name].ours, (name, unverified)
    if unverified == "everything" or "all timelines" in unverified:
        assert all(limit.ours for limit in payer.limits.values())


@pytest.mark.parametrize("payer", SHELF.payers)
@pytest.mark.parametrize("populations", [("adult",), ("adolescent", "trauma", "idd")])
def test_who_signs_by_default_signs_for_every_payer(payer, populations):
    usual, own = ({rule.role: rule for rule in SHELF.compose(populations, name).signers} for name in ("default", payer))
    for role, rule in usual.items():
        assert not own[role].when or rule.when in own[role].when
        assert not own[role].documents or set(rule.documents) <= set(own[role].documents)


# --- which number holds --------------------------------------------------------------------------------------------


def at(level, payer, name):
    """Return the limit called ``name`` at a level of care under ``payer``, and how a finding tells of it."""
    definitions = SHELF.compose(("adult",), payer)
    episode = definitions.sections["episode"]
    record = Record("1", {"episode": (Row(episode, {"level_of_care": level}),)})
    found = derive.limit(name, record, definitions)
    return found.number if found else None, derive.told(name, record, definitions)


@pytest.mark.parametrize(
    ("level", "payer", "name", "number", "told"),
    [
        ("OP", "default", "review_days", 90, "our default: 90 days"),
        ("OP", "optum", "baseline_days", 60, "our default: 60 days, not a rule of Optum / United Behavioral Health"),
        ("OP", "cmhc", "review_days", 30, "our default: 30 days, not checked against the rule of Community mental"),
        ("OP", "anthem_ca_medicaid", "review_days", 180, "Anthem Blue Cross California Medicaid: every 180 days or so"),
        ("OP", "ca_medical", "plan_due_days", None, ""),
        ("OP", "ca_medical", "review_days", None, ""),
        ("IOP", "ca_medical", "review_days", 30, "our default for Intensive outpatient, mental health: 30 days, not a"),
        (
            "IOP",
            "anthem_ca_medicaid",
            "review_days",
            30,
            "our default for Intensive outpatient, mental health: 30 days",
        ),
        ("PRTF", "default", "review_days", 30, "Psychiatric residential treatment facility"),
        ("HCBS", "default", "review_days", 90, "our default: 90 days"),
        ("OTP", "mn_245g", "plan_due_days", 21, "Minnesota substance use (245G): 21 days"),
        ("ASAM_3_5", "mn_245g", "plan_due_days", 10, "Minnesota substance use (245G): 10 days"),
        ("OP", "optum+ny_omh", "plan_due_days", 30, "New York OMH clinic (14 NYCRR 599): Medicaid fee-for-service"),
        ("OP", "ny_omh+pa_5200", "plan_due_days", 30, "New York OMH clinic"),
        (
            "OP",
            "anthem_ca_medicaid+icf_iid",
            "review_days",
            90,
            "ICF/IID: team plan of care every 90 days; the strictest of Anthem Blue Cross California Medicaid and ICF/",
        ),
    ],
)
def test_the_strictest_of_payer_state_and_level_of_care_holds_and_is_named(level, payer, name, number, told):
    found, said = at(level, payer, name)
    assert (found, said[: len(told)]) == (number, told)


@pytest.mark.parametrize(
    ("payer", "told"),
    [
        ("default", "42 CFR 424.24; Anthem Blue Cross California Medicaid; our default: 90 days"),
        ("anthem_ca_medicaid", "Anthem Blue Cross California Medicaid: every 180 days or sooner"),
        (
            "aetna",
            "42 CFR 424.24; Anthem Blue Cross California Medicaid; our default: 90 days, not a rule of Aetna Behav",
        ),
    ],
)
def test_who_asks_for_what_a_limit_says_is_who_sets_it(payer, told):
    definitions = SHELF.compose(("adult",), payer)
    said = derive.source(RULES["RV002"], Record("1", {}), definitions)
    assert said[: len(told)] == told


def test_a_larger_number_is_the_stricter_one_where_the_default_profile_says_so(tmp_path):
    files = {
        "payers__default": "[limits]\nreview_grace_days = { number = 7, stricter = 'larger' }",
        "payers__acme": 'title = "Acme"\nlimits = { review_grace_days = 3 }',
        "payers__beta": 'title = "Beta"\nlimits = { review_grace_days = 5 }',
    }
    found = shelf.load(put(tmp_path, **files))
    assert found.compose(("adult",), "acme+beta").limits["review_grace_days"] == 5


def test_the_next_review_is_that_of_the_strictest_clock_and_says_whose_it_is():
    for payer, days, whose in (
        ("default", 90, "the usual interval, not a payer’s"),
        ("anthem_ca_medicaid", 180, "payer’s interval"),
        ("optum", 90, "the usual interval, not a payer’s"),
    ):
        definitions = SHELF.compose(("adult",), payer)
        plan = Row(definitions.sections["plan"], {"date": date(2026, 5, 11), "weeks": 40})
        whole = derive.complete(Record("1", {"plan": (plan,)}), TODAY, definitions)
        assert (whole.get("plan.review_days"), whole.get("plan.next_review_rule")) == (days, whose)


def test_the_clocks_of_a_level_of_care_name_what_nobody_checked():
    clocks = {level.key: level.limits for level in reference.levels_of_care()}
    assert clocks["PRTF"]["plan_due_days"] == Limit(14, clocks["PRTF"]["plan_due_days"].by, of_level=True)
    assert clocks["IOP"]["review_days"].ours and clocks["IOP"]["review_days"].number == 30
    for level in reference.levels_of_care():
        unverified = " ".join(level.unverified)
        for words, name in (("plan due", "plan_due_days"), ("all clocks", "plan_due_days"), ("review", "review_days")):
            assert words not in unverified or name not in level.limits or name in level.ours, (level.key, name)


# --- what a profile asks of a record -------------------------------------------------------------------------------


def found(payer, changes=None, phase="make", tables=None):
    """Return the codes, levels and sources of what is found in a sample under ``payer``."""
    tables = lay_over(tables or sample(), changes or {})
    (record,) = batch(tables)
    judging = auditor(payer=payer, phases=(phase,), levels=SHELF.payer(payer).levels)
    return {item.code: item for item in judging.judge(record).findings}


def test_what_a_payer_requires_is_asked_in_its_name():
    blank = {"plan": {"coordination": ""}}
    assert "RQ001" not in found("default", blank)
    missing = found("optum", blank)["RQ001"]
    assert missing.path == "plan.coordination" and missing.source.startswith("Optum / United Behavioral Health")


def test_a_payer_raises_a_rule_to_an_error_and_says_why():
    criterion = {"plan": {"discharge_criteria": ["PHQ-9 below 10"]}, "goals": [{"statement": "PHQ-9 below 10"}]}
    assert found("default", criterion)["DC002"].level == "warning"
    raised = found("fl_cbh", criterion)["DC002"]
    assert raised.level == "error" and "kept apart from goals and objectives" in raised.source


@pytest.mark.parametrize(("payer", "is_late"), [("default", True), ("anthem_ca_medicaid", True), ("pa_5200", False)])
def test_a_late_plan_is_told_with_whose_number_it_is(payer, is_late):
    late = {"plan": {"date": "05/11/2026"}, "episode": {"admission_date": "04/20/2026"}}
    told = found(payer, late, "after")
    assert ("SG011" in told) is is_late
    if is_late:
        whose = {"default": "our default: 14 days", "anthem_ca_medicaid": "within 14 days of admission"}[payer]
        assert whose in told["SG011"].source


def test_a_late_discharge_summary_is_told_after_it_was_made():
    late = {"discharge": {"last_service_date": "09/21/2026", "date": "09/28/2026"}}
    tables = followed_up(sample())
    assert "DC008" not in found("default", late, "after", tables)
    assert "our default: 4 days" in found("cmhc", late, "after", tables)["DC008"].source


def test_a_team_that_has_to_sign_signs_one_by_one(tmp_path):
    definitions = SHELF.compose(("adult",), "hcbs_waiver")
    plan = definitions.documents["treatment_plan"]
    team = tuple(
        Row(definitions.sections["team"], {"staff": name}, ordinal=number) for number, name in enumerate("AB", start=1)
    )
    signing = {one.role: one.name for one in derive.signers(Record("1", {"team": team}), definitions, plan)}
    assert (signing["team_1"], signing["team_2"]) == ("A", "B")
    assert "team" not in {one.role for one in derive.signers(Record("1", {}), definitions, plan)}
    missing = found("hcbs_waiver")["RQ001"]
    assert missing.text.startswith("there is no team member") and missing.source == SHELF.payer("hcbs_waiver").title
    form = Form(definitions, ("treatment_plan",), "OP", full=False)
    assert form.asks(definitions.fields["team.staff"]) and form.asks(definitions.fields["team.contribution"])
    usual = Form(SHELF.compose(("adult",)), ("treatment_plan",), "OP", full=False)
    assert not usual.asks(definitions.fields["team.staff"])


# --- several at once -----------------------------------------------------------------------------------------------

ACME = """
title = "Acme"
limits = { max_goals = 2 }
also = ["beta"]
[requires]
treatment_plan = ["client.pronouns"]
[levels]
SM006 = "warning"
SM008 = "error"
[[signers]]
role = "supervisor"
when = "risk.level == 'high'"
"""
BETA = """
title = "Beta"
limits = { max_goals = 3 }
[requires]
treatment_plan = ["client.pronouns", "team"]
[levels]
SM008 = "info"
[[signers]]
role = "witness"
label = "Witness"
"""


def test_payers_together_ask_for_all_that_any_of_them_asks(tmp_path):
    both = shelf.load(put(tmp_path, payers__acme=ACME, payers__beta=BETA))
    for name in ("acme", "beta+acme", "acme+beta"):
        definitions = both.compose(("adult",), name)
        assert definitions.limits["max_goals"] == 2
        assert {one.by for one in definitions.fields["client.pronouns"].required_by} == {"acme", "beta"}
        assert "treatment_plan" in definitions.sections["team"].at_least_one
        assert {"supervisor", "witness"} <= {rule.role for rule in definitions.signers}
        assert {code: own.level for code, own in both.payer(name).levels.items()} == {"SM008": "error"}
    assert both.payer("acme+beta").title == "Acme and Beta"
    assert {code: own.level for code, own in replace(both.payers["acme"]).levels.items()}["SM006"] == "warning"


def test_a_payer_that_is_not_there_is_told_with_the_nearest():
    with pytest.raises(ShelfError, match=r"no payer «optun» on the shelf\. Did you mean optum\?"):
        SHELF.payer("ny_omh+optun")
    for name in ("optum+", "+optum", "optum++ny_omh"):
        with pytest.raises(ShelfError, match=r"the name of a payer is missing beside a \+\. See: plankit payers"):
            SHELF.payer(name)


# --- side by side --------------------------------------------------------------------------------------------------


@pytest.fixture
def check(tmp_path, monkeypatch):
    """Check a client of whom two payers ask different things; gives the result of the command."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("PLANKIT_SHELF", raising=False)
    samples = demo.samples(SHELF)
    client = samples["records"][0]
    client["plan"] = {**client["plan"], "coordination": "", "discharge_criteria": ""}
    Path("one.json").write_text(json.dumps({**samples, "records": [client]}, default=str), encoding="utf-8")

    def call(*arguments):
        return CliRunner().invoke(cli.main, ["check", "one.json", "--today", "2026-05-12", *arguments])

    return call


SIDE_BY_SIDE = ("--payer", "optum", "--payer", "ny_omh")


def test_what_one_payer_alone_asks_names_it_and_what_all_ask_stands_there_once(check):
    result = check(*SIDE_BY_SIDE)
    coordination = [line for line in result.stdout.splitlines() if "coordination of care is blank" in line]
    assert coordination[0].endswith("; only Optum / United Behavioral Health) RQ001")
    assert coordination[1].endswith(" TM006 (warning)")  # which the blank above keeps quiet
    (physician,) = (line for line in result.stdout.splitlines() if "physician is blank" in line)
    assert physician.endswith("; only New York OMH clinic (14 NYCRR 599)) RQ001")
    (criteria,) = (line for line in result.stdout.splitlines() if line.endswith(" DC001"))
    assert "(Optum / United Behavioral Health; " in criteria
    assert result.exit_code == 1


def test_each_payer_has_a_line_in_the_table_at_the_end(check):
    lines = check(*SIDE_BY_SIDE).stderr.splitlines()
    begin = next(number for number, line in enumerate(lines) if line.startswith("For "))
    table = [line.rsplit(maxsplit=4) for line in lines[begin : begin + 3]]
    assert [row[0] for row in table] == [
        "For",
        "Optum / United Behavioral Health",
        "New York OMH clinic (14 NYCRR 599)",
    ]
    assert [row[1] for row in table] == ["errors", "2", "2"] and [row[3:] for row in table[1:]] == [["0", "1"]] * 2
    assert not any(line.startswith("For ") for line in check("--payer", "optum").stderr.splitlines())


def test_programs_are_told_for_whom_a_finding_is(check):
    told = json.loads(check(*SIDE_BY_SIDE, "--format", "json").stdout)
    whose = {item["path"]: item["payers"] for item in told["findings"] if item["level"] == "error"}
    assert whose == {
        "plan.coordination": ["Optum / United Behavioral Health"],
        "plan.discharge_criteria": [],
        "episode.physician": ["New York OMH clinic (14 NYCRR 599)"],
    }
    assert [(one["title"], one["errors"]) for one in told["payers"]] == [(SHELF.payer("optum").title, 2),
                                                                       (SHELF.payer("ny_omh").title, 2)]  # fmt: skip
    results = json.loads(check(*SIDE_BY_SIDE, "--format", "sarif").stdout)["runs"][0]["results"]
    payers = {item["properties"].get("field"): item["properties"].get("payers") for item in results
              if item["level"] == "error"}  # fmt: skip
    assert payers == {path: titles or None for path, titles in whose.items()}
    assert "payers" not in json.loads(check("--payer", "optum", "--format", "json").stdout)


def test_one_payer_at_two_levels_is_told_at_both(tmp_path, monkeypatch, check):
    files = {
        "payers__strict": 'title = "Strict"\nlevels = { DC001 = "error" }',
        "payers__lenient": 'title = "Lenient"\nlevels = { DC001 = "warning" }',
    }
    monkeypatch.setenv("PLANKIT_SHELF", str(put(tmp_path / "shelf", **files)))
    told = [line for line in check("--payer", "strict", "--payer", "lenient").stdout.splitlines() if "DC001" in line]
    assert [line.split("only ")[1] for line in told] == ["Strict) DC001", "Lenient) DC001 (warning)"]


def test_documents_are_made_for_one_payer(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(cli.main, ["make", "one.json", *SIDE_BY_SIDE])
    assert result.exit_code == 2 and "or several as one: --payer optum+ny_omh" in result.stderr


def test_fingerprints_are_those_of_one_run(check):
    result = check(*SIDE_BY_SIDE, "--fingerprints", "kept")
    assert result.exit_code == 2 and "check for one payer" in result.stderr


def test_the_report_for_a_supervisor_says_for_whom_a_finding_is(check):
    assert "; only Optum / United Behavioral Health</td>" in check(*SIDE_BY_SIDE, "--format", "html").stdout


def test_a_setting_names_one_payer_or_a_list(check):
    for said, payers in (('"optum"', 1), ('["optum", "ny_omh"]', 2)):
        Path("plankit.toml").write_text(f"[check]\npayer = {said}", encoding="utf-8")
        result = check()
        assert "Optum / United Behavioral Health" in result.stdout
        assert ("New York OMH clinic" in result.stdout) is (payers == 2)


# --- a clinic's own words on a profile that is there ----------------------------------------------------------------


def test_a_clinics_profile_of_a_built_in_name_says_only_what_differs(tmp_path):
    files = {
        "payers__default": "limits = { max_goals = 6 }",
        "payers__optum": '[limits]\nreview_days = 60\n[[signers]]\nrole = "guardian"\nwhen = "always"',
    }
    own = shelf.load(put(tmp_path, **files))
    assert [rule.role for rule in own.payer("default").signers] == [
        rule.role for rule in SHELF.payer("default").signers
    ]
    assert own.compose(("adult",)).limits == {**SHELF.compose(("adult",)).limits, "max_goals": 6}
    optum = own.payer("optum")
    assert (optum.title, optum.limits["review_days"].number, optum.limits["review_days"].ours) == (
        SHELF.payer("optum").title,
        60,
        False,
    )
    assert optum.limits["plan_due_days"] == SHELF.payer("optum").limits["plan_due_days"]
    assert {rule.role: rule.when for rule in optum.signers}["guardian"] == ""


@pytest.mark.parametrize(
    ("name", "body", "told"),
    [
        (
            "default",
            '[[signers]]\nrole = "client"\nwhen = "client.idd"',
            "line 3: signer client: «when» would take back",
        ),
        ("default", '[[signers]]\nrole = "clinician"\ndocuments = ["plan_review"]', "«documents» would take back"),
        ("optum", "[[signers]]\nrole = ['client']", "line 2: signers: «role» is not what it should be"),
        ("default", "limits = { max_goals = 0 }", "line 1: limits: «max_goals» is not a number from 1 up"),
        ("default", "limits = { max_goals = { number = 9, least = 'x' } }", "«least» of max_goals is not what"),
        ("optum", "limits = { review_days = 0 }", "line 1: limits: «review_days» is not a number from 1 up"),
        ("optum", "limits = { review_days = [30] }", "line 1: limits: «review_days» is not a number"),
        ("ny_omh", '[[signers]]\nrole = "physician"\nwhen = "client.idd"', "plankit’s own ny_omh.toml asks for"),
    ],
)
def test_a_clinic_takes_no_signature_back_and_a_fault_of_its_own_is_told_in_its_file(tmp_path, name, body, told):
    with pytest.raises(ShelfError, match=re.escape(told)):
        shelf.load(put(tmp_path, **{f"payers__{name}": body}))


# --- profiles that cannot be used ----------------------------------------------------------------------------------

BAD = [
    ('titel = "A"', 2, "the key «titel» is not known. Did you mean title?"),
    ("[limit]\nreview_days = 30", 2, "the key «limit» is not known. Did you mean limits?"),
    ("[limits]\nreveiw_days = 30", 3, "there is no limit «reveiw_days». Did you mean review_days?"),
    ('[limits]\nplan_due_days = 5\nreview_days = "30"', 4, "«review_days» is not a number from 1 up"),
    ("[limits]\nreview_days = -1", 3, "«review_days» is not a number from 1 up"),
    ("[limits]\nreview_days = 0", 3, "from 1 up; where there is no limit, write { none = true }"),
    ("[limits]\nreview_days = { number = 9, at = { IOP = 0 } }", 3, "«review_days» is not a number from 1 up"),
    ("[limits]\n\nmax_goals = 0.5", 4, "«max_goals» is not a number from 1 up"),
    ("[limits]\nmax_objectives = 0", 3, "«max_objectives» is not a number from 1 up"),
    ("[limits]\nusual_per_week = -1", 3, "«usual_per_week» is not a number from 0 up"),
    ("[limits]\ntarget_days = 0", 3, "«target_days» is not a number from 1 up"),
    ("[limits]\nplan_due_days = -1", 3, "«plan_due_days» is not a number from 0 up"),
    ("[limits]\nmax_goals = 1e9", 3, "«max_goals» is above 100; where there is no limit, write { none = true }"),
    ("[limits]\nreview_days = { number = 9, least = 0 }", 3, "only default.toml says what the «least» of review_days"),
    ("[limits]\nreview_days = nan", 3, "«review_days» is not a number from 1 up"),
    ("[limits]\nreview_days = 30.5", 3, "«review_days» is not a whole number of days, 3,650 (ten years) at most"),
    ("[limits]\nreview_days = 99999999", 3, "«review_days» is not a whole number of days"),
    ("[limits]\nreview_days = { number = 9, at = { IOP = 9.5 } }", 3, "is not a whole number of days"),
    ("[limits]\nreview_days = true", 3, "«review_days» is not a number from 1 up"),
    ("[limits]\nreview_days = { says = 'monthly' }", 3, "«review_days» is not a number from 1 up"),
    (
        "[limits.review_days]\nnumber = 30\nour = true",
        4,
        "the key «our» of review_days is not known. Did you mean ours",
    ),
    ("[limits]\nreview_days = { number = 30, ours = 'yes' }", 3, "«ours» of review_days is not what it should be"),
    ("[limits]\nreview_days = { number = 30, none = true }", 3, "has a number and says that there is «none»"),
    ("[limits]\nreview_days = { number = 3, stricter = 'larger' }", 3, "only default.toml says it"),
    ("[limits]\nreview_days = { number = 3, at = { IOPP = 3 } }", 3, "level of care «IOPP». Did you mean IOP?"),
    ("limits = 30", 2, "«limits» is not what it should be (a table)"),
    ('kind = "medicar"', 2, "«kind» is one of default, medicare"),
    ('confidence = "sure"', 2, "«confidence» is one of high, medium, low"),
    ('also = ["optumm"]', 2, "«also» names the payer «optumm». Did you mean optum?"),
    ('[levels]\n\n# the next\nSM099 = "error"', 5, "there is no rule «SM099». Did you mean SM009?"),
    ('[levels]\nSM006 = "fatal"', 3, "the level of SM006 is error, warning or info, not «fatal»"),
    ('[levels]\nID006 = "warning"', 3, "ID006 stays an error"),
    (
        '[requires]\ntreatment_plan = [\n "plan.date",\n "plan.dischage_criteria",\n]',
        5,
        "Did you mean plan.discharge_c",
    ),
    ('[requires]\ntreatment_plan = ["client.age"]', 3, "client.age is computed, and nobody can type it"),
    ('[requires]\ntreatmentplan = ["plan.date"]', 3, "no document «treatmentplan». Did you mean treatment_plan?"),
    ('[requires]\ntreatment_plan = "plan.date"', 3, "«treatment_plan» is a list of fields"),
    ('[[signers]]\nrole = "clinican"\nlabel = "C"', 3, "there is no role «clinican». Did you mean clinician?"),
    ('[[signers]]\nlabel = "A"\n\n[[signers]]\nlabel = "B"', 2, "«role» is missing"),
    ("[[signers]]\nrole = ['client']", 3, "«role» is not what it should be (a text in quotes)"),
    ('[[signers]]\nrole = "witness"', 3, "«label» is missing"),
    ('[[signers]]\nrole = "client"\n\n[[signers]]\nrole = "client"', 5, "«client» stands there twice"),
    ('[[signers]]\nrole = "client"\nwhen = "client.idd"', 4, "would take back a signature"),
    ('[[signers]]\nrole = "physician"\nwhen = "risk.levell == 1"', 4, "its condition names risk.levell"),
    ('[[signers]]\nrole = "physician"\nwhen = "__import__(1)"', 4, "cannot be read"),
    ('[[signers]]\nrole = "physician"\nperson = "episode.doctor"', 4, "there is no field «episode.doctor»"),
    ('[[signers]]\nrole = "physician"\ndocuments = ["plan"]', 4, "there is no document «plan»"),
    ('[[sections]]\nname = "plan"\n[sections.fields.weeks]\nkind = "text"', 5, "«kind» cannot be changed"),
    (
        '[[sections]]\nname = "plan"\n[sections.fields.weeks]\nunless = "plan.version"',
        5,
        "would let an answer stay blank",
    ),
    (
        '[[sections]]\nname = "plan"\n[sections.fields.weks]\nrequired = ["treatment_plan"]',
        4,
        "give it a label and a kind",
    ),
    ('[[citations]]\ntitle = "Manual"\nurl = "www.acme.com"', 4, "«url» begins with https://"),
    ('[[citations]]\nurl = "https://acme.com"', 2, "«title» is missing"),
    ('[[citations]]\ntitle = "Manual"\nread = "all"', 4, "«read» is one of read, part, not"),
    ('[[sections]]\nname = "goals"\nat_least_one = []', 4, "«at_least_one» leaves out treatment_plan, which core has"),
    ('[[sections]]\nname = "risk"\ndocuments = ["plan_review"]', 4, "«documents» leaves out treatment_plan"),
    ('requires = ["plan.date"]', 2, "«requires» is not what it should be (a table)"),
    ('by_hand = "Legible"', 2, "«by_hand» is not what it should be (a list in [ ])"),
    ('signers = { role = "client" }', 2, "«signers» is not what it should be (a list in [ ])"),
]


@pytest.mark.parametrize(("body", "line", "told"), BAD, ids=[told for _, _, told in BAD])
def test_a_profile_that_cannot_be_used_is_told_with_file_and_line_in_one_sentence(tmp_path, body, line, told):
    with pytest.raises(ShelfError) as caught:
        shelf.load(put(tmp_path, payers__acme=f'title = "Acme"\n{body}'))
    said = str(caught.value)
    assert said.startswith(f"payers/acme.toml, line {line}: ") and told in said, said
    assert "\n" not in said
    assert not re.search(r"\b(invalid|null|None|constraint|schema|regex|Traceback)\b|type error", said)


def put_file(folder, name):
    """Return ``folder`` with a profile in the file called ``name``."""
    file = folder / "payers" / name
    file.parent.mkdir(parents=True)
    file.write_text('title = "Acme"', encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("a+b.toml", "rename it, for example to a_b.toml"),
        ("Acme Health.toml", "rename it, for example to Acme_Health.toml"),
        ("acme,beta.toml", "rename it, for example to acme_beta.toml"),
        ("-acme.toml", "rename it, for example to acme.toml"),
        ("+.toml", "rename it, for example to payer.toml"),
        ("a+b/payer.toml", "rename it, for example to a_b."),
    ],
)
def test_a_profile_whose_name_cannot_be_typed_behind_payer_is_refused(tmp_path, name, told):
    with pytest.raises(ShelfError) as caught:
        shelf.load(put_file(tmp_path, name))
    said = str(caught.value)
    assert said.startswith(f"payers/{name.removesuffix('/payer.toml')}: the name of a payer has") and told in said, said


@pytest.mark.parametrize("name", ["Acme-2.1", "tx_mhr2", "Süd"])
def test_a_profile_is_called_by_letters_digits_and_what_joins_them(tmp_path, name):
    assert name in shelf.load(put_file(tmp_path, f"{name}.toml")).payers


# --- what is printed of them ---------------------------------------------------------------------------------------


def test_a_profile_is_shown_with_its_sources_and_what_is_our_default():
    page = profiles.page("mn_245g", SHELF)
    for line in (
        "mn_245g: Minnesota substance use (245G) (state; confidence: high)",
        "  review: 30 days (our default)",
        "    at OTP: 21 days",
        "  Clinical supervisor, where the default profile says so (our default)",
        "  where the client does not sign: Telehealth verbal or electronic approval with reason",
        "  Treatment plan: Understanding, in their words (Plan), Agreement (Plan)",
        "  How family or others take part",
        "  Minn. Stat. 245G.06 individual treatment plan (SUD), https://www.revisor.mn.gov/statutes/cite/245G.06",
    ):
        assert line in page.splitlines(), line
    assert "  review: none: as the problem list changes" in profiles.page("ca_medical", SHELF)


def test_the_command_lists_profiles_shows_one_and_gives_them_to_programs(monkeypatch):
    monkeypatch.delenv("PLANKIT_SHELF", raising=False)

    def payers(*arguments):
        return CliRunner().invoke(cli.main, ["payers", *arguments])

    lines = payers().stdout.splitlines()
    assert [line.split()[0] for line in lines] == list(SHELF.payers)
    assert lines[0].endswith("(default; review: 90 days (our default); confidence: medium)")
    assert payers("optum").stdout == profiles.page("optum", SHELF)
    both = payers("optum+ny_omh").stdout
    assert both.startswith("Of the limits of these profiles the strictest holds") and "\nny_omh: New York OMH" in both
    tables = {table["name"]: table for table in json.loads(payers("--format", "json").stdout)}
    assert tables.keys() == SHELF.payers.keys()
    clock = tables["anthem_ca_medicaid"]["limits"]["review_days"]
    assert clock == {"number": 180, "says": "every 180 days or sooner", "our_default": False, "at": {}}
    assert tables["cmhc"]["limits"]["review_days"]["our_default"] is True
    assert tables["anthem_ca_medicaid"]["citations"][0]["url"].startswith("https://")
    missing = payers("optun")
    assert missing.exit_code == 2 and "Did you mean optum?" in missing.stderr


ABOUT = """# Payer profiles

What `plankit payers` says of each. A number marked “our default” is ours: no rule of theirs is known, or nobody has
checked it against their words. Your contract and your state decide.

`plankit check clients.xlsx --payer optum --payer aetna` holds the clients against several, side by side.
`--payer optum+ny_omh` holds them against both together: the strictest limit holds, the signers and
requirements of both do, and of a rule’s levels the higher one. A level of care has clocks of its own beside them.
"""


def documentation():
    overview = "\n".join(profiles.listed(SHELF.payers.values(), SHELF))
    pages = (f"## {one.title}\n\n```text\n{profiles.page(one.name, SHELF)}```" for one in SHELF.payers.values())
    return "\n\n".join([f"{ABOUT}\n```text\n{overview}\n```", *pages]) + "\n"


def test_the_documentation_shows_every_profile(request):
    file = Path(__file__).parent.parent / "docs" / "payers.md"
    text = documentation()
    if request.config.getoption("--golden"):
        file.write_text(text, encoding="utf-8")
    assert file.read_text(encoding="utf-8") == text


def test_every_limit_of_a_profile_is_read():
    read = {name for rule in RULES.values() for name in rule.limits} | {"review_days", "usual_per_week"}
    assert {name for payer in SHELF.payers.values() for name in payer.limits} <= read
