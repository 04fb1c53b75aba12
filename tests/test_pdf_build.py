"""This file ensures that forms hold every answer, that viewers and checkers take them, and that they are as built."""

import importlib
import io
import re
import shutil
import subprocess
import sys
from collections import Counter
from itertools import pairwise
from pathlib import PurePath

import pikepdf
import pytest
from msgspec.structs import replace
from pdfua import validate
from pikepdf import Array, Name
from pypdf import PdfReader

from toolkit import demo, derive, intake, shelf
from toolkit.batch.layouts import kinds, layouts
from toolkit.errors import ShelfError, TemplateError
from toolkit.kinds import show
from toolkit.model import Case, Document, Field, Wanted
from toolkit.pdf import build
from toolkit.pdf.boxes import BOTTOM, LEFT, TOP, WIDTH, Cell, Group, Line, Strip, Widget, Zone, lines, pages
from toolkit.pdf.cells import FormCells
from toolkit.pdf.compile import compile_form
from toolkit.pdf.fill import Filler
from toolkit.pdf.fonts import Faces
from toolkit.pdf.forms import SIGNERS, groups
from toolkit.pdf.normalise import made_of
from toolkit.pdf.pieces import WORDS, understood
from toolkit.shelf import ADDED

SHELF = shelf.load()
STAGES = [pack for pack in SHELF.packs.values() if pack.kind == "life_stage"]
OVERLAYS = [pack for pack in SHELF.packs.values() if pack.kind == "overlay"]
ADULT = SHELF.printable(("adult",))
PLAN = ADULT.documents["treatment_plan"]
COMMITTED = sorted(path for pack in SHELF.packs.values() for folder in pack.folders for path in folder.glob("*.pdf"))
each = pytest.mark.parametrize("path", COMMITTED, ids=lambda path: f"{path.parent.name}/{path.name}")
builds = pytest.mark.skipif(not build.installed(), reason="NOT BUILT: WeasyPrint is missing, so no form was laid out")


def laid_out(*blocks, brand=None, definitions=ADULT):
    document = Document("treatment_plan", "Treatment plan", "plan.date", "x.docx", blocks)
    return build.build(document, definitions, brand or {})


def opened(data):
    return pikepdf.open(io.BytesIO(data) if isinstance(data, bytes) else data)


def fields(pdf):
    """Yield the full name and the dictionary of each field that is typed in, drawn or signed."""

    def below(field, above):
        name = f"{above}.{field.T}" if above else str(field.T)
        kids = [kid for kid in field.get("/Kids", ()) if "/T" in kid]
        for kid in kids:
            yield from below(kid, name)
        if not kids:
            yield name, field

    for top in pdf.Root.AcroForm.Fields:
        yield from below(top, "")


def sheets(pdf):
    return [str(page.obj.PieceInfo.plankit.Private.Sheet)[1:] for page in pdf.pages]


def file(pack, name):
    return pack.file(str(PurePath(name).with_suffix(".pdf")))


def asked(name):
    """Return the path of the field of a record that a form's field is called after."""
    return ".".join(re.sub(r"\[\d*\]", "", name).split(".")[-2:])


# --- everything, on some sheet ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("stage", STAGES, ids=lambda pack: pack.name)
@pytest.mark.parametrize("document", [name for name, one in ADULT.documents.items() if not one.drawing])
def test_every_printed_field_of_each_population_stands_on_a_sheet(stage, document):
    definitions = SHELF.compose((stage.name, *(pack.name for pack in OVERLAYS)))
    files = [file(stage, stage.documents[document].template)]
    found = set()
    for path in [*files, *(file(pack, name) for pack in OVERLAYS for name in ADDED.values() if file(pack, name))]:
        with opened(path) as pdf:
            on = {asked(name) for name, field in fields(pdf) if path in files or _stands_on(pdf, field, document)}
        found |= on
    wanted = {
        item.path
        for section in definitions.sections.values()
        if section.name not in ("staff", "signers")  # staff is shown where it is named, signers have their places
        for item in section.fields
        if item.printed
        and ((document in section.documents and item.prints_in(document))
             or (not section.repeats and document in item.required))
    }  # fmt: skip
    assert wanted - found == set()


def _stands_on(pdf, field, sheet):
    numbers = {page.obj.objgen: name for page, name in zip(pdf.pages, sheets(pdf), strict=True)}
    return any(numbers[place.P.objgen] == sheet for place in field.get("/Kids", [field]))


