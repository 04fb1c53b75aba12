"""This file ensures that the reference data are whole, found by any of their names, and sensible in themselves."""

import sys
from datetime import date
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import pytest

from toolkit import conditions, reference, shelf
from toolkit.reference import diagnoses
from toolkit.text import key

sys.path.insert(0, str(Path(__file__).parent.parent / "docs"))

import icd10cm

TABLES = {
    "measures": reference.measures(),
    "services": reference.services(),
    "levels": reference.levels_of_care(),
}
ENTRIES = [(name, entry) for name, table in TABLES.items() for entry in table]


@pytest.mark.parametrize("table", TABLES.values(), ids=TABLES)
def test_every_name_leads_to_one_entry(table):
    for item in table:
        for name in item.known_as:
            assert table.get(name) is item
            assert table.get(f"  {name.upper()} ".replace(" ", "  ")) is item
    assert len({key(name) for name in table.names}) == len(table)
    assert table.get("nothing of the kind") is None and table.get("") is None


def test_other_spellings_are_found():
    assert reference.measures().get("phq 9").name == "PHQ-9"
    assert reference.measures().get("PHQ-9M").name == "PHQ-A"
    assert reference.measures().get("Patient Health Questionnaire-9").name == "PHQ-9"
    assert reference.levels_of_care().get("asam 2.1").key == "ASAM_2_1"
    assert reference.services().get("h0004").code == "H0004"


def test_a_count_is_not_a_measure():
    assert "count" not in reference.measures()


@pytest.mark.parametrize("measure", TABLES["measures"], ids=lambda item: item.key)
def test_a_measure_is_sensible(measure):
    assert measure.minimum < measure.maximum
    assert measure.direction in ("lower", "higher", "")
    ends = [(band.minimum, band.maximum) for band in measure.bands]
    assert all(low <= high for low, high in ends) and ends == sorted(ends)
    if ends:
        assert ends[0][0] == measure.minimum and ends[-1][1] == measure.maximum
        assert all(high < low for (_, high), (low, _) in pairwise(ends))
    assert measure.total_score_valid or measure.subscales or "Item-level" in measure.note
    assert measure.age_min is None or measure.age_max is None or measure.age_min < measure.age_max


def test_a_score_falls_into_its_band():
    assert reference.measures().get("PHQ-9").band(9) == "mild"
    assert reference.measures().get("DLA-20").band(Decimal("3.1")) == "serious"
    assert reference.measures().get("PCL-5").band(40) == ""  # no bands are published


@pytest.mark.parametrize("service", TABLES["services"], ids=lambda item: item.code)
def test_a_service_is_sensible(service):
    groups = {level.group for level in reference.levels_of_care()}
    assert set(service.levels_of_care) <= groups
    assert all(code in reference.services() and code != service.code for code in service.add_on_to)
    assert service.minutes_max is None or service.minutes_min < service.minutes_max
    assert service.client_present in ("required", "optional", "absent", "not_required")


def test_the_levels_above_outpatient_are_those_that_must_be_justified():
    assert [level.key for level in reference.levels_of_care() if not level.above_outpatient] == [
        "OP", "HCBS", "CCBHC", "OTP", "ASAM_0_5", "ASAM_1",
    ]  # fmt: skip


@pytest.mark.parametrize(("table", "entry"), ENTRIES, ids=lambda item: getattr(item, "known_as", [item])[0])
def test_every_entry_names_its_source(table, entry):
    assert entry.source
    assert entry.confidence in ("high", "medium", "low")
    assert entry.basis in ("read", "part_read", "general_knowledge")


