"""One engine that fills the plan of five pages, in a process of its own.

    python benchmarks/pdf_engines.py ENGINE

Standard input says what to do, as in ``engines.py``.
"""

from __future__ import annotations

import io
import sys
import time
from collections.abc import Callable, Mapping
from typing import Any

import five_pages
from engines import Fill, serve

RECORDS = 200
Values = Mapping[str, str | bool]


def _plankit(data: bytes, records: list[Values]) -> Fill:
    from toolkit.pdf.compile import compile_form
    from toolkit.pdf.fill import Filler
    from toolkit.pdf.fonts import Faces

    filler = Filler(compile_form(data), Faces())

    def fill(number: int) -> bytes:
        done = filler.fill(records[number])
        assert not done.misfits
        return done.data

    return fill


def _proven(data: bytes, records: list[Values]) -> Fill:
    from toolkit.pdf import read

    make = _plankit(data, records)

    def fill(number: int) -> object:
        made = make(number)
        assert isinstance(made, bytes)
        fields = read.read(made).fields
        for name, value in records[number].items():
            seen = fields[name]
            assert seen.whole and seen.value == (value if isinstance(value, str) else "Yes" if value else "")
        return made

    return fill


def _pikepdf(data: bytes, records: list[Values]) -> Fill:
    import pikepdf
    from pikepdf.form import CheckboxField, ChoiceField, ExtendedAppearanceStreamGenerator, Form

    def fill(number: int) -> bytes:
        with pikepdf.open(io.BytesIO(data)) as pdf:
            form = Form(pdf, ExtendedAppearanceStreamGenerator)
            for name, value in records[number].items():
                field: Any = form[name]
                if isinstance(field, CheckboxField):
                    field.checked = bool(value)
                elif isinstance(field, ChoiceField):
                    next(one for one in field.options if one.export_value == value).select()
                else:
                    field.value = value
            out = io.BytesIO()
            pdf.save(out)
            return out.getvalue()

    return fill


def _pypdf(data: bytes, records: list[Values]) -> Fill:
    from pypdf import PdfReader, PdfWriter

    def fill(number: int) -> bytes:
        writer = PdfWriter(clone_from=PdfReader(io.BytesIO(data)))
        values = {name: _state(value) for name, value in records[number].items()}
        for page in writer.pages:
            writer.update_page_form_field_values(page, values, auto_regenerate=False)
        return _written(writer)

    return fill


def _state(value: str | bool) -> str:
    return value if isinstance(value, str) else "/Yes" if value else "/Off"


def _written(writer: Any) -> bytes:
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def _pypdfform(data: bytes, records: list[Values]) -> Fill:
    from PyPDFForm import PdfWrapper

    def fill(number: int) -> bytes:
        form = PdfWrapper(data, use_full_widget_name=True, generate_appearance_streams=True)
        filled: bytes = form.fill(dict(records[number])).read()
        return filled

    return fill


ENGINES: Mapping[str, Callable[[bytes, list[Values]], Fill]] = {
    "pypdf, clone each": _pypdf,
    "pikepdf": _pikepdf,
    "PyPDFForm": _pypdfform,
    "plankit": _plankit,
    "plankit, proven": _proven,
}


def stored(data: Any) -> str:
    """Return what all fields of a filled form hold, as text."""
    from pypdf import PdfReader

    fields = PdfReader(io.BytesIO(data)).get_fields() or {}
    return "\n".join(f"{name}={_held(field.get('/V'))}" for name, field in sorted(fields.items()) if "/FT" in field)


def _held(value: object) -> str:
    return "" if value in (None, "/Off") else str(value)


def main() -> None:
    """Do as standard input says."""
    values: list[Values] = list(five_pages.records(RECORDS))
    serve(ENGINES[sys.argv[1]](five_pages.form(), values), RECORDS, stored, time.process_time)


if __name__ == "__main__":
    main()
