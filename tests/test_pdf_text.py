"""This file ensures that whatever people write is in the finished form, read by other programs, or holds it."""

import io
import os
import re
import shutil
import subprocess
import unicodedata
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from judging import SHELF, judge, lay_over, sample
from pypdf import PdfReader

from toolkit.batch.pdf_press import PdfPress
from toolkit.kinds import show
from toolkit.pdf.fonts import Faces

pytestmark = pytest.mark.skipif(not shutil.which("pdftotext"), reason="NOT LOOKED AT: poppler is missing")

PRESS = PdfPress(SHELF)
PLACES = (
    ("necessity", "why_treatment_now"), ("necessity", "expected_improvement"), ("plan", "coordination"),
    ("client", "preferred_name"), ("coverage", "payer"), ("assessment", "symptoms"), ("plan", "medications"),
    ("participation", "changes_from_feedback"),
)  # fmt: skip
"""Boxes of several lines and of one, texts and lists."""
LETTERS = {
    "English": "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789",
    "Latin": "äöüßàâçéèêëîïôûùÿæœñáíóúýčďěňřšťůžąćęłńśźżğışøåðþāēīōū",
    "Vietnamese": "ăâđêôơưàảãạằẳẵặầẩẫậèẻẽẹềểễệìỉĩịòỏõọồổỗộờởỡợùủũụừửữựỳỷỹỵ",
    "Greek": "αβγδεζηθικλμνξοπρσςτυφχψωάέήίόύώΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥΦΧΨΩ",
    "Cyrillic": "абвгдежзийклмнопрстуфхцчшщъыьэюяґєіїўАБВГДЕЖЗ",
    "signs": "≥≤½¼¾☐☒→–—…“”‘’«»•·×÷±µ°§©®™€£¥✓()[]{}<>&%$#@!?*/\\+=_~^|;:,.'\"`-",
}
PAIRS = ("fi", "ff", "fl", "ffi", "ffl", "fj", "tt", "ij", "AV", "To", "Wa")
IDEOGRAPHS = "李明中文医生，。「」霖威한국어김민수さくらサクラ"


def face_of_ideographs():
    """Return a face of this machine that has what `IDEOGRAPHS` are made of, None where there is none."""
    named = [Path(one) for one in os.environ.get("PLANKIT_FACES", "").split(os.pathsep) if one]
    folders = [*named, Path("/usr/share/fonts"), Path("/usr/local/share/fonts"), Path.home() / ".fonts"]
    for path in (
        path for folder in folders for path in ([folder] if folder.is_file() else sorted(folder.rglob("*.tt[fc]")))
    ):
        try:
            face = Faces([path])
        except Exception:
            continue
        if not face.lacks(IDEOGRAPHS):
            return face
    return None


def squeezed(text):
    return "".join(unicodedata.normalize("NFC", text).split())


def by_poppler(data):
    done = subprocess.run(["pdftotext", "-raw", "-enc", "UTF-8", "-", "-"], input=data, capture_output=True, check=True)
    return squeezed(done.stdout.decode())


def by_pypdf(data):
    """Return what the appearances of fields draw, by name, read by pypdf alone."""
    found = {}
    for page in PdfReader(io.BytesIO(data)).pages:
        for annotation in page.get("/Annots", ()):
            item, parts = annotation.get_object(), []
            above = item
            while above is not None:
                parts = [str(above["/T"]), *parts] if "/T" in above else parts
                above = above["/Parent"].get_object() if "/Parent" in above else None
            shown = item.get("/AP", {}).get("/N")
            if shown is not None and hasattr(shown.get_object(), "get_data"):
                found[".".join(parts)] = page._extract_text(shown.get_object(), page.pdf, content_key=None)
    return found


def held_to(texts, press):
    """Make the sample's plan with ``texts`` in `PLACES`; return what it says, how it is held, and its bytes."""
    answers = {}
    for (section, field), text in zip(PLACES, texts, strict=False):
        answers.setdefault(section, {})[field] = text
    case = judge(lay_over(sample(), answers)).cases[0]
    data = press.sheet(case, False).render()
    wanted = {f"{section}.{field}": case.record.get(f"{section}.{field}") for section, field in PLACES}
    said = {path: "\n".join(map(show, value)) if isinstance(value, tuple) else show(value)
            for path, value in wanted.items()}  # fmt: skip
    return said, list(press.prove(case, data)), data


