"""This file ensures that a run makes what is ready, tells what is held, and never loses or overwrites a file."""

import hashlib
import json
import os
import re
import signal
import subprocess
import sys
from copy import deepcopy
from datetime import date
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook
from word_files import word

from toolkit import batch, demo, intake, shelf
from toolkit.batch.folder import JOURNAL, TEMPORARY, Folder
from toolkit.batch.names import Slugs, is_slug, slug
from toolkit.batch.press import Sheet, digest
from toolkit.batch.word_press import WordPress
from toolkit.derive import Person
from toolkit.environment import Ready
from toolkit.errors import RenderError, TemplateError, WriteError
from toolkit.model import (
    Audited,
    Batch,
    Case,
    Chosen,
    Definitions,
    Document,
    Finding,
    Input,
    Missing,
    Origin,
    Record,
    Row,
    Score,
    Section,
    Signer,
    Wanted,
)
from toolkit.shelf import Pack, Shelf

TODAY = date(2026, 8, 1)
PLAN = Document("plan", "Plan", "plan.date", "plan.docx")
REVIEW = Document("review", "Review", "review.date", "review.docx", each="review")
SHELF = SimpleNamespace(
    payer=lambda name: SimpleNamespace(forms=(), levels={}),
    all=lambda: Definitions({}, {"plan": PLAN, "review": REVIEW}),
    has_template=lambda populations, document: True,
)
STAFF = shelf.load().all().sections["staff"]
REVIEWS = Section("review", "Reviews", "Reviews", repeats=True)


class Clinic:
    """Stands in for auditor and press: ``clients`` maps ids to what their documents say; ``!`` holds a document."""

    def __init__(self, **clients):
        self.clients = clients
        self.printed = []
        self.raises = {}
        self.faults = ()
        self.missing = ()

    def batch(self, batch):
        return ()

    def judge(self, record, shared=()):
        cases, findings = [], []
        for name, text in self.clients[record.id].items():
            document, _, day = name.strip().partition(" ")
            row = Row(REVIEWS, {}, ordinal=len(name) - len(name.strip())) if day else None
            wanted = Wanted({"plan": PLAN, "review": REVIEW}[document], date.fromisoformat(day or "2026-07-01"), row)
            blank = Finding("SM004", "error", "the target date is blank.", record=record.id, documents=(document,))
            found = (blank,) if text.startswith("!") else ()
            findings += found
            signers = (Signer("client", "Client", "Zebulon Quackenbush"),)
            cases.append(Case(record, wanted, Definitions({}, populations=("adult",)), found, signers))
        return Audited(record, "Z.Q.", tuple(cases), tuple(findings))

    def fits(self, case):
        return case.record.id not in self.missing

    def sheet(self, case, draft):
        if case.record.id in self.missing:
            return None
        name = case.wanted.stem.replace("-", " ", 1)
        name += " " * (case.wanted.row is not None and case.wanted.row.ordinal)
        text = f"{self.clients[case.record.id][name]}{' DRAFT' if draft else ''}"

        def render():
            if case.record.id in self.raises:
                raise self.raises[case.record.id]
            self.printed.append((case.record.id, name))
            return text.encode()

        return Sheet(digest(text), render)

    def prove(self, case, data):
        return self.faults

    def digests(self):
        return {"packs": {}, "templates": {}}

    def make(self, out, **options):
        records = [Record(identity, {}, origin=Origin("Clients", 2)) for identity in self.clients]
        source = Batch(records, inputs=(Input(1, "xlsx", "0" * 64),))
        return batch.make(source, SHELF, out, today=TODAY, auditor=self, presses={"docx": self}, **options)


def files(out):
    """Return what stands in the output folder, but report and manifest."""
    found = {path.relative_to(out).as_posix(): path for path in sorted(out.rglob("*")) if path.is_file()}
    return {name: path.read_text() for name, path in found.items() if name not in ("report.xlsx", "manifest.json")}


def snapshot(out):
    return {path: (path.stat().st_mtime_ns, path.read_bytes()) for path in out.rglob("*") if path.is_file()}


def changes(outcome):
    return [(one.record, one.stem, one.status, one.change, one.path) for one in outcome.results]


def codes(outcome):
    return [finding.code for finding in outcome.findings]


# --- what is made --------------------------------------------------------------------------------------------------


def test_a_ready_document_is_written_and_a_held_one_is_not(tmp_path):
    outcome = Clinic(a={"plan": "one"}, b={"plan": "!two"}).make(tmp_path / "out")
    assert files(tmp_path / "out") == {"a/plan.docx": "one"}
    assert [one.record for one in outcome.ready] == ["a"] and [one.record for one in outcome.held] == ["b"]
    assert outcome.records == 2 and codes(outcome) == ["SM004"] and outcome.holds


def test_with_draft_a_held_document_is_written_under_another_name(tmp_path):
    outcome = Clinic(a={"plan": "one"}, b={"plan": "!two"}).make(tmp_path / "out", draft=True)
    assert files(tmp_path / "out") == {"a/plan.docx": "one", "b/plan-DRAFT.docx": "!two DRAFT"}
    assert changes(outcome)[1] == ("b", "plan", "draft", "made", "b/plan-DRAFT.docx")


def test_each_review_is_a_file_with_its_date(tmp_path):
    Clinic(a={"review 2026-07-27": "first", "review 2026-08-01": "second"}).make(tmp_path)
    assert files(tmp_path) == {"a/review-2026-07-27.docx": "first", "a/review-2026-08-01.docx": "second"}


