"""This file ensures that print-all.pdf holds what is ready, says what it lacks, and never says what is no longer so."""

import io
from functools import lru_cache

import pikepdf
import pypdf
import pytest
from pdf_files import FormFile
from pikepdf import Array, Dictionary, Name, String
from test_batch import SHELF, TODAY, Clinic

from toolkit import batch
from toolkit.batch.names import PRINT_ALL
from toolkit.batch.press import Sheet
from toolkit.model import Batch, Origin, Record, Signer
from toolkit.pdf import read


class Printer(Clinic):
    """A clinic whose documents are PDFs of three pages with one field each."""

    def judge(self, record, shared=()):
        audited = super().judge(record, shared)
        signers = (
            Signer("client", "Client", "Zebulon Quackenbush"),
            Signer("guardian", "Guardian", "李明"),
            Signer("witness", "Witness", "Nobody Atall", reason_absent="away on a private matter"),
        )
        cases = tuple(case.__class__(case.record, case.wanted, case.definitions, case.findings, signers)
                      for case in audited.cases)  # fmt: skip
        return audited.__class__(record, "Z.Q.", cases, audited.findings)

    def sheet(self, case, draft):
        made = super().sheet(case, draft)
        return made and Sheet(made.key, lambda: three_pages(made.render().decode()))

    def run(self, out, forms=("docx", "pdf"), **options):
        records = [Record(identity, {}, origin=Origin("Clients", 2)) for identity in self.clients]
        presses = {"docx": Word(self), "pdf": self}
        presses = {form: presses[form] for form in forms}
        return batch.make(
            Batch(records), SHELF, out, today=TODAY, auditor=self, presses=presses, forms=forms, **options
        )


class Word:
    """The same documents in words."""

    def __init__(self, clinic):
        self._clinic = clinic
        self.fits, self.prove, self.digests = clinic.fits, clinic.prove, clinic.digests

    def sheet(self, case, draft):
        return Clinic.sheet(self._clinic, case, draft)


@lru_cache
def three_pages(text):
    form = FormFile(3)
    look = {"Type": Name.XObject, "Subtype": Name.Form, "BBox": Array([0, 0, 300, 18])}
    words = f"BT /Helv 9 Tf 2 4 Td ({text}) Tj ET".encode()
    drawn = form.pdf.make_stream(words, Resources=form.pdf.pages[0].obj.Resources, **look)
    form.add("answer", V=String(text), AP=Dictionary(N=drawn))
    return form.bytes()


def pages(out):
    return [" ".join(page.split()) for page in read.read((out / PRINT_ALL).read_bytes()).pages]


def bookmarks(out):
    reader = pypdf.PdfReader(out / PRINT_ALL, strict=True)
    return [(item.title, reader.get_destination_page_number(item) + 1) for item in reader.outline]


def stamp(path):
    return path.stat().st_mtime_ns, path.read_bytes()


TWO = {"a": {"plan": "one", "review 2026-07-27": "two"}, "b": {"plan": "!three"}}


def test_what_is_ready_is_in_it_in_the_order_of_the_report_behind_a_list(tmp_path):
    outcome = Printer(**TWO).run(tmp_path)
    cover, *rest = pages(tmp_path)
    assert outcome.print_all == PRINT_ALL and "print-all.pdf in the same folder is for the printer" in outcome.summary()
    assert "2 documents, 6 pages." in cover and "2 blank pages inserted" in cover
    assert "1 document held: not in this file. The report, report.xlsx, says why." in cover
    assert "a Z.Q. Plan 3 3 Client: Zebulon Quackenbush Guardian" in cover
    assert "a Z.Q. Review 07/27/2026 3 7 Client: Zebulon Quackenbush Guardian" in cover
    assert "private matter" not in cover and "Witness" not in cover
    assert [page for page in rest if page] == [
        "Page 1 one", "Page 2", "Page 3", "Page 1 two", "Page 2", "Page 3",
    ]  # fmt: skip
    assert bookmarks(tmp_path) == [
        ("Documents to print", 1), ("a Z.Q. · Plan", 3), ("a Z.Q. · Review 07/27/2026", 7),
    ]  # fmt: skip
    assert (
        "Zebulon" not in (tmp_path / "manifest.json").read_text()
        and PRINT_ALL in (tmp_path / "manifest.json").read_text()
    )


def test_a_second_run_leaves_it_as_it_is_and_a_change_makes_it_anew(tmp_path):
    Printer(**TWO).run(tmp_path)
    before = stamp(tmp_path / PRINT_ALL)
    Printer(**TWO).run(tmp_path, forms=("pdf",))
    assert stamp(tmp_path / PRINT_ALL) == before
    Printer(**{**TWO, "b": {"plan": "three"}}).run(tmp_path)
    assert "3 documents, 9 pages." in pages(tmp_path)[0] and "held" not in pages(tmp_path)[0]
    assert not (tmp_path / "superseded" / PRINT_ALL).exists()  # written anew, not moved
    elsewhere = tmp_path / "elsewhere"
    Printer(**{**TWO, "b": {"plan": "three"}}).run(elsewhere)
    assert (elsewhere / PRINT_ALL).read_bytes() == (tmp_path / PRINT_ALL).read_bytes()


def test_a_run_without_pdfs_leaves_it_where_it_still_holds_and_moves_it_away_where_not(tmp_path):
    Printer(**TWO).run(tmp_path)
    assert Printer(**TWO).run(tmp_path, forms=("docx",)).print_all == PRINT_ALL
    assert (tmp_path / PRINT_ALL).exists()
    changed = {**TWO, "a": {"plan": "another", "review 2026-07-27": "two"}}
    assert Printer(**changed).run(tmp_path, forms=("docx",)).print_all == ""
    assert not (tmp_path / PRINT_ALL).exists() and (tmp_path / "superseded" / PRINT_ALL).exists()