@pytest.mark.parametrize(
    ("credential", "expected"),
    [
        ("LCSW", True),
        ("lcsw", True),
        ("L.C.S.W.", True),
        ("MSW, LCSW", True),
        ("LMSW/LCSW", True),
        ("Licensed Clinical Social Worker", True),
        ("Ph.D., Licensed Psychologist", True),
        ("PsyD", True),
        ("MD", True),
        ("DNP, PMHNP-BC", True),
        ("LICSW", True),
        ("LCPC", True),
        ("LMSW", False),
        ("LMSW, PhD", False),  # the license says more than the degree
        ("MS, LPC-A", False),
        ("MS LPC-A", False),
        ("LMFT Associate", False),
        ("LPC Intern", False),
        ("PsyD (postdoctoral resident)", False),
        ("MD, resident", False),
        ("AMFT", False),
        ("ACSW", False),
        ("LGPC", False),
        ("LAC", False),
        ("RBT", False),
        ("QMHP", False),
        ("MSW student", False),
        ("Wizard", None),
        ("", None),
    ],
)
def test_a_credential_is_independent_or_not_or_unknown(credential, expected):
    assert reference.is_independent(credential) is expected


@pytest.mark.parametrize(
    ("credential", "address", "expected"),
    [
        ("LMSW", "1500 Woodward Avenue, Detroit, MI 48226", True),
        ("LLMSW", "1500 Woodward Avenue, Detroit, MI 48226", False),
        ("LMSW", "12 Main Street, Lansing, Michigan", True),
        ("LMSW", "640 Congress Avenue, Austin, TX 78701", False),
        ("LMSW", "12 Michigan Avenue, Albany, NY 12207", False),
        ("LPC", "418 Cedar Street, Millbrook, OH 43055-1200", False),
        ("LPC", "12 Ohio Street, Austin, TX 78701", True),
        ("LCSW", "5 Main Street, Boston MA 02110, USA", False),
    ],
)
def test_what_a_state_says_of_a_license_holds_there(credential, address, expected):
    assert reference.is_independent(credential, address) is expected


@pytest.mark.parametrize(
    ("code", "group"),
    [
        ("F33.1", "mental_health"),
        ("F01.50", "mental_health"),
        ("F90.0", "mental_health"),
        ("F10.20", "substance"),
        ("f17.210", "substance"),
        ("F19", "substance"),
        ("F20.9", "mental_health"),
        ("F70", "developmental"),
        ("F84.0", "developmental"),
        ("Z63.0", "other"),
        ("R45.851", "other"),
        ("F3", "other"),
        ("", "other"),
    ],
)
def test_a_diagnosis_has_a_group(code, group):
    assert reference.diagnosis_group(code) == group


# --- payers/default.toml -------------------------------------------------------------------------------------------

SHELF = shelf.load()


def test_the_default_payer_has_limits_that_are_numbers():
    limits = SHELF.payer("default").limits
    assert limits["review_days"].number == 90
    assert all(isinstance(limit.number, int) and limit.number > 0 and limit.ours for limit in limits.values())


def test_every_condition_and_person_of_a_signer_is_a_field():
    fields = SHELF.all().fields
    for payer in SHELF.payers.values():
        for signer in payer.signers:
            for path in (*(conditions.paths(signer.when) if signer.when else ()), signer.person):
                assert path in fields, (payer.name, signer.role, path)


def signing(**answers):
    """Return the roles that sign a plan by the default payer, given ``section__name`` answers."""
    lookup = {name.replace("__", "."): value for name, value in answers.items()}.get
    return [
        rule.role
        for rule in SHELF.payer("default").signers
        if "treatment_plan" in (rule.documents or ("treatment_plan",))
        and (not rule.when or conditions.compile_condition(rule.when)(lookup))
    ]


ADULT = {"client__life_stage": "adult", "episode__level_of_care": "OP", "episode__clinician_independent": True}
MINOR = {**ADULT, "client__life_stage": "adolescent"}


