"""This file ensures that one whole job holds: the same content in any form, the same documents, every character."""

import json
from copy import deepcopy
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner
from exporting import to_csv
from hypothesis import given, settings
from hypothesis import strategies as st
from office import complaints

from toolkit import batch, demo, intake, kinds, report, shelf, text
from toolkit.batch.word_press import WordPress
from toolkit.cli import main
from toolkit.intake import blank
from toolkit.pdf import read as pdf
from toolkit.word import read

TODAY = date(2026, 8, 1)
SHELF = shelf.load()
ALL = SHELF.all()
PRESS = WordPress(SHELF)
"""Compiles each template once for all tests."""
SAMPLES = demo.samples(SHELF)


def made(source, out, **options):
    """Make the documents of ``source`` (a path) and return their bytes by relative name."""
    outcome = batch.make(intake.read(source, ALL), SHELF, out, today=TODAY, **{"presses": {"docx": PRESS}, **options})
    return outcome, {path.relative_to(out).as_posix(): path.read_bytes() for path in sorted(out.rglob("*.docx"))}


def forms(folder):
    """Write the samples as a workbook, a CSV folder, JSON and JSONL; return the paths."""
    source = folder / "all.json"
    source.write_text(json.dumps(SAMPLES, ensure_ascii=False, default=str), encoding="utf-8")
    records = list(intake.read(source, ALL))
    book = folder / "all.xlsx"
    book.write_bytes(blank.workbook(ALL, documents=tuple(ALL.documents), level="", full=True, records=records))
    (folder / "csv").mkdir()
    for name, data in to_csv(records, ALL).items():
        (folder / "csv" / f"{name}.csv").write_bytes(data)
    lines = [{**record, "clinic": SAMPLES["clinic"], "staff": SAMPLES["staff"]} for record in SAMPLES["records"]]
    stream = folder / "all.jsonl"
    stream.write_text("\n".join(json.dumps(line, ensure_ascii=False, default=str) for line in lines), encoding="utf-8")
    return book, folder / "csv", source, stream


def test_the_same_content_in_any_form_gives_the_same_bytes(tmp_path):
    results = [made(source, tmp_path / f"out{number}")[1] for number, source in enumerate(forms(tmp_path))]
    assert len(results[0]) >= 6
    assert results[0] == results[1] == results[2] == results[3]


def test_a_damaged_workbook_in_a_folder_holds_nobody_else(tmp_path):
    book = forms(tmp_path)[0].read_bytes()
    whole, damaged = tmp_path / "whole", tmp_path / "damaged"
    for folder in (whole, damaged):
        folder.mkdir()
        (folder / "all.xlsx").write_bytes(book)
    (damaged / "Zoe Broken.xlsx").write_bytes(book[:9000])
    wanted, alone = made(whole, tmp_path / "out")
    outcome, documents = made(damaged, tmp_path / "out too")
    told = list(report.text(outcome.findings, SHELF.rules, {1: "Zoe Broken.xlsx"}))
    assert documents == alone and not outcome.held and not wanted.holds and outcome.holds
    assert told[0].startswith("Zoe Broken.xlsx · this file is damaged or was cut off") and told[0].endswith("WB028")
    assert "Zoe" not in (tmp_path / "out too" / "manifest.json").read_text(encoding="utf-8")


def row_of(record, section):
    """Return the first row of ``section`` in a nested record, made where there is none."""
    table = row_of(record, ALL.sections[section.parent]) if section.parent else record
    if not section.repeats:
        return table.setdefault(section.name, {})
    rows = table.setdefault(section.name, [])
    return rows[0] if rows else rows.append({}) or rows[0]


