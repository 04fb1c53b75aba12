"""A file of the folder cannot be read.

Why it matters: no document can be made of it; those of the other files in the folder are made without it.
Example:
    # a workbook of the folder that was cut off while it was copied
    [[facts]]
    kind = "unreadable_file"
    file = 2
    fault = "this file is damaged or was cut off on its way. Copy or download it again, and try again."
Use instead:
    # the whole workbook, copied once more
    facts = []
Source: our own
Waivable: no
"""


def check(unreadable_file):
    yield "", unreadable_file.fault