def stands(text, read):
    """Tell whether ``text`` stands in one piece, or in pieces that say where it goes on."""
    if text in read:
        return True
    for piece in re.split(r"(?=…continuedonpage|…p\.)", read):
        at = piece.rfind(text[:20])
        if at >= 0 and text.startswith(piece[at:]):
            return stands(text[len(piece) - at :], read)
    return False


def whole_or_told(texts, press=PRESS, faces=None):
    said, findings, data = held_to(texts, press)
    read = by_poppler(data)
    told = {finding.path for finding in findings if finding.code in ("PF001", "PF004", "PF005")}
    for path, text in said.items():
        lacking = (faces or press._faces).lacks(text)
        assert (path in told) is bool(lacking), path
        if not lacking:
            assert stands(squeezed(text), read), (path, ascii(text))


words = st.one_of(
    *(st.text(st.sampled_from(letters), min_size=1, max_size=14) for letters in LETTERS.values()),
    st.sampled_from(PAIRS).map(lambda pair: f"o{pair}ce"),
)
texts = st.lists(words, min_size=1, max_size=60).flatmap(
    lambda several: st.sampled_from([" ", " ", " ", "\n", "\n\n", "  ", ", "]).map(
        lambda between: between.join(several)
    )
)
few = settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))


@few
@given(st.lists(texts, min_size=len(PLACES), max_size=len(PLACES)))
def test_any_text_is_read_back_by_another_program(several):
    whole_or_told(several)


@pytest.mark.parametrize("letters", LETTERS.values(), ids=LETTERS)
@pytest.mark.parametrize("length", [1, 80, 700, 4000])
def test_texts_of_any_length_and_script_are_read_back(letters, length):
    words = "".join(f"{letters[at % len(letters)]}{' ' if at % 9 == 8 else ''}" for at in range(length)).strip()
    whole_or_told([f"{number} {words}"[:length].strip() for number in range(len(PLACES))])


ODD = {
    "marks that make one letter": ("Zoe\u0308 Nguye\u0302\u0303n", True),
    "marks that stay apart": ("x\u0323\u0301 q\u0303 m\u0306", True),
    "letters that other programs join": ("office affluent waffle fjord ﬁnal ﬂow", True),
    "spaces that do not break": ("10\u00a0mg daily, 5\u202fmg", True),
    "soft hyphens": ("un\u00adbreak\u00adable", True),
    "nothing to see": ("zero\u200bwidth non\u200cjoin word\u2060joiner", True),
    "small and large signs": ("1⁄2 ¼ ²³ ₁ ① ☺\ufe0f", True),
    "hyphens": ("non\u2011breaking \u22121 \u2012", True),
    "Arabic": ("محمد السيد", False),
    "Hebrew": ("שלום עולם", False),
    "Hindi": ("नमस्ते", False),
    "Thai": ("สวัสดี", False),
    "a turned direction": ("abc \u202edef\u202c", False),
    "pictures": ("sad 😀 family 👨‍👩‍👧", False),
    "letters of mathematics": ("𝐀 𝒳", False),
    "what is for private use": ("\ue000 x", False),
    "no character": ("\u0378 x", False),
}


@pytest.mark.parametrize(("text", "drawn"), ODD.values(), ids=ODD)
def test_odd_characters_are_drawn_or_hold_the_document(text, drawn):
    """In boxes of several lines, of one and in lists."""
    said, findings, data = held_to([f"Start {text} end"] * len(PLACES), PRESS)
    assert {finding.code for finding in findings} == (set() if drawn else {"PF004"})
    assert {finding.path for finding in findings} == (set() if drawn else set(said))
    if drawn:
        read = by_poppler(data)
        assert all(squeezed(one) in read for one in said.values())


def test_pypdf_reads_the_same_from_the_appearances():
    text = "office ≥ 5 ½ ☐ → – “Nguyễn Łukasz” Щербаков Ελληνικά"
    said, findings, data = held_to([text] * len(PLACES), PRESS)
    found = by_pypdf(data)
    assert findings == []
    assert {path: squeezed(found[path]) for path in said} == {path: squeezed(value) for path, value in said.items()}


def test_ideographs_are_read_back_where_a_face_has_them():
    faces = face_of_ideographs()
    if faces is None:
        pytest.skip("NOT LOOKED AT: no TrueType face with Chinese, Japanese and Korean (name one in PLANKIT_FACES)")
    press = PdfPress(SHELF, faces)
    for length in (1, 40, 900):
        text = (IDEOGRAPHS * 60)[:length]
        whole_or_told([f"{number}{text}" for number in range(len(PLACES))], press)