@pytest.mark.parametrize(
    ("raw", "kinds_that_take_it"),
    [
        (10**30, ()),
        pytest.param(10**5000, (), id="5001 digits"),
        pytest.param("9" * 5000, (), id="5000 digits in quotes"),
        (999_999, ("integer", "number", "score")),
        (1_000_000, ("score",)),
        (-1, ("score",)),
        (1e300, ()),
        ("12/31/9999", ()),
        ("01/01/0001", ()),
        ("1899-01-01", ()),
        ("07/27/2199", ("date",)),
    ],
)
def test_an_absurd_number_or_date_is_told_at_its_cell_and_nothing_fails(raw, kinds_that_take_it):
    fields = [item for item in ALL.fields.values() if item.kind in ("integer", "number", "date", "score")]
    quiet = set()
    for item in (item for item in fields if not item.derived):
        tables = {**SAMPLES, "records": deepcopy(SAMPLES["records"][:1])}
        row_of(tables["records"][0], ALL.sections[item.section])[item.name] = raw
        outcome = batch.judge(intake.records(tables, ALL), SHELF, today=TODAY)
        assert "WR004" not in {finding.code for finding in outcome.findings}, item.path
        told = [finding for finding in outcome.findings if finding.path == item.path]
        holds_none = not ALL.sections[item.section].documents  # waivers: what is told there holds nobody
        if not (told if holds_none else any(finding.holds for finding in told)):
            quiet.add(item)
    assert {item.kind for item in quiet} <= set(kinds_that_take_it)
    assert not {"plan.weeks", "plan.review_days"} & {item.path for item in quiet}


def told_of(change):
    """Return what is told, as (pointer, code), of a clean input in which ``change`` spoils the first record."""
    tables = {**deepcopy(SAMPLES), "records": deepcopy(SAMPLES["records"][:1])}
    change(tables, tables["records"][0])
    outcome = batch.judge(intake.records(tables, ALL), SHELF, today=TODAY)
    return [(finding.place.pointer, finding.code) for finding in outcome.findings if finding.level != "info"]


@pytest.mark.parametrize("content", ["x", 3, {}, [], [1], False])
@pytest.mark.parametrize(
    "name", ["client", "plan", "episode", "risk", "goals", "interventions", "scores", "clinic", "staff"]
)
def test_a_section_of_another_shape_is_told_once_and_nothing_that_follows_from_it(name, content):
    repeats = ALL.sections[name].repeats
    if content == ([] if repeats else {}):
        return  # of the right shape, though nothing is in it
    at_top = name in ("clinic", "staff")
    told = told_of(lambda tables, record: (tables if at_top else record).update({name: content}))
    row = "/0" if repeats and content == [1] else ""
    assert told == [(f"/{name}{row}" if at_top else f"/records/0/{name}{row}", "WB008")]


def test_one_goal_of_another_shape_leaves_the_blanks_of_the_others_told():
    def change(tables, record):
        record["goals"].append("x")
        del record["goals"][0]["problem"]

    assert told_of(change) == [("/records/0/goals/0/problem", "GT001"), ("/records/0/goals/2", "WB008")]


@pytest.mark.parametrize("content", [{}, [{}], True])
@pytest.mark.parametrize("name", ["id", "legal_name"])
def test_an_answer_of_another_shape_is_told_once(name, content):
    told = told_of(lambda tables, record: record["client"].update({name: content}))
    assert told == [(f"/records/0/client/{name}", "WB008")]


def test_a_column_that_is_missing_is_told_once_and_not_for_each_client(tmp_path):
    book = openpyxl.load_workbook(forms(tmp_path)[0])
    header = next(
        cell for row in book["Clients"].iter_rows() for cell in row if str(cell.value).startswith("Legal name")
    )
    header.value = None
    book.save(tmp_path / "clients.xlsx")
    outcome = batch.judge(intake.read(tmp_path / "clients.xlsx", ALL), SHELF, today=TODAY)
    told = {finding.code for finding in outcome.findings if finding.phase == "make"}
    assert told - {"RQ004"} == {"WB006", "WB023"}


@pytest.mark.parametrize("lines", [True, False])
def test_what_all_records_lack_of_the_clinic_is_told_once(tmp_path, lines):
    tables = {"staff": SAMPLES["staff"], "records": SAMPLES["records"][:3]}
    rows = [{**record, "staff": SAMPLES["staff"]} for record in tables["records"]] if lines else [tables]
    source = tmp_path / ("all.jsonl" if lines else "all.json")
    source.write_text("\n".join(json.dumps(row, default=str) for row in rows), encoding="utf-8")
    outcome = batch.judge(intake.read(source, ALL), SHELF, today=TODAY)
    told = [finding for finding in outcome.findings if finding.holds]
    assert [(str(finding.place), finding.record) for finding in told] == [("/clinic", "")]
    assert {result.change for result in outcome.results} == {"held"} and len({one.record for one in outcome.held}) == 3


