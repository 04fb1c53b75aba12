"""This file ensures that a Word file becomes a PDF that says the same, with a field where each person signs."""

import io
import json
import os
import shutil
import stat
import sys
import time
from datetime import date
from pathlib import Path

import pikepdf
import pypdf
import pytest
from click.testing import CliRunner
from msgspec.structs import replace
from pdfua import validate
from signing_files import NOW, PASSWORD, Authority
from test_sign import FACES
from word_files import part, word

from toolkit import batch, demo, intake, shelf
from toolkit.batch.folder import Folder
from toolkit.batch.word_pdf import Finished, convert_all, file_all
from toolkit.cli import main
from toolkit.errors import RenderError
from toolkit.model import Signer
from toolkit.pdf import convert
from toolkit.pdf.convert import Source, lost
from toolkit.pdf.read import read
from toolkit.report import Result
from toolkit.sign import keys
from toolkit.sign.signing import sign
from toolkit.sign.verifying import verify
from toolkit.word import places
from toolkit.word.render import Sign

office = pytest.mark.skipif(not shutil.which("soffice"), reason="NOT CONVERTED: LibreOffice (soffice) is missing")
CLIENT = Signer("client", "Client", "Zoë Nguyễn")
CLINICIAN = Signer("clinician", "Clinician", "Ruth Adeyemi", "LCSW")
ABSENT = Signer("guardian", "Guardian", "Ann", reason_absent="lives abroad")
SIGNERS = (CLIENT, ABSENT, CLINICIAN)


def document(signers=SIGNERS, *more):
    """Return a finished Word file of one page, as our templates print the places to sign."""
    sign = Sign(signers, draft=False)
    cells = [sign(signer.role) for signer in signers]
    return word("Treatment plan", "Sleeps ≥ 6 hours — “most nights”.", [["Problem", "Worry"]], [cells], *more)


def boxes(data):
    """Return the rectangle of each signature field by its full name, with the page's number."""
    with pikepdf.open(io.BytesIO(data)) as pdf:
        return {
            f"{item.Parent.Parent.T}.{item.Parent.T}.{item.T}": (number, [float(edge) for edge in item.Rect])
            for number, page in enumerate(pdf.pages)
            for item in page.get("/Annots", [])
            if item.get("/FT") == "/Sig"
        }


def lines(data):
    """Return where each signature line stands: page, left end, height."""
    found = []
    for number, page in enumerate(pypdf.PdfReader(io.BytesIO(data)).pages):

        def visit(text, _cm, tm, _font, _size, number=number):
            if "_" * 20 in text:
                found.append((number, tm[4], tm[5]))

        page.extract_text(visitor_text=visit)
    return found


# --- what LibreOffice makes -----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def demonstrated(tmp_path_factory):
    """The ready documents of two clients of the demonstration, and their PDFs."""
    if not shutil.which("soffice"):
        pytest.skip("NOT CONVERTED: LibreOffice (soffice) is missing")
    out = tmp_path_factory.mktemp("out")
    found = shelf.load()
    tables = demo.samples(found)
    tables["records"] = [one for one in tables["records"] if one["client"]["id"] in ("0046", "0053")]
    outcome = batch.make(intake.records(tables, found.all()), found, out, today=date(2026, 8, 1))
    ready = [one for one in outcome.ready if one.path]
    made = convert_all([Finished((out / one.path).read_bytes(), one.signers) for one in ready], workers=2)
    return [(one, (out / one.path).read_bytes(), pdf) for one, pdf in zip(ready, made, strict=True)]


def test_every_document_becomes_a_pdf_with_a_place_for_each_signer(demonstrated):
    assert len(demonstrated) >= 6
    for result, _, made in demonstrated:
        assert made.fault == ""
        waiting = [signer.role for signer in result.signers if not signer.reason_absent]
        assert list(boxes(made.data)) == [f"sign.{role}.signature" for role in waiting]


