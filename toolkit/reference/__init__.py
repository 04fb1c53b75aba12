"""Reference data with sources: measures, services, levels of care, credentials, diagnosis codes; and their loader."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from functools import cache, cached_property, lru_cache
from pathlib import Path
from typing import Any, Generic, Literal, Protocol, TypeVar

from msgspec import Struct

from toolkit import toml
from toolkit.model import Limit
from toolkit.reference.diagnoses import diagnosis_ages as diagnosis_ages
from toolkit.reference.diagnoses import icd10cm as icd10cm
from toolkit.reference.diagnoses import icd10cm_set as icd10cm_set
from toolkit.text import key

_HERE = Path(__file__).parent
_BEHIND_CODE = re.compile(r"[\s,–-]")
Direction = Literal["lower", "higher", ""]
DiagnosisGroup = Literal["mental_health", "substance", "developmental", "other"]


class Band(Struct, frozen=True):
    """A published severity band; both ends belong to it."""

    minimum: Decimal
    maximum: Decimal
    label: str


class Subscale(Struct, frozen=True):
    """A part score of a measure; ``cut`` is the score from which it counts as raised, None where none is published."""

    name: str
    minimum: Decimal
    maximum: Decimal
    cut: Decimal | None = None


class Measure(Struct, frozen=True):
    """A scale: what its total may be, which side is better and how often it is repeated.

    None means that no number is published or that it has no limit. ``unverified`` names what we state from general
    knowledge. ``cutoffs`` are pairs of score and meaning; ``critical_items`` are item, threshold and action.
    """

    key: str
    name: str
    full_name: str
    minimum: Decimal
    maximum: Decimal
    direction: Direction = ""
    """The better side; empty for a measure that describes needs and is no target."""
    aliases: tuple[str, ...] = ()
    age_min: int | None = None
    age_max: int | None = None
    respondent: str = ""
    purpose: str = ""
    reassess_days: int | None = None
    reliable_change: Decimal | None = None
    total_score_valid: bool = True
    """False where only the subscales (or items) are scored, never a total."""
    subscales: tuple[Subscale, ...] = ()
    bands: tuple[Band, ...] = ()
    cutoffs: tuple[tuple[Decimal, str], ...] = ()
    critical_items: tuple[tuple[str, Decimal, str], ...] = ()
    critical_from: Decimal | None = None
    """The total from which a critical item was answered above zero, since the other items cannot reach it."""
    license: str = ""
    note: str = ""
    source: str = ""
    confidence: str = ""
    basis: str = ""
    unverified: tuple[str, ...] = ()

    @property
    def known_as(self) -> tuple[str, ...]:
        """What it is called, the name first."""
        return (self.name, self.key, *self.aliases, self.full_name)

    def band(self, score: Decimal | int) -> str:
        """Return the label of the band that ``score`` falls into, or an empty text where there is none."""
        return next((band.label for band in self.bands if band.minimum <= score <= band.maximum), "")


class Service(Struct, frozen=True):
    """A procedure code with our own label. Minutes are None where the code has no national clock."""

    code: str
    label: str
    kind: str
    unit: str
    client_present: str
    """``required``, ``optional``, ``absent`` or ``not_required``."""
    system: str = ""
    minutes_min: int | None = None
    minutes_max: int | None = None
    minutes_per_unit: int | None = None
    levels_of_care: tuple[str, ...] = ()
    """Groups of levels (`Level.group`) at which it is usual."""
    add_on_to: tuple[str, ...] = ()
    """Codes of which one must stand beside it; empty where it stands alone."""
    performer: tuple[str, ...] = ()
    note: str = ""
    source: str = ""
    confidence: str = ""
    basis: str = ""

    def minutes_said(self, minutes: int) -> str:
        """Return how many minutes the code takes where ``minutes`` do not fit it; an empty text where they do.

        Of what is billed in several units there is no most.
        """
        least, most = self.minutes_min or 0, None if self.minutes_per_unit else self.minutes_max
        if least <= minutes <= (most or minutes):
            return ""
        return f"{least} to {most} minutes" if least and most else f"at least {least} minutes" if least else f"{most}"

    @property
    def known_as(self) -> tuple[str, ...]:
        """What it is called, the code first."""
        return (self.code, f"{self.code} {self.label}")


class Level(Struct, frozen=True):
    """A level of care: its weekly hours and its clocks in days. None means that no number is set."""

    key: str
    name: str
    group: str
    aliases: tuple[str, ...] = ()
    above_outpatient: bool = False
    typical_hours: str = ""
    hours_per_week_min: Decimal | None = None
    hours_per_week_max: Decimal | None = None
    plan_due: str = ""
    plan_due_days: int | None = None
    review_interval: str = ""
    review_interval_days: int | None = None
    certification: str = ""
    first_recert_day: int | None = None
    recert_interval_days: int | None = None
    justification_must_say: str = ""
    note: str = ""
    source: str = ""
    confidence: str = ""
    basis: str = ""
    unverified: tuple[str, ...] = ()
    ours: tuple[str, ...] = ()
    """Which of its clocks (`limits`) are our default: common, and set by nobody whose words were checked."""

    @property
    def known_as(self) -> tuple[str, ...]:
        """What it is called, the key first."""
        return (self.key, self.name, *self.aliases)

    @property
    def limits(self) -> Mapping[str, Limit]:
        """Its clocks, by what they are called in payer profiles."""
        clocks = {"plan_due_days": self.plan_due_days, "review_days": self.review_interval_days}
        return {
            name: Limit(days, self.name, ours=name in self.ours, of_level=True)
            for name, days in clocks.items()
            if days is not None
        }


class _Known(Protocol):
    @property
    def known_as(self) -> tuple[str, ...]: ...


Item = TypeVar("Item", bound=_Known)


class Table(Struct, Generic[Item], frozen=True, dict=True):
    """The entries of one kind, in the order of their file, found by any name in any case and spacing."""

    items: tuple[Item, ...]

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The name of each entry (a level's key, a service's code)."""
        return tuple(item.known_as[0] for item in self.items)

    @cached_property
    def _by_key(self) -> Mapping[str, Item]:
        found: dict[str, Item] = {}
        for place in range(max(len(item.known_as) for item in self.items)):  # names win over aliases and full names
            for item in self.items:
                for name in item.known_as[place : place + 1]:
                    found.setdefault(key(name), item)
        return found

    def get(self, name: str | None) -> Item | None:
        """Return the entry called ``name``, or None where there is none, or no name."""
        return self._by_key.get(key(name)) if name else None

    def __iter__(self) -> Iterator[Item]:
        return iter(self.items)

    def __len__(self) -> int:
        return len(self.items)

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and self.get(name) is not None


