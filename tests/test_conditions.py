"""This file ensures that conditions hold comparisons and nothing else, and that blanks make them unknown."""

import pytest

from toolkit.conditions import compile_condition, paths
from toolkit.errors import ShelfError

VALUES = {"risk.level": "high", "client.age": 15, "client.trauma": True, "plan.date": None}


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("risk.level in ('moderate', 'high')", True),
        ("client.age < 18 and client.trauma", True),
        ("not client.trauma", False),
        ("plan.date == 'x'", None),
        ("plan.date == 'x' or risk.level == 'high'", True),
        ("plan.date == 'x' and risk.level == 'low'", False),
        ("not plan.date", None),
        ("client.age > 'old'", None),
    ],
)
def test_a_condition_is_true_false_or_unknown(text, answer):
    assert compile_condition(text)(VALUES.get) is answer


@pytest.mark.parametrize(
    "text", ["__import__('os')", "a.b()", "a.b + 1 > 2", "(lambda: 1)()", "a.b[0] == 1", "1 < a.b < 3", "a.b ==", "x"]
)
def test_anything_else_is_refused_in_a_sentence(text):
    with pytest.raises(ShelfError, match="cannot be read"):
        compile_condition(text)


def test_the_paths_a_condition_asks_for_are_known():
    assert paths("risk.level == 'high' or not client.trauma") == ("risk.level", "client.trauma")
