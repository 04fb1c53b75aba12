"""What all tests share: a flag that rewrites the golden texts, a command to run, a look at every Word file made."""

import json

import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, settings
from office import faults

from toolkit import cli, demo, shelf
from toolkit.word.render import Template

settings.register_profile("untimed", deadline=None, suppress_health_check=list(HealthCheck))
settings.load_profile("untimed")  # no test is timed: that a machine is busy is no fault


def pytest_addoption(parser):
    parser.addoption("--golden", action="store_true", help="rewrite the golden texts from what is made now")


@pytest.fixture(scope="session", autouse=True)
def every_word_file_is_looked_at():
    """Hold each Word file that any test makes against what openxml-audit does not look at (`office.faults`)."""
    render = Template.render

    def looked_at(self, context, draft=False):
        data = render(self, context, draft)
        assert faults(data) == []
        return data

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Template, "render", looked_at)
        yield


@pytest.fixture
def run(tmp_path, monkeypatch):
    """Run a command in an empty folder; gives exit code, stdout and stderr."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("PLANKIT_SHELF", raising=False)
    return lambda *arguments: CliRunner().invoke(cli.main, [str(argument) for argument in arguments])


@pytest.fixture
def faulty(tmp_path):
    """Give the file of one client of whose first objective the target date is blank."""
    samples = demo.samples(shelf.load())
    record = samples["records"][0]
    record["goals"][0]["objectives"][0]["target_date"] = ""
    path = tmp_path / "one.json"
    path.write_text(json.dumps({**samples, "records": [record]}, default=str), encoding="utf-8")
    return path
