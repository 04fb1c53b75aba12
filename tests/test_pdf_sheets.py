"""This file ensures that a document is composed of the pieces it needs, with fields named for its rows and signers."""

import io

import pikepdf
import pytest
from judging import SHELF
from msgspec import Struct, field
from pdf_files import FormFile
from pikepdf import Name

from toolkit.errors import TemplateError
from toolkit.pdf import read
from toolkit.pdf.compile import compile_form
from toolkit.pdf.fill import Filler
from toolkit.pdf.flow import Flow
from toolkit.pdf.fonts import Faces
from toolkit.pdf.sheets import Kit, compose

FACES = Faces()


class Answered(Struct):
    """Answers by the names of fields, and how many rows there are."""

    texts: dict = field(default_factory=dict)
    counts: dict = field(default_factory=dict)
    asked: frozenset = frozenset()

    def text(self, name):
        return self.texts.get(name, "")

    def rows(self, path):
        return self.counts.get(path, 0)

    def asks(self, name):
        return name in self.asked


def kit(document="treatment_plan", populations=("adult", "trauma", "idd")):
    files = SHELF.form_files(populations, document)
    added = {place: [file.read_bytes() for file in paths] for place, paths in files.added.items()}
    return Kit(files.template.read_bytes(), document, added["supplements"], added["last_pages"])


KIT = kit()
FLOW = Flow(KIT.pages, KIT.fields, FACES)
FILLED = Answered(
    {
        "client.legal_name": "Zoë Nguyễn",
        "goals[0].statement": "Sleep",
        "goals[1].statement": "Work",
        **{f"goals[0].objectives[{row}].statement": f"Step {row}" for row in range(5)},
        "trauma.phase": "Safety and skills",
        "idd.plain_language": "I sleep at night.",
    },
    {"goals": 2, "goals[0].objectives": 5},
)


def composed(answers=FILLED, roles=(), more=0):
    return compose(KIT, FLOW.plan(answers, roles, more))


def names(data):
    return list(compile_form(data).fields)


def words(data):
    return [page.extract_text() for page in read.PdfReader(io.BytesIO(data)).pages]


def test_what_nothing_is_answered_of_is_left_out():
    data = composed()
    assert {"client.legal_name", "goals[1].statement", "goals[0].objectives[4].statement"} <= {*names(data)}
    assert not [name for name in names(data) if name.startswith(("team", "meetings", "second_review", "co_occurring"))]
    text = "\n".join(words(data))
    assert "Team" not in text
    assert "Second review" not in text
    assert text.count("Goal statement") == 2


def test_a_heading_stands_above_the_first_line_that_is_left_of_its_block():
    text = words(composed(Answered({"client.legal_name": "Zoë", "plan.medications": "None"})))[0]
    assert text.index("Diagnoses and findings") < text.index("Medications")
    assert "Primary diagnosis" not in text


def test_fields_are_named_for_their_rows_signers_and_pages():
    found = names(composed(roles=("client", "clinician"), more=2))
    assert {"sign.client.name", "sign.clinician.signature", "page[0].number", "trauma.phase"} <= {*found}
    assert not [name for name in found if "[]" in name or "signers" in name or name == "page.number"]


def test_places_to_sign_that_nobody_needs_vanish():
    data = composed(roles=("client",))
    signing = [name for name in names(data) if name.startswith("sign")]
    assert {name.split(".")[1] for name in signing} == {"client"}
    assert "\n".join(words(data)).count("Date signed") == 1


def test_a_signature_locks_all_but_what_the_others_fill_and_the_last_locks_all():
    with pikepdf.open(io.BytesIO(composed(roles=("client", "supervisor")))) as pdf:
        places = [one for page in pdf.pages for one in page.obj.Annots]
        locks = {str(one.Parent.T): one.Lock for one in places if one.get("/FT") == "/Sig"}
    assert locks["client"].Action == "/Exclude"
    assert {name.split(".")[1] for name in map(str, locks["client"].Fields)} == {"supervisor"}
    assert (locks["supervisor"].Action, "/Fields" in locks["supervisor"]) == ("/All", False)


def test_each_goal_takes_its_own_values():
    filler = Filler(compile_form(composed()), FACES)
    values = {"goals[0].statement": "Sleep", "goals[1].statement": "Work", "page[1].number": "2"}
    made = read.read(filler.fill(values).data).fields
    assert {name: made[name].drawn for name in values} == {name: (value,) for name, value in values.items()}


@pytest.mark.parametrize("goals", [0, 1, 2, 12])
def test_every_page_and_every_field_has_its_place_in_the_structure(goals):
    texts = {**FILLED.texts, **{f"goals[{number}].statement": f"Goal {number}" for number in range(goals)}}
    data = composed(Answered(texts, {"goals": goals}), roles=("client",))
    with pikepdf.open(io.BytesIO(data)) as pdf:
        parents = pikepdf.NumberTree(pdf.Root.StructTreeRoot.ParentTree)
        order = []
        for page in pdf.pages:
            marked = [item for item in parents[int(page.obj.StructParents)] if item is not None]
            assert all(item.Pg.objgen == page.obj.objgen for item in marked)
            content = page.obj.Contents.read_bytes()
            assert [content.count(b"/MCID %d>>" % number) for number in range(len(marked))] == [1] * len(marked)
            assert content.count(b"/MCID") == len(marked)
            for item in page.obj.Annots:
                element = parents[int(item.StructParent)]
                assert element.K.Obj.objgen == item.objgen
                # in a list, or pyHanko takes signing for a change
                assert element.objgen in [kid.objgen for kid in list(element.P.K)]
                assert item.P.objgen == page.obj.objgen
                order.append(element.objgen)
        assert len(set(order)) == len(order)
        assert pdf.check_pdf_syntax() == []


def test_the_mark_of_a_draft_is_one_drawing_on_all_pages():
    data = composed()
    with pikepdf.open(io.BytesIO(data)) as pdf:
        assert len({page.resources.XObject.Draft.objgen for page in pdf.pages}) == 1
    assert all("DRAFT" in page for page in read.read(Filler(compile_form(data), FACES).fill({}, draft=True).data).pages)


def test_the_same_plan_gives_the_same_bytes():
    assert composed(roles=("client",)) == composed(roles=("client",))


def test_a_form_that_does_not_tell_its_pieces_says_what_to_do():
    file = FormFile(1)
    file.add("client.legal_name")
    with pytest.raises(TemplateError, match="Build it again with plankit template build"):
        Kit(file.bytes(), "treatment_plan")


def test_a_text_that_is_too_long_for_its_line_gets_several():
    long = "Zoë Nguyễn and everybody who lives with her " * 3
    data = composed(Answered({**FILLED.texts, "client.preferred_name": long.strip()}))
    with pikepdf.open(io.BytesIO(data)) as pdf:
        [place] = [one for page in pdf.pages for one in page.obj.Annots if one.get("/T") == "preferred_name"]
        assert Name.Tx == place.FT
        assert int(place.Ff) & 1 << 12
    made = Filler(compile_form(data), FACES).fill({"client.preferred_name": long.strip()})
    assert made.misfits == []