@pytest.mark.parametrize("first", ["one", "!one"])
@pytest.mark.parametrize("second", ["two", "!two"])
@pytest.mark.parametrize("draft", [True, False])
def test_of_two_reviews_of_one_day_none_replaces_the_other(tmp_path, first, second, draft):
    for _ in range(2):
        outcome = Clinic(a={"review 2026-08-01": first, "review 2026-08-01 ": second}).make(tmp_path, draft=draft)
        made = [one for one in outcome.results if one.path and one.change != "superseded"]
        texts = [text for name, text in files(tmp_path).items() if not name.startswith("superseded")]
        assert ("one" in texts) == (first == "one") and ("two" in texts) == (second == "two" and first == "!one")
        assert len({one.path for one in made}) == len(made) and outcome.holds


def test_progress_is_told_after_each_record(tmp_path):
    told = []
    Clinic(a={"plan": "1"}, b={"plan": "2"}).make(tmp_path, progress=lambda done, total: told.append((done, total)))
    assert told == [(1, 2), (2, 2)]


def test_judging_writes_nothing_and_finds_the_same(tmp_path):
    clinic = Clinic(a={"plan": "one"}, b={"plan": "!two"})
    records = [Record(identity, {}) for identity in clinic.clients]
    outcome = batch.judge(Batch(records), SHELF, today=TODAY, auditor=clinic)
    assert [one.change for one in outcome.results] == ["judged", "held"]
    assert codes(outcome) == ["SM004"] and clinic.printed == [] and list(tmp_path.iterdir()) == []


# --- one bad client never stops the others -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("error", "code"),
    [(RenderError("paragraph 3: the template asks for too much."), "TP002"), (KeyError("Zebulon"), "WR004"),
     (PermissionError(13, "Permission denied"), "WR004"), (MemoryError(), "WR004")],
)  # fmt: skip
def test_a_client_that_cannot_be_printed_is_held_and_the_others_are_made(tmp_path, error, code):
    clinic = Clinic(a={"plan": "one"}, b={"plan": "two"}, c={"plan": "three"})
    clinic.raises = {"b": error}
    outcome = clinic.make(tmp_path)
    assert files(tmp_path) == {"a/plan.docx": "one", "c/plan.docx": "three"}
    assert [(finding.code, finding.record) for finding in outcome.findings] == [(code, "b")]
    assert "Zebulon" not in outcome.findings[0].text


def test_a_client_that_cannot_be_judged_is_held_and_the_others_are_made(tmp_path):
    clinic = Clinic(a={"nonsense": "one"}, b={"plan": "two"})
    outcome = clinic.make(tmp_path)
    assert files(tmp_path) == {"b/plan.docx": "two"} and codes(outcome) == ["WR004"] and len(outcome.held) == 1


def test_a_client_that_cannot_be_judged_is_told_by_a_check_and_the_others_are_judged():
    clinic = Clinic(a={"nonsense": "one"}, b={"plan": "two"})
    records = [Record(identity, {}) for identity in clinic.clients]
    outcome = batch.judge(Batch(records), SHELF, today=TODAY, auditor=clinic)
    assert codes(outcome) == ["WR004"] and [one.change for one in outcome.results] == ["held", "judged"]


def test_a_document_too_long_to_be_read_back_holds_its_client_and_not_the_others():
    case = Case(Record("a", {}), Wanted(PLAN, TODAY), Definitions({}))
    long = word("x" * 11_000_000)
    with pytest.raises(RenderError, match="too long to be read back"):
        WordPress(SHELF).prove(case, long)


def test_a_template_that_is_wrong_stops_the_run_and_the_next_one_completes(tmp_path):
    clinic = Clinic(a={"plan": "one"}, b={"plan": "two"})
    clinic.raises = {"b": TemplateError("adult/plan.docx, paragraph 3: this tag is not closed.")}
    with pytest.raises(TemplateError):
        clinic.make(tmp_path)
    clinic.raises = {}
    clinic.printed = []
    clinic.make(tmp_path)
    assert files(tmp_path) == {"a/plan.docx": "one", "b/plan.docx": "two"} and clinic.printed == [("b", "plan")]


def test_what_the_proof_finds_holds_the_document(tmp_path):
    clinic = Clinic(a={"plan": "one"})
    clinic.faults = (Finding("PF001", "error", "the statement is not in the document.", record="a"),)
    outcome = clinic.make(tmp_path, draft=True)
    assert files(tmp_path) == {"a/plan-DRAFT.docx": "one DRAFT"} and codes(outcome) == ["PF001"]
    assert [one.status for one in outcome.results] == ["draft"]


def test_a_population_without_a_template_is_held_in_one_sentence(tmp_path):
    clinic = Clinic(a={"plan": "one"}, b={"plan": "two"})
    clinic.missing = ("a",)
    outcome = clinic.make(tmp_path, draft=True)
    assert files(tmp_path) == {"b/plan.docx": "two"}
    assert [(finding.code, finding.show) for finding in outcome.findings] == [("TP001", {"populations": "adult"})]


def test_the_second_of_two_records_with_one_id_is_held(tmp_path):
    clinic = Clinic(a={"plan": "one"})
    twice = [Record("a", {}), Record("a", {})]
    outcome = batch.make(Batch(twice), SHELF, tmp_path, today=TODAY, auditor=clinic, presses={"docx": clinic})
    assert codes(outcome) == ["WR005"] and [one.status for one in outcome.results] == ["ready", "draft"]
    assert files(tmp_path) == {"a/plan.docx": "one"}


