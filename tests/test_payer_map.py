"""This file ensures that a payer's form is listed field by field, that what is proposed is right, and the rest open."""

import io
import re
import tomllib
import zlib

import pikepdf
import pytest
from judging import SHELF
from payer_files import PayerForm, authorization, script
from pdf_files import COMB, EDIT, MULTILINE, MULTIPLE, READ_ONLY, REQUIRED, FormFile, options
from pikepdf import Array, Dictionary, Name, String

from toolkit import demo
from toolkit.batch.payer_forms import everything, mapped
from toolkit.errors import ReadError, ToolkitError
from toolkit.pdf import read
from toolkit.pdf.compile import compile_form
from toolkit.pdf.labels import Printed
from toolkit.pdf.mapping import held
from toolkit.pdf.mapping import read as read_mapping
from toolkit.pdf.mapping_file import told, written
from toolkit.pdf.propose import Proposer
from toolkit.shelf import builtin_templates

EVERYTHING = everything(SHELF)
DOCUMENT = SHELF.all().documents["treatment_plan"]


def proposed(form, document=DOCUMENT):
    data = form if isinstance(form, bytes) else form.bytes(table=True)
    found = Proposer(EVERYTHING, document).proposals(compile_form(data, "otr.pdf"))
    return {one.field.name: one for one in found}


def label_of(form, name="x"):
    compiled = compile_form(form.bytes(), "otr.pdf")
    return Printed(compiled).label(compiled.fields[name])


def asked(text, **more):
    """Return what is proposed for a field with these words at its left."""
    form = PayerForm()
    form.word(text, 40, 700)
    form.add("Text1", rect=(46 + 5 * len(text), 696, 590, 712), **more)
    return proposed(form)["Text1"]


# --- labels ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("spot", "how"),
    [((40, 703), "left"), ((100, 722), "above"), ((104, 709), "inside"), ((100, 688), "below")],
)
def test_words_beside_above_in_and_below_a_field_are_its_label(spot, how):
    form = PayerForm()
    form.word("Given name", *spot)
    form.add("x", rect=(100, 700, 300, 718))
    assert label_of(form)[:2] == ("Given name", how)


def test_a_tooltip_goes_before_what_is_printed():
    form = PayerForm()
    form.word("Name:", 40, 703)
    form.add("x", rect=(100, 700, 300, 718), TU=String("Name of the\nmember"))
    assert label_of(form)[:2] == ("Name of the member", "tooltip")


def test_words_belong_to_the_field_that_they_stand_before():
    form = PayerForm()
    form.line(700, ("First name:", 40), ("a", 100, 200), ("Last name:", 210), ("b", 260, 380))
    form.line(676, ("City ________ State ____", 40), ("c", 62, 100), ("d", 140, 170))
    compiled = compile_form(form.bytes(), "x.pdf")
    printed = Printed(compiled)
    assert [printed.label(compiled.fields[name]).text for name in "abc"] == ["First name:", "Last name:", "City"]


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_labels_are_found_on_turned_pages_as_they_are_read(turn):
    form = PayerForm()
    form.add("x", rect={0: (100, 600, 300, 616), 90: (396, 100, 412, 300), 180: (312, 176, 512, 192),
                        270: (200, 492, 216, 692)}[turn])  # fmt: skip
    across = {0: "1 0 0 1 40 604", 90: "0 1 -1 0 408 40", 180: "-1 0 0 -1 572 188", 270: "0 -1 1 0 204 752"}[turn]
    form._words[0].append(f"BT /Helv 9 Tf {across} Tm (Name) Tj ET".encode())
    form.pdf.pages[0].obj.Rotate = turn
    assert label_of(form)[:2] == ("Name", "left")


def test_words_are_found_through_matrices_drawings_and_pieces():
    form = PayerForm()
    form.add("x", rect=(200, 600, 400, 616))
    font = form.pdf.pages[0].obj.Resources.Font
    drawing = form.pdf.make_stream(
        b"BT /Helv 10 Tf 0 0 Td [(Mem) -20 (ber) -300 (na)] TJ 12 TL (me) Tj ET",
        Type=Name.XObject, Subtype=Name.Form, BBox=[0, 0, 900, 900], Matrix=[1, 0, 0, 1, 20, 4],
        Resources=Dictionary(Font=font),
    )  # fmt: skip
    form.pdf.pages[0].obj.Resources.XObject = Dictionary(X=drawing)
    form._words[0].append(b"q 1 0 0 1 100 600 cm q 5 0 0 5 0 0 cm Q /X Do Q")
    assert label_of(form).text == "Member name"


