"""A Markdown table is a workbook: what a test says is what the reader gets.

    ## Goals
    | Client id | Goal | Statement  |
    | 0042      | 1    | Sleep well |

``\\n`` in a cell is a line break. Every cell is text. `DEFINITIONS` are a few sheets with a bit of everything.
"""

import csv
import io
import re

from openpyxl import Workbook

from toolkit.intake.tables import Grid
from toolkit.model import Choice, Definitions, Document, Field, Section


def sheets(text):
    """Return the sheets of ``text`` as lists of rows, by name."""
    found = {}
    for line in map(str.strip, text.splitlines()):
        if line.startswith("## "):
            rows = found.setdefault(line.removeprefix("## "), [])
        elif line.startswith("|") and not re.fullmatch(r"[|\s:-]*-[|\s:-]*", line):
            cells = line.removeprefix("|").removesuffix("|").split("|")
            rows.append([cell.strip().replace("\\n", "\n") for cell in cells])
    return found


def grids(text):
    """Return ``text`` as the grids that the readers of workbooks and CSV hand on."""
    return tuple(Grid(name, rows) for name, rows in sheets(text).items())


def book(text):
    """Return ``text`` as an openpyxl workbook, to be changed further."""
    made = Workbook()
    made.remove(made.active)
    for name, rows in sheets(text).items():
        sheet = made.create_sheet(name)
        for number, row in enumerate(rows, 1):
            for column, cell in enumerate(row, 1):
                if cell:
                    put(sheet.cell(number, column), cell)
    return made


def put(cell, text):
    """Write ``text`` as text, as Excel does: also what begins with ``=``, and control characters as ``_x0007_``."""
    text = re.sub(r"_(?=x[0-9A-Fa-f]{4}_)", "_x005F_", text)
    cell.value = re.sub("[\x00-\x08\x0b-\x1f\ufffe\uffff]", lambda found: f"_x{ord(found[0]):04X}_", text)
    cell.data_type = "s"


def saved(made):
    """Return an openpyxl workbook as the bytes of a file."""
    stream = io.BytesIO()
    made.save(stream)
    return stream.getvalue()


def workbook(text):
    """Return ``text`` as the bytes of an .xlsx file."""
    return saved(book(text))


def csv_files(text, folder, delimiter=",", encoding="utf-8"):
    """Write ``text`` into ``folder``, one CSV file a sheet; return the folder."""
    folder.mkdir(exist_ok=True)
    for name, rows in sheets(text).items():
        stream = io.StringIO(newline="")
        csv.writer(stream, delimiter=delimiter).writerows(rows)
        (folder / f"{name}.csv").write_bytes(stream.getvalue().encode(encoding))
    return folder


# --- definitions ---------------------------------------------------------------------------------------------------


def section(name, sheet, *fields, **options):
    made = []
    for order, (field, kind, *more) in enumerate(fields):
        values = {"label": field.replace("_", " ").capitalize(), "sheet": sheet, "order": order} | dict(*more)
        made.append(Field(section=name, name=field, kind=kind, **values))
    return Section(name, name.capitalize(), sheet, tuple(made), **options)


PLAN = {"required": ("treatment_plan",)}
RISK = {"label": "Risk", "choices": (Choice("low", "Low"), Choice("high", "High"))}
DEFINITIONS = Definitions(
    {
        item.name: item
        for item in (
            section(
                "staff", "Staff", ("staff_id", "text", PLAN), ("name", "text"),
                ("supervisor", "ref", {"refers": "staff"}), repeats=True, key="staff_id", scope="workbook",
            ),
            section(
                "client", "Clients", ("id", "text", {"label": "Client id"}), ("legal_name", "text", PLAN),
                ("date_of_birth", "date"),
            ),
            section("episode", "Clients", ("clinician", "ref", {"refers": "staff"}), ("days", "integer")),
            section("plan", "Plan", ("date", "date", PLAN | {"label": "Plan date"}), ("summary", "long")),
            section("risk", "Plan", ("level", "choice", RISK), ("tool", "text", {"sheet": "Extra"})),
            section("goals", "Goals", ("goal", "text"), ("statement", "long"), repeats=True, key="goal"),
            section(
                "objectives", "Objectives", ("goal", "ref", {"refers": "goals"}), ("objective", "text"),
                ("statement", "long"), repeats=True, key="objective", parent="goals", parent_field="goal",
            ),
            section(
                "interventions", "Interventions", ("goals", "refs", {"refers": "goals"}), ("action", "text"),
                repeats=True,
            ),
            section("review", "Reviews", ("date", "date"), ("view", "text"), repeats=True),
            section(
                "progress", "Progress", ("review_date", "date"), ("current", "text"), repeats=True,
                parent="review", parent_field="review_date",
            ),
        )
    },
    {"treatment_plan": Document("treatment_plan", "Plan", "plan.date", "")},
)  # fmt: skip
