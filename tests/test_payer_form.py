"""This file ensures that a payer's own form is filled, proven, and held where it would say less or something else."""

import io
import re
import unicodedata
from datetime import date

import pikepdf
import pypdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from judging import SHELF, judge, lay_over, sample
from payer_files import PayerForm, authorization, script
from pdf_files import COMB, EDIT, MULTILINE, MULTIPLE, options
from pikepdf import Array, Dictionary, Name, String

from toolkit.batch.form_press import FormPress
from toolkit.batch.payer_forms import mapped
from toolkit.errors import ToolkitError
from toolkit.pdf import read
from toolkit.pdf.continued import begun, squeezed
from toolkit.pdf.dates import of_label, of_script, spelled


class Desk:
    """A folder with a payer's form and its mapping, and what is made of a record with them."""

    def __init__(self, folder):
        self.folder = folder

    def press(self, form, *blocks, document="treatment_plan"):
        (self.folder / "otr.pdf").write_bytes(form if isinstance(form, bytes) else form.bytes(table=True))
        fields = "".join(f"\n[[fields]]\n{block}\n" for block in blocks)
        (self.folder / "otr.toml").write_text(f'form = "otr.pdf"\ndocument = "{document}"\n{fields}', encoding="utf-8")
        return FormPress(SHELF, self.folder / "otr.toml")

    def made(self, form, *blocks, **changes):
        """Return the filled form as bytes, as it is read back, and what holds it."""
        press = self.press(form, *blocks)
        (case, *_) = judge(lay_over(sample(), changes)).cases
        data = press.sheet(case, draft=False).render()
        assert data.startswith((self.folder / "otr.pdf").read_bytes())
        pypdf.PdfReader(io.BytesIO(data), strict=True).get_fields()
        return data, read.read(data), [(one.code, one.text) for one in press.prove(case, data)]

    def told(self, form, *blocks, **more):
        """Return the sentence with which a mapping is refused."""
        with pytest.raises(ToolkitError) as raised:
            self.press(form, *blocks, **more)
        return str(raised.value)


@pytest.fixture
def desk(tmp_path):
    return Desk(tmp_path)


def one(kind="text", name="x", **more):
    form = PayerForm()
    form.add(name, kind, **more)
    return form


def test_what_holds_a_payers_form_holds_nothing_else(run, tmp_path):
    (tmp_path / "otr.pdf").write_bytes(one("choice", Opt=options(("1", "Outpatient"))).bytes())
    text = 'form = "otr.pdf"\ndocument = "treatment_plan"\n[[fields]]\nname = "x"\npath = "%s"\n%s'
    (tmp_path / "otr.toml").write_text(text % ("episode.level_of_care", ""))
    run("demo")
    run("make", "plankit-demo/clients.xlsx", "--form", "otr.toml")
    assert (tmp_path / "documents" / "0041" / "treatment_plan.otr.pdf").is_file()
    made = run("make", "plankit-demo/clients.xlsx", "--form", "otr.toml")
    assert "held: 0045 M.O. · Treatment plan, otr · 1 thing to fix" in made.stderr
    assert not (tmp_path / "documents" / "0045" / "treatment_plan.otr.pdf").exists()
    assert (tmp_path / "documents" / "0045" / "treatment_plan.docx").is_file()
    (tmp_path / "otr.toml").write_text(text % ("risk.level", ""))
    run("make", "plankit-demo/clients.xlsx", "--form", "otr.toml")
    assert not (tmp_path / "documents" / "0041" / "treatment_plan.otr.pdf").exists()
    assert (tmp_path / "documents" / "superseded" / "0041" / "treatment_plan.otr.pdf").is_file()
    assert (tmp_path / "documents" / "0041" / "treatment_plan.docx").is_file()


# --- from an empty folder -------------------------------------------------------------------------------------------


