"""Pictures that people give: a clinic's logo, a drawn name. Opened with care, and kept no larger than needed."""

from __future__ import annotations

import io

from PIL import Image, ImageFile

MOST_BYTES = 20_000_000
MOST_PIXELS = 25_000_000


def opened(data: bytes, most: tuple[int, int]) -> Image.Image:
    """Return the picture in a PNG or JPEG file as RGB or RGBA, of at most so many pixels across and down.

    Raises ValueError for what is none, and for one that is unreasonably large.
    """
    ImageFile.LOAD_TRUNCATED_IMAGES = False  # WeasyPrint, where it was loaded, allows half a picture
    try:
        image = Image.open(io.BytesIO(data[: MOST_BYTES + 1]), formats=("PNG", "JPEG"))
        if len(data) > MOST_BYTES or image.width * image.height > MOST_PIXELS:
            raise ValueError("too large")
        image.thumbnail(most)
        return image.convert("RGBA" if image.has_transparency_data else "RGB")
    except (OSError, SyntaxError, Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise ValueError("no picture") from error
