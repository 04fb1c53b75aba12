"""This file ensures that a payer's own form is mapped, filled, proven, and held where it would say less or else."""

import io

import pytest
from click.testing import CliRunner
from judging import SHELF, judge, lay_over, sample
from payer_files import authorization

from toolkit import cli, demo
from toolkit.batch.form_press import FormPress
from toolkit.pdf import read


@pytest.fixture
def run(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(cli.jobs, "_collect_seldom", lambda: None)
    return lambda *arguments: CliRunner().invoke(cli.main, [str(one) for one in arguments])


def test_a_form_is_mapped_and_filled_from_an_empty_folder(run, tmp_path):
    (tmp_path / "otr.pdf").write_bytes(authorization().bytes(table=True))
    result = run("template", "map", "otr.pdf", "-o", "otr.toml")
    assert (result.exit_code, result.stdout) == (0, ""), result.output
    run("demo")
    made = run("make", "plankit-demo/clients.xlsx", "--form", "otr.toml")
    assert made.exit_code == 1, made.output
    data = (tmp_path / "documents" / "0041" / "treatment_plan.otr.pdf").read_bytes()
    assert data.startswith((tmp_path / "otr.pdf").read_bytes())
    seen = read.read(data).fields
    assert seen["Text1"].drawn == ("Daniel Mercer-Ortiz",) or seen["Text1"].drawn[0]
    assert "Fax" in made.stderr
