"""This file ensures that a signature holds as long as nothing is changed, and that every change is told."""

import io
import shutil
import subprocess
from datetime import timedelta
from pathlib import Path

import pikepdf
import pypdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext
from signing_files import NOW, PASSWORD, ROLES, Authority, changed, form, self_signed

import toolkit.pdf
from toolkit import slots
from toolkit.errors import ReadError, SignError
from toolkit.pdf.protect import encrypted
from toolkit.sign import keys
from toolkit.sign.form import PasswordNeededError, fields
from toolkit.sign.signing import Recorded, sign
from toolkit.sign.stamp import Faces
from toolkit.sign.verifying import verify

FOLDER = Path(toolkit.pdf.__file__).parent / "faces"
FACES = Faces([(FOLDER / name).read_bytes() for name in ("NotoSans-Regular.ttf", "DejaVuSans-symbols.ttf")])
NAMES = {"client": "Zoë Nguyễn", "guardian": "Łukasz Δοκιμή", "clinician": "Ruth Adeyemi", "supervisor": "Дана Фокс"}


@pytest.fixture(scope="module")
def authority():
    return Authority()


@pytest.fixture(scope="module")
def key(authority):
    made = {}

    def load(name):
        if name not in made:
            made[name] = keys.load(authority.p12(name), PASSWORD, now=NOW)
        return made[name]

    return load


@pytest.fixture(scope="module")
def signed(key):
    """Return a function that lets roles sign a form, one after another."""

    def by(*roles, data=None, password=None, **options):
        data = form(tagged=True) if data is None else data
        for number, role in enumerate(roles):
            moment = NOW + timedelta(minutes=number)
            data = sign(data, role, key(NAMES[role]), now=moment, faces=FACES, password=password, **options)
        return data

    return by


def text(data):
    """Return what the appearances of the fields show, read by another library than wrote them."""
    pages = pypdf.PdfReader(io.BytesIO(data), strict=True).pages
    shown = []
    for annotation in (one.get_object() for page in pages for one in page["/Annots"]):
        stream = annotation["/AP"]["/N"].get_object() if "/AP" in annotation else None
        if stream is not None and "/Resources" in stream:
            page = pypdf.PageObject(None)
            page.update({pypdf.generic.NameObject("/Resources"): stream["/Resources"]})
            page[pypdf.generic.NameObject("/Contents")] = stream
            shown.append(page.extract_text())
    return "\n".join(shown)


def told(data, **options):
    """Return by role what was changed, as `verify` tells it."""
    return {one.role: "; ".join(one.changed) for one in verify(data, now=NOW, **options).signatures}


# --- four in sequence -----------------------------------------------------------------------------------------------


def test_four_sign_one_after_another_and_all_four_hold(signed, authority):
    data = signed(*ROLES)
    found = verify(data, now=NOW, trusted=keys.certificates(authority.pem, "root"))
    assert found.complete and not found.missing
    assert [(one.role, one.kind, one.by, one.issuer, one.changed, one.doubts) for one in found.signatures] == [
        (role, "digital", NAMES[role], "Harbor Test Root", (), ()) for role in ROLES
    ]
    assert [one.at for one in found.signatures] == [NOW + timedelta(minutes=number) for number in range(4)]


def test_each_signature_is_an_addition_to_the_file_and_changes_nothing_in_it(signed):
    data = form(tagged=True)
    for role in ROLES:
        more = signed(role, data=data)
        assert more.startswith(data)
        data = more


def test_other_readers_accept_the_signed_file(signed, authority, tmp_path):
    data = signed(*ROLES)
    context = ValidationContext(trust_roots=keys.certificates(authority.pem, "root"), allow_fetching=False)
    for one in PdfFileReader(io.BytesIO(data), strict=True).embedded_signatures:
        status = validate_pdf_signature(one, context, skip_diff=True)
        assert status.intact and status.valid and status.trusted
    assert pypdf.PdfReader(io.BytesIO(data), strict=True).get_fields()["sign.client.date"]["/V"] == "08/01/2026"
    with pikepdf.open(io.BytesIO(data)) as pdf:
        assert pdf.check_pdf_syntax() == []


