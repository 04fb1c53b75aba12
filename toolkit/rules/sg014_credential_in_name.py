"""A staff member's name ends in the credential that stands beside it.

Why it matters: the signature line prints name and credential, so it would stand there twice.
Example:
    [[staff]]
    staff_id = "JR"
    name = "Jamie Rivera, LCSW"
    credential = "LCSW"
Use instead:
    [[staff]]
    staff_id = "JR"
    name = "Jamie Rivera"
Source: our own
Level: warning
"""

import re


def check(staff_member):
    name, credential = (re.sub(r"[.\s]+", " ", text).strip() for text in (staff_member.name, staff_member.credential))
    if re.search(rf"[\s,]{re.escape(credential)}$", name, re.IGNORECASE):
        yield "name", "ends in {credential}, which is printed beside it. Leave it out of the name."
