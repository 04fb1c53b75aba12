"""This file ensures that what goes into a PDF form is what a reader sees in it, and that nothing else changes."""

import io
import logging
import shutil
import subprocess
import unicodedata

import pikepdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from pdf_files import COMB, EDIT, MULTILINE, MULTIPLE, FormFile, ideograph_face, options
from pikepdf import Array, Dictionary, Name, String
from pypdf import PdfReader

from toolkit.model import Missing
from toolkit.pdf import read
from toolkit.pdf.compile import compile_form
from toolkit.pdf.fill import Cut, Filler
from toolkit.pdf.fonts import Faces
from toolkit.pdf.form import Misfit

FACES = Faces()
PAGE = (20, 20, 590, 770)


def one_of_each():
    file = FormFile(2)
    file.add("client.legal_name", TU=String("Name: what is the client called?"))
    file.add("client.story", flags=MULTILINE, rect=(40, 300, 560, 700), page=1)
    file.add("client.record_number", flags=COMB, MaxLen=8)
    file.add("consent", "check")
    file.group("legal_status", "none", "guardian")
    file.add("level", "choice", Opt=options(("IOP", "Intensive outpatient"), ("OP", "Outpatient")))
    file.add("days", "list", flags=MULTIPLE, rect=(400, 40, 560, 120), Opt=options(("mo", "Monday"), ("tu", "Tuesday")))
    file.add("sign.client.signature", "signature")
    file.add("print", "button")
    return file


VALUES = {
    "client.legal_name": "Zoë Nguyễn-Łukasz “Žižka” ≥ ½ ☐ → –",
    "client.story": "• first\n• second, with a line that is longer than the box is wide "
    + "and goes on " * 20
    + "\n\nend",
    "client.record_number": "AB-12",
    "consent": True,
    "legal_status": "guardian",
    "level": "IOP",
    "days": ["tu", "mo"],
}
DRAWN = {
    "client.legal_name": (VALUES["client.legal_name"],),
    "client.story": (VALUES["client.story"],),
    "client.record_number": ("AB-12",),
    "consent": ("Yes",),
    "legal_status": ("Off", "guardian"),
    "level": ("Intensive outpatient",),
    "days": ("Monday\nTuesday",),
}


def filled(file, values, *, table=False, **more):
    return Filler(compile_form(file.bytes(table=table)), FACES).fill(values, **more)


def drawn(made):
    assert all(seen.whole for seen in made.fields.values())
    return {name: seen.drawn for name, seen in made.fields.items()}


# --- what goes in is what is seen ----------------------------------------------------------------------------------


@pytest.mark.parametrize("table", [False, True], ids=["object streams", "a table"])
def test_every_kind_of_field_shows_what_went_in(table):
    done = filled(one_of_each(), VALUES, table=table)
    assert done.misfits == []
    assert DRAWN.items() <= drawn(read.read(done.data)).items()


def test_a_choice_stores_what_the_form_exports_and_shows_its_label():
    made = read.read(filled(one_of_each(), {"level": "Outpatient", "days": ["tu"]}).data)
    assert (made.fields["level"].value, made.fields["level"].drawn) == ("OP", ("Outpatient",))
    assert made.fields["days"].value == "tu"


def test_the_stored_value_is_the_whole_text():
    made = read.read(filled(one_of_each(), VALUES).data)
    assert made.fields["client.story"].value == VALUES["client.story"]
    assert made.fields["client.legal_name"].value == VALUES["client.legal_name"]


SCRIPTS = st.one_of(
    st.characters(min_codepoint=0x20, max_codepoint=0x7E),
    st.sampled_from("àéîõüçñøåßÆœŁłŻžŠčĐđŐőűİığşŢţ"),
    st.sampled_from("ăâđêôơưẮằẳẵặấầẩẫậếềểễệốồổỗộớờởỡợứừửữựỳỷỹỵ"),
    st.sampled_from("ΑΒΓΔΩαβγδωάέήίόύώΐΰς"),
    st.sampled_from("АБВГДЖЩЫЭЮЯабвгджщыэюяҐґЄєІіЇїЉљЊњЋћЏџ"),
    st.sampled_from("‘’“”„‚«»–—…•·°±×÷¼½¾≥≤≠≈→←↑↓☐☑☒✓✗€£¥©®™№²³µ\u00a0\u2011\u00ad\u200b\u2009"),
)
TEXT = st.text(st.one_of(SCRIPTS, st.just(" ")), max_size=300).map(lambda text: unicodedata.normalize("NFC", text))
LINES = st.lists(TEXT, min_size=1, max_size=14).map("\n".join)


