"""This file ensures that the golden thread is followed from diagnosis to discharge, and told where it breaks."""

import tomllib
from pathlib import Path

import pytest
from judging import RULES, SHELF, TODAY, everything, judge, lay_over, record, sample
from msgspec.structs import replace

from toolkit import derive, reference, thread
from toolkit.model import Fact

DATA = tomllib.loads((Path(thread.__file__).parent / "thread.toml").read_text(encoding="utf-8"))


def thread_of(tables, **options):
    """Return the thread of the plan in flat ``tables``."""
    found = record(tables)
    definitions = SHELF.compose(SHELF.populations(found, TODAY))
    return thread.thread(derive.complete(found, TODAY, definitions), **options)


def links(found, source, target):
    """Return the links from step to step by the ids at their ends."""
    return {(link.source.id, link.target.id) for link in found.between(source, target)}


def test_every_line_and_row_of_a_plan_is_a_node_of_its_step():
    found = thread_of(sample())
    assert {step.name: [node.id for node in step.nodes] for step in found.steps} == {
        "diagnosis": ["F33.1"],
        "need": ["S1", "S2", "S3", "S4", "I1", "I2", "I3"],
        "goal": ["1", "2"],
        "objective": ["1a", "1b", "2a"],
        "intervention": ["1", "2", "3"],
        "criterion": ["D1", "D2", "D3"],
    }


def test_a_plan_is_linked_from_its_diagnosis_to_its_discharge():
    found = thread_of(sample())
    assert links(found, "diagnosis", "goal") == {("F33.1", "1"), ("F33.1", "2")}
    assert links(found, "need", "goal") == {
        ("S1", "1"), ("S2", "1"), ("I1", "1"), ("S3", "2"), ("S4", "2"), ("I2", "2"), ("I3", "2"),
    }  # fmt: skip
    assert links(found, "goal", "objective") == {("1", "1a"), ("1", "1b"), ("2", "2a")}
    assert links(found, "objective", "intervention") == {
        ("1a", "1"), ("1b", "1"), ("1a", "2"), ("2a", "2"), ("2a", "3"),
    }  # fmt: skip
    assert links(found, "objective", "criterion") == {("1a", "D1")}
    assert {node.id: found.whole.get(id(node)) for node in found.step("criterion").nodes} == {
        "D1": None, "D2": "for the whole plan", "D3": "for the whole plan",
    }  # fmt: skip
    assert links(found, "diagnosis", "need") == {("F33.1", node.id) for node in found.step("need").nodes}
    assert links(found, "intervention", "criterion") == {("1", "D1"), ("2", "D1")}
    assert found.broken == ()


def test_a_map_says_what_is_named_and_what_is_read_from_words():
    found = thread_of(lay_over(sample(), {"goals": [{"goal": "2", "addresses": ""}]}))
    assert {link.source.id: link.typed for link in found.between("need", "goal")} == {
        "S1": True, "S2": True, "I1": True, "S3": False,
    }  # fmt: skip
    assert {link.typed for link in found.between("objective", "criterion")} == {False}


def test_ranges_and_all_of_the_lines_are_understood():
    found = thread_of(
        lay_over(sample(), {"goals": [{"goal": "1", "addresses": "s1 - S3"}, {"goal": "2", "addresses": "all"}]})
    )
    assert {source for source, target in links(found, "need", "goal") if target == "1"} == {"S1", "S2", "S3"}
    assert {source for source, target in links(found, "need", "goal") if target == "2"} == {
        "S1", "S2", "S3", "S4", "I1", "I2", "I3",
    }  # fmt: skip


