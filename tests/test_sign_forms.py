"""This file ensures that a PDF form that was filled for several signers is signed by each, one after another."""

import io
import shutil
import subprocess
from datetime import timedelta
from functools import cache

import pypdf
import pytest
from judging import SHELF, judge, lay_over, sample
from msgspec.structs import replace
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext
from signing_files import NOW, PASSWORD, Authority, changed
from test_sign import FACES, setting

from toolkit.batch.pdf_press import PdfPress
from toolkit.errors import SignError
from toolkit.model import Signer
from toolkit.pdf.flat import without_fields
from toolkit.sign import keys
from toolkit.sign.signing import Recorded, sign
from toolkit.sign.verifying import verify

PRESS = PdfPress(SHELF)
FOUR = ("client", "guardian", "clinician", "supervisor")


@pytest.fixture(scope="module")
def authority():
    return Authority()


@cache
def key_of(authority, name):
    return keys.load(authority.p12(name), PASSWORD, now=NOW)


@cache
def under_supervision():
    """The plan of an adult with a guardian, whose clinician works under supervision."""
    tables = lay_over(sample("0055", "idd"), {"client": {"preferred_name": "Wei-Lin"}, "episode": {"clinician": "KW"}})
    (case, *_) = judge(tables).cases
    assert case.wanted.document.name == "treatment_plan"
    return case


@cache
def plan(roles=FOUR):
    case = under_supervision()
    signers = tuple(next((one for one in case.signers if one.role == role), Signer(role, role, f"{role} name", "LCSW"))
                    for role in roles)  # fmt: skip
    return PRESS.sheet(replace(case, signers=signers), False).render()


def signed_by(authority, roles, data, first=0):
    for number, role in enumerate(roles, first):
        moment = NOW + timedelta(minutes=number)
        data = sign(data, role, key_of(authority, f"{role} name"), now=moment, faces=FACES)
    return data


def holding(data):
    return {one.role: one.holds for one in verify(data, now=NOW).signatures}


def test_the_record_itself_asks_for_the_four():
    assert {one.role for one in under_supervision().signers} == set(FOUR)
    assert all(one.name for one in under_supervision().signers)


@pytest.mark.parametrize("count", [1, 2, 3, 4, 5])
def test_one_to_five_sign_and_each_earlier_signature_stays_valid(count, authority, tmp_path):
    roles = ("client", "guardian", "clinician", "physician", "supervisor")[5 - count :]
    data = signed_by(authority, roles[:-1], plan(roles))  # each signs only where those before still hold
    assert len(verify(data, now=NOW).missing) == 1
    before, data = data, signed_by(authority, roles[-1:], data, count)
    found = verify(data, now=NOW)
    assert data.startswith(before) and found.complete
    assert {one.role: one.holds for one in found.signatures} == dict.fromkeys(roles, True)
    context = ValidationContext(trust_roots=keys.certificates(authority.pem, "root"), allow_fetching=False)
    for one in PdfFileReader(io.BytesIO(data), strict=True).embedded_signatures:
        status = validate_pdf_signature(one, context, skip_diff=True)
        assert status.intact and status.valid and status.trusted
    if pdfsig := shutil.which("pdfsig"):
        (tmp_path / "plan.pdf").write_bytes(data)
        said = subprocess.run([pdfsig, "-nocert", tmp_path / "plan.pdf"], capture_output=True, text=True, check=False)
        assert said.stdout.count("Signature is Valid") == count
    fields = pypdf.PdfReader(io.BytesIO(data), strict=True).get_fields()
    assert all(fields[f"sign.{role}.date"]["/V"] == "08/01/2026" for role in roles)


@pytest.mark.parametrize("role", ["guardian"])
def test_who_has_not_signed_may_still_say_why_not_and_no_other_answer_may_change(role, authority):
    others = [one for one in FOUR[:-1] if one != role]
    data = signed_by(authority, others, plan())
    told = changed(data, setting(f"sign.{role}.reason", "Lives abroad, told by letter"))
    assert holding(told) == dict.fromkeys(others, True)
    assert len(verify(told, now=NOW).missing) == 2  # nobody sealed that reason
    with pytest.raises(SignError, match="signs last and closes the document"):
        signed_by(authority, ["supervisor"], told, 3)
    clinic, reason = key_of(authority, "Harbor Clinic"), Recorded(reason="Lives abroad")
    sealed = sign(data, role, clinic, now=NOW + timedelta(minutes=3), faces=FACES, recorded=reason)
    last = signed_by(authority, ["supervisor"], sealed, 4)
    assert holding(last) == dict.fromkeys([*others, role, "supervisor"], True) and verify(last, now=NOW).complete
    for name in ("necessity.why_treatment_now", f"sign.{others[0]}.reason"):
        assert not all(holding(changed(data, setting(name, "Something else"))).values()), name


def test_who_does_not_sign_by_the_record_itself_is_not_missed(authority):
    client = next(one for one in under_supervision().signers if one.role == "client")
    found = verify(signed_by(authority, FOUR[1:], plan()), now=NOW)
    assert client.reason_absent and found.complete and not found.missing


def test_the_supervisor_closes_the_document(authority):
    with pytest.raises(SignError, match="signs last and closes the document"):
        signed_by(authority, ["supervisor"], plan())
    data = signed_by(authority, FOUR, plan())
    assert holding(changed(data, setting("sign.client.reason", "Afterwards")))["supervisor"] is False


def test_a_copy_without_fields_has_no_place_to_sign():
    with pytest.raises(SignError):
        sign(without_fields(plan()), "client", None, now=NOW, faces=FACES)