@settings(max_examples=150, deadline=None)
@given(LINES)
def test_any_text_of_several_lines_is_read_back_as_it_went_in(text):
    file = FormFile()
    file.add("story", flags=MULTILINE, rect=PAGE)
    done = filled(file, {"story": text})
    if not done.misfits:
        made = read.read(done.data).fields["story"]
        assert (made.value, made.drawn, made.whole) == (text, (text,), True)
    else:
        (misfit,) = done.misfits
        assert misfit.why == "overflow"
        assert read.read(done.data).fields["story"].drawn == (text[: misfit.at].removesuffix("\n"),)


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 4000), st.sampled_from(["x", "word ", "Nguyễn ", "line\n", "a-b/c, ", "Ж", "½ ≥ "]))
def test_a_text_of_any_length_is_drawn_whole_or_continued(length, piece):
    text = (piece * length)[:length]
    file = FormFile()
    file.add("story", flags=MULTILINE, rect=(40, 500, 400, 700))
    file.add("more", flags=MULTILINE, rect=PAGE)
    filler = Filler(compile_form(file.bytes()), FACES)
    first = filler.fill({"story": text}, continued=True)
    if first.misfits:
        (misfit,) = first.misfits
        cuts, rest = {"story": Cut(misfit.at, 2)}, text[misfit.at :]
        done = filler.fill({"story": text, "more": rest[:1500]}, cuts=cuts)
        made = read.read(done.data).fields
        assert not any(one.name == "story" for one in done.misfits)
        assert made["story"].value == text
        assert made["story"].whole
        assert made["story"].drawn == (f"{text[: misfit.at].removesuffix(chr(10))}\n… continued on page 2",)
        assert text[: misfit.at] + rest == text
    else:
        assert read.read(first.data).fields["story"].drawn == (text,)


@settings(max_examples=100, deadline=None)
@given(TEXT.filter(lambda text: len(text) < 120))
def test_a_line_is_drawn_whole_or_told(text):
    file = FormFile()
    file.add("name", rect=(40, 700, 340, 718))
    done = filled(file, {"name": text})
    made = read.read(done.data).fields["name"]
    assert made.value == text
    assert made.whole
    shown = text[: done.misfits[0].at] if done.misfits else text
    assert made.drawn == (shown,)


def test_text_is_shrunk_to_the_floor_and_no_further():
    file = FormFile()
    file.add("story", flags=MULTILINE, rect=(40, 650, 300, 700))
    long = "seven words that have to be continued " * 20
    for text, misfits in (("short", 0), (long, 1)):
        done = filled(file, {"story": text})
        sizes = {float(size) for size in _sizes(done.data)}
        assert (len(done.misfits), sizes) == ((0, {9.5}) if not misfits else (1, {7.5}))


def _sizes(data):
    with pikepdf.open(io.BytesIO(data)) as pdf:
        content = pdf.Root.AcroForm.Fields[0].AP.N.read_bytes()
    words = content.split()
    return [words[at - 1] for at, word in enumerate(words) if word == b"Tf"]


@pytest.mark.parametrize("align", [0, 1, 2])
@pytest.mark.parametrize("flags", [0, MULTILINE])
def test_alignment_keeps_text_in_the_box(align, flags):
    file = FormFile()
    file.add("name", flags=flags, rect=(40, 600, 340, 700), Q=align)
    text = "Nguyễn Văn An, " * (3 if not flags else 20)
    assert drawn(read.read(filled(file, {"name": text.strip()}).data)) == {"name": (text.strip(),)}