def test_a_run_without_pdfs_makes_none(tmp_path):
    assert Printer(**TWO).run(tmp_path, forms=("docx",)).print_all == ""
    assert not (tmp_path / PRINT_ALL).exists()


def test_nothing_that_is_held_now_is_left_in_it(tmp_path):
    Printer(a={"plan": "one"}).run(tmp_path)
    outcome = Printer(a={"plan": "!one"}).run(tmp_path)
    assert outcome.print_all == "" and not (tmp_path / PRINT_ALL).exists()


def test_a_pdf_that_was_signed_is_in_it_as_it_is_now(tmp_path):
    Printer(a={"plan": "one"}).run(tmp_path)
    (tmp_path / "a/plan.pdf").write_bytes(three_pages("one and signed"))
    outcome = Printer(a={"plan": "one"}).run(tmp_path)
    assert [one.change for one in outcome.results] == ["kept"]
    assert "one and signed" in pages(tmp_path)[2]


def test_a_pdf_that_cannot_be_shown_as_it_is_is_told_each_time_and_listed(tmp_path):
    Printer(**TWO).run(tmp_path)
    with pikepdf.open(tmp_path / "a/plan.pdf", allow_overwriting_input=True) as pdf:
        pdf.Root.AcroForm.NeedAppearances = True
        pdf.save(tmp_path / "a/plan.pdf")
    for _ in range(2):
        outcome = Printer(**TWO).run(tmp_path)
        (told,) = [finding for finding in outcome.findings if finding.code == "WR007"]
        assert told.text.startswith("a/plan.pdf was changed in a way") and told.record == "a" and not told.holds
        cover = pages(tmp_path)[0]
        assert "1 document, 3 pages." in cover
        assert "Ready, but not in this file: print these by themselves" in cover and "a Z.Q. Plan a/plan.pdf" in cover


def test_what_somebody_changed_in_word_is_not_printed_as_it_was_before(tmp_path):
    Printer(**TWO).run(tmp_path)
    (tmp_path / "a/plan.docx").write_bytes(b"one, mended by hand")
    Printer(**TWO).run(tmp_path)
    assert "a Z.Q. Plan a/plan.docx" in pages(tmp_path)[0] and "one" not in " ".join(pages(tmp_path)[1:])


def test_one_that_somebody_changed_is_never_overwritten(tmp_path):
    Printer(**TWO).run(tmp_path)
    (tmp_path / PRINT_ALL).write_bytes(b"marked in red")
    outcome = Printer(**TWO).run(tmp_path)
    assert [finding.code for finding in outcome.findings if finding.code.startswith("WR")] == ["WR002"]
    outcome = Printer(a={"plan": "other"}).run(tmp_path)
    assert (tmp_path / PRINT_ALL).read_bytes() == b"marked in red" and outcome.print_all == "print-all-2.pdf"
    assert [finding.code for finding in outcome.findings if finding.code.startswith("WR")] == ["WR002"]


def test_a_run_that_is_killed_while_it_writes_leaves_the_old_one_whole(tmp_path, monkeypatch):
    Printer(**TWO).run(tmp_path)
    before = (tmp_path / PRINT_ALL).read_bytes()

    def full(*_):
        raise OSError(5, "Input/output error")

    monkeypatch.setattr("toolkit.pdf.printing.PrintFile.finish", full)
    with pytest.raises(Exception, match="cannot be written any more"):
        Printer(a={"plan": "other"}).run(tmp_path)
    monkeypatch.undo()
    assert (tmp_path / PRINT_ALL).read_bytes() == before
    assert not list(tmp_path.glob(".plankit.tmp*"))
    Printer(a={"plan": "other"}).run(tmp_path)
    assert "other" in " ".join(pages(tmp_path))


def test_one_that_cannot_be_replaced_is_told(tmp_path, monkeypatch):
    Printer(**TWO).run(tmp_path)

    def locked(*_, **__):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("toolkit.batch.folder.Folder.put_written", wrapped(locked))
    outcome = Printer(a={"plan": "other"}).run(tmp_path)
    assert "print-all.pdf could not be replaced by the new one" in " ".join(one.text for one in outcome.findings)


def wrapped(function):
    from toolkit.batch.folder import NotWrittenError

    def call(*arguments, **options):
        try:
            return function(*arguments, **options)
        except OSError as error:
            raise NotWrittenError(error) from error

    return call


def test_files_of_earlier_runs_are_said_not_to_be_in_it(tmp_path):
    Printer(**TWO).run(tmp_path)
    Printer(c={"plan": "four"}).run(tmp_path)
    assert "4 files of earlier runs in the same folder: not in this file." in pages(tmp_path)[0]
    assert "1 document, 3 pages." in pages(tmp_path)[0]


def test_a_client_whose_id_no_face_can_draw_is_named_by_the_folder(tmp_path):
    Printer(**{"李-1": {"plan": "one"}}).run(tmp_path)
    (folder,) = [path.name for path in tmp_path.iterdir() if path.is_dir()]
    assert f"{folder} Plan 3 3" in pages(tmp_path)[0]
    assert pypdf.PdfReader(io.BytesIO((tmp_path / PRINT_ALL).read_bytes())).outline[1].title == f"{folder} · Plan"
