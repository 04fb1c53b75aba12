"""For Python developers: any docxtpl template of one's own, compiled once and filled many times.

    letter = open_template("letter.docx")
    Path("ana.docx").write_bytes(letter.render({"name": "Ana", "goals": [{"text": "Sleep"}]}))

Values print as Python writes them, as in docxtpl, and always escaped; None prints nothing. ``docxtpl``'s own values
(RichText, RichTextParagraph, Listing, InlineImage, Subdoc) may stand in the context, in any part; an image needs no
template (``InlineImage(None, "logo.png")``), and a link's id is ``letter.build_url_id(address)``. A name that the
context does not hold is an error, which says where it stands; ask for it with ``is defined`` or ``default``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from os import PathLike
from pathlib import Path
from typing import Any

from toolkit.errors import TemplateError
from toolkit.word.compile import compile_template
from toolkit.word.render import Template
from toolkit.word.values import as_python


def open_template(path: str | PathLike[str], filters: Mapping[str, Callable[..., Any]] | None = None) -> Template:
    """Return the Word file at ``path`` as a template; ``filters`` are further ones that it may use.

    What it includes by name is read from its own folder. Raises TemplateError: one sentence with the file, the part,
    the paragraph or table cell, and the words around the fault.
    """
    file = Path(path)
    try:
        data = file.read_bytes()
    except OSError:
        raise TemplateError(f"{file.name} is not there or cannot be opened. Check its name.") from None
    return compile_template(
        data, file.name, lambda name: (file.parent / name).read_bytes(), environment=as_python(filters or {})
    )
