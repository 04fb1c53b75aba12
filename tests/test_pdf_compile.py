"""This file ensures that any form is opened with care, and that what cannot be filled is said in one plain sentence."""

import io
import re
import zlib

import pikepdf
import pytest
from pdf_files import COMB, MULTILINE, READ_ONLY, REQUIRED, FormFile, options
from pikepdf import Array, Dictionary, Name, String

from toolkit.errors import ReadError
from toolkit.pdf import compile as compiling
from toolkit.pdf import read
from toolkit.pdf.compile import compile_form
from toolkit.pdf.fill import Filler
from toolkit.pdf.fonts import Faces
from toolkit.pdf.form import Style


def form_of(file, **more):
    return compile_form(file.bytes(), **more)


def test_fields_are_known_by_their_full_names_in_the_order_of_the_form():
    file = FormFile()
    for name in ("client.legal_name", "goals[0].objectives[1].target", "goals[0].statement"):
        file.add(name)
    assert list(form_of(file).fields) == ["client.legal_name", "goals[0].objectives[1].target", "goals[0].statement"]


def test_a_field_is_described_by_what_its_form_says():
    file = FormFile(2)
    file.add("code", flags=COMB | REQUIRED, MaxLen=5, TU=String("Code"), page=1, rect=(340, 20, 40, 40))
    file.add("level", "choice", flags=READ_ONLY, Opt=options(("a", "A"), ("b", "")), V=String("a"))
    file.add("story", flags=MULTILINE, DA=String("/HeBo 8 Tf 1 0 0 rg"), Q=2)
    fields = form_of(file).fields
    code, level, story = fields["code"], fields["level"], fields["story"]
    assert (code.kind, code.comb, code.max_length, code.required, code.label) == ("text", True, 5, True, "Code")
    assert (code.widgets[0].page, code.widgets[0].rect) == (1, (40, 20, 340, 40))
    assert (level.options, level.value, level.read_only) == ((("a", "A"), ("b", "b")), "a", True)
    assert (story.multiline, story.widgets[0].style) == (True, Style(8, b"1 0 0 rg", bold=True, align=2))


def test_what_a_field_inherits_counts_as_its_own():
    file = FormFile()
    field = file.add("goals[0].statement")
    parent = file.form.Fields[0]
    parent.FT, parent.Ff, parent.DA = Name.Tx, MULTILINE, String("/Helv 8 Tf")
    del field.FT, field.Ff
    found = form_of(file).fields["goals[0].statement"]
    assert (found.kind, found.multiline, found.widgets[0].style.size) == ("text", True, 8)


def test_a_check_box_without_an_appearance_gets_one():
    file = FormFile()
    field = file.add("consent", "check", AP=Dictionary())
    del field.AP
    made = read.read(Filler(form_of(file), Faces()).fill({"consent": True}).data)
    assert made.fields["consent"].drawn == ("Yes",)


def test_fields_without_an_object_of_their_own_get_one():
    file = FormFile()
    item = Dictionary(
        T=String("name"), FT=Name.Tx, Type=Name.Annot, Subtype=Name.Widget, Rect=Array([40, 40, 200, 60]), F=4
    )
    file.form.Fields.append(item)
    form = form_of(file)
    assert read.read(Filler(form, Faces()).fill({"name": "Ana"}).data).fields["name"].drawn == ("Ana",)


def test_scripts_and_actions_are_left_alone():
    file = FormFile()
    file.add("name", AA=Dictionary(K=Dictionary(S=Name.JavaScript, JS=String("app.alert(1)"))))
    file.pdf.Root.OpenAction = Dictionary(S=Name.JavaScript, JS=String("app.alert(2)"))
    data = file.bytes()
    done = Filler(compile_form(data), Faces()).fill({"name": "Ana"}).data
    assert done.startswith(data)


# --- what cannot be filled -------------------------------------------------------------------------------------------


def plain():
    file = FormFile()
    file.add("name")
    return file


def xfa():
    file = plain()
    file.form.XFA = file.pdf.make_stream(b"<xdp/>")
    return file.bytes()


def signed():
    file = plain()
    file.add("sign.client.signature", "signature", V=Dictionary(Type=Name.Sig, Filter=Name("/Adobe.PPKLite")))
    return file.bytes()


def encrypted(user):
    return plain().bytes(encryption=pikepdf.Encryption(user=user, owner="owner", R=6))


def endless():
    file = plain()
    for depth in range(60):
        file.parent(".".join(f"a{level}" for level in range(depth + 1)))
    file.add(".".join(f"a{level}" for level in range(60)) + ".name")
    return file.bytes()


def circular():
    file = plain()
    file.add("a.b")
    file.form.Fields[1].Kids.append(file.form.Fields[1])
    return file.bytes()


