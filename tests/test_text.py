"""This file ensures that text has one canonical form, and that what is no answer counts as blank."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolkit import text


@pytest.mark.parametrize(
    ("raw", "canonical"),
    [
        ("  PHQ-9 < 10 ", "PHQ-9 < 10"),
        ("a\r\nb\x0bc\u2028d", "a\nb\nc\nd"),
        ("Jose\u0301", "Jos\u00e9"),
        ("bell\x07", "bell"),
        ("tab\tstays", "tab\tstays"),
    ],
)
def test_line_ends_accents_and_forbidden_characters_take_one_form(raw, canonical):
    assert text.canonical(raw) == canonical


@given(st.text())
def test_canonical_text_is_its_own_canonical_form(raw):
    once = text.canonical(raw)
    assert text.canonical(once) == once


def test_what_is_removed_is_named_by_code_point():
    assert text.forbidden("a\x07b\x00\x07") == ("U+0007", "U+0000")
    assert text.forbidden("José\n") == ()


@pytest.mark.parametrize("typed", ["", " ", "n/a", "N/A", "TBD", "tbd.", "?", "-", "See above", "none"])
def test_what_people_type_for_no_answer_yet_is_blank(typed):
    assert not text.is_answer(typed)


@pytest.mark.parametrize("typed", ["0", "no", "NA", "None of the above", "-5"])
def test_short_answers_are_answers(typed):
    assert text.is_answer(typed)


def test_none_is_an_answer_where_the_field_says_so():
    assert text.is_answer("None.", none_is_answer=True)


def test_the_nearest_name_is_found_in_any_case_and_spacing():
    assert text.nearest("Objctives", ["Goals", "Objectives"]) == "Objectives"
    assert text.nearest("zzz", ["Goals", "Objectives"]) == ""
    assert text.key("Target  date *") == text.key("target date")