@pytest.mark.skipif(not shutil.which("pdfsig"), reason="NOT LOOKED AT: poppler (pdfsig) is missing")
def test_poppler_finds_four_valid_signatures(signed, tmp_path):
    path = tmp_path / "plan.pdf"
    path.write_bytes(signed(*ROLES))
    said = subprocess.run(["pdfsig", "-nocert", path], capture_output=True, text=True, check=False).stdout
    assert said.count("Signature Validation: Signature is Valid.") == 4
    assert all(name in said for name in ("Zoë Nguyễn", "Дана Фокс"))


@pytest.mark.skipif(not shutil.which("qpdf"), reason="NOT LOOKED AT: qpdf is missing")
def test_qpdf_finds_no_fault_in_the_signed_file(signed, tmp_path):
    path = tmp_path / "plan.pdf"
    path.write_bytes(signed(*ROLES))
    assert subprocess.run(["qpdf", "--check", path], capture_output=True, check=False).returncode == 0


def test_who_has_not_signed_is_missing_as_the_document_calls_them(signed):
    found = verify(signed("guardian"), now=NOW)
    assert found.missing == ("Client", "Clinician", "Supervisor") and not found.complete


# --- what is shown --------------------------------------------------------------------------------------------------


def test_the_stamp_shows_name_credential_role_date_and_time(signed):
    shown = text(signed("client", "clinician"))
    for words in ("Zoë Nguyễn, LCSW", "Client · signed digitally", "08/01/2026 2:05 PM UTC+00:00", "Ruth Adeyemi"):
        assert words in shown


def test_every_font_of_a_stamp_is_embedded(signed):
    with pikepdf.open(io.BytesIO(signed("client"))) as pdf:
        place = next(one for one in pdf.pages[0].Annots if one.get("/FT") == "/Sig" and "/AP" in one)
        fonts = place.AP.N.Resources.Font
        assert [fonts[name].DescendantFonts[0].FontDescriptor.FontFile2 for name in fonts]


def test_the_signature_date_is_written_beside_the_name(signed):
    items = fields(PdfFileReader(io.BytesIO(signed("client"))))
    assert items["sign.client.date"].text == "08/01/2026" and items["sign.guardian.date"].text == ""


@settings(max_examples=30)
@given(st.text(st.characters(min_codepoint=0x20, max_codepoint=0x17F, exclude_characters="\x7f\xad"), min_size=1))
def test_whatever_was_recorded_is_shown_whole(key, words):
    words = " ".join(words.split())
    drawable = "".join(one for one in words if not "\x7f" <= one < "\xa0")[:120]
    if not drawable.strip():
        return
    data = sign(form(), "client", key("Clinic"), now=NOW, faces=FACES, recorded=Recorded(reason=drawable))
    assert "".join(f"Not signed: {drawable}".split()) in "".join(text(data).split())


def test_a_character_that_no_face_has_is_named(key):
    with pytest.raises(SignError, match=r"李 \(U\+674E\)"):
        sign(form(), "client", key("李 Wei"), now=NOW, faces=FACES)


def test_a_low_place_shows_the_name_beside_the_rest(key):
    with pikepdf.open(io.BytesIO(form(("clinician",)))) as pdf:
        place = next(one for one in pdf.pages[0].Annots if one.get("/FT") == "/Sig")
        place.Rect = pikepdf.Array([46, 447, 228, 465])
        low = io.BytesIO()
        pdf.save(low)
    shown = text(sign(low.getvalue(), "clinician", key("Ruth Adeyemi-Hartmann"), now=NOW, faces=FACES))
    flowing = " ".join(shown.split())
    for words in ("Ruth Adeyemi-Hartmann", "Clinician · signed digitally", "08/01/2026 2:05 PM UTC+00:00"):
        assert words in flowing


