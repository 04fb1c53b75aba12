"""This file ensures that what stands in a sentence is read: amounts, times, starting points, scales."""

import csv
from pathlib import Path

import pytest

from toolkit.phrases import holds_any, plain, read, unquoted
from toolkit.phrases.reading import anchors, is_of, phrases
from toolkit.reference import words
from toolkit.rules import KINDS, faults_of

with (Path(__file__).parents[1] / "benchmarks/judge/statements.csv").open(encoding="utf-8-sig", newline="") as _file:
    STATEMENTS = [row["text"].casefold() for row in csv.DictReader(_file)]


@pytest.mark.parametrize(
    ("typed", "read_as"),
    [
        ("four of five nights", "4 of 5 nights"),
        ("twenty-five of thirty", "25 of 30"),
        ("4/5 trials by 4/5", "4 of 5 trials by DATE"),
        ("by 2026-12-01, 12/1/26, 12/01/2026 or 1 December", "by DATE, DATE, DATE or DATE"),
        ("before spring break or Labor Day", "before DATE or DATE"),
        ("no one may fall in March", "no someone may fall in DATE"),
        ("≤ 1/wk", "<= 1 a week"),
        ("PHQ-9 18 → 9", "SCALE 18 -> 9"),
        ("in bed by 10:30 pm", "in bed by CLOCK"),
        ("3x/week, 2 x a day", "3 times a week, 2 times a day"),
        ("cut in 1/2", "cut in half"),
    ],
)
def test_a_sentence_has_one_spelling(typed, read_as):
    assert plain(typed).text == read_as


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("GAD-7 of 9", "GAD-7"),
        ("phq9 or PHQ9 9", "PHQ-9"),
        ("the Insomnia Severity Index", "ISI"),
        ("AUDIT score of 7", "AUDIT"),
        ("Generalized Anxiety Disorder-7", "GAD-7"),
    ],
)
def test_scales_are_known_by_full_and_short_name(typed, name):
    (scale,) = read(typed).scales
    assert scale.name == name


@pytest.mark.parametrize(
    "typed", ["an audit of the chart", "F41.1 and ICD-10", "CBT-E with her", "an 8 on the DSM-5 list"]
)
def test_a_common_word_or_a_code_is_no_scale(typed):
    assert read(typed).scales == ()


@pytest.mark.parametrize(
    "typed",
    [
        "by 12/01/2026", "by the February review", "in 8 weeks", "before spring break", "within one grading period",
        "by week twelve", "at the 90-day review", "until the June plan meeting", "by her birthday", "for two weeks",
        "over the last two weeks of October", "in the six weeks before winter break", "of the next 14 days",
    ],
)  # fmt: skip
def test_a_time_is_a_date_a_span_or_a_named_meeting(typed):
    assert read(f"Walks to the store alone {typed}").has_time


@pytest.mark.parametrize(
    "typed",
    [
        "(4 of 10 in October)", "; PHQ-9 was 17 on 5 May",
        "; none since the crash of 3 November",
        "three weeks in a row",
        "at each monthly review", "twice in a week", "by himself", "on Saturdays", "in the long term",
    ],
)  # fmt: skip
def test_when_it_was_so_or_how_often_is_no_time_to_reach_it(typed):
    assert not read(f"Walks to the store alone {typed}").has_time


@pytest.mark.parametrize(
    "typed",
    [
        "at least 4 of 5 nights", "no more than one a week", "PHQ-9 below 10", "80% of the time", "from 5 to 1 a week",
        "three nights in a row", "six hours a night", "No self-harm", "≤ 3", "half or fewer of the nights",
    ],
)  # fmt: skip
def test_an_amount_is_read(typed):
    assert read(typed).has_amount


@pytest.mark.parametrize(
    "typed",
    ["session 7 of 20", "sertraline 100 mg", "age 15, grade 10", "by 12/01/2026", "within 12 weeks", "room 12, van 3",
     "will be calmer", "more often than now"],
)  # fmt: skip
def test_a_number_that_names_or_dates_something_is_no_amount(typed):
    assert not read(typed).has_amount


