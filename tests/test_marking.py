"""This file ensures that a marked copy is the user's workbook with colours, notes and a list, nothing else changed."""

import io
import re
import subprocess
import warnings
from shutil import which

import openpyxl
import pytest
from excel_saved import MAIN, PARTS, REL, WORKBOOK_FILE, packed, unpacked
from lxml import etree
from office import complaints
from tables import DEFINITIONS, workbook

from toolkit import marks
from toolkit.errors import ReadError
from toolkit.intake import marking, tables, xlsx
from toolkit.intake.marking import sizes
from toolkit.marks import Note
from toolkit.model import Finding, Place
from toolkit.report import Outcome
from toolkit.report import to_fix as listing

FINDINGS = tuple(
    Finding("SM004", level, f"{words}. Type it.", Place(sheet, cell), "0042", "A.R.")
    for sheet, cell, level, words in (
        ("Clients", "B4", "error", "the name is unclear"),
        ("Clients", "C4", "error", "the day is unclear"),
        ("Clients", "B6", "warning", "the name is blank"),
        ("Clients", "E6", "error", "the pass is blank"),
        ("Clients", "E6", "warning", "the pass is odd"),
        ("Clients", "row 5", "warning", "this row stands twice"),
        ("Clients", "AA9", "warning", "this says <nothing> & more"),
        ("Clients", "row 77", "error", "this row is not there"),
        ("Clients", "D4", "info", "this column is hidden"),
        ("Goals & more", "B2", "error", "the statement is short"),
        ("Goals & more", "", "warning", "this sheet is odd"),
        ("Nowhere", "B2", "error", "this sheet is not there"),
    )
)
THEIRS = unpacked(WORKBOOK_FILE)


def copied(data=WORKBOOK_FILE, findings=FINDINGS):
    """Return a marked copy of the workbook ``data``."""
    book = marking.Copy(data, "clients.xlsx")
    outcome = Outcome((), tuple(findings), 1)
    return book.marked(listing.notes(outcome), listing.workbook(outcome, book.title, book.sheets))


def opened(data):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what openpyxl says it will lose is why it does not write the copy
        return openpyxl.load_workbook(io.BytesIO(data))


def canonical(part):
    """Return XML in the one form in which equal things are equal."""
    return etree.tostring(etree.fromstring(part), method="c14n")


def m(name):
    return f"{{{MAIN}}}{name}"


OURS = copied()
PARTS_OF_OURS = unpacked(OURS)


# --- what was there is there ---------------------------------------------------------------------------------------


CHANGED = {
    "[Content_Types].xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/styles.xml", "docProps/app.xml",
    "xl/worksheets/sheet1.xml", "xl/worksheets/sheet2.xml", "xl/worksheets/_rels/sheet2.xml.rels",
    "xl/chartsheets/sheet1.xml", "xl/comments1.xml", "xl/drawings/vmlDrawing1.vml",
}  # fmt: skip


@pytest.mark.parametrize("part", sorted(set(THEIRS) - CHANGED))
def test_a_part_that_bears_no_mark_is_the_same_byte_for_byte(part):
    assert PARTS_OF_OURS[part] == THEIRS[part]


def without_colors(part):
    """Return a sheet's XML without the conditional formats that say plankit, the others in their old order."""
    root = etree.fromstring(part)
    ours = [rule for rule in root.iter(m("cfRule")) if "plankit" in rule.findtext(m("formula"))]
    for rule in ours:
        root.remove(rule.getparent())
    for rule in root.iter("{*}cfRule"):
        rule.set("priority", str(int(rule.get("priority")) - len(ours)))
    return root


def test_a_marked_sheet_differs_only_by_its_colors():
    root = without_colors(PARTS_OF_OURS["xl/worksheets/sheet1.xml"])
    assert etree.tostring(root, method="c14n") == canonical(THEIRS["xl/worksheets/sheet1.xml"])


def test_a_sheet_without_notes_gets_one_drawing_of_notes_and_nothing_else():
    root = without_colors(PARTS_OF_OURS["xl/worksheets/sheet2.xml"])
    (drawing,) = root.iter(m("legacyDrawing"))
    assert drawing.getnext().tag == m("tableParts")
    root.remove(drawing)
    assert etree.tostring(root, method="c14n") == canonical(THEIRS["xl/worksheets/sheet2.xml"])


