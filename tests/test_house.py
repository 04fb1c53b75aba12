"""This file ensures that the house stands as drawn: imports run down, engines stay in their rooms, doors speak."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "toolkit"
FLOORS = {
    "beside": 1, "errors": 1, "kept": 1, "marks": 1, "model": 1, "packed": 1, "slots": 1, "text": 1, "toml": 1,
    "reference": 1,
    "blocks": 2, "conditions": 2, "kinds": 2, "environment": 2, "excel": 2, "phrases": 2, "pictures": 2, "rules": 2,
    "clones": 2, "derive": 2, "thread": 2,
    "shelf": 3, "intake": 3, "audit": 3, "word": 3, "proof": 3, "report": 3, "schema": 3, "pdf": 3, "sign": 3,
    "batch": 4,
    "cli": 5, "demo": 5, "practice": 5,
    "__main__": 6,
}  # fmt: skip
ROOMS = {
    "python_calamine": {"intake"},
    "openpyxl": {"excel", "intake", "report"},
    "docxtpl": {"word"},
    "docx": {"word"},
    "docxcompose": {"word"},
    "pikepdf": {"pdf"},
    "uharfbuzz": {"pdf"},
    "fontTools": {"pdf", "sign"},
    "pypdf": {"pdf"},
    "weasyprint": {"pdf"},
    "jinja2": {"environment", "word"},
    "click": {"cli"},
    "rich": {"cli"},
    "pydantic": {"schema"},
    "pyhanko": {"sign"},
    "pyhanko_certvalidator": {"sign"},
    "asn1crypto": {"sign"},
    "cryptography": {"sign"},
    "PIL": {"pictures"},
    "rapidfuzz": {"clones"},
}
FILES = [path for path in PACKAGE.rglob("*.py") if "templates" not in path.parts]


def room(path):
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imports(path):
    """Yield (module, names) for every import of a file, also those inside functions."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((alias.name, ()) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module, tuple(alias.name for alias in node.names)


def own(path):
    """Yield the rooms of the package that a file asks for."""
    for module, names in imports(path):
        parts = module.split(".")
        if parts[0] == "toolkit":
            yield from parts[1:2] or [name for name in names if not name.startswith("_")]


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_run_down_and_never_sideways(path):
    here = room(path)
    if here == "__init__":
        return
    for other in own(path):
        if other == here:
            continue
        assert (
            FLOORS[other] < FLOORS[here]
            or {here, other} <= {"cli", "demo", "practice"}
            or (FLOORS[here] == FLOORS[other] <= 2)
        ), f"{here} (floor {FLOORS[here]}) asks for {other} (floor {FLOORS[other]})"


def test_no_room_asks_for_one_that_asks_for_it():
    asks = {name: set() for name in FLOORS}
    for path in FILES:
        if room(path) in asks:
            asks[room(path)] |= set(own(path)) - {room(path)}
    while leaves := [name for name, others in asks.items() if not others]:
        for leaf in leaves:
            del asks[leaf]
        for others in asks.values():
            others -= set(leaves)
    assert not asks, f"these ask for one another: {sorted(asks)}"


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_third_party_engine_lives_in_one_room(path):
    for module, _ in imports(path):
        engine = module.split(".")[0]
        assert room(path) in ROOMS.get(engine, {room(path)}), f"{engine} in {room(path)}"


@pytest.mark.parametrize(
    "path", [path for path in FILES if room(path) != "rules"], ids=lambda path: str(path.relative_to(PACKAGE))
)
def test_no_population_and_no_payer_is_named_in_the_code(path):
    populations = [folder.name for folder in (ROOT / "templates").iterdir() if folder.is_dir()]
    payers = [file.stem for file in (PACKAGE / "payers").glob("*.toml") if file.stem != "default"]
    code = ast.unparse(_without_docstrings(ast.parse(path.read_text(encoding="utf-8"))))
    assert not re.search(rf"\b({'|'.join(populations + payers)})\b", code)


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_only_the_command_line_reads_the_clock_or_the_network(path):
    code = path.read_text(encoding="utf-8")
    if room(path) != "cli":
        assert not re.search(r"\b(date\.today|datetime\.now|time\.time)\(", code)
    assert not re.search(r"^\s*(import|from) (socket|urllib\.request|http|requests|httpx)\b", code, re.M)


def test_the_package_says_that_it_is_typed():
    assert (PACKAGE / "py.typed").is_file()


def _without_docstrings(tree):
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.FunctionDef | ast.ClassDef) and ast.get_docstring(node):
            node.body = node.body[1:] or [ast.Pass()]
    return tree
