"""Findings and outcomes in words: text and a page for people, JSON for programs, SARIF without answers, report.xlsx.

Text, page, JSON and report.xlsx show values (what was typed, what was meant); SARIF never does. What needs openpyxl
(`sheets`, `to_fix`, `layout`) and the page (`html`) are not imported here: ``plankit check`` starts without them.
"""

from toolkit.report.outcome import Change, Outcome, Result, Tally
from toolkit.report.programs import as_json, sarif
from toolkit.report.words import by_person, line, page, shown, text

__all__ = [
    "Change", "Outcome", "Result", "Tally", "as_json", "by_person", "line", "page", "sarif", "shown", "text",
]  # fmt: skip