def test_two_runs_give_the_same_bytes_and_the_second_touches_nothing(tmp_path):
    source = forms(tmp_path)[2]
    _, one = made(source, tmp_path / "out")
    times = {path: path.stat().st_mtime_ns for path in (tmp_path / "out").rglob("*") if path.suffix == ".docx"}
    _, two = made(source, tmp_path / "out")
    _, elsewhere = made(source, tmp_path / "elsewhere", presses={"docx": WordPress(SHELF)})
    assert one == two == elsewhere
    assert times == {path: path.stat().st_mtime_ns for path in times}


def test_the_planted_gaps_mended_as_a_person_would_give_exactly_those_documents(tmp_path):
    path = tmp_path / "clients.xlsx"
    path.write_bytes(demo.workbook(SHELF))
    outcome, before = made(path, tmp_path / "out")
    held = [finding for finding in outcome.findings if finding.holds]
    assert len({finding.record for finding in held}) == 2
    book = openpyxl.load_workbook(path)
    answers = wanted_answers()
    for finding in held:
        book[finding.place.sheet][finding.place.cell] = answers[finding.record, finding.path]
    book.save(path)
    _, after = made(path, tmp_path / "out")
    assert {name: after[name] for name in before} == before
    assert len(after) == len(before) + 2


def wanted_answers():
    """The answers that the demonstration leaves out, by record and field."""
    answers = {}
    for pack in SHELF.packs.values():
        for record in pack.samples().get("records", ()):
            for path in record.get("demo", {}).get("leave_out", ()):
                *steps, last = demo._STEP.findall(path)
                place, section = record, ""
                for name, index in steps:
                    place, section = (place[name][int(index)] if index else place[name]), name
                answers[record["client"]["id"], f"{section}.{last[0]}"] = place[last[0]]
    return answers


def first_record():
    return deepcopy({**SAMPLES, "records": SAMPLES["records"][:1]})


def findings_of(path):
    return batch.judge(intake.read(path, ALL), SHELF, today=TODAY).findings


def test_a_record_that_says_not_whose_it_is_holds_nobody_else(tmp_path):
    tables = first_record()
    nameless = deepcopy(tables["records"][0])
    del nameless["client"]["id"]
    nameless["plan"]["weks"] = "20"
    tables["records"].append(nameless)
    path = tmp_path / "two.json"
    path.write_text(json.dumps(tables, default=str), encoding="utf-8")
    outcome = batch.judge(intake.read(path, ALL), SHELF, today=TODAY)
    assert [one.record for one in outcome.ready] == ["0041"] and not outcome.held
    assert {finding.code for finding in outcome.findings if finding.holds} == {"WB013", "WB024"} and outcome.holds


CHOICES = [item for item in ALL.fields.values() if item.choices and not item.derived]


@pytest.mark.parametrize("field", CHOICES, ids=lambda item: item.path)
def test_one_wrong_letter_in_any_choice_is_found_and_the_nearest_is_offered(field):
    for choice in field.choices:
        for label in {choice.value, choice.label}:
            if len(label) < 4:
                continue
            damaged = label[:2] + ("q" if label[2] != "q" else "z") + label[3:]
            told = kinds.read(damaged, field)
            if isinstance(told, kinds.Unreadable):
                assert told.nearest, damaged
            else:
                assert text.key(damaged) in {text.key(item.value) for item in field.choices} | {
                    text.key(item.label) for item in field.choices
                }


def texts(populations):
    """Return the fields that take any text, of all documents of a client of ``populations``."""
    return [
        item
        for item in SHELF.compose(populations).fields.values()
        if item.kind in ("text", "long", "lines") and item.printed and not item.derived
        if (section := ALL.sections[item.section]).scope == "client" and section.documents
        if item.section != "signers" and item.path != "plan.other_diagnoses"  # these have to be codes
    ]


