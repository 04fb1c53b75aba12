"""This file ensures that a folder of CSV files says what the workbook says, however it was saved."""

import csv
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.tables import DEFINITIONS, csv_files, workbook
from toolkit import intake, kinds, text
from toolkit.errors import ReadError
from toolkit.intake import csv_folder

CLINIC = """
    ## Staff
    | Staff id | Name           |
    | JR       | José Rivera    |
    ## Clients
    | Client id | Legal name   | Date of birth | Clinician |
    | 00042     | Zoë “Z” Ray  | 03/14/1979    | JR        |
    | 7         | =Bo, & <Lind | 1980-01-02    | jr        |
    ## Plan
    | Client id | Plan date  | Summary                | Risk |
    | 00042     | 07/27/2026 | First line\\nsecond; "x" | low  |
    | 7         | soon       | n/a                    | mid  |
    ## Goals
    | Client id | Goal | Statemnt | Mine |
    | 00042     |      | Sleep    | x    |
    """


def told(batch):
    """Return all that a batch says, places and files apart."""
    return (
        [(fact.kind, str(fact.place), fact.path, fact.show) for fact in batch.facts],
        [
            (
                record.id,
                {name: [dict(row.values) for row in rows] for name, rows in record.rows.items()},
                [(fact.kind, str(fact.place), fact.show) for fact in record.facts],
                [
                    str(row.place(field.name))
                    for rows in record.rows.values()
                    for row in rows
                    for field in row.section.fields
                ],
            )
            for record in batch
        ],
    )


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_the_same_content_says_the_same_as_the_workbook(tmp_path, delimiter, encoding):
    book = tmp_path / "clients.xlsx"
    book.write_bytes(workbook(CLINIC))
    folder = csv_files(CLINIC, tmp_path / "csv", delimiter, encoding)
    assert told(intake.read(folder, DEFINITIONS)) == told(intake.read(book, DEFINITIONS))


def test_cells_are_counted_as_if_the_file_were_open_in_excel(tmp_path):
    (tmp_path / "Plan.csv").write_text('Client id,Summary,Plan date\n1,"two\nlines",\n\n2,b,soon\n', encoding="utf-8")
    (tmp_path / "clients.csv").write_text("Client id\n1\n2\n", encoding="utf-8")
    _, second = intake.read(tmp_path, DEFINITIONS)
    assert [str(fact.place) for fact in second.facts] == ["Plan!C4"]


def test_the_line_that_tells_excel_the_delimiter_is_not_counted(tmp_path):
    (tmp_path / "Clients.csv").write_text("sep=;\r\nClient id;Legal name\r\n1;Ray, Ann\r\n", encoding="utf-8")
    (record,) = intake.read(tmp_path, DEFINITIONS)
    assert record.get("client.legal_name") == "Ray, Ann"
    assert str(record.origin.place()) == "Clients!row 2"


def test_commas_in_the_text_of_a_file_with_semicolons_part_nothing(tmp_path):
    (tmp_path / "Clients.csv").write_text("Client id;Legal name\n1;a, b, c, d, e\n", encoding="utf-8")
    (record,) = intake.read(tmp_path, DEFINITIONS)
    assert record.get("client.legal_name") == "a, b, c, d, e"


def test_a_stray_quotation_mark_stands_as_it_is(tmp_path):
    (tmp_path / "Clients.csv").write_text('Client id,Legal name\n1,Ann "Zip" Ray\n2,"Bo" Lind\n', encoding="utf-8")
    first, second = intake.read(tmp_path, DEFINITIONS)
    assert first.get("client.legal_name") == 'Ann "Zip" Ray'
    assert second.get("client.legal_name") == "Bo Lind"


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (
            b'Client id,Legal name\n1,Ann\n2,"Bo\n3,Cy\n',
            "a quotation mark in the row at line 3 is opened and never closed",
        ),
        (
            "Client id,Legal name\n1,José\n2,Zoë\n".encode() + b"3,Bj\xf6rn\n",
            "line 4 holds characters that are damaged. Save it again in Excel as CSV UTF-8",
        ),
        (b"\xef\xbb\xbfClient id\n\xf6", "line 2 holds characters that are damaged"),
        (b"Client id\n" + b"x" * 200_000, "a cell there is longer than any in Excel"),
        (b"Client id\n\x81\x8d\xff", "is not text that can be read. In Excel choose Save As, CSV UTF-8"),
    ],
)
def test_a_file_that_cannot_be_told_apart_is_one_sentence(tmp_path, data, words):
    (tmp_path / "Clients.csv").write_bytes(data)
    with pytest.raises(ReadError, match=words) as raised:
        intake.read(tmp_path, DEFINITIONS)
    assert str(raised.value).startswith("Clients.csv")


def test_a_single_csv_file_is_sent_back_for_its_folder(tmp_path):
    (tmp_path / "Clients.csv").write_text("Client id\n1\n", encoding="utf-8")
    with pytest.raises(ReadError, match=r"is a single CSV file\. Put one CSV file for each sheet into a folder"):
        intake.read(tmp_path / "Clients.csv", DEFINITIONS)


def test_a_folder_with_both_kinds_is_sent_back(tmp_path):
    csv_files(CLINIC, tmp_path)
    (tmp_path / "clients.xlsx").write_bytes(workbook(CLINIC))
    with pytest.raises(ReadError, match=r"holds CSV files and workbooks\. Keep one kind"):
        intake.read(tmp_path, DEFINITIONS)


def test_each_file_is_an_input_with_its_digest(tmp_path):
    batch = intake.read(csv_files(CLINIC, tmp_path), DEFINITIONS)
    assert [(item.number, item.kind, len(item.sha256)) for item in batch.inputs] == [
        (number, "csv", 64) for number in range(1, 5)
    ]


@settings(max_examples=300)
@given(
    st.lists(st.text(st.characters(exclude_categories=("Cs",)), max_size=60), min_size=1, max_size=6),
    st.sampled_from(",;\t"),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
)
def test_any_text_arrives_as_canonical_text(typed, delimiter, encoding):
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, delimiter=delimiter, quoting=csv.QUOTE_ALL)
    writer.writerow(["Client id", "Legal name"])
    writer.writerows(["1", value] for value in typed)
    rows = csv_folder._rows(csv_folder._decoded(stream.getvalue().encode(encoding), "x"), "x")
    assert [kinds.as_text(row[1]) for row in rows[1:]] == [text.canonical(value) for value in typed]


@settings(max_examples=300)
@given(st.binary(max_size=200))
def test_no_bytes_are_ever_a_crash(data):
    try:
        rows = csv_folder._rows(csv_folder._decoded(data, "x"), "x")
    except ReadError:
        return
    assert all(isinstance(cell, str) for row in rows for cell in row)
