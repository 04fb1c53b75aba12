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
        ("\ufeff0041\u200b", "0041"),
        ("\u202aF33.1\u202c", "F33.1"),
        ("\u200e\u00a0Ann\u2060 ", "Ann"),
        ("\u00ad\u180e\u3164\u2800\u034f\ufe0f\u200d\U000e0041", ""),
        ("in\u200bside\u00adstays", "in\u200bside\u00adstays"),
        ("I \u2764\ufe0f", "I \u2764\ufe0f"),
        ("\U0001f468\u200d\U0001f469", "\U0001f468\u200d\U0001f469"),
        ("\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645", "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645"),
        ("\u05e9\u05dc\u05d5\u05dd!\u200f", "\u05e9\u05dc\u05d5\u05dd!\u200f"),
        ("\u0647\u200d\u200b", "\u0647\u200d"),
    ],
)
def test_line_ends_accents_and_forbidden_characters_take_one_form(raw, canonical):
    assert text.canonical(raw) == canonical


HIDDEN = (
    "\u00ad\u034f\u061c\u180e\u200b\u200c\u200d\u200e\u200f\u202a\u202c\u202e\u2060\u2066\u2069\u2800"
    "\u3164\ufe0f\ufeff\U000e007f"
)
ODD_TEXT = st.text() | st.text(st.sampled_from(HIDDEN + " \n\u05d0\u0301a1"))


@given(ODD_TEXT)
def test_canonical_text_is_its_own_canonical_form(raw):
    once = text.canonical(raw)
    assert text.canonical(once) == once


@given(ODD_TEXT)
def test_text_without_anything_to_see_is_blank_and_other_text_is_not(raw):
    assert bool(text.canonical(raw)) == bool(text.visible(text.canonical(raw)))


@given(st.text(st.sampled_from(HIDDEN)))
def test_names_and_plain_ids_are_the_same_with_hidden_characters_anywhere(hidden):
    assert text.key(f"{hidden}Target{hidden} date") == text.key("Target date")
    assert text.identifier(f"{hidden}00{hidden}41{hidden}") == "0041"
    assert not text.is_answer(hidden)


def test_an_id_of_other_letters_keeps_its_joiners():
    assert text.identifier("\u0645\u06cc\u200c\u062e\u200b") == "\u0645\u06cc\u200c\u062e"


def test_what_is_removed_is_named_by_code_point():
    assert text.forbidden("a\x07b\x00\x07") == ("U+0007", "U+0000")
    assert text.forbidden("José\n") == ()


@pytest.mark.parametrize("typed", ["", " ", "n/a", "N/A", "TBD", "tbd.", "?", "-", "See above", "none", "—", "…", "???",
                                   ". .", "*", "tbd\n\nN/A", "-\n-"])  # fmt: skip
def test_what_people_type_for_no_answer_yet_is_blank(typed):
    assert not text.is_answer(typed)


@pytest.mark.parametrize("typed", ["0", "no", "NA", "None of the above", "-5", "+", "👍", "—\nyes"])
def test_short_answers_are_answers(typed):
    assert text.is_answer(typed)


def test_none_is_an_answer_where_the_field_says_so():
    assert text.is_answer("None.", none_is_answer=True)


def test_the_nearest_name_is_found_in_any_case_and_spacing():
    assert text.nearest("Objctives", ["Goals", "Objectives"]) == "Objectives"
    assert text.nearest("zzz", ["Goals", "Objectives"]) == ""


def test_what_a_name_begins_with_goes_before_what_is_more_like_it():
    levels = ["Intensive outpatient, mental health", "ASAM 2.1 intensive outpatient"]
    assert text.nearest("Intensive outpatient", levels) == levels[0]
    assert text.key("Target  date *") == text.key("target date")
