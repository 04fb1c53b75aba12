"""This file ensures that what follows from the answers is computed, and never replaces what was typed."""

from datetime import date

import pytest
from msgspec.structs import replace

from toolkit import demo, derive, intake, shelf
from toolkit.conditions import compile_condition
from toolkit.derive.last import Last
from toolkit.model import Case, Document, Fact, Missing, Origin, Record, Row, Wanted

SHELF = shelf.load()
ADULT = SHELF.compose(("adult",))
DAY = date(2026, 8, 1)


def row(section, ordinal=1, **values):
    return Row(ADULT.sections[section], values, ordinal=ordinal)


def a_record(**rows):
    return Record("1", {name: found if isinstance(found, tuple) else (found,) for name, found in rows.items()})


def completed(**rows):
    return derive.complete(a_record(**rows), DAY, ADULT)


@pytest.mark.parametrize(
    ("born", "years"), [(date(2008, 8, 1), 18), (date(2008, 8, 2), 17), (date(2008, 2, 29), 18), (None, None)]
)
def test_age_is_completed_years_on_the_day(born, years):
    assert derive.age(a_record(client=row("client", date_of_birth=born)), DAY) == years


@pytest.mark.parametrize(
    ("name", "told"),
    [("Avery Ruiz", "A.R."), ("José Núñez-O’Brien", "J.N."), ("Mark Ellery Jr.", "M.E."), ("Cher", "C.")],
)
def test_initials_are_of_the_first_and_last_name(name, told):
    assert derive.initials(a_record(client=row("client", legal_name=name))) == told


def test_defaults_fill_blanks_and_typed_answers_stand():
    record = completed(
        plan=row("plan", weeks=20, date=DAY), interventions=(row("interventions"),), client=row("client")
    )
    assert record.get("client.language") == "English"
    assert record.all("interventions")[0].weeks == 20
    assert record.get("plan.end_date") == date(2026, 12, 19)
    assert record.get("plan.next_review_date") == date(2026, 10, 30)
    short = completed(plan=row("plan", weeks=4, date=DAY), client=row("client"))
    assert short.get("plan.next_review_date") == date(2026, 8, 29)
    assert short.get("plan.next_review_rule") == "at the end of this plan"
    typed = completed(plan=row("plan", review_days=30, date=DAY), client=row("client", language="Polish"))
    assert typed.get("client.language") == "Polish"
    assert typed.get("plan.next_review_date") == date(2026, 8, 31)


def test_what_the_definitions_do_not_ask_is_left_out():
    everything = SHELF.all().sections
    trauma = Row(everything["trauma"], {"principles": "choice"})
    review = Row(everything["review"], {"family_view": "Calmer", "client_view": "Better"})
    whole = completed(trauma=trauma, review=review)
    assert "trauma" not in whole.rows
    assert whole.all("review")[0].client_view == "Better"
    assert "family_view" not in whole.all("review")[0].values


def test_a_completed_row_keeps_its_places_under_the_section_of_another_pack():
    elsewhere = Origin("More", 7, {"interventions.action": "B"})
    read = Row(
        SHELF.all().sections["interventions"], {"action": "x"}, Origin("Interventions", 3), 1, {"action": elsewhere}
    )
    (whole,) = completed(interventions=(read,)).all("interventions")
    assert whole.section is ADULT.sections["interventions"]
    assert str(whole.place("action")) == "More!B7"


@pytest.mark.parametrize(("usual", "is_above"), [(2, True), (3, False), (None, None)])
def test_the_payer_says_how_often_is_usual(usual, is_above):
    limits = {"usual_per_week": usual} if usual else {}
    daily = row("interventions", times=3, per="week")
    whole = derive.complete(a_record(interventions=(daily,)), DAY, replace(ADULT, limits=limits))
    condition = compile_condition("interventions.per_week > interventions.usual_per_week")
    assert condition(derive.lookup(whole, whole.all("interventions")[0])) is is_above


def test_the_goals_of_an_intervention_are_those_of_its_objectives_and_nobody_guesses_them_where_these_are_unread():
    rows = {
        "goals": (row("goals", goal="1"), row("goals", 2, goal="2")),
        "objectives": (row("objectives", objective="1a", goal="1"),),
    }

    def goals(*facts, **values):
        record = replace(a_record(**rows, interventions=(row("interventions", **values),)), facts=facts)
        return derive.complete(record, DAY, ADULT).all("interventions")[0].goals

    unread = Fact("unknown_id", row("interventions").place("objectives"), "interventions.objectives")
    assert (goals(objectives=("1a",)), goals(), goals(unread)) == (("1",), ("all",), None)


