"""The disability is named without a score and without a date.

Why it matters: how severe a disability is rests on adaptive functioning that somebody measured, once; without measure
    and date it is a label.
Example:
    pack = "idd"
    [idd]
    adaptive_basis = "Client has a mild intellectual disability."
Use instead:
    [idd]
    adaptive_basis = "Mild intellectual disability, Dr. Lund 2014; ABAS-3 of 66 on 03/12/2024."
Source: NADD
Level: warning
Documents: treatment_plan
"""

import re

_NUMBER = re.compile(r"(?<![\w-])\d{2,}")  # not that of a name (ABAS-3)


def check(idd):
    if not _NUMBER.search(idd.adaptive_basis):
        yield "adaptive_basis", "has neither a score nor a date. Add who measured it, with what, when, and the result."