def test_each_place_stands_exactly_on_its_signature_line(demonstrated):
    for _, _, made in demonstrated:
        for (page, (left, low, right, high)), (on, start, base) in zip(
            boxes(made.data).values(), lines(made.data), strict=True
        ):
            assert page == on and abs(left - start) < 1 and abs(low - base) < 1
            assert (round(right - left), round(high - low)) == (places.WIDTH, convert.HEIGHT)


def test_no_link_is_left_in_the_pdf_and_none_ever_stands_in_the_word_file(demonstrated):
    for _, data, made in demonstrated:
        assert b"sig.invalid" not in data and "sig.invalid" not in part(data)
        with pikepdf.open(io.BytesIO(made.data)) as pdf:
            assert not [one for page in pdf.pages for one in page.get("/Annots", []) if one.Subtype == "/Link"]
            assert not any(b"sig.invalid" in bytes(str(one), "utf-8") for one in pdf.objects)


def test_the_pdf_is_sound_for_other_readers_and_says_what_its_fields_are_for(demonstrated, tmp_path):
    for result, _, made in demonstrated:
        fields = pypdf.PdfReader(io.BytesIO(made.data), strict=True).get_fields()
        with pikepdf.open(io.BytesIO(made.data)) as pdf:
            assert pdf.check_pdf_syntax() == []
            numbers = pikepdf.NumberTree(pdf.Root.StructTreeRoot.ParentTree)
            for item in (one for page in pdf.pages for one in page.get("/Annots", [])):
                assert numbers[int(item.StructParent)].K.Obj.objgen == item.objgen
        for signer in result.signers:
            if not signer.reason_absent:
                assert fields[f"sign.{signer.role}.label"]["/V"] == signer.label
                assert signer.name in fields[f"sign.{signer.role}.signature"]["/TU"]


def test_checkers_of_accessible_pdfs_find_nothing(demonstrated, tmp_path):
    for number, (_, _, made) in enumerate(demonstrated):
        path = tmp_path / f"{number}.pdf"
        path.write_bytes(made.data)
        assert [*validate(path).findings] == []
        with pikepdf.open(path) as pdf:
            headings = [cell for cell in cells(pdf.Root.StructTreeRoot) if cell.S == "/TH"]
            scopes = {str(item.Scope) for cell in headings for item in cell.A if "/Scope" in item}
        assert scopes <= {"/Row", "/Column"}
        assert "/Row" in scopes


def cells(element):
    """Yield every element below one of structure."""
    kids = element.get("/K", [])
    for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
        if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
            yield kid
            yield from cells(kid)


def test_signers_sign_a_converted_document_one_after_another(demonstrated):
    result, _, made = next(one for one in demonstrated if len(one[0].signers) == 3)
    authority, data = Authority(), made.data
    for signer in result.signers:
        key = keys.load(authority.p12(signer.name), PASSWORD, now=NOW)
        data = sign(data, signer.role, key, now=NOW, faces=FACES)
    found = verify(data, now=NOW, trusted=keys.certificates(authority.pem, "root"))
    assert found.complete and [one.label for one in found.signatures] == [one.label for one in result.signers]


@office
def test_the_same_word_file_gives_the_same_pdf():
    first, second = (convert_all([Finished(document(), SIGNERS)])[0].data for _ in range(2))
    assert first == second


@office
def test_who_is_absent_has_no_place_to_sign():
    made = convert_all([Finished(document(), SIGNERS)])[0]
    assert list(boxes(made.data)) == ["sign.client.signature", "sign.clinician.signature"]


@office
def test_a_character_that_no_font_has_is_named():
    made = convert_all([Finished(document((CLIENT,), "Named \U000f1234 by her"), (CLIENT,))])[0]
    assert (made.fault, made.characters, made.data) == ("glyphs", "\U000f1234", b"")


