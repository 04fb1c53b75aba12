"""PDFs with places to sign and the keys to sign them with, made when the tests run; no key is ever kept."""

from datetime import UTC, datetime, timedelta
from io import BytesIO

import pikepdf
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, pkcs12
from cryptography.x509.oid import NameOID
from pikepdf import Array, Dictionary, Name

NOW = datetime(2026, 8, 1, 14, 5, tzinfo=UTC)
PASSWORD = "open sesame"
ROLES = ("client", "guardian", "clinician", "supervisor")


class Authority:
    """A certificate authority of the tests."""

    def __init__(self, name="Harbor Test Root", **dates):
        self.name = _name(name)
        self._key = ec.generate_private_key(ec.SECP256R1())
        self.certificate = _certificate(
            self.name, self.name, self._key.public_key(), self._key, authority=True, **dates
        )

    @property
    def pem(self):
        """The certificate that a clinic would trust."""
        return self.certificate.public_bytes(Encoding.PEM)

    def p12(self, name, password=PASSWORD, **dates):
        """Return a .p12 file for somebody called ``name``."""
        key = ec.generate_private_key(ec.SECP256R1())
        issued = _certificate(_name(name), self.name, key.public_key(), self._key, **dates)
        return _packed(key, issued, [self.certificate], password)


def self_signed(name, password=PASSWORD, **dates):
    """Return a .p12 file that nobody but its holder vouches for."""
    key = ec.generate_private_key(ec.SECP256R1())
    return _packed(key, _certificate(_name(name), _name(name), key.public_key(), key, **dates), [], password)


def _name(name):
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def _certificate(subject, issuer, public, signing_key, *, authority=False, since=None, until=None):
    usage = dict.fromkeys(
        ("digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement",
         "key_cert_sign", "crl_sign", "encipher_only", "decipher_only"), False)  # fmt: skip
    usage |= {"key_cert_sign": True} if authority else {"digital_signature": True, "content_commitment": True}
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(since or NOW - timedelta(days=30))
        .not_valid_after(until or NOW + timedelta(days=365))
        .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
        .add_extension(x509.KeyUsage(**usage), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(signing_key.public_key()), critical=False)
        .sign(signing_key, hashes.SHA256())
    )


def _packed(key, certificate, others, password):
    return pkcs12.serialize_key_and_certificates(
        b"key", key, certificate, others, BestAvailableEncryption(password.encode())
    )


def form(roles=ROLES, *, fields=("goals[0].statement",), tagged=False, places=()):
    """Return a PDF of one page with text fields and, for each role, a slot: label, name, credential, date, place."""
    pdf = pikepdf.new()
    page = pdf.add_blank_page(page_size=(612, 792))
    page.Resources = Dictionary(
        Font=Dictionary(F1=Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica))
    )
    page.Contents = pdf.make_stream(b"BT /F1 14 Tf 72 740 Td (Treatment plan) Tj ET")
    tree = Tree(pdf, page.obj)
    for number, name in enumerate(fields):
        tree.add(name, "/Tx", (72, 690 - 30 * number, 500, 712 - 30 * number), value="Will sleep", TU=name.upper())
    for name in places:
        tree.add(name, "/Sig", (330, 600, 500, 640))
    for number, role in enumerate(roles):
        top = 560 - 120 * number
        for part, text in (("label", role.capitalize()), ("name", f"{role} name"), ("credential", "LCSW")):
            top -= 16
            tree.add(f"sign.{role}.{part}", "/Tx", (330, top, 500, top + 14), value=text)
        tree.add(f"sign.{role}.date", "/Tx", (330, top - 16, 500, top - 2))
        tree.add(f"sign.{role}.signature", "/Sig", (72, top - 10, 320, top + 42))
    resources = Dictionary(Font=Dictionary(Helv=page.Resources.Font.F1))
    pdf.Root.AcroForm = pdf.make_indirect(
        Dictionary(Fields=Array(tree.roots), DR=resources, DA=pikepdf.String("/Helv 9 Tf 0 g"))
    )
    page.Annots = Array(tree.widgets)
    if tagged:
        tree.tag(pdf)
    return _saved(pdf)


class Tree:
    """A hierarchy of fields."""

    def __init__(self, pdf, page):
        self._pdf, self._page = pdf, page
        self._parents = {}
        self.roots, self.widgets = [], []

    def add(self, name, kind, box, value=None, **entries):
        """Add the field of the full name ``name`` and the rectangle ``box``."""
        parent, _, own = name.rpartition(".")
        widget = self._pdf.make_indirect(
            Dictionary(Type=Name.Annot, Subtype=Name.Widget, FT=Name(kind), T=pikepdf.String(own), F=4,
                       Rect=Array(box), P=self._page, **{key: pikepdf.String(text) for key, text in entries.items()})
        )  # fmt: skip
        if kind == "/Tx":
            drawn = self._pdf.make_stream(b"/Tx BMC q BT /Helv 9 Tf 2 4 Td (%s) Tj ET Q EMC" % (value or "").encode())
            drawn.Type, drawn.Subtype, drawn.BBox = Name.XObject, Name.Form, Array([0, 0, box[2] - box[0], 14])
            drawn.Resources = Dictionary(Font=Dictionary(Helv=self._page.Resources.Font.F1))
            widget.DA, widget.AP = pikepdf.String("/Helv 9 Tf 0 g"), Dictionary(N=drawn)
            if value is not None:
                widget.V = pikepdf.String(value)
        self.widgets.append(widget)
        self._hang(parent, widget)

    def _hang(self, parent, node):
        if not parent:
            self.roots.append(node)
            return
        if parent not in self._parents:
            above, _, own = parent.rpartition(".")
            self._parents[parent] = self._pdf.make_indirect(Dictionary(T=pikepdf.String(own), Kids=Array()))
            self._hang(above, self._parents[parent])
        node.Parent = self._parents[parent]
        self._parents[parent].Kids.append(node)

    def tag(self, pdf):
        """Put each widget into a structure tree, as an accessible form has it."""
        root = pdf.make_indirect(Dictionary(Type=Name.StructTreeRoot))
        elements, numbers = Array(), Array()
        for number, widget in enumerate(self.widgets):
            widget.StructParent = number
            element = pdf.make_indirect(
                Dictionary(Type=Name.StructElem, S=Name.Form, P=root, K=Dictionary(Type=Name.OBJR, Obj=widget))
            )
            elements.append(element)
            numbers.extend([number, element])
        root.K, root.ParentTree = elements, pdf.make_indirect(Dictionary(Nums=numbers))
        pdf.Root.StructTreeRoot, pdf.Root.MarkInfo = root, Dictionary(Marked=True)


def changed(data, change, password=""):
    """Return the PDF ``data`` with an addition at its end, as another program would make it: ``change(writer)``."""
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

    writer = IncrementalPdfFileWriter(BytesIO(data))
    if password:
        writer.encrypt(password)
    change(writer)
    output = BytesIO()
    writer.write(output)
    return output.getvalue()


def _saved(pdf):
    output = BytesIO()
    pdf.save(output, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return output.getvalue()