def test_the_boxes_of_a_question_have_its_words_and_their_own():
    form = PayerForm()
    form.word("Interpreter needed?", 40, 700)
    for name, text, x in (("y", "Yes", 150), ("n", "No", 200)):
        form.box(name, x, 700)
        form.word(text, x + 14, 700)
    compiled = compile_form(form.bytes(), "x.pdf")
    printed = Printed(compiled)
    assert [printed.label(compiled.fields[name]) for name in "yn"] == [
        ("Yes", "right", "Interpreter needed?"), ("No", "right", "Interpreter needed?"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "more", "words"),
    [
        ("text", {}, "page 1 · text ·"),
        ("text", {"flags": MULTILINE}, "text of several lines"),
        ("text", {"flags": COMB | REQUIRED, "MaxLen": 9}, "comb, 9 cells, required"),
        ("text", {"MaxLen": 30}, "text, up to 30 characters"),
        ("text", {"AA": script("mm/dd/yyyy")}, "text, date MM/DD/YYYY"),
        ("check", {}, "checkbox"),
        ("choice", {"flags": EDIT, "Opt": options(("a", "A"))}, "drop-down, also other text"),
        ("list", {"flags": MULTIPLE, "Opt": options(("a", "A"))}, "list, several"),
        ("signature", {}, "signature"),
        ("button", {}, "button"),
    ],
)
def test_each_kind_of_field_is_told_in_words(kind, more, words):
    form = FormFile()
    form.add("x", kind, **more)
    field = compile_form(form.bytes(), "x.pdf").fields["x"]
    assert words in told(field, Printed(compile_form(form.bytes(), "x.pdf")).label(field)) + " ·"


# --- proposals -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "path"),
    [
        ("Member Name:", "client.legal_name"), ("PATIENT NAME", "client.legal_name"), ("DOB", "client.date_of_birth"),
        ("Date of Birth (mm/dd/yyyy)", "client.date_of_birth"), ("Member ID #", "coverage.member_id"),
        ("Medical record number", "client.id"), ("Authorization #", "coverage.authorization_number"),
        ("Treating therapist", ""), ("Therapist NPI:", "episode.clinician.npi"), ("Clinic Phone", "clinic.phone"),
        ("Diagnosis code (ICD-10)", "diagnoses[0].code"), ("Dx code 2", "diagnoses[1].code"),
        ("Goal 2", "goals[1].statement"), ("Goal #3 target date", "goals[2].target_date"),
        ("Goal 1 Objective 2 target", "goals[0].objectives[1].target"),
        ("Discharge criteria", "plan.discharge_criteria"),
        ("Objective 2 target", ""), ("Name", ""),
        ("Primary ICD-10-CM diagnosis code", "diagnoses[0].code"), ("Zip code", ""), ("Date", ""),
        ("Favorite color", ""),
        ("Medications", "plan.medications"), ("Signature date", ""), ("Crisis line", "clinic.crisis_line"),
    ],
)  # fmt: skip
def test_labels_lead_to_the_answer_that_is_meant_or_to_none(words, path):
    one = asked(words)
    assert one.path == path and bool(one.why) == (not path)


def test_a_large_box_for_all_rows_takes_them_all_and_a_small_one_asks_which():
    form = PayerForm()
    form.word("Treatment goals", 40, 705)
    form.add("x", flags=MULTILINE, rect=(40, 600, 500, 700))
    assert proposed(form)["x"].path == "goals[].statement"
    assert "which row is meant?" in asked("Baseline score").why


def test_what_needs_no_answer_is_said_to():
    form = PayerForm()
    form.add("total", AA=Dictionary(C=Dictionary(S=Name.JavaScript, JS=String("1"))), TU=String("Member name"))
    form.add("fixed", flags=READ_ONLY, TU=String("Member name"))
    form.add("pass", flags=1 << 13, TU=String("Member name"))
    form.add("print", "button", TU=String("Print"))
    found = proposed(form)
    assert [found[name].path for name in found] == ["", "", "", ""]
    assert [found[name].why.split(";")[0] for name in found] == [
        "the form works it out itself", "nobody may type there", "a field for a password or a file",
        "a button to click on",
    ]  # fmt: skip


