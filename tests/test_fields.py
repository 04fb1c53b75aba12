"""This file ensures that the field files ask everything that is promised, in words that fit, and never too much."""

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from toolkit import conditions, kinds, reference, text
from toolkit.model import Choice, Field

HERE = Path(__file__).parents[1]
LIFE_STAGES_AND_OVERLAYS = ("adolescent", "trauma", "idd")
DOCUMENTS = ("treatment_plan", "plan_review", "discharge_summary")


class Asked(NamedTuple):
    """One field as a file gives it, with the section's table beside it."""

    owner: str
    section: str
    name: str
    table: dict[str, Any]
    about: dict[str, Any]

    @property
    def path(self) -> str:
        return f"{self.section}.{self.name}"

    @property
    def sheet(self) -> str:
        return str(self.table.get("sheet") or self.about["sheet"])


def core() -> dict[str, dict[str, Any]]:
    return {path.stem: tomllib.loads(path.read_text("utf-8")) for path in sorted((HERE / "toolkit/fields").glob("*"))}


def packs() -> dict[str, dict[str, Any]]:
    return {name: tomllib.loads((HERE / f"templates/{name}/pack.toml").read_text("utf-8"))
            for name in LIFE_STAGES_AND_OVERLAYS}  # fmt: skip


def asked() -> Iterator[Asked]:
    """Every field that a file defines; changes that a pack makes to a core field are not among them."""
    sections = core()
    for name, table in sections.items():
        for field, its in table["fields"].items():
            yield Asked("core", name, field, its, table["section"])
    for pack, table in packs().items():
        for section in table["sections"]:
            known = sections.get(section["name"], {"section": section, "fields": {}})
            for field, its in section.get("fields", {}).items():
                if field not in known["fields"]:
                    yield Asked(pack, section["name"], field, its, known["section"])


