"""This file ensures that TOML which cannot be read is told with its line and with what people most likely meant."""

import pytest

from toolkit import toml

MISSING = "A quote, a bracket or an equals sign is missing or too many, or something is said twice."


@pytest.mark.parametrize(
    ("text", "line", "mend"),
    [
        ("a = 1\nexpires = 1/31/2027", 2, "Write the day as 2027-01-31: year, month, day."),
        ("a = { expires = 12/1/2027 }", 1, "Write the day as 2027-12-01: year, month, day."),
        ("client_id = 0042", 1, 'Write what begins with a 0 as a text, in quotes: "0042".'),
        ("ids = [1, 007]", 1, 'Write what begins with a 0 as a text, in quotes: "007".'),
        ('a = "one\nb = 2', 1, MISSING),
        ("a = 1\na = 2\n", 2, MISSING),
        ("a = [1,\n\n", 2, MISSING),
    ],
)
def test_what_cannot_be_read_is_told_with_its_line_and_a_mend(text, line, mend):
    with pytest.raises(toml.TOMLDecodeError) as found:
        toml.loads(text)
    assert toml.unreadable(text, found.value) == (line, mend)