def test_a_place_that_is_too_small_to_be_read_is_refused(key):
    with pytest.raises(SignError, match="too small"):
        sign(form(), "client", key("Clinic"), now=NOW, faces=FACES, recorded=Recorded(reason="could not come " * 60))


# --- what is changed afterwards -------------------------------------------------------------------------------------


def setting(name, value):
    """Return a change that sets a field, its appearance with it, as a form program does."""

    def change(writer):
        entry = fields(writer)[name].entry
        entry["/V"] = generic.TextStringObject(value)
        drawn = generic.StreamObject(stream_data=b"/Tx BMC q Q EMC")
        drawn["/Type"], drawn["/Subtype"] = generic.NameObject("/XObject"), generic.NameObject("/Form")
        drawn["/BBox"] = generic.ArrayObject(map(generic.NumberObject, (0, 0, 100, 14)))
        entry["/AP"] = generic.DictionaryObject({"/N": writer.add_object(drawn)})
        writer.update_container(entry)

    return change


def rectangle(writer):
    """Draw over the first page."""
    writer.add_stream_to_page(0, writer.add_object(generic.StreamObject(stream_data=b"1 1 1 rg 0 0 300 300 re f")))


def annotation(writer):
    """Lay a note over the first page."""
    page = writer.root["/Pages"]["/Kids"][0]
    note = {"/Type": "/Annot", "/Subtype": "/FreeText"}
    names = {generic.NameObject(name): generic.NameObject(value) for name, value in note.items()}
    box = generic.ArrayObject(map(generic.NumberObject, (0, 0, 300, 300)))
    page["/Annots"].append(writer.add_object(generic.DictionaryObject({**names, generic.NameObject("/Rect"): box})))
    writer.update_container(page["/Annots"])


def overwritten(writer):
    """Change how a signed answer looks, and leave its value."""
    drawn = fields(writer)["goals[0].statement"].entry["/AP"]["/N"]
    drawn._data = b"/Tx BMC q Q EMC"
    drawn._encoded_data = None
    writer.update_container(drawn)


@pytest.mark.parametrize(
    ("change", "client", "clinician"),
    [
        (setting("goals[0].statement", "Something else"), "GOALS[0].STATEMENT", "GOALS[0].STATEMENT"),
        (setting("sign.client.name", "Somebody else"), "sign.client.name", ""),
        (setting("sign.clinician.name", "Somebody else"), "", "sign.clinician.name"),
        (setting("sign.guardian.date", "01/01/2020"), "", ""),
        (rectangle, "pages or other parts", "pages or other parts"),
        (annotation, "pages or other parts", "pages or other parts"),
        (overwritten, "pages or other parts", "pages or other parts"),
    ],
)
def test_a_change_after_signing_is_told_to_whom_it_concerns(signed, change, client, clinician):
    found = told(changed(signed("client", "clinician"), change))
    for said, wanted in ((found["client"], client), (found["clinician"], clinician)):
        assert wanted in said and bool(said) == bool(wanted)


def test_one_flipped_byte_of_what_was_signed_is_told_by_every_signature(signed):
    data = bytearray(signed("client", "clinician"))
    data[data.index(b"\n%") + 3] ^= 1  # in the comment on the second line, which no reader minds
    assert set(told(bytes(data)).values()) == {
        "what was signed is no longer what stands in the file: it was changed or damaged"
    }


@pytest.mark.parametrize("step", range(0, 20_000, 1499))
def test_no_flipped_byte_goes_unseen_wherever_it_is(signed, step):
    data = bytearray(signed("client"))
    at = step % len(data)
    contents = data.index(b"/Contents <")
    if contents < at < contents + 12_000:
        return  # the signature itself, followed by zeros that nothing reads
    data[at] ^= 0x04
    assert not verify(bytes(data), now=NOW).complete
    assert verify(bytes(data), now=NOW).fault or any(told(bytes(data)).values())