def test_a_form_is_mapped_and_filled_from_an_empty_folder(run, tmp_path):
    (tmp_path / "otr.pdf").write_bytes(authorization().bytes(table=True))
    result = run("template", "map", "otr.pdf", "-o", "otr.toml")
    assert (result.exit_code, result.stdout) == (0, ""), result.output
    run("demo")
    made = run("make", "plankit-demo/clients.xlsx", "--form", "otr.toml")
    assert made.exit_code == 1, made.output
    data = (tmp_path / "documents" / "0041" / "treatment_plan.otr.pdf").read_bytes()
    assert data.startswith((tmp_path / "otr.pdf").read_bytes())
    assert (tmp_path / "documents" / "0041" / "treatment_plan.docx").is_file()
    seen = read.read(data).fields
    assert {name: seen[name].drawn for name in ("Text1", "Text2", "dobcomb", "prov", "Text5", "adm", "dx1", "loc")} == {
        "Text1": ("José Núñez-O’Brien",), "Text2": ("03/14/1979",), "dobcomb": ("03141979",),
        "prov": ("Jordan Rivera, LCSW",), "Text5": ("1992000025",), "adm": ("4-May-2026",), "dx1": ("F33.1",),
        "loc": ("Outpatient",),
    }  # fmt: skip
    assert (seen["intN"].value, seen["intY"].value, seen["risk"].value, seen["loc"].value) == ("1", "", "1", "1")
    assert seen["risk"].drawn == ("Off", "1", "Off", "Off")
    assert re.search(r"nothing fills \d+.*\n.*«Fax»", made.stderr)


def test_a_second_run_leaves_the_form_as_it_is_and_one_without_it_too(run, tmp_path):
    (tmp_path / "otr.pdf").write_bytes(one(name="who", rect=(40, 40, 500, 60)).bytes())
    (tmp_path / "otr.toml").write_text(
        'form = "otr.pdf"\ndocument = "treatment_plan"\n[[fields]]\nname = "who"\npath = "client.legal_name"\n'
    )
    run("demo")
    run("make", "plankit-demo/clients.xlsx", "--form", "otr.toml")
    path = tmp_path / "documents" / "0041" / "treatment_plan.otr.pdf"
    first, before = path.read_bytes(), path.stat().st_mtime_ns
    for more in (("--form", "otr.toml"), ()):
        run("make", "plankit-demo/clients.xlsx", *more)
        assert (path.read_bytes(), path.stat().st_mtime_ns) == (first, before)
    assert not (tmp_path / "documents" / "superseded").exists()
    assert not list((tmp_path / "documents").rglob("plan_review*.otr.pdf"))


def test_a_payer_on_the_shelf_brings_its_forms_along(run, tmp_path):
    own = tmp_path / "shelf" / "payers" / "acme"
    own.mkdir(parents=True)
    (own / "otr.pdf").write_bytes(one(name="who", rect=(40, 40, 500, 60)).bytes())
    (own / "otr.toml").write_text(
        'form = "otr.pdf"\ndocument = "treatment_plan"\n[[fields]]\nname = "who"\npath = "client.legal_name"\n'
    )
    result = run("--shelf", "shelf", "payers")
    assert result.exit_code == 2 and "payers/acme/payer.toml" in result.stderr
    (own / "payer.toml").write_text('title = "Acme Health"\n')
    run("demo")
    run("--shelf", "shelf", "make", "plankit-demo/clients.xlsx", "--payer", "acme", "-o", "out")
    assert read.read((tmp_path / "out" / "0041" / "treatment_plan.otr.pdf").read_bytes()).fields["who"].value
    run("--shelf", "shelf", "make", "plankit-demo/clients.xlsx", "-o", "other")
    assert not list((tmp_path / "other").rglob("*.pdf"))


def test_the_same_form_is_not_filled_twice_under_one_name(run, tmp_path):
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "otr.pdf").write_bytes(one().bytes())
        (tmp_path / folder / "otr.toml").write_text('form = "otr.pdf"\ndocument = "treatment_plan"\n')
    run("demo")
    result = run("make", "plankit-demo/clients.xlsx", "--form", "a/otr.toml", "--form", "b/otr.toml")
    assert result.exit_code == 2 and "otr.toml: another mapping has this name, too" in result.stderr


# --- what goes in ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("more", "wanted", "drawn"),
    [
        ({}, "", "03/14/1979"),
        ({}, 'date = "MMDDYYYY"', "03141979"),
        ({"flags": COMB, "MaxLen": 8}, 'date = "MMDDYYYY"', "03141979"),
        ({"flags": COMB, "MaxLen": 4}, 'date = "YYYY"', "1979"),
        ({"AA": script("yyyy-mm-dd")}, 'date = "YYYY-MM-DD"', "1979-03-14"),
        ({}, 'date = "D MMMM YYYY"', "14 March 1979"),
        ({"MaxLen": 2}, 'date = "DD"', "14"),
        ({"MK": Dictionary(R=90), "rect": (40, 40, 60, 240)}, "", "03/14/1979"),
        ({"Q": 2}, "", "03/14/1979"),
    ],
)
def test_a_date_is_written_as_the_form_wants_it(desk, more, wanted, drawn):
    _, seen, faults = desk.made(one(**more), f'name = "x"\npath = "client.date_of_birth"\n{wanted}')
    assert faults == []
    assert seen.fields["x"].drawn == (drawn,) and seen.fields["x"].value == drawn


