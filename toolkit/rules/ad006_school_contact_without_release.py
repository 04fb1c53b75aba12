"""The school is contacted, and no release for it is named.

Why it matters: what a clinic tells a school, and a school a clinic, needs a signed release that says with whom and
    about what.
Example:
    pack = "adolescent"
    [school]
    coordination = "Weekly call with the counselor, Ms. Lee, on absences and the exit pass."
Use instead:
    [school]
    coordination = "Release of 05/04/2026 for the counselor, Ms. Lee: absences and the exit pass; weekly call."
Source: ED and HHS guidance on FERPA and HIPAA 2019; California School-Based Health Alliance
Level: warning
Documents: treatment_plan
"""

import re

_ALLOWED = re.compile(r"releas|\broi\b|consent|authoriz|permission|permit|agreement|signed|court order", re.I)
_NO_CONTACT = re.compile(
    r"\bno(?:ne)?\b[^.;]{0,30}\b(?:contact|school|teachers?|coordination|calls?)\b|^\W*none\b"
    r"|\b(?:does|do|did) not want\b|\bdeclin|\brefus|\bhome[- ]?school|\b(?:left|finished|graduated)\b"
    r"|\bnot (?:in|at|enrolled|contacted|informed|told|needed|planned|wanted|involved|asked)\b",
    re.I,
)


def check(school):
    said = school.coordination
    if not _ALLOWED.search(said) and not _NO_CONTACT.search(said):
        yield "coordination", "names no release. Say with whom the clinic may speak, under which release, about what."