ANYTHING = st.text(
    st.characters(exclude_categories=["Cs", "Cc", "Cn"], include_characters="\n<&>\"'{}%=•-"), min_size=1, max_size=60
)
NASTY = st.sampled_from(
    ["PHQ-9 < 10 & > 5", "{{ client.legal_name }}", "{% for x in y %}", "=1+1", "• one\n• two", "]]>", "<w:t>x</w:t>"]
)


def place_in(record, path):
    """Return the table of a nested record in which the field at ``path`` stands."""
    section = path.partition(".")[0]
    if section == "objectives":
        return record["goals"][0]["objectives"][0]
    table = record.setdefault(section, [{}] if ALL.sections[section].repeats else {})
    return table[0] if isinstance(table, list) else table


def everywhere(name):
    """Return a sample (above outpatient, so with the most sections) with a reason to print each text."""
    tables = {**SAMPLES, "records": [deepcopy(next(one for one in SAMPLES["records"] if one["client"]["id"] == name))]}
    record = tables["records"][0]
    record["goals"][0]["objectives"][0] |= {"measure": "count", "unit": "days a week", "counted_by": "Client"}
    for review in record.get("review", ()):
        review["risk_level"] = "low"
    record["participation"] |= {"agreement": "partial", "disagreement": "Wants fewer visits"}
    return tables


LENIENT = """
title = "Lenient"
[levels]
PC010 = "warning"  # a {{ name }} in a text is mostly a leftover; not here
GT018 = "warning"  # any text may have fewer lines than the goals answer
DC009 = "warning"  # any text may have more lines than another
"""


@pytest.fixture(scope="module")
def lenient(tmp_path_factory):
    """Give a shelf with a payer that lets anything be typed, and its press."""
    folder = tmp_path_factory.mktemp("shelf")
    (folder / "payers").mkdir()
    (folder / "payers" / "lenient.toml").write_text(LENIENT, encoding="utf-8")
    found = shelf.load(folder)
    return found, WordPress(found)


@pytest.mark.parametrize(
    ("name", "populations", "count"),
    [("0044", ("adult",), 1), ("0058", ("adolescent", "trauma", "idd"), 3)],
    ids=["an adult's plan", "all populations, plan, review and discharge"],
)
@settings(max_examples=15)
@given(drawn=st.lists(st.one_of(NASTY, ANYTHING), min_size=1, max_size=12))
def test_any_text_through_every_field_arrives_in_the_word_files(
    tmp_path_factory, lenient, drawn, name, populations, count
):
    folder = tmp_path_factory.mktemp("text")
    tables = everywhere(name)
    sent = []
    for number, field in enumerate(texts(populations)):
        if count == 1 and "treatment_plan" not in ALL.sections[field.section].documents:
            continue
        value = text.canonical(f"{drawn[number % len(drawn)]} ¶{number}")  # no other field can stand in for it
        place_in(tables["records"][0], field.path)[field.name] = value
        sent.append((field, kinds.read(value, field) if field.kind == "lines" else [value]))
    source = folder / "one.json"
    source.write_text(json.dumps(tables, ensure_ascii=False, default=str), encoding="utf-8")
    found, press = lenient
    records = intake.read(source, found.all())
    outcome = batch.make(records, found, folder / "out", today=TODAY, payer="lenient", presses={"docx": press})
    assert not [(item.code, item.text, item.path) for item in outcome.findings if item.holds]
    assert len(outcome.ready) == count
    for result in outcome.ready:
        printed = "\n".join(read.paragraphs((folder / "out" / result.path).read_bytes()))
        for field, pieces in sent:
            if result.document in ALL.sections[field.section].documents and field.prints_in(result.document):
                for piece in pieces:
                    assert piece.strip() in printed, field.path


def test_planted_names_are_nowhere_but_in_the_documents(tmp_path, caplog):
    tables = first_record()
    record = tables["records"][0]
    record["client"]["legal_name"] = "Zebulon Quackenbush"
    record["goals"][0]["statement"] = "Quackenbush wants to walk"
    del record["goals"][0]["objectives"][0]["target_date"]
    second = deepcopy(record)
    second["client"]["id"] = "9002"
    second["goals"][0]["objectives"][0]["target_date"] = "Quackenbush day"
    tables["records"].append(second)
    source = tmp_path / "Quackenbush.json"
    source.write_text(json.dumps(tables, default=str), encoding="utf-8")
    made(source, tmp_path / "out", draft=True)
    for path in (tmp_path / "out").rglob("*"):
        assert "uackenbush" not in path.relative_to(tmp_path).as_posix().casefold()
    assert "uackenbush" not in (tmp_path / "out" / "manifest.json").read_text(encoding="utf-8").casefold()
    assert "uackenbush" not in caplog.text.casefold()


