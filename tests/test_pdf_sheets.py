"""This file ensures that a document is composed of the right sheets, with fields named for its rows and signers."""

import io

import pikepdf
import pytest
from pdf_files import MULTILINE, FormFile
from pikepdf import Array, Dictionary, Name, String

from toolkit.errors import TemplateError
from toolkit.pdf import read
from toolkit.pdf.compile import compile_form
from toolkit.pdf.fill import Filler
from toolkit.pdf.fonts import Faces
from toolkit.pdf.sheets import Shape, compose

FRONT, GOAL, CLOSING, CONTINUATION = range(4)


def labelled(file, labels):
    for page, label in zip(file.pdf.pages, labels, strict=True):
        private = Dictionary(Sheet=Name(f"/{label}"))
        page.obj.PieceInfo = Dictionary(plankit=Dictionary(LastModified=String("D:2000"), Private=private))
    return file


def drawing(file, page, name, words=b"q Q"):
    made = file.pdf.make_stream(words, Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, 612, 792]))
    file.pdf.pages[page].add_resource(made, Name.XObject, Name(name))
    file.pdf.pages[page].contents_add(Name(name).unparse() + b" Do")


def template():
    file = labelled(FormFile(4), ("front", "goal", "closing", "continuation"))
    file.add("client.legal_name", page=FRONT)
    file.add("goals[].statement", page=GOAL, TU=String("Goal"))
    for row in range(2):
        file.add(f"goals[].objectives[{row}].target", page=GOAL)
        file.add(f"signers[{row}].name", page=CLOSING)
        file.add(f"signers[{row}].signature", "signature", page=CLOSING)
        file.add(f"more[{row}].text", page=CONTINUATION, flags=MULTILINE)
        drawing(file, CLOSING, f"/signers[{row}]", b"BT /Helv 9 Tf (Place %d) Tj ET" % row)
    number = file.group("page.number", kind="text")
    number.FT = Name.Tx
    del number.V
    for page in range(4):
        number.Kids.append(file.widget(page, Parent=number))
        drawing(file, page, "/Draft")
    _tag(file)
    return file.bytes()


def _tag(file):
    """Give each page an element of structure with its text and its fields."""
    root = file.pdf.make_indirect(Dictionary(Type=Name.StructTreeRoot))
    document = file.pdf.make_indirect(Dictionary(Type=Name.StructElem, S=Name.Document, P=root, K=Array()))
    rows = []
    for at, page in enumerate(file.pdf.pages):
        section = file.pdf.make_indirect(
            Dictionary(Type=Name.StructElem, S=Name.Sect, P=document, Pg=page.obj, K=Array([0]))
        )
        document.K.append(section)
        page.obj.StructParents = 100 * at
        rows += [100 * at, Array([section])]
        for number, item in enumerate(page.obj.Annots, 100 * at + 1):
            inner = Dictionary(Type=Name.OBJR, Obj=item, Pg=page.obj)
            around = Dictionary(Type=Name.StructElem, S=Name.NonStruct, P=section, Pg=page.obj)
            section.K.append(file.pdf.make_indirect(around))
            element = Dictionary(Type=Name.StructElem, S=Name.Form, P=section.K[-1], Pg=page.obj, K=inner)
            section.K[-1].K = Array([file.pdf.make_indirect(element)])
            item.StructParent = number
            rows += [number, section.K[-1].K[0]]
    root.K, root.ParentTree = document, Dictionary(Nums=Array(rows))
    file.pdf.Root.StructTreeRoot = root


def supplement(document="treatment_plan"):
    file = labelled(FormFile(2), (document, "another_document"))
    file.add("trauma.phase", page=0)
    file.add("trauma.avoid", page=1)
    drawing(file, 0, "/Draft")
    return file.bytes()


def composed(shape, **more):
    return compose(template(), "treatment_plan", shape, **more)


def sheets(data):
    with pikepdf.open(io.BytesIO(data)) as pdf:
        return [str(page.obj.PieceInfo.plankit.Private.Sheet)[1:] for page in pdf.pages]


def test_sheets_stand_in_order_as_often_as_they_are_needed():
    data = composed(Shape((1, 2), 3), supplements=[supplement()], last_pages=[supplement()])
    assert sheets(data) == [
        "front", "goal", "goal", "goal", "treatment_plan", "closing", "continuation", "continuation", "treatment_plan",
    ]  # fmt: skip