def test_no_other_sheet_is_chosen_together_with_the_list():
    root = etree.fromstring(PARTS_OF_OURS["xl/chartsheets/sheet1.xml"])
    (view,) = root.iter(m("sheetView"))
    assert view.get("tabSelected") is None
    view.set("tabSelected", "1")
    assert etree.tostring(root, method="c14n") == canonical(THEIRS["xl/chartsheets/sheet1.xml"])


def test_the_workbook_differs_only_by_the_list_in_front():
    root = etree.fromstring(PARTS_OF_OURS["xl/workbook.xml"])
    first, *others = root.find(m("sheets"))
    assert (first.get("name"), [item.get("sheetId") for item in others]) == ("To fix", ["1", "4", "9", "7"])
    first.getparent().remove(first)
    names = root.find(m("definedNames"))
    for name in list(names):
        if name.get("localSheetId") == "0":
            assert name.text.startswith("'To fix'!")
            names.remove(name)
        elif name.get("localSheetId"):
            name.set("localSheetId", str(int(name.get("localSheetId")) - 1))
    (view,) = root.iter(m("workbookView"))
    assert view.get("activeTab") == "0" and view.get("firstSheet") is None
    view.attrib.update({"firstSheet": "1", "activeTab": "2"})
    assert etree.tostring(root, method="c14n") == canonical(THEIRS["xl/workbook.xml"])


def test_the_looks_of_cells_keep_their_numbers():
    before, after = (etree.fromstring(parts["xl/styles.xml"]) for parts in (THEIRS, PARTS_OF_OURS))
    for table in before:
        longer = after.find(table.tag)
        assert [etree.tostring(item) for item in table] == [etree.tostring(item) for item in longer][: len(table)]
        assert longer.get("count") == (str(len(longer)) if table.get("count") else None)


def test_what_relates_to_what_is_only_added_to():
    for part in ("xl/_rels/workbook.xml.rels", "xl/worksheets/_rels/sheet2.xml.rels", "[Content_Types].xml"):
        before, after = (
            {tuple(sorted(item.attrib.items())) for item in etree.fromstring(parts[part])}
            for parts in (THEIRS, PARTS_OF_OURS)
        )
        assert before < after
    root = etree.fromstring(PARTS_OF_OURS["docProps/app.xml"])
    assert [item.text for item in root[-1][0]] == ["To fix", "Clients", "Goals & more", "Old lists", "Pie", "levels"]
    assert root.find(".//{*}i4").text == "4" and root[-1][0].get("size") == "6"


def test_what_others_said_stays_and_a_conversation_is_left_alone():
    said = {item.get("ref"): item for item in etree.fromstring(PARTS_OF_OURS["xl/comments1.xml"]).iter(m("comment"))}
    old = {item.get("ref"): item for item in etree.fromstring(THEIRS["xl/comments1.xml"]).iter(m("comment"))}
    assert etree.tostring(said["C4"]) == etree.tostring(old["C4"])
    assert said["B4"].attrib == old["B4"].attrib
    runs, before = list(said["B4"].iter(m("r"))), list(old["B4"].iter(m("r")))
    assert [etree.tostring(run) for run in runs[:2]] == [etree.tostring(run) for run in before]
    assert "".join(runs[2].itertext()) == "\n\nplankit:\n"
    boxes = PARTS_OF_OURS["xl/drawings/vmlDrawing1.vml"]
    assert b"<div>Press<br>here</div>" in boxes and boxes.count(b'ObjectType="Button"') == 1
    assert boxes.count(b"<x:Row>3</x:Row><x:Column>2</x:Column>") == 1


def test_values_and_formulas_are_read_as_before():
    before = [grid for grid in xlsx.load(WORKBOOK_FILE, "x")]
    after = [grid for grid in xlsx.load(OURS, "x") if not tables.is_list(grid)]
    assert after == before


# --- the marks -----------------------------------------------------------------------------------------------------


def test_cells_are_colored_the_most_urgent_first_also_cells_that_do_not_exist():
    rules = opened(OURS)["Clients"].conditional_formatting
    ours = {
        str(block.sqref): rule.dxf.fill.bgColor.rgb
        for block in rules
        for rule in block.rules
        if "plankit" in rule.formula[0]
    }
    assert ours == {"B4 C4 E6": "FFFFC7CE", "A5 B5 AA9": "FFFFE699"}


