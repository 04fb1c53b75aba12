"""What all tests share: a flag that rewrites the golden texts, and a look at every Word file that is made."""

import pytest
from hypothesis import HealthCheck, settings
from office import faults

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