# --- the second run ------------------------------------------------------------------------------------------------


def test_a_second_run_touches_nothing_and_prints_nothing(tmp_path):
    clinic = Clinic(a={"plan": "one"}, b={"plan": "!two"}, c={"review 2026-07-27": "three"})
    clinic.make(tmp_path, draft=True)
    before = snapshot(tmp_path)
    clinic.printed = []
    outcome = clinic.make(tmp_path, draft=True)
    assert snapshot(tmp_path) == before and clinic.printed == []
    assert {one.change for one in outcome.results} == {"unchanged"}


def test_two_folders_hold_the_same_bytes(tmp_path):
    clinic = Clinic(a={"plan": "one"}, b={"plan": "!two"})
    clinic.make(tmp_path / "x")
    clinic.make(tmp_path / "y")
    assert [data for _, data in snapshot(tmp_path / "x").values()] == [
        data for _, data in snapshot(tmp_path / "y").values()
    ]


def test_only_what_changed_is_made_again(tmp_path):
    clinic = Clinic(a={"plan": "one"}, b={"plan": "!two"})
    clinic.make(tmp_path)
    kept = snapshot(tmp_path)[tmp_path / "a" / "plan.docx"]
    clinic.clients["b"] = {"plan": "two mended"}
    clinic.printed = []
    clinic.make(tmp_path)
    assert files(tmp_path) == {"a/plan.docx": "one", "b/plan.docx": "two mended"}
    assert clinic.printed == [("b", "plan")] and snapshot(tmp_path)[tmp_path / "a" / "plan.docx"] == kept


def test_a_changed_record_replaces_its_own_document(tmp_path):
    clinic = Clinic(a={"plan": "one"})
    clinic.make(tmp_path)
    clinic.clients["a"] = {"plan": "one, better"}
    assert changes(clinic.make(tmp_path)) == [("a", "plan", "ready", "made", "a/plan.docx")]
    assert files(tmp_path) == {"a/plan.docx": "one, better"}


def test_a_file_that_was_thrown_away_is_made_again(tmp_path):
    clinic = Clinic(a={"plan": "one"})
    clinic.make(tmp_path)
    (tmp_path / "a" / "plan.docx").unlink()
    assert changes(clinic.make(tmp_path)) == [("a", "plan", "ready", "made", "a/plan.docx")]


def test_clients_of_another_workbook_keep_their_documents(tmp_path):
    Clinic(a={"plan": "one"}).make(tmp_path)
    Clinic(b={"plan": "two"}).make(tmp_path)
    assert files(tmp_path) == {"a/plan.docx": "one", "b/plan.docx": "two"}
    clinic = Clinic(a={"plan": "one"})
    clinic.make(tmp_path)
    assert clinic.printed == []


def rows(path, sheet):
    return [[cell for cell in row if cell] for row in load_workbook(path)[sheet].iter_rows(values_only=True)]


def test_the_report_goes_on_listing_what_earlier_runs_made_of_other_clients_and_documents(tmp_path):
    Clinic(a={"plan": "one"}, b={"plan": "!two"}, d={"plan": "four"}).make(tmp_path, draft=True)
    (tmp_path / "d" / "plan.docx").unlink()
    clinic = Clinic(c={"plan": "three", "review 2026-07-27": "well"})
    outcome = clinic.make(tmp_path)
    assert [one.path for one in outcome.earlier] == ["a/plan.docx", "b/plan-DRAFT.docx"]
    assert "2 documents of earlier runs, not looked at now, left as they are." in outcome.summary()
    assert outcome.summary().startswith("1 client: 2 documents ready to sign")
    ready = rows(tmp_path / "report.xlsx", "Ready")[1:]
    assert [row[:3] for row in ready] == [
        ["c Z.Q.", "Plan", "c/plan.docx"],
        ["c Z.Q.", "Review 07/27/2026", "c/review-2026-07-27.docx"],
        ["a", "Plan", "a/plan.docx"],
        ["b", "Plan", "b/plan-DRAFT.docx"],
    ]
    assert ready[2][-1].startswith("Of an earlier run") and ready[3][-1].startswith("A draft of an earlier run")
    before = snapshot(tmp_path)
    assert clinic.make(tmp_path).earlier == outcome.earlier and snapshot(tmp_path) == before
    assert [one.path for one in clinic.make(tmp_path, documents=("plan",)).earlier] == [
        "a/plan.docx", "b/plan-DRAFT.docx", "c/review-2026-07-27.docx",
    ]  # fmt: skip


# --- never overwritten ---------------------------------------------------------------------------------------------


def test_a_document_that_someone_edited_is_kept_while_its_record_says_the_same(tmp_path):
    clinic = Clinic(a={"plan": "one"})
    clinic.make(tmp_path)
    (tmp_path / "a" / "plan.docx").write_text("edited and signed")
    for _ in range(2):
        outcome = clinic.make(tmp_path)
        assert files(tmp_path) == {"a/plan.docx": "edited and signed"}
        assert changes(outcome) == [("a", "plan", "ready", "kept", "a/plan.docx")] and codes(outcome) == ["WR002"]
        assert not outcome.holds


