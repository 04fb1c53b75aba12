"""This file ensures that cells are read as people write them and print as they were typed."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolkit import shelf
from toolkit.kinds import KINDS, Column, Unreadable, as_text, read, show
from toolkit.model import Choice, Chosen, Field, Score
from toolkit.text import canonical, forbidden

SHELF = shelf.load()
TIMES = SHELF.all().fields["interventions.times"]


def a(kind, **more):
    return Field("section", "name", "Label", kind, "Sheet", 1, **more)


@pytest.mark.parametrize(
    "typed",
    [
        "07/27/2026",
        "7/27/2026",
        "7/27/26",
        "2026-07-27",
        "July 27, 2026",
        "27 Jul 2026",
        date(2026, 7, 27),
        datetime(2026, 7, 27),
    ],
)
def test_a_date_is_read_as_people_write_it(typed):
    assert read(typed, a("date")) == date(2026, 7, 27)


@pytest.mark.parametrize("typed", ["13/40/2026", "07-27-26", "7/27/86", "next week", "2026"])
def test_what_is_not_surely_a_date_is_told(typed):
    assert read(typed, a("date")).fault == "is not a date"


def test_a_short_year_that_may_be_of_either_century_is_told():
    assert read("7/27/26", a("date", whole_year=True)).fault == "is not a date"


SCALES = (Choice("PHQ-9", "PHQ-9"), Choice("PHQ-A", "PHQ-A", ("PHQ-9M", "phq9 for teens")), Choice("count", "Count"))


@pytest.mark.parametrize(
    ("typed", "value"), [("PHQ9", "PHQ-9"), ("phq 9", "PHQ-9"), ("PHQ9M", "PHQ-A"), ("PHQ-9 for teens", "PHQ-A")]
)
def test_a_choice_may_be_typed_without_its_hyphen_or_as_people_spell_it(typed, value):
    assert read(typed, a("choice", choices=SCALES)) == value


def test_a_spelling_never_goes_before_the_name_of_another_answer():
    choices = (Choice("a", "Ongoing", ("done",)), Choice("b", "Done"))
    assert read("done", a("choice", choices=choices)) == "b"


def test_where_a_choice_has_few_answers_they_are_named():
    assert read("often", a("choice", choices=SCALES)).mend == "Type one of these: PHQ-9; PHQ-A; Count."
    many = tuple(Choice(str(number), f"Scale {number}") for number in range(8))
    assert read("often", a("choice", choices=many)).mend == "Pick one from the cell’s list."


@pytest.mark.parametrize("typed", ["45", "45 min", "45 Minutes", "45min.", 45])
def test_a_number_may_bear_its_own_unit(typed):
    assert read(typed, a("integer", units=("minutes", "min"))) == 45


@pytest.mark.parametrize("typed", ["3 months", "45 min a day", "about 45 min", "min"])
def test_a_number_with_any_other_word_is_told_with_the_field_s_own_example(typed):
    said = read(typed, a("integer", units=("minutes", "min"), example="45"))
    assert (said.fault, said.mend) == ("is not a whole number", "Type digits only, like 45.")


@pytest.mark.parametrize(("typed", "count"), [("once", 1), ("Twice", 2), ("1x", 1), ("3 times", 3)])
def test_times_may_be_typed_in_words(typed, count):
    assert read(typed, TIMES) == count


@pytest.mark.parametrize("typed", ["weekly", "once a week", "every other week", "twice a month", "1-2"])
def test_how_often_is_told_where_the_period_is_typed_too(typed):
    said = read(typed, TIMES)
    assert said.fault == "is not a whole number"
    assert "every other week is 2 and Month" in said.mend and "day, week or month under Per" in said.mend
    assert isinstance(read("once", a("integer", units=("minutes",))), Unreadable)


def test_the_period_says_how_to_type_what_it_does_not_take():
    per = SHELF.all().fields["interventions.per"]
    assert read("every week", per) == "week"
    assert "Every other week is 2 under Times and Month here." in read("biweekly", per).mend


NOT_YET = ["n.a.", "N.A.", "pending", "To be determined", "not sure yet", "TBD.\npending"]


@pytest.mark.parametrize("typed", NOT_YET)
@pytest.mark.parametrize("kind", ["text", "long", "lines", "code"])
def test_what_is_not_known_yet_is_no_answer(kind, typed):
    assert read(typed, a(kind)) is None


def test_words_that_may_be_an_answer_are_one():
    assert read("Unknown", a("long")) == "Unknown"
    assert read("Pending review by the court", a("long")) == "Pending review by the court"
    assert read("unknown", a("code")) is None
    assert read("N.A.", a("ref")) == "N.A."
    assert read("pending", a("choice", choices=(Choice("pending", "Pending"),))) == "pending"
    for kind in ("yes_no", "date", "integer", "score"):
        assert isinstance(read("pending", a(kind)), Unreadable)


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


@pytest.mark.parametrize(
    ("typed", "number", "comparison"),
    [
        ("16/30", 16, "="),
        ("1/2", 1, "="),
        ("PHQ-9 14", 14, "="),
        ("PHQ-9: 14", 14, "="),
        ("GAD-7 score of 12 or lower", 12, "<="),
        ("A1C 7.2", Decimal("7.2"), "="),
        ("14 on 01/02/2026", 14, "="),
        ("01/02/2026: 14", 14, "="),
        ("Jan 2, 2026: 14", 14, "="),
        ("2 January 2026: 14", 14, "="),
        ("not more than 5", 5, "<="),
        ("no fewer than 5", 5, ">="),
        ("not below 5", 5, ">="),
        ("greater than 5", 5, ">"),
        ("=<5", 5, "<="),
        ("1\u200b4", 14, "="),
        ("−2", -2, "="),
        ("PHQ9=14", 14, "="),
        ("14 of 27", 14, "="),
        ("3x a week", 3, "="),
        ("1,200", 1200, "="),
        ("WHODAS 2.0 34", 34, "="),
        ("WHODAS 2.0 (12-item): 34", 34, "="),
        ("PHQ 9 14", 14, "="),
        ("PHQ-9 of 14", 14, "="),
        ("GAD 7 = 12", 12, "="),
        ("PCL-5 40 or less", 40, "<="),
        ("CBCL 6-18 T 65", 65, "="),
        ("OQ-45.2 70", 70, "="),
        ("on days on which, of those who 5 times", 5, "="),
    ],
)
def test_the_number_of_a_score_is_the_one_that_is_meant(typed, number, comparison):
    value = read(typed, a("score"))
    assert (value.number, value.comparison, show(value)) == (number, comparison, typed)


@pytest.mark.parametrize("typed", ["01/02/2026", "2026-01-02", "1/2/26", "1.2.2026", "Jan 2, 2026", "2-Jan", "Jan-26",
                                   "1.00E+05", "2026-01-02T00:00:00", "PHQ-9", "PHQ-914", "T655", "1 000",
                                   "1\u00a0000", "1'000", "1’000", "1.5e3", "12e3", "1.2.3", "ACE 10 4", "WHODAS 2.0",
                                   "10 12 weeks", "1e3", "1½", "1 1/2",
                                   "14,5", "1,5000", pytest.param("9" * 5000, id="5000 digits")])  # fmt: skip
def test_what_is_surely_no_score_is_told(typed):
    assert isinstance(read(typed, a("score")), Unreadable)


DAY, MOMENT, CLOCK, LENGTH = date(2026, 1, 2), datetime(2026, 1, 2, 9, 30), time(9, 30), timedelta(hours=30)
TOLD = "told"


@pytest.mark.parametrize(
    ("kind", "day", "moment", "clock", "length", "yes", "percent"),
    [
        ("text", "01/02/2026", "01/02/2026 09:30", "09:30", "30:00", TOLD, "10%"),
        ("long", "01/02/2026", "01/02/2026 09:30", "09:30", "30:00", TOLD, "10%"),
        ("lines", "01/02/2026", "01/02/2026 09:30", "09:30", "30:00", TOLD, "10%"),
        ("date", "01/02/2026", "01/02/2026", TOLD, TOLD, TOLD, TOLD),
        ("yes_no", TOLD, TOLD, TOLD, TOLD, "Yes", TOLD),
        ("choice", TOLD, TOLD, TOLD, TOLD, TOLD, TOLD),
        ("number", TOLD, TOLD, TOLD, TOLD, TOLD, TOLD),
        ("integer", TOLD, TOLD, TOLD, TOLD, TOLD, TOLD),
        ("score", TOLD, TOLD, TOLD, TOLD, TOLD, "10%"),
        ("code", TOLD, TOLD, TOLD, TOLD, TOLD, "10%"),
        ("ref", TOLD, TOLD, TOLD, TOLD, TOLD, "10%"),
        ("refs", TOLD, TOLD, TOLD, TOLD, TOLD, "10%"),
    ],
)
def test_what_excel_makes_of_an_answer_is_taken_as_seen_or_told(kind, day, moment, clock, length, yes, percent):
    values = [read(raw, a(kind)) for raw in (DAY, MOMENT, CLOCK, LENGTH, True, "10%")]
    seen = [TOLD if isinstance(value, Unreadable) else show(value) for value in values]
    assert seen == [day, moment, clock, length, yes, percent]


def test_every_kind_stands_in_the_table_of_what_excel_makes():
    marks = test_what_excel_makes_of_an_answer_is_taken_as_seen_or_told.pytestmark
    assert {row[0] for row in marks[0].args[1]} == set(KINDS)


@pytest.mark.parametrize("kind", sorted(set(KINDS)))
@pytest.mark.parametrize("shown", ["2-Jan", "Jan-26", "1.00E+05", "1E+15", 1234567890123456.0])
def test_what_excel_changed_for_good_is_told_in_every_kind(kind, shown):
    assert isinstance(read(shown, a(kind)), Unreadable)


@pytest.mark.parametrize(
    ("kind", "raw"),
    [
        ("integer", 10**30), ("integer", "9" * 5000), ("integer", "-1"), ("integer", "1000000"),
        pytest.param("integer", 10**5000, id="huge"),
        ("number", "9" * 5000), ("number", 1e20), ("number", -0.5), ("number", Decimal("1e30")),
        ("date", "12/31/9999"), ("date", "01/01/0001"), ("date", "07/27/1899"), ("date", date(9999, 12, 31)),
        ("date", datetime(1, 1, 1)), ("date", "07/27/0026"), ("score", 10**30), ("score", 1e300),
    ],
)  # fmt: skip
def test_what_cannot_be_meant_is_told(kind, raw):
    assert isinstance(read(raw, a(kind)), Unreadable)


@pytest.mark.parametrize(
    ("kind", "typed", "value"),
    [
        ("date", "\u200e07/\u200b27/2026\u200e", date(2026, 7, 27)),
        ("integer", "\ufeff12", 12),
        ("number", "4\u200b.5", Decimal("4.5")),
        ("yes_no", "yes\u200b", True),
        ("ref", "\u202a00\u200b41\u202c", "0041"),
        ("refs", "1a\u200b, \ufeff1b", ("1a", "1b")),
        ("lines", "one\n\u200b\ntwo\u200b", ("one", "two")),
        ("text", "\u200b\ufeff\u3164", None),
    ],
)
def test_characters_that_nobody_sees_change_no_answer(kind, typed, value):
    assert read(typed, a(kind)) == value


@pytest.mark.parametrize("typed", ["5-9", "5 – 9 days", "5 to 9", "between 5 and 9", "≥ 5 and ≤ 9", "over 5, below 9"])
def test_a_range_gives_both_ends(typed):
    assert read(typed, a("score")) == Score(typed, Decimal(5), "range", Decimal(9))


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
        (9**5, "59049"),
        (time(9, 30, 5), "09:30:05"),
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


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("• Close to her sister\n• Plays guitar", ("Close to her sister", "Plays guitar")),
        ("- PHQ-9 < 10\n\n- below 8", ("PHQ-9 < 10", "below 8")),
        ("– one", ("one",)),
        ("*\tone\n* two", ("one", "two")),
        ("1. Nightmares\n2. 3 falls a week\n3. Startles", ("Nightmares", "3 falls a week", "Startles")),
        ("(1) one\n(2) two", ("one", "two")),
    ],
)
def test_the_marks_of_a_list_are_its_form_where_every_line_bears_the_same(typed, value):
    assert read(typed, a("lines")) == value


@pytest.mark.parametrize(
    "typed",
    [
        "• Close to her sister\nPlays guitar",
        "• one\n- two",
        "-5 kg\n-2 kg",
        "- 5 kg\n- walks",
        "– .5 mg",
        "1. one",
        "2. one\n3. two",
        "1. one\n1. two",
        "1. one\n2) two",
        "1.5 mg\n2.5 mg",
        "-one\n-two",
        "*** one",
    ],
)
def test_what_may_be_more_than_the_mark_of_a_list_stays(typed):
    assert read(typed, a("lines")) == tuple(line.strip() for line in typed.splitlines())


def test_a_long_text_keeps_its_marks():
    assert read("• one\n• two", a("long")) == "• one\n• two"


@given(st.lists(st.text("ab1.()-–*• \t<5", min_size=1, max_size=8), min_size=1, max_size=4))
def test_nothing_but_the_mark_of_a_list_is_ever_dropped(lines):
    typed = tuple(line for one in lines if (line := canonical(one)))
    value = read("\n".join(lines), a("lines")) or typed
    assert len(value) == len(typed)
    dropped = [line.removesuffix(kept) for line, kept in zip(typed, value, strict=True)]
    assert all(kept and line.endswith(kept) for line, kept in zip(typed, value, strict=True))
    numbers = [f"{number}" for number in range(1, len(dropped) + 1)]
    marks = [one.strip() for one in dropped]
    same = len({*marks}) <= 1 and "".join(marks[:1]) in ("", "•", "-", "–", "*")
    assert same or (len(marks) > 1 and [one.strip("().") for one in marks] == numbers)


CELLS = st.one_of(
    st.sampled_from(["", "n/a", "12", "< 10", "1/2", "yes", "a\x07b", "07/27/2026", "PHQ-9 < 10"]),
    st.text(max_size=50),
    st.integers(-99, 99),
    st.floats(allow_nan=True),
    st.booleans(),
    st.dates(),
    st.none(),
)


@pytest.mark.parametrize("kind", sorted(KINDS))
@given(cells=st.lists(CELLS, max_size=12))
def test_a_column_that_remembers_reads_each_cell_as_it_would_alone(kind, cells):
    field = a(kind)
    column = Column(field)
    for cell in [*cells, *cells]:
        assert repr(column.read(cell)) == repr((forbidden(cell) if isinstance(cell, str) else (), read(cell, field)))


def test_a_column_remembers_few_cells_however_many_there_are():
    column = Column(a("text"))
    found = [column.read(f"answer {number}")[1] for number in range(1_000)]
    assert found == [f"answer {number}" for number in range(1_000)] and len(column._known) <= 128
