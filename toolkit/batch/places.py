"""What an audit sheet lists, and where in the document it is: the heading, and the page of a PDF that is made, too."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from toolkit import derive
from toolkit.audit import SIGNERS, lists_requirements, with_requirements
from toolkit.errors import ToolkitError
from toolkit.model import Case
from toolkit.shelf import Shelf

if TYPE_CHECKING:
    from toolkit.batch.pdf_press import PdfPress

_SIGNATURES = "signatures"
"""The block, and the fields, of the places to sign."""
_TOP = "Top of the first page"


class Places:
    """Gives an audit sheet the requirements of its document, each with its place in that.

    Pages are those of the PDF form that ``press`` makes; without it, and in Word, there are headings only.
    """

    def __init__(self, shelf: Shelf, payer: str, press: PdfPress | None = None) -> None:
        self._shelf, self._levels, self._press = shelf, shelf.payer(payer).levels, press
        self._headings: dict[tuple[tuple[str, ...], str], Mapping[str, str]] = {}

    def shown(self, case: Case) -> Case:
        """Return ``case``; of an audit sheet, with what it lists."""
        if not lists_requirements(case):
            return case
        where: Callable[[str], str] = partial(_where, case=case, headings=self._of(case), pages=self._pages(case))
        return with_requirements(case, self._shelf.rules, self._levels, where)

    def _of(self, case: Case) -> Mapping[str, str]:
        key = case.definitions.populations, case.wanted.document.main
        if key not in self._headings:
            self._headings[key] = self._shelf.headings(*key)
        return self._headings[key]

    def _pages(self, case: Case) -> Mapping[str, int]:
        """Return the page of each path of the document, none where there is no PDF of it."""
        definitions = case.definitions
        document = definitions.documents[case.wanted.document.main]
        signers = derive.signers(case.record, definitions, document)
        main = replace(case, wanted=replace(case.wanted, document=document), signers=signers)
        if self._press is None or case.status != "ready" or not self._press.fits(main):
            return {}
        try:
            return self._press.pages(main)
        except ToolkitError:  # what is wrong with the document is told with it
            return {}


def _where(path: str, case: Case, headings: Mapping[str, str], pages: Mapping[str, int]) -> str:
    """Return under which heading, and on which page, the answer at ``path`` stands."""
    if not path:
        return ""
    section = case.definitions.sections.get(path.partition(".")[0])
    if path == SIGNERS or (section is not None and section.scope == "workbook" and section.repeats):
        names: tuple[str, ...] = (_SIGNATURES,)
    else:
        names = path, path.partition(".")[0]
    heading = next((headings[name] for name in names if name in headings), section.title if section else "")
    page = next((pages[name] for name in names if name in pages), 0)
    return f"{heading or _TOP}{f', page {page}' if page else ''}"