def test_fields_are_named_for_their_goals_signers_and_pages():
    names = list(compile_form(composed(Shape((1, 2), 3, ("client", "clinician")), supplements=[supplement()])).fields)
    for name in (
        "goals[0].statement",
        "goals[1].objectives[1].target",
        "goals[1]+1.objectives[0].target",
        "sign.client.name",
        "sign.clinician.signature",
        "more[2].text",
        "page[0].number",
        "page[7].number",
        "trauma.phase",
    ):
        assert name in names
    assert not [name for name in names if "[]" in name or "signers" in name]
    assert "more[3].text" not in names
    assert "trauma.avoid" not in names
    assert "page.number" not in names


def test_places_to_sign_that_nobody_needs_vanish():
    data = composed(Shape((1,), 0, ("client",)))
    assert [name for name in compile_form(data).fields if name.startswith("sign")] == [
        "sign.client.name",
        "sign.client.signature",
    ]
    assert "Place 0" in read.read(data).pages[2]
    assert "Place 1" not in read.read(data).pages[2]


def test_a_signature_locks_all_but_what_the_others_fill_and_the_last_locks_all():
    data = composed(Shape((1,), 0, ("client", "supervisor")))
    with pikepdf.open(io.BytesIO(data)) as pdf:
        locks = {str(one.Parent.T): one.Lock for one in pdf.pages[2].obj.Annots if one.get("/FT") == "/Sig"}
        assert (locks["client"].Action, list(map(str, locks["client"].Fields))) == (
            "/Exclude",
            ["sign.supervisor.name", "sign.supervisor.signature"],
        )
        assert (locks["supervisor"].Action, "/Fields" in locks["supervisor"]) == ("/All", False)


def test_each_goal_takes_its_own_values():
    filler = Filler(compile_form(composed(Shape((1, 1)))), Faces())
    values = {"goals[0].statement": "Sleep", "goals[1].statement": "Work", "page[2].number": "3"}
    made = read.read(filler.fill(values).data).fields
    assert {name: made[name].drawn for name in values} == {name: (value,) for name, value in values.items()}


@pytest.mark.parametrize("goals", [(), (1,), (1, 2), (1,) * 12])
def test_every_page_and_every_field_has_its_place_in_the_structure(goals):
    data = composed(Shape(goals, 1, ("client",)), supplements=[supplement()])
    with pikepdf.open(io.BytesIO(data)) as pdf:
        parents = pikepdf.NumberTree(pdf.Root.StructTreeRoot.ParentTree)
        order = []
        for page in pdf.pages:
            if "/StructParents" not in page.obj:  # a sheet that an overlay adds without tags
                continue
            (section,) = parents[int(page.obj.StructParents)]
            assert section.Pg.objgen == page.obj.objgen
            order.append(section.objgen)
            for item in page.obj.Annots:
                element = parents[int(item.StructParent)]
                assert element.K.Obj.objgen == item.objgen
                assert element.P.P.objgen == section.objgen
                assert element.P.K[0].objgen == element.objgen  # in a list, or pyHanko takes signing for a change
                assert item.P.objgen == page.obj.objgen
        assert order == [one.objgen for one in pdf.Root.StructTreeRoot.K[0].K]
        assert len(set(order)) == len(order)
        assert pdf.check_pdf_syntax() == []


def test_the_mark_of_a_draft_is_one_drawing_on_all_pages():
    data = composed(Shape((1, 1), 1), supplements=[supplement()])
    with pikepdf.open(io.BytesIO(data)) as pdf:
        assert len({page.resources.XObject.Draft.objgen for page in pdf.pages}) == 1
    assert all(
        "DRAFT" in page for page in read.read(Filler(compile_form(data), Faces()).fill({}, draft=True).data).pages
    )


def test_the_same_shape_gives_the_same_bytes():
    shape = Shape((1, 2), 3, ("client",))
    assert composed(shape, supplements=[supplement()]) == composed(shape, supplements=[supplement()])


def test_a_form_without_a_sheet_for_continued_text_says_so():
    file = labelled(FormFile(1), ("front",))
    file.add("client.legal_name")
    with pytest.raises(TemplateError, match="no sheet for text that is continued"):
        compose(file.bytes(), "treatment_plan", Shape((), 1))
