"""This file ensures that tables which LibreOffice tags become what screen readers understand."""

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name

from toolkit.pdf.tags import mend_tables


def tagged(*rows):
    """Return a PDF with a table; a cell is the name of the style of its paragraph, or its kind and that."""
    pdf = pikepdf.new()

    def element(kind, kids):
        look = Array([Dictionary(O=Name.Layout, Placement=Name.Block), Dictionary(O=Name.Table, ColSpan=1)])
        return pdf.make_indirect(Dictionary(Type=Name.StructElem, S=Name(f"/{kind}"), K=Array(kids), A=look))

    cells = [[(cell if isinstance(cell, tuple) else ("TD", cell)) for cell in row] for row in rows]
    lines = [element("TR", [element(kind, [element(style, [])]) for kind, style in row]) for row in cells]
    pdf.Root.StructTreeRoot = pdf.make_indirect(
        Dictionary(Type=Name.StructTreeRoot, K=element("Document", [element("Table", lines)]))
    )
    return pdf


def kinds(pdf):
    table = pdf.Root.StructTreeRoot.K.K[0]
    scopes = [
        [next((str(one.Scope)[1:] for one in cell.A if "/Scope" in one), "") for cell in row.K] for row in table.K
    ]
    return str(table.S)[1:], [[str(cell.S)[1:] for cell in row.K] for row in table.K], scopes


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        (
            [("Row Label", "Answer"), ("Row Label", "Answer")],
            ("Table", [["TH", "TD"], ["TH", "TD"]], [["Row", ""], ["Row", ""]]),
        ),
        (
            [(("TH", "Table Head"), ("TH", "Table Head")), ("Table Text", "Table Text")],
            ("Table", [["TH", "TH"], ["TD", "TD"]], [["Column", "Column"], ["", ""]]),
        ),
        ([("Card Label", "Card Label")], ("Div", [["Div", "Div"]], [["", ""]])),
        ([("Signature", "P"), ("P", "P")], ("Div", [["Div", "Div"], ["Div", "Div"]], [["", ""], ["", ""]])),
        ([("P", "P"), ("P", "P")], ("Table", [["TD", "TD"], ["TD", "TD"]], [["", ""], ["", ""]])),
        ([("Row Label",)], ("Div", [["Div"]], [[""]])),
    ],
    ids=["labels", "heads", "a card", "places to sign", "a table that says nothing", "a label alone"],
)
def test_labels_are_headings_and_what_is_no_table_is_none(rows, expected):
    pdf = tagged(*rows)
    mend_tables(pdf)
    assert kinds(pdf) == expected
    if expected[0] == "Div":
        assert [str(one.O) for one in pdf.Root.StructTreeRoot.K.K[0].A] == ["/Layout"]


def test_a_pdf_without_tags_is_left_alone():
    mend_tables(pikepdf.new())