def test_a_note_says_what_is_wrong_and_whom_to_ask():
    sheet = opened(OURS)["Clients"]
    assert sheet["E6"].comment.text == (
        "plankit:\n"
        "Must be fixed: the pass is blank. Type it. SM004\nWho answers: Whoever keeps the workbook.\n\n"
        "Please look: the pass is odd. Type it. SM004\nWho answers: Whoever keeps the workbook.\n"
        "(This note goes when the workbook is checked and marked again.)"
    )
    assert sheet["E6"].comment.author == "plankit"
    assert "this says <nothing> & more" in sheet["AA9"].comment.text
    assert "the name is blank" in sheet["B5"].comment.text and "this row stands twice" in sheet["A5"].comment.text
    assert {cell.coordinate for row in sheet for cell in row if cell.comment} == {"A5", "B4", "B5", "C4", "E6", "AA9"}


def test_each_note_has_its_own_box_and_number():
    boxes = b"".join(part for name, part in PARTS_OF_OURS.items() if name.endswith(".vml"))
    numbers = re.findall(rb'id="_x0000_s(\d+)"', boxes)
    assert len(numbers) == len(set(numbers)) == 3 + 4 + 1
    clusters = re.findall(rb'idmap v:ext="edit" data="([^"]*)"', boxes)
    assert clusters == [b"1,2", b"3"]
    for number in numbers:
        assert int(number) // 1024 in (1, 2, 3)
    assert etree.fromstring(PARTS_OF_OURS["xl/drawings/vmlDrawing2.vml"]).tag == "xml"


def test_a_box_is_as_long_as_its_text_and_grows_where_something_is_added():
    measured = sizes.read(etree.fromstring(THEIRS["xl/worksheets/sheet1.xml"]))
    assert measured.columns[1] == 225 and measured.columns[3] == 0 and measured.rows[4] == 0
    short, long = (measured.box(3, 4, text) for text in ("Few", "Many words. " * 60))
    assert short[:6] == long[:6] and long[6] > short[6] > 3
    grown = re.search(rb"<x:Anchor>([\d, ]+)</x:Anchor><x:AutoFill>False</x:AutoFill><x:Row>3</x:Row><x:Column>1<",
                      PARTS_OF_OURS["xl/drawings/vmlDrawing1.vml"])  # fmt: skip
    left, into, top, below, right, further, bottom, last = map(int, grown[1].split(b","))
    assert (left, into, top, below, right, further) == (2, 15, 2, 10, 4, 15) and (bottom, last) > (6, 4)


def test_a_thousand_notes_on_one_sheet_have_room():
    found = [Finding("RQ001", "error", "it is blank.", Place("Old lists", f"B{row}")) for row in range(1, 2101)]
    data = copied(findings=found)
    parts = unpacked(data)
    assert b'data="2,3,4"' in parts["xl/drawings/vmlDrawing2.vml"]
    blocks = etree.fromstring(parts["xl/worksheets/sheet3.xml"]).findall(m("conditionalFormatting"))
    assert [len(block.get("sqref").split()) for block in blocks] == [500, 500, 500, 500, 100]
    assert sum(cell.comment is not None for (cell,) in opened(data)["Old lists"]["B1:B2100"]) == 2100


@pytest.mark.parametrize("typed", ["x" * 40_000, "😀" * 20_000])
def test_a_note_is_never_longer_than_excel_takes(typed):
    long = Finding("RQ001", "error", typed, Place("Clients", "B4"))
    text = opened(copied(findings=[long]))["Clients"]["B4"].comment.text
    assert len(text.encode("utf-16-le")) // 2 <= 32_767 and text.endswith("marked again.)") and "asked the" in text


def test_a_note_shows_what_was_typed_as_it_was_typed():
    odd = Finding(
        "WB008", "error", "it is odd.", Place("Clients", "B4"), show={"typed": "_x0041_ bell\x07 \ud800 \x0b\ttab"}
    )
    said = etree.fromstring(unpacked(copied(findings=[odd]))["xl/comments1.xml"]).find(f".//{m('comment')}")
    assert "Typed: “_x005F_x0041_ bell" in "".join(said.itertext()) and "\x07" not in "".join(said.itertext())


# --- the list ------------------------------------------------------------------------------------------------------