def test_the_roles_of_places_to_sign_are_read_from_their_words():
    form = PayerForm()
    wanted = {
        "Member signature": "client", "Signature of parent or legal guardian": "guardian", "Therapist": "clinician",
        "Clinical supervisor signature": "supervisor", "Sign here": "", "Psychiatrist signature": "physician",
    }  # fmt: skip
    for number, words in enumerate(wanted):
        form.add(f"Sig{number}", "signature", TU=String(words))
    assert dict(zip(wanted, [one.signer for one in proposed(form).values()], strict=True)) == wanted


def test_what_is_proposed_for_a_whole_form_is_a_mapping_that_holds(tmp_path):
    (tmp_path / "otr.pdf").write_bytes(authorization().bytes())
    made = mapped(SHELF, tmp_path / "otr.pdf", tmp_path / "maps" / "otr.toml", "treatment_plan")
    mapping = read_mapping(made.text.encode(), "otr.toml")
    form = compile_form((tmp_path / "otr.pdf").read_bytes(), "otr.pdf")
    found = held(mapping, form, mapping.sha256, SHELF.all(), DOCUMENT)
    assert mapping.form == "../otr.pdf"
    assert [entry.name for entry in found.entries] == list(form.fields)
    assert made.counts == (20, 3, 1) and sum(made.counts) == len(form.fields)
    assert "scripts or actions of its own" in made.text
    lines = made.text.split("\n")
    assert all(lines[entry.line - 1] == f'name = "{entry.name}"' for entry in found.entries)


def test_the_form_that_the_demonstration_hands_out_is_this_one():
    shipped = builtin_templates() / demo.FORM
    assert shipped.read_bytes() == authorization().bytes(table=True)


@pytest.mark.parametrize("document", list(SHELF.all().dated))
def test_our_own_forms_are_mapped_by_their_names_for_every_document(document):
    for pack in ("adult", "adolescent"):
        data = (SHELF.packs[pack].folders[0] / f"{document}.pdf").read_bytes()
        found = proposed(data, SHELF.all().documents[document])
        own = [one for name, one in found.items() if re.fullmatch(r"(client|coverage)\.\w+", name) and one.path]
        assert own and all(one.path == one.field.name for one in own)


def test_odd_names_and_words_are_written_so_that_they_are_read_again():
    names = ['a"b\\c', "line\nbreak", "tab\there", "ü €", "\x07bell", "x" * 300, "#", "[[fields]]", "'"]
    form = PayerForm()
    for name in names:
        form.add(name.replace(".", ""), TU=String(f"{name} \x00\x1f # = ]]"))
    data = form.bytes()
    found = Proposer(EVERYTHING, DOCUMENT).proposals(compile_form(data, "x.pdf"))
    table = tomllib.loads(written(found, 'o"\n.pdf', 'o"\n.pdf', "0", "treatment_plan"))
    assert [block["name"] for block in table["fields"]] == [one.field.name for one in found]
    assert len(table["fields"]) == len(names)


# --- what cannot be mapped, and what would keep us busy --------------------------------------------------------------


def plain():
    form = PayerForm()
    form.line(700, ("Member Name:", 40), ("x", 110, 300))
    return form


def xfa():
    form = plain()
    form.form.XFA = form.pdf.make_stream(b"<xdp/>")
    return form.bytes()


def signed():
    form = plain()
    form.add("sig", "signature", V=Dictionary(Type=Name.Sig, Filter=Name("/Adobe.PPKLite")))
    return form.bytes()


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (xfa, "of the XFA kind"), (signed, "has been signed"), (lambda: plain().bytes()[:-300], "is damaged"),
        (lambda: plain().bytes(encryption=pikepdf.Encryption(user="a", owner="b")), "is protected by a password"),
        (lambda: PayerForm().bytes(), "has no fields"), (lambda: b"", "is damaged"),
        (lambda: b"Dear Sir", "is damaged"),
    ],
)  # fmt: skip
def test_what_cannot_be_mapped_is_one_sentence(run, tmp_path, data, words):
    (tmp_path / "otr.pdf").write_bytes(data())
    result = run("template", "map", "otr.pdf", "-o", "otr.toml")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith("Error: otr.pdf ") and words in result.stderr and result.stderr.count("\n") == 1
    assert not (tmp_path / "otr.toml").exists()