@office
def test_one_file_that_cannot_be_converted_holds_no_other():
    good = document((CLIENT,))
    made = convert.convert([Source(good, ("Treatment plan",)), Source(b"no Word file", ("x",))])
    assert made[0].fault == "" and made[1].fault in ("nothing", "text")


@office
def test_pdfs_stand_beside_their_word_files_and_what_was_signed_is_never_overwritten(tmp_path):
    data = document((CLIENT,))
    whole = Result("7", "Z.N.", "treatment_plan", "Treatment plan", "treatment_plan", "ready", "made",
                   "7/treatment_plan.docx", (CLIENT,))  # fmt: skip
    other = replace(whole, stem="odd", path="7/odd.docx")
    for name, content in (("treatment_plan", data), ("odd", document((CLIENT,), "\U000f1234"))):
        (tmp_path / "7").mkdir(exist_ok=True)
        (tmp_path / "7" / f"{name}.docx").write_bytes(content)
    draft = replace(whole, status="draft")

    def pressed():
        with Folder(tmp_path) as folder:
            done = list(file_all(folder, [whole, other, draft]))
            folder.close({})
        return done

    odd, made = sorted(pressed(), key=lambda one: one.change)
    assert (odd.change, odd.path, odd.told[0].code) == ("held", "", "PF006") and "U+F1234" in odd.told[0].text
    assert (made.change, made.path, made.told) == ("made", "7/treatment_plan.pdf", ())
    assert [one.change for one in pressed() if one.path] == ["unchanged"]
    path = tmp_path / made.path
    key = keys.load(Authority().p12("Zoë Nguyễn"), PASSWORD, now=NOW)
    path.write_bytes(sign(path.read_bytes(), "client", key, now=NOW, faces=FACES))
    before = path.read_bytes()
    kept = next(one for one in pressed() if one.path)
    assert (kept.change, kept.told[0].code, path.read_bytes()) == ("kept", "WR002", before)
    (tmp_path / "7" / "treatment_plan.docx").write_bytes(document((CLIENT,), "Changed in Word"))
    anew = next(one for one in pressed() if one.path)
    assert (anew.change, anew.path, path.read_bytes()) == ("made", "7/treatment_plan-2.pdf", before)
    assert anew.told[0].code == "WR002"


# --- the copy -------------------------------------------------------------------------------------------------------


def test_the_copy_has_a_link_on_each_line_and_says_what_the_file_says():
    data = document()
    copy = places.copy(data, SIGNERS)
    assert copy.places == ("client", "clinician")
    relations = part(copy.data, "word/_rels/document.xml.rels")
    assert [f"https://sig.invalid/{role}" in relations for role in ("client", "guardian", "clinician")] == [
        True, False, True
    ]  # fmt: skip
    assert copy.text[:2] == ("Treatment plan", "Sleeps ≥ 6 hours — “most nights”.")
    assert places.copy(copy.data, ()).text == copy.text == places.copy(data, ()).text


def test_two_who_are_called_the_same_have_a_place_each():
    twins = (Signer("team_1", "Team member", "Kim Lee"), Signer("team_2", "Team member", "Kim Lee"))
    assert places.copy(document(twins), twins).places == ("team_1", "team_2")


def test_a_place_is_found_where_somebody_wrote_the_date_in_word():
    data = document((CLIENT,))
    edited = places.assemble(
        places.entry(name, content.replace(b"____ /____ /________", b"08/01/2026"))
        for name, content in places.read_package(data, "x").items()
    )
    assert edited != data and places.copy(edited, (CLIENT,)).places == ("client",)


def test_page_numbers_stand_for_any_number():
    xml = '<w:fldSimple xmlns:w="{}" w:instr=" PAGE "><w:r><w:t>1</w:t></w:r></w:fldSimple>'

    def numbered(document):
        paragraph = document.sections[0].footer.paragraphs[0]
        paragraph.add_run("Page ")
        paragraph._p.append(places.etree.fromstring(xml.format(places.w("t")[1:].partition("}")[0])))

    copy = places.copy(word("Text 1", change=numbered), ())
    assert copy.around == (f"Page {places.PAGE_NUMBER}",) and "Text 1" in copy.text