def test_a_field_of_several_places_and_names_in_a_hierarchy_are_filled_everywhere(desk):
    form = PayerForm(2)
    kids = [form.widget(page, (40, 700, 300, 716)) for page in (0, 1)]
    field = form.pdf.make_indirect(Dictionary(T=String("name"), FT=Name.Tx, Kids=Array(kids)))
    for kid in kids:
        kid.Parent = field
    form._put("topmost[0].page1[0]", field)
    _, seen, faults = desk.made(form, 'name = "topmost[0].page1[0].name"\npath = "client.legal_name"')
    assert faults == []
    assert seen.fields["topmost[0].page1[0].name"].drawn == ("José Núñez-O’Brien",) * 2


def test_a_turned_page_is_filled_like_any_other(desk):
    form = one(rect=(40, 40, 300, 60))
    form.pdf.pages[0].obj.Rotate = 90
    _, seen, faults = desk.made(form, 'name = "x"\npath = "client.legal_name"')
    assert faults == [] and seen.fields["x"].drawn == ("José Núñez-O’Brien",)


def test_rows_are_filled_one_by_one_or_all_in_one(desk):
    form = PayerForm()
    for name in ("first", "all", "target"):
        form.add(name, flags=MULTILINE, rect=(40, {"first": 600, "all": 450, "target": 300}[name], 560, 740))
    _, seen, faults = desk.made(
        form,
        'name = "first"\npath = "goals[0].statement"',
        'name = "all"\npath = "goals[].statement"',
        'name = "target"\npath = "goals[1].objectives[0].target"',
    )
    goals = [row["statement"] for row in sample()["goals"]]
    assert faults == []
    assert seen.fields["first"].value == goals[0]
    assert seen.fields["all"].value == "\n".join(goals)


def test_the_same_text_in_every_document_and_who_signs(desk):
    form = PayerForm()
    for number, name in enumerate(("kind", "who", "role")):
        form.add(name, rect=(40, 700 - 30 * number, 500, 716 - 30 * number))
    _, seen, faults = desk.made(
        form,
        'name = "kind"\ntext = "Initial request"',
        'name = "who"\npath = "sign.clinician.name"',
        'name = "role"\npath = "episode.clinician.npi"',
    )
    assert faults == []
    assert [seen.fields[name].value for name in ("kind", "who", "role")] == [
        "Initial request", "Jordan Rivera", "1992000025",
    ]  # fmt: skip


# --- choices ---------------------------------------------------------------------------------------------------------


def boxes(on):
    form = PayerForm()
    form.box("yes", 40, 700, on)
    form.box("no", 80, 700, on)
    return form


@pytest.mark.parametrize("on", ["Yes", "1", "On", "Ja!"])
@pytest.mark.parametrize("answer", ["yes", "no"])
def test_a_box_is_ticked_by_whatever_name_its_state_has(desk, on, answer):
    _, seen, faults = desk.made(
        boxes(on),
        'name = "yes"\npath = "client.interpreter"\nwhen = "yes"',
        'name = "no"\npath = "client.interpreter"\nwhen = ["No"]',
        client={"interpreter": answer},
    )
    assert faults == []
    assert {name: seen.fields[name].value for name in ("yes", "no")} == {
        name: on if name == answer else "" for name in ("yes", "no")
    }


def test_an_answer_at_which_no_box_is_ticked_is_told(desk):
    form = boxes("On")
    blocks = ('name = "yes"\npath = "risk.level"\nwhen = "low"', 'name = "no"\npath = "risk.level"\nwhen = "none"')
    assert desk.made(form, *blocks, risk={"level": "low"})[2] == []
    ((code, text),) = desk.made(form, *blocks, risk={"level": "high", "safety_plan": "Calls 988"})[2]
    assert code == "PF007" and "«Risk level»" in text and "line 5" in text


