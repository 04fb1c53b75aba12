"""This file ensures that a new population, payer or field is a new file on a shelf and nothing else."""

import re
from datetime import date

import pytest

from toolkit import shelf
from toolkit.environment.language import _RESERVED as RESERVED
from toolkit.errors import ShelfError
from toolkit.model import Record, Requirement, Row
from toolkit.shelf import tables

DAY = date(2026, 8, 1)


def put(folder, **files):
    for name, content in files.items():
        path = folder / name.replace("__", "/")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.with_suffix(".toml").write_text(content, encoding="utf-8")
    return folder


VETERAN = """
title = "Veteran"
kind = "overlay"
when = "client.veteran == True"
[[sections]]
name = "client"
extends = true
[sections.fields.veteran]
label = "Veteran"
kind = "yes_no"
prompt = "Has the client served?"
printed = false
[[sections]]
name = "service"
title = "Military service"
sheet = "Service"
documents = ["treatment_plan"]
[sections.fields.branch]
label = "Branch"
kind = "text"
prompt = "In which branch?"
required = ["treatment_plan"]
"""


def record(**client):
    found = shelf.load().all()
    return Record("1", {"client": (Row(found.sections["client"], client),)})


def test_a_new_population_is_one_file(tmp_path):
    found = shelf.load(put(tmp_path, templates__veteran__pack=VETERAN))
    assert list(found.packs)[-1] == "veteran"
    assert "service.branch" in found.all().fields
    assert found.compose(("adult", "veteran")).fields["service.branch"].required == ("treatment_plan",)
    assert "service.branch" not in found.compose(("adult",)).fields
    assert found.all().fields["service.branch"].required == ()


def test_a_payer_adds_limits_and_requirements(tmp_path):
    payer = """
    title = "Acme"
    limits = {review_days = 30}
    [[sections]]
    name = "coverage"
    extends = true
    [sections.fields.authorization_number]
    required = ["treatment_plan"]
    """
    found = shelf.load(put(tmp_path, payers__acme=payer))
    composed = found.compose(("adult",), "acme")
    assert composed.limits["review_days"] == 30
    assert "treatment_plan" in composed.fields["coverage.authorization_number"].required
    assert not found.compose(("adult",)).fields["coverage.authorization_number"].required


def test_what_a_payer_asks_beyond_all_others_is_recognised_and_asked_of_its_own_clients_only(tmp_path):
    payer = """
    title = "Acme"
    [[sections]]
    name = "coverage"
    extends = true
    [sections.fields.group_number]
    label = "Group number"
    kind = "code"
    required = ["treatment_plan"]
    """
    found = shelf.load(put(tmp_path, payers__acme=payer))
    assert found.all().fields["coverage.group_number"].required == ()
    assert found.compose(("adult",), "acme").fields["coverage.group_number"].required == ("treatment_plan",)
    assert "coverage.group_number" not in found.compose(("adult",)).fields


def test_a_clinics_settings_of_a_built_in_pack_are_laid_over_it(tmp_path):
    settings = """
    [words]
    plan = "care plan"
    [brand]
    color = "#123456"
    [documents.treatment_plan]
    title = "Care plan"
    [documents.note]
    title = "Note"
    date = "plan.date"
    [[signers]]
    role = "witness"
    label = "Witness"
    [[sections]]
    name = "client"
    extends = true
    [sections.fields.nickname]
    label = "Nickname"
    kind = "text"
    """
    before, after = shelf.load(), shelf.load(put(tmp_path, templates__adult__pack=settings))
    old, new = before.pack("adult"), after.pack("adult")
    assert (new.title, new.kind, new.when, new.order) == (old.title, old.kind, old.when, old.order)
    assert list(after.packs) == list(before.packs)
    assert new.words == {**old.words, "plan": "care plan"}
    assert new.brand == {**old.brand, "color": "#123456"}
    assert list(new.documents) == [*old.documents, "note"]
    assert new.documents["treatment_plan"].title == "Care plan"
    assert new.documents["treatment_plan"].blocks == old.documents["treatment_plan"].blocks
    assert [signer.role for signer in new.signers] == [*(signer.role for signer in old.signers), "witness"]
    asked = after.compose(("adult",)).sections["client"]
    assert {item.name for item in before.compose(("adult",)).sections["client"].fields} < set(asked.by_name)
    assert asked.field("nickname").pack == "adult"
    assert new.file("treatment_plan.docx") == old.file("treatment_plan.docx")


