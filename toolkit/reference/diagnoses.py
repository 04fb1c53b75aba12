"""The diagnosis codes (ICD-10-CM) of one year: which there are, which a claim may bear, and at which ages."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from msgspec import Struct

from toolkit.toml import loads

_HERE = Path(__file__).parent


class Diagnosis(Struct, frozen=True):
    """A code, or a heading: then ``beneath`` are the codes that it stands for, and no claim takes it itself.

    ``title`` is empty for headings and outside the chapters that plans of behavioral health use.
    """

    code: str
    title: str = ""
    beneath: tuple[Diagnosis, ...] = ()

    @property
    def billable(self) -> bool:
        """Tell whether a claim may bear it."""
        return not self.beneath

    def __str__(self) -> str:
        return f"{self.code} {self.title}".rstrip()


class CodeSet(Struct, frozen=True):
    """Which codes are known: those of ``year`` (``FY 2026``: October 2025 to September 2026) as they are ``since``."""

    year: str
    since: date


class Ages(Struct, frozen=True):
    """From and to which age the codes that begin with ``codes`` are taken; None is no limit."""

    codes: tuple[str, ...]
    source: str
    confidence: str
    minimum: int | None = None
    maximum: int | None = None

    def fit(self, age: int) -> bool:
        """Tell whether ``age`` (completed years) is one of them."""
        return (self.minimum or 0) <= age and (self.maximum is None or age <= self.maximum)


@cache
def icd10cm_set() -> CodeSet:
    """Return of which year the codes are."""
    words = _file().split(b"\n", 1)[0].decode().split()
    return CodeSet(" ".join(words[2:4]), date.fromisoformat(words[5].rstrip(",")))


@lru_cache(maxsize=4096)
def icd10cm(code: str) -> Diagnosis | None:
    """Return the code or heading ``code`` (``F33.1``, ``F33``), None where the set has neither."""
    found = tuple(_beginning(code)) if code else ()
    if not found:
        return None
    return found[0] if found[0].code == code else Diagnosis(code, beneath=found)


def diagnosis_ages(code: str) -> Ages | None:
    """Return the ages at which Medicare's code editor takes ``code``, None where it sets no limit that we know."""
    return next((ages for ages in _ages() if code.startswith(ages.codes)), None)


def _beginning(code: str) -> Iterator[Diagnosis]:
    """Yield the codes that begin with ``code``: they stand together. (Nothing is parsed before: 75,000 lines.)"""
    file, sought = _file(), f"\n{code}".encode()
    start = file.find(sought)
    while start >= 0 and file.startswith(sought, start):
        end = file.find(b"\n", start + 1)
        own, _, title = file[start + 1 : end].decode().partition(" ")
        yield Diagnosis(own, title)
        start = end


@cache
def _file() -> bytes:
    return (_HERE / "icd10cm.txt").read_bytes()


@cache
def _ages() -> tuple[Ages, ...]:
    entries: list[dict[str, Any]] = loads((_HERE / "diagnoses.toml").read_text(encoding="utf-8"))["ages"]
    return tuple(Ages(**{**entry, "codes": tuple(entry["codes"])}) for entry in entries)
