"""Is a file valid for Word and Excel? What openxml-audit says."""

from openxml_audit import OpenXmlValidator


def complaints(path):
    """Return what is wrong with the file at ``path``, one text each."""
    return [f"{error.part_uri}: {error.description}" for error in OpenXmlValidator().validate(path).errors]