def test_what_a_document_does_not_say_makes_no_second_one_beside_the_signed_one(tmp_path):
    def run(**changes):
        (one,) = intake.records({**shared, "records": [{**record, **changes}]}, found.all())
        outcome = batch.make(Batch((one,)), found, tmp_path, today=TODAY, documents=("treatment_plan",))
        return [(result.change, result.path) for result in outcome.results]

    found = shelf.load()
    shared = demo.samples(found)
    record = next(one for one in shared["records"] if one["client"]["id"] == "0041")
    path = "0041/treatment_plan.docx"
    assert run() == [("made", path)]
    assert run(sessions=[{"date": "05/18/2026", "minutes": 45}]) == [("unchanged", path)]
    (tmp_path / path).write_bytes(b"edited and signed")
    assert run(sessions=[{"date": "05/25/2026", "minutes": 45}]) == [("kept", path)]
    assert run() == [("kept", path)]
    assert [file.name for file in (tmp_path / "0041").iterdir()] == ["treatment_plan.docx"]


def test_a_new_version_stands_beside_a_document_that_someone_edited(tmp_path):
    clinic = Clinic(a={"plan": "one"})
    clinic.make(tmp_path)
    (tmp_path / "a" / "plan.docx").write_text("edited and signed")
    clinic.clients["a"] = {"plan": "two"}
    outcome = clinic.make(tmp_path)
    assert files(tmp_path) == {"a/plan.docx": "edited and signed", "a/plan-2.docx": "two"}
    assert codes(outcome) == ["WR002"] and outcome.results[0].path == "a/plan-2.docx"
    before = snapshot(tmp_path)
    assert codes(clinic.make(tmp_path)) == ["WR002"] and snapshot(tmp_path) == before
    clinic.clients["a"] = {"plan": "three"}
    clinic.make(tmp_path)
    assert files(tmp_path) == {"a/plan.docx": "edited and signed", "a/plan-2.docx": "three"}


def test_a_file_that_was_there_before_us_is_never_overwritten(tmp_path):
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "plan.docx").write_text("somebody's own")
    (tmp_path / "a" / "plan-2.docx").mkdir()
    outcome = Clinic(a={"plan": "one"}).make(tmp_path)
    assert files(tmp_path) == {"a/plan.docx": "somebody's own", "a/plan-3.docx": "one"} and codes(outcome) == ["WR002"]


def test_a_file_that_is_what_would_be_written_is_taken_over(tmp_path):
    clinic = Clinic(a={"plan": "one"})
    clinic.make(tmp_path)
    (tmp_path / "manifest.json").unlink()
    before = snapshot(tmp_path)[tmp_path / "a" / "plan.docx"]
    assert codes(clinic.make(tmp_path)) == []
    assert snapshot(tmp_path)[tmp_path / "a" / "plan.docx"] == before
    clinic.clients["a"] = {"plan": "two"}
    clinic.make(tmp_path)
    assert files(tmp_path) == {"a/plan.docx": "two"}


def test_a_report_that_someone_wrote_into_is_kept(tmp_path):
    clinic = Clinic(a={"plan": "one"})
    clinic.make(tmp_path)
    (tmp_path / "report.xlsx").write_bytes(b"with my notes")
    assert codes(clinic.make(tmp_path)) == ["WR002"] and not (tmp_path / "report-2.xlsx").exists()
    clinic.clients["a"] = {"plan": "!one"}
    assert codes(clinic.make(tmp_path)) == ["WR002", "SM004"]
    assert (tmp_path / "report.xlsx").read_bytes() == b"with my notes" and (tmp_path / "report-2.xlsx").exists()


# --- superseded ----------------------------------------------------------------------------------------------------


def test_a_document_that_is_now_held_moves_to_superseded(tmp_path):
    clinic = Clinic(a={"plan": "one"})
    clinic.make(tmp_path)
    clinic.clients["a"] = {"plan": "!one"}
    outcome = clinic.make(tmp_path)
    assert files(tmp_path) == {"superseded/a/plan.docx": "one"}
    assert changes(outcome) == [
        ("a", "plan", "ready", "superseded", "superseded/a/plan.docx"),
        ("a", "plan", "draft", "held", ""),
    ]


def test_nothing_in_superseded_is_ever_lost(tmp_path):
    clinic = Clinic(a={"plan": "one"})
    for text in ("one", "!", "two", "!", "one", "!"):
        clinic.clients["a"] = {"plan": text}
        clinic.make(tmp_path)
    assert files(tmp_path) == {
        f"superseded/a/plan{end}.docx": text for end, text in (("", "one"), ("-2", "two"), ("-3", "one"))
    }


def test_a_review_that_is_dated_anew_replaces_the_earlier_one(tmp_path):
    clinic = Clinic(a={"review 2026-07-27": "first"})
    clinic.make(tmp_path)
    clinic.clients["a"] = {"review 2026-08-03": "first"}
    clinic.make(tmp_path)
    assert files(tmp_path) == {"a/review-2026-08-03.docx": "first", "superseded/a/review-2026-07-27.docx": "first"}


def test_documents_that_were_not_asked_for_are_left_alone(tmp_path):
    clinic = Clinic(a={"plan": "one", "review 2026-07-27": "two"})
    clinic.make(tmp_path)
    clinic.clients["a"] = {"plan": "one"}
    clinic.make(tmp_path, documents=("plan",))
    assert "a/review-2026-07-27.docx" in files(tmp_path)
    clinic.make(tmp_path)
    assert "superseded/a/review-2026-07-27.docx" in files(tmp_path)