def test_rows_stand_in_the_section_that_the_view_has_them_in():
    with opened(file(STAGES[0], "discharge_summary.pdf")) as pdf:
        names = {name for name, _ in fields(pdf)}
    assert {"discharge.aftercare[0].service", "goals[3].outcomes[0].narrative", "scores[7].score"} <= names
    with opened(file(STAGES[0], "treatment_plan.pdf")) as pdf:
        names = {name for name, _ in fields(pdf)}
    assert {"team[3].contribution", "goals[].objectives[1].target", "goals[].interventions[1].technique"} <= names


def test_sheets_stand_in_their_order_and_each_page_says_which_it_is():
    with opened(file(STAGES[0], "treatment_plan.pdf")) as pdf:
        assert sheets(pdf) == ["front", "front", "goal", "closing", "closing", "closing", "continuation"]
    with opened(file(STAGES[0], "discharge_summary.pdf")) as pdf:
        assert list(dict.fromkeys(sheets(pdf))) == ["front", "closing", "continuation"]


def test_a_goal_s_fields_are_below_one_root_and_on_its_own_sheet():
    with opened(file(STAGES[0], "treatment_plan.pdf")) as pdf:
        [goal] = [page.obj.objgen for page, name in zip(pdf.pages, sheets(pdf), strict=True) if name == "goal"]
        for name, field in fields(pdf):
            if name.startswith("goals[]."):
                assert field.P.objgen == goal
    assert {"goals[].goal", "goals[].statement", "goals[].client_words"} <= {name for name, _ in fields_of("adult")}


def fields_of(pack, name="treatment_plan.pdf"):
    with opened(SHELF.pack(pack).file(name)) as pdf:
        return [(name, str(field.get("/FT"))) for name, field in fields(pdf)]


def test_there_are_places_for_eight_people_to_sign_and_for_text_without_room():
    found = dict(fields_of("adult"))
    for number in range(SIGNERS):
        assert found[f"signers[{number}].signature"] == "/Sig"
        for part in ("label", "name", "credential", "date", "reason"):
            assert found[f"signers[{number}].{part}"] == "/Tx"
    assert found["more[0].title"] == found["more[3].text"] == "/Tx"


@each
def test_every_page_says_whose_it_is_and_which(path):
    with opened(path) as pdf:
        places = {name: len(field.get("/Kids", [field])) for name, field in fields(pdf)}
        for name in ("client.id", "document.title", "document.date", "document.form", "page.number", "page.count"):
            assert places[name] >= len(pdf.pages)
        assert places["clinic.name"] == len(pdf.pages)


# --- for viewers, fillers and signers --------------------------------------------------------------------------------


@each
def test_a_form_is_small_and_whole(path):
    assert path.stat().st_size < 150_000
    with opened(path) as pdf:
        assert "/NeedAppearances" not in pdf.Root.AcroForm
        assert not {"/Names", "/Dests", "/Outlines"} & set(pdf.Root.keys())
        assert pdf.Root.AcroForm.is_indirect
        assert str(pdf.Root.Lang) == "en-US" and str(pdf.docinfo.Title)
        assert all(page.obj.Tabs == Name.S for page in pdf.pages)


@pytest.mark.skipif(not shutil.which("qpdf"), reason="NOT LOOKED AT: qpdf is missing")
@each
def test_qpdf_has_nothing_to_say(path):
    ran = subprocess.run(["qpdf", "--check", path], capture_output=True, text=True, check=False)
    assert ran.returncode == 0 and "WARNING" not in ran.stdout + ran.stderr


@each
def test_names_are_a_hierarchy_and_each_field_tells_what_it_asks(path):
    with opened(path) as pdf:
        found = list(fields(pdf))
        assert [name for name, times in Counter(name for name, _ in found).items() if times > 1] == []
        for name, field in found:
            assert "." not in str(field.T)
            assert str(field.TU).strip(), name


