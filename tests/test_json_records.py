"""This file ensures that JSON and JSON Lines become records, and that what is odd in them is told."""

import json
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolkit.errors import ReadError
from toolkit.intake import json_records, json_text
from toolkit.model import Choice, Definitions, Field, Section


def section(name, *fields, sheet="", **keys):
    """Return a section whose fields are given as ``name`` or ``name:kind``."""
    sheet = sheet or name.title()
    made = []
    for order, text in enumerate(fields):
        field, _, kind = text.partition(":")
        choices = (Choice("worse", "Worse"), Choice("met", "Met")) if kind == "choice" else ()
        refers = {"goal": "goals", "clinician": "staff"}.get(field, "") if kind == "ref" else ""
        made.append(Field(name, field, field.title(), kind or "text", sheet, order, choices=choices, refers=refers))
    return Section(name, name.title(), sheet, tuple(made), **keys)


SECTIONS = [
    section("clinic", "name", scope="workbook"),
    section("staff", "staff_id", "name", scope="workbook", repeats=True, key="staff_id"),
    section("client", "id", "legal_name", "date_of_birth:date", sheet="Clients"),
    section("episode", "clinician:ref", sheet="Clients"),
    section("plan", "weeks:integer", "medications:lines", "necessity:long"),
    section("goals", "goal", "statement", repeats=True, key="goal"),
    section("objectives", "goal:ref", "objective", "target:score", "weight:number", repeats=True, key="objective",
            parent="goals", parent_field="goal"),
    section("review", "date:date", "continued_need", repeats=True),
    section("progress", "review_date:date", "rating:choice", repeats=True, parent="review", parent_field="review_date"),
    section("discharge", "reason"),
    section("outcomes", "final", repeats=True, parent="discharge"),
]  # fmt: skip
DEFINITIONS = Definitions({item.name: item for item in SECTIONS})


def read(tmp_path, content, name="in.json"):
    """Read ``content`` (an object, or the text or bytes of a file)."""
    if isinstance(content, list | dict):
        content = json.dumps(content)
    (tmp_path / name).write_bytes(content.encode() if isinstance(content, str) else content)
    return json_records.read(tmp_path / name, DEFINITIONS)


def told(tmp_path, content, name="in.json"):
    """Return the sentence with which ``content`` is refused."""
    with pytest.raises(ReadError) as error:
        list(read(tmp_path, content, name))
    sentence = str(error.value)
    assert sentence.endswith(".") and "\n" not in sentence
    return sentence


def facts(batch):
    """Return the facts of a batch and its records as (kind, place) or (kind, place, nearest)."""
    found = [*batch.facts, *(fact for record in batch for fact in record.facts)]
    return [
        (fact.kind, str(fact.place), *[fact.show[key] for key in ("nearest",) if key in fact.show]) for fact in found
    ]


RECORD = {
    "client": {"id": "0042", "legal_name": "Avery Reed", "date_of_birth": "03/18/1991"},
    "episode": {"clinician": "JR"},
    "plan": {"weeks": 12, "medications": ["Sertraline", "Prazosin"]},
    "goals": [
        {"goal": "1", "statement": "Ride the bus", "objectives": [{"target": "< 10", "weight": 1.50}, {"target": 4}]},
        {"goal": "2", "statement": "Sleep", "objectives": [{"objective": "2x", "target": "5 to 7"}]},
    ],
    "review": [{"date": "2026-07-27", "continued_need": "yes", "progress": [{"rating": "Met"}]}],
    "discharge": {"reason": "done", "outcomes": [{"final": "well"}]},
}
FILE = {"clinic": {"name": "Cedar"}, "staff": [{"staff_id": "JR", "name": "Jo Roy"}], "records": [RECORD]}


def test_nested_rows_find_their_parents(tmp_path):
    batch = read(tmp_path, FILE)
    (record,) = batch
    assert facts(batch) == []
    assert record.id == "0042"
    assert [(row.goal, row.objective, str(row.target)) for row in record.all("objectives")] == [
        ("1", "1a", "< 10"),
        ("1", "1b", "4"),
        ("2", "2x", "5 to 7"),
    ]
    assert record.all("progress")[0].review_date == record.all("review")[0].date
    assert record.all("outcomes")[0].final == "well"
    assert record.one("clinic").name == "Cedar" and record.all("staff")[0].id == "JR"
    assert record.get("plan.medications") == ("Sertraline", "Prazosin")


