"""This file ensures that every character is drawn by a face that has it, or named."""

import unicodedata

import pytest
from fontTools.ttLib import TTFont
from pdf_files import ideograph_face

from toolkit.errors import ReadError
from toolkit.pdf.fonts import FOLDER, Faces, Ink, code_points

FACES = Faces()


@pytest.mark.parametrize(
    "text",
    [
        "Zoë Ångström Łukasz Žižka Þórður Ñandú Œuvre",
        "Nguyễn Thị Ánh Tuyết, Đặng Hữu Phước",
        "Ελένη Παπαδοπούλου",
        "Олександр Щербаков Ђорђе Їжак",
        "‘single’ “double” – — … • ≥ ≤ ½ ☐ ☑ → ← ✓ ° ± € ™",
        "a\u00a0b\u2011c\u00ad\u200bd\ufe0f\tx\ny",
    ],
)
def test_the_shipped_faces_draw_what_clinics_write(text):
    assert FACES.lacks(text) == ""


def test_all_letters_of_latin_greek_and_cyrillic_are_drawn():
    ranges = ((0x20, 0x7F), (0xA0, 0x250), (0x370, 0x3E2), (0x3F0, 0x530), (0x1E00, 0x1F00))  # Coptic stands between
    letters = "".join(chr(code) for first, end in ranges for code in range(first, end))
    assert FACES.lacks("".join(one for one in letters if unicodedata.category(one)[0] in "LNPSZ")) == ""


@pytest.mark.parametrize(
    "text", ["李", "ひ", "한", "שלום", "سلام", "नमस्ते", "ไทย", "😀", "\ud800", "\x07", "\u202e", "\u1112"]
)
def test_what_is_not_drawn_is_named(text):
    assert set(FACES.lacks(text)) == set(text)


def test_scripts_that_need_shaping_are_named_even_where_a_face_has_their_letters(tmp_path):
    faces = Faces([ideograph_face(tmp_path / "hebrew.ttf", "שלום李")])
    assert faces.lacks("李 שלום") == "שלום"


def test_faces_are_found_in_a_folder(tmp_path):
    ideograph_face(tmp_path / "a.ttf", "李")
    ideograph_face(tmp_path / "b.ttf", "明", step=2048)
    (tmp_path / "readme.txt").write_text("not a face")
    faces = Faces([tmp_path])
    assert faces.lacks("李明") == ""
    assert faces.regular.width("李") == faces.regular.width("明") == 1000
    assert faces.sha256 != FACES.sha256


def test_a_face_that_cannot_be_used_is_one_plain_sentence(tmp_path):
    (tmp_path / "broken.ttf").write_bytes(b"no face at all")
    font = TTFont(FOLDER / "NotoSans-Regular.ttf")
    del font["glyf"], font["loca"]
    font.save(tmp_path / "outlines.ttf")
    for name in ("broken.ttf", "outlines.ttf", "missing.ttf"):
        with pytest.raises(ReadError, match=r"PLANKIT_FACES.*\.$"):
            Faces([tmp_path / name])


def test_the_same_characters_embed_the_same_bytes_in_any_order():
    made = []
    for text in ("abc Жя", "яЖ cba"):
        ink = Ink(FACES)
        ink.show(FACES.regular, b"9", text)
        made.append(ink.objects(10))
    assert made[0] == made[1]


def test_shipped_faces_stay_small():
    assert all(path.stat().st_size < 300_000 for path in FOLDER.glob("*.ttf"))


def test_characters_are_named_by_code_points():
    assert code_points("李😀") == "U+674E, U+1F600"
