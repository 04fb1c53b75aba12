"""This file ensures that a form of a document that cannot be made is told, holds no other, and leaves no old one."""

import pytest
from msgspec.structs import replace
from test_print_all import Printer, pages

from toolkit.errors import RenderError
from toolkit.model import Finding

FAULT = Finding("PF004", "error", "a character has no glyph.", record="a")


class Lacking(Printer):
    """A clinic in which the PDF of some clients cannot be made."""

    def run(self, out, lacking=(), **options):
        self.lacking = lacking
        return super().run(out, **options)

    def prove(self, case, data):
        pdf = data.startswith(b"%PDF")
        return (replace(FAULT, record=case.record.id),) if pdf and case.record.id in self.lacking else ()


def names(out):
    return {path.relative_to(out).as_posix() for path in out.rglob("*.*")} - {"report.xlsx", "manifest.json"}


BOTH = {"a": {"plan": "one"}, "b": {"plan": "two"}}


def test_what_one_form_lacks_leaves_the_other_ready_to_sign(tmp_path):
    for change in ("made", "unchanged"):
        outcome = Lacking(**BOTH).run(tmp_path, lacking=("a",))
        first, second = outcome.results
        assert (first.status, first.change, first.path, first.lacking) == ("ready", change, "a/plan.docx", ("pdf",))
        assert [finding.code for finding in first.findings] == ["PF004"] and second.lacking == ()
        assert outcome.holds and not outcome.held and [one.code for one in outcome.findings] == ["PF004"]
        assert names(tmp_path) == {"a/plan.docx", "b/plan.docx", "b/plan.pdf", "print-all.pdf"}
        assert "a Z.Q. Plan a/plan.docx" in pages(tmp_path)[0] and "one" not in " ".join(pages(tmp_path)[1:])
        assert "  not as PDF: 1 of those that are ready, for the reason given above" in outcome.summary().splitlines()


def test_alone_it_holds_the_document(tmp_path):
    outcome = Lacking(**BOTH).run(tmp_path, forms=("pdf",), lacking=("a",))
    assert [one.status for one in outcome.results] == ["draft", "ready"] and outcome.results[0].lacking == ()


def test_an_earlier_pdf_of_it_does_not_stay(tmp_path):
    Lacking(**BOTH).run(tmp_path)
    Lacking(**{**BOTH, "a": {"plan": "one more"}}).run(tmp_path, lacking=("a",))
    assert "a/plan.pdf" not in names(tmp_path) and "superseded/a/plan.pdf" in names(tmp_path)


def test_a_pdf_that_is_open_elsewhere_is_told_and_not_printed_as_it_was(tmp_path, monkeypatch):
    from toolkit.batch.folder import Folder, NotWrittenError

    Lacking(**BOTH).run(tmp_path)
    put = Folder.put

    def locked(folder, client, name, data, **options):
        if (client, name) == ("a", "plan.pdf"):
            raise NotWrittenError(PermissionError(13, "in use"))
        return put(folder, client, name, data, **options)

    monkeypatch.setattr(Folder, "put", locked)
    outcome = Lacking(**{**BOTH, "a": {"plan": "one more"}}).run(tmp_path)
    assert [one.code for one in outcome.findings] == ["WR001"] and outcome.results[0].path == "a/plan.docx"
    assert (tmp_path / "a/plan.docx").read_text() == "one more" and (tmp_path / "a/plan.pdf").exists()
    assert "one" not in " ".join(pages(tmp_path)[1:]) and "a Z.Q. Plan a/plan.docx" in pages(tmp_path)[0]


def test_a_draft_is_made_only_of_what_no_form_could_be_made_of(tmp_path):
    Lacking(**BOTH).run(tmp_path, lacking=("a",), draft=True)
    assert not [name for name in names(tmp_path) if "DRAFT" in name]
    Lacking(**BOTH).run(tmp_path, forms=("pdf",), lacking=("a",), draft=True)
    assert "a/plan-DRAFT.pdf" in names(tmp_path)


@pytest.mark.parametrize("error", [RenderError("nine must sign."), KeyError("x")])
def test_a_fault_of_one_form_leaves_the_other(tmp_path, error):
    class Failing(Lacking):
        def sheet(self, case, draft):
            made = super().sheet(case, draft)

            def render():
                raise error

            return replace(made, render=render) if case.record.id == "a" else made

    outcome = Failing(**BOTH).run(tmp_path)
    assert names(tmp_path) == {"a/plan.docx", "b/plan.docx", "b/plan.pdf", "print-all.pdf"} and outcome.holds


def test_a_population_without_a_form_has_its_word_file(tmp_path):
    class Formless(Lacking):
        def sheet(self, case, draft):
            return None if case.record.id == "a" else super().sheet(case, draft)

    outcome = Formless(**BOTH).run(tmp_path)
    assert [(one.code, one.text[:20]) for one in outcome.findings] == [("TP001", "there is no PDF form")]
    assert "a/plan.docx" in names(tmp_path)
