"""A treatment plan of four pages in the dialects of several engines, and five hundred made-up clients to fill it with.

The plan has Word's own styles, a header and a footer with page numbers, tables whose rows repeat, paragraphs that
repeat three deep, sections that may be absent, lists, and tags that Word has split over two runs.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import docx
from docx.document import Document
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Inches, Pt
from docx.text.paragraph import Paragraph
from msgspec import Struct

CLIENT = (
    "record_id", "name", "born", "age", "pronouns", "address", "city", "phone", "email", "language", "payer",
    "member_id", "level_of_care", "clinician", "credential", "supervisor", "admitted", "plan_date", "review_date",
    "referred_by", "emergency_contact", "emergency_phone", "primary_care", "allergies", "living_with", "occupation",
    "transport", "interpreter", "guardian", "pharmacy", "group_number", "authorization", "visits_authorized",
    "authorized_from", "authorized_until", "version",
)  # fmt: skip
NARRATIVES = ("presenting_problem", "history", "client_words")
SECTIONS = ("risk", "family", "school", "trauma", "accommodations", "substance_use", "aftercare")
DIAGNOSIS = ("code", "description", "role", "since")
MEDICATION = ("drug", "dose", "taken", "prescriber", "reason")
FACTS = ("baseline", "goal_target", "instrument", "responsible", "starts", "reviewed")
OBJECTIVE = ("statement", "measured_by", "score", "target", "due")
INTERVENTION = ("method", "session", "frequency", "minutes", "provider", "place", "starting", "purpose", "code")
KEPT_STYLES = (
    "Normal", "Header", "Footer", "Title", "Heading 1", "Heading 2", "Heading 3", "List Bullet", "List Number",
    "Table Grid", "Light Grid", "Normal Table", "Default Paragraph Font", "No List", "Header Char", "Footer Char",
)  # fmt: skip


class Dialect(Struct, frozen=True):
    """How an engine spells a value, and the beginning and end of a block, in a paragraph and in a table."""

    value: str
    loop: str
    end_loop: str
    condition: str
    end_condition: str
    in_rows: bool
    """True when a block of rows is told by rows of its own, False when by its first and last cell."""


DOCXTPL = Dialect("{{{{ {row}.{name} }}}}", "for {row} in {owner}.{name}", "endfor", "if {row}.{name}", "endif", True)
MUSTACHE = Dialect("{{{name}}}", "{{#{name}}}", "{{/{name}}}", "{{#{name}}}", "{{/{name}}}", False)
"""That of docxtemplater and easy-template-x."""


class _Builder:
    def __init__(self, dialect: Dialect) -> None:
        self.dialect = dialect
        self.document: Document = docx.Document()

    def value(self, row: str, name: str) -> str:
        return self.dialect.value.format(row=row, name=name)

    def block(self, words: str, tag: str, scope: str) -> str:
        text = words.format(**dict(zip(("row", "owner", "name"), tag.split(), strict=True)))
        return f"{{%{scope} {text} %}}" if self.dialect.in_rows else text

    @contextmanager
    def each(self, row: str, owner: str, name: str) -> Iterator[None]:
        tag = f"{row} {owner} {name}"
        self.document.add_paragraph(self.block(self.dialect.loop, tag, "p"))
        yield
        self.document.add_paragraph(self.block(self.dialect.end_loop, tag, "p"))

    @contextmanager
    def where(self, name: str) -> Iterator[None]:
        tag = f"client - {name}"
        self.document.add_paragraph(self.block(self.dialect.condition, tag, "p"))
        yield
        self.document.add_paragraph(self.block(self.dialect.end_condition, tag, "p"))

    def table(self, rows: list[list[str]], style: str) -> None:
        table = self.document.add_table(0, len(rows[0]), style)
        for texts in rows:
            for cell, text in zip(table.add_row().cells, texts, strict=True):
                cell.paragraphs[0].add_run(text).bold = "{" not in text or None

    def labelled(self, row: str, names: tuple[str, ...], style: str) -> None:
        """Add a paragraph with the value of each name behind its label."""
        paragraph = self.document.add_paragraph(style=style)
        for name in names:
            paragraph.add_run(f"{name.replace('_', ' ').capitalize()}: ").bold = True
            paragraph.add_run(f"{self.value(row, name)} ")

    def rows(self, title: str, row: str, name: str, columns: tuple[str, ...]) -> None:
        """Add a table with one row for each item of the client's list ``name``."""
        self.document.add_heading(title, 1)
        heads = [column.replace("_", " ").capitalize() for column in columns]
        cells = [self.value(row, column) for column in columns]
        tag = f"{row} client {name}"
        start, end = (self.block(words, tag, "tr") for words in (self.dialect.loop, self.dialect.end_loop))
        if self.dialect.in_rows:
            blank = [""] * (len(columns) - 1)
            self.table([heads, [start, *blank], cells, [end, *blank]], "Light Grid")
        else:
            self.table([heads, [start + cells[0], *cells[1:-1], cells[-1] + end]], "Light Grid")

    def body(self) -> None:
        document, value = self.document, self.value
        title = document.add_paragraph(style="Title")
        _split(title, "Treatment plan of ", value("client", "name"))
        document.add_heading("The client", 1)
        pairs = [[name.replace("_", " ").capitalize(), value("client", name)] for name in CLIENT]
        self.table([[*left, *right] for left, right in zip(pairs[::2], pairs[1::2], strict=True)], "Table Grid")
        self.rows("Diagnoses", "diagnosis", "diagnoses", DIAGNOSIS)
        for name in NARRATIVES:
            document.add_heading(name.replace("_", " ").capitalize(), 2)
            document.add_paragraph(value("client", name))
        for name in SECTIONS:
            with self.where(name):
                document.add_heading(name.replace("_", " ").capitalize(), 2)
                _split(document.add_paragraph(), "In this plan: ", value("client", name))
        document.add_heading("Problems, goals and objectives", 1)
        with self.each("problem", "client", "problems"):
            document.add_heading(value("problem", "problem_title"), 2)
            document.add_paragraph(value("problem", "problem_detail"))
            document.add_heading("Goal: " + value("problem", "goal"), 3)
            facts = [[name.replace("_", " ").capitalize(), value("problem", name)] for name in FACTS]
            self.table(facts, "Table Grid")
            with self.each("objective", "problem", "objectives"):
                self.labelled("objective", OBJECTIVE, "List Number")
                with self.each("intervention", "objective", "interventions"):
                    self.labelled("intervention", INTERVENTION, "List Bullet")
        self.rows("Medications", "medication", "medications", MEDICATION)
        for title_text, row, name, style in (
            ("Strengths", "strength", "strengths", "List Bullet"),
            ("Discharge criteria", "criterion", "criteria", "List Number"),
        ):
            document.add_heading(title_text, 1)
            with self.each(row, "client", name):
                document.add_paragraph(value(row, f"{row}_text"), style)
        document.add_heading("Signatures", 1)
        lines = [
            [value("client", name), "_" * 30, "Date: ____________"] for name in ("name", "clinician", "supervisor")
        ]
        self.table([["Name", "Signature", ""], *lines], "Table Grid")

    def margins(self) -> None:
        section = self.document.sections[0]
        section.header.paragraphs[0].text = f"Record {self.value('client', 'record_id')}"
        footer = section.footer.paragraphs[0]
        footer.add_run(f"{self.value('client', 'name')} – page ")
        _field(footer, "PAGE")
        footer.add_run(" of ")
        _field(footer, "NUMPAGES")


