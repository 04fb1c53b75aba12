"""This file ensures that the file for the printer shows all that its documents show, and nothing that is not so."""

import io
import shutil
import subprocess
from collections import Counter

import pikepdf
import pypdf
import pytest
from judging import SHELF, judge, sample
from pdf_files import FormFile
from pikepdf import Array, Dictionary, Name, String

from toolkit.batch.pdf_press import PdfPress
from toolkit.errors import ReadError
from toolkit.pdf import read
from toolkit.pdf.cover import Column, Table, draw, pages
from toolkit.pdf.fonts import Faces
from toolkit.pdf.printing import Drawn, PrintFile, hold_printable

FACES = Faces()
COVER = Drawn((612, 792), [b"q Q"], [b"<<>>"])


@pytest.fixture(scope="module")
def plan():
    """A whole treatment plan as a PDF form."""
    (case, *_) = judge(sample()).cases
    return PdfPress(SHELF).sheet(case, False).render()


def together(*documents):
    """Return the file for the printer that holds ``documents``, and how many pages each has."""
    file = io.BytesIO()
    whole = PrintFile(file)
    counts = [whole.add(data, f"Document {number}") for number, data in enumerate(documents, 1)]
    whole.finish("List", COVER)
    return file.getvalue(), counts


def lines(text):
    return Counter("".join(line.split()) for line in text.splitlines() if line.strip())


def pages_of(count=1, **entries):
    form = FormFile(count)
    for page in form.pdf.pages:
        for key, value in entries.items():
            page.obj[f"/{key}"] = value
    form.add("a", V=String("x"), AP=drawing(form, b"BT /Helv 9 Tf 2 4 Td (drawn) Tj ET"))
    return form


def drawing(form, operators):
    font = form.pdf.pages[0].obj.Resources
    entries = {"Type": Name.XObject, "Subtype": Name.Form, "BBox": Array([0, 0, 300, 18]), "Resources": font}
    return Dictionary(N=form.pdf.make_stream(operators, **entries))


# --- what it shows -------------------------------------------------------------------------------------------------


def test_each_page_says_what_the_document_and_its_fields_say(plan):
    data, (count,) = together(plan)
    form, whole = read.read(plan), read.read(data)
    assert whole.fields == {} and count == len(form.pages)
    shown = sum(map(lines, form.pages), Counter())
    shown += sum((lines(text) for one in form.fields.values() if not one.state for text in one.drawn), Counter())
    assert sum(map(lines, whole.pages), Counter()) == shown and shown.total() > 200


@pytest.mark.skipif(not shutil.which("pdftoppm"), reason="NOT LOOKED AT: poppler is missing")
def test_each_page_looks_like_the_document(plan, tmp_path):
    def pictures(data, first):
        path = tmp_path / "page.pdf"
        path.write_bytes(data)
        command = ["pdftoppm", "-r", "50", "-f", str(first), "-l", str(first + 2), str(path)]
        return subprocess.run(command, check=True, capture_output=True).stdout

    data, _ = together(plan)
    before, after = pictures(plan, 1), pictures(data, 3)
    assert len(before) == len(after) > 100_000
    assert sum(abs(one - other) > 24 for one, other in zip(before, after, strict=True)) < len(before) / 20_000


@pytest.mark.parametrize("flags", [0, 4, 32])
def test_a_field_that_can_be_seen_is_printed_whatever_its_form_says_of_printing(flags):
    form = pages_of()
    form.pdf.pages[0].obj.Annots[0].F = flags
    assert "drawn" in read.read(together(form.bytes())[0]).pages[2]


@pytest.mark.parametrize("flags", [2, 6])
def test_a_field_that_is_hidden_is_not_printed(flags):
    form = pages_of()
    form.pdf.pages[0].obj.Annots[0].F = flags
    assert "drawn" not in read.read(together(form.bytes())[0]).pages[2]


def test_size_and_turn_of_a_page_are_kept_also_where_it_inherits_them():
    form = pages_of()
    page = form.pdf.pages[0].obj
    form.pdf.Root.Pages.Rotate = 90
    form.pdf.Root.Pages.MediaBox = Array([0, 0, 595, 842])
    del page["/MediaBox"]
    with pikepdf.open(io.BytesIO(together(form.bytes())[0])) as pdf:
        assert [list(page.MediaBox) for page in pdf.pages][2:] == [[0, 0, 595, 842]] * 2  # the blank one, too
        assert pdf.pages[2].Rotate == 90


# --- how it stands -------------------------------------------------------------------------------------------------


def test_each_document_begins_on_an_odd_page_and_has_a_bookmark():
    data, counts = together(pages_of(3).bytes(), pages_of(2).bytes(), pages_of(1).bytes())
    assert counts == [3, 2, 1]
    reader = pypdf.PdfReader(io.BytesIO(data), strict=True)
    assert [len(page.extract_text().strip()) > 0 for page in reader.pages] == [
        False, False, True, True, True, False, True, True, True, False,
    ]  # fmt: skip
    found = [(item.title, reader.get_destination_page_number(item)) for item in reader.outline]
    assert found == [("List", 0), ("Document 1", 2), ("Document 2", 6), ("Document 3", 8)]
    assert reader.trailer["/Root"]["/ViewerPreferences"]["/Duplex"] == "/DuplexFlipLongEdge"