def bomb():
    data = plain().bytes(table=True)
    packed = zlib.compress(b"\0" * 600_000_000, 9)
    content = b"1 0 obj\n<</Filter/FlateDecode/Length %d>>\nstream\n%b\nendstream\nendobj\n" % (len(packed), packed)
    return data[:15] + content + data[15:]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (xfa, "is a form of the XFA kind"),
        (signed, "has been signed"),
        (lambda: encrypted("secret"), "is protected by a password"),
        (lambda: encrypted(""), "is protected"),
        (lambda: FormFile().bytes(), "has no fields"),
        (lambda: plain().bytes()[:-200], "is damaged"),
        (lambda: re.sub(rb"startxref\n\d+", b"startxref\n7", plain().bytes()), "is damaged"),
        (lambda: b"PK\x03\x04 a Word file", "is damaged or not a PDF"),
        (lambda: b"", "is damaged or not a PDF"),
        (endless, "has too many fields"),
        (circular, "has too many fields"),
        (bomb, "is unreasonably large"),
    ],
    ids=[
        "xfa",
        "signed",
        "password",
        "restricted",
        "field-less",
        "cut",
        "wrong-start",
        "word",
        "empty",
        "endless",
        "circular",
        "bomb",
    ],
)
def test_a_form_that_cannot_be_filled_is_one_plain_sentence_with_the_way_out(data, words):
    with pytest.raises(ReadError) as raised:
        compile_form(data(), "payer.pdf")
    said = str(raised.value)
    assert said.startswith("payer.pdf ")
    assert words in said
    assert said.endswith(".")
    assert said.count(". ") <= 1


def test_too_many_objects_and_too_many_fields_are_told(monkeypatch):
    file = plain()
    for number in range(30):
        file.add(f"f{number}")
    data = file.bytes()
    for limit in ("MAX_FIELDS", "MAX_OBJECTS", "MAX_BYTES"):
        with monkeypatch.context() as patch, pytest.raises(ReadError):
            patch.setattr(compiling, limit, 20)
            compile_form(data)


@pytest.mark.parametrize("part", range(0, 100, 4))
def test_damage_anywhere_is_told_or_harmless(part):
    data = bytearray(plain().bytes())
    data[len(data) * part // 100] ^= 0x55
    try:
        form = compile_form(bytes(data))
    except ReadError:
        return
    values = {name: "Ana" for name, field in form.fields.items() if field.kind == "text"}
    with pikepdf.open(io.BytesIO(Filler(form, Faces()).fill(values).data)) as pdf:
        assert len(pdf.pages)


def test_a_field_that_stands_twice_is_drawn_in_the_size_of_each_place():
    pdf = pikepdf.new()
    page = pdf.add_blank_page(page_size=(300, 200)).obj
    places = []
    for y, size in ((150, 14), (100, 8)):
        look = String(f"/Helv {size} Tf 0 g")
        place = Dictionary(Type=Name.Annot, Subtype=Name.Widget, Rect=[10, y, 290, y + 20], P=page, DA=look)
        places.append(pdf.make_indirect(place))
    name = pdf.make_indirect(Dictionary(T=String("name"), FT=Name.Tx, Kids=places))
    for place in places:
        place.Parent = name
    page.Annots = Array(places)
    pdf.Root.AcroForm = Dictionary(Fields=[name])
    out = io.BytesIO()
    pdf.save(out)
    filled = Filler(compile_form(out.getvalue()), Faces()).fill({"name": "Ann"}).data
    with pikepdf.open(io.BytesIO(filled)) as read:
        drawn = [place.AP.N.read_bytes() for place in read.Root.AcroForm.Fields[0].Kids]
    assert [re.search(rb" (\d+) Tf", one)[1] for one in drawn] == [b"14", b"8"]


def with_every_kind():
    file = FormFile()
    file.add("name", MK=Dictionary(BG=Array([1]), BC=Array([0, 0, 1])), Q=1)
    file.add("code", flags=COMB, MaxLen=5)
    file.add("consent", "check")
    file.group("status", "none", "guardian")
    file.add("level", "choice", Opt=options(("a", "A"), ("b", "")))
    return file.bytes(table=True)


SPOTS = [
    found.span()
    for found in re.finditer(rb"(?<= )(\d+ 0 R|-?[\d.]+|/[A-Za-z]+|\([^)]*\)|\[[^\]]*\])", with_every_kind())
]


@pytest.mark.parametrize("flat", [False, True], ids=["fields", "flat"])
@pytest.mark.parametrize("odd", [b"0", b"[]", b"/X", b"()"])
def test_what_stands_where_it_does_not_belong_is_told_or_harmless(odd, flat):
    values = {"name": "Ana", "code": "AB", "consent": True, "status": "none", "level": "a"}
    told = 0
    for start, end in SPOTS[::3]:
        data = with_every_kind()
        data = data[:start] + odd[: end - start].ljust(end - start) + data[end:]
        try:
            read.read(Filler(compile_form(data, flat=flat), Faces()).fill(values).data)
        except ReadError:
            told += 1
    assert told