def test_a_draft_moves_away_when_its_document_is_ready(tmp_path):
    clinic = Clinic(a={"plan": "!one"})
    clinic.make(tmp_path, draft=True)
    clinic.clients["a"] = {"plan": "one"}
    outcome = clinic.make(tmp_path)
    assert files(tmp_path) == {"a/plan.docx": "one", "superseded/a/plan-DRAFT.docx": "!one DRAFT"}
    assert [(one.status, one.change) for one in outcome.results] == [("draft", "superseded"), ("ready", "made")]
    assert outcome.held == ()


def test_an_edited_document_that_is_now_held_stays_and_the_finding_says_so(tmp_path):
    clinic = Clinic(a={"plan": "one"})
    clinic.make(tmp_path)
    (tmp_path / "a" / "plan.docx").write_text("edited and signed")
    clinic.clients["a"] = {"plan": "!one"}
    for _ in range(2):
        assert codes(clinic.make(tmp_path)) == ["SM004", "WR002"]
        assert files(tmp_path) == {"a/plan.docx": "edited and signed"}


# --- files that are open, folders that are not there ---------------------------------------------------------------


@pytest.fixture
def open_in_word(monkeypatch):
    """Make files that are named count as open in another program: they can be neither replaced nor moved."""
    names, replace, rename = [], os.replace, os.rename

    def guarded(function):
        def call(source, target, **options):
            if Path(target).name in names or Path(source).name in names:
                raise PermissionError(13, "The process cannot access the file", str(target))
            return function(source, target, **options)

        return call

    monkeypatch.setattr(os, "replace", guarded(replace))
    monkeypatch.setattr(os, "rename", guarded(rename))
    return names


def test_a_file_that_is_open_in_word_is_a_finding_and_the_others_are_made(tmp_path, open_in_word):
    clinic = Clinic(a={"plan": "one"}, b={"review 2026-07-27": "two"})
    clinic.make(tmp_path)
    clinic.clients = {"a": {"plan": "one, better"}, "b": {"review 2026-07-27": "two, better"}}
    open_in_word.append("plan.docx")
    outcome = clinic.make(tmp_path)
    assert files(tmp_path) == {"a/plan.docx": "one", "b/review-2026-07-27.docx": "two, better"}
    assert [(finding.code, finding.record) for finding in outcome.findings] == [("WR001", "a")] and outcome.holds
    open_in_word.clear()
    assert codes(clinic.make(tmp_path)) == []
    assert files(tmp_path) == {"a/plan.docx": "one, better", "b/review-2026-07-27.docx": "two, better"}


def test_an_open_file_that_no_longer_holds_is_moved_by_the_next_run(tmp_path, open_in_word):
    clinic = Clinic(a={"plan": "one"})
    clinic.make(tmp_path)
    clinic.clients["a"] = {"plan": "!"}
    open_in_word.append("plan.docx")
    assert codes(clinic.make(tmp_path)) == ["SM004", "WR001"]
    open_in_word.clear()
    assert codes(clinic.make(tmp_path)) == ["SM004"]
    assert files(tmp_path) == {"superseded/a/plan.docx": "one"}


def test_a_report_that_is_open_in_excel_holds_nothing_back(tmp_path, open_in_word):
    open_in_word.append("report.xlsx")
    outcome = Clinic(a={"plan": "one"}).make(tmp_path)
    assert codes(outcome) == ["WR001"] and not outcome.holds and files(tmp_path) == {"a/plan.docx": "one"}


def test_a_full_disk_stops_the_run_in_one_sentence(tmp_path, monkeypatch):
    clinic = Clinic(a={"plan": "one"})
    monkeypatch.setattr(os, "replace", lambda *_, **__: (_ for _ in ()).throw(OSError(28, "No space left on device")))
    with pytest.raises(WriteError, match="cannot be written any more: no space left on device"):
        clinic.make(tmp_path)


def test_an_output_folder_that_cannot_be_made_is_one_sentence(tmp_path):
    (tmp_path / "file").write_text("")
    for out in (tmp_path / "file", tmp_path / "file" / "out"):
        with pytest.raises(WriteError, match="Choose another output folder") as told:
            Clinic(a={"plan": "one"}).make(out)
        assert "\n" not in str(told.value)


def test_two_runs_in_one_folder_are_refused_in_one_sentence(tmp_path):
    with Folder(tmp_path), pytest.raises(WriteError, match="Another run is writing"):
        Clinic(a={"plan": "one"}).make(tmp_path)
    Clinic(a={"plan": "one"}).make(tmp_path)
    assert files(tmp_path) == {"a/plan.docx": "one"}


def test_a_file_where_the_client_s_folder_should_be_is_a_finding(tmp_path):
    (tmp_path / "a").write_text("somebody's own")
    outcome = Clinic(a={"plan": "one"}, b={"plan": "two"}).make(tmp_path)
    assert files(tmp_path) == {"a": "somebody's own", "b/plan.docx": "two"} and codes(outcome) == ["WR003"]


# --- hostile folders -----------------------------------------------------------------------------------------------


def test_a_link_in_the_output_folder_never_leads_a_write_outside(tmp_path):
    out, elsewhere = tmp_path / "out", tmp_path / "elsewhere"
    out.mkdir()
    elsewhere.mkdir()
    (elsewhere / "plan.docx").write_text("not ours")
    (out / "a").symlink_to(elsewhere, target_is_directory=True)
    (out / "b").mkdir()
    (out / "b" / "plan.docx").symlink_to(elsewhere / "plan.docx")
    for name in ("manifest.json", JOURNAL, TEMPORARY):
        (out / name).symlink_to(elsewhere / name)
    outcome = Clinic(a={"plan": "one"}, b={"plan": "two"}).make(out)
    assert {path.name: path.read_text() for path in elsewhere.iterdir()} == {"plan.docx": "not ours"}
    assert codes(outcome) == ["WR006", "WR003", "WR002"] and (out / "b" / "plan-2.docx").read_text() == "two"