def changed() -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Every change that a pack makes to a core field: pack, path, changed keys."""
    sections = core()
    for pack, table in packs().items():
        for section in table["sections"]:
            for field, its in section.get("fields", {}).items():
                if field in sections.get(section["name"], {"fields": {}})["fields"]:
                    yield pack, f"{section['name']}.{field}", its


FIELDS = tuple(asked())
PATHS = {item.path for item in FIELDS}


def as_field(item: Asked) -> Field:
    choices = [Choice(str(value), label, tuple(more)) for value, label, *more in item.table.get("choices", ())]
    if item.table.get("choices_from") == "measures":
        choices += [Choice(found.name, found.name) for found in reference.measures()]
    if item.table.get("choices_from") == "levels_of_care":
        choices += [Choice(found.key, found.name) for found in reference.levels_of_care()]
    return Field(
        item.section, item.name, item.table["label"], item.table["kind"], item.sheet, 0,
        choices=tuple(choices), none_is_answer=item.table.get("none_is_answer", False),
    )  # fmt: skip


# --- what must be there ---------------------------------------------------------------------------------------------

FROZEN = """
clinic: name address phone npi program crisis_line
staff: staff_id name credential license npi discipline supervisor
client: id legal_name preferred_name pronouns date_of_birth language interpreter trauma idd
client: guardian_name guardian_relationship guardian_document age life_stage populations initials
coverage: payer member_id authorization_number authorization_end
episode: admission_date clinician physician level_of_care
plan: date version primary_diagnosis other_diagnoses discharge_criteria weeks review_days coordination medications
plan: part2_notice next_review_date next_review_rule end_date
assessment: date service_code symptoms impairments strengths
necessity: why_treatment_now expected_improvement
risk: level safety_plan tool date
level_of_care: justification less_intensive_considered hours_per_week
co_occurring: approach reason
participation: agreement disagreement understanding changes_from_feedback
goals: goal problem statement client_words diagnosis addresses status priority reason_deferred target_date
objectives: goal objective statement measure baseline target target_date unit counted_by baseline_date direction
objectives: reassess_days status
interventions: intervention goals objectives technique action service_code minutes times per weeks provider
interventions: intensity_reason modification
scores: measure date score respondent
team: staff discipline contribution goals
meetings: date attendees discussion decisions
second_review: reviewer date findings
adolescent: consent_basis consenting_adult assent_words family_plan no_family_reason caregiver_capacity
adolescent: confidentiality developmental_adaptation systems transition_plan other_informants
school: name impact coordination plan
trauma: exposure_summary current_safety stability coping phase sequence_reason gates processing_consent triggers
trauma: principles avoid dissociation_screen substance_interaction
idd: adaptive_basis communication accommodations supports no_supports_reason decision_support guardian_scope assent
idd: plain_language other_explanations behavior_function restrictions service_plan_date generalization informants
review: date kind trigger attendance understanding_evolved continued_need client_view family_view changes
review: changes_reason no_change_reason next_date population_update risk_level risk_tool risk_date safety_plan
progress: review_date objective current rating evidence decision
discharge: date last_service_date kind reason course condition risk_level medications unmet_needs crisis_plan
discharge: criteria_results outreach handover client_words aftercare_refused_reason
outcomes: goal baseline final status narrative
aftercare: service provider date contact
sessions: date service_code minutes objectives attended
events: date kind handled_in
signers: role label name credential reason_absent
"""


def test_every_frozen_name_is_there() -> None:
    frozen = [line.split(": ") for line in FROZEN.strip().splitlines()]
    assert {f"{section}.{name}" for section, names in frozen for name in names.split()} - PATHS == set()


ALWAYS = """
client.id client.legal_name client.date_of_birth coverage.payer coverage.member_id episode.admission_date
episode.clinician plan.date plan.primary_diagnosis assessment.date assessment.symptoms assessment.impairments
assessment.strengths necessity.why_treatment_now necessity.expected_improvement risk.level participation.agreement
participation.understanding plan.discharge_criteria plan.weeks
goals.problem goals.statement goals.client_words objectives.statement objectives.measure objectives.baseline
objectives.target objectives.target_date interventions.technique interventions.action interventions.service_code
interventions.minutes interventions.times interventions.per
clinic.name staff.staff_id staff.name staff.credential
"""


def required_of_a_plan(owner: str) -> list[Asked]:
    return [item for item in FIELDS if item.owner == owner and "treatment_plan" in item.table.get("required", ())]


def test_an_adult_plan_requires_exactly_what_the_list_of_fields_stars() -> None:
    assert {item.path for item in required_of_a_plan("core")} == set(ALWAYS.split())


def test_an_outpatient_adult_with_two_goals_takes_at_most_45_typed_answers() -> None:
    rows = {"goals": 2, "objectives": 2, "interventions": 1}
    answers = [
        1 if item.table.get("one_row") else rows.get(item.section, 1)
        for item in required_of_a_plan("core")
        if item.about.get("scope") != "workbook"
    ]
    assert sum(answers) == 41


@pytest.mark.parametrize(
    ("population", "starred", "always"),
    [
        ("adolescent", 8, "consent_basis consenting_adult assent_words family_plan confidentiality"
         " developmental_adaptation impact coordination"),
        ("trauma", 7, "exposure_summary current_safety stability coping phase sequence_reason triggers"),
        ("idd", 6, "adaptive_basis communication accommodations supports decision_support plain_language"),
    ],
)  # fmt: skip
def test_a_population_asks_at_most_ten_more_answers(population: str, starred: int, always: str) -> None:
    own = [item for item in required_of_a_plan(population) if item.section != "interventions"]
    sometimes = [item for item in FIELDS if item.owner == population and item.table.get("required_when")]
    assert {item.name for item in own} == set(always.split())
    assert len(own) == starred
    guardian = [path for pack, path, its in changed()
                if pack == population and path.startswith("client.") and "required_when" in its]  # fmt: skip
    assert len(own) + len(sometimes) + len(guardian) <= 10


def test_the_core_asks_a_small_clinic_for_seven_sheets_of_a_plan() -> None:
    outpatient = {"episode.level_of_care": "OP"}

    def is_asked(item: Asked) -> bool:
        when = item.table.get("asked_when", "")
        elsewhere = item.table.get("derived") or item.table.get("full")
        return not elsewhere and (not when or bool(conditions.compile_condition(when)(outpatient.get)))

    sheets = {item.sheet for item in FIELDS
              if item.owner == "core" and "treatment_plan" in item.about["documents"] and is_asked(item)}  # fmt: skip
    assert sheets == {"Clinic", "Staff", "Clients", "Plan", "Goals", "Objectives", "Interventions"}


# --- each field -----------------------------------------------------------------------------------------------------


def test_a_field_has_a_label_a_known_kind_and_a_reason() -> None:
    for item in FIELDS:
        assert item.table["kind"] in kinds.KINDS, item.path
        assert 0 < len(item.table["label"]) <= 32, item.path  # the title of Excel's input message
        assert item.table["order"], item.path
        assert item.table["why"].endswith("."), item.path


def test_a_typed_field_has_a_question_an_example_and_fits_an_input_message() -> None:
    for item in FIELDS:
        if not item.table.get("derived"):
            assert 0 < len(item.table["prompt"]) <= 200, item.path
            assert item.table["prompt"].endswith((".", "?")), item.path
            assert item.table["example"], item.path


def test_a_derived_field_cannot_be_typed_and_is_not_required() -> None:
    typed = {"prompt", "example", "required", "required_when", "default", "choices", "aliases"}
    assert [item.path for item in FIELDS if item.table.get("derived") and typed & set(item.table)] == []


def test_an_example_is_an_answer_that_its_kind_reads() -> None:
    for item in FIELDS:
        if not item.table.get("derived"):
            value = kinds.read(item.table["example"], as_field(item))
            assert value is not None, item.path
            assert not isinstance(value, kinds.Unreadable), item.path
            assert item.table["kind"] in ("lines", "long") or "\n" not in item.table["example"], item.path


def test_every_choice_may_be_typed_as_stored_or_as_shown() -> None:
    for item in FIELDS:
        choices = item.table.get("choices", ())
        for value, *names in choices:
            for typed in (value, *names):
                assert kinds.read(typed, as_field(item)) == value, (item.path, typed)
        spelt = [text.key(name) for _, label, *more in choices for name in (label, *more)]
        assert len(spelt) == len(set(spelt)), item.path


def test_paths_lead_to_fields() -> None:
    for item in FIELDS:
        written = [item.table[key] for key in ("required_when", "asked_when") if key in item.table]
        paths = [path for condition in written for path in conditions.paths(condition)]
        paths.append(item.table.get("unless", item.path))
        if item.table.get("default", "").startswith("="):
            paths.append(item.table["default"].removeprefix("=").strip())
        assert set(paths) <= PATHS, item.path


def test_a_written_default_is_read_by_its_kind() -> None:
    for item in FIELDS:
        default = item.table.get("default", "")
        if default and not default.startswith("="):
            value = kinds.read(default, as_field(item))
            assert value is not None, item.path
            assert not isinstance(value, kinds.Unreadable), item.path


def test_what_is_required_or_asked_under_a_condition_has_no_default() -> None:
    needed = {"required", "required_when"}
    assert [item.path for item in FIELDS if "default" in item.table and needed & set(item.table)] == []


def test_what_is_required_is_in_every_workbook() -> None:
    hidden = {"full", "asked_when"}
    assert [item.path for item in FIELDS if "required" in item.table and hidden & set(item.table)] == []


def test_a_reference_names_a_section_with_ids() -> None:
    sections = core()
    for item in FIELDS:
        if target := item.table.get("refers", ""):
            assert item.table["kind"] in ("ref", "refs"), item.path
            assert sections[target]["section"]["key"], item.path
        else:
            assert item.table["kind"] != "ref", item.path


def test_documents_are_known() -> None:
    for item in FIELDS:
        assert set(item.about["documents"]) <= set(DOCUMENTS), item.path
        assert set(item.table.get("required", ())) <= set(DOCUMENTS), item.path
        assert set(item.about.get("at_least_one", ())) <= set(item.about["documents"]), item.path
        assert item.about["documents"] or not item.table.get("required_when"), item.path


def test_a_document_requires_only_what_it_asks_for_and_the_diagnosis() -> None:
    elsewhere = [item.path for item in FIELDS if set(item.table.get("required", ())) - set(item.about["documents"])]
    assert elsewhere == ["plan.primary_diagnosis"]


def test_it_is_clear_who_can_answer() -> None:
    assert {item.table.get("asked_of", "clinician") for item in FIELDS} == {"clinician", "front desk", "biller"}


NOT_PRINTED = {
    "client.trauma": "asks the trauma questions, which are printed",
    "client.idd": "asks the IDD questions, which are printed",
    "plan.part2_notice": "prints a sentence of its own",
    "goals.goal": "the number in the heading of the goal",
    "objectives.goal": "stands under its goal",
    "objectives.objective": "the number before the objective",
    "interventions.intervention": "the number before the intervention",
    "interventions.goals": "stands under its goals",
    "interventions.objectives": "stands under its goal, with the objectives where it names them",
    "progress.review_date": "stands in its review",
    "progress.objective": "the number before the objective",
    "outcomes.goal": "stands under its goal",
    "staff.staff_id": "other sheets name people by it; documents print the person",
    "staff.name": "printed where the person is named",
    "staff.credential": "printed where the person is named",
    "staff.license": "printed where the person signs",
    "staff.npi": "goes on the claim",
    "staff.discipline": "counts the disciplines of a team; the sheet Team has its own, which is printed",
    "staff.supervisor": "printed where the supervisor signs",
    "signers.role": "says whose place to sign it is",
    "waivers.*": "says what was accepted of what was found; reports tell it",
    **dict.fromkeys(
        ("sessions.date", "sessions.service_code", "sessions.minutes", "sessions.objectives", "sessions.attended"),
        "a log that reviews are held against",
    ),
    **dict.fromkeys(("events.date", "events.kind", "events.handled_in"), "a log that reviews are held against"),
}  # fmt: skip
"""What may be typed and is not looked for in the documents by `toolkit.proof`, with the reason."""


def test_what_is_typed_is_printed_or_there_is_a_reason() -> None:
    silent = {
        item.path if item.about["documents"] else f"{item.section}.*"
        for item in FIELDS
        if not item.table.get("derived") and (not item.table.get("printed", True) or not item.about["documents"])
    }
    assert silent == set(NOT_PRINTED)


# --- all together ---------------------------------------------------------------------------------------------------


def columns() -> dict[str, list[Asked]]:
    found: dict[str, list[Asked]] = {}
    for item in FIELDS:
        if not item.table.get("derived"):
            found.setdefault(item.sheet, []).append(item)
    return found


@pytest.mark.parametrize("sheet", columns())
def test_a_header_names_one_column_of_its_sheet(sheet: str) -> None:
    meant: dict[str, str] = {} if sheet in ("Clients", "Clinic", "Staff") else {text.key("Client id"): "client.id"}
    for item in columns()[sheet]:
        for header in (item.table["label"], *item.table.get("aliases", ())):
            assert meant.setdefault(text.key(header), item.path) == item.path, header


@pytest.mark.parametrize(
    ("path", "label", "old"),
    [
        ("goals.addresses", "For symptoms and impairments", "Symptoms and impairments met"),
        ("review.population_update", "Family, stability and supports", "Population update"),
    ],
)
def test_a_heading_that_was_renamed_is_still_read_by_its_old_name(path: str, label: str, old: str) -> None:
    (item,) = (item for item in FIELDS if item.path == path)
    assert item.table["label"] == label and old in item.table["aliases"]


@pytest.mark.parametrize(
    ("path", "typed", "value", "shown"),
    [
        ("trauma.phase", "Reintegration", "reintegration", "Back into daily life"),
        ("adolescent.consent_basis", "Minor, by statute", "minor_by_statute", "The minor alone, by state law"),
        ("idd.decision_support", "parent (a minor)", "parent", "Parent of a minor"),
    ],
)
def test_an_answer_may_be_typed_as_it_was_called_before(path: str, typed: str, value: str, shown: str) -> None:
    (item,) = (item for item in FIELDS if item.path == path)
    found = kinds.read(typed, as_field(item))
    assert (found, kinds.show(found)) == (value, shown)


@pytest.mark.parametrize("sheet", columns())
def test_no_alias_is_another_columns_own_name(sheet: str) -> None:
    for item in columns()[sheet]:
        others = {text.key(other.name) for other in columns()[sheet] if other.name != item.name}
        names = [other.name for other in columns()[sheet]]
        single = {name for name in others if [text.key(one) for one in names].count(name) == 1}
        aliases = {text.key(header) for header in (item.table["label"], *item.table.get("aliases", ()))}
        assert not aliases & single, item.path


@pytest.mark.parametrize("sheet", columns())
def test_columns_of_a_sheet_have_one_order(sheet: str) -> None:
    orders = [item.table["order"] for item in columns()[sheet]]
    assert len(orders) == len(set(orders))


def test_a_row_names_its_parent_by_a_field_of_its_own() -> None:
    sections = core()
    for name, table in sections.items():
        about = table["section"]
        if about.get("parent"):
            assert about["parent"] in sections
        for key in ("key", "parent_field"):
            assert about.get(key, "") in ("", *table["fields"]), name


def test_one_row_of_each_section_has_its_own_word() -> None:
    words = [table["section"]["singular"] for table in core().values() if "singular" in table["section"]]
    assert len(words) == len(set(words))
    assert all(table["section"].get("singular") for table in core().values() if table["section"].get("repeats"))


def test_conditions_on_the_level_of_care_mean_above_outpatient() -> None:
    written = {item.table["asked_when"] for item in FIELDS if "asked_when" in item.table}
    for condition in map(conditions.compile_condition, written):
        for level in reference.levels_of_care():
            assert condition({"episode.level_of_care": level.key}.get) is level.above_outpatient, level.key


def test_a_pack_changes_a_core_field_without_taking_a_requirement_away() -> None:
    allowed = {"prompt", "tip", "example", "weak", "why", "required", "required_when", "full"}
    for pack, path, changes in changed():
        assert set(changes) <= allowed, (pack, path)
        assert len(changes.get("prompt", "")) <= 200
        for condition in (changes.get("required_when"),):
            assert not condition or set(conditions.paths(condition)) <= PATHS


def test_what_is_required_instead_of_another_answer_names_it_both_ways_in_words() -> None:
    pairs = {item.path: item.table["unless"] for item in FIELDS if item.table.get("unless")}
    assert pairs == {
        "adolescent.family_plan": "adolescent.no_family_reason",
        "idd.supports": "idd.no_supports_reason",
        "trauma.gates": "trauma.no_processing_reason",
        "trauma.processing_consent": "trauma.no_processing_reason",
        "review.no_change_reason": "review.changes",
        "discharge.aftercare_refused_reason": "aftercare.service",
    }


@pytest.mark.parametrize("population", LIFE_STAGES_AND_OVERLAYS)
def test_a_pack_says_who_it_is_for_and_holds_readable_conditions(population: str) -> None:
    pack = packs()[population]
    assert pack["kind"] == ("life_stage" if population == "adolescent" else "overlay")
    for condition in (pack["when"], *(signer.get("when", "") for signer in pack.get("signers", ()))):
        if condition:
            conditions.compile_condition(condition)
            assert set(conditions.paths(condition)) <= PATHS
    assert all(signer["person"] in PATHS for signer in pack.get("signers", ()))