def test_the_list_stands_in_front_and_leads_to_each_cell():
    book = opened(OURS)
    assert book.sheetnames[0] == book.active.title == "To fix"
    sheet = book["To fix"]
    assert sheet["A1"].value == "6 things to fix"
    assert tuple(cell.value for cell in sheet[3]) == marks.HEADER
    where = {row[4].value: row[4].hyperlink and row[4].hyperlink.location for row in sheet.iter_rows(min_row=4)}
    assert where == {
        "Clients!B4": "'Clients'!B4", "Clients!C4": "'Clients'!C4", "Clients!B6": "'Clients'!B6",
        "Clients!E6": "'Clients'!E6", "Clients, row 5": "'Clients'!5:5", "Clients!AA9": "'Clients'!AA9",
        "Clients, row 77": "'Clients'!77:77", "Clients!D4": "'Clients'!D4", "Goals & more!B2": "'Goals & more'!B2",
        "Goals & more": "'Goals & more'!A1", "Nowhere!B2": None,
    }  # fmt: skip
    assert (sheet.freeze_panes, sheet.auto_filter.ref, sheet.print_title_rows) == ("A4", "A3:H15", "$3:$3")
    assert sheet.page_setup.orientation == "landscape" and sheet.sheet_properties.pageSetUpPr.fitToPage


def test_the_list_has_another_name_where_somebody_has_a_sheet_of_that_name():
    data = workbook("## to FIX\n| Boiler |\n## Clients\n| Client id |\n| 0042 |")
    once = copied(data)
    assert opened(once).sheetnames == ["To fix 2", "to FIX", "Clients"]
    assert opened(copied(once)).sheetnames == ["To fix 2", "to FIX", "Clients"]


# --- again ---------------------------------------------------------------------------------------------------------


def saved_by_openpyxl(data):
    stream = io.BytesIO()
    opened(data).save(stream)
    return stream.getvalue()


def test_marking_a_marked_copy_again_changes_nothing():
    assert unpacked(copied(OURS)) == PARTS_OF_OURS


def test_a_mended_workbook_bears_no_mark_any_more():
    parts = unpacked(copied(OURS, findings=()))
    assert set(parts) - set(THEIRS) == {"xl/worksheets/sheet4.xml"}
    for part in ("xl/worksheets/sheet1.xml", "xl/worksheets/sheet2.xml", "xl/comments1.xml"):
        assert canonical(parts[part]) == canonical(THEIRS[part])
    assert parts["xl/drawings/vmlDrawing1.vml"].count(b'ObjectType="Note"') == 2


def test_what_somebody_wrote_into_our_note_stays():
    said = PARTS_OF_OURS["xl/comments1.xml"].replace(b"marked again.)", b"marked again.)\nDana asks on Monday")
    sheet = opened(copied(packed(PARTS_OF_OURS | {"xl/comments1.xml": said}), findings=()))["Clients"]
    assert sheet["E6"].comment.text == "\nDana asks on Monday"
    assert sheet["B4"].comment.text == "Dana:\nasked the mother \nDana asks on Monday"


def test_a_copy_that_another_program_saved_can_be_marked_again():
    data = workbook("## Clients\n| Client id | Legal name |\n| 0042 | Ann |\n## Goals\n| Client id |\n| 0042 |")
    found = [Finding("RQ001", "error", "it is blank.", Place("Clients", "C2"))]
    book = opened(copied(saved_by_openpyxl(copied(data, found)), found))
    assert book.sheetnames == ["To fix", "Clients", "Goals"]
    assert book["Clients"]["C2"].comment.text.count("it is blank") == 1
    assert sum(len(block.rules) for block in book["Clients"].conditional_formatting) == 1
    cleared = opened(copied(saved_by_openpyxl(copied(data, found)), ()))["Clients"]
    assert cleared["C2"].comment is None and not list(cleared.conditional_formatting)


@pytest.mark.office
@pytest.mark.skipif(not which("soffice"), reason="needs LibreOffice")
def test_libreoffice_reads_the_copy_as_the_workbook_and_what_it_saves_can_be_marked_again(tmp_path):
    for name, data in (("theirs", WORKBOOK_FILE), ("ours", OURS)):
        (tmp_path / f"{name}.xlsx").write_bytes(data)
    profile = f"-env:UserInstallation=file://{tmp_path / 'profile'}"
    command = ["soffice", profile, "--headless", "--convert-to", "xlsx", "--outdir", tmp_path / "saved"]
    subprocess.run([*command, tmp_path / "theirs.xlsx", tmp_path / "ours.xlsx"], check=True, capture_output=True)
    theirs, ours = ((tmp_path / f"saved/{name}.xlsx").read_bytes() for name in ("theirs", "ours"))
    before, after = (
        [grid.rows for grid in xlsx.load(data, "x") if not tables.is_list(grid)] for data in (theirs, ours)
    )
    assert before == after
    again, mended = opened(copied(ours)), opened(copied(ours, ()))
    assert again.sheetnames == mended.sheetnames == ["To fix", "Clients", "Goals & more", "Pie", "Old lists"]
    assert again["Clients"]["E6"].comment.text.count("the pass is blank") == 1
    assert mended["Clients"]["E6"].comment is None
    assert mended["Clients"]["B4"].comment.text == "Dana:\nasked the mother "
    assert "plankit" not in str(
        [rule.formula for block in mended["Clients"].conditional_formatting for rule in block.rules]
    )


