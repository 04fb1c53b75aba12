"""This file ensures that what is wrong in a TOML file is told with the line on which it is written."""

import pytest

from toolkit.shelf.lines import line_of

PROFILE = '''\
# a profile of our own

title = "Acme"   # limits
limits = { review_days = 30, "plan due" = 14 }

[levels]
# SM004 is not here
SM006 = { level = "warning", why = "its own form" }

[[signers]]
role = "client"
label = """
[limits]
"""

[[signers]]
role = "guardian"
documents = [
  "treatment_plan",
  "plan_reveiw",
]
[[sections]]
name = "plan"
[sections.fields.weeks]
required = ["x"]
[sections.fields]
coordination.required = ["y"]
'''


@pytest.mark.parametrize(
    ("at", "line"),
    [
        ((), 1),
        (("nothing",), 1),
        (("title",), 3),
        (("limits",), 4),
        (("limits", "plan due"), 4),
        (("limits", "grace"), 4),
        (("levels",), 6),
        (("levels", "SM004"), 6),
        (("levels", "SM006"), 8),
        (("levels", "SM006", "level"), 8),
        (("levels", "SM006", "why"), 8),
        (("signers", 0), 10),
        (("signers", 0, "label"), 12),
        (("signers", "guardian", "role"), 17),
        (("signers", "guardian", "when"), 17),
        (("signers", 1, "documents", 1), 20),
        (("signers", 7), 10),
        (("sections", "plan", "fields", "weeks", "required", 0), 25),
        (("sections", 0, "fields", "coordination"), 27),
    ],
)
@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_a_line_is_found(at, line, ending):
    assert line_of(PROFILE.replace("\n", ending), at) == line


def test_the_line_of_one_of_thousands_is_found_at_once():
    text = "".join(f'[[waivers]]\ncode = "SM{number:03}"\n\n' for number in range(1000))
    assert line_of(text, ("waivers", 700, "code")) == 2102
