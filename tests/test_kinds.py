"""This file ensures that cells are read as people write them and print as they were typed."""

from datetime import date, datetime
from decimal import Decimal

import pytest

from toolkit.kinds import KINDS, Unreadable, as_text, read, show
from toolkit.model import Choice, Chosen, Field, Score


def a(kind, **more):
    return Field("section", "name", "Label", kind, "Sheet", 1, **more)


@pytest.mark.parametrize(
    "typed",
    ["07/27/2026", "7/27/2026", "2026-07-27", "July 27, 2026", "27 Jul 2026", date(2026, 7, 27), datetime(2026, 7, 27)],
)
def test_a_date_is_read_as_people_write_it(typed):
    assert read(typed, a("date")) == date(2026, 7, 27)


@pytest.mark.parametrize("typed", ["13/40/2026", "07/27/26", "next week", "2026"])
def test_what_is_not_surely_a_date_is_told(typed):
    assert read(typed, a("date")).fault == "is not a date"


@pytest.mark.parametrize(
    ("typed", "number", "comparison"),
    [
        ("< 10", 10, "<"),
        (9.0, 9, "="),
        ("9 or less", 9, "<="),
        ("at least 80%", 80, ">="),
        ("3 times a week", 3, "="),
        ("below 10", 10, "<"),
        ("≥5", 5, ">="),
        ("1,200 steps", 1200, "="),
    ],
)
def test_a_score_keeps_its_text_and_gives_its_number(typed, number, comparison):
    value = read(typed, a("score"))
    assert (value.number, value.comparison, show(value)) == (number, comparison, as_text(typed))


def test_a_range_gives_both_ends():
    assert read("5-9", a("score")) == Score("5-9", Decimal(5), "range", Decimal(9))


def test_a_score_without_a_number_is_told():
    assert isinstance(read("better", a("score")), Unreadable)


def test_a_choice_takes_value_or_label_in_any_case_and_offers_the_nearest():
    field = a("choice", choices=(Choice("iop", "Intensive outpatient"), Choice("op", "Outpatient")))
    assert read("INTENSIVE  outpatient", field) == "iop"
    assert show(read("OP", field)) == "Outpatient"
    assert read("Outpatint", field).nearest == "Outpatient"


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        (42.0, "42"),
        (4.5, "4.5"),
        (True, "yes"),
        ("00042", "00042"),
        (Decimal("9.50"), "9.50"),
        (datetime(2026, 7, 27, 9, 30), "07/27/2026 09:30"),
        (["a", 2], "a\n2"),
        (None, ""),
    ],
)
def test_a_cell_reads_as_a_person_sees_it(typed, shown):
    assert as_text(typed) == shown


@pytest.mark.parametrize(
    ("value", "shown"),
    [(None, ""), (True, "Yes"), (date(2026, 7, 4), "07/04/2026"), (("a", "b"), "a\nb"), (Chosen("op", "Out"), "Out")],
)
def test_a_value_shows_on_paper(value, shown):
    assert show(value) == shown


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "yes_no"])
def test_no_kind_takes_what_is_no_answer(kind):
    assert read("tbd", a(kind)) is None


def test_several_ids_may_be_parted_by_commas_lines_or_and():
    assert read("1a, 1b\n2 and 3", a("refs")) == ("1a", "1b", "2", "3")