@pytest.mark.parametrize("turned", [90, 180, 270])
def test_a_turned_field_is_read_back(turned):
    file = FormFile()
    file.add("name", rect=(40, 400, 60, 700) if turned % 180 else (40, 680, 340, 700), MK=Dictionary(R=turned))
    made = read.read(filled(file, {"name": "sideways"}).data)
    assert made.fields["name"].drawn == ("sideways",)


def test_fields_of_one_name_and_several_places_all_show_the_value():
    file = FormFile(2)
    field = file.group("client", kind="text")
    field.FT = Name.Tx
    del field.V
    for page in range(2):
        field.Kids.append(file.widget(page, Parent=field))
    file.add("twice")
    file.add("twice")
    made = read.read(filled(file, {"client": "Ana Ruiz", "twice": "2"}).data)
    assert made.fields["client"].drawn == ("Ana Ruiz", "Ana Ruiz")
    assert made.fields["twice"].drawn == ("2",)


# --- what does not go in is told -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"level": "Inpatient"}, Misfit("level", "choice")),
        ({"days": ["mo", "su"]}, Misfit("days", "choice")),
        ({"legal_status": "parent"}, Misfit("legal_status", "choice")),
        ({"legal_status": True}, Misfit("legal_status", "choice")),
        ({"consent": "maybe"}, Misfit("consent", "choice")),
        ({"client.age": "9"}, Misfit("client.age", "unknown")),
        ({"sign.client.signature": "x"}, Misfit("sign.client.signature", "unknown")),
        ({"client.record_number": "123456789"}, Misfit("client.record_number", "overflow", 8)),
        ({"client.legal_name": "李 Ana"}, Misfit("client.legal_name", "characters", characters="李")),
        ({"client.story": "שלום ภา 😀"}, Misfit("client.story", "characters", characters="םוללשภา😀")),
    ],
)
def test_what_a_form_does_not_take_is_told(values, expected):
    (misfit,) = filled(one_of_each(), values).misfits
    assert replace(misfit, characters="") == replace(expected, characters="")
    assert set(misfit.characters) == set(expected.characters)


def test_a_drop_down_that_takes_other_text_takes_it():
    file = FormFile()
    file.add("level", "choice", flags=EDIT, Opt=options(("IOP", "Intensive")))
    made = read.read(filled(file, {"level": "Something else"}).data)
    assert made.fields["level"].drawn == ("Something else",)


def test_a_character_that_no_face_has_never_reads_as_it_did():
    made = read.read(filled(one_of_each(), {"client.legal_name": "李 Ana"}).data)
    assert made.fields["client.legal_name"].drawn == ("\ufffd Ana",)


def test_a_face_of_the_clinic_draws_what_the_shipped_ones_lack(tmp_path):
    faces = Faces([ideograph_face(tmp_path / "boxes.ttf", "李明中文医生。\U0002000b")])
    file = FormFile()
    file.add("name")
    file.add("story", flags=MULTILINE, rect=(40, 500, 140, 700))
    values = {"name": "李明 (Li Ming) \U0002000b", "story": "中文医生。" * 20 + "\nend"}
    done = Filler(compile_form(file.bytes()), faces).fill(values)
    assert done.misfits == []
    assert drawn(read.read(done.data)) == {name: (value,) for name, value in values.items()}


# --- nothing else changes ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("table", [False, True], ids=["object streams", "a table"])
def test_a_filled_form_is_the_form_and_one_revision(table):
    data = one_of_each().bytes(table=table)
    filler = Filler(compile_form(data), FACES)
    first, second = (filler.fill(VALUES).data for _ in range(2))
    assert first == second == Filler(compile_form(data), FACES).fill(VALUES).data
    assert first.startswith(data)
    assert first.count(b"startxref") == 2
    identities = [list(map(bytes, pikepdf.open(io.BytesIO(item)).trailer.ID)) for item in (data, first)]
    assert identities[0][0] == identities[1][0]
    assert identities[0][1] != identities[1][1]