def _split(paragraph: Paragraph, before: str, tag: str) -> None:
    """Add a text of which Word has split the tag over two runs."""
    middle = tag.index("}") - 3
    paragraph.add_run(before + tag[:middle])
    paragraph.add_run(tag[middle:])


def _field(paragraph: Paragraph, name: str) -> None:
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), name)
    field.append(OxmlElement("w:r"))
    paragraph._p.append(field)


def template(dialect: Dialect = DOCXTPL) -> bytes:
    """Return the plan as a Word file with the tags of ``dialect``."""
    builder = _Builder(dialect)
    builder.body()
    builder.margins()
    document = builder.document
    styles = document.styles
    for style in [style for style in styles if style.name not in KEPT_STYLES]:
        styles.element.remove(style.element)  # python-docx brings twenty times as many as Word does
    for relation in [
        relation for relation in document.part.rels.values() if relation.reltype.endswith("/stylesWithEffects")
    ]:
        del document.part.rels[relation.rId]
    styles["Normal"].font.size = Pt(9)
    for section in document.sections:
        section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Inches(0.7)
    styles["Normal"].paragraph_format.space_after = Pt(2)
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def clients(count: int = 500) -> list[dict[str, Any]]:
    """Return ``count`` made-up clients, each with about 360 values: accents, quotes, ``&``, ``<`` and line breaks."""
    return [_client(number) for number in range(count)]


def _client(number: int) -> dict[str, Any]:
    def texts(names: tuple[str, ...], words: str) -> dict[str, str]:
        return {name: f"{name[:5]} {words} {number}" for name in names}

    client: dict[str, Any] = texts(CLIENT, "noted")
    client |= {"record_id": f"{number:05}", "name": f"Renée O’Brien-Núñez {number}", "referred_by": 'Dr. "Al" & <sons>'}
    client |= {
        name: f"She says “mornings are the worst” & sleeps < 5 hours ({name}, {number}).\nSince March; two attempts at "
        "keeping a diary, both ended after a week because evenings are full of children and shifts."
        for name in NARRATIVES
    }
    client |= {
        name: f"{name} is addressed & reviewed monthly" if (number + at) % 3 else "" for at, name in enumerate(SECTIONS)
    }
    client["diagnoses"] = [texts(DIAGNOSIS, f"{at}") for at in range(4)]
    client["medications"] = [texts(MEDICATION, f"{at}") for at in range(5)]
    client["strengths"] = [{"strength_text": f"Strength {at} of {number}: keeps what she promises"} for at in range(8)]
    client["criteria"] = [{"criterion_text": f"PHQ-9 < 10 at {at} visits in a row"} for at in range(6)]
    client["problems"] = [
        {
            **texts(("problem_title", "problem_detail", "goal", *FACTS), f"{at}"),
            "objectives": [
                {
                    **texts(OBJECTIVE, f"{at}.{part} – 19 to < 10"),
                    "interventions": [texts(INTERVENTION, f"{at}.{part}.{step} & more") for step in range(2)],
                }
                for part in range(3)
            ],
        }
        for at in range(3)
    ]
    return client