def test_flat_rows_with_ids_are_the_same_record(tmp_path):
    flat = json.loads(json.dumps(FILE))
    record = flat["records"][0]
    record["objectives"] = [
        {"goal": goal["goal"], **row} for goal in record["goals"] for row in goal.pop("objectives", [])
    ]
    record["progress"] = [{"review_date": "07/27/2026", **row} for row in record["review"][0].pop("progress")]
    record["outcomes"] = record["discharge"].pop("outcomes")

    def values(record):
        return {name: [row.values for row in rows] for name, rows in record.rows.items()}

    assert values(next(iter(read(tmp_path, flat)))) == values(next(iter(read(tmp_path, FILE))))


def test_goals_without_ids_keep_their_objectives(tmp_path):
    goals = [{"statement": "a", "objectives": [{"target": 1}]}, {"goal": "1"}, {"objectives": [{"target": 3}]}]
    (record,) = read(tmp_path, {"client": {"id": "7"}, "goals": goals})
    assert [row.id for row in record.all("goals")] == ["2", "1", "3"]
    assert [row.goal for row in record.all("objectives")] == ["2", "3"]
    assert record.facts == ()


def test_one_record_and_a_list_of_records_are_files_too(tmp_path):
    assert [record.id for record in read(tmp_path, RECORD)] == ["0042"]
    assert [record.id for record in read(tmp_path, [RECORD, {"client": {"id": "0043"}}])] == ["0042", "0043"]


def test_places_are_json_pointers(tmp_path):
    (record,) = read(tmp_path, FILE)
    assert str(record.one("client").place("legal_name")) == "/records/0/client/legal_name"
    assert str(record.all("objectives")[2].place("target")) == "/records/0/goals/1/objectives/0/target"
    assert str(record.origin.place("client.id")) == "/records/0/client/id"
    assert str(record.all("staff")[0].place("name")) == "/staff/0/name"


def test_json_lines_name_the_line(tmp_path):
    lines = [{"staff": FILE["staff"]}, {"client": {"id": "1"}, "plan": {"weeks": "soon"}}]
    batch = read(tmp_path, "\n\n".join(map(json.dumps, lines)), "in.jsonl")
    assert facts(batch) == [("unreadable_cell", "line 3 /plan/weeks")]
    assert next(iter(batch)).all("staff")[0].id == "JR"
    assert batch.inputs[0].kind == "jsonl" and len(batch.inputs[0].sha256) == 64


def test_json_lines_may_be_read_again_and_bring_staff_in_each_line(tmp_path):
    lines = [{**RECORD, "client": {"id": str(number)}, "staff": FILE["staff"]} for number in range(3)]
    lines[2] = {**lines[2], "staff": [*FILE["staff"], {"staff_id": "MK", "name": "Mo Kay"}]}
    batch = read(tmp_path, "\n".join(map(json.dumps, lines)), "in.jsonl")
    assert [record.id for record in batch] == [record.id for record in batch] == ["0", "1", "2"]
    assert [row.id for row in next(iter(batch)).all("staff")] == ["JR", "MK"]
    assert facts(batch) == []


def test_the_same_content_in_both_forms_gives_the_same_records(tmp_path):
    one = read(tmp_path, FILE)
    two = read(tmp_path, json.dumps({**RECORD, "clinic": FILE["clinic"], "staff": FILE["staff"]}), "in.jsonl")
    for first, second in zip(one, two, strict=True):
        assert {name: [row.values for row in rows] for name, rows in first.rows.items()} == {
            name: [row.values for row in rows] for name, rows in second.rows.items()
        }