def test_one_box_whose_states_are_several_answers_is_a_choice(desk):
    form = PayerForm()
    form.group("risk", "none", "low", "moderate", "high", kind="check")
    _, seen, faults = desk.made(form, 'name = "risk"\npath = "risk.level"', risk={"level": "low"})
    assert faults == [] and seen.fields["risk"].drawn == ("Off", "low", "Off", "Off")


@pytest.mark.parametrize("opt", [(), ("None", "Low", "Moderate", "High")])
def test_radio_buttons_are_chosen_by_state_or_by_what_they_are_called(desk, opt):
    form = PayerForm()
    states = ("0", "1", "2", "3") if opt else ("none", "low", "moderate", "high")
    form.radio("risk", *[(state, 40 + 40 * number, 700) for number, state in enumerate(states)], opt=opt)
    data, seen, faults = desk.made(form, 'name = "risk"\npath = "risk.level"', risk={"level": "low"})
    assert faults == [] and seen.fields["risk"].drawn == ("Off", states[1], "Off", "Off")
    with pikepdf.open(io.BytesIO(data)) as pdf:
        assert isinstance(pdf.Root.AcroForm.Fields[0].V, pikepdf.Name)


def test_what_a_drop_down_exports_is_stored_and_what_it_calls_it_is_shown(desk):
    swapped = options(("1", "2"), ("2", "1"), ("low", "Low risk"), ("", "Choose"))
    block = 'name = "x"\npath = "risk.level"\nvalues = { low = "%s" }'
    for wanted, label in (("1", "2"), ("2", "1"), ("low", "Low risk"), ("Low risk", "Low risk")):
        _, seen, faults = desk.made(one("choice", Opt=swapped), block % wanted, risk={"level": "low"})
        stored = "low" if wanted == "Low risk" else wanted
        assert (faults, seen.fields["x"].value, seen.fields["x"].drawn) == ([], stored, (label,))


def test_an_answer_that_a_drop_down_does_not_offer_is_told_with_what_to_do(desk):
    form = one("choice", Opt=options(("1", "Low"), ("2", "High")))
    press = desk.press(form, 'name = "x"\npath = "risk.level"')
    (case, *_) = judge(lay_over(sample(), {"risk": {"level": "moderate", "safety_plan": "Calls 988"}})).cases
    (finding,) = press.prove(case, press.sheet(case, draft=False).render())
    assert (finding.code, finding.path, finding.show) == ("PF007", "risk.level", {"answer": "Moderate"})
    assert "otr.toml, line 5" in finding.text and "page 1" in finding.text and "Moderate" not in finding.text
    assert str(finding.place).startswith("Plan!")
    assert desk.made(one("choice", flags=EDIT, Opt=options(("1", "Low"))), 'name = "x"\npath = "risk.level"',
                     risk={"level": "moderate", "safety_plan": "Calls 988"})[2] == []  # fmt: skip


def test_a_list_takes_one_choice_or_several(desk):
    form = one("list", flags=MULTIPLE, rect=(40, 600, 200, 700), Opt=options(("s", "Sleep"), ("w", "Work"), ("f", "")))
    block = 'name = "x"\npath = "assessment.strengths"\nvalues = { Rest = "Sleep", Job = "w" }'
    _, seen, faults = desk.made(form, block, assessment={"strengths": ["Job", "Rest"]})
    assert (faults, seen.fields["x"].value) == ([], "s\nw")
    assert desk.made(form, block, assessment={"strengths": ["Job", "Chess"]})[2][0][0] == "PF007"


# --- what does not fit -----------------------------------------------------------------------------------------------

LONG = "\n".join(f"Line {number}: " + "the bus was full and loud, and he stayed on it. " * 4 for number in range(60))


def test_a_long_text_goes_on_behind_the_form_with_references_both_ways(desk):
    form = one(flags=MULTILINE, rect=(40, 600, 500, 700))
    data, seen, faults = desk.made(
        form, 'name = "x"\npath = "necessity.why_treatment_now"', necessity={"why_treatment_now": LONG}
    )
    drawn = seen.fields["x"].drawn[0]
    assert faults == []
    assert seen.fields["x"].value == LONG.strip() and drawn.endswith("… continued on page 2")
    assert "Why treatment now (continued from page 1)" in seen.pages[1]
    bodies = [line for page in seen.pages[1:] for line in page.split("\n")[2:-1]]
    again = "".join("".join([drawn.removesuffix("… continued on page 2"), *bodies[1:]]).split())
    assert again == "".join(LONG.split())
    assert all("José Núñez-O’Brien" in page and f"of {len(seen.pages)}" in page for page in seen.pages[1:])
    with pikepdf.open(io.BytesIO(data)) as pdf:
        assert len(pdf.pages) == len(seen.pages) > 2


