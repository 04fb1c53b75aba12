"""This file ensures that a proposed sentence holds what was typed and fixed words, and is nobody's until typed in."""

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from judging import SHELF, TODAY, judge, lay_over, sample

from toolkit import derive, kinds, report
from toolkit.blocks import PATH
from toolkit.errors import ShelfError
from toolkit.model import PROPOSAL, Record, Row
from toolkit.report.to_fix import notes
from toolkit.rules import faults_of
from toolkit.shelf import load

DEFINITIONS = SHELF.compose(("adult",))
STATEMENT = DEFINITIONS.fields["objectives.statement"]
FIXED = {
    word for one in STATEMENT.assemble for word in re.sub(r"[\[\](),]", " ", PATH.sub(" ", one["pattern"])).split()
}


def of(**values):
    """Return the sentence, or the names of what it lacks, of one objective."""
    objectives = DEFINITIONS.sections["objectives"]
    typed = Record("1", {"objectives": (Row(objectives, values),)})
    whole = derive.complete(typed, TODAY, DEFINITIONS)
    text, missing = derive.assembled(STATEMENT, whole.all("objectives")[0], typed, whole, DEFINITIONS)
    return text or [item.name for item in missing]


def proposed(**changes):
    """Return what check says of the blank statement of the first sample's first objective."""
    tables = lay_over(sample(), {"objectives": [{"objective": "1a", "statement": "", **changes}]})
    return next(item for item in judge(tables).findings if item.path == "objectives.statement")


def test_check_shows_the_sentence_that_the_other_answers_make():
    found = proposed()
    assert found.show == {PROPOSAL: "Reduce the PHQ-9 score from 19 (05/04/2026) to < 10 by 09/14/2026"}
    assert "Reduce" not in found.text
    assert "type it in if it says what is meant" in found.text
    (line,) = report.text([found])
    assert found.show[PROPOSAL] in line


def test_a_marked_copy_bears_the_sentence_beside_the_cell():
    found = proposed()
    (note,) = notes(report.Outcome(findings=(found,)))
    assert note.place.cell == "D2" and found.show[PROPOSAL] in note.text


def test_check_says_which_part_is_missing():
    found = proposed(target="")
    assert found.show == {}
    assert "With the target answered, too, a sentence made of the answers is shown here." in found.text


@pytest.mark.parametrize(
    ("values", "said"),
    [
        (
            {"measure": "count", "unit": "panic attacks a week", "baseline": 6, "target": 1, "counted_by": "Avery",
             "reassess_days": 14},
            "Reduce panic attacks a week from 6 to 1 by 07/27/2026, counted by Avery, measured every 14 days",
        ),
        ({"measure": "WHO-5", "baseline": 7, "target": 13}, "Raise the WHO-5 score from 7 to 13 by 07/27/2026"),
        ({"measure": "count", "unit": "school days a week", "baseline": 5, "target": 5, "counted_by": "Ms. Ito"},
         "Keep school days a week at 5 through 07/27/2026, counted by Ms. Ito"),
        ({"measure": "count", "baseline": 6, "target": 1}, ["unit"]),
        ({"measure": "PHQ-9", "target": 1}, ["baseline"]),
        ({"baseline": 6, "target": 1}, ["measure"]),
        ({}, ["measure", "baseline", "target"]),
    ],
)  # fmt: skip
def test_the_sentence_follows_the_measure_and_the_direction(values, said):
    typed = {name: kinds.read(value, DEFINITIONS.fields[f"objectives.{name}"]) for name, value in values.items()}
    assert of(**typed, target_date=date(2026, 7, 27)) == said


words = st.text(alphabet=st.characters(codec="utf-8", exclude_categories=("Cs", "Cc", "Z")), min_size=1).map(
    lambda text: f"w{text}"
)


@given(unit=words, counted_by=words, baseline=st.integers(0, 99), target=st.integers(0, 99))
def test_it_holds_entered_words_and_the_fixed_ones_alone(unit, counted_by, baseline, target):
    given = {"measure": "count", "baseline": baseline, "target": target}
    typed = {name: kinds.read(value, DEFINITIONS.fields[f"objectives.{name}"]) for name, value in given.items()}
    typed |= {"unit": unit, "counted_by": counted_by, "target_date": date(2026, 7, 27)}
    rest = text = of(**typed)
    for name in ("unit", "counted_by", "target_date", "target"):
        assert kinds.show(typed[name]) in text
    for value in (unit, counted_by, "07/27/2026", str(baseline), str(target)):
        rest = rest.replace(value, " ", 1)
    assert {word.strip("(),") for word in rest.split()} <= {*FIXED, ""}


def test_what_nobody_typed_is_not_in_it():
    assert "measured every" not in proposed().show[PROPOSAL]  # the interval is the measure's own, not the clinician's
    assert "measured every 21 days" in proposed(reassess_days=21).show[PROPOSAL]


def test_the_sentence_passes_the_judge_of_texts():
    for name in ("0041", "0042", "0043"):
        tables = sample(name)
        for row in tables["objectives"]:
            row["statement"] = ""
        shown = [item.show.get(PROPOSAL) for item in judge(tables).findings if item.path == "objectives.statement"]
        assert shown and all(shown)
        assert [faults_of("objective", text) for text in shown] == [()] * len(shown)


def test_no_document_says_a_sentence_that_nobody_typed_in():
    tables = lay_over(sample(), {"objectives": [{"objective": "1a", "statement": ""}]})
    (case,) = judge(tables).cases
    assert case.status == "draft"
    assert case.record.all("objectives")[0].statement is None


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ('{ pattern = "{goals.nothing}", when = "goals.problem" }', "«assemble» names goals.nothing"),
        ('{ pattern = "{goals.problem}" }', "has a pattern and when it fits"),
        ('{ pattern = "{goals.problem}", when = "goals.nothing" }', "its condition names goals.nothing"),
    ],
)
def test_a_pattern_that_names_nothing_is_told_when_the_shelf_loads(tmp_path, table, said):
    (tmp_path / "fields").mkdir()
    (tmp_path / "fields" / "goals.toml").write_text(f"[fields.statement]\nassemble = [{table}]\n", encoding="utf-8")
    with pytest.raises(ShelfError, match=re.escape(said)):
        load(tmp_path)