def test_tables_of_python_are_read_like_a_file(tmp_path):
    tables = {**FILE, "records": ({**RECORD, "client": {**RECORD["client"], "date_of_birth": date(1991, 3, 18)}},)}
    (one,), (two,) = json_records.records(tables, DEFINITIONS), read(tmp_path, FILE)
    assert one.rows == two.rows and one.facts == ()


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ({"client": {"id": "1", "legal_nam": "A"}}, ("unknown_key", "/client", "legal_name")),
        ({"client": {"id": "1"}, "gaols": []}, ("unknown_key", "", "goals")),
        ({"records": [], "stuff": []}, ("unknown_key", "", "staff")),
        ({"recrods": []}, ("unknown_key", "", "records")),
        ({"cleint": {"id": "1"}}, ("unknown_key", "", "client")),
        ({"client": {"id": "1"}, "goals": [{"objectives": [{"tarGet ": 3}]}]},
         ("unknown_key", "/goals/0/objectives/0", "target")),
        ({"client": {"id": "1"}, "goals": {"goal": "1"}}, ("unreadable_cell", "/goals")),
        ({"client": {"id": "1"}, "goals": ["walk"]}, ("unreadable_cell", "/goals/0")),
        ({"client": {"id": "1"}, "plan": [1]}, ("unreadable_cell", "/plan")),
        ({"client": {"id": "1"}, "plan": {"weeks": {"from": 1}}}, ("unreadable_cell", "/plan/weeks")),
        ({"client": {"id": "1"}, "plan": {"medications": [["a"]]}}, ("unreadable_cell", "/plan/medications")),
        ({"client": {"legal_name": "A"}}, ("no_client_id", "/client/id")),
        ({"plan": {"weeks": 3}}, ("no_client_id", "/client/id")),
        ([{"client": {"id": "a1"}}, {"client": {"id": "A1"}}], ("duplicate_client", "/1/client/id", "a1")),
        ({"client": {"id": "1"}, "episode": {"clinician": "JR"}}, ("unknown_id", "/episode/clinician")),
        ({"client": {"id": "1"}, "goals": [{"goal": "1", "objectives": [{"target": 1}]}],
          "objectives": [{"goal": "1", "target": 2}]}, ("mixed_nesting", "/objectives")),
        ({"client": {"id": "1"}, "goals": [{"goal": "1", "objectives": [{"goal": "2", "target": 1}]}]},
         ("mixed_nesting", "/goals/0/objectives/0/goal")),
        ({"client": {"id": "1"}, "review": [{"date": "13/45/2026", "progress": [{"rating": "met"}]}]},
         ("unreadable_cell", "/review/0/date")),
        ('{"client": {"id": "1", "legal_name": "A", "legal_name": "B"}}', ("double_column", "/client/legal_name")),
        ('{"client": {"id": "1"}, "plan": {}, "plan": {"weeks": 2}}', ("double_column", "/plan")),
    ],
)  # fmt: skip
def test_what_is_odd_is_one_fact_at_its_place(tmp_path, content, expected):
    assert facts(read(tmp_path, content)) == [expected]


def test_what_was_typed_stands_only_in_what_is_shown(tmp_path):
    batch = read(tmp_path, {"client": {"id": "1"}, "Quackenbush": 1, "plan": {"weeks": {"Quackenbush": 2}}})
    for fact in next(iter(batch)).facts:
        assert "Quackenbush" not in f"{fact.place}{fact.path}{fact.fault}{fact.mend}"


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("in.json", '{"records": [\n {"client": {"id": "1"},,}\n]}', "line 2"),
        ("in.json", "", "empty"),
        ("in.json", "\ufeff \n", "empty"),
        ("in.json", '"text"', "braces"),
        ("in.json", "[1]", "item 1"),
        ("in.json", '{"records": {}, "clinic": {}}', "square brackets"),
        ("in.json", '{"records": {"client": {"id": "1"}}}', "square brackets"),
        ("in.json", '{"client":\n{"id": NaN}}', "line 2"),
        ("in.json", '{"client": {"id": "NaN",\n\n"legal_name": -Infinity}}', "line 3"),
        ("in.json", "[" * 100_000, "nested too deeply"),
        ("in.json", '{"client": {"id": "1"}}\n{"client": {"id": "2"}}', ".jsonl"),
        ("in.json", b'{"client":\n {"id": "Jos\xe9"}}', "line 2"),
        ("in.jsonl", '{"client": {"id": "1"}}\n{"client": \n', "line 2"),
        ("in.jsonl", '{"client": {"id": "1"}}\n[1]\n', "Line 2"),
        ("in.jsonl", '{"client": {"id": "1"}}\n{"client": {"id": NaN}}\n', "line 2"),
        ("in.jsonl", "\n\n", "empty"),
        ("in.jsonl", '{"client": {"id": "1"}}'.encode("utf-16"), "UTF-8"),
        ("in.jsonl", b'{"client": {"id": "1"}}\n{"client": {"id": "Jos\xe9"}}', "line 2"),
        ("in.jsonl", "{}\n" + "[" * 100_000, "line 2"),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_read_is_one_sentence(tmp_path, name, content, expected):
    assert expected in told(tmp_path, content, name)