DRAFTED = ("0041", "0046", "0058")


def test_every_made_file_is_valid_for_word_and_excel(tmp_path):
    forms(tmp_path)
    _, ready = made(tmp_path / "all.json", tmp_path / "out")
    held = {**SAMPLES, "records": [one for one in deepcopy(SAMPLES["records"]) if one["client"]["id"] in DRAFTED]}
    for record in held["records"]:
        del record["client"]["legal_name"], record["goals"][0]["objectives"]
    (tmp_path / "held.json").write_text(json.dumps(held, default=str), encoding="utf-8")
    _, drafts = made(tmp_path / "held.json", tmp_path / "drafts", draft=True)
    assert len(ready) > 40 and len(drafts) == 8 and all(name.endswith("-DRAFT.docx") for name in drafts)
    (tmp_path / "demo.xlsx").write_bytes(demo.workbook(SHELF))
    for path in [*tmp_path.rglob("*.docx"), *tmp_path.rglob("*.xlsx")]:
        assert complaints(path) == [], path


def test_required_cells_of_a_real_workbook_are_where_findings_say_and_are_told_when_deleted(tmp_path):
    """`test_required` deletes each of every population; here one a sheet goes through Excel's file and its reader."""
    source, path = tmp_path / "one.json", tmp_path / "book.xlsx"
    source.write_text(json.dumps(first_record(), default=str), encoding="utf-8")
    records = list(intake.read(source, ALL))
    path.write_bytes(blank.workbook(ALL, documents=tuple(ALL.documents), level="", full=True, records=records))
    (record,) = intake.read(path, ALL)
    book, wanted = openpyxl.load_workbook(path), {}
    for field in SHELF.compose(("adult",)).fields.values():
        if "treatment_plan" in field.required and not field.derived and not field.one_row:
            rows = [row for row in record.all(field.section) if row.get(field.name) is not None]
            if field.section == "staff":
                rows = [row for row in rows if row.id == record.get("episode.clinician")]
            assert rows, f"the sample leaves {field.path} blank"
            place = rows[-1].place(field.name)
            assert book[place.sheet][place.cell].value is not None, place
            wanted[place.sheet] = (str(place), field.path, field.code)
    for place, _, _ in wanted.values():
        sheet, cell = place.split("!")
        book[sheet][cell] = None
    book.save(path)
    errors = [finding for finding in findings_of(path) if finding.level == "error"]
    assert sorted((str(one.place), one.path, one.code) for one in errors) == sorted(wanted.values())


def test_the_folder_of_the_samples_is_in_the_checkout():
    assert Path(__file__).parent.parent.joinpath("templates", "adult", "sample.toml").is_file()


def test_a_document_that_cannot_be_made_in_one_form_is_made_in_the_other_and_that_is_told(tmp_path):
    source = forms(tmp_path)[2]
    tables = json.loads(source.read_text())
    tables["records"] = [record for record in tables["records"] if record["client"]["id"] in ("0041", "0046", "0055")]
    source.write_text(json.dumps(tables))
    outcome, word = made(source, tmp_path / "out", presses=None, forms=("docx", "pdf"))
    assert not outcome.held and outcome.holds
    assert {one.record for one in outcome.ready if one.lacking} == {"0055"}  # a name that the shipped faces lack
    assert {finding.code for finding in outcome.findings if finding.holds} == {"PF004"}
    assert "not as PDF: 2 of those that are ready, for the reason given above" in outcome.summary()
    pdfs = {path.relative_to(tmp_path / "out").as_posix() for path in (tmp_path / "out").glob("00*/*.pdf")}
    assert {path.replace(".pdf", ".docx") for path in pdfs} == {one for one in word if not one.startswith("0055")}
    assert len(pdfs) == 5 and len(word) == 7
    again, _ = made(source, tmp_path / "out", presses=None, forms=("docx", "pdf"))
    assert {one.change for one in again.ready} == {"unchanged"}
    alone, _ = made(source, tmp_path / "out")
    assert len(alone.ready) == 7 and not alone.held
    left = {path.relative_to(tmp_path / "out").as_posix() for path in (tmp_path / "out").glob("00*/*.pdf")}
    assert left == pdfs  # what did not change holds still, also in a form not asked for now
    tables["records"][0]["plan"]["coordination"] = "Another word"
    source.write_text(json.dumps(tables))
    made(source, tmp_path / "out")
    assert (tmp_path / "out/superseded/0041/treatment_plan.pdf").exists()
    assert not (tmp_path / "out/0041/treatment_plan.pdf").exists()


