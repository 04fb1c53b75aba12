"""A Word document could not be turned into a PDF that says the same.

Why it matters: a PDF that lost a line, a character or a place to sign would be signed as if it were whole; so there is
none, and the Word document stands as it is.
Example:
    LibreOffice did not finish, left a character out, or moved a place to sign
Use instead:
    the PDF forms (--as docx,pdf), or sign the printed Word document
Source: our own
Waivable: no
"""