def test_a_broken_line_is_told_before_the_first_record_is_given(tmp_path):
    lines = "\n".join(['{"client": {"id": "1"}}'] * 50 + ["{"])
    with pytest.raises(ReadError, match="line 51"):
        read(tmp_path, lines, "in.jsonl")


@pytest.mark.parametrize("how", ["replaced", "longer", "gone"])
def test_lines_that_somebody_changes_while_they_are_read_stop_it(tmp_path, how):
    lines = "".join(f'{{"client": {{"id": "{number}"}}}}\n' for number in range(9))
    batch, path = read(tmp_path, lines, "in.jsonl"), tmp_path / "in.jsonl"
    found = iter(batch)
    assert [next(found).id for _ in range(3)] == ["0", "1", "2"]
    if how == "gone":
        path.unlink()
    elif how == "longer":
        path.write_text(f"{lines}{lines}")
    else:
        (tmp_path / "other").write_text(lines.replace("0", "7"))
        (tmp_path / "other").replace(path)
    for others in (found, iter(batch)):
        with pytest.raises(ReadError) as error:
            list(others)
        assert str(error.value).startswith("in.jsonl ") and str(error.value).endswith(".")
    if how != "gone":
        assert "was changed while it was read" in str(error.value)


def test_a_missing_file_and_a_file_too_large_are_one_sentence(tmp_path, monkeypatch):
    with pytest.raises(ReadError, match=r"nowhere.json cannot be opened"):
        json_records.read(tmp_path / "nowhere.json", DEFINITIONS)
    monkeypatch.setattr(json_text, "MOST_BYTES", 10)
    assert ".jsonl" in told(tmp_path, RECORD)
    monkeypatch.setattr(json_text, "MOST_BYTES_A_LINE", 10)
    assert "line 1" in told(tmp_path, json.dumps(RECORD), "in.jsonl")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-32"])
def test_any_unicode_encoding_of_json_is_read(tmp_path, encoding):
    (record,) = read(tmp_path, '{"client": {"id": "1", "legal_name": "José \U0001f600"}}'.encode(encoding))
    assert record.get("client.legal_name") == "José \U0001f600"


def test_a_mark_at_the_beginning_of_json_lines_is_no_fault(tmp_path):
    assert [record.id for record in read(tmp_path, '{"client": {"id": "1"}}'.encode("utf-8-sig"), "in.jsonl")] == ["1"]


@pytest.mark.parametrize("number", ["1" * 5000, "1e999999999", "-1E-999999999", "0." + "3" * 5000])
def test_a_number_of_absurd_length_stays_text(tmp_path, number):
    (record,) = read(tmp_path, f'{{"client": {{"id": "1", "legal_name": {number}}}, "plan": {{"weeks": {number}}}}}')
    assert record.get("client.legal_name") == number
    assert [fact.kind for fact in record.facts] in (["unreadable_cell"], [])


def test_numbers_stand_as_they_were_written(tmp_path):
    content = (
        '{"client": {"id": 42}, "goals": [{"objectives": [{"target": 0.30, "weight": 1.10}]}], "plan": {"weeks": 12.0}}'
    )
    (record,) = read(tmp_path, content)
    assert record.id == "42"
    assert str(record.all("objectives")[0].target) == "0.30" and str(record.all("objectives")[0].weight) == "1.10"
    assert record.get("plan.weeks") == 12


def test_nothing_and_empty_lists_are_blank(tmp_path):
    (record,) = read(tmp_path, {"client": {"id": "1", "legal_name": None}, "goals": [], "plan": None, "review": None})
    assert record.get("client.legal_name") is None
    assert record.facts == ()


KEYS = sorted({"records", *DEFINITIONS.sections, *(item.name for item in DEFINITIONS.fields.values()), "o/dd"})
ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=4),
)


@given(content=ANY)
def test_any_json_is_read_or_refused(tmp_path_factory, content):
    try:
        batch = read(tmp_path_factory.mktemp("any"), json.dumps(content))
    except ReadError:
        return
    assert all(record.id for record in batch)