def test_a_clinics_signer_of_a_role_that_is_there_changes_what_it_says_of_it(tmp_path):
    signer = '[[signers]]\nrole = "witness"\nlabel = "{}"\n'
    first = put(tmp_path, templates__veteran__pack=VETERAN + signer.format("Witness") + 'when = "client.idd == True"')
    known = tables.read_toml(first / "templates" / "veteran" / "pack.toml")
    over = tables.laid_over({"signers": [{"role": "witness", "label": "Seen by"}, {"role": "x"}]}, known)
    assert over["signers"] == [
        {"role": "witness", "label": "Seen by", "when": "client.idd == True"},
        {"role": "x"},
    ]


def test_a_file_saved_by_a_windows_editor_is_read(tmp_path):
    put(tmp_path, fields__episode='[fields.room]\nlabel = "Room"\nkind = "text"\n')
    path = tmp_path / "fields" / "episode.toml"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert "episode.room" in shelf.load(tmp_path).all().fields
    path.write_bytes('[fields.room]\nlabel = "Säle"\n'.encode("cp1252"))
    with pytest.raises(ShelfError, match="not saved as UTF-8"):
        shelf.load(tmp_path)


def test_a_clinic_adds_a_field_to_a_core_section(tmp_path):
    field = '[fields.room]\nlabel = "Room"\nkind = "text"\nprompt = "Which room?"\n'
    assert "episode.room" in shelf.load(put(tmp_path, fields__episode=field)).all().fields