def test_the_same_documents_give_the_same_bytes_and_readers_take_them(plan, tmp_path):
    data, _ = together(plan, plan)
    assert data == together(plan, plan)[0]
    with pikepdf.open(io.BytesIO(data)) as pdf:
        assert pdf.check_pdf_syntax() == [] and not pdf.get_warnings() and "/AcroForm" not in pdf.Root
    (tmp_path / "all.pdf").write_bytes(data)
    if shutil.which("pdfinfo"):
        said = subprocess.run(["pdfinfo", tmp_path / "all.pdf"], capture_output=True, text=True, check=True)
        assert not said.stderr and "Form:            none" in said.stdout


def test_what_documents_have_in_common_is_there_once_and_is_not_held(plan):
    class Written(io.BytesIO):
        largest = 0

        def write(self, data):
            self.largest = max(self.largest, len(data))
            return super().write(data)

    file = Written()
    whole = PrintFile(file)
    sizes = []
    for number in range(4):
        before = file.tell()
        whole.add(plan, str(number))
        sizes.append(file.tell() - before)  # it is written as it grows
    assert sizes[1] == pytest.approx(sizes[3], abs=2000) and sizes[1] < sizes[0] / 2
    assert file.largest < sizes[0] / 2


def test_an_object_that_refers_to_itself_is_copied():
    form = pages_of()
    loop = form.pdf.make_indirect(Dictionary(Kind=Name.Loop))
    loop.Self = loop
    form.pdf.pages[0].obj.Resources.Properties = Dictionary(L=loop)
    with pikepdf.open(io.BytesIO(together(form.bytes())[0])) as pdf:
        found = pdf.pages[2].Resources.Properties.L
        assert found.Kind == Name.Loop and found.Self.objgen == found.objgen


# --- what it does not take -----------------------------------------------------------------------------------------


def needs_appearances(form):
    form.form.NeedAppearances = True


def stored_and_not_drawn(form):
    form.add("b", V=String("a dose"))


def below_a_parent(form):
    form.group("c", "1").V = String("a dose")
    del form.pdf.pages[0].obj.Annots[-1]["/AP"]


def on_and_not_drawn(form):
    box = form.add("c", "check")
    box.AS = Name.Yes
    del box["/AP"]


def xfa(form):
    form.form.XFA = String("<xdp/>")


def layers(form):
    form.pdf.Root.OCProperties = Dictionary()


@pytest.mark.parametrize(
    "spoil", [needs_appearances, stored_and_not_drawn, below_a_parent, on_and_not_drawn, xfa, layers]
)
def test_what_readers_show_otherwise_than_it_is_stored_is_refused_and_leaves_no_page(spoil):
    form = pages_of()
    hold_printable(form.bytes())
    spoil(form)
    with pytest.raises(ReadError):
        hold_printable(form.bytes())
    file = io.BytesIO()
    whole = PrintFile(file)
    with pytest.raises(ReadError):
        whole.add(form.bytes(), "Spoilt")
    whole.add(pages_of().bytes(), "Whole")
    whole.finish("List", COVER)
    assert [item.title for item in pypdf.PdfReader(io.BytesIO(file.getvalue())).outline] == ["List", "Whole"]


@pytest.mark.parametrize(
    "data", [b"", b"%PDF-1.7 cut off", pages_of().bytes(encryption=pikepdf.Encryption(user="x", owner="x"))]
)
def test_what_is_no_open_pdf_is_refused(data):
    with pytest.raises(ReadError):
        PrintFile(io.BytesIO()).add(data, "x")


# --- the cover -----------------------------------------------------------------------------------------------------


def test_a_cover_goes_on_on_further_pages_with_the_head_of_its_table():
    rows = [(f"{number:04} A.B.", "Treatment plan", "7", f"Client: Zoë Nguyễn {number}") for number in range(120)]
    table = Table("In this file", [Column("Client", 80), Column("Document", 140), Column("Pages", 40),
                                   Column("Who signs", 260)], rows)  # fmt: skip
    file = io.BytesIO()
    whole = PrintFile(file)
    whole.add(pages_of().bytes(), "One")
    cover = draw(FACES, "Documents to print", ["One note."], [table], whole.following)
    assert len(cover.pages) == pages(FACES, "Documents to print", ["One note."], [table]) == 4
    whole.finish("Documents to print", cover)
    shown = read.read(file.getvalue()).pages
    assert sum(lines("\n".join(shown[:4])).values()) >= 480
    for number, page in enumerate(shown[:4], 1):
        assert "Who signs" in page and f"page {number} of 4 of this list" in page
    assert all(f"Zoë Nguyễn {number}\n" in "\n".join(shown) for number in range(120))