def test_a_superseded_that_leads_elsewhere_is_refused(tmp_path):
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "superseded").symlink_to(tmp_path / "elsewhere", target_is_directory=True)
    with pytest.raises(WriteError, match="not a plain folder"):
        Clinic(a={"plan": "one"}).make(tmp_path / "out")


@pytest.mark.parametrize(
    "path", ["../victim.docx", "/{root}/victim.docx", "a/../../victim.docx", "a\\..\\..\\victim.docx", "C:victim.docx",
             "superseded/victim.docx", "a/victim.docx", "manifest.json", "a/plan.docx/x"],
)  # fmt: skip
def test_a_hostile_manifest_moves_and_overwrites_nothing(tmp_path, path):
    out = tmp_path / "out"
    for victim in (tmp_path / "victim.docx", out / "a" / "victim.docx", out / "superseded" / "victim.docx"):
        victim.parent.mkdir(parents=True, exist_ok=True)
        victim.write_text("victim")
    claim = {"path": path.format(root=tmp_path), "name": "old.docx", "document": "plan", "key": "0" * 64}
    claim |= {"sha256": hashlib.sha256(b"victim").hexdigest()}
    manifest = json.dumps({"files": [claim, {**claim, "name": "plan.docx"}, {**claim, "name": "victim.docx"}]})
    (out / "manifest.json").write_text(manifest)
    (out / JOURNAL).write_text("".join(f"{json.dumps(claim)}\n" for _ in range(2)))
    Clinic(a={"plan": "one"}).make(out)
    assert (tmp_path / "victim.docx").read_text() == "victim"
    assert sorted(text for text in files(out).values() if "files" not in text) == ["one", "victim", "victim"]


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "null", '{"files": 3}', '{"files": [null, 5, {}]}', "[" * 100_000, "\0\xff"]
)
def test_a_damaged_manifest_is_put_aside_and_told(tmp_path, text):
    clinic = Clinic(a={"plan": "one"})
    clinic.make(tmp_path)
    (tmp_path / "manifest.json").write_text(text)
    outcome = clinic.make(tmp_path)
    assert codes(outcome) == ["WR006"] and files(tmp_path) == {"a/plan.docx": "one", "superseded/manifest.json": text}
    assert codes(clinic.make(tmp_path)) == []


@pytest.mark.parametrize(
    "identity", ["../x", "CON", "nul", "a.", " a", "a/b", "a:b", "x" * 300, "Ünï", "superseded", "日本", ""]
)
def test_any_id_gets_a_folder_of_its_own_inside(tmp_path, identity):
    out = tmp_path / "out"
    Clinic(**{identity: {"plan": "one"}, "a": {"plan": "two"}}).make(out)
    assert len(files(out)) == 2 and [path.name for path in tmp_path.iterdir()] == ["out"]
    assert all(len(path.parts) == 2 and len(path.parts[0]) <= 49 for path in map(Path, files(out)))


def test_ids_that_differ_in_case_alone_get_folders_that_do_not(tmp_path):
    Clinic(ab={"plan": "1"}, AB={"plan": "2"}, Ab={"plan": "3"}).make(tmp_path)
    first = files(tmp_path)
    assert len({name.casefold() for name in first}) == 3
    Clinic(Ab={"plan": "3"}, AB={"plan": "2"}, ab={"plan": "1"}).make(tmp_path)
    assert files(tmp_path) == first


# --- killed runs ---------------------------------------------------------------------------------------------------


class Killed(BaseException):
    """Ends a run at once, as a kill would: nothing in the code may catch it."""


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("number", range(1, 5))
@pytest.mark.parametrize("step", ["pathlib.Path.open", "os.replace", "os.rename", "os.write"])
def test_a_run_killed_at_any_step_leaves_no_half_file_and_the_next_completes(tmp_path, monkeypatch, step, number, when):
    out = tmp_path / "out"
    old = {"a": {"plan": "a"}, "b": {"plan": "b"}, "c": {"plan": "!c"}}
    new = {"a": {"plan": "a2"}, "b": {"plan": "!b2"}, "c": {"plan": "c2"}, "d": {"plan": "d2"}}
    Clinic(**old).make(out, draft=True)
    with monkeypatch.context() as patch:
        function, calls = (
            {"os.replace": os.replace, "os.rename": os.rename, "os.write": os.write}.get(step, Path.open),
            [],
        )

        def dying(*arguments, **options):
            if step == "pathlib.Path.open" and "x" not in str(arguments[1:]):
                return function(*arguments, **options)
            calls.append(1)
            if len(calls) == number and when == "before":
                raise Killed
            result = function(*arguments, **options)
            if len(calls) == number:
                getattr(result, "close", int)()
                raise Killed
            return result

        patch.setattr(step, dying)
        try:
            Clinic(**new).make(out, draft=True)
        except Killed:
            known = {"a", "a2", "b", "!b2 DRAFT", "!c DRAFT", "c2", "d2"}
            assert {text for name, text in files(out).items() if Path(name).suffix == ".docx"} <= known
    clinic = Clinic(**new)
    outcome = clinic.make(out, draft=True)
    assert files(out) == {
        "a/plan.docx": "a2",
        "b/plan-DRAFT.docx": "!b2 DRAFT",
        "c/plan.docx": "c2",
        "d/plan.docx": "d2",
        "superseded/b/plan.docx": "b",
        "superseded/c/plan-DRAFT.docx": "!c DRAFT",
    }
    assert "WR002" not in codes(outcome)
    before = snapshot(out)
    clinic.make(out, draft=True)
    assert snapshot(out) == before