def test_a_form_or_folder_that_is_not_there_and_a_mapping_that_is_are_told(run, tmp_path):
    assert "gone.pdf, the form, cannot be opened" in run("template", "map", "gone.pdf", "-o", "o.toml").stderr
    (tmp_path / "otr.pdf").write_bytes(plain().bytes())
    (tmp_path / "o.toml").write_text("mine")
    assert run("template", "map", "otr.pdf", "-o", "o.toml").exit_code == 2
    assert (tmp_path / "o.toml").read_text() == "mine"
    result = run("template", "map", "otr.pdf", "-o", "p.toml", "-d", "treatment_pln")
    assert result.exit_code == 2 and "Did you mean treatment_plan?" in result.stderr


def drawing(content):
    form = plain()
    form._words[0].append(content)
    return form


def nested():
    form = drawing(b"/X Do")
    inner = form.pdf.make_stream(b"/X Do " * 100, Type=Name.XObject, Subtype=Name.Form, BBox=[0, 0, 9, 9])
    inner.Resources = Dictionary(XObject=Dictionary(X=inner))
    form.pdf.pages[0].obj.Resources.XObject = Dictionary(X=inner)
    return form


def wide_table():
    form = plain()
    table = b"beginbfrange <0000> <FFFFFFFF> <0041> endbfrange " * 2000
    form.pdf.pages[0].obj.Resources.Font.Helv.ToUnicode = form.pdf.make_stream(table)
    return form


def many_places():
    form = plain()
    kid = form.widget()
    field = form.pdf.make_indirect(Dictionary(T=String("y"), FT=Name.Tx, Kids=Array([kid] * 50_000)))
    kid.Parent = field
    form.form.Fields.append(field)
    return form


@pytest.mark.parametrize(
    "form",
    [
        lambda: drawing(b"BI " * 300_000), lambda: drawing(b"(" * 500_000), lambda: drawing(b"q " * 300_000),
        lambda: drawing(b"[" * 500_000), lambda: drawing(b"BT /Helv 1 Tf " + b"(a) Tj " * 60_000), nested, wide_table,
        lambda: drawing(b"1 0 0 (a) cm /Helv Tf Td TJ () Tj [ (a) /b ] TJ Tm BT Q Q Q"),
    ],
    ids=["pictures", "texts", "states", "lists", "words", "nested", "table", "operators"],
)  # fmt: skip
def test_pages_that_would_keep_a_reader_busy_give_no_labels_and_no_trouble(form):
    data = form().bytes(table=True)
    one = proposed(data)["x"]
    assert one.path in ("", "client.legal_name")


def test_a_file_that_unpacks_to_a_flood_or_has_endless_places_is_refused():
    for form in (many_places(),):
        with pytest.raises(ReadError, match="too many fields"):
            compile_form(form.bytes(), "x.pdf")
    packed = zlib.compress(b"\0" * 600_000_000, 9)
    data = plain().bytes(table=True)
    flood = b"9 0 obj\n<</Filter/FlateDecode/Length %d>>\nstream\n%b\nendstream\nendobj\n" % (len(packed), packed)
    with pytest.raises(ToolkitError, match="unreasonably large"):
        compile_form(data[:15] + flood + data[15:], "x.pdf")


def test_reading_back_does_not_follow_drawings_without_end():
    with pytest.raises(ReadError, match="unreasonably much"):
        read.read(nested().bytes())


def test_an_inline_picture_hides_what_looks_like_text_and_no_more():
    found = [operator for operator, _ in read.operations(b"BI (x) Tj ID abc EI (a) Tj BI (y) Tj")]
    assert found == ["Tj", "BI", "Tj"]


def test_a_page_without_resources_is_no_damage():
    form = plain()
    del form.pdf.pages[0].obj.Resources
    data = io.BytesIO()
    form.pdf.save(data)
    assert "x" in compile_form(data.getvalue(), "x.pdf").fields
