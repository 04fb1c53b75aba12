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


def check(staff_member):
    name, credential = _bare(staff_member.name), _bare(staff_member.credential)
    if name.endswith((f" {credential}", f",{credential}")):
        yield "name", "ends in {credential}, which is printed beside it. Leave it out of the name."


def _bare(text):
    return " ".join(text.replace(".", " ").split()).casefold()
