"""Small Word files for tests: a text is a paragraph, a list of lists a table."""

import io
import zipfile

from docx import Document

from toolkit.word.compile import compile_template
from toolkit.word.read import paragraphs


def word(*blocks, header="", footer="", change=None):
    """Return the bytes of a Word file; ``change`` may alter the python-docx document before it is saved."""
    document = Document()
    for block in blocks:
        if isinstance(block, str):
            document.add_paragraph(block)
        else:
            table = document.add_table(rows=0, cols=max(map(len, block)))
            for row in block:
                cells = table.add_row().cells
                for cell, text in zip(cells, row, strict=False):
                    cell.text = text
    if header:
        document.sections[0].header.paragraphs[0].text = header
    if footer:
        document.sections[0].footer.paragraphs[0].text = footer
    if change:
        change(document)
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def template(*blocks, supplements=(), last_pages=(), files=(), name="plan.docx", **more):
    """Return the compiled template of such a Word file."""
    added = {"supplements": supplements, "last_pages": last_pages}
    return compile_template(word(*blocks, **more), name, dict(files).__getitem__, added)


def printed(*blocks, context=None, draft=False, **more):
    """Return the paragraphs of such a template, rendered and read back."""
    return paragraphs(template(*blocks, **more).render(context or {}, draft))


def part(data, name="word/document.xml"):
    """Return one part of a Word file as text."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return archive.read(name).decode()


def with_part(data, name, content):
    """Return the Word file ``data`` with one part added or replaced."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(file, "w") as new:
        for item in old.namelist():
            if item != name:
                new.writestr(item, old.read(item))
        new.writestr(name, content)
    return file.getvalue()
