"""This file ensures that what we write into workbooks stays as it is, and that the same content is the same file."""

import io
import zipfile

import openpyxl
import pytest
from office import complaints

from toolkit import excel

TEXTS = ["plain", "=1+1", "#N/A", "_x0041_", "0042", "two\nlines", " spaces ", "Zoë 😀"]


def packed(*texts):
    book = openpyxl.Workbook()
    sheet = book.active
    for row, text in enumerate(texts, 1):
        excel.write(sheet.cell(row, 1), text)
    excel.page(sheet, landscape=True, header="1:1")
    return excel.pack(book, "Texts")


@pytest.mark.parametrize("text", TEXTS)
def test_text_stays_text_as_it_was_given(text):
    cell = openpyxl.load_workbook(io.BytesIO(packed(text))).active["A1"]
    assert (cell.value, cell.data_type) == (text, "s")


def test_the_same_content_is_the_same_file_whenever_it_is_written():
    data = packed(*TEXTS)
    assert data == packed(*TEXTS)
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        assert {part.date_time for part in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert b"1980-01-01" in package.read("docProps/core.xml")


def test_a_text_that_stands_twice_is_kept_once_where_excel_keeps_texts():
    with zipfile.ZipFile(io.BytesIO(packed("again", "again"))) as package:
        assert package.read("xl/sharedStrings.xml").count(b"again") == 1


def test_the_file_is_valid_for_excel(tmp_path):
    path = tmp_path / "texts.xlsx"
    path.write_bytes(packed(*TEXTS))
    assert complaints(path) == []


def test_what_excel_would_take_for_an_escape_and_what_xml_forbids_are_written_as_escapes():
    assert excel.escaped("bell \x07, _x0041_, half \ud83d") == "bell _x0007_, _x005F_x0041_, half _xD83D_"


@pytest.mark.parametrize("text", ["a" * 40_000, "😀" * 20_000, "a" + "😀" * 16_384])
def test_a_text_is_cut_where_excel_would_cut_it(text):
    short = excel.cut(text)
    assert excel.CELL_LIMIT - 1 <= excel.units(short) <= excel.CELL_LIMIT
    assert short[-1] == "…" and text.startswith(short[:-1])
    assert excel.cut(text[:16_383]) == text[:16_383]


def test_however_many_lines_follow_each_stands_in_its_row():
    book = openpyxl.Workbook()
    book.active.title = "Many"
    lines = (excel.Line(15, [(f"line {number}", 0, ""), (number, 0, "")]) for number in range(2, 1_003))
    data = excel.pack(book, "Lines", {"Many": lines})
    found = openpyxl.load_workbook(io.BytesIO(data))["Many"]
    assert [row[0].value for row in found.iter_rows(min_row=2)] == [f"line {number}" for number in range(2, 1_003)]