def test_a_review_has_its_own_progress_and_rows_that_name_none():
    reviews = tuple(row("review", number, date=date(2026, 6 + number, 1)) for number in (1, 2))
    progress = tuple(
        row("progress", number, review_date=day)
        for number, day in enumerate((date(2026, 7, 1), date(2026, 8, 1), None), start=1)
    )
    record = a_record(review=reviews, progress=progress)
    review = Document("plan_review", "Plan review", "review.date", "", each="review")
    wanted = Wanted(review, DAY, reviews[1])
    ordinals = {
        name: [one.ordinal for one in derive.rows_of(record, ADULT.sections[name], wanted)]
        for name in ("review", "progress")
    }
    assert ordinals == {"review": [2], "progress": [2, 3]}


@pytest.mark.parametrize(
    ("primary", "others", "both", "notice"),
    [
        ("F33.1 Depression", (), False, False),
        ("F33.1 Depression", ("F10.20 Alcohol dependence",), True, True),
        ("F10.20 Alcohol dependence", (), False, True),
    ],
)
def test_mental_health_and_substance_diagnoses_together_are_seen(primary, others, both, notice):
    plan = completed(plan=row("plan", primary_diagnosis=primary, other_diagnoses=others)).one("plan")
    assert (plan.co_occurring, plan.part2_notice) == (both, notice)


def test_a_diagnosis_is_split_into_code_and_description():
    assert derive.diagnosis("F33.1 Major depressive disorder") == ("F33.1", "Major depressive disorder")
    assert derive.diagnosis("depression") == ("", "depression")


def first_case(findings=()):
    sample = next(iter(intake.records(demo.samples(SHELF), SHELF.all())))
    definitions = SHELF.compose(SHELF.populations(sample, DAY))
    document = definitions.documents["treatment_plan"]
    record = derive.complete(sample, DAY, definitions)
    signers = derive.signers(record, definitions, document)
    return Case(record, Wanted(document, record.get("plan.date")), definitions, findings, signers)


def test_a_template_sees_every_field_by_name_and_goals_with_their_own():
    case = first_case()
    view = derive.context(case)
    for section in case.definitions.sections.values():
        if not section.repeats and not section.parent:
            assert set(view[section.name]) >= {item.name for item in section.fields}
    for goal in view["goals"]:
        assert goal["objectives"] and goal["interventions"]
        assert all(objective["goal"] == goal["goal"] for objective in goal["objectives"])
    assert "," in view["episode"]["clinician"] and view["episode"]["clinician"].name
    assert view["signers"] and not view["draft"]


def test_a_draft_holds_no_signers_and_its_blanks_are_questions():
    case = first_case()
    bare = Case(case.record.with_rows(goals=(), objectives=()), case.wanted, case.definitions, (), case.signers)
    view = derive.context(bare, draft=True)
    assert view["signers"] == []
    assert isinstance(view["goals"][0]["statement"], Missing)
    assert isinstance(view["goals"][0]["objectives"][0]["target"], Missing)


# --- reviews and logs -------------------------------------------------------------------------------------------------


def a_review(view_of=1):
    """Return the view of one of two reviews, 07/01 and 08/01, of a plan with two goals."""
    definitions = SHELF.compose(("adult",))
    tables = {
        "client": {"id": "1", "legal_name": "Ana Ruiz", "date_of_birth": "01/01/1990"},
        "plan": {"date": "05/01/2026"},
        "goals": [
            {"goal": "1", "statement": "Rides the bus", "objectives": [{"objective": "2", "measure": "GAD-7",
             "statement": "Worries less", "baseline": "16", "target": "< 8", "target_date": "09/01/2026"}]},
            {"goal": "2", "statement": "Sleeps", "objectives": [{"objective": "1", "measure": "count"}]},
        ],
        "review": [{"date": "07/01/2026"}, {"date": "08/01/2026"}],
        "progress": [
            {"review_date": "07/01/2026", "objective": "2", "current": "14"},
            {"review_date": "08/01/2026", "objective": "2", "current": "11"},
        ],
        "scores": [
            {"measure": "GAD-7", "date": "08/15/2026", "score": "9"},
            {"measure": "GAD-7", "date": "07/15/2026", "score": "12", "respondent": "client"},
            {"measure": "GAD-7", "date": "05/01/2026", "score": "16"},
        ],
    }  # fmt: skip
    [record] = intake.records({"records": [tables]}, SHELF.all())
    reviewed = record.all("review")[view_of]
    whole = derive.complete(record, reviewed.date, definitions)
    document = definitions.documents["plan_review"]
    return derive.context(Case(whole, Wanted(document, reviewed.date, whole.all("review")[view_of]), definitions))