# --- is it the same? ------------------------------------------------------------------------------------------------

AROUND = ("Clinic", f"Client 7 Page {places.PAGE_NUMBER} of {places.PAGE_NUMBER}")


@pytest.mark.parametrize(
    ("text", "pages", "missing"),
    [
        (("One two", "Three"), ["One\ntwo Three"], []),
        (("One two", "Three"), ["One two Thre"], ["Three"]),
        (("Same", "Same"), ["Same, once"], ["Same"]),
        (("Same", "Other"), ["Same", "Other"], []),
        (("Same", "Same"), ["Same and Same"], []),
        (("5 mg daily",), ["50 mg daily"], ["5mgdaily"]),
        (("A paragraph that goes on",), ["A paragraph that", "goes on, on the next page"], []),
        (("A paragraph that goes on",), ["A paragraph", "that", "goes on"], []),
        (("A paragraph that goes on",), ["A paragraph other", "that other", "goes on other"], []),
        (("A paragraph that goes on",), ["A paragraph", "goes on"], ["Aparagraphthatgoeson"]),
        (("Nguyễn Thị Kim",), ["Nguyn Th Kimễị"], []),
        (("Nguyễn Thị Kim",), ["Nguyn Th Kimễ"], ["NguyễnThịKim"]),
        (("e\u0301t\u00e9 non\u2011stop so\u00adda",), ["\u00e9te\u0301 non-stop soda"], []),
        (("abc",), ["cab"], ["abc"]),
        (("", " "), ["x"], []),
    ],
)
def test_what_the_pdf_does_not_say_is_found(text, pages, missing):
    assert lost(Source(b"", text), pages) == missing


def test_a_paragraph_goes_on_behind_foot_and_head_of_the_pages():
    pages = [f"A paragraph\nClient 7 Page {number} of 3\nClinic" for number in (1, 2, 3)]
    pages[1] = "that goes on\n" + pages[1]
    source = Source(b"", ("A paragraph that goes on",), AROUND, places.PAGE_NUMBER)
    assert lost(source, pages) == []
    assert lost(source, [page.replace("Client 7", "Client 8") for page in pages])


# --- a program that misbehaves --------------------------------------------------------------------------------------


@pytest.fixture
def office_that(tmp_path):
    """Return a function that writes a stand-in for LibreOffice; ``body`` sees ``out`` and ``files``."""

    def write(body):
        program = tmp_path / "soffice"
        program.write_text(
            f"#!{sys.executable}\nimport os, sys, time\nfrom pathlib import Path\nhere = Path({str(tmp_path)!r})\n"
            "out = Path(sys.argv[sys.argv.index('--outdir') + 1])\nout.mkdir(parents=True, exist_ok=True)\n"
            "files = [Path(one) for one in sys.argv if one.endswith('.docx')]\n"
            "(here / 'calls').open('a').write(str(len(files)) + '\\n')\n" + body
        )
        program.chmod(program.stat().st_mode | stat.S_IXUSR)
        return str(program)

    return write


pytestmark_posix = pytest.mark.skipif(sys.platform == "win32", reason="the stand-in is a script of POSIX systems")


def page(text=b"One"):
    pdf = pikepdf.new()
    font = pikepdf.Dictionary(Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica)
    first = pdf.add_blank_page()
    first.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=font))
    first.Contents = pdf.make_stream(b"BT /F1 12 Tf 50 700 Td (%s) Tj ET" % text)
    output = io.BytesIO()
    pdf.save(output)
    return output.getvalue()