BROKEN = {
    "a symptom without a goal": ({"goals": [{"goal": "1", "addresses": "S1, I1"}]}, {("need", "S2", "GT020")}),
    "an impairment without a goal": ({"goals": [{"goal": "2", "addresses": "S3, S4, I2"}]}, {("need", "I3", "GT020")}),
    "a goal without a symptom": (
        {
            "goals": [
                {"goal": "1", "addresses": "all"},
                {"goal": "2", "addresses": "", "problem": "The rent is late", "statement": "Pays on the first"},
            ]
        },
        {("goal", "2", "GT006")},
    ),
    "a goal without an objective": (
        {"goals": [{"goal": "9", "problem": "Back pain", "statement": "Lifts without fear", "addresses": "S1"}]},
        {("goal", "9", "GT003")},
    ),
    "an objective without an intervention": (
        {"interventions": [{"intervention": "1", "objectives": "1a"}]},
        {("objective", "1b", "GT004")},
    ),
    "an intervention without an objective": (
        {"interventions": [{"intervention": "3", "goals": "1", "objectives": "2a"}]},
        {("intervention", "3", "GT005")},
    ),
    "a diagnosis without a goal": (
        {
            "plan": {"other_diagnoses": ["F40.10 Social phobia, unspecified"]},
            "goals": [{"goal": "1", "diagnosis": "F33.1"}, {"goal": "2", "diagnosis": "F33.1"}],
        },
        {("diagnosis", "F40.10", "GT007")},
    ),
    "a goal that treats what is not there": (
        {"goals": [{"goal": "1", "diagnosis": "F99.9"}]},
        {("goal", "1", "GT019")},
    ),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_link_is_found_where_its_rule_finds_it(name):
    changes, expected = BROKEN[name]
    tables = lay_over(sample(), changes)
    found = thread_of(tables)
    assert {(one.node.step, one.node.id, one.gap.code) for one in found.broken} == expected
    told = {item.code for item in judge(tables).findings}
    assert {code for _, _, code in expected} <= told


def test_what_is_left_out_for_the_rules_breaks_nothing_that_they_judge():
    for changes, _ in BROKEN.values():
        tables = lay_over(sample(), changes)
        whole, judged = ({(one.node.id, one.gap) for one in thread_of(tables, judged=only).broken}
                         for only in (False, True))  # fmt: skip
        assert whole == judged


@pytest.mark.parametrize(
    ("changes", "node", "code"),
    [
        ({"goals": [{"goal": "1", "problem": ""}]}, "1", "GT001"),
        ({"objectives": [{"objective": "1a", "measure": ""}]}, "1a", "SM005"),
    ],
)
def test_a_missing_part_stands_at_its_node(changes, node, code):
    tables = lay_over(sample(), changes)
    gaps = [(one.id, part.gap.code) for step in thread_of(tables).steps for one in step.nodes
            for part in one.parts if part.gap]  # fmt: skip
    assert gaps == [(node, code)] and code in {item.code for item in judge(tables).findings}


def test_what_waits_need_lead_nowhere():
    later = {"goal": "9", "problem": "Back pain", "status": "deferred", "reason_deferred": "Waits for the surgeon"}
    found = thread_of(lay_over(sample(), {"goals": [later]}))
    assert found.broken == () and [node.state for node in found.step("goal").nodes] == ["", "", "Deferred"]


def test_a_step_without_any_node_is_told_once():
    found = thread_of(lay_over(sample(), {"interventions": []}))
    assert found.broken == () and found.step("intervention").nodes == ()
    assert found.step("intervention").none == thread.Gap("no intervention", "GT004")


def test_a_diagnosis_that_the_plan_speaks_of_elsewhere_is_not_lost():
    tables = lay_over(sample(), BROKEN["a diagnosis without a goal"][0])
    elsewhere = lay_over(
        tables, {"plan": {"coordination": "Dr. Osei treats the social phobia; release of 05/04/2026."}}
    )
    assert [one.node.id for one in thread_of(tables).broken] == ["F40.10"]
    assert thread_of(elsewhere).broken == ()


def test_a_lasting_condition_needs_no_goal_of_its_own():
    tables = lay_over(sample(), BROKEN["a diagnosis without a goal"][0])
    for other in ("F70 Mild intellectual disabilities", "I10 Essential (primary) hypertension"):
        assert thread_of(lay_over(tables, {"plan": {"other_diagnoses": [other]}})).broken == ()


def test_both_ends_of_a_broken_link_are_named():
    told = judge(lay_over(sample(), BROKEN["a symptom without a goal"][0])).findings
    [found] = [item for item in told if item.code == "GT020"]
    assert found.show["S2"].startswith("Wakes at 3 a.m.") and found.show["the goals"] == "1, 2"
    assert "S2" not in found.text and "Wakes" not in found.text


def test_where_a_goal_names_no_lines_nobody_is_told_of_lost_ones():
    for blank in (["1", "2"], ["2"]):
        found = thread_of(lay_over(sample(), {"goals": [{"goal": name, "addresses": ""} for name in blank]}))
        assert found.broken == ()


def test_a_number_that_leads_nowhere_is_told_alone():
    tables = lay_over(sample(), {"goals": [{"goal": "1", "addresses": "S1, S9"}]})
    assert {item.code for item in judge(tables).findings} == {"GT018"}


def without(section, name):
    """Return the first sample without the row of ``section`` called ``name``."""
    tables = sample()
    key = everything().sections[section].key
    tables[section] = [row for row in tables[section] if row[key] != name]
    return tables


def ends(found):
    """Return what is told at each broken end, and of each node itself."""
    told = [(one.node, one.gap) for one in found.broken]
    told += [(node, part.gap) for step in found.steps for node in step.nodes for part in node.parts if part.gap]
    return {f"{node.one} {node.id} {gap.lost} {gap.code}" for node, gap in told}


TWO = {"other_diagnoses": ["F40.10 Social phobia, unspecified"]}
ASTRAY = {
    "an objective is deleted, an intervention names it beside another": (
        without("objectives", "1b"),
        {"intervention 1 names objective 1b, which is not there WB010"},
    ),
    "an objective is deleted, and with it all that a goal had": (
        without("objectives", "2a"),
        {
            "intervention 2 names objective 2a, which is not there WB010",
            "intervention 3 names objective 2a, which is not there WB010",
            "goal 2 no objective belongs to it GT003",
        },
    ),
    "an objective is misspelt, and nothing else serves the one that was meant": (
        lay_over(sample(), {"interventions": [{"intervention": "1", "objectives": "1a, 1x"}]}),
        {
            "intervention 1 names objective 1x, which is not there WB010",
            "objective 1b no intervention serves it, as far as can be read WB010",
        },
    ),
    "an intervention names a goal as its objective": (
        lay_over(sample(), {"interventions": [{"intervention": "3", "objectives": "2"}]}),
        {"intervention 3 names objective 2, which is not there WB010"},
    ),
    "an intervention names a goal that is not there and no objective": (
        lay_over(sample(), {"interventions": [{"intervention": "3", "goals": "7", "objectives": ""}]}),
        {"intervention 3 names goal 7, which is not there WB010"},
    ),
    "an intervention names an objective without its goal": (
        lay_over(sample(), {"interventions": [{"intervention": "2", "goals": "1", "objectives": "1a, 2a"}]}),
        {"intervention 2 names objective 2a, but not its goal GT008"},
    ),
    "a goal is deleted, its objective is not": (
        without("goals", "2"),
        {
            "objective 2a names goal 2, which is not there WB010",
            "symptom S3 taken up by no goal GT020",
            "symptom S4 taken up by no goal GT020",
            "impairment I2 taken up by no goal GT020",
            "impairment I3 taken up by no goal GT020",
        },
    ),
    "the goal of an objective is misspelt": (
        lay_over(sample(), {"objectives": [{"objective": "2a", "goal": "9"}]}),
        {
            "objective 2a names goal 9, which is not there WB010",
            "goal 2 no objective belongs to it, as far as can be read WB010",
        },
    ),
    "the goal of an objective is blank": (
        lay_over(sample(), {"objectives": [{"objective": "2a", "goal": ""}]}),
        {"objective 2a belongs to no goal WB026", "goal 2 no objective belongs to it, as far as can be read WB026"},
    ),
    "two objectives have one number": (
        lay_over(sample(), {"objectives": [{"objective": "1b", "goal": "1"}]})
        | {"objectives": [{**row, "objective": row["objective"].replace("b", "a")} for row in sample()["objectives"]]},
        {
            "objective 1a another objective has this number, too WB011",
            "objective 1a no intervention serves it, as far as can be read WB011",
            "intervention 1 names objective 1a, of which there are several WB011",
            "intervention 1 names objective 1b, which is not there WB010",
            "intervention 2 names objective 1a, of which there are several WB011",
        },
    ),
    "a goal answers a line that is not there": (
        lay_over(sample(), {"goals": [{"goal": "1", "addresses": "S1, S9, I1"}]}),
        {
            "goal 1 names S9, which is not there GT018",
            "symptom S2 taken up by no goal, as far as can be read GT018",
        },
    ),
    "a goal answers lines of which some are not there": (
        lay_over(sample(), {"goals": [{"goal": "1", "addresses": "S1-S9, I1"}]}),
        {"goal 1 names S1-S9, not all of which is there GT018"},
    ),
    "a goal answers words": (
        lay_over(sample(), {"goals": [{"goal": "2", "addresses": "low mood, S3, S4, I2"}]}),
        {
            "goal 2 names “low mood”, which is not there GT018",
            "impairment I3 taken up by no goal, as far as can be read GT018",
        },
    ),
    "a goal treats a diagnosis that is not there, too": (
        lay_over(sample(), {"goals": [{"goal": "1", "diagnosis": "F33.1; F99.9"}]}),
        {"goal 1 names F99.9, which is no diagnosis of the plan GT019"},
    ),
    "a goal of a plan with two diagnoses names none": (
        lay_over(
            sample(), {"plan": TWO, "goals": [{"goal": "1", "diagnosis": "F33.1"}, {"goal": "2", "diagnosis": ""}]}
        ),
        {"goal 2 names no diagnosis GT002"},
    ),
    "a measure that nobody knows": (
        lay_over(sample(), {"objectives": [{"objective": "1a", "measure": "Feeling thermometer"}]}),
        {"objective 1a “Measure” cannot be read WB009"},
    ),
}


@pytest.mark.parametrize("name", ASTRAY)
def test_what_leads_nowhere_is_a_broken_end_of_its_own(name):
    tables, expected = ASTRAY[name]
    found = thread_of(tables)
    assert ends(found) == expected and found.gaps
    sure = {one.gap.code for one in found.broken if not one.gap.follows}
    assert sure - {"GT020"} <= {item.code for item in judge(tables).findings}


ERRORS_OF_EXCEL = {
    "goals.addresses": {
        "goal 2 “For symptoms and impairments” cannot be read WB015",
        "symptom S3 taken up by no goal, as far as can be read WB015",
        "symptom S4 taken up by no goal, as far as can be read WB015",
        "impairment I2 taken up by no goal, as far as can be read WB015",
        "impairment I3 taken up by no goal, as far as can be read WB015",
    },
    "goals.diagnosis": {"goal 2 “Diagnosis treated” cannot be read WB015"},
    "goals.problem": {"goal 2 “Problem” cannot be read WB015"},
    "interventions.objectives": {
        "intervention 1 “For objectives” cannot be read WB015",
        "objective 1b no intervention serves it, as far as can be read WB015",
    },
    "assessment.symptoms": {
        "symptom S? “Symptoms” cannot be read WB015",
        *(f"goal {goal} names {line}, which cannot be read WB015"
          for goal, line in (("1", "S1"), ("1", "S2"), ("2", "S3"), ("2", "S4"))),
    },
    "plan.discharge_criteria": {"discharge criterion D? “Discharge criteria” cannot be read WB015"},
    "plan.primary_diagnosis": {"diagnosis ? “Primary diagnosis” cannot be read WB015"},
}  # fmt: skip


@pytest.mark.parametrize("path", ERRORS_OF_EXCEL)
def test_what_cannot_be_read_is_no_blank(path):
    name = path.partition(".")[2]
    row = {"goals": {"goal": "2"}, "interventions": {"intervention": "1"}}.get(path.partition(".")[0], {})
    change = {**row, name: ""}
    one = record(lay_over(sample(), {path.partition(".")[0]: [change] if row else change}))
    [place] = [item.place(name) for item in one.all(path.partition(".")[0]) if not row or item.id in row.values()]
    one = replace(one, facts=(Fact("error_cell", place, path, show={"typed": "#REF!"}),))
    found = thread.thread(derive.complete(one, TODAY, SHELF.compose(SHELF.populations(one, TODAY))))
    assert ends(found) == ERRORS_OF_EXCEL[path] and found.gaps == 1
    hidden = [node for step in found.steps for node in step.nodes if node.hidden]
    assert not any(
        node in (link.source, link.target) or id(node) in found.whole for link in found.links for node in hidden
    )


def test_no_link_is_invented_for_what_leads_nowhere():
    whole = thread_of(sample())
    for tables, _ in ASTRAY.values():
        found = thread_of(tables)
        for pair in (("goal", "objective"), ("objective", "intervention"), ("need", "goal"), ("diagnosis", "goal"),
                     ("objective", "criterion"), ("intervention", "criterion")):  # fmt: skip
            assert links(found, *pair) <= links(whole, *pair) | {("S3", "1"), ("S4", "1")}


def test_where_an_objective_is_missing_a_criterion_is_of_the_whole_plan_only_as_far_as_can_be_read():
    found = thread_of(without("objectives", "2a"))
    assert {node.id: found.whole.get(id(node)) for node in found.step("criterion").nodes} == {
        "D1": None,
        "D2": "for the whole plan, as far as can be read",
        "D3": "for the whole plan, as far as can be read",
    }


def test_an_end_that_follows_from_another_one_is_not_counted():
    tables, expected = ASTRAY["an objective is misspelt, and nothing else serves the one that was meant"]
    assert thread_of(tables).gaps == 1 < len(expected)


def test_what_names_an_objective_serves_it_though_nobody_knows_its_goal():
    found = thread_of(ASTRAY["the goal of an objective is misspelt"][0])
    assert links(found, "objective", "intervention") >= {("2a", "3"), ("2a", "2")}


def test_a_measure_fits_what_the_goal_or_its_diagnosis_is_about():
    def codes(changes):
        return {item.code for item in judge(lay_over(sample(), changes)).findings} & {"GT011"}

    score = {"objective": "1a", "statement": "Score falls to the lowest range", "baseline": 19, "target": 7}
    assert codes({"objectives": [{**score, "measure": "AUDIT"}]}) == {"GT011"}
    assert codes({"objectives": [{**score, "measure": "ISI"}]}) == set()  # the goal is about waking at 3, too
    assert codes({"objectives": [{**score, "measure": "WHODAS 2.0 (12-item)"}]}) == set()
    named = {"objective": "1a", "measure": "count", "baseline": 4, "target": 1, "unit": "nights a week"}
    assert codes({"objectives": [{**named, "statement": "Blames himself on fewer nights, by AUDIT"}]}) == {"GT011"}


def test_measures_of_the_domains_are_known():
    known = {measure.name for measure in reference.measures()}
    listed = tomllib.loads((Path(reference.__file__).parent / "domains.toml").read_text(encoding="utf-8"))["domains"]
    assert {name for entry in listed.values() for name in entry["measures"]} <= known


def test_the_data_name_fields_and_rules_that_are_there():
    fields, sections = everything().fields, everything().sections
    paths = [lines["path"] for step in DATA["steps"] for lines in step.get("lines", ())]
    paths += [path for link in DATA["links"] for path in link.get("mentioned_in", ())]
    assert {*paths} <= {*fields}
    names = [step["name"] for step in DATA["steps"]]
    for step in DATA["steps"]:
        section = sections.get(step.get("section", ""))
        asked = [*step.get("about", ()), *([step["open"]["field"]] if "open" in step else [])]
        assert (section is None) == ("lines" in step) and all(section.field(name) for name in asked)
        assert {*step["refs"]} <= {*names}
    ends = [end for link in DATA["links"] for end in link.values() if isinstance(end, dict) and "code" in end]
    ends += [DATA["twice"], *DATA["unread"].values()]
    parts = [part for step in DATA["steps"] for part in step.get("parts", ()) if "code" in part]
    assert {item["code"] for item in (*DATA["steps"], *ends, *parts)} <= {*RULES, "RQ001"}


def test_all_that_cannot_be_read_is_told_under_the_code_of_its_rule():
    by_kind = {name: rule.code for rule in RULES.values() for name in rule.parameters}
    told = {kind: table["code"] for kind, table in DATA["unread"].items()}
    assert told == {kind: by_kind[kind] for kind in derive.UNREAD}
    assert DATA["twice"]["code"] == by_kind["duplicate_id"]