@pytest.mark.parametrize(
    ("typed", "start", "number"),
    [
        ("from 19 to below 10", True, True),
        ("down to 2 a week (baseline: 6)", True, True),
        ("at 4 of 5; she now stays in the car", True, False),
        ("cut by half by 11/30", False, False),
    ],
)
def test_a_starting_point_is_read(typed, start, number):
    assert (read(typed).has_start, read(typed).has_start_amount) == (start, number)


def test_what_the_client_said_is_taken_out():
    assert unquoted("She says “I will utilize it” and goes.").split() == ["She", "says", "and", "goes."]


@pytest.mark.parametrize("name", sorted(set(words()) - {"other_scales"}))
def test_a_word_list_is_used_and_holds_no_word_twice(name):
    listed = words()[name]
    if "|" in listed:
        assert phrases(name).pattern and anchors(name)
    else:
        assert all(is_of(word.rstrip("*"), name) for word in listed.split())


def test_a_phrase_is_looked_for_by_its_longest_plain_run():
    assert {"support ", "symptoms are likely to persist"} <= {*anchors("stock")}
    assert {"oxetine", "traline"} <= {*anchors("methods")}, "one of each choice where all is in brackets"
    assert not {"her", "the", "need"} & {*anchors("stock")}, "no choice within a phrase is one of its own"


@pytest.mark.parametrize("name", [name for name, listed in words().items() if "|" in listed and name != "other_scales"])
def test_what_is_looked_for_first_stands_wherever_a_phrase_does(name):
    found = [text for text in STATEMENTS if phrases(name).search(text)]
    assert [text for text in found if not holds_any(text, anchors(name))] == []


@pytest.mark.parametrize(
    "piece",
    ["a ", "from 3 to ", "at least ", "1/2 ", "will be ", "no no ", "x, y, ", "PHQ-9 ", "the next ", " - (", '"',
     "word 3 of ", "for the last ", "5 ", "-> "],
)  # fmt: skip
def test_a_line_of_ten_thousand_letters_is_judged(piece):
    text = (piece * 10_000)[:10_000]
    assert all(isinstance(faults_of(kind, text), tuple) for kind in KINDS)


@pytest.mark.parametrize(
    ("kind", "text", "code"),
    [
        ("objective", "Hears fewer voices by May 3, as shown by the AUDIT going from 14 to 6", "GT011"),
        ("objective", "Fights at school go from two a month up to five by May 15", "SM006"),
        ("objective", "Outbursts from the back seat shall be lowered to fewer than one a week by June 1", "SM002"),
        ("objective", "Night terrors, four a week in January, come down to no more than one a month", "SM004"),
        ("objective", "Eight CBT sessions and all eight worksheets finished by March 14", "SM011"),
        ("objective", "SSW to meet with the team by October 12 and get extra time on 6 of 6 tests", "SM018"),
        ("intervention", "Dr. Lund adjusts the lithium, and the PCP keeps an eye on his weight", "CP009"),
        ("discharge_criterion", "PHQ-9 (21 at intake) much lower, sleeping more than in spring", "DC013"),
        ("discharge_criterion", "Not as many meltdowns, and calmer mornings", "DC013"),
        ("discharge_criterion", "Six months after intake, or the anniversary on 10/1 if that comes sooner", "DC013"),
        ("discharge_criterion", "Turns 21 on 8/8, and the waiver slot closes", "DC013"),
    ],
)
def test_what_is_wrong_with_a_sentence(kind, text, code):
    assert code in faults_of(kind, text)


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("objective", "Hears voices on 1 day a week or fewer by May 3, down from 6, as he marks in his calendar"),
        ("objective", "Zero gambling days, same as now, for each of the next three months, by bank statement"),
        ("objective", "SUDS 9 today; SUDS 1 or lower within six weekly EMDR sessions"),
        ("objective", "At the cleaning on January 17 Ezra stays in the chair ten minutes; last time it was one"),
        (
            "intervention",
            "Dr. Lund weighs the lithium level, and therapist teaches sleep timing against early waking",
        ),
        ("discharge_criterion", "Asks for help 8 times out of 10 at home, school and grandma's, six weeks in a row"),
        ("discharge_criterion", "Same address for 2 months running and negative screens for 90 days"),
    ],
)
def test_what_is_right_is_left_in_peace(kind, text):
    assert faults_of(kind, text) == ()
