"""This file ensures that signing and verifying do their job from the command line, and say plainly what they cannot."""

import json
import os
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from signing_files import PASSWORD, ROLES, Authority, changed, form, self_signed
from test_sign import setting

from toolkit import cli
from toolkit.batch.folder import MANIFEST

ROOT = str(Path(__file__).parent.parent)
SINCE = {"since": datetime.now().astimezone() - timedelta(days=1)}


@pytest.fixture(scope="module")
def authority():
    return Authority(**SINCE)


@pytest.fixture
def desk(tmp_path, authority):
    """A folder with a plan to sign, everybody's keys, and the certificate that the clinic trusts."""
    (tmp_path / "0042").mkdir()
    (tmp_path / "0042" / "treatment_plan.pdf").write_bytes(form())
    for role in ROLES:
        (tmp_path / f"{role}.p12").write_bytes(authority.p12(f"{role.capitalize()} Example", **SINCE))
    (tmp_path / "root.pem").write_bytes(authority.pem)
    return tmp_path


@pytest.fixture
def run(desk, monkeypatch):
    """Run the command line in that folder; ``typed`` is what the person types when asked."""
    monkeypatch.chdir(desk)
    for name in ("PLANKIT_P12_PASSWORD", "PLANKIT_PDF_PASSWORD"):
        monkeypatch.delenv(name, raising=False)

    def call(*arguments, typed=f"{PASSWORD}\n"):
        return CliRunner().invoke(cli.main, [str(argument) for argument in arguments], input=typed)

    return call


def sign_all(run, *options, file="0042/treatment_plan.pdf", roles=ROLES):
    for role in roles:
        result = run("sign", file, "--as", role, "--p12", f"{role}.p12", *options)
        assert result.exit_code == 0, result.output
    return result


def test_four_sign_and_the_packet_is_complete(run):
    last = sign_all(run)
    assert "Supervisor, digital signature of Supervisor Example. Everybody has signed." in last.stderr
    result = run("verify", "0042", "--trust", "root.pem")
    assert result.exit_code == 0
    lines = result.stdout.splitlines()
    assert len(lines) == 4
    assert lines[0].startswith(f"0042{os.sep}treatment_plan.pdf · Client · digital signature of Client Example ")
    assert all("(certificate of Harbor Test Root)" in line for line in lines)
    assert all("as it was signed" in line for line in lines)
    assert "1 of 1 complete" in result.stderr


def test_who_is_missing_is_told_and_gives_exit_code_1(run):
    told = run("sign", "0042/treatment_plan.pdf", "--as", "client", "--p12", "client.p12").stderr
    assert "Still to sign: Guardian, Clinician, Supervisor." in told
    result = run("verify", "0042/treatment_plan.pdf")
    assert result.exit_code == 1
    assert result.stdout.count("MISSING: has not signed") == 3
    assert "Names are as the certificates claim" in result.stderr


def test_a_change_after_signing_is_told_with_its_field_and_gives_exit_code_1(run, desk):
    sign_all(run)
    path = desk / "0042" / "treatment_plan.pdf"
    path.write_bytes(changed(path.read_bytes(), setting("goals[0].statement", "Something else")))
    result = run("verify", "0042")
    assert result.exit_code == 1
    assert result.stdout.count("NOT AS SIGNED: changed after signing: GOALS[0].STATEMENT") == 4
    assert "Something else" not in result.output


def test_nobody_sees_a_traceback_where_a_file_was_changed(run, desk):
    sign_all(run, roles=("client",))
    path = desk / "0042" / "treatment_plan.pdf"
    path.write_bytes(changed(path.read_bytes(), setting("goals[0].statement", "Something else")))
    command = [sys.executable, "-c", "from toolkit.cli import main; main()", "verify", str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env={**os.environ, "PYTHONPATH": ROOT})
    assert done.returncode == 1 and "NOT AS SIGNED" in done.stdout
    assert "Traceback" not in done.stderr and len(done.stderr.splitlines()) == 2