def test_a_review_shows_itself_with_the_ratings_at_their_goals():
    view = a_review()
    assert view["review"]["date"] == date(2026, 8, 1)
    assert [[row["objective"] for row in goal["progress"]] for goal in view["goals"]] == [["2"], []]
    rated = view["goals"][0]["progress"][0]
    assert rated["statement"] == "Worries less" and rated["target"].text == "< 8"
    assert rated["earlier"] == "14 (07/01/2026)"


def test_the_history_of_a_measure_ends_with_the_day_of_the_document():
    def readings(view):
        return [(item["measure"], [row["score"].text for row in item["scores"]]) for item in view["measures"]]

    assert readings(a_review(0)) == [("GAD-7", ["16"])]
    assert readings(a_review(1)) == [("GAD-7", ["16", "12"])]


def test_what_stands_in_a_view_beside_the_sections_is_known():
    assert a_review().keys() - SHELF.all().sections.keys() == derive.BESIDE


def test_what_a_record_is_not_asked_is_blank_in_its_view():
    view = a_review()
    assert view["trauma"]["phase"] is None and view["school"]["impact"] is None
    assert view["review"]["family_view"] is None
    assert "modification" in SHELF.all().sections["interventions"].by_name


def test_what_follows_for_clinic_and_staff_is_the_same_for_one_client_and_for_all():
    for record in intake.records(demo.samples(SHELF), SHELF.all()):
        definitions = SHELF.compose(SHELF.populations(record, DAY))
        anew = record.with_rows(**{name: tuple(list(record.all(name))) for name in ("clinic", "staff")})
        one, other = (derive.complete(item, DAY, definitions) for item in (record, anew))
        assert one == other and any(person.get("independent") for person in one.all("staff"))
        document = definitions.documents["treatment_plan"]
        cases = [Case(item, Wanted(document, DAY), definitions) for item in (one, other, one)]
        assert derive.context(cases[0]) == derive.context(cases[1]) == derive.context(cases[2])


def test_a_credential_that_cannot_be_read_is_not_guessed_though_another_client_had_the_same_staff():
    staff = (row("staff", staff_id="s1", name="Dana Reyes", credential="LCSW"),)
    clinic = (row("clinic", name="Clinic", address="1 Main St, Denver, CO"),)
    definitions = SHELF.all()
    whole = derive.complete(a_record(staff=staff, clinic=clinic), DAY, definitions)
    fact = Fact("unreadable_cell", staff[0].place("independent"), "staff.independent")
    unread = derive.complete(replace(a_record(staff=staff, clinic=clinic), facts=(fact,)), DAY, definitions)
    assert whole.all("staff")[0].get("independent") is True
    assert unread.all("staff")[0].get("independent") is None


def test_what_was_worked_out_last_is_given_only_for_the_very_same_things():
    last, one, equal = Last(), ("a",), (*["a"],)
    assert one == equal and one is not equal
    assert [last.of((things,), lambda: object()) for things in (one, one)] == [last.of((one,), object)] * 2
    assert last.of((equal,), lambda: "anew") == "anew"
    assert last.of((one, one), lambda: "more") == "more"


def test_what_a_pack_makes_of_the_clinic_may_depend_on_the_client(tmp_path):
    (tmp_path / "fields").mkdir()
    (tmp_path / "fields" / "clinic.toml").write_text(
        '[fields.site]\nlabel = "Site"\nkind = "text"\nprompt = "Which site?"\ndefault = "= client.legal_name"\n'
    )
    definitions = shelf.load(tmp_path).all()
    clinic, staff = (row("clinic", name="Clinic"),), (row("staff", staff_id="s1", name="Dana Reyes"),)
    for name in ("Ana Lee", "Bo Diaz"):
        record = a_record(clinic=clinic, staff=staff, client=(row("client", client_id="1", legal_name=name),))
        assert derive.complete(record, DAY, definitions).get("clinic.site") == name