def test_names_places_and_flags_of_fields_stay():
    data = one_of_each().bytes()
    before, after = (pikepdf.open(io.BytesIO(item)) for item in (data, filled(one_of_each(), VALUES).data))
    for old, new in zip(before.Root.AcroForm.Fields, after.Root.AcroForm.Fields, strict=True):
        for one, other in zip(old.get("/Kids", [old]), new.get("/Kids", [new]), strict=True):
            for key in set(one.keys()) - {"/V", "/AP", "/AS", "/Parent", "/Kids", "/P"}:
                assert one[key] == other[key], key


def test_readers_are_not_asked_to_draw_the_fields_anew():
    file = one_of_each()
    file.form.NeedAppearances = True
    done = filled(file, VALUES)
    with pikepdf.open(io.BytesIO(done.data)) as pdf:
        assert "/NeedAppearances" not in pdf.Root.AcroForm
        assert len(pdf.Root.AcroForm.Fields) == 7


def test_nothing_to_fill_leaves_the_bytes_alone():
    data = one_of_each().bytes()
    assert Filler(compile_form(data), FACES).fill({}).data == data


# --- other programs --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("flat", [False, True], ids=["fields", "flat"])
@pytest.mark.parametrize("table", [False, True], ids=["object streams", "a table"])
def test_other_programs_accept_the_file(table, flat, tmp_path, caplog):
    done = Filler(compile_form(one_of_each().bytes(table=table), flat=flat), FACES).fill(VALUES)
    with caplog.at_level(logging.WARNING):
        reader = PdfReader(io.BytesIO(done.data), strict=True)
        assert len(reader.pages) == 2
        if not flat:
            fields = reader.get_fields()
            assert fields["client.legal_name"]["/V"] == VALUES["client.legal_name"]
            assert fields["legal_status"]["/V"] == "/guardian"
    assert caplog.records == []
    with pikepdf.open(io.BytesIO(done.data)) as pdf:
        assert pdf.check_pdf_syntax() == []
    (tmp_path / "filled.pdf").write_bytes(done.data)
    if shutil.which("qpdf"):
        checked = subprocess.run(["qpdf", "--check", tmp_path / "filled.pdf"], capture_output=True, text=True)
        assert checked.returncode == 0, checked.stdout + checked.stderr
    if shutil.which("pdftotext"):
        printed = subprocess.run(
            ["pdftotext", "-layout", tmp_path / "filled.pdf", "-"], capture_output=True, text=True, check=True
        )
        assert printed.stderr == ""
        assert VALUES["client.legal_name"] in printed.stdout
        assert "Intensive outpatient" in printed.stdout


# --- flat copies and drafts ------------------------------------------------------------------------------------------


def test_a_flat_copy_has_no_fields_and_its_pages_show_the_same():
    done = Filler(compile_form(one_of_each().bytes(), flat=True), FACES).fill(VALUES)
    made = read.read(done.data)
    assert (done.misfits, made.fields) == ([], {})
    text = "\n".join(made.pages)
    for name in ("client.legal_name", "client.story", "client.record_number"):
        assert VALUES[name] in text
    assert "Intensive outpatient" in text
    with pikepdf.open(io.BytesIO(done.data)) as pdf:
        assert "/AcroForm" not in pdf.Root
        assert not any(len(page.obj.get("/Annots", [])) for page in pdf.pages)


def test_a_draft_says_so_on_every_page_and_shows_its_questions():
    file = one_of_each()
    empty = file.pdf.make_stream(b"", Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, 612, 792]))
    for page in file.pdf.pages:
        page.obj.Resources.XObject = Dictionary(Draft=empty)
        page.contents_add(b"/Draft Do")
    filler = Filler(compile_form(file.bytes()), FACES)
    question = Missing("Level of care: which?")
    assert all("DRAFT" in page for page in read.read(filler.fill({"level": question}, draft=True).data).pages)
    assert read.read(filler.fill({"level": question}, draft=True).data).fields["level"].drawn == (question,)
    assert not any("DRAFT" in page for page in read.read(filler.fill(VALUES).data).pages)