def test_a_certificate_of_a_stranger_gives_exit_code_1(run, desk):
    sign_all(run)
    (desk / "other.pem").write_bytes(Authority("Somebody Else", **SINCE).pem)
    result = run("verify", "0042", "--trust", "other.pem")
    assert result.exit_code == 1 and result.stdout.count("DOUBT: nobody in your list") == 4


def test_the_packet_counts_drafts_word_files_and_files_that_are_gone(run, desk):
    sign_all(run)
    for name in ("0042/plan_review-DRAFT.docx", "0042/discharge_summary.docx", "0042/treatment_plan.docx"):
        (desk / name).write_bytes(b"")
    for name in ("0042/treatment_plan-flat.pdf", "0042/treatment_plan-flat-2.pdf", "print-all.pdf", "print-all-2.pdf"):
        (desk / name).write_bytes(form(roles=()))
    (desk / "superseded").mkdir()
    (desk / "superseded" / "old.pdf").write_bytes(form())
    (desk / MANIFEST).write_text(json.dumps({"files": [{"path": "0042/plan_review.pdf"}, {"path": "print-all-2.pdf"}]}))
    result = run("verify", ".")
    assert result.exit_code == 1 and "1 of 4 complete" in result.stderr
    told = [line.partition(" · ") for line in result.stdout.splitlines()]
    assert [(name.replace(os.sep, "/"), text) for name, _, text in told if "signature of" not in text] == [
        ("0042/discharge_summary.docx", "is a Word file: what was signed on its print cannot be seen here"),
        ("0042/plan_review-DRAFT.docx", "is a draft: it is not ready to sign"),
        ("0042/plan_review.pdf", "was made, but is not there any more"),
    ]


def test_what_verify_found_can_be_read_by_a_program(run):
    sign_all(run, roles=("client",))
    table = json.loads(run("verify", "0042", "--format", "json").stdout)
    assert [(one["complete"], one["missing"]) for one in table] == [(False, ["Guardian", "Clinician", "Supervisor"])]
    assert table[0]["signatures"][0]["by"] == "Client Example" and table[0]["signatures"][0]["holds"] is True


def test_a_recorded_signature_and_a_reason_are_sealed_by_the_clinic(run):
    file = "0042/treatment_plan.pdf"
    run("sign", file, "--as", "client", "--p12", "clinician.p12", "--recorded", "Zoë", "--how", "in person, on paper",
        "--given", "07/31/2026 14:00")  # fmt: skip
    run("sign", file, "--as", "guardian", "--p12", "clinician.p12", "--not-signed", "lives abroad")
    told = run("verify", file).stdout
    assert "Client · recorded signature, sealed by Clinician Example" in told
    assert "Recorded signature of Client: Zoë, typed name, in person, on paper, given 07/31/2026 2:00 PM" in told
    assert "Recorded as not signed by Guardian: lives abroad" in told


def test_an_encrypted_copy_is_signed_and_verified_with_its_password(run, desk):
    before = (desk / "0042" / "treatment_plan.pdf").read_bytes()
    result = run("sign", "0042/treatment_plan.pdf", "--encrypt", typed="sesame\nsesame\n")
    assert result.exit_code == 0 and "treatment_plan-encrypted.pdf, encrypted" in result.stderr
    assert (desk / "0042" / "treatment_plan.pdf").read_bytes() == before
    copy = "0042/treatment_plan-encrypted.pdf"
    for role in ROLES:
        assert run("sign", copy, "--as", role, "--p12", f"{role}.p12", typed=f"{PASSWORD}\nsesame\n").exit_code == 0
    assert run("verify", copy, typed="sesame\n").exit_code == 0
    wrong = run("verify", copy, typed="guess\n")
    assert wrong.exit_code == 2 and "password does not open the file" in wrong.stderr and "guess" not in wrong.output