@pytest.mark.parametrize(
    ("files", "told"),
    [
        ({"payers__acme": "title = \n"}, "acme.toml in payers, line 1, cannot be read there"),
        ({"payers__acme": "limits = {}"}, "payers/acme.toml, line \\d+: «title» is missing"),
        ({"fields__episode": '[fields.room]\nlabel = "Room"\n'}, "give it a label and a kind"),
        ({"fields__episode": '[fields.room]\nlabel = "Room"\nkind = "txt"\n'}, "there is no kind «txt»"),
        ({"fields__episode": '[fields.room]\nlabel = "R"\nkind = "text"\nrequired = "plan"'}, "«required» is not what"),
        ({"fields__episode": '[fields.room]\nlabel = "R"\nkind = "text"\norder = "first"'}, "«order» is not what"),
        ({"fields__episode": '[fields.room]\nlable = "Room"\n'}, "the key «lable» is not known"),
        ({"fields__episode": "fields = [1]"}, "not what it should be \\(a table\\)"),
        ({"fields__episode": '[fields]\nroom = "R"'}, "field episode.room is not what it should be"),
        ({"fields__episode": "[feilds.room]"}, "fields/episode.toml: the key «feilds» is not known"),
        ({"fields__episode": "[section]\nrepeats = true"}, "«repeats» cannot be changed"),
        ({"fields__episode": '[fields."a b"]\nlabel = "R"\nkind = "text"'}, "unlike «a b»"),
        ({"fields__episode": '[fields.clinician]\nkind = "txt"'}, "there is no kind «txt»"),
        ({"fields__episode": '[fields.room]\nlabel = "R"\nkind = "choice"\nchoices = ["a"]'}, "«choices» is not what"),
        ({"fields__episode": '[fields.room]\nlabel = "R"\nkind = "choice"'}, "give it the choices"),
        ({"fields__episode": '[fields.room]\nlabel = "R"\nkind = "date"\ndefault = "soon"'}, "«default» is not"),
        (
            {"fields__episode": '[fields.room]\nlabel = "R"\nkind = "ref"\nrefers = "rooms"'},
            "«refers» names no section",
        ),
        ({"fields__episode": '[fields.room]\nlabel = "R"\nkind = "text"\nsheet = "a/b"'}, "Excel cannot name a sheet"),
        ({"fields__episode": "a = " + "[" * 5000}, "episode.toml in fields cannot be read"),
        ({"fields__episode": "a = " + "9" * 5000}, "episode.toml in fields cannot be read"),
        ({"payers__acme": 'title = "A"\nlimit = {}'}, "payers/acme.toml, line \\d+: .*Did you mean limits"),
        (
            {"payers__acme": 'title = "A"\nlimits = {reveiw_days = 30}'},
            "payers/acme.toml, line \\d+: .*Did you mean review_days",
        ),
        ({"payers__acme": 'title = "A"\nlimits = {review_days = "30"}'}, "«review_days» is not a number"),
        (
            {"payers__acme": 'title = "A"\nlevels = {SM004 = "fatal"}'},
            "the level of SM004 is error, warning or info, not «fatal»",
        ),
        ({"payers__acme": 'title = "A"\nsigners = ["client"]'}, "«signers» is not what"),
        ({"payers__acme": 'title = "A"\n[[signers]]\nrole = "x"\nlabel = "X"\nwhen = 5'}, "«when» is not what"),
        ({"payers__acme": 'title = "A"\n[[signers]]\nrole = "x"\nlabel = "X"\nwhen = "a.b"'}, "condition names a.b"),
        ({"payers__acme": 'title = "A"\n[[signers]]\nrole = "x"\nlabel = "X"\nperson = "a.b"'}, "no field «a.b»"),
        (
            {"fields__episode": '[fields.room]\nlabel = "R"\nkind = "text"\nrequired = ["treatment_plam"]'},
            "fields/episode.toml: field episode.room: «required»: .*«treatment_plam». Did you mean treatment_plan",
        ),
        (
            {"fields__rooms": '[section]\ndocuments = ["treatmentplan"]\n[fields.room]\nlabel = "R"\nkind = "text"'},
            "fields/rooms.toml: section rooms: «documents»: .*Did you mean treatment_plan",
        ),
        (
            {"payers__acme": 'title = "A"\n[[sections]]\nname = "goals"\nat_least_one = ["reviews"]'},
            "payers/acme.toml, line \\d+: section goals: «at_least_one»: there is no document «reviews»",
        ),
        (
            {"payers__acme": 'title = "A"\n[[signers]]\nrole = "x"\nlabel = "X"\ndocuments = ["plan_reveiw"]'},
            "payers/acme.toml, line \\d+: signer x: «documents»: .*Did you mean plan_review",
        ),
        (
            {"templates__vet__pack": VETERAN.replace('required = ["treatment_plan"]', 'required = ["tretment_plan"]')},
            "vet/pack.toml: field service.branch: «required»: .*Did you mean treatment_plan",
        ),
        (
            {"templates__vet__pack": VETERAN.replace('name = "service"', 'name = "draft"')},
            "vet/pack.toml: A section cannot be called «draft»",
        ),
        ({"fields__rooms": '[section]\nrepeats = true\nsingular = "loop"'}, "fields/rooms.toml: .*called «loop»"),
        ({"templates__vet__pack": f"order = {10**400}\n{VETERAN}"}, "vet/pack.toml: .*«order» is not what"),
        ({"templates__adult__pack": "documents = 3"}, "adult/pack.toml: .*«documents» is not what"),
        ({"templates__adult__pack": "signers = [3]"}, "adult/pack.toml: .*«signers» is not what"),
        ({"templates__adult__pack": 'color = "#123456"'}, "adult/pack.toml: .*the key «color» is not known"),
        ({"payers__acme": 'title = "A"\n[[sections]]\ntitle = "x"'}, "«name» is missing"),
        (
            {"payers__acme": 'title = "A"\n[[sections]]\nname = "plan"\nfields = 1'},
            "payers/acme.toml, line \\d+: the fields of",
        ),
        ({"templates__vet__pack": 'title = "V"\nkind = "age"\nwhen = "client.idd"'}, "life_stage or overlay"),
        (
            {"templates__vet__pack": 'title = "V"\nkind = "overlay"\nwhen = "a.b"'},
            "vet/pack.toml: «when»: its condition",
        ),
        ({"templates__vet__pack": VETERAN + '[documents.note]\ntitle = "N"\ndate = "plan.day"'}, "no field «plan.day»"),
        (
            {
                "templates__vet__pack": VETERAN
                + '[documents.n]\ntitle = "N"\ndate = "plan.date"\ntemplate = "../n.docx"'
            },
            "plain name of a file",
        ),
        ({"templates__vet__pack": VETERAN + '[documents."../n"]\ntitle = "N"\ndate = "plan.date"'}, "plain name"),
        (
            {"fields__episode": '[fields.room]\nlabel = "R"\nkind = "text"\nrequired_when = "a.b == 1"'},
            "its condition names a.b",
        ),
        (
            {"fields__episode": '[fields.room]\nlabel = "R"\nkind = "text"\nrequired_when = "exit()"'},
            "cannot be read",
        ),
    ],
)
def test_a_fault_on_a_shelf_is_told_with_its_file(tmp_path, files, told):
    with pytest.raises(ShelfError, match=told):
        shelf.load(put(tmp_path, **files))


