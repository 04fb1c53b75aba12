"""This file ensures that one whole job holds: the same content in any form, the same documents, every character."""

import io
import json
from copy import deepcopy
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from toolkit import batch, demo, intake, kinds, shelf, text
from toolkit.intake import blank, export
from toolkit.word import read

TODAY = date(2026, 8, 1)
SHELF = shelf.load()
ALL = SHELF.all()
SAMPLES = demo.samples(SHELF)


def made(source, out, **options):
    """Make the documents of ``source`` (a path) and return their bytes by relative name."""
    outcome = batch.make(intake.read(source, ALL), SHELF, out, today=TODAY, **options)
    return outcome, {path.relative_to(out).as_posix(): path.read_bytes() for path in sorted(out.rglob("*.docx"))}


def forms(folder):
    """Write the samples as a workbook, a CSV folder, JSON and JSONL; return the paths."""
    source = folder / "all.json"
    source.write_text(json.dumps(SAMPLES, ensure_ascii=False, default=str), encoding="utf-8")
    records = list(intake.read(source, ALL))
    book = folder / "all.xlsx"
    book.write_bytes(blank.workbook(ALL, documents=tuple(ALL.documents), level="", full=True, records=records))
    (folder / "csv").mkdir()
    for name, data in export.to_csv(records, ALL).items():
        (folder / "csv" / f"{name}.csv").write_bytes(data)
    lines = [{**record, "clinic": SAMPLES["clinic"], "staff": SAMPLES["staff"]} for record in SAMPLES["records"]]
    stream = folder / "all.jsonl"
    stream.write_text("\n".join(json.dumps(line, ensure_ascii=False, default=str) for line in lines), encoding="utf-8")
    return book, folder / "csv", source, stream


def test_the_same_content_in_any_form_gives_the_same_bytes(tmp_path):
    results = [made(source, tmp_path / f"out{number}")[1] for number, source in enumerate(forms(tmp_path))]
    assert len(results[0]) >= 6
    assert results[0] == results[1] == results[2] == results[3]


def test_two_runs_give_the_same_bytes_and_the_second_touches_nothing(tmp_path):
    source = forms(tmp_path)[2]
    _, one = made(source, tmp_path / "out")
    times = {path: path.stat().st_mtime_ns for path in (tmp_path / "out").rglob("*") if path.suffix == ".docx"}
    _, two = made(source, tmp_path / "out")
    _, elsewhere = made(source, tmp_path / "elsewhere")
    assert one == two == elsewhere
    assert times == {path: path.stat().st_mtime_ns for path in times}


def test_the_planted_gaps_mended_as_a_person_would_give_exactly_those_documents(tmp_path):
    path = tmp_path / "clients.xlsx"
    path.write_bytes(demo.workbook(SHELF))
    outcome, before = made(path, tmp_path / "out")
    held = [finding for finding in outcome.findings if finding.holds and finding.code != "TP001"]
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
    from toolkit.audit import Auditor  # noqa: F401 - the batch builds it

    return batch.judge(intake.read(path, ALL), SHELF, today=TODAY).findings


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


