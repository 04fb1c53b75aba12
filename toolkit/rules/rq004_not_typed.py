"""Documents state something that nobody typed, because the question is blank.

Why it matters: who signs the document vouches for it: under which code the assessment was billed, when a baseline was
taken, how often it is measured again. Where something else is true, it is typed;
where the workbook has no such column, one is added with the label as its heading.
Example:
    [assessment]
    service_code = ""
Use instead:
    [assessment]
    service_code = "90791"
Source: our own
Level: info
"""