def test_what_a_killed_run_wrote_is_ours_also_when_the_record_changed_since(tmp_path, monkeypatch):
    clinic = Clinic(a={"plan": "one"}, b={"plan": "two"})
    with monkeypatch.context() as patch:
        patch.setattr(
            clinic, "prove", lambda case, data: (_ for _ in ()).throw(Killed) if case.record.id == "b" else ()
        )
        with pytest.raises(Killed):
            clinic.make(tmp_path)
    clinic.clients["a"] = {"plan": "one, better"}
    assert codes(clinic.make(tmp_path)) == []
    assert files(tmp_path) == {"a/plan.docx": "one, better", "b/plan.docx": "two"}


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="no SIGKILL here")
@pytest.mark.parametrize("number", [1, 3, 5])
def test_a_process_that_is_killed_leaves_the_folder_to_the_next(tmp_path, number):
    script = f"""
import os, pathlib, signal, sys
sys.path.insert(0, {str(Path(__file__).parent)!r})
from test_batch import Clinic
replace, calls = os.replace, []
def dying(*arguments):
    calls.append(1)
    if len(calls) == {number}:
        os.kill(os.getpid(), signal.SIGKILL)
    return replace(*arguments)
os.replace = dying
Clinic(**{{f"c{{n}}": {{"plan": f"text {{n}}"}} for n in range(4)}}).make(pathlib.Path({str(tmp_path)!r}))
"""
    killed = subprocess.run([sys.executable, "-c", script], capture_output=True, cwd=Path(__file__).parent.parent)
    assert killed.returncode == -signal.SIGKILL, killed.stderr.decode()
    left = [path.name for path in tmp_path.rglob("*") if path.name.startswith(".")]
    assert sorted(left) == [JOURNAL, TEMPORARY]
    clinic = Clinic(**{f"c{n}": {"plan": f"text {n}"} for n in range(4)})
    assert codes(clinic.make(tmp_path)) == []
    assert files(tmp_path) == {f"c{n}/plan.docx": f"text {n}" for n in range(4)}
    assert len(clinic.printed) == 4 - (number - 1)


ACTS = st.lists(
    st.tuples(st.sampled_from(["say", "hold", "edit", "drop", "lose manifest", "kill"]), st.integers(0, 2)), max_size=12
)


@settings(max_examples=60)
@given(acts=ACTS, draft=st.booleans())
def test_whatever_happens_between_runs_nothing_that_someone_wrote_is_lost(tmp_path_factory, acts, draft):
    out = tmp_path_factory.mktemp("out")
    clinic, edits = Clinic(a={"plan": "0"}, b={"plan": "!"}), {}
    for number, (act, choice) in enumerate([*acts, ("say", 0)]):
        made = sorted(path for path in out.rglob("*.docx"))
        if act in ("say", "hold"):
            clinic.clients["ab"[choice % 2]] = {"plan": f"{'!' if act == 'hold' else ''}{choice}"}
        elif act == "edit" and made:
            path = made[choice % len(made)]
            edits = {where: text for where, text in edits.items() if where != path}
            edits[path] = f"edit {number}"
            path.write_text(edits[path])
        elif act == "drop" and made:
            edits.pop(made[choice % len(made)], None)
            made[choice % len(made)].unlink()
        elif act == "lose manifest":
            (out / "manifest.json").unlink(missing_ok=True)
        elif act == "kill":
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr(clinic, "digests", lambda: (_ for _ in ()).throw(Killed))
                with pytest.raises(Killed):
                    clinic.make(out, draft=draft)
        clinic.make(out, draft=draft)
        assert {path: path.read_text() for path in edits} == edits
        before = snapshot(out)
        clinic.make(out, draft=draft)
        assert snapshot(out) == before


# --- nobody's name -------------------------------------------------------------------------------------------------


def test_names_and_initials_are_in_no_path_and_not_in_the_manifest(tmp_path, monkeypatch):
    seen = []
    opened = Path.open
    monkeypatch.setattr(Path, "open", lambda path, *rest, **more: seen.append(str(path)) or opened(path, *rest, **more))
    clinic = Clinic(a={"plan": "Zebulon Quackenbush"}, b={"plan": "!Zebulon Quackenbush"})
    clinic.make(tmp_path, draft=True)
    manifest = (tmp_path / "manifest.json").read_text()
    for text in (manifest, *seen, *(str(path) for path in tmp_path.rglob("*"))):
        assert "uackenbush" not in text and "Zebulon" not in text and "Z.Q." not in text
    table = json.loads(manifest)
    assert table["codes"] == {"SM004": 1} and table["inputs"] == [{"kind": "xlsx", "number": 1, "sha256": "0" * 64}]
    assert {item["path"] for item in table["files"]} == {"a/plan.docx", "b/plan-DRAFT.docx", "report.xlsx"}