@pytest.mark.parametrize(
    ("answers", "more"),
    [
        (ADULT, []),
        ({**ADULT, "episode__clinician_independent": False}, ["supervisor"]),
        ({**ADULT, "client__guardian_name": "Lee Reed"}, ["guardian"]),
        ({**ADULT, "idd__decision_support": "guardian"}, ["guardian"]),
        ({**ADULT, "idd__decision_support": "alone"}, []),
        ({**ADULT, "idd__decision_support": "parent"}, ["guardian"]),
        ({**MINOR, "adolescent__consent_basis": "parent"}, ["guardian"]),
        ({**MINOR, "adolescent__consent_basis": "minor_by_statute", "client__guardian_name": "Lee Reed"}, []),
        ({**ADULT, "risk__now": "high"}, ["second_reviewer"]),
        ({**ADULT, "episode__level_of_care": "IOP"}, ["second_reviewer"]),
        ({**ADULT, "episode__level_of_care": "PHP", "episode__physician": "AC"}, ["physician", "second_reviewer"]),
        ({**ADULT, "episode__level_of_care": "CCBHC", "episode__physician": "AC"}, []),
    ],
)
def test_who_signs_by_default(answers, more):
    roles = signing(**answers)
    assert roles[:1] == ["client"] and "clinician" in roles
    assert sorted(set(roles) - {"client", "clinician"}) == sorted(more)


def test_the_levels_named_in_the_default_payer_are_those_above_outpatient():
    for level in reference.levels_of_care():
        roles = signing(**{**ADULT, "episode__level_of_care": level.key, "episode__physician": "AC"})
        assert ("physician" in roles) is level.above_outpatient, level.key


# --- diagnosis codes -------------------------------------------------------------------------------------------------


def test_the_codes_are_what_the_package_has():
    pytest.importorskip("simple_icd_10_cm")
    written = icd10cm.FILE.read_text(encoding="utf-8").splitlines()
    assert written == list(icd10cm.lines())


def test_each_code_stands_once_and_is_no_heading_of_another():
    _, *lines = icd10cm.FILE.read_text(encoding="utf-8").splitlines()
    codes = [line.partition(" ")[0] for line in lines]
    assert len(codes) > 70_000
    assert all(one < other and not other.startswith(one) for one, other in pairwise(codes))


def test_the_codes_are_of_a_year():
    assert reference.icd10cm_set() == diagnoses.CodeSet("FY 2026", date(2026, 4, 1))


@pytest.mark.parametrize(
    ("code", "title"),
    [
        ("F33.1", "Major depressive disorder, recurrent, moderate"),
        ("F32.A", "Depression, unspecified"),
        ("F50.011", "Anorexia nervosa, restricting type, moderate"),
        ("T74.12XA", "Child physical abuse, confirmed, initial encounter"),
        ("A00.0", ""),  # known; its title is not kept
        ("I10", ""),
        ("Z99.89", "Dependence on other enabling machines and devices"),  # the last
    ],
)
def test_a_code_that_a_claim_may_bear(code, title):
    found = reference.icd10cm(code)
    assert found.billable and str(found) == f"{code} {title}".strip()


@pytest.mark.parametrize(
    ("code", "first", "beneath"),
    [("F42", "F42.2 Mixed obsessional thoughts and acts", 5), ("F33.4", "F33.40", 3), ("T74.12", "T74.12XA", 3)],
)
def test_a_heading_knows_the_codes_beneath_it(code, first, beneath):
    found = reference.icd10cm(code)
    assert not found.billable and len(found.beneath) == beneath
    assert str(found.beneath[0]).startswith(first)
    assert all(one.code.startswith(code) and one.billable for one in found.beneath)


@pytest.mark.parametrize("code", ["F33.6", "F84.1", "F33.10", "f33.1", "F331", "# ICD-10-CM", ""])
def test_what_is_no_code_is_not_found(code):
    assert reference.icd10cm(code) is None


def test_ages_are_set_for_codes_that_there_are():
    for ages in diagnoses._ages():
        assert all(reference.icd10cm(code) for code in ages.codes)
        assert ages.source and ages.confidence and (ages.minimum, ages.maximum) != (None, None)


@pytest.mark.parametrize(
    ("code", "age", "fits"),
    [("F64.2", 17, True), ("F64.2", 18, False), ("T74.12XD", 40, False), ("F69", 14, False), ("F69", 15, True)],
)
def test_an_age_fits_a_code(code, age, fits):
    assert reference.diagnosis_ages(code).fit(age) is fits


@pytest.mark.parametrize("code", ["F84.0", "F90.2", "F98.0", "Z62.810", "Z72.811"])
def test_most_codes_have_no_ages(code):
    assert reference.diagnosis_ages(code) is None
