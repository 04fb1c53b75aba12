"""This file ensures that people sign a payer's form in their roles, whatever the form calls its places to sign."""

import io

import pikepdf
import pytest
from judging import SHELF, judge, sample
from payer_files import PayerForm
from pdf_files import MULTILINE
from signing_files import NOW, PASSWORD, Authority
from test_sign import FACES

from toolkit.batch.form_press import FormPress
from toolkit.errors import SignError
from toolkit.pdf import read
from toolkit.sign import keys
from toolkit.sign.signing import sign
from toolkit.sign.verifying import verify


def filled(folder, *signers, long=False):
    form = PayerForm()
    form.add("who", flags=MULTILINE, rect=(40, 600, 400, 616))
    for number in range(len(signers)):
        form.add(f"sigs.Sig{number}", "signature", rect=(40, 300 + 60 * number, 300, 340 + 60 * number))
    (folder / "otr.pdf").write_bytes(form.bytes(table=True))
    blocks = "".join(f'[[fields]]\nname = "sigs.Sig{n}"\nsigner = "{role}"\n' for n, role in enumerate(signers))
    path = "necessity.why_treatment_now" if long else "client.legal_name"
    (folder / "otr.toml").write_text(
        f'form = "otr.pdf"\ndocument = "treatment_plan"\n[[fields]]\nname = "who"\npath = "{path}"\n{blocks}'
    )
    press = FormPress(SHELF, folder / "otr.toml")
    (case, *_) = judge(sample()).cases
    data = press.sheet(case, draft=False).render()
    assert press.prove(case, data) == []
    return data


@pytest.fixture(scope="module")
def signed():
    """Return a function that lets a role sign a form."""
    authority = Authority()

    def by(data, role):
        return sign(data, role, keys.load(authority.p12(role), PASSWORD, now=NOW), now=NOW, faces=FACES)

    return by


@pytest.mark.parametrize("long", [False, True], ids=["one page", "with a page behind it"])
def test_two_sign_in_their_roles_and_both_hold(tmp_path, signed, long):
    data = filled(tmp_path, "client", "clinician", long=long)
    for role in ("client", "clinician"):
        data = signed(data, role)
    found = verify(data, now=NOW, trusted=())
    assert [one.role for one in found.signatures] == ["client", "clinician"]
    assert found.complete and not any(one.changed for one in found.signatures)
    with pikepdf.open(io.BytesIO(data)) as pdf:
        assert [str(item.T) for item in pdf.Root.AcroForm.Fields[1].Kids] == ["Sig0", "Sig1"]
    assert read.read(data).fields["who"].value


def test_the_supervisor_of_a_payers_form_signs_last(tmp_path, signed):
    data = filled(tmp_path, "supervisor", "clinician")
    with pytest.raises(SignError, match="signs last"):
        signed(data, "supervisor")


def test_a_second_place_of_a_role_goes_by_its_own_name(tmp_path, signed):
    data = filled(tmp_path, "client", "client")
    data = signed(data, "client")
    assert verify(data, now=NOW).missing