ADULT = SHELF.compose(("adult",))
TEXTS = [
    item
    for item in ADULT.fields.values()
    if item.kind in ("text", "long", "lines") and item.printed and not item.derived
    if ADULT.sections[item.section].scope == "client" and "treatment_plan" in ADULT.sections[item.section].documents
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
    table = record.setdefault(section, [{}] if ADULT.sections[section].repeats else {})
    return table[0] if isinstance(table, list) else table


def everywhere():
    """Return the sample with the most sections (intensive outpatient), with a reason to print each text."""
    tables = {
        **SAMPLES,
        "records": [deepcopy(next(one for one in SAMPLES["records"] if one["client"]["id"] == "0044"))],
    }
    record = tables["records"][0]
    record["goals"][0]["objectives"][0]["measure"] = "count"
    record["participation"]["agreement"] = "partial"
    return tables


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_any_text_through_every_field_arrives_in_the_word_file(tmp_path_factory, data):
    folder = tmp_path_factory.mktemp("text")
    tables = everywhere()
    sent = {}
    for field in TEXTS:
        value = text.canonical(data.draw(st.one_of(NASTY, ANYTHING), label=field.path))
        if not text.is_answer(value, field.none_is_answer):
            continue
        place_in(tables["records"][0], field.path)[field.name] = value
        sent[field.path] = value.split("\n") if field.kind == "lines" else [value]
    source = folder / "one.json"
    source.write_text(json.dumps(tables, ensure_ascii=False, default=str), encoding="utf-8")
    (folder / "shelf" / "payers").mkdir(parents=True)
    lenient = (
        'title = "Lenient"\n[levels]\nPC010 = "warning"\n'  # a {{ name }} in a text is mostly a leftover; not here
    )
    (folder / "shelf" / "payers" / "lenient.toml").write_text(lenient, encoding="utf-8")
    found = shelf.load(folder / "shelf")
    outcome = batch.make(intake.read(source, found.all()), found, folder / "out", today=TODAY, payer="lenient")
    assert not [(item.code, item.text) for item in outcome.findings if item.holds]
    files = {path.name: path.read_bytes() for path in (folder / "out").rglob("*.docx")}
    printed = "\n".join(read.paragraphs(next(iter(files.values()))))
    for path, pieces in sent.items():
        for piece in pieces:
            assert piece.strip() in printed, path


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


def test_every_made_file_is_valid_for_word_and_excel(tmp_path):
    from office import complaints

    forms(tmp_path)
    made(tmp_path / "all.json", tmp_path / "out")
    made(tmp_path / "all.json", tmp_path / "drafts", draft=True)
    (tmp_path / "demo.xlsx").write_bytes(demo.workbook(SHELF))
    for path in [*tmp_path.rglob("*.docx"), *tmp_path.rglob("*.xlsx")]:
        assert complaints(path) == [], path


def delete_each_required_cell():
    """Yield (field, sheet, cell) for every filled required cell of the first sample, as its workbook has them."""
    for field in SHELF.compose(("adult",)).fields.values():
        if field.required and "treatment_plan" in field.required and not field.derived:
            yield field


@pytest.fixture(scope="module")
def sample_workbook(tmp_path_factory):
    folder = tmp_path_factory.mktemp("sample")
    source = folder / "one.json"
    source.write_text(json.dumps(first_record(), default=str), encoding="utf-8")
    records = list(intake.read(source, ALL))
    return blank.workbook(ALL, documents=tuple(ALL.documents), level="", full=True, records=records), records[0]


@pytest.mark.parametrize("field", list(delete_each_required_cell()), ids=lambda item: item.path)
def test_each_required_cell_deleted_is_one_finding_at_its_cell(tmp_path, sample_workbook, field):
    data, _ = sample_workbook
    path = tmp_path / "book.xlsx"
    path.write_bytes(data)
    record = next(iter(intake.read(path, ALL)))
    rows = [row for row in record.all(field.section) if row.get(field.name) is not None]
    if field.section == "staff":
        rows = [row for row in rows if row.id == record.get("episode.clinician")]
    if field.one_row:
        return  # one answered row is enough; test_audit holds it
    assert rows, "the sample leaves a required answer blank"
    place = rows[-1].place(field.name)
    book = openpyxl.load_workbook(io.BytesIO(data))
    book[place.sheet][place.cell] = None
    book.save(path)
    errors = [finding for finding in findings_of(path) if finding.level == "error"]
    assert [(str(finding.place), finding.path) for finding in errors] == [(str(place), field.path)]
    assert errors[0].code == field.code


def test_the_folder_of_the_samples_is_in_the_checkout():
    assert Path(__file__).parent.parent.joinpath("templates", "adult", "sample.toml").is_file()