@pytest.mark.parametrize(
    "name", [*sorted(RESERVED), "none", "true", "false", "diagnoses", "document", "measures", "if"]
)
def test_a_section_bears_a_name_that_templates_can_say(tmp_path, name):
    own = '[section]\ntitle = "Own"\n[fields.room]\nlabel = "Room"\nkind = "text"'
    for files, where in (
        ({f"fields__{name}": own}, f"fields/{name}.toml"),
        ({"payers__acme": f'title = "A"\n[[sections]]\nname = "{name}"'}, "payers/acme.toml"),
    ):
        with pytest.raises(ShelfError, match=f"^{where}(, line 2)?: .*cannot be called «{name}»"):
            shelf.load(put(tmp_path / where[:6], **files))


def payer(body, **values):
    """Return a payer profile that lays ``body`` over a core section (``client`` by default)."""
    return f'title = "A"\n[[sections]]\nname = "{values.get("section", "client")}"\nextends = true\n{body}'


def signer(role, more):
    return f'title = "A"\n[[signers]]\nrole = "{role}"\nlabel = "Somebody"\n{more}'


def test_a_payer_adds_to_when_somebody_signs(tmp_path):
    files = {
        "payers__acme": signer("supervisor", "when = \"risk.level == 'high'\""),
        "payers__best": signer("client", "documents = ['treatment_plan', 'plan_review', 'discharge_summary']"),
    }
    found = shelf.load(put(tmp_path, **files))
    rules = {rule.role: rule for rule in found.compose(("adult",), "acme").signers}
    assert rules["supervisor"].when == "(episode.clinician_independent == False) or (risk.level == 'high')"
    (client,) = [rule for rule in found.compose(("adult",), "best").signers if rule.role == "client"]
    assert client.documents == ("treatment_plan", "plan_review", "discharge_summary")


GROUP = '[sections.fields.group_number]\nlabel = "Group number"\nkind = "{}"\n{}'