@each
def test_each_kind_of_answer_has_its_kind_of_field(path):
    with opened(path) as pdf:
        for name, field in fields(pdf):
            kind = SHELF.all().fields[asked(name)].kind if asked(name) in SHELF.all().fields else ""
            if kind == "date":
                assert "AFDate_FormatEx" in str(field.AA.F.JS) and "AFDate_KeystrokeEx" in str(field.AA.K.JS)
            elif kind == "yes_no" and Name.Btn == field.FT:
                assert set(field.AP.N.keys()) == {"/Yes", "/Off"}
                assert all(state.read_bytes().strip() for state in field.AP.N.values())
            elif kind in ("choice", "yes_no"):
                assert Name.Ch == field.FT and int(field.Ff) & 1 << 17
                if choices := SHELF.all().fields[asked(name)].choices:
                    pairs = [
                        tuple(map(str, item)) if isinstance(item, Array) else (str(item),) * 2 for item in field.Opt
                    ]
                    assert pairs == [(item.value, item.label) for item in choices]
            elif kind in ("long", "lines"):
                assert int(field.Ff) & 1 << 12
            for place in field.get("/Kids", [field]):
                if field.FT in (Name.Tx, Name.Ch):
                    assert place.AP.N.read_bytes() == b"/Tx BMC EMC"  # else viewers draw arrows on unfilled paper
                    assert re.match(rb"/(\S+) [\d.]+ Tf", bytes(place.DA))[1].decode() in {"Plain", "PlainBold"}


@each
def test_no_field_stands_on_another_or_beside_the_page(path):
    with opened(path) as pdf:
        for page in pdf.pages:
            boxes = [tuple(map(float, place.Rect)) for place in page.obj.Annots]
            for left, bottom, right, top in boxes:
                assert LEFT - 1 <= left < right <= LEFT + WIDTH + 1 and 20 < bottom < top < 775
                assert top - bottom >= 9
            for number, one in enumerate(boxes):
                for other in boxes[number + 1 :]:
                    assert one[2] <= other[0] or other[2] <= one[0] or one[3] <= other[1] or other[3] <= one[1]


@each
def test_the_tag_of_a_field_holds_the_field_itself(path):
    """Checkers of signatures know a field of a tagged form only so; with a list around it, signatures break."""
    with opened(path) as pdf:
        forms = [element for element in elements(pdf.Root.StructTreeRoot) if Name.Form == element.S]
        assert len(forms) == sum(len(page.obj.Annots) for page in pdf.pages)
        assert all(element.K.Type == Name.OBJR for element in forms)


def elements(above):
    kids = above.K if isinstance(above.K, Array) else [above.K]
    for kid in kids:
        if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
            yield kid
            yield from elements(kid)


@each
def test_each_page_tells_its_pieces_and_draws_their_words_so_that_they_can_be_moved(path):
    with opened(path) as pdf:
        for page in pdf.pages:
            sheet = understood(str(page.obj.PieceInfo.plankit.Private.Pieces))
            parts = [part for piece in sheet.pieces for part in (*piece.parts(), *(above[0] for above in piece.above))]
            found = sorted(part.item for part in (*sheet.head, *parts, *sheet.foot) if part.item >= 0)
            assert found == list(range(len(found)))
            numbers = [int(one[2]) for one in WORDS.finditer(page.obj.Contents.read_bytes())]
            assert numbers == list(range(len(numbers)))
            assert len(numbers) == page.obj.Contents.read_bytes().count(b"/MCID")


@each
def test_a_draft_and_a_logo_have_their_places(path):
    with opened(path) as pdf:
        drafts = {page.obj.Resources.XObject["/Draft"].objgen for page in pdf.pages}
        assert len(drafts) == 1
        assert all(b"/Draft Do" in page.obj.Contents.read_bytes() for page in pdf.pages)
        logos = [page.obj.Resources.XObject.get("/Logo") for page in pdf.pages]
        assert (logos[0] is not None) is (sheets(pdf)[0] == "front") and set(logos[1:]) <= {None}
        if logos[0] is not None:
            assert [float(side) for side in logos[0].BBox] == [0, 0, 150, 34]


# --- filled ----------------------------------------------------------------------------------------------------------


def answers(stage, client, document):
    """Return what the documents of a sample client print."""
    tables = demo.samples(SHELF)
    tables["records"] = [record for record in tables["records"] if record["client"]["id"] == client]
    [record] = intake.records(tables, SHELF.all())
    definitions = SHELF.compose((stage,))
    wanted = definitions.documents[document]
    day = record.get(wanted.date)
    record = derive.complete(record, day, definitions)
    signers = derive.signers(record, definitions, wanted)
    return derive.context(Case(record, Wanted(wanted, day), definitions, (), signers))