def test_passwords_may_stand_in_the_environment_and_never_in_what_is_said(run, monkeypatch):
    monkeypatch.setenv("PLANKIT_P12_PASSWORD", PASSWORD)
    monkeypatch.setenv("PLANKIT_PDF_PASSWORD", "sesame")
    key = ("--as", "client", "--p12", "client.p12")
    result = run("sign", "0042/treatment_plan.pdf", "--encrypt", "-o", "plan.pdf", *key, typed="")
    assert result.exit_code == 0 and PASSWORD not in result.output and "sesame" not in result.output
    assert run("verify", "plan.pdf", typed="").exit_code == 1
    monkeypatch.setenv("PLANKIT_P12_PASSWORD", "not this one")
    result = run("sign", "0042/treatment_plan.pdf", *key, typed="")
    assert result.exit_code == 2 and "not this one" not in result.output
    assert "client.p12 cannot be opened: the password is not the one of this key" in result.stderr


def test_a_signature_goes_to_another_file_where_asked_and_never_over_one(run, desk):
    before = (desk / "0042" / "treatment_plan.pdf").read_bytes()
    command = ("sign", "0042/treatment_plan.pdf", "--as", "client", "--p12", "client.p12", "-o", "signed.pdf")
    assert run(*command).exit_code == 0
    assert (desk / "0042" / "treatment_plan.pdf").read_bytes() == before
    assert (desk / "signed.pdf").read_bytes().startswith(before)
    again = run(*command)
    assert again.exit_code == 2 and "signed.pdf is there already" in again.stderr


def test_a_self_signed_key_is_said_to_be_one(run, desk):
    (desk / "own.p12").write_bytes(self_signed("Ruth", **SINCE))
    result = run("sign", "0042/treatment_plan.pdf", "--as", "clinician", "--p12", "own.p12")
    assert result.exit_code == 0 and "own.p12 is self-signed: nobody but its holder vouches" in result.stderr


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("sign", "0042/treatment_plan.pdf"), "Say who signs and with which key"),
        (("sign", "0042/treatment_plan.pdf", "--as", "client"), "Say who signs and with which key"),
        (("sign", "0042/treatment_plan.pdf", "--as", "client", "--p12", "gone.p12"), "gone.p12 is not there"),
        (("sign", "gone.pdf", "--as", "client", "--p12", "client.p12"), "gone.pdf is not there"),
        (("sign", "root.pem", "--as", "client", "--p12", "client.p12"), "root.pem: The file is no PDF"),
        (("sign", "0042/treatment_plan.pdf", "--as", "witness", "--p12", "client.p12"), "no place for «witness»"),
        (
            ("sign", "0042/treatment_plan.pdf", "--as", "client", "--p12", "client.p12", "--how", "x"),
            "who signed and how",
        ),
        (
            ("sign", "0042/treatment_plan.pdf", "--as", "client", "--p12", "client.p12", "--not-signed", " "),
            "Say why there is no signature",
        ),
        (
            ("sign", "0042/treatment_plan.pdf", "--as", "client", "--p12", "k", "--not-signed", "a", "--recorded", "b"),
            "not both",
        ),
        (("verify", "gone.pdf"), "gone.pdf is not there"),
        (("verify", "empty"), "holds no document that could be signed"),
        (("verify", "0042", "--trust", "client.p12"), "client.p12 holds no certificate"),
    ],
)
def test_what_cannot_be_done_is_one_plain_sentence_and_exit_code_2(run, desk, arguments, words):
    (desk / "empty").mkdir()
    result = run(*arguments)
    assert result.exit_code == 2 and words in result.stderr
    assert "Traceback" not in result.output and "did not expect" not in result.output


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7 cut off", form(roles=())])
def test_a_file_that_says_nothing_for_sure_gives_exit_code_1(run, desk, content):
    (desk / "0042" / "treatment_plan.pdf").write_bytes(content)
    result = run("verify", "0042")
    assert result.exit_code == 1 and "treatment_plan.pdf · is " in result.stdout
