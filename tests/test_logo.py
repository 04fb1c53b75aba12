"""This file ensures that a clinic's logo stands in its PDF forms without building them, and that no picture harms."""

import io

import pikepdf
import pytest
from judging import SHELF, judge, sample
from PIL import Image, ImageDraw, ImageFile

from toolkit import pictures, shelf
from toolkit.batch.pdf_press import PdfPress
from toolkit.errors import TemplateError
from toolkit.pdf import read
from toolkit.pdf.logo import LOGO, with_logo

FORM = SHELF.form_files(("adult",), "treatment_plan").template.read_bytes()


def picture(kind="PNG", mode="RGBA", size=(600, 200)):
    image = Image.new("RGBA" if mode == "RGBA" else "RGB", size, (0, 0, 0, 0) if mode == "RGBA" else "white")
    ImageDraw.Draw(image).ellipse((10, 10, size[0] - 10, size[1] - 10), fill="#C03020")
    file = io.BytesIO()
    image.convert(mode).save(file, kind)
    return file.getvalue()


def logo_in(data):
    with pikepdf.open(io.BytesIO(data)) as pdf:
        place = pdf.pages[0].obj.Resources.XObject[LOGO]
        image = place.get("/Resources", {}).get("/XObject", {}).get("/Picture")
        return place.read_bytes(), image and pikepdf.PdfImage(image).as_pil_image().copy(), image and "/SMask" in image


@pytest.fixture
def branded(tmp_path):
    """Give a press over a shelf whose adult pack names a logo that lies beside it."""

    def press(data=None, name="logo.png"):
        folder = tmp_path / "templates" / "adult"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "pack.toml").write_text('[brand]\nlogo = "logo.png"\n')
        (folder / name).write_bytes(picture() if data is None else data)
        return PdfPress(shelf.load(tmp_path))

    return press


@pytest.mark.parametrize(
    ("kind", "mode"), [("PNG", "RGBA"), ("PNG", "RGB"), ("PNG", "P"), ("PNG", "L"), ("JPEG", "RGB"), ("JPEG", "CMYK")]
)
def test_a_picture_of_any_usual_kind_fills_the_place_of_the_logo(kind, mode):
    operators, image, see_through = logo_in(with_logo(FORM, picture(kind, mode)))
    assert operators == b"q 102.00 0 0 34.00 0 0.00 cm /Picture Do Q"
    assert image.size == (600, 200) and see_through is (mode == "RGBA")
    red, green, blue = image.convert("RGB").getpixel((300, 100))
    assert red > green + 80 and red > blue + 80 if mode != "L" else red == green == blue


def test_a_large_picture_is_kept_no_larger_than_a_printer_shows():
    data = with_logo(FORM, picture(size=(4000, 3000)))
    assert logo_in(data)[1].size == (373, 280) and len(data) < len(FORM) + 100_000


@pytest.mark.parametrize("data", [b"", b"no picture", picture()[:60], picture("PNG", "P", (6000, 6000)), b"<svg/>"])
def test_what_is_no_picture_or_far_too_large_is_one_plain_sentence(data, monkeypatch):
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", True)  # as another library may have left it
    with pytest.raises(TemplateError, match=r"adult/logo\.png is no picture that can be read"):
        with_logo(FORM, data, "The form", "adult/logo.png")


def test_a_file_that_is_far_too_large_is_not_looked_into(monkeypatch):
    monkeypatch.setattr(pictures, "MOST_BYTES", 50)
    with pytest.raises(ValueError, match="too large"):
        pictures.opened(picture(), (10, 10))


def test_a_form_that_shows_a_picture_already_keeps_its_own():
    with pikepdf.open(io.BytesIO(FORM)) as pdf:
        own = pdf.make_stream(b"\0", Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Image, Width=1, Height=1,
                              ColorSpace=pikepdf.Name.DeviceGray, BitsPerComponent=8)  # fmt: skip
        pdf.pages[0].obj.Resources.XObject["/Own"] = own
        file = io.BytesIO()
        pdf.save(file)
    assert with_logo(file.getvalue(), picture()) == file.getvalue()


def test_the_logo_that_a_brand_names_is_in_each_document_form_and_copy(branded):
    press, (case, *_) = branded(), judge(sample()).cases
    for one in (press, press.flat()):
        data = one.sheet(case, False).render()
        assert logo_in(data)[1].size == (600, 200)
        assert one.prove(case, data) == () and data == one.sheet(case, False).render()
    plain = PdfPress(SHELF).sheet(case, False)
    assert press.sheet(case, False).key != plain.key and logo_in(plain.render())[1] is None
    assert read.read(plain.render()).pages == read.read(press.sheet(case, False).render()).pages
    assert branded(picture(size=(300, 300))).sheet(case, False).key != press.sheet(case, False).key


def test_a_logo_that_is_not_there_or_no_picture_is_told_with_its_file(branded):
    (case, *_) = judge(sample()).cases
    with pytest.raises(TemplateError, match=r"logo\.png"):
        branded(name="other.png").sheet(case, False)
    with pytest.raises(TemplateError, match=r"adult/logo\.png is no picture that can be read"):
        branded(b"no picture").sheet(case, False)