def value(view, name):
    """Return what a field is filled with: goal 1 on a goal sheet."""
    here = view
    for part in name.replace("goals[]", "goals[0]").split("."):
        word, *numbers = re.findall(r"[a-z_0-9]+", part)
        here = here.get(word) if isinstance(here, dict) else getattr(here, word, None)
        for number in numbers:
            here = here[int(number)] if here and int(number) < len(here) else None
    if isinstance(here, bool):
        return here if name == "plan.part2_notice" else show(here)
    return "\n".join(map(show, here)) if isinstance(here, tuple) else show(here)


def filled(stage, client, document):
    form = compile_form(SHELF.pack(stage).file(f"{document}.pdf").read_bytes())
    view = answers(stage, client, document)
    values = {name: value(view, name) for name, field in form.fields.items() if field.kind != "signature"}
    values = {name: found for name, found in values.items() if found}
    return Filler(form, Faces()).fill(values), values


@pytest.mark.parametrize(
    ("stage", "client", "document"),
    [
        ("adult", "0044", "treatment_plan"),
        ("adult", "0046", "discharge_summary"),
        ("adolescent", "0048", "treatment_plan"),
    ],
)
def test_a_sample_s_answers_find_room(stage, client, document):
    done, values = filled(stage, client, document)
    assert len(values) > 70
    assert [(item.name, item.why) for item in done.misfits] == []


@each
def test_checkers_of_accessible_forms_find_nothing(path):
    assert [*validate(path).findings] == []


@each
def test_no_level_of_headings_is_left_out(path):
    with opened(path) as pdf:
        levels = [
            int(str(one.S)[2:]) for one in elements(pdf.Root.StructTreeRoot) if re.fullmatch("/H[1-6]", str(one.S))
        ]
    assert levels
    for before, level in pairwise([1, *levels]):  # what an overlay adds follows the title of the document
        assert level <= before + 1


@pytest.mark.parametrize("document", ["treatment_plan", "discharge_summary"])
def test_checkers_of_accessible_forms_find_nothing_in_filled_ones(document, tmp_path):
    path = tmp_path / "filled.pdf"
    path.write_bytes(filled("adult", "0046", document)[0].data)
    assert [*validate(path).findings] == []


# --- held to their source --------------------------------------------------------------------------------------------


@builds
@pytest.mark.parametrize("pack", SHELF.packs)
def test_committed_forms_are_what_their_source_gives(pack):
    built = list(layouts(SHELF, packs=(pack,), kinds=("pdf",)))
    assert sorted(item.file for item in built) == sorted(path.name for path in COMMITTED if path.parent.name == pack)
    for item in built:
        committed = SHELF.pack(pack).file(item.file).read_bytes()
        (source, made_by), (new_source, new_made_by) = made_of(committed), made_of(item.data)
        assert source == new_source, f"{pack}/{item.file} is older than its source: run plankit template build"
        if made_by == new_made_by:
            assert committed == item.data


@builds
def test_the_same_input_gives_the_same_bytes():
    block = {"block": "pairs", "heading": "Risk", "fields": ["risk.level", "risk.safety_plan"]}
    assert laid_out(block) == laid_out(block)


# --- the brand, additions, and mistakes ------------------------------------------------------------------------------


@builds
def test_a_clinic_s_brand_is_used(tmp_path):
    logo = tmp_path / "logo.png"
    logo.write_bytes(PNG)
    brand = {"name": "Lakeside Center", "color": "#7A3E9D", "logo": str(logo)}
    with opened(laid_out({"block": "masthead", "details": ["clinic.phone"]}, brand=brand)) as pdf:
        page = pdf.pages[0]
        assert b"0.478431 0.243137 0.615686 rg" in page.obj.Contents.read_bytes()
        images = [item for item in page.obj.Resources.XObject.values() if item.Subtype == Name.Image]
        assert len(images) == 1 and "/Logo" in page.obj.Resources.XObject
    with pytest.raises(ShelfError, match=r"The logo .*nothing\.png cannot be read"):
        laid_out({"block": "masthead"}, brand={"logo": str(tmp_path / "nothing.png")})


@builds
def test_a_column_that_a_pack_adds_gets_a_box_without_a_new_layout():
    section = ADULT.sections["interventions"]
    added = Field("interventions", "setting", "Where it takes place", "text", "Interventions", 99)
    wider = replace(
        ADULT, sections={**ADULT.sections, "interventions": replace(section, fields=(*section.fields, added))}
    )
    with opened(build.build(PLAN, wider, {})) as pdf:
        assert "goals[].interventions[1].setting" in {name for name, _ in fields(pdf)}