@pytestmark_posix
def test_what_did_not_come_is_tried_once_more_alone(office_that, tmp_path):
    (tmp_path / "page.pdf").write_bytes(page())
    program = office_that(
        "for file in files[:1] if len(files) > 1 else files:\n"
        "    (out / (file.stem + '.pdf')).write_bytes((here / 'page.pdf').read_bytes())\n"
    )
    made = convert.convert([Source(b"a", ("One",)), Source(b"b", ("One",)), Source(b"c", ("Two",))], soffice=program)
    assert [one.fault for one in made] == ["", "", "text"]
    assert (tmp_path / "calls").read_text().split() == ["3", "1", "1"]


@pytestmark_posix
def test_a_program_that_hangs_is_ended_with_all_that_it_started(office_that, tmp_path):
    program = office_that(
        "child = os.fork()\n(here / str(os.getpid())).touch()\n(here / 'started').touch()\ntime.sleep(600)\n"
    )
    made = convert.convert([Source(b"a", ("One",))], soffice=program, start=2, each=0)
    assert made[0].fault == "nothing"
    numbers = [int(path.name) for path in tmp_path.iterdir() if path.name.isdigit()]
    assert len(numbers) == 4  # parent and child, in both tries
    for _ in range(50):
        alive = [number for number in numbers if _alive(number)]
        if not alive:
            break
        time.sleep(0.1)
    assert not alive


def _alive(number):
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return False
    try:
        return Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return Path("/proc").is_dir()


@pytestmark_posix
def test_a_place_that_is_not_in_the_pdf_is_told(office_that, tmp_path):
    (tmp_path / "page.pdf").write_bytes(page())
    program = office_that("(out / '0000.pdf').write_bytes((here / 'page.pdf').read_bytes())\n")
    source = Source(b"a", ("One",), address=places.ADDRESS, slots={"client": {"label": "Client"}})
    assert convert.convert([source], soffice=program)[0].fault == "places"


def test_without_libreoffice_there_is_one_plain_sentence(monkeypatch):
    monkeypatch.setenv("PATH", "")
    monkeypatch.delenv("PLANKIT_SOFFICE", raising=False)
    monkeypatch.setattr(convert, "_PLACES", ())
    with pytest.raises(RenderError, match=r"LibreOffice is not installed.*--as docx,pdf"):
        convert_all([Finished(document())])


@office
def test_make_files_the_pdf_of_each_word_document_and_leaves_it_where_nothing_changed(tmp_path):
    source = tmp_path / "two.json"
    tables = demo.samples(shelf.load())
    tables["records"] = [record for record in tables["records"] if record["client"]["id"] in ("0041", "0047")]
    source.write_text(json.dumps(tables, default=str))
    command = ["make", str(source), "-o", str(tmp_path / "out"), "--as", "docx,pdf", "--pdf-from", "word"]
    command += ["--today", "2026-08-01", "--flat"]
    for _ in range(2):
        run = CliRunner().invoke(main, command)
        assert run.exit_code == 0, run.output
    assert "(2 unchanged)" in run.output
    files = {path.relative_to(tmp_path / "out").as_posix() for path in (tmp_path / "out").rglob("*.*")}
    endings = (".docx", ".pdf", "-flat.pdf")
    both = {f"{client}/treatment_plan{ending}" for client in ("0041", "0047") for ending in endings}
    assert files == {*both, "report.xlsx", "manifest.json", "print-all.pdf"}
    to_sign, flat = (read((tmp_path / f"out/0041/treatment_plan{one}").read_bytes()) for one in endings[1:])
    assert flat.pages == to_sign.pages and to_sign.fields and not flat.fields


def test_without_libreoffice_one_sentence_tells_the_other_way(tmp_path, monkeypatch):
    monkeypatch.setattr(convert, "program", lambda: None)
    source = tmp_path / "nobody.json"
    source.write_text('{"records": []}')
    run = CliRunner().invoke(
        main, ["make", str(source), "-o", str(tmp_path / "out"), "--as", "pdf", "--pdf-from", "word"]
    )
    assert run.exit_code == 2 and run.output.startswith("Error: ") and convert.ABSENT in run.output
    assert not (tmp_path / "out").exists()
