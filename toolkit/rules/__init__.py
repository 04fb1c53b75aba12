"""The rules, one file each, and the loader that reads a file's page (its docstring) and its signature.

A file is called by its code and its fault, ``sm006_wrong_direction.py``. Its docstring is the page that is shown to
people; its function ``check`` yields ``(where, message)`` for each fault. `toolkit.rules._run` says what the names of
the parameters stand for. A file without ``check`` is the page of a code that fields bear when they are left blank.
"""

from __future__ import annotations

import importlib.util
import inspect
import re
import textwrap
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from toolkit.errors import ShelfError
from toolkit.model import Rule
from toolkit.rules._families import FAMILIES, by_family, family, is_chosen
from toolkit.rules._run import Hit, continued, in_a_sentence, run, run_on_fact
from toolkit.rules._scene import SERVICES, Answers, Scene
from toolkit.rules._texts import KINDS, faults
from toolkit.rules._wider import wider

__all__ = [
    "FACT_KINDS", "FAMILIES", "KINDS", "SERVICES", "Answers", "Hit", "Scene", "by_family", "checks", "continued",
    "family", "faults_of", "in_a_sentence", "is_chosen", "load_rules", "run", "run_on_fact", "wider",
]  # fmt: skip

FACT_KINDS = frozenset((
    "changed_example", "copied_plan", "double_column", "duplicate_client", "duplicate_date", "duplicate_id",
    "error_cell", "example_row", "hidden_columns", "hidden_rows", "hidden_sheet", "merged_cells",
    "missing_column", "missing_sheet", "misspelt_column", "misspelt_sheet", "mixed_nesting", "no_client_id",
    "no_parent", "not_an_answer", "other_client", "removed_characters", "same_methods", "same_scores",
    "same_text", "second_row", "text_of_the_form", "uncached_formula", "unknown_choice", "unknown_client",
    "unknown_column", "unknown_id", "unknown_key", "unknown_sheet", "unreadable_cell", "unreadable_file",
    "value_without_header",
))  # fmt: skip
"""The kinds of `toolkit.model.Fact`; a rule's parameter that bears one runs once for each such fact."""

LATE_KINDS = frozenset((
    "copied_plan", "other_client", "same_methods", "same_scores", "same_text", "text_of_the_form",
))  # fmt: skip
"""Those that are noted after a record was judged, most when all were."""

_FILE = re.compile(r"[a-z]{2,3}\d{3}_[a-z0-9_]+")
_HEADS = (
    "Why it matters",
    "Example",
    "Use instead",
    "Source",
    "Requires",
    "Looks at",
    "Level",
    "Phase",
    "Waivable",
    "Documents",
)
_HEAD = re.compile(rf"^({'|'.join(_HEADS)}):[ \t]*", re.MULTILINE)
_LEVELS = ("error", "warning", "info")
_PHASES = ("make", "after")


def load_rules(*folders: Path) -> dict[str, Rule]:
    """Return the rules in ``folders`` (the built-in ones where none is given) by code, in the order of the codes.

    Raises ShelfError, naming the file, when a page lacks a part, a signature cannot be used or a code stands twice.
    """
    found: dict[str, Rule] = {}
    for folder in folders or (Path(__file__).parent,):
        for path in sorted(folder.glob("[a-z]*.py")):
            if not _FILE.fullmatch(path.stem):
                raise ShelfError(f"{path.name} is not named as a rule is: its code, then its fault (sm006_wrong_way).")
            rule = _rule(path)
            if rule.code in found:
                raise ShelfError(f"{path.name}: the code {rule.code} stands twice.")
            found[rule.code] = rule
    return dict(sorted(found.items()))


def _rule(path: Path) -> Rule:
    specification = importlib.util.spec_from_file_location(f"toolkit.rules.{path.stem}", path)
    if specification is None or specification.loader is None:  # pragma: no cover - a .py file always has a loader
        raise ShelfError(f"{path.name} cannot be loaded as a rule.")
    module = importlib.util.module_from_spec(specification)
    try:
        specification.loader.exec_module(module)
    except (SyntaxError, ImportError, NameError) as error:
        raise ShelfError(f"The rule {path.name} cannot be loaded: {error}.") from error
    summary, parts = _page(inspect.getdoc(module) or "", path)
    check = getattr(module, "check", _blank_only)
    parameters, limits = _signature(check, path)
    code, _, name = path.stem.partition("_")
    return Rule(
        code=code.upper(),
        name=name,
        summary=summary,
        why=parts["Why it matters"],
        example=parts["Example"],
        mend=parts["Use instead"],
        source=parts["Source"],
        level=parts.get("Level", "error"),
        phase=parts.get("Phase", "make"),
        check=check,
        parameters=parameters,
        limits=limits,
        waivable=parts.get("Waivable", "yes") != "no",
        documents=tuple(re.findall(r"\w+", parts.get("Documents", ""))),
        requires=" ".join(parts.get("Requires", "").split()),
        looks_at=tuple(re.findall(r"[\w.]+", parts.get("Looks at", ""))),
    )


def _page(docstring: str, path: Path) -> tuple[str, dict[str, str]]:
    """Return the first line of a docstring and what stands under each heading."""
    summary, _, rest = docstring.partition("\n")
    pieces = _HEAD.split(rest)[1:]
    parts = {head: textwrap.dedent(text).strip() for head, text in zip(pieces[::2], pieces[1::2], strict=True)}
    missing = [head for head in _HEADS[:4] if not parts.get(head)]
    if not summary or missing:
        raise ShelfError(f"The rule {path.name} lacks «{missing[0] if summary else 'a first line'}» in its docstring.")
    if parts.get("Level", "error") not in _LEVELS or parts.get("Phase", "make") not in _PHASES:
        raise ShelfError(f"The rule {path.name}: its level is error, warning or info; its phase is make or after.")
    flowing = {head: " ".join(parts[head].split()) for head in ("Why it matters", "Source")}
    return summary.strip(), {**parts, **flowing}


def _signature(check: Callable[..., Any], path: Path) -> tuple[tuple[str, ...], tuple[str, ...]]:
    parameters = inspect.signature(check).parameters.values()
    names = tuple(item.name for item in parameters if item.kind is item.POSITIONAL_OR_KEYWORD)
    limits = tuple(item.name for item in parameters if item.kind is item.KEYWORD_ONLY)
    if len(names) + len(limits) != len(parameters):
        raise ShelfError(f"The rule {path.name}: a check takes names, and limits after a *; nothing else.")
    return names, limits


def _blank_only() -> Iterable[tuple[Any, str]]:
    """Stand in for the check of a page-only rule: the blank answer itself is what is reported."""
    return ()


def faults_of(kind: str, text: str) -> tuple[str, ...]:
    """Return the codes of the rules that ``text`` breaks where nothing else of the plan is known, none if it is good.

    ``kind`` is ``objective``, ``intervention``, ``discharge_criterion`` or ``necessity``; another is a ValueError.
    """
    if kind not in KINDS:
        raise ValueError(f"{kind!r} is none of {', '.join(KINDS)}.")
    codes: tuple[str, ...] = faults(kind, text)
    return codes


def checks(rule: Rule) -> bool:
    """Tell whether ``rule`` has a check of its own, beyond the blank answers of the fields that bear its code."""
    return rule.check is not _blank_only
