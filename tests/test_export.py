"""This file ensures that records go back to CSV and JSON, and come in again from there as they were."""

import json
from datetime import date
from decimal import Decimal

import pytest
from exporting import to_csv, to_json, to_jsonl
from tables import DEFINITIONS, grids, section

from toolkit import intake
from toolkit.intake import export, tables
from toolkit.intake.assemble import assemble
from toolkit.model import Choice, Chosen, Definitions, Field, Score


def records(text):
    rows, facts = tables.read(grids(text), DEFINITIONS)
    return assemble(rows, DEFINITIONS, facts).records


def values(found):
    """Return what the records hold, as plain dictionaries."""
    return [
        (record.id, {name: [dict(row.values) for row in rows if row.values] for name, rows in record.rows.items()})
        for record in found
    ]


TWO = records(
    """
    ## Staff
    | Staff id | Name         | Supervisor |
    | JR       | Jamie Rivera | DK         |
    | DK       | Dana Kim     |            |

    ## Clients
    | Client id | Legal name | Date of birth | Clinician | Days |
    | 0042      | Avery Reed | 03/18/1991    | JR        | 90   |
    | 0043      | =Bo "B" Ng |               | DK        |      |

    ## Plan
    | Client id | Plan date  | Summary            | Risk |
    | 0042      | 05/04/2026 | Two\\nlines; comma, | High |

    ## Goals
    | Client id | Goal | Statement |
    | 0042      | 1    | Ride      |
    | 0042      | 2    | Sleep     |

    ## Objectives
    | Client id | Goal | Objective | Statement |
    | 0042      | 2    | 2a        | In bed    |
    | 0042      | 1    | 1a        | One stop  |

    ## Interventions
    | Client id | Goals | Action |
    | 0042      | 1, 2  | Teach  |
    | 0042      | all   | Review |

    ## Reviews
    | Client id | Date       | View |
    | 0042      | 07/27/2026 | Good |

    ## Progress
    | Client id | Review date | Current |
    | 0042      | 07/27/2026  | 11      |
    """
)


def test_the_csv_folder_holds_every_sheet_and_column_and_cells_as_they_would_be_typed():
    folder = to_csv(TWO, DEFINITIONS)
    assert list(folder) == list(DEFINITIONS.sheets)
    assert folder["Clients"].decode("utf-8-sig").splitlines() == [
        "Client id,Clinician,Legal name,Days,Date of birth",
        "0042,JR,Avery Reed,90,03/18/1991",
        '0043,DK,"=Bo ""B"" Ng",,',
    ]
    assert folder["Interventions"].decode("utf-8-sig").splitlines() == [
        "Client id,Goals,Action",
        '0042,"1, 2",Teach',
        "0042,all,Review",
    ]
    assert folder["Extra"].decode("utf-8-sig") == "Client id,Tool\r\n"


def test_a_csv_folder_is_read_back_as_the_same_records(tmp_path):
    for name, data in to_csv(TWO, DEFINITIONS).items():
        (tmp_path / f"{name}.csv").write_bytes(data)
    found = intake.read(tmp_path, DEFINITIONS)
    assert not found.facts
    assert values(found) == values(TWO)


def test_json_is_nested_as_templates_see_it():
    content = json.loads(to_json(TWO))
    assert list(content) == ["staff", "records"]
    first = content["records"][0]
    assert first["client"] == {"id": "0042", "legal_name": "Avery Reed", "date_of_birth": "1991-03-18"}
    assert first["risk"] == {"level": "high"}
    assert first["goals"] == [
        {"goal": "1", "statement": "Ride", "objectives": [{"objective": "1a", "statement": "One stop"}]},
        {"goal": "2", "statement": "Sleep", "objectives": [{"objective": "2a", "statement": "In bed"}]},
    ]
    assert first["interventions"][1] == {"goals": ["all"], "action": "Review"}
    assert first["review"] == [{"date": "2026-07-27", "view": "Good", "progress": [{"current": "11"}]}]


def test_rows_of_which_one_has_no_parent_stay_flat_with_their_ids():
    (record,) = records(
        """
        ## Clients
        | Client id |
        | 1         |
        ## Goals
        | Client id | Goal | Statement |
        | 1         | 1    | Ride      |
        | 1         | 2    | Sleep     |
        ## Objectives
        | Client id | Goal | Objective | Statement |
        | 1         | 1    | 1a        | One stop  |
        | 1         |      | x         | In bed    |
        """
    )
    content = json.loads(to_json([record]))["records"][0]
    assert [row.get("objectives") for row in content["goals"]] == [None, None]
    assert [(row.get("goal"), row["objective"]) for row in content["objectives"]] == [("1", "1a"), (None, "x")]


@pytest.mark.parametrize(("name", "write"), [("all.json", to_json), ("all.jsonl", to_jsonl)])
def test_json_is_read_back_as_the_same_records(tmp_path, name, write):
    (tmp_path / name).write_text(write(TWO), encoding="utf-8")
    found = intake.read(tmp_path / name, DEFINITIONS)
    assert not found.facts
    (first, own), second = values(found)
    assert [row["objective"] for row in own["objectives"]] == ["1a", "2a"]  # nested, so goal by goal
    own["objectives"].reverse()
    assert [(first, own), second] == values(TWO)


def test_no_records_are_an_empty_list():
    assert json.loads(to_json([])) == {"records": []}
    assert to_jsonl([]) == ""


NUMBER = Field("a", "b", "B", "number", "A", 1)


@pytest.mark.parametrize(
    ("value", "kind", "written"),
    [
        (Decimal("4.5"), "number", 4.5),
        (Decimal("12"), "number", 12),
        (Decimal("4.50"), "number", "4.50"),
        (Decimal("0.1234567890123456789"), "number", "0.1234567890123456789"),
        (10**18, "integer", str(10**18)),
        (True, "yes_no", "Yes"),
        (Chosen("low", "Low"), "choice", "Low"),
        (Score("9 or less", Decimal(9), "<="), "score", "9 or less"),
        (date(2026, 7, 27), "date", date(2026, 7, 27)),
        (date(1899, 12, 31), "date", "12/31/1899"),
        (("1a", "2a"), "refs", "1a, 2a"),
        (("one", "two"), "lines", "one\ntwo"),
        (None, "text", None),
    ],
)
def test_a_cell_holds_what_reading_it_gives_back(value, kind, written):
    item = Field("a", "b", "B", kind, "A", 1, choices=(Choice("low", "Low"),))
    assert (export.cell(value, item), type(export.cell(value, item))) == (written, type(written))


def test_derived_fields_have_no_column():
    plan = section("plan", "Plan", ("date", "date"), ("end_date", "date", {"derived": True}))
    assert to_csv([], Definitions({"plan": plan}))["Plan"].decode("utf-8-sig") == "Client id,Date\r\n"