def test_where_the_form_counts_characters_nothing_is_cut_and_the_document_waits(desk):
    for more in ({"MaxLen": 5}, {"MaxLen": 5, "flags": COMB}):
        ((code, text),) = desk.made(one(**more), 'name = "x"\npath = "coverage.member_id"')[2]
        assert code == "PF005" and "«Member id»" in text and "takes 5 characters" in text and "page 1" in text
        assert (
            desk.made(one(**more), 'name = "x"\npath = "coverage.member_id"', coverage={"member_id": "A1234"})[2] == []
        )


def test_a_finding_names_the_cell_of_the_answer(desk):
    press = desk.press(one(MaxLen=2), 'name = "x"\npath = "goals[1].objectives[0].target"')
    (case, *_) = judge(sample()).cases
    (finding,) = press.prove(case, press.sheet(case, draft=False).render())
    row = next(row for row in case.record.all("objectives") if row.get("goal") == "2")
    assert str(finding.place) == str(row.place("target")) and str(finding.place).startswith("Objectives!")


def test_rows_without_a_place_stand_behind_the_form(desk):
    form = PayerForm()
    form.add("goal", rect=(40, 700, 560, 716))
    form.add("by", rect=(40, 660, 560, 676))
    goals = [{"goal": str(number), "problem": "P", "statement": f"Goal text {number}"} for number in range(1, 5)]
    _, seen, faults = desk.made(
        form,
        'name = "goal"\npath = "goals[0].statement"',
        'name = "by"\npath = "goals[0].objectives[0].target_date"\ndate = "MM/YYYY"',
        goals=goals,
    )
    assert faults == []
    for number in (3, 4):
        assert f"Goal {number}\nGoal statement: Goal text {number}" in seen.pages[1]
    assert "Goal text 1" not in seen.pages[1]


def test_what_no_typeface_draws_is_told(desk):
    for form in (one(rect=(40, 700, 500, 716)), one(flags=MULTILINE, rect=(40, 700, 80, 712))):
        told = desk.made(form, 'name = "x"\npath = "client.legal_name"', client={"legal_name": "Ana 李明 " * 9})[2]
        assert [code for code, _ in told] == ["PF004"] and "U+674E, U+660E" in told[0][1]


def test_what_somebody_alters_in_the_file_is_found(desk):
    press = desk.press(one(rect=(40, 700, 300, 716)), 'name = "x"\npath = "coverage.authorization_number"')
    (case, *_) = judge(lay_over(sample(), {"coverage": {"authorization_number": "ABCDEFGH"}})).cases
    data = press.sheet(case, draft=False).render()
    assert press.prove(case, data) == []
    assert [one.code for one in press.prove(case, data.replace(b"(ABCDEFGH)", b"(ABCDEFGX)"))] == ["PF005"]
    assert [one.code for one in press.prove(case, press.form.data)] == ["PF005"]


PRINTABLE = st.text(
    st.one_of(
        st.characters(min_codepoint=0x20, max_codepoint=0x7E),
        st.sampled_from("éîõüçñßŁłŻžŠőșțễặộữα ΩжЩґ’“”–—…•½≥→☐✓€\u00a0\u200b\n\t()\\<>[]{}%/"),
        st.characters(exclude_categories=["Cs", "Cc"]),
    ),
    max_size=400,
).map(lambda text: unicodedata.normalize("NFC", text).strip())