def test_a_file_that_was_cut_off_or_written_anew_does_not_pass(signed):
    data = signed(*ROLES)
    for other in (data[:-200], data[: len(data) // 2]):
        assert not verify(other, now=NOW).complete
    output = io.BytesIO()
    with pikepdf.open(io.BytesIO(data)) as pdf:
        pdf.save(output)
    assert not verify(output.getvalue(), now=NOW).complete


def test_what_was_changed_after_signing_is_signed_by_nobody_else(signed, key):
    data = changed(signed("client"), setting("goals[0].statement", "Something else"))
    with pytest.raises(SignError, match="changed after it was signed by: Client"):
        sign(data, "guardian", key("Łukasz Δοκιμή"), now=NOW, faces=FACES)


def test_an_appearance_that_an_earlier_revision_wrote_is_no_change(signed):
    filled = changed(form(tagged=True), setting("goals[0].statement", "Filled by an addition"))
    assert not any(told(signed(*ROLES, data=filled)).values())


# --- locks and order ------------------------------------------------------------------------------------------------


def test_the_first_signature_gives_every_place_the_lock_of_its_role(signed):
    items = fields(PdfFileReader(io.BytesIO(signed("client"))))
    client, supervisor = (items[slots.field(role)].entry["/Lock"] for role in ("client", "supervisor"))
    assert supervisor["/Action"] == "/All"
    assert client["/Action"] == "/Exclude"
    assert set(client["/Fields"]) == {
        f"sign.{role}.{part}"
        for role in ("guardian", "clinician", "supervisor")
        for part in ("label", "name", "credential", "date", "signature")
    }


def test_the_locks_of_a_template_stay_as_they_are(signed):
    def lock(writer):
        entry = fields(writer)["sign.client.signature"].entry
        entry["/Lock"] = generic.DictionaryObject(
            {
                generic.NameObject("/Action"): generic.NameObject("/Include"),
                generic.NameObject("/Fields"): generic.ArrayObject([generic.pdf_string("goals[0]")]),
            }
        )
        writer.update_container(entry)

    data = signed("client", data=changed(form(), lock))
    assert told(changed(data, setting("sign.client.name", "x"))) == {"client": ""}
    assert told(changed(data, setting("goals[0].statement", "x"))) == {
        "client": "changed after signing: GOALS[0].STATEMENT"
    }


def test_the_closing_role_signs_last(signed):
    with pytest.raises(SignError, match=r"Before that these have to sign.*Guardian, Clinician"):
        signed("client", "supervisor")


@pytest.mark.parametrize(
    ("data", "role", "words"),
    [
        (form(), "physician", "no place for «physician» to sign. Those who sign here: client, guardian"),
        (form(roles=()), "client", "no place to sign"),
        (b"%PDF-1.7 nothing else", "client", "no PDF, or it is damaged"),
        (b"PK", "client", "no PDF, or it is damaged"),
    ],
)
def test_what_cannot_be_signed_is_one_plain_sentence(signed, key, data, role, words):
    with pytest.raises(SignError, match=words):
        sign(data, role, key("Somebody"), now=NOW, faces=FACES)


def test_nobody_signs_twice(signed):
    with pytest.raises(SignError, match="Client has signed this file already"):
        signed("client", "client")


@pytest.mark.parametrize("data", [form(roles=()), b"%PDF-1.7 nothing", b""])
def test_what_is_not_signed_or_cannot_be_read_is_a_fault_and_never_passes(data):
    assert verify(data, now=NOW).fault and not verify(data, now=NOW).complete


def test_a_field_that_is_called_as_a_role_hides_no_signature(signed):
    data = signed("client", data=form(places=("client", "Payer.Signature")))
    found = verify(data, now=NOW)
    assert [one.label for one in found.signatures] == ["Client"]
    assert found.missing == ("Field client", "Payer.signature", "Guardian", "Clinician", "Supervisor")


# --- keys -----------------------------------------------------------------------------------------------------------


def test_a_key_that_cannot_be_used_is_one_plain_sentence(authority):
    expired = authority.p12("Ruth", until=NOW - timedelta(days=1))
    early = authority.p12("Ruth", since=NOW + timedelta(days=1))
    for data, password, words in (
        (authority.p12("Ruth"), "wrong", "the password is not the one of this key"),
        (expired, PASSWORD, "expired on 07/31/2026"),
        (early, PASSWORD, "good from 08/02/2026 on only"),
        (b"", PASSWORD, "no .p12 or .pfx file"),
        (authority.pem, PASSWORD, "no .p12 or .pfx file"),
    ):
        with pytest.raises(SignError, match=words) as caught:
            keys.load(data, password, now=NOW, name="ruth.p12")
        assert "ruth.p12" in str(caught.value) and "wrong" not in str(caught.value)
    with pytest.raises(SignError, match="holds no certificate"):
        keys.certificates(b"nothing", "root.pem")


def test_a_self_signed_key_signs_and_is_called_so(authority):
    own = keys.load(self_signed("Ruth Adeyemi"), PASSWORD, now=NOW)
    data = sign(form(("clinician",)), "clinician", own, now=NOW, faces=FACES)
    assert own.self_signed
    one = verify(data, now=NOW).signatures[0]
    assert one.holds and one.notes[-1] == "self-signed: nobody but its holder vouches for the name"
    strange = verify(data, now=NOW, trusted=keys.certificates(authority.pem, "root"))
    assert "self-signed and not in your list" in strange.signatures[0].doubts[0] and not strange.complete


def test_a_certificate_that_nobody_trusted_issued_is_a_doubt(signed):
    other = keys.certificates(Authority("Somebody Else").pem, "root")
    found = verify(signed(*ROLES), now=NOW, trusted=other)
    assert not found.complete
    assert {one.doubts[0] for one in found.signatures} == {
        "nobody in your list of trusted certificates issued this one (Harbor Test Root did)"
    }


def test_a_certificate_that_expired_after_signing_takes_nothing_away(signed, authority):
    later = NOW + timedelta(days=1000)
    found = verify(signed(*ROLES), now=later, trusted=keys.certificates(authority.pem, "root"))
    assert found.complete and "expired after signing" in found.signatures[0].notes[-1]


def test_a_signature_that_claims_a_time_outside_its_certificate_is_a_doubt(authority, key):
    data = sign(form(("client",)), "client", key("Ruth"), now=NOW + timedelta(days=900), faces=FACES)
    found = verify(data, now=NOW + timedelta(days=901), trusted=keys.certificates(authority.pem, "root"))
    assert "was not good when this was signed" in found.signatures[0].doubts[0]


def test_a_certificate_that_names_somebody_else_than_the_document_is_told(key):
    data = form(("clinician",))
    for name, notes in (
        ("clinician name, LCSW", ()),
        ("Ruth Adeyemi", ("the document names clinician name, the certificate does not",)),
    ):
        found = verify(sign(data, "clinician", key(name), now=NOW, faces=FACES), now=NOW)
        assert found.signatures[0].notes == notes


# --- recorded signatures --------------------------------------------------------------------------------------------


def drawing():
    """Return a picture of a drawn name, on nothing, as a tablet makes it."""
    image = Image.new("RGBA", (400, 100), (0, 0, 0, 0))
    ImageDraw.Draw(image).line([(10, 80), (80, 10), (120, 90), (390, 60)], fill=(0, 0, 120, 255), width=4)
    output = io.BytesIO()
    image.save(output, "PNG")
    return output.getvalue()


@pytest.mark.parametrize(("picture", "manner"), [(b"", "typed name"), (drawing(), "drawn name")])
def test_a_recorded_signature_is_called_what_it_is(key, picture, manner):
    note = Recorded("Zoë Nguyễn", "in person on the tablet", NOW - timedelta(days=1), picture)
    data = sign(form(), "client", key("Harbor Clinic"), now=NOW, faces=FACES, recorded=note)
    one = verify(data, now=NOW).signatures[0]
    assert (one.kind, one.by, one.holds) == ("recorded", "Harbor Clinic", True)
    assert one.words == (
        f"Recorded signature of Client: Zoë Nguyễn, {manner}, in person on the tablet, "
        "given 07/31/2026 2:05 PM UTC+00:00"
    )
    shown = " ".join(text(data).split())
    assert "Zoë Nguyễn" in shown and f"Client · recorded signature, {manner}, in person on the tablet" in shown
    assert "Given 07/31/2026 2:05 PM UTC+00:00 · sealed by Harbor Clinic" in shown
    assert "digital" not in shown
    assert fields(PdfFileReader(io.BytesIO(data)))["sign.client.date"].text == "07/31/2026"


def test_the_reason_for_a_missing_signature_is_recorded_and_counts(key):
    note = Recorded(reason="declined; says the plan is fine")
    data = sign(form(("client",)), "client", key("Harbor Clinic"), now=NOW, faces=FACES, recorded=note)
    found = verify(data, now=NOW)
    assert found.complete and found.signatures[0].kind == "not signed"
    assert found.signatures[0].words == "Recorded as not signed by Client: declined; says the plan is fine"
    assert "Not signed: declined; says the plan is fine" in text(data)
    assert fields(PdfFileReader(io.BytesIO(data)))["sign.client.date"].text == ""


def test_a_drawing_that_is_no_picture_is_one_plain_sentence(key):
    note = Recorded("Zoë", "on paper", NOW, b"GIF89a")
    with pytest.raises(SignError, match="no picture that can be read"):
        sign(form(), "client", key("Harbor Clinic"), now=NOW, faces=FACES, recorded=note)


def test_who_does_not_sign_for_a_reason_that_the_document_gives_is_not_missing(signed):
    data = changed(form(fields=("sign.guardian.reason",)), setting("sign.guardian.reason", "lives abroad"))
    assert verify(data, now=NOW).excused == ("Guardian",)
    found = verify(signed("client", "clinician", "supervisor", data=data), now=NOW)
    assert found.complete and found.excused == ("Guardian",) and not found.missing


def test_a_reason_that_was_written_later_and_sealed_by_nobody_does_not_count(signed):
    blank = changed(form(fields=("sign.guardian.reason",)), setting("sign.guardian.reason", ""))
    data = signed("client", "clinician", data=blank)
    found = verify(changed(data, setting("sign.guardian.reason", "lives abroad")), now=NOW)
    assert found.excused == () and "Guardian" in found.missing and not any(told(data).values())


# --- encrypted copies -----------------------------------------------------------------------------------------------


def test_four_sign_an_encrypted_copy_and_a_change_is_told(signed, authority):
    data = signed(*ROLES, data=encrypted(form(tagged=True), "sesame"), password="sesame")
    trusted = keys.certificates(authority.pem, "root")
    assert verify(data, now=NOW, trusted=trusted, password="sesame").complete
    assert b"LCSW" not in data and b"Will sleep" not in data
    with pikepdf.open(io.BytesIO(data), password="sesame") as pdf:
        assert pdf.encryption.R == 6 and pdf.encryption.bits == 256
    broken = changed(data, setting("goals[0].statement", "Something else"), "sesame")
    assert "GOALS[0].STATEMENT" in told(broken, password="sesame")["client"]


@pytest.mark.parametrize("password", [None, "", "wrong"])
def test_an_encrypted_file_is_opened_by_its_password_alone(signed, key, password):
    data = encrypted(form(), "sesame")
    with pytest.raises(PasswordNeededError) as caught:
        verify(data, now=NOW, password=password)
    assert "wrong" not in str(caught.value)
    with pytest.raises(PasswordNeededError):
        sign(data, "client", key("Zoë"), now=NOW, faces=FACES, password=password)


def test_what_is_signed_or_encrypted_already_is_not_encrypted(signed):
    for data, words in (
        (signed("client"), "signed already"),
        (encrypted(form(), "sesame"), "encrypted already"),
        (b"nothing", "no PDF"),
    ):
        with pytest.raises(ReadError, match=words):
            encrypted(data, "other")
    with pytest.raises(ReadError, match="password that is not empty"):
        encrypted(form(), "")
