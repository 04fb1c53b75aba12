"""A clinic's logo in a form: drawn into the place that the form's front sheet has for it."""

from __future__ import annotations

import zlib
from typing import Any

import pikepdf
from pikepdf import Dictionary, Name

from toolkit import pictures
from toolkit.errors import TemplateError
from toolkit.pdf.compile import opened, saved

LOGO = "/Logo"
"""The name by which the front sheet draws an empty drawing."""
_MOST = (1200, 280)
"""The most pixels that are kept: more than a printer shows."""


def with_logo(template: bytes, picture: bytes, name: str = "The form", file: str = "The logo") -> bytes:
    """Return the form ``template`` with the PNG or JPEG ``picture`` as its logo, as large as its place allows.

    A form without a place for one, or with a picture there already, is returned as it is. Raises TemplateError where
    the picture, which messages call ``file``, is none or is unreasonably large.
    """
    try:
        image = pictures.opened(picture, _MOST)
    except ValueError:
        raise TemplateError(
            f"{file} is no picture that can be read, or is unreasonably large. Give a PNG or JPEG file of usual size."
        ) from None
    with opened(template, name) as pdf:
        place = _place(pdf)
        if place is None:
            return template
        width, height = (float(side) for side in list(place.BBox)[2:])
        scale = min(width / image.width, height / image.height)
        drawn = (image.width * scale, image.height * scale, (height - image.height * scale) / 2)
        place.write(b"q %.2f 0 0 %.2f 0 %.2f cm /Picture Do Q" % drawn)
        stored = _image(pdf, "/DeviceRGB", image.size, image.convert("RGB").tobytes())
        if image.mode == "RGBA":
            stored.SMask = _image(pdf, "/DeviceGray", image.size, image.getchannel("A").tobytes())
        place.Resources = Dictionary(XObject=Dictionary(Picture=stored))
        return saved(pdf)


def _place(pdf: pikepdf.Pdf) -> Any:
    """Return the empty drawing for a logo; None where there is none, or where its page shows a picture already."""
    for page in pdf.pages:
        drawings = page.resources.get("/XObject", Dictionary())
        if LOGO in drawings:
            return None if any(one.get("/Subtype") == "/Image" for _, one in drawings.items()) else drawings[LOGO]
    return None


def _image(pdf: pikepdf.Pdf, space: str, size: tuple[int, int], data: bytes) -> Any:
    return pdf.make_stream(
        zlib.compress(data, 9),
        Type=Name.XObject,
        Subtype=Name.Image,
        Width=size[0],
        Height=size[1],
        ColorSpace=Name(space),
        BitsPerComponent=8,
        Filter=Name.FlateDecode,
    )