@pytest.mark.parametrize(
    ("files", "told"),
    [
        (
            {"payers__acme": payer("[sections.fields.age]\nrequired = ['treatment_plan']")},
            "age: it cannot be req",
        ),
        ({"payers__acme": payer("[sections.fields.pronouns]\nkind = 'date'")}, "«kind» cannot be changed"),
        ({"payers__acme": payer("[sections.fields.pronouns]\nsheet = 'Plan'")}, "«sheet» cannot be changed"),
        (
            {"payers__acme": payer("[sections.fields.level]\nchoices = [['some', 'Some']]", section="risk")},
            "«choices» cannot be changed",
        ),
        (
            {"payers__acme": payer("[sections.fields.level]\ndefault = 'none'", section="risk")},
            "payers/acme.toml, line 6: field risk.level: «default» cannot stand in for an answer that core requires",
        ),
        (
            {"payers__acme": payer("[sections.fields.safety_plan]\nrequired_when = ''", section="risk")},
            "«required_when» cannot be taken back, because core requires it",
        ),
        (
            {"payers__acme": payer("[sections.fields.pronouns]\nrequired = ['tretment_plan']")},
            "no document «tretment_plan». Did you mean treatment_plan?",
        ),
        (
            {
                "payers__acme": payer(GROUP.format("code", ""), section="coverage"),
                "payers__best": payer(GROUP.format("integer", ""), section="coverage"),
            },
            "payers/best.toml, line 7: field coverage.group_number: «kind» cannot be changed",
        ),
        (
            {"payers__acme": signer("client", 'when = "client.idd"')},
            "acme.toml, line 5: signer client: «when» would take back",
        ),
        (
            {"payers__acme": signer("clinician", 'when = "client.idd"')},
            "a signature that payers/default.toml asks for. A p",
        ),
        ({"payers__acme": signer("client", "documents = ['treatment_plan']")}, "signer client: «documents» would take"),
        ({"payers__acme": signer("clinician", "documents = ['plan_review']")}, "signer clinician: «documents» would"),
        ({"payers__acme": 'title = "A"\nlevels = {SM999 = "info"}'}, "no rule «SM999»"),
        ({"payers__acme": 'title = "A"\nlevels = {WB008 = "warning"}'}, "WB008 stays an error"),
        ({"payers__acme": 'title = "A"\nlevels = {SM006 = {why = "x"}}'}, "the level of SM006 is error"),
        ({"payers__acme": 'title = "A"\nlevels = {SM006 = {level = "info", why = 5}}'}, "texts in quotes"),
        ({"payers__acme": 'title = "A"\nlevels = {SM006 = {level = "info", because = "x"}}'}, "the key «because»"),
        ({"fields__risk": '[fields.level]\ndefault = "none"'}, "cannot stand in for an answer that core requires"),
    ],
)
def test_what_contradicts_another_part_of_the_shelf_is_told_when_it_loads(tmp_path, files, told):
    with pytest.raises(ShelfError, match=re.escape(told)):
        shelf.load(put(tmp_path, **files))


def test_who_requires_a_field_is_kept_in_the_order_in_which_it_was_asked(tmp_path):
    acme = payer("[sections.fields.authorization_number]\nrequired = ['treatment_plan']", section="coverage")
    clinic = '[fields.authorization_number]\nrequired = ["plan_review"]'
    found = shelf.load(put(tmp_path, payers__acme=acme, fields__coverage=clinic))
    composed = found.compose(("adult", "trauma"), "acme")
    assert composed.fields["coverage.authorization_number"].required_by == (
        Requirement("clinic", ("plan_review",)), Requirement("acme", ("treatment_plan",)),
    )  # fmt: skip
    assert composed.fields["plan.weeks"].required_by == (Requirement("core", ("treatment_plan",)),)
    assert composed.fields["review.population_update"].required_by == (Requirement("trauma", ("plan_review",)),)
    assert composed.fields["review.population_update"].pack == "core"
    assert (composed.titles["trauma"], composed.titles["acme"]) == ("Trauma", "A")
    everywhere = found.all().fields["review.population_update"]
    assert {one.by for one in everywhere.required_by} == {"adolescent", "trauma", "idd"} and not everywhere.required


