"""This file ensures that the JSON Schema and the models ask what the fields ask, and refuse what no field is called."""

import json

import jsonschema
import pytest
from pydantic import ValidationError

from toolkit import kinds, shelf
from toolkit.intake import json_records
from toolkit.schema import json_schema, models

SHELF = shelf.load()
ALL = SHELF.all()
SCHEMA = json_schema(ALL)
JUDGE = jsonschema.Draft202012Validator(SCHEMA)
FILE = {
    "clinic": {"name": "Cedar Street"},
    "staff": [{"staff_id": "JR", "name": "Jo Roy", "credential": "LCSW"}],
    "records": [
        {
            "client": {"id": "0042", "legal_name": "Avery Reed", "date_of_birth": "1991-03-18", "interpreter": "no"},
            "coverage": {"payer": "Mutual", "member_id": "M-1"},
            "episode": {"admission_date": "04/27/2026", "clinician": "JR", "level_of_care": "OP"},
            "plan": {"date": "04/30/2026", "weeks": 12, "medications": ["Sertraline 50 mg"], "part2_notice": False},
            "goals": [
                {
                    "goal": "1",
                    "statement": "Ride the bus to work alone",
                    "objectives": [{"measure": "GAD-7", "baseline": 16, "target": "< 10", "target_date": "07/27/2026"}],
                }
            ],
            "interventions": [{"goals": "all", "service_code": "90834", "minutes": 45, "times": 1, "per": "week"}],
            "review": [{"date": "07/27/2026", "progress": [{"objective": "1a", "current": 9, "rating": "improved"}]}],
            "discharge": {"date": None, "outcomes": []},
        }
    ],
}


def complaints(content):
    return [error.message for error in JUDGE.iter_errors(content)]


def test_the_schema_is_one():
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    assert SCHEMA["$schema"].endswith("2020-12/schema")


def test_a_record_is_accepted_nested_and_flat():
    assert complaints(FILE) == []
    flat = json.loads(json.dumps(FILE))
    record = flat["records"][0]
    record["objectives"] = [{"goal": "1", **row} for row in record["goals"][0].pop("objectives")]
    assert complaints(flat) == []


def test_every_sample_of_every_pack_is_accepted():
    for pack in SHELF.packs.values():
        samples = json.loads(json.dumps(pack.samples(), default=str))
        for record in samples.get("records", []):
            record.pop("title", None)
            record.pop("demo", None)
        assert not samples or complaints(samples) == [], pack.name


@pytest.mark.parametrize(
    ("path", "key", "value"),
    [
        ((), "stuff", []),
        (("records", 0), "gaols", []),
        (("records", 0, "client"), "legal_nam", "Avery"),
        (("records", 0, "goals", 0, "objectives", 0), "targget", 3),
        (("records", 0, "client"), "age", 35),  # computed, never typed
        (("records", 0, "client"), "id", None),
        (("records", 0, "plan"), "weeks", "twelve"),
        (("records", 0, "plan"), "date", "next week"),
        (("records", 0, "goals", 0, "objectives", 0), "measure", "PHQ-10"),
    ],
)
def test_a_wrong_key_or_kind_is_refused(path, key, value):
    content = json.loads(json.dumps(FILE))
    inner = content
    for step in path:
        inner = inner[step]
    inner[key] = value
    assert complaints(content)
    with pytest.raises(ValidationError):
        models(ALL).file.model_validate(content)


def test_every_typed_field_is_asked_with_its_prompt_and_choices():
    names = {name.casefold(): table["properties"] for name, table in SCHEMA["$defs"].items()}
    for field in ALL.fields.values():
        asked = names[field.section.replace("_", "")]
        assert (field.name in asked) is not field.derived, field.path
        if not field.derived:
            assert asked[field.name]["title"] == field.label
            assert asked[field.name]["description"].startswith(field.prompt)
            shapes = asked[field.name].get("anyOf", [asked[field.name]])
            if field.choices:
                assert shapes[0].get("enum", [shapes[0].get("const")]) == [choice.value for choice in field.choices]
            for example in asked[field.name].get("examples", []):
                jsonschema.validate(example, asked[field.name])


def test_every_example_of_a_field_can_be_read():
    for field in ALL.fields.values():
        assert not isinstance(kinds.read(field.example, field), kinds.Unreadable), field.path


def test_what_a_model_writes_is_what_the_reader_takes(tmp_path):
    made = models(ALL).file.model_validate(FILE)
    path = tmp_path / "made.json"
    path.write_text(made.model_dump_json(exclude_none=True), encoding="utf-8")
    (record,) = json_records.read(path, ALL)
    assert [fact.kind for fact in record.facts] == []
    assert record.all("objectives")[0].target.text == "< 10" and str(record.all("objectives")[0].baseline) == "16"


def test_a_field_may_be_called_what_pydantic_calls_something_of_its_own(tmp_path):
    names = ("copy", "json", "model_fields", "model_dump", "model_config", "schema")
    fields = "".join(f'[fields.{name}]\nlabel = "{name}"\nkind = "text"\n' for name in names)
    (tmp_path / "fields").mkdir()
    (tmp_path / "fields" / "episode.toml").write_text(fields, encoding="utf-8")
    everything = shelf.load(tmp_path).all()
    record = {"client": {"id": "1"}, "episode": dict.fromkeys(names, "x")}
    model = models(everything).record.model_validate(record)
    assert model.model_dump(exclude_none=True) == record
    episode = json_schema(everything)["$defs"]["Episode"]["properties"]
    assert set(names) < set(episode) and "copy_" not in episode