def test_accepted_findings_stand_in_the_manifest_without_their_reason(tmp_path, monkeypatch):
    clinic = Clinic(a={"plan": "one"})
    waived = Finding("SM011", "error", "only counts attendance.", record="a", waived="as Zebulon asked")
    judged = clinic.judge
    monkeypatch.setattr(
        clinic, "judge", lambda record, shared: Audited(record, "Z.Q.", judged(record).cases, (waived,))
    )
    clinic.make(tmp_path)
    manifest = (tmp_path / "manifest.json").read_text()
    assert json.loads(manifest)["waivers"] == [{"code": "SM011", "folder": "a"}] and "Zebulon" not in manifest


# --- small parts ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("identity", ["0042", "C-0042", "jd_7", "a", "A" * 40])
def test_a_safe_id_is_its_own_folder_name(identity):
    assert slug(identity) == identity


@pytest.mark.parametrize(
    "identity",
    ["", ".", "..", "../x", "a/b", "a\\b", "CON", "con", "Lpt9", "a.", "a ", " a", "a:b", "a\n", "x" * 41, "-a", "é",
     "superseded", "manifest.json", "report.xlsx", "a-0123abcd"],
)  # fmt: skip
def test_any_other_id_gets_a_short_digest(identity):
    assert re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_-]{0,39}-[0-9a-f]{8}", slug(identity))
    assert is_slug(slug(identity))


@given(st.text(max_size=50), st.text(max_size=50))
def test_no_two_ids_share_a_folder_unless_case_alone_tells_them_apart(one, other):
    if one != other and slug(one).casefold() == slug(other).casefold():
        assert one.casefold() == other.casefold()
        slugs = Slugs()
        assert slugs(one).casefold() != slugs(other).casefold()


def test_a_digest_sees_every_difference_and_no_other():
    same = {"b": [1, Chosen("op", "Outpatient")], "a": None}
    assert (
        digest(same) == digest(deepcopy(same)) == ("12d03763d7dcabd333526b3ad2bf0349b45160f8c38919550307462a8349bdf4")
    )
    different = [
        ["ab", "c"], ["a", "bc"], ["abc"], "abc", None, "", [], {}, [None], 1, "1", True, Decimal("1"), Decimal("1.0"),
        Chosen("op", "Outpatient"), Chosen("op", "OP"), "op", Missing("op"), Score("12", Decimal(12)), date(2026, 7, 1),
        [["a"], "b"], [["a", "b"]], {"a": "b"}, ["a", "b"],
    ]  # fmt: skip
    assert len({digest(value) for value in different}) == len(different)


def test_a_text_with_more_to_it_shows_that_in_its_repr_for_the_digest_spells_it_so():
    people = [
        Person(Row(STAFF, {"name": "Jo", "credential": "LPC", **more}, Origin("Staff", 2)))
        for more in ({}, {"npi": "1"}, {"license": "1"})
    ]
    assert len({digest(one) for one in people}) == 3 and len(set(people)) == 1
    kinds = [kind for kind in str.__subclasses__() if kind.__module__.startswith("toolkit.")]
    assert {Chosen, Missing, Person} <= set(kinds)
    assert [kind for kind in kinds if "__repr__" not in vars(kind)] == [Ready]


def packs(root):
    """Return a shelf of two packs whose files lie in ``root``: one brings the plan, the other asks for more."""
    return Shelf((), {
        "first": Pack("first", "", "life_stage", "", 1, (root / "first",), {"plan": PLAN}),
        "overlay": Pack("overlay", "", "overlay", "", 2, (root / "overlay",), sections=({"name": "own"},)),
    }, {})  # fmt: skip


def test_a_template_is_compiled_once_and_what_an_overlay_adds_goes_into_it(tmp_path, monkeypatch):
    compiled = []

    def compile_template(data, name, load, added, definitions):
        compiled.append((data, name, load("other.docx"), added))
        with pytest.raises(LookupError):
            load("../secret.docx")
        return SimpleNamespace(sha256="1" * 64, render=lambda context, draft: b"printed")

    monkeypatch.setattr("toolkit.batch.word_press.compile_template", compile_template)
    monkeypatch.setattr("toolkit.batch.word_press.derive.context", lambda case, draft: {"draft": draft})
    for name in ("secret.docx", "first/plan.docx", "first/other.docx", "overlay/supplement.docx", "overlay/pack.toml"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(name)
    press = WordPress(packs(tmp_path))
    case = Case(Record("a", {}), Wanted(PLAN, TODAY), Definitions({}, populations=("first", "overlay")))
    sheets = [press.sheet(case, False), press.sheet(case, False), press.sheet(case, True)]
    added = {"supplements": [b"overlay/supplement.docx"], "last_pages": []}
    assert compiled == [(b"first/plan.docx", "first/plan.docx", b"first/other.docx", added)]
    assert sheets[0].key == sheets[1].key != sheets[2].key and sheets[0].render() == b"printed"
    assert press.digests()["templates"] == {"first-overlay/plan.docx": "1" * 64}
    assert set(press.digests()["packs"]) == {"first", "overlay"}


@pytest.mark.parametrize("missing", ["first/plan.docx", "overlay/supplement.docx"])
def test_without_a_template_or_a_supplement_there_is_no_sheet(tmp_path, missing):
    for name in {"first/plan.docx", "overlay/supplement.docx"} - {missing}:
        (tmp_path / name).parent.mkdir()
        (tmp_path / name).write_text(name)
    case = Case(Record("a", {}), Wanted(PLAN, TODAY), Definitions({}, populations=("first", "overlay")))
    assert WordPress(packs(tmp_path)).sheet(case, False) is None