@settings(max_examples=120)
@given(PRINTABLE, st.sampled_from([0, MULTILINE]), st.sampled_from([0, 7]))
def test_any_text_is_read_back_as_it_was_or_held(tmp_path_factory, text, flags, limit):
    more = {"MaxLen": limit} if limit else {}
    form = one(flags=flags, rect=(40, 640, 240, 700 if flags else 656), **more)
    desk = Desk(tmp_path_factory.mktemp("desk"))
    _, seen, faults = desk.made(
        form, 'name = "x"\npath = "plan.coordination"', plan={"coordination": text or "none given"}
    )
    (case, *_) = judge(lay_over(sample(), {"plan": {"coordination": text or "none given"}})).cases
    answer = case.record.get("plan.coordination") or ""
    assert {code for code, _ in faults} <= {"PF004", "PF005"}
    if not faults:
        assert seen.fields["x"].value == answer
        assert not limit or len(answer) <= limit
        drawn = begun(seen.fields["x"].drawn[0])
        bodies = [line for page in seen.pages[1:] for line in page.split("\n")[2:-1]]
        assert squeezed(drawn + "".join(bodies[1:])) == squeezed(answer)
        assert bodies or drawn == answer


# --- the form stays as it is -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("table", [False, True], ids=["object streams", "a table"])
def test_what_is_not_filled_stays_byte_for_byte_as_it_was(desk, table):
    form = authorization()
    del form.form.NeedAppearances
    source = form.bytes(table=table)
    data, seen, faults = desk.made(source, 'name = "Text1"\npath = "client.legal_name"')
    assert faults == [] and seen.fields["fax"].value == ""
    with pikepdf.open(io.BytesIO(source)) as before, pikepdf.open(io.BytesIO(data)) as after:
        changed = [item.objgen for item in before.objects
                   if item.unparse(resolved=True) != after.get_object(item.objgen).unparse(resolved=True)]  # fmt: skip
        assert changed == [before.Root.AcroForm.Fields[0].objgen]
        assert str(after.Root.AcroForm.Fields[1].AA.F.JS) == 'AFDate_FormatEx("mm/dd/yyyy");'


def test_what_the_form_holds_already_is_still_seen_when_readers_no_longer_draw_it(desk):
    form = PayerForm()
    form.add("revision", rect=(40, 40, 200, 56), V=String("Rev. 7/2025"))
    form.add("x", rect=(40, 80, 300, 96))
    form.form.NeedAppearances = True
    data, seen, faults = desk.made(form, 'name = "x"\npath = "client.legal_name"')
    assert faults == [] and seen.fields["revision"].drawn == ("Rev. 7/2025",)
    with pikepdf.open(io.BytesIO(data)) as pdf:
        assert "/NeedAppearances" not in pdf.Root.AcroForm


def test_a_box_without_a_drawing_is_ticked_and_the_form_still_stays_as_it_was(desk):
    form = one("check", AP=Dictionary())
    del form.form.Fields[0].AP
    _, seen, faults = desk.made(
        form, 'name = "x"\npath = "client.interpreter"\nwhen = "yes"', client={"interpreter": "yes"}
    )
    assert faults == [] and seen.fields["x"].drawn == ("Yes",)


# --- wrong mappings --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("block", "told"),
    [
        (
            'name = "x"\npath = "client.legal_nam"',
            "line 5: there is no answer «client.legal_nam». Did you mean client.legal_name?",
        ),
        ('name = "X1"\npath = ""', "line 5: the form has no field «X1». Did you mean x?"),
        ('name = "x"\npath = "goals.statement"', "goals[0].statement is the first, goals[].statement means all"),
        ('name = "x"\npath = "goals[].objectives.target"', "which row"),
        ('name = "x"\npath = "client[0].legal_name"', "of which there is one"),
        ('name = "x"\npath = "staff[0].name.x"', "there is no answer"),
        ('name = "x"\npath = "client..x"', "there is no answer"),
        ('name = "x"\npaht = "client.id"', "line 6: «paht» is not known here. Did you mean path?"),
        ('name = "x"\npath = 3', "line 6: «path» is not what it should be (a text in quotes)"),
        ('name = "x"\nvalues = { a = 1 }', "line 6: «values» is not what it should be"),
        ('name = "x"\npath = "client.id', "line 6, cannot be read there"),
        ('name = "x"\nname = "y"', "line 6, cannot be read there"),
        ('path = "client.id"', "does not name its field"),
        ('name = "x"\npath = "client.id"\ntext = "y"', "has both path and text"),
        ('name = "x"\nsigner = "client"', "is no place to sign"),
        ('name = "x"\npath = "client.id"\nvalues = { a = "b" }', "takes any text"),
        ('name = "x"\npath = "client.id"\nwhen = "yes"', "is for a box to tick"),
        ('name = "x"\npath = "client.id"\ndate = "the day"', "dates cannot be written as"),
        ('name = "pick"\npath = "risk.level"\nvalues = { hihg = "A" }', "is never answered «hihg». Did you mean High?"),
        ('name = "pick"\npath = "risk.level"\nvalues = { high = "Alfa" }', "cannot be «Alfa». Did you mean Alpha?"),
        ('name = "sig"\nsigner = "clinican"', "there is no role «clinican» that signs. Did you mean clinician?"),
        ('name = "sig"\npath = "client.legal_name"', "is a place to sign. Write signer ="),
        ('name = "x"\npath = ""\n[[fields]]\nname = "x"', "line 8: «x» was named in line 5 already"),
        ('name = "x"\npath = "sign.clerk.name"', "there is no role «clerk»"),
    ],
)
def test_a_wrong_mapping_is_one_sentence_with_file_and_line(desk, block, told):
    form = one()
    form.add("pick", "choice", Opt=options(("a", "Alpha"), ("b", "Beta")))
    form.add("sig", "signature")
    said = desk.told(form, block)
    assert said.startswith("otr.toml, line ") and told in said and said.rstrip("?.") != said
    assert not re.search(r"invalid|null|None|regex|schema|constraint", said)