@builds
def test_a_text_that_is_not_for_everybody_has_a_box_to_check():
    text = "Nobody may pass this on."
    with opened(laid_out({"block": "text", "when": "plan.part2_notice", "text": text})) as pdf:
        assert text == dict(fields(pdf))["plan.part2_notice"].TU
    with pytest.raises(ShelfError, match="take «when» out"):
        laid_out({"block": "text", "when": "client.age < 18", "text": text})


@builds
def test_a_long_text_has_room_below_its_heading_and_what_follows_stands_below_it():
    long = "These records are protected, and nobody may pass them on without a written word. " * 5
    blocks = [{"block": "text", "heading": "Notice", "text": long}, {"block": "pairs", "fields": ["risk.tool"]}]
    assert "Notice" in "".join(PdfReader(io.BytesIO(laid_out(*blocks))).pages[0].extract_text())
    form = FormCells(Document("treatment_plan", "Treatment plan", "plan.date", "x.docx"), ADULT, {}, {})
    [page] = pages([group for block in blocks for group in groups(form, block)])
    heading, text, box = (item for one in page for item in one.drawn)
    assert (heading.role, text.role) == ("heading", "note")
    assert heading.y + heading.height <= text.y and text.height > 30 and text.y + text.height <= box.y


def test_a_block_or_a_field_that_is_not_known_is_named():
    with pytest.raises(ShelfError, match=r"no block «piars»\. Use one of masthead"):
        laid_out({"block": "piars", "fields": []})
    with pytest.raises(ShelfError, match=r"names risk\.levle, which no section has"):
        laid_out({"block": "pairs", "fields": ["risk.levle"]})


def test_a_machine_without_weasyprint_or_its_libraries_says_so_in_one_sentence(monkeypatch):
    monkeypatch.setitem(sys.modules, "weasyprint", None)
    assert kinds() == ("docx",)
    with pytest.raises(TemplateError, match=r"WeasyPrint, which is not installed\. Install it with: pip install"):
        laid_out({"block": "pairs", "fields": ["risk.level"]})

    def without_pango(name):
        raise OSError("cannot load library")

    monkeypatch.setattr(importlib, "import_module", without_pango)
    with pytest.raises(TemplateError, match="finds no Pango on this machine"):
        laid_out({"block": "pairs", "fields": ["risk.level"]})


PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489"
    "0000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082"
)


# --- boxes on pages --------------------------------------------------------------------------------------------------


def box(name="x", need=100.0, several=0):
    return Cell(Widget(name, "multi-line" if several else "text", name), name, need, 1.0, several)


def group(height_in_lines, **more):
    return Group((Strip((Zone((Line((box(several=height_in_lines),)),)),)),), **more)


def test_as_many_boxes_share_a_line_as_it_has_room_for_and_long_answers_stand_alone():
    cells = [box("a", 100), box("b", 100), box("c", 100), box("long", 522, 3), box("d", 100)]
    found = [[cell.label for cell in line.cells] for line in lines(cells, 250)]
    assert found == [["a", "b"], ["c"], ["long"], ["d"]]


def test_a_page_turns_before_a_block_rather_than_inside_it():
    found = pages([group(20), group(12), group(12, first=False), group(12, first=False)])
    assert [len(page) for page in found] == [1, 3]


def test_what_must_not_begin_a_page_takes_what_stands_before_it_along():
    found = pages([group(30), group(18), group(12, with_last=True)])
    assert [len(page) for page in found] == [1, 2]


def test_long_answers_get_what_a_page_has_left_and_stay_on_it():
    [page] = pages([group(3), group(6)])
    first, second = (item for one in page for item in one.drawn)
    assert first.height > 40 and second.height > first.height
    assert first.y >= TOP and second.y + second.height <= BOTTOM


@builds
def test_each_line_of_a_note_bears_its_color():
    long = "A sentence of the form itself that is so long that it has to go on. " * 4
    with opened(laid_out({"block": "text", "text": long})) as pdf:
        words = [found[3] for found in WORDS.finditer(pdf.pages[0].Contents.read_bytes())]
    note = [one for one in words if b" 11.333008 Tf" in one]  # 8.5 points in pixels
    assert len(note) > 1
    assert len({one.partition(b" rg\n")[0].rpartition(b"\n")[2] for one in note}) == 1
