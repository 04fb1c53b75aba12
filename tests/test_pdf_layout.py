"""This file ensures that lines break where people break them, and that nothing is lost between two lines."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from toolkit.pdf.fonts import Faces
from toolkit.pdf.layout import PADDING, lay, lay_line

FACE = Faces().regular
SIZE = 10


def lines(text, width, height=1000):
    laid = lay(text, FACE, (width, height), SIZE, SIZE)
    assert laid.at is None
    return [text[line.start : line.end] for line in laid.lines]


def room(text):
    """Return the width of a box that ``text`` just fits."""
    return FACE.width(text) * SIZE / 1000 + 2 * PADDING + 0.001


@pytest.mark.parametrize(
    ("text", "widest", "expected"),
    [
        ("one two three", "one two", ["one two ", "three"]),
        ("one two ", "one two", ["one two "]),
        ("one  two", "one", ["one  ", "two"]),
        ("one\n\ntwo\n", "one two", ["one", "", "two", ""]),
        ("abcdefgh ij", "abcd", ["abcd", "efgh ", "ij"]),
        ("abc-defghi jk", "abc-de", ["abc-", "defghi ", "jk"]),
        ("-abcdefg", "-abcde", ["-abcde", "fg"]),
        ("ab-cd/efgh", "ab-cd/e", ["ab-cd/", "efgh"]),
        ("a\u00a0b c", "a\u00a0b", ["a\u00a0b ", "c"]),
        ("one\ttwo", "one", ["one\t", "two"]),
    ],
)
def test_lines_break_at_spaces_and_long_words_where_they_must(text, widest, expected):
    assert lines(text, room(widest)) == expected


WORDS = st.text(st.sampled_from("ab ij\n\t-/—ễЖW\u2009\u200b"), max_size=120)


@settings(max_examples=300, deadline=None)
@given(WORDS, st.integers(40, 300))
def test_all_characters_stand_in_some_line_and_no_line_is_too_wide(text, width):
    laid = lay(text, FACE, (width, 10_000), SIZE, SIZE)
    assert laid.at is None
    drawn = "".join(text[line.start : line.end] + ("\n" if line.last else "") for line in laid.lines)
    assert drawn == text + "\n"
    limit = (width - 2 * PADDING) * 1000 / SIZE
    assert all(FACE.width(text[line.start : line.end].rstrip(" \t\u2009\u200b")) <= limit for line in laid.lines)


@settings(max_examples=200, deadline=None)
@given(WORDS, st.integers(40, 300), st.integers(12, 90))
def test_what_was_laid_out_with_a_note_fits_when_the_note_is_set(text, width, height):
    note = "… continued on page 999"
    laid = lay(text, FACE, (width, height), 9.5, 7.5, note)
    if laid.at is not None and laid.lines:
        begun = text[: laid.at].removesuffix("\n")
        again = lay(f"{begun}\n… continued on page 9", FACE, (width, height), 9.5, 7.5)
        assert again.at is None


@settings(max_examples=200, deadline=None)
@given(st.text(st.sampled_from("ab ijWễЖ"), max_size=60), st.integers(30, 200))
def test_a_line_is_whole_or_its_beginning_leaves_room_for_the_note(text, width):
    laid = lay_line(text, FACE, width, 9.5, 7.5, "… p. 999")
    if laid.at is None:
        assert FACE.width(text) * laid.size / 1000 <= width - 2 * PADDING + 0.001
    elif laid.at:
        assert FACE.width(text[: laid.at] + "… p. 999") * 7.5 / 1000 <= width - 2 * PADDING + 0.001
