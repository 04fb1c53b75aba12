"""What the batch itself has to tell: a file that is open, one that someone changed, a template that is not there."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct, field

from toolkit.model import Finding, Level, Place

_NOTES: Mapping[str, tuple[str, Level, str]] = {
    "no template": (
        "TP001",
        "error",
        "there is no template of this document for these populations yet. Put one on your shelf, or correct the birth "
        "date or the yes and no on the sheet Clients.",
    ),
    "no form": (
        "TP001",
        "error",
        "there is no PDF form of this document for these populations yet. Put one on your shelf, or make this document "
        "in Word.",
    ),
    "not printed": ("TP002", "error", "{reason}"),
    "open": ("WR001", "error", "the file is open in another program, so it was not replaced. Close it and run again."),
    "not written": ("WR001", "error", "the file could not be written: {reason}. Mend that and run again."),
    "not moved": (
        "WR001",
        "warning",
        "an earlier file, {file}, no longer holds but could not be moved away: {reason}. Close it and run again.",
    ),
    "kept": (
        "WR002",
        "warning",
        "{file} was changed by someone after it was made, so it stays as it is. "
        "To have it as it was made, move it away and run again.",
    ),
    "beside": (
        "WR002",
        "warning",
        "a {plain} is there that someone changed or put there, so it was not touched and this one is called {file}. "
        "Compare the two, then move the wrong one away.",
    ),
    "stays": (
        "WR002",
        "warning",
        "an earlier file, {file}, no longer holds, but someone changed it after it was made, so it stays where it is. "
        "Move it away if it must not be used.",
    ),
    "blocked": (
        "WR003",
        "error",
        "where the client’s folder should be there is a file, or a link to another place, so nothing was written. "
        "Move it away and run again.",
    ),
    "unexpected": (
        "WR004",
        "error",
        "the program met something that it did not expect ({reason}), so nothing was made of it. Please report this.",
    ),
    "twice": (
        "WR005",
        "error",
        "another client before this one has the same client id, so nothing was made of it. "
        "Give each client an id of their own.",
    ),
    "same day": (
        "WR005",
        "error",
        "another one of the same day was made before this one, so nothing was made of it. Give each a date of its own.",
    ),
    "not refreshed": (
        "WR001",
        "warning",
        "{plain} could not be replaced by the new one: {reason}. Close it and run again.",
    ),
    "no pdf": (
        "PF006",
        "error",
        "LibreOffice made no PDF of {file}, tried twice. Open the file in LibreOffice to see why, and run again.",
    ),
    "other pdf": (
        "PF006",
        "error",
        "the PDF that LibreOffice made of {file} does not say all that the Word document says, so it was not kept. "
        "Make the PDF without LibreOffice, or print the Word document.",
    ),
    "pdf without glyphs": (
        "PF006",
        "error",
        "no typeface on this computer has the characters {characters} of {file}, so its PDF was not kept. Install one "
        "that has them for all programs, and run again.",
    ),
    "pdf without places": (
        "PF006",
        "error",
        "the PDF of {file} has no place for everybody who signs, so it was not kept. In the template print each "
        "sign(…) in a line of its own.",
    ),
    "not printed with others": (
        "WR007",
        "warning",
        "{file} was changed in a way that print-all.pdf cannot show as it is. Open it and print it by itself.",
    ),
    "no client": (
        "WV007",
        "warning",
        "no client of this input has the id of this waiver, so it accepts nothing. Correct the id, or take it out.",
    ),
    "damaged": (
        "WR006",
        "warning",
        "manifest.json in the output folder could not be read whole, so files that it did not name were left alone. "
        "The damaged one is in the folder superseded.",
    ),
}


class About(Struct, frozen=True):
    """Whom, and which document, a note is about; nothing where it is about the whole run."""

    record: str = ""
    initials: str = ""
    place: Place = field(default_factory=Place)
    document: str = ""
    title: str = ""


NOBODY = About()


def note(name: str, about: About = NOBODY, show: Mapping[str, str] | None = None, **words: str) -> Finding:
    """Return the finding called ``name``; ``words`` fill its text and are never values (a reason, a file's name)."""
    code, level, text = _NOTES[name]
    return Finding(
        code=code,
        level=level,
        text=text.format(**words),
        place=about.place,
        record=about.record,
        initials=about.initials,
        subject=about.title,
        show=show or {},
        documents=(about.document,) if about.document else (),
    )