class Services(Table[Service], frozen=True):
    """The procedure codes, found also by what is typed with something behind the code: ``90837-95``, ``90837 GT``."""

    def get(self, name: str | None) -> Service | None:
        """Return the service with the code ``name``, or None where there is none, or no name."""
        return super().get(name) or (super().get(_BEHIND_CODE.split(name, 1)[0]) if name else None)


Measures = Table[Measure]
Levels = Table[Level]


@cache
def measures() -> Measures:
    """Return the measures. ``count`` (a counted behavior) is not one: it has neither range nor direction."""
    return Table(tuple(_measure(entry) for entry in _read("measures")["measures"]))


@cache
def services() -> Services:
    """Return the procedure codes."""
    return Services(tuple(Service(**_tuples(entry)) for entry in _read("services")["services"]))


@cache
def levels_of_care() -> Levels:
    """Return the levels of care, from outpatient upward, then those of substance use care."""
    return Table(tuple(_level(entry) for entry in _read("levels_of_care")["levels_of_care"]))


@cache
def words() -> Mapping[str, str]:
    """Return the word lists by which texts are read (`toolkit.phrases`), by name, each as it stands in its file."""
    return toml.loads((_HERE / "words.toml").read_text(encoding="utf-8"))


class Domain(Struct, frozen=True):
    """What measures of one kind tell of: diagnoses by the beginnings of their codes, and words."""

    measures: tuple[str, ...]
    diagnoses: tuple[str, ...]
    words: str
    """What tells of it, where a ``*`` stands for any ending."""

    def is_told_in(self, text: str) -> bool:
        """Tell whether one of its words stands in ``text``."""
        return bool(_any_of(self.words).search(text))


def domains(measure: str) -> tuple[Domain, ...]:
    """Return what the measure of that name tells of; nothing where it fits everything."""
    return tuple(domain for domain in _domains() if measure in domain.measures)


def told_by(measures: Iterable[Measure | None]) -> tuple[Domain, ...]:
    """Return what all of ``measures`` tell of; nothing where one of them fits everything, or is not known (None)."""
    found = [domains(measure.name) if measure else () for measure in measures]
    return tuple(domain for some in found for domain in some) if all(found) else ()