def test_flat_adds_a_copy_without_fields_to_each_pdf_and_to_each_draft(tmp_path):
    source, out = forms(tmp_path)[2], tmp_path / "out"
    tables = json.loads(source.read_text())
    tables["records"] = [record for record in tables["records"] if record["client"]["id"] in ("0041", "0047")]
    del tables["records"][1]["plan"]["weeks"]

    def files(flat=True):
        source.write_text(json.dumps(tables))
        outcome, _ = made(source, out, presses=None, forms=("pdf",), flat=flat, draft=True)
        return outcome, {path.relative_to(out).as_posix(): path.stat().st_mtime_ns for path in out.rglob("*.pdf")}

    outcome, first = files()
    plan = "0041/treatment_plan"
    assert set(first) == {f"{plan}.pdf", f"{plan}-flat.pdf", "0047/treatment_plan-DRAFT.pdf",
                          "0047/treatment_plan-DRAFT-flat.pdf", "print-all.pdf"}  # fmt: skip
    assert len(outcome.results) == 2 and outcome.results[0].path == f"{plan}.pdf"
    form, flat = (pdf.read((out / f"{plan}{ending}").read_bytes()) for ending in (".pdf", "-flat.pdf"))
    drawn = [text for one in form.fields.values() if not one.state for text in one.drawn]
    assert not flat.fields and sorted("\n".join(flat.pages).split()) == sorted("\n".join((*form.pages, *drawn)).split())
    assert files()[1] == first
    (out / f"{plan}-flat.pdf").unlink()
    assert set(files()[1]) == set(first)  # one alone is made again
    second = files(flat=False)[1]
    assert f"{plan}-flat.pdf" in second  # what did not change holds still
    tables["records"][0]["plan"]["coordination"] = "Another word"
    moved = files(flat=False)[1]
    assert "superseded/0041/treatment_plan-flat.pdf" in moved and f"{plan}-flat.pdf" not in moved


def test_the_manifest_says_the_same_of_packs_and_templates_in_each_form(tmp_path):
    source = forms(tmp_path)[2]
    tables = json.loads(source.read_text())
    tables["records"] = [record for record in tables["records"] if record["client"]["id"] in ("0041", "0056")]
    source.write_text(json.dumps(tables))
    said = {}
    for form in ("docx", "pdf"):
        made(source, tmp_path / form, presses=None, forms=(form,))
        said[form] = json.loads((tmp_path / form / "manifest.json").read_text())
    assert len(said["pdf"]["packs"]) > 1 and said["pdf"]["packs"] == said["docx"]["packs"]
    names = {form: {name.removesuffix(f".{form}") for name in said[form]["templates"]} for form in said}
    assert names["pdf"] == names["docx"] and all(name.endswith(".docx") for name in said["docx"]["templates"])


def test_flat_copies_are_of_pdfs(tmp_path):
    run = CliRunner().invoke(main, ["make", str(forms(tmp_path)[2]), "-o", str(tmp_path / "out"), "--flat"])
    assert run.exit_code == 2 and "Add --as pdf" in run.output and not (tmp_path / "out").exists()


def test_a_form_that_there_is_not_is_told(tmp_path):
    run = CliRunner().invoke(main, ["make", str(forms(tmp_path)[2]), "-o", str(tmp_path / "out"), "--as", "odt"])
    assert run.exit_code == 2 and "There is no form «odt»." in run.output and not (tmp_path / "out").exists()
