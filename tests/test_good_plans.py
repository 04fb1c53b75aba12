"""This file ensures that good plans by another hand are held by nothing and told little (see good_plans/README.md)."""

from datetime import date
from pathlib import Path

import pytest
from judging import auditor, everything
from msgspec.structs import replace

from toolkit import intake

PLANS = sorted((Path(__file__).parent / "good_plans").glob("*.json"))
JUDGES = replace(auditor(), today=date(2026, 12, 1))  # after all their dates
FOUND = {path.stem: JUDGES.judge(one).findings for path in PLANS for one in intake.read(path, everything())}


@pytest.mark.parametrize("name", FOUND)
def test_a_good_plan_has_no_error(name):
    assert [(item.code, str(item.place)) for item in FOUND[name] if item.level == "error"] == []


def test_good_plans_get_fewer_than_two_warnings_on_average():
    told = [(name, item.code) for name, found in FOUND.items() for item in found if item.level == "warning"]
    assert len(FOUND) == 20
    assert len(told) < 2 * len(FOUND), told