@cache
def _domains() -> tuple[Domain, ...]:
    return tuple(
        Domain(tuple(entry["measures"]), tuple(entry["diagnoses"]), entry["words"])
        for entry in _read("domains")["domains"].values()
    )


@cache
def _any_of(words: str) -> re.Pattern[str]:
    """Return the pattern of a list of words, of which a ``*`` stands for any ending."""
    endings = (re.escape(word).replace(re.escape("*"), "[a-z]*") for word in words.split())
    return re.compile(rf"\b(?:{'|'.join(endings)})\b", re.I)


def diagnosis_group(code: str) -> DiagnosisGroup:
    """Return the group of an ICD-10-CM code by its first three characters; ``other`` outside chapter F."""
    category = code.strip()[:3].upper()
    if not re.fullmatch(r"F\d\d", category):
        return "other"
    if category.startswith("F1"):
        return "substance"
    return "developmental" if category.startswith(("F7", "F8")) else "mental_health"


# --- credentials ---------------------------------------------------------------------------------------------------


@lru_cache(maxsize=1024)
def is_independent(credential: str, address: str = "") -> bool | None:
    """Tell whether a clinician with ``credential`` (``LCSW``, ``MS, LPC-A``) may practise without a supervisor.

    A license outweighs a degree beside it, a word of training (intern) both. Where we know what the state in the
    clinic's ``address`` says of a license, that holds; else the list is our default. None where no part is known.
    """
    known = _credentials(_state(address))
    found = [known[name] for name in _parts(credential, known)]
    heaviest = max((weight for weight, _ in found), default=0)
    return any(independent for weight, independent in found if weight == heaviest) if found else None


_LONGEST = 6  # words in the longest credential
_WEIGHTS = {
    "training": (2, False),
    "independent": (1, True),
    "supervised": (1, False),
    "independent_degrees": (0, True),
    "supervised_degrees": (0, False),
}


@cache
def _credentials(state: str) -> Mapping[str, tuple[int, bool]]:
    table = _read("credentials")
    own = table["states"].get(state, {})
    standings = ((names.get(kind, ()), standing) for names in (table, own) for kind, standing in _WEIGHTS.items())
    return {key(name): standing for names, standing in standings for name in names}


def _state(address: str) -> str:
    """Return the letters of the state that an address ends with (Detroit, MI 48226), of those that we know more of."""
    for letters, state in _states().items():
        if re.search(rf"(?:\b{letters}|{state})\b[\s.,]*(?:\d{{5}}[\d-]*)?[\s.,]*(?:USA?)?\W*$", address):
            return letters
    return ""


@cache
def _states() -> Mapping[str, str]:
    return {letters: state["name"] for letters, state in _read("credentials")["states"].items()}


def _parts(credential: str, known: Mapping[str, Any]) -> Iterator[str]:
    """Yield the known names in ``credential``, the longest first: ``LPC-A`` before ``LPC``."""
    words = key(re.sub(r"[^\w\s-]", " ", credential.replace(".", ""))).split()
    while words:
        sizes = range(min(len(words), _LONGEST), 0, -1)
        length = next((size for size in sizes if " ".join(words[:size]) in known), 0)
        if length:
            yield " ".join(words[:length])
        words = words[length or 1 :]


# --- reading -------------------------------------------------------------------------------------------------------


def _read(name: str) -> dict[str, Any]:
    return toml.loads((_HERE / f"{name}.toml").read_text(encoding="utf-8"), parse_float=Decimal)


def _measure(entry: dict[str, Any]) -> Measure:
    values = _tuples(_decimals(entry, "minimum", "maximum", "reliable_change", "critical_from"))
    values["bands"] = tuple(Band(Decimal(low), Decimal(high), label) for low, high, label in entry.get("bands", ()))
    values["subscales"] = tuple(
        Subscale(name, *(Decimal(number) for number in numbers)) for name, *numbers in entry.get("subscales", ())
    )
    values["cutoffs"] = tuple((Decimal(score), meaning) for score, meaning in entry.get("cutoffs", ()))
    values["critical_items"] = tuple(
        (item, Decimal(threshold), action) for item, threshold, action in entry.get("critical_items", ())
    )
    return Measure(**values)


def _level(entry: dict[str, Any]) -> Level:
    return Level(**_tuples(_decimals(entry, "hours_per_week_min", "hours_per_week_max")))


def _decimals(entry: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: Decimal(value) if name in names else value for name, value in entry.items()}


def _tuples(entry: dict[str, Any]) -> dict[str, Any]:
    return {name: tuple(value) if isinstance(value, list) else value for name, value in entry.items()}