def test_a_mapping_for_another_document_form_or_folder_is_told(desk):
    assert "line 2: there is no document «treatment_pln». Did you mean treatment_plan?" in desk.told(
        one(), document="treatment_pln"
    )
    path = desk.folder / "otr.toml"
    path.write_text('form = "otr.pdf"\nsha256 = "00"\ndocument = "treatment_plan"\n')
    with pytest.raises(ToolkitError, match=r"otr\.toml, line 2: otr\.pdf is not the file that this mapping"):
        FormPress(SHELF, path)
    path.write_text('form = "gone.pdf"\ndocument = "treatment_plan"\n')
    with pytest.raises(ToolkitError, match=r"gone\.pdf, the form that otr\.toml names, cannot be opened"):
        FormPress(SHELF, path)
    path.write_bytes(b'form = "\xff"')
    with pytest.raises(ToolkitError, match="not saved as UTF-8"):
        FormPress(SHELF, path)


def test_a_wrong_mapping_stops_before_anything_is_written(run, tmp_path):
    (tmp_path / "otr.pdf").write_bytes(one().bytes())
    (tmp_path / "otr.toml").write_text('form = "otr.pdf"\ndocument = "treatment_plan"\n[[fields]]\nname = "y"\n')
    run("demo")
    result = run("make", "plankit-demo/clients.xlsx", "--form", "otr.toml")
    assert result.exit_code == 2 and "otr.toml, line 4" in result.stderr
    assert not (tmp_path / "documents").exists()


# --- dates -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("found", "wanted"),
    [
        (of_script('AFDate_FormatEx("mm/dd/yyyy");'), "MM/DD/YYYY"),
        (of_script("AFDate_KeystrokeEx('m/d/yy')"), "M/D/YY"),
        (of_script("AFDate_Format(4);"), "D-MMM"),
        (of_script('AFDate_FormatEx("mm/dd/yyyy HH:MM")'), ""),
        (of_script('app.alert("mm/dd/yyyy")'), ""),
        (of_script("AFDate_Format(99)"), ""),
        (of_label("DOB (mm/dd/yyyy)"), "MM/DD/YYYY"),
        (of_label("Date MM DD YYYY"), "MM DD YYYY"),
        (of_label("Birth date MMDDYYYY"), "MMDDYYYY"),
        (of_label("Today's date"), ""),
        (spelled(date(2026, 2, 3), "D-MMM-YY"), "3-Feb-26"),
        (spelled(date(2026, 2, 3), "MMMM D, YYYY"), "February 3, 2026"),
        (spelled(date(2026, 12, 3), "M/D/YYYY"), "12/3/2026"),
    ],
)
def test_dates_are_read_and_written_as_forms_say(found, wanted):
    assert found == wanted


def test_the_same_form_twice_gives_the_same_mapping(tmp_path):
    (tmp_path / "otr.pdf").write_bytes(authorization().bytes())
    texts = {mapped(SHELF, tmp_path / "otr.pdf", tmp_path / "otr.toml", "treatment_plan").text for _ in range(2)}
    assert len(texts) == 1