@pytest.mark.parametrize(
    ("client", "populations"),
    [
        ({"date_of_birth": date(1990, 1, 1)}, ("adult",)),
        ({"date_of_birth": date(2008, 8, 1)}, ("adult",)),
        ({"date_of_birth": date(2008, 8, 2)}, ("adolescent",)),
        ({"date_of_birth": date(1990, 1, 1), "idd": True, "trauma": True}, ("adult", "trauma", "idd")),
        ({"date_of_birth": date(2010, 1, 1), "trauma": True}, ("adolescent", "trauma")),
        ({}, ("adult",)),
    ],
)
def test_populations_are_the_life_stage_on_the_day_and_the_overlays_in_order(client, populations):
    assert shelf.load().populations(record(**client), DAY) == populations


def test_a_requirement_that_a_pack_adds_to_a_core_field_is_not_everybodys():
    found = shelf.load()
    for field in found.all().fields.values():
        if field.pack != "core":
            assert not field.required and not field.required_when, field.path


# --- how documents are put together -------------------------------------------------------------------------------

LIKE = """
title = "Veteran"
kind = "overlay"
when = "client.trauma == True"
words = { client = "veteran" }
[documents.treatment_plan]
like = "adult"
[documents.plan_review]
like = "adult"
[[supplement]]
documents = ["treatment_plan"]
block = "text"
text = "Served"
[[last_page]]
block = "text"
text = "Last"
"""


def blocks(found, document):
    return [item.get("text") or item.get("heading") or item["block"] for item in found.documents[document].blocks]


def test_a_document_like_another_has_its_blocks_and_the_packs_own_where_these_belong(tmp_path):
    found = shelf.load(put(tmp_path, templates__veteran__pack=LIKE))
    adult, veteran = found.packs["adult"], found.packs["veteran"]
    plan, review = blocks(veteran, "treatment_plan"), blocks(veteran, "plan_review")
    assert plan[plan.index("supplements") - 1] == "Served" and plan[plan.index("last_pages") - 1] == "Last"
    assert [item for item in plan if item not in ("Served", "Last")] == blocks(adult, "treatment_plan")
    assert "Served" not in review and review[-2:] == ["Last", "last_pages"]
    document = veteran.documents["plan_review"]
    assert (document.title, document.date, document.each) == ("Plan review", "review.date", "review")


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ('[documents.treatment_plan]\nlike = "nobody"', "«like» names «nobody», which has no such document"),
        ('[documents.leave_letter]\nlike = "adult"', "«like» names «adult», which has no such document"),
        ('[documents.treatment_plan]\nlike = "trauma"', "«like» names «trauma», which has no such document"),
        (
            '[documents.note]\ntitle = "Note"\ndate = "plan.date"\nblocks = [{ use = "peopel" }]',
            "a block uses «peopel», which [blocks] does not hold",
        ),
        ('supplement = ["text"]', "«supplement» is not what it should be"),
    ],
)
def test_a_document_that_leads_nowhere_is_told(tmp_path, settings, told):
    pack = f'title = "Veteran"\nkind = "overlay"\nwhen = "client.trauma == True"\n{settings}\n'
    with pytest.raises(ShelfError) as caught:
        shelf.load(put(tmp_path, templates__veteran__pack=pack))
    assert str(caught.value).startswith("veteran/pack.toml: ") and told in str(caught.value)


def test_the_young_person_signs_as_such():
    signers = {rule.role: rule.label for rule in shelf.load().compose(("adolescent",)).signers}
    assert signers["client"] == "Young person"


def test_a_template_may_name_what_only_others_are_asked():
    found = shelf.load()
    assert "interventions.modification" not in found.compose(("adult",)).fields
    assert "interventions.modification" in found.printable(("adult",)).fields
    assert "trauma.phase" not in found.printable(("adult",)).fields
