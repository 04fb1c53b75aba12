"""Is a file valid for Word and Excel? What openxml-audit says, less what is written down here with its reason."""

from openxml_audit import OpenXmlValidator

ALLOWED = (
    ("inline-string", "openpyxl writes a text into its cell; Excel reads it and moves it to its own table on saving"),
)
"""Complaints that are no fault of the file: (a part of the complaint, why it stands)."""


def complaints(path):
    """Return what is wrong with the file at ``path``, one text each."""
    found = [f"{error.part_uri}: {error.description}" for error in OpenXmlValidator().validate(path).errors]
    return [text for text in found if not any(part in text for part, _ in ALLOWED)]
