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