def test_the_list_of_a_marked_copy_is_no_sheet_of_answers():
    data = copied(workbook("## Clients\n| Client id |\n| 0042 |"))
    _, facts = tables.read(xlsx.load(data, "x"), DEFINITIONS)
    assert "unknown_sheet" not in {fact.kind for fact in facts}


def test_a_formula_typed_into_the_list_leaves_no_trace():
    parts = dict(PARTS_OF_OURS)
    part = next(name for name in parts if name not in THEIRS and "worksheets/sheet" in name)
    parts[part] = parts[part].replace(b"</row>", b'<c r="J15"><f>1+1</f><v>2</v></c></row>', 1)
    again = unpacked(copied(packed(parts)))
    assert "xl/calcChain.xml" not in again and b"calcChain" not in again["xl/_rels/workbook.xml.rels"]


# --- for Excel -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("data", [OURS, copied(OURS), copied(OURS, ())])
def test_the_copy_is_valid_for_excel(tmp_path, data):
    path = tmp_path / "copy.xlsx"
    path.write_bytes(data)
    assert complaints(path) == []


def test_a_workbook_saved_as_strict_open_xml_is_marked_in_its_own_words():
    strict = {
        name: content.replace(MAIN.encode(), b"http://purl.oclc.org/ooxml/spreadsheetml/main").replace(
            REL.encode(), b"http://purl.oclc.org/ooxml/officeDocument/relationships"
        )
        for name, content in THEIRS.items()
    }
    parts = unpacked(copied(packed(strict)))
    assert not any(MAIN.encode() in part or f'"{REL}'.encode() in part for part in parts.values())


def test_a_workbook_without_styles_can_be_marked():
    parts = dict(THEIRS)
    del parts["xl/styles.xml"]
    for name in ("xl/_rels/workbook.xml.rels", "[Content_Types].xml"):
        parts[name] = re.sub(rb"<(Relationship|Override) [^>]*styles[^>]*/>", b"", parts[name])
    parts = {name: re.sub(rb' (s|style|dxfId)="\d"', b"", part) for name, part in parts.items()}
    assert opened(copied(packed(parts))).active["A3"].font.b


def test_a_workbook_full_of_styles_keeps_within_excels_limit():
    styles = THEIRS["xl/styles.xml"].replace(
        b"</cellXfs>", b'<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>' * 63_994 + b"</cellXfs>"
    )
    parts = unpacked(copied(packed(THEIRS | {"xl/styles.xml": styles})))
    assert len(etree.fromstring(parts["xl/styles.xml"]).find(m("cellXfs"))) == 64_000


# --- hostile -------------------------------------------------------------------------------------------------------


BOMB = b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>'


@pytest.mark.parametrize(
    "part", ["xl/worksheets/sheet1.xml", "xl/comments1.xml", "xl/styles.xml", "docProps/app.xml", "[Content_Types].xml"]
)
@pytest.mark.parametrize("content", [BOMB + b"<x>&b;</x>", b"<x", b""])
def test_a_part_that_is_damaged_or_hostile_is_one_sentence(part, content):
    with pytest.raises(ReadError, match="damaged and cannot be read"):
        copied(packed(THEIRS | {part: content}))


def test_relations_that_lead_out_of_the_workbook_lead_nowhere():
    rels = PARTS["xl/worksheets/_rels/sheet1.xml.rels"].replace("../comments1.xml", "../../../../etc/passwd")
    with pytest.raises(ReadError):
        copied(packed(THEIRS | {"xl/worksheets/_rels/sheet1.xml.rels": rels}))


def test_a_vast_merged_block_takes_no_time():
    sheet = THEIRS["xl/worksheets/sheet1.xml"].replace(b"A1:E1", b"A1:XFD3").replace(b"B5:B6", b"E6:XFD1048576")
    found = [Note(Place("Clients", "ZZ99999"), "error", "Words")]
    book = marking.Copy(packed(THEIRS | {"xl/worksheets/sheet1.xml": sheet}), "x")
    data = book.marked(found, listing.workbook(Outcome(), book.title, book.sheets))
    assert b'sqref="E6"' in unpacked(data)["xl/worksheets/sheet1.xml"]
